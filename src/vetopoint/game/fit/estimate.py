"""Maximum likelihood on any declared tree with perfect information: how it is estimated, and what comes of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vetopoint.arrays import Floats
from vetopoint.errors import SolverError
from vetopoint.game.fit.likelihood import DEFAULT_WIDTH, Likelihood, Penalty, penalised
from vetopoint.game.fit.maximise import Maximum, maximise
from vetopoint.game.fit.spec import Design, Error, Link

Errors = Literal["hessian", "sandwich", "bootstrap"]


@dataclass(frozen=True)
class Estimator:
    """How coefficients are estimated.

    Parameters
    ----------
    error : ``agent`` (each move errs on its own) or ``private`` (the mover knows something that the data do not show).
    link : ``logit`` or ``probit``; private probit puts the shocks on outcomes, private logit on actions.
    penalty : ``none``, ``firth``, ``cauchy`` or ``log-f``, against separation.
    width : scale of the penalty; None its own.
    errors : how standard errors are made; ``bootstrap`` resamples cases (or clusters) ``resamples`` times.
    starts : climbs from zero and from ``starts - 1`` random points; the best is kept, disagreement is reported (5 is a fair check).
    seed : of random starts and resamples.
    """

    error: Error = "agent"
    link: Link = "logit"
    penalty: Penalty = "none"
    width: float | None = None
    errors: Errors = "hessian"
    resamples: int = 100
    starts: int = 1
    seed: int = 0

    @property
    def scale(self) -> float:
        """Width of the penalty."""
        return DEFAULT_WIDTH[self.penalty] if self.width is None else self.width

    def __str__(self) -> str:
        kept = "" if self.penalty == "none" else f", {self.penalty} penalty {self.scale:g}"
        return f"{self.error} error, {self.link}{kept}"


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
    warnings: tuple[str, ...] = ()

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
        """Coefficient to distribution (``normal(-0.4525, 0.25)``); `SolverError` where one has no standard error."""
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


def fit_design(design: Design, how: Estimator, cluster: ArrayLike | None = None) -> FitResult:
    """Estimate the coefficients of a design; `SolverError` where the error has no closed form on its tree.

    Parameters
    ----------
    cluster : (n,) labels; sandwich and bootstrap treat equal labels as one.
    """
    model = Likelihood(design, how.error, how.link)
    rng = np.random.default_rng(how.seed)
    # A trial step may overflow; the climb sees a value that is not finite and shortens the step.
    with np.errstate(all="ignore"):
        climbs = [_climb(model, how, begin) for begin in _starts(model, how, rng)]
    climbs.sort(key=lambda m: (not m.converged, -m.value))
    best = climbs[0]
    covariance, failed = _covariance(model, best, how, _groups(cluster, design.n), rng)
    loglik = best.value if how.penalty == "none" else model.sums(best.at, 0).value
    ended = tuple(m.value for m in climbs)
    warned = tuple(_warnings(climbs, np.sqrt(np.abs(np.diag(covariance))), design, failed))
    return FitResult(
        design.names, best.at, covariance, loglik, design.n, str(how), how.errors, best.converged, ended, warned
    )


def _starts(model: Likelihood, how: Estimator, rng: np.random.Generator) -> list[Floats]:
    """Zero; the log-F estimate, which is near where the data separate; then normal points that move each index by about one.

    Firth's penalty is not defined where coefficients cannot be told apart, as at zero: it starts from the log-F estimate.
    """
    design = model.design
    spread = np.full(len(design.names), np.inf)
    for index in (*design.payoffs.values(), *design.scales.values()):
        for k, column in enumerate(index.columns):
            size = float(np.sqrt(np.mean(index.values[:, k] ** 2)))
            spread[column] = min(spread[column], 1 / max(size, 1e-6))
    spread[~np.isfinite(spread)] = 1.0
    zero = np.zeros(spread.size)
    points = [] if how.penalty == "firth" else [zero]
    if len(points) < how.starts:
        points.append(_climb(model, replace(how, penalty="log-f", width=None), zero).at)
    return [*points, *(0.5 * spread * rng.standard_normal((max(0, how.starts - len(points)), spread.size)))]


def _climb(model: Likelihood, how: Estimator, start: Floats, weights: Floats | None = None) -> Maximum:
    def derivatives(point: Floats) -> tuple[float, Floats, Floats]:
        sums = penalised(model, point, how.penalty, how.scale, 2, weights)
        return sums.value, sums.gradient, sums.hessian

    return maximise(lambda at: penalised(model, at, how.penalty, how.scale, 0, weights).value, derivatives, start)


def _covariance(
    model: Likelihood, best: Maximum, how: Estimator, groups: NDArray[np.intp], rng: np.random.Generator
) -> tuple[Floats, int]:
    """Covariance of the estimates, and how many resamples are left out of it."""
    if how.errors == "bootstrap":
        return _bootstrap(model, best.at, how, groups, rng)
    inverse = np.asarray(np.linalg.pinv(-best.curve, hermitian=True), np.float64)
    if how.errors == "hessian":
        return inverse, 0
    scores = model.scores(best.at)
    summed = np.zeros((int(groups.max()) + 1, scores.shape[1]))
    np.add.at(summed, groups, scores)
    return inverse @ (summed.T @ summed) @ inverse, 0


def _groups(cluster: ArrayLike | None, n: int) -> NDArray[np.intp]:
    if cluster is None:
        return np.arange(n)
    labels = np.asarray(cluster)
    if labels.shape != (n,):
        raise SolverError(f"cluster has shape {labels.shape}; one label for each of the {n} observations needed")
    return np.unique(labels, return_inverse=True)[1].ravel()


def _bootstrap(
    model: Likelihood, at: Floats, how: Estimator, groups: NDArray[np.intp], rng: np.random.Generator
) -> tuple[Floats, int]:
    """Covariance of re-estimates on resampled groups, and how many of them did not converge."""
    count = int(groups.max()) + 1
    kept = []
    for _ in range(how.resamples):
        weights = rng.multinomial(count, np.full(count, 1 / count))[groups].astype(float)
        climb = _climb(model, how, at, weights)
        if climb.converged:
            kept.append(climb.at)
    if len(kept) < 2:
        raise SolverError("fewer than two bootstrap resamples converged → use a penalty, or Hessian standard errors")
    return np.asarray(np.atleast_2d(np.cov(np.asarray(kept).T)), np.float64), how.resamples - len(kept)


def _warnings(climbs: Sequence[Maximum], se: Floats, design: Design, failed: int) -> list[str]:
    found = []
    best = climbs[0]
    if not best.converged:
        found.append("the climb stopped before its gradient vanished")
    lowest = min((m.value for m in climbs if m.converged), default=best.value)
    if best.value - lowest > 1e-3:
        found.append(f"several maxima: starts ended between {lowest:.4f} and {best.value:.4f}; the best is reported")
    higher = max((m.value for m in climbs if not m.converged), default=-np.inf)
    if best.converged and higher > best.value + 1e-3:
        unsettled = f"a start climbed to {higher:.4f} without settling"
        found.append(f"{unsettled}: the likelihood may have no maximum; use a penalty")
    loose = [name for name, s, b in zip(design.names, se, best.at, strict=True) if abs(b) > 10 and s > 10]
    if loose:
        found.append(f"near-separation: {', '.join(loose)} are large and loose; consider a penalty")
    if failed:
        found.append(f"{failed} bootstrap resamples did not converge and are left out")
    return found
