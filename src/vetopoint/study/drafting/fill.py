"""Fill a pattern: from a cast and claims a drafted case, or from its own invented cast a small case to begin with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from vetopoint.case.schema import SourceRef
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim
from vetopoint.study.drafting._writer import Writer
from vetopoint.study.drafting.patterns import Pattern
from vetopoint.study.drafting.placing import Placing, place, usable
from vetopoint.study.drafting.plan import Cast, Draft, Party

MOST = 4
"""Consenters whose answers a draft plays out; with more the tree grows beyond what can be read."""
_EXAMPLE_DAY = date(2026, 1, 1)


def example(pattern: Pattern) -> str:
    """A pattern as its own small case, with an invented cast and judged numbers."""
    return Writer(pattern, pattern.cast, Placing(), drafted=False).render(pattern.title, _EXAMPLE_DAY, {})


def fill(
    pattern: Pattern,
    cast: Cast,
    claims: Sequence[Claim],
    *,
    title: str,
    as_of: date,
    sources: Mapping[str, SourceRef] | None = None,
) -> Draft:
    """Fill a pattern from a cast and claims.

    Each number names the claims that bear on it. A word of probability that a source used of an actor gives the number itself; every other
    number is vague, and those on which the answer turns are gaps.

    Parameters
    ----------
    title, as_of : of the case.
    sources : document id → what the case says of it, its file relative to the case folder.

    Returns
    -------
    The draft; each usable claim is in ``placed`` or in ``unplaced``.

    Raises
    ------
    EvidenceError
        The cast has nobody whose consent is needed.
    """
    if not cast.consenters:
        raise EvidenceError("nobody is named whose yes the plan needs → accept a claim that says who, or name one")
    cast = _cleaned(cast, as_of)
    played = _nested(replace(cast, consenters=cast.consenters[:MOST]))
    tried = Writer(pattern, played, None, drafted=True)
    tried.render(title, as_of, {})
    placing = place(usable(claims), played, pattern.places, tried.written)
    page = Writer(pattern, played, placing, drafted=True)
    text = page.render(title, as_of, sources or {}, [party.label for party in cast.consenters[MOST:]])
    placed, unplaced = page.account()
    text += "".join(_accounted(placed, unplaced))
    return Draft(text, pattern.name, tuple(page.gaps), placed, unplaced)


def _cleaned(cast: Cast, as_of: date) -> Cast:
    """A cast in which everybody has one part, under labels of one line, and the decision is to come."""
    taken: set[str] = set()

    def once(parties: Sequence[Party]) -> tuple[Party, ...]:
        kept = []
        for party in parties:
            if party.actor not in taken:
                taken.add(party.actor)
                label, aka = _line(party.label) or party.actor, tuple(filter(None, map(_line, party.aka)))
                kept.append(replace(party, label=label, aka=aka))
        return tuple(kept)

    (owner,) = once([cast.owner])
    return replace(
        cast,
        owner=owner,
        consenters=once(cast.consenters),
        hosts=once(cast.hosts),
        backers=once(cast.backers),
        rivals=once(cast.rivals),
        members=once(cast.members),
        plan=_line(cast.plan) or "the plan",
        fallback=_line(cast.fallback).removesuffix(" instead"),
        day=cast.day if cast.day is not None and cast.day > as_of else None,
    )


def _nested(cast: Cast) -> Cast:
    """A cast in which only consenters stand within others, and none within itself."""
    consenters = {party.actor for party in cast.consenters}
    within: dict[str, str] = {}
    for inner, outer in cast.within.items():
        around = outer
        while around in within:
            around = within[around]
        if {inner, outer} <= consenters and around != inner:
            within[inner] = outer
    return replace(cast, within=within)


def _line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def _accounted(placed: Mapping[str, str], unplaced: Mapping[str, str]) -> Iterator[str]:
    """The account of the claims as comments at the end of a case."""
    if placed or unplaced:
        yield "\n# Where the claims went:\n"
    for id, where in {**placed, **{id: f"nowhere, since it {why}" for id, why in unplaced.items()}}.items():
        yield f"#   {' '.join(id.split())}: {where}\n"
