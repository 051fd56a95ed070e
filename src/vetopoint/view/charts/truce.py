"""Pictures of the truce: how long it holds, what ends it, what can be seen, what is symbol and what is practice."""

from __future__ import annotations

from collections.abc import Callable

from vetopoint.answers import CoverageAnswer, Needed, TruceForm, TruceSection
from vetopoint.view.charts.spec import Axis, ChartSpec, Colour, Interval, Point, Series, Share, Stretch, points_axis
from vetopoint.view.names import Names, shortened, spoken
from vetopoint.view.numbers import Banded, capital, listed, months, number, percent, percent_band, points_band
from vetopoint.view.tables import Column, Figure, Format, Rows, Value

__all__ = [
    "analogues_figure",
    "causes_figure",
    "channels_figure",
    "coverage_figure",
    "curves_figure",
    "further_figure",
    "line_figure",
    "needed_figure",
    "priors_figure",
    "rates_figure",
    "symbol_figure",
]

_COLOURS: tuple[Colour, ...] = ("c1", "c2", "c3", "c4", "c5")
_LEGIBLE = 60
SHARE = Axis(format="percent", domain=(0.0, 1.0))


def _shown(section: TruceSection, most: int = 5) -> list[TruceForm]:
    """Return the forms to draw: no presence last, and at most so many."""
    forms = sorted(section.forms, key=lambda f: f.form == "none")
    if len(forms) <= most:
        return forms
    return [*forms[: most - 1], forms[-1]]


def _name(form: TruceForm, names: Names) -> str:
    return shortened(form.label) or names.short_form(form.form)


def _key(form: TruceForm) -> str:
    """A form with consent and without it are two."""
    return form.form if form.consented or form.form == "none" else f"{form.form}, refused"


def curves_figure(section: TruceSection, names: Names) -> Figure:
    """How long the truce holds under each form of presence."""
    forms = _shown(section)
    rows: list[Point] = []
    for f in forms:
        for i, month in enumerate(section.months):
            rows.append(Point(float(month), f.curve.mean[i], f.curve.lo[i], f.curve.hi[i], _key(f)))
    for i, month in enumerate(section.months):
        rows.append(Point(float(month), section.mixture.mean[i], series="mixture"))
    series = [
        Series(_key(f), _name(f, names), "muted" if f.form == "none" else _COLOURS[i % 5]) for i, f in enumerate(forms)
    ]
    series.append(Series("mixture", "as the game expects", "c6"))
    held = sorted({h.month for f in section.forms for h in f.hold} | {h.month for h in section.mixture_hold})
    standing: list[tuple[str, dict[int, Banded]]] = [
        (capital(_name(f, names)), {h.month: h.holds for h in f.hold}) for f in section.forms
    ]
    standing.append(("As the game expects, given a truce", {h.month: h.holds for h in section.mixture_hold}))

    def holding(month: int) -> Callable[[tuple[str, dict[int, Banded]]], Value]:
        return lambda row: row[1].get(month)

    table = Rows(standing).under(
        Column("Form of presence", lambda row: row[0]),
        *(Column(f"Holds {months(m)}", holding(m), "percent") for m in held),
    )
    year = 12 if 12 in held else (held[0] if held else section.months[-1])
    parts = [f"“{_name(f, names)}” {percent_band(h.holds)}" for f in forms for h in f.hold if h.month == year]
    sentence = f"The chance that the truce still holds after {months(year)}: {listed(parts)}."
    axis = Axis(label="months after the truce begins", domain=(0.0, float(section.months[-1])))
    chart = ChartSpec(
        "curves",
        "lines",
        sentence,
        tuple(rows),
        x=axis,
        y=SHARE,
        series=tuple(series),
        panels=len(forms) > 3,
        measure=("none", "mixture"),
    )
    note = "Each form stands from the start, with consent unless said otherwise; the shaded band is input uncertainty."
    return Figure("curves", "How long the truce holds", sentence, table, chart, note)


def causes_figure(section: TruceSection, names: Names) -> Figure | None:
    """What has ended the truce by two years, under each form."""
    forms = [f for f in section.forms if f.incidence]
    if not forms:
        return None
    at = min(range(len(section.months)), key=lambda i: abs(section.months[i] - 24))
    causes = list(dict.fromkeys(c for f in forms for c in f.incidence))
    rows: list[Share] = []
    for f in forms:
        label = capital(_name(f, names))
        holds = f.curve.mean[at]
        rows.append(Share(label, "holds", holds))
        parts = [f.incidence[c].mean[at] if c in f.incidence else 0.0 for c in causes]
        rows += [Share(label, c, p) for c, p in zip(causes, parts, strict=True)]
    colours: tuple[Colour, ...] = ("bad", "c2", "c4", "c5")
    series = (
        Series("holds", "still holds", "good"),
        *(Series(c, _cause(c), colours[i % 4]) for i, c in enumerate(causes)),
    )

    def ended(cause: str) -> Callable[[TruceForm], Value]:
        return lambda form: form.incidence[cause].mean[at] if cause in form.incidence else 0.0

    table = Rows(forms).under(
        Column("Form", lambda form: capital(_name(form, names))),
        Column("Still holds", lambda form: form.curve.mean[at], "percent"),
        *(Column(capital(_cause(c)), ended(c), "percent") for c in causes),
    )
    worst = max(causes, key=lambda c: sum(r.value for r in rows if r.part == c))
    sentence = f"After {months(section.months[at])} the commonest cause of an end is “{_cause(worst)}”."
    chart = ChartSpec("causes", "stack", sentence, tuple(rows), x=SHARE, series=series)
    return Figure(
        "causes",
        f"What has ended the truce after {months(section.months[at])}",
        sentence,
        table,
        chart,
    )


def _cause(name: str) -> str:
    return spoken(name)


def channels_figure(section: TruceSection, names: Names) -> Figure | None:
    """Through which channel a presence makes the truce hold longer."""
    forms = [f for f in section.forms if f.channels and any(abs(c.shapley.mean) > 0.0005 for c in f.channels)]
    if not forms:
        return None
    rows: list[Interval] = []
    for f in forms:
        for c in f.channels:
            label = f"{capital(_name(f, names))}: {c.channel}"
            rows.append(Interval(label, c.shapley.mean, c.shapley.lo, c.shapley.hi, c.kind))
    top = max(((f, c) for f in forms for c in f.channels), key=lambda p: p[1].shapley.mean)
    sentence = (
        f"The largest single contribution is {top[1].channel} under {_name(top[0], names)}: "
        f"{points_band(top[1].shapley)} on the chance to hold 12 months."
    )
    series = (
        Series("practical", "practical", "c1"),
        Series("symbolic", "symbolic", "c2"),
        Series("gate", "gate: consent", "c3"),
    )
    table = Rows([(f, c) for f in forms for c in f.channels]).under(
        Column("Form", lambda r: capital(_name(r[0], names))),
        Column("Channel", lambda r: r[1].channel),
        Column("Kind", lambda r: r[1].kind),
        Column("Contribution (Shapley)", lambda r: r[1].shapley, "points"),
        Column("Lost without it", lambda r: r[1].switch_off, "points"),
        Column("Share of published effect (judgement)", lambda r: r[1].share_of_effect, "percent"),
    )
    chart = ChartSpec("channels", "bars", sentence, tuple(rows), x=points_axis(rows), series=series)
    return Figure("channels", "Through which channels it works", sentence, table, chart)


def symbol_figure(section: TruceSection, names: Names) -> Figure | None:
    """What of a form's effect is practice, what is form."""
    if not section.symbol:
        return None
    rows: list[Interval] = []
    for v in section.symbol:
        label = capital(_form(section, v.form, names))
        for lift, key in ((v.practical_lift, "practical"), (v.formalisation_lift, "form"), (v.full_lift, "full")):
            rows.append(Interval(label, lift.points.mean, lift.points.lo, lift.points.hi, key))
    series = (
        Series("practical", "practical: what it sees, does and commits", "c1"),
        Series("form", "formalisation: signature, flag, mandate", "c2"),
        Series("full", "both together", "muted"),
    )

    lead = section.symbol[0]
    sentence = (
        f"{capital(_form(section, lead.form, names))}: practical lift {points_band(lead.practical_lift.points)}, "
        f"formalisation lift {points_band(lead.formalisation_lift.points)} on the chance to hold {months(lead.month)}."
    )
    chart = ChartSpec("symbol", "dots", sentence, tuple(rows), x=points_axis(rows), series=series)
    return Figure(
        "symbol",
        "Symbol and practice",
        sentence,
        Rows(section.symbol).under(
            Column("Form", lambda v: capital(_form(section, v.form, names))),
            Column("Symbolic share of worth", lambda v: v.symbolic_share_of_worth, "percent"),
            Column("Practical lift", lambda v: v.practical_lift.points, "points"),
            Column("P(practical > 0)", lambda v: v.practical_lift.positive, "percent"),
            Column("Formalisation lift", lambda v: v.formalisation_lift.points, "points"),
            Column("P(formalisation > 0)", lambda v: v.formalisation_lift.positive, "percent"),
            Column("Practical at most 5 points", lambda v: v.practical_small, "percent"),
            Column("Verdict", lambda v: v.verdict),
            Column("Why", lambda v: v.ratio_note),
        ),
        chart,
    )


def _form(section: TruceSection, name: str, names: Names) -> str:
    return names.short_form(name)


def coverage_figure(section: TruceSection, names: Names) -> Figure | None:
    """What each form sees, by day and by night."""
    watched = [c for c in section.coverage if c.seen]
    if not watched:
        return None
    rows: list[Interval] = []
    for c in watched:
        for s in c.seen:
            label = f"{capital(_coverage(c, names))}: {spoken(s.event)}"
            rows.append(Interval(label, s.seen.mean, s.seen.lo, s.seen.hi, s.light))
    lead = watched[0]
    day, night = (next((s for s in lead.seen if s.light == light), None) for light in ("day", "night"))
    parts = [f"by {s.light} {percent_band(s.seen)}" for s in (day, night) if s is not None]
    sentence = (
        f"{capital(_coverage(lead, names))}: {number(lead.active.mean)} of {number(lead.personnel.mean)} people watch at any moment; "
        f"the chance that one event of “{spoken(lead.seen[0].event)}” is seen is {listed(parts)}."
    )
    series = (Series("day", "by day", "c2"), Series("night", "by night", "c1"))
    table = Rows([(c, s) for c in watched for s in c.seen]).under(
        Column("Form", lambda r: capital(_coverage(r[0], names))),
        Column("Event", lambda r: spoken(r[1].event)),
        Column("Light", lambda r: r[1].light),
        Column("Seen", lambda r: r[1].seen, "percent"),
        Column("Seen and side named", lambda r: r[1].attributed, "percent"),
        Column("People watching", lambda r: r[0].active, "number"),
    )
    chart = ChartSpec("coverage", "dots", sentence, tuple(rows), x=SHARE, series=series)
    return Figure("coverage", "What it can see", sentence, table, chart)


def _coverage(answer: CoverageAnswer, names: Names) -> str:
    return names.short_form(answer.form)


def line_figure(section: TruceSection, names: Names) -> Figure | None:
    """Which stretches of the line are in view of a post, by day and by night."""
    drawn = [c for c in section.coverage if c.watched_day or c.watched_night]
    if not drawn or section.line is None:
        return None
    length = section.line.length_km.mean
    densest = max(len(s) for c in drawn for s in (c.watched_day, c.watched_night))
    end = length if densest <= _LEGIBLE else min(length, max(50.0, 50.0 * round(length * 25 / densest / 50)))
    rows: list[Stretch] = []
    for c in drawn:
        for light, stretches in (("day", c.watched_day), ("night", c.watched_night)):
            label = f"{capital(_coverage(c, names))}, {light}"
            rows.append(Stretch(label, "gap", 0.0, end))
            rows += [Stretch(label, light, a, min(b, end)) for a, b in stretches if a < end]
    lead = drawn[0]
    sentence = (
        f"Along {number(length)} km, “{_coverage(lead, names)}” would see by all its means, within an hour and where it is let through, "
        f"{number(lead.km_seen_day.mean)} km by day ({percent(min(1.0, lead.km_seen_day.mean / length))}) "
        f"and {number(lead.km_seen_night.mean)} km by night ({percent(min(1.0, lead.km_seen_night.mean / length))})."
    )
    series = (
        Series("day", "in view of a post by day", "c2"),
        Series("night", "in view of a post by night", "c1"),
        Series("gap", "not in view", "grey"),
    )
    table = Rows([(c, light) for c in drawn for light in ("day", "night")]).under(
        Column("Form", lambda r: capital(_coverage(r[0], names))),
        Column("Light", lambda r: r[1]),
        Column("Posts", lambda r: r[0].posts, "number"),
        Column(
            "Seen within an hour by all means, km",
            lambda r: r[0].km_seen_day if r[1] == "day" else r[0].km_seen_night,
            "number",
        ),
        Column(
            "Largest gap between posts, km",
            lambda r: r[0].gap_day_km if r[1] == "day" else r[0].gap_night_km,
            "number",
        ),
        Column("Patrol returns after, hours", lambda r: r[0].revisit_hours, "number"),
    )
    axis = Axis(label="km along the line", domain=(0.0, end))
    chart = ChartSpec("line", "strip", sentence, tuple(rows), x=axis, series=series)
    note = (
        "The picture shows what posts alone could see, spaced evenly at their mean number (where they would really stand is not "
        "modelled); the kilometres also count patrols, drones and cameras, and that part of the line is closed."
    )
    if end < length:
        note += f" It shows the first {number(end)} of {number(length)} km; the rest repeats it."
    return Figure("line", "The line of contact: what is in view", sentence, table, chart, note)


def rates_figure(section: TruceSection) -> Figure | None:
    """What became of past plans like this one."""
    if not section.base_rates:
        return None
    rows = tuple(Interval(capital(r.question), r.share, r.lo, r.hi, note=f"{r.k} of {r.n}") for r in section.base_rates)
    table = Rows(section.base_rates).under(
        Column("Question", lambda r: capital(r.question)),
        Column("Of", lambda r: r.n),
        Column("Yes", lambda r: r.k),
        Column("Share", lambda r: r.share, "percent"),
        Column("Low", lambda r: r.lo, "percent"),
        Column("High", lambda r: r.hi, "percent"),
    )
    first = section.base_rates[0]
    sentence = f"{capital(first.question)}: {first.k} of {first.n}. The bars are 95% Wilson intervals."
    chart = ChartSpec("rates", "dots", sentence, rows, x=SHARE)
    return Figure("rates", "What became of past plans", sentence, table, chart, section.history_note)


_BEYOND = {"personnel": "no number of people", "detection": "no detection", "consent": "not even certain consent"}
_PLAIN = {"personnel": "more people", "detection": "better detection", "consent": "certain consent"}


def needed_figure(section: TruceSection, names: Names) -> Figure | None:
    """What it would take for the truce to hold with the case's target."""
    if not section.needed:
        return None
    first = section.needed[0]
    target = f"hold {months(first.month)} with a chance of {percent(first.target)}"
    forms = list(dict.fromkeys(n.form for n in section.needed))
    kinds = [k for k in _BEYOND if any(n.what == k for n in section.needed)]
    found: dict[tuple[str, str], Needed] = {(n.form, n.what): n for n in section.needed}
    holds = {f.form: h.holds for f in section.forms if f.consented for h in f.hold if h.month == first.month}
    heads: dict[str, tuple[str, Format]] = {
        "personnel": ("People needed", "number"),
        "detection": ("Detection needed", "percent"),
        "consent": ("Chance of consent needed", "percent"),
    }

    def amount(kind: str) -> Callable[[str], Value]:
        return lambda form: _reached(found.get((form, kind)))

    table = Rows(forms).under(
        Column("Form", lambda form: capital(names.short_form(form))),
        Column(f"Holds {months(first.month)} with consent", holds.get, "percent"),
        *(Column(heads[k][0], amount(k), heads[k][1]) for k in kinds),
    )
    parts = [_takes(names.short_form(form), [found[form, k] for k in kinds if (form, k) in found]) for form in forms]
    if all(n.value is None for n in section.needed):
        parts = [f"under no form would any of these do alone: {listed(_PLAIN[k] for k in kinds)}"]
    sentence = f"For the truce to {target}: {'; '.join(parts)}."
    note = (
        "Each alone, all else as the case has it: people at the same access and sensors, the chance that a violation is seen and its "
        "side named, and the chance that the form stands with consent. Read off the mean over draws, not draw by draw."
    )
    return Figure("needed", f"What it would take to {target}", sentence, table, note=note, open_table=True)


def _reached(need: Needed | None) -> Value:
    if need is None:
        return None
    return "out of reach" if need.value is None else need.value


def _takes(form: str, needs: list[Needed]) -> str:
    within = listed([_amount(n) for n in needs if n.value is not None], joint="or")
    beyond = listed([_BEYOND[n.what] for n in needs if n.value is None])
    if not within:
        return f"under “{form}” {beyond} would do alone"
    return f"under “{form}” {within} would do alone" + (f", while {beyond} would" if beyond else "")


def _amount(need: Needed) -> str:
    value = need.value or 0.0
    if need.what == "personnel":
        return f"{number(value)} people"
    return f"{'a detection' if need.what == 'detection' else 'consent with a chance'} of {percent(value)}"


def further_figure(section: TruceSection, names: Names) -> Figure | None:
    """How long it holds on, given that it has held so far."""
    forms = [f for f in section.forms if f.further]
    if not forms:
        return None
    held = sorted({(h.held, h.further) for f in forms for h in f.further})

    def after(key: tuple[int, int]) -> Callable[[TruceForm], Value]:
        return lambda form: {(h.held, h.further): h.holds for h in form.further}.get(key)

    table = Rows(forms).under(
        Column("Form of presence", lambda form: capital(_name(form, names))),
        *(Column(f"After {months(a)}: {months(b)} more", after((a, b)), "percent") for a, b in held),
    )
    at = (12, 12) if (12, 12) in held else held[-1]
    parts = [
        f"under “{_name(f, names)}” {percent_band(h.holds)}"
        for f in forms
        for h in f.further
        if (h.held, h.further) == at
    ]
    sentence = f"Once it has held {months(at[0])}, the chance that it holds {months(at[1])} more: {listed(parts)}."
    note = "The hazard falls with time, so that each month held makes further ones likelier."
    rising = all(a.holds.mean < b.holds.mean for f in forms for a, b in zip(f.further, f.further[1:], strict=False))
    title = "If it has held so far"
    return Figure("further", title, sentence, table, note=note if rising else "", open_table=True)


def analogues_figure(section: TruceSection) -> Figure | None:
    """Past plans most like this one."""
    if not section.analogues:
        return None
    table = Rows(section.analogues).under(
        Column("Past plan", lambda a: a.name),
        Column("Year", lambda a: str(a.year)),
        Column("Form", lambda a: a.form.replace("_", " ")),
        Column("Consent: government", lambda a: a.consent_government.replace("_", " ")),
        Column("Consent: opponent", lambda a: a.consent_opponent.replace("_", " ")),
        Column("What became of it", lambda a: a.outcome.replace("_", " ")),
        Column("Held 12 months", lambda a: a.truce_held_12m),
        Column("Similarity", lambda a: a.similarity, "percent"),
        Column("Agrees on", lambda a: ", ".join(s.replace("_", " ") for s in a.shares)),
        Column("Sources", lambda a: "; ".join(a.sources)),
    )
    first = section.analogues[0]
    sentence = (
        f"The nearest of {len(section.analogues)}: {first.name} ({first.year}), {first.outcome.replace('_', ' ')}."
    )
    return Figure("analogues", "Past plans nearest to this one", sentence, table)


def priors_figure(section: TruceSection) -> Figure | None:
    """Every prior of the truce engine with its interval, source and standing."""
    if not section.priors:
        return None
    table = Rows(section.priors).under(
        Column("Effect", lambda p: p.label or p.effect),
        Column("Estimate", lambda p: p.estimate, "number"),
        Column("Low", lambda p: p.lo, "number"),
        Column("High", lambda p: p.hi, "number"),
        Column("Scale", lambda p: p.scale.replace("_", " ")),
        Column("Standing", lambda p: f"{p.status}{' (overridden: ' + p.why + ')' if p.overridden else ''}"),
        Column("E-value", lambda p: p.e_value, "number"),
        Column("Source", lambda p: p.source),
        Column("Note", lambda p: " ".join(x for x in (p.note, p.conflicts) if x)),
    )
    judged = sum(p.status in ("judgement", "case") for p in section.priors)
    sentence = f"{judged} of {len(section.priors)} priors are judgement or set by the case; the others are published or re-derived."
    return Figure("priors", "What the survival figures rest on", sentence, table)
