"""What a case says of its documents, its actors and its numbers."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from vetopoint.case.part import Day, Name, Part, Spec, default


class SourceRef(Part):
    """A document that the case rests on."""

    file: str = Field(description="Path of the text, relative to the case folder.")
    title: str = default("", "Headline or title.")
    outlet: str = default("", "Who published it.")
    date: Day | None = default(None, "Day of publication.")
    url: str = default("", "Where it can be read.")
    kind: Literal["original", "summary"] = default(
        "original",
        "Whose words the file holds: the document's own, or a `summary` by the case's authors, which the report never prints as a "
        "quotation.",
    )


class Actor(Part):
    """Somebody who decides, or whose consent is sought."""

    label: str = default("", "What the actor is called in sentences.")
    aka: tuple[str, ...] = default((), "Other names under which sources speak of this actor.")
    plural: bool | None = default(
        None, "Whether verbs follow in the plural (default: where its name joins two by `and`)."
    )
    person: bool = default(False, "Whether it is one person, who is “they” in sentences, and not “it”.")
    note: str = default("", "Anything worth knowing.")


class Origin(Part):
    """Where a quantity comes from: claims that were read or judged, or the analyst alone."""

    claims: tuple[str, ...] = default((), "Ids of the claims behind it.")
    by: Literal["hedge", "share", "figure", "analyst"] = default(
        "analyst",
        "How it follows from them: a `hedge`, a `share` or a `figure` was read; `analyst` means judged, prompted by them.",
    )
    note: str = default("", "Why this number; what a sceptic should know.")


class Quantity(Part):
    """An uncertain number."""

    short: ClassVar[str] = "value"

    value: Spec = Field(description="Its distribution, word of probability or number.")
    from_: Origin = default(Origin, "Claims that support it, and how they were used.", alias="from")
    without: Spec | None = default(None, "What it falls back to when its sources are dropped.")
    label: str = default("", "What it is called in sentences.")
    unit: str = default("", "Its unit, for tables.")
    known_to: Literal["all", "none"] | tuple[Name, ...] = default(
        "all", "Who knows the realised value; the others play on its mean."
    )
