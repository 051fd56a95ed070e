"""Probabilities of chance and of types, as they are and as each actor believes them to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Floats
from vetopoint.case.expression import Expression
from vetopoint.case.schema import TypeSpec
from vetopoint.errors import CaseError
from vetopoint.game.unroll.histories import ChanceSet, GameTree

__all__ = ["chance_probabilities", "type_probabilities"]

Value = Callable[[Expression, "ChanceSet | None"], NDArray[Any]]

TOLERANCE = 1e-9


def chance_probabilities(game: GameTree, value: Value, n: int) -> Floats:
    """Probabilities of all chance actions.

    Parameters
    ----------
    game : the game; actions are numbered as in ``game.tree.chance_start``.
    value : gives the value (n,), or a scalar, of an expression at a chance set (None: the draw of types, where nothing has
        happened yet). Chance sets carry the choices made before (`ChanceSet.scope`) and the coalition's facts.
    n : number of draws.

    Returns
    -------
    (n, layers, chance actions): layer 0 is the truth, layer 1 + p what player p believes. One layer if all share the truth.

    Raises
    ------
    CaseError
        Where probabilities are negative or do not sum to one in some draw.
    """
    layers = 1 + len(game.players) if _beliefs_differ(game) else 1
    out = np.empty((n, layers, game.tree.n_chance))
    for number, chance in enumerate(game.chance_sets):
        start, stop = game.tree.chance_start[number], game.tree.chance_start[number + 1]
        if not chance.move:
            for layer in range(layers):
                out[:, layer, start:stop] = _combinations(game, value, n, layer)
        else:
            out[:, :, start:stop] = _options(game, chance, value, n)[:, None, :]
    return out


def type_probabilities(game: GameTree, value: Value, n: int, actor: str, layer: int = 0) -> Floats:
    """(n, types) P(type of an actor), in truth (layer 0) or as player ``layer - 1`` believes."""
    believer = game.players[layer - 1] if layer else None
    columns: list[Floats | None] = []
    for name, spec in game.case.file.types[actor].items():
        if not isinstance(spec, TypeSpec):
            columns.append(None)
            continue
        believed = believer is not None and believer in spec.believed
        place = f"types.{actor}.{name}." + (f"believed.{believer}" if believed else "truth")
        columns.append(np.broadcast_to(np.asarray(value(game.case.spec(place), None), dtype=np.float64), (n,)))
    return _complete(game, columns, n, ("types", actor), f"the types of '{actor}'")


def _beliefs_differ(game: GameTree) -> bool:
    return any(
        isinstance(spec, TypeSpec) and spec.believed
        for actor in game.types.names
        for spec in game.case.file.types[actor].values()
    )


def _combinations(game: GameTree, value: Value, n: int, layer: int) -> Floats:
    out = np.ones((n, game.types.size))
    for actor in game.types.names:
        out *= type_probabilities(game, value, n, actor, layer)[:, game.types.of(actor)]
    return out


def _options(game: GameTree, chance: ChanceSet, value: Value, n: int) -> Floats:
    columns = [
        None if spec is None else np.broadcast_to(np.asarray(value(spec, chance), dtype=np.float64), (n,))
        for spec in chance.specs
    ]
    return _complete(game, columns, n, ("moves", chance.move, "options"), f"the options of '{chance.move}'")


def _complete(game: GameTree, columns: list[Floats | None], n: int, place: tuple[str, ...], what: str) -> Floats:
    """Fill in the option that takes the rest, and refuse what is no distribution."""
    stated = [c for c in columns if c is not None]
    total = np.sum(stated, axis=0) if stated else np.zeros(n)
    given = np.stack([1.0 - total if c is None else c for c in columns], axis=-1)
    wrong = {
        "fall below 0": np.any([c < -TOLERANCE for c in stated], axis=0) if stated else np.zeros(n, dtype=bool),
        "exceed 1": total > 1.0 + TOLERANCE,
    }
    for how, draws in wrong.items():
        if draws.any():
            remedy = "narrow the distributions, or give one option `rest` and keep the others' sum below 1"
            message = f"probabilities of {what} {how} in {float(draws.mean()):.1%} of draws"
            raise CaseError(game.case.problem(message, remedy, *place))
    if all(c is not None for c in columns) and float(np.abs(total - 1.0).max(initial=0.0)) > TOLERANCE:
        raise CaseError(game.case.problem(f"probabilities of {what} do not sum to 1", "give one option `rest`", *place))
    return np.asarray(np.clip(given, 0.0, 1.0), dtype=np.float64)
