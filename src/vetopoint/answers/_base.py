"""The base of every part of the answers."""

from typing import Any, dataclass_transform

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Answer", "doc"]


def doc(description: str, **default: Any) -> Any:
    """A field with its meaning, which the JSON Schema carries, and its ``default`` or ``default_factory`` if it has one."""
    return Field(description=description, **default)


@dataclass_transform(kw_only_default=True, field_specifiers=(doc,))
class Answer(BaseModel):
    """A part of the answers: frozen, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
