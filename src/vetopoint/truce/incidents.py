"""Monthly incident counts: a negative binomial with one month's lag, divided by detection.

True incidents have mean λ_t = μ + α · x_{t−1}; α is the branching ratio (a Hawkes process with a kernel of one month: Hawkes 1971,
*Biometrika* 58:83-90; as counts, Ferland, Latour & Oraichi 2006, *Journal of Time Series Analysis* 27:923-942). What is seen is thinned
by detection d_t, so its mean is d_t · (μ + α · y_{t−1} / d_{t−1}); counts scatter around it as a negative binomial with size r.
Fewer reports from a blinded mission therefore do not read as a quiet front. As α nears 1 incidents feed on themselves.

Incidents act on the hazard of escalation alone: ln factor = γ · ln(expected incidents / the series' own mean), γ a row of the priors table.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from vetopoint.arrays import Floats
from vetopoint.errors import CaseError, Problem

__all__ = [
    "CountModel", "Counts", "escalation_factor", "fit_counts", "gamma_poisson_scores", "lagged_scores", "read_counts",
]  # fmt: skip

# Weak normal priors on (ln μ, ln α, ln r): months of data soon outweigh them, and they keep short series from running to a bound.
_CENTRE = np.array([0.0, np.log(0.4), np.log(2.0)])
_SPREAD = np.array([4.0, 1.0, 1.5])


@dataclass(frozen=True)
class Counts:
    """Observed months: (T,) month numbers since the truce's start, seen counts, and detection (``None``: not given)."""

    months: tuple[int, ...]
    seen: Floats
    detection: Floats | None

    def detected(self, otherwise: float) -> Floats:
        """(T,) share of incidents seen, where the file does not say ``otherwise``."""
        return np.full(len(self.seen), otherwise) if self.detection is None else self.detection


@dataclass(frozen=True)
class CountModel:
    """A fitted series.

    Parameters
    ----------
    base, branching, size : μ (true incidents a month without lag), α, r.
    log_covariance : (3, 3) covariance of (ln μ, ln α, ln r), from the curvature at the mode.
    expected : true incidents expected in the month after the last one observed.
    """

    base: float
    branching: float
    size: float
    log_covariance: Floats
    expected: float


def read_counts(path: str | Path) -> Counts:
    """Read a CSV with columns ``month``, ``incidents`` and, if known, ``detection`` (share of incidents seen).

    Raises
    ------
    CaseError
        for a missing column, a count that is no whole number of at least 0, a detection outside (0, 1], or fewer than three months.
    """
    reader = csv.DictReader(io.StringIO(Path(path).read_text(encoding="utf-8-sig"), newline=""))
    columns = reader.fieldnames or ()
    if "month" not in columns or "incidents" not in columns:
        raise CaseError(Problem("columns `month` and `incidents` are needed", "add them", file=str(path), line=1))
    rows: list[tuple[int, float, float]] = []
    for row in reader:
        try:
            month, count, seen = int(row["month"]), float(row["incidents"]), float(row.get("detection") or 1.0)
        except (TypeError, ValueError):
            month, count, seen = 0, -1.0, 1.0
        if not (0 <= count < np.inf and count % 1 == 0 and 0 < seen <= 1):
            remedy = "whole month, whole incidents, detection in (0, 1]"
            raise CaseError(Problem("not a month", remedy, "", str(path), reader.line_num))
        rows.append((month, count, seen))
    if len(rows) < 3:
        raise CaseError(Problem("fewer than three months", "observe longer before updating", file=str(path)))
    months, counts, detection = zip(*sorted(rows), strict=True)
    return Counts(months, np.array(counts), np.array(detection) if "detection" in columns else None)


def _means(log_base: float, log_branching: float, seen: Floats, detection: Floats) -> Floats:
    """(T - 1,) mean of each seen count from the second month on."""
    true_before = seen[:-1] / detection[:-1]
    return np.asarray(detection[1:] * (np.exp(log_base) + np.exp(log_branching) * true_before))


def _log_pmf(seen: ArrayLike, expected: ArrayLike, size: float | Floats) -> Floats:
    """Log probability of counts under a negative binomial with this mean and size."""
    y, mean = np.asarray(seen, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    whole = special.gammaln(y + size) - special.gammaln(size) - special.gammaln(y + 1.0)
    return np.asarray(whole + size * np.log(size / (size + mean)) + special.xlogy(y, mean / (size + mean)))


def fit_counts(seen: ArrayLike, detection: ArrayLike = 1.0, start: Floats | None = None) -> CountModel:
    """Fit the series by its posterior mode under weak priors.

    Parameters
    ----------
    seen : (T,) counts in consecutive months, T of at least 3.
    detection : share of incidents seen, a number or (T,).
    start : (3,) where to start the search, in (ln μ, ln α, ln r).
    """
    from scipy import optimize

    y = np.asarray(seen, dtype=np.float64)
    d = np.broadcast_to(np.asarray(detection, dtype=np.float64), y.shape)
    centre = _CENTRE + np.array([np.log(np.mean(y / d) + 0.5), 0.0, 0.0])

    def loss(theta: Floats) -> float:
        log_likelihood = _log_pmf(y[1:], _means(theta[0], theta[1], y, d), np.exp(theta[2])).sum()
        return float(-log_likelihood + 0.5 * np.sum(((theta - centre) / _SPREAD) ** 2))

    bounds = [(-12.0, 14.0), (-9.0, 1.5), (-5.0, 8.0)]
    first = centre + np.array([-0.5, 0.0, 0.0]) if start is None else start
    found = optimize.minimize(loss, first, method="L-BFGS-B", bounds=bounds)
    base, branching, size = (float(v) for v in np.exp(found.x))
    covariance = np.asarray(np.linalg.inv(_curvature(loss, found.x)), dtype=np.float64)
    return CountModel(base, branching, size, covariance, base + branching * float(y[-1] / d[-1]))


def _curvature(loss: Callable[[Floats], float], at: Floats, step: float = 1e-3) -> Floats:
    """Hessian by central differences; the priors keep it positive definite."""
    k = len(at)
    hessian = np.empty((k, k))
    eye = np.eye(k) * step
    for i in range(k):
        for j in range(i, k):
            corners = loss(at + eye[i] + eye[j]) - loss(at + eye[i] - eye[j]) - loss(at - eye[i] + eye[j])
            hessian[i, j] = hessian[j, i] = (corners + loss(at - eye[i] - eye[j])) / (4 * step * step)
    values, vectors = np.linalg.eigh(hessian)
    return np.asarray(vectors @ np.diag(np.maximum(values, 1.0 / _SPREAD.max() ** 2)) @ vectors.T)


def escalation_factor(counts: Counts, detection: float, slope: Floats) -> Floats:
    """Factor on the hazard of escalation, (n,), by ``slope`` (n,) γ; ``detection`` where the file does not say."""
    d = counts.detected(detection)
    usual = float(np.mean(counts.seen / d)) + 0.5
    return np.asarray(np.exp(slope * np.log((fit_counts(counts.seen, d).expected + 0.5) / usual)))


def lagged_scores(seen: ArrayLike, first: int, detection: ArrayLike = 1.0) -> Floats:
    """Log score (T - first,) of each month, forecast by the model fitted to the months before it, in nats.

    Parameters
    ----------
    seen, detection : as in `fit_counts`.
    first : number of months used before the first forecast, at least 3.
    """
    y = np.asarray(seen, dtype=np.float64)
    d = np.broadcast_to(np.asarray(detection, dtype=np.float64), y.shape)
    scores, start = np.empty(len(y) - first), None
    for i, t in enumerate(range(first, len(y))):
        model = fit_counts(y[:t], d[:t], start)
        start = np.log([model.base, model.branching, model.size])
        scores[i] = float(_log_pmf(y[t], d[t] * model.expected, model.size))
    return scores


def gamma_poisson_scores(seen: ArrayLike, first: int) -> Floats:
    """Log scores of the conjugate Gamma-Poisson forecast (prior Gamma(1, 0.1)) from the same months, for comparison; (T - first,)."""
    y = np.asarray(seen, dtype=np.float64)
    before = np.concatenate([[0.0], np.cumsum(y)[:-1]])[first:]
    size, months = 1.0 + before, 0.1 + np.arange(first, len(y))
    return _log_pmf(y[first:], size / months, size)
