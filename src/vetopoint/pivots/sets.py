"""Minimal sets of parties that bring a value over (or under) a threshold, their duals, and the cheapest of them.

References
----------
Berge (1989), Hypergraphs, ch. 2 (minimal transversals by sequential intersection); in a simple game the minimal
blocking sets are the minimal transversals of the minimal winning sets (Isbell 1958).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from vetopoint.pivots.subsets import Value, evaluate, members

__all__ = ["cheapest_set", "hitting_sets", "minimal_sets"]


def minimal_sets(
    value: Value,
    m: int,
    threshold: float,
    *,
    below: bool = False,
    largest: int | None = None,
    batch: int = 4096,
) -> list[tuple[int, ...]]:
    """All minimal sets of parties for which the mean of ``value`` reaches a threshold.

    Sets are searched by size, so the result is an antichain whatever the function; it is complete up to `largest` where
    the function is monotone.

    Parameters
    ----------
    value : batched value function; the mean over draws is compared with the threshold.
    m : number of parties.
    threshold : what must be reached.
    below : look for ``value <= threshold`` (block sets) instead of ``value >= threshold`` (unlock sets).
    largest : largest size searched (default: m).
    batch : subsets handed to `value` at once.

    Returns
    -------
    list of tuple of int
        Smallest first; ``[()]`` if nobody is needed, ``[]`` if no set suffices.

    Examples
    --------
    >>> minimal_sets(lambda s: s[:, 0] & (s[:, 1] | s[:, 2]), 3, 0.5)
    [(0, 1), (0, 2)]
    """
    found: list[int] = []
    for size in range((m if largest is None else min(largest, m)) + 1):
        pending: list[int] = []
        level: list[int] = []
        for combination in combinations(range(m), size):
            mask = sum(1 << i for i in combination)
            if any(f & mask == f for f in found):
                continue
            pending.append(mask)
            if len(pending) == batch:
                level += _reaching(value, pending, m, threshold, below)
                pending = []
        if pending:
            level += _reaching(value, pending, m, threshold, below)
        elif not level and size and found:
            break
        found += level
    return [members(mask) for mask in found]


def _reaching(value: Value, masks: Sequence[int], m: int, threshold: float, below: bool) -> list[int]:
    mean = evaluate(value, _rows(masks, m)).mean(1)
    tolerance = 1e-12 * max(1.0, abs(threshold))
    good = mean <= threshold + tolerance if below else mean >= threshold - tolerance
    return [mask for mask, ok in zip(masks, good, strict=True) if ok]


def _rows(masks: Sequence[int], m: int) -> NDArray[np.bool_]:
    return np.array([[mask >> i & 1 for i in range(m)] for mask in masks], dtype=bool).reshape(len(masks), m)


def hitting_sets(sets: Iterable[Iterable[int]]) -> list[tuple[int, ...]]:
    """Minimal sets that meet every given set: the dual of an antichain.

    Applied to minimal unlock sets it gives minimal block sets, and applied again the unlock sets come back.

    Examples
    --------
    >>> hitting_sets([(0, 1), (0, 2)])
    [(0,), (1, 2)]
    """
    current = [0]
    for given in sets:
        items = list(given)
        mask = sum(1 << i for i in items)
        grown = {c if c & mask else c | 1 << i for c in current for i in (items if not c & mask else [0])}
        current = _minimal(grown)
    return [members(mask) for mask in sorted(current, key=lambda c: (c.bit_count(), members(c)))]


def _minimal(masks: Iterable[int]) -> list[int]:
    kept: list[int] = []
    for mask in sorted(masks, key=int.bit_count):
        if not any(k & mask == k for k in kept):
            kept.append(mask)
    return kept


def cheapest_set(
    value: Value, m: int, threshold: float, costs: Sequence[float], *, batch: int = 256
) -> tuple[tuple[int, ...], float] | None:
    """Cheapest set of parties that brings a monotone value to a threshold.

    Best-first search over subsets in order of cost; a branch is cut when even all parties that it may still add do not
    reach the threshold.

    Parameters
    ----------
    value : batched value function, monotone (more parties never lower it).
    m : number of parties.
    threshold : what the mean over draws must reach.
    costs : (m,) cost of each party, not negative.
    batch : subsets handed to `value` at once.

    Returns
    -------
    (parties, cost), or None if even everybody does not reach the threshold.

    Examples
    --------
    >>> cheapest_set(lambda s: s[:, 0] & (s[:, 1] | s[:, 2]), 3, 1.0, [1.0, 5.0, 2.0])
    ((0, 2), 3.0)
    """
    if len(costs) != m or min(costs, default=0.0) < 0:
        raise ValueError(f"{m} costs are needed, none negative")
    order = sorted(range(m), key=lambda i: costs[i])
    everybody = (1 << m) - 1
    if not _reaching(value, [everybody], m, threshold, False):
        return None
    heap: list[tuple[float, int, int]] = [(0.0, 0, 0)]
    while heap:
        taken = [heapq.heappop(heap) for _ in range(min(batch, len(heap)))]
        good = set(_reaching(value, [mask for _, mask, _ in taken], m, threshold, False))
        winners = [t for t in taken if t[1] in good]
        bound = winners[0][0] if winners else float("inf")
        reach = [mask | sum(1 << order[k] for k in range(start, m)) for _, mask, start in taken]
        hopeful = set(_reaching(value, reach, m, threshold, False))
        for (cost, mask, start), top in zip(taken, reach, strict=True):
            if top in hopeful and mask not in good:
                for k in range(start, m):
                    if cost + costs[order[k]] <= bound:
                        heapq.heappush(heap, (cost + costs[order[k]], mask | 1 << order[k], k + 1))
        for winner in winners:
            heapq.heappush(heap, winner)
        if winners and heap[0][1] in good:
            return members(heap[0][1]), heap[0][0]
    return None
