"""Names of codes and what they mean: this package's own, and those that a mapping file gives."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from vetopoint.evidence.claim import ACTS, Claim, Edge, EdgeKind, Kind
from vetopoint.evidence.exchange._bounds import read_text, wrong

Part = Literal["content", "speaker", "cue", "actor", "ignore"]
KINDS, EDGES, PARTS = get_args(Kind), get_args(EdgeKind), get_args(Part)
_VALUES: dict[str, tuple[Any, ...]] = {"kind": KINDS, "act": ACTS, "polarity": (1, -1), "edge": EDGES}
_FREE = ("hedge", "reporter_hedge", "condition", "about")
_REMEDY = "docs/exchange.md shows such a file"


@dataclass(frozen=True)
class Meaning:
    """What a type means: which part of a claim its words are, and which fields it sets."""

    part: Part = "content"
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Meanings:
    """What the names of a foreign file mean.

    Parameters
    ----------
    types : name of a type, label or code → its meaning.
    relations : name of a relation or event → name of its argument → the part that the argument's words are.
    attributes : name of an attribute, or ``name=value`` → its meaning.
    """

    types: Mapping[str, Meaning] = field(default_factory=dict)
    relations: Mapping[str, Mapping[str, Part]] = field(default_factory=dict)
    attributes: Mapping[str, Meaning] = field(default_factory=dict)


def read_meanings(path: str | Path | None) -> Meanings:
    """Read a mapping file (TOML with the tables ``types``, ``relations`` and ``attributes``).

    Raises
    ------
    EvidenceError
        No such file, no TOML, or a word that it may not use; the message names it.
    """
    if path is None:
        return Meanings()
    path = Path(path)
    text = read_text(path, _REMEDY)
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise wrong(path, f"no TOML ({error})", _REMEDY) from error
    strange = set(data) - {"types", "relations", "attributes"}
    if strange or not all(isinstance(table, dict) for table in data.values()):
        raise wrong(path, f"{', '.join(sorted(strange)) or 'something'} is no table of it", _REMEDY)
    types = {name: _meaning(value, path, f"types.{name}") for name, value in data.get("types", {}).items()}
    attributes = {
        name: _meaning(value, path, f"attributes.{name}") for name, value in data.get("attributes", {}).items()
    }
    relations = {name: _roles(value, path, f"relations.{name}") for name, value in data.get("relations", {}).items()}
    return Meanings(types, relations, attributes)


def _meaning(value: Any, path: Path, place: str) -> Meaning:
    if isinstance(value, str):
        return Meaning(_part(value, path, place))
    if not isinstance(value, dict):
        raise wrong(path, "neither a part of a claim nor fields", _REMEDY, place)
    fields = dict(value)
    part = _part(fields.pop("part", "content"), path, place)
    for name, given in fields.items():
        free = name in _FREE and isinstance(given, str)
        if not free and (isinstance(given, bool) or given not in _VALUES.get(name, ())):
            allowed = ", ".join(str(word) for word in _VALUES.get(name, ())) or ", ".join((*_VALUES, *_FREE))
            raise wrong(path, f"{name} = {given!r:.40} is none of {allowed}", _REMEDY, place)
    return Meaning(part, fields)


def _part(value: Any, path: Path, place: str) -> Part:
    if value not in PARTS:
        raise wrong(path, f"{value!r:.40} is none of {', '.join(PARTS)}", _REMEDY, place)
    part: Part = value
    return part


def _roles(value: Any, path: Path, place: str) -> dict[str, Part]:
    if not isinstance(value, dict):
        raise wrong(path, "no table of arguments", _REMEDY, place)
    return {name: _part(part, path, f"{place}.{name}") for name, part in value.items()}


def edge_name(edge: Edge) -> str:
    """An edge as the name of a code.

    >>> edge_name(Edge(kind="requires", actor="norland", holds=False))
    'not requires norland'
    """
    return f"{'' if edge.holds else 'not '}{edge.kind}{f' {edge.actor}' if edge.actor else ''}"


def codes_of(claim: Claim) -> tuple[str, ...]:
    """The codes of a claim: its kind, its speech act, its edges."""
    used = [f"kind:{claim.kind}", *([f"act:{claim.act}"] if claim.act else [])]
    return tuple(dict.fromkeys([*used, *(f"edge:{edge_name(edge)}" for edge in claim.edges)]))


def known(codes: Iterable[str], meanings: Meanings) -> tuple[dict[str, Any], list[str]]:
    """What codes say in a claim's fields, and the names that say nothing to this package."""
    out: dict[str, Any] = {}
    edges: list[Edge] = []
    rest: list[str] = []
    for name in codes:
        fields = dict(meanings.types[name].fields) if name in meanings.types else _own(name)
        if fields is None:
            rest.append(name)
            continue
        edge = fields.pop("edge", None)
        if edge is not None:
            edges.append(edge if isinstance(edge, Edge) else Edge(kind=edge))
        out |= fields
    if edges:
        out["edges"] = tuple(dict.fromkeys(edges))
    return out, rest


def _own(name: str) -> dict[str, Any] | None:
    head, _, value = name.partition(":")
    if (head == "kind" and value in KINDS) or (head == "act" and value in ACTS):
        return {head: value}
    kind, _, actor = value.removeprefix("not ").partition(" ")
    if head == "edge" and kind in EDGES:
        return {"edge": Edge(kind=kind, actor=actor, holds=not value.startswith("not "))}  # type: ignore[arg-type]
    return None
