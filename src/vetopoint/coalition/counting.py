"""Coalitions of a voting rule, counted: in a table by size and votes, one by one, or, where both are too many, drawn.

A table holds the number of coalitions of every size and every number of votes under each majority; each voter is taken
out of it again (its block is subtracted). Numbers up to 2^v are kept as remainders under moduli without a common factor
and put together at the end, so the counts are exact for any number of voters. Up to 28 voters of whatever weights
coalitions are listed in the order of a Gray code. Beyond both, orders and coalitions are drawn.

References
----------
Mann & Shapley (1962), Values of large games VI: evaluating the electoral college exactly; Kurz (2016), Computing the
power distribution in the IMF (generating functions and their inversion); Bilbao, Fernández, Jiménez & López (2000),
Generating functions for computing power indices efficiently (several majorities); Castro, Gómez & Tejada (2009),
Polynomial calculation of the Shapley value based on sampling, Computers & Operations Research 36:1726-1730.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, gcd, lcm, prod

import numpy as np

from vetopoint.arrays import Bools, Floats, Ints
from vetopoint.kernel import in_order, kernel

__all__ = ["Drawn", "Majorities", "drawn", "listed", "tabulated", "whole"]

#: Largest table, and most steps that filling it and taking every voter out of it may take.
MOST_CELLS = 1 << 24
MOST_STEPS = 1 << 32
#: Up to so many voters coalitions can be listed.
MOST_LISTED = 28
#: Orders, and coalitions, drawn; so many at once.
DRAWN = 1 << 17
DRAWN_AT_ONCE = 1 << 12

Counts = tuple[list[list[int]], int]


@dataclass(frozen=True)
class Majorities:
    """A rule in whole numbers: K rows of weights, v voters.

    A coalition carries a decision if it has `minimum` voters and reaches the first `base` quotas, or has `at_least` voters; and
    reaches the next quota, of those who hold a veto; or if it reaches all quotas after that, where there are any.
    """

    weights: Ints
    quotas: Ints
    base: int
    minimum: int
    at_least: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Sizes and votes that a coalition can have."""
        return (self.weights.shape[1] + 1, *(int(total) + 1 for total in self.weights.sum(axis=1)))

    @property
    def steps(self) -> float:
        """Steps that a table takes; infinite where it is too large."""
        cells, v = prod(self.shape), self.weights.shape[1]
        steps = cells * (v + len(np.unique(self.weights, axis=1).T)) * len(_moduli(v))
        return steps if cells <= MOST_CELLS and steps <= MOST_STEPS else float("inf")


def whole(weights: Sequence[float], quota: float) -> tuple[list[int], int]:
    """Weights and quota as written in decimals, in the largest unit in which the weights are whole.

    Examples
    --------
    >>> whole([16.5, 6.0, 1.5], 12.1)
    ([11, 4, 1], 9)
    """
    exact, need = [Fraction(str(w)) for w in weights], Fraction(str(quota))
    common = lcm(*(w.denominator for w in exact))
    unit = Fraction(common, gcd(*(int(w * common) for w in exact)) or 1)
    if sum(exact) * unit < 1 << 60:
        return [int(w * unit) for w in exact], ceil(need * unit)
    # No unit in which all are whole leaves 64 bits: as near as 2^-50 of all votes.
    unit = Fraction(1 << 50) / sum(exact)
    near = [round(w * unit) for w in exact]
    return near, min(ceil(need * unit), sum(near))


@kernel
def _carries(votes: Ints, size: int, quotas: Ints, base: int, minimum: int, at_least: int) -> bool:
    """Whether a coalition of some size with these votes (K,) wins; the rest as in `Majorities`."""
    held = size >= minimum
    for k in range(base):
        held = held and votes[k] >= quotas[k]
    if (held or size >= at_least) and votes[base] >= quotas[base]:
        return True
    over = base + 1 < len(quotas)
    for k in range(base + 1, len(quotas)):
        over = over and votes[k] >= quotas[k]
    return over


# -- in a table ----------------------------------------------------------------------------------------------------


def tabulated(rule: Majorities) -> Counts:
    """Swings of each voter by the number of others in the coalition, v counts each, and how many coalitions win."""
    v, shape = rule.weights.shape[1], rule.shape
    strides = np.array([prod(shape[k + 1 :]) for k in range(len(shape))], dtype=np.int64)
    shifts = strides[0] + strides[1:] @ rule.weights
    held = [np.arange(n).reshape([-1 if k == j else 1 for j in range(len(shape))]) for k, n in enumerate(shape)]
    wins = np.broadcast_to(_carried(rule, held[0], held[1:]), shape).ravel()
    distinct = np.unique(shifts)
    found = []
    for modulus in _moduli(v):
        table = np.zeros(len(wins), dtype=np.int64)
        _fill(np.sort(shifts), modulus, table)

        def of_shift(shift: int, modulus: int = modulus, table: Ints = table) -> Ints:
            row = np.zeros(v, dtype=np.int64)
            _swings(table, np.zeros_like(table), shift, int(strides[0]), modulus, wins, row)
            return row

        winning = sum(table[wins].tolist()) % modulus
        found.append([winning, *np.ravel(in_order(of_shift, distinct.tolist())).tolist()])
    winning, *rows = (_together(parts, _moduli(v)) for parts in zip(*found, strict=True))
    by_shift = {int(shift): rows[k * v : (k + 1) * v] for k, shift in enumerate(distinct)}
    return [by_shift[int(shift)] for shift in shifts], winning


def _carried(rule: Majorities, size: Ints, votes: Sequence[Ints]) -> Bools:
    """Who wins, over arrays of sizes and of votes under each majority that broadcast."""
    reached = [held >= quota for held, quota in zip(votes, rule.quotas, strict=True)]
    held = size >= rule.minimum
    for each in reached[: rule.base]:
        held = held & each
    held = (held | (size >= rule.at_least)) & reached[rule.base]
    over = reached[rule.base + 1 :]
    for each in over[1:]:
        over[0] = over[0] & each
    return np.asarray(held | over[0] if over else held)


def _moduli(v: int) -> list[int]:
    """Odd numbers below 2^62 without a common factor whose product exceeds 2^v."""
    found, candidate = [(1 << 62) - 1], (1 << 62) - 1
    while prod(found) <= 1 << v:
        candidate -= 2
        if all(gcd(candidate, m) == 1 for m in found):
            found.append(candidate)
    return found


def _together(remainders: Sequence[int], moduli: Sequence[int]) -> int:
    """The number with these remainders (Chinese remainder theorem)."""
    number, period = 0, 1
    for remainder, modulus in zip(remainders, moduli, strict=True):
        number += period * ((remainder - number) * pow(period, -1, modulus) % modulus)
        period *= modulus
    return number


@kernel
def _fill(shifts: Ints, modulus: int, table: Ints) -> None:
    """Count the coalitions of voters who each move one by `shifts` (v,) in `table` (cells,), which is zero."""
    table[0] = 1
    reached = 0
    for shift in shifts:
        for cell in range(reached, -1, -1):
            if table[cell]:
                total = table[cell + shift] + table[cell]
                table[cell + shift] = total - modulus if total >= modulus else total
        reached += shift


@kernel
def _swings(table: Ints, others: Ints, shift: int, stride: int, modulus: int, wins: Bools, row: Ints) -> None:
    """Take a voter out of `table` (cells,) into `others` (cells,), and count where it turns losing into winning, by size, in `row` (v,).

    A block taken from the table at a place where a coordinate would be negative is nought: the others cannot have so many votes.
    """
    for cell in range(len(table) - shift):
        count = table[cell]
        if cell >= shift:
            count -= others[cell - shift]
            if count < 0:
                count += modulus
        others[cell] = count
        if count and wins[cell + shift] and not wins[cell]:
            total = row[cell // stride] + count
            row[cell // stride] = total - modulus if total >= modulus else total


# -- one by one ----------------------------------------------------------------------------------------------------


def listed(rule: Majorities) -> Counts:
    """The same as `tabulated`, from every single coalition."""
    v = rule.weights.shape[1]
    fixed = min(3, v - 1)

    def run(prefix: int) -> tuple[Ints, int]:
        rows = np.zeros((v, v), dtype=np.int64)
        return rows, _list(
            rule.weights, rule.quotas, rule.base, rule.minimum, rule.at_least, prefix << (v - fixed), v - fixed, rows
        )

    parts = in_order(run, range(1 << fixed))
    return np.sum([rows for rows, _ in parts], axis=0).tolist(), sum(won for _, won in parts)


@kernel
def _list(weights: Ints, quotas: Ints, base: int, minimum: int, at_least: int, mask: int, free: int, rows: Ints) -> int:
    """Winning coalitions among those of a mask with any of the first `free` voters; swings are added to `rows` (v, v)."""
    v = weights.shape[1]
    votes = np.zeros(len(quotas), dtype=np.int64)
    size = won = 0
    for i in range(v):
        if mask >> i & 1:
            size += 1
            votes += weights[:, i]
    step = 0
    while True:
        if _carries(votes, size, quotas, base, minimum, at_least):
            won += 1
            for i in range(v):
                if mask >> i & 1:
                    votes -= weights[:, i]
                    if not _carries(votes, size - 1, quotas, base, minimum, at_least):
                        rows[i, size - 1] += 1
                    votes += weights[:, i]
        step += 1
        if step >> free:
            return won
        bit = 0
        while not step >> bit & 1:
            bit += 1
        mask ^= 1 << bit
        joins = 1 if mask >> bit & 1 else -1
        size += joins
        votes += joins * weights[:, bit]


# -- drawn ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """Power found by drawing; v voters.

    Attributes
    ----------
    pivots : (v,) share of orders in which a voter turns losing into winning; `error` (v,) its standard error.
    swings : (v,) share of coalitions of the others that win with it and lose without; `winning`: share of coalitions that win.
    """

    pivots: Floats
    error: Floats
    swings: Floats
    winning: float


def drawn(rule: Majorities, seed: int = 1) -> Drawn:
    """Draw orders and coalitions, as many as `DRAWN`."""
    v = rule.weights.shape[1]
    rng = np.random.default_rng(seed)
    pivots, swings = np.zeros(v), np.zeros(v)
    won = 0
    args = (np.ascontiguousarray(rule.weights.T), rule.quotas, rule.base, rule.minimum, rule.at_least)
    for _ in range(DRAWN // DRAWN_AT_ONCE):
        orders = rng.permuted(np.tile(np.arange(v), (DRAWN_AT_ONCE, 1)), axis=1)
        won += _draw(*args, orders, rng.random(orders.shape) < 0.5, pivots, swings)
    share = pivots / DRAWN
    return Drawn(share, np.sqrt(share * (1.0 - share) / (DRAWN - 1)), swings / DRAWN, won / DRAWN)


@kernel
def _draw(
    weights: Ints, quotas: Ints, base: int, minimum: int, at_least: int, orders: Ints, inside: Bools, pivots: Floats,
    swings: Floats,
) -> int:  # fmt: skip
    """Count pivots of orders (d, v) and swings of coalitions (d, v) into two (v,); weights (v, K). Returns how many win."""
    votes = np.zeros(len(quotas), dtype=np.int64)
    won = 0
    for d in range(len(orders)):
        votes[:] = 0
        for place in range(orders.shape[1]):
            votes += weights[orders[d, place]]
            if _carries(votes, place + 1, quotas, base, minimum, at_least):
                pivots[orders[d, place]] += 1.0
                break
        votes[:] = 0
        size = 0
        for i in range(orders.shape[1]):
            if inside[d, i]:
                size += 1
                votes += weights[i]
        wins = _carries(votes, size, quotas, base, minimum, at_least)
        won += wins
        for i in range(orders.shape[1]):
            way = -1 if inside[d, i] else 1
            votes += way * weights[i]
            if _carries(votes, size + way, quotas, base, minimum, at_least) != wins:
                swings[i] += 1.0
            votes -= way * weights[i]
    return won
