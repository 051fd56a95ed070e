"""Expectations of members who commit before the answer, on cases whose consistent expectations can be written down.

The league musters first, the host answers last and consents with probability c = 1 / (1 + exp(−λ)) if it is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from pathlib import Path

import numpy as np
import pytest

from vetopoint.case import load_case
from vetopoint.chain import World, build_world, frame_of, sample_case
from vetopoint.chain.expectations import consistent_expectations, expectation_gaps

CASE = """
vetopoint: 1
title: A shared mill
as_of: 2030-01-01
horizon_months: 12
owner: league
presupposes: weather == fair
actors: {league: {label: The league}, host: {label: The host}}
moves:
  weather: {by: chance, at: 0, options: {fair: 0.5, foul: rest}}
  muster: {by: chance, at: 1, when: weather == fair, options: {enough: quorum, few: rest}}
  answer: {by: host, at: 2, when: muster == enough, options: [consents, refuses]}
outcomes: {built: answer == consents, refused: answer == refuses, none: otherwise}
goals: {built: outcome == built}
payoffs:
  league: {unit: [none, built], gain: {worth: 1, when: outcome == built}}
  host: {unit: [refused, built], gain: {worth: 1, when: outcome == built}}
precision: {host: LAMBDA}
coalition: {facts: {consent: answer == consents}, minimum: NEEDED, expectations: MODE}
members:
  ash: {joins: {requires: consent, expects: DECLARED, accepts: 1}}
  birch: {joins: {RULE}}
"""

Make = Callable[..., World]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def build(needed: int, rule: str, sharp: float, mode: str = "consistent", declared: str = "0.9") -> World:
        words = {"LAMBDA": sharp, "NEEDED": needed, "MODE": mode, "DECLARED": declared, "RULE": rule}
        text = CASE
        for word, value in words.items():
            text = text.replace(word, str(value))
        path = tmp_path / "mill.yaml"
        path.write_text(text, encoding="utf-8")
        case = load_case(path)
        frame = frame_of(case)
        return build_world(frame, sample_case(frame, 512, 7))

    return build


def test_one_consistent_expectation_is_found_from_both_ends(make: Make) -> None:
    """One of two suffices, the other accepts by the toss of a coin: e = c (½ + ½ e)."""
    c = 1 / (1 + exp(-2))
    found = consistent_expectations(make(1, "accepts: 0.5", 2))
    assert found is not None
    assert found.unique
    assert [end.start for end in found.ends] == [0.0, 1.0]
    for end in found.ends:
        assert end.settled
        assert end.expected["consent"] == pytest.approx(0.5 * c / (1 - 0.5 * c), abs=0.02)
        assert end.solved["consent"] == pytest.approx(end.expected["consent"], abs=0.002)
        assert end.goals["built"].mean == pytest.approx(
            end.solved["consent"], abs=1e-9
        )  # given what the case presupposes


def test_expectations_that_feed_on_each_other_end_apart(make: Make) -> None:
    """Both must join, both only if they expect a consent that is sure once they are asked: nobody joins, or everybody."""
    found = consistent_expectations(make(2, "requires: consent, expects: 0.4, accepts: 1", 50))
    assert found is not None
    assert not found.unique
    low, high = found.ends
    assert (low.solved["consent"], low.goals["built"].mean) == (0.0, 0.0)
    assert high.solved["consent"] == pytest.approx(1.0, abs=1e-9)
    assert high.goals["built"].mean == pytest.approx(1.0, abs=1e-9)


def test_the_gap_is_given_what_is_presupposed(make: Make) -> None:
    """In fair weather, not on average over all weathers, is how often what was expected comes true."""
    world = make(1, "accepts: 0.5", 2, declared='"uniform(0.3, 0.7)"')
    (gap,) = expectation_gaps(world)
    c, e = 1 / (1 + exp(-2)), world.draws["members.ash.joins.expects"]
    joins = world.draws["expects.ash.consent"] < e
    solved = c * np.where(joins, 1.0, 0.5)
    assert (gap.member, gap.fact) == ("ash", "consent")
    assert gap.solved.mean == pytest.approx(float(solved.mean()), abs=1e-9)
    assert gap.gap.mean == pytest.approx(float((e - solved).mean()), abs=1e-9)


def test_only_where_the_case_asks_for_it(make: Make) -> None:
    assert consistent_expectations(make(1, "accepts: 0.5", 2, mode="declared")) is None
