"""The line of contact on a map: a small reader of GeoJSON, lengths on the sphere, and points at a distance along the line.

Format: RFC 7946. Distances by the haversine formula on a sphere of 6,371.0088 km (mean Earth radius, IUGG).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vetopoint.arrays import Floats
from vetopoint.errors import CaseError, Problem

__all__ = ["MapLine", "haversine_km", "read_line", "read_points"]

_EARTH_KM = 6371.0088


@dataclass(frozen=True)
class MapLine:
    """A line of one or more stretches, and the incidents drawn near it.

    Parameters
    ----------
    parts : stretches, each (k, 2) longitude and latitude in degrees.
    incidents : (longitude, latitude, label).
    """

    parts: tuple[Floats, ...]
    incidents: tuple[tuple[float, float, str], ...] = ()

    @property
    def distances(self) -> tuple[Floats, ...]:
        """Km from the line's start at each point of each stretch; the gaps between stretches count nothing."""
        out, start = [], 0.0
        for part in self.parts:
            steps = haversine_km(part[:-1], part[1:])
            along = start + np.concatenate([[0.0], np.cumsum(steps)])
            out.append(along)
            start = float(along[-1])
        return tuple(out)

    @property
    def length_km(self) -> float:
        """Length of all stretches together."""
        return float(self.distances[-1][-1])

    def at(self, km: float) -> tuple[float, float]:
        """Longitude and latitude at a distance from the line's start."""
        for part, along in zip(self.parts, self.distances, strict=True):
            if km <= along[-1] or along is self.distances[-1]:
                return float(np.interp(km, along, part[:, 0])), float(np.interp(km, along, part[:, 1]))
        return float(self.parts[-1][-1, 0]), float(self.parts[-1][-1, 1])


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


def read_line(path: str | Path) -> MapLine:
    """Read a line (LineString, MultiLineString) and incidents (Point) from a GeoJSON file.

    Raises
    ------
    CaseError
        if the file is no JSON, holds no line, or holds coordinates that are none.
    """
    file = Path(path)

    def fail(message: str, remedy: str, line: int = 0) -> CaseError:
        return CaseError(Problem(message, remedy, file=str(file), line=line))

    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise fail(f"no JSON: {error.msg}", "export the line as GeoJSON", error.lineno) from error
    parts: list[Floats] = []
    incidents: list[tuple[float, float, str]] = []
    for geometry, properties in _geometries(data):
        kind, coordinates = geometry.get("type"), geometry.get("coordinates")
        try:
            if kind in ("LineString", "MultiLineString"):
                parts += [_points(c) for c in ([coordinates] if kind == "LineString" else coordinates or [])]
            elif kind == "Point":
                longitude, latitude = _points([coordinates])[0]
                label = str(properties.get("label") or properties.get("name") or properties.get("date") or "")
                incidents.append((float(longitude), float(latitude), label))
        except (TypeError, ValueError) as error:
            raise fail(f"bad coordinates in a {kind}: {error}", "write [longitude, latitude] in degrees") from error
    parts = [part for part in parts if len(part) > 1]
    if not parts:
        raise fail("no line", "draw the line of contact as a LineString")
    return MapLine(tuple(parts), tuple(incidents))


def read_points(path: str | Path) -> tuple[tuple[float, float, str], ...]:
    """Read incidents from a CSV with columns ``longitude``, ``latitude`` and, if known, ``label``.

    Raises
    ------
    CaseError
        for a missing column or coordinates that are none, with the line.
    """
    reader = csv.DictReader(io.StringIO(Path(path).read_text(encoding="utf-8-sig"), newline=""))
    if not {"longitude", "latitude"} <= set(reader.fieldnames or ()):
        raise CaseError(Problem("columns `longitude` and `latitude` are needed", "add them", file=str(path), line=1))
    found: list[tuple[float, float, str]] = []
    for row in reader:
        try:
            longitude, latitude = _points([[row["longitude"], row["latitude"]]])[0]
        except (TypeError, ValueError) as error:
            problem = Problem("bad coordinates", "write degrees", "", str(path), reader.line_num)
            raise CaseError(problem) from error
        found.append((float(longitude), float(latitude), row.get("label") or ""))
    return tuple(found)


def _geometries(data: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every simple geometry in a GeoJSON text, with the properties of its feature."""
    if not isinstance(data, dict):
        return
    if data.get("type") == "FeatureCollection":
        for feature in data.get("features") or ():
            yield from _geometries(feature)
    elif data.get("type") == "Feature":
        for geometry, _ in _geometries(data.get("geometry")):
            yield geometry, data.get("properties") or {}
    elif data.get("type") == "GeometryCollection":
        for geometry in data.get("geometries") or ():
            yield from _geometries(geometry)
    else:
        yield data, {}


def _points(coordinates: Any) -> Floats:
    points = np.asarray([[float(p[0]), float(p[1])] for p in coordinates], dtype=np.float64)
    if not np.isfinite(points).all() or np.abs(points[:, 0]).max() > 180 or np.abs(points[:, 1]).max() > 90:
        raise ValueError("longitude lies between -180 and 180, latitude between -90 and 90")
    return points
