"""What knowing a number would be worth before a decision, and which numbers act together."""

from __future__ import annotations

from vetopoint.answers._base import Answer, doc


class OptionWorth(Answer):
    """One option of a decision, everybody playing on once it is taken."""

    option: str
    label: str
    worth: float = doc(
        "Expected payoff of whoever decides, in its units, whenever the decision comes; mean over draws."
    )
    error: float = doc("Monte-Carlo standard error of that.")
    best: float = doc(
        "Share of the times that the decision comes in which this option is the best, all numbers known …"
    )
    chosen: float = doc("… and in which it is the best on what is known now: on what was done so far, and no number.")


class AskedNumber(Answer):
    """What it would be worth to know one number before the decision."""

    quantity: str
    label: str
    value: float = doc("Partial EVPI, in the decider's units: how much more is to be expected of the decision.")
    error: float = doc("Monte-Carlo standard error of that.")
    share: float = doc("The value as a share of what knowing every number is worth.")
    judged: bool = doc("Whether the number is somebody's judgement and not read from a text.")
    claims: tuple[str, ...] = doc("The claims that bear on it.", default=())


class AskedGroup(Answer):
    """What it would be worth to know a group of numbers together."""

    group: str
    quantities: tuple[str, ...]
    value: float = doc(
        "Partial EVPI of all of them together, in the decider's units; no less than that of any of them."
    )
    error: float
    share: float


class DecisionAnswer(Answer):
    """What to ask before one decision is taken."""

    name: str = doc("Its key under `decisions`; the move, where the case declares none.")
    label: str
    move: str
    round: int | None = doc("Of a repeated move, which round.", default=None)
    actor: str = doc("Who decides, in whose payoff all is counted …")
    unit: tuple[str, str] | None = doc("… in the distance between these two outcomes, for that actor.", default=None)
    comes: float = doc("P(the decision comes | what the case presupposes), over all draws used.")
    options: tuple[OptionWorth, ...]
    everything: float = doc(
        "EVPI: what knowing every number would be worth; nought: one option is the best in all draws."
    )
    error: float = doc("Monte-Carlo standard error of that.")
    numbers: tuple[AskedNumber, ...] = doc("What to ask next: the numbers worth knowing, the worthiest first.")
    idle: int = doc("How many further numbers are worth nothing, or so little that it cannot be told from nothing.")
    groups: tuple[AskedGroup, ...] = ()
    draws: int
    note: str = doc("Why there is nothing to tell; empty where there is something.", default="")


class SurrogateFigure(Answer):
    """How well the polynomial stand-in follows one figure."""

    goal: str
    explained: float | None = doc("R² on draws that it was not fitted to; null where the figure does not vary.")
    mains: float | None = doc("Share of the figure's variance by single numbers …")
    pairs: float | None = doc("… and by products of two, as the stand-in has it.")


class PairShare(Answer):
    """Two numbers that act together on a goal: what the one does hangs on the other."""

    goal: str
    quantities: tuple[str, str]
    labels: tuple[str, str]
    share: float = doc("Share of the goal's variance by the product of the two.")


class SurrogateAnswer(Answer):
    """A polynomial stand-in for the model: it screens numbers and maps which act together, and no answer rests on it."""

    given: str = doc("What the goals are given; draws count by its probability. Empty: nothing.")
    figures: tuple[SurrogateFigure, ...]
    together: tuple[PairShare, ...] = doc(
        "The pairs with at least half a hundredth of a goal's variance, largest first."
    )
    numbers: int = doc("How many numbers it uses: those with the strongest effects of their own.")
    columns: int = doc("How many polynomials and products.")
    fitted: int = doc("How many draws it was fitted to …")
    tested: int = doc("… and on how many others its R² was found.")
