"""Formal bodies: who carries a decision under weighted, double and alternative majorities and vetoes, and the power of each voter.

Power indices are exact, under the real rules. Coalitions are counted, not listed. Voters with equal weights are interchangeable, so where few kinds of voter exist,
numbers of voters by kind are enumerated, with any rule. Where all differ, as the states of the European Union by
population, a table of coalitions by size and weight is built once and each voter is taken out of it again (its block is
subtracted, largest coalitions last), with any rule over size and weight. Counts are exact integers throughout.

References
----------
Shapley & Shubik (1954), A method for evaluating the distribution of power in a committee system; Penrose (1946);
Banzhaf (1965); Coleman (1971), Control of collectivities and the power of a collectivity to act; Johnston (1978);
Deegan & Packel (1978); Holler (1982), Forming coalitions and measuring voting power (public good index);
Mann & Shapley (1962) and Kurz (2016) on generating functions and their inversion.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, factorial, prod

import numpy as np

from vetopoint.arrays import Array, Bools, Floats, Ints
from vetopoint.kernel import in_order, kernel

__all__ = ["PowerIndices", "VotingRule", "passes", "power_indices", "swings"]

#: Largest number of combinations of numbers of voters by kind that is enumerated.
MOST_KINDS = 1 << 21

Indices = tuple[Fraction, ...]


@dataclass(frozen=True)
class VotingRule:
    """A yes-or-no voting rule.

    A coalition wins if it holds every veto player and either reaches `quota` with at least `minimum` voters and every
    further majority, or has `or_at_least` voters.

    Attributes
    ----------
    weights : (v,) weight of each voter.
    quota : weight that must be reached.
    minimum : least number of voters beside the quota.
    or_at_least : so many voters win whatever their weight, or None.
    vetoes : indices of voters without whom nothing passes.
    also : further (weights, quota) that must be reached as well.
    """

    weights: tuple[float, ...]
    quota: float
    minimum: int = 0
    or_at_least: int | None = None
    vetoes: frozenset[int] = frozenset()
    also: tuple[tuple[tuple[float, ...], float], ...] = ()

    def wins(self, yes: Bools) -> Bools:
        """(k, v) bool, one row a coalition -> (k,) bool."""
        yes = np.asarray(yes, dtype=bool)
        unstopped = np.all(yes[:, list(self.vetoes)], axis=1)
        return self._carried(lambda weights: yes @ np.asarray(weights), yes.sum(axis=1), unstopped)

    def _carried(self, votes: Callable[[Sequence[float]], Floats], count: Ints, unstopped: Bools) -> Bools:
        """(k,) bool, from the votes under given weights, the number of voters, and whether all veto players are in."""
        # Sums of weights as written in decimals may fall short of the quota by rounding.
        won = (votes(self.weights) >= self.quota - 1e-9) & (count >= self.minimum)
        for weights, quota in self.also:
            won &= votes(weights) >= quota - 1e-9
        if self.or_at_least is not None:
            won |= count >= self.or_at_least
        return np.asarray(won & unstopped)


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
    swings : number of coalitions of others that win with the voter and lose without.
    winning : number of winning coalitions.
    shapley_shubik : share of the orderings in which the voter turns losing into winning.
    banzhaf : swings / 2^(v−1), Penrose's absolute measure; `banzhaf_normalised` sums to 1.
    coleman_prevent : swings / winning coalitions; `coleman_initiate`: swings / losing coalitions.
    power_to_act : winning coalitions / 2^v (Coleman).
    johnston, deegan_packel, holler : the indices of these names; None where voters are of too many kinds to enumerate.
    """

    swings: tuple[int, ...]
    winning: int
    shapley_shubik: Indices
    banzhaf: Indices
    banzhaf_normalised: Indices
    coleman_prevent: Indices
    coleman_initiate: Indices
    power_to_act: Fraction
    johnston: Indices | None
    deegan_packel: Indices | None
    holler: Indices | None


def power_indices(rule: VotingRule, *, minimal: bool = True) -> PowerIndices:
    """All indices of a voting rule.

    Parameters
    ----------
    rule : weights, quota, minimum, alternative majority, vetoes, further majorities.
    minimal : also the indices that look at critical voters of each coalition (Johnston, Deegan-Packel, Holler).

    Raises
    ------
    ValueError
        If the rule is too large for exact counting: over 62 voters, or several different weightings and too many kinds
        of voter, or weights that are no whole numbers and too many kinds.

    Examples
    --------
    The six of 1958: Luxembourg has a vote and no power.

    >>> six = power_indices(VotingRule((4, 4, 4, 2, 2, 1), 12))
    >>> [str(x) for x in six.shapley_shubik]
    ['7/30', '7/30', '7/30', '3/20', '3/20', '0']
    """
    v = len(rule.weights)
    kinds, kind_of = _kinds(rule)
    by_size, winning = swings(rule)
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


def swings(rule: VotingRule) -> tuple[list[list[int]], int]:
    """Swings of each voter by the number of others in the coalition, v counts each, and how many coalitions win."""
    if len(rule.weights) > 62:
        raise ValueError("exact counting is for bodies of up to 62 voters")
    kinds, kind_of = _kinds(rule)
    whole = not rule.also and all(w >= 0 and w == int(w) for w in rule.weights)
    cells = sum(rule.weights) * len(rule.weights) if whole else float("inf")
    if _combinations(kinds) <= min(MOST_KINDS, cells):
        return _swings_by_kind(rule, kinds, kind_of)
    if not whole:
        raise ValueError("voters of too many kinds for several weightings or fractional weights; merge or round them")
    return _swings_by_weight(rule)


# -- voters of few kinds -------------------------------------------------------------------------------------------


def _kinds(rule: VotingRule) -> tuple[list[int], list[int]]:
    """Number of voters of each kind, and the kind of each voter."""
    alike: dict[tuple[object, ...], int] = {}
    kind_of = [
        alike.setdefault((weight, i in rule.vetoes, *(a[0][i] for a in rule.also)), len(alike))
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


# -- voters of many kinds ------------------------------------------------------------------------------------------


def _swings_by_weight(rule: VotingRule) -> tuple[list[list[int]], int]:
    whole = np.asarray(rule.weights, dtype=np.int64)
    v = len(whole)
    free = [i for i in range(v) if i not in rule.vetoes]
    base_weight, base_size = int(sum(whole[i] for i in rule.vetoes)), len(rule.vetoes)
    quota = int(np.ceil(rule.quota - 1e-9))
    at_least = v + 1 if rule.or_at_least is None else rule.or_at_least
    table = np.zeros((len(free) + 1, int(whole[free].sum()) + 1), dtype=np.int64)
    order = np.sort(whole[free])
    lightest = np.concatenate([[0], np.cumsum(order)]).astype(np.int64)
    heaviest = np.concatenate([[0], np.cumsum(order[::-1])]).astype(np.int64)
    # Heaviest voters last, so that the table stays narrow for longest.
    _count(order, table)

    def of_weight(weight: int) -> list[int]:
        row = np.zeros(len(free), dtype=np.int64)
        _swings(table, lightest, heaviest, weight, base_weight, base_size, quota, rule.minimum, at_least, row)
        return [0] * base_size + row.tolist()

    distinct = np.unique(order).tolist()
    done = dict(zip(distinct, in_order(of_weight, distinct), strict=True))
    wins = _winning(table, base_weight, base_size, quota, rule.minimum, at_least).tolist()
    # Nothing passes without a veto player, so every winning coalition is a swing of its own.
    of_veto = ([0] * (base_size - 1) + wins)[:v]
    return [of_veto if i in rule.vetoes else done[int(whole[i])] for i in range(v)], sum(wins)


@kernel
def _count(weights: Ints, table: Ints) -> None:
    """Number of coalitions of voters of these weights (v,), by size and weight, added into `table` (v + 1, weights)."""
    table[0, 0] = 1
    reached = 0
    for i in range(len(weights)):
        w = weights[i]
        for size in range(i, -1, -1):
            for total in range(reached + 1):
                here = table[size, total]
                if here:
                    table[size + 1, total + w] += here
        reached += w


@kernel
def _swings(
    table: Ints, lightest: Ints, heaviest: Ints, weight: int, base_weight: int, base_size: int, quota: int,
    minimum: int, at_least: int, row: Ints,
) -> None:  # fmt: skip
    """Swings by size of a voter of some weight, filled into `row` (v,); its own coalitions are taken out of the table size by size.

    `table` (v + 1, weights) counts coalitions of those without a veto. Coalitions of a size weigh between those of the
    `lightest` and of the `heaviest` voters (v + 1,); nothing else is looked at. Veto players add `base_weight` and `base_size`.
    """
    width = table.shape[1]
    before = np.zeros(width, dtype=np.int64)
    now = np.zeros(width, dtype=np.int64)
    for size in range(len(row)):
        low_end, high_end = lightest[size], heaviest[size]
        for total in range(low_end, high_end + 1):
            now[total] = table[size, total]
        if size > 0:
            taken_low, taken_high = lightest[size - 1] + weight, heaviest[size - 1] + weight
            for total in range(max(low_end, taken_low), min(high_end, taken_high) + 1):
                now[total] -= before[total - weight]
        count = 0
        small = size + base_size
        # Adding the voter matters where the coalition loses without and wins with it.
        if small < at_least:
            low = quota - base_weight - weight
            high = quota - base_weight
            first = max(0, low)
            if small + 1 >= at_least:
                first = 0
            elif small + 1 < minimum:
                first = width
            last = min(width, high) if small >= minimum else width
            for total in range(max(first, low_end), min(last, high_end + 1)):
                count += now[total]
        row[size] = count
        before, now = now, before


@kernel
def _winning(table: Ints, base_weight: int, base_size: int, quota: int, minimum: int, at_least: int) -> Ints:
    """Winning coalitions by number of voters without a veto of their own, (v + 1,); `table` (v + 1, weights) as counted."""
    out = np.zeros(table.shape[0], dtype=np.int64)
    for size in range(table.shape[0]):
        small = size + base_size
        first = max(0, quota - base_weight)
        if small >= at_least:
            first = 0
        elif small < minimum:
            first = table.shape[1]
        for total in range(first, table.shape[1]):
            out[size] += table[size, total]
    return out
