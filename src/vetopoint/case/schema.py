"""The words of a case file, as frozen models: what may be written, of what type, and what it means.

A *spec* is whatever stands for an uncertain number: a number, a distribution (``pert(1, 2, 4)``), a word of
probability (``very likely``), the name of a quantity, or arithmetic over quantities.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import Field

from vetopoint.case._part import Condition, Name, Part, Spec, Text
from vetopoint.case._schema_coalition import Body, CoalitionRules, Event, Issue, Member, Stance
from vetopoint.case._schema_truce import Form, Line, TruceSettings

__all__ = ["Actor", "CaseFile", "Move", "Origin", "Payoff", "Quantity", "Repeat", "SourceRef", "Spec", "Term", "Threat"]


class SourceRef(Part):
    """A document that the case rests on."""

    file: str = Field(description="Path of the text, relative to the case folder.")
    title: str = ""
    outlet: str = ""
    date: dt.date | None = None
    url: str = ""


class Actor(Part):
    """Somebody who decides, or whose consent is sought."""

    label: str = ""
    aka: tuple[str, ...] = Field(default=(), description="Other names under which sources speak of this actor.")
    note: str = ""


class Origin(Part):
    """Where a quantity comes from: claims that were read or judged, or the analyst alone."""

    claims: tuple[str, ...] = ()
    by: Literal["hedge", "share", "figure", "analyst"] = "analyst"
    note: str = ""


class Quantity(Part):
    """An uncertain number."""

    value: Spec
    from_: Origin = Field(
        default_factory=Origin, alias="from", description="Claims that support it, and how they were used."
    )
    without: Spec | None = Field(default=None, description="What it falls back to when its sources are dropped.")
    label: str = ""
    unit: str = ""
    known_to: Literal["all", "none"] | tuple[Name, ...] = Field(
        default="all", description="Who knows the realised value; the others play on its mean."
    )


class TypeSpec(Part):
    """One type of an actor: how likely in truth, and as each other actor believes."""

    truth: Spec
    believed: dict[Name, Spec] = Field(
        default_factory=dict, description="What each other actor believes; default: truth."
    )
    hazard: Spec = Field(default=1.0, description="Factor by which this type shifts the hazard of the truce's end.")
    label: str = ""


class Repeat(Part):
    """A move that comes again: every so many months, for so many rounds or until a month after its first date."""

    every: float = Field(default=1.0, gt=0, description="Months between rounds.")
    rounds: int | None = Field(default=None, ge=1, le=60)
    until: float | None = Field(
        default=None, description="Months after the move's own date at which the last round falls."
    )
    stop_when: Condition | None = Field(
        default=None, description="Condition that ends the rounds, such as `review == revoke`."
    )


class Move(Part):
    """A decision of one actor, or of chance."""

    by: Name
    at: float | None = Field(default=None, description="Month since `as_of`; default: the date of the move before it.")
    when: Condition | None = Field(default=None, description="The move comes only in histories where this holds.")
    options: tuple[Text, ...] | dict[Text, Spec] = Field(
        description="Options; for chance a mapping of option to probability."
    )
    sees: tuple[Name, ...] | Literal["all", "nothing"] = Field(
        default="all", description="The earlier moves that the mover sees (default: all)."
    )
    repeat: Repeat | int | None = None
    nests: tuple[tuple[Text, ...], ...] = Field(
        default=(),
        description="Groups of options that are variants of one; a group gets the base weight of one option.",
    )
    irreversible: tuple[Text, ...] = Field(
        default=(), description="Options that cannot be undone (graph-model stability)."
    )
    label: str = ""
    labels: dict[Text, str] = Field(default_factory=dict, description="What each option is called in sentences.")


class Threat(Part):
    """A declared intention, and the history facts by which its credibility is measured."""

    by: Name | None = None
    to: Name | None = None
    made: Condition
    silent_twin: Text = Field(description="The option with which the threat is pooled when its effect is measured.")
    demand: Condition
    defied: Condition
    carried_out: Condition
    label: str = ""


class Term(Part):
    """One summand of a payoff."""

    worth: Spec
    when: Condition | None = None
    channel: Literal["symbolic", "practical", "cost", "other"] = "other"
    label: str = ""


class Payoff(Part):
    """What an actor wants: a sum of terms, in the unit that a pair of outcomes fixes."""

    unit: tuple[Name, Name] = Field(
        description="The pair of outcomes whose mean difference counts as 1 for this actor."
    )
    terms: dict[Name, Term]


class CaseFile(Part):
    """A whole case, as written."""

    vetopoint: Literal[1] = Field(description="Version of the case language.")
    title: str
    summary: str = ""
    as_of: dt.date
    horizon_months: int = Field(default=60, ge=1, le=600)
    owner: Name = Field(description="Whose plan it is; ranked apart, since an owner can always drop its plan.")
    not_modelled: tuple[str, ...] = Field(default=(), description="Moves and actors left out, said on the first page.")
    sources: dict[Name, SourceRef] = Field(default_factory=dict)
    actors: dict[Name, Actor]
    words: dict[Text, float | str] = Field(
        default_factory=dict,
        description="What the case takes a word of probability to mean, instead of the shipped table; or words of its own.",
    )
    quantities: dict[Name, Quantity] = Field(default_factory=dict)
    correlate: tuple[tuple[str, str, float], ...] = ()
    types: dict[Name, dict[Name, TypeSpec | Literal["rest"]]] = Field(default_factory=dict)
    moves: dict[Name, Move]
    threats: dict[Name, Threat] = Field(default_factory=dict)
    outcomes: dict[Name, Condition]
    outcome_labels: dict[Name, str] = Field(default_factory=dict)
    goals: dict[Name, Condition]
    goal_labels: dict[Name, str] = Field(default_factory=dict)
    presupposes: Condition | None = Field(
        default=None,
        description="Condition over chance moves that the headlines presuppose, such as `ceasefire == reached`.",
    )
    forms: dict[Name, Form] = Field(default_factory=dict)
    paths: dict[Name, tuple[str, ...]] = Field(
        default_factory=dict, description="Which form stands from when to when, by outcome."
    )
    breaks_truce: tuple[Name, ...] = Field(default=(), description="Outcomes in which a move itself ends the truce.")
    payoffs: dict[Name, Payoff]
    precision: dict[Name, Spec] = Field(default_factory=dict)
    coalition: CoalitionRules = Field(default_factory=CoalitionRules)
    members: dict[Name, Member] = Field(default_factory=dict)
    others: tuple[Stance, ...] = Field(default=(), description="Stances reported of the members as a group.")
    bodies: dict[Name, Body] = Field(default_factory=dict, description="Formal bodies with voting rules.")
    issues: dict[Name, Issue] = Field(default_factory=dict)
    events: dict[Name, Event] = Field(default_factory=dict)
    line: Line | None = None
    truce: TruceSettings = Field(default_factory=TruceSettings)

    @staticmethod
    def normalise(data: Any) -> Any:
        """Expand the short forms: a bare spec as a quantity, payoff terms beside `unit`."""
        if not isinstance(data, dict):
            return data
        out = dict(data)
        if isinstance(out.get("quantities"), dict):
            out["quantities"] = {k: v if isinstance(v, dict) else {"value": v} for k, v in out["quantities"].items()}
        if isinstance(out.get("payoffs"), dict):
            out["payoffs"] = {k: _gather_terms(v) for k, v in out["payoffs"].items()}
        if isinstance(out.get("paths"), dict):
            out["paths"] = {k: (v,) if isinstance(v, str) else v for k, v in out["paths"].items()}
        return out


def _gather_terms(payoff: Any) -> Any:
    if not isinstance(payoff, dict) or "terms" in payoff:
        return payoff
    return {
        "unit": payoff.get("unit"),
        "terms": {k: v if isinstance(v, dict) else {"worth": v} for k, v in payoff.items() if k != "unit"},
    }
