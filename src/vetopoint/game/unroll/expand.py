"""Breadth-first expansion of moves into public histories, one layer (move or round) at a time over the whole frontier."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Array, Bools, Floats
from vetopoint.case.expression import Scope
from vetopoint.errors import SolverError
from vetopoint.game.unroll.histories import Layer, PublicTree, option_names

if TYPE_CHECKING:
    from vetopoint.case import Case
    from vetopoint.case.schema import Move

__all__ = ["expand"]

THIN_TO = 20_000


@dataclass
class _Frontier:
    """Histories so far: their open node, options taken, dates; thinned to a sample once the tree is too large."""

    node: NDArray[np.int32]
    codes: NDArray[np.int16]
    dates: Floats
    last: Floats
    stopped: Bools
    weight: float = 1.0

    def rows(self, keep: Array) -> None:
        self.node, self.codes, self.dates = self.node[keep], self.codes[keep], self.dates[keep]
        self.last, self.stopped = self.last[keep], self.stopped[keep]


@dataclass
class _Nodes:
    """Nodes made so far, in chunks."""

    parent: list[NDArray[np.int32]] = field(default_factory=lambda: [np.array([-1], dtype=np.int32)])
    option: list[NDArray[np.int16]] = field(default_factory=lambda: [np.array([-1], dtype=np.int16)])
    taken: list[tuple[NDArray[np.int32], int, NDArray[np.int32], Floats]] = field(default_factory=list)
    count: int = 1


class _Expansion:
    def __init__(self, case: Case, cap: int, copies: int) -> None:
        self.case, self.cap, self.copies = case, cap, copies
        self.layers: tuple[Layer, ...] = ()
        self.columns: dict[str, list[int]] = {}
        for name, move in case.file.moves.items():
            rounds = 0 if move.repeat is None else int(move.times)
            own = [Layer(name, k, move.by, tuple(move.options)) for k in (range(1, rounds + 1) if rounds else [0])]
            self.columns[name] = list(range(len(self.layers), len(self.layers) + len(own)))
            self.layers += tuple(own)
        width = len(self.layers)
        root, codes, dates = (
            np.zeros(1, dtype=np.int32),
            np.full((1, width), -1, dtype=np.int16),
            np.full((1, width), np.nan),
        )
        self.frontier = _Frontier(root, codes, dates, np.zeros(1), np.zeros(1, dtype=bool))
        self.nodes = _Nodes()
        self.estimate = 1.0
        self.growth: dict[str, float] = {}  # of the moves that have come, by how much each multiplied the histories

    def run(self) -> PublicTree:
        for name, move in self.case.file.moves.items():
            before = self.frontier.node.size * self.frontier.weight
            self._move(name, move)
            self.growth[name] = self.frontier.node.size * self.frontier.weight / before
        if self.frontier.weight > 1:
            raise SolverError(self._too_large())
        return self._finish()

    def _move(self, name: str, move: Move) -> None:
        f = self.frontier
        active = self._condition(("moves", name, "when"))
        base = f.last if move.at is None else np.full(f.node.size, float(move.at))
        columns = self.columns[name]
        if not self.layers[columns[0]].round:
            self._take(columns[0], active, base)
            return
        every = 1.0 if isinstance(move.repeat, int) or move.repeat is None else move.repeat.every
        stop_when = ("moves", name, "repeat", "stop_when")
        stops = self.case.expression(*stop_when) is not None
        f.stopped = ~active
        for column in columns:
            going = ~f.stopped
            if not going.any():
                return
            base = self._take(column, going, base, every * self.layers[column].round)
            if stops:
                f.stopped |= self._condition(stop_when, current=column)

    def _take(self, column: int, active: Bools, base: Floats, after: float = 0.0) -> Floats:
        """Let every active history branch; returns `base` for the histories that there are then."""
        f, k = self.frontier, len(self.layers[column].options)
        dates = base + after
        parents = f.node[active]
        copies = np.where(active, k, 1)
        rows = np.repeat(np.arange(f.node.size), copies)
        branch = np.arange(rows.size) - np.repeat(np.cumsum(copies) - copies, copies)
        moved = active[rows]
        self.estimate += parents.size * k * f.weight
        exact = f.weight == 1.0 and self.estimate * self.copies <= self.cap
        if exact:
            fresh = np.arange(self.nodes.count, self.nodes.count + parents.size * k, dtype=np.int32)
            self.nodes.parent.append(np.repeat(parents, k))
            self.nodes.option.append(np.tile(np.arange(k, dtype=np.int16), parents.size))
            self.nodes.taken.append((parents, column, fresh[::k], dates[active]))
            self.nodes.count += fresh.size
        f.rows(rows)
        if exact:
            f.node[moved] = fresh
        f.codes[moved, column] = branch[moved]
        f.dates[moved, column] = dates[rows][moved]
        f.last = np.where(moved, dates[rows], f.last)
        base = base[rows]
        if not exact:
            keep = np.arange(0, f.node.size, max(1, f.node.size // THIN_TO))
            f.weight = max(f.weight, 1.0 + 1e-9) * f.node.size / keep.size
            f.rows(keep)
            base = base[keep]
        return base

    def _condition(self, place: tuple[str, ...], current: int | None = None) -> Bools:
        """Truth of a condition over the frontier; a condition that is not written holds."""
        expression = self.case.expression(*place)
        size = self.frontier.node.size
        if expression is None:
            return np.ones(size, dtype=bool)
        codes, choices = self.frontier.codes, {}
        for move in self.growth:
            if move in expression.names:
                columns = self.columns[move]
                named = option_names(self.layers[columns[0]].options)
                choices[move] = named[codes[:, columns]] if move in self.case.repeated else named[codes[:, columns[0]]]
        if current is not None:
            layer = self.layers[current]
            choices[layer.move] = option_names(layer.options)[codes[:, current]]
        rounds = self.case.repeated - ({self.layers[current].move} if current is not None else set())
        scope = Scope(choices=choices, rounds=rounds, options=self.case.options)
        return self.case.holds(scope, size, *place)

    def _too_large(self) -> str:
        worst = sorted(self.growth, key=lambda name: -self.growth[name])
        histories = self.frontier.node.size * self.frontier.weight
        first = worst[0]
        repeats = self.case.file.moves[first].repeat is not None
        cut = "fewer rounds or a `stop_when`" if repeats else "a narrower `when` or fewer options"
        types = f", {self.copies} combinations of types" if self.copies > 1 else ""
        return (
            f"the moves unroll to about {self.estimate * self.copies:,.0f} nodes "
            f"(about {histories * self.copies:,.0f} histories{types}), more than the {self.cap:,} allowed; "
            f"'{first}' multiplies the histories by {self.growth[first]:,.1f}"
            + "".join(f", '{name}' by {self.growth[name]:,.1f}" for name in worst[1:3])
            + f" → give '{first}' {cut}"
        )

    def _finish(self) -> PublicTree:
        size = self.nodes.count
        layer = np.full(size, -1, dtype=np.int16)
        first = np.full(size, -1, dtype=np.int32)
        date = np.zeros(size)
        date[self.frontier.node] = self.frontier.last
        for parents, column, children, dates in self.nodes.taken:
            layer[parents], first[parents], date[parents] = column, children, dates
        parent, option = np.concatenate(self.nodes.parent), np.concatenate(self.nodes.option)
        f = self.frontier
        return PublicTree(self.layers, parent, option, layer, first, date, f.node, f.codes, f.dates)


def expand(case: Case, cap: int, copies: int) -> PublicTree:
    """Unroll the moves of a case into the tree of its public histories.

    Parameters
    ----------
    case : the case.
    cap : the most nodes allowed in the game tree, all combinations of types counted.
    copies : number of combinations of types.

    Raises
    ------
    CaseError
        A condition that cannot be evaluated, or a repetition without end.
    SolverError
        A tree larger than `cap`; says how large, which move multiplies most and what to cut.
    """
    return _Expansion(case, cap, copies).run()
