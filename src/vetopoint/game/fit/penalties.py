"""Penalties that keep estimates finite where the data separate the outcomes.

Sources: D. Firth (1993), "Bias reduction of maximum likelihood estimates", *Biometrika* 80 (Jeffreys' prior, ½ log det of the
expected information); A. Gelman, A. Jakulin, M. G. Pittau & Y.-S. Su (2008), *Annals of Applied Statistics* 2 (Cauchy, scale 2.5);
S. Greenland & M. A. Mansournia (2015), *Statistics in Medicine* 34 (log-F(m, m)). For strategic models:
C. Crisman-Cox, O. Gasparyan & C. S. Signorino (2022), *Political Analysis*.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.special import expit

from vetopoint.arrays import Floats
from vetopoint.game.fit._likelihood import Likelihood, Sums

__all__ = ["DEFAULT_WIDTH", "Penalty", "penalised"]

Penalty = Literal["none", "firth", "cauchy", "log-f"]
DEFAULT_WIDTH = {"none": 1.0, "firth": 0.5, "cauchy": 2.5, "log-f": 1.0}


def penalised(
    model: Likelihood,
    coefficients: Floats,
    penalty: Penalty,
    width: float,
    order: int,
    weights: Floats | None = None,
) -> Sums:
    """Log-likelihood plus penalty, with derivatives up to ``order``.

    ``width`` is Firth's power of det I (½ is Jeffreys' prior), the scale of the Cauchy, or m of the log-F(m, m). Firth's term has no
    cheap Hessian; its curvature is left out of the Newton step (not out of the gradient), as in Fisher scoring.
    """
    sums = model.sums(coefficients, order, weights)
    if penalty == "none":
        return sums
    if penalty == "firth":
        gradient = _firth_slope(model, coefficients, width) if order else np.zeros_like(coefficients)
        curve = -model.information(coefficients) if order > 1 else sums.hessian
        return Sums(sums.value + _firth(model, coefficients, width), sums.gradient + gradient, curve)
    if penalty == "cauchy":
        ratio = coefficients / width
        down = 1 + ratio**2
        curve = np.diag(-2 / width**2 * (1 - ratio**2) / down**2)
        return Sums(
            sums.value - float(np.log(down).sum()), sums.gradient - 2 * ratio / (width * down), sums.hessian + curve
        )
    share = expit(coefficients)
    value = float(np.sum(width / 2 * coefficients - width * np.logaddexp(0.0, coefficients)))
    curve = np.diag(-width * share * (1 - share))
    return Sums(sums.value + value, sums.gradient + width / 2 - width * share, sums.hessian + curve)


def _firth(model: Likelihood, coefficients: Floats, power: float) -> float:
    information = model.information(coefficients)
    if not np.isfinite(information).all():
        return -np.inf
    sign, logdet = np.linalg.slogdet(information)
    return float(power * logdet) if sign > 0 else -np.inf


def _firth_slope(model: Likelihood, coefficients: Floats, power: float) -> Floats:
    """Gradient of the log-determinant by central differences of the exact information."""
    slope = np.empty_like(coefficients)
    for k in range(coefficients.size):
        step = np.zeros_like(coefficients)
        step[k] = 1e-5 * max(1.0, abs(coefficients[k]))
        up, down = _firth(model, coefficients + step, power), _firth(model, coefficients - step, power)
        slope[k] = (up - down) / (2 * step[k])
    return slope
