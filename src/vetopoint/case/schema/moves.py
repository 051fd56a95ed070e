"""What a case says of types, moves, threats and payoffs."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from vetopoint.case.part import Condition, Last, Moment, Name, Part, PathText, Span, Spec, Text, Whole, default


class TypeSpec(Part):
    """One type of an actor: how likely in truth, and as each other actor believes."""

    truth: Spec = Field(description="Probability that the actor is of this type.")
    believed: dict[Name, Spec] = default(dict, "What each other actor believes; default: truth.")
    hazard: Spec = default(1.0, "Factor by which this type shifts the hazard of the truce's end.")
    label: str = default("", "What the type is called in sentences.")


class Repeat(Part):
    """A move that comes again: every so many months, for so many rounds or until a time after its first date."""

    every: Span = default(1, "Time between rounds.", ge=0.01, validate_default=True)
    rounds: Whole | None = default(None, "How many rounds.", ge=1, le=60)
    until: Last | None = default(
        None, "The last round falls so long after the move's own date at the latest, or on a day at the latest."
    )
    stop_when: Condition | None = default(None, "Condition that ends the rounds, such as `review == revoke`.")


class Rounds(Part):
    """Moves that alternate in rounds: in each they come one after the other, in the order of the file."""

    moves: tuple[Name, ...] = Field(description="The moves of a round; they stand side by side under `moves`.")
    every: Span = default(1, "Time between rounds.", ge=0.01, validate_default=True)
    times: Whole | None = default(None, "How many rounds.", ge=1, le=60)
    until: Last | None = default(
        None, "The last round begins so long after the first at the latest, or on a day at the latest."
    )
    when: Condition | None = default(None, "The rounds begin only in histories where this holds.")
    stop_when: Condition | None = default(
        None, "Condition that ends the rounds, such as `decide == sign`; it is asked at the end of each."
    )


class Move(Part):
    """A decision of one actor, or of chance."""

    by: Name = Field(description="The actor who decides, or `chance`.")
    at: Moment | None = default(
        None,
        "When it comes, of a repeated move the first round: months since `as_of`, or a day. Default: the date of the move before "
        "it; a repeated move then first comes `every` after that.",
    )
    after: PathText | None = default(
        None,
        "Instead of `at`: an earlier move, and how long after it, such as `answer + 0.5` or `answer + 10 days`. Where that did not "
        "come it counts from the move before.",
    )
    when: Condition | None = default(None, "The move comes only in histories where this holds.")
    options: tuple[Text, ...] | dict[Text, Spec] = Field(
        description="Options; for chance a mapping of option to probability."
    )
    sees: tuple[Name, ...] | Literal["all", "nothing"] = default(
        "all", "The earlier moves that the mover sees (default: all)."
    )
    repeat: Repeat | Whole | None = default(
        None, "The move comes again. A number is short for that many rounds, a month (or day) apart."
    )
    nests: tuple[tuple[Text, ...], ...] = default(
        (), "Groups of options that are variants of one; a group gets the base weight of one option."
    )
    irreversible: tuple[Text, ...] = default((), "Options that cannot be undone (graph-model stability).")
    label: str = default("", "What the move is called in sentences.")
    labels: dict[Text, str] = default(dict, "What each option is called in sentences.")


class Threat(Part):
    """A declared intention, and the history facts by which its credibility is measured."""

    by: Name | None = default(None, "Who makes it.")
    to: Name | None = default(None, "Whom it is to move.")
    made: Condition = Field(description="Histories in which it is made.")
    silent_twin: Text = Field(description="The option with which the threat is pooled when its effect is measured.")
    demand: Condition = Field(description="What it asks for.")
    defied: Condition = Field(description="Histories in which it is defied.")
    carried_out: Condition = Field(description="Histories in which it is carried out.")
    about: Name | None = default(
        None, "The goal on which its effect is told; else the first that defying it can reach."
    )
    label: str = default("", "What it is called in sentences.")


class Term(Part):
    """One summand of a payoff."""

    short: ClassVar[str] = "worth"
    unsaid: ClassVar[str] = "worth"

    worth: Spec = Field(description="What it is worth, in any unit that all terms of this actor share.")
    when: Condition | None = default(None, "It counts in histories where this holds (default: in all).")
    channel: Literal["symbolic", "practical", "cost", "other"] = default(
        "other", "Whether it is worth as a signal (`symbolic`), by its effect (`practical`), or a `cost`."
    )
    label: str = default("", "What the term is called in sentences.")


class Payoff(Part):
    """What an actor wants: a sum of terms, in the unit that a pair of outcomes fixes."""

    beside: ClassVar[str] = "terms"

    unit: tuple[Name, Name] = Field(
        description="The pair of outcomes whose mean difference counts as 1 for this actor."
    )
    terms: dict[Name, Term] = Field(
        description="The terms by name. The keyword `terms` may be left out and the terms put beside `unit`."
    )
