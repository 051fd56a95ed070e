"""Where the owner asks: the moves at which it takes, or leaves out, what the goal can be reached by.

An *attempt* is the owner's first choice, on a history, of an option from which the goal can still be reached where another of its
options rules it out. *Not asking* is the other side of that choice: what Friedrich (1963, Man and His Government, ch. 11) calls the rule of
anticipated reactions, and Bachrach & Baratz (1962, APSR 56) the second face of power, is only seen there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vetopoint.arrays import Array, Bools, Floats
from vetopoint.game.unroll import GameTree

__all__ = ["Asking", "asking"]


@dataclass(frozen=True, eq=False)
class Asking:
    """Attempts, by public node.

    Attributes
    ----------
    asked : (nodes,) month of the attempt on the way to the node; infinite where there was none.
    unasked : (nodes,) whether the step to the node is a choice not to attempt, none having been made before.
    """

    asked: Floats
    unasked: Bools


def asking(game: GameTree, weights: Array) -> Asking:
    """Find the owner's attempts at a goal.

    Parameters
    ----------
    game : the game.
    weights : (terminals,) or (n, terminals) weights of the goal, nought where what is presupposed does not hold.
    """
    public, owner = game.public, game.case.file.owner
    reaching = np.zeros(public.histories, dtype=bool)
    np.logical_or.at(reaching, game.terminal_public, (np.atleast_2d(weights) > 0).any(axis=0))
    can = public.any_through(reaching)
    asked, unasked = np.full(public.size, np.inf), np.zeros(public.size, dtype=bool)
    for number, layer in enumerate(public.layers):
        nodes, children = public.at_layer(number), public.children(number)
        asked[children] = asked[nodes][:, None]
        if layer.by != owner:
            continue
        open_ = can[children]
        splits = open_.any(axis=1) & ~open_.all(axis=1) & np.isinf(asked[nodes])
        unasked[children] = splits[:, None] & ~open_
        asked[children] = np.where(splits[:, None] & open_, public.date[nodes][:, None], asked[children])
    return Asking(asked, unasked)
