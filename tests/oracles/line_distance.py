"""Distance of a place from a line drawn straight in degrees, by trying many places on it: slow, and with nothing of the engine in it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

EARTH_KM = 6371.0088


def central_km(a: Sequence[float], b: Sequence[float]) -> float:
    """Great circle between two places in degrees, by the spherical law of cosines in the form of Vincenty (1975)."""
    (x, y), (u, v) = (tuple(map(math.radians, place)) for place in (a, b))
    turn = u - x
    across = math.hypot(
        math.cos(v) * math.sin(turn), math.cos(y) * math.sin(v) - math.sin(y) * math.cos(v) * math.cos(turn)
    )
    return EARTH_KM * math.atan2(across, math.sin(y) * math.sin(v) + math.cos(y) * math.cos(v) * math.cos(turn))


def nearest_km(points: Sequence[Sequence[float]], place: Sequence[float], tries: int = 400) -> float:
    """The least distance over evenly spaced places of each stretch, then once more around the nearest of them."""
    best = math.inf
    for start, end in itertools.pairwise(points):

        def at(share: float, start: Sequence[float] = start, end: Sequence[float] = end) -> float:
            return central_km([a + share * (b - a) for a, b in zip(start, end, strict=True)], place)

        middle = min((k / tries for k in range(tries + 1)), key=at)
        around = (min(1.0, max(0.0, middle + (k / tries - 1) / tries)) for k in range(2 * tries + 1))
        best = min(best, *(at(share) for share in around))
    return best
