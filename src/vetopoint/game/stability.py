"""Stability without numbers: the graph model for conflict resolution, over a batch of ordinal preferences.

A second opinion beside the equilibrium in probabilities. States are combinations of standing options; each decision maker
can move between some of them; only the order in which it ranks the states counts. Four notions of stability are decided for
each state and decision maker: *Nash* (no improvement), *GMR* (each improvement can be answered by something no better than
staying), *SMR* (and the mover cannot escape that answer), *SEQ* (the answer is made of improvements for those who give it).
A state that is stable for everybody is an equilibrium.

References: N. Howard (1971); N. M. Fraser & K. W. Hipel (1984); L. Fang, K. W. Hipel & D. M. Kilgour (1993), *Interactive
Decision Making*, ch. 3; H. Xu, K. W. Hipel, D. M. Kilgour & L. Fang (2018), *Conflict Resolution Using the Graph Model*, ch. 4.
An answer by several opponents is a legal sequence: nobody moves twice *in a row*, and nothing else is barred.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vetopoint.errors import SolverError

__all__ = [
    "CONCEPTS",
    "CaseStability",
    "GraphModel",
    "OptionForm",
    "equilibria",
    "graph_model",
    "option_form",
    "ordinal_ranks",
    "stability",
    "stability_of_case",
    "standing_payoffs",
]

CONCEPTS = ("nash", "gmr", "smr", "seq")
MAX_STATES = 1 << 20

Bools = NDArray[np.bool_]
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


def stability(
    model: GraphModel | OptionForm | Sequence[Sequence[Sequence[int]]],
    preferences: ArrayLike,
    *,
    workers: int | None = None,
) -> dict[str, Bools]:
    """Decide Nash, GMR, SMR and SEQ stability of every state for every decision maker, over all draws.

    Parameters
    ----------
    model : a graph, an option form, or plain lists ``reach[dm][state]``.
    preferences : (n, states, dms) integers, higher is better; floats go through `ordinal_ranks` first.
    workers : threads over blocks of draws (default: one per processor); the answer does not depend on it.

    Returns
    -------
    dict of concept to (n, states, dms) bool.

    Raises
    ------
    SolverError
        The shapes do not fit.
    """
    graph = model if isinstance(model, GraphModel | OptionForm) else graph_model(model)
    given = np.asarray(preferences)
    if given.ndim != 3 or given.shape[1:] != (graph.states, graph.dms):
        raise SolverError(
            f"preferences have shape {given.shape}; (draws, {graph.states} states, {graph.dms} actors) needed"
        )
    ranks = ordinal_ranks(given) if given.dtype.kind == "f" else given.astype(np.int32)
    by_dm = np.ascontiguousarray(np.swapaxes(ranks, 1, 2))
    out = np.empty((len(CONCEPTS), *by_dm.shape), np.bool_)
    _over_blocks(_kernel(graph), by_dm, out, workers)
    return {concept: np.swapaxes(out[k], 1, 2) for k, concept in enumerate(CONCEPTS)}


def _kernel(graph: GraphModel | OptionForm) -> Callable[[Any, Any], None]:
    if isinstance(graph, GraphModel):
        from vetopoint.game._stability_graph import solve_graph

        return lambda ranks, out: solve_graph(ranks, graph.start, graph.target, out)
    from vetopoint.game._stability_options import solve_options

    locked = graph.lock.any(axis=1)
    return lambda ranks, out: solve_options(ranks, graph.members, graph.start, graph.fibres, graph.lock, locked, out)


def _over_blocks(kernel: Callable[[Any, Any], None], ranks: Ints, out: Bools, workers: int | None) -> None:
    threads = min(workers or os.cpu_count() or 1, max(1, ranks.shape[0] // 8))
    if threads == 1:
        kernel(ranks, out)
        return
    edges = np.linspace(0, ranks.shape[0], threads + 1).astype(int)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda a, b: kernel(ranks[a:b], out[:, a:b]), edges[:-1], edges[1:]))


def equilibria(stable: Mapping[str, Bools]) -> dict[str, Bools]:
    """States that are stable for everybody: concept to (n, states) bool."""
    return {concept: np.asarray(found.all(axis=2), np.bool_) for concept, found in stable.items()}


@dataclass(frozen=True)
class CaseStability:
    """Stability of a case's standing options.

    Attributes
    ----------
    states : for each state the standing option of each move, such as ``{"answer": "consent"}``.
    stable : concept to (n, states, actors) bool.
    equilibrium : concept to (n, states) bool.
    actors : names, in the order of the last axis.
    """

    states: tuple[dict[str, str], ...]
    stable: dict[str, Bools]
    equilibrium: dict[str, Bools]
    actors: tuple[str, ...]

    def share(self, concept: str) -> NDArray[np.float64]:
        """(states,) share of draws in which a state is an equilibrium."""
        return np.asarray(self.equilibrium[concept].mean(axis=0))


def stability_of_case(
    options_by_actor: Mapping[str, Mapping[str, Sequence[str]]],
    payoffs: ArrayLike,
    feasible: ArrayLike | None = None,
    irreversible: Sequence[tuple[str, str]] = (),
    *,
    tolerance: float = 1e-9,
) -> CaseStability:
    """Stability of the combinations of standing options of a case.

    Each move of an actor is one dimension of the state: the option at which that actor stands ready to take it. An actor can
    change any of its own standing options; what the others do in return is the sanction.

    Parameters
    ----------
    options_by_actor : actor to move to options, in the order in which states are counted (first move slowest).
    payoffs : (n, feasible states, actors) float64, from `standing_payoffs` for instance.
    feasible : (product of options,) bool; default: every combination.
    irreversible : pairs (move, option) that cannot be undone.

    Raises
    ------
    SolverError
        An unknown move or option in ``irreversible``, or shapes that do not fit.
    """
    moves = [(actor, move, tuple(options)) for actor, own in options_by_actor.items() for move, options in own.items()]
    actors = tuple(options_by_actor)
    index = {move: k for k, (_, move, _) in enumerate(moves)}
    fixed = []
    for move, option in irreversible:
        if move not in index or option not in moves[index[move]][2]:
            raise SolverError(
                f"irreversible option {option!r} of move {move!r} does not exist → use an option of a declared move"
            )
        fixed.append((index[move], moves[index[move]][2].index(option)))
    form = option_form([len(o) for _, _, o in moves], [actors.index(a) for a, _, _ in moves], feasible, fixed)
    stable = stability(form, ordinal_ranks(payoffs, tolerance))
    names = tuple(
        {move: options[int(v)] for (_, move, options), v in zip(moves, row, strict=True)} for row in form.settings
    )
    return CaseStability(names, stable, equilibria(stable), actors)


def standing_payoffs(
    sizes: Sequence[int], taken: ArrayLike, weight: ArrayLike, payoffs: ArrayLike
) -> NDArray[np.float64]:
    """Expected payoffs when every actor takes its standing option whenever its move comes.

    Parameters
    ----------
    sizes : number of options of each move.
    taken : (terminals, moves) int: the option taken on the way to a terminal history; -1 the move did not come;
        -2 the rounds of a repeated move differ, so that no standing option leads there.
    weight : (n, terminals) float64, product of the chance probabilities on the way (types are chance).
    payoffs : (n, terminals, actors) float64.

    Returns
    -------
    (n, states, actors) float64, states counted with the first move slowest.

    Examples
    --------
    >>> taken = [[0, -1], [1, 0], [1, 1]]  # stay; propose then yes; propose then no
    >>> standing_payoffs([2, 2], taken, [[1, 1, 1]], [[[0, 0], [2, 1], [-1, 0]]])[0].tolist()
    [[0.0, 0.0], [0.0, 0.0], [2.0, 1.0], [-1.0, 0.0]]
    """
    path, chance, worth = np.asarray(taken), np.asarray(weight, float), np.asarray(payoffs, float)
    states = np.asarray(list(product(*(range(k) for k in sizes))), np.int64).reshape(-1, len(sizes))
    total = np.zeros((worth.shape[0], states.shape[0], worth.shape[2]))
    for terminal, choices in enumerate(path):
        here = np.all((choices == -1) | (choices == states), axis=1)
        if here.any():
            total[:, here] += (chance[:, terminal, None] * worth[:, terminal])[:, None, :]
    return total
