"""Newton's method with a modified Hessian and a backtracking line search, for log-likelihoods with exact derivatives.

Source: J. Nocedal & S. J. Wright, *Numerical Optimization*, 2nd ed. 2006, ch. 3.4 (eigenvalue modification) and 3.1 (Armijo).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Maximum", "maximise"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Maximum:
    """Where a climb ended: the point, the value there, and whether the gradient had vanished."""

    at: Floats
    value: float
    converged: bool
    steps: int


def maximise(
    value: Callable[[Floats], float],
    derivatives: Callable[[Floats], tuple[float, Floats, Floats]],
    start: Floats,
    *,
    tolerance: float = 1e-9,
    steps: int = 200,
) -> Maximum:
    """Climb from ``start``.

    Parameters
    ----------
    value : log-likelihood at a point.
    derivatives : value, gradient (p,) and Hessian (p, p) at a point.
    tolerance : stop when half the Newton decrement, the gain still expected, is below this.
    """
    point = start.astype(float)
    height, slope, curve = derivatives(point)
    for step in range(steps):
        direction, gain = _newton(slope, curve)
        if gain / 2 < tolerance:
            return Maximum(point, height, True, step)
        reached = _climb(value, point, direction, height, gain)
        if reached is None:
            return Maximum(point, height, gain < 1e-5, step)
        point = reached
        height, slope, curve = derivatives(point)
    return Maximum(point, height, False, steps)


def _newton(slope: Floats, curve: Floats) -> tuple[Floats, float]:
    """Uphill direction and the squared Newton decrement, in coordinates scaled by the curvature's diagonal."""
    size = np.sqrt(np.maximum(np.abs(np.diag(curve)), 1e-12))
    roots, axes = np.linalg.eigh(-curve / np.outer(size, size))
    bent = np.maximum(np.abs(roots), 1e-8 * max(1.0, float(np.abs(roots).max(initial=0.0))))
    direction = (axes @ ((axes.T @ (slope / size)) / bent)) / size
    return direction, float(slope @ direction)


def _climb(
    value: Callable[[Floats], float], point: Floats, direction: Floats, height: float, gain: float
) -> Floats | None:
    length = 1.0
    for _ in range(40):
        trial = point + length * direction
        there = value(trial)
        if np.isfinite(there) and there >= height + 1e-4 * length * gain - 1e-12 * abs(height):
            return trial
        length /= 2
    return None
