"""What the answers rest on: sources, claims, inputs."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from vetopoint.answers._base import Answer

__all__ = ["ChainLink", "ClaimAnswer", "EvidenceSection", "InputAnswer", "SourceAnswer"]


class ChainLink(Answer):
    """One link of a claim's chain of sources."""

    name: str
    kind: str
    role: str = ""
    reason: str = ""


class ClaimAnswer(Answer):
    """One claim, as the report shows it."""

    id: str
    source: str
    sentence: str = Field(description="The sentence in which it stands.")
    quote: str
    start: int
    end: int
    chain: tuple[ChainLink, ...]
    kind: str
    polarity: int
    hedge: str
    condition: str
    about: str
    origin: str = Field(description="Claims of one origin count once.")
    coder: str
    status: str
    note: str = ""
    supports: tuple[str, ...] = Field(description="Inputs that name it.")
    edges: tuple[str, ...] = Field(default=(), description="Dependencies it states, in words.")


class SourceAnswer(Answer):
    """One document."""

    id: str
    title: str
    outlet: str
    date: dt.date | None
    url: str
    file: str
    sha256: str


class InputAnswer(Answer):
    """One uncertain number, its distribution and its origin."""

    name: str
    label: str
    text: str = Field(description="As written in the case.")
    unit: str
    mean: float
    lo: float
    hi: float
    origin: Literal["read", "judged", "judged, prompted by text"]
    by: str
    claims: tuple[str, ...]
    note: str
    without: str
    line: int = Field(description="Line of the case file.")
    used_in: tuple[str, ...] = Field(description="Places of the case that use it.")


class EvidenceSection(Answer):
    """Who says so."""

    claims: tuple[ClaimAnswer, ...]
    sources: tuple[SourceAnswer, ...]
    mentions: int
    origins: int
    unnamed_origins: int
    inputs: tuple[InputAnswer, ...]
    judged: int = Field(description="How many inputs are judgement …")
    total: int = Field(description="… of how many.")
