"""Where each claim goes in a pattern: by what it says, of whom, and who says it."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from vetopoint.evidence import Claim
from vetopoint.evidence.claim import Edge
from vetopoint.study.drafting.plan import Cast, Party

Places = Mapping[str, Mapping[str, str | Sequence[str]]]
LEFT_OUT = "not modelled: "

_VIEWS = ("alternative", "value", "risk")
_CONSENT = ("requires", "veto")
_NOBODY = "names nobody who has a part in this plan"
_NO_PLACE = "bears on no number of this pattern"


@dataclass
class Placing:
    """Claims by the spot on which they bear, and why the others have none.

    Attributes
    ----------
    at : spot → claims, in their order. A spot is a number's name, ``MEMBER.STANCE``, ``group.STANCE``, or `LEFT_OUT` and an actor.
    unplaced : claim id → why it has no place.
    """

    at: dict[str, list[Claim]] = field(default_factory=dict)
    unplaced: dict[str, str] = field(default_factory=dict)

    @property
    def strangers(self) -> list[str]:
        """Actors without a part whose consent, veto or threat is spoken of."""
        return [spot.removeprefix(LEFT_OUT) for spot in self.at if spot.startswith(LEFT_OUT)]


def usable(claims: Iterable[Claim]) -> list[Claim]:
    """Claims that a draft may rest on: the reviewed ones, or where nobody reviewed any, all that are not rejected."""
    kept = [claim for claim in claims if claim.status != "rejected"]
    return [claim for claim in kept if claim.status != "proposed"] or kept


def place(claims: Sequence[Claim], cast: Cast, places: Places, spots: Container[str]) -> Placing:
    """Give each claim the spots that a pattern has for it.

    Parameters
    ----------
    places : part in the plan → what a claim says → spots, the first that the case has counts; ``{actor}`` stands for whose.
    spots : those that the case has.
    """
    seat = _Seating(cast, places, spots)
    found = Placing()
    for claim in claims:
        taken = seat.spots(claim)
        for spot in taken:
            found.at.setdefault(spot, []).append(claim)
        if not taken:
            found.unplaced[claim.id] = seat.why_not(claim)
    return found


def rivals(cast: Cast) -> list[Party]:
    """Who threatens, or is aimed at, without another part."""
    acting = (cast.owner, *cast.consenters, *cast.hosts, *cast.backers, *cast.members, *cast.rivals)
    others = [actor for actor in cast.threats if actor not in {party.actor for party in acting}]
    return [*cast.rivals, *(Party(actor, actor.replace("_", " ").capitalize()) for actor in others)]


def inner_first(cast: Cast) -> list[Party]:
    """The consenters, each after those without whom it cannot say yes."""
    actors = {party.actor: party for party in cast.consenters}
    return [actors[actor] for actor in sorted(actors, key=lambda actor: -_depth(actor, cast.within))]


def _depth(actor: str, within: Mapping[str, str]) -> int:
    """Within how many others, one around the next, an actor stands."""
    seen = [actor]
    while (around := within.get(seen[-1], "")) and around not in seen:
        seen.append(around)
    return len(seen)


class _Parts:
    """Who has which part in a cast, by id and by name."""

    def __init__(self, cast: Cast) -> None:
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


def _head(plan: str) -> str:
    """The noun at the head of a noun phrase: "the trade agreement with Norland" is an agreement."""
    return (
        re.split(r"\s+(?:of|on|in|at|for|to|from|with|by|near|along|between)\s+", plan.strip())[0].split() or ["plan"]
    )[-1]


class _Seating:
    """Finds the spots of one claim after the other."""

    def __init__(self, cast: Cast, places: Places, spots: Container[str]) -> None:
        self._cast, self._places, self._spots, self._parts = cast, places, spots, _Parts(cast)
        self._plan = re.compile(rf"\b{re.escape(_head(cast.plan))}\b", re.IGNORECASE)
        self._part_given = {
            id: party.actor for party in (*cast.consenters, *cast.hosts, *cast.backers) for id in party.claims
        }

    def spots(self, claim: Claim) -> list[str]:
        """Where a claim goes: by its edges, else by who says it, else by whom it is about."""
        speaker = self._parts.speaker(claim)
        found = [*self._by_edges(claim, speaker), *self._of_members(claim, speaker)]
        if not found and speaker:
            found = self._look_up(speaker, "says")
        if not found and (about := self._about(claim)):
            found = self._look_up(about, "of")
        if not found:
            found = [f"{LEFT_OUT}{edge.actor}" for edge in claim.edges if edge.actor and self._is_strange(edge)]
        return list(dict.fromkeys(found))

    def why_not(self, claim: Claim) -> str:
        """Why a claim goes nowhere."""
        if claim.restates:
            return f"repeats {claim.restates}"
        return _NO_PLACE if self._parts.speaker(claim) or self._about(claim) or claim.edges else _NOBODY

    def _about(self, claim: Claim) -> str:
        if self._parts.of(claim.about):
            return claim.about
        told = f"{claim.text} {claim.quote}"
        given = self._part_given.get(claim.id, "") or (self._cast.owner.actor if self._plan.search(told) else "")
        return self._parts.named(told) or given

    def _is_strange(self, edge: Edge) -> bool:
        return edge.kind not in _VIEWS and not self._parts.of(edge.actor)

    def _by_edges(self, claim: Claim, speaker: str) -> Iterator[str]:
        for edge in claim.edges:
            yield from self._by_edge(edge, speaker)
        if claim.id in self._cast.fallback_claims:
            yield from self._look_up(self._cast.owner.actor, "alternative")

    def _by_edge(self, edge: Edge, speaker: str) -> list[str]:
        actor, owner = edge.actor, self._cast.owner.actor
        if edge.kind in _VIEWS:  # what a plan is worth, and what stands in for it, weighs with whoever has the plan
            own = self._look_up(actor, edge.kind) if self._parts.of(actor) == "consenter" else []
            return own or self._look_up(owner, edge.kind)
        if not actor and edge.kind in _CONSENT:
            actor = self._cast.consenters[0].actor if self._cast.consenters else ""
        feared = self._look_up(actor, "feared") if edge.kind == "threat" and speaker != actor else []
        return feared or self._look_up(actor, edge.kind)

    def _of_members(self, claim: Claim, speaker: str) -> Iterator[str]:
        """What members, or some of the owner's own side whom nobody names, hold."""
        part = "member" if self._parts.of(speaker) == "member" else ""
        if (
            not part
            and claim.says.kind in ("collective", "unnamed", "role")
            and speaker in ("", self._cast.owner.actor)
        ):
            part = "group"
        sorts: list[str] = [edge.kind for edge in claim.edges]
        for sort in sorts or ["says"]:
            yield from self._look_up(speaker, sort, part) if part else ()

    def _look_up(self, actor: str, sort: str, part: str = "") -> list[str]:
        told = self._places.get(part or self._parts.of(actor), {}).get(sort, [])
        names = (name.replace("{actor}", actor) for name in ([told] if isinstance(told, str) else told))
        return [name for name in names if name in self._spots][:1]
