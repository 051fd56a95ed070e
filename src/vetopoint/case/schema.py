"""The words of a case file, as frozen models: what may be written, of what type, and what it means.

A *spec* is whatever stands for an uncertain number: a number, a distribution (``pert(1, 2, 4)``), a word of
probability (``very likely``), the name of a quantity, or arithmetic over quantities.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from vetopoint.case.decision import Decision as Decision
from vetopoint.case.part import Condition as Condition
from vetopoint.case.part import Meaning as Meaning
from vetopoint.case.part import Name as Name
from vetopoint.case.part import Part as Part
from vetopoint.case.part import Real as Real
from vetopoint.case.part import Spec as Spec
from vetopoint.case.part import Text as Text
from vetopoint.case.part import Whole as Whole
from vetopoint.case.part import default as default
from vetopoint.case.plausible import Expectation as Expectation
from vetopoint.case.plausible import Variant as Variant

STANCES = ("supports", "needs_consent", "effective", "opposes")
Consent = Literal["yes", "no", "partial", "coerced", "withdrawn", "n/a"]


class SourceRef(Part):
    """A document that the case rests on."""

    file: str = Field(description="Path of the text, relative to the case folder.")
    title: str = default("", "Headline or title.")
    outlet: str = default("", "Who published it.")
    date: dt.date | None = default(None, "Day of publication.")
    url: str = default("", "Where it can be read.")
    kind: Literal["original", "summary"] = default(
        "original",
        "Whose words the file holds: the document's own, or a `summary` by the case's authors, which the report never prints as a "
        "quotation.",
    )


class Actor(Part):
    """Somebody who decides, or whose consent is sought."""

    label: str = default("", "What the actor is called in sentences.")
    aka: tuple[str, ...] = default((), "Other names under which sources speak of this actor.")
    plural: bool | None = default(
        None, "Whether verbs follow in the plural (default: where its name joins two by `and`)."
    )
    note: str = default("", "Anything worth knowing.")


class Origin(Part):
    """Where a quantity comes from: claims that were read or judged, or the analyst alone."""

    claims: tuple[str, ...] = default((), "Ids of the claims behind it.")
    by: Literal["hedge", "share", "figure", "analyst"] = default(
        "analyst",
        "How it follows from them: a `hedge`, a `share` or a `figure` was read; `analyst` means judged, prompted by them.",
    )
    note: str = default("", "Why this number; what a sceptic should know.")


class Quantity(Part):
    """An uncertain number."""

    short: ClassVar[str] = "value"

    value: Spec = Field(description="Its distribution, word of probability or number.")
    from_: Origin = default(Origin, "Claims that support it, and how they were used.", alias="from")
    without: Spec | None = default(None, "What it falls back to when its sources are dropped.")
    label: str = default("", "What it is called in sentences.")
    unit: str = default("", "Its unit, for tables.")
    known_to: Literal["all", "none"] | tuple[Name, ...] = default(
        "all", "Who knows the realised value; the others play on its mean."
    )


class TypeSpec(Part):
    """One type of an actor: how likely in truth, and as each other actor believes."""

    truth: Spec = Field(description="Probability that the actor is of this type.")
    believed: dict[Name, Spec] = default(dict, "What each other actor believes; default: truth.")
    hazard: Spec = default(1.0, "Factor by which this type shifts the hazard of the truce's end.")
    label: str = default("", "What the type is called in sentences.")


class Repeat(Part):
    """A move that comes again: every so many months, for so many rounds or until a month after its first date."""

    every: Real = default(1.0, "Months between rounds.", ge=0.01)
    rounds: Whole | None = default(None, "How many rounds.", ge=1, le=60)
    until: Real | None = default(None, "Months after the move's own date at which the last round falls.")
    stop_when: Condition | None = default(None, "Condition that ends the rounds, such as `review == revoke`.")


class Move(Part):
    """A decision of one actor, or of chance."""

    by: Name = Field(description="The actor who decides, or `chance`.")
    at: Real | None = default(None, "Month since `as_of`; default: the date of the move before it.")
    when: Condition | None = default(None, "The move comes only in histories where this holds.")
    options: tuple[Text, ...] | dict[Text, Spec] = Field(
        description="Options; for chance a mapping of option to probability."
    )
    sees: tuple[Name, ...] | Literal["all", "nothing"] = default(
        "all", "The earlier moves that the mover sees (default: all)."
    )
    repeat: Repeat | Whole | None = default(
        None, "The move comes again. A number is short for that many rounds, a month apart."
    )
    nests: tuple[tuple[Text, ...], ...] = default(
        (), "Groups of options that are variants of one; a group gets the base weight of one option."
    )
    irreversible: tuple[Text, ...] = default((), "Options that cannot be undone (graph-model stability).")
    label: str = default("", "What the move is called in sentences.")
    labels: dict[Text, str] = default(dict, "What each option is called in sentences.")

    @property
    def times(self) -> float:
        """How often it comes: infinity where its repetition has no end."""
        if self.repeat is None:
            return 1.0
        if isinstance(self.repeat, int):
            return float(self.repeat)
        last = math.inf if self.repeat.until is None else self.repeat.until / self.repeat.every + 1e-9
        return min(math.floor(last) if math.isfinite(last) else last, self.repeat.rounds or math.inf)


class Threat(Part):
    """A declared intention, and the history facts by which its credibility is measured."""

    by: Name | None = default(None, "Who makes it.")
    to: Name | None = default(None, "Whom it is to move.")
    made: Condition = Field(description="Histories in which it is made.")
    silent_twin: Text = Field(description="The option with which the threat is pooled when its effect is measured.")
    demand: Condition = Field(description="What it asks for.")
    defied: Condition = Field(description="Histories in which it is defied.")
    carried_out: Condition = Field(description="Histories in which it is carried out.")
    about: Name | None = default(
        None, "The goal on which its effect is told; else the first that defying it can reach."
    )
    label: str = default("", "What it is called in sentences.")


class Term(Part):
    """One summand of a payoff."""

    short: ClassVar[str] = "worth"
    unsaid: ClassVar[str] = "worth"

    worth: Spec = Field(description="What it is worth, in any unit that all terms of this actor share.")
    when: Condition | None = default(None, "It counts in histories where this holds (default: in all).")
    channel: Literal["symbolic", "practical", "cost", "other"] = default(
        "other", "Whether it is worth as a signal (`symbolic`), by its effect (`practical`), or a `cost`."
    )
    label: str = default("", "What the term is called in sentences.")


class Payoff(Part):
    """What an actor wants: a sum of terms, in the unit that a pair of outcomes fixes."""

    beside: ClassVar[str] = "terms"

    unit: tuple[Name, Name] = Field(
        description="The pair of outcomes whose mean difference counts as 1 for this actor."
    )
    terms: dict[Name, Term] = Field(
        description="The terms by name. The keyword `terms` may be left out and the terms put beside `unit`."
    )


class CoalitionRules(Part):
    """What the coalition as a whole needs, and the public facts its members look at."""

    actor: Name | None = default(None, "The actor whose members these are (default: the owner).")
    facts: dict[Name, Condition] = default(
        dict, "Public facts as conditions on the history; members' rules may name them."
    )
    need: Spec | None = default(None, "Capability that must join for a quorum.")
    minimum: Whole = default(0, "Least number of members that must join for a quorum.", ge=0)
    expectations: Literal["declared", "consistent"] = default(
        "declared", "`consistent`: also look for expectations (`joins.expects`) that come true, from 0 and from 1."
    )
    requires: Condition | None = default(
        None, "Consent clause over facts, members and bodies without which the plan may not go ahead."
    )


class Joins(Part):
    """A member's joining rule: `requires` must hold, then it finds the terms acceptable with probability `accepts`."""

    requires: Condition = default(
        "true",
        "and / or / not over facts, members' names, `joined(k)`, `joined_share(x)`, `k_of(k, a, b, …)`, "
        "and the member's own stances (`needs_consent`, `supports`, `effective`, `opposes`).",
    )
    accepts: Spec = default(1.0, "Probability that the terms are acceptable to it.")
    expects: dict[Name, Spec] | Spec | None = default(
        None,
        "If it commits before the answer is known: its expectation of the fact that its rule names "
        "(a mapping of fact to probability where the rule names several).",
    )


class Stance(Part):
    """A dated position of a member, or (with `share`) of the members as a group."""

    unsaid: ClassVar[str] = "value"

    on: Literal["supports", "needs_consent", "effective", "opposes"] = Field(
        description="What the position is on. To concede that consent is needed is not to oppose."
    )
    value: Spec | None = default(None, "How far the member takes this stance, 0 to 1.")
    share: Spec | None = default(None, "Share of the members that take it (aggregate stance).")
    date: dt.date | None = default(None, "When it was reported (default: `as_of`).")
    trend: Literal["rising", "falling", "steady"] = default("steady", "Which way it moves.")
    drift: Spec | None = default(None, "Change of its log-odds a year (default: by `trend`, judged).")
    who: Literal["named", "unnamed"] = default("named", "Whether its bearers are named.")
    because: tuple[str, ...] = default((), "Claims that report it.")
    note: str = default("", "Anything worth knowing.")

    @model_validator(mode="after")
    def _one_figure(self) -> Stance:
        if (self.value is None) == (self.share is None):
            raise PydanticCustomError("stance", "a stance needs either `value` (of a member) or `share` (of the group)")
        return self


class Member(Part):
    """A state or group inside the coalition."""

    label: str = default("", "What the member is called in sentences.")
    aka: tuple[str, ...] = default((), "Other names under which sources speak of it.")
    capability: Spec = default(1.0, "What it brings, in the unit of `coalition.need`.")
    joins: Joins = default(Joins, "Its joining rule.")
    stances: tuple[Stance, ...] = default((), "Its dated positions.")
    bloc: Name | None = default(None, "Members with the same bloc go together when shares are computed.")

    @model_validator(mode="after")
    def _own_stances(self) -> Member:
        if any(stance.value is None for stance in self.stances):
            raise PydanticCustomError(
                "stances", "a member's own stance has a `value`; a `share` belongs under `others`"
            )
        return self


def _reachable(weights: Mapping[str, float], quota: float) -> None:
    """Refuse weights below 0, a quota that nobody need reach, and one that all together do not."""
    if not weights or min(weights.values()) < 0:
        raise PydanticCustomError("voters", "a body needs voters, each with a weight of 0 or more")
    if quota <= 0:
        raise PydanticCustomError("quota", "a quota of 0 or less is reached by nobody's vote: write one above 0")
    if quota > math.fsum(weights.values()) + 1e-9:
        raise PydanticCustomError("quota", "the quota is more than all votes together: nothing could pass")


class Majority(Part):
    """One more weighted majority, such as of populations or of a chamber."""

    weights: dict[Name, Real] = Field(description="Weights by voter.")
    quota: Real = Field(description="Weight needed.")

    @model_validator(mode="after")
    def _can_be_reached(self) -> Majority:
        _reachable(self.weights, self.quota)
        return self


class Body(Part):
    """A formal body: weighted votes with a quota, a least number of members, or `or at least k`."""

    weights: dict[Name, Real] = Field(description="Votes by voter.")
    quota: Real = Field(description="Votes needed.")
    minimum: Whole = default(0, "Least number of voters, beside the quota.", ge=0)
    or_at_least: Whole | None = default(None, "So many voters pass a decision whatever their weight.", ge=1)
    vetoes: tuple[Name, ...] = default((), "Voters without whom nothing passes.")
    also: tuple[Majority, ...] = default((), "Further majorities that must be reached as well.")
    override: tuple[Majority, ...] = default(
        (), "Majorities that carry a decision together, even against a veto, such as two thirds of both chambers."
    )
    label: str = default("", "What the body is called in sentences.")

    @model_validator(mode="after")
    def _known_voters(self) -> Body:
        _reachable(
            self.weights, self.quota if self.or_at_least is None else min(self.quota, sum(self.weights.values()))
        )
        if self.minimum > len(self.weights) and self.or_at_least is None:
            raise PydanticCustomError("quota", "`minimum` is more than there are voters: nothing could pass")
        named = {*self.vetoes, *(voter for m in (*self.also, *self.override) for voter in m.weights)}
        unknown = sorted(named - set(self.weights))
        if unknown:
            raise PydanticCustomError("voters", "{names} without a vote in `weights`", {"names": ", ".join(unknown)})
        return self


class Issue(Part):
    """A disputed issue on a scale of 0 to 100."""

    label: str = default("", "What the issue is called, and what 0 and 100 mean.")
    positions: dict[Name, Spec] = Field(description="Where each member stands, 0 to 100.")
    salience: dict[Name, Spec] = default(dict, "How much each member cares (default: all alike).")
    no_agreement: Spec | None = default(None, "Cost of no agreement, in units of the scale.")
    agreed_if: Condition | None = default(None, "Condition over `spread` and `mean`, such as `spread < 30`.")
    because: tuple[str, ...] = default((), "Claims that report it.")

    @model_validator(mode="after")
    def _placed(self) -> Issue:
        unknown = sorted(set(self.salience) - set(self.positions))
        if unknown or not self.positions:
            raise PydanticCustomError(
                "positions", "{names} without a position", {"names": ", ".join(unknown) or "an issue"}
            )
        return self


class Event(Part):
    """A date on the calendar that shifts something."""

    label: str = default("", "What the event is called in sentences.")
    at: Real = Field(description="Month in which it falls.")
    shifts: dict[str, Spec] = default(
        dict, "Stance, `member.stance` or `cohesion` to what it adds (0.1: ten points), from its date on."
    )
    fades: Real | None = default(None, "Months in which half of the shift wears off.", gt=0)
    because: tuple[str, ...] = default((), "Claims that report it.")

    @model_validator(mode="after")
    def _known_targets(self) -> Event:
        known = {*STANCES, "cohesion"}
        unknown = [t for t in self.shifts if t not in known and t.rpartition(".")[2] not in STANCES]
        if unknown:
            raise PydanticCustomError(
                "shifts",
                "nothing called {names} to shift; an event shifts {known} or `member.stance`",
                {"names": ", ".join(unknown), "known": ", ".join(sorted(known))},
            )
        return self


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
    at: Meaning = default(0, "The move, or the month, at which it begins.")
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
    paths: dict[Name, tuple[str, ...]] = default(dict, "Which form stands from when to when, by outcome.")
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
