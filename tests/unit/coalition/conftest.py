"""A small made-up case with members, loaded from text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vetopoint.case import Case, load_case
from vetopoint.quantity import Draws, parse_distribution, sample

CASE = """
vetopoint: 1
title: A shared well
as_of: 2030-01-01
horizon_months: 24
owner: league
actors: {league: {label: The league}, hill: {label: The hill town}, host: {label: The host}}
moves:
  invite: {by: host, at: 1, options: [invites, declines]}
  answer: {by: hill, at: 2, options: [consents, refuses]}
outcomes: {built: answer == consents and invite == invites, otherwise: "true"}
goals: {built: outcome == built}
payoffs:
  hill: {unit: [built, otherwise], cost: {worth: -1, when: outcome == built}}
  host: {unit: [otherwise, built], gain: {worth: 1, when: outcome == built}}
  league: {unit: [otherwise, built], gain: {worth: 1, when: outcome == built}}
"""

MEMBERS = """
coalition:
  facts: {consent: answer == consents, invited: invite == invites}
  need: "uniform(4, 6)"
  minimum: 2
  requires: invited
members:
  ash: {capability: 4, joins: {requires: consent or not needs_consent, accepts: "beta(8, 2)"},
        stances: [{on: needs_consent, value: 0.3, date: 2029-06-01}], bloc: woods}
  birch: {capability: 3, joins: {requires: joined(1), accepts: 0.8}, bloc: woods}
  cedar: {capability: 2, joins: {requires: ash and (consent or not needs_consent), accepts: 0.7}}
  dill: {capability: 1, joins: {requires: "k_of(2, ash, birch, cedar)", accepts: "uniform(0.2, 0.9)"}}
others:
  - {on: needs_consent, share: 0.5, date: 2029-07-01, trend: rising, who: unnamed}
  - {on: needs_consent, share: "pert(0.4, 0.6, 0.8)", date: 2029-12-01, trend: rising, who: unnamed}
  - {on: supports, share: 0.5, trend: falling}
events:
  feast: {at: 6, shifts: {needs_consent: 0.2, cohesion: -0.1}}
"""


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., tuple[Case, Draws]]:
    """Load the case with a text of its members, and draw its numbers."""

    def make(members: str = MEMBERS, draws: int = 512, seed: int = 1) -> tuple[Case, Draws]:
        path = tmp_path / "well.yaml"
        path.write_text(CASE + members, encoding="utf-8")
        case = load_case(path)
        return case, sample({k: parse_distribution(i.text) for k, i in case.inputs.items()}, draws, seed)

    return make
