"""The bundled case moves in the direction that the definitions imply; no ranking is frozen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pytest
from numpy.typing import NDArray

from support import ROOT
from vetopoint.case import load_case
from vetopoint.chain import World, build_world, frame_of, sample_case
from vetopoint.chain.change import counterexample, leading_doubt
from vetopoint.chain.issues import agreement_effects, with_agreement
from vetopoint.chain.numbers import Numbers
from vetopoint.chain.plausible import expectations_held
from vetopoint.chain.twin import ignorance_twin, twin_goals
from vetopoint.chain.variants import variant_answers
from vetopoint.game.interventions import OptionEffects, option_effects
from vetopoint.game.priced import Play
from vetopoint.game.veto import veto_points
from vetopoint.quantity import compile_inputs

CASE = ROOT / "cases" / "european-presence"
DRAWS = 512


@lru_cache
def world(**overrides: str) -> World:
    case = load_case(CASE, overrides)
    frame = frame_of(case)
    return build_world(frame, sample_case(frame, DRAWS, 3))


@lru_cache
def effects(**overrides: str) -> OptionEffects:
    found = world(**overrides)
    return option_effects(found.priced.solve(), found.goals)


def goal(name: str, **overrides: str) -> float:
    found = world(**overrides)
    return float(found.priced.solve().goal(found.goals[name]).mean())


def chosen(move: str, option: str, **overrides: str) -> float:
    """P(option | move reached), over all draws."""
    found, game = effects(**overrides), world(**overrides).frame.game
    layer = game.layer_of(move)
    column = int(found.start[layer]) + game.public.layers[layer].options.index(option)
    return float(np.average(found.chosen[:, column], weights=found.reached[:, layer]))


def test_unsettled_guarantees_weigh_on_the_whole() -> None:
    """Members waver while the guarantees are disputed: agreed, more join, and the plan stands longer; told of every goal."""
    told = {w.goal: w for w in agreement_effects(world())["guarantees"]}
    assert set(told) == {"sustained", "deployed", "held"}
    assert told["sustained"].agreed.mean > told["sustained"].disputed.mean + 0.001
    both = [with_agreement(world(), "guarantees", held).tables.coalition for held in (True, False)]
    quorum, joined = ([c.values[name].mean() for c in both if c is not None] for name in ("quorum", "joined"))
    assert quorum[0] > quorum[1]
    assert joined[0] > joined[1] + 0.1


def test_certain_consent_helps_the_plan() -> None:
    assert chosen("answer", "consent", concession="20") > 0.95
    assert goal("deployed", concession="20") > goal("deployed")
    assert chosen("offer", "contingent", concession="20") > chosen("offer", "contingent")


def test_a_veto_in_effect_binds_less_when_losses_are_nothing() -> None:
    free = {"losses": "0", "exposure": "0", "defiance_cost": "0", "rift": "0"}
    assert chosen("respond", "deploy", **free) > chosen("respond", "deploy")


def test_a_worthless_fallback_makes_the_coalition_hold_to_its_plan() -> None:
    assert chosen("offer", "contingent", remote_seen="0") > chosen("offer", "contingent")
    assert chosen("respond", "reshape", remote_seen="0") < chosen("respond", "reshape")


def test_striking_named_away_encourages_defiance() -> None:
    base = world()
    layer = base.frame.game.layer_of("enforce")
    gentle, _ = base.priced.restrict({layer: ("tolerate",)})
    before = chosen("respond", "deploy")
    found = option_effects(gentle.solve(), {})
    respond = base.frame.game.layer_of("respond")
    column = int(found.start[respond]) + base.frame.game.public.layers[respond].options.index("deploy")
    after = float(np.average(found.chosen[:, column], weights=found.reached[:, respond]))
    assert after > before


def test_refusal_as_an_option_is_not_forcing_while_the_strike_policy_is() -> None:
    points = veto_points(world().frame.game, effects(), world().goals)
    russia = [p for p in points if p.actor == "russia" and p.goal == "deployed" and p.kind == "forcing"]
    assert not [p for p in russia if p.scope == "option" and p.move == "answer"]
    policies = [p for p in russia if p.scope == "policy"]
    assert policies
    assert all(p.policy["enforce"] == ("strike",) and "consent" not in p.policy["answer"] for p in policies)


def test_each_moment_of_blocking_is_there() -> None:
    points = veto_points(world().frame.game, effects(), world().goals, failing=True)
    moves = {p.move for p in points if p.actor == "russia"}
    assert {"answer", "enforce", "review"} <= moves
    assert {m.move for m in points if m.actor == "ukraine"} >= {"invite"}


def test_some_plausible_payoffs_make_the_coalition_deploy_unconsented() -> None:
    found = world()
    points = veto_points(found.frame.game, effects(), found.goals)
    doubt = leading_doubt(points, "deployed", found.frame, found.goal_bands()["deployed"])
    distributions = compile_inputs(found.frame.case)
    shown = counterexample(found, doubt, Numbers(distributions), "deployed")
    assert shown.found
    assert shown.value > shown.threshold
    assert 0 < len(shown.inputs) <= 8
    for moved in shown.inputs:
        low, high = (float(v) for v in distributions[moved.quantity].ppf(np.array([0.01, 0.99])))
        assert low <= moved.value <= high


def test_the_twin_has_the_same_tree_and_no_opinion() -> None:
    found = world()
    twin = ignorance_twin(found)
    assert twin.game is found.frame.game
    mean = twin.payoffs[0].mean(axis=0)
    assert np.ptp(mean) < 0.35
    goals = twin_goals(found)
    assert 0 < float(twin.solve().goal(goals["deployed"]).mean()) < 0.5


def test_host_and_backstop_are_actors_with_moves() -> None:
    movers = {layer.by for layer in world().frame.game.public.layers}
    assert {"ukraine", "us", "russia", "coalition", "chance"} == movers


@pytest.mark.parametrize("goal_name", ["deployed", "sustained", "held"])
def test_monte_carlo_error_is_honest(goal_name: str) -> None:
    """A small run lies within its own reported error of a large one (both fresh draws)."""
    from vetopoint.quantity import band

    small, large = solved(1_000, 11), solved(12_288, 12)
    few, many = (band(play.goal(goals[goal_name])) for play, goals in (small, large))
    assert abs(few.mean - many.mean) <= 4 * np.hypot(few.mc, many.mc) + 1e-6
    assert many.mc < few.mc
    assert abs((many.hi - many.lo) - (few.hi - few.lo)) < 0.25 * (few.hi - few.lo) + 0.01


@lru_cache
def solved(draws: int, seed: int) -> tuple[Play, Mapping[str, NDArray[np.float64]]]:
    """The play of so many draws, and what counts toward each goal."""
    found = build_world(world().frame, sample_case(world().frame, draws, seed))
    return found.priced.solve(), found.goals


@pytest.mark.slow
def test_its_facts_matter_as_it_says_they_must() -> None:
    """Every line of `expect:` is held over the whole range of its number: 2,000 draws, common random numbers."""
    frame = world().frame
    found = expectations_held(build_world(frame, sample_case(frame, 2_000, 3)), Numbers(compile_inputs(frame.case)))
    assert len(found) >= 8
    assert {f.said: f.verdict for f in found if f.verdict != "held"} == {}


def test_ten_ways_to_build_it_leave_the_key_where_it_is() -> None:
    found = variant_answers(build_world(world().frame, sample_case(world().frame, 64, 3)))
    assert len(found) == 11
    assert not [v.failed for v in found if v.failed]
    assert {v.leader for v in found} == {"russia"}
    assert all(
        v.on_yes is not None and v.on_no is not None and v.on_yes.mean > 0.25 > 0.1 > v.on_no.mean for v in found
    )
