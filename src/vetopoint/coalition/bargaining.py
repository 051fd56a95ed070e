"""Where a dispute on one line, or on several linked ones, could settle.

References
----------
Van den Bos (1991) and Thomson et al. (2006), The European Union Decides (compromise model: mean weighted by capability
and salience); Nash (1950), The bargaining problem, with the weighted product of Kalai (1977); Schneider, Finke & Bailer
(2010), Political Studies 58:85-103, and Franchino & Mariotto (2021) for a costly no-agreement point; Stokman & Van Oosten
(1994), The exchange of voting positions, in Bueno de Mesquita & Stokman (eds) (equal-gain exchange across issues).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vetopoint.arrays import Floats
from vetopoint.kernel import kernel

__all__ = ["exchange", "leverage", "nash", "polarisation", "spread"]


#: Cost of no agreement, in units of a scale of 100, where none is declared: it is as bad as a settlement at the far end.
NO_AGREEMENT = 100.0


def nash(
    positions: ArrayLike, weights: ArrayLike, cost: ArrayLike = NO_AGREEMENT, lo: float = 0.0, hi: float = 100.0
) -> Floats:
    """Nash bargaining on a line with a costly no-agreement point.

    Actor i gains ``cost − |x − x_i|`` over no agreement; the settlement maximises the product of the gains, each to the
    power of its weight.

    Parameters
    ----------
    positions, weights : (n, m) or (m,).
    cost : (n,) or a number, the distance that is as bad as no agreement; at `hi − lo` nobody prefers none.
    lo, hi : ends of the scale.

    Returns
    -------
    (n,) float64

    Examples
    --------
    >>> float(nash([0.0, 100.0], [1.0, 1.0])[0].round(3))
    50.0
    """
    x, w = np.broadcast_arrays(np.atleast_2d(np.asarray(positions, float)), np.atleast_2d(np.asarray(weights, float)))
    k = np.broadcast_to(np.asarray(cost, dtype=float), (len(x),))[:, None]

    def worth(at: Floats) -> Floats:
        gain = np.maximum(k - np.abs(at[:, None] - x), 1e-9)
        return np.asarray((w * np.log(gain)).sum(axis=1))

    # The logarithm of the product is concave, so golden-section search finds its top; ties are a flat stretch.
    ratio = (np.sqrt(5.0) - 1.0) / 2.0
    a, b = np.full(len(x), lo), np.full(len(x), hi)
    for _ in range(48):
        left, right = b - ratio * (b - a), a + ratio * (b - a)
        up = worth(left) < worth(right)
        a, b = np.where(up, left, a), np.where(up, b, right)
    return np.asarray((a + b) / 2.0)


def leverage(positions: ArrayLike, salience: ArrayLike, capability: ArrayLike) -> Floats:
    """Change of the compromise per unit of an actor's salience, c (x − μ) / W (Napel & Widgrén 2004); (n, m)."""
    x, s, c = (np.atleast_2d(np.asarray(a, dtype=float)) for a in (positions, salience, capability))
    total = (c * s).sum(axis=1, keepdims=True)
    mean = (c * s * x).sum(axis=1, keepdims=True) / total
    return np.asarray(c * (x - mean) / total)


def spread(positions: ArrayLike, weights: ArrayLike) -> Floats:
    """Weighted standard deviation of positions, (n,)."""
    x, w = np.broadcast_arrays(np.atleast_2d(np.asarray(positions, float)), np.atleast_2d(np.asarray(weights, float)))
    mean = (w * x).sum(axis=1, keepdims=True) / w.sum(axis=1, keepdims=True)
    return np.asarray(np.sqrt((w * (x - mean) ** 2).sum(axis=1) / w.sum(axis=1)))


def polarisation(positions: ArrayLike, weights: ArrayLike, lo: float = 0.0, hi: float = 100.0) -> Floats:
    """Spread as a share of its greatest possible value, half the scale, squared: 0 agreed, 1 halves at the ends; (n,)."""
    return np.asarray((spread(positions, weights) / ((hi - lo) / 2.0)) ** 2)


def exchange(positions: ArrayLike, salience: ArrayLike, capability: ArrayLike) -> tuple[Floats, NDArray[np.int64]]:
    """Equal-gain exchange of positions across linked issues, the largest gain first.

    Two actors who stand on opposite sides of the expected outcome of two issues, one of whom cares relatively more for
    the first and the other for the second, each give way where they care less, so far that both gain alike. An actor
    gives way once on an issue. Outcomes are the means weighted by capability and salience.

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

    >>> x = [[[0.0, 100.0], [0.0, 100.0]]]
    >>> s = [[[0.9, 0.1], [0.1, 0.9]]]
    >>> settled, deals = exchange(x, s, [1.0, 1.0])
    >>> settled.round(1).tolist(), deals.tolist()
    ([[0.0, 100.0]], [1])
    """
    x = np.array(positions, dtype=float)
    n, _, m = x.shape
    s = np.ascontiguousarray(np.broadcast_to(np.asarray(salience, dtype=float), x.shape))
    c = np.ascontiguousarray(np.broadcast_to(np.asarray(capability, dtype=float), (n, m)))
    deals = np.zeros(n, dtype=np.int64)
    _exchange(x, s, c, deals)
    w = s * c[:, None, :]
    return (w * x).sum(-1) / w.sum(-1), deals


@kernel
def _exchange(x, salience, capability, deals):  # type: ignore[no-untyped-def]
    n, issues, m = x.shape
    for d in range(n):
        gave = np.zeros((issues, m), dtype=np.bool_)
        power = salience[d] * capability[d]
        while True:
            best = 1e-9
            deal = (0, 0, 0, 0)
            move_a = 0.0
            move_b = 0.0
            for a in range(issues):
                for b in range(issues):
                    if a == b:
                        continue
                    total_a, total_b = power[a].sum(), power[b].sum()
                    if total_a <= 0.0 or total_b <= 0.0:
                        continue
                    out_a = (power[a] * x[d, a]).sum() / total_a
                    out_b = (power[b] * x[d, b]).sum() / total_b
                    for i in range(m):
                        for j in range(m):
                            if i == j or gave[a, i] or gave[b, j]:
                                continue
                            if (x[d, a, i] - out_a) * (x[d, a, j] - out_a) >= 0.0:
                                continue
                            if (x[d, b, i] - out_b) * (x[d, b, j] - out_b) >= 0.0:
                                continue
                            # i gives way on a, j on b; shifts of the outcomes in the proportion that makes gains equal.
                            far_a = power[a, i] * abs(x[d, a, i] - x[d, a, j]) / total_a
                            far_b = power[b, j] * abs(x[d, b, i] - x[d, b, j]) / total_b
                            both_a = salience[d, a, i] + salience[d, a, j]
                            both_b = salience[d, b, i] + salience[d, b, j]
                            if both_a <= 0.0 or both_b <= 0.0 or far_a <= 0.0 or far_b <= 0.0:
                                continue
                            scale = min(far_a * both_a, far_b * both_b)
                            shift_a, shift_b = scale / both_a, scale / both_b
                            gain = salience[d, b, i] * shift_b - salience[d, a, i] * shift_a
                            if gain > best:
                                best = gain
                                deal = (a, b, i, j)
                                move_a = shift_a / far_a
                                move_b = shift_b / far_b
            if best <= 1e-9:
                break
            a, b, i, j = deal
            x[d, a, i] += move_a * (x[d, a, j] - x[d, a, i])
            x[d, b, j] += move_b * (x[d, b, i] - x[d, b, j])
            gave[a, i] = True
            gave[b, j] = True
            deals[d] += 1
