"""How long what the plan builds would hold, what can be seen, and what is symbol and what is practice."""

from collections import Counter
from collections.abc import Iterator

from vetopoint.answers import Answers, CoverageAnswer, LineMap, TruceSection, UpdateAnswer
from vetopoint.view.names import Names, shortened, spoken
from vetopoint.view.numbers import count, listed, months, number, percent, percent_band, points_band, stop
from vetopoint.view.sentences._base import Sentence


def truce_sentences(answers: Answers, names: Names) -> Iterator[Sentence]:
    """Say, where the case models a truce, how long it holds overall and by form, the verdict on symbol and practice, and what a presence can see."""
    section = answers.truce
    if section is None:
        return
    held = [f"{percent_band(h.holds)} after {months(h.month)}" for h in section.mixture_hold if h.month in (12, 24, 60)]
    if held:
        words = "given that there is a truce, and with the presence that the game expects, it still holds"
        yield Sentence(f"{words}: {listed(held)}", "curves")
    yield from _forms(section, names)
    yield from (Sentence(v.sentence, "symbol") for v in section.symbol if v.sentence)
    watching = [c for c in section.coverage if c.seen]
    if watching:
        yield Sentence(_seen(watching[0], section.line, names), "coverage")
    if section.update is not None:
        yield Sentence(_update(section.update, names), aside=True)


def _forms(section: TruceSection, names: Names) -> Iterator[Sentence]:
    parts: list[str] = []
    against = ""
    for form, year in ((f, h) for f in section.forms for h in f.hold if h.month == 12):
        if form.form == "none":
            against = f"; with no presence {percent_band(year.holds)}"
            continue
        words = f"“{shortened(form.label) or names.short_form(form.form)}” {percent_band(year.holds)}"
        if year.lift is not None:
            words += f", {points_band(year.lift)} against none"
        if year.lift is not None and year.better_than_none is not None:
            words += f", better in {percent(year.better_than_none)} of draws"
        parts.append(words)
    if parts:
        yield Sentence(f"standing from the start, it holds 12 months under {'; '.join(parts)}{against}", "curves")


def _seen(c: CoverageAnswer, line: LineMap | None, names: Names) -> str:
    day = next((s for s in c.seen if s.light == "day"), c.seen[0])
    night = next((s for s in c.seen if s.light == "night" and s.event == day.event), None)
    length = f" along {number(line.length_km.mean)} km" if line is not None else ""
    words = (
        f"{number(c.personnel.mean)} people of “{names.short_form(c.form)}”{length} mean {number(c.active.mean)} watching at any moment; "
        f"one event of “{spoken(day.event)}” is seen in {percent_band(day.seen)} by day"
    )
    if night is not None:
        words += f" and {percent_band(night.seen)} by night"
    return f"{words}, its side named in {percent_band(day.attributed)} by day"


def _update(u: UpdateAnswer, names: Names) -> str:
    watched = f"{count(len(u.months), 'month')} watched of the first {months(u.held_months)}"
    said = (
        f"Incidents in {watched}, of which {percent(u.detection)} are taken to be seen, shift the hazard of "
        f"escalation by a factor of {number(u.hazard_factor.mean)} [{number(u.hazard_factor.lo)}–{number(u.hazard_factor.hi)}]"
    )
    if u.left_out:
        kinds = listed([f"{n} of “{kind}”" for kind, n in u.by_type.items()] or ["none"])
        said += f"; counted are {kinds}; left out are {listed([f'{n} {why}' for why, n in u.left_out.items()])}"
    if holds := u.holds_further_12:
        under = [
            f"{percent_band(b)} {'with no presence' if form == 'none' else f'under “{names.short_form(form)}”'}"
            for form, b in holds.items()
        ]
        said += f"; given that it has held so long, it holds 12 months more: {listed(under)}"
    return f"{said}. {u.branching_note}" if u.branching_note else said


def resting_on(section: TruceSection) -> list[str]:
    """Say what the survival figures rest on: baseline, the standing of the priors, and the engine's own notes."""
    words = {
        "published": "published estimates",
        "re-derived": "re-derived from published data",
        "direction published, size judgement": "published in their direction only",
        "judgement": "judgement",
        "case": "set by the case",
    }
    status = Counter[str](p.status for p in section.priors)
    parts = [f"{status[s]} {said}" for s, said in words.items() if status[s]]
    baseline = {"lognormal": "log-normal", "weibull": "Weibull"}[section.baseline]
    shifts, wants = ("a", "may want") if section.types_shift_hazard else ("no", "is not taken to want")
    return [
        stop(f"a {baseline} baseline and {count(len(section.priors), 'prior')} ({listed(parts)})"),
        stop(f"{shifts} type of actor shifts the hazard: who consents {wants} peace more"),
        *map(stop, section.notes),
    ]
