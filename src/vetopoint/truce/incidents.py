"""Monthly incident counts: a negative binomial with one month's lag, of which a known share is seen.

True incidents have mean λ_t = μ + α · x_{t−1}; α is the branching ratio (a Hawkes process with a kernel of one month: Hawkes 1971,
*Biometrika* 58:83-90; as counts, Ferland, Latour & Oraichi 2006, *Journal of Time Series Analysis* 27:923-942). What is seen is thinned
by detection d_t; the unseen are summed over (see `thinning`), since dividing by detection would leave α too small. Fewer reports from a
blinded mission therefore read neither as a quiet front nor as one that has calmed down. As α nears 1 incidents feed on themselves.

Parameters are weighed by importance: points of a t distribution around the mode, half of them spread wider, count by posterior over
density (Geweke 1989, *Econometrica* 57:1317-1339). The same points forecast each month from those before it. How α is weighed
beforehand, and how far its intervals are spread, is set by simulation (``tools/validation/truce.py --blind``). Too few months, weighed by how
much of what is seen to vary is more than the chance of seeing it, say nothing of α.

Incidents act on the hazard of escalation alone: ln factor = γ · ln(expected incidents / the series' own mean), γ a row of the priors table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from vetopoint.arrays import Floats
from vetopoint.truce.observed import Counts
from vetopoint.truce.thinning import month_by_month

__all__ = ["CountModel", "escalation_factor", "fit_counts", "gamma_poisson_scores", "lagged_scores"]

#: Largest branching ratio that is thought of.
MOST_BRANCHING = 1.5
# Weak normal priors on (ln μ, ln r), the first around the series' mean.
_CENTRE = np.array([-0.7, 0.0, np.log(2.0)])
_SPREAD = np.array([2.0, np.inf, 1.5])
_BOUNDS = ((-12.0, 21.0), (-7.0, float(np.log(MOST_BRANCHING)) - 1e-3), (-5.0, 8.0))
_POINTS, _FREEDOM, _WIDER = 512, 5.0, 2.5
_STEP, _FLATTEST, _LOWEST = 0.1, 0.2, -1e12
# Widest 90 % interval of the branching ratio, and fewest months as if all were seen, that are worth a word.
_TELLING, _FEWEST_MONTHS = 0.9, 15.0
_WIDENED = 1.4


@dataclass(frozen=True)
class CountModel:
    """A fitted series.

    Parameters
    ----------
    points : (k, 3) values of μ (true incidents a month without lag), α and r.
    weights : (k,) their posterior weights, summing to 1.
    scores : (T,) log probability of each month's count given the months before it, in nats.
    expected : true incidents expected in the month after the last one observed.
    months : how many months in which everything is seen would tell as much.
    """

    points: Floats
    weights: Floats
    scores: Floats
    expected: float
    months: float

    def quantile(self, share: ArrayLike, column: int = 1) -> Floats:
        """Posterior quantiles of μ, α or r (column 0, 1, 2)."""
        order = np.argsort(self.points[:, column], kind="stable")
        weight = self.weights[order]
        wanted = np.asarray(share, dtype=np.float64)
        return np.asarray(np.interp(wanted, np.cumsum(weight) - 0.5 * weight, self.points[order, column]))

    @property
    def branching(self) -> float:
        """Posterior median of α."""
        return float(self.quantile(0.5))

    def wide_quantile(self, share: ArrayLike) -> Floats:
        """Quantiles of α, spread a little so that its intervals hold the truth as often as they say in simulated series."""
        return self.quantile(special.ndtr(_WIDENED * special.ndtri(share)))

    @property
    def telling(self) -> bool:
        """Whether the series says anything of α."""
        lo, hi = self.wide_quantile([0.05, 0.95])
        return bool(hi - lo <= _TELLING and self.months >= _FEWEST_MONTHS)

    @property
    def note(self) -> str:
        """What is said where the series says nothing of α."""
        if self.telling:
            return ""
        lo, hi = self.wide_quantile([0.05, 0.95])
        return (
            f"Whether incidents feed on themselves cannot be said from what was seen: any branching ratio from {lo:.2f} to {hi:.2f} fits, "
            f"and the months tell as much as {self.months:.0f} would in which everything is seen."
        )


def _log_pmf(seen: ArrayLike, expected: ArrayLike, size: float | Floats) -> Floats:
    """Log probability of counts under a negative binomial with this mean and size."""
    y, mean = np.asarray(seen, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    whole = special.gammaln(y + size) - special.gammaln(size) - special.gammaln(y + 1.0)
    return np.asarray(whole + size * np.log(size / (size + mean)) + special.xlogy(y, mean / (size + mean)))


def fit_counts(seen: ArrayLike, detection: ArrayLike = 1.0) -> CountModel:
    """Fit the series.

    Parameters
    ----------
    seen : (T,) counts in consecutive months, T of at least 3.
    detection : share of incidents seen, a number or (T,); 0, with nothing seen, where nobody watched.
    """
    y = np.asarray(seen, dtype=np.float64)
    d = np.ascontiguousarray(np.broadcast_to(np.asarray(detection, dtype=np.float64), y.shape))
    return _fitted(y.tobytes(), d.tobytes())


@lru_cache(maxsize=32)
def _fitted(seen: bytes, detection: bytes) -> CountModel:
    y, d = np.frombuffer(seen), np.frombuffer(detection)
    centre = _CENTRE + np.array([np.log(np.mean(y[d > 0] / d[d > 0]) + 0.5), 0.0, 0.0])
    low, high = np.array(_BOUNDS).T

    def log_posterior(theta: Floats) -> tuple[Floats, Floats, Floats]:
        """Of (k, 3) logarithms: log prior (k,), scores (k, T), what is expected next (k,)."""
        scores, after = month_by_month(y, d, np.exp(np.clip(theta, low, high)))
        inside = ((theta >= low) & (theta <= high)).all(axis=1)
        prior = theta[:, 1] + _log_prior(np.exp(theta[:, 1])) - 0.5 * (((theta - centre) / _SPREAD) ** 2).sum(axis=1)
        scores[:, 0] = 0.0  # the first month is where the series starts
        return np.where(inside, prior, -np.inf), scores, after

    def height(theta: Floats) -> Floats:
        prior, scores, _ = log_posterior(theta)
        return np.asarray(prior + scores.sum(axis=1))

    mode, covariance = _mode(height, np.array([centre[0], np.log(0.5), centre[2]]))
    theta, log_density = _points(mode, covariance)
    prior, scores, after = log_posterior(theta)
    running = (prior - log_density)[:, None] + np.column_stack([np.zeros(len(theta)), np.cumsum(scores, axis=1)])
    evidence = special.logsumexp(running, axis=0)
    weights = np.exp(running[:, -1] - evidence[-1])
    return CountModel(np.exp(theta), weights, np.diff(evidence), float(weights @ after), _telling_months(y, d))


def _telling_months(seen: Floats, detection: Floats) -> float:
    """Months watched × ρ², ρ the share of true counts in the variance of what is seen if their own variance is half their mean squared.

    By thinning ρ = d²v / (d²v + d(1 − d)x̄). The series' own variance does not enter: choosing by it would choose high α.
    """
    y, missed = float(np.mean(seen[detection > 0])), 1.0 - float(np.mean(detection[detection > 0]))
    return float(np.count_nonzero(detection)) * (y / max(y + 2.0 * missed, 1e-300)) ** 2


def _log_prior(branching: Floats) -> Floats:
    """Log density of α, unnormalised: thicker near 1, beyond it and near 0, where a flat one is off in simulated series."""
    gap = np.where(branching < 1.0, 1.0 - branching, 0.5 * (branching - 1.0))
    return np.asarray(-np.log(gap + 0.05) - 1.25 * np.log(branching + 0.1))


def _mode(height: Callable[[Floats], Floats], start: Floats) -> tuple[Floats, Floats]:
    """Mode (3,) of a log density over (k, 3), and the covariance (3, 3) of its curvature there, kept from running away."""
    from scipy import optimize

    eye = np.eye(3)

    def falling(at: Floats) -> tuple[float, Floats]:
        here, *sides = height(np.vstack([at, at + 0.01 * eye, at - 0.01 * eye]))
        return -float(here), -(np.array(sides[:3]) - np.array(sides[3:])) / 0.02

    inside = [(low + 0.02, high - 0.02) for low, high in _BOUNDS]
    found = optimize.minimize(falling, start, jac=True, method="L-BFGS-B", bounds=inside, options={"maxiter": 60}).x
    moves = np.array([i * eye[a] + j * eye[b] for a in range(3) for b in range(3) for i in (1, -1) for j in (1, -1)])
    corners = np.maximum(height(found + _STEP * moves), _LOWEST).reshape(3, 3, 4)
    hessian = corners @ np.array([-1.0, 1.0, 1.0, -1.0]) / (4 * _STEP**2)
    values, vectors = np.linalg.eigh(0.5 * (hessian + hessian.T))
    return found, np.asarray(vectors @ np.diag(1.0 / np.clip(values, _FLATTEST, None)) @ vectors.T)


@lru_cache(maxsize=1)
def _spherical() -> Floats:
    """Points (k, 3) of a t distribution around nought, evenly spread; the second half is wider."""
    from scipy import stats  # takes a second, and most cases have no such file

    uniform = stats.qmc.Sobol(4, rng=np.random.default_rng(1)).random(_POINTS)
    radius = np.sqrt(stats.chi2.ppf(uniform[:, 3], _FREEDOM) / _FREEDOM)
    z = special.ndtri(uniform[:, :3]) / radius[:, None]
    return np.asarray(np.where(np.arange(_POINTS)[:, None] % 2 == 0, z, _WIDER * z))


def _points(mode: Floats, covariance: Floats) -> tuple[Floats, Floats]:
    """Points (k, 3) around a mode, and the log density (k,) of the mixture from which they come."""
    from scipy import stats

    theta = mode + _spherical() @ np.linalg.cholesky(covariance).T
    densities = [stats.multivariate_t.logpdf(theta, mode, covariance * wide**2, df=_FREEDOM) for wide in (1.0, _WIDER)]
    return theta, np.asarray(special.logsumexp(densities, axis=0) - np.log(2.0))


def escalation_factor(counts: Counts, detection: float, slope: Floats) -> Floats:
    """Factor on the hazard of escalation, (n,), by ``slope`` (n,) γ; ``detection`` where the file does not say."""
    usual = float(np.mean(counts.seen / counts.detected(detection))) + 0.5
    return np.asarray(np.exp(slope * np.log((fit_counts(*counts.calendar(detection)).expected + 0.5) / usual)))


def lagged_scores(seen: ArrayLike, first: int, detection: ArrayLike = 1.0) -> Floats:
    """Log score (T - first,) of each month, forecast from the months before it, in nats; 0 where nobody watched.

    Parameters
    ----------
    seen, detection : as in `fit_counts`.
    first : number of months used before the first forecast.
    """
    return fit_counts(seen, detection).scores[first:]


def gamma_poisson_scores(seen: ArrayLike, first: int) -> Floats:
    """Log scores of the conjugate Gamma-Poisson forecast (prior Gamma(1, 0.1)) from the same months, for comparison; (T - first,)."""
    y = np.asarray(seen, dtype=np.float64)
    before = np.concatenate([[0.0], np.cumsum(y)[:-1]])[first:]
    size, months = 1.0 + before, 0.1 + np.arange(first, len(y))
    return _log_pmf(y[first:], size / months, size)
