"""Conditional logit with a normal prior: choice among alternatives by their attributes.

P(a) ∝ exp(x_a · θ) (McFadden 1974, in Zarembka (ed.), *Frontiers in Econometrics*, 105-142), the quantal response of one decision maker.
The posterior mode under θ ~ N(m, diag s²) is found by Newton's method; the objective is strictly concave.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vetopoint.arrays import Floats

__all__ = ["choice_probabilities", "fit_choice"]


def choice_probabilities(attributes: Any, theta: Any) -> Floats:
    """Probability of each alternative, (n, alternatives), from ``attributes`` (n, alternatives, k) and ``theta`` (k,).

    Examples
    --------
    >>> choice_probabilities([[[0.0], [1.0]]], [0.0]).tolist()
    [[0.5, 0.5]]
    """
    worth = np.asarray(attributes, dtype=np.float64) @ np.asarray(theta, dtype=np.float64)
    weight = np.exp(worth - worth.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def fit_choice(attributes: Any, chosen: Any, mean: Any, spread: Any, steps: int = 50) -> Floats:
    """Posterior mode of θ.

    Parameters
    ----------
    attributes : (n, alternatives, k).
    chosen : (n,) number of the alternative that was chosen.
    mean, spread : (k,) mean and standard deviation of the normal prior.

    Returns
    -------
    (k,)
    """
    x, y = np.asarray(attributes, dtype=np.float64), np.asarray(chosen, dtype=np.int64)
    centre, precision = np.asarray(mean, dtype=np.float64), 1.0 / np.asarray(spread, dtype=np.float64) ** 2
    theta = centre.copy()
    for _ in range(steps):
        p = choice_probabilities(x, theta)
        expected = np.einsum("na,nak->nk", p, x)
        slope = (x[np.arange(len(y)), y] - expected).sum(axis=0) - precision * (theta - centre)
        curvature = np.einsum("na,nak,nal->kl", p, x, x) - expected.T @ expected + np.diag(precision)
        step = np.clip(np.linalg.solve(curvature, slope), -2.0, 2.0)
        theta = theta + step
        if np.abs(step).max(initial=0.0) < 1e-10:
            break
    return theta
