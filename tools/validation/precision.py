"""Estimating one precision λ from how often options were chosen, on any game with perfect recall.

Source: R. D. McKelvey & T. R. Palfrey (1995), "Quantal response equilibria for normal form games", *Games and Economic Behavior* 10, sec. 4;
the likelihood is taken along the principal branch of the agent form (McKelvey & Palfrey 1998).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from vetopoint.arrays import Floats
from vetopoint.errors import SolverError
from vetopoint.game.solver.solve import solve_aqre
from vetopoint.game.tree import Tree

__all__ = ["PrecisionFit", "fit_precision"]


@dataclass(frozen=True)
class PrecisionFit:
    """A common precision.

    Attributes
    ----------
    precision : λ, in inverse units of payoff. se : its standard error, from the curvature in log λ.
    loglik : log-likelihood of the counts. strategy : (actions,) fitted probabilities.
    at_bound : whether an end of the range searched fits as well, so that the data do not bound λ on that side.
    """

    precision: float
    se: float
    loglik: float
    strategy: Floats
    at_bound: bool


def fit_precision(
    tree: Tree,
    payoffs: ArrayLike,
    counts: ArrayLike,
    chance: ArrayLike | None = None,
    *,
    least: float = 1e-3,
    most: float = 100.0,
    grid: int = 61,
) -> PrecisionFit:
    """Fit one λ, common to all players, to how often each action was taken.

    The likelihood of a grid of λ, even in log λ, is computed at once; the grid is then laid around the best point, until it is as fine as
    1e-8. Several local maxima closer together than the first grid are not told apart.

    Parameters
    ----------
    tree : the game.
    payoffs : (terminals, players) float64.
    counts : (actions,) how often each action was observed.
    chance : (chance actions,) probabilities, where the game has chance moves.
    least, most : range of λ. grid : points of each grid.

    Raises
    ------
    SolverError
        Counts of the wrong length, or no point of the grid could be solved.
    """
    seen = np.asarray(counts, float)
    if seen.shape != (tree.n_actions,):
        raise SolverError(f"counts have shape {seen.shape}; one for each of the {tree.n_actions} actions needed")
    worth = np.asarray(payoffs, float)[None]
    odds = None if chance is None else np.asarray(chance, float)[None, None]

    def at(logs: Floats) -> tuple[Floats, Floats]:
        rates = np.repeat(np.exp(logs)[:, None], tree.n_players, axis=1)
        solution = solve_aqre(tree, worth, odds, rates)
        with np.errstate(divide="ignore"):
            parts = np.where(seen > 0, seen * np.log(solution.strategy), 0.0)
        return np.where(solution.label == 2, -np.inf, parts.sum(axis=1)), solution.strategy

    low, high = np.log(least), np.log(most)
    at_bound = False
    for round_ in range(12):
        logs = np.linspace(low, high, grid)
        fits, strategies = at(logs)
        best = int(np.argmax(fits))
        if not np.isfinite(fits[best]):
            raise SolverError("no precision in the range could be solved → narrow the range")
        if round_ == 0:
            at_bound = bool(max(fits[0], fits[-1]) >= fits[best] - 1e-9)
        low, high = logs[max(best - 1, 0)], logs[min(best + 1, grid - 1)]
        if high - low < 1e-8:
            break
    centre = logs[best]
    step = 1e-3
    around, _ = at(np.array([centre - step, centre, centre + step]))
    curvature = -(around[0] - 2 * around[1] + around[2]) / step**2
    value = float(np.exp(centre))
    se = value / float(np.sqrt(curvature)) if curvature > 0 else float("nan")
    return PrecisionFit(value, se, float(fits[best]), strategies[best], at_bound)
