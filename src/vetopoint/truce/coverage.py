"""A line of contact, and what a given number of people, drones and cameras can see of it, by day and by night.

People become people on watch, teams, posts and patrols. Posts and cameras cover fixed stretches; patrols and drones search at random
(Koopman 1956, *Operations Research* 4:503-531, "The theory of search II": P = 1 − exp(−W·v·t / A), here reduced to a line), and the
sensors miss independently of each other. Everything broadcasts over draws.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from importlib import resources
from typing import TypeAlias

import numpy as np

from vetopoint.arrays import Floats, ratio

__all__ = [
    "EVENTS", "SHARES", "Number", "Sight", "Strength", "Watch", "attributed", "largest_gap", "least", "load_presets",
    "personnel_for", "revisit_hours", "seen", "seen_at_least_once", "sight", "watched_stretches",
]  # fmt: skip

#: One number for all draws, or one a draw, (n,).
Number: TypeAlias = float | Floats

#: Classes of events by how long they stay visible, in hours. The reference class is the one that `detection` is measured on.
EVENTS = {"fire": 1 / 6, "reference": 1.0, "moved gun": 4.0, "trench": 48.0}

#: Parameters of `Watch` that are shares, between 0 and 1.
SHARES = frozenset({
    "tail", "leave", "duty", "post_share", "patrol_night", "drone_availability", "camera_availability", "attribution", "access_refused",
})  # fmt: skip

_MOST_PEOPLE = 1e6


@dataclass(frozen=True)
class Watch:
    """How a mission works: shares, ranges in km, speeds in km/h, hours a day; see the shipped presets for sources."""

    tail: Number = 0.5
    leave: Number = 0.2
    duty: Number = 1 / 3
    team: Number = 4.0
    post_share: Number = 0.5
    radius_day_km: Number = 3.0
    radius_night_km: Number = 0.8
    patrol_kmh: Number = 5.0
    patrol_width_km: Number = 2.0
    patrol_night: Number = 0.0
    drone_hours: Number = 6.0
    drone_availability: Number = 0.5
    drone_kmh: Number = 60.0
    drone_width_km: Number = 2.0
    camera_radius_km: Number = 2.0
    camera_availability: Number = 0.9
    attribution: Number = 0.45
    access_refused: Number = 0.5


@dataclass(frozen=True)
class Strength:
    """What is there: people, drones, cameras and the share of the line to which there is access."""

    personnel: Number
    drones: Number = 0.0
    cameras: Number = 0.0
    access: Number = 0.85


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
    return {
        row["preset"]: (Watch(**{f.name: float(row[f.name]) for f in fields(Watch)}), row["label"], row["source"])
        for row in csv.DictReader(text.splitlines())
    }


def sight(personnel: Number, watch: Watch) -> Sight:
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


def seen(strength: Strength, length_km: Number, watch: Watch, hours: float, night: bool) -> Floats:
    """P(an event that stays visible for so many hours is seen), (n,) or a scalar array, from 0 to the access.

    Strength, length and watch are numbers or (n,). By night posts see as far as the night radius, and only a share of
    patrols is out.

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


def attributed(strength: Strength, length_km: Number, watch: Watch) -> Floats:
    """Detection d: P(an event of the reference class is seen and its side named), the mean of day and night."""
    both = sum(seen(strength, length_km, watch, EVENTS["reference"], night) for night in (False, True))
    return np.asarray(0.5 * both * watch.attribution)


def seen_at_least_once(p: Number, k: int) -> Floats:
    """P(at least one of k like events is seen), events being missed independently: 1 − (1 − p)^k."""
    return np.asarray(-np.expm1(k * np.log1p(-np.minimum(np.asarray(p, dtype=np.float64), 1 - 1e-15))))


def largest_gap(posts: Number, length_km: Number, radius_km: Number) -> Floats:
    """Largest stretch, in km, between the fields of view of neighbouring posts that are evenly spaced: L / posts − 2r."""
    spacing = ratio(length_km, posts, np.inf)
    return np.asarray(np.clip(spacing - 2.0 * np.asarray(radius_km), 0.0, length_km))


def revisit_hours(patrols: Number, length_km: Number, watch: Watch) -> Floats:
    """Hours between two passages of a patrol at one place: L / (patrols · speed); infinite without patrols."""
    return ratio(length_km, np.asarray(patrols) * watch.patrol_kmh, np.inf)


def personnel_for(
    target: float, strength: Strength, length_km: Number, watch: Watch, hours: float, night: bool
) -> float | None:
    """People at which the mean chance of seeing an event reaches a target; ``None`` where no number up to a million does."""

    def mean(people: float) -> float:
        return float(np.mean(seen(replace(strength, personnel=people), length_km, watch, hours, night)))

    people = least(mean, target, 0.0, _MOST_PEOPLE, 0.5)
    return None if people is None else float(np.ceil(people))


def least(rises: Callable[[float], float], target: float, low: float, high: float, step: float) -> float | None:
    """Least argument, to within ``step``, at which a rising function reaches the target, by halving; ``None`` where it does not."""
    if rises(low) >= target:
        return low
    if rises(high) < target:
        return None
    while high - low > step:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if rises(middle) >= target else (middle, high)
    return high


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
            start, _ = merged.pop()
        merged.append((start, end))
    return merged, places
