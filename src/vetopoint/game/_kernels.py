"""Kernels over the nodes of a tree, one draw after the other: forward products, backward sums, sums by column."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["backward", "collect", "forward", "gather_pairs", "share_falls"]


@njit(nogil=True, cache=True)
def forward(parent, edge):  # type: ignore[no-untyped-def]
    """P(node) (n, nodes) from P(node | parent) (n, nodes); parents stand before their children."""
    n, nodes = edge.shape
    out = np.empty((n, nodes))
    for i in range(n):
        out[i, 0] = 1.0
        for v in range(1, nodes):
            out[i, v] = out[i, parent[v]] * edge[i, v]
    return out


@njit(nogil=True, cache=True)
def backward(parent, edge, terminal, weight):  # type: ignore[no-untyped-def]
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


@njit(nogil=True, cache=True)
def collect(column, columns, values):  # type: ignore[no-untyped-def]
    """Sums (n, columns) of values (n, nodes) by the column of each node; a negative column is left out."""
    n, nodes = values.shape
    out = np.zeros((n, columns))
    for i in range(n):
        for v in range(nodes):
            if column[v] >= 0:
                out[i, column[v]] += values[i, v]
    return out


@njit(nogil=True, cache=True)
def gather_pairs(column, columns, left, left_at, right):  # type: ignore[no-untyped-def]
    """Sums (n, columns) of left[left_at[v]] · right[v] by the column of each node."""
    n, nodes = right.shape
    out = np.zeros((n, columns))
    for i in range(n):
        for v in range(nodes):
            if column[v] >= 0:
                out[i, column[v]] += left[i, left_at[v]] * right[i, v]
    return out


@njit(nogil=True, cache=True)
def share_falls(parent, column, columns, ends, reach, chance_of_goal):  # type: ignore[no-untyped-def]
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
