"""What a run says while it is still at work; no part of what it keeps."""

from typing import TypeAlias

from vetopoint.answers._base import Answer, doc
from vetopoint.quantity import Band


class Work(Answer):
    """What a run is going to do."""

    draws: int = doc("Draws of the whole chain.")
    nodes: int = doc("Nodes of the game.")
    actors: int = doc("How many actors move in it.")
    inputs: int = doc("How many uncertain numbers there are.")
    sets: int = doc("Sets of actors for each of which the game is solved anew.")
    anew: dict[str, int] = doc(
        "What solves the game again → how many draws that makes, about; none grows faster than the run's draws."
    )
    seconds: float | None = doc("About how long it takes from here on; null: not measured.", default=None)

    @property
    def solved_anew(self) -> int:
        """Draws that are solved again, all together."""
        return sum(self.anew.values())


class LeadingAnswers(Answer):
    """The leading answers on a first few draws, told while the rest is still worked out; what a run keeps is of all its draws."""

    draws: int = doc("The draws that these figures are of …")
    total: int = doc("… of so many that are drawn.")
    given: str = doc("What the figures are given, in words; empty: nothing.")
    goal: str = doc("The leading goal, by label.")
    chance: Band | None = doc("P(goal | given); null: the condition never holds.")
    leader: str | None = doc("The actor on whose answer it hangs most once the plan is attempted, by label.")
    on_yes: Band | None = doc("P(goal | given, the plan attempted, its move reached, its yes) …")
    on_no: Band | None = doc("… and its no.")
    outcome: str = doc("The likeliest outcome, by label.")
    share: float = doc("P(that outcome | given).")


Early: TypeAlias = Work | LeadingAnswers
