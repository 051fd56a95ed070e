"""What to ask next, on the page of what would change the answer: a sentence or two, and a short table."""

from __future__ import annotations

from collections.abc import Iterator

from vetopoint.answers import Answers
from vetopoint.view.charts.information import number_link
from vetopoint.view.names import Names, inside
from vetopoint.view.numbers import count
from vetopoint.view.pages._page import Point
from vetopoint.view.sentences.information import asked_sentences, idle_words, leading_decision
from vetopoint.view.tables import Column, Rows

MOST = 5


def asked_next(answers: Answers, names: Names) -> Iterator[Point]:
    """What to ask before the leading decision; at most five numbers, the worthiest first."""
    decision = leading_decision(answers.change.decisions)
    if decision is None:
        return
    lines = asked_sentences(decision, names)
    head = f"What to ask next, before {inside(decision.label)}"
    if not decision.numbers:
        yield Point(
            head, (lines[0], lines[-1]) if len(lines) > 1 else tuple(lines)
        )  # how much in all is told in the appendix
        return
    shown = decision.numbers[:MOST]
    table = Rows(shown).under(
        Column("Number", lambda n: number_link(n, names)),
        Column("Share of that, asked alone", lambda n: n.share, "percent"),
        Column("What speaks of it", lambda n: count(len(n.claims), "claim") if n.claims else "judgement alone"),
    )
    idle = len(decision.numbers) - len(shown)
    rest = idle_words(decision)
    more = f"{count(idle, 'other')} {'is' if idle == 1 else 'are'} worth something." if idle else ""
    yield Point(head, (*lines, *filter(None, (more, rest))), table)
