"""Tables of the truce that need no picture: past plans nearest to this one, and every prior with its standing."""

from __future__ import annotations

from collections.abc import Callable

from vetopoint.answers import Needed, TruceForm, TruceSection
from vetopoint.view.names import Names, shortened
from vetopoint.view.numbers import capital, listed, months, number, percent, percent_band
from vetopoint.view.tables import Column, Figure, Format, Rows, Value

__all__ = ["analogues_figure", "further_figure", "needed_figure", "priors_figure"]

_BEYOND = {"personnel": "no number of people", "detection": "no detection", "consent": "not even certain consent"}
_PLAIN = {"personnel": "more people", "detection": "better detection", "consent": "certain consent"}


def _name(form: TruceForm, names: Names) -> str:
    return shortened(form.label) or names.short_form(form.form)


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
