"""What this cannot bear: who is not heard, what is left out, what rests on a coin toss, which facts do not matter to it."""

from __future__ import annotations

from collections.abc import Iterator

from vetopoint.answers import Answers, NearTie
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count, listed, percent, stop
from vetopoint.view.pages._page import Page, Point
from vetopoint.view.pages._words import hundred, of_hundred
from vetopoint.view.sentences.evidence import judged_phrase, voice_phrase
from vetopoint.view.tables import Link

_MOST = 3


def page(answers: Answers, names: Names) -> Page:
    """The page, which every case has."""
    points = tuple(p for p in _points(answers, names) if p.lines)
    e, unheard = answers.evidence, [names.brief(a) for a in answers.run.voiceless]
    title = f"{e.judged} of {e.total} numbers are somebody’s judgement"
    if unheard:
        title += f", and {listed(unheard)} {'is' if len(unheard) == 1 else 'are'} not heard"
    lead = "A band shows what is not known of the inputs. It does not say that the moves are the right ones, nor that nothing is missing."
    more = (Link("Every choice with what its options are worth", "fig-choices"), Link("How it was computed", "methods"))
    return Page("limits", "What this cannot bear", title, (lead,), points=points, more=more)


def _points(answers: Answers, names: Names) -> Iterator[Point]:
    voice = voice_phrase(answers, names)
    yield Point("Whose word it is", tuple(stop(words) for words in (voice, judged_phrase(answers)) if words))
    left = [*answers.run.not_modelled, *answers.run.moments_not_modelled]
    silent = "The case names nothing that it leaves out, which is itself a reason for care."
    yield Point("Left out", tuple(map(stop, left)) or (silent,))
    yield Point("Coin tosses", tuple(_tosses(answers, names)))
    yield Point("Facts that do not matter here", tuple(_ignored(answers)))
    yield Point("What its numbers should do", tuple(_expected(answers, names)))
    yield Point("What the solver could not settle", tuple(_solver(answers)))
    yield Point("Warnings", tuple(stop(w) for w in answers.run.warnings))


def _tosses(answers: Answers, names: Names) -> Iterator[str]:
    """Choices whose options are worth almost the same to whoever chooses; the rounds of a move together."""
    by: dict[str, list[NearTie]] = {}
    for tie in answers.near_ties:
        by.setdefault(tie.move, []).append(tie)
    for move, ties in by.items():
        first = ties[0]
        one, other = (
            f"“{names.option(move, option)}” ({hundred(share)})"
            for option, share in zip(first.options, first.shares, strict=True)
        )
        rounds = f", in {count(len(ties), 'round')}" if len(ties) > 1 else ""
        words = f"{names.brief(first.by)} {names.agree(first.by, 'chooses', 'choose')} between {one} and {other} of 100 times, with hardly a difference to it{rounds}."
        for option, ever in first.ever.items():
            words += f" Taken together, “{names.option(move, option)}” comes in {of_hundred(ever)} times."
        rests = sorted(first.rests, key=lambda name: -first.rests[name])
        if rests:
            words += f" On it {'rests' if len(rests) == 1 else 'rest'} {listed((names.brief_outcome(o) for o in rests), most=3)}."
        yield capital(words)


def _ignored(answers: Answers) -> Iterator[str]:
    labels = [f"“{i.label.lstrip('… ')}”" for i in answers.ignored]
    if labels:
        yield (
            f"{capital(count(len(labels), 'number'))} that {'rests' if len(labels) == 1 else 'rest'} on a claim "
            f"{'moves' if len(labels) == 1 else 'move'} the answer by less than half a point over the whole range."
        )
        yield f"Among them: {listed(labels, most=_MOST)}."


def _expected(answers: Answers, names: Names) -> Iterator[str]:
    """How many of the case's own expectations came out, and which did not."""
    lines = answers.expectations_held
    if not lines:
        return
    held = sum(line.verdict == "held" for line in lines)
    yield f"The case says beforehand what {count(len(lines), 'change')} of its numbers must do; {held} came out so."
    for line in lines:
        if line.verdict != "held":
            said = "did not" if line.verdict == "not held" else "could not be told"
            yield f"“{line.label.lstrip('… ')}” {line.effect} {_target(line.target, names)}: that {said}."


def _target(target: str, names: Names) -> str:
    words = names.condition(target)
    return (
        words
        if words != target
        else f"“{names.goals.get(target) or names.outcomes.get(target) or target.replace('_', ' ')}”"
    )


def _solver(answers: Answers) -> Iterator[str]:
    s = answers.run.solver
    if s.folded > 0:
        yield f"In {percent(s.folded)} of settings the game has more than one solution nearby; one of them is reported."
    if s.failed > 0:
        yield f"In {percent(s.failed)} of settings no solution was reached."
    if s.search is not None and s.search.several > 0:
        yield f"A search found more than one solution in {percent(s.search.several)} of {count(s.search.draws, 'setting')} tried."
