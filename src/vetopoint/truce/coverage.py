"""Coverage: what a given number of people, drones and cameras can see of a line, by day and by night.

People become people on watch, teams, posts and patrols. Posts and cameras cover fixed stretches; patrols and drones search at random
(Koopman 1956, *Operations Research* 4:503-531, "The theory of search II": P = 1 − exp(−W·v·t / A), here reduced to a line), and the
sensors miss independently of each other. Everything broadcasts over draws.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np

from vetopoint.arrays import Floats

__all__ = [
    "EVENTS",
    "SHARES",
    "Sight",
    "Strength",
    "Watch",
    "attributed",
    "largest_gap",
    "load_presets",
    "personnel_for",
    "revisit_hours",
    "seen",
    "seen_at_least_once",
    "sight",
    "watched_stretches",
]


#: Classes of events by how long they stay visible, in hours. The reference class is the one that `detection` is measured on.
EVENTS = {"fire": 1 / 6, "reference": 1.0, "moved gun": 4.0, "trench": 48.0}

#: Parameters of `Watch` that are shares, between 0 and 1.
SHARES = frozenset(
    [
        "tail",
        "leave",
        "duty",
        "post_share",
        "patrol_night",
        "drone_availability",
        "camera_availability",
        "attribution",
        "access_refused",
    ]
)


@dataclass(frozen=True)
class Watch:
    """How a mission works: shares, ranges in km, speeds in km/h, hours a day; see the shipped presets for sources."""

    tail: Any = 0.5
    leave: Any = 0.2
    duty: Any = 1 / 3
    team: Any = 4.0
    post_share: Any = 0.5
    radius_day_km: Any = 3.0
    radius_night_km: Any = 0.8
    patrol_kmh: Any = 5.0
    patrol_width_km: Any = 2.0
    patrol_night: Any = 0.0
    drone_hours: Any = 6.0
    drone_availability: Any = 0.5
    drone_kmh: Any = 60.0
    drone_width_km: Any = 2.0
    camera_radius_km: Any = 2.0
    camera_availability: Any = 0.9
    attribution: Any = 0.45
    access_refused: Any = 0.5

    def with_changes(self, **changes: Any) -> Watch:
        """The same with some parameters replaced."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Strength:
    """What is there: people, drones, cameras (each broadcasts with (n,)) and the share of the line to which there is access."""

    personnel: Any
    drones: Any = 0.0
    cameras: Any = 0.0
    access: Any = 0.85


@dataclass(frozen=True)
class Sight:
    """People on watch at any moment, and the posts and patrols that they man."""

    active: Floats
    posts: Floats
    patrols: Floats


@lru_cache(maxsize=1)
def load_presets() -> dict[str, tuple[Watch, str, str]]:
    """Shipped sets of parameters by name, each with its label and source."""
    text = resources.files("vetopoint.truce").joinpath("data/presets.csv").read_text(encoding="utf-8")
    names = [f.name for f in fields(Watch)]
    return {
        row["preset"]: (Watch(**{k: float(row[k]) for k in names}), row["label"], row["source"])
        for row in csv.DictReader(text.splitlines())
    }


def sight(personnel: Any, watch: Watch) -> Sight:
    """Turn people into people on watch, posts and patrols.

    Examples
    --------
    >>> s = sight(860, Watch())
    >>> round(float(s.active)), round(float(s.posts)), round(180 / float(s.posts), 1)
    (115, 14, 12.6)
    """
    active = np.asarray(personnel, dtype=np.float64) * (1 - watch.tail) * (1 - watch.leave) * watch.duty
    teams = active / watch.team
    return Sight(np.asarray(active), np.asarray(teams * watch.post_share), np.asarray(teams * (1 - watch.post_share)))


def seen(strength: Strength, length_km: Any, watch: Watch, hours: Any, night: bool) -> Floats:
    """P(an event that stays visible for so many hours is seen), by day or by night.

    Parameters
    ----------
    strength, length_km, watch : numbers or (n,) arrays.
    hours : how long the event stays visible.
    night : night radius for posts, and only the share of patrols that goes out at night.

    Returns
    -------
    (n,) or a scalar array, in [0, access].

    Examples
    --------
    >>> round(float(seen(Strength(860), 180, Watch(), 1.0, night=False)), 2)
    0.63
    """
    length = np.asarray(length_km, dtype=np.float64)
    there = sight(strength.personnel, watch)
    radius = watch.radius_night_km if night else watch.radius_day_km
    fixed = np.minimum(1.0, 2.0 * radius * there.posts / length)
    patrols = there.patrols * (watch.patrol_night if night else 1.0)
    swept = patrols * (watch.patrol_kmh * hours + 2.0 * watch.patrol_width_km)
    flying = np.asarray(strength.drones) * watch.drone_availability * watch.drone_hours / 24.0
    swept = swept + flying * (watch.drone_kmh * hours + 2.0 * watch.drone_width_km)
    cameras = np.minimum(1.0, 2.0 * watch.camera_radius_km * np.asarray(strength.cameras) / length)
    missed = (1.0 - fixed) * np.exp(-swept / length) * (1.0 - cameras * watch.camera_availability)
    return np.asarray(strength.access * (1.0 - missed), dtype=np.float64)


def attributed(strength: Strength, length_km: Any, watch: Watch, hours: Any = 1.0) -> Floats:
    """Detection d: P(an event is seen and its side named), the mean of day and night."""
    both = seen(strength, length_km, watch, hours, False) + seen(strength, length_km, watch, hours, True)
    return np.asarray(0.5 * both * watch.attribution)


def seen_at_least_once(p: Any, k: int) -> Floats:
    """P(at least one of k like events is seen), events being missed independently: 1 − (1 − p)^k."""
    return np.asarray(-np.expm1(k * np.log1p(-np.minimum(np.asarray(p, dtype=np.float64), 1 - 1e-15))))


def largest_gap(posts: Any, length_km: Any, radius_km: Any) -> Floats:
    """Largest stretch, in km, between the fields of view of neighbouring posts that are evenly spaced: L / posts − 2r."""
    length = np.asarray(length_km, dtype=np.float64)
    spacing = np.divide(
        length, posts, out=np.full(np.broadcast(length, posts).shape, np.inf), where=np.asarray(posts) > 0
    )
    return np.asarray(np.clip(spacing - 2.0 * np.asarray(radius_km), 0.0, length))


def revisit_hours(patrols: Any, length_km: Any, watch: Watch) -> Floats:
    """Hours between two passages of a patrol at one place: L / (patrols · speed); infinite without patrols."""
    pace = np.asarray(patrols, dtype=np.float64) * watch.patrol_kmh
    length = np.broadcast_to(np.asarray(length_km, dtype=np.float64), np.broadcast(pace, length_km).shape)
    return np.asarray(np.divide(length, pace, out=np.full(length.shape, np.inf), where=pace > 0))


def personnel_for(
    target: float, strength: Strength, length_km: Any, watch: Watch, hours: float, night: bool, most: float = 1e6
) -> float | None:
    """People at which the mean chance of seeing an event reaches a target; ``None`` where no number up to ``most`` does."""

    def mean(people: float) -> float:
        return float(np.mean(seen(replace(strength, personnel=people), length_km, watch, hours, night)))

    if mean(0.0) >= target:
        return 0.0
    if mean(most) < target:
        return None
    low, high = 0.0, most
    while high - low > 0.5:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if mean(middle) >= target else (middle, high)
    return float(np.ceil(high))


def watched_stretches(
    posts: float, length_km: float, radius_km: float
) -> tuple[list[tuple[float, float]], list[float]]:
    """Stretches of the line in view of evenly spaced posts, and where the posts stand, in km from its start.

    Examples
    --------
    >>> watched_stretches(2, 20.0, 3.0)
    ([(2.0, 8.0), (12.0, 18.0)], [5.0, 15.0])
    """
    count = round(posts)
    places = [(i + 0.5) * length_km / count for i in range(count)]
    merged: list[tuple[float, float]] = []
    for place in places:
        start, end = max(0.0, place - radius_km), min(length_km, place + radius_km)
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged, places
