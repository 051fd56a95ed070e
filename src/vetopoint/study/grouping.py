"""What uncertain numbers are grouped by: whose they are, on whose word they rest, where they come from, what they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from vetopoint.case import Case, Input, Place
from vetopoint.study.evidence_section import origin_of_input
from vetopoint.study.plausible import claims_behind
from vetopoint.study.sources import Evidence

if TYPE_CHECKING:
    from vetopoint.chain.numbers import GroupedBy

__all__ = ["groups_of"]

_KINDS = {
    "payoffs": "payoffs",
    "types": "private information",
    "moves": "chance",
    "members": "members: who joins and what they bring",
    "others": "members: who joins and what they bring",
    "coalition": "members: who joins and what they bring",
    "issues": "disputed issues",
    "events": "events",
    "forms": "forms of presence",
    "paths": "forms of presence",
    "line": "the line of contact",
    "truce": "how long a truce holds",
}
_OF_ACTORS = ("payoffs", "types", "precision")


def groups_of(case: Case, evidence: Evidence) -> Mapping[GroupedBy, Mapping[str, tuple[str, ...]]]:
    """Every group of a case's numbers that has one; a number that several actors' payoffs name stands with each of them."""
    named = {claim.id for claim in evidence.claims if claim.is_named}
    document = {claim.id: claim.source for claim in evidence.claims}
    behind = claims_behind(case)

    def sources(item: Input) -> Iterable[str]:
        claims = [claim for claim in behind.get(item.name, ()) if claim in document]
        if not claims:
            return ["nobody's word but the analyst's"]
        return ["unnamed sources alone" if named.isdisjoint(claims) else "sources that are named"]

    return {
        "actor": _grouped(case, lambda item: _actors(case, item)),
        "source": _grouped(case, sources),
        "origin": _grouped(case, lambda item: [origin_of_input(case, item)]),
        "kind": _grouped(case, lambda item: _kinds(case, item)),
    }


def _grouped(case: Case, labels: Callable[[Input], Iterable[str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, item in case.inputs.items():
        for label in dict.fromkeys(labels(item)):
            found[label] = (*found.get(label, ()), name)
    return found


def _places(case: Case, item: Input) -> list[Place]:
    return [place for place in case.used_at.get(item.name, ()) if place.section != "quantities"] or [item.place]


def _actors(case: Case, item: Input) -> list[str]:
    """Whose payoffs, types or precision a number enters, and which member it is about."""
    found = []
    for place in _places(case, item):
        section, key = place.section, str(place.parts[1]) if len(place.parts) > 1 else ""
        if section in _OF_ACTORS and key in case.file.actors:
            found.append(case.actor_label(key))
        elif section == "members":
            found.append(f"members of {case.actor_label(case.file.owner)}")
    return found


def _kinds(case: Case, item: Input) -> list[str]:
    return [_KINDS[place.section] for place in _places(case, item) if place.section in _KINDS]
