"""The figures of a finished run, as its answers have them, under the names by which those of a case go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from vetopoint.answers import Answers, FigureKind, OutcomeAnswer, RankedParty, Ranking
from vetopoint.arrays import Floats
from vetopoint.chain.figures import Figure, Key, veto_name
from vetopoint.quantity import Band

__all__ = ["Told", "figures_by_draw", "told_by"]

SAME = 1e-6


@dataclass(frozen=True)
class Told:
    """What a run tells.

    Attributes
    ----------
    figures : name of a figure to its value and its Monte-Carlo error.
    labels : what figures are called.
    vetoes : names of the veto points of others than the owner to their words; those are left out that are rarely reached.
    leader, decisive, attempted : who decides on the leading goal, see `vetopoint.chain.figures.Keys`.
    """

    figures: dict[Key, tuple[float, float]]
    labels: dict[Key, str]
    vetoes: dict[str, tuple[str, str]]
    leader: str | None
    decisive: str | None
    attempted: bool


def told_by(answers: Answers) -> Told:
    """What a run tells, from its answers."""
    found = list(_bands(answers))
    figures = {(kind, name): (band.mean, band.mc) for kind, name, _, band in found}
    labels: dict[Key, str] = {(kind, name): label for kind, name, label, _ in found}
    actors = answers.run.actors
    goals = {goal.name: goal.label for goal in answers.goals}
    vetoes = {}
    for point in answers.veto_points:
        if not (point.owner or point.rarely_reached):
            where = f"{actors.get(point.actor, point.actor)}: {point.option.replace('_', ' ')} at “{_move(answers, point.move)}”"
            vetoes[veto_name(point)] = (f"{where} on “{goals.get(point.goal, point.goal)}”", point.goal)
    ranking = _leading(answers)
    asked = ranking.asked if ranking is not None else None
    return Told(
        figures,
        labels,
        vetoes,
        None if ranking is None else _leader(ranking),
        None if ranking is None else ranking.decisive,
        asked is not None,
    )


def _move(answers: Answers, name: str) -> str:
    return next((move.label for move in answers.moves if move.move == name and move.label), name.replace("_", " "))


def _leading(answers: Answers) -> Ranking | None:
    """The ranking of the leading goal."""
    lead = answers.goals[0].name if answers.goals else ""
    return next((ranking for ranking in answers.decisiveness if ranking.goal == lead), None)


def _ranked(ranking: Ranking | None) -> list[RankedParty]:
    """The parties but the owner, once the plan is attempted where that is asked."""
    if ranking is None:
        return []
    return [party for party in (ranking.parties if ranking.asked is None else ranking.asked.parties) if not party.owner]


def _leader(ranking: Ranking) -> str | None:
    ranked = [(-p.first, -p.decisiveness.mean, p.party) for p in _ranked(ranking) if p.first is not None]
    return min(ranked)[2] if ranked else None


def _bands(answers: Answers) -> Iterator[tuple[FigureKind, str, str, Band]]:
    """Kind, name, label and band of every figure that has one."""
    for goal in answers.goals:
        yield "goal", goal.name, goal.label, goal.presupposed or goal.probability
    for outcome in answers.outcomes:
        yield "outcome", outcome.name, outcome.label, outcome.presupposed or outcome.probability
    for threat in answers.threats:
        if threat.credibility.made is not None:
            yield "threat", threat.name, threat.label, threat.credibility.made
    for party in _ranked(_leading(answers)):
        yield "key", party.party, party.label, party.decisiveness
    yield from _of_the_rest(answers)


def _of_the_rest(answers: Answers) -> Iterator[tuple[FigureKind, str, str, Band]]:
    """The truce, the members, and what options leave that are vetoes."""
    for hold in answers.truce.mixture_hold if answers.truce is not None else ():
        yield "truce", str(hold.month), f"A truce still holds after {hold.month} months", hold.holds
    for member in answers.coalition.members if answers.coalition is not None else ():
        yield "member", member.name, member.label, member.joins_overall
    for point in answers.veto_points:
        if point.goal_if_forced is not None and not point.owner:
            yield "veto", veto_name(point), "", point.goal_if_forced


def figures_by_draw(answers: Answers, columns: Mapping[str, Floats]) -> dict[Key, Figure]:
    """Goals and outcomes of a run draw by draw, from its columns, which hold P(each) whatever the case presupposes.

    What is presupposed is known draw by draw where it is a union of outcomes: of those whose P(outcome) is P(outcome | presupposed) times one
    and the same number, if that number is what they sum to. Where it is not, there is nothing to be paired.

    Parameters
    ----------
    columns : ``goal.NAME`` and ``outcome.NAME`` → (n,).
    """
    if len(columns) < len(answers.outcomes) + len(answers.goals):
        return {}
    whole = _presupposed(answers, columns)
    if whole is None:
        return {}
    found: dict[Key, Figure] = {}
    pairs: list[tuple[FigureKind, OutcomeAnswer]] = [("outcome", outcome) for outcome in answers.outcomes]
    for kind, answer in [*pairs, *(("goal", goal) for goal in answers.goals)]:
        part = columns.get(f"{kind}.{answer.name}")
        if part is not None and _gives(Figure(part, whole), answer):
            found[kind, answer.name] = Figure(part, whole)
    return found


def _gives(figure: Figure, answer: OutcomeAnswer) -> bool:
    """Whether a figure is the one that the answers print: a goal may be reached without what is presupposed."""
    printed = answer.presupposed or answer.probability
    return figure.value is not None and abs(figure.value - printed.mean) < SAME


def _presupposed(answers: Answers, columns: Mapping[str, Floats]) -> Floats | None:
    """(n,) P(what the case presupposes); None where the columns do not tell."""
    rows = next(iter(columns.values())).size
    if not answers.run.presupposes:
        return np.ones(rows)
    possible = [o for o in answers.outcomes if o.presupposed is not None and o.presupposed.mean > 0]
    ratios = {o.name: o.probability.mean / o.presupposed.mean for o in possible if o.presupposed is not None}
    least = min(ratios.values(), default=0.0)
    inside = [columns.get(f"outcome.{name}") for name, ratio in ratios.items() if abs(ratio - least) < SAME]
    whole = np.sum([part for part in inside if part is not None], axis=0) if inside else np.zeros(rows)
    return np.asarray(whole) if least > 0 and abs(float(np.mean(whole)) - least) < SAME else None
