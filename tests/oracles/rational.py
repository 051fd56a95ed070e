"""Rational play: subgame perfection by backward induction, and the limit of the logit branch as precision grows.

References
----------
Selten, R. (1965, 1975): subgame perfection; trembling hand.
McKelvey, R. and Palfrey, T. (1998), Experimental Economics 1, theorem 4: limits of the agent logit equilibrium are sequential
equilibria; the limit of the principal branch selects one of them for almost every game.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oracles.play import action_values
from vetopoint.arrays import Array
from vetopoint.errors import SolverError
from vetopoint.game.solver.engine import Engine
from vetopoint.game.solver.plans import BEST, FIXED
from vetopoint.game.solver.solve import FAILED, BestResponse, Solution, solve_aqre
from vetopoint.game.tree import Tree

__all__ = ["Limit", "SubgamePerfect", "logit_limit", "subgame_perfect"]


_TIE = 1e-9  # relative to the size of the values compared
_MULTIPLES = (10.0, 100.0, 1e3, 1e4, 1e5, 1e6)  # precision times the spread of a player's payoffs


@dataclass(frozen=True, eq=False)
class SubgamePerfect:
    """Backward induction of every draw.

    Parameters
    ----------
    strategy : (n, actions); ties are split by base weight.
    tied : (n, infosets) whether several actions are best, so that other subgame-perfect equilibria exist.
    """

    strategy: Array
    tied: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Limit:
    """End of the principal branch.

    Parameters
    ----------
    solution : play at the largest precision that could be traced; failed only if none could.
    precision : (n,) that precision, as a multiple of one over the spread of a player's payoffs.
    change : (n,) largest change of a probability over the last tenfold increase; small where play has settled.
    """

    solution: Solution
    precision: NDArray[np.float64]
    change: NDArray[np.float64]


def subgame_perfect(
    tree: Tree,
    payoffs: Array,
    chance: Array | None,
    tie_payoffs: Array | None = None,
    base: Array | None = None,
) -> SubgamePerfect:
    """Backward induction, exact in one pass; parameters as `solve_aqre`.

    Raises
    ------
    SolverError
        If beliefs depend on choices, so that backward induction does not apply.
    """
    everyone = np.ones(tree.n_players, dtype=bool)
    layers = 1 if chance is None else int(np.asarray(chance).shape[1])
    roles = np.where(np.diff(tree.action_start) == 1, FIXED, BEST)
    if Engine(tree, layers).plan(roles).circular:
        raise SolverError(
            "subgame perfection by backward induction needs beliefs that depend on no choice → use the limit of the logit branch"
        )
    precision = np.ones((1, tree.n_players))
    found = solve_aqre(tree, payoffs, chance, precision, base=base, best=BestResponse(everyone, tie_payoffs))
    odds = np.zeros((1, 1, 0)) if chance is None else np.asarray(chance)
    values = action_values(tree, found.strategy, payoffs, odds)
    return SubgamePerfect(found.strategy, _tied(tree, values))


def _tied(tree: Tree, values: Array) -> NDArray[np.bool_]:
    if not tree.n_infosets:
        return np.zeros((values.shape[0], 0), dtype=bool)
    start = tree.action_start[:-1]
    top = np.maximum.reduceat(values, start, axis=1)
    size = np.maximum.reduceat(np.abs(values), start, axis=1)
    near = values >= (top - _TIE * size)[:, tree.action_infoset]
    return np.asarray(np.add.reduceat(near.astype(np.int64), start, axis=1) > 1)


def logit_limit(
    tree: Tree,
    payoffs: Array,
    chance: Array | None,
    base: Array | None = None,
    tolerance: float = 1e-6,
) -> Limit:
    """Follow the principal branch to ever larger precision until play no longer changes.

    Every player's precision is the same multiple of one over the spread of its payoffs; the multiple grows tenfold, to 10^6 at most.
    Where the limit is mixed, play approaches it like one over the precision.

    Parameters
    ----------
    tolerance : change of every probability over a tenfold increase at which a draw has settled.
    others : as `solve_aqre`.

    Returns
    -------
    Limit
    """
    paid = np.asarray(payoffs, dtype=np.float64)
    odds = np.zeros((1, 1, 0)) if chance is None else np.asarray(chance, dtype=np.float64)
    n = max(paid.shape[0], odds.shape[0])
    spread = paid.max(axis=1) - paid.min(axis=1)
    spread = np.broadcast_to(np.where(spread > 0, spread, 1.0), (n, tree.n_players))
    strategy, label, residual = np.zeros((n, tree.n_actions)), np.full(n, FAILED, dtype=np.int8), np.zeros(n)
    reached, change = np.zeros(n), np.full(n, np.inf)
    running = np.arange(n)
    for multiple in _MULTIPLES:
        part = solve_aqre(tree, _cut(paid, running), _cut(odds, running), multiple / spread[running], base=base)
        solved = part.label != FAILED
        keep = running[solved]
        moved = np.abs(part.strategy[solved] - strategy[keep]).max(axis=1, initial=0.0)
        change[keep] = moved if multiple > _MULTIPLES[0] else np.inf
        strategy[keep], residual[keep], reached[keep] = part.strategy[solved], part.residual[solved], multiple
        label[keep] = part.label[solved]
        running = keep[change[keep] > tolerance]
        if not len(running):
            break
    return Limit(Solution(strategy, label, residual, np.zeros(len(label), np.int64)), reached, change)


def _cut(array: Array, draws: Array) -> Array:
    return array[draws] if array.shape[0] > 1 else array
