"""Kernels over the nodes of a tree, one draw after the other: forward products, backward sums, sums by column."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Floats
from vetopoint.kernel import kernel

Ints = NDArray[Any]

__all__ = ["backward", "collect", "forward", "gather_pairs", "share_falls"]


@kernel
def forward(parent: Ints, edge: Floats) -> Floats:
    """P(node) (n, nodes) from P(node | parent) (n, nodes); parents stand before their children."""
    n, nodes = edge.shape
    out = np.empty((n, nodes))
    for i in range(n):
        out[i, 0] = 1.0
        for v in range(1, nodes):
            out[i, v] = out[i, parent[v]] * edge[i, v]
    return out


@kernel
def backward(parent: Ints, edge: Floats, terminal: Ints, weight: Floats) -> Floats:
    """E[weight | node] (n, nodes) from weights (n or 1, terminals); `terminal` (nodes,) is -1 inside the tree."""
    n, nodes = edge.shape
    out = np.zeros((n, nodes))
    common = weight.shape[0] == 1
    for i in range(n):
        row = 0 if common else i
        for v in range(nodes - 1, 0, -1):
            if terminal[v] >= 0:
                out[i, v] = weight[row, terminal[v]]
            out[i, parent[v]] += edge[i, v] * out[i, v]
    return out


@kernel
def collect(column: Ints, columns: int, values: Floats) -> Floats:
    """Sums (n, columns) of values (n, nodes) by the column of each node; a negative column is left out."""
    n, nodes = values.shape
    out = np.zeros((n, columns))
    for i in range(n):
        for v in range(nodes):
            if column[v] >= 0:
                out[i, column[v]] += values[i, v]
    return out


@kernel
def gather_pairs(column: Ints, columns: int, left: Floats, left_at: Ints, right: Floats) -> Floats:
    """Sums (n, columns) of left[left_at[v]] · right[v] by the column of each node."""
    n, nodes = right.shape
    out = np.zeros((n, columns))
    for i in range(n):
        for v in range(nodes):
            if column[v] >= 0:
                out[i, column[v]] += left[i, left_at[v]] * right[i, v]
    return out


@kernel
def share_falls(parent: Ints, column: Ints, columns: int, ends: Ints, reach: Floats, chance_of_goal: Floats) -> Floats:
    """Shares of failure (n, columns + 2) by the column of the step that leads to each node.

    Every history fails with 1 - g at its end; that mass goes to the steps on its path in proportion to the falls of g
    along them, the last fall being from g at the end to nought (column `columns`). Where nothing falls, since g is
    nought from the start, it goes to column `columns + 1`.
    """
    n = reach.shape[0]
    out = np.zeros((n, columns + 2))
    for i in range(n):
        for t in range(ends.size):
            end = ends[t]
            lost = reach[i, end] * (1.0 - chance_of_goal[i, end])
            if lost == 0.0:
                continue
            total = chance_of_goal[i, end]
            v = end
            while parent[v] >= 0:
                fall = chance_of_goal[i, parent[v]] - chance_of_goal[i, v]
                if fall > 0.0:
                    total += fall
                v = parent[v]
            if total <= 0.0:
                out[i, columns + 1] += lost
                continue
            out[i, columns] += lost * chance_of_goal[i, end] / total
            v = end
            while parent[v] >= 0:
                fall = chance_of_goal[i, parent[v]] - chance_of_goal[i, v]
                if fall > 0.0:
                    out[i, column[v]] += lost * fall / total
                v = parent[v]
    return out
