"""Interventions on a consent structure over single worlds, for all sets of parties at once.

A world is one draw with one situation and one pattern of acceptances. Parties are the members (bits 0 … M−1) and the
facts (bits M … M+F−1), each fact standing for whoever decides it. Two tables are computed per world: what happens when a
set of parties is *made* to say yes (a member's own rule is cut, a fact is set), and what happens when members accept and
facts hold exactly as a set says (rules in force).

References
----------
Pearl (2009), Causality, ch. 3 (interventions); Chockler & Halpern (2004), JAIR 22:93-115 (counterfactual acts).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Bools, Floats
from vetopoint.coalition.joining import _fixed_points
from vetopoint.kernel import kernel

__all__ = ["MOST_MEMBERS", "MOST_PARTIES", "Structure", "acts_table", "enumerated_decisiveness", "forced_table"]

MOST_MEMBERS = 16
MOST_PARTIES = 20

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Structure:
    """A consent structure as arrays; M members, F facts, W worlds.

    Attributes
    ----------
    truth : for each member (2^k, 2^M) bool, its rule by its k switches and by mask of joined members.
    fact_bits : for each member (F,) int, the bit of each fact among its switches, 0 where it does not look at it.
    row : (W, M) each member's row with its stances set and its facts cleared.
    clause : (2^k, 2^M) bool, the coalition's clause; `clause_bits` (F,) as `fact_bits`.
    excludes : (F,) int, mask of facts that cannot hold together with a fact and are cleared when it is set.
    helps : (F,) bool, whether a yes to the fact means that it holds (else that it does not: a threat, say).
    capability : (W, M); need : (W,); minimum : least number of members.
    """

    truth: Sequence[Bools]
    fact_bits: Ints
    row: Ints
    clause: Bools
    clause_bits: Ints
    excludes: Ints
    helps: Bools
    capability: Floats
    need: Floats
    minimum: int

    @property
    def members(self) -> int:
        """Number of members."""
        return len(self.truth)

    @property
    def facts(self) -> int:
        """Number of facts."""
        return len(self.clause_bits)

    @property
    def willing(self) -> int:
        """The acts in which everybody accepts and every fact is as the plan would have it."""
        facts = sum(1 << f for f in range(self.facts) if self.helps[f])
        return facts << self.members | ((1 << self.members) - 1)


def forced_table(structure: Structure, acts: Ints, threads: int = 2) -> Bools:
    """Does the plan go ahead when a set of parties is made to say yes?

    Parameters
    ----------
    structure : the consent structure over W worlds.
    acts : (W,) int, the world as it is: bits of the members that accept and of the facts that hold.
    threads : worlds are shared out among so many threads.

    Returns
    -------
    (W, 2^(M+F)) bool; entry 0 is the world as it is.
    """
    return _table(structure, np.asarray(acts, dtype=np.int64), True, threads)


def acts_table(structure: Structure, threads: int = 2) -> Bools:
    """Does the plan go ahead when exactly a set of members accepts and facts hold, everyone's rule in force?

    Returns
    -------
    (W, 2^(M+F)) bool.
    """
    return _table(structure, np.zeros(len(structure.row), dtype=np.int64), False, threads)


def _table(structure: Structure, acts: Ints, force: bool, threads: int) -> Bools:
    m, f = structure.members, structure.facts
    if m > MOST_MEMBERS or m + f > MOST_PARTIES:
        raise ValueError(f"{m} members and {f} facts are too many for a table (at most {MOST_MEMBERS}, {MOST_PARTIES})")
    worlds = len(structure.row)
    offsets = np.cumsum([0, *(len(t) for t in structure.truth)])[:m].astype(np.int64)
    tables = np.concatenate([*structure.truth, np.zeros((1, 1 << m), dtype=bool)])
    out = np.zeros((worlds, 1 << (m + f)), dtype=bool)

    def run(start: int, stop: int) -> None:
        _worlds(
            tables, offsets, structure.fact_bits.reshape(m, f), structure.row, structure.clause, structure.clause_bits,
            structure.excludes, structure.helps, np.ascontiguousarray(structure.capability), structure.need,
            structure.minimum, acts, force, start, stop, out,
        )  # fmt: skip

    edges = [worlds * k // threads for k in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, edges[:-1], edges[1:]))
    return out


@kernel
def _worlds(  # type: ignore[no-untyped-def]
    tables, offsets, fact_bits, row, clause, clause_bits, excludes, helps, capability, need, minimum, acts, force,
    start, stop, out,
):  # fmt: skip
    m = row.shape[1]
    facts = len(clause_bits)
    size = 1 << m
    rules = np.empty(size, dtype=np.uint32)
    greatest = np.empty(size, dtype=np.uint32)
    least = np.empty(size, dtype=np.uint32)
    wins = np.empty(size, dtype=np.bool_)
    for w in range(start, stop):
        accepted = acts[w] & (size - 1)
        hold = acts[w] >> m
        for choice in range(1 << facts):
            now = choice
            if force:
                now = hold
                for f in range(facts):
                    if choice >> f & 1 and helps[f]:
                        now &= ~excludes[f]
                for f in range(facts):
                    if choice >> f & 1:
                        now = now | 1 << f if helps[f] else now & ~(1 << f)
            _rules_under(now, tables, offsets, fact_bits, row[w], rules)
            at = 0
            for f in range(facts):
                if now >> f & 1:
                    at |= clause_bits[f]
            for mask in range(size):
                wins[mask] = False
                if clause[at, mask]:
                    count = 0
                    brings = 0.0
                    for i in range(m):
                        if mask >> i & 1:
                            count += 1
                            brings += capability[w, i]
                    wins[mask] = count >= minimum and brings >= need[w]
            if not force:
                _fixed_points(rules, greatest, least)
            for mask in range(size):
                if force:
                    here = accepted | mask
                    while True:
                        stay = here & (rules[here] | mask)
                        if stay == here:
                            break
                        here = stay
                else:
                    here = greatest[mask]
                out[w, choice << m | mask] = wins[here]


@kernel
def _rules_under(now, tables, offsets, fact_bits, row, rules):  # type: ignore[no-untyped-def]
    rules[:] = 0
    for i in range(len(offsets)):
        at = row[i]
        for f in range(fact_bits.shape[1]):
            if now >> f & 1:
                at |= fact_bits[i, f]
        truth = tables[offsets[i] + at]
        for mask in range(len(rules)):
            if truth[mask]:
                rules[mask] |= np.uint32(1 << i)


def enumerated_decisiveness(rules: NDArray[np.uint32], wins: Bools, yes: Floats) -> tuple[Floats, Floats, float]:
    """Exact effect of every single intervention over all 2^m worlds of m parties.

    Parameters
    ----------
    rules : (2^m,) uint32; bit i of entry `mask`: does the rule of party i hold when `mask` has joined?
    wins : (2^m,) bool, does the plan go ahead when `mask` has joined?
    yes : (m,) probability that a party is willing; parties are independent.

    Returns
    -------
    do_yes, do_no : (m,) P(plan | do yes), P(plan | do no); and P(plan).

    Examples
    --------
    Where nobody looks at anybody and all are undecided, the difference is the absolute Banzhaf index:

    >>> import numpy as np
    >>> free = np.full(8, 0b111, dtype=np.uint32)
    >>> two_of_three = np.bitwise_count(np.arange(8, dtype=np.uint64)) >= 2
    >>> up, down, _ = enumerated_decisiveness(free, two_of_three, np.full(3, 0.5))
    >>> (up - down).tolist()
    [0.5, 0.5, 0.5]
    """
    m = len(yes)
    masks = np.arange(1 << m)
    weight = np.ones(1)
    for p in yes:
        weight = np.concatenate([weight * (1 - p), weight * p])
    rules = np.ascontiguousarray(rules, dtype=np.uint32)
    greatest = np.empty(1 << m, dtype=np.uint32)
    least = np.empty(1 << m, dtype=np.uint32)
    _fixed_points(rules, greatest, least)
    goes = wins[greatest]
    do_yes, do_no = np.empty(m), np.empty(m)
    for i in range(m):
        bit = 1 << i
        do_no[i] = weight @ goes[masks & ~bit]
        _fixed_points(rules | np.uint32(bit), greatest, least)
        do_yes[i] = weight @ wins[greatest[masks | bit]]
    return do_yes, do_no, float(weight @ goes)
