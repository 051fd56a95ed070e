"""From public histories and types to the array tree: information sets by what movers see, and chance sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.case.expression import FUNCTIONS, Expression, Scope
from vetopoint.errors import CaseError, SolverError
from vetopoint.game.tree import CHANCE as CHANCE_NODE
from vetopoint.game.tree import DECISION, TERMINAL, Tree
from vetopoint.game.unroll.expand import evaluate_located
from vetopoint.game.unroll.histories import CHANCE, ChanceSet, GameTree, Layer, PublicTree, TypeSpace

if TYPE_CHECKING:
    from vetopoint.case import Case

__all__ = ["Pooling", "assemble"]

Pooling = Mapping[tuple[str, str], str]


@dataclass(frozen=True, eq=False)
class _Sets:
    """Information sets of one layer: the mover's own type and one public node of each."""

    layer: int
    own: NDArray[np.int64]
    node: NDArray[np.int64]


def assemble(
    case: Case, public: PublicTree, types: TypeSpace, outcome_names: NDArray[Any], pooled: Pooling | None = None
) -> GameTree:
    """Join public histories and types to a game.

    Parameters
    ----------
    case, public, types : what is joined.
    outcome_names : (public histories,) name of each history's outcome.
    pooled : (move, option) to another option of the same move from which the other actors cannot tell it.

    Raises
    ------
    CaseError
        Where a mover would forget what it knew before (imperfect recall).
    """
    copies, root = types.size, int(types.size > 1)
    known = _information_sets(case, public, pooled or {})
    chance_sets, chance_of = _chance_sets(case, public)
    if root:
        chance_sets.insert(0, _type_set(types))
    kind = np.full(public.size, TERMINAL, dtype=np.int64)
    index = np.where(public.layer < 0, public.end_of, 0).astype(np.int64)[:, None] * copies + np.arange(copies)
    sets: list[_Sets] = []
    count = 0
    for number, layer in enumerate(public.layers):
        nodes = public.at_layer(number)
        if layer.by == CHANCE:
            kind[nodes] = CHANCE_NODE
            index[nodes] = chance_of[nodes][:, None] + root
            continue
        kind[nodes] = DECISION
        own = types.count(layer.by)
        index[nodes] = count + known.of[nodes][:, None] * own + types.of(layer.by)[None, :]
        first = known.first[number]
        sets.append(_Sets(number, np.tile(np.arange(own), first.size), np.repeat(first, own)))
        count += first.size * own
    return GameTree(
        case=case,
        players=tuple(case.file.actors),
        public=public,
        types=types,
        tree=_tree(case, public, types, kind, index, sets, chance_sets, outcome_names),
        base=_joined([np.tile(_base_weights(case, public, s.layer), s.own.size) for s in sets]),
        node_public=_flat(root, -1, np.repeat(np.arange(public.size)[:, None], copies, axis=1)).astype(np.int32),
        node_combo=_flat(root, -1, np.tile(np.arange(copies), (public.size, 1))).astype(np.int32),
        terminal_public=np.repeat(np.arange(public.histories, dtype=np.int32), copies),
        terminal_combo=np.tile(np.arange(copies, dtype=np.int32), public.histories),
        infoset_layer=_joined([np.full(s.own.size, s.layer) for s in sets]).astype(np.int32),
        infoset_type=_joined([s.own for s in sets]).astype(np.int32),
        infoset_node=_joined([s.node for s in sets]).astype(np.int32),
        chance_sets=tuple(chance_sets),
        outcome_names=outcome_names,
    )


def _joined(parts: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(parts) if parts else np.zeros(0)


def _starts(counts: Sequence[int] | NDArray[Any]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _flat(root: int, first: int, rows: NDArray[Any]) -> NDArray[np.int64]:
    """Node by node, combination by combination, after the draw of types if there is one."""
    return np.concatenate([np.full(root, first), rows.ravel()]).astype(np.int64)


def _tree(
    case: Case,
    public: PublicTree,
    types: TypeSpace,
    kind: NDArray[np.int64],
    index: NDArray[np.int64],
    sets: Sequence[_Sets],
    chance_sets: Sequence[ChanceSet],
    outcome_names: NDArray[Any],
) -> Tree:
    copies, root = types.size, int(types.size > 1)
    players, combos = tuple(case.file.actors), np.arange(types.size)
    each = [(public.layers[s.layer], int(own)) for s in sets for own in s.own]
    action_start = _starts([len(layer.options) for layer, _ in each])
    chance_start = _starts([len(c.options) for c in chance_sets])
    decides, draws = kind[:, None] == DECISION, kind[:, None] == CHANCE_NODE
    first = np.where(decides, action_start[np.where(decides, index, 0)], chance_start[np.where(draws, index, 0)])
    up = np.maximum(public.parent, 0)
    parent = root + up[:, None].astype(np.int64) * copies + combos
    via = first[up] + public.option[:, None]
    parent[0], via[0] = (0, combos) if root else (-1, -1)
    counts = np.repeat(np.array([*(len(layer.options) for layer in public.layers), 0])[public.layer], copies)
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    node = np.repeat(np.arange(counts.size), counts)
    child = root + (public.first_child[node // copies] + within) * copies + node % copies
    return Tree(
        players=players,
        parent=_flat(root, -1, parent),
        via=_flat(root, -1, via),
        kind=_flat(root, CHANCE_NODE, np.repeat(kind[:, None], copies, axis=1)),
        index=_flat(root, 0, index),
        child_start=_starts(np.concatenate([np.full(root, copies), counts])),
        child=np.concatenate([1 + combos[: root * copies], child]).astype(np.int64),
        infoset_player=np.array([players.index(layer.by) for layer, _ in each], dtype=np.int64),
        action_start=action_start,
        chance_start=chance_start,
        infoset_names=tuple(_set_name(layer, types, own) for layer, own in each),
        action_names=tuple(option for layer, _ in each for option in layer.options),
        chance_names=tuple(option for c in chance_sets for option in c.options),
        terminal_names=tuple(np.repeat(outcome_names, copies).tolist()),
    )


def _set_name(layer: Layer, types: TypeSpace, own: int) -> str:
    """``answer``, or ``answer (hostile)`` for an actor with types."""
    return f"{layer.name} ({types.names[layer.by][own]})" if layer.by in types.names else layer.name


def _base_weights(case: Case, public: PublicTree, layer: int) -> NDArray[np.float64]:
    """Weights μ of a layer's options: 1 each, one in all for the options of a nest."""
    move, options = public.layers[layer].move, public.layers[layer].options
    weights = np.ones(len(options))
    for group in case.file.moves[move].nests:
        members = [i for i, option in enumerate(options) if option in group]
        weights[members] = 1.0 / max(len(members), 1)
    return weights


# --- information sets -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _InformationSets:
    of: NDArray[np.int64]
    first: dict[int, NDArray[np.int64]]


def _information_sets(case: Case, public: PublicTree, pooled: Pooling) -> _InformationSets:
    of = np.full(public.size, -1, dtype=np.int64)
    first: dict[int, NDArray[np.int64]] = {}
    recall = _Recall(case, public)
    for number, layer in enumerate(public.layers):
        nodes = public.at_layer(number)
        if layer.by != CHANCE:
            columns = _visible(case, public, number)
            of[nodes], first[number] = _group(public, nodes, columns, number, layer.by, pooled)
            recall.check(number, nodes, of[nodes], first[number], columns)
        recall.step(number, nodes, of)
    return _InformationSets(of, first)


def _visible(case: Case, public: PublicTree, number: int) -> list[int]:
    """Earlier layers that the mover of a layer knows: what it sees, and its own moves."""
    layer = public.layers[number]
    sees = case.file.moves[layer.move].sees
    seen = set() if isinstance(sees, str) else set(sees)
    return [
        i
        for i, earlier in enumerate(public.layers[:number])
        if sees == "all" or earlier.by == layer.by or earlier.move in seen
    ]


def _group(
    public: PublicTree, nodes: NDArray[np.intp], columns: list[int], number: int, mover: str, pooled: Pooling
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number the information sets of a layer in the order of their first node; returns (set of node, first node)."""
    hidden = [
        (i, option, twin)
        for i in columns
        for (move, option), twin in pooled.items()
        if public.layers[i].move == move and public.layers[i].by != mover and option in public.layers[i].options
    ]
    if len(columns) == number and not hidden:
        return np.arange(nodes.size), nodes.astype(np.int64)
    past = public.past(nodes)
    for i, option, twin in hidden:
        options = public.layers[i].options
        past[past[:, i] == options.index(option), i] = options.index(twin)
    key = group_rows(past[:, columns])
    _, at, of = np.unique(key, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(at))
    return rank[of].astype(np.int64), nodes[np.sort(at)].astype(np.int64)


def group_rows(rows: NDArray[Any]) -> NDArray[np.int64]:
    """(len(rows),) equal numbers for equal rows."""
    key = np.zeros(rows.shape[0], dtype=np.int64)
    for column in rows.T:
        values = np.unique(column, return_inverse=True)[1]
        key = np.unique(key * (int(values.max(initial=0)) + 1) + values, return_inverse=True)[1].astype(np.int64)
    return key


class _Recall:
    """Follows each actor's own sequence of knowledge and moves, and refuses a mover who would forget it."""

    def __init__(self, case: Case, public: PublicTree) -> None:
        self.case, self.public = case, public
        movers = {layer.by for layer in public.layers} - {CHANCE}
        self.last = {actor: np.full(public.size, -1, dtype=np.int64) for actor in movers}
        self.used = 0

    def step(self, number: int, nodes: NDArray[np.intp], of: NDArray[np.int64]) -> None:
        layer, children = self.public.layers[number], self.public.children(number)
        for actor, last in self.last.items():
            if actor != layer.by:
                last[children] = last[nodes][:, None]
            else:
                options = len(layer.options)
                last[children] = self.used + of[nodes][:, None] * options + np.arange(options)
        if layer.by != CHANCE and nodes.size:
            self.used += (int(of[nodes].max()) + 1) * len(layer.options)

    def check(
        self,
        number: int,
        nodes: NDArray[np.intp],
        of: NDArray[np.int64],
        first: NDArray[np.int64],
        columns: list[int],
    ) -> None:
        layer = self.public.layers[number]
        last = self.last[layer.by]
        wrong = np.flatnonzero(last[nodes] != last[first[of]])
        if not wrong.size:
            return
        here = int(wrong[0])
        pair = np.array([nodes[here], first[of[here]]], dtype=np.intp)
        past = self.public.past(pair)
        known = {
            i
            for j, earlier in enumerate(self.public.layers[:number])
            if earlier.by == layer.by
            for i in _visible(self.case, self.public, j)
        }
        lost = [i for i in sorted(known - set(columns)) if past[0, i] != past[1, i]]
        what = f"'{self.public.layers[lost[0]].move}'" if lost else "an earlier move"
        name = self.public.layers[lost[0]].move if lost else "…"
        raise CaseError(
            self.case.problem(
                f"{layer.by} would forget at '{layer.name}' what it knew of {what} before (imperfect recall)",
                f"add {name} to `sees`",
                "moves",
                layer.move,
                "sees",
            )
        )


# --- chance -----------------------------------------------------------------------------------------------------------


def _type_set(types: TypeSpace) -> ChanceSet:
    named = list(types.names.values())
    options = tuple(" × ".join(named[a][i] for a, i in enumerate(combo)) for combo in types.combos)
    return ChanceSet("", 0, options, (), Scope(), {})


def _chance_sets(case: Case, public: PublicTree) -> tuple[list[ChanceSet], NDArray[np.int64]]:
    """Chance nodes with equal probabilities share a set: grouped by the moves and facts that their numbers read."""
    of = np.full(public.size, -1, dtype=np.int64)
    sets: list[ChanceSet] = []
    for number, layer in enumerate(public.layers):
        nodes = public.at_layer(number)
        if layer.by != CHANCE or not nodes.size:
            continue
        specs = _option_specs(case, layer.move, layer.options)
        past = public.past(nodes)
        facts = _facts(case, public, past) if _reads_tables(case, specs) else {}
        reads = frozenset().union(*[s.names for s in specs if s is not None])
        columns = [i for i, earlier in enumerate(public.layers[:number]) if earlier.move in reads]
        key = group_rows(np.column_stack([past[:, columns], *facts.values()]))
        _, at, inverse = np.unique(key, return_index=True, return_inverse=True)
        of[nodes] = len(sets) + inverse
        for row in at:
            scope = Scope(choices=public.choices(past[[row]]), rounds=case.repeated, options=case.options)
            here = {name: bool(values[row]) for name, values in facts.items()}
            sets.append(ChanceSet(layer.move, layer.round, layer.options, specs, scope, here))
    return sets, of


def _option_specs(case: Case, move: str, options: tuple[str, ...]) -> tuple[Expression | None, ...]:
    written = case.file.moves[move].options
    if not isinstance(written, Mapping):
        raise CaseError(
            case.problem(
                f"'{move}' is made by chance but its options have no probabilities",
                "write `options: {yes: 0.3, no: rest}`",
                "moves",
                move,
                "options",
            )
        )
    rest = [option for option in options if written[option] == "rest"]
    if len(rest) > 1:
        raise CaseError(case.problem(f"'{move}' has two options that take the rest", "keep one", "moves", move))
    return tuple(None if option in rest else case.spec(f"moves.{move}.options.{option}") for option in options)


def _reads_tables(case: Case, specs: Sequence[Expression | None]) -> bool:
    """Whether a probability depends on more than inputs and choices, such as the coalition's quorum."""
    words = set().union(*case.options.values())
    for spec in specs:
        if spec is None:
            continue
        known = set(case.inputs) | set(case.file.moves) | words
        if spec.names - known or spec.calls - set(FUNCTIONS) - {"any", "all", "count"}:
            return True
    return False


def _facts(case: Case, public: PublicTree, past: NDArray[np.int16]) -> dict[str, NDArray[np.bool_]]:
    scope = Scope(choices=public.choices(past), rounds=case.repeated, options=case.options)
    found: dict[str, NDArray[np.bool_]] = {}
    for name in case.file.coalition.facts:
        expression = case.expression(f"coalition.facts.{name}")
        if expression is None:
            raise SolverError(f"the fact '{name}' has no condition")
        value = evaluate_located(case, expression, scope, ("coalition", "facts", name))
        found[name] = np.broadcast_to(value, (past.shape[0],)).astype(bool)
    return found
