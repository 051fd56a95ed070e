"""The first page's part of the answers: what is said in a minute, with the place of every number in it."""

import datetime as dt
from typing import Literal

from vetopoint.answers._base import Answer, doc

Mark = Literal["firm", "judged", "open"]


class ShortNames(Answer):
    """What the case calls its parts where there is room for few words, who stands in the plural, and who is a person."""

    actors: dict[str, str] = doc("Actors by name.", default={})
    plural: tuple[str, ...] = doc("Actors whose names take a verb in the plural.", default=())
    persons: tuple[str, ...] = doc("Actors that are one person each, and “they” in sentences.", default=())
    goals: dict[str, str] = doc("Goals, each as a clause.", default={})
    outcomes: dict[str, str] = doc("Outcomes.", default={})
    forms: dict[str, str] = doc("Forms of presence, as nouns.", default={})
    attempt: str = doc(
        "That the plan is tried, as a sentence without its full stop; empty: made from the labels.", default=""
    )
    presupposes: str = doc(
        "What the headlines presuppose, as such a sentence; empty: made from the labels.", default=""
    )
    cases: str = doc("The same as a noun in the plural; empty: the condition is said.", default="")


class FirstNumber(Answer):
    """One number of a line or of the picture, and where it comes from."""

    paths: tuple[str, ...] = doc(
        "JSON pointers (RFC 6901) into these answers; the number is the sum of what stands there."
    )
    per: Literal[1, 100, 1000] = doc("Of how many it is said: of 100, of 1,000; 1: as it stands.")
    said: str = doc("As it is printed.")
    given: str = doc("The condition, in words; empty: none.", default="")


class FirstLine(Answer):
    """One line: what it is about, its words, how firm it is and why, its numbers in the order in which they stand."""

    about: Literal["goal", "key", "tried", "toss", "second", "hold", "rests", "change", "fixed"]
    text: str
    mark: Mark | None = doc("Null: a line that claims nothing.", default=None)
    why: tuple[str, ...] = doc("What the mark rests on, a sentence each.", default=())
    numbers: tuple[FirstNumber, ...] = ()


class ForkEnd(Answer):
    """One end of a side of the fork."""

    label: str
    kind: Literal["reached", "missed", "rest"] = doc("Whether the goal is reached there; `rest`: rarer ends together.")
    number: FirstNumber


class ForkSide(Answer):
    """What one answer leads to."""

    side: Literal["yes", "no"]
    label: str
    options: tuple[str, ...] = doc("The options that count as this answer, by label.")
    reached: FirstNumber
    ends: tuple[ForkEnd, ...] = doc(
        "Success first; the others are rounded in what it leaves (largest remainders), so that all add up to 100."
    )


class FirstFork(Answer):
    """The picture: the fork at the key-holder's answer."""

    title: str = doc("The finding.")
    given: str = doc("The condition, as a sentence.")
    actor: str
    sides: tuple[ForkSide, ForkSide]


class FirstPage(Answer):
    """The first page: report, terminal and “copy as text” say these lines and no others."""

    title: str
    as_of: dt.date
    lines: tuple[FirstLine, ...]
    fork: FirstFork | None
    source: str = doc("What made it, from what: stands under the picture.")

    @property
    def words(self) -> int:
        """How many words the lines have."""
        return sum(len(line.text.split()) for line in self.lines)
