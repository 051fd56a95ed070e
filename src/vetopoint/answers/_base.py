"""The base of every part of the answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, dataclass_transform

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from vetopoint.answers._shown import part_shown
from vetopoint.answers.figures import Labels

__all__ = ["Answer", "doc"]


def doc(description: str, **default: Any) -> Any:
    """A field with its meaning, which the JSON Schema carries, and its ``default`` or ``default_factory`` if it has one."""
    return Field(description=description, **default)


@dataclass(frozen=True)
class Around:
    """What a part of the answers knows of the whole in which it stands; parts are compared without it."""

    labels: Labels = field(default_factory=Labels, compare=False, repr=False)


NOWHERE = Around()


@dataclass_transform(kw_only_default=True, field_specifiers=(doc,))
class Answer(BaseModel):
    """A part of the answers: frozen, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    _around: Around = PrivateAttr(default_factory=lambda: NOWHERE)

    def _repr_html_(self) -> str:
        """As a notebook shows it."""
        return part_shown(self, self._around.labels)

    def _stands_in(self, around: Around) -> None:
        """Let this part, and those in it, know what the names in them are called and what their figures presuppose."""
        self._around = around
        for name in type(self).model_fields:
            for part in _parts(getattr(self, name)):
                part._stands_in(around)


def _parts(value: Any) -> Iterator[Answer]:
    if isinstance(value, Answer):
        yield value
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _parts(each)
    elif isinstance(value, dict):
        yield from _parts(list(value.values()))
