"""What a case's moves unroll to: the public histories, the types beside them, and the game tree over both.

Types are private and drawn first, and no move's coming depends on them. So the *public tree* (who moved how, when) is
unrolled once and the *game tree* is one copy of it for each combination of types, joined by a first chance node.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Array, Bools, Floats, Ints
from vetopoint.case.expression import SKIPPED, Expression, Scope

if TYPE_CHECKING:
    from vetopoint.case import Case
    from vetopoint.game.tree import Tree

__all__ = ["CHANCE", "ChanceSet", "GameTree", "Layer", "PublicTree", "TypeSpace"]

CHANCE = "chance"

Nodes = NDArray[np.int32]


@dataclass(frozen=True)
class Layer:
    """One move, or one round of a repeated move.

    Parameters
    ----------
    move, by : the move and who makes it (``chance`` for chance).
    round : 0 for a move that comes once, else the round counted from 1.
    options : the options still open, in the order of the file.
    """

    move: str
    round: int
    by: str
    options: tuple[str, ...]

    @property
    def name(self) -> str:
        """``review[2]`` for a round, else the move's name."""
        return f"{self.move}[{self.round}]" if self.round else self.move


@dataclass(frozen=True, eq=False)
class PublicTree:
    """All public histories (types left out); nodes stand after their parents, children of a node side by side.

    Attributes
    ----------
    layers : the moves and rounds in the order in which they come.
    parent, option, layer, first_child : (nodes,) parent node (-1 at the root), option of the parent's move that led here,
        layer of the move taken here (-1 where the history ends), first child (-1 where the history ends).
    date : (nodes,) month of the move taken here; at an end, of the last move taken.
    ends : (histories,) nodes where histories end.
    codes : (histories, layers) option taken at each layer, -1 where skipped.
    dates : (histories, layers) month at which it was taken, NaN where skipped.
    """

    layers: tuple[Layer, ...]
    parent: Nodes
    option: NDArray[np.int16]
    layer: NDArray[np.int16]
    first_child: Nodes
    date: Floats
    ends: Nodes
    codes: NDArray[np.int16]
    dates: Floats

    @property
    def size(self) -> int:
        """Number of nodes."""
        return int(self.parent.size)

    @property
    def histories(self) -> int:
        """Number of complete public histories."""
        return int(self.ends.size)

    @cached_property
    def layers_of(self) -> dict[str, list[int]]:
        """Each move with the numbers of its layers: one, or one a round."""
        found: dict[str, list[int]] = {}
        for number, layer in enumerate(self.layers):
            found.setdefault(layer.move, []).append(number)
        return found

    @cached_property
    def option_start(self) -> Ints:
        """(layers + 1,) options of layer l, all layers side by side, are columns ``option_start[l]`` up to the next."""
        return np.concatenate([[0], np.cumsum([len(layer.options) for layer in self.layers])]).astype(np.int64)

    @cached_property
    def option_column(self) -> Ints:
        """(nodes,) column of the option that led to each node, see `option_start`; -1 at the root."""
        taken = self.option_start[self.layer[np.maximum(self.parent, 0)]] + self.option
        return np.where(self.parent >= 0, taken, -1)

    @cached_property
    def end_of(self) -> Nodes:
        """(nodes,) number of the history that ends here, -1 elsewhere."""
        found = np.full(self.size, -1, dtype=np.int32)
        found[self.ends] = np.arange(self.histories, dtype=np.int32)
        return found

    @cached_property
    def some_end(self) -> Nodes:
        """(nodes,) number of one history that passes through the node."""
        found = self.end_of.copy()
        for layer in reversed(range(len(self.layers))):
            nodes = self.at_layer(layer)
            found[nodes] = found[self.first_child[nodes]]
        return found

    def any_through(self, holds: Bools) -> Bools:
        """(nodes,) whether some history through the node has a property; ``holds`` (histories,) says which have it."""
        found = np.zeros(self.size, dtype=bool)
        found[self.ends] = holds
        for layer in reversed(range(len(self.layers))):
            found[self.at_layer(layer)] = found[self.children(layer)].any(axis=1)
        return found

    def at_layer(self, layer: int) -> NDArray[np.intp]:
        """Nodes at which the move of a layer is taken, in order."""
        return self._at_layers[layer]

    @cached_property
    def _at_layers(self) -> list[NDArray[np.intp]]:
        found = [np.flatnonzero(self.layer == layer) for layer in range(len(self.layers))]
        for nodes in found:
            nodes.flags.writeable = False
        return found

    def children(self, layer: int) -> NDArray[np.intp]:
        """(nodes of the layer, options) child nodes."""
        nodes = self.at_layer(layer)
        return np.asarray(self.first_child[nodes][:, None] + np.arange(len(self.layers[layer].options)), dtype=np.intp)

    def past(self, nodes: NDArray[np.intp]) -> NDArray[np.int16]:
        """(len(nodes), layers) options taken before each node, -1 where skipped or still to come."""
        codes = self.codes[self.some_end[nodes]].copy()
        at = self.layer[nodes].astype(np.int64)
        at[at < 0] = len(self.layers)
        codes[np.arange(len(self.layers))[None, :] >= at[:, None]] = -1
        return codes

    def past_dates(self, nodes: NDArray[np.intp]) -> Floats:
        """(len(nodes), layers) months at which the moves before each node came, NaN where skipped or still to come."""
        return np.where(self.past(nodes) < 0, np.nan, self.dates[self.some_end[nodes]])

    def choices(self, codes: NDArray[np.int16]) -> dict[str, Array]:
        """Option names per move for rows of codes; a repeated move has its rounds on the last axis."""
        return {
            move: self._stacked(columns, [option_names(self.layers[i].options)[codes[:, i]] for i in columns])
            for move, columns in self.layers_of.items()
        }

    def months(self, dates: Floats, never: float) -> dict[str, Floats]:
        """Months per move for rows of dates, in the shape of `choices`; a move that did not come stands at the month ``never``."""
        known = np.where(np.isnan(dates), never, dates)
        return {
            move: self._stacked(columns, [known[:, i] for i in columns]) for move, columns in self.layers_of.items()
        }

    def _stacked(self, columns: list[int], parts: list[Array]) -> Array:
        return np.stack(parts, axis=-1) if self.layers[columns[0]].round else parts[0]

    def history(self, node: int) -> tuple[str, ...]:
        """The moves that led to a node, as ``move: option``."""
        steps: list[str] = []
        while self.parent[node] >= 0:
            layer = self.layers[self.layer[self.parent[node]]]
            steps.append(f"{layer.name}: {layer.options[self.option[node]]}")
            node = int(self.parent[node])
        return tuple(reversed(steps))


def option_names(options: tuple[str, ...]) -> Array:
    """Option names by code, with ``skipped`` at code -1."""
    return np.array([*options, SKIPPED])


@dataclass(frozen=True, eq=False)
class TypeSpace:
    """The private types: all combinations of one type for each typed actor.

    Attributes
    ----------
    names : for each typed actor the names of its types.
    combos : (combinations, typed actors) index of each actor's type.
    """

    names: Mapping[str, tuple[str, ...]]

    @property
    def size(self) -> int:
        """Number of combinations (1 without types)."""
        return int(np.prod([len(v) for v in self.names.values()], dtype=np.int64)) if self.names else 1

    @cached_property
    def combos(self) -> NDArray[np.intp]:
        """(combinations, typed actors) index of each actor's type."""
        if not self.names:
            return np.zeros((1, 0), dtype=np.intp)
        axes = np.meshgrid(*[np.arange(len(v)) for v in self.names.values()], indexing="ij")
        return np.stack([a.ravel() for a in axes], axis=-1).astype(np.intp)

    def of(self, actor: str) -> NDArray[np.intp]:
        """(combinations,) the actor's type in each combination (0 if it has none)."""
        if actor not in self.names:
            return np.zeros(self.size, dtype=np.intp)
        return np.asarray(self.combos[:, list(self.names).index(actor)], dtype=np.intp)

    def count(self, actor: str) -> int:
        """Number of the actor's types (1 if it has none)."""
        return len(self.names.get(actor, ("",)))

    def without(self, actors: frozenset[str]) -> TypeSpace:
        """The space in which some actors have no private type."""
        return TypeSpace({a: t for a, t in self.names.items() if a not in actors})


@dataclass(frozen=True, eq=False)
class ChanceSet:
    """Chance nodes that share their probabilities.

    Parameters
    ----------
    move, round : the chance move; for the types drawn first the move is empty.
    options : names of the options; for the types ``hostile`` or ``hostile × …``.
    specs : for each option the expressions whose product is its probability, None for an option that takes the rest.
        At the draw of types this is empty: see `GameTree.type_specs`.
    scope : the choices made before, as one-element arrays, with skipped moves; what the expressions are read in.
    facts : the coalition's public facts in that history.
    """

    move: str
    round: int
    options: tuple[str, ...]
    specs: tuple[Expression | None, ...]
    scope: Scope
    facts: Mapping[str, bool]


@dataclass(frozen=True, eq=False)
class GameTree:
    """A case's game: the array tree and what its nodes mean.

    Attributes
    ----------
    case : the case.
    players : ids of the actors, in the order of the file; column p of payoffs belongs to ``players[p]``.
    public, types : the public tree and the types.
    tree : the array tree, types included.
    base : (actions,) base weights μ.
    node_public, node_combo : (nodes,) public node and type combination of each node (-1 at the draw of types).
    terminal_public, terminal_combo : (terminals,) public history and type combination of each terminal; the terminals
        of one public history stand side by side.
    infoset_layer : (information sets,) number of the layer.
    chance_sets : the chance sets, the draw of types first if there is one.
    outcome_names : (public histories,) name of the outcome, empty where none matches.
    """

    case: Case
    players: tuple[str, ...]
    public: PublicTree
    types: TypeSpace
    tree: Tree
    base: Floats
    node_public: Nodes
    node_combo: Nodes
    terminal_public: Nodes
    terminal_combo: Nodes
    infoset_layer: Nodes
    chance_sets: tuple[ChanceSet, ...]
    outcome_names: Array

    @property
    def terminals(self) -> int:
        """Number of terminals, types included."""
        return int(self.terminal_public.size)

    @property
    def nodes(self) -> int:
        """Number of nodes, types included."""
        return int(self.node_public.size)

    @property
    def information_sets(self) -> int:
        """Number of information sets."""
        return int(self.infoset_layer.size)

    @cached_property
    def movers(self) -> tuple[str, ...]:
        """The actors that move, in the order of the file."""
        moving = {layer.by for layer in self.public.layers}
        return tuple(actor for actor in self.players if actor in moving)

    @cached_property
    def public_sets(self) -> Ints:
        """(public nodes,) number of the information or chance set; at ends, and where the mover has types, of the first of them."""
        return np.asarray(self.tree.index[-self.public.size * self.types.size :: self.types.size], dtype=np.int64)

    @cached_property
    def public_choices(self) -> dict[str, Array]:
        """Option names per move for each public history; a repeated move has its rounds on the last axis."""
        return self.public.choices(self.public.codes)

    @cached_property
    def choices(self) -> dict[str, Array]:
        """Option names per move for each terminal: (terminals,) or (terminals, rounds)."""
        return {move: values[self.terminal_public] for move, values in self.public_choices.items()}

    @cached_property
    def public_dates(self) -> dict[str, Floats]:
        """Months at which each move was taken in each public history, NaN where skipped."""
        found: dict[str, Floats] = {}
        for move, columns in self.public.layers_of.items():
            dates = self.public.dates[:, columns]
            found[move] = dates if self.public.layers[columns[0]].round else dates[:, 0]
        return found

    @cached_property
    def public_months(self) -> dict[str, Floats]:
        """What ``month(move)`` means in each public history: the month at which it was taken, the horizon where it was skipped."""
        return self.public.months(self.public.dates, self.case.file.horizon)

    @cached_property
    def outcome(self) -> Array:
        """(terminals,) name of the outcome."""
        return np.asarray(self.outcome_names[self.terminal_public])

    @cached_property
    def type_names(self) -> dict[str, Array]:
        """For each typed actor the name of its type at each terminal."""
        return {
            actor: np.array(names)[self.types.of(actor)][self.terminal_combo]
            for actor, names in self.types.names.items()
        }

    def scope(self) -> Scope:
        """The scope in which conditions over complete histories (and own types) are read, one entry a terminal."""
        choices = {**self.choices, **self.type_names, "outcome": self.outcome}
        dates = {move: months[self.terminal_public] for move, months in self.public_months.items()}
        return Scope(choices=choices, rounds=self.case.repeated, options=self.case.options, dates=dates)

    def public_scope(self, values: Mapping[str, Array] | None = None) -> Scope:
        """The same with one entry for each public history, and numbers by name."""
        choices = {**self.public_choices, "outcome": self.outcome_names}
        rounds, options = self.case.repeated, self.case.options
        return Scope(values or {}, choices, rounds=rounds, options=options, dates=self.public_months)

    def holds(self, *place: str) -> Bools:
        """(public histories,) whether the condition at a place of the case holds; everywhere where none is written."""
        return self.case.holds(self.public_scope(), self.public.histories, *place)

    def infoset(self, index: int) -> Layer:
        """The move, or round of one, that is taken at an information set."""
        return self.public.layers[int(self.infoset_layer[index])]

    def layer_of(self, move: str, round_: int = 0) -> int:
        """Number of the layer of a move (or of one of its rounds)."""
        for number in self.public.layers_of.get(move, ()):
            if self.public.layers[number].round == round_:
                return number
        raise KeyError(f"{move}[{round_}]" if round_ else move)


def scope_before(case: Case, public: PublicTree, layer: Layer, codes: NDArray[np.int16], dates: Floats) -> Scope:
    """The scope of an expression that is asked at a layer, or at an end: what came before it, one entry a row.

    Parameters
    ----------
    codes, dates : (rows, layers) of what came so far.
    """
    choices = public.choices(codes)
    now = {move: choices[move][..., layer.round - 1] for move in case.turn_of[layer.move].before(layer.move)}
    months = public.months(dates, case.file.horizon)
    return Scope(choices=choices, rounds=case.repeated, options=case.options, now=now, dates=months)


def group_rows(rows: Array) -> Ints:
    """(len(rows),) equal numbers for equal rows."""
    key = np.zeros(rows.shape[0], dtype=np.int64)
    for column in rows.T:
        values = np.unique(column, return_inverse=True)[1]
        key = np.unique(key * (int(values.max(initial=0)) + 1) + values, return_inverse=True)[1].astype(np.int64)
    return key
