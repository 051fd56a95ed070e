"""Rows of marks on one scale from nought: what is so on a yes, as it is, on a no; a figure beside past plans; from one end to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from vetopoint.view.letters import width_of, wrapped
from vetopoint.view.numbers import Banded
from vetopoint.view.pages._svg import Anchor, Drawing, Shape
from vetopoint.view.pages._words import hundred

_ENDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)
_LABELS, _COLUMN = 236, 76


@dataclass(frozen=True)
class Mark:
    """One thing that a row may show: its shape and colour, and what it is."""

    head: str
    shape: Shape
    colour: str


@dataclass(frozen=True)
class Row:
    """One row: its label, what stands smaller under it, its values by mark, and the ends between which its value may lie."""

    label: str
    values: Mapping[str, float]
    under: str = ""
    band: Banded | None = None
    colour: str = "c6"


@dataclass(frozen=True)
class Rows:
    """The rows of one picture with their marks, and a line of reference."""

    rows: Sequence[Row]
    marks: Mapping[str, Mark] = field(default_factory=dict)
    at: float | None = None
    at_label: str = ""

    @property
    def end(self) -> float:
        """The end of the scale: the smallest round share that holds every value."""
        values = [v for row in self.rows for v in row.values.values()]
        values += [row.band.hi for row in self.rows if row.band is not None]
        values += [] if self.at is None else [self.at]
        return next(end for end in _ENDS if end >= min(max(values, default=1.0), 1.0) - 1e-9)

    def __call__(self, d: Drawing) -> None:
        """Draw it."""
        left = 8.0 if d.narrow else _LABELS
        right = d.width - 12.0 if d.narrow else d.width - _COLUMN * len(self.marks) - 14.0
        scale = _Scale(left, right, self.end)
        y = top = self._heads(d, scale)
        for row in self.rows:
            y = self._row(d, scale, row, y)
        y += 4
        d.line(left, y, right, y, stroke="muted")
        for share in (0.0, self.end / 2, self.end):
            d.line(scale(share), y, scale(share), y + 4, stroke="muted")
            d.text(scale(share), y + 16, f"{share * 100:g}", anchor="middle", fill="muted", size=11.5)
        d.text(scale(self.end / 2), y + 31, "of 100", anchor="middle", fill="muted", size=11.5)
        if self.at is not None:
            d.line(scale(self.at), top, scale(self.at), y, stroke="ink", dash="3 3")
            anchor: Anchor = "end" if scale(self.at) > (left + right) / 2 else "start"
            d.text(
                scale(self.at) + (-4 if anchor == "end" else 4),
                top + 2,
                self.at_label,
                anchor=anchor,
                size=11.5,
                fill="muted",
            )

    def _heads(self, d: Drawing, scale: _Scale) -> float:
        """What each mark means; returns where the rows begin."""
        if d.narrow:
            x, y = 8.0, 12.0
            for mark in self.marks.values():
                room = 22 + width_of(mark.head, 12)
                x, y = (8.0, y + 18) if x > 8 and x + room > d.width else (x, y)
                d.mark(x + 6, y - 4, mark.shape, mark.colour)
                d.text(x + 17, y, mark.head, size=12)
                x += room
            return y + 14
        most = 0.0
        for k, mark in enumerate(self.marks.values()):
            middle = scale.right + 14 + _COLUMN * (k + 0.5)
            words = wrapped(mark.head, _COLUMN - 6, 12)
            d.mark(middle, 8, mark.shape, mark.colour, 5)
            for i, line in enumerate(words):
                d.text(middle, 27 + 15 * i, line, anchor="middle", size=12, fill="muted")
            most = max(most, 15.0 + 15.0 * len(words))
        return most + (14 if self.at is None or not self.at_label else 20)

    def _row(self, d: Drawing, scale: _Scale, row: Row, y: float) -> float:
        room = d.width - 16.0 if d.narrow else _LABELS - 18.0
        label, under = wrapped(row.label, room, bold=d.narrow), wrapped(row.under, room, 11.5)
        if d.narrow:
            below = d.lines(8, y + 14, label, bold=True)
            below = d.lines(8, below - 2, under, fill="muted", size=11.5) + 2
            self._marks(d, scale, row, below)
            y = below + 22
            for k, (key, mark) in enumerate((k, m) for k, m in self.marks.items() if k in row.values):
                x = 14 + k * (d.width - 16) / max(len(self.marks), 1)
                d.mark(x, y - 4, mark.shape, mark.colour, 5)
                d.text(x + 11, y, hundred(row.values[key]), size=12.5)
            return y + 14
        height = max(17.0 * len(label) + 15.0 * len(under) + 16, 38)
        first = y + (height - 17 * len(label) - 15 * len(under)) / 2 + 13
        d.lines(0, d.lines(0, first, label) - 1, under, fill="muted", size=11.5)
        middle = y + height / 2
        self._marks(d, scale, row, middle)
        for k, key in enumerate(self.marks):
            if key in row.values:
                d.text(scale.right + 14 + _COLUMN * (k + 0.5), middle + 4, hundred(row.values[key]), anchor="middle")
        d.line(0, y + height, d.width, y + height)
        return y + height

    def _marks(self, d: Drawing, scale: _Scale, row: Row, y: float) -> None:
        d.line(scale.left, y, scale.right, y)
        if row.band is not None:
            d.line(scale(row.band.lo), y, scale(row.band.hi), y, stroke=row.colour, width=3)
        elif len(row.values) > 1:
            d.line(scale(min(row.values.values())), y, scale(max(row.values.values())), y, stroke="muted", width=3)
        for key, mark in self.marks.items():
            if key in row.values:
                d.mark(scale(row.values[key]), y, mark.shape, mark.colour)


@dataclass(frozen=True)
class _Scale:
    left: float
    right: float
    end: float

    def __call__(self, share: float) -> float:
        return self.left + (self.right - self.left) * min(max(share, 0.0), self.end) / self.end
