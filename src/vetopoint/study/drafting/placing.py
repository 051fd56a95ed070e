"""Where each claim goes in a pattern: by what it says, of whom, and who says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vetopoint.evidence import Claim
from vetopoint.evidence.claim import Edge
from vetopoint.study.drafting.plan import Cast, Party

Places = Mapping[str, Mapping[str, str]]

_STANCES = ("needs_consent", "effective", "supports", "opposes")
_VIEWS = ("alternative", "value", "risk")
_SHUNNED = "has no part in this plan"


@dataclass
class Placing:
    """Claims by the place that they bear on, and why the others have none.

    Attributes
    ----------
    at : place → claims, in their order. A place is a number's name, ``MEMBER stance`` or ``group stance``.
    unplaced : claim id → why it has no place.
    """

    at: dict[str, list[Claim]] = field(default_factory=dict)
    unplaced: dict[str, str] = field(default_factory=dict)

    def ids(self, place: str) -> list[str]:
        """Ids of the claims at a place."""
        return [claim.id for claim in self.at.get(place, ())]


def usable(claims: Iterable[Claim]) -> list[Claim]:
    """Claims that a draft may rest on: the reviewed ones, or where nobody reviewed any, all that are not rejected."""
    kept = [claim for claim in claims if claim.status != "rejected"]
    return [claim for claim in kept if claim.status != "proposed"] or kept


def place(claims: Sequence[Claim], cast: Cast, places: Places) -> Placing:
    """Give each claim the places that a pattern has for it."""
    parts = Parts(cast)
    found = Placing()
    for claim in claims:
        spots = list(dict.fromkeys(_spots(claim, parts, places)))
        for spot in spots:
            found.at.setdefault(spot, []).append(claim)
        if not spots:
            found.unplaced[claim.id] = _why_not(claim, parts)
    return found


def rivals(cast: Cast) -> list[Party]:
    """Who threatens, or is aimed at, without another part."""
    acting = (cast.owner, *cast.consenters, *cast.hosts, *cast.backers, *cast.members, *cast.rivals)
    others = [actor for actor in cast.threats if actor not in {party.actor for party in acting}]
    return [*cast.rivals, *(Party(actor, actor.replace("_", " ").capitalize()) for actor in others)]


class Parts:
    """Who has which part in a cast, by id and by name."""

    def __init__(self, cast: Cast) -> None:
        self.owner = cast.owner.actor
        listed: dict[str, Iterable[Party]] = {
            "consenter": cast.consenters,
            "host": cast.hosts,
            "backer": cast.backers,
            "member": cast.members,
            "owner": (cast.owner,),
            "rival": rivals(cast),
        }
        self._of: dict[str, str] = {}
        self._names: dict[str, re.Pattern[str]] = {}
        for part, parties in listed.items():
            for party in parties:
                self._of.setdefault(party.actor, part)
                self._names.setdefault(party.actor, _names(party))

    def of(self, actor: str) -> str:
        """The part of an actor; empty where it has none."""
        return self._of.get(actor, "")

    def speaker(self, claim: Claim) -> str:
        """The actor for whom the innermost link speaks; empty where it is nobody with a part."""
        says = claim.says
        if says.actor:
            return says.actor if self.of(says.actor) else ""
        return "" if says.role in ("outlet", "article") else self.named(f"{says.name} {says.role}")

    def named(self, text: str) -> str:
        """The first actor with a part whom a text names."""
        found = {actor: match.start() for actor, names in self._names.items() if (match := names.search(text))}
        return min(found, key=lambda actor: found[actor], default="")


def _names(party: Party) -> re.Pattern[str]:
    names = {party.label, party.actor.replace("_", " "), *party.aka}
    bare = {re.sub(r"^the\s+", "", name, flags=re.IGNORECASE) for name in names}
    ordered = sorted(filter(None, bare), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, ordered))})\b", re.IGNORECASE)


def _spots(claim: Claim, parts: Parts, places: Places) -> Iterator[str]:
    speaker = parts.speaker(claim)
    by_edge = [spot for edge in claim.edges for spot in _spots_of_edge(edge, speaker, parts, places)]
    yield from by_edge
    if parts.of(speaker) == "member" or (claim.edges and _is_group(claim, speaker, parts)):
        yield from _stances(claim, speaker, parts, places)
    if not by_edge and speaker and (spot := _look_up(places, parts, speaker, "says")):
        yield spot
    elif not by_edge:
        about = claim.about if parts.of(claim.about) else parts.named(f"{claim.text} {claim.quote}")
        if about and (spot := _look_up(places, parts, about, "of")):
            yield spot


def _spots_of_edge(edge: Edge, speaker: str, parts: Parts, places: Places) -> Iterator[str]:
    actor, kind = edge.actor, edge.kind
    if kind in _VIEWS and parts.of(actor) != "consenter":
        actor = parts.owner  # what a plan is worth, and what stands in for it, weighs with whoever has the plan
    sort = "feared" if kind == "threat" and speaker != actor else kind
    spot = _look_up(places, parts, actor, sort) or _look_up(places, parts, actor, kind)
    if not spot and kind in _VIEWS:
        spot = _look_up(places, parts, parts.owner, kind)
    if spot:
        yield spot


def _look_up(places: Places, parts: Parts, actor: str, sort: str) -> str:
    name = places.get(parts.of(actor), {}).get(sort, "")
    return "" if name in _STANCES else name.replace("{actor}", actor)


def _is_group(claim: Claim, speaker: str, parts: Parts) -> bool:
    """Whether some of the owner's own side speak, unnamed."""
    says = claim.says
    return says.kind in ("collective", "unnamed", "role") and (speaker in ("", parts.owner))


def _stances(claim: Claim, speaker: str, parts: Parts, places: Places) -> Iterator[str]:
    who = speaker if parts.of(speaker) == "member" else "group"
    table = places.get("member", {})
    sorts = [edge.kind for edge in claim.edges if edge.kind in table] or (["says"] if who != "group" else [])
    for sort in sorts:
        if (stance := table.get(sort)) in _STANCES:
            yield f"{who} {stance}"


def _why_not(claim: Claim, parts: Parts) -> str:
    strangers = [edge.actor for edge in claim.edges if edge.actor and not parts.of(edge.actor)]
    if strangers:
        return f"{strangers[0].replace('_', ' ')} {_SHUNNED}"
    if claim.restates:
        return f"repeats {claim.restates}"
    return "names nobody who has a part in this plan"
