"""Curves over months on one footing, one band light behind them, and what became of past plans as dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vetopoint.view.letters import wrapped
from vetopoint.view.numbers import months
from vetopoint.view.pages._svg import Drawing, Shape

DASHES = ("", "7 4", "2 3", "9 3 2 3")


@dataclass(frozen=True)
class Line:
    """One curve: its name, its values by month, and its band where that is shown."""

    label: str
    values: Sequence[float]
    colour: str
    dash: str = ""
    band: tuple[Sequence[float], Sequence[float]] | None = None


@dataclass(frozen=True)
class Spot:
    """A share of past plans at one month, with its interval."""

    month: float
    share: float
    lo: float
    hi: float


@dataclass(frozen=True)
class Curves:
    """The curves of one picture."""

    months: Sequence[float]
    lines: Sequence[Line]
    spots: Sequence[Spot] = ()
    spots_label: str = ""
    shape: Shape = "ring"

    def __call__(self, d: Drawing) -> None:
        """Draw it."""
        top = self._legend(d) + 8
        left, right, bottom = 34.0, d.width - 16.0, top + (250 if d.narrow else 280)
        last = self.months[-1]

        def at(month: float, share: float) -> tuple[float, float]:
            return left + (right - left) * month / last, bottom - (bottom - top) * share

        for share in (0.0, 0.5, 1.0):
            y = at(0, share)[1]
            d.line(left, y, right, y, stroke="muted" if share == 0 else "rule")
            d.text(left - 7, y + 4, f"{100 * share:.0f}", anchor="end", fill="muted", size=11.5)
        marked: list[float] = [m for m in ((12, 36, 60) if d.narrow else (12, 24, 36, 60)) if m <= last] or [last]
        for month in marked:
            x = at(month, 0)[0]
            d.line(x, bottom, x, bottom + 4, stroke="muted")
            words = "one year" if month == 12 else months(month)
            d.text(x, bottom + 17, words, anchor="end" if month == last else "middle", fill="muted", size=11.5)
        for line in self.lines:
            if line.band is not None:
                low, high = ([at(m, v) for m, v in zip(self.months, end, strict=True)] for end in line.band)
                d.area([*low, *reversed(high)], fill=line.colour, opacity=0.13)
        for line in self.lines:
            d.curve(
                [at(m, v) for m, v in zip(self.months, line.values, strict=True)], stroke=line.colour, dash=line.dash
            )
        for spot in self.spots:
            x, y = at(spot.month, spot.share)
            d.line(x, at(spot.month, spot.lo)[1], x, at(spot.month, spot.hi)[1], stroke="c6", width=1.5)
            d.mark(x, y, self.shape, "c6", 6.5)
        d.height = max(d.height, bottom + 22)

    def _legend(self, d: Drawing) -> float:
        y = 12.0
        for line in self.lines:
            d.line(2, y - 4, 30, y - 4, stroke=line.colour, width=2.6, dash=line.dash)
            y = d.lines(38, y, wrapped(line.label, d.width - 42, 12.5), size=12.5)
        if self.spots:
            d.mark(16, y - 4, self.shape, "c6", 6.5)
            y = d.lines(38, y, wrapped(self.spots_label, d.width - 42, 12.5), size=12.5)
        return y
