"""A case's game as a graph model: states are the options at which actors stand ready, worth what then happens."""

from __future__ import annotations

import math

import numpy as np
from scipy.sparse import csr_array

from vetopoint.arrays import Floats
from vetopoint.errors import SolverError
from vetopoint.game._flow import Flow
from vetopoint.game.stability import GameStability, stability_of_case
from vetopoint.game.tree import CHANCE
from vetopoint.game.unroll import GameTree

__all__ = ["second_opinion"]

MOST_STATES = 20_000
BLOCK = 64


def second_opinion(game: GameTree, payoffs: Floats, chance: Floats, tolerance: float) -> GameStability:
    """See `vetopoint.game.stability.stability_of_game`."""
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
    rows, columns = [], []
    grid = np.arange(int(np.prod(sizes, dtype=np.int64))).reshape(sizes)
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
    n, players = payoffs.shape[0], payoffs.shape[2]
    outcomes = tuple(game.case.file.outcomes)
    drawn = np.flatnonzero((np.arange(game.nodes) > 0) & (game.tree.kind[np.maximum(game.tree.parent, 0)] == CHANCE))
    gather = csr_array(
        (np.ones(game.terminals), (game.terminal_public, np.arange(game.terminals))),
        shape=(game.public.histories, game.terminals),
    )
    one_hot = (game.outcome_names[:, None] == np.array(outcomes)[None]).astype(float)
    worth = np.empty((n, consistent.shape[0], players))
    reached = np.empty((n, consistent.shape[0], len(outcomes)))
    for at in range(0, n, BLOCK):
        block = slice(at, min(at + BLOCK, n))
        edge = np.ones((block.stop - at, game.nodes))
        edge[:, drawn] = chance[block, 0][:, game.tree.via[drawn]]
        weight = Flow(game, edge).reach[:, game.tree.terminal_node]
        for k in range(block.stop - at):
            worth[at + k] = consistent @ (gather @ (weight[k][:, None] * payoffs[at + k]))
            reached[at + k] = consistent @ ((gather @ weight[k])[:, None] * one_hot)
    return worth, reached
