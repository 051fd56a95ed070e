"""Quantiles of a beta distribution by table, some twenty times as fast as inverting each one.

With z the normal score of u, logit(x(z)) is smooth in both tails, so cubic Hermite interpolation on an even grid of z, with
exact values and slopes at its nodes, is precise to better than 1e-9 of the unit interval. Shapes too small for that (the logit then runs off)
are inverted one by one. Which of the two is used depends on the shapes alone, never on how many quantiles are asked for,
so that the same draw has the same bytes in any batch.

Reference: F. N. Fritsch & R. E. Carlson, *SIAM J. Numer. Anal.* 17 (1980), 238-246 (cubic Hermite form).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import special

from vetopoint.arrays import Floats

__all__ = ["beta_quantile"]

_REACH = 8.5
_CELLS = 1024
_STEP = 2 * _REACH / _CELLS
_LEAST_SHAPE = 0.2


@lru_cache(maxsize=512)
def _table(a: float, b: float) -> tuple[Floats, Floats]:
    """Return logit quantiles at the nodes, and their slopes times the step, both (nodes,)."""
    z = np.linspace(-_REACH, _REACH, _CELLS + 1)
    lower = z < 0
    share = special.ndtr(-np.abs(z))
    # Each half is computed from its own end, where the small number is the precise one.
    log_x, log_y = np.empty_like(z), np.empty_like(z)
    x = special.betaincinv(a, b, share[lower])
    log_x[lower], log_y[lower] = np.log(x), np.log1p(-x)
    y = special.betaincinv(b, a, share[~lower])
    log_x[~lower], log_y[~lower] = np.log1p(-y), np.log(y)
    log_density = -0.5 * z * z - 0.5 * np.log(2 * np.pi)
    return log_x - log_y, np.exp(log_density - a * log_x - b * log_y + special.betaln(a, b)) * _STEP


def beta_quantile(a: float, b: float, u: Floats) -> Floats:
    """Quantiles at `u` (any shape, strictly between 0 and 1) of a beta distribution with shapes `a`, `b`."""
    if min(a, b) < _LEAST_SHAPE:
        return np.asarray(special.betaincinv(a, b, u), np.float64)
    values, slopes = _table(a, b)
    place = (np.clip(special.ndtri(u), -_REACH, _REACH) + _REACH) / _STEP
    cell = np.minimum(place.astype(np.intp), _CELLS - 1)
    t = place - cell
    left, right = values[cell], values[cell + 1]
    logit = left + t * (
        slopes[cell] + t * (3 * (right - left) - 2 * slopes[cell] - slopes[cell + 1]
        + t * (2 * (left - right) + slopes[cell] + slopes[cell + 1]))
    )  # fmt: skip
    return np.asarray(special.expit(logit), np.float64)
