"""What a case says of its own plausibility: what changes of numbers must do, and how else it could be written."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from vetopoint.case.part import Condition, Part, Real, Text, default


class Expectation(Part):
    """What a change of one number must do to the answer if the case says what it means; `vetopoint check --play` holds the case to it."""

    raise_: Text | None = default(
        None, "The number that is raised: a quantity, or an inline number by its place.", alias="raise"
    )
    lower: Text | None = default(None, "The number that is lowered, instead of `raise`.")
    raises: Condition | None = default(
        None, "A goal, an outcome, or a choice such as `answer == refuse`: it must become likelier."
    )
    lowers: Condition | None = default(None, "The same: it must become less likely.")
    moves: Literal["nothing", "something"] | None = default(
        None, "Instead: whether the change moves what `on` names by half a point or more."
    )
    on: Condition | None = default(None, "What `moves` is about: a goal, an outcome or a choice (default: every goal).")
    given: Condition | None = default(None, "Histories in which it is asked (default: those that `presupposes` names).")
    by_at_least: Real = default(0.0, "Points of probability between the ends that are asked for.", ge=0, le=100)
    why: str = default("", "Why this is expected; what a sceptic should know.")

    @model_validator(mode="after")
    def _one_change_one_effect(self) -> Expectation:
        effects = [self.raises, self.lowers, self.moves]
        if (self.raise_ is None) == (self.lower is None):
            raise PydanticCustomError("expectation", "an expectation names one number, under `raise` or under `lower`")
        if sum(effect is not None for effect in effects) != 1:
            raise PydanticCustomError("expectation", "an expectation has one effect: `raises`, `lowers` or `moves`")
        if self.moves is None and self.on is not None:
            raise PydanticCustomError(
                "expectation", "`on` belongs to `moves`; say under `raises` or `lowers` what moves"
            )
        return self

    @property
    def number(self) -> str:
        """The number that is changed."""
        return self.raise_ or self.lower or ""

    @property
    def target(self) -> str:
        """The key under which stands what must move: ``raises``, ``lowers`` or ``on``."""
        return "raises" if self.raises is not None else "lowers" if self.lowers is not None else "on"


class Variant(Part):
    """The same case with some of its parts written otherwise."""

    label: str = default("", "What the variant is called in sentences.")
    set: dict[Text, Any] = Field(
        description="The place of a part, such as `moves.review.repeat`, to what stands there instead; null removes it."
    )
