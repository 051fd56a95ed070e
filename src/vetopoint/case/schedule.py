"""In which order the moves of a case come: one by one, or several that alternate in rounds."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from vetopoint.case.paths import Point, parse_point
from vetopoint.case.place import Place
from vetopoint.case.schema import CaseFile, Move, Rounds
from vetopoint.case.times import Calendar

__all__ = ["Turn", "anchor", "turns"]


@dataclass(frozen=True)
class Turn:
    """Moves that come together, one after the other: once, or in each of several rounds.

    Parameters
    ----------
    moves : their names, in the order of the file.
    place : where it is written how often they come, else the move.
    repeats : whether they come in rounds.
    times : in how many: infinity where they do not end, NaN where that cannot be known.
    every : months between rounds.
    dated : whether the first round has a date of its own; else it comes `every` after the move before.
    """

    moves: tuple[str, ...]
    place: Place
    repeats: bool = False
    times: float = 1.0
    every: float = 0.0
    dated: bool = False

    @property
    def rounds(self) -> tuple[int, ...]:
        """The numbers of its rounds, 0 where it comes once."""
        return tuple(range(1, int(self.times) + 1)) if self.repeats else (0,)

    def before(self, move: str) -> tuple[str, ...]:
        """The moves that come before one of them in a round."""
        return self.moves[: self.moves.index(move)]


def turns(file: CaseFile, calendar: Calendar) -> tuple[Turn, ...]:
    """The moves of a case in the order in which they come; of a block of rounds the moves stand together where the first of them does."""
    block_of = {move: name for name, block in reversed(file.rounds.items()) for move in block.moves}
    found: dict[str, Turn] = {}
    for name, move in file.moves.items():
        block = block_of.get(name)
        if block is None:
            found[name] = _alone(name, move, calendar)
        elif f"rounds.{block}" not in found:
            found[f"rounds.{block}"] = _together(block, file, calendar)
    return tuple(found.values())


def _alone(name: str, move: Move, calendar: Calendar) -> Turn:
    if move.repeat is None:
        return Turn((name,), Place.of("moves", name))
    place, repeat = Place.of("moves", name, "repeat"), move.repeat
    if isinstance(repeat, int):
        return Turn((name,), place, True, float(repeat), calendar.span(1), _is_dated(move))
    times = _times(repeat.rounds, repeat.every, repeat.until, move, calendar)
    return Turn((name,), place, True, times, repeat.every, _is_dated(move))


def _together(name: str, file: CaseFile, calendar: Calendar) -> Turn:
    block: Rounds = file.rounds[name]
    moves = tuple(each for each in file.moves if each in block.moves)
    first = file.moves[moves[0]]
    times = _times(block.times, block.every, block.until, first, calendar)
    return Turn(moves, Place.of("rounds", name), True, times, block.every, _is_dated(first))


def _is_dated(move: Move) -> bool:
    return move.at is not None or move.after is not None


def _times(most: int | None, every: float, until: float | dt.date | None, first: Move, calendar: Calendar) -> float:
    """How many rounds there are, at the most and until a time; those that are dated begin at that date, else `every` after it."""
    if until is None:
        return most or math.inf
    if not isinstance(until, float):
        if first.at is None:
            return most or math.nan
        until = calendar.month(until) - first.at
    if not math.isfinite(until / every):
        return most or math.inf
    return min(math.floor(until / every + 1e-9) + _is_dated(first), most or math.inf)


def anchor(move: Move) -> Point | None:
    """The move after which another comes, and how many months; None where it is not dated so."""
    return None if move.after is None else parse_point(move.after)
