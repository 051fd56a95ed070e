"""Breadth-first expansion of moves into public histories, one layer (move or round) at a time over the whole frontier."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Array, Bools, Floats
from vetopoint.case.expression import DATES, Scope
from vetopoint.case.paths import Point
from vetopoint.case.place import Place
from vetopoint.case.schedule import Turn, anchor
from vetopoint.errors import SolverError
from vetopoint.game.unroll.histories import Layer, PublicTree, option_names

if TYPE_CHECKING:
    from vetopoint.case import Case

__all__ = ["expand"]

THIN_TO = 20_000


@dataclass
class _Frontier:
    """Histories so far: their open node, options taken, dates, the last of them; whether the rounds that run have ended, and when they
    opened. Thinned to a sample once the tree is too large."""

    node: NDArray[np.int32]
    codes: NDArray[np.int16]
    dates: Floats
    last: Floats
    stopped: Bools
    opens: Floats
    weight: float = 1.0

    def rows(self, keep: Array) -> None:
        self.node, self.codes, self.dates = self.node[keep], self.codes[keep], self.dates[keep]
        self.last, self.stopped, self.opens = self.last[keep], self.stopped[keep], self.opens[keep]


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
        self.layers = tuple(
            Layer(name, k, case.file.moves[name].by, tuple(case.file.moves[name].options))
            for turn in case.turns
            for k in turn.rounds
            for name in turn.moves
        )
        self.columns: dict[str, list[int]] = {}
        for number, layer in enumerate(self.layers):
            self.columns.setdefault(layer.move, []).append(number)
        width = len(self.layers)
        root, codes, dates = (
            np.zeros(1, dtype=np.int32),
            np.full((1, width), -1, dtype=np.int16),
            np.full((1, width), np.nan),
        )
        self.frontier = _Frontier(root, codes, dates, np.zeros(1), np.zeros(1, dtype=bool), np.zeros(1))
        self.nodes = _Nodes()
        self.estimate = 1.0
        self.growth: dict[str, float] = {}  # of the moves that have come, by how much each multiplied the histories

    def run(self) -> PublicTree:
        for turn in self.case.turns:
            self.growth |= dict.fromkeys(turn.moves, 1.0)
            if turn.repeats:
                self._rounds(turn)
            else:
                (name,) = turn.moves
                column = self.columns[name][0]
                self._take(column, self._holds("when", column), self._date(name, column))
        if self.frontier.weight > 1:
            raise SolverError(self._too_large())
        return self._finish()

    def _rounds(self, turn: Turn) -> None:
        """Let the moves of a turn come in rounds, in histories in which nothing stopped them."""
        f, block = self.frontier, turn.place.section == "rounds"
        stop_when = turn.place / "stop_when"
        stops = self.case.expression(stop_when) is not None
        first = self.columns[turn.moves[0]][0]
        asked = turn.place / "when" if block else Place.of("moves", turn.moves[0], "when")
        f.stopped = ~self._condition(asked, first)
        f.opens = self._date(turn.moves[0], first) + (0.0 if turn.dated else turn.every)
        for k in turn.rounds:
            if f.stopped.all():
                return
            for name in turn.moves:
                column = self.columns[name][k - 1]
                going = ~f.stopped & self._holds("when", column) if block else ~f.stopped
                dates = f.opens if name == turn.moves[0] else self._within(turn, name, column)
                self._take(column, going, dates + (k - 1) * turn.every * (name == turn.moves[0]))
            if stops:
                f.stopped |= self._condition(stop_when, column, over=True)

    def _within(self, turn: Turn, name: str, column: int) -> Floats:
        """Months at which a move that is not the first of its round comes."""
        move, begun = self.case.file.moves[name], (self.layers[column].round - 1) * turn.every
        after, first, opens = anchor(move), self.frontier.opens, self.frontier.opens + begun
        if move.at is not None:
            return np.full(opens.size, move.at + begun)
        if after is None:
            return np.maximum(self.frontier.last, opens)
        if after.move in turn.before(name):
            return self._after(after, np.maximum(self.frontier.last, opens), column)
        return self._after(after, first, column) + begun

    def _date(self, name: str, column: int) -> Floats:
        """Months at which a move comes, or would first come."""
        move, last = self.case.file.moves[name], self.frontier.last
        if move.at is not None:
            return np.full(last.size, move.at)
        after = anchor(move)
        return last if after is None else self._after(after, last, column)

    def _after(self, point: Point, last: Floats, column: int) -> Floats:
        """Months of a moment after another move; of one that did not come, after the last move that did."""
        number, here = self.layers[column].round, self.case.turn_of[self.layers[column].move].moves
        columns = self.columns[point.move or ""]
        taken = self.frontier.dates[:, [columns[number - 1]] if point.move in here else columns]
        return np.where(np.isnan(taken).all(axis=1), last, np.fmax.reduce(taken, axis=1)) + point.months

    def _take(self, column: int, active: Bools, dates: Floats) -> None:
        """Let every active history branch."""
        f, k = self.frontier, len(self.layers[column].options)
        before = f.node.size * f.weight
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
        if not exact:
            keep = np.arange(0, f.node.size, max(1, f.node.size // THIN_TO))
            f.weight = max(f.weight, 1.0 + 1e-9) * f.node.size / keep.size
            f.rows(keep)
        self.growth[self.layers[column].move] *= f.node.size * f.weight / before

    def _holds(self, key: str, column: int) -> Bools:
        return self._condition(Place.of("moves", self.layers[column].move, key), column)

    def _condition(self, place: Place, column: int, over: bool = False) -> Bools:
        """Truth of a condition over the frontier, asked at a layer or where its round is over; one that is not written holds."""
        expression, f, layer = self.case.expression(place), self.frontier, self.layers[column]
        if expression is None:
            return np.ones(f.node.size, dtype=bool)
        named = {move: self.columns[move] for move in self.growth if move in expression.names}
        options = {move: option_names(self.layers[columns[0]].options) for move, columns in named.items()}
        known = (
            np.where(np.isnan(f.dates), self.case.file.horizon, f.dates) if expression.calls & set(DATES) else f.dates
        )
        one = {move: columns if self.layers[columns[0]].round else columns[0] for move, columns in named.items()}
        turn = self.case.turn_of[layer.move]
        past = turn.moves if over else turn.before(layer.move)
        scope = Scope(
            choices={move: options[move][f.codes[:, at]] for move, at in one.items()},
            rounds=self.case.repeated,
            options=self.case.options,
            now={m: options[m][f.codes[:, named[m][layer.round - 1]]] for m in past if m in named and layer.round},
            dates={move: known[:, at] for move, at in one.items()},
        )
        return self.case.holds(scope, f.node.size, place)

    def _too_large(self) -> str:
        worst = sorted(self.growth, key=lambda name: -self.growth[name])
        histories = self.frontier.node.size * self.frontier.weight
        first = worst[0]
        repeats = first in self.case.repeated
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
