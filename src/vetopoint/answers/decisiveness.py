"""How far one party decides: the same words for actors, members and facts, in the game, through the chain and in the coalition."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vetopoint.answers._base import Answer
from vetopoint.quantity import Band

__all__ = ["CoalitionParty", "Decisive", "DecisivenessAnswer", "Intervention", "RankedParty", "Ranking", "SetAnswer"]

Intervention = Literal["surprise", "announced", "none"]


class Decisive(Answer):
    """What one party's yes or no above all would change: of an actor that favours or refuses the goal, of a member that is made to
    join or kept out whatever its rule, of a fact that holds or not. Either is announced, and everybody replies."""

    party: str
    label: str
    kind: Literal["actor", "member", "fact"]
    decisiveness: Band = Field(
        description="value(yes) − value(no), the value being P(goal), or P(quorum) in the coalition alone."
    )
    unlock: Band = Field(description="value(yes) − value")
    block: Band = Field(description="value − value(no)")
    lift: Band | None = Field(
        default=None, description="Shapley share of what all yeses together would add; null: not shared out."
    )


class RankedParty(Decisive):
    """A party in a ranking by decisiveness."""

    owner: bool = Field(default=False, description="Whether it is the owner of the plan, who is never ranked.")
    first: float | None = Field(
        description="Share of draws in which it has the largest decisiveness of the ranked; null: not ranked."
    )
    lead: float | None = Field(description="Median over draws of its lead over the next; null: not ranked.")


class Ranking(Answer):
    """Who decides whether one goal is reached, the most decisive first."""

    goal: str
    draws: int = Field(description="Draws used; the first so many.")
    parties: tuple[RankedParty, ...] = Field(description="The most decisive first, the owner last.")
    decisive: str | None = Field(
        description="The one party ranked first in ≥ 95 % of draws among three or more, with a median lead ≥ 0.05."
    )

    @property
    def leader(self) -> RankedParty | None:
        """Who comes first: the party that is first in most draws, and by the larger decisiveness where that is alike."""
        ranked = [(p.first, p.decisiveness.mean, p) for p in self.parties if p.first is not None]
        return max(ranked, key=lambda place: place[:2])[2] if ranked else None


class SetAnswer(Answer):
    """A smallest set of actors that together bring the goal above (or below) a threshold."""

    direction: Literal["unlock", "block"]
    actors: tuple[str, ...]
    threshold: float
    probability: Band = Field(description="P(goal) if they all favour (refuse).")
    share_of_draws: float = Field(description="Share of draws in which the threshold is met.")


class DecisivenessAnswer(Ranking):
    """Who decides by the game alone, and the smallest sets of actors that decide together."""

    intervention: Intervention = "announced"
    gap: Band = Field(description="g(all favour) − g, which the Shapley shares divide.")
    sets: tuple[SetAnswer, ...] = ()
    orders: int = Field(
        default=0,
        description="Orders of actors sampled for the lifts, whose Monte-Carlo error holds what that leaves; 0: none, exact.",
    )
    largest_set: int = Field(ge=0, description="Size of the largest sets that were searched.")
    unsettled: float = Field(
        default=0.0, description="Largest share of draws in which best responses to one another did not settle."
    )


class CoalitionParty(Decisive):
    """How far one member, or one party behind a fact, decides whether the coalition goes ahead (coalition engine only)."""

    actor: str | None = Field(default=None, description="The actor whose move settles the fact.")
    structural_veto: bool = Field(description="Clause, number or capability fail without it, whatever the others do.")
    effective_veto: Band = Field(
        description="Share of draws where without it P(quorum) is at most 0.05 and a fifth of what it is with it, "
        "although no clause says so."
    )
    given_yes: Band = Field(description="P(quorum | do yes)")
    given_no: Band = Field(description="P(quorum | do no)")
    largest: float = Field(
        description="Share of draws in which its decisiveness is the largest in size, whether it helps or harms; ties share it."
    )
    blame: Band | None = Field(
        description="Responsibility for the plan's failure (Chockler and Halpern): mean of 1/(1+k) over worlds where it fails, "
        "k the fewest other changes after which this one would be pivotal. For narration, never the ranking."
    )
