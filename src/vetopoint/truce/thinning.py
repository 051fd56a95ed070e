"""Latent monthly incidents of which a known share is seen: probability of each month's count given the months before it.

True incidents x_t are negative binomial with mean λ_t = μ + α · x_{t−1} and size r; each is seen with chance d_t. Then what is seen is negative
binomial with mean d_t λ_t and the same size, and what is not seen, given y_t seen, is negative binomial with size r + y_t and mean
(1 − d_t)(r + y_t) λ_t / (r + d_t λ_t) (a gamma mixture of thinned Poisson counts: McKenzie 1986, *Advances in Applied Probability*
18:679-705). A filter carries the distribution of the unseen from month to month (Rabiner 1989, *Proceedings of the IEEE* 77:257-286),
whole numbers where there are few of them, evenly spaced nodes else. A month in which nobody watched has d_t = 0 and nothing seen.
"""

from __future__ import annotations

import math

import numpy as np

from vetopoint.arrays import Floats
from vetopoint.kernel import in_order, kernel

__all__ = ["month_by_month"]

_NODES = 28
# How far the nodes reach below and above the mean of the unseen, in standard deviations.
_BELOW, _ABOVE = 4.0, 7.0
_ROWS = 64


@kernel
def _spread(weight: Floats, mean: Floats, size: float, nodes: Floats, into: Floats) -> None:
    """Put a mixture of negative binomials, weights and means (k,), on nodes: their places (_NODES,) and weights; the rest are nought."""
    whole = np.sum(weight * mean)
    spread = np.sqrt(max(np.sum(weight * (mean + mean * mean * (1.0 + 1.0 / size))) - whole * whole, 0.0))
    low = max(0.0, np.floor(whole - _BELOW * spread))
    high = np.ceil(whole + _ABOVE * spread + 2.0)
    step = max(1.0, (high - low + 1.0) / _NODES)
    for j in range(_NODES):
        nodes[j] = low + (j + 0.5) * step - 0.5
        into[j] = 0.0
    binomial = np.empty(_NODES)
    for j in range(_NODES):
        binomial[j] = math.lgamma(nodes[j] + size) - math.lgamma(size) - math.lgamma(nodes[j] + 1.0)
    row = np.empty(_NODES)
    for i in range(len(mean)):
        if weight[i] <= 0.0:
            continue
        share = mean[i] / (size + mean[i])
        none, each = size * np.log1p(-share), np.log(max(share, 1e-300))
        for j in range(_NODES):
            row[j] = np.exp(binomial[j] + none + nodes[j] * each)
        total = np.sum(row)
        if total > 0.0:
            into += row * (weight[i] / total)
    into /= np.sum(into)


@kernel
def walk(seen: Floats, detection: Floats, theta: Floats, first: float, scores: Floats, after: Floats) -> None:
    """Fill ``scores`` (k, T) and ``after`` (k,); the rest as in `month_by_month`."""
    months = len(seen)
    nodes, weight, mean = np.empty(_NODES), np.empty(_NODES), np.empty(_NODES)
    log_seen = np.empty(_NODES)
    for k in range(len(theta)):
        base, branching, size = theta[k]
        true, chance = np.zeros(1), np.ones(1)
        for t in range(months):
            n, d, y = len(true), detection[t], seen[t]
            constant = math.lgamma(y + size) - math.lgamma(size) - math.lgamma(y + 1.0)
            for i in range(n):
                expected = first if t == 0 else base + branching * true[i]
                share = d * expected / (size + d * expected)
                log_seen[i] = (
                    np.log(max(chance[i], 1e-300))
                    + constant
                    + size * np.log1p(-share)
                    + (y * np.log(share) if y > 0.0 else 0.0)
                )
                mean[i] = (1.0 - d) * (size + y) * expected / (size + d * expected)
            top = np.max(log_seen[:n])
            joint = np.exp(log_seen[:n] - top)
            total = np.sum(joint)
            scores[k, t] = top + np.log(total)
            if d < 1.0:
                _spread(joint / total, mean[:n], size + y, nodes, weight)
                true, chance = y + nodes, weight.copy()
            else:
                true, chance = np.full(1, y), np.ones(1)
        after[k] = base + branching * np.sum(true * chance)


def month_by_month(seen: Floats, detection: Floats, theta: Floats) -> tuple[Floats, Floats]:
    """Log probability of each month's count given those before it, and what to expect next, for many sets of parameters.

    Parameters
    ----------
    seen, detection : (T,) counts in consecutive months and the share of incidents seen in each; 0 and 0 where nobody watched.
    theta : (k, 3) μ, α and r.

    Returns
    -------
    scores : (k, T) in nats; the first month's starts from the series' own mean.
    after : (k,) true incidents expected in the month after the last.
    """
    watched = detection > 0
    first = float(np.mean(seen[watched] / detection[watched])) + 0.5
    scores, after = np.empty((len(theta), len(seen))), np.empty(len(theta))

    def block(start: int) -> None:
        rows = slice(start, start + _ROWS)
        walk(seen, detection, theta[rows], first, scores[rows], after[rows])

    in_order(block, range(0, len(theta), _ROWS))
    return scores, after
