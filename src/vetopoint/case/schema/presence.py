"""What a case says of forms of presence, the line, and the truce."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from vetopoint.case.part import Begin, Condition, Part, Real, Spec, Text, Whole, default

Consent = Literal["yes", "no", "partial", "coerced", "withdrawn", "n/a"]


class Form(Part):
    """A form of presence: how many people, with what sensors, and which rows of the priors table it draws on."""

    label: str = default("", "What the form is called in sentences.")
    personnel: Spec = default(0.0, "How many people.")
    drones: Spec = default(0.0, "How many drones.")
    cameras: Spec = default(0.0, "How many fixed cameras.")
    access: Spec = default(0.85, "Share of the line to which it has freedom of movement.")
    effect: str | None = default(None, "Row of the priors table: the effect where both sides consent.")
    effect_refused: str | None = default(None, "Row of the priors table: the effect where one refuses.")
    committed_force: Spec = default(0.0, "Fighting power relative to a local attacker, 0 to 1.")
    formalisation: Spec = default(1.0, "How far signature, flag and mandate come with it, 0 to 1.")
    preset: str | None = default(None, "Named set of coverage parameters.")
    coverage: dict[str, Spec] = default(dict, "Coverage parameters that differ from the preset's (`tail`, `team`, …).")
    exit: Spec | None = default(None, "Rate of exit per year from causes that no modelled actor decides.")


class Line(Part):
    """The line of contact."""

    length_km: Spec | None = default(None, "Its length.")
    geojson: str | None = default(None, "File with the line, relative to the case folder.")
    incidents: str | None = default(
        None, "CSV of incidents for the map (`longitude,latitude,label`); counts go under `truce.observed`."
    )


class PlanFeatures(Part):
    """A plan for a presence, coded as the table of past plans codes them; what is left out is not compared."""

    form: Literal["armed", "unarmed_observers", "civilian_monitors", "hybrid"] | None = default(
        None, "Kind of presence."
    )
    mandate_by: Literal["UNSC", "regional", "bilateral", "ad_hoc_coalition"] | None = default(None, "Who mandates it.")
    consent_government: Consent | None = default(None, "Consent of the government.")
    consent_opponent: Consent | None = default(None, "Consent of its opponent.")
    outside_veto_holder: bool | None = default(None, "Whether an outsider holds a veto.")
    threatened: bool | None = default(None, "Whether the presence was threatened.")
    truce_in_place_at_start: bool | None = default(None, "Whether a truce was in place at the start.")
    year_proposed: Whole | None = default(None, "Year in which it was proposed.")


class Observed(Part):
    """What was observed since the truce began: counts by month, or a table of events near the line."""

    file: str = Field(
        description="CSV of counts (`month,incidents[,detection]`, months of the truce from 1), or of events as ACLED or UCDP GED export them."
    )
    within_km: Real | None = default(None, "Events count within so many km of the line.", gt=0)
    types: tuple[Text, ...] = default((), "Types of events that count (default: fighting between armed sides).")
    since: dt.date | None = default(None, "The truce's first day; default: `as_of` and the month of `truce.at`.")
    until: dt.date | None = default(None, "The last day on which somebody looked for events.")


class TruceSettings(Part):
    """When a truce begins, in what context, and which rows of the priors table the case overrides."""

    starts: Condition | None = default(None, "Condition on the history under which there is a truce (default: always).")
    at: Begin = default(0, "The move, the month or the day at which it begins.")
    baseline: Literal["lognormal", "weibull"] = default(
        "lognormal", "Shape of the baseline: log-normal, or Weibull as the stated alternative."
    )
    context: tuple[str, ...] = default((), "Rows of the priors table that hold in every form (treaty, imposed, …).")
    overrides: dict[str, Spec] = default(dict, "Priors replaced by the case, as hazard ratios.")
    why: dict[str, str] = default(dict, "Why each prior is replaced.")
    priors: str | None = default(
        None, "CSV with rows of priors that replace the shipped ones, such as `fit-truce` writes."
    )
    observed: Observed | str | None = default(
        None, "Incidents seen so far, which update the truce. A text is short for the file alone."
    )
    target: Real = default(0.7, "P(hold 12 months) that is asked for: what would it take?", gt=0, lt=1)
    analogue: PlanFeatures | None = default(
        None, "The plan in the words of the table of past plans, to find its nearest analogues."
    )

    @property
    def watched(self) -> Observed | None:
        """What was observed, in the long form."""
        return Observed(file=self.observed) if isinstance(self.observed, str) else self.observed
