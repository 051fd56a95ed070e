"""Boxes of inputs in which something is the case unusually often: the patient rule induction method.

From all draws a twentieth is peeled off at a time, at the end of whichever input raises the share of cases most for what it takes away;
so comes a trajectory of ever smaller boxes with fewer cases and a larger share of them, from which one is chosen. Draws count by weight.
The rules of a step are those of ema_workbench (quantiles between neighbouring values; its objective "lenient1", the gain in share for
each draw given up; of equal peels the one that bounds fewer inputs), to which the trajectory is held in tests, box by box. It is not used
itself: it installs a package under the GPL, and takes seconds to import.

References
----------
J. H. Friedman & N. I. Fisher (1999), Bump hunting in high-dimensional data, *Statistics and Computing* 9, 123-143, sections 8 and 14.6.
B. P. Bryant & R. J. Lempert (2010), *Technological Forecasting and Social Change* 77, 34-49 (coverage and density).
J. H. Kwakkel & S. C. Cunningham (2016), *Technological Forecasting and Social Change* 111, 124-134 (the objective).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from vetopoint.arrays import Bools, Floats, Ints

__all__ = ["Box", "association", "inside", "peeled", "pruned"]

ALPHA = 0.05
LEAST_MASS = 0.05


@dataclass(frozen=True, eq=False)
class Box:
    """Limits on some inputs.

    Attributes
    ----------
    low, high : (k,) the limits of each input, both within the box; minus and plus infinity where there is none.
    """

    low: Floats
    high: Floats

    @property
    def bounded(self) -> Ints:
        """The inputs that it bounds."""
        return np.flatnonzero(np.isfinite(self.low) | np.isfinite(self.high))

    def without(self, column: int, low: bool = True, high: bool = True) -> Box:
        """The same with one input free, or free at one end."""
        below, above = self.low.copy(), self.high.copy()
        below[column] = -np.inf if low else below[column]
        above[column] = np.inf if high else above[column]
        return Box(below, above)

    @property
    def wider(self) -> list[Box]:
        """Every box with one limit less."""
        found = [self.without(int(c), high=False) for c in np.flatnonzero(np.isfinite(self.low))]
        return [*found, *(self.without(int(c), low=False) for c in np.flatnonzero(np.isfinite(self.high)))]


def inside(box: Box, values: Floats) -> Bools:
    """(n,) which rows of values (n, k) lie in a box."""
    return np.asarray(((values >= box.low) & (values <= box.high)).all(axis=1), dtype=bool)


def association(within: Bools, cases: Bools, weights: Floats) -> float:
    """The correlation of lying in a box and being a case (φ of the two by two table), draws counted by weight (n,); 0 where one is constant.

    >>> association(np.array([True, True, False, False]), np.array([True, True, False, False]), np.ones(4))
    1.0
    """
    whole = weights.sum()
    box, case, both = (float(weights[rows].sum() / whole) for rows in (within, cases, within & cases))
    spread = box * (1 - box) * case * (1 - case)
    return (both - box * case) / spread**0.5 if spread > 0 else 0.0


def pruned(box: Box, values: Floats, cases: Bools, weights: Floats, loss: float) -> Box:
    """A box without the limits that tell next to nothing: one after another is left out, as long as the correlation falls by less than so much."""
    tells = association(inside(box, values), cases, weights)
    while box.wider:
        told, best = max(
            ((association(inside(b, values), cases, weights), b) for b in box.wider), key=lambda pair: pair[0]
        )
        if told < tells - loss:
            break
        box, tells = best, max(told, tells)
    return box


def peeled(values: Floats, cases: Bools, weights: Floats | None = None, least: float = LEAST_MASS) -> Iterator[Box]:
    """The trajectory of boxes, from the one that bounds nothing.

    Parameters
    ----------
    values : (n, k) inputs.
    cases : (n,) what the boxes are to hold.
    weights : (n,) non-negative; None: every draw alike.
    least : the share of the draws that a box must hold.
    """
    count, columns = values.shape
    w = np.ones(count) if weights is None else weights
    low, high = np.full(columns, -np.inf), np.full(columns, np.inf)
    order = np.argsort(values, axis=0, kind="stable").T  # (k, m) rows of the box by each input
    while True:
        yield Box(low.copy(), high.copy())
        found = _best(values, cases, w, order, np.isfinite(low) | np.isfinite(high))
        if found is None:
            return
        column, upper, limit = found
        keep = values[:, column] <= limit if upper else values[:, column] >= limit
        left = keep[order]
        if left[0].sum() < least * count:
            return
        order = order[left].reshape(columns, -1)
        (high if upper else low)[column] = limit


def _best(values: Floats, cases: Bools, w: Floats, order: Ints, bounded: Bools) -> tuple[int, bool, float] | None:
    """The peel that gains most for what it takes away: its input, whether it is at the upper end, and the new limit."""
    rows = order[0]
    mass, hits = float(w[rows].sum()), float(w[rows][cases[rows]].sum())
    best: tuple[float, int] | None = None
    found: tuple[int, bool, float] | None = None
    for column in range(len(order)):
        own = order[column]
        ends = values[own, column]
        for upper in (True, False):
            limit = _limit(ends, upper)
            gone = (
                own[np.searchsorted(ends, limit, "right") :] if upper else own[: np.searchsorted(ends, limit, "left")]
            )
            less, lost = float(w[gone].sum()), float(w[gone][cases[gone]].sum())
            if less <= 0 or less >= mass:
                continue
            gain = ((hits - lost) / (mass - less) - hits / mass) / less
            score = (gain, -int(bounded.sum() + (not bounded[column])))
            if gain > 0 and (best is None or score > best):
                best, found = score, (column, upper, limit)
    return found


def _limit(ends: Sequence[float] | Floats, upper: bool) -> float:
    """Where a twentieth of sorted values is cut off: between two values that differ."""
    last = len(ends) - 1
    place = last * ((1 - ALPHA) if upper else ALPHA)
    below, above = floor(place), ceil(place)
    if upper:
        below = min(below, int(np.searchsorted(ends, ends[above], "left")) - 1) if ends[below] == ends[above] else below
    elif ends[below] == ends[above]:
        above = int(np.searchsorted(ends, ends[below], "right"))
    below, above = max(below, 0), min(above, last)
    return float((ends[below] + ends[above]) / 2)
