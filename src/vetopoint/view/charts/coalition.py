"""Pictures of the coalition: who joins when, what keeps it together, how it erodes, where disputes settle."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from vetopoint.answers import (
    CoalitionSection,
    ConsistentExpectations,
    ExpectationEnd,
    IssueActorAnswer,
    IssueAnswer,
    IssueModelAnswer,
    MemberAnswer,
    SituationAnswer,
)
from vetopoint.view.charts.spec import Axis, Cell, ChartSpec, Colour, Interval, Point, Reference, Series, points_axis
from vetopoint.view.names import Names, spoken
from vetopoint.view.numbers import capital, count, listed, month_name, number, percent, percent_band
from vetopoint.view.tables import Column, Figure, Link, Rows, Value

__all__ = [
    "blocs_figure",
    "bodies_figure",
    "conceding_figure",
    "erosion_figure",
    "expectations_figure",
    "issue_figures",
    "members_figure",
    "quorum_figure",
    "weight_figure",
]

_COLOURS: tuple[Colour, ...] = ("c1", "c2", "c3", "c4", "c5", "c6")
_MEASURES = {
    "quorum": "reaches what it needs",
    "joined": "members that join",
    "cohesion": "survives one exit",
    "conceding": "concede the dependency",
    "supports": "support the plan",
}
SHARE = Axis(format="percent", domain=(0.0, 1.0))


def _heaviest(section: CoalitionSection, most: int = 5) -> list[SituationAnswer]:
    met = [s for s in section.situations if s.weight.mean >= 0.0005] or section.situations
    return sorted(met, key=lambda s: -s.weight.mean)[:most]


def quorum_figure(section: CoalitionSection, names: Names) -> Figure | None:
    """In each situation: does the coalition reach what it needs, if all expect the best, or the worst?"""
    if not section.situations:
        return None
    ranked = sorted(section.situations, key=lambda s: -s.weight.mean)
    rows: list[Interval] = []
    for s in ranked[:8]:
        label = f"{capital(names.situation(s.label, s.facts))} (weight {percent(s.weight.mean)})"
        rows.append(Interval(label, s.quorum.mean, s.quorum.lo, s.quorum.hi, "best"))
        least = s.quorum_least
        rows.append(Interval(label, least.mean, least.lo, least.hi, "worst"))

    table = Rows(ranked).under(
        Column("Situation", lambda s: capital(names.situation(s.label, s.facts))),
        Column("Weight", lambda s: s.weight, "percent"),
        Column("Reaches what it needs", lambda s: s.quorum, "percent"),
        Column("If all expect the worst", lambda s: s.quorum_least, "percent"),
        Column("Coordination risk", lambda s: s.coordination_risk, "points"),
        Column("Members that join", lambda s: s.joined, "number"),
        Column("Survives one exit", lambda s: s.cohesion, "percent"),
    )
    lead = max(ranked, key=lambda s: s.quorum.mean)
    last = min(ranked, key=lambda s: s.quorum.mean)
    sentence = f"{section.actor_label} reaches what it needs in {percent(lead.quorum.mean)} under “{names.situation(lead.label, lead.facts)}”"
    if last is not lead:
        sentence += f", in {percent(last.quorum.mean)} under “{names.situation(last.label, last.facts)}”"
    series = (Series("best", "if all expect the best", "c1"), Series("worst", "if all expect the worst", "c2"))
    chart = ChartSpec("quorum", "dots", f"{sentence}.", tuple(rows), x=SHARE, series=series)
    note = "The distance between the two dots is the coordination risk: what depends on who moves first."
    facts = list(dict.fromkeys(f for s in section.situations for f in s.facts))
    if facts:
        note += f" The public facts that members look at: {listed([f'“{names.fact(f)}”' for f in facts])}."
    return Figure("quorum", "Does the coalition come together?", f"{sentence}.", table, chart, note)


def members_figure(section: CoalitionSection, names: Names) -> Figure | None:
    """How likely each member joins, in the situations that matter most."""
    if not section.members:
        return None
    heavy = _heaviest(section)
    members = sorted(section.members, key=lambda m: -m.joins_overall.mean)
    cells = tuple(
        Cell(
            m.label,
            f"{capital(names.situation(s.label, s.facts))} (weight {percent(s.weight.mean)})",
            band.mean,
            band.mean,
            percent(band.mean),
        )
        for m in members
        for s in heavy
        if (band := {j.situation: j.greatest for j in m.joins}.get(s.name)) is not None
    )
    table = Rows(members).under(
        Column("Member", lambda m: m.label),
        Column("Joins, all situations", lambda m: m.joins_overall, "percent"),
        *(
            Column(
                f"Joins: {names.situation(s.label, s.facts)}",
                partial(_joins_in, s.name),
                "percent",
            )
            for s in heavy
        ),
        Column("Capability", lambda m: m.capability, "number"),
        Column("Slack (exits it survives)", lambda m: m.slack, "number"),
        Column("Plan survives its exit", lambda m: m.exit.survives, "percent"),
        Column("Others that leave with it", lambda m: m.exit.cascade, "number"),
        Column("Its rule", lambda m: m.rule),
    )
    first, last = members[0], members[-1]
    sentence = f"{first.label} joins most readily, {percent_band(first.joins_overall)} over all situations by weight"
    if last is not first:
        sentence += f"; {last.label} least, {percent_band(last.joins_overall)}"
    chart = ChartSpec("members", "heat", f"{sentence}.", cells, x=SHARE)
    note = (
        "P(joins) in each situation, if all expect the best; at the head the situation and its weight. "
        "Bands and rules are in the table."
    )
    return Figure("members", "Who joins, and when", f"{sentence}.", table, chart, note)


def _joins_in(situation: str, member: MemberAnswer) -> Value:
    return {j.situation: j.greatest for j in member.joins}.get(situation)


def weight_figure(section: CoalitionSection) -> Figure | None:
    """Who decides, inside the coalition alone, whether it goes ahead."""
    ranked = [d for d in section.decisiveness][:12]
    if not ranked:
        return None
    rows: list[Interval] = []
    for d in ranked:
        label = f"{d.label}, by clause" if d.structural_veto else d.label
        rows += [
            Interval(label, d.unlock.mean, d.unlock.lo, d.unlock.hi, "unlock"),
            Interval(label, d.block.mean, d.block.lo, d.block.hi, "block"),
        ]
    table = Rows(section.decisiveness).under(
        Column("Party", lambda d: d.label),
        Column("Decisiveness", lambda d: d.decisiveness, "points"),
        Column("Unlock", lambda d: d.unlock, "points"),
        Column("Block", lambda d: d.block, "points"),
        Column("Shapley lift", lambda d: d.lift, "points"),
        Column("Largest in size, in draws", lambda d: d.largest, "percent"),
        Column("A clause fails without it", lambda d: "yes" if d.structural_veto else "no"),
    )
    lead = ranked[0]
    sentence = (
        f"Inside the coalition alone, before anyone replies, the yes or no of {lead.label} makes the largest difference: "
        f"it reaches what it needs in {percent(lead.given_yes.mean)} with it and {percent(lead.given_no.mean)} without."
    )
    series = (Series("unlock", "unlock: gained by its yes", "c1"), Series("block", "block: lost by its no", "c2"))
    chart = ChartSpec("weight", "bars", sentence, tuple(rows), x=points_axis(rows), series=series)
    note = "Coalition engine only: joining rules and consent clauses, without the moves of the game."
    return Figure("weight", "Who is pivotal inside the coalition, coalition alone", sentence, table, chart, note)


def erosion_figure(section: CoalitionSection, names: Names) -> Figure | None:
    """How the coalition moves over the months, as stances drift and events fall due."""
    shares = [e for e in section.erosion if e.measure != "joined" and e.months]
    if section.conceding is not None and not any(e.measure == "conceding" for e in shares):
        c = section.conceding
        shares = [*shares]
        extra = list(zip(c.months, c.mean, c.lo, c.hi, strict=True))
    else:
        extra = []
    if not shares and not extra:
        return None
    rows = [
        Point(names.iso(month), mean, lo, hi, e.measure)
        for e in shares
        for month, mean, lo, hi in zip(e.months, e.mean, e.lo, e.hi, strict=True)
    ]
    rows += [Point(names.iso(month), mean, lo, hi, "conceding") for month, mean, lo, hi in extra]
    measures = list(dict.fromkeys(p.series for p in rows))
    series = tuple(Series(m, _MEASURES.get(m, spoken(m)), _COLOURS[i]) for i, m in enumerate(measures))
    parts: list[str] = []
    for m in measures:
        own = [p for p in rows if p.series == m]
        parts.append(f"{_MEASURES.get(m, spoken(m))} {percent(own[0].y)} → {percent(own[-1].y)}")
    first, last = (f(date.fromisoformat(str(p.x)) for p in rows) for f in (min, max))
    sentence = f"From {month_name(first)} to {month_name(last)}: {listed(parts)}."
    chart = ChartSpec("erosion", "lines", sentence, tuple(rows), y=SHARE, series=series)
    table = Rows(rows).under(
        Column("Measure", lambda p: _MEASURES.get(p.series, p.series)),
        Column("Month", lambda p: str(p.x)[:7]),
        Column("Mean", lambda p: p.y, "percent"),
        Column("5th", lambda p: p.lo, "percent"),
        Column("95th", lambda p: p.hi, "percent"),
    )
    return Figure("erosion", "How cohesion moves over the months", sentence, table, chart)


def expectations_figure(found: ConsistentExpectations | None, names: Names) -> Figure | None:
    """Expectations that come true, searched for from none and from certainty."""
    if found is None or not found.ends:
        return None
    facts = list(dict.fromkeys(f for e in found.ends for f in e.expected))
    goals = list(dict.fromkeys(g for e in found.ends for g in e.goals))
    table = Rows(found.ends).under(
        Column("Beginning from", lambda e: e.start, "percent"),
        *(Column(f"Expected in the end: {spoken(f)}", _named("expected", f), "percent") for f in facts),
        *(Column(f"Solved: {spoken(f)}", _named("solved", f), "percent") for f in facts),
        *(Column(names.goal(g), _named("goals", g), "percent") for g in goals),
        Column("Rounds", lambda e: e.rounds, "number"),
        Column("Settled", lambda e: "yes" if e.settled else "no"),
    )
    alike = "are alike: nothing hangs on what is expected" if found.unique else "differ: what is expected decides"
    sentence = f"Searched from none and from certainty, the expectations that come true {alike}."
    note = f"On the first {found.draws:,} draws."
    title = "What members who commit early may expect"
    return Figure("expectations", title, sentence, table, note=note, open_table=True)


def _named(field: str, name: str) -> Callable[[ExpectationEnd], Value]:
    """What one end of the search holds under a name."""
    return lambda end: getattr(end, field).get(name)


def issue_figures(section: CoalitionSection) -> list[Figure]:
    """Where each disputed issue would settle: a calibrated distribution with the models' points beside it."""
    return [_issue(i) for i in section.issues if i.grid]


def _issue(issue: IssueAnswer) -> Figure:
    label = issue.label or spoken(issue.name)
    q = issue.quantiles
    middle, low, high = (_quantile(q, p) for p in (50, 5, 95))
    sentence = f"{capital(label)}: the settlement lies around {number(middle)} of 100 [{number(low)}–{number(high)}]; "
    sentence += f"the declared condition for agreement holds in {percent_band(issue.agreed)}."
    rows = tuple(Point(x, d, series="settlement") for x, d in zip(issue.grid, issue.density, strict=True))
    mean = next((m for m in issue.models if m.model == "compromise"), None)
    reference = (Reference(mean.settlement.mean, "weighted mean"),) if mean is not None else ()
    chart = ChartSpec(
        f"issue-{issue.name}",
        "lines",
        sentence,
        rows,
        x=Axis(label="position on the issue, 0 to 100", domain=(0.0, 100.0)),
        y=Axis(format="none"),
        series=(Series("settlement", "calibrated density of the settlement", "c1"),),
        reference=reference,
    )
    placed: list[IssueModelAnswer | IssueActorAnswer] = [*issue.models, *issue.actors]
    table = Rows(placed).under(
        Column("Model or actor", lambda m: m.label if isinstance(m, IssueActorAnswer) else f"model: {spoken(m.model)}"),
        Column("Position", lambda m: m.position if isinstance(m, IssueActorAnswer) else m.settlement, "number"),
        Column("Salience", lambda m: m.salience if isinstance(m, IssueActorAnswer) else None, "number"),
        Column("Weight", lambda m: m.weight if isinstance(m, IssueActorAnswer) else None, "percent"),
    )
    return Figure(f"issue-{issue.name}", f"What they would settle on: {label}", sentence, table, chart, issue.record)


def _quantile(quantiles: dict[str, float], per_cent: int) -> float:
    for key, value in quantiles.items():
        share = float(key.strip("%q"))
        if abs(share - per_cent) < 1e-9 or abs(share * 100 - per_cent) < 1e-9:
            return value
    raise KeyError(f"no {per_cent} per cent point among {sorted(quantiles)}")


def bodies_figure(section: CoalitionSection) -> list[Figure]:
    """Power in each formal body under its real rule."""
    figures: list[Figure] = []
    for body in section.bodies:
        ranked = sorted(body.members, key=lambda m: -m.shapley_shubik)
        rows = tuple(Interval(m.name, m.shapley_shubik, note="blocks alone" if m.veto else "") for m in ranked[:12])
        vetoes = [m.name for m in ranked if m.veto]
        sentence = f"{capital(spoken(body.name))}: {ranked[0].name} has the largest share of power, {percent(ranked[0].shapley_shubik)}; "
        sentence += f"{listed(vetoes, most=6)} can block alone." if vetoes else "no member can block alone."
        table = Rows(ranked).under(
            Column("Member", lambda m: m.name),
            Column("Shapley–Shubik", lambda m: m.shapley_shubik, "percent"),
            Column("Banzhaf, normalised", lambda m: m.banzhaf_normalised, "percent"),
            Column("Blocks alone", lambda m: "yes" if m.veto else "no"),
        )
        chart = ChartSpec(f"body-{body.name}", "bars", sentence, rows, x=Axis(format="percent"))
        figures.append(Figure(f"body-{body.name}", f"Power in {spoken(body.name)}", sentence, table, chart, body.rule))
    return figures


def conceding_figure(section: CoalitionSection, names: Names) -> Figure | None:
    """Each dated report of how many members concede the dependency."""
    found = section.conceding
    if found is None or not found.reports:
        return None
    labels = {m.name: m.label for m in section.members}
    table = Rows(found.reports).under(
        Column("Reported", lambda r: r.date.isoformat() if r.date else names.when(r.month)),
        Column("Of whom", lambda r: labels.get(r.of, capital(r.of)) if r.of else "the group"),
        Column("Concede", lambda r: r.share, "percent"),
        Column("Trend reported", lambda r: r.trend),
        Column("Names whom it speaks of", lambda r: "yes" if r.who == "named" else "no"),
        Column("Claims", lambda r: tuple(Link(c, f"claim-{c}") for c in r.because)),
        Column("Note", lambda r: r.note),
    )
    sentence = (
        f"{capital(count(len(found.reports), 'report'))}; at the month of decision {percent_band(found.share)} concede."
    )
    return Figure("conceding", "Who is reported to concede the dependency", sentence, table)


def blocs_figure(section: CoalitionSection) -> Figure | None:
    """What members that go together weigh, by Owen's value."""
    if not section.blocs:
        return None
    labels = {m.name: m.label for m in section.members}
    table = Rows([(b, *share) for b in section.blocs for share in b.members.items()]).under(
        Column("Bloc", lambda r: capital(r[0].name.replace("_", " "))),
        Column("Member", lambda r: labels.get(r[1], r[1])),
        Column("Of the member", lambda r: r[2], "points"),
        Column("Of the bloc", lambda r: r[0].lift, "points"),
    )
    ranked = sorted(section.blocs, key=lambda b: -b.lift.mean)
    sentence = f"In order of what they add: {listed([capital(b.name.replace('_', ' ')) for b in ranked])}."
    return Figure("blocs", "What blocs of members weigh (Owen value)", sentence, table)
