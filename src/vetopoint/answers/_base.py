"""The base of every part of the answers."""

from __future__ import annotations

from typing import Any, dataclass_transform

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Answer", "doc"]


def doc(description: str, **default: Any) -> Any:
    """A field with what it means, which the shipped JSON Schema carries; its ``default`` or ``default_factory``, if any."""
    return Field(description=description, **default)


@dataclass_transform(kw_only_default=True, field_specifiers=(doc,))
class Answer(BaseModel):
    """A part of the answers: frozen, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
