"""Who stands behind claims: independent origins; where an actor stands over time; what share of a group concedes a dependency."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from vetopoint.evidence.claim import Claim

_SCALE: Mapping[str, int] = {
    **dict.fromkeys(("THREATEN", "REJECT"), -2),
    **dict.fromkeys(("DEMAND", "DISAPPROVE"), -1),
    **dict.fromkeys(("CONCEDE", "CONSULT"), 1),
    **dict.fromkeys(("COOPERATE", "SUPPORT", "AGREE"), 2),
}
_DENIED: Mapping[str, int] = {
    **dict.fromkeys(("THREATEN", "REJECT", "DEMAND", "DISAPPROVE"), 0),
    "CONCEDE": 1,
    "CONSULT": -1,
    **dict.fromkeys(("COOPERATE", "SUPPORT", "AGREE"), -2),
}
"""Who does not agree stands against; who does not reject has left it open; what is conceded may be a denial itself."""


def origin_of(claim: Claim) -> str:
    """The origin to which a claim goes back.

    A claim that names its origin keeps it. A speaker who is named is an origin of his own, through whatever outlet he
    is heard. Where nobody is named, two claims cannot be shown to come from different people, so the origin is the
    innermost outlet of the chain, and failing that the document.
    """
    if claim.origin:
        return _key(claim.origin)
    outlets = [link for link in claim.chain if link.role == "outlet"]
    if claim.is_named and claim.says.role not in ("outlet", "article"):
        return _key(claim.says.actor or claim.says.name)
    if outlets:
        return _key(outlets[-1].name)
    return f"document:{claim.source}"


def origins(claims: Iterable[Claim]) -> dict[str, list[str]]:
    """Independent origins, each with the ids of the claims that go back to it, in the order in which they came.

    >>> one = Claim(id="a", source="d", chain=("The Gazette (outlet)", "unnamed: a diplomat"))
    >>> two = Claim(id="b", source="d", chain=("The Gazette (outlet)", "unnamed: several sources"))
    >>> origins([one, two])
    {'gazette': ['a', 'b']}
    """
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for claim in claims:
        groups[origin_of(claim)].append(claim.id)
    return dict(groups)


def _key(name: str) -> str:
    return " ".join(name.casefold().removeprefix("the ").split())


def stance(claim: Claim) -> int | None:
    """Where a claim's speech act puts its speaker, from −2 to 2, a denied act by its own rule; None for an act that takes no side.

    >>> [stance(Claim(id="c", source="g", act="AGREE", polarity=sign)) for sign in (1, -1)]
    [2, -2]
    """
    return (_SCALE if claim.polarity > 0 else _DENIED).get(claim.act)


@dataclass(frozen=True)
class Position:
    """Where an actor stood on a day: −2 (threatens, rejects) to 2 (agrees), the mean over that day's claims.

    ``unreviewed`` is how many of these nobody has judged yet.
    """

    actor: str
    date: str
    value: float
    claims: tuple[str, ...]
    unreviewed: int = 0


@dataclass(frozen=True)
class Change:
    """A move from one position to the next that is large enough to name."""

    actor: str
    before: Position
    after: Position
    direction: Literal["softening", "hardening"]


@dataclass(frozen=True)
class Share:
    """Share of a group's members that concede a dependency on a day, with its interval."""

    date: str
    conceding: int
    speaking: int
    members: int
    mean: float
    low: float
    high: float
    claims: tuple[str, ...]


def positions(claims: Iterable[Claim]) -> dict[str, tuple[Position, ...]]:
    """Each actor's positions by day, from the speech acts of the claims that the actor makes itself; see :func:`stance`."""
    days: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        actor = claim.says.actor
        if actor and claim.date and stance(claim) is not None and claim.status != "rejected":
            days.setdefault((actor, claim.date), []).append(claim)
    out: dict[str, list[Position]] = {}
    for (actor, day), found in sorted(days.items()):
        value = sum(stance(claim) or 0 for claim in found) / len(found)
        open_ones = sum(claim.status == "proposed" for claim in found)
        out.setdefault(actor, []).append(Position(actor, day, value, tuple(claim.id for claim in found), open_ones))
    return {actor: tuple(series) for actor, series in out.items()}


def changes(claims: Iterable[Claim], least: float = 1.0) -> tuple[Change, ...]:
    """Softenings and hardenings of at least `least` points between an actor's successive positions."""
    return tuple(
        Change(actor, before, after, "softening" if after.value > before.value else "hardening")
        for actor, series in positions(claims).items()
        for before, after in pairwise(series)
        if abs(after.value - before.value) >= least
    )


def conceding_share(claims: Iterable[Claim], on: str, members: Iterable[str]) -> tuple[Share, ...]:
    """Day by day, the share of members known to concede that the plan needs the consent of `on`.

    A member counts from the day on which it last spoke of the dependency. The interval is Jeffreys' 90 % interval over the
    members that have spoken (Brown, Cai & DasGupta, Statistical Science 16, 2001, eq. 6); who has not spoken is not guessed at.

    Parameters
    ----------
    on : actor whose consent is conceded to be needed.
    members : ids of the group's members.
    """
    from scipy.special import betaincinv

    group = frozenset(members)
    stand: dict[str, tuple[bool, str]] = {}
    out: list[Share] = []
    spoken = sorted(
        (claim.date, claim.id, claim.says.actor, edge.holds)
        for claim in claims
        if claim.date and claim.says.actor in group and claim.status != "rejected"
        for edge in claim.edges
        if edge.kind == "requires" and edge.actor == on
    )
    for day in sorted({day for day, _, _, _ in spoken}):
        stand |= {actor: (holds, name) for when, name, actor, holds in spoken if when == day}
        yes, size = sum(holds for holds, _ in stand.values()), len(stand)
        a, b = yes + 0.5, size - yes + 0.5
        low = 0.0 if yes == 0 else float(betaincinv(a, b, 0.05))
        high = 1.0 if yes == size else float(betaincinv(a, b, 0.95))
        ids = tuple(sorted(name for _, name in stand.values()))
        out.append(Share(day, yes, size, len(group), a / (a + b), low, high, ids))
    return tuple(out)
