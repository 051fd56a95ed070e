"""What a picture of a case's moves is drawn from: who decides, what each option leads to, how it can end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["Diagram", "End", "Step", "Way"]

Reach = Literal["reached", "missed", "depends"]


@dataclass(frozen=True)
class End:
    """An outcome in which a way ends.

    Attributes
    ----------
    reach : whether the leading goal is reached there; ``depends`` where that hangs on when it happens, or on what the moves do not decide.
    """

    outcome: str
    label: str
    reach: Reach


@dataclass(frozen=True)
class Way:
    """One option of a step, and what may follow it.

    Attributes
    ----------
    to : numbers of steps, and ends. More than one where it hangs on what came before, which the picture leaves out.
    again : whether the move comes again while rounds are left; ``to`` is what follows the last.
    """

    option: str
    label: str
    to: tuple[int | End, ...]
    again: bool = False


@dataclass(frozen=True)
class Step:
    """A move as it comes in histories that go on alike.

    Attributes
    ----------
    by, who : the actor's name and label; ``chance`` for chance.
    months : first and last month since the case's date at which it comes.
    rounds, every : how often it may come, and the months between.
    condition : when it comes, in words; empty where it always does.
    """

    move: str
    label: str
    by: str
    who: str
    months: tuple[float, float]
    rounds: int
    every: float
    condition: str
    ways: tuple[Way, ...]

    @property
    def following(self) -> Iterator[int]:
        """Numbers of the steps that may follow, one for each way that leads there."""
        return (to for way in self.ways for to in way.to if isinstance(to, int))


@dataclass(frozen=True)
class Diagram:
    """The moves of a case with equal continuations drawn once.

    Attributes
    ----------
    goal : the leading goal, by its label.
    owner : label of the plan's owner.
    as_of : the day on which month 0 begins.
    steps : every step before those that may follow it, rounds of moves that alternate apart; the first one begins every history.
    merged : whether ways meet whose continuations differ, so that a way may lead to several.
    days : whether the case is written in days.
    never : options by move, and outcomes, that no history comes to, by their labels.
    """

    title: str
    goal: str
    owner: str
    as_of: dt.date
    steps: tuple[Step, ...]
    merged: bool
    never: tuple[str, ...] = ()
    days: bool = False
