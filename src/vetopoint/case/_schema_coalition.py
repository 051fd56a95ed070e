"""The part of the case language that speaks of members, their stances, formal bodies and disputed issues."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from vetopoint.case._part import Condition, Name, Part, Spec

STANCES = ("supports", "needs_consent", "effective", "opposes")

__all__ = ["Body", "CoalitionRules", "Event", "Issue", "Joins", "Majority", "Member", "Stance"]


class CoalitionRules(Part):
    """What the coalition as a whole needs, and the public facts its members look at."""

    actor: Name | None = Field(default=None, description="The actor whose members these are (default: the owner).")
    facts: dict[Name, Condition] = Field(
        default_factory=dict, description="Public facts as conditions on the history; members' rules may name them."
    )
    need: Spec | None = Field(default=None, description="Capability that must join for a quorum.")
    minimum: int = Field(default=0, ge=0, description="Least number of members that must join for a quorum.")
    expectations: Literal["declared", "consistent"] = Field(
        default="declared",
        description="`consistent`: also look for expectations (`joins.expects`) that come true, from 0 and from 1.",
    )
    requires: Condition | None = Field(
        default=None,
        description="Consent clause over facts, members and bodies without which the plan may not go ahead.",
    )


class Joins(Part):
    """A member's joining rule: `requires` must hold, then it finds the terms acceptable with probability `accepts`."""

    requires: Condition = Field(
        default="true",
        description="and / or / not over facts, members' names, `joined(k)`, `joined_share(x)`, `k_of(k, a, b, …)`, "
        "and the member's own stances (`needs_consent`, `supports`, `effective`, `opposes`).",
    )
    accepts: Spec = Field(default=1.0, description="Probability that the terms are acceptable to it.")
    expects: dict[Name, Spec] | Spec | None = Field(
        default=None,
        description="If it commits before the answer is known: its expectation of the fact that its rule names "
        "(a mapping of fact to probability where the rule names several).",
    )


class Stance(Part):
    """A dated position of a member, or (with `share`) of the members as a group."""

    on: Literal["supports", "needs_consent", "effective", "opposes"] = Field(
        description="What the position is on. To concede that consent is needed is not to oppose."
    )
    value: Spec | None = Field(default=None, description="How far the member takes this stance, 0 to 1.")
    share: Spec | None = Field(default=None, description="Share of the members that take it (aggregate stance).")
    date: dt.date | None = Field(default=None, description="When it was reported (default: `as_of`).")
    trend: Literal["rising", "falling", "steady"] = Field(default="steady", description="Which way it moves.")
    drift: Spec | None = Field(default=None, description="Change of its log-odds a year (default: by `trend`, judged).")
    who: Literal["named", "unnamed"] = Field(default="named", description="Whether its bearers are named.")
    because: tuple[str, ...] = Field(default=(), description="Claims that report it.")
    note: str = Field(default="", description="Anything worth knowing.")

    @model_validator(mode="after")
    def _one_figure(self) -> Stance:
        if (self.value is None) == (self.share is None):
            raise PydanticCustomError("stance", "a stance needs either `value` (of a member) or `share` (of the group)")
        return self


class Member(Part):
    """A state or group inside the coalition."""

    label: str = Field(default="", description="What the member is called in sentences.")
    aka: tuple[str, ...] = Field(default=(), description="Other names under which sources speak of it.")
    capability: Spec = Field(default=1.0, description="What it brings, in the unit of `coalition.need`.")
    joins: Joins = Field(default_factory=Joins, description="Its joining rule.")
    stances: tuple[Stance, ...] = Field(default=(), description="Its dated positions.")
    bloc: Name | None = Field(
        default=None, description="Members with the same bloc go together when shares are computed."
    )

    @model_validator(mode="after")
    def _own_stances(self) -> Member:
        if any(stance.value is None for stance in self.stances):
            raise PydanticCustomError(
                "stances", "a member's own stance has a `value`; a `share` belongs under `others`"
            )
        return self


class Majority(Part):
    """One more weighted majority, such as of populations."""

    weights: dict[Name, float] = Field(description="Weights by voter.")
    quota: float = Field(description="Weight needed.")


class Body(Part):
    """A formal body: weighted votes with a quota, a least number of members, or `or at least k`."""

    weights: dict[Name, float] = Field(description="Votes by voter.")
    quota: float = Field(description="Votes needed.")
    minimum: int = Field(default=0, ge=0, description="Least number of voters, beside the quota.")
    or_at_least: int | None = Field(
        default=None, ge=0, description="So many voters pass a decision whatever their weight."
    )
    vetoes: tuple[Name, ...] = Field(default=(), description="Voters without whom nothing passes.")
    also: tuple[Majority, ...] = Field(default=(), description="Further majorities that must be reached as well.")
    label: str = Field(default="", description="What the body is called in sentences.")

    @model_validator(mode="after")
    def _known_voters(self) -> Body:
        named = {*self.vetoes, *(voter for majority in self.also for voter in majority.weights)}
        unknown = sorted(named - set(self.weights))
        if unknown:
            raise PydanticCustomError("voters", "{names} without a vote in `weights`", {"names": ", ".join(unknown)})
        if self.quota > sum(self.weights.values()) and self.or_at_least is None:
            raise PydanticCustomError("quota", "the quota is more than all votes together: nothing could pass")
        return self


class Issue(Part):
    """A disputed issue on a scale of 0 to 100."""

    label: str = Field(default="", description="What the issue is called, and what 0 and 100 mean.")
    positions: dict[Name, Spec] = Field(description="Where each member stands, 0 to 100.")
    salience: dict[Name, Spec] = Field(
        default_factory=dict, description="How much each member cares (default: all alike)."
    )
    no_agreement: Spec | None = Field(default=None, description="Cost of no agreement, in units of the scale.")
    agreed_if: Condition | None = Field(
        default=None, description="Condition over `spread` and `mean`, such as `spread < 30`."
    )
    because: tuple[str, ...] = Field(default=(), description="Claims that report it.")

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

    label: str = Field(default="", description="What the event is called in sentences.")
    at: float = Field(description="Month in which it falls.")
    shifts: dict[str, Spec] = Field(
        default_factory=dict,
        description="Stance, `member.stance` or `cohesion` to what it adds (0.1: ten points), from its date on.",
    )
    fades: float | None = Field(default=None, gt=0, description="Months in which half of the shift wears off.")
    because: tuple[str, ...] = Field(default=(), description="Claims that report it.")

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
