"""The line of contact on a map: what each form of presence has in view of it, by day and by night."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import numpy as np

from vetopoint.answers import CoverageAnswer, LineMap, TruceSection
from vetopoint.view.charts.spec import Along, Axis, ChartSpec, Row, Series, Spot, Track
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count, listed, number, percent
from vetopoint.view.tables import Column, Figure, Rows, Table, Value

__all__ = ["map_figure"]

_STRETCHES = 20
_SCHEMATIC = 0.05
Spans = Sequence[tuple[float, float]]


def map_figure(section: TruceSection, names: Names) -> Figure | None:
    """Draw the line with the posts of each form; nothing without a drawn line, or where no form watches it."""
    line = section.line
    watching = [c for c in section.coverage if c.post_km]
    if line is None or len(line.points) < 2 or not watching:
        return None
    length = line.length_km.mean
    sentence = f"{'; '.join(_said(c, length, names) for c in watching)}."
    rows: list[Row] = [*_tracks(line, length)]
    for c in watching:
        label = capital(names.short_form(c.form))
        rows += [
            Along(label, "day", _rounded(c.watched_day)),
            Along(label, "night", _rounded(c.watched_night)),
            Along(label, "post", _rounded((km, km) for km in c.post_km)),
        ]
    rows += [Spot(label or "incident", lon, lat) for lon, lat, label in line.incidents]
    series = (
        Series("day", "in view of a post by day", "c2"),
        Series("night", "in view of a post by night", "c1"),
        Series("gap", "not in view", "grey"),
        Series("post", "post", "c6"),
        *((Series("incident", "incident", "bad"),) if line.incidents else ()),
    )
    chart = ChartSpec("map", "map", sentence, tuple(rows), x=Axis(domain=(0.0, length)), series=series)
    return Figure("map", "The line of contact on a map", sentence, _table(line, watching, names), chart, _note(line))


def _said(c: CoverageAnswer, length: float, names: Names) -> str:
    n = len(c.post_km)
    shares = [
        f"{percent(min(1.0, _overlap(spans, 0.0, length) / length))} of the line by {light}"
        for light, spans in (("day", c.watched_day), ("night", c.watched_night))
    ]
    every = f", one every {number(length / n)} km," if n > 1 else ""
    return f"{capital(names.short_form(c.form))}: {count(n, 'post')}{every} would have in view {listed(shares)}"


def _note(line: LineMap) -> str:
    words = (
        "Day and night stand on either side of the line. Posts only, without patrols, drones and cameras: spaced evenly at their "
        "mean number, as if all of the line were open to them; where they would really stand is not modelled."
    )
    length, drawn = line.length_km.mean, line.measured_km
    if drawn is not None and abs(drawn / length - 1) > _SCHEMATIC:
        words += (
            f" The drawing is schematic: it measures {number(drawn, 3)} km where the case counts {number(length, 3)} km, "
            "and kilometres are stretched to fit."
        )
    return words if line.incidents else f"{words} The case lists no places of incidents."


def _tracks(line: LineMap, length: float) -> list[Track]:
    """Return each drawn stretch, its kilometres stretched to the case's length."""
    ends = [*line.parts[1:], len(line.points)]
    scale = length / (line.points[-1][2] or 1.0)
    return [
        Track(tuple((round(x, 4), round(y, 4), round(km * scale, 2)) for x, y, km in line.points[start:end]))
        for start, end in zip(line.parts or (0,), ends, strict=True)
        if end - start > 1
    ]


def _rounded(spans: Iterable[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    return tuple((round(a, 2), round(b, 2)) for a, b in spans)


def _overlap(spans: Spans, start: float, end: float) -> float:
    """Km of the spans, none of which overlap, between two marks."""
    return sum(max(0.0, min(b, end) - max(a, start)) for a, b in spans)


def _table(line: LineMap, watching: Sequence[CoverageAnswer], names: Names) -> Table:
    """Cut the line into equal stretches: where each begins, the posts on it, what is in view; then the incidents."""
    length = line.length_km.mean
    marks = np.linspace(0.0, length, _STRETCHES + 1)
    points = np.array(line.points)
    along = points[:, 2] * (length / (points[-1, 2] or 1.0))
    rows: list[_Stretch | _Incident] = [*zip(marks[:-1].tolist(), marks[1:].tolist(), strict=True), *line.incidents]

    def degrees(axis: int) -> Callable[[_Stretch | _Incident], Value]:
        def at(row: _Stretch | _Incident) -> Value:
            return row[axis] if len(row) == 3 else round(float(np.interp(row[0], along, points[:, axis])), 3)

        return at

    def on_stretch(count: Callable[[float, float], Value]) -> Callable[[_Stretch | _Incident], Value]:
        return lambda row: None if len(row) == 3 else count(*row)

    columns: list[Column[_Stretch | _Incident]] = [
        Column("Stretch, km", _told),
        Column("Begins at latitude", degrees(1), "number"),
        Column("Longitude", degrees(0), "number"),
    ]
    for c in watching:
        label = capital(names.short_form(c.form))
        columns += [
            Column(f"{label}: posts", on_stretch(partial(_posts, c)), "number"),
            Column(f"{label}: in view by day", on_stretch(partial(_in_view, c.watched_day)), "percent"),
            Column(f"{label}: by night", on_stretch(partial(_in_view, c.watched_night)), "percent"),
        ]
    return Rows(rows).under(*columns)


_Stretch = tuple[float, float]
_Incident = tuple[float, float, str]


def _told(row: _Stretch | _Incident) -> str:
    if len(row) == 2:
        return f"{row[0]:,.0f}–{row[1]:,.0f}"
    return f"Incident: {row[2]}" if row[2] else "Incident"


def _posts(answer: CoverageAnswer, start: float, end: float) -> int:
    return sum(start <= km < end for km in answer.post_km)


def _in_view(spans: Spans, start: float, end: float) -> float:
    return _overlap(spans, start, end) / (end - start)
