"""A second opinion on a case without numbers: the graph model of the options at which its actors stand ready.

States are combinations of standing options, worth what then happens; see `vetopoint.game.graph_model` for what stable means.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vetopoint.arrays import Bools, Floats
from vetopoint.errors import SolverError
from vetopoint.game.flow import Flow, over_draws
from vetopoint.game.graph_model import CONCEPTS, equilibria, option_form, ordinal_ranks, stability
from vetopoint.game.unroll import GameTree, Layer

if TYPE_CHECKING:
    from scipy.sparse import csr_array

__all__ = ["CONCEPTS", "GameStability", "stability_of_game"]

MOST_STATES = 20_000


@dataclass(frozen=True)
class GameStability:
    """The second opinion on a case, ready to be set beside the solved game.

    Attributes
    ----------
    states : for each state the standing option of each move, such as ``{"answer": "consent"}``.
    equilibrium : concept to (n, states) bool.
    outcomes : names of the outcomes.
    reached : (n, states, outcomes) float64, P(outcome) when everybody takes its standing option.
    """

    states: tuple[dict[str, str], ...]
    equilibrium: dict[str, Bools]
    outcomes: tuple[str, ...]
    reached: Floats


def stability_of_game(game: GameTree, payoffs: Floats, chance: Floats) -> GameStability:
    """Graph-model stability of a case's standing options.

    Each move of an actor is one dimension of the state, all rounds of a repeated move together: the option at which the
    actor stands ready to take it. An actor can change any of its own standing options; what the others do in return is the
    sanction. A state is worth what happens in expectation over chance and types when every mover takes its standing option,
    so a typed actor is judged before it learns its type, and a sanction can lie in a stance never put to the test.

    Parameters
    ----------
    game : the unrolled case.
    payoffs : (n, terminals, players).
    chance : (n, layers, chance actions); layer 0, the truth, is used.

    Raises
    ------
    SolverError
        More combinations of standing options than can be listed; says which move has most.
    """
    moves = {layer.move: layer for layer in game.public.layers if layer.by != "chance" and len(layer.options) > 1}
    _check_size(moves)
    consistent = _consistent(game, moves)
    worth, reached = _expectations(game, payoffs, chance, consistent)
    # Actors stand in the order of the columns of payoffs; one who never moves owns no option and is left out.
    movers = [p for p in game.players if any(layer.by == p for layer in moves.values())]
    fixed = [
        (k, layer.options.index(option))
        for k, layer in enumerate(moves.values())
        for option in game.case.file.moves[layer.move].irreversible
        if option in layer.options
    ]
    owner = [movers.index(layer.by) for layer in moves.values()]
    form = option_form([len(layer.options) for layer in moves.values()], owner, irreversible=fixed)
    ranks = ordinal_ranks(worth[:, :, [game.players.index(p) for p in movers]])
    states = tuple(
        {m: layer.options[k] for (m, layer), k in zip(moves.items(), row, strict=True)}
        for row in form.settings.tolist()
    )
    return GameStability(states, equilibria(stability(form, ranks)), tuple(game.case.file.outcomes), reached)


def _check_size(moves: Mapping[str, Layer]) -> None:
    if not moves:
        raise SolverError("no actor has a choice between two options, so nobody can stand ready for another")
    count = math.prod(len(layer.options) for layer in moves.values())
    if count > MOST_STATES:
        shown = f"{count:,}" if count < 10**15 else "more than 10^15"
        widest = max(moves, key=lambda m: len(moves[m].options))
        remedy = f"leave out a move, or options of {widest}"
        raise SolverError(f"{shown} combinations of standing options; at most {MOST_STATES:,} are listed → {remedy}")


def _consistent(game: GameTree, moves: Mapping[str, Layer]) -> csr_array:
    """(states, public histories) whether following the standing options can lead to the history."""
    from scipy.sparse import csr_array

    sizes = [len(layer.options) for layer in moves.values()]
    rows, columns = [], []
    grid = np.arange(math.prod(sizes)).reshape(sizes)
    layers = [game.public.layers_of[move] for move in moves]
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
    one_hot = (game.outcome[:, None] == np.array(tuple(game.case.file.outcomes))).astype(float)

    def summed(weights: Floats) -> Floats:
        """(draws, states, columns) from (terminals, draws, columns): what each combination leads to."""
        _, draws, columns = weights.shape
        by_history = weights.reshape(game.public.histories, game.types.size, draws * columns).sum(axis=1)
        return np.asarray((consistent @ by_history).reshape(-1, draws, columns).transpose(1, 0, 2))

    def work(flow: Flow, draws: slice) -> tuple[Floats, Floats]:
        ends = flow.ends.T[:, :, None]
        return summed(ends * payoffs[draws].transpose(1, 0, 2)), summed(ends * one_hot[:, None])

    # Whoever follows a standing option takes it for sure: only chance weighs.
    sure = np.ones((payoffs.shape[0], game.tree.n_actions))
    worth, reached = over_draws(work, game, sure, chance)
    return worth, reached
