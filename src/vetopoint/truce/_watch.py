"""What each form sees of the line: the coverage part of the answers, and the line's map."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from vetopoint.answers import CoverageAnswer, LineMap, SeenBy
from vetopoint.arrays import Floats
from vetopoint.budget import Budget
from vetopoint.quantity import Band, band
from vetopoint.truce import coverage
from vetopoint.truce.coverage import EVENTS, Number, Strength, Watch
from vetopoint.truce.line import MapLine, read_line, read_points
from vetopoint.truce.model import FormCoverage, TruceModel

__all__ = ["coverage_answers", "line_map", "map_line"]

Light = Literal["day", "night"]

_LIGHTS: tuple[Light, Light] = ("day", "night")
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
    points: list[tuple[float, float, float]] = []
    starts: list[int] = []
    for part, along in zip(drawn.parts, drawn.distances, strict=True) if drawn else ():
        starts.append(len(points))
        points += [(x, y, km) for (x, y), km in zip(part.tolist(), along.tolist(), strict=True)]
    return LineMap(
        length_km=band(model.length_km),
        measured_km=drawn.length_km if drawn else None,
        points=tuple(points),
        parts=tuple(starts),
        incidents=tuple(map(drawn.beside, (*drawn.incidents, *listed))) if drawn else listed,
    )


def coverage_answers(
    model: TruceModel, drawn: MapLine | None, search: int = Budget.watch
) -> tuple[CoverageAnswer, ...]:
    """Coverage by form, the people for a target by the first `search` draws; nothing without a line."""
    if model.length_km is None:
        return ()
    return tuple(_coverage(model, name, model.length_km, drawn, search) for name in model.coverage)


def _coverage(model: TruceModel, name: str, length: Floats, drawn: MapLine | None, search: int) -> CoverageAnswer:
    form = model.coverage[name]
    strength, watch = form.strength, form.watch
    there = coverage.sight(strength.personnel, watch)
    radius = {"day": watch.radius_day_km, "night": watch.radius_night_km}

    def full(values: Number) -> Band:
        return band(np.broadcast_to(values, length.shape))

    def km_seen(light: Light) -> Band:
        return full(coverage.seen(strength, length, watch, EVENTS["reference"], light == "night") * length)

    revisit = coverage.revisit_hours(there.patrols, length, watch)
    km, posts = float(np.mean(length)), float(np.mean(there.posts))
    watched = {light: coverage.watched_stretches(posts, km, float(np.mean(radius[light]))) for light in _LIGHTS}
    places = watched["day"][1]
    scale = drawn.length_km / km if drawn else 1.0
    return CoverageAnswer(
        form=name,
        label=model.label(name),
        preset=form.preset,
        personnel=full(strength.personnel),
        active=full(there.active),
        posts=full(there.posts),
        patrols=full(there.patrols),
        km_seen_day=km_seen("day"),
        km_seen_night=km_seen("night"),
        gap_day_km=full(coverage.largest_gap(there.posts, length, radius["day"])),
        gap_night_km=full(coverage.largest_gap(there.posts, length, radius["night"])),
        revisit_hours=full(revisit) if np.isfinite(revisit).all() else None,
        seen=tuple(_seen_by(form, length, event, light) for event in EVENTS for light in _LIGHTS),
        personnel_for_target=_for_targets(strength, length, watch, search),
        watched_day=tuple(watched["day"][0]),
        watched_night=tuple(watched["night"][0]),
        post_km=tuple(places),
        post_points=tuple(drawn.at(place * scale) for place in places) if drawn else (),
    )


def _seen_by(form: FormCoverage, length: Floats, event: str, light: Light) -> SeenBy:
    p = coverage.seen(form.strength, length, form.watch, EVENTS[event], light == "night")
    return SeenBy(
        event=event,
        light=light,
        visible_hours=EVENTS[event],
        seen=band(p),
        attributed=band(p * form.watch.attribution),
        seen_in={str(k): band(coverage.seen_at_least_once(p, k)) for k in _REPEATS},
    )


def _for_targets(strength: Strength, length: Floats, watch: Watch, draws: int) -> dict[str, float | None]:
    """People for each target, on the first draws: a search needs no more."""

    def first(value: Number) -> Number:
        return value[:draws] if isinstance(value, np.ndarray) and value.ndim else value

    few = replace(strength, **{key: first(value) for key, value in vars(strength).items()})
    short = replace(watch, **{key: first(value) for key, value in vars(watch).items()})

    def people(target: float, light: Light) -> float | None:
        return coverage.personnel_for(target, few, length[:draws], short, EVENTS["reference"], light == "night")

    return {f"{light} {target}": people(target, light) for light in _LIGHTS for target in _TARGETS}
