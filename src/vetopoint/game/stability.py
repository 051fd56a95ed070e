"""A second opinion on a case without numbers: the graph model of the options at which its actors stand ready.

States are combinations of standing options, worth what then happens; see `vetopoint.game.graph_model` for what stable means.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from vetopoint.arrays import Bools, Floats
from vetopoint.errors import SolverError
from vetopoint.game.flow import Flow, over_draws
from vetopoint.game.graph_model import CONCEPTS, equilibria, option_form, ordinal_ranks, stability
from vetopoint.game.unroll import GameTree

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["CONCEPTS", "CaseStability", "GameStability", "stability_of_case", "stability_of_game"]

MOST_STATES = 20_000


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


def stability_of_case(
    options_by_actor: Mapping[str, Mapping[str, Sequence[str]]],
    payoffs: ArrayLike,
    irreversible: Sequence[tuple[str, str]] = (),
    tolerance: float = 1e-9,
) -> CaseStability:
    """Stability of the combinations of standing options of a case.

    Each move of an actor is one dimension of the state: the option at which that actor stands ready to take it. An actor can
    change any of its own standing options; what the others do in return is the sanction.

    Parameters
    ----------
    options_by_actor : actor to move to options, in the order in which states are counted (first move slowest).
    payoffs : (n, states, actors) float64, what follows when everybody takes its standing option whenever its move comes.
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
    form = option_form([len(o) for _, _, o in moves], [actors.index(a) for a, _, _ in moves], irreversible=fixed)
    stable = stability(form, ordinal_ranks(payoffs, tolerance))
    names = tuple(
        {move: options[int(v)] for (_, move, options), v in zip(moves, row, strict=True)} for row in form.settings
    )
    return CaseStability(names, stable, equilibria(stable), actors)


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
    reached: Floats


def stability_of_game(game: GameTree, payoffs: Floats, chance: Floats, tolerance: float = 1e-9) -> GameStability:
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
    moves = {layer.move: layer for layer in game.public.layers if layer.by != "chance" and len(layer.options) > 1}
    if not moves:
        raise SolverError("no actor has a choice between two options, so nobody can stand ready for another")
    sizes = [len(layer.options) for layer in moves.values()]
    count = math.prod(sizes)
    if count > MOST_STATES:
        shown = f"{count:,}" if count < 10**15 else "more than 10^15"
        widest = max(moves, key=lambda m: len(moves[m].options))
        raise SolverError(
            f"{shown} combinations of standing options; at most {MOST_STATES:,} are listed → leave out a move, or options of {widest}"
        )
    consistent = _consistent(game, list(moves), sizes)
    worth, reached = _expectations(game, payoffs, chance, consistent)
    # Actors stand in the order of the columns of payoffs; one who never moves owns no option and is left out.
    movers = [p for p in game.players if any(layer.by == p for layer in moves.values())]
    by_actor = {p: {m: layer.options for m, layer in moves.items() if layer.by == p} for p in movers}
    order = [m for own in by_actor.values() for m in own]
    if order != list(moves):
        axes = [list(moves).index(m) for m in order]
        shuffle = np.arange(count).reshape(sizes).transpose(axes).ravel()
        worth, reached = worth[:, shuffle], reached[:, shuffle]
    columns = [game.players.index(p) for p in movers]
    declared = game.case.file.moves
    fixed = [(m, o) for m in order for o in declared[m].irreversible if o in moves[m].options]
    states = stability_of_case(by_actor, worth[:, :, columns], irreversible=fixed, tolerance=tolerance)
    return GameStability(states, tuple(game.case.file.outcomes), reached)


def _consistent(game: GameTree, moves: list[str], sizes: list[int]) -> csr_array:
    """(states, public histories) whether following the standing options can lead to the history."""
    from scipy.sparse import csr_array

    rows, columns = [], []
    grid = np.arange(math.prod(sizes)).reshape(sizes)
    layers = [[k for k, layer in enumerate(game.public.layers) if layer.move == m] for m in moves]
    for history, codes in enumerate(game.public.codes):
        place: list[int | slice] = []
        for own in layers:
            taken = {int(codes[k]) for k in own if codes[k] >= 0}
            if len(taken) > 1:
                break
            place.append(taken.pop() if taken else slice(None))
        else:
            states = np.ravel(grid[tuple(place)])
            rows.append(states)
            columns.append(np.full(states.size, history))
    row, column = np.concatenate(rows), np.concatenate(columns)
    return csr_array((np.ones(row.size), (row, column)), shape=(grid.size, game.public.histories))


def _expectations(game: GameTree, payoffs: Floats, chance: Floats, consistent: csr_array) -> tuple[Floats, Floats]:
    """Payoffs (n, states, players) and P(outcome) (n, states, outcomes) at each combination of standing options."""
    from scipy.sparse import csr_array

    outcomes = np.array(tuple(game.case.file.outcomes))
    gather = csr_array(
        (np.ones(game.terminals), (game.terminal_public, np.arange(game.terminals))),
        shape=(game.public.histories, game.terminals),
    )
    one_hot = (game.outcome_names[:, None] == outcomes[None]).astype(float)

    def summed(weights: Floats) -> Floats:
        """(draws, states, columns) from (public histories, draws, columns): what each combination leads to."""
        histories, draws, columns = weights.shape
        found = consistent @ weights.reshape(histories, draws * columns)
        return np.asarray(found.reshape(-1, draws, columns).transpose(1, 0, 2))

    def block(flow: Flow, draws: slice) -> tuple[Floats, Floats]:
        n, players = flow.ends.shape[0], payoffs.shape[2]
        paid = (flow.ends[:, :, None] * payoffs[draws]).transpose(1, 0, 2).reshape(game.terminals, n * players)
        return summed((gather @ paid).reshape(-1, n, players)), summed(
            (gather @ flow.ends.T)[:, :, None] * one_hot[:, None]
        )

    # Whoever follows a standing option takes it for sure: only chance weighs.
    sure = np.ones((payoffs.shape[0], game.tree.n_actions))
    worth, reached = zip(*over_draws(block, game, sure, chance), strict=True)
    return np.concatenate(worth), np.concatenate(reached)
