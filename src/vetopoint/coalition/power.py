"""Formal bodies: who carries a decision under weighted, double and alternative majorities and vetoes, and the power of each voter.

Coalitions are counted under the real rules, as exact integers. Voters with equal weights are interchangeable, so where few
kinds of voter exist, numbers of voters by kind are enumerated; else `vetopoint.coalition.counting` counts them in a table, lists
them, or, where both are too many, draws orders and coalitions and says how far off that leaves the figures.

References
----------
Shapley & Shubik (1954), A method for evaluating the distribution of power in a committee system; Penrose (1946);
Banzhaf (1965); Coleman (1971), Control of collectivities and the power of a collectivity to act; Johnston (1978);
Deegan & Packel (1978); Holler (1982), Forming coalitions and measuring voting power (public good index).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, factorial, prod

import numpy as np

from vetopoint.arrays import Array, Bools, Floats, Ints
from vetopoint.coalition.counting import DRAWN, MOST_LISTED, Counts, Majorities, drawn, listed, tabulated, whole

__all__ = ["PowerIndices", "VotingRule", "passes", "power_indices"]

#: Largest number of combinations of numbers of voters by kind that is enumerated.
MOST_KINDS = 1 << 21

Indices = tuple[Fraction | float, ...]


@dataclass(frozen=True)
class VotingRule:
    """A yes-or-no voting rule.

    A coalition wins if it holds every veto player and either reaches `quota` with at least `minimum` voters and every
    further majority, or has `or_at_least` voters; or if it reaches every majority of `override`, veto or no veto.

    Attributes
    ----------
    weights : (v,) weight of each voter.
    quota : weight that must be reached.
    minimum : least number of voters beside the quota.
    or_at_least : so many voters win whatever their weight, or None.
    vetoes : indices of voters without whom nothing passes.
    also : further (weights, quota) that must be reached as well.
    override : (weights, quota) that carry a decision together, whatever else.
    """

    weights: tuple[float, ...]
    quota: float
    minimum: int = 0
    or_at_least: int | None = None
    vetoes: frozenset[int] = frozenset()
    also: tuple[tuple[tuple[float, ...], float], ...] = ()
    override: tuple[tuple[tuple[float, ...], float], ...] = ()

    def wins(self, yes: Bools) -> Bools:
        """(k, v) bool, one row a coalition -> (k,) bool."""
        yes = np.asarray(yes, dtype=bool)
        unstopped = np.all(yes[:, list(self.vetoes)], axis=1)
        return self._carried(lambda weights: yes @ np.asarray(weights), yes.sum(axis=1), unstopped)

    def _carried(self, votes: Callable[[Sequence[float]], Floats], count: Ints, unstopped: Bools) -> Bools:
        """(k,) bool, from the votes under given weights, the number of voters, and whether all veto players are in."""

        def reached(*majorities: tuple[tuple[float, ...], float]) -> Bools:
            # Sums of weights as written in decimals may fall short of the quota by rounding.
            return np.asarray(np.all([votes(weights) >= quota - 1e-9 for weights, quota in majorities], axis=0))

        won = reached((self.weights, self.quota), *self.also) & (count >= self.minimum)
        if self.or_at_least is not None:
            won |= count >= self.or_at_least
        won &= unstopped
        return np.asarray(won | reached(*self.override) if self.override else won)

    @property
    def whole(self) -> Majorities:
        """The rule in whole numbers."""
        v = len(self.weights)
        veto = tuple(float(i in self.vetoes) for i in range(v))
        majorities = [(self.weights, self.quota), *self.also, (veto, float(len(self.vetoes))), *self.override]
        rows, quotas = zip(*(whole(weights, quota) for weights, quota in majorities), strict=True)
        at_least = v + 1 if self.or_at_least is None else self.or_at_least
        return Majorities(np.array(rows), np.array(quotas), 1 + len(self.also), self.minimum, at_least)


def passes(rule: VotingRule, voters: Sequence[str], members: Sequence[str]) -> Callable[[Bools], Bools]:
    """A test over coalition members, (k, M) bool -> (k,) bool; voters who are no members count as voting no."""
    there = [(v, members.index(name)) for v, name in enumerate(voters) if name in members]

    def test(joined: Bools) -> Bools:
        yes = np.zeros((len(joined), len(voters)), dtype=bool)
        for voter, member in there:
            yes[:, voter] = joined[:, member]
        return rule.wins(yes)

    return test


# -- power ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PowerIndices:
    """Power of each voter; v voters, in the order of the rule's weights.

    Attributes
    ----------
    swings : number of coalitions of others that win with the voter and lose without; empty where coalitions were drawn.
    winning : number of winning coalitions; 0 where they were drawn.
    shapley_shubik : share of the orderings in which the voter turns losing into winning.
    banzhaf : swings / 2^(v−1), Penrose's absolute measure; `banzhaf_normalised` sums to 1.
    coleman_prevent : swings / winning coalitions; `coleman_initiate`: swings / losing coalitions.
    power_to_act : winning coalitions / 2^v (Coleman).
    johnston, deegan_packel, holler : the indices of these names; None where voters are of too many kinds to enumerate.
    drawn : how many orders, and coalitions, were drawn; 0 where all were counted, and all figures but these are fractions.
    error : standard error of each voter's share of the orderings, where they were drawn.
    """

    swings: tuple[int, ...]
    winning: int
    shapley_shubik: Indices
    banzhaf: Indices
    banzhaf_normalised: Indices
    coleman_prevent: Indices
    coleman_initiate: Indices
    power_to_act: Fraction | float
    johnston: Indices | None
    deegan_packel: Indices | None
    holler: Indices | None
    drawn: int = 0
    error: tuple[float, ...] = ()


def power_indices(rule: VotingRule, *, minimal: bool = True) -> PowerIndices:
    """All indices of a voting rule.

    Parameters
    ----------
    rule : weights, quota, minimum, alternative majority, vetoes, further majorities, override.
    minimal : also the indices that look at critical voters of each coalition (Johnston, Deegan-Packel, Holler).

    Examples
    --------
    The six of 1958: Luxembourg has a vote and no power.

    >>> six = power_indices(VotingRule((4, 4, 4, 2, 2, 1), 12))
    >>> [str(x) for x in six.shapley_shubik]
    ['7/30', '7/30', '7/30', '3/20', '3/20', '0']
    """
    v = len(rule.weights)
    kinds, kind_of = _kinds(rule)
    counts = _counted(rule, kinds, kind_of)
    if counts is None:
        return _drawn(rule)
    by_size, winning = counts
    orderings = [factorial(s) * factorial(v - 1 - s) for s in range(v)]
    turned = [sum(a * b for a, b in zip(row, orderings, strict=True)) for row in by_size]
    count = [sum(row) for row in by_size]
    listed = minimal and _combinations(kinds) <= MOST_KINDS
    johnston, deegan_packel, holler = _by_kind(rule, kinds, kind_of) if listed else (None, None, None)

    def per(whole: int) -> Indices:
        return tuple(Fraction(c, whole or 1) for c in count)

    return PowerIndices(
        swings=tuple(count),
        winning=winning,
        shapley_shubik=tuple(Fraction(t, factorial(v)) for t in turned),
        banzhaf=per(1 << (v - 1)),
        banzhaf_normalised=per(sum(count)),
        coleman_prevent=per(winning),
        coleman_initiate=per((1 << v) - winning),
        power_to_act=Fraction(winning, 1 << v),
        johnston=johnston,
        deegan_packel=deegan_packel,
        holler=holler,
    )


def _counted(rule: VotingRule, kinds: list[int], kind_of: list[int]) -> Counts | None:
    """Swings of each voter by the number of others in the coalition, and how many coalitions win; None if they are too many."""
    majorities, v = rule.whole, len(rule.weights)
    by_kind, in_a_table = _combinations(kinds), majorities.steps
    one_by_one = 1 << v if v <= MOST_LISTED else float("inf")
    if by_kind <= MOST_KINDS and by_kind <= min(in_a_table, one_by_one):
        return _swings_by_kind(rule, kinds, kind_of)
    if min(in_a_table, one_by_one) == float("inf"):
        return None
    return tabulated(majorities) if in_a_table <= one_by_one else listed(majorities)


def _drawn(rule: VotingRule) -> PowerIndices:
    found = drawn(rule.whole)
    won = found.winning

    def per(whole: float) -> Indices:
        return tuple((found.swings / whole if whole else 0.0 * found.swings).tolist())

    return PowerIndices(
        swings=(), winning=0, shapley_shubik=tuple(found.pivots.tolist()), banzhaf=per(1.0),
        banzhaf_normalised=per(float(found.swings.sum())), coleman_prevent=per(2.0 * won),
        coleman_initiate=per(2.0 * (1.0 - won)), power_to_act=won, johnston=None, deegan_packel=None, holler=None,
        drawn=DRAWN, error=tuple(found.error.tolist()),
    )  # fmt: skip


# -- voters of few kinds -------------------------------------------------------------------------------------------


def _kinds(rule: VotingRule) -> tuple[list[int], list[int]]:
    """Number of voters of each kind, and the kind of each voter."""
    alike: dict[tuple[object, ...], int] = {}
    kind_of = [
        alike.setdefault((weight, i in rule.vetoes, *(a[0][i] for a in (*rule.also, *rule.override))), len(alike))
        for i, weight in enumerate(rule.weights)
    ]
    return [kind_of.count(k) for k in alike.values()], kind_of


def _combinations(kinds: Sequence[int]) -> int:
    return prod(n + 1 for n in kinds)


@dataclass(frozen=True)
class _Counts:
    """Every combination of numbers of voters by kind: (c, kinds) counts, who wins and is critical, in how many ways."""

    numbers: Ints
    size: Ints
    wins: Bools
    critical: Bools
    ways: Array


def _counts(rule: VotingRule, kinds: Sequence[int], kind_of: Sequence[int]) -> _Counts:
    shape = tuple(n + 1 for n in kinds)
    numbers = np.stack([x.ravel() for x in np.indices(shape)], axis=1).astype(np.int64)
    first = [kind_of.index(k) for k in range(len(kinds))]

    def votes(weights: Sequence[float]) -> Floats:
        return np.asarray(numbers @ np.asarray([weights[i] for i in first], dtype=float))

    size = numbers.sum(axis=1)
    vetoing = [k for k, i in enumerate(first) if i in rule.vetoes]
    wins = rule._carried(votes, size, (numbers == kinds)[:, vetoing].all(axis=1))
    critical = np.zeros(numbers.shape, dtype=bool)
    ways = np.ones(len(numbers), dtype=object)
    for k, n in enumerate(kinds):
        has = np.flatnonzero(numbers[:, k])
        critical[has, k] = wins[has] & ~wins[has - prod(shape[k + 1 :])]
        ways = ways * np.array([comb(n, j) for j in range(n + 1)], dtype=object)[numbers[:, k]]
    return _Counts(numbers, size, wins, critical, ways)


def _swings_by_kind(rule: VotingRule, kinds: Sequence[int], kind_of: Sequence[int]) -> tuple[list[list[int]], int]:
    c = _counts(rule, kinds, kind_of)
    v = len(rule.weights)
    by_kind = []
    for k, n in enumerate(kinds):
        row = [0] * v
        at = np.flatnonzero(c.critical[:, k])
        # Of the coalitions with j voters of this kind, a share j/n holds a given one of them.
        share = c.ways[at] * c.numbers[at, k].astype(object) // n
        for size in np.unique(c.size[at]):
            row[int(size) - 1] = int(share[c.size[at] == size].sum())
        by_kind.append(row)
    return [by_kind[k] for k in kind_of], int(c.ways[c.wins].sum())


def _by_kind(rule: VotingRule, kinds: Sequence[int], kind_of: Sequence[int]) -> tuple[Indices, Indices, Indices]:
    """Johnston, Deegan-Packel and Holler."""
    c = _counts(rule, kinds, kind_of)
    critical = (c.critical * c.numbers).sum(axis=1)
    minimal = c.wins & (critical == c.size) & (c.size > 0)

    def shares(counted: Bools, among: Ints) -> Indices:
        """Of the counted combinations (c, kinds) each in which a voter takes part is worth one over `among` (c,)."""
        worth = [Fraction(0)] * len(kinds)
        for k, n in enumerate(kinds):
            at = np.flatnonzero(counted[:, k])
            for number in np.unique(among[at]):
                here = at[among[at] == number]
                held = int((c.ways[here] * c.numbers[here, k].astype(object)).sum())
                worth[k] += Fraction(held, n * int(number))
        total = sum((worth[k] for k in kind_of), Fraction(0))
        return tuple(worth[k] / total if total else Fraction(0) for k in kind_of)

    part = minimal[:, None] & (c.numbers > 0)
    return shares(c.critical, critical), shares(part, c.size), shares(part, np.ones_like(c.size))
