"""What a draft is made from and what comes out of it: parties, a cast, a drafted case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Party:
    """Somebody with a part in the plan."""

    actor: str  # id, a Name of the case language
    label: str  # as sources call it
    aka: tuple[str, ...] = ()
    plural: bool | None = None
    claims: tuple[str, ...] = ()  # ids of the claims that gave it this part
    person: bool = False  # whether it is one person


@dataclass(frozen=True)
class Cast:
    """Who plays which part in a plan, and what the plan is, as claims have it."""

    plan: str  # the plan as a noun phrase: "contingents", "the trade agreement"
    owner: Party
    consenters: tuple[Party, ...]  # whose yes it needs or who can block it, the one that bears most first
    threats: Mapping[str, tuple[str, ...]]  # actor → ids of claims in which it threatens or is feared
    hosts: tuple[Party, ...] = ()  # on whose soil, where that is somebody else
    members: tuple[Party, ...] = ()  # of the owner's coalition
    backers: tuple[Party, ...] = ()  # outsiders whose backing counts
    fallback: str = ""  # the other form as a noun phrase, "" where nothing is said
    fallback_claims: tuple[str, ...] = ()
    within: Mapping[str, str] = field(default_factory=dict)  # consenter → the consenter who cannot say yes without it
    rivals: tuple[Party, ...] = ()  # who can answer with harm, or at whom it is aimed, without a say in it
    day: date | None = None  # on which it is decided, as far as the texts say so
    day_said: str = ""  # that day in the words of the texts, and which other days they name
    ceasefire: bool = True  # whether the texts speak of a ceasefire or a truce
    every: str = ""  # the interval of its renewal, such as "60 days", where they name one alone


@dataclass(frozen=True)
class Draft:
    """A case drafted from claims."""

    text: str  # of case.yaml, commented
    pattern: str
    gaps: tuple[str, ...]  # each in the pattern's own words
    placed: Mapping[str, str]  # claim id → where it went (a place of the case), for every usable claim …
    unplaced: Mapping[str, str]  # … or why not
