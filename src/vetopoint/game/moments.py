"""Where the plan is lost: each failing history shared among the moves at which the chance of the goal fell.

With g(h) = P(goal | public history h), types integrated out, a history that fails gives every move on its path
max(0, fall in g) over the sum of its falls. Weighted by probability these sum to 1 − g exactly. Where the goal is a probability
(a truce that may hold), the last fall, from g at the end to nought, is what happens *afterwards*; where g is nought from the
beginning, the plan was lost at the *start*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vetopoint.answers import MomentAnswer, MomentsAnswer
from vetopoint.arrays import Array, Floats
from vetopoint.game.flow import Flow, as_weights, cut, over_draws, share_falls
from vetopoint.game.interventions import OptionEffects
from vetopoint.game.priced import Play
from vetopoint.game.unroll import CHANCE, GameTree
from vetopoint.quantity import band

__all__ = ["Moments", "moments", "moments_answer"]


@dataclass(frozen=True, eq=False)
class Moments:
    """Shares of failure; all columns together sum to ``failure`` in every draw.

    Attributes
    ----------
    steps : for each column the layer and the option.
    shares : (n, columns) what each move, round and option accounts for.
    afterwards, start : (n,) what is lost after the last move, and what was lost from the beginning.
    failure : (n,) 1 − g.
    """

    steps: tuple[tuple[int, str], ...]
    shares: Floats
    afterwards: Floats
    start: Floats
    failure: Floats

    @property
    def error(self) -> float:
        """Largest difference between the sum of the shares and 1 − g."""
        total = self.shares.sum(axis=1) + self.afterwards + self.start
        return float(np.abs(total - self.failure).max(initial=0.0))


def moments(play: Play, weights: Array) -> Moments:
    """Share the failure of a goal among moves, rounds and options.

    Parameters
    ----------
    play : the solved game.
    weights : (terminals,) or (n, terminals) weights of the goal in [0, 1].
    """
    game = play.priced.game
    public = game.public
    steps = tuple((number, option) for number, layer in enumerate(public.layers) for option in layer.options)
    rows = as_weights(weights)

    def work(flow: Flow, block: slice) -> tuple[Floats, Floats]:
        goal = flow.public_value(cut(rows, block))
        falls = (public.parent, public.option_column, len(steps), public.ends)
        shares = share_falls(*falls, flow.public_reach, goal)
        return shares, 1.0 - goal[:, 0]

    shares, failure = over_draws(work, game, play.strategy, play.priced.chance)
    return Moments(steps, shares[:, : len(steps)], shares[:, -2], shares[:, -1], failure)


def moments_answer(game: GameTree, goal: str, found: Moments, effects: OptionEffects) -> MomentsAnswer:
    """The shares in words and bands, largest first; what never contributes is left out."""
    listed: list[MomentAnswer] = []
    by_actor: dict[str, Floats] = {}
    by_move: dict[str, Floats] = {}
    for k, (number, option) in enumerate(found.steps):
        layer, share = game.public.layers[number], found.shares[:, k]
        by_actor[layer.by] = by_actor.get(layer.by, np.zeros_like(share)) + share
        by_move[layer.move] = by_move.get(layer.move, np.zeros_like(share)) + share
        if share.any():
            listed.append(
                MomentAnswer(
                    move=layer.move,
                    round=layer.round or None,
                    option=option,
                    actor=layer.by,
                    at=float(effects.at[number]),
                    cause="chance" if layer.by == CHANCE else "move",
                    share=band(share),
                )
            )
    if found.afterwards.any():
        listed.append(MomentAnswer(move=None, actor=None, cause="afterwards", share=band(found.afterwards)))
    if found.start.any():
        listed.append(MomentAnswer(move=None, actor=None, cause="start", share=band(found.start)))
    return MomentsAnswer(
        goal=goal,
        failure=band(found.failure),
        moments=tuple(sorted(listed, key=lambda m: -m.share.mean)),
        by_actor={actor: band(share) for actor, share in by_actor.items()},
        by_move={move: band(share) for move, share in by_move.items()},
        worst_error=found.error,
    )
