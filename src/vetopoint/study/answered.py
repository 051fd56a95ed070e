"""The figures of a finished run, as its answers have them, under the names by which those of a case go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vetopoint.answers import Answers, FigureKind, RankedParty, Ranking
from vetopoint.chain.figures import Key, veto_name
from vetopoint.quantity import Band

__all__ = ["Told", "told_by"]


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
