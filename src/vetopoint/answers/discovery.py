"""What several numbers do together: two at a time as a map, and boxes of a few in which the plan fails."""

from vetopoint.answers._base import Answer, doc

__all__ = ["BoxLimit", "PairMap", "ScenarioBox", "ScenarioDiscovery"]


class PairMap(Answer):
    """The leading goal's chance over two numbers, smoothed from the draws, and where it passes one half."""

    first: str
    first_label: str
    first_unit: str = ""
    second: str
    second_label: str
    second_unit: str = ""
    first_values: tuple[float, ...] = doc(
        "The middle of each cell along the first number: equally many draws lie in each …"
    )
    second_values: tuple[float, ...] = doc("… and along the second.")
    chance: tuple[tuple[float | None, ...], ...] = doc(
        "A row for each value of the first, a column for each of the second: P(goal | the presupposed chance events), others as drawn; "
        "null where too few draws lie."
    )
    draws: tuple[tuple[int, ...], ...] = doc("How many draws lie in each cell.")
    error: float = doc("The largest standard error of a cell that is shown.")
    level: float = doc("Where the finding flips.", default=0.5)
    line: tuple[tuple[float, float], ...] = doc(
        "Points (first, second) at which the chance passes the level; empty where it does nowhere among the cells.",
        default=(),
    )


class BoxLimit(Answer):
    """What one number must be for a draw to lie in a box."""

    quantity: str
    label: str
    unit: str = ""
    above: float | None = None
    below: float | None = None


class ScenarioBox(Answer):
    """A box of at most three numbers; its figures are those of draws that had no part in finding it."""

    limits: tuple[BoxLimit, ...] = doc("The number without which the share of cases falls furthest comes first.")
    density: float = doc("The share of the draws in it that are cases …")
    coverage: float = doc("… and the share of all cases that lie in it and in none before it.")
    draws: int = doc("How many of these draws lie in it.")


class ScenarioDiscovery(Answer):
    """Where the plan fails, or whatever is rarer: boxes found by the patient rule induction method (PRIM)."""

    event: str = doc("What is the case in the draws that are looked for, in words.")
    why: str = doc("Why it is this that is looked for; empty where it is that the plan fails.", default="")
    threshold: float = doc("The chance of the leading goal in a draw on which it turns.")
    fails: float = doc("The share of draws in which that chance is under one half.")
    share: float = doc("The share of draws that are cases.")
    boxes: tuple[ScenarioBox, ...] = doc("At most three; a later one looks at what the earlier leave.")
    draws: int = doc("How many draws it was found on, and as many more on which its figures rest.")
    inputs: int = doc("How many numbers were looked at.")
