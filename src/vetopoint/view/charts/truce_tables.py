"""Tables of the truce that need no picture: past plans nearest to this one, and every prior with its standing."""

from __future__ import annotations

from vetopoint.truce.answers import TruceSection
from vetopoint.view.tables import Column, Figure, Table

__all__ = ["analogues_figure", "priors_figure"]


def analogues_figure(section: TruceSection) -> Figure | None:
    """Past plans most like this one."""
    if not section.analogues:
        return None
    table = Table(
        (
            Column("Past plan"),
            Column("Year"),
            Column("Form"),
            Column("Consent: government"),
            Column("Consent: opponent"),
            Column("What became of it"),
            Column("Held 12 months"),
            Column("Similarity", "percent"),
            Column("Agrees on"),
            Column("Sources"),
        ),
        tuple(
            (
                a.name,
                str(a.year),
                a.form.replace("_", " "),
                a.consent_government.replace("_", " "),
                a.consent_opponent.replace("_", " "),
                a.outcome.replace("_", " "),
                a.truce_held_12m,
                a.similarity,
                ", ".join(s.replace("_", " ") for s in a.shares),
                "; ".join(a.sources),
            )
            for a in section.analogues
        ),
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
    table = Table(
        (
            Column("Effect"),
            Column("Estimate", "number"),
            Column("Low", "number"),
            Column("High", "number"),
            Column("Scale"),
            Column("Standing"),
            Column("E-value", "number"),
            Column("Source"),
            Column("Note"),
        ),
        tuple(
            (
                p.label or p.effect,
                p.estimate,
                p.lo,
                p.hi,
                p.scale.replace("_", " "),
                f"{p.status}{' (overridden: ' + p.why + ')' if p.overridden else ''}",
                p.e_value,
                p.source,
                " ".join(x for x in (p.note, p.conflicts) if x),
            )
            for p in section.priors
        ),
    )
    judged = sum(p.status in ("judgement", "case") for p in section.priors)
    sentence = f"{judged} of {len(section.priors)} priors are judgement or set by the case; the others are published or re-derived."
    return Figure("priors", "What the survival figures rest on", sentence, table)
