"""Agent logit quantal response equilibrium of one tree over a batch of draws.

At information set h, option a is taken with probability proportional to mu(a) exp(lambda_i E[u_i | h, a]), with beliefs by Bayes' rule
from the same strategies (McKelvey and Palfrey 1998). Where no belief depends on a choice this is one exact backward pass;
otherwise the answer is the principal branch, followed from lambda = 0 (`_homotopy`), and each draw says how that went.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from vetopoint.errors import SolverError
from vetopoint.game import _program as ir
from vetopoint.game._backward import LANES, sweep
from vetopoint.game._homotopy import CONVERGED, FAILED, FOLDED, trace
from vetopoint.game._reduce import BEST, FIXED, FREE, Compiled, Shape, compile_game
from vetopoint.game._walk import action_values, beliefs, infoset_values, node_probabilities, terminal_probabilities
from vetopoint.game.tree import Tree

__all__ = [
    "CONVERGED",
    "FAILED",
    "FOLDED",
    "LABELS",
    "Solution",
    "action_values",
    "beliefs",
    "infoset_values",
    "node_probabilities",
    "solve_aqre",
    "terminal_probabilities",
]

LABELS = ("converged", "folded", "failed")

Array = NDArray[Any]

_EVALUATIONS = 4000  # most evaluations of one draw; bounds the time whatever the payoffs
_RESIDUAL = (
    1e-6  # largest distance between play and the reply to it that still counts as solved; rounding at huge lambda
)
_POLICIES = 40  # most rounds of best response against re-solved opponents


@dataclass(frozen=True, eq=False)
class Solution:
    """Equilibrium of every draw.

    Parameters
    ----------
    strategy : (n, actions) probabilities.
    label : (n,) int8: 0 converged, 1 folded (the branch turns back before its end: several equilibria), 2 failed.
    residual : (n,) largest difference between a probability and the reply to the strategy; 0 where one pass is exact.
    """

    strategy: Array
    label: NDArray[np.int8]
    residual: NDArray[np.float64]

    def share(self, label: int) -> float:
        """Share of draws with this label."""
        return float(np.mean(self.label == label))


@dataclass(frozen=True, eq=False)
class _Inputs:
    """Checked arrays, each with one or n draws."""

    n: int
    payoffs: Array
    chance: Array
    precision: Array
    fixed: Array
    base: Array

    def take(self, draws: Array) -> _Inputs:
        def cut(array: Array) -> Array:
            return np.ascontiguousarray(array[draws]) if array.shape[0] > 1 else array

        return _Inputs(len(draws), cut(self.payoffs), cut(self.chance), cut(self.precision), cut(self.fixed), self.base)

    @property
    def data(self) -> tuple[Array, ...]:
        return self.payoffs, self.chance, self.precision, self.fixed, self.base


def solve_aqre(
    tree: Tree,
    payoffs: Array,
    chance: Array | None,
    precision: Array,
    base: Array | None = None,
    fixed: Array | None = None,
    best_response: Array | None = None,
    tie_payoffs: Array | None = None,
    threads: int | None = None,
    dtype: DTypeLike = np.float64,
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
    best_response : (players,) bool: who best-responds exactly instead of by logit.
    tie_payoffs : (n, terminals, players) by which a best-responding player decides between equally good actions;
        by default its payoffs. What is then still tied is split by `base`.
    threads : by default one per processor.
    dtype : of the strategies and of the payoffs as stored; arithmetic is double throughout, so float32 halves the memory at
        an error of 1e-7 in the payoffs.

    Any array may have one draw where others have n.

    Returns
    -------
    Solution

    Raises
    ------
    SolverError
        If an array has the wrong shape or impossible values.

    Notes
    -----
    Best response is exact in one pass where no belief depends on a choice. Otherwise the opponents are re-solved against the
    policy of the best-responding players until that policy is a best response; draws in which it never settles are
    labelled failed.

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
    inputs = _check(tree, payoffs, chance, precision, base, fixed, np.dtype(dtype))
    best = np.zeros(tree.n_players, dtype=bool) if best_response is None else np.asarray(best_response, dtype=bool)
    if best.shape != (tree.n_players,):
        raise SolverError(f"best_response: shape {best.shape}, expected ({tree.n_players},)")
    if best.any():
        inputs = _with_ties(inputs, tie_payoffs)
    weighted = base is not None and bool(np.any(_uneven(tree, inputs.base)))
    workers = max(1, threads or os.cpu_count() or 1)
    free = np.isnan(inputs.fixed[:, tree.action_start[:-1]]) if tree.n_infosets else np.zeros((1, 0), dtype=bool)
    patterns, group = np.unique(free, axis=0, return_inverse=True)
    game = _Game(tree, inputs.chance.shape[1], weighted, workers, np.dtype(dtype))
    if len(patterns) == 1:
        return game.solve(inputs, patterns[0], best)
    parts = [(np.flatnonzero(group == k), pattern) for k, pattern in enumerate(patterns)]
    found = [(draws, game.solve(inputs.take(draws), pattern, best)) for draws, pattern in parts]
    whole = _empty(tree, inputs.n, np.dtype(dtype))
    for draws, part in found:
        _put(whole, draws, part)
    return whole


@dataclass(frozen=True, eq=False)
class _Game:
    tree: Tree
    layers: int
    weighted: bool
    workers: int
    dtype: np.dtype[Any]

    def _compile(self, roles: Array) -> Compiled:
        return compile_game(self.tree, Shape(tuple(int(r) for r in roles), self.layers, self.weighted))

    def solve(self, inputs: _Inputs, free: Array, best: Array) -> Solution:
        roles = np.where(free, np.where(best[self.tree.infoset_player], BEST, FREE), FIXED)
        if not np.any(roles == BEST):
            return self._equilibrium(inputs, self._compile(roles))
        compiled = self._compile(roles)
        if not compiled.circular and not compiled.unknown:
            return self._equilibrium(inputs, compiled)
        return self._policies(inputs, roles, best)

    def _equilibrium(self, inputs: _Inputs, compiled: Compiled) -> Solution:
        found = _empty(self.tree, inputs.n, self.dtype)
        unknown = np.zeros((inputs.n, max(1, compiled.dimension)))
        if compiled.slope is not None:
            slope = compiled.slope
            named = slope.outputs
            places = (named["value"], named["jacobian"], named["unknown"], named["time"])
            loads = slope.loads[~np.isin(slope.loads[:, 0], (ir.UNKNOWN, ir.TIME))]
            origin = _origin(self.tree, compiled, inputs.base)
            work = np.zeros(inputs.n, dtype=np.int64)
            self._blocks(
                inputs.n,
                lambda first, last: trace(
                    slope.code, slope.aux, loads, slope.rows, places, origin, inputs.data,
                    first, last, _EVALUATIONS, unknown, found.label, work,
                ),
            )  # fmt: skip
        outcome = compiled.outcome
        assert outcome is not None
        rows = outcome.outputs
        self._blocks(
            inputs.n,
            lambda first, last: sweep(
                outcome.code, outcome.aux, outcome.loads, outcome.rows, rows["strategy"], rows["mine"], rows["reply"],
                inputs.data, unknown, first, last, found.strategy, found.residual,
            ),
        )  # fmt: skip
        found.label[~(found.residual <= _RESIDUAL)] = FAILED
        return found

    def _blocks(self, n: int, job: Callable[[int, int], object]) -> None:
        """Run a job over blocks of draws; a draw's result does not depend on its block."""
        size = max(LANES * 8, -(-n // (4 * self.workers * LANES)) * LANES)
        edges = list(range(0, n, size))
        if len(edges) == 1 or self.workers == 1:
            for first in edges:
                job(first, min(n, first + size))
            return
        with ThreadPoolExecutor(self.workers) as pool:
            for done in [pool.submit(job, first, min(n, first + size)) for first in edges]:
                done.result()

    def _policies(self, inputs: _Inputs, roles: Array, best: Array) -> Solution:
        """Best response under imperfect information: re-solve the others until the policy no longer changes."""
        tree = self.tree
        bound = (roles == BEST)[tree.action_infoset]
        logit = self._equilibrium(inputs, self._compile(np.where(roles == BEST, FREE, roles)))
        policy = self._best_replies(inputs, logit.strategy, roles, best)
        found = replace(logit, label=np.full(inputs.n, FAILED, dtype=np.int8))
        others = self._compile(np.where(roles == BEST, FIXED, roles))
        open_ = np.arange(inputs.n)
        for _ in range(_POLICIES):
            part = inputs.take(open_)
            forced = np.array(np.broadcast_to(part.fixed, (len(open_), tree.n_actions)))
            forced[:, bound] = policy[:, bound]
            answer = self._equilibrium(replace(part, fixed=forced), others)
            reply = self._best_replies(part, answer.strategy, roles, best)
            settled = np.all(np.abs(reply - policy)[:, bound] <= 1e-9, axis=1) & (answer.label != FAILED)
            found.strategy[open_], found.residual[open_] = answer.strategy, answer.residual
            found.label[open_[settled]] = answer.label[settled]
            open_, policy = open_[~settled], reply[~settled]
            if not len(open_):
                break
        return found

    def _best_replies(self, inputs: _Inputs, strategy: Array, roles: Array, best: Array) -> Array:
        """Each best-responding player's reply to everybody else's strategy; exact, since nothing else moves."""
        tree = self.tree
        replies = np.array(strategy, dtype=np.float64)
        given = replace(inputs, fixed=np.array(strategy, dtype=np.float64))
        for player in np.flatnonzero(best):
            mine = (roles == BEST) & (tree.infoset_player == player)
            if mine.any():
                answer = self._equilibrium(given, self._compile(np.where(mine, BEST, FIXED)))
                where = mine[tree.action_infoset]
                replies[:, where] = answer.strategy[:, where]
        return replies


def _empty(tree: Tree, n: int, dtype: np.dtype[Any]) -> Solution:
    return Solution(np.empty((n, tree.n_actions), dtype=dtype), np.zeros(n, dtype=np.int8), np.zeros(n))


def _put(whole: Solution, draws: Array, part: Solution) -> None:
    whole.strategy[draws], whole.label[draws], whole.residual[draws] = part.strategy, part.label, part.residual


def _origin(tree: Tree, compiled: Compiled, base: Array) -> Array:
    """Log-odds of the base weights: play at lambda = 0."""
    parts = [np.log(base[list(tree.actions(h))[1:]] / base[tree.action_start[h]]) for h in compiled.unknown]
    return np.ascontiguousarray(np.concatenate(parts))


def _uneven(tree: Tree, base: Array) -> Array:
    return np.asarray(base != base[tree.action_start[tree.action_infoset]])


def _with_ties(inputs: _Inputs, ties: Array | None) -> _Inputs:
    payoffs = inputs.payoffs
    second = payoffs if ties is None else np.asarray(ties, dtype=payoffs.dtype)
    if second.shape[1:] != payoffs.shape[1:] or second.shape[0] not in (1, inputs.n):
        raise SolverError(f"tie_payoffs: shape {second.shape} does not match payoffs {payoffs.shape}")
    n = max(payoffs.shape[0], second.shape[0])
    shape = (n, *payoffs.shape[1:])
    joined = np.concatenate([np.broadcast_to(payoffs, shape), np.broadcast_to(second, shape)], axis=2)
    return replace(inputs, payoffs=np.ascontiguousarray(joined))


def _check(
    tree: Tree, payoffs: Array, chance: Array | None, precision: Array, base: Array | None, fixed: Array | None,
    dtype: np.dtype[Any],
) -> _Inputs:  # fmt: skip
    """Shapes, signs and sums; the error names the array."""
    if dtype not in (np.float64, np.float32):
        raise SolverError(f"dtype {dtype}: expected float64 or float32")
    paid = np.ascontiguousarray(payoffs, dtype=dtype)
    odds = np.zeros((1, 1, 0)) if chance is None else np.ascontiguousarray(chance, dtype=np.float64)
    rates = np.ascontiguousarray(precision, dtype=np.float64)
    forced = np.full((1, tree.n_actions), np.nan) if fixed is None else np.array(fixed, dtype=np.float64, ndmin=2)
    weights = np.ones(tree.n_actions) if base is None else np.ascontiguousarray(base, dtype=np.float64)
    for name, array, shape in (
        ("payoffs", paid, (tree.n_terminals, tree.n_players)),
        ("precision", rates, (tree.n_players,)),
        ("fixed", forced, (tree.n_actions,)),
    ):
        if array.shape[1:] != shape:
            raise SolverError(f"{name}: shape {array.shape}, expected (draws, {', '.join(map(str, shape))})")
    if odds.ndim != 3 or odds.shape[1] not in (1, 1 + tree.n_players) or odds.shape[2] != tree.n_chance:
        raise SolverError(f"chance: shape {odds.shape}, expected (draws, 1 or {1 + tree.n_players}, {tree.n_chance})")
    if weights.shape != (tree.n_actions,) or not np.all((weights > 0) & np.isfinite(weights)):
        raise SolverError(f"base: expected {tree.n_actions} finite weights above zero")
    if not np.all(np.isfinite(paid)):
        raise SolverError("payoffs: not all finite → check the payoff expressions for overflow or division by zero")
    if not np.all(np.isfinite(rates) & (rates >= 0)):
        raise SolverError("precision: must be finite and not below zero")
    _check_sums(
        "chance",
        odds.reshape(odds.shape[0] * odds.shape[1], tree.n_chance),
        tree.chance_start,
        tuple(tree.chance_names[k] for k in tree.chance_start[:-1]),
        partly=False,
    )
    _check_sums("fixed", forced, tree.action_start, tree.infoset_names, partly=True)
    forced[:, tree.action_start[:-1][np.diff(tree.action_start) == 1]] = 1.0
    sizes = {array.shape[0] for array in (paid, odds, rates, forced)} - {1}
    if len(sizes) > 1:
        raise SolverError(f"payoffs, chance, precision and fixed disagree on the number of draws: {sorted(sizes)}")
    return _Inputs(sizes.pop() if sizes else 1, paid, odds, rates, forced, weights)


def _check_sums(what: str, array: Array, start: Array, names: tuple[str, ...], partly: bool) -> None:
    if not array.size:
        return
    missing = np.isnan(array)
    sums = np.add.reduceat(array, start[:-1], axis=1)
    mixed = np.isnan(sums) & ~np.logical_and.reduceat(missing, start[:-1], axis=1)
    allowed = np.isnan(sums) if partly else np.zeros_like(sums, dtype=bool)
    bad = mixed | ~(allowed | (np.abs(sums - 1) <= 1e-6)) | np.logical_or.reduceat(array < 0, start[:-1], axis=1)
    if bad.any():
        draw, group = (int(v) for v in np.argwhere(bad)[0])
        values = array[draw, start[group] : start[group + 1]]
        raise SolverError(
            f"{what}: probabilities {values.tolist()} of set {group} ({names[group]}) in draw {draw} do not sum to one"
        )
