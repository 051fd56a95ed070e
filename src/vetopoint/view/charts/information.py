"""Pictures of what to ask next, and of which numbers act together."""

from __future__ import annotations

from collections.abc import Iterator

from vetopoint.answers import Answers, AskedNumber, DecisionAnswer, PairShare, SurrogateAnswer
from vetopoint.view.charts.spec import ChartSpec, Interval
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count, listed, number, percent
from vetopoint.view.sentences.information import asked_sentences, idle_words, leading_decision, unit_sentence
from vetopoint.view.tables import Column, Figure, Link, Rows, Table

ERRORS = 2.0
"""Standard errors to either side of a value in a picture."""


def figures(answers: Answers, names: Names) -> Iterator[Figure | None]:
    """Return what can be told of information and of pairs."""
    decisions = answers.change.decisions
    if decisions:
        yield _options(decisions, names)
    if any(d.numbers for d in decisions):
        yield _asked(answers, decisions, names)
    if any(d.groups for d in decisions):
        yield _groups(decisions)
    if answers.change.surrogate is not None:
        yield _together(answers.change.surrogate, names)


def number_link(asked: AskedNumber, names: Names) -> Link:
    """The name of a number, which leads to where it is described."""
    return Link(capital((asked.label or names.quantity(asked.quantity)).lstrip("… ")), f"input-{asked.quantity}")


def _options(decisions: tuple[DecisionAnswer, ...], names: Names) -> Figure:
    rows = [(d, option) for d in decisions for option in d.options]
    table = Rows(rows).under(
        Column("Decision", lambda r: r[0].label),
        Column("Who", lambda r: names.actor(r[0].actor)),
        Column("Comes", lambda r: r[0].comes, "percent"),
        Column("Option", lambda r: r[1].label),
        Column("Worth, in units", lambda r: r[1].worth, "number"),
        Column("± standard error", lambda r: r[1].error, "number"),
        Column("Best on what is known", lambda r: r[1].chosen, "percent"),
        Column("Best, all numbers known", lambda r: r[1].best, "percent"),
        Column("To know all is worth", lambda r: r[0].everything, "number"),
        Column("± its standard error", lambda r: r[0].error, "number"),
    )
    sentence = " ".join(sentence for d in decisions for sentence in asked_sentences(d, names))
    note = (
        "What an option is worth is the expected payoff of whoever decides, once it is taken and everybody plays on. Who decides knows what was "
        "done so far, and no number. To know all numbers is worth what is gained by taking the best option in each draw."
    )
    return Figure("options-worth", "What each option of a decision is worth", sentence, table, note=note)


def _asked(answers: Answers, decisions: tuple[DecisionAnswer, ...], names: Names, most: int = 12) -> Figure:
    rows = [(d, asked) for d in decisions for asked in d.numbers]
    lead = leading_decision(decisions)
    assert lead is not None
    table = Rows(rows).under(
        Column("Before", lambda r: r[0].label),
        Column("Number", lambda r: number_link(r[1], names)),
        Column("Worth knowing, in units", lambda r: r[1].value, "number"),
        Column("± standard error", lambda r: r[1].error, "number"),
        Column("Of what all are worth", lambda r: r[1].share, "percent"),
        Column("Rests on", lambda r: "judgement" if r[1].judged else "a text"),
        Column("Claims that bear on it", lambda r: tuple(Link(c, f"claim-{c}") for c in r[1].claims)),
    )
    chart = ChartSpec(
        "dots",
        [
            Interval(
                number_link(n, names).text, n.value, max(n.value - ERRORS * n.error, 0.0), n.value + ERRORS * n.error
            )
            for n in lead.numbers[:most]
        ],
    )
    top = lead.numbers[0]
    sentence = (
        f"Before “{lead.label}” it is “{number_link(top, names).text}” that is most worth asking for: {number(top.value)} units. "
        f"{unit_sentence(lead, names)} {idle_words(lead)}"
    )
    note = (
        "Partial value of perfect information, by least squares on polynomials of each number; the bars are two standard errors. Values of "
        "several numbers do not add up. What cannot be told from nothing counts as nothing."
    )
    return Figure("asking", "What to ask next", sentence.strip(), table, chart, note)


def _groups(decisions: tuple[DecisionAnswer, ...]) -> Figure:
    rows = [(d, group) for d in decisions for group in d.groups]
    table = Rows(rows).under(
        Column("Before", lambda r: r[0].label),
        Column("Numbers of", lambda r: r[1].group),
        Column("How many", lambda r: len(r[1].quantities), "number"),
        Column("Worth knowing together, in units", lambda r: r[1].value, "number"),
        Column("± standard error", lambda r: r[1].error, "number"),
        Column("Of what all are worth", lambda r: r[1].share, "percent"),
    )
    decision, top = max(rows, key=lambda r: r[1].value)
    sentence = f"Before “{decision.label}” the numbers of {top.group} are worth most together: {percent(top.share)} of what all are worth."
    return Figure("asking-groups", "What to ask next, by group", sentence, table)


def _together(surrogate: SurrogateAnswer, names: Names) -> Figure:
    """Which numbers act together, as a polynomial stand-in has it, and how far that can be trusted."""

    def named(pair: PairShare, i: int) -> Link:
        return Link(capital(pair.labels[i].lstrip("… ")), f"input-{pair.quantities[i]}")

    table: Table = Rows(surrogate.together).under(
        Column("Goal", lambda p: names.goal(p.goal)),
        Column("Number", lambda p: named(p, 0)),
        Column("Acts together with", lambda p: named(p, 1)),
        Column("Share of the goal's variance", lambda p: p.share, "percent"),
    )
    known = [(f, f.explained) for f in surrogate.figures if f.explained is not None]
    fits = listed(f"{percent(max(r2, 0.0))} of “{names.goal(f.goal)}”" for f, r2 in known)
    if surrogate.together:
        top = max(surrogate.together, key=lambda p: p.share)
        one, other = (named(top, i).text for i in (0, 1))
        sentence = (
            f"“{one}” and “{other}” act together most: {percent(top.share)} of what “{names.goal(top.goal)}” varies by is due to "
            "how the two come together."
        )
    else:
        sentence = "No two numbers act together by as much as half a hundredth of what a goal varies by."
    trust = f"On draws that it had not seen it follows {fits}. " if fits else ""
    note = (
        f"From a polynomial stand-in with {count(surrogate.columns, 'term')}, fitted to {surrogate.fitted:,} draws. {trust}It screens numbers "
        "and maps which act together; no answer rests on it."
    )
    return Figure("together", "Which numbers act together", sentence, table, note=note)
