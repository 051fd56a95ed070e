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
    title: str = Field(default="", description="Headline or title.")
    outlet: str = Field(default="", description="Who published it.")
    date: dt.date | None = Field(default=None, description="Day of publication.")
    url: str = Field(default="", description="Where it can be read.")


class Actor(Part):
    """Somebody who decides, or whose consent is sought."""

    label: str = Field(default="", description="What the actor is called in sentences.")
    aka: tuple[str, ...] = Field(default=(), description="Other names under which sources speak of this actor.")
    note: str = Field(default="", description="Anything worth knowing.")


class Origin(Part):
    """Where a quantity comes from: claims that were read or judged, or the analyst alone."""

    claims: tuple[str, ...] = Field(default=(), description="Ids of the claims behind it.")
    by: Literal["hedge", "share", "figure", "analyst"] = Field(
        default="analyst",
        description="How it follows from them: a `hedge`, a `share` or a `figure` was read; `analyst` means judged, prompted by them.",
    )
    note: str = Field(default="", description="Why this number; what a sceptic should know.")


class Quantity(Part):
    """An uncertain number."""

    value: Spec = Field(description="Its distribution, word of probability or number.")
    from_: Origin = Field(
        default_factory=Origin, alias="from", description="Claims that support it, and how they were used."
    )
    without: Spec | None = Field(default=None, description="What it falls back to when its sources are dropped.")
    label: str = Field(default="", description="What it is called in sentences.")
    unit: str = Field(default="", description="Its unit, for tables.")
    known_to: Literal["all", "none"] | tuple[Name, ...] = Field(
        default="all", description="Who knows the realised value; the others play on its mean."
    )


class TypeSpec(Part):
    """One type of an actor: how likely in truth, and as each other actor believes."""

    truth: Spec = Field(description="Probability that the actor is of this type.")
    believed: dict[Name, Spec] = Field(
        default_factory=dict, description="What each other actor believes; default: truth."
    )
    hazard: Spec = Field(default=1.0, description="Factor by which this type shifts the hazard of the truce's end.")
    label: str = Field(default="", description="What the type is called in sentences.")


class Repeat(Part):
    """A move that comes again: every so many months, for so many rounds or until a month after its first date."""

    every: float = Field(default=1.0, gt=0, description="Months between rounds.")
    rounds: int | None = Field(default=None, ge=1, le=60, description="How many rounds.")
    until: float | None = Field(
        default=None, description="Months after the move's own date at which the last round falls."
    )
    stop_when: Condition | None = Field(
        default=None, description="Condition that ends the rounds, such as `review == revoke`."
    )


class Move(Part):
    """A decision of one actor, or of chance."""

    by: Name = Field(description="The actor who decides, or `chance`.")
    at: float | None = Field(default=None, description="Month since `as_of`; default: the date of the move before it.")
    when: Condition | None = Field(default=None, description="The move comes only in histories where this holds.")
    options: tuple[Text, ...] | dict[Text, Spec] = Field(
        description="Options; for chance a mapping of option to probability."
    )
    sees: tuple[Name, ...] | Literal["all", "nothing"] = Field(
        default="all", description="The earlier moves that the mover sees (default: all)."
    )
    repeat: Repeat | int | None = Field(
        default=None, description="The move comes again. A number is short for that many rounds, a month apart."
    )
    nests: tuple[tuple[Text, ...], ...] = Field(
        default=(),
        description="Groups of options that are variants of one; a group gets the base weight of one option.",
    )
    irreversible: tuple[Text, ...] = Field(
        default=(), description="Options that cannot be undone (graph-model stability)."
    )
    label: str = Field(default="", description="What the move is called in sentences.")
    labels: dict[Text, str] = Field(default_factory=dict, description="What each option is called in sentences.")


class Threat(Part):
    """A declared intention, and the history facts by which its credibility is measured."""

    by: Name | None = Field(default=None, description="Who makes it.")
    to: Name | None = Field(default=None, description="Whom it is to move.")
    made: Condition = Field(description="Histories in which it is made.")
    silent_twin: Text = Field(description="The option with which the threat is pooled when its effect is measured.")
    demand: Condition = Field(description="What it asks for.")
    defied: Condition = Field(description="Histories in which it is defied.")
    carried_out: Condition = Field(description="Histories in which it is carried out.")
    label: str = Field(default="", description="What it is called in sentences.")


class Term(Part):
    """One summand of a payoff."""

    worth: Spec = Field(description="What it is worth, in any unit that all terms of this actor share.")
    when: Condition | None = Field(
        default=None, description="It counts in histories where this holds (default: in all)."
    )
    channel: Literal["symbolic", "practical", "cost", "other"] = Field(
        default="other",
        description="Whether it is worth as a signal (`symbolic`), by its effect (`practical`), or a `cost`.",
    )
    label: str = Field(default="", description="What the term is called in sentences.")


class Payoff(Part):
    """What an actor wants: a sum of terms, in the unit that a pair of outcomes fixes."""

    unit: tuple[Name, Name] = Field(
        description="The pair of outcomes whose mean difference counts as 1 for this actor."
    )
    terms: dict[Name, Term] = Field(
        description="The terms by name. The keyword `terms` may be left out and the terms put beside `unit`."
    )


class CaseFile(Part):
    """A whole case, as written."""

    vetopoint: Literal[1] = Field(description="Version of the case language.")
    title: str = Field(description="What the case is called.")
    summary: str = Field(default="", description="Two or three sentences for the head of the report.")
    as_of: dt.date = Field(description="The day on which month 0 begins.")
    horizon_months: int = Field(
        default=60, ge=1, le=600, description="How far ahead is looked; what still stands then counts as standing."
    )
    owner: Name = Field(description="Whose plan it is; ranked apart, since an owner can always drop its plan.")
    not_modelled: tuple[str, ...] = Field(default=(), description="Moves and actors left out, said on the first page.")
    sources: dict[Name, SourceRef] = Field(default_factory=dict, description="Documents on which the case rests.")
    actors: dict[Name, Actor] = Field(description="Everybody who decides or is asked for consent.")
    words: dict[Text, float | str] = Field(
        default_factory=dict,
        description="What the case takes a word of probability to mean, instead of the shipped table; or words of its own.",
    )
    quantities: dict[Name, Quantity] = Field(
        default_factory=dict, description="Uncertain numbers. A bare number or text is short for `{value: …}`."
    )
    correlate: tuple[tuple[str, str, float], ...] = Field(
        default=(),
        description="Pairs of quantities with their rank correlation. Those not named together are independent.",
    )
    types: dict[Name, dict[Name, TypeSpec | Literal["rest"]]] = Field(
        default_factory=dict,
        description="What an actor may be like inside and knows of itself alone. One type of each actor is `rest`.",
    )
    moves: dict[Name, Move] = Field(description="Decisions in the order in which they can come.")
    threats: dict[Name, Threat] = Field(
        default_factory=dict, description="Declared intentions whose credibility is measured."
    )
    outcomes: dict[Name, Condition] = Field(
        description="How histories end: the first condition that holds names the history; `otherwise` closes the list."
    )
    outcome_labels: dict[Name, str] = Field(default_factory=dict, description="What outcomes are called in sentences.")
    goals: dict[Name, Condition] = Field(
        description="What counts as the plan succeeding. Vetoes and decisiveness are computed for each; the first one leads."
    )
    goal_labels: dict[Name, str] = Field(default_factory=dict, description="What goals are called in sentences.")
    presupposes: Condition | None = Field(
        default=None,
        description="Condition over chance moves that the headlines presuppose, such as `ceasefire == reached`.",
    )
    forms: dict[Name, Form] = Field(default_factory=dict, description="Forms of presence.")
    paths: dict[Name, tuple[str, ...]] = Field(
        default_factory=dict, description="Which form stands from when to when, by outcome."
    )
    breaks_truce: tuple[Name, ...] = Field(default=(), description="Outcomes in which a move itself ends the truce.")
    payoffs: dict[Name, Payoff] = Field(description="What each actor wants. Terms may stand beside `unit` directly.")
    precision: dict[Name, Spec] = Field(
        default_factory=dict,
        description="How sharply an actor chooses, per unit of its payoff (λ): 0 is a coin toss, infinity always takes the best.",
    )
    coalition: CoalitionRules = Field(
        default_factory=CoalitionRules, description="What the coalition as a whole needs."
    )
    members: dict[Name, Member] = Field(default_factory=dict, description="Members of the coalition.")
    others: tuple[Stance, ...] = Field(default=(), description="Stances reported of the members as a group.")
    bodies: dict[Name, Body] = Field(default_factory=dict, description="Formal bodies with voting rules.")
    issues: dict[Name, Issue] = Field(default_factory=dict, description="What the members dispute.")
    events: dict[Name, Event] = Field(default_factory=dict, description="Dates that shift stances or cohesion.")
    line: Line | None = Field(default=None, description="The line along which the truce is watched.")
    truce: TruceSettings = Field(
        default_factory=TruceSettings, description="When a truce begins and what bears on how long it holds."
    )

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
