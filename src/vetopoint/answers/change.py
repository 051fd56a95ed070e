"""What would change the answers, who decides through the whole chain, and what expectations come to."""

from typing import Literal

from vetopoint.answers._base import Answer, doc
from vetopoint.answers.discovery import PairMap, ScenarioDiscovery
from vetopoint.answers.information import DecisionAnswer, SurrogateAnswer
from vetopoint.quantity import Band


class Swing(Answer):
    """What one uncertain number does to a goal."""

    quantity: str
    label: str
    low: float = doc("Its 5th percentile.")
    high: float = doc("Its 95th percentile.")
    at_low: float = doc("P(goal | what the case presupposes) at `low`, the other numbers as drawn.")
    at_high: float
    swing: float = doc("at_high − at_low")
    error: float = doc("Standard error of the swing.", default=0.0)
    first: float = doc(
        "First effect: the share of the goal's variance over draws that goes if this number alone becomes known.",
        default=0.0,
    )
    first_error: float = doc("Its standard error.", default=0.0)
    total: float = doc(
        "Total effect: the share that is left if every other number becomes known; what it has more is done together with others.",
        default=0.0,
    )
    total_error: float = doc("Its standard error.", default=0.0)
    together: tuple[str, ...] = doc(
        "Numbers correlated with it: the total effect is that of all of them together.", default=()
    )
    given: str = doc(
        "What `at_low` and `at_high` are given: the case's `presupposes` as written; empty: nothing.", default=""
    )
    judged: bool = doc("Whether the number is somebody's judgement and not read from a text.")
    origin: Literal["case", "published", "judged", "lot"] = doc(
        "Written in the case, or drawn beside it: from the program's tables, or only to decide who is drawn.",
        default="case",
    )


class GroupEffect(Answer):
    """How much of a goal's variance over draws hangs on a group of numbers."""

    by: Literal["actor", "source", "origin", "kind"] = doc(
        "What the numbers are grouped by; a number may stand in several."
    )
    label: str = doc("The group, in words.")
    inputs: int = doc("How many numbers it has.")
    first: float = doc("The first effects of its numbers, added up.")
    total: float = doc("Total effect of the group: the share that is left if every number outside it becomes known.")
    total_error: float = doc("Its standard error.")


class TippingPoint(Answer):
    """The value of one quantity at which one finding flips, the others as drawn."""

    kind: Literal["goal", "outcome", "key", "veto", "threat"] = doc(
        "What is found: on which side of one half the leading goal's chance lies and which outcome is the likeliest (both given the "
        "presupposed chance events), who has the largest decisiveness, an effective veto, or whether a threat is defied."
    )
    quantity: str
    label: str
    finding: str = doc("What happens where it flips, such as `the chance of … passes 50%`.")
    value: float | None = doc(
        "Where it flips, confirmed by re-solving on both sides; None: no value in the range was confirmed to flip it."
    )
    instead: str = doc("What holds instead; empty where the finding says so.", default="")
    low: float = doc("1st percentile of the quantity …")
    high: float = doc("… and its 99th, the range within which it was moved.")
    unit: str = ""
    note: str = ""
    smoothed: float | None = doc(
        "Where smoothing the draws of the run puts it; None: smoothing sees no flip.", default=None
    )
    resolved: tuple[float, float] | None = doc(
        "The figure that decides the finding, re-solved at a value just below and at one just above.", default=None
    )
    level: float = doc("The figure at which the finding flips.", default=0.5)
    away: float | None = doc(
        "How far from the quantity's median it flips, as a share of its distribution between the two.", default=None
    )


class FindingTried(Answer):
    """One finding, tried against every number that is not drawn by lot and is no part of the method."""

    kind: Literal["goal", "outcome", "key", "veto", "threat"]
    finding: str = doc("What would happen where it flips.")
    figure_is: str = doc("The figure that decides it, in words.")
    level: float = doc("The value of the figure at which it flips.")
    figure: float = doc("The figure over the draws that are smoothed.")
    inputs: int = doc("How many numbers were tried.")
    flipping: int = doc("How many flip it at some value in their range, confirmed by re-solving.")
    unsettled: int = doc(
        "For how many smoothing sees a flip that re-solving did not confirm, or that was not re-solved."
    )
    least: float | None = doc("Over the numbers that do not flip it: the least that smoothing gives the figure …")
    most: float | None = doc("… and the most.")
    nearest: str | None = doc("The number that comes nearest to flipping it, of those that do not.")
    nearest_label: str = ""
    draws: int = doc("How many draws were smoothed.")


class MethodChange(Answer):
    """What another precision of all actors does to an answer, given the presupposed chance events, on the same draws."""

    factor: float | None = doc("Factor on every actor's precision; null: best responses, the rational limit.")
    outcome: str | None = doc("The outcome whose share moves furthest at this precision …")
    goal: str | None = doc("… or a goal.")
    label: str
    before: float = doc("P(it) at the precision as stated …")
    after: float = doc("… and at this one.")
    failed: float = doc("Share of draws without a settled solution at this precision.")


class TwinFinding(Answer):
    """One finding of the case, and whether the ignorance twin (same tree, vague payoffs) shares it."""

    finding: str
    case_value: str
    twin_value: str
    structural: bool = doc("True: holds under vague payoffs too, hence due to the structure of the moves.")
    kind: Literal["goal", "veto", "key", "fork"] = doc(
        "What it is about: a goal's chance, a veto, who decides most, on whose answer it hangs once the plan is attempted.",
        default="goal",
    )
    party: str | None = doc("The actor that it is about.", default=None)


class ChangedInput(Answer):
    """One number that was moved off its median."""

    quantity: str
    label: str
    value: float = doc(
        "Where it is held: an end of its range (1st or 99th percentile), rounded inwards to what is printed."
    )
    median: float
    effect: float = doc("What the figure loses if this number alone goes back to its median.")


class Counterexample(Answer):
    """A plausible set of numbers under which the leading finding is wrong."""

    finding: str
    found: bool
    draws_with: float = doc("Share of draws in which the finding fails.")
    inputs: tuple[ChangedInput, ...] = doc(
        "All numbers that were moved, the largest effect first; every other is at its median, and what decides by lot is as drawn."
    )
    value: float = doc("The figure that the finding is about, with these numbers.")
    value_is: str = doc("What that figure is, in words.")
    threshold: float = doc("The finding is wrong where the figure exceeds this.")
    goal: float = doc("P(goal | the presupposed chance events) with these numbers.")
    tried: int = doc("How many settings of the inputs were tried.", default=0)
    note: str


class StableOutcome(Answer):
    """One outcome under one concept of stability."""

    outcome: str
    label: str
    share: float = doc("Share of draws in which an equilibrium of standing options ends in it.")


class QuantitySet(Answer):
    """A small set of quantities whose change brings the goal over (or under) a threshold, with everybody playing on."""

    direction: Literal["unlock", "block"]
    threshold: float
    inputs: tuple[ChangedInput, ...] = doc("All numbers that were moved, the largest effect first.")
    probability: float = doc("P(goal) then, given the presupposed chance events; other inputs at their medians.")
    reached: bool


class StabilityAnswer(Answer):
    """The second opinion without numbers: what the graph model of conflict calls stable."""

    concept: str
    meaning: str = doc("What makes a state stable, in words.", default="")
    agree: float = doc("Share of draws in which the most likely outcome is stable under the concept.")
    note: str = ""
    outcome: str = doc(
        "The most likely outcome of the solved game, given the chance events it presupposes.", default=""
    )
    probability: float = doc("Its probability there, mean over draws.", default=0.0)
    agrees: bool = doc("Whether it is stable in at least half of the draws.", default=True)
    stable: tuple[StableOutcome, ...] = doc(
        "Every outcome that chance allows, the most often stable first.", default=()
    )
    draws: int = doc("Draws used.", default=0)
    states: int = doc("Combinations of standing options.", default=0)


class ChangeSection(Answer):
    """What would change the answer."""

    goal: str
    given: str = doc(
        "What every figure of this section is given: the case's `presupposes` as written; empty: nothing.", default=""
    )
    swings: tuple[Swing, ...]
    swings_of: dict[str, tuple[Swing, ...]] = doc("The same for each of the other goals.", default={})
    groups: tuple[GroupEffect, ...] = doc("What hangs on groups of numbers, for the leading goal.", default=())
    groups_of: dict[str, tuple[GroupEffect, ...]] = doc("The same for each of the other goals.", default={})
    method_swings: tuple[Swing, ...] = doc(
        "The same for numbers that enter the solver's precision alone, which is no cause of anything.", default=()
    )
    methods: tuple[MethodChange, ...] = doc(
        "At half and double precision and in the rational limit: the outcome that moves furthest, and every goal.",
        default=(),
    )
    flips: tuple[TippingPoint, ...] = doc(
        "Each finding against the numbers that flip it or might, the nearest to its median first; where none does, the one that comes "
        "nearest."
    )
    tried: tuple[FindingTried, ...] = doc("What became of each finding, tried against every number.", default=())
    twin_goal: dict[str, Band] = doc("P(goal | the presupposed chance events) under the ignorance twin, by goal.")
    twin: tuple[TwinFinding, ...]
    counterexample: Counterexample
    quantity_sets: tuple[QuantitySet, ...] = ()
    deployed_anyway: tuple[TippingPoint, ...] = doc(
        "The same for each threat: where it is defied as often as not.", default=()
    )
    pairs: tuple[PairMap, ...] = doc("The leading goal over the numbers that move it most, two at a time.", default=())
    scenarios: ScenarioDiscovery | None = doc("Boxes of a few numbers in which the plan fails.", default=None)
    without_unnamed: dict[str, Band] = doc(
        "P(goal | the presupposed chance events) when the unnamed sources are dropped, by goal.", default={}
    )
    stability: tuple[StabilityAnswer, ...] = ()
    stability_note: str = doc("Why there is no second opinion; empty where there is one.", default="")
    decisions: tuple[DecisionAnswer, ...] = doc("What to ask before each decision that the case names.", default=())
    surrogate: SurrogateAnswer | None = doc(
        "Which numbers act together; null where there are too few draws.", default=None
    )

    @property
    def tipping(self) -> tuple[TippingPoint, ...]:
        """The flips of the leading goal's chance."""
        return tuple(t for t in self.flips if t.kind == "goal")


class ExpectationEnd(Answer):
    """Where expectations end that are corrected by what the game makes of them."""

    start: float = doc("What members expect of every fact to begin with.")
    expected: dict[str, float] = doc("Fact to the probability that members expect in the end …")
    solved: dict[str, float] = doc("… and the probability that the game then gives it, mean over draws.")
    goals: dict[str, Band] = doc("P(goal | presupposed) with that expectation.")
    rounds: int
    settled: bool = doc("Whether the two agree to 0.002; if not, expectations chase each other.")


class ConsistentExpectations(Answer):
    """Expectations that come true, searched for from 0 and from 1."""

    ends: tuple[ExpectationEnd, ...] = doc("From 0, then from 1.")
    unique: bool = doc("Whether both ends are alike to 0.02: then nothing hangs on what is expected.")
    draws: int
