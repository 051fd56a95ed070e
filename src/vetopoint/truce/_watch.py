"""What each form sees of the line: the coverage part of the answers, and the line's map."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from vetopoint.answers import CoverageAnswer, LineMap, SeenBy
from vetopoint.arrays import Floats
from vetopoint.budget import Budget
from vetopoint.quantity import Band, band
from vetopoint.truce.coverage import (
    EVENTS,
    Strength,
    Watch,
    largest_gap,
    personnel_for,
    revisit_hours,
    seen,
    seen_at_least_once,
    sight,
    watched_stretches,
)
from vetopoint.truce.line import MapLine, read_line, read_points
from vetopoint.truce.model import TruceModel

__all__ = ["coverage_answers", "line_map", "map_line"]

_TARGETS = (0.25, 0.5, 0.75)
_REPEATS = (5, 20)


def map_line(model: TruceModel) -> MapLine | None:
    """The case's drawn line, if it has one."""
    line = model.case.file.line
    return None if line is None or line.geojson is None else read_line(model.case.folder / line.geojson)


def line_map(model: TruceModel, drawn: MapLine | None) -> LineMap | None:
    """The line of contact for the report."""
    if model.length_km is None:
        return None
    line = model.case.file.line
    listed = read_points(model.case.folder / line.incidents) if line is not None and line.incidents else ()
    if drawn is None:
        return LineMap(length_km=band(model.length_km), measured_km=None, points=(), parts=(), incidents=listed)
    points: list[tuple[float, float, float]] = []
    starts: list[int] = []
    for part, along in zip(drawn.parts, drawn.distances, strict=True):
        starts.append(len(points))
        points += [(float(x), float(y), float(km)) for (x, y), km in zip(part, along, strict=True)]
    return LineMap(
        length_km=band(model.length_km),
        measured_km=drawn.length_km,
        points=tuple(points),
        parts=tuple(starts),
        incidents=(*drawn.incidents, *listed),
    )


def coverage_answers(
    model: TruceModel, drawn: MapLine | None, search: int = Budget.watch
) -> tuple[CoverageAnswer, ...]:
    """Coverage by form, the people for a target by the first `search` draws; nothing without a line."""
    if model.length_km is None:
        return ()
    return tuple(_coverage(model, name, model.length_km, drawn, search) for name in model.coverage)


def _full(model: TruceModel, values: object) -> Band:
    return band(np.broadcast_to(np.asarray(values, dtype=np.float64), (model.draws.n,)))


def _coverage(model: TruceModel, name: str, length: Floats, drawn: MapLine | None, search: int) -> CoverageAnswer:
    form = model.coverage[name]
    strength, watch = form.strength, form.watch
    there = sight(strength.personnel, watch)
    gaps = {light: largest_gap(there.posts, length, _radius(watch, light)) for light in ("day", "night")}
    revisit = revisit_hours(there.patrols, length, watch)
    both = {light: seen(strength, length, watch, 1.0, light == "night") for light in ("day", "night")}
    km = float(np.mean(length))
    posts = float(np.mean(there.posts))
    day, places = watched_stretches(posts, km, float(np.mean(watch.radius_day_km)))
    night, _ = watched_stretches(posts, km, float(np.mean(watch.radius_night_km)))
    scale = drawn.length_km / km if drawn else 1.0
    return CoverageAnswer(
        form=name,
        label=model.case.file.forms[name].label or name,
        preset=form.preset,
        personnel=_full(model, strength.personnel),
        active=_full(model, there.active),
        posts=_full(model, there.posts),
        patrols=_full(model, there.patrols),
        km_seen_day=_full(model, both["day"] * length),
        km_seen_night=_full(model, both["night"] * length),
        gap_day_km=_full(model, gaps["day"]),
        gap_night_km=_full(model, gaps["night"]),
        revisit_hours=_full(model, revisit) if np.isfinite(revisit).all() else None,
        seen=tuple(_seen_by(model, name, length, event, light) for event in EVENTS for light in ("day", "night")),
        personnel_for_target=_for_targets(strength, length, watch, search),
        watched_day=tuple(day),
        watched_night=tuple(night),
        post_km=tuple(places),
        post_points=tuple(drawn.at(place * scale) for place in places) if drawn else (),
    )


def _radius(watch: Watch, light: str) -> object:
    return watch.radius_night_km if light == "night" else watch.radius_day_km


def _seen_by(model: TruceModel, name: str, length: Floats, event: str, light: str) -> SeenBy:
    form = model.coverage[name]
    p = seen(form.strength, length, form.watch, EVENTS[event], light == "night")
    side: Literal["day", "night"] = "night" if light == "night" else "day"
    return SeenBy(
        event=event,
        light=side,
        visible_hours=EVENTS[event],
        seen=_full(model, p),
        attributed=_full(model, p * form.watch.attribution),
        seen_in={str(k): _full(model, seen_at_least_once(p, k)) for k in _REPEATS},
    )


def _for_targets(strength: Strength, length: Floats, watch: Watch, draws: int) -> dict[str, float | None]:
    """People for each target, on the first draws: a search needs no more."""

    def first(value: object) -> object:
        return value[:draws] if isinstance(value, np.ndarray) and value.ndim else value

    few = Strength(first(strength.personnel), first(strength.drones), first(strength.cameras), first(strength.access))
    short = replace(watch, **{key: first(value) for key, value in vars(watch).items()})
    return {
        f"{light} {target}": personnel_for(target, few, first(length), short, 1.0, light == "night")
        for light in ("day", "night")
        for target in _TARGETS
    }
