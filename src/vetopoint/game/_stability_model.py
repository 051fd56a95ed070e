"""What a graph model is made of: states, who can move where, and preferences as ranks. See ``stability``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vetopoint.errors import SolverError

__all__ = ["GraphModel", "OptionForm", "graph_model", "option_form", "ordinal_ranks"]

MAX_STATES = 1 << 20

Ints = NDArray[np.int32]


@dataclass(frozen=True)
class GraphModel:
    """Any graph: for each decision maker the states it can move to in one step.

    Attributes
    ----------
    start : (dms, states + 1) int32, bounds of each state's list in ``target``.
    target : (edges,) int32, reachable states.
    """

    start: Ints
    target: Ints

    @property
    def dms(self) -> int:
        """Number of decision makers."""
        return int(self.start.shape[0])

    @property
    def states(self) -> int:
        """Number of states."""
        return int(self.start.shape[1] - 1)


@dataclass(frozen=True)
class OptionForm:
    """States as combinations of standing options, each option dimension owned by one decision maker.

    Attributes
    ----------
    settings : (states, dimensions) int16, the value at which each dimension stands in each feasible state.
    owner : (dimensions,) int32, the decision maker who sets it.
    members, start, fibres : the states by fibre, per decision maker; a fibre is a set of states between which its owner
        alone can move.
    lock : (dms, states) int64, one bit for each standing value that cannot be undone.
    """

    settings: NDArray[np.int16]
    owner: Ints
    members: Ints
    start: Ints
    fibres: Ints
    lock: NDArray[np.int64]

    @property
    def dms(self) -> int:
        """Number of decision makers."""
        return int(self.members.shape[0])

    @property
    def states(self) -> int:
        """Number of feasible states."""
        return int(self.settings.shape[0])

    def reach(self) -> list[list[list[int]]]:
        """The same moves as lists: ``reach()[dm][state]`` are the states in reach (for small models and for tests)."""
        lists: list[list[list[int]]] = [[[] for _ in range(self.states)] for _ in range(self.dms)]
        for dm in range(self.dms):
            for f in range(int(self.fibres[dm])):
                fibre = self.members[dm, self.start[dm, f] : self.start[dm, f + 1]].tolist()
                for q in fibre:
                    lock = int(self.lock[dm, q])
                    lists[dm][q] = sorted(r for r in fibre if r != q and not lock & ~int(self.lock[dm, r]))
        return lists


def graph_model(reach: Sequence[Sequence[Sequence[int]]]) -> GraphModel:
    """Build a model from lists of reachable states.

    Parameters
    ----------
    reach : ``reach[dm][state]`` lists the states to which ``dm`` can move from ``state``; the state itself may not be listed.

    Raises
    ------
    SolverError
        A list names a state that does not exist, or its own state.
    """
    dms, states = len(reach), len(reach[0]) if reach else 0
    if not dms or not states:
        raise SolverError("a graph model needs at least one decision maker and one state")
    start = np.zeros((dms, states + 1), np.int32)
    target: list[int] = []
    for dm, lists in enumerate(reach):
        if len(lists) != states:
            raise SolverError(f"decision maker {dm} has lists for {len(lists)} states, the first has {states}")
        start[dm, 0] = len(target)
        for state, goals in enumerate(lists):
            if any(not 0 <= q < states or q == state for q in goals):
                raise SolverError(
                    f"decision maker {dm} at state {state} reaches {list(goals)}; states are 0 to {states - 1}"
                )
            target.extend(goals)
            start[dm, state + 1] = len(target)
    return GraphModel(start, np.asarray(target, np.int32))


def option_form(
    sizes: Sequence[int],
    owner: Sequence[int],
    feasible: ArrayLike | None = None,
    irreversible: Sequence[tuple[int, int]] = (),
) -> OptionForm:
    """Build a model whose states are combinations of standing options.

    Parameters
    ----------
    sizes : number of values of each option dimension (2 for an option that is taken or not).
    owner : decision maker of each dimension, counted from 0.
    feasible : (product of sizes,) bool, first dimension slowest; default: every combination.
    irreversible : pairs (dimension, value); once it stands at that value its owner cannot change the dimension.

    Raises
    ------
    SolverError
        Too many combinations, or more than 62 irreversible values of one decision maker.

    Examples
    --------
    >>> from vetopoint.game.stability import equilibria, stability
    >>> model = option_form([2, 2], [0, 1])  # the prisoners: silent or confess
    >>> likes = [[[3, 3], [1, 4], [4, 1], [2, 2]]]  # (draws, states, decision makers)
    >>> equilibria(stability(model, likes))["nash"].tolist()
    [[False, False, False, True]]
    >>> equilibria(stability(model, likes))["seq"].tolist()
    [[True, False, False, True]]
    """
    total = int(np.prod(sizes, dtype=np.int64))
    if total > MAX_STATES:
        raise SolverError(f"{total:,} combinations of options; leave options out until at most {MAX_STATES:,} remain")
    settings = np.indices(tuple(sizes), dtype=np.int16).reshape(len(sizes), total).T
    if feasible is not None:
        settings = settings[np.asarray(feasible, bool).reshape(total)]
    who = np.asarray(owner, np.int32)
    dms, states = int(who.max()) + 1, settings.shape[0]
    if states == 0:
        raise SolverError("no combination of options is feasible")
    members, fibres = np.empty((dms, states), np.int32), np.empty(dms, np.int32)
    bounds: list[NDArray[np.intp]] = []
    for dm in range(dms):
        others = settings[:, who != dm]
        sorting = np.lexsort(others.T) if others.shape[1] else np.arange(states)
        change = np.any(np.diff(others[sorting], axis=0) != 0, axis=1)
        members[dm] = sorting
        bounds.append(np.concatenate([[0], np.flatnonzero(change) + 1, [states]]))
        fibres[dm] = len(bounds[-1]) - 1
    start = np.full((dms, int(fibres.max()) + 1), states, np.int32)
    for dm, bound in enumerate(bounds):
        start[dm, : len(bound)] = bound
    return OptionForm(settings, who, members, start, fibres, _locks(settings, who, dms, irreversible))


def _locks(
    settings: NDArray[np.int16], owner: Ints, dms: int, irreversible: Sequence[tuple[int, int]]
) -> NDArray[np.int64]:
    lock, used = np.zeros((dms, settings.shape[0]), np.int64), [0] * dms
    for dimension, value in irreversible:
        dm = int(owner[dimension])
        if used[dm] > 61:
            raise SolverError("more than 62 irreversible options of one decision maker")
        lock[dm] |= (settings[:, dimension] == value).astype(np.int64) << used[dm]
        used[dm] += 1
    return lock


def ordinal_ranks(payoffs: ArrayLike, tolerance: float = 1e-9) -> Ints:
    """Rank states by payoff, best highest; payoffs closer than ``tolerance`` are ties.

    Parameters
    ----------
    payoffs : (n, states, dms) float64, any unit.
    tolerance : gap in units of payoff under which two neighbours in the order count as equal.

    Returns
    -------
    (n, states, dms) int32, dense ranks from 0.

    Examples
    --------
    >>> ordinal_ranks([[[0.5], [2.0], [0.5 + 1e-12]]])[0, :, 0].tolist()
    [0, 1, 0]
    """
    values = np.asarray(payoffs, float)
    if not np.isfinite(values).all():
        raise SolverError("a payoff of a state is not a finite number")
    order = np.argsort(values, axis=1, kind="stable")
    gaps = np.diff(np.take_along_axis(values, order, 1), axis=1) > tolerance
    dense = np.concatenate([np.zeros((values.shape[0], 1, values.shape[2]), np.int32), gaps], axis=1).cumsum(axis=1)
    ranks = np.empty(values.shape, np.int32)
    np.put_along_axis(ranks, order, dense.astype(np.int32), 1)
    return ranks
