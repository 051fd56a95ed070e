"""Agent logit quantal response equilibrium of one tree over a batch of draws.

At information set h, option a is taken with probability proportional to mu(a) exp(lambda_i E[u_i | h, a]), with beliefs by Bayes' rule
from the same strategies (McKelvey and Palfrey 1998). Where no belief depends on a choice this is one exact backward pass;
otherwise the answer is the principal branch, followed from lambda = 0 (`homotopy`), and each draw says how that went.
"""

from __future__ import annotations

import numpy as np

from vetopoint.arrays import Array, Bools
from vetopoint.errors import SolverError
from vetopoint.game.solver.batch import BestResponse, Inputs, Solution, alike, check_inputs, with_ties
from vetopoint.game.solver.engine import Engine
from vetopoint.game.solver.homotopy import CONVERGED, FAILED, FOLDED
from vetopoint.game.solver.plans import BEST, FIXED, FREE
from vetopoint.game.solver.respond import forced_choices, respond
from vetopoint.game.tree import Tree

__all__ = ["CONVERGED", "FAILED", "FOLDED", "LABELS", "BestResponse", "Solution", "retrace_aqre", "solve_aqre"]

LABELS = ("converged", "folded", "failed")


def solve_aqre(
    tree: Tree,
    payoffs: Array,
    chance: Array | None,
    precision: Array,
    base: Array | None = None,
    fixed: Array | None = None,
    best: BestResponse | None = None,
) -> Solution:
    """Solve a game for every draw.

    Parameters
    ----------
    tree : the game.
    payoffs : (n, terminals, players), in units that `precision` inverts.
    chance : (n, 1 or 1+players, chance_actions): layer 0 the truth, layer 1+i what player i believes; ``None`` if the
        tree has no chance moves.
    precision : (n, players) lambda, at least 0. The path traces t lambda for t from 0 to 1.
    base : (actions,) base weights mu > 0; by default all equal.
    fixed : (actions,) or (n, actions) forced probabilities, NaN where the choice is free.
    best : who best-responds exactly instead of by logit, alone or together, and what decides between equally good actions.

    Any array may have one draw where others have n.

    Returns
    -------
    Solution

    Raises
    ------
    SolverError
        If an array has the wrong shape or impossible values.

    References
    ----------
    McKelvey, R. and Palfrey, T. (1998), Experimental Economics 1.

    Examples
    --------
    >>> from vetopoint.game.tree import DECISION, TERMINAL, Node, Tree
    >>> tree = Tree.from_nodes(("a",), [Node(-1, 0, DECISION, 0, None, ("l", "r")), Node(0, 0, TERMINAL), Node(0, 1, TERMINAL)])
    >>> solve_aqre(tree, np.array([[[0.0], [np.log(3.0)]]]), None, np.ones((1, 1))).strategy.round(6)
    array([[0.25, 0.75]])
    """
    inputs = check_inputs(tree, payoffs, chance, precision, base, fixed)
    best = BestResponse(np.zeros(tree.n_players, dtype=bool)) if best is None else best
    who = np.asarray(best.who, dtype=bool)
    if who.shape != (tree.n_players,):
        raise SolverError(f"best response: shape {who.shape}, expected ({tree.n_players},)")
    together, ties = best.together(), best.ties if who.any() else None
    if ties is not None:
        inputs = with_ties(inputs, ties)
    same = alike(tree, inputs.payoffs, who)
    engine = Engine(tree, inputs.chance.shape[1], _weighted(tree, inputs), ties is not None, alike=same)
    free = np.isnan(inputs.fixed[:, tree.action_start[:-1]]) if tree.n_infosets else np.zeros((1, 0), dtype=bool)
    patterns, group = np.unique(free, axis=0, return_inverse=True)
    if len(patterns) == 1:
        return _solve(engine, inputs, patterns[0], who, together)
    whole = Solution.empty(tree, inputs.n)
    for number, pattern in enumerate(patterns):
        draws = np.flatnonzero(group == number)
        whole.put(draws, _solve(engine, inputs.take(draws), pattern, who, together))
    return whole


def retrace_aqre(
    tree: Tree, payoffs: Array, chance: Array | None, precision: Array, base: Array, longest: float
) -> Solution:
    """Solve a game as `solve_aqre` does, in steps along the branch of at most ``longest``, in log-odds: closer than need be."""
    inputs = check_inputs(tree, payoffs, chance, precision, base)
    same = alike(tree, inputs.payoffs)
    engine = Engine(tree, inputs.chance.shape[1], _weighted(tree, inputs), longest=longest, alike=same)
    free = np.diff(tree.action_start) > 1
    return engine.equilibrium(inputs, engine.plan(np.where(free, FREE, FIXED)))


def _weighted(tree: Tree, inputs: Inputs) -> bool:
    return bool(np.any(inputs.base != inputs.base[tree.action_start[tree.action_infoset]]))


def _solve(engine: Engine, inputs: Inputs, free: Bools, who: Bools, together: list[list[int]]) -> Solution:
    """Draws that share what is free and what is forced."""
    roles = np.where(free, np.where(who[engine.tree.infoset_player], BEST, FREE), FIXED)
    if np.any(roles == BEST):
        return respond(engine, inputs, roles, who, together)
    return forced_choices(engine, inputs, roles)
