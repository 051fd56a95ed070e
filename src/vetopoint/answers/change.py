"""What would change the answers, who decides through the whole chain, and what expectations come to."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from vetopoint.answers._base import Answer
from vetopoint.quantity import Band

__all__ = [
    "ChangeSection",
    "ConsistentExpectations",
    "Counterexample",
    "ExpectationEnd",
    "QuantitySet",
    "StabilityAnswer",
    "StableOutcome",
    "Swing",
    "TippingPoint",
    "TwinFinding",
]


class Swing(Answer):
    """What one uncertain number does to the leading goal, one at a time."""

    quantity: str
    label: str
    low: float = Field(description="Its 5th percentile.")
    high: float = Field(description="Its 95th percentile.")
    at_low: float = Field(description="P(goal), mean over draws, with the quantity held at `low`.")
    at_high: float
    swing: float = Field(description="at_high − at_low")
    judged: bool = Field(description="Whether the number is somebody's judgement and not read from a text.")


class TippingPoint(Answer):
    """The value of one quantity at which the answer flips, the others as drawn."""

    quantity: str
    label: str
    finding: str = Field(description="What flips, such as `P(deployed) passes 0.5`.")
    value: float | None = Field(description="None: it does not flip within the range of the quantity.")
    low: float
    high: float
    unit: str = ""
    note: str = ""


class TwinFinding(Answer):
    """One finding of the case, and whether the ignorance twin (same tree, vague payoffs) shares it."""

    finding: str
    case_value: str
    twin_value: str
    structural: bool = Field(
        description="True: holds under vague payoffs too, hence due to the structure of the moves."
    )


class Counterexample(Answer):
    """A plausible set of payoffs under which the leading finding is wrong."""

    finding: str
    found: bool
    draws_with: float = Field(description="Share of draws in which the finding fails.")
    inputs: dict[str, float] = Field(description="The inputs that differ most from their median, in that draw.")
    medians: dict[str, float]
    value: float = Field(description="The figure that the finding is about, in that draw.")
    value_is: str = Field(description="What that figure is, in words.")
    threshold: float = Field(description="The finding is wrong where the figure exceeds this.")
    goal: float = Field(description="P(goal) in that draw.")
    tried: int = Field(default=0, description="How many settings of the inputs were tried.")
    note: str


class StableOutcome(Answer):
    """One outcome under one concept of stability."""

    outcome: str
    label: str
    share: float = Field(description="Share of draws in which an equilibrium of standing options ends in it.")


class QuantitySet(Answer):
    """A small set of quantities whose change brings the goal over (or under) a threshold, with everybody playing on."""

    direction: Literal["unlock", "block"]
    threshold: float
    inputs: dict[str, float] = Field(description="Changed inputs and their values, in the order of their effect.")
    medians: dict[str, float]
    probability: float = Field(
        description="P(goal) then, given the presupposed chance events; other inputs at their medians."
    )
    reached: bool


class StabilityAnswer(Answer):
    """The second opinion without numbers: what the graph model of conflict calls stable."""

    concept: str
    meaning: str = Field(default="", description="What makes a state stable, in words.")
    agree: float = Field(description="Share of draws in which the most likely outcome is stable under the concept.")
    note: str = ""
    outcome: str = Field(
        default="", description="The most likely outcome of the solved game, given the chance events it presupposes."
    )
    probability: float = Field(default=0.0, description="Its probability there, mean over draws.")
    agrees: bool = Field(default=True, description="Whether it is stable in at least half of the draws.")
    stable: tuple[StableOutcome, ...] = Field(
        default=(), description="Every outcome that chance allows, the most often stable first."
    )
    draws: int = Field(default=0, description="Draws used.")
    states: int = Field(default=0, description="Combinations of standing options.")


class ChangeSection(Answer):
    """What would change the answer."""

    goal: str
    swings: tuple[Swing, ...]
    tipping: tuple[TippingPoint, ...]
    twin_goal: dict[str, Band] = Field(description="P(goal) under the ignorance twin, by goal.")
    twin: tuple[TwinFinding, ...]
    counterexample: Counterexample
    quantity_sets: tuple[QuantitySet, ...] = ()
    deployed_anyway: tuple[TippingPoint, ...] = ()
    without_unnamed: dict[str, Band] = Field(
        default={}, description="P(goal) when the unnamed sources are dropped, by goal."
    )
    stability: tuple[StabilityAnswer, ...] = ()
    stability_note: str = Field(default="", description="Why there is no second opinion; empty where there is one.")


class ExpectationEnd(Answer):
    """Where expectations end that are corrected by what the game makes of them."""

    start: float = Field(description="What members expect of every fact to begin with.")
    expected: dict[str, float] = Field(description="Fact to the probability that members expect in the end …")
    solved: dict[str, float] = Field(description="… and the probability that the game then gives it, mean over draws.")
    goals: dict[str, Band] = Field(description="P(goal) with that expectation.")
    rounds: int
    settled: bool = Field(description="Whether the two agree to 0.002; if not, expectations chase each other.")


class ConsistentExpectations(Answer):
    """Expectations that come true, searched for from 0 and from 1."""

    ends: tuple[ExpectationEnd, ...] = Field(description="From 0, then from 1.")
    unique: bool = Field(description="Whether both ends are alike to 0.02: then nothing hangs on what is expected.")
    draws: int
