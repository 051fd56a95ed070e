"""What is said of the leading goal says what its figure says, and a counterexample says how far it was looked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vetopoint.budget import Budget
from vetopoint.case import load_case
from vetopoint.chain import World, build_world, frame_of, sample_case
from vetopoint.chain.change import counterexample, leading_doubt
from vetopoint.chain.numbers import Numbers
from vetopoint.chain.twin import ignorance_twin, likelier_than_not, twin_findings, twin_goals
from vetopoint.game.section import game_section
from vetopoint.quantity import Band, compile_inputs

CASE = """
vetopoint: 1
title: A sale
as_of: 2030-01-01
horizon_months: 12
owner: seller
actors: {seller: {}, buyer: {}}
quantities: {w: "uniform(WORTH)"}
moves:
  offer: {by: seller, options: [propose, hold]}
  answer: {by: buyer, when: offer == propose, options: [accept, refuse]}
outcomes: {deal: answer == accept, nothing: otherwise}
goals: {deal: outcome == deal}
payoffs:
  seller: {unit: [nothing, deal], gain: {worth: 1, when: outcome == deal}}
  buyer: {unit: [nothing, deal], gain: {worth: w, when: outcome == deal}}
precision: {seller: 8, buyer: 8}
"""
LIKELY, UNLIKELY = "1, 2", "-0.3, 0.1"


def world(folder: Path, worth: str) -> World:
    path = folder / "case.yaml"
    path.write_text(CASE.replace("WORTH", worth), encoding="utf-8")
    case = load_case(path)
    frame = frame_of(case, Budget(trials=4))
    return build_world(frame, sample_case(frame, 64, 1))


@pytest.mark.parametrize(
    ("mean", "mc", "said"),
    [
        (0.81, 0.01, "more likely than not"),
        (0.19, 0.01, "less likely than not"),
        (0.5, 0.0, "as likely as not"),
        (0.515, 0.01, "as likely as not, within the Monte-Carlo error"),
        (0.485, 0.01, "as likely as not, within the Monte-Carlo error"),
        (0.53, 0.01, "more likely than not"),
    ],
)
def test_the_words_follow_the_figure(mean: float, mc: float, said: str) -> None:
    assert f"“it” is {said}" in likelier_than_not("it", Band(mean=mean, lo=0.0, hi=1.0, mc=mc))


@pytest.mark.parametrize(("worth", "side"), [(LIKELY, "more"), (UNLIKELY, "less")])
def test_the_twins_finding_is_that_of_the_case(tmp_path: Path, worth: str, side: str) -> None:
    found = world(tmp_path, worth)
    game = game_section(found.play, found.goals)
    assert (game.goals[0].probability.mean > 0.5) == (side == "more")
    said = twin_findings(game, ignorance_twin(found).solve(), twin_goals(found), "deal", found.frame)[0]
    assert f"is {side} likely than not" in said.finding
    assert said.structural == ((float(said.twin_value) > 0.5) == (side == "more"))


@pytest.mark.parametrize(("worth", "side"), [(LIKELY, "more"), (UNLIKELY, "less")])
def test_the_doubt_is_the_other_side_of_the_finding(tmp_path: Path, worth: str, side: str) -> None:
    found = world(tmp_path, worth)
    goal = found.goal_bands()["deal"]
    doubt = leading_doubt([], "deal", found.frame, goal)
    assert f"is {side} likely than not" in doubt.finding
    numbers = Numbers(compile_inputs(found.frame.case))
    shown = counterexample(found, doubt, numbers, "deal")
    wrong = (
        found.probability(found.goals["deal"]) < 0.5 if side == "more" else found.probability(found.goals["deal"]) > 0.5
    )
    assert shown.draws_with == float(np.mean(wrong))
    assert shown.draws_with < 0.5
    assert shown.tried == 3  # the medians, and either end of the one number
