"""What to ask next, of whole cases: against algebra on a two-move game, against the game with a move taken by surprise, and in words of the case."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.answers import DecisionAnswer
from vetopoint.budget import Budget
from vetopoint.case import load_case
from vetopoint.chain import Numbers, World, build_world, frame_of, sample_case
from vetopoint.chain.questions import decision_answers, declared, surrogate_answer, with_claims
from vetopoint.chain.values import payoff_in_truth
from vetopoint.game.decision import worth_of_options
from vetopoint.game.interventions import surprise
from vetopoint.quantity import compile_inputs
from vetopoint.quantity.distributions import Uniform

#: The owner builds or waits; chance lets what it builds stand or fall. To build is worth gain · odds − cost, to wait nothing.
CASE = """
vetopoint: 1
title: A pier
as_of: 2030-01-01
horizon_months: 12
owner: town
presupposes: weather == calm
actors: {town: {label: The town}, port: {label: The port}}
quantities:
  odds: {value: "uniform(0, 1)", label: It stands}
  gain: {value: "uniform(0.5, 1.5)", label: What it brings}
  cost: {value: 0.5}
  calm: {value: "uniform(0.2, 0.9)"}
  grudge: {value: "uniform(0, 1)"}
moves:
  weather: {by: chance, options: {calm: calm, storm: rest}}
  build: {by: town, when: weather == calm, options: [build, wait], label: The town builds}
  stands: {by: chance, when: build == build, options: {yes_: odds, no_: rest}}
  answer: {by: port, when: stands == yes_, options: [welcome, sulk], repeat: {rounds: 2}}
outcomes: {pier: stands == yes_, none_: otherwise}
goals: {pier: outcome == pier}
payoffs:
  town: {unit: [none_, pier], gain: {worth: gain, when: stands == yes_}, cost: {worth: -cost, when: build == build}}
  port: {unit: [none_, pier], gain: {worth: 1, when: stands == yes_}, grudge: {worth: grudge, when: any(answer == sulk)}}
precision: {town: 4, port: "lognormal(median=4, p90=8)"}
"""


def made(folder: Path, more: str = "", draws: int = 8192, text: str = CASE) -> tuple[World, Numbers]:
    path = folder / "case.yaml"
    path.write_text(text + more, encoding="utf-8")
    case = load_case(path)
    frame = frame_of(case, Budget(first=256))
    return build_world(frame, sample_case(frame, draws, 1)), Numbers(
        compile_inputs(case), {"odds": "It stands"}, {"odds"}
    )


def asked(folder: Path, more: str = "", **given_: str) -> dict[str, DecisionAnswer]:
    world, numbers = made(folder, more, **given_)  # type: ignore[arg-type]
    return {d.name: d for d in decision_answers(world, numbers, {"both": ["odds", "gain"]})}


def test_the_owner_s_first_move_against_algebra(tmp_path: Path) -> None:
    """To build is worth g·p − ½ in the payoff, which its unit divides: by quadrature for both numbers, in closed form for one alone."""
    world, numbers = made(tmp_path)
    (found,) = decision_answers(world, numbers, {"both": ["odds", "gain"]})
    unit = float(world.unit[world.frame.game.players.index("town")])
    p, g = np.meshgrid((np.arange(2000) + 0.5) / 2000, 0.5 + (np.arange(2000) + 0.5) / 2000)
    assert (found.move, found.actor, found.label) == ("build", "town", "The town builds")
    assert found.comes == pytest.approx(1.0)
    assert {o.option: o.worth for o in found.options} == {
        "build": pytest.approx(0.0, abs=0.005),
        "wait": pytest.approx(0.0, abs=1e-12),
    }
    assert found.everything == pytest.approx(np.maximum(g * p - 0.5, 0.0).mean() / unit, rel=0.03)
    known = {n.quantity: n for n in found.numbers}
    # Learning p: build if p·1 > ½, worth E max(0, p − ½) = 1/8. Learning g: build if g/2 > ½, worth E max(0, (g − 1)/2) = 1/16.
    assert known["odds"].value == pytest.approx(1 / 8 / unit, rel=0.03)
    assert known["gain"].value == pytest.approx(1 / 16 / unit, rel=0.05)
    assert list(known) == ["odds", "gain"]
    assert found.groups[0].value == pytest.approx(found.everything, rel=0.03)
    assert known["odds"].share == pytest.approx(known["odds"].value / found.everything)
    assert (known["odds"].label, known["odds"].judged, known["gain"].judged) == ("It stands", True, False)
    assert found.idle == 2  # the weather and the grudge; the port's precision is a matter of method


def test_a_decision_can_be_anybody_s_of_some_options_and_of_any_round(tmp_path: Path) -> None:
    found = asked(
        tmp_path,
        "decisions: {second: {move: answer, round: 2, label: To sulk again}, first: {move: answer, options: [sulk, welcome]}}\n",
    )
    assert list(found) == ["second", "first"]
    assert {d.actor for d in found.values()} == {"port"}
    assert (found["second"].label, found["second"].round) == ("To sulk again", 2)
    assert found["first"].comes == pytest.approx(found["second"].comes)
    assert 0.2 < found["first"].comes < 0.5  # it is built, given calm weather, and stands
    worth = {o.option: o.worth for o in found["first"].options}
    assert worth["sulk"] > worth["welcome"]
    assert found["first"].everything == 0.0
    assert found["first"].numbers == ()
    assert [o.best for o in found["first"].options if o.option == "sulk"] == [pytest.approx(1.0)]


def test_a_decision_that_never_comes_says_so(tmp_path: Path) -> None:
    text = CASE.replace(
        "when: stands == yes_, options: [welcome", "when: stands == yes_ and build == wait, options: [welcome"
    )
    found = asked(tmp_path, "decisions: {never: {move: answer}}\n", text=text)
    assert "no history comes to" in found["never"].note
    assert found["never"].options == ()


def test_an_owner_without_a_move_has_no_decision(tmp_path: Path) -> None:
    world, _ = made(tmp_path, text=CASE.replace("owner: town", "owner: port").replace("when: stands == yes_, options: [welcome, sulk], repeat: {rounds: 2}", "when: stands == yes_, options: [welcome]").replace("any(answer == sulk)", "answer == welcome"), draws=64)  # fmt: skip
    assert declared(world.frame) == {}


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 3))
def test_options_differ_in_worth_as_the_whole_game_does_when_they_are_taken_by_surprise(
    tmp_path_factory: pytest.TempPathFactory, which: int
) -> None:
    world, _ = made(tmp_path_factory.mktemp("surprise"), draws=64)
    game = world.frame.game
    layers = [n for n in range(len(game.public.layers)) if (game.infoset_layer == n).any()]
    layer = layers[which % len(layers)]
    player = game.public.layers[layer].by
    payoff = payoff_in_truth(world.tables, player, 64)
    found = worth_of_options(world.play, payoff, layer)
    whole = np.stack([surprise(world.play, {layer: o}).goal(payoff) for o in game.public.layers[layer].options], axis=1)
    sums = found.worth.sum(axis=1)
    assert np.allclose(whole - whole[:, :1], sums - sums[:, :1], atol=1e-10)
    assert np.abs(whole - whole[:, :1]).max() > 0.01
    assert (found.reach.sum(axis=1) <= 1.0 + 1e-12).all()


def test_the_truth_about_a_payoff_is_what_is_seen_by_whom_nothing_is_hidden(tmp_path: Path) -> None:
    world, _ = made(tmp_path, draws=32)
    for p, player in enumerate(world.frame.game.players):
        assert np.allclose(payoff_in_truth(world.tables, player, 32), world.payoffs[0][:, :, p], atol=1e-12)


def test_a_number_that_the_actor_does_not_know_can_be_worth_asking(tmp_path: Path) -> None:
    hidden = CASE.replace('{value: "uniform(0.5, 1.5)", label', '{value: "uniform(0.5, 1.5)", known_to: none, label')
    found = asked(tmp_path, text=hidden)["build"]
    assert {n.quantity for n in found.numbers} == {"odds", "gain"}


def test_claims_stand_beside_the_numbers_that_they_bear_on(tmp_path: Path) -> None:
    world, numbers = made(tmp_path, draws=2048)
    (found,) = with_claims(decision_answers(world, numbers), {"odds": ("c1", "c2"), "cost": ("c3",)})
    assert {n.quantity: n.claims for n in found.numbers} == {"odds": ("c1", "c2"), "gain": ()}


def test_the_surrogate_finds_which_numbers_act_together(tmp_path: Path) -> None:
    world, numbers = made(tmp_path)
    found = surrogate_answer(world, numbers)
    assert found is not None
    assert found.given == "weather == calm"
    (figure,) = found.figures
    assert figure.explained is not None
    assert 0.9 < figure.explained <= 1.0
    assert found.together
    assert set(found.together[0].quantities) == {"odds", "gain"}
    assert (found.fitted, found.tested) == (5461, 2731)
    share = sum(p.share for p in found.together)
    assert share <= (figure.pairs or 0.0) + 0.01


def test_too_few_draws_make_no_surrogate(tmp_path: Path) -> None:
    world, numbers = made(tmp_path, draws=24)
    assert surrogate_answer(world, numbers) is None
    assert surrogate_answer(made(tmp_path, draws=512)[0], Numbers({"odds": Uniform(0, 1)})) is not None
