"""From accepted claims to a first case file: runnable, with everything that nobody has judged yet marked as a gap."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import Claim, EdgeKind
from vetopoint.evidence.reader.lexicon import data

if TYPE_CHECKING:
    from jinja2 import Template

_LIKELY = ("almost certain", "highly likely", "very likely", "likely", "probably")
_NUMERIC = (*_LIKELY, "unlikely", "very unlikely", "highly unlikely")
_CONSENT: tuple[EdgeKind, ...] = ("requires", "veto")


def draft(
    claims: Iterable[Claim],
    *,
    owner: str = "",
    title: str = "",
    as_of: date | None = None,
    labels: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
) -> str:
    """Write a commented ``case.yaml`` from claims and their edges.

    The tree is the plainest that the edges allow: the owner offers its plan, each actor whose consent is required or who can
    veto answers (and may declare the plan a target, where a threat was read), and the owner goes ahead, changes the form, or
    shelves. Rejected claims and denied edges do not count. What the text does not say is a vague number with the note ``GAP``.

    Parameters
    ----------
    owner : id of the actor whose plan it is; the one who speaks or bears alternatives most often unless given.
    title, as_of : the case's title and its month 0.
    labels : actor id → the name to show.
    sources : document id → path of its text, relative to the case folder.

    Raises
    ------
    EvidenceError
        No accepted claim says whose consent is required, who has a veto or who threatens.
    """
    usable = [claim for claim in claims if claim.status != "rejected"]
    if any(claim.status in ("accepted", "corrected") for claim in usable):
        usable = [claim for claim in usable if claim.status != "proposed"]
    feared = _actors(usable, ("threat",))
    movers = list(dict.fromkeys([*_actors(usable, _CONSENT), *feared]))[:3]
    if not movers:
        missing = "no accepted claim says whose consent is needed, who has a veto or who threatens"
        raise EvidenceError(f"{missing} → accept such claims, or add edges to them")
    owner = owner or _owner(usable, movers)
    movers = [actor for actor in movers if actor != owner]
    names = {actor: (labels or {}).get(actor, actor.replace("_", " ").capitalize()) for actor in (owner, *movers)}
    said = [(claim, edge) for claim in usable for edge in claim.edges]
    threats = {actor: [c for c, e in said if e.holds and (e.actor, e.kind) == (actor, "threat")] for actor in feared}
    return _template().render(
        number=len(usable),
        title=title or f"Draft: who can stop the plan of {names[owner]}",
        as_of=(as_of or date.today()).isoformat(),
        owner=owner,
        sources=sources or {},
        names=names,
        movers=movers,
        threats={actor: [claim.id for claim in threats[actor]] for actor in movers if actor in threats},
        hedges={a: next((c.hedge for c in made if c.hedge in _NUMERIC), "") for a, made in threats.items()},
        refusals={a: f"answer_{a} in [oppose, designate]" if a in threats else f"answer_{a} == oppose" for a in movers},
        consents={a: [c.id for c, e in said if e.holds and e.actor == a and e.kind in _CONSENT] for a in movers},
        values=[claim.id for claim, edge in said if edge.kind == "value"],
        alternatives=[claim.id for claim, edge in said if edge.kind == "alternative"],
    )


def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    jinja = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    jinja.filters["text"] = partial(json.dumps, ensure_ascii=False)
    return jinja.from_string(data("draft.yaml.j2"))


def _actors(claims: Sequence[Claim], kinds: tuple[EdgeKind, ...]) -> list[str]:
    """Actors of the edges of some kinds that hold, the most often named first."""
    edges = (edge for claim in claims for edge in claim.edges if edge.kind in kinds and edge.holds)
    return _ranked(Counter(edge.actor for edge in edges if re.fullmatch(r"[A-Za-z_]\w*", edge.actor)))


def _ranked(count: Counter[str]) -> list[str]:
    return sorted(count, key=lambda actor: (-count[actor], actor))


def _owner(claims: Sequence[Claim], movers: Sequence[str]) -> str:
    count = Counter(link.actor for claim in claims for link in claim.chain if link.actor)
    count.update(edge.actor for claim in claims for edge in claim.edges if edge.kind == "alternative" and edge.actor)
    return next((actor for actor in _ranked(count) if actor not in movers), "owner")
