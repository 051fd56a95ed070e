"""Members without whom nothing passes by rule, whatever is done and whoever else is willing: they have a veto by rule.

A set of members can stand if each member in it finds its own rule met by the others, and passes if the coalition's clause and its least
number are met too. A member is indispensable if some set that holds it passes in some state of the public facts, and none without
it does in any. What members bring is a number and no rule, so that it does not count here.

References
----------
Taylor, A. D. & Zwicker, W. S. (1999), *Simple Games*: i is a veto player iff no coalition without i wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np

from vetopoint.arrays import Bools
from vetopoint.case.assignments import assignments, facts_under
from vetopoint.coalition.consent import Consent, Rule, agreement_of, negates_members
from vetopoint.coalition.joining import EXACT_MEMBERS

__all__ = ["indispensable"]


def indispensable(consent: Consent, facts: Mapping[str, Bools]) -> tuple[str, ...]:
    """The members who have a veto by rule, in the order of the file.

    Of more than `EXACT_MEMBERS` whose rules others can break by joining it cannot be told, and none is named.

    Parameters
    ----------
    consent : the consent structure.
    facts : fact to (S,) whether it holds in each situation of the game, which count where there are too many combinations of moves.
    """
    if not consent.members:
        return ()
    states = _states(consent, facts)
    if len(consent.members) <= EXACT_MEMBERS:
        passing = _passing(consent, states)
        inside = (np.arange(len(passing)) >> np.arange(len(consent.members))[:, None] & 1).astype(bool)
        without = [bool((passing & ~own).any()) for own in inside]
        some = bool(passing.any())
    else:
        if any(negates_members(rule) for rule in (*consent.rules, consent.clause)):
            return ()
        without = [_passes_at_best(consent, states, i) for i in range(len(consent.members))]
        some = _passes_at_best(consent, states, None)
    return tuple(m for m, can in zip(consent.members, without, strict=True) if some and not can)


def _states(consent: Consent, facts: Mapping[str, Bools]) -> dict[str, Bools]:
    """Facts, and whether issues are agreed, to (k,) truth in each combination that what is done can bring about."""
    choices = assignments(consent.case, consent.facts)
    held = dict(facts) if choices is None else facts_under(consent.case, choices, consent.facts)
    issues = sorted({i for rule in (*consent.rules, consent.clause) for i in rule.expression.issues})
    table = np.stack([held[f] for f in consent.facts], axis=1) if consent.facts else np.zeros((1, 0), dtype=bool)
    rows = [(*row, *more) for row in np.unique(table, axis=0) for more in product((False, True), repeat=len(issues))]
    names = [*consent.facts, *map(agreement_of, issues)]
    return {name: np.array([row[j] for row in rows]) for j, name in enumerate(names)} or {"": np.ones(1, dtype=bool)}


def _least(consent: Consent) -> int:
    """How many must join: where something is needed at all, somebody must."""
    return max(consent.quorum.minimum, 0 if consent.quorum.need is None else 1)


def _may_hold(consent: Consent, rule: Rule, states: Mapping[str, Bools], joined: Bools) -> Bools:
    """Whether a rule can hold, what its member takes for granted and its stances being whatever they may: (k, …) for joined (M, …)."""
    expected = set() if rule.own is None else set(consent.expected(rule.own))
    own = [w for w in rule.switches if w not in states or w in expected]
    shape = (len(next(iter(states.values()))), *joined.shape[2:])
    public = {w: states[w].reshape(-1, *[1] * (joined.ndim - 2)) for w in rule.switches if w not in own}
    found = np.zeros(shape, dtype=bool)
    for truth in product((False, True), repeat=len(own)):
        found |= np.broadcast_to(
            rule.holds({**public, **dict(zip(own, map(np.array, truth), strict=True))}, joined), shape
        )
    return found


def _passing(consent: Consent, states: Mapping[str, Bools]) -> Bools:
    """(2^M,) whether a set of members, as the bits of its number, passes in some state."""
    m = len(consent.members)
    sets = (np.arange(1 << m) >> np.arange(m)[:, None] & 1).astype(bool)
    passes = _may_hold(consent, consent.clause, states, sets[:, None])
    for i, rule in enumerate(consent.rules):
        passes &= _may_hold(consent, rule, states, sets[:, None]) | ~sets[i]
    return np.asarray(passes.any(axis=0) & (sets.sum(axis=0) >= _least(consent)))


def _passes_at_best(consent: Consent, states: Mapping[str, Bools], out: int | None) -> bool:
    """Whether the largest set that can stand passes in some state, one member kept out; rules that nobody breaks by joining."""
    m, k = len(consent.members), len(next(iter(states.values())))
    joined = np.ones((m, k), dtype=bool)
    if out is not None:
        joined[out] = False
    for _ in range(m + 1):
        after = np.stack([joined[i] & _may_hold(consent, rule, states, joined) for i, rule in enumerate(consent.rules)])
        if np.array_equal(after, joined):
            break
        joined = after
    passes = _may_hold(consent, consent.clause, states, joined) & (joined.sum(axis=0) >= _least(consent))
    return bool(passes.any())
