"""How far one party decides: the same words for actors, members and facts, in the game, through the chain and in the coalition."""

from typing import Literal

from vetopoint.answers._base import Answer, doc
from vetopoint.quantity import Band

Intervention = Literal["surprise", "announced", "none"]


class Decisive(Answer):
    """What one party's yes or no above all would change: of an actor that favours or refuses the goal, of a member that is made to
    join or kept out whatever its rule, of a fact that holds or not. Either is announced, and everybody replies."""

    party: str
    label: str
    kind: Literal["actor", "member", "fact"]
    decisiveness: Band = doc(
        "value(yes) − value(no), the value being P(goal | what the case presupposes), or P(quorum) in the coalition alone."
    )
    unlock: Band = doc("value(yes) − value")
    block: Band = doc("value − value(no)")
    lift: Band | None = doc("Shapley share of what all yeses together would add; null: not shared out.", default=None)


class RankedParty(Decisive):
    """A party in a ranking by decisiveness."""

    owner: bool = doc("Whether it is the owner of the plan, who is never ranked.", default=False)
    first: float | None = doc(
        "Share of draws in which it has the largest decisiveness of the ranked; null: not ranked."
    )
    lead: float | None = doc("Median over draws of its lead over the next, or over nought; null: not ranked.")


class AskedParty(RankedParty):
    """A party's place once the plan is attempted: the value is P(goal | what the case presupposes, the plan attempted). Where it
    could keep the plan from being attempted, what its stance keeps from that counts as missed."""

    on_yes: Band = doc("The value when it favours the goal above all, announced.")
    as_it_is: Band = doc("The value as solved.")
    on_no: Band = doc("The value when it refuses the goal above all, announced.")


class Asked(Answer):
    """Who decides once the plan is attempted: that its owner does so is announced, and everybody replies."""

    attempt: dict[str, tuple[str, ...]] = doc("The owner's move → the options that count as attempting the plan.")
    chance: Band = doc("P(attempted | what the case presupposes), as solved without any announcement.")
    instead: dict[str, Band] = doc(
        "Outcome → its P given what the case presupposes and that the plan is not attempted, as solved; empty: always attempted."
    )
    parties: tuple[AskedParty, ...] = doc("The most decisive first, the owner last.")
    decisive: str | None = doc(
        "The one party ranked first in ≥ 95 % of draws whose median lead is ≥ 0.10, or ≥ a third of the best value that an answer "
        "of its own leaves; however many are ranked."
    )


class ForkBranch(Answer):
    """One side of a fork: what follows where an actor takes one of these options."""

    side: Literal["yes", "no"]
    options: tuple[str, ...]
    goal: Band = doc("P(goal | what the case presupposes, the plan attempted, the move reached, one of these options).")
    outcomes: dict[str, Band] = doc("The same for every outcome that can follow; they sum to 1.")
    missed: dict[str, Band] = doc(
        "P(the outcome, and the goal missed | the same); with `goal` they sum to 1.", default={}
    )
    chance: Band = doc("P(one of these options | …, the move reached): how often that side is taken there.")


class Fork(Answer):
    """What an actor's yes and no lead to, at the first move of its after the attempt on which much of the goal hangs."""

    goal: str
    actor: str
    move: str
    round: int | None = None
    branches: tuple[ForkBranch, ForkBranch] = doc("Yes, then no.")


class KeyAt(Answer):
    """On whose answer the goal hangs most where everybody chooses more or less sharply, once the plan is attempted."""

    factor: float = doc("Factor on every actor's precision.")
    actor: str = doc("Who has the widest fork there …")
    on_yes: float = doc("… P(goal) after its yes, on the condition of a fork …")
    on_no: float = doc("… and after its no.")


class Ranking(Answer):
    """Who decides whether one goal is reached, the most decisive first."""

    goal: str
    draws: int = doc("Draws used; the first so many.")
    parties: tuple[RankedParty, ...] = doc("The most decisive first, the owner last.")
    decisive: str | None = doc(
        "That of `asked`; where nothing is asked, whoever meets its test by the figures of this ranking."
    )
    asked: Asked | None = doc("The same given that the plan is attempted; null: see `unasked`.", default=None)
    unasked: str = doc("Why nothing is asked, in words; empty where it is.", default="")

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
    probability: Band = doc("P(goal) if they all favour (refuse).")
    share_of_draws: float = doc("Share of draws in which the threshold is met.")


class DecisivenessAnswer(Ranking):
    """Who decides by the game alone, and the smallest sets of actors that decide together."""

    intervention: Intervention = "announced"
    forks: tuple[Fork, ...] = doc("One for each actor that has one, the owner apart; the widest first.", default=())
    gap: Band = doc("g(all favour) − g, which the Shapley shares divide.")
    sets: tuple[SetAnswer, ...] = ()
    orders: int = doc(
        "Orders of actors sampled for the lifts, whose Monte-Carlo error holds what that leaves; 0: none, exact.",
        default=0,
    )
    largest_set: int = doc("Size of the largest sets that were searched.")
    at_precision: tuple[KeyAt, ...] = doc("At half and double precision; of the leading goal only.", default=())
    unsettled: float = doc("Largest share of draws in which best responses to one another did not settle.", default=0.0)


class CoalitionParty(Decisive):
    """How far one member, or one party behind a fact, decides whether the coalition goes ahead (coalition engine only)."""

    actor: str | None = doc("The actor whose move settles the fact.", default=None)
    structural_veto: bool = doc("Clause, number or capability fail without it, whatever the others do.")
    rule_veto: bool = doc(
        "Of a member: by the coalition's clause, its least number and the members' own rules nothing passes without it in any situation.",
        default=False,
    )
    effective_veto: Band = doc(
        "Share of draws where without it P(quorum) is at most 0.05 and a fifth of what it is with it, "
        "although no clause says so."
    )
    given_yes: Band = doc("P(quorum | do yes)")
    given_no: Band = doc("P(quorum | do no)")
    largest: float = doc(
        "Share of draws in which its decisiveness is the largest in size, whether it helps or harms; ties share it."
    )
    blame: Band | None = doc(
        "Responsibility for the plan's failure (Chockler and Halpern): mean of 1/(1+k) over worlds where it fails, "
        "k the fewest other changes after which this one would be pivotal. For narration, never the ranking."
    )

    @property
    def by_clause(self) -> bool:
        """Whether a rule forbids the plan without it: the clause without a fact, clause and members' rules without a member."""
        return self.rule_veto if self.kind == "member" else self.structural_veto
