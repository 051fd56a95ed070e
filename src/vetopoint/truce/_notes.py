"""What the survival figures rest on, in sentences."""

from __future__ import annotations

import numpy as np

from vetopoint.case import Case
from vetopoint.truce._tables import TruceTables
from vetopoint.truce.history import load_plans
from vetopoint.truce.model import TruceModel

__all__ = ["history_note", "notes"]


def notes(model: TruceModel, tables: TruceTables) -> tuple[str, ...]:
    """Sentences for the report: the base, the split, and what the case leaves open."""
    file = model.case.file
    found = [
        f"Base: {model.baseline.source}. These were civil wars; a line between states may hold longer or shorter.",
        "A presence is credited with its published effect only, spread by a transport variance; a presence goes where it is wanted, "
        "so part of that effect may be selection (see the E-values).",
        "On past spells left out one country at a time, how the war stopped carries most of the predictive skill; whether there was a "
        "presence adds little.",
        "How a published effect splits into watching and force is a judgement and is shown beside each channel.",
        "Watching counts up to the detection that the published effects presuppose, never beyond it.",
        "Effects of different forms are drawn apart from each other, so that a comparison of two forms shows wider bands than it would "
        "if their errors were known to go together.",
    ]
    judged = sum(model.priors[name].status == "judgement" for name in model.used if name not in file.truce.overrides)
    found.append(f"{judged} of {len(model.used)} priors in use are judgement.")
    if "interstate" not in file.truce.context:
        found.append(
            "The context names no row for a line between states; add `interstate` to widen the bands accordingly."
        )
    if model.length_km is None:
        found.append("No line is given: detection is unknown, and watching counts in full.")
    for name, form in file.forms.items():
        if form.effect is None:
            found.append(f"'{form.label or name}' names no effect: it counts as no presence.")
    if all(np.all(model.type_factor(name) == 1.0) for name in tables.types):
        found.append(
            "No type shifts the hazard: those who consent are taken to keep the truce no better than those who do not."
        )
    if model.effects:
        found.append(
            "The rate of exit covers causes that no modelled actor decides; what an actor decides comes from the game."
        )
    return tuple(found)


def history_note(case: Case) -> str:
    """What the table of past plans can and cannot bear."""
    missing = (
        "" if case.file.truce.analogue else " The case codes no plan (`truce.analogue`), so no analogues are shown."
    )
    return (
        f"{len(load_plans())} plans picked by hand for variety in consent, coded by one person; plans dropped before anybody wrote them down are missing. "
        "They give rough shares and analogues, not proof that a presence makes truces last: easy truces get small missions or none. A "
        "deterrent force on a willing state's soil against another state's flat refusal has hardly any precedent here."
        + missing
    )
