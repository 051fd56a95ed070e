"""How long a truce survives: a baseline hazard of its end without presence, and forms of presence that multiply it, by month and draw.

The baseline is log-normal, with Weibull as the stated alternative: H0(t) = -ln S0(t), with S0(t) = 1 - Φ((ln t - μ)/σ) or
exp(-(t/e^μ)^k). Its parameters are drawn from the bivariate normal of their maximum-likelihood estimates in (μ, ln shape), where the
shape is σ or k (Lawless 2003, *Statistical Models and Methods for Lifetime Data*, §§1.3, 5.1).

A form that stands all the time gives S(t) = exp(−H0(t) · exp(β)). A form that comes, goes, or may leave for causes of its own splits
the draw's probability mass into truces with the presence still there and truces without it; both decay by their own hazard between
edges of a time grid, and mass moves from the first to the second at the edges (a multi-state model: Andersen & Keiding 2002,
*Statistical Methods in Medical Research* 11:91-115). Within an interval this is exact; an exit is dated to the interval's end.

Causes compete: in each interval the mass that ends is split by the causes' shares in the hazard, so that cumulative incidences sum to
1 − S (Prentice et al. 1978, *Biometrics* 34:541-554).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from vetopoint.arrays import Bools, Floats, Ints, ratio
from vetopoint.kernel import in_order, kernel

__all__ = [
    "Baseline", "Grid", "Hazards", "Kind", "cumulative_hazard", "further", "held", "load_baseline", "parameters",
    "path_survival", "without_presence",
]  # fmt: skip

Kind = Literal["lognormal", "weibull"]

# Beyond this standard score ndtr loses so much of its tail that its logarithm is no longer good to 1e-12.
_FAR = 7.0
# Draws that one thread walks at a time.
_ROWS = 2_048


@dataclass(frozen=True)
class Baseline:
    """Estimates of one baseline: location μ (log months) and log shape (ln σ or ln k), with their covariance."""

    kind: Kind
    mu: float
    sd_mu: float
    log_shape: float
    sd_log_shape: float
    covariance: float
    source: str
    status: str
    note: str


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
    stretch: Ints
    enters: Bools
    broken: int = -1

    @property
    def month(self) -> Ints:
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


def load_baseline(kind: Kind) -> Baseline:
    """Read the shipped estimates of one baseline."""
    text = resources.files("vetopoint.truce").joinpath("data/baselines.csv").read_text(encoding="utf-8")
    row = next(row for row in csv.DictReader(text.splitlines()) if row["kind"] == kind)
    numbers = {name: float(row[name]) for name in ("mu", "sd_mu", "log_shape", "sd_log_shape", "covariance")}
    return Baseline(kind=kind, **numbers, source=row["source"], status=row["status"], note=row["note"])


def parameters(baseline: Baseline, z: Floats) -> tuple[Floats, Floats]:
    """Draw (μ, ln shape), (n,) each, from their bivariate normal by standard scores ``z`` (n, 2)."""
    rho = baseline.covariance / (baseline.sd_mu * baseline.sd_log_shape) if baseline.covariance else 0.0
    mu = baseline.mu + baseline.sd_mu * z[:, 0]
    log_shape = baseline.log_shape + baseline.sd_log_shape * (rho * z[:, 0] + np.sqrt(1.0 - rho * rho) * z[:, 1])
    return mu, log_shape


def cumulative_hazard(kind: Kind, mu: ArrayLike, log_shape: ArrayLike, times: ArrayLike) -> Floats:
    """Cumulative baseline hazard H0 at given times, (n, T); 0 where the time is 0.

    Parameters
    ----------
    mu, log_shape : (n,) location in log months, log of σ (log-normal) or of k (Weibull).
    times : (T,) months, not negative.

    Examples
    --------
    >>> h = cumulative_hazard("weibull", [0.0], [0.0], [0.0, 1.0, 2.0])  # unit exponential
    >>> h.tolist()
    [[0.0, 1.0, 2.0]]
    """
    location = np.asarray(mu, dtype=np.float64)[:, None]
    log_k = np.asarray(log_shape, dtype=np.float64)[:, None]
    with np.errstate(divide="ignore"):
        log_t = np.log(np.asarray(times, dtype=np.float64))
    if kind == "weibull":
        return np.asarray(np.exp(np.exp(log_k) * (log_t - location)))
    z = (location - log_t) * np.exp(-log_k)  # = minus the standard score
    if z.size and z.min() < -_FAR:
        return np.asarray(-special.log_ndtr(z))
    special.ndtr(z, out=z)
    np.log(z, out=z)
    return np.asarray(np.negative(z, out=z))


@kernel
def walk(
    increments: Floats, scale: Floats, calm: Floats, dt: Floats, stretch: Ints, enters: Bools, present: Floats,
    leave: Floats, shares_present: Floats, shares_absent: Floats, month: Ints, broken: int, survival: Floats,
    incidence: Floats,
) -> None:  # fmt: skip
    """Survival and cumulative incidence along one presence path: one pass over the months for each draw.

    Filled in are `survival` (n, months + 1) and `incidence` (n, K, months + 1), where what a move ends counts as the
    first cause. `increments`, `scale` and `calm` are those of `path_survival`, `dt` (G,) is the length of each interval in
    months; the others as in `Grid` and `Hazards`.
    """
    draws, grid = increments.shape
    causes = incidence.shape[1]
    leaves_in_month = np.empty(present.shape[1])
    for i in range(draws):
        for s in range(len(leaves_in_month)):
            leaves_in_month[s] = -np.expm1(-leave[i, s])
        there, gone, leaving = 0.0, 1.0, 0.0
        ended = np.zeros(causes)
        for g in range(grid + 1):
            if g == broken:
                if causes:
                    ended[0] += there + gone
                there, gone = 0.0, 0.0
            m = month[g]
            if m >= 0:
                survival[i, m] = there + gone
                for k in range(causes):
                    incidence[i, k, m] = ended[k]
            if g == grid:
                break
            s = stretch[g]
            if s < 0:
                there, gone = 0.0, there + gone
            elif enters[g]:
                there, gone, leaving = there + gone, 0.0, 0.0
            hazard = increments[i, g] * scale[i]
            if gone > 0.0:
                kept = gone * calm[i, g]
                for k in range(causes):
                    ended[k] += shares_absent[i, k] * (gone - kept)
                gone = kept
            if there > 0.0:
                kept = there * np.exp(-hazard * present[i, s])
                for k in range(causes):
                    ended[k] += shares_present[i, s, k] * (there - kept)
                left = 0.0  # within a month who leaves still counts: wherever a path is cut, it is the same path
                if dt[g] == 1.0:
                    left = kept * leaves_in_month[s]
                else:
                    leaving += leave[i, s] * dt[g]
                    if month[g + 1] >= 0:
                        left, leaving = kept * -np.expm1(-leaving), 0.0
                there, gone = kept - left, gone + left


@kernel
def _left(increments: Floats, scale: Floats, absent: Floats, out: Floats) -> None:
    """Fill ``out (n, G)``, see `without_presence`."""
    for i in range(out.shape[0]):
        for g in range(out.shape[1]):
            out[i, g] = np.exp(-(increments[i, g] * scale[i]) * absent[i])


def without_presence(increments: Floats, scale: Floats, absent: Floats) -> Floats:
    """What is left of truces without presence after each interval, (n, G): the same along every path over the same months.

    Parameters
    ----------
    increments : (n, G) baseline hazard in each interval.
    scale, absent : (n,) factor on the whole hazard, and without presence.
    """
    step, out = np.ascontiguousarray(increments), np.empty(increments.shape)
    cuts = [slice(start, start + _ROWS) for start in range(0, len(out), _ROWS)]
    in_order(lambda rows: _left(step[rows], scale[rows], absent[rows], out[rows]), cuts)
    return out


def path_survival(
    increments: Floats,
    scale: Floats,
    grid: Grid,
    hazards: Hazards,
    out: Floats | None = None,
    calm: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Survival and cumulative incidence by cause along one presence path.

    Parameters
    ----------
    increments : (n, G) baseline hazard in each interval of the grid.
    scale : (n,) factor on the whole hazard (a type's shift).
    out : (n, months + 1) array to fill with the survival; default a new one.
    calm : (n, G) what is left without presence after each interval, if it is known: `without_presence`.

    Returns
    -------
    survival : (n, months + 1); 0 from the month in which a move broke the truce.
    incidence : (n, K, months + 1), summing over causes to 1 − survival.
    """
    (n, causes), month = hazards.shares_absent.shape, grid.month
    survival = np.empty((n, int(month.max()) + 1)) if out is None else out
    incidence = np.empty((n, causes, survival.shape[1]))
    dt, step = np.diff(grid.edges), np.ascontiguousarray(increments)
    left = np.ascontiguousarray(without_presence(step, scale, hazards.absent) if calm is None else calm)

    def block(start: int) -> None:
        rows = slice(start, start + _ROWS)
        walk(
            step[rows], scale[rows], left[rows], dt, grid.stretch, grid.enters, hazards.present[rows],
            hazards.leave[rows], hazards.shares_present[rows], hazards.shares_absent[rows], month, grid.broken,
            survival[rows], incidence[rows],
        )  # fmt: skip

    in_order(block, range(0, n, _ROWS))
    return survival, incidence


def held(survival: Floats, month: float) -> Floats:
    """P(the truce still holds at a month), (...): by straight line between whole months, after the last as at the last.

    Parameters
    ----------
    survival : (..., T) with one entry per month from 0.
    month : months from the truce's start, whole or not; before the start it holds as at the start.

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
    """P(it holds ``more`` months, given that it has held to ``month``), as `held`; 0 where it cannot have so far."""
    return ratio(held(survival, month + more), held(survival, month))
