"""Who is decisive for the coalition: interventions on members and facts, Shapley lift, unlock and block sets, blame.

Definitions (engine only; the figure through the whole chain is the chain's): the value of a world is whether the
coalition reaches what it needs; ``do yes`` cuts a member's own rule and makes it join, or sets a fact; ``do no`` keeps a
member out, or clears a fact; the others follow their rules to a consistent set, the best one. Without cascades the
difference is Owen's multilinear derivative, hence Banzhaf's index where everybody is undecided at one half.

Single interventions are exact given each draw (`interventions`). Sets of them are tabulated over single worlds (`worlds`): a
world is one draw with one situation and one pattern of acceptances. Parties are the members (bits 0 … M−1) and the facts (bits
M … M+F−1), each fact standing for whoever decides it. Two tables are computed per world: what happens when a set of parties is
*made* to say yes (a member's own rule is cut, a fact is set), and what happens when members accept and facts hold exactly as a
set says (rules in force).

References
----------
Owen (1972), Multilinear extensions of games; Straffin (1977), Homogeneity, independence and power indices;
Shapley (1953); Pearl (2009), Causality, ch. 3 (interventions); Chockler & Halpern (2004), JAIR 22:93-115 (counterfactual acts).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vetopoint.arrays import Array, Bools, Floats, Ints, ratio
from vetopoint.coalition.consent import Consent
from vetopoint.coalition.joining import EXACT_MEMBERS, Quorum, monotone
from vetopoint.kernel import in_order, kernel
from vetopoint.pivots import Attribution, minimal_sets, owen, responsibility, shapley

__all__ = ["Interventions", "Structure", "Worlds", "acts_table", "exclusive", "forced_table", "interventions", "worlds"]

#: A party's no is an effective veto where it leaves P(quorum) at most this, and at most this share of what its yes gives.
EFFECTIVE_AT_MOST = 0.05
EFFECTIVE_SHARE = 0.2

#: Over so many members or parties nothing is tabulated; worlds tabulated at once.
MOST_MEMBERS = 16
MOST_PARTIES = 20
WORLDS_AT_ONCE = 64


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
        return np.asarray(ratio(first, first.sum(axis=0)).mean(axis=1))


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
    excluded = exclusive(facts)

    def solved(changed: Mapping[str, Bools], forced: Mapping[str, bool] | None = None) -> tuple[Floats, Floats]:
        """P(quorum) and the number that join, (n,) each."""
        found = consent.solve({**facts, **changed}, members=forced, by_member=False).values
        return (found["quorum"] * weights).sum(1), (found["joined"] * weights).sum(1)

    def settled(fact: str, yes: bool) -> dict[str, Bools]:
        others = excluded[fact] if yes else ()
        return {fact: np.full_like(facts[fact], yes), **{f: np.zeros_like(facts[f]) for f in others}}

    with_it, without = (
        [*(solved({}, {m: yes}) for m in consent.members), *(solved(settled(f, yes)) for f in consent.facts)]
        for yes in (True, False)
    )
    parties = (*consent.members, *consent.facts)
    yes, no = (np.reshape(found, (len(parties), 2, consent.draws.n)) for found in (with_it, without))
    return Interventions(parties, solved({})[0], yes[:, 0], no[:, 0], no[:, 1], _structural(consent))


def _structural(consent: Consent) -> Bools:
    """(P, n): a winning set without the party exists in no state of the facts, judged by clause, number and capability."""
    m, facts, quorum = len(consent.members), consent.facts, consent.quorum
    free = tuple(dict.fromkeys([*facts, *consent.clause.switches]))
    states = 1 << len(free)
    state = {f: (np.arange(states) >> j & 1).astype(bool)[:, None] for j, f in enumerate(free)}
    # Where a member's joining can break the clause, everybody together is not the best set.
    every = m <= EXACT_MEMBERS and not monotone(consent.clause_truth)
    sets = (np.arange(1 << m) >> np.arange(m)[:, None] & 1).astype(bool) if every else np.ones((m, 1), dtype=bool)
    out = np.zeros((m + len(facts), consent.draws.n), dtype=bool)
    for i in range(m):
        others = sets.copy()
        others[i] = False
        held = np.broadcast_to(consent.clause.holds(state, others[:, None]), (states, others.shape[1])).any(axis=0)
        able = others[:, held & (others.sum(axis=0) >= quorum.minimum)]
        out[i] = ~np.any(quorum.capability @ able >= quorum.least[:, None], axis=1)
    for j, fact in enumerate(facts):
        settled = ({**state, fact: np.full((states, 1), on)} for on in (False, True))
        out[m + j] = not all(np.any(consent.clause.holds(s, sets[:, None])) for s in settled)
    return out


@dataclass(frozen=True)
class Structure:
    """A consent structure as arrays; M members, F facts, W worlds.

    Attributes
    ----------
    truth : for each member (2^k, 2^M) bool, its rule by its k switches and by mask of joined members.
    fact_bits : (M, F) int, the bit of each fact among a member's switches, 0 where it does not look at it.
    row : (W, M) each member's row with its stances set and its facts cleared.
    clause : (2^k, 2^M) bool, the coalition's clause; `clause_bits` (F,) as `fact_bits`, `clause_row` (W,) as `row`.
    excludes : (F,) int, mask of facts that cannot hold together with a fact and are cleared when it is set.
    helps : (F,) bool, whether a yes to the fact means that it holds (else that it does not: a threat, say).
    quorum : what the members bring, and what is needed, in each world.
    """

    truth: Sequence[Bools]
    fact_bits: Ints
    row: Ints
    clause: Bools
    clause_bits: Ints
    clause_row: Ints
    excludes: Ints
    helps: Bools
    quorum: Quorum

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


def forced_table(structure: Structure, acts: Ints) -> Bools:
    """Does the plan go ahead when a set of parties is made to say yes? (W, 2^(M+F)) bool.

    Entry 0 is the world as it is, `acts` (W,): bits of the members that accept and of the facts that hold.
    """
    return _table(structure, np.asarray(acts, dtype=np.int64), True)[0]


def acts_table(structure: Structure, acts: Ints) -> tuple[Bools, Ints]:
    """Does it when exactly a set of members accepts and facts hold, everyone's rule in force? (W, 2^(M+F)) bool.

    And who joins under the `acts` (W,): the consistent set that holds all others, (W,) masks, −1 where there is none such.
    """
    return _table(structure, np.asarray(acts, dtype=np.int64), False)


def _table(structure: Structure, acts: Ints, force: bool) -> tuple[Bools, Ints]:
    m, f = structure.members, structure.facts
    if m > MOST_MEMBERS or m + f > MOST_PARTIES:
        raise ValueError(f"{m} members and {f} facts are too many for a table (at most {MOST_MEMBERS}, {MOST_PARTIES})")
    offsets = np.cumsum([0, *(len(t) for t in structure.truth)])[:m].astype(np.int64)
    tables = np.concatenate([*structure.truth, np.zeros((1, 1 << m), dtype=bool)])
    fact_bits, quorum = structure.fact_bits.reshape(m, f), structure.quorum
    capability, need = np.ascontiguousarray(quorum.capability), quorum.least
    out = np.zeros((len(structure.row), 1 << (m + f)), dtype=bool)
    joined = np.full(len(out), -1)

    def run(start: int) -> None:
        cut = slice(start, start + WORLDS_AT_ONCE)
        _worlds(
            tables, offsets, fact_bits, structure.row[cut], structure.clause, structure.clause_bits,
            structure.clause_row[cut], structure.excludes, structure.helps, capability[cut], need[cut], quorum.minimum, acts[cut], force, out[cut], joined[cut],
        )  # fmt: skip

    in_order(run, range(0, len(out), WORLDS_AT_ONCE))
    return out, joined


@kernel
def _worlds(
    tables: Bools, offsets: Ints, fact_bits: Ints, row: Ints, clause: Bools, clause_bits: Ints, clause_row: Ints,
    excludes: Ints, helps: Bools, capability: Floats, need: Floats, minimum: int, acts: Ints, force: bool, out: Bools, joined: Ints,
) -> None:  # fmt: skip
    """Tabulate w worlds into `out` (w, 2^(M+F)) and `joined` (w,); the arrays are those of `Structure` and its quorum.

    `tables` (rows, 2^M) holds all members' rules, those of member i from row ``offsets[i]`` on. `force` says whether a
    set is made to say yes in the world as it is, or is all that accepts and holds.
    """
    m, facts = row.shape[1], len(clause_bits)
    size = 1 << m
    rules, wins = np.empty(size, np.uint32), np.empty(size, dtype=np.bool_)
    for w in range(len(row)):
        accepted = acts[w] & (size - 1)
        for choice in range(1 << facts):
            now = _facts_under(acts[w] >> m, choice, excludes, helps) if force else choice
            _rules_under(now, tables, offsets, fact_bits, row[w], rules)
            _winning(clause[clause_row[w] | _bits(now, clause_bits)], capability[w], need[w], minimum, wins)
            table = out[w, choice << m : (choice + 1) << m]
            if force:
                _won_if_forced(rules, wins, accepted, table)
            else:
                _won_if_accepted(rules, wins, table)
                if choice == acts[w] >> m:
                    joined[w] = _greatest(rules, accepted)


@kernel
def _facts_under(hold: int, choice: int, excludes: Ints, helps: Bools) -> int:
    """Mask of the facts that hold once those of `choice` are settled as the plan would have them; excludes, helps (F,)."""
    now = hold
    for f in range(len(helps)):
        if choice >> f & 1 and helps[f]:
            now &= ~excludes[f]
    for f in range(len(helps)):
        if choice >> f & 1:
            now = now | 1 << f if helps[f] else now & ~(1 << f)
    return now


@kernel
def _bits(now: int, bits: Ints) -> int:
    """Row of a truth table when the facts `now` hold, from the bit of each fact among the switches, (F,)."""
    at = 0
    for f in range(len(bits)):
        if now >> f & 1:
            at |= bits[f]
    return at


@kernel
def _rules_under(now: int, tables: Bools, offsets: Ints, fact_bits: Ints, row: Ints, rules: Array) -> None:
    """Fill in the rules (2^M,) uint32 that stand when the facts `now` hold; row, offsets (M,), fact_bits (M, F)."""
    rules[:] = 0
    for i in range(len(offsets)):
        truth = tables[offsets[i] + (row[i] | _bits(now, fact_bits[i]))]
        for mask in range(len(rules)):
            if truth[mask]:
                rules[mask] |= np.uint32(1 << i)


@kernel
def _winning(clause: Bools, capability: Floats, need: float, minimum: int, wins: Bools) -> None:
    """Fill in which masks (2^M,) the clause (2^M,) allows and are enough; capability (M,)."""
    for mask in range(len(wins)):
        wins[mask] = False
        if clause[mask]:
            count = 0
            brings = 0.0
            for i in range(len(capability)):
                if mask >> i & 1:
                    count += 1
                    brings += capability[i]
            wins[mask] = count >= minimum and brings >= need


@kernel
def _won_if_forced(rules: Array, wins: Bools, accepted: int, table: Bools) -> None:
    """Fill in for which sets that are made to join (2^M,) some consistent set wins; rules, wins (2^M,).

    A set is consistent if the others in it accept and follow their rule, and nobody else would: whoever is in it and would not
    come by itself is forced, and any of the others may be.
    """
    for here in range(len(wins)):
        come = accepted & int(rules[here])
        if wins[here] and come & ~here == 0:
            _mark(here & ~come, here & come, table)


@kernel
def _won_if_accepted(rules: Array, wins: Bools, table: Bools) -> None:
    """Fill in for which sets of members that accept (2^M,) some consistent set wins; rules, wins (2^M,)."""
    for here in range(len(wins)):
        rule = int(rules[here])
        if wins[here] and here & ~rule == 0:
            _mark(here, (len(wins) - 1) & ~(rule | here), table)


@kernel
def _mark(surely: int, perhaps: int, table: Bools) -> None:
    """Set the entries of a table (2^M,) that hold all of one mask and any of another."""
    more = perhaps
    while True:
        table[surely | more] = True
        if more == 0:
            break
        more = (more - 1) & perhaps


@kernel
def _greatest(rules: Array, accepted: int) -> int:
    """The consistent set of those who accept that holds all the others, or −1; rules (2^M,)."""
    union = -1
    here = accepted
    while True:
        if here == accepted & np.int64(rules[here]):
            union = here if union < 0 else union | here
        if here == 0:
            break
        here = (here - 1) & accepted
    return union if union >= 0 and union == accepted & np.int64(rules[union]) else -1


@dataclass(frozen=True)
class Worlds:
    """Single worlds drawn from draws, situations and acceptances, with every intervention on them.

    Attributes
    ----------
    parties : members, then facts.
    acts : (W,) int, who accepts and which facts hold.
    forced : (W, 2^P) bool, does the plan go ahead when a set is made to say yes?
    free : (W, 2^P) bool, does it when exactly a set accepts and holds?
    joined : (W,) int, who joins: the consistent set that holds all others, or −1.
    structure : the arrays behind all.
    """

    parties: tuple[str, ...]
    acts: Ints
    forced: Bools
    free: Bools
    joined: Ints
    structure: Structure

    @property
    def _bits(self) -> Ints:
        return 1 << np.arange(len(self.parties), dtype=np.int64)

    def gain(self, subsets: Bools) -> Floats:
        """Batched value: P(quorum | do yes for a set), (k, P) -> (k, W)."""
        return self.forced[:, subsets @ self._bits].T.astype(float)

    def without(self, subsets: Bools) -> Floats:
        """Batched value: P(quorum) if a set refuses and everybody else is willing, rules in force; (k, P) -> (k, W)."""
        return self.free[:, self.structure.willing ^ (subsets @ self._bits)].T.astype(float)

    def lift(self) -> Attribution:
        """Shapley shares of what all yeses together would add."""
        return shapley(self.gain, len(self.parties), batch=1024)

    def bloc_lift(self, blocs: list[list[int]]) -> Attribution:
        """Owen shares where parties go in blocs."""
        return owen(self.gain, blocs, batch=1024)

    def unlock_sets(self, threshold: float, largest: int) -> list[tuple[int, ...]]:
        """Smallest sets whose yes brings P(quorum) to the threshold."""
        return minimal_sets(self.gain, len(self.parties), threshold, largest=largest)

    def block_sets(self, threshold: float, largest: int) -> list[tuple[int, ...]]:
        """Smallest sets whose no brings P(quorum) down to the threshold although everybody else is willing."""
        return minimal_sets(self.without, len(self.parties), threshold, below=True, largest=largest)

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
        accepted |= (consent.uniforms[:, i, 0] < consent.accepts[:, i]).astype(np.int64) << i
        seen = consent.switches(i, facts)
        expected = consent.expected(i)
        for bit, word in enumerate(consent.rules[i].switches):
            if word in consent.facts and word not in expected:
                fact_bits[i, consent.facts.index(word)] = 1 << bit
            else:
                row[:, i] |= np.broadcast_to(seen[word][:, 0], n).astype(np.int64) << bit
    clause_bits, clause_row = np.zeros(f, dtype=np.int64), np.zeros(n, dtype=np.int64)
    for bit, (word, held) in enumerate(consent.asked(facts).items()):
        if word in consent.facts:
            clause_bits[consent.facts.index(word)] = 1 << bit
        else:
            clause_row |= held[:, 0].astype(np.int64) << bit
    structure = Structure(
        consent.truth, fact_bits, row, consent.clause_truth, clause_bits, clause_row, _excludes(consent, facts),
        np.ones(f, dtype=bool) if helps is None else np.asarray(helps, dtype=bool), consent.quorum,
    )  # fmt: skip
    acts = hold << m | accepted
    parties = (*consent.members, *consent.facts)
    return Worlds(parties, acts, forced_table(structure, acts), *acts_table(structure, acts), structure)


def _excludes(consent: Consent, facts: Mapping[str, Bools]) -> Ints:
    excluded = exclusive({name: facts[name] for name in consent.facts})
    return np.array(
        [sum(1 << consent.facts.index(b) for b in excluded[name]) for name in consent.facts], dtype=np.int64
    )


def _draw_situation(weights: Floats, uniforms: Floats) -> Ints:
    total = weights.cumsum(axis=1)
    total = ratio(total, total[:, -1:])
    return np.asarray(np.minimum((uniforms[:, None] >= total).sum(axis=1), weights.shape[1] - 1))
