"""Two cases, or one case twice, side by side: which answers moved, beyond the Monte-Carlo error, and which change moved them."""

import datetime as dt
import json
from typing import Literal

from vetopoint.answers._base import Answer, doc

FigureKind = Literal["goal", "outcome", "key", "veto", "threat", "truce", "member"]


class ComparedSide(Answer):
    """One of the two things compared."""

    asked: str = doc("As it was asked for.")
    title: str
    what: str = doc("What it is, in words: the case as written, a variant, as known on a day, its ignorance twin.")
    set: dict[str, str] = doc("Numbers replaced, by name or place.", default={})
    fallen: dict[str, str] = doc(
        "Numbers that fall back, since none of the claims behind them was known yet, to what they fall back to.",
        default={},
    )
    as_of: dt.date | None = doc("The day up to which claims and reviews count; null: all do.", default=None)
    solved: bool = doc("Whether it was solved for this comparison; else its answers were read from a finished run.")
    draws: int
    seed: int


class ChangedPart(Answer):
    """What differs between the two sides: one part that may have moved the answers."""

    name: str
    label: str
    kind: Literal["number", "construction", "anchor", "payoffs", "odds", "truce", "rest"] = doc(
        "A number of the case; the way the case is built; units and what players expect; of the ignorance twin an actor's payoffs, the "
        "odds of a move of chance, how long a truce holds; or several of these together."
    )
    before: str = doc("What stands in the first …", default="")
    after: str = doc("… and in the second.", default="")
    holds: tuple[str, ...] = doc("What it is made of, where it is several.", default=())
    idle: bool = doc("Whether it enters nothing, so that it can move nothing.", default=False)


class Share(Answer):
    """What one changed part accounts for of the difference in one figure: its Shapley share."""

    part: str
    share: float
    error: float = doc("Monte-Carlo standard error, and that of sampled orders where orders were sampled.")


class ComparedFigure(Answer):
    """One figure of both."""

    kind: FigureKind
    name: str
    label: str
    given: str = doc("What it is given, in words; empty: nothing.", default="")
    unit: Literal["share", "members"] = "share"
    before: float | None = doc("In the first; null: what it is given never happens there.")
    after: float | None = doc("In the second.")
    change: float | None = doc("after − before; null where either is.")
    error: float | None = doc("Monte-Carlo standard error of the change; null where it has none.")
    moved: bool | None = doc("Whether the change is beyond three such errors; null: nothing can be said.")
    shares: tuple[Share, ...] = doc("The change shared among the changed parts; they sum to it.", default=())


class VetoChange(Answer):
    """A veto point of others than the owner that one side has and the other has not."""

    change: Literal["gained", "lost"]
    label: str
    kind: Literal["rule", "forcing", "effective"]
    goal: str
    before: float | None = doc("P(goal) once the option is taken, in the first; null: not known there.")
    after: float | None = doc("The same in the second.")
    within_error: bool = doc(
        "Whether that figure moved by no more than three Monte-Carlo errors: then the veto stood at the edge of its test.",
        default=False,
    )
    rarely_reached: bool = doc("Whether its move is rarely reached on the side that has it not.", default=False)


class KeyHolder(Answer):
    """Who has the largest decisiveness on the leading goal, the owner apart."""

    goal: str
    label: str
    given: str
    before: str | None = doc("Its name in the first; null: nobody.")
    after: str | None
    before_label: str = ""
    after_label: str = ""
    decisive_before: bool = doc("Whether it may be called decisive in the first …", default=False)
    decisive_after: bool = doc("… and in the second.", default=False)


class Unshared(Answer):
    """What only one side has, so that it cannot be compared."""

    side: Literal["a", "b"]
    kind: FigureKind
    label: str
    value: float | None


class Comparison(Answer):
    """What `vetopoint compare` answers."""

    a: ComparedSide
    b: ComparedSide
    paired: bool = doc("Whether both were drawn from common random numbers, input by input by name.")
    figures: tuple[ComparedFigure, ...]
    key: KeyHolder | None = doc("Null: nobody but the owner moves, or no side says.", default=None)
    vetoes: tuple[VetoChange, ...] = ()
    parts: tuple[ChangedPart, ...] = doc(
        "What differs between the two; empty: nothing, or it is not known.", default=()
    )
    method: Literal["exact", "orders", "none"] = doc(
        "How shares were found: over all sets of parts, over sampled orders of them, or not at all."
    )
    orders: int = doc("Orders sampled.", default=0)
    why_none: str = doc("Why nothing is shared out, in words; empty where it is.", default="")
    only: tuple[Unshared, ...] = doc("What only one side has.", default=())
    notes: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Its JSON: sorted keys, floats to nine significant digits."""
        rounded = json.loads(json.dumps(self.model_dump(mode="json")), parse_float=_nine_digits)
        return json.dumps(rounded, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def _nine_digits(number: str) -> float:
    return float(f"{float(number):.9g}")
