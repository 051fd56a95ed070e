"""Scenario discovery: boxes of a few inputs in which the plan fails, or does well where it nearly always fails, found in the draws.

What is looked for is the rarer side of one half, draw by draw, given what the case presupposes; where that is rarer than one draw in twenty,
the tenth of draws in which the goal's chance is farthest on that side. Boxes are found on every other draw and measured on the rest, so
that a box that fits noise is seen to. Of the trajectory of `vetopoint.chain.prim` the box is taken that tells most about which draws
are cases (the largest correlation); its three inputs that matter most are then peeled anew by themselves; limits are rounded to the
digits that are printed before the box is measured. A limit that adds next to nothing is left out. Up to three boxes, each on what the earlier leave (Friedman & Fisher 1999, 9).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from vetopoint.answers import BoxLimit, ScenarioBox, ScenarioDiscovery
from vetopoint.arrays import Bools, Floats
from vetopoint.chain.flips import LEVEL, conditional
from vetopoint.chain.prim import Box, association, inside, peeled, pruned
from vetopoint.chain.world import World
from vetopoint.quantity import share_given, weighted_quantiles

if TYPE_CHECKING:
    from vetopoint.chain.numbers import Numbers

__all__ = ["scenario_boxes"]

RARE, TENTH = 0.05, 0.1
BOXES, INPUTS = 3, 3
DIGITS = 3
TELLS = 0.1  # correlation below which a box says next to nothing
NEXT_TO_NOTHING = 0.01  # of it, that a limit must add
RICHER = 1.5  # times the share of cases among all draws, that a box must hold; half way to all, if that is less
LEAST_CASES = 20
TOO_FEW = 200


@dataclass(frozen=True, eq=False)
class _Event:
    """What is looked for, draw by draw: whether it is the case (n,), and in words."""

    cases: Bools
    words: str
    why: str
    threshold: float
    fails: float


def _event(chance: Floats, whole: Floats, label: str) -> _Event:
    """The rarer side of one half, or the tenth that is farthest on it."""
    failing = chance < LEVEL
    fails = share_given(failing, whole)
    if RARE <= fails <= 1 - LEVEL:
        return _Event(failing, f"the plan fails (the chance of “{label}” is under {LEVEL:.0%})", "", LEVEL, fails)
    if LEVEL < fails <= 1 - RARE:
        why = "the plan fails in most draws, so that those are looked for in which it does not"
        return _Event(~failing, f"the chance of “{label}” is at least {LEVEL:.0%}", why, LEVEL, fails)
    well = fails > LEVEL
    level = float(weighted_quantiles(chance[:, None], whole, [1 - TENTH if well else TENTH])[0, 0])
    side, usual, past = ("better", "fails", "above") if well else ("worse", "succeeds", "below")
    why = f"the plan {usual} in nearly all draws, so that those are looked for in which it does {side} than in nine of ten"
    cases = chance > level if well else chance < level
    return _Event(cases, f"the chance of “{label}” is {past} {100 * level:.2g}%", why, level, fails)


def scenario_boxes(world: World, numbers: Numbers, goal: str, names: Sequence[str]) -> ScenarioDiscovery | None:
    """Boxes of at most three inputs; nothing where too few draws or cases are there to find any.

    Parameters
    ----------
    goal : the leading goal.
    names : the inputs that are looked at.
    """
    chance, whole = conditional(world, goal)
    rows = min(world.draws.n, 2 * world.frame.budget.discovery)
    chance, whole = chance[:rows], whole[:rows]
    names = sorted(names)
    if rows < TOO_FEW or not names or whole.sum() <= 0:
        return None
    event = _event(chance, whole, world.frame.case.file.goal_labels.get(goal, goal))
    values = np.stack([world.draws[name][:rows] for name in names], axis=1)
    search = _Search(values, event.cases, whole)
    return ScenarioDiscovery(
        event=event.words,
        why=event.why,
        threshold=event.threshold,
        fails=event.fails,
        share=share_given(event.cases, whole),
        boxes=tuple(_answer(found, names, numbers, world) for found in search.boxes()),
        draws=len(search.learn),
        inputs=len(names),
    )


@dataclass(frozen=True, eq=False)
class _Found:
    """A box, its inputs in the order of what they matter, and its figures on draws that had no part in finding it."""

    box: Box
    order: list[int]
    density: float
    coverage: float
    draws: int


@dataclass(frozen=True, eq=False)
class _Search:
    """Draws (n, k) with what is a case (n,) and by how much each counts (n,): every other one to find boxes, the rest to measure them."""

    values: Floats
    cases: Bools
    weights: Floats

    @property
    def learn(self) -> Floats:
        """The values of the draws on which boxes are found."""
        return self.values[::2]

    def boxes(self) -> list[_Found]:
        """Boxes, one after another on what is left, as long as they tell something where it was not looked for."""
        left, found = np.ones(len(self.values), dtype=bool), list[_Found]()
        while len(found) < BOXES:
            half = left.copy()
            half[1::2] = False
            if min(self.cases[half].sum(), (~self.cases[half]).sum()) < LEAST_CASES:
                break
            box = self._box(half)
            rows = left & inside(box, self.values)
            measured = self._measured(box, rows, left)
            if measured is None:
                break
            found.append(measured)
            left &= ~rows
        return found

    def _box(self, rows: Bools) -> Box:
        """The box that tells most, on some rows: of all inputs first, then of the three that matter most."""
        values, cases, weights = self.values[rows], self.cases[rows], self.weights[rows]
        first = self._chosen(values, cases, weights)
        kept = self._matter(first, values, cases, weights)[:INPUTS]
        if not kept:
            return first
        again = pruned(self._chosen(values[:, kept], cases, weights), values[:, kept], cases, weights, NEXT_TO_NOTHING)
        low, high = np.full(values.shape[1], -np.inf), np.full(values.shape[1], np.inf)
        low[kept], high[kept] = (_rounded(ends) for ends in (again.low, again.high))
        return Box(low, high)

    @staticmethod
    def _chosen(values: Floats, cases: Bools, weights: Floats) -> Box:
        return max(peeled(values, cases, weights), key=lambda box: association(inside(box, values), cases, weights))

    @staticmethod
    def _matter(box: Box, values: Floats, cases: Bools, weights: Floats) -> list[int]:
        """The inputs that a box bounds, that without which the share of cases falls furthest first."""
        free = {int(c): share_given(cases, weights * inside(box.without(int(c)), values)) for c in box.bounded}
        return sorted(free, key=lambda column: (free[column], column))

    def _measured(self, box: Box, rows: Bools, left: Bools) -> _Found | None:
        """A box with its figures on the draws with which it was not found; nothing where it tells next to nothing there."""
        fresh = slice(1, None, 2)
        cases, weights, here = self.cases[fresh], self.weights[fresh], rows[fresh]
        remaining = left[fresh]
        if association(here[remaining], cases[remaining], weights[remaining]) < TELLS:
            return None
        order = self._matter(box, self.values[fresh][remaining], cases[remaining], weights[remaining])
        density, share = share_given(cases, weights * here), share_given(cases, weights)
        if density < min(RICHER * share, (1 + share) / 2):
            return None
        return _Found(box, order, density, share_given(here, weights * cases), int(here.sum()))


def _rounded(ends: Floats) -> Floats:
    """Limits in as many digits as are printed."""
    return np.array([float(f"{end:.{DIGITS}g}") if isfinite(end) else end for end in ends.tolist()])


def _answer(found: _Found, names: Sequence[str], numbers: Numbers, world: World) -> ScenarioBox:
    written = world.frame.case.inputs
    limits = [
        BoxLimit(
            quantity=names[k],
            label=numbers.called(names[k]),
            unit=written[names[k]].unit if names[k] in written else "",
            above=float(found.box.low[k]) if isfinite(found.box.low[k]) else None,
            below=float(found.box.high[k]) if isfinite(found.box.high[k]) else None,
        )
        for k in found.order
    ]
    return ScenarioBox(limits=tuple(limits), density=found.density, coverage=found.coverage, draws=found.draws)
