"""How long what the plan builds would hold, what can be seen, and what is symbol and what is practice."""

from __future__ import annotations

from vetopoint.answers import Answers, Hold, TruceSection
from vetopoint.view.names import Names, shortened, spoken
from vetopoint.view.numbers import count, listed, months, number, percent, percent_band, points_band, stop
from vetopoint.view.sentences._base import Sentence

__all__ = ["resting_on", "truce_sentences"]


def truce_sentences(answers: Answers, names: Names) -> list[Sentence]:
    """Say how long it holds overall and by form, the verdict on symbol and practice, and what a presence can see."""
    section = answers.truce
    if section is None:
        return [Sentence("The case declares no forms of presence, so durability is not modelled.", aside=True)]
    return [
        *_mixture(section),
        *_forms(section, names),
        *(Sentence(v.sentence, "symbol") for v in section.symbol if v.sentence),
        *_seen(section, names),
        *_update(section),
    ]


def _at(holds: tuple[Hold, ...], month: int) -> Hold | None:
    return next((h for h in holds if h.month == month), None)


def _mixture(section: TruceSection) -> list[Sentence]:
    parts = [
        f"{percent_band(h.holds)} after {months(h.month)}" for h in section.mixture_hold if h.month in (12, 24, 60)
    ]
    words = "given that there is a truce, and with the presence that the game expects, it still holds"
    return [Sentence(f"{words}: {listed(parts)}", "curves")] if parts else []


def _forms(section: TruceSection, names: Names) -> list[Sentence]:
    none = next((f for f in section.forms if f.form == "none"), None)
    parts: list[str] = []
    for form in (f for f in section.forms if f.form != "none"):
        year = _at(form.hold, 12)
        if year is None:
            continue
        words = f"“{shortened(form.label) or names.short_form(form.form)}” {percent_band(year.holds)}"
        if year.lift is not None:
            words += f", {points_band(year.lift)} against none"
        if year.lift is not None and year.better_than_none is not None:
            words += f", better in {percent(year.better_than_none)} of draws"
        parts.append(words)
    if not parts:
        return []
    bare = _at(none.hold, 12) if none is not None else None
    against = f"; with no presence {percent_band(bare.holds)}" if bare is not None else ""
    return [Sentence(f"standing from the start, it holds 12 months under {'; '.join(parts)}{against}", "curves")]


def _seen(section: TruceSection, names: Names) -> list[Sentence]:
    watched = [c for c in section.coverage if c.seen]
    if not watched:
        return []
    c = watched[0]
    day = next((s for s in c.seen if s.light == "day"), c.seen[0])
    night = next((s for s in c.seen if s.light == "night" and s.event == day.event), None)
    length = f" along {number(section.line.length_km.mean)} km" if section.line is not None else ""
    words = (
        f"{number(c.personnel.mean)} people of “{names.short_form(c.form)}”{length} mean {number(c.active.mean)} watching at any moment; "
        f"one event of “{spoken(day.event)}” is seen in {percent_band(day.seen)} by day"
    )
    if night is not None:
        words += f" and {percent_band(night.seen)} by night"
    words += f", its side named in {percent_band(day.attributed)} by day"
    return [Sentence(words, "coverage")]


def _update(section: TruceSection) -> list[Sentence]:
    u = section.update
    if u is None:
        return []
    words = (
        f"Incidents observed over {months(u.held_months)}, divided by a detection of {percent(u.detection)}, shift the hazard of "
        f"escalation by a factor of {number(u.hazard_factor.mean)} [{number(u.hazard_factor.lo)}–{number(u.hazard_factor.hi)}]"
    )
    return [Sentence(words, aside=True)]


def resting_on(section: TruceSection) -> list[str]:
    """Say what the survival figures rest on: baseline, the standing of the priors, and the engine's own notes."""
    status = {s: sum(p.status == s for p in section.priors) for s in ("published", "re-derived", "judgement", "case")}
    words = {
        "published": "published estimates",
        "re-derived": "re-derived from published data",
        "judgement": "judgement",
        "case": "set by the case",
    }
    parts = [f"{n} {words[s]}" for s, n in status.items() if n]
    baseline = {"lognormal": "log-normal", "weibull": "Weibull"}[section.baseline]
    shifts, wants = ("a", "may want") if section.types_shift_hazard else ("no", "is not taken to want")
    return [
        stop(f"a {baseline} baseline and {count(len(section.priors), 'prior')} ({listed(parts)})"),
        stop(f"{shifts} type of actor shifts the hazard: who consents {wants} peace more"),
        *map(stop, section.notes),
    ]
