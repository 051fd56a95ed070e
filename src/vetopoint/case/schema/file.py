"""A whole case file, and its JSON Schema."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from vetopoint.case.decision import Decision
from vetopoint.case.functions import DAYS
from vetopoint.case.part import Condition, Meaning, Name, Part, PathText, Real, Spec, Text, Whole, default
from vetopoint.case.plausible import Expectation, Variant
from vetopoint.case.schema.coalition import Body, CoalitionRules, Event, Issue, Member, Stance
from vetopoint.case.schema.evidence import Actor, Quantity, SourceRef
from vetopoint.case.schema.moves import Move, Payoff, Rounds, Threat, TypeSpec
from vetopoint.case.schema.presence import Form, Line, TruceSettings


class Short(Part):
    """Short names for the first page. What is left out there is called by its label, in quotation marks where it may not fit."""

    actors: dict[Name, str] = default(dict, "Actors, such as `Moscow`.")
    goals: dict[Name, str] = default(
        dict, "Goals, each as a clause in the present tense, such as `it stands two years on`."
    )
    outcomes: dict[Name, str] = default(dict, "Outcomes, such as `sent home when consent is withdrawn`.")
    forms: dict[Name, str] = default(dict, "Forms of presence as nouns, such as `contingents`.")
    attempt: str = default("", "That the plan is tried, as a clause, such as `contingents are offered`.")
    presupposes: str = default("", "What `presupposes` asks for, as a clause, such as `a ceasefire is reached`.")
    cases: str = default(
        "", "The same as a noun in the plural, of which so many of 100 are told, such as `ceasefires`."
    )


class VetoTest(Part):
    """When an option counts as an effective veto, by what it leaves the goal once its move is reached."""

    absolute: Real = default(0.05, "It leaves the goal at most this chance …", ge=0, lt=1)
    relative: Real = default(0.2, "… and at most this share of what the move's best other option leaves …", gt=0, lt=1)
    alternative: Real = default(
        0.25, "… which is at least this: without a live alternative nothing is vetoed.", gt=0, le=1
    )


class CaseFile(Part):
    """A whole case, as written."""

    vetopoint: Literal[1] = Field(description="Version of the case language.")
    title: str = Field(description="What the case is called.")
    summary: str = default("", "Two or three sentences for the head of the report.")
    as_of: dt.date = Field(description="The day on which month 0 begins.")
    horizon_months: Whole = default(
        60, "How far ahead is looked; what still stands then counts as standing.", ge=1, le=600
    )
    horizon_days: Whole | None = default(
        None,
        "The same in days, for a short plan: bare numbers of time then count days, and a month thirty of them.",
        ge=1,
        le=3660,
    )
    owner: Name = Field(description="Whose plan it is; ranked apart, since an owner can always drop its plan.")
    not_modelled: tuple[str, ...] = default((), "Moves and actors left out, said on the first page.")
    sources: dict[Name, SourceRef] = default(dict, "Documents on which the case rests.")
    actors: dict[Name, Actor] = Field(description="Everybody who decides or is asked for consent.")
    words: dict[Text, Meaning] = default(
        dict, "What the case takes a word of probability to mean, instead of the shipped table; or words of its own."
    )
    quantities: dict[Name, Quantity] = default(
        dict, "Uncertain numbers. A bare number or text is short for `{value: …}`."
    )
    correlate: tuple[tuple[str, str, Real], ...] = default(
        (), "Pairs of quantities with their rank correlation. Those not named together are independent."
    )
    types: dict[Name, dict[Name, TypeSpec | Literal["rest"]]] = default(
        dict, "What an actor may be like inside and knows of itself alone. One type of each actor is `rest`."
    )
    moves: dict[Name, Move] = Field(description="Decisions in the order in which they can come.")
    rounds: dict[Name, Rounds] = default(
        dict, "Moves that alternate, such as demand, concession and decision in each round."
    )
    threats: dict[Name, Threat] = default(dict, "Declared intentions whose credibility is measured.")
    outcomes: dict[Name, Condition] = Field(
        description="How histories end: the first condition that holds names the history; `otherwise` closes the list."
    )
    outcome_labels: dict[Name, str] = default(dict, "What outcomes are called in sentences.")
    goals: dict[Name, Condition] = Field(
        description="What counts as the plan succeeding. Vetoes and decisiveness are computed for each; the first one leads."
    )
    goal_labels: dict[Name, str] = default(dict, "What goals are called in sentences.")
    presupposes: Condition | None = default(
        None, "Condition over chance moves that the headlines presuppose, such as `ceasefire == reached`."
    )
    short_: Short = default(Short, "Short names for the first page.", alias="short")
    attempt: dict[Name, Text | tuple[Text, ...]] = default(
        dict,
        "The owner's move and the option, or options, by which the plan is attempted, such as `{offer: contingent}` "
        "(default: the options of its first move from which the goal can be reached, as against those from which it cannot).",
    )
    veto: VetoTest = default(VetoTest, "The test of an effective veto.")
    decisions: dict[Name, Decision] = default(
        dict, "Choices for which it is told what is worth asking first (default: the owner's first move)."
    )
    forms: dict[Name, Form] = default(dict, "Forms of presence.")
    paths: dict[Name, tuple[PathText, ...]] = default(dict, "Which form stands from when to when, by outcome.")
    breaks_truce: tuple[Name, ...] = default((), "Outcomes in which a move itself ends the truce.")
    payoffs: dict[Name, Payoff] = Field(description="What each actor wants. Terms may stand beside `unit` directly.")
    precision: dict[Name, Spec] = default(
        dict,
        "How sharply an actor chooses, per unit of its payoff (λ): 0 is a coin toss, infinity always takes the best.",
    )
    coalition: CoalitionRules = default(CoalitionRules, "What the coalition as a whole needs.")
    members: dict[Name, Member] = default(dict, "Members of the coalition.")
    others: tuple[Stance, ...] = default((), "Stances reported of the members as a group.")
    bodies: dict[Name, Body] = default(dict, "Formal bodies with voting rules.")
    issues: dict[Name, Issue] = default(dict, "What the members dispute.")
    events: dict[Name, Event] = default(dict, "Dates that shift stances or cohesion.")
    line: Line | None = default(None, "The line along which the truce is watched.")
    truce: TruceSettings = default(
        TruceSettings, "When a truce begins and what bears on how long it holds; without it no truce is modelled."
    )
    expect: tuple[Expectation, ...] = default(
        (), "What changes of numbers must do to the answer; see `vetopoint check --play`."
    )
    variants: dict[Name, Variant] = default(
        dict, "The case with parts written otherwise, answered side by side; see `vetopoint variants`."
    )
    silence: dict[Text, str] = default(
        dict, "Warnings that need not be said, by the id of their check, each with the reason."
    )

    @model_validator(mode="after")
    def _one_horizon(self) -> CaseFile:
        if self.horizon_days is not None and self.horizon_months != max(1, -(-self.horizon_days // DAYS)):
            raise PydanticCustomError("horizon", "a case has `horizon_months` or, for a short plan, `horizon_days`")
        return self

    @property
    def horizon(self) -> float:
        """How many months ahead is looked."""
        return self.horizon_months if self.horizon_days is None else self.horizon_days / DAYS

    @property
    def models_truce(self) -> bool:
        """Whether it says when a truce begins; without `truce:` forms and paths say what stands when, and nothing of how long a truce holds."""
        return "truce" in self.model_fields_set

    def declares(self, section: str) -> bool:
        """Whether something stands in a section."""
        return self.models_truce if section == "truce" else bool(getattr(self, section))

    @property
    def attempts(self) -> dict[str, tuple[str, ...]]:
        """What counts as attempting the plan, in the long form."""
        return {move: (kept,) if isinstance(kept, str) else kept for move, kept in self.attempt.items()}

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
        if isinstance(out.get("horizon_days"), int) and "horizon_months" not in out:
            out["horizon_months"] = max(1, -(-out["horizon_days"] // DAYS))
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


_SPEC: dict[str, Any] = {"anyOf": [{"type": "number"}, {"type": "string"}]}


def case_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) that every valid ``case.yaml`` satisfies, short forms included."""
    schema = CaseFile.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Vetopoint case"
    definitions, properties = schema["$defs"], schema["properties"]
    _each(properties["quantities"], {"anyOf": [*_SPEC["anyOf"], {"$ref": "#/$defs/Quantity"}]})
    long_form = definitions["Payoff"]
    short_form = {
        "type": "object",
        "properties": {"unit": long_form["properties"]["unit"]},
        "required": ["unit"],
        "additionalProperties": {"anyOf": [*_SPEC["anyOf"], {"$ref": "#/$defs/Term"}]},
    }
    definitions["Payoff"] = {"description": long_form["description"], "anyOf": [long_form, short_form]}
    _each(properties["paths"], {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]})
    return schema


def _each(mapping: dict[str, Any], value: dict[str, Any]) -> None:
    """Replace what the values of a mapping may be, keeping the pattern of its keys."""
    key = "patternProperties" if "patternProperties" in mapping else "additionalProperties"
    mapping[key] = dict.fromkeys(mapping[key], value) if key == "patternProperties" else value
