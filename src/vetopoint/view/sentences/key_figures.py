"""The few figures that stand above the sentences, each with what it is and what it is not."""

from __future__ import annotations

from dataclasses import dataclass

from vetopoint.answers import Answers
from vetopoint.view.names import Names
from vetopoint.view.numbers import Banded, count, months, percent, percent_band

__all__ = ["KeyFigure", "key_figures"]


@dataclass(frozen=True)
class KeyFigure:
    """A figure in large type, what it says, and where it is shown."""

    value: str
    words: str
    see: str


def key_figures(answers: Answers, names: Names) -> list[KeyFigure]:
    """Return the leading goal's chance, who comes first, how long it holds, and how much is judgement."""
    return [_goal(answers, names), *_first(answers, names), *_holds(answers), _judged(answers)]


def _ends(band: Banded) -> str:
    """Return the band alone, since its mean stands above in large type."""
    return percent_band(band)[len(percent(band.mean)) :].strip()


def _goal(answers: Answers, names: Names) -> KeyFigure:
    lead = answers.goals[0]
    label, overall = names.goal(lead.name), lead.probability
    if lead.presupposed is None:
        return KeyFigure(percent(overall.mean), f"{label} {_ends(overall)}", "goals")
    given = f"given {names.condition(answers.run.presupposes)} {_ends(lead.presupposed)}"
    return KeyFigure(percent(lead.presupposed.mean), f"{label}, {given}; overall {percent_band(overall)}", "goals")


def _first(answers: Answers, names: Names) -> list[KeyFigure]:
    answer = next((d for d in answers.decisiveness if d.goal == answers.goals[0].name), None)
    who = answer.leader if answer is not None else None
    if answer is None or who is None:
        return []
    ranked = [a for a in answer.parties if a.first is not None]
    verdict = "decisive by this report's rule" if answer.decisive == who.party else "not enough for the word “decisive”"
    words = f"comes first by decisiveness in {percent(who.first or 0.0)} of draws among {count(len(ranked), 'ranked actor')}: {verdict}"
    return [KeyFigure(names.actor(who.party), words, f"decisiveness-{answer.goal}")]


def _holds(answers: Answers) -> list[KeyFigure]:
    hold = next((h for h in answers.truce.mixture_hold if h.month == 12), None) if answers.truce is not None else None
    if hold is None:
        return []
    words = f"a truce, once there is one, still holds after {months(12)} {_ends(hold.holds)}"
    return [KeyFigure(percent(hold.holds.mean), words, "curves")]


def _judged(answers: Answers) -> KeyFigure:
    e = answers.evidence
    claims = f"{count(len(e.claims), 'claim')} from {count(e.origins, 'independent origin')}"
    rest = claims if e.claims else "the case names no claims"
    return KeyFigure(f"{e.judged} of {e.total}", f"inputs are judgement; {rest}", "origins")
