"""The graph model beside the solved game, on a case of four states whose stability can be written down.

The seller proposes or not, the buyer accepts or refuses. A deal is worth 1 to the seller and w to the buyer, a rebuff −1 to the
seller, nothing else is worth anything. (propose, accept) is Nash if and only if w > 0; with w < 0 the buyer improves by refusing,
and the seller's only answer leaves it at 0 > w, so no concept saves the deal. (not, refuse) is always Nash. At
(propose, refuse) the seller improves by withdrawing, and no answer of the buyer's brings it back to −1.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from vetopoint.answers import StabilityAnswer
from vetopoint.budget import Budget
from vetopoint.case import load_case
from vetopoint.chain import World, build_world, frame_of, sample_case
from vetopoint.chain.second_opinion import second_opinion
from vetopoint.game.section import outcome_answers

CASE = """
vetopoint: 1
title: A sale
as_of: 2030-01-01
horizon_months: 12
owner: seller
presupposes: weather == fair
actors: {seller: {label: Seller}, buyer: {label: Buyer}}
quantities:
  w: {value: "uniform(-0.5, 1)", label: Worth of the deal to the buyer}
moves:
  weather: {by: chance, at: 0, options: {fair: 0.3, foul: rest}}
  offer: {by: seller, at: 1, when: weather == fair, options: [propose, hold]}
  answer: {by: buyer, at: 2, when: offer == propose, options: [accept, refuse]}
outcomes: {storm: weather == foul, deal: answer == accept, rebuff: answer == refuse, nothing: otherwise}
outcome_labels: {storm: A storm, deal: A deal, rebuff: A rebuff, nothing: Nothing}
goals: {deal: outcome == deal}
payoffs:
  seller: {unit: [nothing, deal], gain: {worth: 1, when: outcome == deal}, shame: {worth: -1, when: outcome == rebuff}}
  buyer: {unit: [nothing, deal], gain: {worth: w, when: outcome == deal}}
precision: {seller: 8, buyer: 8}
"""

Make = Callable[..., World]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def build(text: str = CASE) -> World:
        path = tmp_path / "sale.yaml"
        path.write_text(text, encoding="utf-8")
        case = load_case(path)
        frame = frame_of(case, Budget(stability=128))
        return build_world(frame, sample_case(frame, 128, 2))

    return build


def opinions(world: World) -> dict[str, StabilityAnswer]:
    answers, note = second_opinion(world, outcome_answers(world.play))
    assert note == ""
    return {a.concept: a for a in answers}


def test_the_deal_is_stable_where_the_buyer_gains(make: Make) -> None:
    world = make()
    share = float(np.mean(world.draws["w"] > 0))
    found = opinions(world)
    assert set(found) == {"Nash", "GMR", "SMR", "SEQ"}
    for answer in found.values():
        stable = {s.outcome: s.share for s in answer.stable}
        assert stable == pytest.approx({"deal": share, "nothing": 1.0, "rebuff": 0.0})
        assert (answer.outcome, answer.agrees, answer.states) == ("deal", True, 4)
        assert answer.agree == stable["deal"]
        assert answer.note == "“A deal” is stable in most draws, and so is “Nothing”."


def test_it_says_where_it_disagrees(make: Make) -> None:
    """A seller who picks at random among two ways of offering and none meets a buyer who refuses: likeliest is a rebuff."""
    text = CASE.replace("seller: 8", "seller: 0").replace("uniform(-0.5, 1)", "uniform(-3, -2)")
    text = text.replace("[propose, hold]", "[propose, insist, hold]").replace(
        "offer == propose", "offer == propose or offer == insist"
    )
    for answer in opinions(make(text)).values():
        assert (answer.outcome, answer.agree, answer.agrees) == ("rebuff", 0.0, False)
        assert answer.probability == pytest.approx(2 / 3, abs=1e-3)
        assert answer.note.startswith("Disagrees: “A rebuff”, the likeliest in the solved game,")
        assert "“Nothing” is" in answer.note


def test_outcomes_that_the_presupposed_events_exclude_are_left_out(make: Make) -> None:
    assert all(s.outcome != "storm" for a in opinions(make()).values() for s in a.stable)
    unconditional = opinions(make(CASE.replace("presupposes: weather == fair\n", "")))
    assert all(a.outcome == "storm" and a.agree == 1.0 for a in unconditional.values())


def test_a_case_with_too_many_standing_options_gets_no_opinion_and_the_reason(make: Make) -> None:
    many = ", ".join(f"o{k}" for k in range(150))
    text = CASE.replace("[propose, hold]", f"[propose, hold, {many}]").replace(
        "[accept, refuse]", f"[accept, refuse, {many}]"
    )
    world = make(text)
    answers, note = second_opinion(world, outcome_answers(world.play))
    assert answers == ()
    assert "combinations of standing options" in note
