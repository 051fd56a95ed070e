"""The patterns of plans that ship with the program: what each is for, and the template of its case.

A pattern is one file, ``patterns/NAME.yaml.j2``: a head in YAML (what it is for, an invented cast, where claims go, its gaps), a line
``---``, and the case as a Jinja template. docs/patterns.md says how one is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from vetopoint.errors import VetopointError, did_you_mean
from vetopoint.study.drafting.placing import Places
from vetopoint.study.drafting.plan import Cast, Party

NAMES = ("presence", "ratification", "renewal", "sanctions", "basing", "permits", "approval")
"""Every pattern, in the order in which they are listed."""
_PARTS = ("consenters", "hosts", "members", "backers", "rivals")


@dataclass(frozen=True)
class Pattern:
    """A pattern of plans.

    Parameters
    ----------
    name : by which commands call it.
    about : what it is for, in a line.
    example : a plan of that kind.
    title : of its own small case.
    places : part in the plan → what a claim says → the number on which it bears (``{actor}``: whose), or the stance of a member.
    gaps : number → what is asked of whoever fills it in; both are templates.
    decides : the month of the template in which the yes is asked for; a day that texts name takes its place, and what comes after
        follows. None where no day can.
    acts : nouns for what is done to a plan ("renewal"); where a text calls the plan so, the plan is what it is done to.
    template : the case, as a Jinja template.
    cast : an invented cast.
    """

    name: str
    about: str
    example: str
    title: str
    places: Places
    gaps: Mapping[str, str]
    decides: float | None
    acts: tuple[str, ...]
    template: str = field(repr=False)
    cast: Cast = field(repr=False)


def patterns() -> list[Pattern]:
    """Every pattern, in the order in which they are listed."""
    return [pattern(name) for name in NAMES]


@cache
def pattern(name: str) -> Pattern:
    """One pattern by its name.

    Raises
    ------
    VetopointError
        There is none of that name.
    """
    if name not in NAMES:
        raise VetopointError(
            f"no pattern '{name}' → {did_you_mean(name, NAMES, 'name one of ' + ', '.join(NAMES), 0.5)} "
            "(`vetopoint patterns` says what they are for)"
        )
    from ruamel.yaml import YAML

    head, _, template = read(f"{name}.yaml.j2").partition("\n---\n")
    told: dict[str, Any] = YAML(typ="safe").load(head)
    return Pattern(
        name,
        about=told["about"],
        example=told["example"],
        title=told["title"],
        places=told["places"],
        gaps=told["gaps"],
        decides=told.get("decides"),
        acts=tuple(told.get("acts", ())),
        template=template,
        cast=_cast(told["cast"]),
    )


def read(name: str) -> str:
    """A file of the patterns' folder, wherever the package is installed."""
    return (files("vetopoint.study.drafting") / "patterns" / name).read_text(encoding="utf-8")


def _cast(told: Mapping[str, Any]) -> Cast:
    parts: dict[str, Any] = {part: tuple(map(_party, told.get(part, ()))) for part in _PARTS}
    return Cast(
        plan=told["plan"],
        owner=_party(told["owner"]),
        threats={actor: () for actor in told.get("threats", ())},
        fallback=told.get("fallback", ""),
        within=told.get("within", {}),
        **parts,
    )


def _party(told: Mapping[str, Any]) -> Party:
    return Party(told["actor"], told["label"], tuple(told.get("aka", ())), told.get("plural"))
