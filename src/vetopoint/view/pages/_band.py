"""The road: one band, as broad as so many of 100 get so far, that narrows from step to step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vetopoint.view.letters import wrapped
from vetopoint.view.pages._svg import Drawing
from vetopoint.view.pages._words import hundred


@dataclass(frozen=True)
class Step:
    """One step: what it takes, how many of 100 are left after it, how many are lost at it and how, and whether that is a coin toss."""

    label: str
    left: float
    lost: float
    lost_by: str = ""
    toss: bool = False


@dataclass(frozen=True)
class Road:
    """The steps in the order in which they come, from 100."""

    start: str
    steps: Sequence[Step]

    def __call__(self, d: Drawing) -> None:
        """Draw it."""
        x, room = (8.0, d.width - 66.0) if d.narrow else (226.0, 250.0)
        d.text(x + room + 12, 24, "100", bold=True)
        y = self._label(d, self.start, 14)
        y = max(y, 32.0)
        d.area([(x, y - 18), (x + room, y - 18), (x + room, y), (x, y)], fill="c1", opacity=0.9)
        before = 1.0
        for step in self.steps:
            y = self._step(d, step, x, room, y, before)
            before = step.left

    def _label(self, d: Drawing, words: str, y: float) -> float:
        room = d.width - 60.0 if d.narrow else 208.0
        below = d.lines(8 if d.narrow else 0, y, wrapped(words, room, bold=True), bold=True)
        return below + 6 if d.narrow else y + 18

    def _step(self, d: Drawing, step: Step, x: float, room: float, y: float, before: float) -> float:
        """One step: the band narrows, then runs on; what is lost stands beside it."""
        lost = f"{hundred(step.lost)}: {step.lost_by}" if step.lost > 0 and step.lost_by else ""
        beside = wrapped(lost, d.width - 24.0 if d.narrow else d.width - x - room - 62, 12)
        labels = wrapped(
            f"{'◐ ' if step.toss else ''}{step.label}", d.width - 24.0 if d.narrow else 208.0, bold=d.narrow
        )
        fall = 8 + (17 * len(labels) + 16 * len(beside) + 4 if d.narrow else 0)
        wide, thin = room * before, max(room * step.left, 1.0)
        d.area(
            [(x, y), (x + max(wide, 1.0), y), (x + thin, y + fall), (x, y + fall)],
            fill="c1",
            opacity=0.28 if d.narrow else 0.9,
        )
        if d.narrow:
            below = d.lines(12, y + 16, labels, bold=True)
            d.lines(12, below - 2, beside, fill="ink", size=12)
            d.area(
                [(x, y + fall), (x + thin, y + fall), (x + thin, y + fall + 16), (x, y + fall + 16)],
                fill="c1",
                opacity=0.9,
            )
            d.text(x + room + 12, y + fall + 13, hundred(step.left), bold=True)
            return y + fall + 16
        height = max(17.0 * len(labels), 15.0 * len(beside), 22.0) + 8
        d.area(
            [(x, y + fall), (x + thin, y + fall), (x + thin, y + fall + height), (x, y + fall + height)],
            fill="c1",
            opacity=0.9,
        )
        d.lines(0, y + fall + 14, labels)
        d.text(x + room + 12, y + fall + 15, hundred(step.left), bold=True)
        d.lines(x + room + 52, y + fall + 15, beside, fill="muted", size=12)
        return y + fall + height
