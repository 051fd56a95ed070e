"""How probability flows through a game under given strategies: forward products, backward sums, sums by column.

No kernel changes what it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Array, Floats, ratio
from vetopoint.game.tree import CHANCE, TERMINAL
from vetopoint.game.unroll import GameTree
from vetopoint.kernel import in_order, kernel

__all__ = [
    "Flow",
    "as_weights",
    "collect",
    "cut",
    "end_probabilities",
    "gather_pairs",
    "goal_probabilities",
    "over_draws",
    "share_falls",
]

ENTRIES = 200_000
NOISE = 1e-13
"""A fall of less than this share of g is rounding."""


@kernel
def _edges(source: Array, via: Array, strategy: Floats, belief: Floats) -> Floats:
    """P(node | parent) (n, nodes) from ``strategy (n, actions)`` and ``belief (n, chance actions)``; 1 at the root.

    ``source (nodes,)``: the kind of each node's parent, of which ``via (nodes,)`` is the action.
    """
    n, nodes = strategy.shape[0], via.shape[0]
    out = np.empty((n, nodes))
    for i in range(n):
        out[i, 0] = 1.0
        for v in range(1, nodes):
            out[i, v] = belief[i, via[v]] if source[v] == CHANCE else strategy[i, via[v]]
    return out


@kernel
def _forward(parent: Array, edge: Floats) -> Floats:
    """P(node) (n, nodes) from P(node | parent) ``edge (n, nodes)``; ``parent (nodes,)`` stands before its children."""
    n, nodes = edge.shape
    out = np.empty((n, nodes))
    for i in range(n):
        out[i, 0] = 1.0
        for v in range(1, nodes):
            out[i, v] = out[i, parent[v]] * edge[i, v]
    return out


@kernel
def _backward(parent: Array, edge: Floats, terminal: Array, weight: Floats) -> Floats:
    """E[weight | node] (n, nodes) from P(node | parent) ``edge (n, nodes)`` and ``weight (n or 1, terminals)``.

    ``parent (nodes,)``; ``terminal (nodes,)`` is the terminal's number, -1 inside the tree.
    """
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
def collect(column: Array, columns: int, values: Floats) -> Floats:
    """Sums (n, columns) of ``values (n, nodes)`` by the ``column (nodes,)`` of each node; a negative column is left out."""
    n, nodes = values.shape
    out = np.zeros((n, columns))
    for i in range(n):
        for v in range(nodes):
            if column[v] >= 0:
                out[i, column[v]] += values[i, v]
    return out


@kernel
def gather_pairs(column: Array, columns: int, left: Floats, left_at: Array, right: Floats) -> Floats:
    """Sums (n, columns) of left[left_at[v]] · right[v] by the ``column (nodes,)`` of each node; a negative one is left out.

    ``left (n, any)``, ``left_at (nodes,)`` columns of it, ``right (n, nodes)``.
    """
    n, nodes = right.shape
    out = np.zeros((n, columns))
    for i in range(n):
        for v in range(nodes):
            if column[v] >= 0:
                out[i, column[v]] += left[i, left_at[v]] * right[i, v]
    return out


@kernel
def share_falls(
    parent: Array, column: Array, columns: int, ends: Array, reach: Floats, chance_of_goal: Floats
) -> Floats:
    """Shares of failure (n, columns + 2) by the ``column (nodes,)`` of the step that leads to each node.

    ``parent (nodes,)``, ``ends (terminals,)`` nodes, ``reach`` and ``chance_of_goal (n, nodes)``: P(node) and P(goal | node).

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
                if fall > NOISE * chance_of_goal[i, parent[v]]:
                    total += fall
                v = parent[v]
            if total <= 0.0:
                out[i, columns + 1] += lost
                continue
            out[i, columns] += lost * chance_of_goal[i, end] / total
            v = end
            while parent[v] >= 0:
                fall = chance_of_goal[i, parent[v]] - chance_of_goal[i, v]
                if fall > NOISE * chance_of_goal[i, parent[v]]:
                    out[i, column[v]] += lost * fall / total
                v = parent[v]
    return out


@dataclass(frozen=True, eq=False)
class Flow:
    """One block of draws under given strategies.

    Attributes
    ----------
    game : the game.
    edge : (n, nodes) P(node | parent).
    """

    game: GameTree
    edge: Floats

    @cached_property
    def reach(self) -> Floats:
        """(n, nodes) P(node)."""
        return _forward(self.game.tree.parent, self.edge)

    @cached_property
    def ends(self) -> Floats:
        """(n, terminals) P(terminal)."""
        return np.asarray(self.reach[:, self.game.tree.terminal_node])

    @cached_property
    def public_reach(self) -> Floats:
        """(n, public nodes) P(public history), types integrated out."""
        return collect(self.game.node_public, self.game.public.size, self.reach)

    def value(self, weights: Floats) -> Floats:
        """(n, nodes) E[weight | node] for weights (1 or n, terminals)."""
        tree = self.game.tree
        terminal = np.where(tree.kind == TERMINAL, tree.index, -1)
        return _backward(tree.parent, self.edge, terminal, weights)

    def public_mass(self, weights: Floats) -> Floats:
        """(n, public nodes) E[weight, through the public history], types integrated out."""
        return collect(self.game.node_public, self.game.public.size, self.reach * self.value(weights))

    def public_value(self, weights: Floats) -> Floats:
        """(n, public nodes) E[weight | public history], types integrated out; nought where never reached."""
        return ratio(self.public_mass(weights), self.public_reach)

    def expectation(self, weights: Floats) -> Floats:
        """(n,) E[weight] for weights (1 or n, terminals)."""
        ends = self.ends
        return np.asarray(ends @ weights[0] if weights.shape[0] == 1 else np.einsum("it,it->i", ends, weights))


def as_weights(weights: Array) -> Floats:
    """Weights (terminals,) or (n, terminals) as (1 or n, terminals)."""
    return np.ascontiguousarray(np.atleast_2d(np.asarray(weights, dtype=np.float64)))


def cut(array: Floats, draws: slice | NDArray[np.intp]) -> Floats:
    """The rows of some draws; a single row stands for all draws."""
    return array if array.shape[0] == 1 else array[draws]


def over_draws(
    work: Callable[[Flow, slice], Sequence[Array]], game: GameTree, strategy: Floats, chance: Floats, layer: int = 0
) -> list[Array]:
    """What `work` makes of every block of draws, each of its arrays joined over the blocks in order.

    Parameters
    ----------
    work : called with the flow of a block and its slice of the draws.
    strategy : (n, actions). chance : (n, layers, chance actions).
    layer : whose beliefs about chance: 0 the truth, 1 + p what player p believes.
    """
    tree = game.tree
    n = strategy.shape[0]
    size = max(32, ENTRIES // max(game.nodes, 1))
    blocks = [slice(i, min(i + size, n)) for i in range(0, n, size)]
    source = tree.kind[np.maximum(tree.parent, 0)]
    belief = np.ascontiguousarray(chance[:, layer if chance.shape[1] > 1 else 0])
    strategy = np.ascontiguousarray(strategy)

    def run(block: slice) -> Sequence[Array]:
        return work(Flow(game, _edges(source, tree.via, strategy[block], belief[block])), block)

    return [np.concatenate(parts) for parts in zip(*in_order(run, blocks), strict=True)]


def end_probabilities(game: GameTree, strategy: Floats, chance: Floats) -> Floats:
    """(n, terminals) P(terminal), weighed by the truth about chance, under given strategies (n, actions)."""
    return over_draws(lambda flow, _: [flow.ends], game, strategy, chance)[0]


def goal_probabilities(game: GameTree, strategy: Floats, chance: Floats, weights: Sequence[Array]) -> list[Floats]:
    """P(goal) (n,) of several goals under given strategies, for weights (terminals,) or (n, terminals) in [0, 1]."""
    rows = [as_weights(w) for w in weights]
    return over_draws(lambda flow, block: [flow.expectation(cut(w, block)) for w in rows], game, strategy, chance)
