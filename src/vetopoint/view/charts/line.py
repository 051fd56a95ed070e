"""The line of contact: what each form of presence sees of it, by day and by night, as a strip and on a map."""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import pairwise

import numpy as np

from vetopoint.answers import CoverageAnswer, LineMap, TruceSection
from vetopoint.view.charts.spec import SHARE, Along, Axis, ChartSpec, Row, Series, Spot, Stretch, Track, interval
from vetopoint.view.names import Names, spoken
from vetopoint.view.numbers import capital, count, listed, number, percent, percent_band
from vetopoint.view.tables import Column, Figure, Rows, Table

_LEGIBLE = 60  # stretches in view that a strip can show
_STRETCHES = 20
_SCHEMATIC = 0.05
_VIEWS = (
    Series("day", "in view of a post by day", "c2"),
    Series("night", "in view of a post by night", "c1"),
    Series("gap", "not in view", "grey"),
)
Spans = Sequence[tuple[float, float]]


def _form(answer: CoverageAnswer, names: Names) -> str:
    return capital(names.short_form(answer.form))


def coverage_figure(section: TruceSection, names: Names) -> Figure | None:
    """What each form sees, by day and by night."""
    watched = [(c, s) for c in section.coverage for s in c.seen]
    if not watched:
        return None
    rows = [interval(f"{_form(c, names)}: {spoken(s.event)}", s.seen, s.light) for c, s in watched]
    lead = watched[0][0]
    seen = {s.light: s.seen for s in reversed(lead.seen)}
    parts = [f"by {light} {percent_band(seen[light])}" for light in ("day", "night") if light in seen]
    sentence = (
        f"{_form(lead, names)}: {number(lead.active.mean)} of {number(lead.personnel.mean)} people watch at any moment"
        f"; the chance that one event of “{spoken(lead.seen[0].event)}” is seen is {listed(parts)}."
    )
    series = (Series("day", "by day", "c2"), Series("night", "by night", "c1"))
    table = Rows(watched).under(
        Column("Form", lambda r: _form(r[0], names)),
        Column("Event", lambda r: spoken(r[1].event)),
        Column("Light", lambda r: r[1].light),
        Column("Seen", lambda r: r[1].seen, "percent"),
        Column("Seen and side named", lambda r: r[1].attributed, "percent"),
        Column("People watching", lambda r: r[0].active, "number"),
    )
    return Figure("coverage", "What it can see", sentence, table, ChartSpec("dots", rows, x=SHARE, series=series))


def line_figure(section: TruceSection, names: Names) -> Figure | None:
    """Which stretches of the line are in view of a post, by day and by night."""
    drawn = [c for c in section.coverage if c.watched_day or c.watched_night]
    if not drawn or section.line is None:
        return None
    length = section.line.length_km.mean
    densest = max(len(s) for c in drawn for s in (c.watched_day, c.watched_night))
    end = length if densest <= _LEGIBLE else min(length, max(50.0, 50.0 * round(length * 25 / densest / 50)))
    by_day = [(c, "day", c.watched_day, c.km_seen_day, c.gap_day_km) for c in drawn]
    by_night = [(c, "night", c.watched_night, c.km_seen_night, c.gap_night_km) for c in drawn]
    sides = [side for both in zip(by_day, by_night, strict=True) for side in both]
    rows: list[Stretch] = []
    for c, light, stretches, _, _ in sides:
        label = f"{_form(c, names)}, {light}"
        rows.append(Stretch(label, "gap", 0.0, end))
        rows += [Stretch(label, light, a, min(b, end)) for a, b in stretches if a < end]
    lead = drawn[0]
    sentence = (
        f"Along {number(length)} km, “{names.short_form(lead.form)}” would see by all its means, "
        "within an hour and where it is let through, "
        f"{number(lead.km_seen_day.mean)} km by day ({percent(min(1.0, lead.km_seen_day.mean / length))}) "
        f"and {number(lead.km_seen_night.mean)} km by night ({percent(min(1.0, lead.km_seen_night.mean / length))})."
    )
    table = Rows(sides).under(
        Column("Form", lambda r: _form(r[0], names)),
        Column("Light", lambda r: r[1]),
        Column("Posts", lambda r: r[0].posts, "number"),
        Column("Seen within an hour by all means, km", lambda r: r[3], "number"),
        Column("Largest gap between posts, km", lambda r: r[4], "number"),
        Column("Patrol returns after, hours", lambda r: r[0].revisit_hours, "number"),
    )
    axis = Axis(label="km along the line", domain=(0.0, end))
    chart = ChartSpec("strip", rows, x=axis, series=_VIEWS)
    note = (
        "The picture shows what posts alone could see, spaced evenly at their mean number (where they would really stand is not "
        "modelled); the kilometres also count patrols, drones and cameras, and that part of the line is closed."
    )
    if end < length:
        note += f" It shows the first {number(end)} of {number(length)} km; the rest repeats it."
    return Figure("line", "The line of contact: what is in view", sentence, table, chart, note)


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
        label = _form(c, names)
        rows += [
            Along(label, "day", _rounded(c.watched_day)),
            Along(label, "night", _rounded(c.watched_night)),
            Along(label, "post", _rounded((km, km) for km in c.post_km)),
        ]
    rows += [Spot(label or "incident", lon, lat) for lon, lat, label in line.incidents]
    incidents = (Series("incident", "incident", "c5"),) if line.incidents else ()
    series = (*_VIEWS, Series("post", "post", "c6"), *incidents)
    chart = ChartSpec("map", rows, x=Axis(domain=(0.0, length)), series=series)
    return Figure("map", "The line of contact on a map", sentence, _table(line, watching, names), chart, _note(line))


def _said(c: CoverageAnswer, length: float, names: Names) -> str:
    n = len(c.post_km)
    shares = [
        f"{percent(min(1.0, _overlap(spans, 0.0, length) / length))} of the line by {light}"
        for light, spans in (("day", c.watched_day), ("night", c.watched_night))
    ]
    every = f", one every {number(length / n)} km," if n > 1 else ""
    return f"{_form(c, names)}: {count(n, 'post')}{every} would have in view {listed(shares)}"


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


_Place = tuple[str, float, float, tuple[float, float] | None]
"""What a row of the table is called, its latitude and longitude, and the km it spans; an incident spans none."""


def _table(line: LineMap, watching: Sequence[CoverageAnswer], names: Names) -> Table:
    """Cut the line into equal stretches: where each begins, the posts on it, what is in view; then the incidents."""
    length = line.length_km.mean
    points = np.array(line.points)
    along = points[:, 2] * (length / (points[-1, 2] or 1.0))

    def degrees(km: float, axis: int) -> float:
        value = float(np.interp(km, along, points[:, axis]))
        return round(value if abs(value) <= 180 else (value + 180) % 360 - 180, 3)

    marks = np.linspace(0.0, length, _STRETCHES + 1).tolist()
    places: list[_Place] = [(f"{a:,.0f}–{b:,.0f}", degrees(a, 1), degrees(a, 0), (a, b)) for a, b in pairwise(marks)]
    places += [(f"Incident: {said}" if said else "Incident", lat, lon, None) for lon, lat, said in line.incidents]
    columns: list[Column[_Place]] = [
        Column("Stretch, km", lambda place: place[0]),
        Column("Begins at latitude", lambda place: place[1], "number"),
        Column("Longitude", lambda place: place[2], "number"),
    ]
    for c in watching:
        columns += [
            Column(f"{_form(c, names)}: posts", partial(_posts, c), "number"),
            Column(f"{_form(c, names)}: in view by day", partial(_in_view, c.watched_day), "percent"),
            Column(f"{_form(c, names)}: by night", partial(_in_view, c.watched_night), "percent"),
        ]
    return Rows(places).under(*columns)


def _posts(answer: CoverageAnswer, place: _Place) -> int | None:
    span = place[3]
    return sum(span[0] <= km < span[1] for km in answer.post_km) if span else None


def _in_view(spans: Spans, place: _Place) -> float | None:
    span = place[3]
    return _overlap(spans, *span) / (span[1] - span[0]) if span else None
