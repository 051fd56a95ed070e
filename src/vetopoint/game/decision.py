"""What the options of one move are worth to an actor in truth, draw by draw, at every place where it would have to choose.

An option is taken when its move comes, whatever the actor would have done; all else, and what follows, stays as solved (a surprise
intervention, see `vetopoint.game.interventions`). `vetopoint.game.choices` tells what an actor believes that its options are worth, as it
plays; here its payoff is counted as it turns out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vetopoint.arrays import Floats
from vetopoint.game.flow import Flow, as_weights, collect, cut, gather_pairs, over_draws
from vetopoint.game.priced import Play
from vetopoint.game.tree import DECISION

__all__ = ["OptionsWorth", "worth_of_options"]


@dataclass(frozen=True, eq=False)
class OptionsWorth:
    """What the options of a move are worth.

    Attributes
    ----------
    worth : (n, information sets, options) P(information set) · E[payoff | information set, option]: the part that the option adds to the
        payoff expected of the whole game.
    reach : (n, information sets) P(information set).
    """

    worth: Floats
    reach: Floats


def worth_of_options(play: Play, payoff: Floats, layer: int) -> OptionsWorth:
    """Find what each option of a layer is worth to somebody.

    Parameters
    ----------
    play : the solved game.
    payoff : (n or 1, terminals) of whoever's interest it is, in truth.
    layer : number of the layer, see `GameTree.layer_of`.
    """
    game = play.priced.game
    tree, sets = game.tree, np.flatnonzero(game.infoset_layer == layer)
    actions = np.array([np.asarray(tree.actions(int(h))) for h in sets], dtype=np.int64).reshape(len(sets), -1)
    decides = tree.kind == DECISION
    place = np.full(tree.n_infosets, -1, dtype=np.int64)
    place[sets] = np.arange(len(sets))
    column = np.full(tree.n_actions, -1, dtype=np.int64)
    column[actions.ravel()] = np.arange(actions.size)
    at_set = np.where(decides, place[np.where(decides, tree.index, 0)], -1)
    inner = (tree.parent >= 0) & decides[np.maximum(tree.parent, 0)]
    taken = np.where(inner, column[np.where(inner, tree.via, 0)], -1)
    rows = as_weights(payoff)

    def work(flow: Flow, block: slice) -> list[Floats]:
        value = flow.value(cut(rows, block))
        worth = gather_pairs(taken, actions.size, flow.reach, tree.parent, value)
        return [worth, collect(at_set, len(sets), flow.reach)]

    worth, reach = over_draws(work, game, play.strategy, play.priced.chance)
    return OptionsWorth(worth.reshape(-1, *actions.shape), reach)
