"""How many independent origins stand behind a set of claims: mentions that go back to one origin count once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vetopoint.evidence.claim import Claim

__all__ = ["OriginCount", "drop_unnamed", "origin_of", "origins", "unheard"]


@dataclass(frozen=True)
class OriginCount:
    """Mentions and origins of a set of claims.

    Parameters
    ----------
    mentions : number of claims.
    groups : origin → ids of the claims that go back to it, in the order in which they came.
    """

    mentions: int
    groups: Mapping[str, tuple[str, ...]]

    @property
    def origins(self) -> int:
        """Number of independent origins."""
        return len(self.groups)

    def __str__(self) -> str:
        return f"{_count(self.mentions, 'mention')}, {_count(self.origins, 'origin')}"


def origin_of(claim: Claim, copies: Mapping[str, str] | None = None) -> str:
    """The origin to which a claim goes back.

    A claim that names its origin keeps it. A speaker who is named is an origin of his own, through whatever outlet he
    is heard. Where nobody is named, two claims cannot be shown to come from different people, so the origin is the
    innermost outlet of the chain, and failing that the document (or the first of its copies).

    Parameters
    ----------
    claim : the claim.
    copies : document → the document of which it is a copy (wire copy that several outlets carry).
    """
    if claim.origin:
        return _key(claim.origin)
    outlets = [link for link in claim.chain if link.role == "outlet"]
    if claim.is_named and claim.says.role not in ("outlet", "article"):
        return _key(claim.says.actor or claim.says.name)
    if outlets:
        return _key(outlets[-1].name)
    return f"document:{(copies or {}).get(claim.source, claim.source)}"


def origins(claims: Iterable[Claim], copies: Mapping[str, str] | None = None) -> OriginCount:
    """Count mentions and independent origins.

    >>> one = Claim(id="a", source="d", chain=("The Gazette (outlet)", "unnamed: a diplomat"))
    >>> two = Claim(id="b", source="d", chain=("The Gazette (outlet)", "unnamed: several sources"))
    >>> str(origins([one, two]))
    '2 mentions, 1 origin'
    """
    groups: dict[str, list[str]] = {}
    mentions = 0
    for claim in claims:
        mentions += 1
        groups.setdefault(origin_of(claim, copies), []).append(claim.id)
    return OriginCount(mentions=mentions, groups={key: tuple(ids) for key, ids in groups.items()})


def drop_unnamed(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """The claims behind which a name stands: what is left once unnamed, collective and unknown sources are dropped."""
    return tuple(claim for claim in claims if claim.is_named)


def unheard(claims: Iterable[Claim], actors: Iterable[str]) -> tuple[str, ...]:
    """Ids of the actors of which others speak in these claims but which have no voice of their own there."""
    claims = list(claims)
    speaking = {link.actor for claim in claims for link in claim.chain if link.actor}
    return tuple(actor for actor in actors if actor not in speaking)


def _key(name: str) -> str:
    return " ".join(name.casefold().removeprefix("the ").split())


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
