"""Chance and types: which nodes share their probabilities, and what these are, in truth and as each actor believes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Array, Bools, Floats, Ints
from vetopoint.case.expression import DATES, FUNCTIONS, REDUCERS, Expression, Scope
from vetopoint.case.schema import TypeSpec
from vetopoint.errors import CaseError
from vetopoint.game.unroll.histories import (
    CHANCE,
    ChanceSet,
    GameTree,
    PublicTree,
    TypeSpace,
    group_rows,
    scope_before,
)

if TYPE_CHECKING:
    from vetopoint.case import Case

__all__ = ["chance_probabilities", "chance_sets"]

Value = Callable[[Expression, "ChanceSet | None"], Array]

TOLERANCE = 1e-9


def chance_sets(case: Case, public: PublicTree, types: TypeSpace) -> tuple[tuple[ChanceSet, ...], Ints]:
    """The chance sets, the draw of types first if there is one, and (public nodes,) the set of each chance node.

    Chance nodes with equal probabilities share a set: they are grouped by the moves and facts that their numbers read.
    """
    of = np.full(public.size, -1, dtype=np.int64)
    sets = [_type_set(types)] if types.size > 1 else []
    for number, layer in enumerate(public.layers):
        nodes = public.at_layer(number)
        if layer.by != CHANCE or not nodes.size:
            continue
        specs = _option_specs(case, layer.move, layer.options)
        past, dates = public.past(nodes), public.past_dates(nodes)
        facts = _facts(case, public, past, dates) if _reads_tables(case, specs) else {}
        reads = frozenset().union(*[s.names for s in specs if s is not None])
        columns = [i for i, earlier in enumerate(public.layers[:number]) if earlier.move in reads]
        when = [np.nan_to_num(dates[:, columns], nan=-np.inf)] if any(s and s.calls & set(DATES) for s in specs) else []
        key = group_rows(np.column_stack([past[:, columns], *when, *facts.values()]))
        _, at, inverse = np.unique(key, return_index=True, return_inverse=True)
        of[nodes] = len(sets) + inverse
        for row in at:
            scope = scope_before(case, public, layer, past[[row]], dates[[row]])
            here = {name: bool(values[row]) for name, values in facts.items()}
            sets.append(ChanceSet(layer.move, layer.round, layer.options, specs, scope, here))
    return tuple(sets), of


def _option_specs(case: Case, move: str, options: tuple[str, ...]) -> tuple[Expression | None, ...]:
    written = case.file.moves[move].options
    if not isinstance(written, Mapping):
        message = f"'{move}' is made by chance but its options have no probabilities"
        raise CaseError(case.problem(message, "write `options: {yes: 0.3, no: rest}`", "moves", move, "options"))
    rest = [option for option in options if written[option] == "rest"]
    if len(rest) > 1:
        raise CaseError(case.problem(f"'{move}' has two options that take the rest", "keep one", "moves", move))
    return tuple(None if option in rest else case.spec("moves", move, "options", option) for option in options)


def _reads_tables(case: Case, specs: Sequence[Expression | None]) -> bool:
    """Whether a probability depends on more than inputs and choices, such as the coalition's quorum."""
    words = set().union(*case.options.values())
    for spec in specs:
        if spec is None:
            continue
        known = set(case.inputs) | set(case.file.moves) | words
        if spec.names - known or spec.calls - set(FUNCTIONS) - set(REDUCERS) - set(DATES):
            return True
    return False


def _facts(case: Case, public: PublicTree, past: NDArray[np.int16], dates: Floats) -> dict[str, Bools]:
    choices, months = public.choices(past), public.months(dates, case.file.horizon)
    scope = Scope(choices=choices, rounds=case.repeated, options=case.options, dates=months)
    return {name: case.holds(scope, past.shape[0], "coalition", "facts", name) for name in case.file.coalition.facts}


def _type_set(types: TypeSpace) -> ChanceSet:
    named = list(types.names.values())
    options = tuple(" × ".join(named[a][i] for a, i in enumerate(combo)) for combo in types.combos)
    return ChanceSet("", 0, options, (), Scope(), {})


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


def _types(game: GameTree, value: Value, n: int, actor: str, layer: int = 0) -> Floats:
    """(n, types) P(type of an actor), in truth (layer 0) or as player ``layer - 1`` believes."""
    believer = game.players[layer - 1] if layer else None
    stated: list[Array | None] = []
    for name, spec in game.case.file.types[actor].items():
        if not isinstance(spec, TypeSpec):
            stated.append(None)
            continue
        believed = believer is not None and believer in spec.believed
        keys = ("believed", str(believer)) if believed else ("truth",)
        stated.append(value(game.case.spec("types", actor, name, *keys), None))
    return _complete(game, stated, n, ("types", actor), f"the types of '{actor}'")


def _beliefs_differ(game: GameTree) -> bool:
    return any(
        isinstance(spec, TypeSpec) and spec.believed
        for actor in game.types.names
        for spec in game.case.file.types[actor].values()
    )


def _combinations(game: GameTree, value: Value, n: int, layer: int) -> Floats:
    out = np.ones((n, game.types.size))
    for actor in game.types.names:
        out *= _types(game, value, n, actor, layer)[:, game.types.of(actor)]
    return out


def _options(game: GameTree, chance: ChanceSet, value: Value, n: int) -> Floats:
    stated = [None if spec is None else value(spec, chance) for spec in chance.specs]
    return _complete(game, stated, n, ("moves", chance.move, "options"), f"the options of '{chance.move}'")


def _complete(game: GameTree, stated: Sequence[Array | None], n: int, place: tuple[str, ...], what: str) -> Floats:
    """(n, options) with the option that takes the rest filled in; refuses what is no distribution."""
    given = {k: np.broadcast_to(p, (n,)).astype(np.float64) for k, p in enumerate(stated) if p is not None}
    total = np.sum([np.zeros(n), *given.values()], axis=0)
    found = np.stack([given.get(k, 1.0 - total) for k in range(len(stated))], axis=-1)
    below = found < -TOLERANCE
    if below.any():
        wrong = "fall below 0" if below[:, list(given)].any() else "exceed 1"
        message = f"probabilities of {what} {wrong} in {below.any(axis=-1).mean():.1%} of draws"
        remedy = "narrow the distributions, or give one option `rest` and keep the others' sum below 1"
        raise CaseError(game.case.problem(message, remedy, *place))
    if len(given) == len(stated) and float(np.abs(total - 1.0).max(initial=0.0)) > TOLERANCE:
        raise CaseError(game.case.problem(f"probabilities of {what} do not sum to 1", "give one option `rest`", *place))
    return np.asarray(np.clip(found, 0.0, 1.0), dtype=np.float64)
