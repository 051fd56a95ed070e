"""From a case's histories to the diagram of its moves: a decision diagram, in which equal continuations are one.

The tree of histories is merged from its ends, as in Bryant (1986), "Graph-based algorithms for Boolean function manipulation",
IEEE Transactions on Computers 35 (8), 677-691, for more than two options. Rounds of a move that go on alike are folded into one. Where
what is left is still too much for a picture, each move is drawn once, and its options lead to all that may follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from vetopoint.arrays import Bools, Floats, Ints
from vetopoint.case import Case
from vetopoint.case.place import Place
from vetopoint.chain.frame import Frame, frame_of
from vetopoint.errors import CaseError
from vetopoint.game.unroll import CHANCE
from vetopoint.study.conditions import in_words
from vetopoint.study.diagram import Diagram, End, Reach, Step, Way

__all__ = ["diagram_of"]

MOST_STEPS = 40
_MISSED, _REACHED = 1, 2
"""Bits of whether the leading goal is missed and reached on a way."""
_KINDS: Mapping[int, Reach] = {_MISSED: "missed", _REACHED: "reached", _MISSED | _REACHED: "depends"}
_UNDECIDED: Mapping[str, tuple[float, float]] = {
    "truce_held_at": (0.0, 1.0),
    "agreed": (0.0, 1.0),
    "settlement": (0.0, 100.0),
}
"""What a goal may ask that the moves do not decide, and the least and the most that it can be."""

_Node = int
"""From 0 on a point, below 0 an end: -1 minus the number of its outcome."""


@dataclass(frozen=True)
class _Point:
    """A move, and what may follow each of its options; ``again``: the options after which it comes again while rounds are left."""

    move: str
    rounds: int
    leads: tuple[frozenset[_Node], ...]
    again: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Walked:
    """What histories come to.

    Attributes
    ----------
    found : the points; those to which no history comes by themselves are rounds folded into another.
    reach : point, option and end → how the end stands to the leading goal.
    months : point → the first and the last month in which it comes.
    """

    found: Sequence[_Point]
    reach: dict[tuple[int, int, _Node], int]
    months: dict[int, tuple[float, float]]


def diagram_of(case: Case) -> Diagram:
    """The moves of a case with equal continuations drawn once.

    Raises
    ------
    CaseError, SolverError
        If the moves cannot be unrolled; says what to change.
    """
    frame = frame_of(case)
    found, at = _merged(frame)
    if not found:
        raise CaseError(case.problem("no history comes to any move", "change their `when`", "moves"))
    walked = _walked(frame, found, at)
    if merged := len(walked.months) > MOST_STEPS:
        walked = _walked(frame, *_by_move(frame))
    return Diagram(
        title=case.file.title,
        goal=_label(case.file.goal_labels, next(iter(case.file.goals))),
        owner=case.actor_label(case.file.owner),
        as_of=case.file.as_of,
        days=case.calendar.days,
        steps=_steps(case, walked),
        merged=merged,
        never=tuple(_never(frame)),
    )


def _label(labels: Mapping[str, str], name: str) -> str:
    return labels.get(name) or name.replace("_", " ")


def _ends(frame: Frame) -> Ints:
    """(nodes,) the end of every node at which a history ends, 0 elsewhere."""
    public, names = frame.game.public, [*frame.case.file.outcomes, ""]
    at = np.zeros(public.size, dtype=np.int64)
    at[public.ends] = [-1 - names.index(str(name)) for name in frame.game.outcome_names]
    return at


def _merged(frame: Frame) -> tuple[list[_Point], Ints]:
    """The points, each after those that may follow it, and (nodes,) that of every node: equal where all that may follow is equal."""
    public, at = frame.game.public, _ends(frame)
    numbers: dict[_Point, int] = {}
    found: list[_Point] = []
    for number in reversed(range(len(public.layers))):
        nodes = public.at_layer(number)
        if not nodes.size:
            continue
        rows, which = np.unique(at[public.children(number)], axis=0, return_inverse=True)
        own = [_folded(public.layers[number].move, row, found) for row in rows.tolist()]
        for point in own:
            if point not in numbers:
                numbers[point] = len(found)
                found.append(point)
        at[nodes] = np.array([numbers[point] for point in own])[np.ravel(which)]
    return found, at


def _folded(move: str, row: Sequence[_Node], found: Sequence[_Point]) -> _Point:
    """The point with what follows each option; a round is one with the next, where only that there is another tells them apart."""
    leads = tuple(frozenset([to]) for to in row)
    again = frozenset(i for i, to in enumerate(row) if to >= 0 and found[to].move == move)
    later = {row[i] for i in again}
    if len(later) == 1:
        after = found[later.pop()]
        same = all(leads[i] == after.leads[i] for i in range(len(row)) if i not in again)
        if same and after.again in (frozenset(), again):
            return replace(after, rounds=after.rounds + 1, again=again)
    return _Point(move, 1, leads)


def _by_move(frame: Frame) -> tuple[list[_Point], Ints]:
    """The same with one point a move."""
    public, at, case = frame.game.public, _ends(frame), frame.case
    order = list(reversed(case.file.moves))
    for number, layer in enumerate(public.layers):
        at[public.at_layer(number)] = order.index(layer.move)
    found = []
    for move in order:
        own, rounds = order.index(move), public.layers_of[move]
        follows = [at[public.children(number)] for number in rounds]
        sets = [
            {to for rows in follows for to in rows[:, i].tolist()} for i in range(len(case.file.moves[move].options))
        ]
        again = frozenset(i for i, following in enumerate(sets) if own in following)
        found.append(_Point(move, len(rounds), tuple(frozenset(following - {own}) for following in sets), again))
    return found, at


def _walked(frame: Frame, found: Sequence[_Point], at: Ints) -> _Walked:
    """Follow every history from its start: which points it comes to and when, and how its end stands to the goal."""
    public, reach = frame.game.public, _reach(frame)
    place, seen = at.tolist(), _Walked(found, {}, {})
    options, parents, layers, dates = (a.tolist() for a in (public.option, public.parent, public.layer, public.date))
    for node, parent in enumerate(parents):
        here = found[place[parent]] if parent >= 0 else None
        if place[node] < 0:
            ending = (place[parent], options[node], place[node])
            seen.reach[ending] = seen.reach.get(ending, 0) | int(reach[public.end_of[node]])
            continue
        if here is not None and options[node] in here.again and public.layers[layers[node]].move == here.move:
            place[node] = place[parent]
        first, last = seen.months.get(place[node], (dates[node], dates[node]))
        seen.months[place[node]] = (min(first, dates[node]), max(last, dates[node]))
    return seen


def _reach(frame: Frame) -> Ints:
    """(histories,) bits of whether the leading goal is missed and reached; both where it hangs on what the moves do not decide."""
    goal, types = next(iter(frame.case.file.goals)), frame.game.types.size
    asked = [name for name in _UNDECIDED if name in frame.case.conditions[Place.of("goals", goal)].calls]
    held = [
        _holds(frame, goal, dict(zip(asked, ends, strict=True)))[::types]
        for ends in product(*(_UNDECIDED[name] for name in asked))
    ]
    return np.asarray(_MISSED * ~np.all(held, axis=0) + _REACHED * np.any(held, axis=0), dtype=np.int64)


def _holds(frame: Frame, goal: str, told: Mapping[str, float]) -> Bools:
    """(terminals,) whether a goal is reached where functions of what the moves do not decide are as told."""

    def says(name: str) -> Callable[..., Floats]:
        where = frame.path >= 0 if name == "truce_held_at" else np.ones(frame.game.terminals, dtype=bool)
        return lambda *_: np.where(where, told[name], 0.0)

    functions = {**frame.scope.functions, **{name: says(name) for name in told}}
    return frame.case.holds(replace(frame.scope, functions=functions), frame.game.terminals, "goals", goal)


def _steps(case: Case, walked: _Walked) -> tuple[Step, ...]:
    order = sorted(walked.months, reverse=True)
    numbers = {point: number for number, point in enumerate(order)}
    return tuple(_step(case, walked, point, numbers) for point in order)


def _step(case: Case, walked: _Walked, at: int, numbers: Mapping[int, int]) -> Step:
    point = walked.found[at]
    move = case.file.moves[point.move]
    outcomes = list(case.file.outcomes)

    def end(way: int, to: _Node) -> End:
        name = outcomes[-1 - to] if -1 - to < len(outcomes) else ""
        label = _label(case.file.outcome_labels, name) if name else "no outcome is declared for this"
        return End(name, label, _KINDS[walked.reach[at, way, to]])

    def ways() -> Iterator[Way]:
        for i, option in enumerate(move.options):
            later = tuple(sorted(numbers[to] for to in point.leads[i] if to >= 0))
            ends = tuple(end(i, to) for to in sorted(point.leads[i], reverse=True) if to < 0)
            yield Way(option, _label(move.labels, option), later + ends, i in point.again)

    return Step(
        move=point.move,
        label=_label({point.move: move.label}, point.move),
        by=move.by,
        who=CHANCE if move.by == CHANCE else case.actor_label(move.by),
        months=walked.months[at],
        rounds=point.rounds,
        every=case.turn_of[point.move].every,
        condition=in_words(case, "moves", point.move, "when"),
        ways=tuple(ways()),
    )


def _never(frame: Frame) -> Iterator[str]:
    """The moves and outcomes to which no history comes, by label."""
    file, public = frame.case.file, frame.game.public
    for name, move in file.moves.items():
        if not any(public.at_layer(number).size for number in public.layers_of[name]):
            options = " or ".join(_label(move.labels, option) for option in move.options)
            yield f"{_label({name: move.label}, name)} ({options})"
    for name in file.outcomes:
        if not (frame.game.outcome_names == name).any():
            yield _label(file.outcome_labels, name)
