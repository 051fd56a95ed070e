"""What a run returns is what it stores, and a move's date is the same said now and read later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from vetopoint.answers import Answers
from vetopoint.case import load_case
from vetopoint.game.interventions import _mean_dates
from vetopoint.game.unroll import unroll
from vetopoint.study import run
from vetopoint.view.numbers import add_months

CASE = """
vetopoint: 1
title: Dates
as_of: 2026-01-31
horizon_months: 12
owner: town
actors: {town: {}, lord: {}}
quantities: {odds: "uniform(0.1, 0.3)"}
moves:
  luck: {by: chance, at: 0, options: {good: odds, bad: rest}}
  ask: {by: town, at: AT, options: [ask, wait]}
  answer: {by: lord, options: [yes_, no_]}
outcomes: {built: answer == yes_ and ask == ask, idle: otherwise}
goals: {built: outcome == built}
payoffs:
  town: {unit: [idle, built], gain: {worth: 1, when: outcome == built}}
  lord: {unit: [idle, built], gain: {worth: odds, when: outcome == built}}
"""


def test_a_run_returns_what_it_stores(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(CASE.replace("AT", "0.1"))
    answers = run(tmp_path, draws=64, seed=1)
    assert answers == Answers.from_json((tmp_path / "out" / "answers.json").read_text())


@pytest.mark.parametrize("month", [0.1, 1, 1.1, 3, 7.3, 11])
def test_equal_dates_have_that_date_as_their_mean(tmp_path: Path, month: float) -> None:
    (tmp_path / "case.yaml").write_text(CASE.replace("AT", str(month)))
    game = unroll(load_case(tmp_path))
    at_layer = np.where(game.node_public >= 0, game.public.layer[game.node_public], -1)
    rng = np.random.default_rng(0)
    for _ in range(200):
        found = _mean_dates(game, rng.uniform(size=game.nodes) ** 9, at_layer)
        assert found[1] == found[2] == month
        assert add_months(date(2026, 1, 31), found[1]) == add_months(date(2026, 1, 31), month)
