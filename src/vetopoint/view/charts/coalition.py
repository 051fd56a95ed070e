"""Pictures of the coalition: who joins when, what keeps it together, how it erodes, where disputes settle."""

from collections.abc import Iterator
from datetime import date

from vetopoint.answers import (
    Answers,
    BodyAnswer,
    CoalitionSection,
    ConcedingAnswer,
    ConsistentExpectations,
    ErosionAnswer,
    IssueAnswer,
    IssueModelAnswer,
    MemberAnswer,
    SituationAnswer,
)
from vetopoint.view.charts.spec import SHARE, Axis, Cell, ChartSpec, Interval, Point, Reference, bands, coloured
from vetopoint.view.names import Names, spoken
from vetopoint.view.numbers import (
    Banded,
    capital,
    level_with,
    listed,
    month_name,
    number,
    percent,
    percent_band,
    points,
)
from vetopoint.view.sentences.coalition import conceding
from vetopoint.view.tables import Column, Figure, Link, Rows

_MEASURES = {
    "quorum": "reaches what it needs",
    "joined": "members that join",
    "cohesion": "survives one exit",
    "conceding": "concede the dependency",
    "supports": "support the plan",
}


def figures(answers: Answers, names: Names) -> Iterator[Figure | None]:
    """Return the pictures of the coalition; none without members."""
    section = answers.coalition
    if section is None:
        return
    if section.situations:
        yield _quorum(section, names)
    if section.members:
        yield _members(section, names)
    if section.decisiveness:
        yield _weight(section)
    yield _erosion(section, names)
    if section.conceding is not None and section.conceding.reports:
        yield _conceding(section.conceding, section.members, names)
    if section.blocs:
        yield _blocs(section)
    if answers.expectations is not None and answers.expectations.ends:
        yield _expectations(answers.expectations, names)
    yield from (_issue(issue) for issue in section.issues if issue.grid)
    yield from (_body(body) for body in section.bodies)


def _weighed(situation: SituationAnswer, names: Names) -> str:
    said = names.situation(situation.label, situation.facts)
    return f"{capital(said)} (weight {percent(situation.weight.mean)})"


def _quorum(section: CoalitionSection, names: Names) -> Figure:
    """In each situation: does the coalition reach what it needs, if all expect the best, or the worst?"""
    ranked = sorted((s for s in section.situations if s.met), key=lambda s: -s.weight.mean) or section.situations
    rows = [row for s in ranked[:8] for row in bands(_weighed(s, names), best=s.quorum, worst=s.quorum_least)]
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
    series = coloured(best="if all expect the best", worst="if all expect the worst")
    chart = ChartSpec("dots", rows, x=SHARE, series=series)
    note = "The distance between the two dots is the coordination risk: what depends on who moves first."
    facts = dict.fromkeys(f for s in section.situations for f in s.facts)
    if facts:
        note += f" The public facts that members look at: {listed(f'“{names.fact(f)}”' for f in facts)}."
    return Figure("quorum", "Does the coalition come together?", f"{sentence}.", table, chart, note)


def _members(section: CoalitionSection, names: Names, most: int = 5) -> Figure:
    """How likely each member joins, in the situations that matter most."""
    met = [s for s in section.situations if s.met] or section.situations
    heaviest = sorted(met, key=lambda s: -s.weight.mean)[:most]
    members = sorted(section.members, key=lambda m: -m.joins_overall.mean)
    joins = {(m.name, j.situation): j.greatest for m in members for j in m.joins}
    cells = tuple(
        Cell(m.label, _weighed(s, names), band.mean, band.mean, percent(band.mean))
        for m in members
        for s in heaviest
        if (band := joins.get((m.name, s.name))) is not None
    )
    rows = Rows(members)
    table = rows.under(
        Column("Member", lambda m: m.label),
        Column("Joins, all situations", lambda m: m.joins_overall, "percent"),
        *rows.each(
            {s.name: f"Joins: {names.situation(s.label, s.facts)}" for s in heaviest},
            lambda m, situation: joins.get((m.name, situation)),
            "percent",
        ),
        Column("Capability", lambda m: m.capability, "number"),
        Column("Slack (exits it survives)", lambda m: m.slack or (None if m.exit.cascade else "never joins"), "number"),
        Column("Plan survives its exit", lambda m: m.exit.survives or "never goes ahead", "percent"),
        Column("Others that leave with it", lambda m: m.exit.cascade or "never joins", "number"),
        Column("Its rule", lambda m: m.rule_label or m.rule),
    )
    first, last = members[0], members[-1]
    level = level_with(first, members, lambda m: m.joins_overall.mean, lambda m: m.label, percent)
    sentence = (
        f"{first.label} joins most readily, {percent_band(first.joins_overall)} over all situations by weight{level}"
    )
    if percent(last.joins_overall.mean) != percent(first.joins_overall.mean):
        sentence += f"; {last.label} least, {percent_band(last.joins_overall)}"
    note = (
        "P(joins) in each situation, if all expect the best; at the head the situation and its weight. "
        "Bands and rules are in the table."
    )
    return Figure("members", "Who joins, and when", f"{sentence}.", table, ChartSpec("heat", cells, x=SHARE), note)


def _weight(section: CoalitionSection) -> Figure:
    """Who decides, inside the coalition alone, whether it goes ahead."""
    rows: list[Interval] = []
    for d in section.decisiveness[:12]:
        rows += bands(f"{d.label}, by clause" if d.by_clause else d.label, unlock=d.unlock, block=d.block)
    table = Rows(section.decisiveness).under(
        Column("Party", lambda d: d.label),
        Column("Decisiveness", lambda d: d.decisiveness, "points"),
        Column("Unlock", lambda d: d.unlock, "points"),
        Column("Block", lambda d: d.block, "points"),
        Column("Shapley lift", lambda d: d.lift, "points"),
        Column("Largest in size, in draws", lambda d: d.largest, "percent"),
        Column("A clause fails without it", lambda d: "yes" if d.by_clause else "no"),
    )
    lead = section.decisiveness[0]
    level = level_with(lead, section.decisiveness, lambda d: d.decisiveness.mean, lambda d: d.label, points)
    sentence = (
        f"Inside the coalition alone, before anyone replies, the yes or no of {lead.label} makes the largest difference{level}: "
        f"it reaches what it needs in {percent(lead.given_yes.mean)} with it and {percent(lead.given_no.mean)} without."
    )
    series = coloured(unlock="unlock: gained by its yes", block="block: lost by its no")
    chart = ChartSpec.in_points("bars", rows, series)
    note = "Coalition engine only: joining rules and consent clauses, without the moves of the game."
    return Figure("weight", "Who is pivotal inside the coalition, coalition alone", sentence, table, chart, note)


def _erosion(section: CoalitionSection, names: Names) -> Figure | None:
    """How the coalition moves over the months, as stances drift and events fall due."""
    drawn: dict[str, ErosionAnswer | ConcedingAnswer] = {e.measure: e for e in section.erosion if e.measure != "joined"}
    if section.conceding is not None:
        drawn.setdefault("conceding", section.conceding)
    rows = [
        Point(names.iso(month), mean, lo, hi, measure)
        for measure, e in drawn.items()
        for month, mean, lo, hi in zip(e.months, e.mean, e.lo, e.hi, strict=True)
    ]
    if not rows:
        return None
    measures = {measure: _measure(measure, e, len(section.members)) for measure, e in drawn.items()}
    parts: list[str] = []
    for m, said in measures.items():
        own = [p for p in rows if p.series == m]
        parts.append(f"{said} {percent(own[0].y)} → {percent(own[-1].y)}")
    first, last = (f(date.fromisoformat(str(p.x)) for p in rows) for f in (min, max))
    sentence = f"From {month_name(first)} to {month_name(last)}: {listed(parts)}."
    chart = ChartSpec("lines", rows, y=SHARE, series=coloured(**measures))
    table = Rows(rows).under(
        Column("Measure", lambda p: measures[p.series]),
        Column("Month", lambda p: str(p.x)[:7]),
        Column("Mean", lambda p: p.y, "percent"),
        Column("5th", lambda p: p.lo, "percent"),
        Column("95th", lambda p: p.hi, "percent"),
    )
    return Figure("erosion", "How cohesion moves over the months", sentence, table, chart)


def _measure(measure: str, e: ErosionAnswer | ConcedingAnswer, members: int) -> str:
    """What a curve is, of how many members, and whether the case assumes it."""
    said = _MEASURES.get(measure, spoken(measure))
    if e.known and e.known < members:
        said += f", of the {e.known} of whom it is known ({members - e.known} unknown)"
    return f"{said} (assumed by the case)" if e.judged else said


def _expectations(found: ConsistentExpectations, names: Names) -> Figure:
    """Expectations that come true, searched for from none and from certainty."""
    facts = dict.fromkeys(f for e in found.ends for f in e.expected)
    goals = dict.fromkeys(g for e in found.ends for g in e.goals)
    rows = Rows(found.ends)
    table = rows.under(
        Column("Beginning from", lambda e: e.start, "percent"),
        *rows.each({f: f"Expected in the end: {spoken(f)}" for f in facts}, lambda e, f: e.expected.get(f), "percent"),
        *rows.each({f: f"Solved: {spoken(f)}" for f in facts}, lambda e, f: e.solved.get(f), "percent"),
        *rows.each({g: names.goal(g) for g in goals}, lambda e, g: e.goals.get(g), "percent"),
        Column("Rounds", lambda e: e.rounds, "number"),
        Column("Settled", lambda e: "yes" if e.settled else "no"),
    )
    alike = "are alike: nothing hangs on what is expected" if found.unique else "differ: what is expected decides"
    sentence = f"Searched from none and from certainty, the expectations that come true {alike}."
    note = f"On the first {found.draws:,} draws."
    title = "What members who commit early may expect"
    return Figure("expectations", title, sentence, table, note=note, open_table=True)


def _issue(issue: IssueAnswer) -> Figure:
    """Where a disputed issue would settle: a calibrated distribution with the models' points beside it."""
    id_, label = f"issue-{issue.name}", issue.label or spoken(issue.name)
    middle, low, high = (number(issue.quantiles[level]) for level in ("0.5", "0.05", "0.95"))
    sentence = f"{capital(label)}: the settlement lies around {middle} of 100 [{low}–{high}]; "
    sentence += f"the declared condition for agreement holds in {percent_band(issue.agreed)}."
    rows = tuple(Point(x, d, series="settlement") for x, d in zip(issue.grid, issue.density, strict=True))
    axis = Axis(label="position on the issue, 0 to 100", domain=(0.0, 100.0))
    series = coloured(settlement="calibrated density of the settlement")
    mean = [
        Reference(m.settlement.mean, "weighted mean") for m in issue.models if m.settlement and m.model == "compromise"
    ]
    chart = ChartSpec("lines", rows, axis, Axis(format="none"), series, reference=mean[:1])
    placed: list[tuple[str, Banded | None, Banded | None, Banded | None]] = [
        *((_model(m), m.settlement, None, None) for m in issue.models),
        *((a.label, a.position, a.salience, a.weight) for a in issue.actors),
    ]
    table = Rows(placed).under(
        Column("Model or actor", lambda row: row[0]),
        Column("Position", lambda row: row[1], "number"),
        Column("Salience", lambda row: row[2], "number"),
        Column("Weight", lambda row: row[3], "percent"),
    )
    return Figure(id_, f"What they would settle on: {label}", sentence, table, chart, issue.record)


def _model(answer: IssueModelAnswer) -> str:
    name = f"model: {spoken(answer.model)}"
    return f"{name} (none in {percent(answer.none)} of draws)" if answer.none else name


def _body(body: BodyAnswer) -> Figure:
    """Power in a formal body under its real rule."""
    id_, ranked = f"body-{body.name}", sorted(body.members, key=lambda m: -m.shapley_shubik)
    rows = tuple(Interval(m.label, m.shapley_shubik, note="blocks alone" if m.veto else "") for m in ranked[:12])
    vetoes = [m.label for m in ranked if m.veto]
    first = [m.label for m in ranked if percent(m.shapley_shubik) == percent(ranked[0].shapley_shubik)]
    share, label = percent(ranked[0].shapley_shubik), body.label or capital(spoken(body.name))
    if len(first) == len(ranked) > 1:
        sentence = f"{label}: all {len(ranked)} have the same share of power, {share}; "
    else:
        verb = "has the largest share of power" if len(first) == 1 else "have the largest shares of power"
        sentence = f"{label}: {listed(first, most=6)} {verb}, {share}{' each' if len(first) > 1 else ''}; "
    sentence += f"{listed(vetoes, most=6)} can block alone." if vetoes else "no member can block alone."
    table = Rows(ranked).under(
        Column("Member", lambda m: m.label),
        Column("Shapley–Shubik", lambda m: m.shapley_shubik, "percent"),
        Column("Banzhaf, normalised", lambda m: m.banzhaf_normalised, "percent"),
        Column("Blocks alone", lambda m: "yes" if m.veto else "no"),
    )
    chart = ChartSpec("bars", rows, x=Axis(format="percent"))
    note = body.rule
    if body.drawn:
        error = max(m.shapley_shubik_error for m in body.members)
        note += f". Found from {body.drawn:,} orders and coalitions drawn; a Shapley–Shubik share is off by {number(100 * error, 2)} points or less (standard error)."
    return Figure(id_, f"Power in {body.label or spoken(body.name)}", sentence, table, chart, note)


def _conceding(found: ConcedingAnswer, members: list[MemberAnswer], names: Names) -> Figure:
    """Each dated report of how many members concede the dependency."""
    labels = {m.name: m.label for m in members}
    table = Rows(found.reports).under(
        Column("Reported", lambda r: r.date.isoformat() if r.date else names.when(r.month)),
        Column("Of whom", lambda r: labels.get(r.of, capital(r.of)) if r.of else "the group"),
        Column("Concede", lambda r: r.share, "percent"),
        Column("The number is", lambda r: "assumed by the case" if r.judged else "reported"),
        Column("Trend reported", lambda r: r.trend),
        Column("Names whom it speaks of", lambda r: "yes" if r.who == "named" else "no"),
        Column("Claims", lambda r: tuple(Link(c, f"claim-{c}") for c in r.because)),
        Column("Note", lambda r: r.note),
    )
    title = "Who is taken to concede the dependency" if found.judged else "Who is reported to concede the dependency"
    return Figure("conceding", title, f"{capital(conceding(found, len(members)))}.", table)


def _blocs(section: CoalitionSection) -> Figure:
    """What members that go together weigh, by Owen's value."""
    labels = {m.name: m.label for m in section.members}
    table = Rows([(b, *share) for b in section.blocs for share in b.members.items()]).under(
        Column("Bloc", lambda r: capital(spoken(r[0].name))),
        Column("Member", lambda r: labels.get(r[1], r[1])),
        Column("Of the member", lambda r: r[2], "points"),
        Column("Of the bloc", lambda r: r[0].lift, "points"),
    )
    ranked = sorted(section.blocs, key=lambda b: -b.lift.mean)
    sentence = f"In order of what they add: {listed(capital(spoken(b.name)) for b in ranked)}."
    return Figure("blocs", "What blocs of members weigh (Owen value)", sentence, table)
