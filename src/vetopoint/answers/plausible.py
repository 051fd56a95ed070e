"""What a sceptic asks of a case before believing it: does it do what it should, what is a coin toss, and does it hang on how it is written?"""

from typing import Literal

from vetopoint.answers._base import Answer, doc
from vetopoint.quantity import Band


class ExpectationHeld(Answer):
    """One line of the case's ``expect:`` with what came out."""

    said: str = doc("The line in the words of the case, such as `raise losses lowers landed given answer == refuse`.")
    quantity: str
    label: str
    effect: Literal["raises", "lowers", "moves nothing", "moves something"] = doc(
        "What raising the number is expected to do; of a `lower:` line the reverse."
    )
    target: str = doc("The goal, outcome or choice; where every goal is meant, the one that moves most.")
    given: str = doc("What the figure is given; empty: nothing.")
    why: str = ""
    levels: tuple[float, ...] = doc("The values at which the number was held, from the lowest.")
    values: tuple[float | None, ...] = doc("P(target | given) at each level; null: the condition never holds there.")
    change: float = doc("The last value minus the first.")
    error: float = doc("Standard error of that difference, from paired draws.")
    verdict: Literal["held", "not held", "too small to tell"]
    note: str = doc("Why, in words.", default="")
    draws: int


class ChoiceAnswer(Answer):
    """One move, or one round of it: how often each option is chosen, and what each is worth to the mover."""

    move: str
    label: str
    round: int | None = None
    by: str
    reached: float = doc("P(the move is reached), mean over draws.")
    shares: dict[str, float] = doc("P(option | the move is reached), as solved.")
    payoffs: dict[str, float] = doc(
        "Expected payoff of each option to the mover as it sees the game, in its units, averaged over its information sets by reach."
    )
    gap: float | None = doc(
        "Median over draws, by reach, of the difference between the two best options, variants in one nest counted as one; null: no choice."
    )
    near: float = doc("Share of draws, by reach, in which the two best options are within the bar of a near-tie.")


class NearTie(Answer):
    """A choice that is near a coin toss: its two best options are less than a tenth of the mover's unit apart in most draws."""

    move: str
    label: str
    round: int | None = None
    by: str
    options: tuple[str, str] = doc("The better one first.")
    gap: float
    near: float
    shares: tuple[float, float] = doc("P(option | the move is reached) of the two.")
    reached: float
    rests: dict[str, float] = doc(
        "Outcome to the share of its probability that goes if the toss falls the other way in all near-tied rounds of the move; "
        "those of more than half.",
        default={},
    )
    ever: dict[str, float] = doc(
        "Of a move that is a near-tie in several rounds: option to P(taken in some round | the first is reached), where "
        "that is far above its share in one round.",
        default={},
    )


class Ignored(Answer):
    """A number that rests on a claim and does next to nothing to the leading figure."""

    quantity: str
    label: str
    claims: tuple[str, ...]
    low: float
    high: float
    swing: float = doc("What it moves the figure by between its 5th and 95th percentile, the others as drawn.")


class VariantAnswer(Answer):
    """The answers of the case with some parts written otherwise, beside those of the case itself (whose name is empty)."""

    name: str
    label: str
    set: dict[str, str] = doc("Place to what stands there instead; empty text: removed.", default={})
    goals: dict[str, Band | None] = doc("P(goal | presupposed) by goal; null: the condition never holds.", default={})
    goal: str = doc("The leading goal, which the rest is about.", default="")
    leader: str | None = doc("The actor, the owner apart, with the largest decisiveness.", default=None)
    on_yes: Band | None = doc("P(goal | presupposed) when the leader favours the goal above all …", default=None)
    on_no: Band | None = doc("… and when it refuses the goal above all.", default=None)
    outcome: str = doc("The likeliest outcome given what is presupposed.", default="")
    outcome_share: float = doc("Its probability.", default=0.0)
    vetoes: tuple[str, ...] = doc(
        "Veto points of others than the owner that hold in most draws, as `actor: move = option`.", default=()
    )
    kept: tuple[str, ...] = doc("Those of them that the case itself has too.", default=())
    lost: tuple[str, ...] = doc("Those of the case itself that are none here.", default=())
    failed: str = doc("Why there are no answers; empty where there are.", default="")
    draws: int = 0


class Plausible(Answer):
    """Face validity: expectations, coin tosses, what is ignored, variants."""

    expectations_held: tuple[ExpectationHeld, ...] = doc("The case's `expect:` lines with what came out.", default=())
    choices: tuple[ChoiceAnswer, ...] = doc("Every move with what its options are worth to the mover.", default=())
    near_ties: tuple[NearTie, ...] = doc(
        "Choices whose two best options are less than a tenth of a unit apart.", default=()
    )
    ignored: tuple[Ignored, ...] = doc(
        "Numbers resting on a claim that move the leading figure by less than half a point.", default=()
    )
    variants: tuple[VariantAnswer, ...] = doc(
        "The case itself and its `variants:`, all on the same draws; empty where it declares none.", default=()
    )
