"""Pictures of what would change the answer, and where its words come from."""

from __future__ import annotations

from vetopoint.answers import ChangeSection, EvidenceSection, InputAnswer, Swing
from vetopoint.view.charts.spec import Axis, ChartSpec, Interval, Range, Reference, Series, Share
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count, listed, number, percent, points
from vetopoint.view.tables import Column, Figure, Link, Rows

__all__ = ["origins_figure", "stability_figure", "swings_figure", "tipping_figure", "twin_figure"]


def _label(swing: Swing, names: Names) -> str:
    return capital(swing.label or names.quantity(swing.quantity))


def swings_figure(change: ChangeSection, probability: float, names: Names, most: int = 12) -> Figure | None:
    """How far each uncertain number alone moves the leading goal."""
    ranked = sorted(change.swings, key=lambda s: -abs(s.swing))
    if not ranked:
        return None
    rows = tuple(
        Range(
            _label(s, names),
            s.at_low,
            s.at_high,
            "judged" if s.judged else "read",
            f"from {number(s.low)} to {number(s.high)}",
        )
        for s in ranked[:most]
    )
    top = ranked[0]
    sentence = (
        f"{_label(top, names)} matters most: moved alone from {number(top.low)} to {number(top.high)}, it takes the chance of "
        f"“{names.goal(change.goal)}” from {percent(top.at_low)} to {percent(top.at_high)} ({points(top.swing)})."
    )
    table = Rows(ranked).under(
        Column("Uncertain number", lambda s: Link(_label(s, names), f"input-{s.quantity}")),
        Column("Origin", lambda s: "judged" if s.judged else "read"),
        Column("Low (5th)", lambda s: s.low, "number"),
        Column("High (95th)", lambda s: s.high, "number"),
        Column("P(goal) at low", lambda s: s.at_low, "percent"),
        Column("P(goal) at high", lambda s: s.at_high, "percent"),
        Column("Swing", lambda s: s.swing, "points"),
    )
    series = (
        Series("judged", "the number is somebody's judgement", "c2"),
        Series("read", "the number is read from a source", "c1"),
    )
    chart = ChartSpec(
        "swings",
        "ranges",
        sentence,
        rows,
        x=_axis([s.at_low for s in ranked] + [s.at_high for s in ranked]),
        series=tuple(s for s in series if any(r.series == s.key for r in rows)),
        reference=(Reference(probability),),
    )
    note = (
        "Each number is held at the 5th, then the 95th percentile of its own distribution, all others as drawn. "
        "The dashed line is the answer as it stands."
    )
    return Figure("swings", "Which number matters most", sentence, table, chart, note)


def _axis(values: list[float]) -> Axis:
    """Return an axis around the values, with a decimal where all of them are small."""
    room = max(0.1 * (max(values) - min(values)), 0.005)
    small = max(values) < 0.1
    span = (max(0.0, min(values) - room), min(1.0, max(values) + room))
    return Axis(format="permille" if small else "percent", domain=span)


def tipping_figure(change: ChangeSection, names: Names) -> Figure | None:
    """At which value of which number the answer flips."""
    rows = [*change.tipping, *change.deployed_anyway]
    if not rows:
        return None
    flips = [t for t in rows if t.value is not None]
    sentence = f"{count(len(flips), 'number')} of {len(rows)} tested would flip a finding within the range that is thought possible."
    table = Rows(sorted(rows, key=lambda t: t.value is None)).under(
        Column(
            "Uncertain number", lambda t: Link(capital(t.label or names.quantity(t.quantity)), f"input-{t.quantity}")
        ),
        Column("What flips", lambda t: names.quoted(t.finding)),
        Column("At", lambda t: t.value if t.value is not None else "does not flip", "number"),
        Column("Range, low", lambda t: t.low, "number"),
        Column("Range, high", lambda t: t.high, "number"),
        Column("Unit", lambda t: t.unit),
        Column("Note", lambda t: t.note),
    )
    return Figure("tipping", "At which value the answer flips", capital(sentence), table, open_table=True)


def twin_figure(change: ChangeSection, goals: dict[str, Interval], names: Names) -> Figure | None:
    """The case beside its ignorance twin, the same tree with vague payoffs."""
    shared = [g for g in change.twin_goal if g in goals]
    if not shared:
        return None
    rows: list[Interval] = []
    for g in shared:
        own, twin, label = goals[g], change.twin_goal[g], capital(names.goal(g))
        rows.append(Interval(label, own.mean, own.lo, own.hi, "case"))
        rows.append(Interval(label, twin.mean, twin.lo, twin.hi, "twin"))
    structural = sum(t.structural for t in change.twin)
    sentence = (
        f"Of {count(len(change.twin), 'finding')} tested, {count(structural, 'holds', 'hold')} under vague payoffs too "
        f"and so {'comes' if structural == 1 else 'come'} from the order of moves; what is left comes from judged payoffs."
        if change.twin
        else "The same tree with symmetric vague payoffs, beside the case."
    )
    table = Rows(rows).under(
        Column("Goal", lambda r: r.label),
        Column("Which", lambda r: "case" if r.series == "case" else "ignorance twin"),
        Column("Mean", lambda r: r.mean, "percent"),
        Column("5th", lambda r: r.lo, "percent"),
        Column("95th", lambda r: r.hi, "percent"),
    )
    chart = ChartSpec(
        "twin",
        "dots",
        sentence,
        tuple(rows),
        x=Axis(format="percent", domain=(0.0, 1.0)),
        series=(Series("case", "the case", "c1"), Series("twin", "its ignorance twin", "muted")),
    )
    return Figure("twin", "What is due to structure, what to judgement", sentence, table, chart)


def stability_figure(change: ChangeSection, names: Names) -> Figure | None:
    """A second opinion that uses no numbers: which outcomes the graph model of conflict calls stable."""
    rows = change.stability
    if not rows:
        return None
    first = rows[0]
    agreeing = [r.concept for r in rows if r.agree >= 0.5]
    outcome = f"the likeliest outcome, “{names.outcome(first.outcome)}”," if first.outcome else "the likeliest outcome"
    verdict = f"is stable by {listed(agreeing)}" if agreeing else "is stable by no concept"
    sentence = f"In at least half of the draws {outcome} {verdict}."
    table = Rows(rows).under(
        Column("Concept", lambda r: r.concept),
        Column("What makes a state stable", lambda r: r.meaning),
        Column("Likeliest outcome stable in", lambda r: r.agree, "percent"),
        Column(
            "Most often stable",
            lambda r: "; ".join(f"{s.label or names.outcome(s.outcome)} {percent(s.share)}" for s in r.stable[:3]),
        ),
        Column("Note", lambda r: r.note),
    )
    note = "It looks at preferences and standing options only: no chances, no dates, no precision."
    return Figure(
        "stability",
        "A second opinion without numbers (graph model of conflict)",
        sentence,
        table,
        note=note,
        open_table=True,
    )


def origins_figure(evidence: EvidenceSection) -> Figure | None:
    """Which share of the inputs is read, and which judged."""
    if not evidence.inputs:
        return None

    def having(origin: str) -> list[InputAnswer]:
        return [i for i in evidence.inputs if i.origin == origin]

    kinds = (
        ("read", "read from a source", "c1"),
        ("judged, prompted by text", "judged, prompted by a source", "c3"),
        ("judged", "judged by the analyst alone", "c2"),
    )
    sentence = f"{evidence.judged} of {evidence.total} inputs are judgement."
    rows = tuple(Share("Inputs", key, float(len(having(key)))) for key, _, _ in kinds if having(key))
    series = tuple(Series(key, label, colour) for key, label, colour in kinds if having(key))  # type: ignore[arg-type]
    chart = ChartSpec(
        "origins", "stack", sentence, rows, x=Axis(domain=(0.0, float(len(evidence.inputs)))), series=series
    )
    table = Rows(kinds).under(
        Column("Origin", lambda kind: kind[1]),
        Column("Inputs", lambda kind: len(having(kind[0])), "number"),
    )
    return Figure("origins", "Read or judged", sentence, table, chart)
