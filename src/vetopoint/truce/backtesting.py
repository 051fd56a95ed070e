"""Back-test on past plans: a generic consent case, filled from each coded plan, scored one conflict left out at a time.

Two parties are asked, a sponsor decides.

1. The government answers: agrees (also under coercion, or nobody to ask), agrees in part, or refuses.
2. The opponent answers in the same three ways, having seen the government's answer.
3. The sponsor, having seen both, fields the plan, fields another form, or drops it.

Each decides by a logit response (λ absorbed in the coefficients). Refusing gains from a declared threat, from an outside power that can
block, from armed forms and regional mandates, and loses from mandates among the parties themselves. Fielding loses from each refusal, and
from an outside power behind a refusal; another form gains from a threat and where the plan was armed. Coefficients have weak normal priors with the
signs just named, the same for all plans, and are fitted to the past plans outside the conflict in question. Given the consents, the
first two steps are replaced by what happened.

Each answer is a conditional logit with a normal prior: P(a) ∝ exp(x_a · θ) (McFadden 1974, in Zarembka (ed.), *Frontiers in
Econometrics*, 105-142), the quantal response of one decision maker.

What is predicted for a plan never depends on rows of its own conflict: the shipped table without that conflict trains model and baselines
alike, whatever file is scored. A file's own outcomes are read only to score. The Brier score is the sum over the three classes of
squared differences (Brier 1950, *Monthly Weather Review* 78:1-3).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from vetopoint.arrays import Floats, Ints
from vetopoint.errors import CaseError, Problem
from vetopoint.truce.history import Plan, load_plans, read_plans

__all__ = ["CLASSES", "Comparison", "ConsentModel", "Predictions", "backtest", "compare", "fit_consent", "predict"]

#: What became of a plan.
CLASSES = ("fielded as planned", "another form", "never")
_FATE = dict(deployed_with_consent=0, deployed_without_full_consent=0, deployed_in_other_form=1, never_deployed=2)
_ANSWERS = {"yes": 0, "coerced": 0, "n/a": 0, "": 0, "partial": 1, "no": 2, "withdrawn": 2}
_REFUSAL = np.array([0.0, 0.5, 1.0])

# Answer: partial, refuse, then per degree of refusal threat, outside power, armed, regional, among the parties, the other's refusal.
_ANSWER_MEAN = np.array([-1.5, -1.0, 1.0, 0.5, 0.3, 0.3, -0.5, 0.0])
_ANSWER_SPREAD = np.array([1.5, 1.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
# Sponsor: fielding, its loss from the government's and the opponent's refusal and from a power behind it; another form, armed, threat.
_SPONSOR_MEAN = np.array([2.0, -4.0, -1.5, -0.5, 0.0, 0.5, 0.0])
_SPONSOR_SPREAD = np.array([1.5, 1.5, 1.0, 1.0, 1.0, 1.0, 1.0])
_STEPS = 50
_RESAMPLES = 2_000


def choice_probabilities(attributes: ArrayLike, theta: ArrayLike) -> Floats:
    """Probability of each alternative, (n, alternatives), from ``attributes`` (n, alternatives, k) and ``theta`` (k,).

    Examples
    --------
    >>> choice_probabilities([[[0.0], [1.0]]], [0.0]).tolist()
    [[0.5, 0.5]]
    """
    worth = np.asarray(attributes, dtype=np.float64) @ np.asarray(theta, dtype=np.float64)
    weight = np.exp(worth - worth.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def fit_choice(attributes: ArrayLike, chosen: ArrayLike, mean: ArrayLike, spread: ArrayLike) -> Floats:
    """Posterior mode (k,) of θ ~ N(mean, diag spread²), by Newton's method; the objective is strictly concave.

    Parameters
    ----------
    attributes : (n, alternatives, k).
    chosen : (n,) number of the alternative that was chosen.
    mean, spread : (k,) mean and standard deviation of the normal prior.
    """
    x, y = np.asarray(attributes, dtype=np.float64), np.asarray(chosen, dtype=np.int64)
    centre, precision = np.asarray(mean, dtype=np.float64), 1.0 / np.asarray(spread, dtype=np.float64) ** 2
    theta = centre.copy()
    for _ in range(_STEPS):
        p = choice_probabilities(x, theta)
        expected = np.einsum("na,nak->nk", p, x)
        slope = (x[np.arange(len(y)), y] - expected).sum(axis=0) - precision * (theta - centre)
        curvature = np.einsum("na,nak,nal->kl", p, x, x) - expected.T @ expected + np.diag(precision)
        step = np.clip(np.linalg.solve(curvature, slope), -2.0, 2.0)
        theta = theta + step
        if np.abs(step).max(initial=0.0) < 1e-10:
            break
    return theta


def fate(plan: Plan) -> int:
    """Class of what became of a plan; raises ``ValueError`` for an outcome that is none of the four."""
    if plan["outcome"] not in _FATE:
        raise ValueError(f"'{plan['id']}': unknown outcome '{plan['outcome']}' → use one of {', '.join(_FATE)}")
    return _FATE[plan["outcome"]]


def _known(plans: Sequence[Plan]) -> Floats:
    """What is known at the proposal, (n, 5) of 0 and 1: threat, outside power, armed, regional, among the parties."""
    known = [
        (
            p["threatened"] == "yes",
            bool(p["outside_veto_holder"]),
            p["form"] in ("armed", "hybrid"),
            p["mandate_by"] == "regional",
            p["mandate_by"] in ("bilateral", "ad_hoc_coalition"),
        )
        for p in plans
    ]
    return np.array(known, dtype=np.float64)


def _answers(plans: Sequence[Plan], column: str) -> Ints:
    return np.array([_ANSWERS.get(p[column], 1) for p in plans], dtype=np.int64)


def _answer_design(known: Floats, before: Ints | None) -> Floats:
    """(n, 3, 8) attributes of a party's answers; ``before`` (n,) is the other party's answer, if it came first."""
    x = np.zeros((len(known), 3, len(_ANSWER_MEAN)))
    x[:, 1, 0] = x[:, 2, 1] = 1.0
    x[:, :, 2:7] = _REFUSAL[:, None] * known[:, None, :]
    if before is not None:
        x[:, :, 7] = np.outer(_REFUSAL[before], _REFUSAL)
    return x


def _sponsor_design(known: Floats, government: Ints, opponent: Ints) -> Floats:
    """(n, 3, 7) attributes of fielding, another form, dropping (all zero)."""
    threat, power, armed = known[:, :3].T
    refused = np.column_stack([_REFUSAL[government], _REFUSAL[opponent]])
    x = np.zeros((len(known), 3, len(_SPONSOR_MEAN)))
    x[:, 0, 0] = x[:, 1, 4] = 1.0
    x[:, 0, 1:3] = refused
    x[:, 0, 3] = power * refused.max(axis=1)
    x[:, 1, 5] = armed - 0.5
    x[:, 1, 6] = threat
    return x


@dataclass(frozen=True)
class ConsentModel:
    """Fitted coefficients of the generic case: government, opponent, sponsor."""

    government: Floats
    opponent: Floats
    sponsor: Floats

    def given_consents(self, plans: Sequence[Plan]) -> Floats:
        """Probability of each class from proposal and consents, (n, 3)."""
        answers = (_answers(plans, "consent_government"), _answers(plans, "consent_opponent"))
        return choice_probabilities(_sponsor_design(_known(plans), *answers), self.sponsor)

    def at_proposal(self, plans: Sequence[Plan]) -> Floats:
        """Probability of each class from what is known at the proposal; the consents are predicted, (n, 3)."""
        known, n = _known(plans), len(plans)
        first = choice_probabilities(_answer_design(known, None), self.government)
        total = np.zeros((n, len(CLASSES)))
        for g in range(3):
            government = np.full(n, g)
            second = choice_probabilities(_answer_design(known, government), self.opponent)
            for o in range(3):
                last = choice_probabilities(_sponsor_design(known, government, np.full(n, o)), self.sponsor)
                total += (first[:, g] * second[:, o])[:, None] * last
        return total


def fit_consent(plans: Sequence[Plan]) -> ConsentModel:
    """Fit the generic case to past plans; reads form, mandate, veto holder, threat, both consents and the outcome."""
    known = _known(plans)
    government, opponent = _answers(plans, "consent_government"), _answers(plans, "consent_opponent")
    fates = np.array([fate(p) for p in plans], dtype=np.int64)
    return ConsentModel(
        fit_choice(_answer_design(known, None), government, _ANSWER_MEAN, _ANSWER_SPREAD),
        fit_choice(_answer_design(known, government), opponent, _ANSWER_MEAN, _ANSWER_SPREAD),
        fit_choice(_sponsor_design(known, government, opponent), fates, _SPONSOR_MEAN, _SPONSOR_SPREAD),
    )


@dataclass(frozen=True)
class Predictions:
    """Probabilities of the three classes for each plan, (n, 3) each.

    ``model`` and ``base_rate`` know the proposal only; ``model_given_consent`` and ``conditional_rate`` know the consents too.
    """

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
    found = Predictions(*(np.empty((len(plans), len(CLASSES))) for _ in range(4)))
    for conflict in sorted({p.conflict for p in plans}):
        rows = [i for i, p in enumerate(plans) if p.conflict == conflict]
        training = [p for p in load_plans() if p.conflict != conflict]
        fitted, asked = fit_consent(training), [plans[i] for i in rows]
        found.model[rows] = fitted.at_proposal(asked)
        found.model_given_consent[rows] = fitted.given_consents(asked)
        found.base_rate[rows] = _smoothed(training)
        for i in rows:
            answer = plans[i]["consent_government"]
            found.conditional_rate[i] = _smoothed([p for p in training if p["consent_government"] == answer])
    return found


def _log_scores(predicted: Floats, fates: Ints) -> Floats:
    return np.asarray(np.log(predicted[np.arange(len(fates)), fates]))


def _scores(predicted: Floats, fates: Ints) -> dict[str, float]:
    brier = ((predicted - np.eye(len(CLASSES))[fates]) ** 2).sum(axis=1).mean()
    return {"log_score": float(_log_scores(predicted, fates).mean()), "brier": float(brier)}


def _load(path: str | Path | None) -> tuple[tuple[Plan, ...], Ints]:
    plans = load_plans() if path is None else read_plans(path)
    if not plans:
        raise CaseError(Problem("no plans", "give at least one row", file=str(path)))
    try:
        return plans, np.array([fate(p) for p in plans], dtype=np.int64)
    except ValueError as error:
        raise CaseError(Problem(str(error), "", "outcome", str(path))) from error


def backtest(path: str | Path | None = None) -> dict[str, Any]:
    """Score model and baselines on a file of past plans (default: the shipped ones).

    Returns ``n``; ``model`` and ``base_rate`` at the proposal; under ``given_consent`` ``model`` and
    ``conditional_rate`` (rate given the government's consent); each with the mean ``log_score`` in nats (higher is
    better) and ``brier`` (lower is better).

    Raises
    ------
    CaseError
        if the file lacks columns, rows or a known outcome.
    """
    plans, fates = _load(path)
    scores = {name: _scores(predicted, fates) for name, predicted in vars(predict(plans)).items()}
    given = {"model": scores["model_given_consent"], "conditional_rate": scores["conditional_rate"]}
    return {"n": len(plans), "model": scores["model"], "base_rate": scores["base_rate"], "given_consent": given}


def compare(path: str | Path | None = None, seed: int = 0) -> dict[str, Comparison]:
    """Model against both baselines, in both tables.

    Keys are ``proposal: base_rate``, ``proposal: conditional_rate`` (which knows a consent that the model must guess there),
    ``consents: base_rate`` and ``consents: conditional_rate``.
    """
    plans, fates = _load(path)
    scores = {name: _log_scores(predicted, fates) for name, predicted in vars(predict(plans)).items()}
    weights = _resampled(plans, seed)
    return {
        f"{table}: {name}": _comparison(scores[model] - scores[name], weights)
        for table, model in (("proposal", "model"), ("consents", "model_given_consent"))
        for name in ("base_rate", "conditional_rate")
    }


def _resampled(plans: Sequence[Plan], seed: int) -> Floats:
    """How often each plan counts in each bootstrap sample that draws whole conflicts, (resamples, n)."""
    conflicts = sorted({p.conflict for p in plans})
    member = [conflicts.index(p.conflict) for p in plans]
    shares = np.full(len(conflicts), 1 / len(conflicts))
    counts = np.random.default_rng(seed).multinomial(len(conflicts), shares, size=_RESAMPLES)
    return counts[:, member].astype(np.float64)


def _comparison(difference: Floats, weights: Floats) -> Comparison:
    means = weights @ difference / weights.sum(axis=1)
    lo, hi = np.quantile(means, [0.05, 0.95])
    return Comparison(float(difference.mean()), float(lo), float(hi), float(np.mean(means > 0)))
