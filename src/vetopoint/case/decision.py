"""The decisions on which a case would be asked: whose choice it is, and between which options."""

from __future__ import annotations

from vetopoint.case.part import Name as Name
from vetopoint.case.part import Part, Text, Whole, default


class Decision(Part):
    """A choice for which somebody must know more, or not: one move of one actor, taken once.

    What an option is worth is the mover's expected payoff, in its own units, once the option is taken and everybody plays on.
    """

    move: Name = default(..., "The move, of the owner or of any other actor.")
    round: Whole | None = default(None, "Of a repeated move: which round (default: the first).", ge=1)
    options: tuple[Text, ...] = default((), "The options that are open (default: all that the move has).")
    label: str = default("", "What the decision is called in sentences (default: the move's label).")
