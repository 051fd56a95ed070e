"""A counterexample can be set again from what is printed; robustness can fail, on every finding, within one range."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from vetopoint.answers import ChangeSection, Counterexample
from vetopoint.arrays import ratio
from vetopoint.budget import Budget
from vetopoint.case import load_case
from vetopoint.chain import Numbers, World, build_world, frame_of, sample_case
from vetopoint.chain.change import (
    _inward,
    begin_changes,
    change_section,
    counterexample,
    fewest_changes,
    goals_without_unnamed,
    leading_doubt,
)
from vetopoint.chain.flips import RANGE, conditional
from vetopoint.game.section import game_section
from vetopoint.kernel import side_by_side
from vetopoint.quantity import band, compile_inputs
from vetopoint.view.names import Names
from vetopoint.view.numbers import percent
from vetopoint.view.sentences.change import counterexample_sentence

#: Seven numbers that each move the same decision a little, so that it takes several of them; one precision that is a quantity too.
CASE = """
vetopoint: 1
title: A sale
as_of: 2030-01-01
horizon_months: 12
owner: seller
presupposes: market == open
actors: {seller: {label: The seller}, buyer: {label: The buyer}, broker: {label: The broker}}
quantities:
  a: {value: "uniform(0.05, 0.31)", label: First part}
  b: {value: "uniform(0.05, 0.33)", label: Second part}
  c: {value: "uniform(0.05, 0.35)", label: Third part}
  d: {value: "uniform(0.05, 0.37)", label: Fourth part}
  e: {value: "uniform(0.05, 0.39)", label: A part}
  f: {value: "uniform(0.05, 0.41)", label: A part}
  price: {value: "uniform(PRICE)", label: The price}
  open_market: {value: "uniform(0.2, 0.6)", label: The market opens}
  sharp: {value: "lognormal(median=6, p90=9)", label: How precisely all choose}
moves:
  market: {by: chance, options: {open: open_market, closed: rest}}
  offer: {by: seller, when: market == open, options: [propose, hold]}
  answer: {by: buyer, when: offer == propose, options: [accept, refuse]}
  deal: {by: broker, when: answer == accept, options: [seal, drop]}
outcomes: {sold: deal == seal, nothing: otherwise}
outcome_labels: {sold: The sale is made, nothing: Nothing is sold}
goals: {sold: outcome == sold}
payoffs:
  seller: {unit: [nothing, sold], gain: {worth: 1, when: outcome == sold}}
  buyer: {unit: [nothing, sold], gain: {worth: a + b + c + d + e + f - price, when: outcome == sold}}
  broker: {unit: [nothing, sold], gain: {worth: a, when: outcome == sold}}
precision: {seller: sharp, buyer: sharp, broker: sharp}
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A sale that several numbers must be moved for."""
    return made(tmp_path_factory.mktemp("flips"), "1.85, 2.05")


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A sale that one number can tip."""
    return made(tmp_path_factory.mktemp("near"), "1.2, 1.35")


def made(folder: Path, price: str) -> World:
    path = folder / "case.yaml"
    path.write_text(CASE.replace("PRICE", price), encoding="utf-8")
    frame = frame_of(load_case(path), Budget(trials=4, swings=32, twin=64, decisiveness=32, stability=8))
    return build_world(frame, sample_case(frame, 128, 1))


def numbers(world: World) -> Numbers:
    case = world.frame.case
    return Numbers(compile_inputs(case), {name: item.label for name, item in case.inputs.items()})


@pytest.fixture(scope="module")
def shown(world: World) -> Counterexample:
    goal = band(*conditional(world, "sold"))
    return counterexample(world, leading_doubt([], "sold", world.frame, goal), numbers(world), "sold")


def figure_with(world: World, settings: dict[str, float]) -> float:
    """The leading chance with some inputs set and all others at their medians: solved anew, by no code of the search."""
    held = {name: float(d.ppf(np.array([0.5]))[0]) for name, d in compile_inputs(world.frame.case).items()} | settings
    draws = world.draws.first(2)
    columns = {name: np.full(2, held[name]) for name in draws.columns}
    there = build_world(world.frame, replace(draws, columns=columns))
    share, whole = conditional(there, "sold")
    return float((share * whole).sum() / whole.sum())


def test_what_is_printed_is_enough_to_get_what_is_printed(world: World, shown: Counterexample) -> None:
    names = Names(quantities={name: item.label for name, item in world.frame.case.inputs.items()})
    words = counterexample_sentence(shown, names)
    printed = re.findall(r"“([^”]+)” at ([\d.,]+) \(median", words)
    assert len(printed) == len(shown.inputs) >= 4
    assert "every other number at its median" in words
    ids = [i.quantity for i in shown.inputs]
    assert len(set(ids)) == len(ids)
    by_label = [i.label for i in shown.inputs]
    assert [label for label, _ in printed] == by_label
    settings = dict(zip(ids, (float(value.replace(",", "")) for _, value in printed), strict=True))
    assert settings == {i.quantity: i.value for i in shown.inputs}
    figure = figure_with(world, settings)
    assert percent(figure) == percent(shown.value)
    assert f"is {percent(figure)} there" in words


def test_two_numbers_with_one_label_are_both_named(shown: Counterexample) -> None:
    assert [i.label for i in shown.inputs].count("A part") == 2


def test_each_is_needed_and_the_largest_effect_comes_first(world: World, shown: Counterexample) -> None:
    settings = {i.quantity: i.value for i in shown.inputs}
    effects = []
    for left_out in settings:
        without = figure_with(world, {n: v for n, v in settings.items() if n != left_out})
        assert without < 0.51 <= shown.value
        effects.append(shown.value - without)
    assert effects == sorted(effects, reverse=True)
    assert effects == pytest.approx([i.effect for i in shown.inputs], abs=1e-6)


def test_a_number_that_helped_first_and_is_not_needed_any_more_is_put_back(world: World) -> None:
    """The product of two at their ends is enough, a third that helps most alone is superfluous then."""
    reach = {name: float(d.ppf(np.array([RANGE[1]]))[0]) for name, d in compile_inputs(world.frame.case).items()}

    def high(other: World, name: str) -> np.ndarray:
        return (other.draws[name] >= 0.97 * reach[name]).astype(float)

    def figure(other: World) -> tuple[np.ndarray, np.ndarray]:
        both = high(other, "b") * high(other, "c")
        found = np.maximum(0.3 * high(other, "a") + 0.2 * high(other, "b") + 0.1 * high(other, "c"), 0.9 * both)
        return found, np.ones_like(found)

    changes = fewest_changes(world, numbers(world), figure, 0.8)
    assert changes.reached
    assert {i.quantity for i in changes.inputs} == {"b", "c"}
    assert changes.value == pytest.approx(0.9)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_a_rounded_end_lies_within_the_range(end: float, middle: float) -> None:
    assume(abs(end - middle) > 1e-3 and abs(end) > 1e-9)
    near = _inward(end, middle)
    low, high = sorted((end, middle))
    assert low - 1e-8 * abs(end) <= near <= high + 1e-8 * abs(end)
    assert abs(near - end) <= abs(near - middle) or abs(end - middle) < 0.2 * abs(end)


def section_of(world: World) -> ChangeSection:
    game = game_section(world.play, world.goals, world.frame.budget)
    with side_by_side() as pool:
        begun = begin_changes(world, numbers(world), pool, lambda share: None)
        return change_section(world, numbers(world), begun, game, lambda: {}, pool, lambda share: None)


@pytest.fixture(scope="module")
def section(world: World) -> ChangeSection:
    return section_of(world)


def test_precision_is_a_method_and_no_cause(world: World, section: ChangeSection) -> None:
    assert world.frame.methods == {"sharp"}  # by its use, whatever it is called
    assert {s.quantity for s in section.method_swings} == {"sharp"}
    causes = {s.quantity for s in section.swings} | {t.quantity for t in section.flips}
    causes |= {i.quantity for q in section.quantity_sets for i in q.inputs}
    assert causes
    assert "sharp" not in causes


def test_flips_are_tried_on_the_chance_the_outcome_and_the_key_within_one_range(
    world: World, section: ChangeSection
) -> None:
    assert {t.kind for t in section.flips} >= {"goal", "outcome", "key"}
    for t in section.flips:
        low, high = compile_inputs(world.frame.case)[t.quantity].ppf(np.array(RANGE))
        assert (t.low, t.high) == pytest.approx((low, high))
        assert (t.value is None) == bool(t.note)
        assert t.value is None or t.low <= t.value <= t.high


def test_the_chance_is_given_what_is_presupposed(world: World, section: ChangeSection) -> None:
    """How likely the market opens moves the overall chance by a factor of three, and the conditional one not at all."""
    market = next(s for s in section.swings if s.quantity == "open_market")
    assert abs(market.swing) < 1e-9
    share, whole = conditional(world, "sold")
    few = slice(world.frame.budget.swings)
    wanted = float(ratio((share[few] * whole[few]).sum(), whole[few].sum()))
    assert min(market.at_low, market.at_high) == pytest.approx(wanted, abs=0.1)


def test_a_likeliest_outcome_flips_where_it_does(near: World) -> None:
    """An outcome that is near one half is overturned by a number, and setting that number shows it."""
    crossed = [t for t in section_of(near).flips if t.kind == "outcome" and t.value is not None]
    assert crossed
    t = crossed[0]

    def sold_at(value: float) -> float:
        draws = near.draws.first(near.frame.budget.swings).replace(t.quantity, value)
        share, whole = conditional(build_world(near.frame, draws), "sold")
        return float((share * whole).sum() / whole.sum())

    ends = [sold_at(v) for v in (t.low, t.high)]
    assert min(ends) < 0.5 < max(ends)
    assert sold_at(t.value) == pytest.approx(0.5, abs=0.03)
    assert t.instead in ("“The sale is made”", "“Nothing is sold”")


def test_a_condition_that_cannot_come_true_stops_nothing(tmp_path: Path) -> None:
    text = CASE.replace("PRICE", "1.2, 1.35").replace('{value: "uniform(0.2, 0.6)", label: The market opens}', "0")
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    frame = frame_of(load_case(path), Budget(trials=4, swings=8, twin=8, decisiveness=8, stability=8))
    never = build_world(frame, sample_case(frame, 16, 1))
    section = section_of(never)
    assert section.twin_goal
    assert {s.swing for s in section.swings} == {0.0}
    assert goals_without_unnamed(frame, ["a"], 16, 1) == {}


def test_the_check_of_precision_is_on_outcomes(world: World, section: ChangeSection) -> None:
    """Each row against the shares that solving the same draws at that precision gives."""
    outcomes = [m for m in section.methods if m.outcome is not None]
    assert [m.factor for m in outcomes] == [0.5, 2.0, None]
    few = build_world(world.frame, world.draws.first(32))
    holds = world.frame.presupposed
    for m in outcomes:
        play = few.priced.rational() if m.factor is None else few.priced.with_precision(m.factor).solve()
        ends = world.frame.game.outcome == m.outcome
        before, after = (float(p.goal(ends & holds).sum() / p.goal(holds).sum()) for p in (few.play, play))
        assert (m.before, m.after) == pytest.approx((before, after))
    goals = [m for m in section.methods if m.goal is not None]
    assert [(m.factor, m.goal) for m in goals] == [(0.5, "sold"), (2.0, "sold"), (None, "sold")]
