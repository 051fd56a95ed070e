"""Survival of a truce under forms of presence: proportional effects on a baseline hazard, by month, over a batch of draws.

S_o(t) = exp(−H0(t) · exp(β_o)) for a form that stands all the time. A form that comes, goes, or may leave for causes of its own splits
the draw's probability mass into truces with the presence still there and truces without it; both decay by their own hazard between
edges of a time grid, and mass moves from the first to the second at the edges (a multi-state model: Andersen & Keiding 2002,
*Statistical Methods in Medical Research* 11:91-115). Within an interval this is exact; an exit is dated to the interval's end.

Causes compete: in each interval the mass that ends is split by the causes' shares in the hazard, so that cumulative incidences sum to
1 − S (Prentice et al. 1978, *Biometrics* 34:541-554).
"""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Floats, ratio
from vetopoint.truce.baseline import Kind, cumulative_hazard

__all__ = ["Grid", "Hazards", "further", "held", "mean_survival", "path_survival", "standing_survival"]


# Rows per block: a block's work arrays then stay in the second-level cache.
_BLOCK = 1_000


@dataclass(frozen=True)
class Grid:
    """A time grid and the state of presence on it.

    Parameters
    ----------
    edges : (G + 1,) months; holds every whole month from 0 to the horizon, and the fractional dates of the path.
    stretch : (G,) number of the presence that stands in each interval, -1 for none.
    enters : (G,) whether a presence comes at the interval's start, also where an earlier one has left for causes of its own.
    broken : edge at which a move ends the truce, or -1.
    """

    edges: Floats
    stretch: NDArray[np.int64]
    enters: NDArray[np.bool_]
    broken: int = -1

    @property
    def month(self) -> NDArray[np.int64]:
        """(G + 1,) whole month at each edge, -1 between months."""
        whole = np.rint(self.edges).astype(np.int64)
        return np.where(np.abs(self.edges - whole) < 1e-9, whole, -1)


@dataclass(frozen=True)
class Hazards:
    """Hazard factors of S presences (of a path) over n draws, and how causes share in the hazard.

    Parameters
    ----------
    present : (n, S) factor on the baseline hazard while that presence stands.
    absent : (n,) factor without presence.
    leave : (n, S) rate a month at which it leaves for causes of its own.
    shares_present, shares_absent : (n, S, K) and (n, K), each summing to 1 over the K causes; K = 0 computes survival only.
    """

    present: Floats
    absent: Floats
    leave: Floats
    shares_present: Floats
    shares_absent: Floats


def standing_survival(cumulative: Any, log_effects: Any) -> Floats:
    """Survival under forms that stand all the time.

    Parameters
    ----------
    cumulative : (n, T) baseline cumulative hazard.
    log_effects : (n, forms) log hazard ratios.

    Returns
    -------
    (n, forms, T).
    """
    factors = -np.exp(np.asarray(log_effects, dtype=np.float64))
    out = np.asarray(cumulative, dtype=np.float64)[:, None, :] * factors[:, :, None]
    return np.asarray(np.exp(out, out=out))


def mean_survival(kind: Kind, mu: Any, log_shape: Any, log_effects: Any, months: int, workers: int = 2) -> Floats:
    """Mean survival by form and month over any number of draws, in blocks that never hold more than a few megabytes.

    Parameters
    ----------
    kind, mu, log_shape : baseline and its (n,) parameters.
    log_effects : (n, forms).
    months : last month.
    workers : threads; the result does not depend on it, since block sums are added in order.

    Returns
    -------
    (forms, months + 1).
    """
    mu, log_shape = np.asarray(mu, dtype=np.float64), np.asarray(log_shape, dtype=np.float64)
    effects = np.asarray(log_effects, dtype=np.float64)
    n = len(mu)
    times = np.arange(1.0, months + 1.0)

    def block(start: int) -> Floats:
        rows = slice(start, min(n, start + _BLOCK))
        hazard = cumulative_hazard(kind, mu[rows], log_shape[rows], times)
        work, sums = np.empty_like(hazard), np.empty((effects.shape[1], months))
        for form, factor in enumerate(-np.exp(effects[rows].T)):
            np.multiply(hazard, factor[:, None], out=work)
            np.exp(work, out=work).sum(axis=0, out=sums[form])
        return sums

    total = np.zeros((effects.shape[1], months + 1))
    total[:, 0] = n
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        for part in pool.map(block, range(0, n, _BLOCK)):
            total[:, 1:] += part
    return total / n


def path_survival(
    increments: Any, scale: Any, grid: Grid, hazards: Hazards, workers: int = 2, out: Floats | None = None
) -> tuple[Floats, Floats]:
    """Survival and cumulative incidence by cause along one presence path.

    Parameters
    ----------
    increments : (n, G) baseline hazard in each interval of the grid.
    scale : (n,) factor on the whole hazard (a type's shift).
    grid, hazards : see there.
    workers : threads over blocks of draws.
    out : (n, months + 1) array to fill with the survival; default a new one.

    Returns
    -------
    survival : (n, months + 1); 0 from the month in which a move broke the truce.
    incidence : (n, K, months + 1), summing over causes to 1 − survival.
    """
    from vetopoint.truce._walk import walk

    step = np.ascontiguousarray(increments, dtype=np.float64)
    n = len(step)
    months = int(grid.month.max())
    causes = hazards.shares_absent.shape[1]
    survival = np.empty((n, months + 1)) if out is None else out
    incidence = np.empty((n, causes, months + 1))
    factor = np.broadcast_to(np.asarray(scale, dtype=np.float64), (n,))
    dt, month = np.diff(grid.edges), grid.month
    arrays = [np.ascontiguousarray(a) for a in (hazards.present, hazards.absent, hazards.leave)]
    shares = [np.ascontiguousarray(a) for a in (hazards.shares_present, hazards.shares_absent)]

    def block(rows: slice) -> None:
        walk(
            step[rows], np.ascontiguousarray(factor[rows]), dt, grid.stretch, grid.enters, *(a[rows] for a in arrays),
            *(a[rows] for a in shares), month, grid.broken, survival[rows], incidence[rows],
        )  # fmt: skip

    if n < 2 * _BLOCK or workers < 2:
        block(slice(0, n))
        return survival, incidence
    bounds = np.linspace(0, n, workers + 1).astype(int)
    with ThreadPoolExecutor(max_workers=workers) as pool:
        list(pool.map(block, [slice(a, b) for a, b in itertools.pairwise(bounds)]))
    return survival, incidence


def held(survival: Floats, month: float) -> Floats:
    """P(the truce still holds at a month): between whole months by straight line, beyond the last one as at the last.

    Parameters
    ----------
    survival : (..., T) with one entry per month from 0.
    month : months from the truce's start, whole or not; before the start it holds as at the start.

    Returns
    -------
    (...)

    Examples
    --------
    >>> held(np.array([1.0, 0.75, 0.25]), 1.5).tolist()
    0.5
    """
    at = min(max(float(month), 0.0), survival.shape[-1] - 1.0)
    low = int(at)
    share = at - low
    if share == 0.0:
        return np.asarray(survival[..., low])
    return np.asarray((1.0 - share) * survival[..., low] + share * survival[..., low + 1])


def further(survival: Floats, month: float, more: float) -> Floats:
    """P(it holds ``more`` months, given that it has held to ``month``), (...); 0 where it cannot have held so far.

    Parameters
    ----------
    survival, month : as in `held`.
    more : months more.
    """
    return ratio(held(survival, month + more), held(survival, month))
