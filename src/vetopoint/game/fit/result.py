"""What an estimation returns: coefficients with their uncertainty, as a table and as quantities that a case can use."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from vetopoint.arrays import Floats
from vetopoint.errors import SolverError

__all__ = ["FitResult", "Row"]


@dataclass(frozen=True)
class Row:
    """One coefficient: estimate, standard error, z and the two-sided p of z under the normal law."""

    name: str
    estimate: float
    se: float
    z: float
    p: float


@dataclass(frozen=True)
class FitResult:
    """Maximum-likelihood estimates of a strategic model.

    Attributes
    ----------
    names : coefficients.
    coefficients : (p,) float64.
    covariance : (p, p) float64, by ``errors``.
    loglik : log-likelihood at the estimate, without the penalty.
    n : observations.
    method : error, link and penalty, in words.
    errors : ``hessian``, ``sandwich`` or ``bootstrap``.
    converged : whether the gradient vanished at the best start.
    start_values : log-likelihoods (with penalty) at which the starts ended, best first.
    warnings : what a reader must know: starts that disagree, near-separation, failed resamples.
    """

    names: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    loglik: float
    n: int
    method: str
    errors: str
    converged: bool
    start_values: tuple[float, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @property
    def se(self) -> Floats:
        """(p,) standard errors; nan where the covariance is not positive."""
        variance = np.diag(self.covariance)
        return np.sqrt(np.where(variance > 0, variance, np.nan))

    @property
    def aic(self) -> float:
        """Akaike's criterion, 2 p - 2 log-likelihood."""
        return 2 * len(self.names) - 2 * self.loglik

    def __getitem__(self, name: str) -> float:
        return float(self.coefficients[self.names.index(name)])

    def table(self) -> list[Row]:
        """One row a coefficient."""
        rows = []
        for name, estimate, se in zip(self.names, self.coefficients.tolist(), self.se.tolist(), strict=True):
            z = estimate / se if se > 0 else math.nan
            rows.append(Row(name, estimate, se, z, math.erfc(abs(z) / math.sqrt(2))))
        return rows

    def as_quantities(self) -> dict[str, str]:
        """Coefficient to distribution in the case language, such as ``normal(-0.4525, 0.25)``.

        Raises
        ------
        SolverError
            A standard error is not a positive number: the data do not identify that coefficient.
        """
        loose = [row.name for row in self.table() if not row.se > 0]
        if loose:
            raise SolverError(f"no standard error for {', '.join(loose)} → use a penalty, or fix that coefficient")
        return {row.name: f"normal({row.estimate:.6g}, {row.se:.6g})" for row in self.table()}

    def correlations(self, least: float = 0.01) -> list[tuple[str, str, float]]:
        """Pairs of coefficients with their correlation, as `correlate:` of a case takes them; small ones left out."""
        scale = self.se
        pairs = []
        for i in range(len(self.names)):
            for j in range(i):
                r = float(self.covariance[i, j] / (scale[i] * scale[j]))
                if abs(r) >= least:
                    pairs.append((self.names[j], self.names[i], round(r, 4)))
        return pairs

    def draws(self, n: int, seed: int) -> dict[str, Floats]:
        """Coefficient to (n,) draws from the normal law of the estimates, correlated as estimated."""
        rng = np.random.default_rng(seed)
        sample = rng.multivariate_normal(self.coefficients, self.covariance, size=n, method="eigh")
        return {name: sample[:, k] for k, name in enumerate(self.names)}
