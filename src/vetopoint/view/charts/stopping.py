"""By when the plan is stopped and by whom, and how another form comes in its place."""

from collections.abc import Iterator

from vetopoint.answers import Answers, OtherForm, Stopped, StoppedPart
from vetopoint.view.charts.spec import SHARE, Axis, ChartSpec, Colour, Point, Series
from vetopoint.view.names import Names
from vetopoint.view.numbers import DAYS, capital, listed, number_band, percent
from vetopoint.view.tables import Column, Figure, Rows

_MOST = 4
_COLOURS: tuple[Colour, ...] = ("c1", "c2", "c3", "c4")


def figures(answers: Answers, names: Names) -> Iterator[Figure | None]:
    """Return the curve of the leading goal, and the table of other forms."""
    yield from (_stopped(s, names) for s in answers.stopped if s.goal == answers.goals[0].name and s.parts)
    if answers.other_forms:
        yield _forms(answers.other_forms, names)


def _part(part: StoppedPart, names: Names) -> str:
    if part.cause in ("start", "afterwards"):
        return {"start": "lost from the start", "afterwards": "lost afterwards"}[part.cause]
    place = names.step(part.actor, part.move)
    return f"{place}, for fear of a no from {names.within(part.deterred_by)}" if part.deterred_by else place


def _stopped(found: Stopped, names: Names) -> Figure:
    """The chance that the plan is stopped by each month, or day in a case in days, in all and by its largest parts."""
    shown, unit = found.parts[:_MOST], "day" if names.days else "month"
    times = [round(month * DAYS) for month in found.months] if names.days else list(found.months)
    rows = [Point(m, y, lo, hi, "all") for m, y, lo, hi in zip(times, found.mean, found.lo, found.hi, strict=True)]
    rows += [Point(m, y, series=str(k)) for k, p in enumerate(shown) for m, y in zip(times, p.mean, strict=True)]
    series = [Series("all", "stopped, by whomever", "c6")]
    series += [
        Series(str(k), _part(p, names), colour) for k, (p, colour) in enumerate(zip(shown, _COLOURS, strict=False))
    ]
    table = Rows(found.parts).under(
        Column("Stopped at", lambda p: _part(p, names)),
        Column("In all", lambda p: p.mean[-1], "percent"),
        Column(
            f"First {unit}",
            lambda p: next((m for m, v in zip(times, p.mean, strict=True) if v > 0), None),
            "number",
        ),
    )
    sentence = f"By {unit} {times[-1]:.0f} the plan is stopped in {percent(found.mean[-1])}, most of it at “{_part(found.parts[0], names)}”."
    chart = ChartSpec("lines", rows, x=Axis(label=unit, domain=(0.0, float(times[-1]))), y=SHARE, series=series)
    note = (
        "Counted from the case’s date, given what is presupposed; the end of the curve is one less the goal’s chance."
    )
    return Figure("stopped", "By when the plan is stopped, and by whom", sentence, table, chart, note)


def _forms(forms: tuple[OtherForm, ...], names: Names) -> Figure:
    """How another form comes to stand: chosen at once, or forced."""
    table = Rows(forms).under(
        Column("Form", lambda f: capital(f.label or names.form(f.form))),
        Column("Stands at some time", lambda f: f.stands, "percent"),
        Column("Chosen at once", lambda f: f.at_once, "percent"),
        Column("After a no", lambda f: f.after_no, "percent"),
        Column("After consent is withdrawn", lambda f: f.after_withdrawal, "percent"),
        Column("Otherwise", lambda f: f.otherwise, "percent"),
        Column("Who refused", lambda f: names.actor(f.refusal.actor) if f.refusal is not None else ""),
        Column(
            "What the refusal bought it, in its units",
            lambda f: f.refusal.bought if f.refusal is not None else None,
            "number",
        ),
    )
    told = [
        f"“{names.short_form(f.form)}” at once in {percent(f.at_once.mean)}, after a no in {percent(f.after_no.mean)}"
        for f in forms
        if f.at_once is not None and f.after_no is not None
    ]
    bought = [
        f"{names.within(f.refusal.actor)} {names.agree(f.refusal.actor, 'gains', 'gain')} {number_band(f.refusal.bought)} of "
        f"{names.they(f.refusal.actor, 'its units by its', 'their units by their')} refusal"
        for f in forms
        if f.refusal is not None
    ]
    return Figure(
        "other-forms",
        "Another form: chosen, or forced",
        f"{capital(listed([*told, *dict.fromkeys(bought)]) or 'No other form stands')}.",
        table,
        open_table=True,
    )
