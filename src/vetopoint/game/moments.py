"""Where the plan is lost: each failing history shared among the moves at which the chance of the goal fell.

With g(h) = P(goal | public history h), types integrated out, a history that fails gives every move on its path
max(0, fall in g) over the sum of its falls. Weighted by probability these sum to 1 − g exactly. Where the goal is a probability
(a truce that may hold), the last fall, from g at the end to nought, is what happens *afterwards*; where g is nought from the
beginning, the plan was lost at the *start*. Moves made at the same information have no order: theirs are mean falls over all orders.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vetopoint.answers import MomentAnswer, MomentsAnswer
from vetopoint.arrays import Array, Floats, Ints
from vetopoint.budget import USUAL
from vetopoint.game.flow import Flow, as_weights, cut, over_draws, share_falls
from vetopoint.game.interventions import OptionEffects
from vetopoint.game.priced import Play
from vetopoint.game.simultaneous import EXACT, Block, mean_falls, simultaneous
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


def moments(play: Play, weights: Array, most: int = USUAL.decisiveness) -> Moments:
    """Share the failure of a goal among moves, rounds and options.

    Parameters
    ----------
    play : the solved game.
    weights : (terminals,) or (n, terminals) weights of the goal in [0, 1].
    most : draws, the first of them, where so many move at once that orders are sampled.
    """
    game = play.priced.game
    public = game.public
    steps = tuple((number, option) for number, layer in enumerate(public.layers) for option in layer.options)
    blocks = simultaneous(game)
    if any(len(block.layers) > EXACT for block in blocks):
        play = play.first(most)
    rows = cut(as_weights(weights), slice(play.priced.n))
    parent, column = _paths(game, blocks)

    def work(flow: Flow, block: slice) -> tuple[Floats, Floats]:
        goal = flow.public_value(cut(rows, block))
        levels = np.concatenate([goal, *(_levels(b, flow.public_reach, goal) for b in blocks)], axis=1)
        shares = share_falls(parent, column, len(steps) + 1, public.ends, flow.public_reach, levels)
        return shares, 1.0 - goal[:, 0]

    shares, failure = over_draws(work, game, play.strategy, play.priced.chance)
    return Moments(steps, shares[:, : len(steps)], shares[:, -2], shares[:, -1], failure)


def _paths(game: GameTree, blocks: tuple[Block, ...]) -> tuple[Ints, Ints]:
    """(nodes,) parent of each node and column of the step to it, where simultaneous moves stand in no order.

    Every combination of a block's choices has a path of its own from the block's start, a node for each move, beyond the public
    nodes. The step from its last node to where the block leads is a rise, or the rounding of one, and has a column of its own.
    """
    public = game.public
    up, columns = public.parent.astype(np.int64), [public.option_column]
    parents = [up.copy()]
    for block in blocks:
        count, moves = block.ends.size, len(block.layers)
        at = sum(p.size for p in parents) + np.arange(count * moves).reshape(count, moves)
        parents.append(np.column_stack([np.repeat(block.starts, block.ends.shape[1]), at[:, :-1]]).ravel())
        taken = block.ends.ravel()
        parents[0][taken] = at[:, -1]
        own = np.empty((count, moves), dtype=np.int64)
        for j in reversed(range(moves)):
            own[:, j], taken = public.option_column[taken], up[taken]
        columns.append(own.ravel())
    column = np.concatenate(columns)
    for block in blocks:
        column[block.ends] = public.option_start[-1]
    return np.concatenate(parents), column


def _levels(block: Block, reach: Floats, goal: Floats) -> Floats:
    """(n, own nodes) g at the nodes of a block's own paths: from g at the start of the block it falls by each move's mean fall."""
    falls = mean_falls(block, reach, goal)
    return np.asarray(goal[:, block.starts, None, None] - np.cumsum(falls, axis=-1)).reshape(goal.shape[0], -1)


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
        draws=found.failure.size,
    )
