"""The calibrated distribution of a settlement, and how forecasts are scored.

On public outcomes no model of bargaining forecasts the point significantly better than the weighted mean of positions;
the gain is in saying honestly how far off it may be. The distribution is a mixture of where the actors stand (weighted by
capability and salience), a normal distribution about their weighted mean whose tails lie at the ends of the scale, and a
uniform floor. Its weights were fitted by the continuous ranked probability score on the outcomes of DEU III; the command
``vetopoint evaluate --corpus deu DIR`` fits them again and scores them on outcomes that they have not seen.

References
----------
Gneiting & Raftery (2007), Strictly proper scoring rules, JASA 102:359-378 (CRPS); Arregui & Perarnaud (2022),
doi:10.34810/data53 (DEU III).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import ndtr

from vetopoint.arrays import Floats

__all__ = ["DEVIATIONS", "FITTED", "Mixture", "components", "crps", "fit", "fit_components", "grid", "quantile"]


DEVIATIONS = (10.0, 15.0, 20.0, 25.0, 30.0)


@dataclass(frozen=True)
class Mixture:
    """Weights of the mixture: positions, normal about the mean with a standard deviation, uniform floor; they sum to 1."""

    positions: float
    normal: float
    uniform: float
    deviation: float

    def cdf(self, positions: ArrayLike, weights: ArrayLike, points: Floats) -> Floats:
        """Distribution function on a scale of 0 to 100.

        Parameters
        ----------
        positions, weights : (n, m), weights capability times salience.
        points : (g,) points of the scale.

        Returns
        -------
        (n, g) float64
        """
        parts = components(positions, weights, points, self.deviation)
        return np.asarray(self.positions * parts[0] + self.normal * parts[1] + self.uniform * parts[2])


def grid(step: float = 0.5) -> Floats:
    """Midpoints of the cells of a scale of 0 to 100."""
    return np.arange(step / 2, 100.0, step)


def components(positions: ArrayLike, weights: ArrayLike, points: Floats, deviation: float) -> Floats:
    """Distribution functions of the three parts, (3, n, g)."""
    x, w = np.broadcast_arrays(np.atleast_2d(np.asarray(positions, float)), np.atleast_2d(np.asarray(weights, float)))
    total = w.sum(axis=1)
    mean = (x * w).sum(axis=1) / total
    stand = np.stack([(w * (x <= p)).sum(axis=1) for p in points], axis=1) / total[:, None]
    about = ndtr((points[None, :] - mean[:, None]) / deviation)
    # The tails beyond the scale lie at its ends.
    about = np.where(points >= 100.0, 1.0, np.where(points < 0.0, 0.0, about))
    floor = np.broadcast_to(np.clip(points / 100.0, 0.0, 1.0), stand.shape)
    return np.stack([stand, about, floor])


def crps(cdf: Floats, outcomes: ArrayLike, points: Floats) -> Floats:
    """Continuous ranked probability score on evenly spaced points, in units of the scale; (n,)."""
    reached = np.asarray(outcomes, dtype=float)[:, None] <= points
    return np.asarray(((cdf - reached) ** 2).sum(axis=1) * (points[1] - points[0]))


def quantile(cdf: Floats, points: Floats, levels: Sequence[float]) -> Floats:
    """Points of the scale at which a distribution function (g,) reaches the levels."""
    at = np.searchsorted(cdf, np.asarray(levels) - 1e-12)
    return np.asarray(np.where(at < len(points), points[np.minimum(at, len(points) - 1)], 100.0))


def fit(
    positions: Sequence[ArrayLike],
    weights: Sequence[ArrayLike],
    outcomes: ArrayLike,
    deviations: Sequence[float] = DEVIATIONS,
) -> Mixture:
    """Fit the mixture to outcomes by least mean CRPS.

    Parameters
    ----------
    positions, weights : one array (m_k,) per issue.
    outcomes : (k,) where the issues settled.
    deviations : standard deviations tried; for each, the best weights are the solution of a quadratic programme.
    """
    points = grid()
    tried = {
        deviation: np.concatenate(
            [components(x, w, points, deviation) for x, w in zip(positions, weights, strict=True)], axis=1
        )
        for deviation in deviations
    }
    return fit_components(tried, np.asarray(outcomes, dtype=float), points)


def fit_components(tried: Mapping[float, Floats], outcomes: Floats, points: Floats) -> Mixture:
    """As `fit`, from distribution functions of the parts: standard deviation to (3, k, g)."""
    reached = (outcomes[:, None] <= points).ravel().astype(float)
    best, least = None, np.inf
    for deviation, parts in tried.items():
        flat = parts.reshape(3, -1)
        square, cross = flat @ flat.T / len(reached), flat @ reached / len(reached)
        found = minimize(
            lambda v, q=square, c=cross: float(v @ q @ v - 2 * c @ v),
            np.full(3, 1 / 3),
            jac=lambda v, q=square, c=cross: 2 * (q @ v - c),
            bounds=[(0, 1)] * 3,
            constraints={"type": "eq", "fun": lambda v: v.sum() - 1, "jac": lambda v: np.ones(3)},
            method="SLSQP",
        )
        if found.fun < least:
            least, (a, b, c) = found.fun, (float(v) for v in found.x)
            best = Mixture(a, b, c, deviation)
    assert best is not None
    return best


#: Fitted on the 353 outcomes of DEU III (`vetopoint evaluate --corpus deu` prints these figures).
FITTED = Mixture(0.411, 0.381, 0.208, 15.0)
