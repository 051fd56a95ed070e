"""The arrays that enter and leave the solver, and the checks on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Array, Bools, Floats, Ints
from vetopoint.errors import SolverError
from vetopoint.game.solver.interpreter import Data
from vetopoint.game.tree import Tree
from vetopoint.kernel import kernel

__all__ = ["FEW", "BestResponse", "Inputs", "Solution", "alike", "check_inputs", "crowded", "with_ties"]

FEW = (
    16  # up to so many histories in every information set, nothing is gained by telling which of them come to the same
)
_PROBED = 8  # draws


@dataclass(frozen=True, eq=False)
class Solution:
    """Equilibrium of every draw.

    Parameters
    ----------
    strategy : (n, actions) probabilities.
    label : (n,) int8: 0 converged, 1 folded (the branch turns back before its end: several equilibria), 2 failed.
    residual : (n,) largest difference between a probability and the reply to the strategy; 0 where one pass is exact.
    spent : (n,) how often the game was evaluated to follow the branch; 0 where one pass is exact.
    """

    strategy: Floats
    label: NDArray[np.int8]
    residual: Floats
    spent: Ints

    @classmethod
    def empty(cls, tree: Tree, n: int) -> Solution:
        """A solution of n draws, to be filled."""
        return cls(np.empty((n, tree.n_actions)), np.zeros(n, dtype=np.int8), np.zeros(n), np.zeros(n, dtype=np.int64))

    def share(self, label: int) -> float:
        """Share of draws with this label."""
        return float(np.mean(self.label == label))

    def put(self, draws: Array, part: Solution) -> None:
        """Take over what some draws were solved to."""
        for mine, its in zip(vars(self).values(), vars(part).values(), strict=True):
            mine[draws] = its

    def copy(self) -> Solution:
        """The same in arrays of its own."""
        return Solution(*(array.copy() for array in vars(self).values()))

    def first(self, draws: int) -> Solution:
        """The same on the first draws only."""
        return Solution(*(array[:draws] for array in vars(self).values()))


@dataclass(frozen=True, eq=False)
class BestResponse:
    """Who chooses exactly the best action, and how between equally good ones.

    Parameters
    ----------
    who : (players,) bool: who best-responds instead of by logit.
    ties : (n, terminals, players) payoffs that decide between equally good actions; what is then still tied is split by base
        weight.
    teams : players who are paid the same and choose together; everybody else chooses alone.
    """

    who: Bools
    ties: Array | None = None
    teams: Sequence[Sequence[int]] = ()

    def together(self) -> list[list[int]]:
        """All best responders, each with those it chooses together with."""
        among = [[p for p in team if self.who[p]] for team in self.teams]
        grouped = {p for team in among for p in team}
        alone = [[int(p)] for p in np.flatnonzero(self.who) if p not in grouped]
        return [team for team in among if team] + alone


@dataclass(frozen=True, eq=False)
class Inputs:
    """Checked arrays, each with one or n draws; ``payoffs`` may carry tie-break payoffs behind the players'."""

    n: int
    payoffs: Floats
    chance: Floats
    precision: Floats
    fixed: Floats
    base: Floats

    def take(self, draws: Array) -> Inputs:
        """The same for some of the draws."""

        def cut(array: Floats) -> Floats:
            return np.ascontiguousarray(array[draws]) if array.shape[0] > 1 else array

        return Inputs(len(draws), cut(self.payoffs), cut(self.chance), cut(self.precision), cut(self.fixed), self.base)

    @property
    def data(self) -> Data:
        """Arguments of the kernels."""
        return self.payoffs, self.chance, self.precision, self.fixed, self.base


def with_ties(inputs: Inputs, ties: Array) -> Inputs:
    """Append tie-break payoffs as columns of further players."""
    payoffs = inputs.payoffs
    second = np.asarray(ties, dtype=np.float64)
    if second.shape[1:] != payoffs.shape[1:] or second.shape[0] not in (1, inputs.n):
        raise SolverError(f"tie_payoffs: shape {second.shape} does not match payoffs {payoffs.shape}")
    n = max(payoffs.shape[0], second.shape[0])
    shape = (n, *payoffs.shape[1:])
    joined = np.concatenate([np.broadcast_to(payoffs, shape), np.broadcast_to(second, shape)], axis=2)
    return replace(inputs, payoffs=np.ascontiguousarray(joined))


def crowded(tree: Tree) -> bool:
    """Whether some information set holds so many histories that it pays to tell which of them come to the same."""
    return bool(np.diff(tree.member_start).max(initial=0) > FEW)


def alike(tree: Tree, payoffs: Floats, best: Bools | None = None) -> bytes:
    """For each terminal and column of payoffs the first terminal that pays the same in every draw, ``(terminals, columns)`` int32 as bytes.

    Where many move at once most histories come to the same for any one of them. A player's terminals count as the same only where its
    tie payoffs and what best responders are paid agree too: so they are the same ones whoever among them best-responds. Empty where no
    information set has many histories.

    Parameters
    ----------
    tree : the game.
    payoffs : (n, terminals, players), with tie payoffs behind them or without.
    best : (players,) who best-responds.
    """
    if not crowded(tree):
        return b""
    columns = _first_alike(payoffs)
    wanted = {columns[:, k].tobytes(): columns[:, k] for k in ([] if best is None else np.flatnonzero(best))}
    found = np.empty(columns.shape, dtype=np.int32)
    for player in range(tree.n_players):
        own = list(columns[:, player :: tree.n_players].T)
        joint = reduce(lambda one, other: _first_equal(one * len(columns) + other), [*own, *wanted.values()])
        found[:, player :: tree.n_players] = joint[:, None]
    return found.tobytes()


def _first_alike(payoffs: Floats) -> Ints:
    """(terminals, columns) the first terminal that pays the same in all draws, of payoffs (n, terminals, columns)."""
    probes = payoffs[:: -(-payoffs.shape[0] // _PROBED)]
    mixed = sum(np.sqrt(2.0 + i) * probe for i, probe in enumerate(probes))
    found = np.stack([_first_equal(column) for column in np.asarray(mixed).T], axis=1)
    same = np.ones(found.shape, dtype=np.bool_)
    _refute(payoffs, found, same)
    return np.where(same, found, np.arange(len(found))[:, None])


def _first_equal(values: Array) -> Ints:
    """(values,) the number of the first that is equal to each."""
    _, first, which = np.unique(values, return_index=True, return_inverse=True)
    return first[which]


@kernel
def _refute(payoffs: Floats, first: Ints, same: Bools) -> None:
    """Unset ``same (terminals, columns)`` where ``payoffs (n, terminals, columns)`` differ in a draw from those at the ``first`` one."""
    for i in range(payoffs.shape[0]):
        for t in range(payoffs.shape[1]):
            for k in range(payoffs.shape[2]):
                if payoffs[i, first[t, k], k] != payoffs[i, t, k]:
                    same[t, k] = False


def check_inputs(
    tree: Tree,
    payoffs: Array,
    chance: Array | None,
    precision: Array,
    base: Array | None = None,
    fixed: Array | None = None,
) -> Inputs:
    """Shapes, signs and sums; the error names the array."""
    paid = np.ascontiguousarray(payoffs, dtype=np.float64)
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
    # A sum is finite only if all terms are, and it needs no array of truth values as large as the payoffs.
    if not np.isfinite(np.sum(paid)) and not np.all(np.isfinite(paid)):
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
    return Inputs(sizes.pop() if sizes else 1, paid, odds, rates, forced, weights)


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
