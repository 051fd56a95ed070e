"""A case drafted from the claims of a case, or of a folder of evidence, as a person has reviewed them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim
from vetopoint.study.drafting.choosing import choose, speak_of_a_ceasefire
from vetopoint.study.drafting.fill import fill
from vetopoint.study.drafting.patterns import pattern as pattern_of
from vetopoint.study.drafting.placing import usable
from vetopoint.study.drafting.plan import Cast, Draft, Party
from vetopoint.study.drafting.timing import timed
from vetopoint.study.sources import names_of

if TYPE_CHECKING:
    from vetopoint.case.schema import CaseFile
    from vetopoint.study.sources import Study

_BEARING = {"requires": 3, "veto": 3, "threat": 2}


def draft_case(study: Study, pattern: str = "") -> Draft:
    """Fill a pattern from a study's reviewed claims.

    Parameters
    ----------
    pattern : its name; the one that fits unless given.

    Raises
    ------
    EvidenceError
        No claim has been accepted yet, or none says whose consent is needed, who can stop the plan or who threatens.
    VetopointError
        There is no pattern of that name.
    """
    claims = usable(study.evidence.claims)
    if not claims:
        raise EvidenceError("no accepted claims → accept some with `vetopoint review`, or write claims.jsonl")
    if pattern:
        pattern_of(pattern)
    file = study.case.file
    cast = _cast(study, claims)
    # A case names its sources as it names everything; other documents are found in the store.
    sources = {name: source for name, source in file.sources.items() if name.isidentifier() and name.isascii()}
    title = file.title or f"{cast.owner.label}: {cast.plan}"
    told = {claim.source: study.evidence.documents[claim.source].text for claim in claims}
    cast = replace(timed(cast, told.values(), file.as_of), ceasefire=speak_of_a_ceasefire(told.values()))
    return fill(
        pattern_of(pattern or choose(cast, claims)), cast, claims, title=title, as_of=file.as_of, sources=sources
    )


def _cast(study: Study, claims: Sequence[Claim]) -> Cast:
    """The cast that the texts show; where they show none, the one that the claims' edges name."""
    from vetopoint.study.drafting.cast import cast_of

    file, names = study.case.file, names_of(study.case)
    try:
        cast = cast_of(claims, names=names, documents=study.evidence.documents)
    except EvidenceError:
        return plain_cast(claims, names, file.owner)
    return _owned(cast, file) if file.owner else cast


def _owned(cast: Cast, file: CaseFile) -> Cast:
    """The cast with the owner whom the case names, who needs no consent of its own."""
    label = file.actors[file.owner].label if file.owner in file.actors else ""
    owner = cast.owner if cast.owner.actor == file.owner else Party(file.owner, label or file.owner)
    others: dict[str, Any] = {
        part: tuple(party for party in getattr(cast, part) if party.actor != file.owner)
        for part in ("consenters", "hosts", "members", "backers", "rivals")
    }
    if not others["consenters"] and cast.owner.actor != file.owner:
        others["consenters"] = (cast.owner,)
    return replace(cast, owner=owner, **others) if others["consenters"] else cast


def plain_cast(claims: Sequence[Claim], names: Mapping[str, Sequence[str]], owner: str = "") -> Cast:
    """The cast that edges alone give: who is named most in them consents, who speaks most of the others owns the plan.

    Raises
    ------
    EvidenceError
        No claim says whose consent is needed, who can stop the plan or who threatens.
    """
    edges = [(claim, edge) for claim in claims for edge in claim.edges if edge.holds and edge.actor != owner]
    bearing: Counter[str] = Counter()
    for _, edge in edges:
        if edge.kind in _BEARING and edge.actor.isidentifier() and edge.actor.isascii():
            bearing[edge.actor] += _BEARING[edge.kind]
    if not bearing:
        missing = "no accepted claim says whose consent is needed, who has a veto or who threatens"
        raise EvidenceError(f"{missing} → accept such claims, or add edges to them")
    said = Counter(link.actor for claim in claims for link in claim.chain if link.actor and link.actor not in bearing)
    owner = owner or next((actor for actor, _ in said.most_common()), "owner")

    def party(actor: str) -> Party:
        told = names.get(actor, ())
        return Party(actor, told[0] if told else actor.replace("_", " ").capitalize(), tuple(told[1:]))

    return Cast(
        plan=next((edge.plan for _, edge in edges if edge.plan), "the plan"),
        owner=party(owner),
        consenters=tuple(party(actor) for actor, _ in bearing.most_common()),
        threats={
            actor: tuple(claim.id for claim, edge in edges if (edge.kind, edge.actor) == ("threat", actor))
            for actor in bearing
            if any((edge.kind, edge.actor) == ("threat", actor) for _, edge in edges)
        },
        fallback=next((edge.what for _, edge in edges if edge.kind == "alternative" and edge.what), ""),
        fallback_claims=tuple(claim.id for claim, edge in edges if edge.kind == "alternative"),
    )
