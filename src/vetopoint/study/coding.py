"""Work with several coders: claims out and in, agreement between coders, positions over time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from vetopoint import evidence
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Change, Claim, Document, Position, Share
from vetopoint.study.sources import Study


@dataclass(frozen=True)
class Agreement:
    """How far a case's coders agree.

    Parameters
    ----------
    coders : name → number of claims that the coder made or reviewed.
    alpha : field → Krippendorff's alpha over the claims that two coders judged.
    pairs : two coders → measure → F1, precision and recall in percent, over the documents that both coded.
    """

    coders: Mapping[str, int]
    alpha: Mapping[str, float]
    pairs: Mapping[tuple[str, str], Mapping[str, Mapping[str, float]]]


@dataclass(frozen=True)
class Stances:
    """Where the actors stand, day by day.

    Parameters
    ----------
    positions : actor → its positions.
    changes : softenings and hardenings.
    shares : actor whose consent is meant → share of the members that concede the dependency.
    """

    positions: Mapping[str, tuple[Position, ...]]
    changes: tuple[Change, ...]
    shares: Mapping[str, tuple[Share, ...]]


def export_claims(study: Study, path: Path) -> int:
    """Write a case's claims, rejected ones left out, in the form that the name's ending says; return how many."""
    if path.exists():
        raise EvidenceError(f"{path}: exists already → name a new file; nothing was written")
    evidence.write_claims(study.evidence.standing, path, study.evidence.documents)
    return len(study.evidence.standing)


def import_claims(study: Study, path: Path, coder: str = "") -> tuple[int, int]:
    """Read claims from a file, or a brat folder, into the case's store.

    Parameters
    ----------
    coder : who coded them; the claims then get ids of that coder's own. Without it they keep the ids and coders they bear.

    Returns
    -------
    new, known : claims added, and claims left as they are since their id is known.

    Raises
    ------
    EvidenceError
        A claim speaks of a document that the case does not have, or its words do not stand there; nothing is stored.
    """
    documents = study.evidence.documents
    texts = {name: document.text for name, document in documents.items()}
    found = evidence.read_claims(path, texts, coder)
    if coder:
        found = tuple(_owned(claim, coder) for claim in found)
    strange = sorted({claim.source for claim in found} - set(texts))
    if strange:
        message = f"{path}: no document {', '.join(strange)} in the case → add it under `sources:`, or read it"
        raise EvidenceError(message)
    claims = evidence.locate(found, texts, f"{path}: ")
    with study.store.open() as store:
        for name in dict.fromkeys(claim.source for claim in claims):
            store.add_document(documents[name])
        new = store.add_claims(claims)
    return new, len(claims) - new


def _owned(claim: Claim, coder: str) -> Claim:
    prefix = f"{coder}/"
    if claim.id.startswith(prefix):
        return claim.model_copy(update={"coder": coder})
    restates = f"{prefix}{claim.restates}" if claim.restates else ""
    return claim.model_copy(update={"id": f"{prefix}{claim.id}", "coder": coder, "restates": restates})


def agreement(study: Study) -> Agreement:
    """Agreement between all who coded a case: who made claims, who reviewed them, and the reader."""
    coded = _coders(study)
    marked = {name: [c for c in claims if c.status != "rejected"] for name, claims in coded.items()}
    pairs: dict[tuple[str, str], dict[str, dict[str, float]]] = {}
    for one, other in combinations(sorted(marked), 2):
        both = {c.source for c in coded[one]} & {c.source for c in coded[other]}
        if both:
            pairs |= evidence.pairwise_f1(
                {name: [c for c in marked[name] if c.source in both] for name in (one, other)}
            )
    # Whoever proposes a claim thereby accepts it.
    judged = {
        name: [c.model_copy(update={"status": "accepted"}) if c.status == "proposed" else c for c in claims]
        for name, claims in coded.items()
    }
    return Agreement({name: len(claims) for name, claims in coded.items()}, evidence.alpha(judged), pairs)


def _coders(study: Study) -> dict[str, list[Claim]]:
    coded: dict[str, list[Claim]] = {}
    store = study.store.look()
    if store is not None:
        with store:
            for claim in store.claims(as_coded=True):
                coded.setdefault(claim.coder, []).append(claim)
            for name in store.coders():
                own = {c.id for c in coded.get(name, ())}
                reviewed = [c for c in store.judged_by(name) if c.id not in own]
                if reviewed:
                    coded.setdefault(name, []).extend(reviewed)
    known = {claim.id for claims in coded.values() for claim in claims}
    for claim in study.evidence.claims:
        if claim.id not in known:
            coded.setdefault(claim.coder, []).append(claim)
    return coded


def stances(study: Study, on: Iterable[str] = ()) -> Stances:
    """Positions over time from a case's standing claims; a claim without a date has that of its document.

    Parameters
    ----------
    on : actors whose consent is meant; all that some claim says are needed, unless given.
    """
    claims = [_dated(claim, study.evidence.documents) for claim in study.evidence.standing]
    members = study.case.file.members
    needed = {e.actor for c in claims for e in c.edges if e.kind == "requires" and e.actor and e.actor not in members}
    wanted = tuple(on) or tuple(sorted(needed))
    shares = {actor: evidence.conceding_share(claims, actor, members) for actor in wanted}
    return Stances(
        evidence.positions(claims), evidence.changes(claims), {actor: found for actor, found in shares.items() if found}
    )


def _dated(claim: Claim, documents: Mapping[str, Document]) -> Claim:
    document = documents.get(claim.source)
    if claim.date or document is None or document.date is None:
        return claim
    return claim.model_copy(update={"date": document.date.isoformat()})
