"""From public histories and types to the array tree: information sets by what movers see, and chance sets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vetopoint.arrays import Array, Floats, Ints
from vetopoint.errors import CaseError
from vetopoint.game.tree import CHANCE as CHANCE_NODE
from vetopoint.game.tree import DECISION, TERMINAL, Tree
from vetopoint.game.unroll.chance import chance_sets
from vetopoint.game.unroll.histories import CHANCE, ChanceSet, GameTree, Layer, PublicTree, TypeSpace, group_rows

if TYPE_CHECKING:
    from vetopoint.case import Case

__all__ = ["Pooling", "assemble"]

Pooling = Mapping[tuple[str, str], str]


@dataclass(frozen=True, eq=False)
class _Numbers:
    """Kind (public nodes,) and number (public nodes, combinations) of every node's set, and the sets themselves.

    ``infosets``: of each information set the number of its layer, and its mover's own type.
    """

    kind: Ints
    index: Ints
    infosets: Sequence[tuple[int, int]]
    chance: tuple[ChanceSet, ...]


def assemble(
    case: Case, public: PublicTree, types: TypeSpace, outcome_names: Array, pooled: Pooling | None = None
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
    copies, root, players = types.size, int(types.size > 1), tuple(case.file.actors)
    numbers = _number(case, public, types, pooled or {})
    weights = [_base_weights(case, layer) for layer in public.layers]
    return GameTree(
        case=case,
        players=players,
        public=public,
        types=types,
        tree=_tree(public, types, players, numbers, tuple(np.repeat(outcome_names, copies).tolist())),
        base=np.concatenate([np.zeros(0), *(weights[number] for number, _ in numbers.infosets)]),
        node_public=_flat(root, -1, np.repeat(np.arange(public.size)[:, None], copies, axis=1)).astype(np.int32),
        node_combo=_flat(root, -1, np.tile(np.arange(copies), (public.size, 1))).astype(np.int32),
        terminal_public=np.repeat(np.arange(public.histories, dtype=np.int32), copies),
        terminal_combo=np.tile(np.arange(copies, dtype=np.int32), public.histories),
        infoset_layer=np.array([number for number, _ in numbers.infosets], dtype=np.int32),
        chance_sets=numbers.chance,
        outcome_names=outcome_names,
    )


def _starts(counts: Sequence[int] | Array) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def _flat(root: int, first: int, rows: Array) -> Ints:
    """Node by node, combination by combination, after the draw of types if there is one."""
    return np.concatenate([np.full(root, first), rows.ravel()]).astype(np.int64)


def _number(case: Case, public: PublicTree, types: TypeSpace, pooled: Pooling) -> _Numbers:
    """Number terminals, chance sets and information sets: an information set of a public node becomes one a type of its mover."""
    copies = types.size
    known = _information_sets(case, public, pooled)
    drawn, chance_of = chance_sets(case, public, types)
    kind = np.full(public.size, TERMINAL, dtype=np.int64)
    index = np.where(public.layer < 0, public.end_of, 0).astype(np.int64)[:, None] * copies + np.arange(copies)
    infosets: list[tuple[int, int]] = []
    for number, layer in enumerate(public.layers):
        nodes = public.at_layer(number)
        if layer.by == CHANCE:
            kind[nodes] = CHANCE_NODE
            index[nodes] = chance_of[nodes][:, None]
            continue
        kind[nodes] = DECISION
        own = types.count(layer.by)
        index[nodes] = len(infosets) + known.of[nodes][:, None] * own + types.of(layer.by)[None, :]
        infosets += [(number, k) for k in range(own)] * known.first[number].size
    return _Numbers(kind, index, infosets, drawn)


def _tree(
    public: PublicTree, types: TypeSpace, players: tuple[str, ...], numbers: _Numbers, terminal_names: tuple[str, ...]
) -> Tree:
    copies, root, combos = types.size, int(types.size > 1), np.arange(types.size)
    kind, index, drawn = numbers.kind, numbers.index, numbers.chance
    each = [(public.layers[number], own) for number, own in numbers.infosets]
    action_start = _starts([len(layer.options) for layer, _ in each])
    chance_start = _starts([len(c.options) for c in drawn])
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
        chance_names=tuple(option for c in drawn for option in c.options),
        terminal_names=terminal_names,
    )


def _set_name(layer: Layer, types: TypeSpace, own: int) -> str:
    """``answer``, or ``answer (hostile)`` for an actor with types."""
    return f"{layer.name} ({types.names[layer.by][own]})" if layer.by in types.names else layer.name


def _base_weights(case: Case, layer: Layer) -> Floats:
    """Weights μ of a layer's options: 1 each, one in all for the options of a nest."""
    weights = np.ones(len(layer.options))
    for group in case.file.moves[layer.move].nests:
        members = [i for i, option in enumerate(layer.options) if option in group]
        weights[members] = 1.0 / max(len(members), 1)
    return weights


@dataclass(frozen=True, eq=False)
class _InformationSets:
    """Of each public node the number of its set within the layer (-1: none), and the first node of each of a layer's sets."""

    of: Ints
    first: dict[int, Ints]


def _information_sets(case: Case, public: PublicTree, pooled: Pooling) -> _InformationSets:
    found = _InformationSets(np.full(public.size, -1, dtype=np.int64), {})
    recall = _Recall(case, public, found)
    for number, layer in enumerate(public.layers):
        if layer.by != CHANCE:
            nodes, columns = public.at_layer(number), _visible(case, public, number)
            found.of[nodes], found.first[number] = _group(public, number, columns, pooled)
            recall.check(number, columns)
        recall.step(number)
    return found


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


def _group(public: PublicTree, number: int, columns: list[int], pooled: Pooling) -> tuple[Ints, Ints]:
    """Number the information sets of a layer in the order of their first node; returns (set of node, first node)."""
    nodes, mover = public.at_layer(number), public.layers[number].by
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
    _, at, of = np.unique(group_rows(past[:, columns]), return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(at))
    return rank[of].astype(np.int64), nodes[np.sort(at)].astype(np.int64)


class _Recall:
    """Follows each actor's own sequence of knowledge and moves, and refuses a mover who would forget it."""

    def __init__(self, case: Case, public: PublicTree, sets: _InformationSets) -> None:
        self.case, self.public, self.sets = case, public, sets
        movers = {layer.by for layer in public.layers} - {CHANCE}
        self.last = {actor: np.full(public.size, -1, dtype=np.int64) for actor in movers}
        self.used = 0

    def step(self, number: int) -> None:
        """Hand what each actor knew and did on to the nodes after a layer."""
        layer, nodes, children = self.public.layers[number], self.public.at_layer(number), self.public.children(number)
        of, options = self.sets.of[nodes], len(layer.options)
        for actor, last in self.last.items():
            last[children] = (
                last[nodes][:, None] if actor != layer.by else self.used + of[:, None] * options + np.arange(options)
            )
        if layer.by != CHANCE and nodes.size:
            self.used += (int(of.max()) + 1) * options

    def check(self, number: int, columns: list[int]) -> None:
        """Refuse a layer at which nodes of one information set differ in what their mover knew and did before."""
        layers, nodes = self.public.layers, self.public.at_layer(number)
        layer, first = layers[number], self.sets.first[number][self.sets.of[nodes]]
        last = self.last[layer.by]
        wrong = np.flatnonzero(last[nodes] != last[first])
        if not wrong.size:
            return
        past = self.public.past(np.array([nodes[wrong[0]], first[wrong[0]]], dtype=np.intp))
        known = {
            i
            for j, earlier in enumerate(layers[:number])
            if earlier.by == layer.by
            for i in _visible(self.case, self.public, j)
        }
        lost = [i for i in sorted(known - set(columns)) if past[0, i] != past[1, i]]
        what, name = (f"'{layers[lost[0]].move}'", layers[lost[0]].move) if lost else ("an earlier move", "…")
        message = f"{layer.by} would forget at '{layer.name}' what it knew of {what} before (imperfect recall)"
        raise CaseError(self.case.problem(message, f"add {name} to `sees`", "moves", layer.move, "sees"))
