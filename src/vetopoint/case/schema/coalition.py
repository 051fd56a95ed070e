"""What a case says of the coalition: its rules, members, bodies, issues and events."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from vetopoint.case.part import Condition, Moment, Name, Part, Real, Span, Spec, Whole, default

STANCES = ("supports", "needs_consent", "effective", "opposes")


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
    at: Moment = Field(description="When it falls: months since `as_of`, or a day.")
    shifts: dict[str, Spec] = default(
        dict, "Stance, `member.stance` or `cohesion` to what it adds (0.1: ten points), from its date on."
    )
    fades: Span | None = default(None, "Time in which half of the shift wears off.", gt=0)
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
