"""Newton's method with a modified Hessian and a backtracking line search, for log-likelihoods with exact derivatives.

Source: J. Nocedal & S. J. Wright, *Numerical Optimization*, 2nd ed. 2006, ch. 3.4 (eigenvalue modification) and 3.1 (Armijo).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vetopoint.arrays import Floats


@dataclass(frozen=True)
class Maximum:
    """Where a climb ended: the point, the value and Hessian there, and whether the gradient had vanished."""

    at: Floats
    value: float
    curve: Floats
    converged: bool


def maximise(
    value: Callable[[Floats], float],
    derivatives: Callable[[Floats], tuple[float, Floats, Floats]],
    start: Floats,
    *,
    tolerance: float = 1e-8,
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
    if not (np.isfinite(height) and np.isfinite(slope).all() and np.isfinite(curve).all()):
        return Maximum(point, -np.inf, curve, False)
    for _ in range(steps):
        direction, gain = _newton(slope, curve)
        if gain / 2 < tolerance:
            # The step is at hand, and near the top it squares the error that is left.
            return Maximum(point + direction, height + gain / 2, curve, True)
        # The full step is nearly always taken, so its derivatives are asked for at once.
        there, next_slope, next_curve = derivatives(point + direction)
        usable = np.isfinite(there) and np.isfinite(next_slope).all() and np.isfinite(next_curve).all()
        if usable and there >= height + 1e-4 * gain - 1e-12 * abs(height):
            point, height, slope, curve = point + direction, there, next_slope, next_curve
            continue
        length = _shorten(value, point, direction, height, gain)
        if length == 0.0:
            return Maximum(point, height, curve, gain < 1e-5)
        point = point + length * direction
        height, slope, curve = derivatives(point)
        if not (np.isfinite(slope).all() and np.isfinite(curve).all()):
            return Maximum(point, height, np.zeros_like(curve), False)
    return Maximum(point, height, curve, False)


def _newton(slope: Floats, curve: Floats) -> tuple[Floats, float]:
    """Uphill direction and the squared Newton decrement, in coordinates scaled by the curvature's diagonal."""
    size = np.sqrt(np.maximum(np.abs(np.diag(curve)), 1e-12))
    roots, axes = np.linalg.eigh(-curve / np.outer(size, size))
    bent = np.maximum(np.abs(roots), 1e-8 * max(1.0, float(np.abs(roots).max(initial=0.0))))
    direction = (axes @ ((axes.T @ (slope / size)) / bent)) / size
    return direction, float(slope @ direction)


def _shorten(value: Callable[[Floats], float], point: Floats, direction: Floats, height: float, gain: float) -> float:
    """Largest halved step that climbs enough; 0 where none does."""
    length = 0.5
    for _ in range(25):
        there = value(point + length * direction)
        if np.isfinite(there) and there >= height + 1e-4 * length * gain - 1e-12 * abs(height):
            return length
        length /= 2
    return 0.0
