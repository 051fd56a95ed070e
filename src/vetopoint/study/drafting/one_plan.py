"""Whether texts speak of a plan that needs somebody's yes, and whether several speak of the same one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document
from vetopoint.evidence.plans import Telling, tell
from vetopoint.evidence.reader.parse import Parser
from vetopoint.study.drafting.cast import cast_of
from vetopoint.study.drafting.choosing import speak_of_plans
from vetopoint.study.drafting.english import head_of, plan_of
from vetopoint.study.drafting.plan import Cast

_NEEDING = ("need", "stop", "hinge", "within")
_ENOUGH = 3
_STRANGE = 0.3
"""Likeness of the words of two texts below which they are on two plans whoever acts in them."""
_AKIN = 0.5
"""… below which they are on two plans unless they share a party and a noun for the plan.

Of 1,700 pairs of texts on different plans (tests/data/casting) the most alike reach 0.46; of two texts on one plan each bundled case has 0.74.
"""


def speak_of_a_plan(telling: Telling, claims: Sequence[Claim]) -> bool:
    """Whether enough in some texts is as it is in texts about a plan.

    That somebody's yes is needed counts twice; that somebody proposes, that somebody refuses, that somebody's answer is awaited, that
    something else would be done instead, and nouns of a kind of plan count once each.
    """
    parts = {sign.part for sign in telling.signs}
    needed = bool(parts & set(_NEEDING)) or any(e.kind in ("requires", "veto") for claim in claims for e in claim.edges)
    awaited = any(ways.get("awaited") or ways.get("own consent") for ways in telling.standings.values())
    signs = ("propose" in parts, "refuse" in parts, awaited, bool(telling.instead), speak_of_plans(telling.nouns))
    return 2 * needed + sum(signs) >= _ENOUGH


def of_one_plan(documents: Mapping[str, Document], parser: Parser) -> tuple[list[str], dict[str, str]]:
    """Ids of the documents on the plan of the first, and of each other that is on a plan of its own what that plan is.

    A text that speaks of no plan of its own stays with the first.
    """
    if len(documents) < 2:
        return list(documents), {}
    first, *others = documents
    tellings = {id: tell([document], parser) for id, document in documents.items()}
    casts = {id: cast for id in documents if (cast := _cast(documents[id], tellings[id])) is not None}
    aside: dict[str, str] = {}
    for id in others:
        if first in casts and id in casts and not _alike(casts[first], tellings[first], casts[id], tellings[id]):
            aside[id] = plan_of(casts[id])
    return [id for id in documents if id not in aside], aside


def _cast(document: Document, telling: Telling) -> Cast | None:
    if not speak_of_a_plan(telling, ()):
        return None
    try:
        return cast_of((), names={}, documents={document.id: document}, telling=telling)
    except EvidenceError:
        return None


def _alike(cast: Cast, telling: Telling, other: Cast, others: Telling) -> bool:
    """Whether two texts are on one plan: by their words, or less alike by a shared party and a noun for the plan."""
    likeness = _cosine(_counts(telling), _counts(others))
    parties = {party.actor for party in (cast.owner, *cast.consenters)}
    shared = parties & {party.actor for party in (other.owner, *other.consenters)}
    named = _noun(cast) in others.nouns or _noun(other) in telling.nouns
    return likeness >= _AKIN or (likeness >= _STRANGE and bool(shared) and named)


def _noun(cast: Cast) -> str:
    return head_of(cast.plan).split()[-1].casefold().removesuffix("s")


def _counts(telling: Telling) -> dict[str, int]:
    """How often nouns and parties are named."""
    return {**{f"noun {n}": c for n, c in telling.nouns.items() if len(n) > 2}, **telling.named}


def _cosine(a: Mapping[str, int], b: Mapping[str, int]) -> float:
    size = math.sqrt(sum(n * n for n in a.values()) * sum(n * n for n in b.values()))
    return sum(n * b.get(word, 0) for word, n in a.items()) / size if size else 0.0
