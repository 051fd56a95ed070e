"""Members who commit before an answer is known: what they expect of it beside what the game makes of it.

A *consistent* expectation is one that comes true: with members expecting p, the game solved on their joining gives the fact with
probability p, on average over draws, since members know the case no better than its reader does. There can be several, so the
search starts once from 0 and once from 1. Where yeses feed on yeses it climbs (falls) to the least (greatest) consistent expectation;
ends that differ mean that the outcome hangs on what is expected and not on what is wanted.
"""

from __future__ import annotations

import numpy as np

from vetopoint.answers import ConsistentExpectations, ExpectationAnswer, ExpectationEnd
from vetopoint.arrays import Floats, ratio
from vetopoint.chain.world import World, build_world, first_draws
from vetopoint.coalition import Consent
from vetopoint.quantity import band, given

__all__ = ["consistent_expectations", "expectation_gaps", "solved_facts"]


ROUNDS = 40
SETTLED = 0.002
SAME = 0.02


def solved_facts(world: World) -> tuple[dict[str, Floats], Floats]:
    """Fact to (n,) P(the fact holds in the end), given the chance events that the case presupposes, and P(those events) (n,)."""
    frame, holds = world.frame, world.frame.presupposed
    whole, facts = world.probability(holds), frame.situations.facts.items()
    return {fact: ratio(world.probability(holds & held[frame.situation]), whole) for fact, held in facts}, whole


def expectation_gaps(world: World) -> list[ExpectationAnswer]:
    """Every declared expectation beside its solved probability; empty where no member commits early."""
    tables = world.tables.coalition
    if tables is None:
        return []
    consent = Consent(world.frame.case, world.draws, tables.month)
    declared = [(name, *each) for i, name in enumerate(consent.members) for each in consent.expected(i).items()]
    if not declared:
        return []
    solved, whole = solved_facts(world)
    return [
        ExpectationAnswer(
            member=m,
            fact=fact,
            expected=given(p, whole) or band(p),
            solved=given(solved[fact], whole),
            gap=given(p - solved[fact], whole),
        )
        for m, fact, p in declared
    ]


def consistent_expectations(world: World) -> ConsistentExpectations | None:
    """The consistent expectations reached from 0 and from 1; None unless the case asks for them and a member has one."""
    case = world.frame.case
    if case.file.coalition.expectations != "consistent" or world.tables.coalition is None:
        return None
    few = first_draws(world, world.frame.budget.expectations)
    consent = Consent(case, few.draws, world.tables.coalition.month)
    facts = sorted({fact for i in range(len(consent.members)) for fact in consent.expected(i)})
    if not facts:
        return None
    ends = tuple(_end(few, dict.fromkeys(facts, start), start) for start in (0.0, 1.0))
    apart = max(abs(ends[1].expected[fact] - ends[0].expected[fact]) for fact in facts)
    return ConsistentExpectations(ends=ends, unique=apart <= SAME, draws=few.draws.n)


def _end(world: World, expected: dict[str, float], start: float) -> ExpectationEnd:
    """Let members expect what the game last gave, until that is what it gives."""
    tables = world.tables.coalition
    assert tables is not None
    case, n = world.frame.case, world.draws.n
    for done in range(1, ROUNDS + 1):
        expects = {fact: np.full(n, p) for fact, p in expected.items()}
        solved = Consent(case, world.draws, tables.month, expects).solve(tables.facts)
        now = build_world(world.frame, world.draws, like=world, changed="", coalition=solved)
        found, whole = solved_facts(now)
        bands = {fact: given(found[fact], whole) for fact in expected}
        came = {fact: expected[fact] if each is None else each.mean for fact, each in bands.items()}
        settled = max(abs(came[fact] - p) for fact, p in expected.items()) <= SETTLED
        if settled or done == ROUNDS:
            break
        expected = came
    return ExpectationEnd(
        start=start, expected=expected, solved=came, goals=now.goal_bands(), rounds=done, settled=settled
    )
