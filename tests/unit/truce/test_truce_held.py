"""The truce at any month: one look-up, between whole months by straight line, in the table and through the whole chain."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from truce_cases import TEXT, make_case, make_draws

from vetopoint.chain.frame import frame_of
from vetopoint.chain.world import build_world
from vetopoint.truce.hazard import further, held

falls = arrays(np.float64, st.tuples(st.integers(1, 3), st.integers(1, 15)), elements=st.floats(0, 1)).map(
    lambda a: np.sort(a, axis=1)[:, ::-1]
)
months = st.floats(0, 16)


@given(falls, months)
def test_between_two_months_lies_between_their_values(table, month):
    last = table.shape[1] - 1
    low, high = min(int(np.floor(month)), last), min(int(np.ceil(month)), last)
    found = held(table, month)
    assert found.shape == table.shape[:1]
    assert np.all(found <= table[:, low] + 1e-15)
    assert np.all(found >= table[:, high] - 1e-15)


@given(falls, months, months)
def test_a_later_month_is_no_likelier_and_a_near_one_is_near(table, one, other):
    early, late = min(one, other), max(one, other)
    lost = held(table, early) - held(table, late)
    assert np.all(lost >= -1e-15)
    steepest = (table[:, :-1] - table[:, 1:]).max(axis=1, initial=0.0)
    assert np.all(lost <= steepest * (late - early) + 1e-12)


@given(falls)
def test_whole_months_are_the_table_and_beyond_it_the_last_stands(table):
    last = table.shape[1] - 1
    for month in range(last + 1):
        np.testing.assert_array_equal(held(table, month), table[:, month])
        np.testing.assert_array_equal(held(table, float(month)), table[:, month])
    for beyond in (last + 0.5, last + 7.0, np.inf):
        np.testing.assert_array_equal(held(table, beyond), table[:, last])
    np.testing.assert_array_equal(held(table, -1.0), table[:, 0])


@given(falls, st.floats(0, 8), st.floats(0, 8))
def test_further_is_the_ratio_of_two_look_ups(table, month, more):
    given_so_far = held(table, month)
    expected = np.divide(
        held(table, month + more), given_so_far, out=np.zeros_like(given_so_far), where=given_so_far > 0
    )
    np.testing.assert_array_equal(further(table, month, more), expected)


def world_of(folder, text):
    case = make_case(folder, text=text)
    return build_world(frame_of(case), make_draws(case))


def test_goals_of_a_case_see_fractional_months(tmp_path):
    asked = (6, 6.5, 7, 7.5, 8, 12, 12.25, 12.5, 35, 35.5, 36, 36.5, 400)
    goals = ", ".join(f"g{i}: truce_held_at({m})" for i, m in enumerate(asked))
    world = world_of(tmp_path, TEXT.replace("goals: {{sent:", f"goals: {{{{{goals}, sent:"))
    found = {month: world.goals[f"g{i}"] for i, month in enumerate(asked)}
    for low, middle, high in ((6, 6.5, 7), (7, 7.5, 8), (12, 12.25, 12.5), (35, 35.5, 36)):
        np.testing.assert_allclose(found[middle], 0.5 * (found[low] + found[high]), rtol=1e-14)
        assert np.all((found[low] > found[middle]) & (found[middle] > found[high]))
    np.testing.assert_array_equal(found[36.5], found[36])
    np.testing.assert_array_equal(found[400], found[36])
    assert world.tables.truce is not None
    path = world.tables.frame.paths.of_history[world.frame.game.terminal_public]
    table = world.tables.truce.survival[:, world.frame.game.terminal_combo, path]
    np.testing.assert_array_equal(found[7], table[..., 7])


def test_payoffs_of_a_case_see_fractional_months(tmp_path):
    def worth(month):
        world = world_of(tmp_path, TEXT.replace("worth: 1, when: outcome == sent", f"worth: truce_at({month})", 1))
        return world.payoffs[0][..., 0] * world.unit[0]

    six, between, seven = worth(6), worth(6.5), worth(7)
    np.testing.assert_allclose(between, 0.5 * (six + seven), rtol=1e-12)
    assert np.all((six > between) & (between > seven))
