"""What options are worth to whoever chooses, and what hangs on a coin toss."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.case import load_case
from vetopoint.chain import World, build_world, frame_of, sample_case
from vetopoint.chain.playing import played_ties
from vetopoint.game.choices import choice_answers, option_payoffs

HEAD = """
vetopoint: 1
title: A gate
as_of: 2030-01-01
horizon_months: 40
owner: town
actors: {town: {}, lord: {}}
"""
ROUNDS = (
    HEAD
    + """
quantities: {pull: 0.0}
moves:
  ask: {by: town, at: 0, options: [ask, wait]}
  review: {by: lord, at: 1, when: ask == ask, options: [keep, revoke], repeat: {rounds: 3, stop_when: review == revoke}}
outcomes: {open: review.last == keep, shut: any(review == revoke), idle: otherwise}
goals: {open: outcome == open}
payoffs:
  town: {unit: [open, idle], gate: {worth: 1, when: outcome == open}}
  lord: {unit: [open, idle], toll: {worth: 1, when: "outcome in [open, shut]"}, pull: {worth: pull, when: any(review == revoke)}}
precision: {town: 4, lord: 4}
"""
)
TYPED = (
    HEAD
    + """
quantities:
  cost: {value: "uniform(0.1, 1.5)", known_to: [town]}
  sour: uniform(0.1, 2)
types: {lord: {stern: {truth: 0.3, believed: {town: 0.6}}, mild: rest}}
moves:
  ask: {by: town, at: 0, options: [ask, wait]}
  answer: {by: lord, at: 1, when: ask == ask, options: [yes_, no_]}
  respond: {by: town, at: 2, when: answer == no_, options: [push, drop]}
outcomes: {open: answer == yes_, pushed: respond == push, idle: otherwise}
goals: {open: outcome == open}
payoffs:
  town: {unit: [open, idle], gate: {worth: 1, when: outcome == open}, cost: {worth: -cost, when: respond == push}, hit: {worth: -0.5, when: respond == push and lord == stern}}
  lord: {unit: [open, idle], sour: {worth: -sour, when: outcome == open}, cost: {worth: -cost, when: outcome == pushed}, rage: {worth: 0.8, when: outcome == pushed and lord == stern}}
precision: {town: "uniform(1, 6)", lord: "uniform(1, 6)"}
"""
)

Make = Callable[..., World]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def build(text: str, draws: int = 64) -> World:
        path = tmp_path / "case.yaml"
        path.write_text(text, encoding="utf-8")
        frame = frame_of(load_case(path))
        return build_world(frame, sample_case(frame, draws, 3))

    return build


def test_odds_are_the_logit_of_the_payoffs_at_every_information_set(make: Make) -> None:
    """McKelvey & Palfrey (1998): log odds are λ times the difference in expected payoff, as the mover sees types and payoffs."""
    world = make(TYPED)
    tree, worth = world.frame.game.tree, option_payoffs(world.play)
    assert len(world.play.views) == 2
    assert tree.n_infosets >= 4
    for h in range(tree.n_infosets):
        first, second = tree.actions(h)
        odds = np.log(world.play.strategy[:, first] / world.play.strategy[:, second])
        expected = world.precision[:, tree.infoset_player[h]] * (worth.payoff[:, first] - worth.payoff[:, second])
        np.testing.assert_allclose(odds, expected, atol=1e-6)


def test_a_table_of_choices_agrees_with_hand_work(make: Make) -> None:
    world = make(ROUNDS)
    ask, *rounds = choice_answers(world.play)
    assert [c.round for c in rounds] == [1, 2, 3]
    for c in rounds:
        assert c.shares == pytest.approx({"keep": 0.5, "revoke": 0.5})
        assert c.payoffs == pytest.approx({"keep": 1.0, "revoke": 1.0})
        assert (c.gap, c.near) == (0.0, 1.0)
    asks = 1 / (1 + np.exp(-4 * 0.125))  # the gate stays open once in eight
    assert ask.shares["ask"] == pytest.approx(asks)
    assert [c.reached for c in rounds] == pytest.approx([asks, asks / 2, asks / 4])


def test_a_coin_tossed_three_times_ends_in_a_revocation_seven_times_in_eight(make: Make) -> None:
    ties = [t for t in played_ties(make(ROUNDS)) if t.move == "review"]
    assert len(ties) == 3
    assert ties[0].ever == pytest.approx({"revoke": 0.875})
    assert ties[0].rests == pytest.approx({"open": 1.0, "shut": 1.0})


def test_what_is_chosen_for_a_reason_is_no_coin_toss(make: Make) -> None:
    assert not [t for t in played_ties(make(ROUNDS.replace("pull: 0.0", "pull: -2.0"))) if t.move == "review"]


def test_alike_on_average_only_is_no_coin_toss(make: Make) -> None:
    """The numbers decide, draw by draw, which option is better: that is not noise in the choice."""
    text = (
        ROUNDS.replace("pull: 0.0", 'pull: "uniform(-2, 2)"')
        .replace("rounds: 3", "rounds: 1")
        .replace("town: 4", "town: 0")
    )
    (once,) = [c for c in choice_answers(make(text, 512).play) if c.move == "review"]
    assert abs(once.payoffs["keep"] - once.payoffs["revoke"]) < 0.1
    assert once.gap == pytest.approx(1.0, abs=0.1)


def test_variants_in_one_nest_are_not_set_against_one_another(make: Make) -> None:
    text = ROUNDS.replace("options: [keep, revoke]", "options: [keep, revoke], nests: [[keep, revoke]]")
    assert [c.gap for c in choice_answers(make(text).play) if c.move == "review"] == [None] * 3


@settings(max_examples=20, deadline=None)
@given(pull=st.floats(-0.09, 0.09), rounds=st.integers(2, 5))
def test_the_chance_of_ever_grows_as_one_minus_a_power(
    tmp_path_factory: pytest.TempPathFactory, pull: float, rounds: int
) -> None:
    text = ROUNDS.replace("pull: 0.0", f"pull: {pull}").replace("rounds: 3", f"rounds: {rounds}")
    path = tmp_path_factory.mktemp("gate") / "case.yaml"
    path.write_text(text, encoding="utf-8")
    frame = frame_of(load_case(path))
    world = build_world(frame, sample_case(frame, 4, 1))
    ties = [t for t in played_ties(world) if t.move == "review"]
    assert len(ties) == rounds
    kept = np.prod([dict(zip(t.options, t.shares, strict=True))["keep"] for t in ties])
    assert ties[0].ever["revoke"] == pytest.approx(1 - kept)
