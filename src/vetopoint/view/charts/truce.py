"""Pictures of the truce: how long it holds, what ends it, what can be seen, what is symbol and what is practice."""

from collections.abc import Iterator
from functools import partial

from vetopoint.answers import Answers, Needed, PriorUsed, TruceForm, TruceSection
from vetopoint.view.charts.line import coverage_figure, line_figure, map_figure
from vetopoint.view.charts.spec import SHARE, Axis, ChartSpec, Colour, Interval, Point, Series, Share, bands, interval
from vetopoint.view.names import Names, shortened, spoken
from vetopoint.view.numbers import (
    capital,
    level_with,
    listed,
    months,
    number,
    percent,
    percent_band,
    points,
    points_band,
)
from vetopoint.view.tables import Column, Figure, Rows, Value

_COLOURS: tuple[Colour, ...] = ("c1", "c2", "c3", "c4", "c5")


def figures(answers: Answers, names: Names) -> Iterator[Figure | None]:
    """Return the pictures of the truce; none where no truce is modelled."""
    section = answers.truce
    if section is None:
        return
    yield _curves(section, names)
    yield further_figure(section, names)
    yield _causes(section, names)
    yield coverage_figure(section, names)
    yield map_figure(section, names)
    yield line_figure(section, names)
    yield needed_figure(section, names)
    if section.symbol:
        yield _symbol(section, names)
    yield _channels(section, names)
    if section.base_rates:
        yield _rates(section)
    if section.analogues:
        yield _analogues(section)
    if section.priors:
        yield _priors(section)


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


def _curves(section: TruceSection, names: Names) -> Figure:
    """How long the truce holds under each form of presence."""
    forms = _shown(section)
    rows = [
        Point(float(month), mean, lo, hi, _key(f))
        for f in forms
        for month, mean, lo, hi in zip(section.months, f.curve.mean, f.curve.lo, f.curve.hi, strict=True)
    ]
    rows += [Point(float(m), p, series="mixture") for m, p in zip(section.months, section.mixture.mean, strict=True)]
    colours: list[Colour] = ["muted" if f.form == "none" else _COLOURS[i % 5] for i, f in enumerate(forms)]
    series = [Series(_key(f), _name(f, names), colour) for f, colour in zip(forms, colours, strict=True)]
    series.append(Series("mixture", "as the game expects", "c6"))
    standing = [(capital(_name(f, names)), {h.month: h.holds for h in f.hold}) for f in section.forms]
    standing.append(("As the game expects, given a truce", {h.month: h.holds for h in section.mixture_hold}))
    held = sorted({month for _, holds in standing for month in holds})
    lines = Rows(standing)
    table = lines.under(
        Column("Form of presence", lambda row: row[0]),
        *lines.each({m: f"Holds {months(m)}" for m in held}, lambda row, m: row[1].get(m), "percent"),
    )
    year = 12 if 12 in held else (held[0] if held else section.months[-1])
    parts = [f"“{_name(f, names)}” {percent_band(h.holds)}" for f in forms for h in f.hold if h.month == year]
    sentence = f"The chance that the truce still holds after {months(year)}: {listed(parts)}."
    chart = ChartSpec(
        "lines",
        rows,
        x=Axis(label="months after the truce begins", domain=(0.0, float(section.months[-1]))),
        y=SHARE,
        series=series,
        panels=len(forms) > 3,
        measure=("none", "mixture"),
    )
    note = "Each form stands from the start, with consent unless said otherwise; the shaded band is input uncertainty."
    return Figure("curves", "How long the truce holds", sentence, table, chart, note)


def _causes(section: TruceSection, names: Names) -> Figure | None:
    """What has ended the truce by two years, under each form."""
    forms = [f for f in section.forms if f.incidence]
    if not forms:
        return None
    at = min(range(len(section.months)), key=lambda i: abs(section.months[i] - 24))
    causes = list(dict.fromkeys(c for f in forms for c in f.incidence))

    def ended(form: TruceForm, cause: str) -> float:
        return form.incidence[cause].mean[at] if cause in form.incidence else 0.0

    shares: list[Share] = []
    for f in forms:
        label = capital(_name(f, names))
        shares += [Share(label, "holds", f.curve.mean[at]), *(Share(label, c, ended(f, c)) for c in causes)]
    colours: tuple[Colour, ...] = ("c5", "c2", "c4", "c1")
    series = [Series("holds", "still holds", "c3")]
    series += [Series(c, spoken(c), colours[i % 4]) for i, c in enumerate(causes)]
    rows = Rows(forms)
    table = rows.under(
        Column("Form", lambda form: capital(_name(form, names))),
        Column("Still holds", lambda form: form.curve.mean[at], "percent"),
        *rows.each({c: capital(spoken(c)) for c in causes}, ended, "percent"),
    )
    worst = max(causes, key=lambda cause: sum(ended(f, cause) for f in forms))
    when = months(section.months[at])
    level = level_with(worst, causes, lambda c: sum(ended(f, c) for f in forms), spoken, percent)
    sentence = f"After {when} the commonest cause of an end is “{spoken(worst)}”{level}."
    chart = ChartSpec("stack", shares, x=SHARE, series=series)
    return Figure("causes", f"What has ended the truce after {when}", sentence, table, chart)


def _channels(section: TruceSection, names: Names) -> Figure | None:
    """Through which channel a presence makes the truce hold longer."""
    forms = [f for f in section.forms if f.channels and any(abs(c.shapley.mean) > 0.0005 for c in f.channels)]
    if not forms:
        return None
    shares = [(f, c) for f in forms for c in f.channels]
    rows = [interval(f"{capital(_name(f, names))}: {c.channel}", c.shapley, c.kind) for f, c in shares]
    first = form, channel = max(shares, key=lambda pair: pair[1].shapley.mean)
    level = level_with(
        first,
        shares,
        lambda s: s[1].shapley.mean,
        lambda s: f"{s[1].channel} under {_name(s[0], names)}",
        points,
    )
    sentence = (
        f"The largest single contribution is {channel.channel} under {_name(form, names)}{level}: "
        f"{points_band(channel.shapley)} on the chance to hold 12 months."
    )
    series = (
        Series("practical", "practical", "c1"),
        Series("symbolic", "symbolic", "c2"),
        Series("gate", "gate: consent", "c3"),
    )
    table = Rows(shares).under(
        Column("Form", lambda r: capital(_name(r[0], names))),
        Column("Channel", lambda r: r[1].channel),
        Column("Kind", lambda r: r[1].kind),
        Column("Contribution (Shapley)", lambda r: r[1].shapley, "points"),
        Column("Lost without it", lambda r: r[1].switch_off, "points"),
        Column("Share of published effect (judgement)", lambda r: r[1].share_of_effect, "percent"),
    )
    chart = ChartSpec.in_points("bars", rows, series)
    return Figure("channels", "Through which channels it works", sentence, table, chart)


def _symbol(section: TruceSection, names: Names) -> Figure:
    """What of a form's effect is practice, what is form."""
    rows: list[Interval] = []
    for v in section.symbol:
        practical, form, full = (lift.points for lift in (v.practical_lift, v.formalisation_lift, v.full_lift))
        rows += bands(capital(names.short_form(v.form)), practical=practical, form=form, full=full)
    series = (
        Series("practical", "practical: what it sees, does and commits", "c1"),
        Series("form", "formalisation: signature, flag, mandate", "c2"),
        Series("full", "both together", "muted"),
    )
    lead = section.symbol[0]
    sentence = (
        f"{capital(names.short_form(lead.form))}: practical lift {points_band(lead.practical_lift.points)}, "
        f"formalisation lift {points_band(lead.formalisation_lift.points)} on the chance to hold {months(lead.month)}."
    )
    table = Rows(section.symbol).under(
        Column("Form", lambda v: capital(names.short_form(v.form))),
        Column("Symbolic share of worth", lambda v: v.symbolic_share_of_worth, "percent"),
        Column("Practical lift", lambda v: v.practical_lift.points, "points"),
        Column("P(practical > 0)", lambda v: v.practical_lift.positive, "percent"),
        Column("Formalisation lift", lambda v: v.formalisation_lift.points, "points"),
        Column("P(formalisation > 0)", lambda v: v.formalisation_lift.positive, "percent"),
        Column("Practical at most 5 points", lambda v: v.practical_small, "percent"),
        Column("Verdict", lambda v: v.verdict),
        Column("Why", lambda v: v.ratio_note),
    )
    return Figure("symbol", "Symbol and practice", sentence, table, ChartSpec.in_points("dots", rows, series))


def _rates(section: TruceSection) -> Figure:
    """What became of past plans like this one."""
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
    chart = ChartSpec("dots", rows, x=SHARE)
    return Figure("rates", "What became of past plans", sentence, table, chart, section.history_note)


_HEADS = {"personnel": "People needed", "detection": "Detection needed", "consent": "Chance of consent needed"}
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

    def reached(what: str, form: str) -> Value:
        need = found.get((form, what))
        if need is None:
            return None
        return "out of reach" if need.value is None else need.value

    table = Rows(forms).under(
        Column("Form", lambda form: capital(names.short_form(form))),
        Column(f"Holds {months(first.month)} with consent", holds.get, "percent"),
        *(Column(_HEADS[k], partial(reached, k), "number" if k == "personnel" else "percent") for k in kinds),
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
    rows = Rows(forms)
    table = rows.under(
        Column("Form of presence", lambda form: capital(_name(form, names))),
        *rows.each(
            {(a, b): f"After {months(a)}: {months(b)} more" for a, b in held},
            lambda form, lengths: next((h.holds for h in form.further if (h.held, h.further) == lengths), None),
            "percent",
        ),
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
    note = note if rising else ""
    return Figure("further", "If it has held so far", sentence, table, note=note, open_table=True)


def _analogues(section: TruceSection) -> Figure:
    """Past plans most like this one."""
    table = Rows(section.analogues).under(
        Column("Past plan", lambda a: a.name),
        Column("Year", lambda a: str(a.year)),
        Column("Form", lambda a: spoken(a.form)),
        Column("Consent: government", lambda a: spoken(a.consent_government)),
        Column("Consent: opponent", lambda a: spoken(a.consent_opponent)),
        Column("What became of it", lambda a: spoken(a.outcome)),
        Column("Held 12 months", lambda a: a.truce_held_12m),
        Column("Similarity", lambda a: a.similarity, "percent"),
        Column("Agrees on", lambda a: ", ".join(spoken(s) for s in a.shares)),
        Column("Sources", lambda a: "; ".join(a.sources)),
    )
    first = section.analogues[0]
    sentence = f"The nearest of {len(section.analogues)}: {first.name} ({first.year}), {spoken(first.outcome)}."
    return Figure("analogues", "Past plans nearest to this one", sentence, table)


def _priors(section: TruceSection) -> Figure:
    """Every prior of the truce engine with its interval, source and standing."""
    table = Rows(section.priors).under(
        Column("Effect", lambda p: p.label or p.effect),
        Column("Estimate", lambda p: p.estimate, "number"),
        Column("Low", lambda p: p.lo, "number"),
        Column("High", lambda p: p.hi, "number"),
        Column("Scale", lambda p: spoken(p.scale)),
        Column("Standing", lambda p: f"{p.status}{' (overridden: ' + p.why + ')' if p.overridden else ''}"),
        Column("By controls", _by_controls),
        Column("E-value", lambda p: p.e_value, "number"),
        Column("Source", lambda p: p.source),
        Column("Note", lambda p: " ".join(x for x in (p.note, p.conflicts) if x)),
    )
    judged = sum(p.status.endswith(("judgement", "case")) for p in section.priors)
    sentence = f"The size of {judged} of {len(section.priors)} priors is judgement or set by the case; that of the others is published or re-derived."
    return Figure("priors", "What the survival figures rest on", sentence, table)


def _by_controls(prior: PriorUsed) -> str:
    """A re-derived effect under each set of controls, and how long it would then hold under the form that it moves most."""
    if not prior.specifications:
        return ""
    first = prior.specifications[0].holds
    moved = max(
        first,
        key=lambda form: (
            max(s.holds[form].mean for s in prior.specifications)
            - min(s.holds[form].mean for s in prior.specifications)
        ),
    )
    said = [
        f"{s.controls}: {s.estimate:.2f} ({s.lo:.2f}–{s.hi:.2f}), then {spoken(moved)} holds {s.month} months with {percent(s.holds[moved].mean)}"
        for s in prior.specifications
    ]
    return "; ".join(said)
