"""The part of the case language that speaks of forms of presence, the line and the truce."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vetopoint.case._part import Condition, Part, Spec

__all__ = ["Form", "Line", "PlanFeatures", "TruceSettings"]


class Form(Part):
    """A form of presence: how many people, with what sensors, and which rows of the priors table it draws on."""

    label: str = Field(default="", description="What the form is called in sentences.")
    personnel: Spec = Field(default=0.0, description="How many people.")
    drones: Spec = Field(default=0.0, description="How many drones.")
    cameras: Spec = Field(default=0.0, description="How many fixed cameras.")
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

    length_km: Spec | None = Field(default=None, description="Its length.")
    geojson: str | None = Field(default=None, description="File with the line, relative to the case folder.")
    incidents: str | None = Field(
        default=None,
        description="CSV of incidents for the map (`longitude,latitude,label`); counts go under `truce.observed`.",
    )


class PlanFeatures(Part):
    """A plan for a presence, coded as the table of past plans codes them; what is left out is not compared."""

    form: Literal["armed", "unarmed_observers", "civilian_monitors", "hybrid"] | None = Field(
        default=None, description="Kind of presence."
    )
    mandate_by: Literal["UNSC", "regional", "bilateral", "ad_hoc_coalition"] | None = Field(
        default=None, description="Who mandates it."
    )
    consent_government: Literal["yes", "no", "partial", "coerced", "withdrawn", "n/a"] | None = Field(
        default=None, description="Consent of the government."
    )
    consent_opponent: Literal["yes", "no", "partial", "coerced", "withdrawn", "n/a"] | None = Field(
        default=None, description="Consent of its opponent."
    )
    outside_veto_holder: bool | None = Field(default=None, description="Whether an outsider holds a veto.")
    threatened: bool | None = Field(default=None, description="Whether the presence was threatened.")
    truce_in_place_at_start: bool | None = Field(default=None, description="Whether a truce was in place at the start.")
    year_proposed: int | None = Field(default=None, description="Year in which it was proposed.")


class TruceSettings(Part):
    """When a truce begins, in what context, and which rows of the priors table the case overrides."""

    starts: Condition | None = Field(
        default=None, description="Condition on the history under which there is a truce (default: always)."
    )
    at: str | float = Field(default=0, description="The move, or the month, at which it begins.")
    baseline: Literal["lognormal", "weibull"] = Field(
        default="lognormal", description="Shape of the baseline: log-normal, or Weibull as the stated alternative."
    )
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
