"""The base of every part of the answers."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

__all__ = ["Answer"]


class Answer(BaseModel):
    """A part of the answers: frozen, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
