"""What a chart says, apart from how it is drawn: typed rows, axes and series that the bundle in `assets/charts.js` reads as JSON.

The same specification serves the report, the workbench and, through its table, the terminal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = [
    "Along",
    "Axis",
    "Branch",
    "Cell",
    "ChartSpec",
    "Dated",
    "Interval",
    "Kind",
    "Point",
    "Range",
    "Reference",
    "Row",
    "Series",
    "Share",
    "Spot",
    "Stretch",
    "Track",
    "points_axis",
]

Kind = Literal["bars", "dots", "ranges", "lines", "stack", "strip", "heat", "calendar", "tree", "map"]
Format = Literal["percent", "points", "tenths", "number", "permille", "none"]
Colour = Literal["c1", "c2", "c3", "c4", "c5", "c6", "grey", "muted", "good", "bad"]


@dataclass(frozen=True)
class Axis:
    """One axis: what it counts, how its numbers are written, from where to where."""

    label: str = ""
    format: Format = "number"
    domain: tuple[float, float] | None = None


@dataclass(frozen=True)
class Series:
    """Rows that share a colour and an entry of the legend."""

    key: str
    label: str
    colour: Colour


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
    start: float
    end: float
    series: str = ""
    note: str = ""

    def as_row(self) -> dict[str, Any]:
        """Return the row as the bundle reads it; ``mean`` is where its hover text stands."""
        return {
            "label": self.label,
            "from": self.start,
            "to": self.end,
            "mean": self.end,
            "series": self.series,
            "note": self.note,
        }


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
    start: float
    end: float

    def as_row(self) -> dict[str, Any]:
        """Return the row as the bundle reads it."""
        return {"label": self.label, "part": self.part, "from": self.start, "to": self.end}


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


def points_axis(rows: Sequence[Interval]) -> Axis:
    """Return an axis in percentage points, with a decimal where all values are small."""
    largest = max((abs(v) for r in rows for v in (r.mean, r.lo, r.hi) if v is not None), default=1.0)
    return Axis(label="percentage points", format="tenths" if largest < 0.1 else "points")


@dataclass(frozen=True)
class ChartSpec:
    """One chart: its kind, what a reader who cannot see it is told, and its rows.

    With ``panels`` each curve with a band gets a small picture of its own, and the series named in ``measure`` stand in all
    of them, dashed.
    """

    id: str
    kind: Kind
    label: str
    rows: tuple[Row, ...]
    x: Axis = Axis()
    y: Axis = Axis()
    series: tuple[Series, ...] = ()
    reference: tuple[Reference, ...] = ()
    panels: bool = False
    measure: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what the bundle reads: plain values, floats cut to six digits, no empty entries, no NaN."""
        return {
            "id": self.id,
            "kind": self.kind,
            "label": self.label,
            "rows": [_plain(row.as_row() if isinstance(row, Range | Stretch) else asdict(row)) for row in self.rows],
            "x": _plain(asdict(self.x)),
            "y": _plain(asdict(self.y)),
            "series": [asdict(s) for s in self.series],
            "reference": [asdict(r) for r in self.reference],
            **({"panels": True, "measure": list(self.measure)} if self.panels else {}),
        }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in row.items():
        if key == "parent":
            out[key] = value
        elif isinstance(value, float):
            if math.isfinite(value):
                out[key] = float(f"{value:.6g}")
        elif value not in ("", None):
            out[key] = list(value) if isinstance(value, tuple) else value
    return out
