"""What would change the answer: the numbers that matter, the values at which it flips, structure against judgement."""

from __future__ import annotations

from vetopoint.analysis.answers import Answers, Counterexample
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, listed, number, percent, percent_band, points, stop
from vetopoint.view.sentences._base import Sentence

__all__ = ["change_sentences", "counterexample_sentence", "twin_sentences"]


def change_sentences(answers: Answers, names: Names) -> list[Sentence]:
    """Say which numbers swing the leading goal most, where it flips, and what is left without unnamed sources."""
    change = answers.change
    ranked = sorted(change.swings, key=lambda s: -abs(s.swing))
    said: list[Sentence] = []
    top = [s for s in ranked[:3] if abs(s.swing) >= 0.005]
    if top:
        parts = [
            f"{s.label or names.quantity(s.quantity)} ({points(s.swing)}{', judged' if s.judged else ''})" for s in top
        ]
        said.append(
            Sentence(
                stop(
                    f"moved alone across its range, what changes the chance of “{names.goal(change.goal)}” most is {listed(parts)}"
                ),
                "swings",
            )
        )
    elif not ranked:
        said.append(Sentence("No number was moved alone in this run, so what matters most is not known.", aside=True))
    else:
        said.append(
            Sentence(
                "No single number, moved alone across its range, changes the leading goal by half a point.", "swings"
            )
        )
    flips = [t for t in change.tipping if t.value is not None]
    for t in flips[:3]:
        unit = f" {t.unit}" if t.unit else ""
        said.append(
            Sentence(
                stop(
                    f"{names.quoted(t.finding)} when {t.label or names.quantity(t.quantity)} is {number(t.value or 0.0)}{unit}"
                ),
                "tipping",
            )
        )
    if change.tipping and not flips:
        said.append(Sentence("No tested number flips the answer within its own range.", "tipping"))
    lead = answers.goals[0].name
    without = change.without_unnamed.get(lead)
    if without is not None:
        said.append(
            Sentence(
                stop(
                    f"with the unnamed sources dropped, and what rests on them made vague, the chance of “{names.goal(lead)}” "
                    f"is {percent_band(without)} instead of {percent_band(answers.goals[0].probability)}"
                ),
                "swings",
            )
        )
    return said


def twin_sentences(answers: Answers, names: Names) -> tuple[list[str], list[str]]:
    """Return the findings due to the structure of the moves, and those due to judged payoffs."""
    structural = [
        stop(f"{names.quoted(t.finding)}: {t.case_value}; under vague payoffs {t.twin_value}")
        for t in answers.change.twin
        if t.structural
    ]
    judged = [
        stop(f"{names.quoted(t.finding)}: {t.case_value}; under vague payoffs {t.twin_value}")
        for t in answers.change.twin
        if not t.structural
    ]
    return structural, judged


def counterexample_sentence(found: Counterexample, names: Names, most: int = 4) -> str:
    """Say one plausible set of payoffs under which the leading finding is wrong."""
    if not found.found:
        return stop(
            f"no draw among those used makes the leading finding ({names.quoted(found.finding)}) wrong. {capital(found.note)}"
        )
    parts = [
        f"{names.quantity(k)} {number(v)} (median {number(found.medians[k])})"
        if k in found.medians
        else f"{names.quantity(k)} {number(v)}"
        for k, v in list(found.inputs.items())[:most]
    ]
    words = (
        f"the leading finding ({names.quoted(found.finding)}) is wrong in {percent(found.draws_with)} of draws; for instance with {listed(parts)}, "
        f"where the chance of the goal is {percent(found.goal)}"
    )
    return stop(f"{stop(words)} {capital(found.note)}" if found.note else words)
