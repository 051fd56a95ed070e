"""Back-test on past plans: three classes, log score and Brier score, one conflict left out at a time.

What is predicted for a plan never depends on rows of its own conflict: the shipped table without that conflict trains model and baselines
alike, whatever file is scored. A file's own outcomes are read only to score. The Brier score is the sum over the three classes of
squared differences (Brier 1950, *Monthly Weather Review* 78:1-3).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Floats
from vetopoint.errors import CaseError, Problem
from vetopoint.truce.consent import CLASSES, fate, fit_consent
from vetopoint.truce.history import Plan, load_plans, read_plans

__all__ = ["Comparison", "Predictions", "backtest", "compare", "predict"]

_RESAMPLES = 2_000


@dataclass(frozen=True)
class Predictions:
    """Probabilities of the three classes for each plan, (n, 3) each.

    ``model`` and ``base_rate`` know the proposal only; ``model_given_consent`` and ``conditional_rate`` know the consents too.
    """

    plans: tuple[Plan, ...]
    model: Floats
    base_rate: Floats
    model_given_consent: Floats
    conditional_rate: Floats


@dataclass(frozen=True)
class Comparison:
    """Model minus baseline in mean log score (nats), with a 90 % interval from resampling conflicts, and P(better)."""

    difference: float
    lo: float
    hi: float
    better: float


def _smoothed(plans: Sequence[Plan]) -> Floats:
    """Rate of each class, add-one smoothed."""
    counts = np.bincount([fate(p) for p in plans], minlength=len(CLASSES)) + 1.0
    return np.asarray(counts / counts.sum())


def predict(plans: Sequence[Plan]) -> Predictions:
    """Predict plans from the shipped table, each without the rows of its own conflict."""
    shipped = load_plans()
    n, k = len(plans), len(CLASSES)
    found = Predictions(tuple(plans), *(np.empty((n, k)) for _ in range(4)))
    for conflict in sorted({p.conflict for p in plans}):
        rows = [i for i, p in enumerate(plans) if p.conflict == conflict]
        training = [p for p in shipped if p.conflict != conflict]
        fitted, asked = fit_consent(training), [plans[i] for i in rows]
        found.model[rows] = fitted.at_proposal(asked)
        found.model_given_consent[rows] = fitted.given_consents(asked)
        found.base_rate[rows] = _smoothed(training)
        for i in rows:
            answer = plans[i]["consent_government"]
            found.conditional_rate[i] = _smoothed([p for p in training if p["consent_government"] == answer])
    return found


def _log_scores(predicted: Floats, fates: NDArray[np.int64]) -> Floats:
    return np.asarray(np.log(predicted[np.arange(len(fates)), fates]))


def _scores(predicted: Floats, fates: NDArray[np.int64]) -> dict[str, float]:
    happened = np.eye(len(CLASSES))[fates]
    return {
        "log_score": float(_log_scores(predicted, fates).mean()),
        "brier": float(((predicted - happened) ** 2).sum(axis=1).mean()),
    }


def _load(path: str | Path | None) -> tuple[tuple[Plan, ...], NDArray[np.int64]]:
    plans = load_plans() if path is None else read_plans(path)
    if not plans:
        raise CaseError(Problem("no plans", "give at least one row", file=str(path)))
    try:
        return plans, np.array([fate(p) for p in plans], dtype=np.int64)
    except ValueError as error:
        raise CaseError(Problem(str(error), "", "outcome", str(path))) from error


def backtest(path: str | Path | None = None) -> dict[str, Any]:
    """Score model and baselines on a file of past plans (default: the shipped ones).

    Returns
    -------
    dict
        ``n``; ``model`` and ``base_rate`` at the proposal; under ``given_consent`` ``model`` and ``conditional_rate`` (rate given the
        government's consent); each with the mean ``log_score`` in nats (higher is better) and ``brier`` (lower is better).

    Raises
    ------
    CaseError
        if the file lacks columns, rows or a known outcome.
    """
    plans, fates = _load(path)
    found = predict(plans)
    return {
        "n": len(plans),
        "model": _scores(found.model, fates),
        "base_rate": _scores(found.base_rate, fates),
        "given_consent": {
            "model": _scores(found.model_given_consent, fates),
            "conditional_rate": _scores(found.conditional_rate, fates),
        },
    }


def compare(path: str | Path | None = None, seed: int = 0) -> dict[str, Comparison]:
    """Model against both baselines, in both tables.

    Keys are ``proposal: base_rate``, ``proposal: conditional_rate`` (which knows a consent that the model must guess there),
    ``consents: base_rate`` and ``consents: conditional_rate``.
    """
    plans, fates = _load(path)
    found = predict(plans)
    model = {"proposal": found.model, "consents": found.model_given_consent}
    against = {"base_rate": found.base_rate, "conditional_rate": found.conditional_rate}
    resample = _resampler(plans, seed)
    return {
        f"{table}: {name}": _comparison(_log_scores(p, fates) - _log_scores(q, fates), resample)
        for table, p in model.items()
        for name, q in against.items()
    }


def _resampler(plans: Sequence[Plan], seed: int) -> Callable[[Floats], Floats]:
    """Bootstrap of a mean over plans that draws whole conflicts."""
    conflicts = sorted({p.conflict for p in plans})
    member = np.array([conflicts.index(p.conflict) for p in plans])
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(len(conflicts), np.full(len(conflicts), 1 / len(conflicts)), size=_RESAMPLES)
    weights = counts[:, member].astype(np.float64)
    return lambda values: np.asarray(weights @ values / weights.sum(axis=1))


def _comparison(difference: Floats, resample: Callable[[Floats], Floats]) -> Comparison:
    means = resample(difference)
    lo, hi = np.quantile(means, [0.05, 0.95])
    return Comparison(float(difference.mean()), float(lo), float(hi), float(np.mean(means > 0)))
