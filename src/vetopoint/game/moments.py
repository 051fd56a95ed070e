"""Where the plan is lost: each failing history shared among the moves at which the chance of the goal fell.

All of it is given the chance events that the headlines presuppose, so that what chance must bring about first is no blame. With
g(h) = P(goal | public history h), types integrated out, a history that fails gives every move on its path
max(0, fall in g) over the sum of its falls. Weighted by probability these sum to 1 − g exactly. Where the goal is a probability
(a truce that may hold), the last fall, from g at the end to nought, is what happens *afterwards*; where g is nought from the
beginning, the plan was lost at the *start*. Moves made at the same information have no order: theirs are mean falls over all orders.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from vetopoint.answers import MomentAnswer, MomentsAnswer
from vetopoint.answers.game import Cause
from vetopoint.arrays import Array, Bools, Floats, Ints, ratio
from vetopoint.budget import USUAL
from vetopoint.game.deterrence import Deterrence
from vetopoint.game.flow import Flow, as_weights, cut, over_draws, share_falls
from vetopoint.game.interventions import OptionEffects
from vetopoint.game.priced import Play
from vetopoint.game.simultaneous import EXACT, Block, mean_falls, simultaneous
from vetopoint.game.unroll import CHANCE, GameTree
from vetopoint.quantity import LEAST_WEIGHT, Band, band

__all__ = ["Charge", "Moments", "Step", "charges", "moments", "moments_answer"]


class Step(NamedTuple):
    """An option taken at a move, or a round of one.

    Attributes
    ----------
    layer, option : where, and what. month : when. unasked : whether it is the owner's choice not to attempt the plan.
    """

    layer: int
    option: str
    month: float
    unasked: bool


@dataclass(frozen=True, eq=False)
class Moments:
    """Shares of failure, given what is presupposed; all columns together sum to ``failure`` in every draw.

    Attributes
    ----------
    steps : what each column stands for.
    shares : (n, columns) what each step accounts for.
    afterwards, start : (n,) what is lost after the last move, and what was lost from the beginning.
    failure : (n,) 1 − g.
    condition : (n,) P(what is presupposed): how much each draw weighs.
    """

    steps: tuple[Step, ...]
    shares: Floats
    afterwards: Floats
    start: Floats
    failure: Floats
    condition: Floats

    @property
    def error(self) -> float:
        """Largest difference between the sum of the shares and 1 − g."""
        total = self.shares.sum(axis=1) + self.afterwards + self.start
        return float(np.abs(total - self.failure).max(initial=0.0))

    @cached_property
    def unasked(self) -> Floats:
        """(n,) what the owner's choices not to attempt the plan account for."""
        return np.asarray(self.shares[:, [step.unasked for step in self.steps]].sum(axis=1))


def moments(
    play: Play,
    weights: Array,
    most: int = USUAL.decisiveness,
    presupposed: Array | None = None,
    unasked: Bools | None = None,
) -> Moments:
    """Share the failure of a goal among moves, rounds and options.

    Parameters
    ----------
    play : the solved game.
    weights : (terminals,) or (n, terminals) weights of the goal in [0, 1].
    most : draws, the first of them, where so many move at once that orders are sampled.
    presupposed : (terminals,) or (1, terminals) whether the chance events that the headlines presuppose came true; default: always.
    unasked : (public nodes,) steps at which the owner does not attempt the plan, which have columns of their own, see `asking`.
    """
    game = play.priced.game
    public = game.public
    steps, own = _steps(game, unasked)
    blocks = simultaneous(game)
    if any(len(block.layers) > EXACT for block in blocks):
        play = play.first(most)
    rows = cut(as_weights(weights), slice(play.priced.n))
    holds = None if presupposed is None else as_weights(presupposed)
    parent, column = _paths(game, blocks, own, len(steps))

    def work(flow: Flow, block: slice) -> tuple[Floats, ...]:
        whole = flow.public_reach if holds is None else flow.public_mass(holds)
        wanted = cut(rows, block) if holds is None else np.ascontiguousarray(cut(rows, block) * holds)
        goal, reach = ratio(flow.public_mass(wanted), whole), ratio(whole, whole[:, :1])
        levels = np.concatenate([goal, *(_levels(b, reach, goal) for b in blocks)], axis=1)
        shares = share_falls(parent, column, len(steps) + 1, public.ends, reach, levels)
        return shares, np.where(whole[:, 0] > 0, 1.0 - goal[:, 0], 0.0), whole[:, 0]

    shares, failure, condition = over_draws(work, game, play.strategy, play.priced.chance)
    return Moments(steps, shares[:, : len(steps)], shares[:, -2], shares[:, -1], failure, condition)


def _steps(game: GameTree, unasked: Bools | None) -> tuple[tuple[Step, ...], Ints]:
    """Options by layer, month and whether they leave the plan unasked, and (public nodes,) which of them led to a node; -1 at the root."""
    public = game.public
    up = np.maximum(public.parent, 0)
    left = np.zeros(public.size, dtype=bool) if unasked is None else unasked
    keys = np.column_stack([public.layer[up], public.option, public.date[up], left])[1:]
    found, column = np.unique(keys, axis=0, return_inverse=True)
    steps = tuple(
        Step(int(number), public.layers[int(number)].options[int(code)], float(month), bool(flag))
        for number, code, month, flag in found
    )
    return steps, np.concatenate([[-1], np.asarray(column, dtype=np.int64).ravel()])


def _paths(game: GameTree, blocks: tuple[Block, ...], own_column: Ints, rises: int) -> tuple[Ints, Ints]:
    """(nodes,) parent of each node and column of the step to it, where simultaneous moves stand in no order.

    Every combination of a block's choices has a path of its own from the block's start, a node for each move, beyond the public
    nodes. The step from its last node to where the block leads is a rise, or the rounding of one, and has a column of its own.
    """
    up, columns = game.public.parent.astype(np.int64), [own_column.copy()]
    parents = [up.copy()]
    for block in blocks:
        count, moves = block.ends.size, len(block.layers)
        at = sum(p.size for p in parents) + np.arange(count * moves).reshape(count, moves)
        parents.append(np.column_stack([np.repeat(block.starts, block.ends.shape[1]), at[:, :-1]]).ravel())
        taken = block.ends.ravel()
        parents[0][taken] = at[:, -1]
        own = np.empty((count, moves), dtype=np.int64)
        for j in reversed(range(moves)):
            own[:, j], taken = own_column[taken], up[taken]
        columns.append(own.ravel())
    for block in blocks:
        columns[0][block.ends] = rises
    return np.concatenate(parents), np.concatenate(columns)


def _levels(block: Block, reach: Floats, goal: Floats) -> Floats:
    """(n, own nodes) g at the nodes of a block's own paths: from g at the start of the block it falls by each move's mean fall."""
    falls = mean_falls(block, reach, goal)
    return np.asarray(goal[:, block.starts, None, None] - np.cumsum(falls, axis=-1)).reshape(goal.shape[0], -1)


class Charge(NamedTuple):
    """One part of the failure, and to whom it is charged.

    Attributes
    ----------
    cause, step : why it is lost, and where; no step where no move loses it.
    deterred_by : whose expected refusal explains that the plan was not attempted.
    share : (n,) how much.
    error : standard error of its mean that comes from having compared fewer draws.
    """

    cause: Cause
    step: Step | None
    deterred_by: str | None
    share: Floats
    error: float = 0.0


def charges(game: GameTree, found: Moments, deterrence: Deterrence | None = None) -> Iterator[Charge]:
    """All parts of the failure, which sum to it in every draw; what the owner left unasked is split by who deterred it."""
    for k, step in enumerate(found.steps):
        share = found.shares[:, k]
        cause: Cause = "chance" if game.public.layers[step.layer].by == CHANCE else "move"
        if not step.unasked or deterrence is None:
            yield Charge(cause, step, None, share)
            continue
        weight = float(found.condition @ share / max(found.condition.sum(), LEAST_WEIGHT))
        split = [share * fraction for fraction in deterrence.fractions.T]
        yield Charge(cause, step, None, np.maximum(share - sum(split), 0.0), weight * float(deterrence.error.sum()))
        for actor, part, error in zip(deterrence.actors, split, deterrence.error, strict=True):
            yield Charge(cause, step, actor, part, weight * float(error))
    yield Charge("afterwards", None, None, found.afterwards)
    yield Charge("start", None, None, found.start)


def moments_answer(
    game: GameTree, goal: str, found: Moments, effects: OptionEffects, deterrence: Deterrence | None = None
) -> MomentsAnswer:
    """The shares in words and bands, largest first; what never contributes is left out.

    What an actor deterred is charged to it in ``by_actor``, and to the owner's move at which it was not asked in ``by_move``.
    """
    grouped: dict[tuple[Cause, int, str, str | None], list[Charge]] = {}
    by_actor: dict[str, list[Charge]] = {}
    by_move: dict[str, list[Charge]] = {}
    for part in charges(game, found, deterrence):
        layer = game.public.layers[part.step.layer] if part.step else None
        key = (
            part.cause,
            part.step.layer if part.step else -1,
            part.step.option if part.step else "",
            part.deterred_by,
        )
        if layer is not None or part.share.any():
            by_actor.setdefault(part.deterred_by or (layer.by if layer else part.cause), []).append(part)
            by_move.setdefault(layer.move if layer else part.cause, []).append(part)
        if part.share.any():
            grouped.setdefault(key, []).append(part)
    listed = [_moment(game, effects, parts, found.condition) for parts in grouped.values()]
    return MomentsAnswer(
        goal=goal,
        failure=band(found.failure, found.condition),
        moments=tuple(sorted(listed, key=lambda m: -m.share.mean)),
        by_actor={actor: _summed(parts, found.condition) for actor, parts in by_actor.items()},
        by_move={move: _summed(parts, found.condition) for move, parts in by_move.items()},
        worst_error=found.error,
        draws=found.failure.size,
        deterred_draws=deterrence.draws if deterrence else 0,
    )


def _moment(game: GameTree, effects: OptionEffects, parts: list[Charge], condition: Floats) -> MomentAnswer:
    """One option of one round, over all its months."""
    step, share = parts[0].step, _summed(parts, condition)
    if step is None:
        return MomentAnswer(move=None, actor=None, cause=parts[0].cause, share=share)
    layer = game.public.layers[step.layer]
    return MomentAnswer(
        move=layer.move,
        round=layer.round or None,
        option=step.option,
        actor=layer.by,
        at=float(effects.at[step.layer]),
        cause=parts[0].cause,
        deterred_by=parts[0].deterred_by,
        share=share,
    )


def _summed(parts: list[Charge], condition: Floats) -> Band:
    total = band(np.sum([part.share for part in parts], axis=0), condition)
    error = sum(part.error for part in parts)
    return total.model_copy(update={"mc": float(np.hypot(total.mc, error))}) if error else total
