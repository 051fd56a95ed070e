"""The road: how many plans are still on a way to the goal after each move, given the chance events that the headlines presuppose.

A history leaves the road at the first move after which no history that goes on from there reaches the goal, whatever anybody does: a
fact of the tree. What is on the road after a move is the probability of the histories that have not left it; it can only fall, and at the end
it is P(goal), or above it where the goal is itself a probability (a truce that may hold).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vetopoint.answers import Road, RoadStep
from vetopoint.arrays import Array, Bools, Ints, ratio
from vetopoint.game.flow import as_weights
from vetopoint.game.priced import Play
from vetopoint.game.unroll import GameTree
from vetopoint.quantity import LEAST_WEIGHT, bands

__all__ = ["left_at", "road_answer"]


def road_answer(play: Play, goal: str, weights: Array, holds: Bools | None = None) -> Road | None:
    """The road to a goal; None where what is presupposed cannot come true, or where no move takes anything off it.

    Parameters
    ----------
    play : the solved game.
    weights : (terminals,) or (n, terminals) weights of the goal in [0, 1].
    holds : (terminals,) whether what is presupposed came true; default: nothing is.
    """
    game = play.priced.game
    certain = np.ones(game.tree.terminal_node.size) if holds is None else holds.astype(np.float64)
    left = left_at(game, weights)
    steps = [layer for layer in range(len(game.public.layers)) if ((left == layer) & (certain > 0)).any()]
    if not steps:
        return None
    on_it = {str(layer): certain * ((left < 0) | (left > layer)) for layer in steps}
    found = play.goals({"": certain} | on_it)
    whole = found.pop("")
    if whole.mean() < LEAST_WEIGHT:
        return None
    kept = bands(np.column_stack([ratio(value, whole) for value in found.values()]), whole)
    layers = [game.public.layers[layer] for layer in steps]
    return Road(
        goal=goal,
        steps=tuple(
            RoadStep(move=layer.move, round=layer.round or None, by=layer.by, left=band)
            for layer, band in zip(layers, kept, strict=True)
        ),
    )


def left_at(game: GameTree, weights: Array) -> Ints:
    """(terminals,) the layer at which each history leaves the road; -1 where it never does, or never was on it."""
    public = game.public
    node = game.node_public[game.tree.terminal_node]
    reaches = np.zeros(public.size, dtype=np.bool_)
    np.logical_or.at(reaches, node, as_weights(weights).max(axis=0) > 0)
    below = list(_children(game))
    for _, nodes in reversed(below):
        np.logical_or.at(reaches, public.parent[nodes], reaches[nodes])
    left = np.full(public.size, -1, dtype=np.int64)
    for layer, nodes in below:
        up = left[public.parent[nodes]]
        left[nodes] = np.where(up >= 0, up, np.where(reaches[nodes], -1, layer))
    return left[node]


def _children(game: GameTree) -> Iterator[tuple[int, Ints]]:
    """The public nodes to which each layer's move leads, the layers in order."""
    public = game.public
    came_from = np.where(public.parent >= 0, public.layer[np.maximum(public.parent, 0)], -1)
    for layer in range(len(public.layers)):
        yield layer, np.flatnonzero(came_from == layer)
