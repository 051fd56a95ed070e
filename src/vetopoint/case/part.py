"""What every part of a case file is made of: the base of the models, and the types of names, texts, numbers and conditions."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError


class Part(BaseModel):
    """Base of every part: frozen, no unknown keys, no infinite or missing numbers.

    ``short`` is the key that a bare value stands for, ``beside`` the mapping whose entries may stand beside the part's
    own keys, ``unsaid`` the key that the name of a place leaves out (see `vetopoint.case.place.Place`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)
    short: ClassVar[str] = ""
    beside: ClassVar[str] = ""
    unsaid: ClassVar[str] = ""


def _as_text(value: Any) -> Any:
    """YAML's ``true`` and numbers, where a text is meant."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _no_boolean(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("boolean", "a boolean is no number")
    return value


def default(value: Any, description: str, **more: Any) -> Any:
    """A field that may be left out: what then stands there, or the type that makes it, and what it means."""
    return Field(
        **{"default_factory" if isinstance(value, type) else "default": value}, description=description, **more
    )


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Text = Annotated[str, BeforeValidator(_as_text)]
Real = Annotated[float, BeforeValidator(_no_boolean)]
Whole = Annotated[int, BeforeValidator(_no_boolean)]
Meaning = Annotated[float | str, BeforeValidator(_no_boolean)]
Spec = Annotated[float | str, BeforeValidator(_no_boolean), "spec"]
Condition = Annotated[str, BeforeValidator(_as_text), "condition"]
