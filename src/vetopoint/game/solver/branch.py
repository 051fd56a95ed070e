"""The principal branch of one game, point by point from lambda = 0, for whoever wants to see it.

The follower's points lie near the curve, as near as it needs to go on. Each is brought onto it by Gauss and Newton's method,
whose steps are square to the curve, so that points at a fold stay there and their order along the curve stays the same.

References
----------
Allgower, E. and Georg, K. (1990), *Numerical Continuation Methods*, ch. 3: the Moore-Penrose inverse as a corrector.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vetopoint.arrays import Array, Floats
from vetopoint.errors import SolverError
from vetopoint.game.solver.batch import Inputs, check_inputs
from vetopoint.game.solver.engine import Engine
from vetopoint.game.solver.homotopy import CONVERGED, FAILED
from vetopoint.game.solver.plans import FIXED, FREE, Plan, Plans
from vetopoint.game.tree import Tree

__all__ = ["Branch", "follow_branch"]

_ROUNDS = 8  # most corrections of a point; they converge quadratically
_ENTRIES = 4_000_000  # of Jacobians held at once
_RUNGS = 33  # first ladder of precisions where every pass is exact
_MOVE = 0.05  # between neighbours on it no probability moves more
_MOST = 4_000  # rungs


@dataclass(frozen=True, eq=False)
class Branch:
    """Points of one branch, in their order along it.

    Parameters
    ----------
    time : (points,) share of the precision, from 0 to 1; it falls where the branch turns back.
    strategy : (points, actions) play.
    residual : (points,) largest difference between a probability and the reply to the strategy; 0 where one pass is exact.
    label : converged or folded, as of the game solved at the full precision.
    """

    time: Floats
    strategy: Floats
    residual: Floats
    label: int


def follow_branch(tree: Tree, payoffs: Array, chance: Array, precision: Array) -> Branch:
    """Follow the branch of one game and keep every step.

    Parameters
    ----------
    tree : the game.
    payoffs : (terminals, players).
    chance : (chance_actions,).
    precision : (players,) lambda at the end of the branch.

    Returns
    -------
    Branch
        Each point a reply to itself. Where one pass is exact there are no steps to keep: a ladder of precisions then, as fine as
        play moves.

    Raises
    ------
    SolverError
        If the branch cannot be followed to its end, or an array has the wrong shape or impossible values.

    Examples
    --------
    >>> from vetopoint.game.tree import DECISION, TERMINAL, Node
    >>> tree = Tree.from_nodes(("a",), [Node(-1, 0, DECISION, 0, None, ("l", "r")), Node(0, 0, TERMINAL), Node(0, 1, TERMINAL)])
    >>> branch = follow_branch(tree, np.array([[0.0], [np.log(3.0)]]), np.zeros(0), np.ones(1))
    >>> branch.strategy[[0, -1]].round(6).tolist()
    [[0.5, 0.5], [0.25, 0.75]]
    """
    inputs = check_inputs(tree, np.asarray(payoffs)[None], np.asarray(chance)[None, None], np.asarray(precision)[None])
    engine = Engine(tree)
    plans = engine.plan(np.where(np.diff(tree.action_start) == 1, FIXED, FREE))
    still = not inputs.precision.any()
    if not plans.tried:
        return _ladder(engine, inputs, plans, np.zeros(1) if still else np.linspace(0.0, 1.0, _RUNGS))
    for plan in plans.tried:
        traced = engine.follow(inputs, plan, watched=True)
        if traced.label[0] == FAILED:
            continue
        path = traced.path[0, : 1 if still else traced.passed[0]]
        path[1:-1] = _on_curve(engine, inputs, plan, path)
        unknown, time = np.ascontiguousarray(path[:, :-1]), path[:, -1].copy()
        found = engine.play(_at(inputs, time), plans, plan, unknown)
        if not np.any(found.label == FAILED):
            return Branch(time, found.strategy, found.residual, int(traced.label[0]))
    raise SolverError(
        "the principal branch cannot be followed to this precision: a step became too short, or the evaluations ran out → "
        "ask for a smaller one"
    )


def _at(inputs: Inputs, time: Floats) -> Inputs:
    """One game as so many draws, each at a share of the precision."""
    return replace(inputs, n=len(time), precision=time[:, None] * inputs.precision)


def _ladder(engine: Engine, inputs: Inputs, plans: Plans, rungs: Floats) -> Branch:
    """Exact play at rising precisions, with more rungs wherever some probability moves much."""
    while True:
        found = engine.play(_at(inputs, rungs), plans, None, np.zeros((len(rungs), 1)))
        moved = np.abs(np.diff(found.strategy, axis=0)).max(axis=1, initial=0.0)
        wide = np.flatnonzero(moved > _MOVE)
        if not wide.size or rungs.size + wide.size > _MOST:
            return Branch(rungs, found.strategy, found.residual, CONVERGED)
        rungs = np.sort(np.concatenate([rungs, (rungs[wide] + rungs[wide + 1]) / 2]))


def _on_curve(engine: Engine, inputs: Inputs, plan: Plan, path: Floats) -> Floats:
    """The inner points of a path (points, d+1), unknowns and t, brought onto the curve."""
    d = path.shape[1] - 1
    # Time counts as much as the unknowns that it moves, as it does for the follower.
    speed = np.linalg.norm(path[1:2, :-1] - path[:1, :-1]) / path[1, -1] if len(path) > 2 else 1.0
    metric = np.append(np.ones(d), max(1.0, float(speed)))
    inner = path[1:-1].copy()
    size = max(1, _ENTRIES // (d * (d + 1)))
    for first in range(0, len(inner), size):
        here = inner[first : first + size]
        moving = np.arange(len(here))
        for _ in range(_ROUNDS):
            point = here[moving]
            unknown, time = np.ascontiguousarray(point[:, :-1]), point[:, -1].copy()
            reply, slopes = engine.reply(_at(inputs, time), plan, unknown)
            jacobian = np.eye(d, d + 1) - slopes
            # The program differentiates by a factor on the precision, which stands at t of the whole here.
            jacobian[:, :, d] /= time[:, None]
            gap = unknown - reply
            step = (np.linalg.pinv(jacobian / metric) @ gap[:, :, None])[:, :, 0] / metric
            here[moving] -= step
            moving = moving[np.abs(step).max(axis=1) > 1e-12 * np.maximum(1.0, np.abs(point).max(axis=1))]
            if not moving.size:
                break
    return inner
