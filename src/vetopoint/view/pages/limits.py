"""What this cannot bear: who is not heard, what is left out, what rests on a coin toss, what the solver could not settle."""

from __future__ import annotations

from collections.abc import Iterator

from vetopoint.answers import Answers
from vetopoint.view.names import Names
from vetopoint.view.numbers import count, listed, percent, stop
from vetopoint.view.pages._page import Page, Point
from vetopoint.view.sentences.evidence import judged_phrase, voice_phrase
from vetopoint.view.tables import Link


def page(answers: Answers, names: Names) -> Page:
    """The page, which every case has."""
    points = tuple(p for p in _points(answers, names) if p.lines)
    e = answers.evidence
    title = f"{e.judged} of {e.total} numbers are somebody’s judgement"
    if answers.run.voiceless:
        title += f", and {listed([names.brief(a) for a in answers.run.voiceless], most=2)} {'is' if len(answers.run.voiceless) == 1 else 'are'} not heard"
    lead = (
        "A band shows what is not known of the inputs. It does not say that the moves are the right ones, nor that nothing is missing.",
    )
    return Page(
        "limits", "What this cannot bear", title, lead, points=points, more=(Link("How it was computed", "methods"),)
    )


def _points(answers: Answers, names: Names) -> Iterator[Point]:
    voice = voice_phrase(answers, names)
    yield Point("Whose word it is", tuple(stop(words) for words in (voice, judged_phrase(answers)) if words))
    left = [*answers.run.not_modelled, *answers.run.moments_not_modelled]
    yield Point(
        "Left out",
        tuple(map(stop, left)) or ("The case names nothing that it leaves out, which is itself a reason for care.",),
    )
    yield Point("What the solver could not settle", tuple(_solver(answers)))
    yield Point("Warnings", tuple(stop(w) for w in answers.run.warnings))


def _solver(answers: Answers) -> Iterator[str]:
    s = answers.run.solver
    if s.folded > 0:
        yield f"In {percent(s.folded)} of settings the game has more than one solution nearby; one of them is reported."
    if s.failed > 0:
        yield f"In {percent(s.failed)} of settings no solution was reached."
    if s.search is not None and s.search.several > 0:
        yield f"A search found more than one solution in {percent(s.search.several)} of {count(s.search.draws, 'setting')} tried."
