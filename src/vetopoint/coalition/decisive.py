"""Who is decisive for the coalition: interventions on members and facts, Shapley lift, unlock and block sets, blame.

Definitions (engine only; the figure through the whole chain is `analysis`'s): the value of a world is whether the
coalition reaches what it needs; ``do yes`` cuts a member's own rule and makes it join, or sets a fact; ``do no`` keeps a
member out, or clears a fact; the others follow their rules to the new greatest fixed point. Without cascades the
difference is Owen's multilinear derivative, hence Banzhaf's index where everybody is undecided at one half.

References
----------
Owen (1972), Multilinear extensions of games; Straffin (1977), Homogeneity, independence and power indices;
Shapley (1953); Chockler & Halpern (2004).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Bools, Floats
from vetopoint.coalition.consent import Consent
from vetopoint.coalition.worlds import MOST_MEMBERS, MOST_PARTIES, Structure, acts_table, forced_table
from vetopoint.pivots import Attribution, minimal_sets, owen, responsibility, shapley
from vetopoint.pivots.subsets import Value

__all__ = ["Interventions", "Worlds", "exclusive", "interventions", "worlds"]


#: A party's no is an effective veto where it leaves P(quorum) at most this, and at most this share of what its yes gives.
EFFECTIVE_AT_MOST = 0.05
EFFECTIVE_SHARE = 0.2


@dataclass(frozen=True)
class Interventions:
    """Exact effect of single yeses and noes, given each draw; P parties (members, then facts), n draws.

    Attributes
    ----------
    base : (n,) P(quorum).
    yes, no : (P, n) P(quorum | do yes), P(quorum | do no).
    joined_without : (P, n) expected number that join if the party says no.
    structural : (P, n) whether nothing could go ahead without it even if everybody else joined, whatever the other facts.
    """

    parties: tuple[str, ...]
    base: Floats
    yes: Floats
    no: Floats
    joined_without: Floats
    structural: Bools

    @property
    def decisiveness(self) -> Floats:
        """(P, n) yes − no."""
        return self.yes - self.no

    @property
    def effective(self) -> Bools:
        """(P, n) without it hardly anything goes ahead, although by the clauses it could; thresholds as for moves in the game."""
        low, high = np.minimum(self.no, self.yes), np.maximum(self.no, self.yes)
        return (low <= EFFECTIVE_AT_MOST) & (low <= EFFECTIVE_SHARE * high) & (high > 1e-12) & ~self.structural

    @property
    def largest(self) -> Floats:
        """(P,) share of draws in which a party's decisiveness is the largest in size, for or against; ties share, draws without any count for none."""
        if not len(self.parties):
            return np.zeros(0)
        d = np.abs(self.decisiveness)
        best = d.max(axis=0)
        first = (d >= best - 1e-12) & (best > 1e-12)
        share = first / np.maximum(first.sum(axis=0), 1)
        return np.asarray(share.mean(axis=1))


def exclusive(facts: Mapping[str, Bools]) -> dict[str, tuple[str, ...]]:
    """Facts that never hold together with a fact in any situation although each holds in some."""
    return {
        a: tuple(b for b in facts if b != a and facts[a].any() and facts[b].any() and not (facts[a] & facts[b]).any())
        for a in facts
    }


def interventions(consent: Consent, facts: Mapping[str, Bools], weights: Floats) -> Interventions:
    """Force every party to yes and to no, one at a time.

    Parameters
    ----------
    consent : the consent structure over n draws.
    facts : fact to (S,) bool.
    weights : (n, S) probability of each situation.
    """
    parties = (*consent.members, *consent.facts)
    excluded = exclusive(facts)
    yes, no, left = [], [], []
    for name in consent.members:
        with_it = consent.solve(facts, members={name: True}, by_member=False)
        without = consent.solve(facts, members={name: False}, by_member=False)
        yes.append((with_it.values["quorum"] * weights).sum(1))
        no.append((without.values["quorum"] * weights).sum(1))
        left.append((without.values["joined"] * weights).sum(1))
    for name in consent.facts:
        on = {f: np.full_like(v, f == name) if f == name or f in excluded[name] else v for f, v in facts.items()}
        without = consent.solve({**facts, name: np.zeros_like(facts[name])}, by_member=False)
        yes.append((consent.solve(on, by_member=False).values["quorum"] * weights).sum(1))
        no.append((without.values["quorum"] * weights).sum(1))
        left.append((without.values["joined"] * weights).sum(1))
    base = (consent.solve(facts, by_member=False).values["quorum"] * weights).sum(1)
    shape = (len(parties), consent.draws.n)
    return Interventions(
        parties, base, np.reshape(yes, shape), np.reshape(no, shape), np.reshape(left, shape), _structural(consent)
    )


def _structural(consent: Consent) -> Bools:
    """(P, n): a winning set without the party exists in no state of the facts, judged by clause, number and capability."""
    m, facts, n = len(consent.members), consent.facts, consent.draws.n
    need = np.full(n, -np.inf) if consent.need is None else consent.need
    minimum = consent.case.file.coalition.minimum
    everybody = np.ones((m, 1), dtype=bool)
    states = 1 << len(facts)
    state = {f: (np.arange(states) >> j & 1).astype(bool) for j, f in enumerate(facts)}
    out = np.zeros((m + len(facts), n), dtype=bool)
    for i in range(m):
        others = everybody.copy()
        others[i] = False
        clause = bool(np.any(consent.clause.holds(state, np.repeat(others, states, axis=1))))
        enough = consent.capability.sum(1) - consent.capability[:, i] >= need
        out[i] = ~(enough & clause & (m - 1 >= minimum))
    for j, fact in enumerate(facts):
        held = [
            bool(
                np.any(consent.clause.holds({**state, fact: np.full(states, on)}, np.repeat(everybody, states, axis=1)))
            )
            for on in (False, True)
        ]
        out[m + j] = not all(held)
    return out


@dataclass(frozen=True)
class Worlds:
    """Single worlds drawn from draws, situations and acceptances, with every intervention on them.

    Attributes
    ----------
    parties : members, then facts.
    acts : (W,) int, who accepts and which facts hold.
    forced : (W, 2^P) bool, does the plan go ahead when a set is made to say yes?
    free : (W, 2^P) bool, does it when exactly a set accepts and holds?
    structure : the arrays behind both.
    """

    parties: tuple[str, ...]
    acts: NDArray[np.int64]
    forced: Bools
    free: Bools
    structure: Structure

    def gain(self) -> Value:
        """Batched value: P(quorum | do yes for a set), (k, P) -> (k, W)."""
        bits = 1 << np.arange(len(self.parties), dtype=np.int64)
        return lambda subsets: self.forced[:, subsets @ bits].T.astype(float)

    def without(self) -> Value:
        """Batched value: P(quorum) if a set refuses and everybody else is willing, rules in force; (k, P) -> (k, W)."""
        bits = 1 << np.arange(len(self.parties), dtype=np.int64)
        return lambda subsets: self.free[:, self.structure.willing ^ (subsets @ bits)].T.astype(float)

    def lift(self) -> Attribution:
        """Shapley shares of what all yeses together would add."""
        return shapley(self.gain(), len(self.parties), batch=1024)

    def bloc_lift(self, blocs: list[list[int]]) -> Attribution:
        """Owen shares where parties go in blocs."""
        return owen(self.gain(), blocs, batch=1024)

    def unlock_sets(self, threshold: float, largest: int) -> list[tuple[int, ...]]:
        """Smallest sets whose yes brings P(quorum) to the threshold."""
        return minimal_sets(self.gain(), len(self.parties), threshold, largest=largest)

    def block_sets(self, threshold: float, largest: int) -> list[tuple[int, ...]]:
        """Smallest sets whose no brings P(quorum) down to the threshold although everybody else is willing."""
        return minimal_sets(self.without(), len(self.parties), threshold, below=True, largest=largest)

    def blame(self, most: int = 64) -> tuple[Floats, Bools]:
        """Degree of responsibility of each party that withholds its yes, (P, w), and in which of the w worlds the plan fails."""
        w = min(most, len(self.acts))
        degree = np.zeros((len(self.parties), w))
        fails = np.zeros(w, dtype=bool)
        for k in range(w):
            here = int(self.acts[k])
            fails[k] = not self.free[k, here]
            if fails[k]:
                refuses = (((here ^ self.structure.willing) >> np.arange(len(self.parties))) & 1).astype(bool)
                degree[:, k] = responsibility(self.free[k], here) * refuses
        return degree, fails


def worlds(consent: Consent, facts: Mapping[str, Bools], weights: Floats, helps: Bools | None = None) -> Worlds | None:
    """Draw one world per draw and tabulate every intervention; None where there are too many parties for tables.

    Parameters
    ----------
    consent, facts, weights : as in `interventions`.
    helps : (F,) whether a fact helps the plan by holding (default: all do).
    """
    m, f, n = len(consent.members), len(consent.facts), consent.draws.n
    if m > MOST_MEMBERS or m + f > MOST_PARTIES or m + f == 0:
        return None
    situation = _draw_situation(weights, consent.draws.uniforms("coalition.situation"))
    hold = np.zeros(n, dtype=np.int64)
    for j, name in enumerate(consent.facts):
        hold |= facts[name][situation].astype(np.int64) << j
    accepted = np.zeros(n, dtype=np.int64)
    row = np.zeros((n, m), dtype=np.int64)
    fact_bits = np.zeros((m, f), dtype=np.int64)
    for i in range(m):
        accepted |= (consent.uniforms[:, i] < consent.accepts[:, i]).astype(np.int64) << i
        seen = consent.switches(i, facts)
        expected = consent.expected(i)
        for bit, word in enumerate(consent.rules[i].switches):
            if word in consent.facts and word not in expected:
                fact_bits[i, consent.facts.index(word)] = 1 << bit
            else:
                row[:, i] |= np.broadcast_to(seen[word][:, 0], n).astype(np.int64) << bit
    clause_bits = np.zeros(f, dtype=np.int64)
    for bit, word in enumerate(consent.clause.switches):
        clause_bits[consent.facts.index(word)] = 1 << bit
    structure = Structure(
        consent.truth, fact_bits, row, consent.clause_truth, clause_bits, _excludes(consent, facts),
        np.ones(f, dtype=bool) if helps is None else np.asarray(helps, dtype=bool), consent.capability,
        np.full(n, -np.inf) if consent.need is None else np.array(consent.need), consent.case.file.coalition.minimum,
    )  # fmt: skip
    acts = hold << m | accepted
    parties = (*consent.members, *consent.facts)
    return Worlds(parties, acts, forced_table(structure, acts), acts_table(structure), structure)


def _excludes(consent: Consent, facts: Mapping[str, Bools]) -> NDArray[np.int64]:
    excluded = exclusive({name: facts[name] for name in consent.facts})
    return np.array(
        [sum(1 << consent.facts.index(b) for b in excluded[name]) for name in consent.facts], dtype=np.int64
    )


def _draw_situation(weights: Floats, uniforms: Floats) -> NDArray[np.int64]:
    total = weights.cumsum(axis=1)
    total = total / np.maximum(total[:, -1:], 1e-300)
    return np.asarray(np.minimum((uniforms[:, None] >= total).sum(axis=1), weights.shape[1] - 1))
