"""The part of the case language that speaks of forms of presence, the line and the truce."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vetopoint.case._part import Condition, Part, Spec

__all__ = ["Form", "Line", "PlanFeatures", "TruceSettings"]


class Form(Part):
    """A form of presence: how many people, with what sensors, and which rows of the priors table it draws on."""

    label: str = ""
    personnel: Spec = 0.0
    drones: Spec = 0.0
    cameras: Spec = 0.0
    access: Spec = Field(default=0.85, description="Share of the line to which it has freedom of movement.")
    effect: str | None = Field(
        default=None, description="Row of the priors table: the effect where both sides consent."
    )
    effect_refused: str | None = Field(
        default=None, description="Row of the priors table: the effect where one refuses."
    )
    committed_force: Spec = Field(default=0.0, description="Fighting power relative to a local attacker, 0 to 1.")
    formalisation: Spec = Field(default=1.0, description="How far signature, flag and mandate come with it, 0 to 1.")
    preset: str | None = Field(default=None, description="Named set of coverage parameters.")
    coverage: dict[str, Spec] = Field(
        default_factory=dict, description="Coverage parameters that differ from the preset's (`tail`, `team`, …)."
    )
    exit: Spec | None = Field(
        default=None, description="Rate of exit per year from causes that no modelled actor decides."
    )


class Line(Part):
    """The line of contact."""

    length_km: Spec | None = None
    geojson: str | None = Field(default=None, description="File with the line, relative to the case folder.")
    incidents: str | None = Field(
        default=None,
        description="CSV of incidents for the map (`longitude,latitude,label`); counts go under `truce.observed`.",
    )


class PlanFeatures(Part):
    """A plan for a presence, coded as the table of past plans codes them; what is left out is not compared."""

    form: Literal["armed", "unarmed_observers", "civilian_monitors", "hybrid"] | None = None
    mandate_by: Literal["UNSC", "regional", "bilateral", "ad_hoc_coalition"] | None = None
    consent_government: Literal["yes", "no", "partial", "coerced", "withdrawn", "n/a"] | None = None
    consent_opponent: Literal["yes", "no", "partial", "coerced", "withdrawn", "n/a"] | None = None
    outside_veto_holder: bool | None = None
    threatened: bool | None = None
    truce_in_place_at_start: bool | None = None
    year_proposed: int | None = None


class TruceSettings(Part):
    """When a truce begins, in what context, and which rows of the priors table the case overrides."""

    starts: Condition | None = Field(
        default=None, description="Condition on the history under which there is a truce (default: always)."
    )
    at: str | float = Field(default=0, description="The move, or the month, at which it begins.")
    baseline: Literal["lognormal", "weibull"] = "lognormal"
    context: tuple[str, ...] = Field(
        default=(), description="Rows of the priors table that hold in every form (treaty, imposed, …)."
    )
    overrides: dict[str, Spec] = Field(
        default_factory=dict, description="Priors replaced by the case, as hazard ratios."
    )
    why: dict[str, str] = Field(default_factory=dict, description="Why each prior is replaced.")
    priors: str | None = Field(
        default=None, description="CSV with rows of priors that replace the shipped ones, such as `fit-truce` writes."
    )
    observed: str | None = Field(
        default=None, description="CSV of monthly incident counts (`month,incidents`) that update the truce."
    )
    target: float = Field(
        default=0.7, gt=0, lt=1, description="P(hold 12 months) that is asked for: what would it take?"
    )
    analogue: PlanFeatures | None = Field(
        default=None, description="The plan in the words of the table of past plans, to find its nearest analogues."
    )
