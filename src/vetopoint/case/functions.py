"""The functions of the expression language, in one table: how many arguments each takes, what these may be, what comes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Literal

import numpy as np

from vetopoint.arrays import Array

DAYS = 30
"""Days that a month counts where days are told in months or months in days."""


@dataclass(frozen=True)
class Function:
    """A function that expressions may call.

    Parameters
    ----------
    least, most : how many arguments it takes; ``most`` None: any number from ``least`` on.
    takes : ``numbers`` of any shape that broadcast together; one plain ``month`` or ``number`` that names nothing; a
        ``condition`` on the rounds of a repeated move; a ``move``, or one round of it; a plain number and then ``names`` of
        members or conditions.
    domain : what the arguments must satisfy for the result to be a number; empty: anything.
    usage : how it is written.
    section : the section of the case without which it means nothing; empty: none.
    compute : arrays to array, where the table itself can tell; None: the place of the expression gives it its meaning.
    """

    least: int
    most: int | None
    takes: Literal["numbers", "month", "number", "condition", "move", "names"]
    usage: str
    domain: str = ""
    compute: Callable[..., Array] | None = None
    section: str = ""

    @property
    def arity(self) -> str:
        """How many arguments, in words."""
        if self.most is None:
            return f"{self.least} or more arguments"
        many = str(self.least) if self.least == self.most else f"{self.least} to {self.most}"
        return f"{many} argument{'s' if self.most > 1 else ''}"

    @property
    def constants(self) -> int:
        """How many of its first arguments are plain numbers."""
        return 1 if self.takes in ("month", "number", "names") else 0


FUNCTIONS: Mapping[str, Function] = {
    "min": Function(1, None, "numbers", "min(x, y, …)", compute=lambda *a: reduce(np.minimum, a)),
    "max": Function(1, None, "numbers", "max(x, y, …)", compute=lambda *a: reduce(np.maximum, a)),
    "abs": Function(1, 1, "numbers", "abs(x)", compute=np.abs),
    "exp": Function(1, 1, "numbers", "exp(x)", "below 709", compute=np.exp),
    "log": Function(1, 1, "numbers", "log(x)", "above 0", compute=np.log),
    "sqrt": Function(1, 1, "numbers", "sqrt(x)", "not below 0", compute=np.sqrt),
    "clip": Function(3, 3, "numbers", "clip(x, low, high)", compute=lambda *a: np.asarray(np.clip(*a))),
}
REDUCERS: Mapping[str, Function] = {
    name: Function(1, 1, "condition", f"{name}(review == revoke)") for name in ("any", "all", "count")
}
#: When a move came, since the case's date; a month counts thirty days.
DATES: Mapping[str, Function] = {
    "month": Function(1, 1, "move", "month(answer), month(review.last) or month(review[2])", compute=np.asarray),
    "day": Function(1, 1, "move", "day(answer), day(review.last) or day(review[2])", compute=lambda m: DAYS * m),
}
CONTEXT: Mapping[str, Function] = {
    "truce_at": Function(1, 1, "month", "truce_at(month)", section="truce"),
    "truce_held_at": Function(1, 1, "month", "truce_held_at(month)", section="truce"),
    "present_at": Function(1, 1, "month", "present_at(month)", section="forms"),
    "form_at": Function(1, 1, "month", "form_at(month)", section="forms"),
    "joined": Function(1, 1, "number", "joined(k)", section="members"),
    "joined_share": Function(1, 1, "number", "joined_share(x)", section="members"),
    "k_of": Function(2, None, "names", "k_of(k, a, b, …)", section="members"),
}
TABLE: Mapping[str, Function] = {**FUNCTIONS, **REDUCERS, **DATES, **CONTEXT}
