"""Weighted quantiles of many columns without sorting them whole: masses by bucket, then only the bucket in which a quantile lies is sorted."""

from __future__ import annotations

import numpy as np

from vetopoint.arrays import Array, Floats, Ints
from vetopoint.kernel import kernel

BUCKETS = 1024


@kernel
def quantiles(values: Array, weights: Array, levels: Floats, out: Floats) -> None:
    """Fill in the smallest value at which a column's weights reach a share of their sum.

    Parameters
    ----------
    values : (n, k); weights : (n, k), or (n, 1) for all columns, each with a sum above 0.
    levels : (l,) shares from 0 to 1; out : (l, k), filled in.
    """
    n, columns = values.shape
    bucket, mass = np.empty(n, np.int64), np.empty(BUCKETS)
    for k in range(columns):
        column, weight = values[:, k], weights[:, k if weights.shape[1] > 1 else 0]
        _share_out(column, weight, bucket, mass)
        total = mass.sum()
        for i in range(len(levels)):
            out[i, k] = _reached(column, weight, bucket, mass, total * levels[i])


@kernel
def _share_out(column: Array, weight: Array, bucket: Ints, mass: Floats) -> None:
    """Put every value (n,) into a bucket (n,), in their order, and add the weights of each bucket up (buckets,)."""
    low, high = column.min(), column.max()
    scale = (BUCKETS - 1) / (high - low) if high > low else 0.0
    mass[:] = 0.0
    for i in range(len(column)):
        bucket[i] = min(BUCKETS - 1, int((column[i] - low) * scale)) if np.isfinite(scale) else 0
        mass[bucket[i]] += weight[i]


@kernel
def _reached(column: Array, weight: Array, bucket: Ints, mass: Floats, wanted: float) -> float:
    """The smallest value up to which the weights come to what is wanted; where rounding leaves them short, the last of any weight."""
    before, here, last = 0.0, 0, BUCKETS - 1
    while last > 0 and mass[last] == 0.0:
        last -= 1
    while here < last and (mass[here] == 0.0 or before + mass[here] < wanted):
        before += mass[here]
        here += 1
    inside = np.flatnonzero(bucket == here)
    found = column[inside[0]]
    for i in inside[np.argsort(column[inside])]:
        before += weight[i]
        if weight[i] > 0.0:
            found = column[i]
            if before >= wanted:
                break
    return float(found)
