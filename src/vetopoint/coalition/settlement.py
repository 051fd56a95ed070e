"""Where a dispute on one line, or on several linked ones, could settle, and how far off that may be.

On public outcomes no model of bargaining forecasts the point significantly better than the weighted mean of positions;
the gain is in saying honestly how far off it may be. The distribution is a mixture of where the actors stand (weighted by
capability and salience), a normal distribution about their weighted mean whose tails lie at the ends of the scale, and a
uniform floor. Its weights were fitted by the continuous ranked probability score on the outcomes of DEU III;
``tools/validation/deu.py`` fits them again and scores them on outcomes that they have not seen.

References
----------
Van den Bos (1991) and Thomson et al. (2006), The European Union Decides (compromise model: mean weighted by capability
and salience); Nash (1950), The bargaining problem, with the weighted product of Kalai (1977); Schneider, Finke & Bailer
(2010), Political Studies 58:85-103, and Franchino & Mariotto (2021) for a costly no-agreement point; Stokman & Van Oosten
(1994), The exchange of voting positions, in Bueno de Mesquita & Stokman (eds) (equal-gain exchange across issues);
Arregui & Perarnaud (2022), doi:10.34810/data53 (DEU III).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from vetopoint.arrays import Bools, Floats, Ints
from vetopoint.kernel import kernel

__all__ = [
    "FITTED", "NO_AGREEMENT", "Mixture", "components", "exchange", "leverage", "nash", "polarisation", "quantile",
    "spread", "weighted_mean", "weighted_median",
]  # fmt: skip

#: Cost of no agreement, in units of a scale of 100, where none is declared: it is as bad as a settlement at the far end.
NO_AGREEMENT = 100.0


def weighted_mean(positions: ArrayLike, weights: ArrayLike) -> Floats:
    """Mean over the last axis, weighted; the compromise model where weights are capability times salience."""
    x, w = np.broadcast_arrays(np.asarray(positions, dtype=float), np.asarray(weights, dtype=float))
    return np.asarray((x * w).sum(-1) / w.sum(-1))


def weighted_median(positions: ArrayLike, weights: ArrayLike) -> Floats:
    """Position (last axis) at which half of the weight lies on either side, the median voter; midway where a stretch does."""
    x, w = np.broadcast_arrays(np.asarray(positions, dtype=float), np.asarray(weights, dtype=float))
    order = np.argsort(x, axis=-1, kind="stable")
    sorted_x = np.take_along_axis(x, order, axis=-1)
    share = np.cumsum(np.take_along_axis(w, order, axis=-1), axis=-1)
    half = 0.5 * share[..., -1:]
    ends = [(share < half * (1 - 1e-12)), (share <= half * (1 + 1e-12))]
    at = np.stack([np.minimum(below.sum(axis=-1), x.shape[-1] - 1) for below in ends], axis=-1)
    return np.asarray(np.take_along_axis(sorted_x, at, axis=-1).mean(axis=-1))


def _paired(positions: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    """Both as (n, m)."""
    x, w = np.broadcast_arrays(np.atleast_2d(np.asarray(positions, float)), np.atleast_2d(np.asarray(weights, float)))
    return x, w


def nash(positions: ArrayLike, weights: ArrayLike, cost: ArrayLike = NO_AGREEMENT) -> Floats:
    """Nash bargaining with a costly no-agreement point, (n,); nan where no settlement is better than none for everybody.

    Actor i gains ``cost − |x − x_i|`` over no agreement; the settlement maximises the product of the gains, each to the
    power of its weight, among the points at which nobody loses. The logarithm of the product is strictly concave there,
    so halving the interval by the sign of its slope finds the one maximum, a kink at a position included.

    Parameters
    ----------
    positions, weights : (n, m) or (m,); an actor of weight 0 has no say.
    cost : (n,) or a number, the distance that is as bad as no agreement.

    Examples
    --------
    >>> nash([0.0, 100.0], [[1.0, 1.0], [1.0, 3.0]], 60.0).round(6).tolist()
    [50.0, 55.0]
    """
    x, w = _paired(positions, weights)
    k = np.broadcast_to(np.asarray(cost, dtype=float), (len(x),))[:, None]
    has_say = w > 0.0
    low = np.where(has_say, np.maximum(x - k, x.min(axis=1, where=has_say, initial=np.inf)[:, None]), -np.inf).max(1)
    high = np.where(has_say, np.minimum(x + k, x.max(axis=1, where=has_say, initial=-np.inf)[:, None]), np.inf).min(1)
    feasible = (k[:, 0] >= 0.0) & has_say.any(axis=1) & (low <= high + 1e-12 * np.abs(high))
    a, b = (np.where(feasible, end, 0.0) for end in (low, high))
    for _ in range(64):
        at = (a + b) / 2.0
        gain = np.maximum(k - np.abs(at[:, None] - x), 1e-300)
        up = (w * np.sign(x - at[:, None]) / gain).sum(axis=1) > 0.0
        a, b = np.where(up, at, a), np.where(up, b, at)
    return np.where(feasible, (a + b) / 2.0, np.nan)


def leverage(positions: ArrayLike, salience: ArrayLike, capability: ArrayLike) -> Floats:
    """Change of the compromise per unit of an actor's salience, c (x − μ) / W (Napel & Widgrén 2004); (n, m)."""
    x, s, c = (np.atleast_2d(np.asarray(a, dtype=float)) for a in (positions, salience, capability))
    total = (c * s).sum(axis=1, keepdims=True)
    mean = (c * s * x).sum(axis=1, keepdims=True) / total
    return np.asarray(c * (x - mean) / total)


def spread(positions: ArrayLike, weights: ArrayLike) -> Floats:
    """Weighted standard deviation of positions, (n,)."""
    x, w = _paired(positions, weights)
    mean = (w * x).sum(axis=1, keepdims=True) / w.sum(axis=1, keepdims=True)
    return np.asarray(np.sqrt((w * (x - mean) ** 2).sum(axis=1) / w.sum(axis=1)))


def polarisation(positions: ArrayLike, weights: ArrayLike) -> Floats:
    """Spread as a share of its greatest possible value, half the scale, squared: 0 agreed, 1 halves at the ends; (n,)."""
    return np.asarray((spread(positions, weights) / 50.0) ** 2)


def exchange(positions: ArrayLike, salience: ArrayLike, capability: ArrayLike) -> tuple[Floats, Ints]:
    """Equal-gain exchange of positions across linked issues, the largest gain first.

    Two actors who stand on opposite sides of the expected outcome of two issues, one of whom cares relatively more for
    the first and the other for the second, each give way where they care less, so far that both gain alike. An actor
    gives way once on an issue. Outcomes are the means weighted by capability and salience. Where two deals are alike in gain
    and in how far they shift the outcomes, the settlements that begin with either are averaged.

    Parameters
    ----------
    positions, salience : (n, issues, m), positions on scales of equal length.
    capability : (n, m) or (m,).

    Returns
    -------
    settlements : (n, issues); deals : (n,) number of exchanges made.

    Examples
    --------
    Two actors, each to have its way where it cares more:

    >>> settled, deals = exchange([[[0.0, 100.0], [0.0, 100.0]]], [[[0.9, 0.1], [0.1, 0.9]]], [1.0, 1.0])
    >>> settled.round(1).tolist(), deals.tolist()
    ([[0.0, 100.0]], [1])
    """
    ends = np.stack([np.asarray(positions, dtype=float)] * 2)
    x = ends[0]
    n, _, m = x.shape
    s = np.ascontiguousarray(np.broadcast_to(np.asarray(salience, dtype=float), x.shape))
    c = np.ascontiguousarray(np.broadcast_to(np.asarray(capability, dtype=float), (n, m)))
    deals = np.zeros((2, n), dtype=np.int64)
    for last in (False, True):
        _exchange(ends[int(last)], s, c, last, deals[int(last)])
    w = s * c[:, None, :]
    return (w * ends.mean(axis=0)).sum(-1) / w.sum(-1), deals[0]


@kernel
def _exchange(x: Floats, salience: Floats, capability: Floats, last: bool, deals: Ints) -> None:
    """Move the positions `x` (n, issues, m) in place, deal by deal, and count `deals` (n,); salience as x, capability (n, m)."""
    n, issues, m = x.shape
    for d in range(n):
        gave = np.zeros((issues, m), dtype=np.bool_)
        power = salience[d] * capability[d]
        while True:
            gain, a, b, i, j, move_a, move_b = _best_deal(x[d], salience[d], power, gave, last)
            if gain <= 1e-9:
                break
            x[d, a, i] += move_a * (x[d, a, j] - x[d, a, i])
            x[d, b, j] += move_b * (x[d, b, i] - x[d, b, j])
            gave[a, i] = True
            gave[b, j] = True
            deals[d] += 1


@kernel
def _best_deal(
    x: Floats, salience: Floats, power: Floats, gave: Bools, last: bool
) -> tuple[float, int, int, int, int, float, float]:
    """The deal with the largest gain: gain, issues a and b, actors i and j, shares of the way that i moves on a and j on b.

    x, salience, power, gave : (issues, m); `gave` says who has given way on an issue already. Of deals that are alike the first
    is taken, or the `last`.
    """
    issues, m = x.shape
    best = (1e-9, 0, 0, 0, 0, 0.0, 0.0)
    least = 0.0
    for a in range(issues):
        for b in range(issues):
            total_a, total_b = power[a].sum(), power[b].sum()
            if a == b or total_a <= 0.0 or total_b <= 0.0:
                continue
            out_a = (power[a] * x[a]).sum() / total_a
            out_b = (power[b] * x[b]).sum() / total_b
            for i in range(m):
                for j in range(m):
                    if i == j or gave[a, i] or gave[b, j]:
                        continue
                    if (x[a, i] - out_a) * (x[a, j] - out_a) >= 0.0 or (x[b, i] - out_b) * (x[b, j] - out_b) >= 0.0:
                        continue
                    # How far the outcomes can shift if i gives way on a and j on b.
                    far_a = power[a, i] * abs(x[a, i] - x[a, j]) / total_a
                    far_b = power[b, j] * abs(x[b, i] - x[b, j]) / total_b
                    both_a, both_b = salience[a, i] + salience[a, j], salience[b, i] + salience[b, j]
                    if min(both_a, both_b, far_a, far_b) <= 0.0:
                        continue
                    # Shifts in the proportion that makes the two gain alike.
                    scale = min(far_a * both_a, far_b * both_b)
                    shift_a, shift_b = scale / both_a, scale / both_b
                    gain = salience[b, i] * shift_b - salience[a, i] * shift_a
                    # Of deals that are worth the same the one that shifts the outcomes least, in whatever order they come.
                    more, further = gain - best[0], shift_a + shift_b - least
                    if more > 1e-9 or (more > -1e-9 and (further < -1e-9 or (last and further < 1e-9))):
                        best = (gain, a, b, i, j, shift_a / far_a, shift_b / far_b)
                        least = shift_a + shift_b
    return best


# -- how far off it may be -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mixture:
    """Weights of the mixture: positions, normal about the mean with a standard deviation, uniform floor; they sum to 1."""

    positions: float
    normal: float
    uniform: float
    deviation: float

    def cdf(self, positions: ArrayLike, weights: ArrayLike, points: Floats) -> Floats:
        """Distribution function (n, g) at points (g,) of the scale; weights (n, m) are capability times salience."""
        parts = components(positions, weights, points, self.deviation)
        return np.asarray(self.positions * parts[0] + self.normal * parts[1] + self.uniform * parts[2])


def components(positions: ArrayLike, weights: ArrayLike, points: Floats, deviation: float) -> Floats:
    """Distribution functions of the three parts, (3, n, g)."""
    x, w = _paired(positions, weights)
    total = w.sum(axis=1)
    mean = (x * w).sum(axis=1) / total
    stand = np.stack([(w * (x <= p)).sum(axis=1) for p in points], axis=1) / total[:, None]
    about = ndtr((points[None, :] - mean[:, None]) / deviation)
    # The tails beyond the scale lie at its ends.
    about = np.where(points >= 100.0, 1.0, np.where(points < 0.0, 0.0, about))
    floor = np.broadcast_to(np.clip(points / 100.0, 0.0, 1.0), stand.shape)
    return np.stack([stand, about, floor])


def quantile(cdf: Floats, points: Floats, levels: Sequence[float]) -> Floats:
    """Points of the scale at which a distribution function (g,) reaches the levels."""
    at = np.searchsorted(cdf, np.asarray(levels) - 1e-12)
    return np.asarray(np.where(at < len(points), points[np.minimum(at, len(points) - 1)], 100.0))


#: Fitted on the 353 outcomes of DEU III (`python tools/validation/deu.py` prints these figures).
FITTED = Mixture(0.411, 0.381, 0.208, 15.0)
