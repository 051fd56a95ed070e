"""Pictures of what would change the answer: the numbers that matter, the values where it flips, structure or judgement."""

from collections.abc import Iterator, Sequence

from vetopoint.answers import Answers, ChangeSection, FindingTried, StabilityAnswer, Swing, TippingPoint
from vetopoint.view.charts import discovery
from vetopoint.view.charts.spec import SHARE, Axis, ChartSpec, Interval, Range, Reference, Series, bands
from vetopoint.view.names import Names
from vetopoint.view.numbers import capital, count, level_with, listed, number, percent, points
from vetopoint.view.sentences.change import figure_words, told_value
from vetopoint.view.tables import Column, Figure, Link, Rows


def figures(answers: Answers, names: Names) -> Iterator[Figure | None]:
    """Return the pictures of what would change the answer."""
    change = answers.change
    if change.swings:
        lead = answers.goals[0]
        yield _swings(change, (lead.presupposed or lead.probability).mean, names)
    if change.groups:
        yield _groups(change, names)
    if change.swings_of:
        yield _swings_of(change.swings_of, names)
    if change.flips or change.deployed_anyway:
        yield _tipping([*change.flips, *change.deployed_anyway], change.tried, names)
    if change.tried:
        yield _firm(change.tried, names)
    yield from discovery.figures(answers, names)
    yield _twin(answers, names)
    if change.twin:
        yield _findings(change, names)
    if change.stability:
        yield _stability(change.stability, names)


def _label(of: Swing | TippingPoint, names: Names) -> str:
    return capital(of.label or names.quantity(of.quantity))


def _swings(change: ChangeSection, probability: float, names: Names, most: int = 12) -> Figure:
    """How far each uncertain number alone moves the leading goal."""
    ranked = sorted(change.swings, key=lambda s: -abs(s.swing))
    rows: list[Range] = []
    for s in ranked[:most]:
        across = f"from {number(s.low)} to {number(s.high)}"
        rows.append(Range(_label(s, names), s.at_low, s.at_high, _origin(s), across))
    top = ranked[0]
    level = level_with(top, ranked, lambda s: abs(s.swing), lambda s: _label(s, names), points)
    sentence = (
        f"{_label(top, names)} matters most{level}: moved alone from {number(top.low)} to {number(top.high)}, it takes the chance of "
        f"“{names.goal(change.goal)}” from {percent(top.at_low)} to {percent(top.at_high)} ({points(top.swing)})."
    )
    table = Rows(ranked).under(
        Column("Uncertain number", lambda s: Link(_label(s, names), f"input-{s.quantity}")),
        Column("Origin", _origin_words),
        Column("Low (5th)", lambda s: s.low, "number"),
        Column("High (95th)", lambda s: s.high, "number"),
        Column("P(goal) at low", lambda s: s.at_low, "percent"),
        Column("P(goal) at high", lambda s: s.at_high, "percent"),
        Column("Swing", lambda s: s.swing, "points"),
        Column("First effect", lambda s: max(s.first, 0.0), "percent"),
        Column("Total effect", lambda s: s.total, "percent"),
        Column("Its standard error", lambda s: s.total_error, "percent"),
    )
    series = (
        Series("judged", "the number is somebody's judgement", "c2"),
        Series("read", "the number is read from a source", "c1"),
        Series("published", "the number is published", "c3"),
        Series("lot", "it only decides who is drawn", "c4"),
    )
    chart = ChartSpec(
        "ranges",
        rows,
        x=_axis([at for s in ranked for at in (s.at_low, s.at_high)]),
        series=tuple(s for s in series if any(r.series == s.key for r in rows)),
        reference=(Reference(probability),),
    )
    note = (
        "Each number is moved from the 5th to the 95th percentile of its own distribution, all others as drawn. "
        "The dashed line is the answer as it stands. First effect: the share of what is uncertain that goes if the number alone becomes "
        "known; total effect: the share that is left if every other number becomes known."
    )
    return Figure("swings", "Which number matters most", sentence, table, chart, note)


def _origin(of: Swing) -> str:
    if of.origin in ("published", "lot"):
        return of.origin
    return "judged" if of.judged else "read"


def _origin_words(of: Swing) -> str:
    return "by lot" if of.origin == "lot" else _origin(of)


_GROUPED = {
    "actor": "whose it is",
    "source": "on whose word",
    "origin": "where it comes from",
    "kind": "what it is about",
}


def _groups(change: ChangeSection, names: Names) -> Figure:
    """How much of what is uncertain hangs on groups of numbers."""
    ranked = sorted(change.groups, key=lambda g: (list(_GROUPED).index(g.by), -g.total, g.label))
    table = Rows(ranked).under(
        Column("Grouped by", lambda g: _GROUPED[g.by]),
        Column("Group", lambda g: capital(g.label)),
        Column("Numbers", lambda g: g.inputs, "number"),
        Column("First effects, added up", lambda g: max(g.first, 0.0), "percent"),
        Column("Total effect", lambda g: g.total, "percent"),
        Column("Its standard error", lambda g: g.total_error, "percent"),
    )
    alone = sum(s.first for s in change.swings)
    sentence = (
        f"Known one by one, the numbers take away {percent(min(max(alone, 0.0), 1.0))} of what is uncertain about "
        f"“{names.goal(change.goal)}”; what a group has beyond its first effects it does together with other numbers."
    )
    return Figure("groups", "On what and on whom the answer hangs", sentence, table, open_table=True)


def _swings_of(swings: dict[str, tuple[Swing, ...]], names: Names, most: int = 5) -> Figure:
    """What matters most to each of the other goals."""
    ranked = [(goal, swing) for goal, found in swings.items() for swing in found[:most]]
    table = Rows(ranked).under(
        Column("Goal", lambda r: names.goal(r[0])),
        Column("Uncertain number", lambda r: Link(_label(r[1], names), f"input-{r[1].quantity}")),
        Column("Origin", lambda r: _origin_words(r[1])),
        Column("P(goal) at low", lambda r: r[1].at_low, "percent"),
        Column("P(goal) at high", lambda r: r[1].at_high, "percent"),
        Column("Swing", lambda r: r[1].swing, "points"),
    )
    first = [
        f"“{names.goal(goal)}” by “{_label(found[0], names)}” ({points(found[0].swing)})"
        for goal, found in swings.items()
        if found
    ]
    sentence = f"Moved alone from its 5th to its 95th percentile, one number moves each of the other goals most: {listed(first)}."
    return Figure("swings-of", "What matters most to the other goals", sentence, table, open_table=True)


def _axis(values: list[float]) -> Axis:
    """Return an axis around the values, with a decimal where all of them are small."""
    room = max(0.1 * (max(values) - min(values)), 0.005)
    small = max(values) < 0.1
    span = (max(0.0, min(values) - room), min(1.0, max(values) + room))
    return Axis(format="permille" if small else "percent", domain=span)


def _tipping(rows: Sequence[TippingPoint], tried: Sequence[FindingTried], names: Names) -> Figure:
    """At which value of which number the answer flips."""
    flips = {t.quantity for t in rows if t.value is not None}
    tested = max((t.inputs for t in tried), default=len({t.quantity for t in rows}))
    sentence = (
        f"{count(len(flips), 'number')} of {tested} tested would flip a finding, each moved alone within its own 98% range "
        "(1st to 99th percentile)."
    )
    looked = [t for t in rows if t.value is not None or t.smoothed is None or not t.note.startswith("not re-solved")]
    table = Rows(sorted(looked, key=lambda t: t.value is None)).under(
        Column("Uncertain number", lambda t: Link(_label(t, names), f"input-{t.quantity}")),
        Column("What flips", lambda t: names.quoted(t.finding)),
        Column("At", lambda t: t.value if t.value is not None else "does not flip", "number"),
        Column("Then", lambda t: t.instead),
        Column("Smoothing says", lambda t: t.smoothed, "number"),
        Column("Re-solved", _sides),
        Column("Range", lambda t: f"{number(t.low)} to {number(t.high)}{f' {t.unit}' if t.unit else ''}"),
        Column("Note", lambda t: t.note),
    )
    note = (
        "Smoothing the draws that are there says where it may flip; the number is then held at values on both sides and everything is solved "
        "again (“Re-solved”: the figure that decides the finding just below and just above). What that does not confirm is not said to flip."
    )
    return Figure("tipping", "At which value the answer flips", capital(sentence), table, note=note, open_table=True)


def _sides(t: TippingPoint) -> str:
    """The re-solved figure just below and just above, in three digits, since both are near the level."""
    if t.resolved is None:
        return ""
    below, above = (number(100 * figure, 3) for figure in t.resolved)
    return f"{below}% and {above}%" if t.kind in ("goal", "threat") else f"{below} and {above} points"


def _firm(tried: Sequence[FindingTried], names: Names) -> Figure:
    """Each finding against every number: how many flip it, and how far the others take it."""
    firm = [t for t in tried if not t.flipping]
    sentence = (
        f"{capital(count(len(firm), 'finding'))} of {len(tried)} {'is' if len(firm) == 1 else 'are'} flipped by no value, within its 98% range, "
        "of any number moved alone."
    )
    table = Rows(tried).under(
        Column("What would flip", lambda t: capital(names.quoted(t.finding))),
        Column("Decided by", lambda t: names.quoted(t.figure_is)),
        Column("Now", lambda t: figure_words(t, t.figure)),
        Column("Flips at", lambda t: figure_words(t, t.level)),
        Column("Numbers tried", lambda t: t.inputs, "number"),
        Column("That flip it", lambda t: t.flipping, "number"),
        Column("Not confirmed", lambda t: t.unsettled, "number"),
        Column("The others take it from", lambda t: "" if t.least is None else figure_words(t, t.least)),
        Column("to", lambda t: "" if t.most is None else figure_words(t, t.most)),
        Column(
            "Nearest of them",
            lambda t: (
                Link(capital(t.nearest_label or names.quantity(t.nearest)), f"input-{t.nearest}") if t.nearest else ""
            ),
        ),
        Column("Draws smoothed", lambda t: t.draws, "number"),
    )
    return Figure("firm", "What no single number flips", sentence, table, open_table=True)


def _twin(answers: Answers, names: Names) -> Figure | None:
    """The case beside its ignorance twin, the same tree with vague payoffs."""
    change = answers.change
    goals = {g.name: g.presupposed or g.probability for g in answers.goals}
    rows: list[Interval] = []
    for goal, twin in change.twin_goal.items():
        if goal in goals:
            rows += bands(capital(names.goal(goal)), case=goals[goal], twin=twin)
    if not rows:
        return None
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
    series = (Series("case", "the case", "c1"), Series("twin", "its ignorance twin", "muted"))
    chart = ChartSpec("dots", rows, x=SHARE, series=series)
    return Figure("twin", "What is due to structure, what to judgement", sentence, table, chart)


def _findings(change: ChangeSection, names: Names) -> Figure:
    """What the case and its ignorance twin find, finding by finding."""
    table = Rows({t.finding: t for t in change.twin}.values()).under(
        Column("Finding", lambda t: capital(names.quoted(t.finding))),
        Column("The case", lambda t: told_value(t.case_value)),
        Column("Vague payoffs", lambda t: told_value(t.twin_value)),
        Column("Due to", lambda t: "structure" if t.structural else "judged payoffs"),
    )
    structural = sum(t.structural for t in change.twin)
    verb = "holds" if structural == 1 else "hold"
    sentence = f"{capital(count(structural, 'finding'))} of {len(change.twin)} {verb} under vague payoffs too."
    return Figure("findings", "Each finding under the ignorance twin", sentence, table, open_table=True)


def _stability(rows: Sequence[StabilityAnswer], names: Names) -> Figure:
    """A second opinion that uses no numbers: which outcomes the graph model of conflict calls stable."""
    first = rows[0]
    agreeing = [r.concept for r in rows if r.agree >= 0.5]
    outcome = f"the likeliest outcome, “{names.outcome(first.outcome)}”," if first.outcome else "the likeliest outcome"
    verdict = f"is stable by {listed(agreeing)}" if agreeing else "is stable by no concept"
    sentence = f"In at least half of the draws {outcome} {verdict}."

    def steadiest(row: StabilityAnswer) -> str:
        return "; ".join(f"{s.label or names.outcome(s.outcome)} {percent(s.share)}" for s in row.stable[:3])

    table = Rows(rows).under(
        Column("Concept", lambda r: r.concept),
        Column("What makes a state stable", lambda r: r.meaning),
        Column("Likeliest outcome stable in", lambda r: r.agree, "percent"),
        Column("Most often stable", steadiest),
        Column("Note", lambda r: r.note),
    )
    note = "It looks at preferences and standing options only: no chances, no dates, no precision."
    title = "A second opinion without numbers (graph model of conflict)"
    return Figure("stability", title, sentence, table, note=note, open_table=True)
