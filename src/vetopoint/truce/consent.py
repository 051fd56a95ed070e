"""A generic consent case, filled from one coded plan: two parties are asked, a sponsor decides.

1. The government answers: agrees (also under coercion, or nobody to ask), agrees in part, or refuses.
2. The opponent answers in the same three ways, having seen the government's answer.
3. The sponsor, having seen both, fields the plan, fields another form, or drops it.

Each decides by a logit response (λ absorbed in the coefficients). Refusing gains from a declared threat, from an outside power that can
block, from armed forms and regional mandates, and loses from mandates among the parties themselves. Fielding loses from each refusal, and
from an outside power behind a refusal; another form gains from a threat and where the plan was armed. Coefficients have weak normal priors with the
signs just named, the same for all plans, and are fitted to the past plans outside the conflict in question. Given the consents, the
first two steps are replaced by what happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Floats
from vetopoint.truce.choice import choice_probabilities, fit_choice
from vetopoint.truce.history import Plan

__all__ = ["CLASSES", "ConsentModel", "fate", "fit_consent"]

Ints = NDArray[np.int64]

#: What became of a plan.
CLASSES = ("fielded as planned", "another form", "never")
_FATE = {
    "deployed_with_consent": 0,
    "deployed_without_full_consent": 0,
    "deployed_in_other_form": 1,
    "never_deployed": 2,
}
_ANSWERS = {"yes": 0, "coerced": 0, "n/a": 0, "": 0, "partial": 1, "no": 2, "withdrawn": 2}
_REFUSAL = np.array([0.0, 0.5, 1.0])

# Answer: partial, refuse, then per degree of refusal threat, outside power, armed, regional, among the parties, the other's refusal.
_ANSWER_MEAN = np.array([-1.5, -1.0, 1.0, 0.5, 0.3, 0.3, -0.5, 0.0])
_ANSWER_SPREAD = np.array([1.5, 1.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
# Sponsor: fielding, its loss from the government's and the opponent's refusal and from a power behind it; another form, armed, threat.
_SPONSOR_MEAN = np.array([2.0, -4.0, -1.5, -0.5, 0.0, 0.5, 0.0])
_SPONSOR_SPREAD = np.array([1.5, 1.5, 1.0, 1.0, 1.0, 1.0, 1.0])


def fate(plan: Plan) -> int:
    """Class of what became of a plan; raises ``ValueError`` for an outcome that is none of the four."""
    if plan["outcome"] not in _FATE:
        raise ValueError(f"'{plan['id']}': unknown outcome '{plan['outcome']}' → use one of {', '.join(_FATE)}")
    return _FATE[plan["outcome"]]


@dataclass(frozen=True)
class _Known:
    """What is known when a plan is proposed, (n,) each, 0 or 1."""

    threat: Floats
    power: Floats
    armed: Floats
    regional: Floats
    among_parties: Floats

    @classmethod
    def of(cls, plans: Sequence[Plan]) -> _Known:
        def flag(values: Sequence[bool]) -> Floats:
            return np.array(values, dtype=np.float64)

        return cls(
            threat=flag([p["threatened"] == "yes" for p in plans]),
            power=flag([bool(p["outside_veto_holder"]) for p in plans]),
            armed=flag([p["form"] in ("armed", "hybrid") for p in plans]),
            regional=flag([p["mandate_by"] == "regional" for p in plans]),
            among_parties=flag([p["mandate_by"] in ("bilateral", "ad_hoc_coalition") for p in plans]),
        )


def _answers(plans: Sequence[Plan], column: str) -> Ints:
    return np.array([_ANSWERS.get(p[column], 1) for p in plans], dtype=np.int64)


def _answer_design(known: _Known, before: Ints | None) -> Floats:
    """(n, 3, 8) attributes of a party's answers; ``before`` (n,) is the other party's answer, if it came first."""
    x = np.zeros((len(known.threat), 3, len(_ANSWER_MEAN)))
    x[:, 1, 0] = x[:, 2, 1] = 1.0
    for answer in (1, 2):
        degree = _REFUSAL[answer]
        features = (known.threat, known.power, known.armed, known.regional, known.among_parties)
        for k, feature in enumerate(features, start=2):
            x[:, answer, k] = degree * feature
        if before is not None:
            x[:, answer, 7] = degree * _REFUSAL[before]
    return x


def _sponsor_design(known: _Known, government: Ints, opponent: Ints) -> Floats:
    """(n, 3, 7) attributes of fielding, another form, dropping (all zero)."""
    x = np.zeros((len(known.threat), 3, len(_SPONSOR_MEAN)))
    refused = np.column_stack([_REFUSAL[government], _REFUSAL[opponent]])
    x[:, 0, 0] = 1.0
    x[:, 0, 1:3] = refused
    x[:, 0, 3] = known.power * refused.max(axis=1)
    x[:, 1, 4] = 1.0
    x[:, 1, 5] = known.armed - 0.5
    x[:, 1, 6] = known.threat
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
        return choice_probabilities(_sponsor_design(_Known.of(plans), *answers), self.sponsor)

    def at_proposal(self, plans: Sequence[Plan]) -> Floats:
        """Probability of each class from what is known at the proposal; the consents are predicted, (n, 3)."""
        known, n = _Known.of(plans), len(plans)
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
    known = _Known.of(plans)
    government, opponent = _answers(plans, "consent_government"), _answers(plans, "consent_opponent")
    fates = np.array([fate(p) for p in plans], dtype=np.int64)
    return ConsentModel(
        fit_choice(_answer_design(known, None), government, _ANSWER_MEAN, _ANSWER_SPREAD),
        fit_choice(_answer_design(known, government), opponent, _ANSWER_MEAN, _ANSWER_SPREAD),
        fit_choice(_sponsor_design(known, government, opponent), fates, _SPONSOR_MEAN, _SPONSOR_SPREAD),
    )
