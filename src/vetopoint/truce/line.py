"""A line of contact drawn on a map, incidents near it, and how far a place lies from it.

Lines are read from GeoJSON (RFC 7946): degrees of longitude and latitude, straight between two positions; a step of more than half the
way round goes over the antimeridian. Distances are great circles on a sphere of 6,371.0088 km (mean Earth radius, IUGG), lengths by the
haversine formula. The distance of a place from a great circle is the arc sine of its product with the circle's pole.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from vetopoint.arrays import Floats
from vetopoint.errors import CaseError, Problem
from vetopoint.truce._files import read_table, read_text

__all__ = ["Incident", "MapLine", "haversine_km", "read_line", "read_points"]

#: Longitude, latitude, label.
Incident = tuple[float, float, str]

_EARTH_KM = 6371.0088
_SHORTEST_KM = 0.001
# A piece of so many degrees leaves its own great circle by some metres at most.
_PIECE_DEGREES = 0.25
_PLACES = 2_000
_DEGREES = "write [longitude, latitude] in degrees"


@dataclass(frozen=True)
class MapLine:
    """A line of one or more stretches, and the incidents drawn near it.

    Parameters
    ----------
    parts : stretches, each (k, 2) longitude and latitude in degrees, k at least 2; longitudes go on beyond ±180 where the line goes
        over the antimeridian.
    incidents : what the same file holds of places.
    """

    parts: tuple[Floats, ...]
    incidents: tuple[Incident, ...] = ()

    @cached_property
    def distances(self) -> tuple[Floats, ...]:
        """Km from the line's start at each point of each stretch; the gaps between stretches count nothing."""
        out: list[Floats] = []
        for part in self.parts:
            along = np.concatenate([[0.0], np.cumsum(haversine_km(part[:-1], part[1:]))])
            out.append(along + (out[-1][-1] if out else 0.0))
        return tuple(out)

    @property
    def length_km(self) -> float:
        """Length of all stretches together."""
        return float(self.distances[-1][-1])

    def at(self, km: float) -> tuple[float, float]:
        """Longitude (-180 to 180) and latitude at a distance from the line's start."""
        for part, along in zip(self.parts, self.distances, strict=True):
            if km <= along[-1] or part is self.parts[-1]:
                return _wrapped(float(np.interp(km, along, part[:, 0]))), float(np.interp(km, along, part[:, 1]))
        raise AssertionError("a line has a part")

    def beside(self, incident: Incident) -> Incident:
        """The incident with its longitude counted as the line's are, within half the way round of the line's middle."""
        longitudes = np.concatenate([part[:, 0] for part in self.parts])
        turns = round((0.5 * float(longitudes.min() + longitudes.max()) - incident[0]) / 360.0)
        return (incident[0] + 360.0 * turns, *incident[1:])

    def distance_km(self, places: Any) -> Floats:
        """Km from each of ``places`` (k, 2), in degrees, to the nearest point of the line, (k,)."""
        ends = [self._pieces(part) for part in self.parts]
        start, end = (np.concatenate(side) for side in zip(*ends, strict=True))
        points = _unit(np.asarray(places, dtype=np.float64).reshape(-1, 2))
        blocks = [_to_arcs(points[k : k + _PLACES], start, end) for k in range(0, len(points), _PLACES)]
        return np.concatenate(blocks) if blocks else np.empty(0)

    @staticmethod
    def _pieces(part: Floats) -> tuple[Floats, Floats]:
        """Unit vectors of the starts and ends of short pieces of a stretch, (s, 3) each."""
        cuts = np.maximum(1, np.ceil(np.abs(np.diff(part, axis=0)).max(axis=1) / _PIECE_DEGREES)).astype(np.int64)
        place = np.concatenate([np.arange(n) / n + i for i, n in enumerate(cuts)] + [[len(cuts)]])
        dense = _unit(np.column_stack([np.interp(place, np.arange(len(part)), column) for column in part.T]))
        return dense[:-1], dense[1:]


def haversine_km(start: Any, end: Any) -> Floats:
    """Great-circle distance in km between points given as (..., 2) longitude and latitude in degrees.

    Examples
    --------
    >>> round(float(haversine_km([0.0, 0.0], [0.0, 1.0])), 1)  # one degree of latitude
    111.2
    """
    a, b = np.radians(np.asarray(start, dtype=np.float64)), np.radians(np.asarray(end, dtype=np.float64))
    half = np.sin((b - a) / 2.0) ** 2
    h = half[..., 1] + np.cos(a[..., 1]) * np.cos(b[..., 1]) * half[..., 0]
    return np.asarray(2.0 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, h))))


def _unit(degrees: Floats) -> Floats:
    """Unit vectors (k, 3) of points (k, 2) in degrees."""
    longitude, latitude = np.radians(degrees).T
    return np.column_stack(
        [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]
    )


def _to_arcs(points: Floats, start: Floats, end: Floats) -> Floats:
    """Km from unit vectors (k, 3) to the nearest of the arcs between ``start`` and ``end`` (s, 3), (k,)."""
    nearest = np.full(len(points), np.inf)
    for a, b in zip(start, end, strict=True):
        chord = np.minimum(np.linalg.norm(points - a, axis=1), np.linalg.norm(points - b, axis=1))
        angle = 2.0 * np.arcsin(np.minimum(1.0, 0.5 * chord))
        pole = np.cross(a, b)
        if (length := float(np.linalg.norm(pole))) > 0.0:
            inside = (points @ np.cross(pole, a) >= 0.0) & (points @ np.cross(b, pole) >= 0.0)
            across = np.arcsin(np.minimum(1.0, np.abs(points @ pole) / length))
            angle = np.where(inside, np.minimum(across, angle), angle)
        nearest = np.minimum(nearest, angle)
    return nearest * _EARTH_KM


def _wrapped(longitude: float) -> float:
    return longitude if abs(longitude) <= 180.0 else (longitude + 180.0) % 360.0 - 180.0


def read_line(path: str | Path) -> MapLine:
    """Read a line (LineString, MultiLineString) and incidents (Point, MultiPoint) from a GeoJSON file.

    What has no coordinates at all counts as not there (RFC 7946, section 3.1).

    Raises
    ------
    CaseError
        if the file is no JSON, holds no line of some length, another geometry, or coordinates that are none.
    """

    def fail(message: str, remedy: str, line: int = 0) -> CaseError:
        return CaseError(Problem(message, remedy, file=str(path), line=line))

    try:
        data = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        message = f"no JSON: {getattr(error, 'msg', error)}"
        raise fail(message, "export the line as GeoJSON", getattr(error, "lineno", 0)) from error
    parts: list[Floats] = []
    incidents: list[Incident] = []
    for number, (geometry, properties) in enumerate(_geometries(data), start=1):
        kind, coordinates = geometry.get("type"), geometry.get("coordinates")
        try:
            drawn, places = _read(kind, coordinates if coordinates is not None else [])
        except (IndexError, KeyError, OverflowError, TypeError) as error:
            raise fail(f"bad coordinates in geometry {number}, a {kind}: not pairs of numbers", _DEGREES) from error
        except ValueError as error:
            message, _, remedy = str(error).partition(" → ")
            raise fail(f"bad coordinates in geometry {number}, a {kind}: {message}", remedy or _DEGREES) from error
        parts += drawn
        label = next((str(properties[k]) for k in ("label", "name", "date") if properties.get(k)), "")
        incidents += [(*place, label) for place in places]
    if not parts:
        raise fail("no line", "draw the line of contact as a LineString")
    line = MapLine(tuple(_continued(parts)), tuple(incidents))
    if line.length_km < _SHORTEST_KM:
        raise fail("the line has no length", "draw it through two places that differ")
    return line


def read_points(path: str | Path) -> tuple[Incident, ...]:
    """Read incidents from a CSV with columns ``longitude``, ``latitude`` and, if known, ``label``.

    Raises
    ------
    CaseError
        for a missing column or coordinates that are none, with the line.
    """
    found: list[Incident] = []
    for number, row in read_table(path, ("longitude", "latitude"))[1]:
        try:
            place = _position([float(row["longitude"]), float(row["latitude"])])
        except ValueError as error:
            message, _, remedy = str(error).partition(" → ")
            problem = Problem(f"bad coordinates: {message}", remedy or "write degrees", "", str(path), number)
            raise CaseError(problem) from error
        found.append((*place, row.get("label", "")))
    return tuple(found)


def _geometries(data: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every simple geometry in a GeoJSON text, with the properties of its feature."""
    if not isinstance(data, dict):
        return
    if data.get("type") == "FeatureCollection":
        for feature in _listed(data.get("features")):
            yield from _geometries(feature)
    elif data.get("type") == "Feature":
        properties = data.get("properties")
        for geometry, _ in _geometries(data.get("geometry")):
            yield geometry, properties if isinstance(properties, dict) else {}
    elif data.get("type") == "GeometryCollection":
        for geometry in _listed(data.get("geometries")):
            yield from _geometries(geometry)
    else:
        yield data, {}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _read(kind: Any, coordinates: Any) -> tuple[list[Floats], list[tuple[float, float]]]:
    """Stretches and places of one geometry; ``ValueError`` with cause → remedy for what is neither."""
    if not isinstance(coordinates, list):
        raise TypeError
    match kind:
        case "LineString":
            return _stretches([coordinates]), []
        case "MultiLineString":
            return _stretches(coordinates), []
        case "Point":
            return [], [_position(coordinates)] if coordinates else []
        case "MultiPoint":
            return [], [_position(c) for c in coordinates]
    raise ValueError("neither line nor point → keep LineString, MultiLineString, Point and MultiPoint in this file")


def _stretches(lines: list[Any]) -> list[Floats]:
    stretches = [np.array([_position(p) for p in line], dtype=np.float64) for line in lines if line != []]
    if any(len(stretch) < 2 for stretch in stretches):
        raise ValueError("a stretch of one position → draw a stretch through two positions or more")
    return stretches


def _position(pair: Any) -> tuple[float, float]:
    if any(isinstance(value, bool) or not isinstance(value, int | float) for value in (pair[0], pair[1])):
        raise TypeError
    longitude, latitude = float(pair[0]), float(pair[1])
    if abs(longitude) <= 180.0 and abs(latitude) <= 90.0:
        return longitude, latitude
    if abs(longitude) <= 90.0 and abs(latitude) <= 180.0:
        message = f"latitude {latitude:g} is beyond ±90"
        raise ValueError(f"{message} → longitude comes first: write [{latitude:g}, {longitude:g}] if that was meant")
    raise ValueError(f"[{longitude:g}, {latitude:g}] is no longitude from -180 to 180 with a latitude from -90 to 90")


def _continued(parts: list[Floats]) -> Iterator[Floats]:
    """The stretches with longitudes that never jump by more than half the way round, from one stretch to the next either."""
    last: float | None = None
    for part in parts:
        longitudes = np.unwrap(part[:, 0] if last is None else np.append(last, part[:, 0]), period=360.0)
        longitudes = longitudes if last is None else longitudes[1:]
        last = float(longitudes[-1])
        yield np.column_stack([longitudes, part[:, 1]])
