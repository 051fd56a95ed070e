"""What a chart says, apart from how it is drawn: typed rows, axes and series that the bundle in `assets/charts.js` reads as JSON.

The same specification serves the report, the workbench and, through its table, the terminal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from vetopoint.view.numbers import Banded

Kind = Literal["bars", "dots", "ranges", "lines", "stack", "strip", "heat", "calendar", "tree", "map"]
Format = Literal["percent", "points", "tenths", "number", "permille", "none"]
Colour = Literal["c1", "c2", "c3", "c4", "c5", "c6", "grey", "muted"]
_PALETTE: tuple[Colour, ...] = ("c1", "c2", "c3", "c4", "c5", "c6")


@dataclass(frozen=True)
class Axis:
    """One axis: what it counts, how its numbers are written, from where to where."""

    label: str = ""
    format: Format = "number"
    domain: tuple[float, float] | None = None


SHARE = Axis(format="percent", domain=(0.0, 1.0))


@dataclass(frozen=True)
class Series:
    """Rows that share a colour and an entry of the legend."""

    key: str
    label: str
    colour: Colour


def coloured(**labels: str) -> tuple[Series, ...]:
    """Return a series for each label, in the palette's order of colours."""
    return tuple(Series(key, label, colour) for (key, label), colour in zip(labels.items(), _PALETTE, strict=False))


@dataclass(frozen=True)
class Reference:
    """A marked value: a threshold, today, another model's answer."""

    at: float | str
    label: str = ""


@dataclass(frozen=True)
class Interval:
    """A mean with its band (kinds ``bars`` and ``dots``)."""

    label: str
    mean: float
    lo: float | None = None
    hi: float | None = None
    series: str = ""
    note: str = ""


@dataclass(frozen=True)
class Range:
    """From one value to another (kind ``ranges``)."""

    label: str
    from_: float
    to: float
    series: str = ""
    note: str = ""


@dataclass(frozen=True)
class Point:
    """One month of a curve (kind ``lines``)."""

    x: float | str
    y: float
    lo: float | None = None
    hi: float | None = None
    series: str = ""


@dataclass(frozen=True)
class Share:
    """A part of a whole (kind ``stack``)."""

    label: str
    part: str
    value: float


@dataclass(frozen=True)
class Stretch:
    """A stretch of a line (kind ``strip``)."""

    label: str
    part: str
    from_: float
    to: float


@dataclass(frozen=True)
class Cell:
    """A cell of a table; ``shade`` from 0 to 1 (kind ``heat``)."""

    label: str
    column: str
    value: float
    shade: float
    text: str = ""


@dataclass(frozen=True)
class Dated:
    """Something on the calendar; ``size`` is the chance that it comes to it (kind ``calendar``)."""

    label: str
    date: str
    size: float
    series: str = ""
    text: str = ""
    note: str = ""


@dataclass(frozen=True)
class Branch:
    """A node of the public tree: the option that leads to it, its share there and its chance overall (kind ``tree``)."""

    id: str
    parent: str | None
    label: str
    share: float
    value: float
    move: str = ""
    end: str = ""
    series: str = ""
    note: str = ""


@dataclass(frozen=True)
class Track:
    """A drawn stretch of a line: longitude, latitude and km from the line's start (kind ``map``)."""

    points: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True)
class Along:
    """What stands along the line, from km to km (kind ``map``); a post begins where it ends."""

    label: str
    part: str
    at: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Spot:
    """A place beside the line, in degrees (kind ``map``)."""

    label: str
    lon: float
    lat: float
    part: str = "incident"


Row = Interval | Range | Point | Share | Stretch | Cell | Dated | Branch | Track | Along | Spot


def interval(label: str, band: Banded, series: str = "", note: str = "") -> Interval:
    """Return a band as a row of a chart."""
    return Interval(label, band.mean, band.lo, band.hi, series, note)


def bands(label: str, **by_series: Banded | None) -> list[Interval]:
    """Return the bands of one thing as rows, each in the series by whose name it is given; none is left out."""
    return [interval(label, band, series) for series, band in by_series.items() if band is not None]


@dataclass(frozen=True)
class ChartSpec:
    """One chart: its kind, its rows, and how they are drawn; its figure names it and says what it shows.

    With ``panels`` each curve with a band gets a small picture of its own, and the series named in ``measure`` stand in all
    of them, dashed.
    """

    kind: Kind
    rows: Sequence[Row]
    x: Axis = Axis()
    y: Axis = Axis()
    series: Sequence[Series] = ()
    reference: Sequence[Reference] = ()
    panels: bool = False
    measure: tuple[str, ...] = ()

    @classmethod
    def in_points(cls, kind: Kind, rows: Sequence[Interval], series: tuple[Series, ...]) -> ChartSpec:
        """Make a chart whose axis counts percentage points, with a decimal where all values are small."""
        largest = max((abs(v) for r in rows for v in (r.mean, r.lo, r.hi) if v is not None), default=1.0)
        axis = Axis(label="percentage points", format="tenths" if largest < 0.1 else "points")
        return cls(kind, rows, axis, series=series)

    def as_json(self) -> dict[str, Any]:
        """Return what the bundle reads: plain values, floats cut to six digits, no empty entries, no NaN."""
        return {
            "kind": self.kind,
            "rows": [_plain(row) for row in self.rows],
            "x": _plain(self.x),
            "y": _plain(self.y),
            "series": [asdict(s) for s in self.series],
            "reference": [asdict(r) for r in self.reference],
            **({"panels": True, "measure": list(self.measure)} if self.panels else {}),
        }


def _plain(part: Row | Axis) -> dict[str, Any]:
    out: dict[str, Any] = {}
    hover = {"mean": part.to} if isinstance(part, Range) else {}
    for key, value in {**asdict(part), **hover}.items():
        if isinstance(value, float):
            if math.isfinite(value):
                out[key.rstrip("_")] = float(f"{value:.6g}")
        elif key == "parent" or value not in ("", None):
            out[key] = list(value) if isinstance(value, tuple) else value
    return out
