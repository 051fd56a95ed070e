"""How long: the curves of every form on one footing, none and the case's own mixture beside them, and past plans as dots."""

from __future__ import annotations

from collections.abc import Iterator

from vetopoint.answers import Answers, BaseRate, Hold, TruceForm, TruceSection
from vetopoint.view.names import Names, shortened
from vetopoint.view.numbers import capital, listed, months
from vetopoint.view.pages._curves import DASHES, Curves, Line, Spot
from vetopoint.view.pages._page import Page, Point, picture
from vetopoint.view.pages._words import hundred, of_hundred
from vetopoint.view.tables import Column, Link, Rows, Table

_HELD = {"the truce held 12 months, of all with a truce": 12.0, "the truce held 60 months, of all with a truce": 60.0}
_COLOURS = ("c1", "c3", "c4")


def page(answers: Answers, names: Names) -> Page | None:
    """The page, or none where the case computes no truce."""
    section = answers.truce
    if section is None or not section.forms:
        return None
    forms = [f for f in section.forms if f.form == "none" or f.consented]
    shown = [f for f in forms if f.form != "none"][:3] + [f for f in forms if f.form == "none"][:1]
    lead, none = shown[0], next((f for f in shown if f.form == "none"), None)
    year = _at(lead.hold)
    if year is None:
        return None
    title = f"With {_name(lead, names)} a truce holds {_span(year)} in {of_hundred(year.holds.mean)}"
    bare = _at(none.hold, year.month) if none is not None and none is not lead else None
    if bare is not None:
        title += f", without any presence in {hundred(bare.holds.mean)}"
    spots, rates = _past(section)
    table = _table(section, shown, names)
    label = f"How many of 100 truces still hold, month by month, under {listed(_name(f, names) for f in shown)}."
    return Page(
        "holding",
        "How long it holds",
        title,
        tuple(_lead(answers, section, lead, year, rates, names)),
        picture("holding", title, label, table, _curves(section, shown, spots, names)),
        points=tuple(_symbols(section, names)),
        more=(Link("What the survival figures rest on", "fig-priors"),) if section.priors else (),
    )


def _name(form: TruceForm, names: Names) -> str:
    return "no presence" if form.form == "none" else f"“{shortened(form.label) or names.short_form(form.form)}”"


def _span(hold: Hold) -> str:
    return "a year" if hold.month == 12 else months(hold.month)


def _at(held: tuple[Hold, ...], month: int = 12) -> Hold | None:
    return next((h for h in held if h.month == month), held[0] if held and month == 12 else None)


def _past(section: TruceSection) -> tuple[list[Spot], list[BaseRate]]:
    last = section.months[-1]
    rates = [
        (month, r) for r in section.base_rates if (month := _HELD.get(r.question)) is not None and month <= last and r.n
    ]
    return [Spot(month, r.share, r.lo, r.hi) for month, r in rates], [r for _, r in rates]


def _curves(section: TruceSection, shown: list[TruceForm], spots: list[Spot], names: Names) -> Curves:
    lines: list[Line] = []
    for k, form in enumerate(shown):
        band = (form.curve.lo, form.curve.hi) if k == 0 else None
        plain = form.form == "none"
        colour, dash = ("muted", DASHES[2]) if plain else (_COLOURS[k], DASHES[0] if k == 0 else DASHES[1])
        lines.append(Line(capital(_name(form, names).strip("“”")), form.curve.mean, colour, dash, band))
    lines.append(Line("As the case expects it to go", section.mixture.mean, "c6", DASHES[3]))
    return Curves(section.months, lines, spots, "Past plans whose truce held so long, with their interval")


def _table(section: TruceSection, shown: list[TruceForm], names: Names) -> Table:
    standing = [(capital(_name(f, names).strip("“”")), {h.month: h.holds for h in f.hold}) for f in shown]
    standing.append(("As the case expects", {h.month: h.holds for h in section.mixture_hold}))
    held = sorted({month for _, holds in standing for month in holds})
    rows = Rows(standing)
    return rows.under(
        Column("Form of presence", lambda r: r[0]),
        *rows.each({m: f"Holds {months(m)}" for m in held}, lambda r, m: r[1].get(m), "percent"),
    )


def _lead(
    answers: Answers, section: TruceSection, lead: TruceForm, year: Hold, rates: list[BaseRate], names: Names
) -> Iterator[str]:
    yield "Every curve counts from the day the truce begins, with the same dangers; the light band is what the inputs leave open."
    expected = _at(section.mixture_hold, year.month)
    if expected is not None:
        yield f"As the case expects it to go, {of_hundred(expected.holds.mean)} truces hold {_span(year)}."
    if rates:
        first = rates[0]
        yield f"Of past plans with a truce, {first.k} of {first.n} held a year."
    if year.better_than_none is not None and year.lift is not None:
        yield f"In {of_hundred(year.better_than_none)} settings of the inputs it holds better than with no presence."


def _symbols(section: TruceSection, names: Names) -> list[Point]:
    said = {
        "symbolic": "is symbol more than practice",
        "practical": "is practice more than symbol",
        "not settled": "is not settled between symbol and practice",
    }
    lines: list[str] = []
    for v in section.symbol[:2]:
        words = f"{capital(names.short_form(v.form))} {said[v.verdict]}"
        if v.symbolic_share_of_worth is not None:
            words += f": {hundred(v.symbolic_share_of_worth.mean)} of 100 parts of its worth to the owner are symbol"
        lines.append(
            f"{words}. It adds at most five points to a year’s chance in {of_hundred(v.practical_small)} settings."
        )
    return [Point("Symbol or practice", tuple(lines))] if lines else []
