"""Disputed issues and formal bodies of a case, as answers."""

from __future__ import annotations

from typing import Any

import numpy as np

from vetopoint.answers import BodyAnswer, BodyMemberAnswer, IssueActorAnswer, IssueAnswer, IssueModelAnswer
from vetopoint.answers.coalition import SettlementModel
from vetopoint.arrays import Floats
from vetopoint.budget import Budget
from vetopoint.case import Case
from vetopoint.coalition import settlement
from vetopoint.coalition.agreement import agreed, evaluate, placed
from vetopoint.coalition.challenging import Profile, challenge
from vetopoint.coalition.consent import voting_rule
from vetopoint.coalition.power import VotingRule, power_indices
from vetopoint.coalition.settlement import FITTED, NO_AGREEMENT, weighted_mean
from vetopoint.quantity import Draws, band

__all__ = ["bodies", "issues"]

_INDICES = (
    "shapley_shubik", "banzhaf", "banzhaf_normalised", "coleman_prevent", "coleman_initiate", "johnston",
    "deegan_packel", "holler",
)  # fmt: skip
_LEVELS = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
_STEP = 2.5
#: Fractions are written out for bodies of up to so many voters; of larger ones they run to hundreds of digits.
_WRITTEN_OUT = 62

RECORD = (
    "On the 353 public outcomes of DEU III no model comes significantly closer than the weighted mean of positions, which is "
    "23 points of 100 off on average; the distribution is calibrated on the same outcomes (`vetopoint evaluate --corpus deu`)."
)


def issues(case: Case, draws: Draws, most: int = Budget.issues) -> list[IssueAnswer]:
    """What the members could agree on, issue by issue; issues over the same actors are linked by exchange.

    An actor's capability is its `capability` where it is a member, else 1; salience counts 1 where none is declared. The distribution
    and the models of challenge and exchange use the first `most` draws.
    """
    names = list(case.file.issues)
    if not names:
        return []
    linked = _exchanged(case, draws.first(most), names)
    return [_issue(case, draws, name, linked.get(name), most) for name in names]


def _unheeded(case: Case, draws: Draws, name: str) -> str:
    """In what share of draws nobody cares about an issue, in words; empty if in none."""
    salience = case.file.issues[name].salience
    if set(salience) != set(case.file.issues[name].positions):
        return ""
    most = np.max([evaluate(case, draws, "issues", name, "salience", actor) for actor in salience], axis=0)
    share = float(np.mean(most <= 0.0))
    return f" In {share:.1%} of draws nobody cares about it: there all count alike." if share else ""


def _exchanged(case: Case, few: Draws, names: list[str]) -> dict[str, Floats]:
    """Settlements after exchange across the issues that share at least two actors with another one."""
    held = {name: set(case.file.issues[name].positions) for name in names}
    linked = [a for a in names if any(a != b and len(held[a] & held[b]) >= 2 for b in names)]
    if len(linked) < 2:
        return {}
    actors = tuple(sorted(set.union(*(held[a] for a in linked))))
    stacked = [placed(case, few, name, actors) for name in linked]
    positions, salience = (np.stack([a[k] for a in stacked], 1) for k in (0, 1))
    settled, _ = settlement.exchange(positions, salience, stacked[0][2])
    return dict(zip(linked, settled.T, strict=True))


def _issue(case: Case, draws: Draws, name: str, exchanged: Floats | None, most: int) -> IssueAnswer:
    issue = case.file.issues[name]
    actors = list(issue.positions)
    x, s, c = placed(case, draws, name)
    w = s * c
    share = w / w.sum(axis=1, keepdims=True)
    pull = settlement.leverage(x, s, c)
    cost: Floats | float = NO_AGREEMENT
    if issue.no_agreement is not None:
        cost = evaluate(case, draws, "issues", name, "no_agreement")
    few = slice(0, min(draws.n, most))
    centres, density, quantiles = _distribution(x[few], w[few])
    return IssueAnswer(
        name=name,
        label=issue.label or name.replace("_", " "),
        actors=[
            IssueActorAnswer(
                name=actor,
                label=_label(case, actor),
                position=band(x[:, i]),
                salience=band(s[:, i]),
                weight=band(share[:, i]),
                leverage_salience=band(pull[:, i]),
            )
            for i, actor in enumerate(actors)
        ],
        models=_models(x, s, c, cost, few, exchanged),
        grid=centres,
        density=density,
        quantiles=quantiles,
        spread=band(settlement.spread(x, w)),
        polarisation=band(settlement.polarisation(x, w)),
        agreed=band(agreed(case, draws, name)),
        agreed_if=issue.agreed_if,
        because=issue.because,
        record=RECORD + _unheeded(case, draws, name),
    )


def _label(case: Case, actor: str) -> str:
    member = case.file.members.get(actor)
    return (member.label or actor) if member is not None else case.actor_label(actor)


def _models(
    x: Floats, s: Floats, c: Floats, cost: Floats | float, few: slice, exchanged: Floats | None
) -> list[IssueModelAnswer]:
    w = s * c
    stated = s[few] / np.maximum(s[few].max(axis=1, keepdims=True), 1.0)

    def challenged(profile: Profile) -> Floats:
        return weighted_mean(challenge(x[few], stated, c[few], profile=profile)[:, -1], w[few])

    settled: dict[SettlementModel, Floats] = {
        "compromise": weighted_mean(x, w),
        "nash": settlement.nash(x, w, cost),
        "challenge:scholz2011": challenged("scholz2011"),
        "challenge:least-movement": challenged("least-movement"),
        "median": settlement.weighted_median(x, w),
    }
    if exchanged is not None:
        settled["exchange"] = exchanged
    out = []
    for model, points in settled.items():
        there = ~np.isnan(points)
        found = band(points[there]) if there.any() else None
        out.append(IssueModelAnswer(model=model, settlement=found, none=float(np.mean(~there))))
    return out


def _distribution(x: Floats, w: Floats) -> tuple[list[float], list[float], dict[str, float]]:
    """Centres of the cells of the scale, mean density in each, and quantiles of the distribution averaged over draws."""
    edges = np.arange(0.0, 100.0 + _STEP / 2, _STEP)
    reached = FITTED.cdf(x, w, edges).mean(axis=0)
    mass = np.diff(reached)
    mass[0] += reached[0]
    fine = np.arange(0.0, 100.25, 0.5)
    reach = settlement.quantile(FITTED.cdf(x, w, fine).mean(axis=0), fine, _LEVELS)
    quantiles = {f"{level:g}": float(point) for level, point in zip(_LEVELS, reach, strict=True)}
    return (edges[:-1] + _STEP / 2).tolist(), (mass / _STEP).tolist(), quantiles


def bodies(case: Case) -> list[BodyAnswer]:
    """Power of each voter in the formal bodies of a case."""
    return [_body(case, name, voting_rule(case, name)) for name in case.file.bodies]


def _body(case: Case, name: str, rule: VotingRule) -> BodyAnswer:
    found = power_indices(rule)
    body = case.file.bodies[name]
    v = len(rule.weights)
    # Whom everybody else together cannot do without; nobody where not even all can act.
    vetoes = ~rule.wins(~np.eye(v, dtype=bool)) & rule.wins(np.ones((1, v), dtype=bool))
    in_full = not found.drawn and v <= _WRITTEN_OUT

    def voter_answer(i: int, voter: str) -> BodyMemberAnswer:
        values = {index: getattr(found, index) for index in _INDICES}
        figures: dict[str, Any] = {index: None if value is None else float(value[i]) for index, value in values.items()}
        return BodyMemberAnswer(
            name=voter,
            label=_label(case, voter),
            shapley_shubik_exact=str(found.shapley_shubik[i]) if in_full else None,
            shapley_shubik_error=found.error[i] if found.drawn else 0.0,
            banzhaf_exact=str(found.banzhaf[i]) if in_full else None,
            veto=bool(vetoes[i]),
            **figures,
        )

    return BodyAnswer(
        name=name,
        label=body.label or name.replace("_", " "),
        rule=_rule_in_words(rule),
        power_to_act=float(found.power_to_act),
        drawn=found.drawn,
        members=[voter_answer(i, voter) for i, voter in enumerate(body.weights)],
    )


def _rule_in_words(rule: VotingRule) -> str:
    words = f"{rule.quota:g} of {sum(rule.weights):g} votes"
    if rule.minimum:
        words += f" and at least {rule.minimum} voters"
    words += "".join(f" and {quota:g} of {sum(weights):g}" for weights, quota in rule.also)
    if rule.or_at_least is not None:
        words += f", or at least {rule.or_at_least} voters"
    if rule.vetoes:
        words += f", with {len(rule.vetoes)} veto{'es' if len(rule.vetoes) > 1 else ''}"
    if rule.override:
        words += ", or " + " and ".join(f"{quota:g} of {sum(weights):g}" for weights, quota in rule.override)
    return words
