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
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vetopoint.arrays import Bools
from vetopoint.errors import SolverError
from vetopoint.game._stability_model import GraphModel, OptionForm, graph_model, option_form, ordinal_ranks

if TYPE_CHECKING:
    from vetopoint.game.unroll import GameTree

__all__ = [
    "CONCEPTS",
    "CaseStability",
    "GameStability",
    "GraphModel",
    "OptionForm",
    "equilibria",
    "graph_model",
    "option_form",
    "ordinal_ranks",
    "stability",
    "stability_of_case",
    "stability_of_game",
    "standing_payoffs",
]

CONCEPTS = ("nash", "gmr", "smr", "seq")
Ints = NDArray[np.int32]


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

    found = [np.unique(row) for row in graph.lock]
    used = np.asarray([c.size for c in found])
    codes = np.zeros((graph.dms, int(used.max())), np.int64)
    for dm, distinct in enumerate(found):
        codes[dm, : distinct.size] = distinct
    return lambda ranks, out: solve_options(
        ranks, graph.members, graph.start, graph.fibres, graph.lock, codes, used, out
    )


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


@dataclass(frozen=True)
class GameStability:
    """The second opinion on a case, ready to be set beside the solved game.

    Attributes
    ----------
    states : the standing options and their stability.
    outcomes : names of the outcomes.
    reached : (n, states, outcomes) float64, P(outcome) when everybody takes its standing option.
    """

    states: CaseStability
    outcomes: tuple[str, ...]
    reached: NDArray[np.float64]

    def outcome_stable(self, concept: str) -> NDArray[np.bool_]:
        """(n, outcomes) whether some equilibrium of standing options leads to the outcome in some course of chance."""
        found = self.states.equilibrium[concept][:, :, None] & (self.reached > 0)
        return np.asarray(found.any(axis=1))


def stability_of_game(
    game: GameTree, payoffs: NDArray[np.float64], chance: NDArray[np.float64], tolerance: float = 1e-9
) -> GameStability:
    """Graph-model stability of a case's standing options.

    Each move of an actor is one dimension of the state, all rounds of a repeated move together. A state is worth what happens in
    expectation over chance and types when every mover takes its standing option, so a typed actor is judged before it learns its type, and a
    sanction can lie in a stance that is never put to the test.

    Parameters
    ----------
    game : the unrolled case.
    payoffs : (n, terminals, players).
    chance : (n, layers, chance actions); layer 0, the truth, is used.
    tolerance : payoffs closer than this are ties.

    Raises
    ------
    SolverError
        More combinations of standing options than can be listed; says which move has most.
    """
    from vetopoint.game._stability_case import second_opinion

    return second_opinion(game, payoffs, chance, tolerance)
