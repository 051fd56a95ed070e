"""How many equilibria a search from random starts finds in a small game, beside the one on the principal branch.

Newton's method on the equations of the branch at its end, from log-odds of random play. What it finds are equilibria; what it does not
find may exist.
"""

from __future__ import annotations

import numpy as np

from vetopoint.arrays import Array, Floats, Ints
from vetopoint.game.solver.batch import check_inputs
from vetopoint.game.solver.engine import Engine
from vetopoint.game.solver.plans import FIXED, FREE
from vetopoint.game.tree import Tree

__all__ = ["STARTS", "count_equilibria"]

STARTS = 24
_UNKNOWNS, _NODES = 24, 1000  # of a game that counts as small
_ROUNDS, _STEP = 60, 2.0  # of Newton's method, and the longest step of a log-odds
_RIDGE = 1e-12  # keeps a singular system solvable; the step is bounded anyway
_EXACT, _ALIKE = 1e-9, 1e-4  # gap of a solution; difference of probabilities up to which two are one


def count_equilibria(
    tree: Tree, payoffs: Array, chance: Array, precision: Array, base: Array, known: Floats
) -> Ints | None:
    """(n,) how many different equilibria are known or found in each draw; None where the game is not small, or one pass is exact.

    Parameters
    ----------
    tree, payoffs, chance, precision, base : see `solve_aqre`.
    known : (n, actions) play that is an equilibrium.
    """
    inputs = check_inputs(tree, payoffs, chance, precision, base)
    engine = Engine(tree, inputs.chance.shape[1], bool(np.ptp(inputs.base) > 0))
    plans = engine.plan(np.where(np.diff(tree.action_start) == 1, FIXED, FREE))
    plan = plans.odds
    if not plan.contrasts or len(plan.contrasts) > _UNKNOWNS or tree.n_nodes > _NODES:
        return None
    n, d = inputs.n, len(plan.contrasts)
    draws = np.repeat(np.arange(n), STARTS)
    many = inputs.take(draws)
    x = _starts(tree, plan.contrasts, draws.size)
    for _ in range(_ROUNDS):
        reply, slopes = engine.reply(many, plan, x)
        gap, jacobian = x - reply, np.eye(d) - slopes[:, :, :d]
        step = np.linalg.solve(jacobian + _RIDGE * np.eye(d), gap[:, :, None])
        x = np.ascontiguousarray(x - np.clip(step[:, :, 0], -_STEP, _STEP))
    good = np.abs(gap).max(axis=1) <= _EXACT * (1.0 + np.abs(x).max(axis=1))
    found = engine.play(many, plans, None, x).strategy
    kept = [found[(draws == i) & good] for i in range(n)]
    return np.array([_different(np.concatenate([known[i : i + 1], kept[i]])) for i in range(n)])


def _starts(tree: Tree, contrasts: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...], rows: int) -> Floats:
    """(rows, d) contrasts of random play, mostly near pure."""
    logs = np.log(np.random.default_rng(0).gamma(0.3, size=(rows, tree.n_actions)) + 1e-9)
    return np.stack([logs[:, list(here)].sum(1) - logs[:, list(there)].sum(1) for here, there in contrasts], axis=1)


def _different(plays: Floats) -> int:
    """How many of the rows (k, actions) differ."""
    count = 0
    while plays.size:
        count += 1
        plays = plays[np.abs(plays - plays[0]).max(axis=1) > _ALIKE]
    return count
