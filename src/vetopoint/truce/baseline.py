"""Baseline hazard of a truce's end without any presence: log-normal, with Weibull as the stated alternative.

The cumulative hazard is H0(t) = -ln S0(t), with S0(t) = 1 - Φ((ln t - μ)/σ) (log-normal) or exp(-(t/e^μ)^k) (Weibull). Parameters
are drawn from the bivariate normal of their maximum-likelihood estimates in (μ, ln shape), where the shape is σ or k.
Lawless (2003), *Statistical Models and Methods for Lifetime Data*, §§1.3, 5.1.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

import numpy as np
from scipy import special

from vetopoint.arrays import Floats

__all__ = ["Baseline", "Kind", "cumulative_hazard", "load_baseline", "parameters"]

Kind = Literal["lognormal", "weibull"]

# Beyond this standard score ndtr loses so much of its tail that its logarithm is no longer good to 1e-12.
_FAR = 7.0


@dataclass(frozen=True)
class Baseline:
    """Estimates of one baseline: location μ (log months) and log shape (ln σ or ln k), with their covariance."""

    kind: Kind
    mu: float
    sd_mu: float
    log_shape: float
    sd_log_shape: float
    covariance: float
    source: str = ""
    status: str = "re-derived"
    note: str = ""

    def quantile(self, share: float) -> float:
        """Month by which this share of truces has ended, at the point estimate."""
        shape = float(np.exp(self.log_shape))
        if self.kind == "lognormal":
            return float(np.exp(self.mu + shape * special.ndtri(share)))
        return float(np.exp(self.mu + np.log(-np.log1p(-share)) / shape))


def load_baseline(kind: Kind) -> Baseline:
    """Read the shipped estimates of one baseline."""
    text = resources.files("vetopoint.truce").joinpath("data/baselines.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        if row["kind"] == kind:
            numbers = {k: float(row[k]) for k in ("mu", "sd_mu", "log_shape", "sd_log_shape", "covariance")}
            return Baseline(kind=kind, **numbers, source=row["source"], status=row["status"], note=row["note"])
    raise ValueError(f"no baseline '{kind}' → use lognormal or weibull")


def parameters(baseline: Baseline, uniforms: Any) -> tuple[Floats, Floats]:
    """Draw (μ, ln shape) from their bivariate normal.

    Parameters
    ----------
    baseline : estimates.
    uniforms : (n, 2) in (0, 1).

    Returns
    -------
    mu, log_shape : (n,) each.
    """
    z = special.ndtri(np.asarray(uniforms, dtype=np.float64))
    rho = baseline.covariance / (baseline.sd_mu * baseline.sd_log_shape) if baseline.covariance else 0.0
    mu = baseline.mu + baseline.sd_mu * z[:, 0]
    log_shape = baseline.log_shape + baseline.sd_log_shape * (rho * z[:, 0] + np.sqrt(1.0 - rho * rho) * z[:, 1])
    return mu, log_shape


def cumulative_hazard(kind: Kind, mu: Any, log_shape: Any, times: Any) -> Floats:
    """Cumulative baseline hazard H0 at given times.

    Parameters
    ----------
    kind : ``"lognormal"`` or ``"weibull"``.
    mu, log_shape : (n,) location in log months, log of σ (log-normal) or of k (Weibull).
    times : (T,) months, not negative.

    Returns
    -------
    (n, T) float64; 0 where the time is 0.

    Examples
    --------
    >>> h = cumulative_hazard("weibull", [0.0], [0.0], [0.0, 1.0, 2.0])  # unit exponential
    >>> h.tolist()
    [[0.0, 1.0, 2.0]]
    """
    t = np.asarray(times, dtype=np.float64)
    location = np.asarray(mu, dtype=np.float64)[:, None]
    log_k = np.asarray(log_shape, dtype=np.float64)[:, None]
    with np.errstate(divide="ignore"):
        log_t = np.log(t)
    if kind == "weibull":
        return np.asarray(np.exp(np.exp(log_k) * (log_t - location)))
    z = (location - log_t) * np.exp(-log_k)  # = minus the standard score
    if z.size and z.min() < -_FAR:
        return np.asarray(-special.log_ndtr(z))
    special.ndtr(z, out=z)
    np.log(z, out=z)
    return np.asarray(np.negative(z, out=z))
