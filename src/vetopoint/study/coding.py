"""Work with several coders: claims out and in, agreement between coders, positions over time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from vetopoint import evidence
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Change, Claim, Document, Origin, Position, Share
from vetopoint.study.reading import aliases_of
from vetopoint.study.sources import Study

_LONGEST_CODER = 100


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
    counted, unreviewed : claims from which these come, and how many of them nobody has judged yet.
    """

    positions: Mapping[str, tuple[Position, ...]]
    changes: tuple[Change, ...]
    shares: Mapping[str, tuple[Share, ...]]
    counted: int
    unreviewed: int


@dataclass(frozen=True)
class Imported:
    """What came of an import.

    Parameters
    ----------
    new, known : claims added, and claims left as they are since the store has them.
    told : what was not taken, and what stood elsewhere than the file says, in words; "" for neither.
    """

    new: int
    known: int
    told: str = ""


def export_claims(study: Study, path: Path) -> int:
    """Write a case's claims, rejected ones left out, in the form that the name's ending says; return how many."""
    if path.exists():
        raise EvidenceError(f"{path}: exists already → name a new file; nothing was written")
    documents = study.evidence.documents
    used = {claim.source for claim in study.evidence.standing}
    origin = Origin(study.case.name, {name: document.hash for name, document in documents.items() if name in used})
    evidence.write_claims(study.evidence.standing, path, documents, origin=origin)
    return len(study.evidence.standing)


def import_claims(
    study: Study, path: Path, coder: str = "", *, mapping: Path | None = None, keep_reviews: bool = False
) -> Imported:
    """Read claims from a file of any form, or a folder of them, into the case's store, as proposed.

    Parameters
    ----------
    coder : who coded them; the claims then get ids of that coder's own. Without it they bear the file's ids and coders.
    mapping : a file that says what the types of a foreign form mean.
    keep_reviews : restore: leave status and coder as the file has them, which must be JSON Lines that were exported from this
        case, on the same texts.

    Raises
    ------
    EvidenceError
        The file cannot be used, speaks of a document that the case does not have, or of words that do not stand there;
        nothing is stored.
    """
    documents = study.evidence.documents
    texts = {name: document.text for name, document in documents.items()}
    coder = _coder(coder)
    if keep_reviews:
        _restorable(study, path, coder)
    taken = evidence.take_claims(path, texts, coder, mapping, keep_reviews=keep_reviews)
    found = [_owned(claim, coder) if coder else claim for claim in taken.claims]
    aliases = {name.casefold(): id for id, names in aliases_of(study).items() for name in (*names, id)}
    found = [_spoken_for(claim, aliases) for claim in found]
    with study.store.open() as store:
        claims = _told_apart(found, [*store.claims(as_coded=True), *store.claims(), *study.evidence.standing])
        for name in dict.fromkeys(claim.source for claim in claims):
            store.add_document(documents[name])
        new = store.add_claims(claims)
    return Imported(new, len(claims) - new, taken.told())


def _coder(name: str) -> str:
    told = " ".join(name.split())
    if (name and not told) or len(told) > _LONGEST_CODER or not told.isprintable():
        raise EvidenceError(f"--coder {name!r:.40}: no name → write up to {_LONGEST_CODER} printable characters")
    return told


def _restorable(study: Study, path: Path, coder: str) -> None:
    """Refuse reviews that were not made in this case, on these texts."""
    if path.suffix != ".jsonl" or coder:
        remedy = "name the .jsonl that export-claims wrote, and no coder"
        raise EvidenceError(f"{path}: reviews are kept of JSON Lines alone, by those who made them → {remedy}")
    origin = evidence.origin_of_file(path)
    remedy = "leave --keep-reviews out: the claims then arrive as proposed"
    if origin is None or origin.case != study.case.name:
        whence = f"case {origin.case!r:.60}" if origin else "no case that it names"
        raise EvidenceError(f"{path}: its claims come from {whence}, not from {study.case.name!r} → {remedy}")
    documents = study.evidence.documents
    if other := [n for n, told in origin.documents.items() if n not in documents or documents[n].hash != told]:
        raise EvidenceError(f"{path}: document {other[0]!r:.60} has another text in this case → {remedy}")


def _owned(claim: Claim, coder: str) -> Claim:
    prefix = f"{coder}/"
    id = claim.id if claim.id.startswith(prefix) else f"{prefix}{claim.id}"
    return claim.model_copy(update={"id": id, "coder": coder})


def _spoken_for(claim: Claim, aliases: Mapping[str, str]) -> Claim:
    """With the ids of the case's actors where the file names them; who is none of them stays a name."""
    chain = []
    for link in claim.chain:
        actor = aliases.get(link.actor.casefold(), "" if link.role == link.actor else link.actor)
        chain.append(link.model_copy(update={"actor": actor or aliases.get(link.name.casefold(), "")}))
    edges = [edge.model_copy(update={"actor": aliases.get(edge.actor.casefold(), edge.actor)}) for edge in claim.edges]
    return claim.model_copy(update={"chain": tuple(chain), "edges": tuple(edges)})


def _told_apart(found: Iterable[Claim], known: Iterable[Claim]) -> list[Claim]:
    """Claims under ids that no other claim bears; one that is known keeps its id, so that it is known again."""
    bearers: dict[str, list[Claim]] = {}
    for claim in known:
        bearers.setdefault(claim.id, []).append(claim)
    names: dict[str, str] = {}
    taken: set[str] = set()
    out = []
    for claim in found:
        id, number = claim.id, 1
        while id in taken or (id in bearers and _gist(claim) not in map(_gist, bearers[id])):
            number += 1
            id = f"{claim.id}~{number}"
        taken.add(id)
        names[claim.id.removeprefix(f"{claim.coder}/")] = names[claim.id] = id
        out.append(claim.model_copy(update={"id": id}))
    return [
        claim.model_copy(
            update={
                "restates": names.get(claim.restates, claim.restates),
                "condition": names.get(claim.condition, claim.condition),
            }
        )
        for claim in out
    ]


def _gist(claim: Claim) -> tuple[object, ...]:
    """What makes two claims of one id the same claim."""
    edges = frozenset((edge.kind, edge.actor, edge.holds) for edge in claim.edges)
    return claim.source, claim.content, claim.kind, claim.act, claim.polarity, edges


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


def stances(study: Study, on: Iterable[str] = (), *, reviewed: bool = False) -> Stances:
    """Positions over time from a case's standing claims; a claim without a date has that of its document.

    Parameters
    ----------
    on : actors whose consent is meant; all that some claim says are needed, unless given.
    reviewed : leave out what the reader proposed and nobody has judged yet.
    """
    standing = study.evidence.claims if reviewed else study.evidence.standing
    claims = [_dated(claim, study.evidence.documents) for claim in standing]
    members = study.case.file.members
    needed = {e.actor for c in claims for e in c.edges if e.kind == "requires" and e.actor and e.actor not in members}
    wanted = tuple(on) or tuple(sorted(needed))
    shares = {actor: evidence.conceding_share(claims, actor, members) for actor in wanted}
    shares = {actor: found for actor, found in shares.items() if found}
    found = evidence.positions(claims)
    used = {id for series in found.values() for position in series for id in position.claims}
    used |= {id for series in shares.values() for share in series for id in share.claims}
    unreviewed = sum(claim.id in used and claim.status == "proposed" for claim in claims)
    return Stances(found, evidence.changes(claims), shares, len(used), unreviewed)


def _dated(claim: Claim, documents: Mapping[str, Document]) -> Claim:
    document = documents.get(claim.source)
    if claim.date or document is None or document.date is None:
        return claim
    return claim.model_copy(update={"date": document.date.isoformat()})
