"""The value of information obeys its laws: order and scale carry no meaning, and it lies between nothing and everything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.arrays import Floats
from vetopoint.chain.information import Value, value_of_information
from vetopoint.chain.legendre import basis
from vetopoint.chain.numbers import tied_inputs
from vetopoint.game.decision import OptionsWorth

DRAWS, NAMES = 2000, ["a", "b", "c", "d"]


def made(seed: int, sets: int = 2) -> tuple[OptionsWorth, Floats]:
    """Three options in a few places, whose worth hangs on three of four inputs; and the polynomials of all four."""
    rng = np.random.default_rng(seed)
    u = rng.random((DRAWS, 4))
    reach = 0.2 + 0.6 * rng.random(sets) * u[:, 3:]
    worth = np.zeros((DRAWS, sets, 3))
    for h in range(sets):
        slopes = rng.normal(size=(2, 3))
        worth[:, h, 1:] = (u[:, :3] - 0.5) @ slopes.T + 0.05 * rng.normal(size=2)
    return OptionsWorth(worth * reach[:, :, None], reach), np.stack([basis(column, 4) for column in u.T])


def numbers(value: Value) -> Floats:
    """All that is told, inputs and groups by name."""
    known = [value.everything, *(value.inputs[n] for n in NAMES), *(value.groups[g] for g in sorted(value.groups))]
    return np.array([k.value for k in known])


GROUPS = {"two": ["a", "b"], "all": NAMES}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_an_order_of_draws_inputs_and_options_carries_no_meaning(seed: int) -> None:
    options, columns = made(seed)
    found = numbers(value_of_information(options, NAMES, columns, GROUPS))
    assert found[0] > 0.0
    rng = np.random.default_rng(seed)
    rows, order, swap = rng.permutation(DRAWS), rng.permutation(4), rng.permutation(3)
    mixed = OptionsWorth(options.worth[rows], options.reach[rows])
    told = numbers(value_of_information(mixed, NAMES, columns[:, rows], GROUPS))
    # Whether a small gain can be told from nothing is judged by the spread of sets of draws, which other rows make up; else all is alike.
    both = (told > 0.0) & (found > 0.0)
    assert both[[0, -2]].all()
    assert np.allclose(told[both], found[both], rtol=1e-9)
    named = [NAMES[i] for i in order]
    assert np.allclose(numbers(value_of_information(options, named, columns[order], GROUPS)), found, rtol=1e-9)
    turned = replace(options, worth=options.worth[:, :, swap])
    assert np.allclose(numbers(value_of_information(turned, NAMES, columns, GROUPS)), found, rtol=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(1e-3, 1e3), st.floats(-50.0, 50.0))
def test_it_scales_with_the_payoff_and_does_not_see_what_all_options_share(
    seed: int, scale: float, shift: float
) -> None:
    options, columns = made(seed)
    other = replace(options, worth=scale * (options.worth + shift * options.reach[:, :, None]))
    one, two = (value_of_information(o, NAMES, columns, GROUPS) for o in (options, other))
    assert np.allclose(numbers(two), scale * numbers(one), rtol=1e-6, atol=1e-9 * scale)
    assert np.allclose(two.worth, scale * (one.worth + shift), rtol=1e-6, atol=1e-6 * scale)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 4))
def test_it_lies_between_nothing_and_everything_and_a_group_is_worth_no_less_than_its_members(
    seed: int, sets: int
) -> None:
    options, columns = made(seed, sets)
    found = value_of_information(options, NAMES, columns, GROUPS)
    values = numbers(found)
    assert (values >= 0.0).all()
    assert (values <= found.everything.value).all()
    assert found.groups["two"].value >= max(found.inputs["a"].value, found.inputs["b"].value)
    assert found.best.sum() == pytest.approx(1.0)
    assert found.chosen.sum() == pytest.approx(1.0)


def test_nothing_is_worth_knowing_where_one_option_is_the_best_in_all_draws() -> None:
    options, columns = made(1)
    ahead = replace(options, worth=options.worth + np.array([0.0, 0.0, 9.0]) * options.reach[:, :, None])
    found = value_of_information(ahead, NAMES, columns, GROUPS)
    assert (numbers(found) == 0.0).all()
    assert found.best == pytest.approx([0.0, 0.0, 1.0])
    assert found.chosen == pytest.approx([0.0, 0.0, 1.0])


def test_what_is_seen_before_the_decision_is_not_worth_asking() -> None:
    """An input that was shown by what was done so far: the best option differs between two places, but never within one."""
    u = (np.arange(DRAWS) + 0.5) / DRAWS
    high = np.stack([u >= 0.5, u < 0.5], axis=1).astype(np.float64)
    worth = np.zeros((DRAWS, 2, 2))
    worth[:, 0, 0], worth[:, 1, 1] = high[:, 0], high[:, 1]
    found = value_of_information(OptionsWorth(worth, high), ["u"], basis(u, 4)[None])
    assert found.everything.value == 0.0
    assert found.chosen.tolist() == [0.5, 0.5]
    hidden = OptionsWorth(worth.sum(axis=1, keepdims=True), high.sum(axis=1, keepdims=True))
    assert value_of_information(hidden, ["u"], basis(u, 4)[None]).inputs["u"].value == pytest.approx(0.5, abs=0.01)


def test_inputs_hang_together_however_indirectly() -> None:
    found = tied_inputs([("a", "b"), ("c", "d"), ("b", "c"), ("x", "y")])
    assert found["a"] == found["d"] == frozenset("abcd")
    assert found["x"] == frozenset("xy")


def test_without_inputs_everything_may_be_worth_something_and_nothing_can_be_asked() -> None:
    options, _ = made(1)
    found = value_of_information(options, [], np.empty((0, DRAWS, 4)), {"none": ["gone"]})
    assert found.everything.value > 0.0
    assert (dict(found.inputs), found.groups["none"].value) == ({}, 0.0)


@pytest.mark.parametrize("draws", [1, 2, 8, 60])
def test_few_draws_are_no_error(draws: int) -> None:
    options, columns = made(1)
    few = OptionsWorth(options.worth[:draws], options.reach[:draws])
    found = value_of_information(few, NAMES, columns[:, :draws], GROUPS)
    assert np.isfinite(numbers(found)).all()
