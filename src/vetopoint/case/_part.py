"""What all parts of a case file share: the frozen base and the marked kinds of text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints

__all__ = ["Condition", "Mark", "Name", "Part", "Spec", "Text"]


class Part(BaseModel):
    """Base of every part: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


@dataclass(frozen=True)
class Mark:
    """Marks a field as holding an uncertain number (``spec``) or a condition."""

    kind: str


def _as_text(value: Any) -> Any:
    """YAML's ``true`` and numbers, where a text is meant."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Text = Annotated[str, BeforeValidator(_as_text)]
Spec = Annotated[float | str, Mark("spec")]
Condition = Annotated[str, BeforeValidator(_as_text), Mark("condition")]
