"""How a diagram of moves is read from top to bottom: what stands under which option, what stands below where ways meet again.

A step stands under the option that alone leads to it. Where several do, it stands below the step that all of them come from, the one
that dominates it: Cooper, Harvey and Kennedy (2001), "A simple, fast dominance algorithm", Rice University, TR-06-33870.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from vetopoint.study.diagram import Diagram, End, Step, Way
from vetopoint.view.names import Names
from vetopoint.view.numbers import DAYS

__all__ = ["AGAIN", "LEGEND", "Block", "Branch", "happens", "plain", "read_down", "repeats", "told"]

LEGEND = {
    "reached": "the leading goal is reached",
    "missed": "it is not",
    "depends": "that hangs on more than the moves, or on when",
}
"""What the marks of ends mean."""
AGAIN = "comes again; after the last round:"


@dataclass(frozen=True)
class Branch:
    """An option; ``to`` counts steps from 1 as they are read, ``inner`` stands under it."""

    way: Way
    to: tuple[int | End, ...]
    inner: tuple[Block, ...]

    @property
    def leads(self) -> tuple[int | End, ...]:
        """What it leads to that does not stand under it."""
        under = {block.number for block in self.inner}
        return tuple(to for to in self.to if to not in under)


@dataclass(frozen=True)
class Block:
    """A step, its options, and the steps below it; ``condition`` is empty where the place says it."""

    number: int
    step: Step
    condition: str
    branches: tuple[Branch, ...]


def read_down(diagram: Diagram, deepest: int) -> tuple[Block, ...]:
    """The blocks of a diagram under one another, some of them within others, at most ``deepest`` of these around one another."""
    return _Reading(diagram, deepest).blocks()


class _Reading:
    def __init__(self, diagram: Diagram, deepest: int) -> None:
        self.diagram, self.deepest = diagram, deepest
        self.before: dict[int, list[int]] = {number: [] for number in range(len(diagram.steps))}
        for number in self.before:
            for to in self._below(number):
                self.before[to].append(number)
        self.parent: dict[int, int] = {0: 0}
        for number in range(1, len(diagram.steps)):
            self.parent[number] = self._dominator(self.before[number])

    def _dominator(self, numbers: Sequence[int]) -> int:
        """The last step that comes before each of some others, or is one of them, in all histories."""
        found = numbers[0]
        for other in numbers[1:]:
            while found != other:
                found, other = (self.parent[found], other) if found > other else (found, self.parent[other])
        return found

    def _below(self, number: int) -> list[int]:
        """The later steps to which a step leads, one for each way: rounds that alternate lead back as well."""
        return [to for to in self.diagram.steps[number].following if to > number]

    def blocks(self) -> tuple[Block, ...]:
        made = self._from(0, 0)
        numbers = {number: i for i, number in enumerate(_read(made), start=1)}
        return tuple(_numbered(block, numbers) for block in made)

    def _from(self, number: int, depth: int) -> tuple[Block, ...]:
        """A step, and after it those below it."""
        step = self.diagram.steps[number]
        follows = set(self._below(number))
        nested = len(follows) > 1 and depth < self.deepest
        inner = {to for to in follows if nested and len(self.before[to]) == 1}
        branches = tuple(
            Branch(way, way.to, tuple(b for to in way.to if to in inner for b in self._from(to, depth + 1)))
            for way in step.ways
        )
        said = self.diagram.merged or len(set(self.before[number])) > 1
        below = [to for to, parent in self.parent.items() if parent == number and to not in inner and to]
        block = Block(number, step, step.condition if said else "", branches)
        return (block, *(b for to in sorted(below) for b in self._from(to, depth)))


def _read(blocks: Sequence[Block]) -> list[int]:
    return [n for b in blocks for n in (b.number, *(m for branch in b.branches for m in _read(branch.inner)))]


def _numbered(block: Block, numbers: Mapping[int, int]) -> Block:
    branches = tuple(
        replace(
            branch,
            to=tuple(numbers[to] if isinstance(to, int) else to for to in branch.to),
            inner=tuple(_numbered(inner, numbers) for inner in branch.inner),
        )
        for branch in block.branches
    )
    return replace(block, number=numbers[block.number], branches=branches)


def plain(text: str) -> str:
    """A text on one line, without letters that steer a screen or hide what stands beside them."""
    seen = ("" if unicodedata.category(letter)[0] == "C" else letter for letter in " ".join(text.split()))
    return " ".join("".join(seen).split())


def happens(diagram: Diagram, step: Step) -> str:
    """Who decides, and when."""
    who = "by chance" if step.by == "chance" else plain(step.who)
    return f"{who} · {_when(diagram, *step.months)}"


def repeats(diagram: Diagram, step: Step) -> str:
    """How often a step comes, empty where once."""
    if step.rounds == 1:
        return ""
    (count,), unit = _counted(diagram, step.every)
    return f"× {step.rounds}, every {unit}" if count == "1" else f"× {step.rounds}, every {count} {unit}s"


def _counted(diagram: Diagram, *months: float) -> tuple[list[str], str]:
    """Times as the case counts them, and what one of them is called."""
    return [
        f"{round(month * DAYS if diagram.days else month, 2):g}" for month in months
    ], "day" if diagram.days else "month"


def _when(diagram: Diagram, first: float, last: float) -> str:
    (start, end), unit = _counted(diagram, first, last)
    told = f"{unit} {start}" if start == end else f"{unit}s {start} to {end}"
    called = Names(as_of=diagram.as_of, days=diagram.days)
    dates = [called.when(month) for month in (first, last)]
    return f"{told} ({dates[0]})" if dates[0] == dates[1] else f"{told} ({' to '.join(dates)})"


def told(diagram: Diagram) -> tuple[str, ...]:
    """What stands below the picture: that it leaves something out, and what no history comes to."""
    found = []
    if diagram.merged:
        found.append("Each move is drawn once: which of the things after an arrow follows hangs on what came before.")
    if diagram.never:
        found.append(f"No history comes to: {'; '.join(map(plain, diagram.never))}.")
    return tuple(found)
