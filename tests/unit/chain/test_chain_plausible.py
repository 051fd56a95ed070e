"""Expectations held over the whole range of a number, what is ignored, and variants side by side."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.special import expit

import vetopoint.chain.checks  # noqa: F401 (adds the checks of a case as it is played)
from vetopoint.answers import ExpectationHeld, VariantAnswer
from vetopoint.case import complaints, load_case
from vetopoint.chain import Numbers, World, build_world, frame_of, sample_case
from vetopoint.chain.plausible import expectations_held, levels_of
from vetopoint.chain.variants import variant_answers
from vetopoint.game.interventions import announce
from vetopoint.quantity import compile_inputs, parse_distribution

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
  idle: uniform(0, 1)
  fixed: 0.4
  mood: {value: "uniform(-1, 1)"}
moves:
  luck: {by: chance, at: 0, options: {good: odds, bad: rest}}
  ask: {by: town, at: 1, when: luck == good, options: [ask, wait]}
  answer: {by: lord, at: 2, when: ask == ask, options: [grant, deny]}
outcomes: {built: answer == grant, denied: answer == deny, none: otherwise}
goals: {built: outcome == built, asked: ask == ask}
presupposes: luck == good
payoffs:
  town: {unit: [none, built], gain: {worth: gain, when: outcome == built}, shame: {worth: -fixed, when: answer == deny}}
  lord: {unit: [built, none], pain: {worth: -pain, when: outcome == built}, anger: {worth: -0.5, when: answer == deny}, dither: {worth: mood * mood, when: answer == deny}, all: {worth: idle, when: ask == ask}}
precision: {town: 4, lord: 4}
"""

Make = Callable[..., World]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def build(added: str = "", draws: int = 512, text: str = CASE) -> World:
        path = tmp_path / "case.yaml"
        path.write_text(text + added, encoding="utf-8")
        frame = frame_of(load_case(path))
        return build_world(frame, sample_case(frame, draws, 1))

    return build


def _one(world: World) -> ExpectationHeld:
    (found,) = expectations_held(world, Numbers(compile_inputs(world.frame.case)))
    return found


@pytest.mark.parametrize(
    ("line", "verdict", "note"),
    [
        ("{raise: pain, lowers: built}", "held", ""),
        ("{lower: pain, raises: built}", "held", ""),
        ("{raise: pain, raises: built}", "not held", "the other way"),
        ("{raise: pain, lowers: answer == grant, given: ask == ask}", "held", ""),
        ("{raise: gain, raises: asked}", "held", ""),
        ("{raise: idle, moves: nothing}", "held", ""),
        ("{raise: idle, raises: built}", "not held", "over the whole range"),
        ("{raise: idle, moves: something}", "not held", "largest move is 0"),
        ("{raise: pain, moves: something, on: denied}", "held", ""),
        ("{raise: odds, moves: nothing}", "held", ""),
        ("{raise: odds, raises: built, given: 'luck in [good, bad]'}", "held", ""),
        ("{raise: mood, lowers: built}", "not held", "the other way"),
        ("{raise: fixed, lowers: asked}", "too small to tell", "a fixed number"),
        ("{raise: precision.lord, raises: denied}", "too small to tell", "a fixed number"),
        ("{raise: pain, lowers: built, by_at_least: 10}", "held", ""),
        ("{raise: pain, lowers: built, by_at_least: 90}", "not held", ""),
    ],
)
def test_every_line_gets_the_verdict_that_the_case_forces(make: Make, line: str, verdict: str, note: str) -> None:
    found = _one(make(f"expect: [{line}]\n"))
    assert (found.verdict, note in found.note) == (verdict, True), found


def test_the_figures_are_those_of_an_independent_sum(make: Make) -> None:
    """P(grant | asked) by two logits written out, the town's expectation included: Σ P(grant and asked) / Σ P(asked)."""
    world = make("expect: [{raise: pain, lowers: answer == grant, given: ask == ask, why: it hurts}]\n", 128)
    found = _one(world)
    town, lord = (world.tables.fixed.unit[world.frame.game.players.index(a)] for a in ("town", "lord"))
    draws = world.draws
    assert (found.levels[0], found.levels[-1], len(found.levels)) == (0.2, 1.5, 5)
    for level, value in zip(found.levels, found.values, strict=True):
        grant = expit(4 * (-level + 0.5 - draws["mood"] ** 2) / lord)
        asked = draws["odds"] * expit(4 * (grant * draws["gain"] - (1 - grant) * 0.4) / town)
        assert value == pytest.approx((grant * asked).sum() / asked.sum(), abs=1e-6)
    assert found.change == pytest.approx(found.values[-1] - found.values[0])  # type: ignore[operator]
    assert (found.why, found.given, found.draws) == ("it hurts", "ask == ask", 128)


def test_the_error_of_a_paired_difference_covers_what_other_seeds_give(make: Make, tmp_path: Path) -> None:
    world = make("expect: [{raise: pain, lowers: answer == grant, given: ask == ask}]\n", 200)
    numbers = Numbers(compile_inputs(world.frame.case))
    tried = [
        expectations_held(build_world(world.frame, sample_case(world.frame, 200, seed)), numbers)[0]
        for seed in range(12)
    ]
    spread = float(np.std([t.change for t in tried]))
    assert spread > 0
    assert spread <= 1.5 * float(np.mean([t.error for t in tried]))


def test_a_condition_that_selects_draws_is_told_apart_from_a_choice(make: Make) -> None:
    """What a denial costs the town changes in which draws it asks, and nothing of what the lord then does."""
    text = CASE.replace("fixed: 0.4", 'fixed: "uniform(0, 3)"')
    found = _one(make("expect: [{raise: fixed, moves: nothing, on: answer == grant, given: ask == ask}]\n", 512, text))
    assert found.verdict == "not held"
    assert "draw by draw it is as expected" in found.note


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("0.3", (0.3,)),
        ("uniform(0, 1)", (0.0, 0.275, 0.5, 0.725, 1.0)),
        ("discrete(0: 0.97, 1: 0.03)", (0.0, 1.0)),
    ],
)
def test_the_levels_of_a_number(text: str, levels: tuple[float, ...]) -> None:
    assert levels_of(parse_distribution(text)) == pytest.approx(levels)


def test_a_long_tail_is_not_tried_to_its_end() -> None:
    found = levels_of(parse_distribution("lognormal(median=1, p90=2.5)"))
    assert len(found) == 5
    assert (min(found) > 0.2, max(found) < 5) == (True, True)


@settings(max_examples=20, deadline=None)
@given(pain=st.floats(0.1, 3), gain=st.floats(0.2, 3), sharp=st.floats(0.5, 8))
def test_a_cost_of_granting_lowers_grants_whatever_the_numbers(
    tmp_path_factory: pytest.TempPathFactory, pain: float, gain: float, sharp: float
) -> None:
    assume(
        abs(1.5 * pain - 0.5) > 0.01
    )  # where the mean of what granting costs is what denying costs, the lord has no unit
    text = CASE.replace("uniform(0.2, 1.5)", f"uniform({pain}, {2 * pain})").replace(
        "uniform(0.5, 1.5)", f"uniform({gain}, {gain + 1})"
    )
    text = text.replace("lord: 4}", f"lord: {sharp}}}")
    path = tmp_path_factory.mktemp("gate") / "case.yaml"
    lines = ["{raise: pain, lowers: answer == grant, given: ask == ask}", "{lower: pain, raises: answer == grant, given: ask == ask}", "{raise: pain, raises: answer == grant, given: ask == ask}"]  # fmt: skip
    path.write_text(f"{text}expect: [{', '.join(lines)}]\n", encoding="utf-8")
    frame = frame_of(load_case(path))
    found = expectations_held(build_world(frame, sample_case(frame, 64, 1)), Numbers(compile_inputs(frame.case)))
    verdicts = [f.verdict for f in found]
    assert verdicts[0] == verdicts[1] != "not held"
    assert verdicts[2] != "held"
    assert found[0].values == found[1].values


# --- variants --------------------------------------------------------------------------------------------------------------

VARIANTS = """
variants:
  same: {label: The same, set: {title: A gate}}
  fivefold: {label: Five times the stakes, set: {payoffs.lord.pain: -5 * pain, payoffs.lord.anger: {worth: -2.5, when: answer == deny}, payoffs.lord.dither: {worth: 5 * mood * mood, when: answer == deny}}}
  own_unit: {set: {payoffs.lord: {unit: [built, none], pain: {worth: -5 * pain, when: outcome == built}, anger: {worth: -2.5, when: answer == deny}, dither: {worth: 5 * mood * mood, when: answer == deny}, all: {worth: 5 * idle, when: ask == ask}}}}
  fair: {set: {precision: {town: 0, lord: 0}}}
  other_goal: {set: {goals: {denied: outcome == denied}}}
  bound: {set: {moves.answer.options: [grant], outcomes.denied: null, payoffs.town.shame: null, payoffs.lord.anger: null, payoffs.lord.dither: null}}
  broken: {set: {moves.answer.options: [grant]}}
"""


@pytest.fixture
def side_by_side(make: Make) -> dict[str, VariantAnswer]:
    return {v.name: v for v in variant_answers(make(VARIANTS))}


def test_variants_answer_side_by_side(side_by_side: dict[str, VariantAnswer]) -> None:
    own = side_by_side[""]
    assert next(iter(side_by_side)) == ""
    assert own.goals["built"] is not None
    assert side_by_side["same"].goals == own.goals
    assert (side_by_side["same"].kept, side_by_side["same"].lost) == (own.vetoes, ())
    assert own.vetoes == ("lord: answer = deny",)
    assert (own.leader, own.goal) == ("lord", "built")
    assert own.on_no is not None
    assert own.on_no.mean == pytest.approx(0.0)
    fair = side_by_side["fair"].goals["built"]
    assert fair is not None
    assert fair.mean == pytest.approx(0.25)
    assert side_by_side["other_goal"].goal == "denied"
    assert side_by_side["bound"].lost == own.vetoes
    assert "unknown option of 'answer' 'deny'" in side_by_side["broken"].failed
    assert "variant 'broken'" in side_by_side["broken"].failed


def test_raising_an_actors_stakes_fivefold_shows(side_by_side: dict[str, VariantAnswer]) -> None:
    """A variant keeps the case's units: five times as much at stake is five times as many units, and chosen more sharply.

    The band widens, since it now hardly errs; with a unit of its own, which then counts five times as much, nothing at all differs.
    """
    own, fivefold, own_unit = (side_by_side[n].goals["built"] for n in ("", "fivefold", "own_unit"))
    assert own is not None
    assert fivefold is not None
    assert own_unit is not None
    assert fivefold.hi > own.hi + 0.2
    for part in ("mean", "lo", "hi"):
        assert math.isclose(getattr(own_unit, part), getattr(own, part), abs_tol=1e-9)


def test_yes_and_no_are_those_of_an_announced_answer_to_an_attempt(make: Make) -> None:
    """The lord has one move and no type: to favour the goal above all is to grant, announced; and the town asks, announced."""
    world = make(VARIANTS)
    own = variant_answers(world)[0]
    for option, side in (("grant", own.on_yes), ("deny", own.on_no)):
        layer_of = world.frame.game.layer_of
        play, kept = announce(world.priced, {layer_of("ask"): ("ask",), layer_of("answer"): (option,)})
        holds = world.frame.presupposed[kept]
        expected = play.goal(world.goals["built"][kept] * holds).sum() / play.goal(holds).sum()
        assert side is not None
        assert side.mean == pytest.approx(expected, abs=1e-6)


def test_a_case_without_variants_has_no_answers_for_them(make: Make) -> None:
    assert variant_answers(make()) == ()


# --- what check says of a case as it is played -------------------------------------------------------------------------------


def _said(world: World, check: str) -> list[str]:
    return [p.message for p in complaints(world.frame.case, "played", world) if p.check == check]


def test_terms_that_no_choice_can_change_are_named_and_others_are_not(make: Make) -> None:
    """`all` counts wherever the lord moves at all; what chance alone decides, or the town, is no reason for the lord either."""
    world = make()
    idle = [p.where for p in complaints(world.frame.case, "played", world) if p.check == "idle-term"]
    assert idle == ["payoffs.lord.terms.all"]
    harmless = CASE.replace(
        "all: {worth: idle, when: ask == ask}", "all: {worth: idle, when: ask == ask and answer == deny}"
    )
    assert not _said(make(text=harmless), "idle-term")


def test_a_stake_that_the_unit_divides_out_is_named_unless_precision_says_it(make: Make) -> None:
    text = CASE.replace("worth: -fixed", "worth: -0.4 * gain")
    assert _said(make(text=text), "cancelled-stakes") == [
        "every payoff of town is proportional to 'gain': the unit divides its mean out"
    ]
    assert not _said(make(text=text.replace("{town: 4,", "{town: 4 * gain,")), "cancelled-stakes")
    assert not _said(make(), "cancelled-stakes")


def test_options_that_are_one_thing_belong_in_a_nest(make: Make) -> None:
    text = CASE.replace("[grant, deny]", "[grant, deny, snub]").replace(
        "answer == deny", "answer != grant and ask == ask"
    )
    assert _said(make(text=text), "one-thing-twice") == ["deny and snub lead to the same payoffs for everybody"]
    nested = text.replace("deny, snub]", "deny, snub], nests: [[deny, snub]]")
    assert not _said(make(text=nested), "one-thing-twice")
    assert not _said(make(), "one-thing-twice")
