"""How probability flows through a game under given strategies, a block of draws at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Floats
from vetopoint.game import _kernels
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL
from vetopoint.game.unroll import GameTree

__all__ = ["Flow", "as_weights", "cut", "goal_probabilities", "goal_probability", "over_draws"]

Result = TypeVar("Result")

ENTRIES = 200_000


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
        return np.asarray(_kernels.forward(self.game.tree.parent, self.edge))

    @cached_property
    def ends(self) -> Floats:
        """(n, terminals) P(terminal)."""
        return np.asarray(self.reach[:, self.game.tree.terminal_node])

    @cached_property
    def public_reach(self) -> Floats:
        """(n, public nodes) P(public history), types integrated out."""
        return np.asarray(_kernels.collect(self.game.node_public, self.game.public.size, self.reach))

    def value(self, weights: Floats) -> Floats:
        """(n, nodes) E[weight | node] for weights (1 or n, terminals)."""
        tree = self.game.tree
        terminal = np.where(tree.kind == TERMINAL, tree.index, -1)
        return np.asarray(_kernels.backward(tree.parent, self.edge, terminal, weights))

    def public_value(self, weights: Floats) -> Floats:
        """(n, public nodes) E[weight | public history], types integrated out; nought where never reached."""
        mass = _kernels.collect(self.game.node_public, self.game.public.size, self.reach * self.value(weights))
        known = self.public_reach > 0
        return np.asarray(np.divide(mass, self.public_reach, out=np.zeros_like(mass), where=known))

    def expectation(self, weights: Floats) -> Floats:
        """(n,) E[weight] for weights (1 or n, terminals)."""
        ends = self.ends
        return np.asarray(ends @ weights[0] if weights.shape[0] == 1 else np.einsum("it,it->i", ends, weights))


def as_weights(weights: NDArray[Any]) -> Floats:
    """Weights (terminals,) or (n, terminals) as (1 or n, terminals)."""
    return np.ascontiguousarray(np.atleast_2d(np.asarray(weights, dtype=np.float64)))


def cut(weights: Floats, block: slice) -> Floats:
    """The rows of a block of draws; a single row stands for all draws."""
    return weights if weights.shape[0] == 1 else weights[block]


def over_draws(
    work: Callable[[Flow, slice], Result], game: GameTree, strategy: Floats, chance: Floats, layer: int = 0
) -> list[Result]:
    """Results of `work` over blocks of draws, in order.

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
    inner = np.arange(game.nodes) > 0
    decided, drawn = np.flatnonzero(inner & (source == DECISION)), np.flatnonzero(inner & (source == CHANCE))
    belief = chance[:, layer if chance.shape[1] > 1 else 0]

    def run(block: slice) -> Result:
        edge = np.ones((block.stop - block.start, game.nodes))
        edge[:, decided] = strategy[block][:, tree.via[decided]]
        edge[:, drawn] = belief[block][:, tree.via[drawn]]
        return work(Flow(game, edge), block)

    if len(blocks) == 1:
        return [run(blocks[0])]
    with ThreadPoolExecutor(max_workers=min(len(blocks), os.cpu_count() or 1)) as workers:
        return list(workers.map(run, blocks))


def goal_probability(game: GameTree, strategy: Floats, chance: Floats, weights: NDArray[Any], layer: int = 0) -> Floats:
    """P(goal) (n,) under given strategies, for weights (terminals,) or (n, terminals) in [0, 1]."""
    return goal_probabilities(game, strategy, chance, [weights], layer)[0]


def goal_probabilities(
    game: GameTree, strategy: Floats, chance: Floats, weights: Sequence[NDArray[Any]], layer: int = 0
) -> list[Floats]:
    """P(goal) (n,) of several goals in one pass."""
    rows = [as_weights(w) for w in weights]
    parts = over_draws(
        lambda flow, block: [flow.expectation(cut(w, block)) for w in rows], game, strategy, chance, layer
    )
    return [np.concatenate([part[k] for part in parts]) for k in range(len(rows))]
