"""A summary over draws: the mean, the band that input uncertainty leaves, and the Monte-Carlo error of the mean.

The band (5th to 95th percentile over draws) is what is not known about the inputs; more draws do not narrow it. The
Monte-Carlo error is what comes from having drawn finitely often; it shrinks. It is the standard error of the mean, from
the spread of the means of independent parts: blocks of 4,096 draws if there are at least eight of them, else sets of
128 and of 512 draws, scrambled apart by `vetopoint.quantity.sampling`. Under 512 draws it is the standard error of independent
draws, which for scrambled Sobol' sets errs on the large side.

Reference: P. L'Ecuyer & C. Lemieux, in *Modeling Uncertainty* (2002), 419-474, on randomised replicates.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from pydantic import BaseModel, ConfigDict, Field
from scipy import special

from vetopoint.arrays import Floats, Ints
from vetopoint.notebook import table
from vetopoint.quantity.sampling import BLOCK, SPLIT_BLOCKS, SUB_BLOCK, set_size

__all__ = ["Band", "band", "bands", "given", "monte_carlo_error", "share_given", "weighted_quantiles"]

LOW, HIGH = 0.05, 0.95
LEAST_WEIGHT = 1e-9
NORMAL_COVER = 0.975


class Band(BaseModel):
    """An answer over draws."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mean: float = Field(description="Mean over draws.")
    lo: float = Field(description="5th percentile over draws: lower end of the 90 % band.")
    hi: float = Field(description="95th percentile over draws: upper end of the 90 % band.")
    mc: float = Field(description="Monte-Carlo standard error of the mean.")

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        return table(("mean", "5th", "95th", "MC error"), [(self.mean, self.lo, self.hi, self.mc)])


def band(values: ArrayLike, weights: ArrayLike | None = None) -> Band:
    """Summarise one answer over draws.

    Parameters
    ----------
    values : (n,) one value per draw, in the order of the draws.
    weights : (n,) non-negative weight of each draw, such as the probability that a move is reached; values of weight 0
        are not looked at.

    Raises
    ------
    ValueError : on no draws, a value that is not finite, or weights that are all zero.

    Examples
    --------
    >>> band([0.0, 1.0, 1.0, 0.0]).mean
    0.5
    """
    x = np.asarray(values, np.float64)
    if x.ndim != 1:
        raise ValueError(f"band needs one value per draw, got shape {x.shape}; use bands")
    return bands(x[:, None], weights)[0]


def bands(values: ArrayLike, weights: ArrayLike | None = None) -> list[Band]:
    """Summarise several answers at once: `values` (n, k), `weights` None, (n,) or (n, k). See `band`."""
    x = np.asarray(values, np.float64)
    if x.ndim != 2 or x.shape[0] == 0:
        raise ValueError(f"bands needs (draws, answers), got shape {x.shape}")
    if weights is None:
        _require_finite(x)
        mean = x.mean(axis=0)
        lo, hi = np.quantile(x, [LOW, HIGH], axis=0)
        error = monte_carlo_error(x - mean)
    else:
        w = np.asarray(weights, np.float64)
        w = np.broadcast_to(w[:, None] if w.ndim == 1 else w, x.shape)
        mean, lo, hi, error = _weighted(np.where(w > 0, x, 0.0), w)
    return [
        Band(mean=float(m), lo=float(a), hi=float(b), mc=float(e))
        for m, a, b, e in zip(mean, lo, hi, error, strict=True)
    ]


def given(values: ArrayLike, condition: ArrayLike) -> Band | None:
    """Summarise a figure given something that is more likely in some draws than in others: a ratio of sums, never a mean of ratios.

    P(A | B) over draws is the sum of P(A and B) over that of P(B): every draw counts by how likely the condition is in it. The band
    holds 90 % of that weight, and the Monte-Carlo error is that of a ratio (delta method; Cochran 1977, *Sampling Techniques*, 6.4).

    Parameters
    ----------
    values : (n,) the figure given the condition, draw by draw; of no consequence where the condition cannot hold.
    condition : (n,) P(condition).

    Returns
    -------
    Band or None
        None where the condition holds with less than 1e-9 on average: nothing can be said of what follows it.

    Examples
    --------
    >>> fire = np.array([0.2, 0.8])  # P(fire) in two draws; it carries with the same probability
    >>> given(fire, fire).mean
    0.68
    >>> given(fire, [0.0, 0.0]) is None
    True
    """
    weights = np.asarray(condition, np.float64)
    return band(values, weights) if weights.mean() >= LEAST_WEIGHT else None


def share_given(passed: ArrayLike, condition: ArrayLike) -> float:
    """The share of draws (n,) in which something holds, each counted by P(condition) (n,); 0 where that never holds.

    >>> share_given([True, False], [0.9, 0.1])
    0.9
    """
    weights = np.asarray(condition, np.float64)
    whole = float(weights.sum())
    return float(weights[np.asarray(passed, bool)].sum()) / whole if whole > 0 else 0.0


def weighted_quantiles(values: Floats, weights: Floats, levels: Sequence[float]) -> Floats:
    """(levels, k) the smallest of `values` (n, k) at which each column's `weights` (n,) or (n, k) reach a share of their sum.

    >>> weighted_quantiles(np.array([[3.0], [1.0], [2.0]]), np.array([1.0, 1.0, 8.0]), [0.05, 0.5, 0.95]).ravel()
    array([1., 2., 3.])
    """
    from vetopoint.quantity._ranked import quantiles

    found = np.empty((len(levels), values.shape[1]))
    quantiles(values, weights[:, None] if weights.ndim == 1 else weights, np.asarray(levels, np.float64), found)
    return found


def _require_finite(x: Floats) -> None:
    if not np.isfinite(x).all():
        draw, answer = np.argwhere(~np.isfinite(x))[0]
        raise ValueError(f"value {x[draw, answer]} at draw {draw} of answer {answer}")


def _weighted(x: Floats, w: Floats) -> tuple[Floats, ...]:
    _require_finite(x)
    _require_finite(w)
    total = w.sum(axis=0)
    if (w < 0).any() or (total <= 0).any():
        raise ValueError("weights must be non-negative and not all zero")
    mean = (w * x).sum(axis=0) / total
    lo, hi = weighted_quantiles(x, w, (LOW, HIGH))
    return mean, lo, hi, monte_carlo_error(w * (x - mean) / w.mean(axis=0))


def monte_carlo_error(residuals: Floats) -> Floats:
    """Return the standard error (k,) of a mean from its residuals (n, k), which sum to zero.

    In each group of equally large parts, with G parts of n_g draws and residual means r_g about their own mean r, the variance is
    G/(G-1) · Σ (n_g/n)² (r_g − r)²; groups add up. Few parts tell their own spread badly: the error is widened by the ratio of
    Student's to the normal quantile, so that ±1.96 of it cover the mean in 95 % of runs.
    """
    n = residuals.shape[0]
    if n < SUB_BLOCK:
        return np.asarray(np.sqrt((residuals**2).sum(axis=0) / max(n - 1, 1) / n), np.float64)
    groups, variance = _groups(n), np.zeros(residuals.shape[1])
    for starts, end in groups:
        sizes = np.diff([*starts, end])[:, None]
        means = np.add.reduceat(residuals[:end], starts, axis=0) / sizes
        centre = (means * sizes).sum(axis=0) / sizes.sum()
        variance += len(starts) / (len(starts) - 1) * ((sizes / n * (means - centre)) ** 2).sum(axis=0)
    freedom = sum(len(starts) - 1 for starts, _ in groups)
    widened = special.stdtrit(freedom, NORMAL_COVER) / special.ndtri(NORMAL_COVER)
    return np.asarray(widened * np.sqrt(variance), np.float64)


def _groups(n: int) -> list[tuple[Ints, int]]:
    """Where the independent parts of n draws begin, and where the last of them ends: parts of 128, then of 512; of many draws whole blocks."""
    if n > SPLIT_BLOCKS * BLOCK:
        return [(np.arange(0, n, BLOCK), n)]
    first = min(n, BLOCK)
    groups = [(np.arange(0, first, set_size(0)), first)]
    if n > BLOCK + SUB_BLOCK:
        return [*groups, (np.arange(BLOCK, n, set_size(1)), n)]
    return [(np.append(groups[0][0], BLOCK), n)] if n > BLOCK else groups
