"""Inside and outside view: the case's figure beside what became of the past plans that are most like it, and why they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from vetopoint.answers import Analogue, Answers, BaseRate
from vetopoint.view.names import Names, spoken
from vetopoint.view.numbers import capital, count, in_words, listed
from vetopoint.view.pages._page import Page, Point, picture
from vetopoint.view.pages._reach import condition
from vetopoint.view.pages._rows import Mark, Row, Rows
from vetopoint.view.pages._words import hundred, of_hundred
from vetopoint.view.pages.keys import ranked
from vetopoint.view.tables import Column, Link
from vetopoint.view.tables import Rows as TableRows

_FEATURES = {
    "mandate_by": "mandate",
    "consent_government": "government’s consent",
    "consent_opponent": "opponent’s consent",
    "threatened": "being threatened",
    "outside_veto_holder": "outside holder of a veto",
    "truce_in_place_at_start": "truce from the start",
}
_FIELDED = ("deployed_with_consent", "deployed_without_full_consent")
_MOST = 4


def page(answers: Answers, names: Names) -> Page | None:
    """The page, or none where no past plan is like the case."""
    section = answers.truce
    if section is None or not section.analogues or not section.base_rates:
        return None
    near = section.analogues[:6]
    fielded = [a for a in near if a.outcome in _FIELDED]
    lead = answers.goals[0]
    ours = (lead.presupposed or lead.probability).mean
    rates = [r for r in section.base_rates if r.question.startswith("fielded") and r.n][:_MOST]
    title = f"Here {of_hundred(ours)} succeed; of the {count(len(near), 'past plan')} most like it {in_words(len(fielded))} came as planned"
    table = TableRows(near).under(
        Column("Past plan", lambda a: a.name),
        Column("Year", lambda a: str(a.year)),
        Column("What became of it", lambda a: spoken(a.outcome)),
        Column("Alike", lambda a: a.similarity, "percent"),
        Column("Agrees on", lambda a: ", ".join(spoken(s) for s in a.shares)),
        Column("Truce held 12 months", lambda a: a.truce_held_12m),
        Column("Sources", lambda a: "; ".join(a.sources)),
    )
    label = "The case’s own figures beside shares of past plans, with their intervals."
    return Page(
        "outside",
        "Inside and outside view",
        title,
        tuple(_why(answers, near, rates, names)),
        picture("outside", title, label, table, _rows(answers, ours, rates, names)),
        points=(Point("The nearest past plans", tuple(_named(near))),),
        more=(
            Link("All past plans and their sources", "fig-analogues"),
            Link("What became of past plans", "fig-rates"),
        ),
    )


def _rows(answers: Answers, ours: float, rates: Sequence[BaseRate], names: Names) -> Rows:
    marks = {"here": Mark("this case", "dot", "c1"), "past": Mark("past plans", "ring", "c6")}
    lead = answers.goals[0]
    rows = [Row("This case, as it is", {"here": ours}, band=lead.presupposed or lead.probability, colour="c1")]
    for actor, reach in ranked(answers, names)[:1]:
        rows.append(
            Row(f"This case, on the no of {names.brief(actor)}", {"here": reach.no}, condition(answers, names).lower())
        )
    rows += [Row(capital(r.question), {"past": r.share}, f"{r.k} of {r.n}", _Interval(r), "c6") for r in rates]
    return Rows(rows, marks)


class _Interval:
    """A base rate with its interval, as a band."""

    def __init__(self, rate: BaseRate) -> None:
        self.mean, self.lo, self.hi = rate.share, rate.lo, rate.hi


def _named(near: Sequence[Analogue]) -> Iterator[str]:
    for a in near:
        yield f"{a.name} ({a.year}): {spoken(a.outcome)}."


def _why(answers: Answers, near: Sequence[Analogue], rates: Sequence[BaseRate], names: Names) -> Iterator[str]:
    """Why the two differ: where plans here are lost, and what the nearest past plans do not share with the case."""
    asked = next(
        (d.asked for d in answers.decisiveness if d.goal == answers.goals[0].name and d.asked is not None), None
    )
    if asked is not None and asked.chance.mean < 0.5:
        yield f"Past plans are those that were tried; here {of_hundred(asked.chance.mean)} are tried at all."
    shared = Counter(feature for a in near for feature in a.shares)
    lacking = [_FEATURES.get(f, spoken(f)) for a in near for f in a.shares if shared[f] <= len(near) // 3]
    always = [_FEATURES.get(f, spoken(f)) for f, n in shared.items() if n == len(near)]
    if always:
        yield f"All {count(len(near), 'plan')} share its {listed(always)}."
    if lacking:
        yield f"Few share its {listed(dict.fromkeys(lacking), most=3)}, which is where they teach least."
    for actor, reach in ranked(answers, names)[:1]:
        refused = [
            f"{r.k} of {r.n} {r.question.partition(', ')[2]}"
            for r in rates
            if "refused" in r.question and r.question.startswith("fielded as")
        ]
        if refused:
            yield f"Past plans were fielded all the same in {listed(refused)}."
            yield f"Here {hundred(reach.no)} of 100 succeed on the no of {names.brief(actor)}."
