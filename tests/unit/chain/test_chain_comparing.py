"""Two cases on common random numbers: signs, nothing where nothing differs, shares that add up, and a closed form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vetopoint.case import load_case
from vetopoint.chain import frame_of
from vetopoint.chain.comparing import MOST_PARTS, TOLD_APART, Between, Part, Shared, Side, matched_draws
from vetopoint.chain.figures import Key, change, figures_of
from vetopoint.pivots import shapley

CASE = """
vetopoint: 1
title: A gate
as_of: 2030-01-01
horizon_months: 12
owner: town
actors: {town: {label: The town}, lord: {label: The lord}}
quantities:
  odds: uniform(0.3, 0.9)
  gain: uniform(0.5, 1.5)
  pain: uniform(0.2, 1.5)
  scorn: uniform(0.1, 0.6)
  shame: 0.4
  spare: uniform(0, 1)
moves:
  luck: {by: chance, at: 0, options: {good: odds, bad: rest}}
  ask: {by: town, at: 1, when: luck == good, options: [ask, wait]}
  answer: {by: lord, at: 2, when: ask == ask, options: [grant, deny]}
outcomes: {built: answer == grant, denied: answer == deny, none: otherwise}
goals: {built: outcome == built, asked: ask == ask}
payoffs:
  town: {unit: [none, built], gain: {worth: gain, when: outcome == built}, shame: {worth: -shame, when: answer == deny}}
  lord: {unit: [built, none], pain: {worth: -pain, when: outcome == built}, anger: {worth: -scorn, when: answer == deny}}
precision: {town: "uniform(2, 5)", lord: 4}
"""

LOTTERY = """
vetopoint: 1
title: Two lots
as_of: 2030-01-01
horizon_months: 12
owner: town
actors: {town: {label: The town}}
quantities: {first: 0.2, second: 0.5}
moves:
  one: {by: chance, at: 0, options: {won: first, lost: rest}}
  two: {by: chance, at: 1, options: {won: second, lost: rest}}
  drink: {by: town, at: 2, options: [wine, water]}
outcomes: {both: one == won and two == won, otherwise: otherwise}
goals: {both: outcome == both}
payoffs: {town: {unit: [both, otherwise], joy: {worth: 1, when: outcome == both}, wine: {worth: 0.2, when: drink == wine}}}
precision: {town: 3}
"""

Make = Callable[..., Side]
GOALS: list[Key] = [("goal", "built"), ("goal", "asked")]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """A side from a text of a case, with some pieces of it replaced, and some numbers."""

    def build(text: str = CASE, swapped: dict[str, str] | None = None, twin: bool = False, **numbers: str) -> Side:
        for old, new in (swapped or {}).items():
            assert old in text
            text = text.replace(old, new)
        path: Path = tmp_path_factory.mktemp("case") / "case.yaml"
        path.write_text(text, encoding="utf-8")
        case = load_case(path)
        base = frame_of(case)
        return Side(base if not numbers else frame_of(case.with_values(numbers), base=case), twin)

    return build


def differences(between: Between) -> dict[Key, tuple[float, float]]:
    first, second = (figures_of(world) for world in between.ends)
    found = {key: change(first[key], second[key]) for key in first if key in second}
    return {key: pair for key, pair in found.items() if pair is not None}


def shared(between: Between, wanted: list[Key], each: bool = False, orders: int = 8) -> Shared:
    return between.shared(wanted, lambda share: None, each, orders)


def test_a_case_and_itself_differ_by_exactly_nothing(make: Make) -> None:
    between = Between(make(), make(), 600, 1)
    found = differences(between)
    assert len(found) == 5
    assert set(found.values()) == {(0.0, 0.0)}
    assert between.parts == ()
    assert between.findings[0].vetoes.keys() == between.findings[1].vetoes.keys() != set()


@given(
    gain=st.floats(0.2, 3.0),
    pain=st.floats(0.2, 3.0),
    changed=st.sets(st.sampled_from(["gain", "pain", "odds", "precision.town"]), min_size=1),
    twin=st.booleans(),
)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_comes_first_turns_the_signs_and_the_shares_add_up(
    make: Make, gain: float, pain: float, changed: set[str], twin: bool
) -> None:
    values = {
        "gain": f"{gain:.3f}",
        "pain": f"uniform({pain:.3f}, 4)",
        "odds": "uniform(0.1, 0.5)",
        "precision.town": "7",
    }
    other = make(twin=twin, **{name: values[name] for name in changed})
    there, back = Between(make(), other, 300, 3), Between(other, make(), 300, 3)
    forth, reverse = differences(there), differences(back)
    assert {key: -value for key, (value, _) in reverse.items()} == {key: value for key, (value, _) in forth.items()}
    for wanted in GOALS:
        assert forth[wanted][1] == pytest.approx(reverse[wanted][1], rel=1e-9)
    one, two = shared(there, GOALS), shared(back, GOALS)
    assert {part.name for part in one.parts if part.kind == "number"} == changed
    assert {part.kind for part in one.parts} == ({"number", "payoffs", "odds"} if twin else {"number"})
    assert one.parts == two.parts
    for wanted in GOALS:
        assert one.shares[wanted].sum() == pytest.approx(forth[wanted][0], abs=1e-12)
        np.testing.assert_allclose(one.shares[wanted], -two.shares[wanted], atol=1e-12)
        np.testing.assert_allclose(one.errors[wanted], two.errors[wanted], atol=1e-12)


def test_shares_of_a_product_are_those_of_its_closed_form(make: Make) -> None:
    """P(both) = p q; from (p, q) to (p', q') the shares are (p' − p)(q + q')/2 and (q' − q)(p + p')/2 (Shapley 1953)."""
    between = Between(make(LOTTERY), make(LOTTERY, first="0.6", second="0.9"), 16, 1)
    found = shared(between, [("goal", "both")])
    assert dict(zip([p.name for p in found.parts], found.shares["goal", "both"], strict=True)) == pytest.approx(
        {"first": 0.4 * 1.4 / 2, "second": 0.4 * 0.8 / 2}
    )
    assert differences(between)["goal", "both"] == pytest.approx((0.6 * 0.9 - 0.2 * 0.5, 0.0))
    np.testing.assert_allclose(found.errors["goal", "both"], 0.0, atol=1e-12)


def test_a_number_that_enters_nothing_moves_nothing(make: Make) -> None:
    between = Between(make(), make(spare="uniform(5, 9)"), 300, 1)
    assert [part.name for part in between.numbers] == ["spare"]
    assert between.idle("spare")
    assert between.parts == ()
    assert set(differences(between).values()) == {(0.0, 0.0)}


def test_a_number_that_one_goal_does_not_hang_on_has_no_share_in_it(make: Make) -> None:
    between = Between(make(), make(scorn="0.9", **{"precision.lord": "9"}), 300, 1)
    found = shared(between, [("outcome", "built")])
    assert [part.name for part in found.parts] == ["scorn", "precision.lord"]
    assert np.abs(found.shares["outcome", "built"]).min() > 1e-4
    nobody = Between(make(LOTTERY), make(LOTTERY, first="0.6", **{"precision.town": "9"}), 16, 1)
    parts = shared(nobody, [("goal", "both")])
    assert dict(zip([p.name for p in parts.parts], parts.shares["goal", "both"], strict=True)) == pytest.approx(
        {"first": 0.4 * 0.5, "precision.town": 0.0}, abs=1e-15
    )


def test_inputs_are_matched_by_name_wherever_they_stand(make: Make) -> None:
    plain, other = (
        make(),
        make(
            swapped={"quantities:\n": "quantities:\n  new: uniform(0, 1)\n", "worth: gain,": "worth: gain + 0 * new,"}
        ),
    )
    first, second = matched_draws(plain, other, 300, 1)
    common = [name for name in first.columns if name in second.columns]
    assert {"odds", "gain", "pain", "precision.town"} <= set(common)
    for name in common:
        np.testing.assert_array_equal(first[name], second[name])
    assert set(second.columns) - set(first.columns) == {"new"}


def test_the_error_of_a_difference_is_that_of_paired_draws(make: Make) -> None:
    """Over seeds the errors cover the spread; and pairing makes them far smaller than those of two runs apart."""
    plain, other = make(), make(gain="uniform(0.6, 1.6)")
    truth = differences(Between(plain, other, 40_000, 99))["goal", "built"][0]
    scores = []
    for seed in range(20):
        between = Between(plain, other, 512, seed)
        value, error = differences(between)["goal", "built"]
        scores.append((value - truth) / error)
        apart = np.hypot(*(figures_of(world)["goal", "built"].error for world in between.ends))
        assert error < 0.5 * apart
    assert 0.3 < float(np.sqrt(np.mean(np.square(scores)))) < 1.7


def test_a_case_that_is_built_otherwise_is_one_part_of_the_difference(make: Make) -> None:
    other = make(
        swapped={
            "options: [ask, wait]": "options: [ask, wait, plead]",
            "gain: uniform(0.5, 1.5)": "gain: uniform(1, 2)",
            "none: otherwise": "pleaded: ask == plead, none: otherwise",
        }
    )
    between = Between(make(), other, 300, 1)
    assert [part.kind for part in between.parts] == ["construction", "number"]
    found = shared(between, [("goal", "built")])
    assert found.shares["goal", "built"].sum() == pytest.approx(differences(between)["goal", "built"][0], abs=1e-12)
    assert ("outcome", "pleaded") not in differences(between)


def test_files_that_differ_in_labels_only_are_built_alike(make: Make) -> None:
    between = Between(make(), make(swapped={"label: The lord": "label: His lordship"}), 300, 1)
    assert between.parts == ()


def test_units_of_another_file_are_a_part_of_their_own(make: Make) -> None:
    """A number replaced keeps the units of the case as written; one that another file has sets its own."""
    text = {"gain: uniform(0.5, 1.5)": "gain: uniform(1.5, 2.5)"}
    replaced, written = (
        Between(make(), make(gain="uniform(1.5, 2.5)"), 300, 1),
        Between(make(), make(swapped=text), 300, 1),
    )
    assert [part.kind for part in replaced.parts] == ["number"]
    assert [part.kind for part in written.parts] == ["anchor", "number"]
    found = shared(written, GOALS)
    for wanted in GOALS:
        assert found.shares[wanted].sum() == pytest.approx(differences(written)[wanted][0], abs=1e-9)
        assert abs(found.shares[wanted][0]) > 1e-4


MANY = {f"n{i}": f"uniform(0.0, {0.1 + 0.05 * i:.2f})" for i in range(9)}


def many(make: Make, **numbers: str) -> Side:
    quantities = "\n".join(f"  {name}: {text}" for name, text in MANY.items())
    sums = " + ".join(MANY)
    return make(
        swapped={"  shame: 0.4": f"  shame: 0.4\n{quantities}", "worth: gain,": f"worth: gain + {sums},"}, **numbers
    )


def test_of_many_changes_the_largest_are_told_apart_and_the_rest_count_together(make: Make) -> None:
    numbers = {name: f"uniform(0.0, {0.2 + 0.3 * i:.2f})" for i, name in enumerate(MANY)}
    between = Between(many(make), many(make, **numbers), 300, 1)
    assert len(between.parts) == len(MANY) > MOST_PARTS
    found = shared(between, GOALS)
    assert len(found.parts) == TOLD_APART + 1
    assert {part.name for part in found.parts[:-1]} <= {f"n{i}" for i in range(3, 9)}
    assert found.parts[-1].kind == "rest"
    assert found.orders == 0
    expected = differences(between)
    each = shared(between, GOALS, each=True, orders=6)
    assert (each.orders, len(each.parts)) == (6, len(MANY))
    for wanted in GOALS:
        assert found.shares[wanted].sum() == pytest.approx(expected[wanted][0], abs=1e-12)
        assert each.shares[wanted].sum() == pytest.approx(expected[wanted][0], abs=1e-12)
        alone = dict(zip([part.name for part in each.parts], range(len(MANY)), strict=True))
        for part, share, error in zip(found.parts[:-1], found.shares[wanted], found.errors[wanted], strict=False):
            i = alone[part.name]
            assert each.shares[wanted][i] == pytest.approx(share, abs=4 * (each.errors[wanted][i] + error) + 1e-6)


def test_shares_are_those_of_every_set_solved_by_itself(make: Make) -> None:
    """Against a value function that builds each case in between from its file anew."""
    values = {"gain": "uniform(1, 2)", "pain": "0.4", "odds": "uniform(0.1, 0.5)"}
    between = Between(make(), make(**values), 128, 1)
    found = shared(between, [("goal", "built")])
    names = [part.name for part in found.parts]

    def value(subsets: np.ndarray) -> np.ndarray:
        rows = []
        for row in subsets:
            some = {name: values[name] for name, inside in zip(names, row, strict=True) if inside}
            alone = Between(make(**some), make(**some), 128, 1)
            rows.append(figures_of(alone.ends[0])["goal", "built"].value)
        return np.array(rows, dtype=float)

    np.testing.assert_allclose(found.shares["goal", "built"], shapley(value, 3).shares[:, 0], atol=1e-12)


def test_the_twin_of_both_is_compared_without_parts_of_the_twin(make: Make) -> None:
    between = Between(make(twin=True), make(twin=True, gain="2.5"), 200, 1)
    assert between.parts == (Part("number", "gain"),)
    assert differences(between)["goal", "built"] == (0.0, 0.0)
