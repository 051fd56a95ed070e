"""Maximum likelihood on any declared tree with perfect information."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vetopoint.arrays import Floats
from vetopoint.errors import SolverError
from vetopoint.game.fit._likelihood import Likelihood
from vetopoint.game.fit._maximise import Maximum, maximise
from vetopoint.game.fit.penalties import DEFAULT_WIDTH, Penalty, penalised
from vetopoint.game.fit.result import FitResult
from vetopoint.game.fit.spec import Design, Error, Link, TreeSpec, bind

__all__ = ["Errors", "fit", "fit_design"]

Errors = Literal["hessian", "sandwich", "bootstrap"]


def fit(
    spec: TreeSpec,
    data: Mapping[str, ArrayLike],
    outcome: ArrayLike,
    *,
    error: Error = "agent",
    link: Link = "logit",
    penalty: Penalty = "none",
    width: float | None = None,
    errors: Errors = "hessian",
    cluster: ArrayLike | None = None,
    resamples: int = 100,
    starts: int = 1,
    seed: int = 0,
) -> FitResult:
    """Estimate the coefficients of a tree's payoffs.

    Parameters
    ----------
    spec : tree and payoffs.
    data : column to (n,) numbers.
    outcome : (n,) observed outcome of each case.
    error : ``agent`` (each move errs on its own) or ``private`` (the mover knows something that the data do not show).
    link : ``logit`` or ``probit``; private probit puts the shocks on outcomes, private logit on actions.
    penalty : ``none``, ``firth``, ``cauchy`` or ``log-f``, against separation; ``width`` is its scale.
    errors : how standard errors are made; ``bootstrap`` resamples cases (or clusters) ``resamples`` times.
    cluster : (n,) labels; sandwich and bootstrap treat equal labels as one.
    starts : climbs from zero and from ``starts - 1`` random points; the best is kept, disagreement is reported (5 is a fair check).
    seed : of random starts and resamples.

    Returns
    -------
    FitResult

    Raises
    ------
    SolverError
        Unknown outcomes or columns, or a tree for which the error has no closed form.

    Examples
    --------
    >>> import numpy as np
    >>> from vetopoint.game.fit.spec import Decision, TreeSpec
    >>> spec = TreeSpec(Decision("a", {"no": "peace", "yes": "war"}), {("a", "war"): ["1"]})
    >>> result = fit(spec, {}, np.array(["war"] * 3 + ["peace"]))
    >>> round(float(np.exp(result["a(war):1"])), 6)  # the odds, 3 to 1
    3.0
    """
    design = bind(spec, data, outcome)
    return fit_design(
        design,
        error=error,
        link=link,
        penalty=penalty,
        width=width,
        errors=errors,
        cluster=cluster,
        resamples=resamples,
        starts=starts,
        seed=seed,
    )


def fit_design(
    design: Design,
    *,
    error: Error = "agent",
    link: Link = "logit",
    penalty: Penalty = "none",
    width: float | None = None,
    errors: Errors = "hessian",
    cluster: ArrayLike | None = None,
    resamples: int = 100,
    starts: int = 1,
    seed: int = 0,
) -> FitResult:
    """As `fit`, for a specification that is already bound to data."""
    if not design.names:
        raise SolverError("no unknown coefficient → give at least one payoff a list of columns")
    model = Likelihood(design, error, link)
    scale = DEFAULT_WIDTH[penalty] if width is None else width
    rng = np.random.default_rng(seed)
    # A trial step may overflow; the climb sees a value that is not finite and shortens the step.
    with np.errstate(all="ignore"):
        climbs = [_climb(model, penalty, scale, None, begin) for begin in _starts(model, penalty, starts, rng)]
    climbs.sort(key=lambda m: (not m.converged, -m.value))
    best = climbs[0]
    plain = best.value if penalty == "none" else model.sums(best.at, 0).value
    curve = best.curve
    covariance, failed = _covariance(model, best.at, curve, penalty, scale, errors, cluster, resamples, rng)
    return FitResult(
        design.names,
        best.at,
        covariance,
        plain,
        design.n,
        f"{error} error, {link}" + ("" if penalty == "none" else f", {penalty} penalty {scale:g}"),
        errors,
        best.converged,
        tuple(m.value for m in climbs),
        tuple(_warnings(climbs, np.sqrt(np.abs(np.diag(covariance))), best.at, design, failed)),
    )


def _starts(model: Likelihood, penalty: Penalty, count: int, rng: np.random.Generator) -> list[Floats]:
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
    points = [] if penalty == "firth" else [zero]
    if len(points) < count:
        points.append(_climb(model, "log-f", 1.0, None, zero).at)
    return [*points, *(0.5 * spread * rng.standard_normal((max(0, count - len(points)), spread.size)))]


def _climb(model: Likelihood, penalty: Penalty, width: float, weights: Floats | None, start: Floats) -> Maximum:
    def derivatives(point: Floats) -> tuple[float, Floats, Floats]:
        sums = penalised(model, point, penalty, width, 2, weights)
        return sums.value, sums.gradient, sums.hessian

    return maximise(lambda point: penalised(model, point, penalty, width, 0, weights).value, derivatives, start)


def _covariance(
    model: Likelihood,
    at: Floats,
    curve: Floats,
    penalty: Penalty,
    width: float,
    errors: Errors,
    cluster: ArrayLike | None,
    resamples: int,
    rng: np.random.Generator,
) -> tuple[Floats, int]:
    groups = _groups(cluster, model.design.n)
    if errors == "bootstrap":
        return _bootstrap(model, at, penalty, width, groups, resamples, rng)
    inverse = np.asarray(np.linalg.pinv(-curve, hermitian=True), np.float64)
    if errors == "hessian":
        return inverse, 0
    scores = model.scores(at)
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
    model: Likelihood,
    at: Floats,
    penalty: Penalty,
    width: float,
    groups: NDArray[np.intp],
    resamples: int,
    rng: np.random.Generator,
) -> tuple[Floats, int]:
    """Covariance of re-estimates on resampled groups, and how many of them did not converge."""
    count = int(groups.max()) + 1
    kept = []
    for _ in range(resamples):
        weights = rng.multinomial(count, np.full(count, 1 / count))[groups].astype(float)
        climb = _climb(model, penalty, width, weights, at)
        if climb.converged:
            kept.append(climb.at)
    if len(kept) < 2:
        raise SolverError("fewer than two bootstrap resamples converged → use a penalty, or Hessian standard errors")
    return np.asarray(np.atleast_2d(np.cov(np.asarray(kept).T)), np.float64), resamples - len(kept)


def _warnings(climbs: Sequence[Maximum], se: Floats, at: Floats, design: Design, failed: int) -> list[str]:
    found = []
    best = climbs[0]
    if not best.converged:
        found.append("the climb stopped before its gradient vanished")
    ended = [m.value for m in climbs if m.converged]
    if ended and best.value - min(ended) > 1e-3:
        found.append(
            f"several maxima: starts ended between {min(ended):.4f} and {best.value:.4f}; the best is reported"
        )
    higher = max((m.value for m in climbs if not m.converged), default=-np.inf)
    if best.converged and higher > best.value + 1e-3:
        found.append(
            f"a start climbed to {higher:.4f} without settling: the likelihood may have no maximum; use a penalty"
        )
    loose = [name for name, s, b in zip(design.names, se, at, strict=True) if abs(b) > 10 and s > 10]
    if loose:
        found.append(f"near-separation: {', '.join(loose)} are large and loose; consider a penalty")
    if failed:
        found.append(f"{failed} bootstrap resamples did not converge and are left out")
    return found
