"""Cases that the game's tests unroll, and a loader for cases written in a test."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import numpy as np
import pytest
from numpy.typing import NDArray

from vetopoint.case import Case, Expression, Scope, load_case
from vetopoint.game.priced import PricedGame
from vetopoint.game.unroll import ChanceSet, GameTree, chance_probabilities

CONSENT = """
vetopoint: 1
title: A presence that needs consent
as_of: 2026-01-01
owner: coalition
actors: {coalition: {}, russia: {}, us: {}}
quantities:
  hostile: beta(2, 2)
  feared: beta(4, 2)
  reached: uniform(0.2, 0.8)
types:
  russia: {tough: {truth: hostile, believed: {coalition: feared}}, tolerant: rest}
moves:
  warn:      {by: russia, at: 0, options: [silent, oppose, designate]}
  ceasefire: {by: chance, at: 3, options: {reached: reached, not: rest}}
  offer:     {by: coalition, at: 3, when: ceasefire == reached, options: [contingent, remote, nothing]}
  answer:    {by: russia, at: 4, when: offer == contingent, options: [consent, oppose, designate]}
  respond:   {by: coalition, at: 5, when: "answer in [oppose, designate]", options: [deploy, reshape, shelve]}
  enforce:   {by: russia, at: 6, when: respond == deploy, options: [strike, tolerate]}
  review:
    by: russia
    when: answer == consent or enforce == tolerate
    options: [keep, revoke]
    repeat: {every: 6, until: 18, stop_when: review == revoke}
  after:     {by: coalition, when: any(review == revoke), options: [stay, reshape, leave]}
threats:
  targets:
    by: russia
    to: coalition
    made: "designate in [warn, answer]"
    silent_twin: oppose
    demand: respond != deploy
    defied: respond == deploy
    carried_out: enforce == strike
outcomes:
  struck: enforce == strike
  revoked: any(review == revoke)
  consented: answer == consent
  defiant: respond == deploy
  reshaped: offer == remote or respond == reshape
  shelved: otherwise
goals:
  deployed: "outcome in [consented, defiant]"
  sent: answer == consent or respond == deploy
payoffs:
  coalition: {unit: [shelved, consented], seen: {worth: 1, when: "outcome in [consented, defiant]"}}
  russia: {unit: [shelved, consented], costs: {worth: -1, when: "outcome in [consented, defiant]"}}
"""

SMALL = """
vetopoint: 1
title: Propose and answer
as_of: 2026-01-01
owner: proposer
actors: {proposer: {}, answerer: {}}
moves:
  offer:  {by: proposer, at: 1, options: [yes_offer, no_offer]}
  answer: {by: answerer, at: 2, when: offer == yes_offer, options: [accept, refuse]}
outcomes: {agreed: answer == accept, failed: otherwise}
goals: {agreement: outcome == agreed}
payoffs:
  proposer: {unit: [failed, agreed], gain: {worth: 1, when: outcome == agreed}}
  answerer: {unit: [failed, agreed], gain: {worth: 1, when: outcome == agreed}}
"""

MakeCase = Callable[[str], Case]


@pytest.fixture(scope="session")
def make_case(tmp_path_factory: pytest.TempPathFactory) -> MakeCase:
    """Load a case from its text."""

    def make(text: str) -> Case:
        path = tmp_path_factory.mktemp("case") / "case.yaml"
        path.write_text(dedent(text), encoding="utf-8")
        return load_case(path)

    return make


@pytest.fixture(scope="session")
def consent_case(make_case: MakeCase) -> Case:
    return make_case(CONSENT)


@pytest.fixture(scope="session")
def small_case(make_case: MakeCase) -> Case:
    return make_case(SMALL)


Price = Callable[..., PricedGame]


@pytest.fixture(scope="session")
def price() -> Price:
    """Price a game with given payoffs: quantities stand at values, chance and types follow the case."""

    def make(
        game: GameTree,
        payoffs: NDArray[np.float64],
        precision: float | NDArray[np.float64] = 1.0,
        values: dict[str, NDArray[np.float64]] | None = None,
    ) -> PricedGame:
        n = payoffs.shape[0]

        def value(expression: Expression, chance: ChanceSet | None) -> NDArray[np.float64]:
            past = chance.scope if chance else Scope()
            return expression.evaluate(Scope(values or {}, past.choices, {}, past.rounds, past.options))

        chance = chance_probabilities(game, value, n)
        rates = np.broadcast_to(np.asarray(precision, dtype=float), (n, len(game.players))).copy()
        return PricedGame(game, (payoffs,), (0,) * len(game.players), chance, rates)

    return make
