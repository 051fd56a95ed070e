"""Subsets of m parties as numbers and as rows of booleans, and the contract of a batched value function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import comb

import numpy as np

from vetopoint.arrays import Array, Bools, Floats, Ints

__all__ = ["Value", "evaluate", "rows"]

#: A batched value function: takes (k, m) bool, one row a subset; returns (k,) or (k, n) float, n draws.
Value = Callable[[Bools], Array]


def rows(masks: Ints, m: int) -> Bools:
    """Turn bit masks (k,) into rows (k, m); bit i says whether party i belongs.

    Examples
    --------
    >>> import numpy as np
    >>> rows(np.array([0, 5]), 3).tolist()
    [[False, False, False], [True, False, True]]
    """
    return ((np.asarray(masks, dtype=np.int64)[:, None] >> np.arange(m)) & 1).astype(bool)


def evaluate(value: Value, subsets: Bools) -> Floats:
    """Call a value function and return (k, n), whatever it returned of (k,) or (k, n)."""
    out = np.asarray(value(subsets), dtype=float)
    if out.ndim == 1:
        out = out[:, None]
    if out.ndim != 2 or out.shape[0] != len(subsets):
        raise ValueError(f"value(…) must return (k,) or (k, n) with k = {len(subsets)}, not {out.shape}")
    return out


def batches(total: int, size: int) -> Iterator[Ints]:
    """All masks below `total`, at most `size` at a time."""
    for start in range(0, total, size):
        yield np.arange(start, min(start + size, total), dtype=np.int64)


def orderings_weight(m: int) -> Floats:
    """Share of the orderings of m parties in which just a given set of s others comes first: s!(m−1−s)!/m!."""
    return np.array([1.0 / (m * comb(m - 1, s)) for s in range(m)])
