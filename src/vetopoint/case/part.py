"""What every part of a case file is made of: the base of the models, and the types of names, texts, numbers and conditions."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from vetopoint.case.times import Calendar


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


def _calendar(info: ValidationInfo) -> Calendar:
    """The calendar of the case that is read; a part that is read by itself counts months from a day that nobody asks for."""
    return info.context["calendar"] if info.context else Calendar(dt.date.min)


def _moment(value: Any, info: ValidationInfo) -> float:
    return _calendar(info).month(value)


def _span(value: Any, info: ValidationInfo) -> float:
    return _calendar(info).span(value)


def _last(value: Any, info: ValidationInfo) -> Any:
    """A day as it is, a length of time in months."""
    if not isinstance(value, dt.date) and not (isinstance(value, str) and "-" in value):
        return _calendar(info).span(value)
    _calendar(info).month(value)
    return value


def _begin(value: Any, info: ValidationInfo) -> Any:
    """The name of a move as it is, a moment in months."""
    named = isinstance(value, str) and value.isidentifier()
    return value if named else _calendar(info).month(value)


def _spec(value: Any, info: ValidationInfo) -> Any:
    value = _no_boolean(value)
    return _calendar(info).in_text(value) if isinstance(value, str) else value


def _condition(value: Any, info: ValidationInfo) -> Any:
    value = _as_text(value)
    return _calendar(info).in_text(value) if isinstance(value, str) else value


def _path(value: Any, info: ValidationInfo) -> Any:
    return _calendar(info).in_path(value) if isinstance(value, str) else value


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
Spec = Annotated[float | str, BeforeValidator(_spec), "spec"]
Condition = Annotated[str, BeforeValidator(_condition), "condition"]
PathText = Annotated[str, BeforeValidator(_path)]
_TIME = WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string"}]})
#: In months, however it is written: a moment since the case's date, a length of time.
Moment = Annotated[float, BeforeValidator(_moment), _TIME]
Span = Annotated[float, BeforeValidator(_span), _TIME]
Last = Annotated[float | dt.date, BeforeValidator(_last), _TIME]
Begin = Annotated[float | str, BeforeValidator(_begin), _TIME]
