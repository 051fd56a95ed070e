"""Work with several coders: claims out and in, agreement between coders, positions over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from vetopoint.errors import EvidenceError
from vetopoint.evidence import (
    Change,
    Claim,
    Position,
    Share,
    alpha,
    changes,
    conceding_share,
    from_brat,
    locate,
    pairwise_f1,
    positions,
    read_claims,
    read_document,
    read_refi,
    to_brat,
    write_claims,
    write_codebook,
    write_refi,
)

if TYPE_CHECKING:
    from vetopoint.evidence import Document
    from vetopoint.study.project import Study

__all__ = ["Agreement", "Stances", "agreement", "export_claims", "import_claims", "stances"]

_BRAT = "brat"


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
    """Write a case's claims, rejected ones left out, in the form that the name's ending says; return how many.

    A folder whose name ends in ``brat`` gets one ``.txt`` and one ``.ann`` for each document.
    """
    evidence = study.evidence
    if path.exists():
        raise EvidenceError(f"{path}: exists already → name a new file; nothing was written")
    if path.name.endswith(_BRAT):
        _to_folder(evidence.standing, evidence.documents, path)
    elif path.suffix == ".qdc":
        write_codebook(evidence.standing, path)
    elif path.suffix == ".qdpx":
        write_refi(evidence.standing, evidence.documents, path)
    else:
        write_claims(evidence.standing, path)
    return len(evidence.standing)


def _to_folder(claims: Iterable[Claim], documents: Mapping[str, Document], folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in dict.fromkeys(claim.source for claim in claims):
        # A document's id may hold what no file name may.
        file = folder / quote(name, safe=" ")
        file.with_name(f"{file.name}.txt").write_text(documents[name].text, encoding="utf-8", newline="")
        placed = [c for c in claims if c.source == name and all(s.located for s in c.content)]
        file.with_name(f"{file.name}.ann").write_text(to_brat(placed), encoding="utf-8", newline="")


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
    found = _foreign(path, texts, coder)
    if coder:
        found = tuple(_owned(claim, coder) for claim in found)
    strange = sorted({claim.source for claim in found} - set(texts))
    if strange:
        raise EvidenceError(
            f"{path}: no document {', '.join(strange)} in the case → add it under `sources:`, or read it"
        )
    claims = locate(found, texts, f"{path}: ")
    with study.store.open() as store:
        for name in dict.fromkeys(claim.source for claim in claims):
            store.add_document(documents[name])
        new = store.add_claims(claims)
    return new, len(claims) - new


def _owned(claim: Claim, coder: str) -> Claim:
    prefix = f"{coder}/"
    if claim.id.startswith(prefix):
        return claim.model_copy(update={"coder": coder})
    links = {k: f"{prefix}{v}" for k, v in (("restates", claim.restates),) if v}
    return claim.model_copy(update={"id": f"{prefix}{claim.id}", "coder": coder, **links})


def _foreign(path: Path, texts: Mapping[str, str], coder: str) -> tuple[Claim, ...]:
    if path.is_dir():
        return _from_folder(path, texts, coder or _BRAT)
    if path.suffix == ".qdpx":
        documents, found = read_refi(path, coder or "refi")
        if other := [d.id for d in documents if texts.get(d.id, d.text) != d.text]:
            raise EvidenceError(f"{path}: {', '.join(other)}: not the text that the case has → export it anew")
        return found
    return read_claims(path)


def _from_folder(folder: Path, texts: Mapping[str, str], coder: str) -> tuple[Claim, ...]:
    out: list[Claim] = []
    for file in sorted(folder.glob("*.ann")):
        name = unquote(file.stem)
        text = read_document(file.with_suffix(".txt"), id=name).text
        if texts.get(name, text) != text:
            raise EvidenceError(f"{file.with_suffix('.txt')}: not the text that the case has → export it anew")
        out += from_brat(file.read_text(encoding="utf-8"), text, name, coder)
    return tuple(out)


def agreement(study: Study) -> Agreement:
    """Agreement between all who coded a case: who made claims, who reviewed them, and the reader."""
    coded = _coders(study)
    marked = {name: [c for c in claims if c.status != "rejected"] for name, claims in coded.items()}
    pairs: dict[tuple[str, str], dict[str, dict[str, float]]] = {}
    for one, other in combinations(sorted(marked), 2):
        both = {c.source for c in coded[one]} & {c.source for c in coded[other]}
        if both:
            pairs |= pairwise_f1({name: [c for c in marked[name] if c.source in both] for name in (one, other)})
    # Whoever proposes a claim thereby accepts it.
    judged = {
        name: [c.model_copy(update={"status": "accepted"}) if c.status == "proposed" else c for c in claims]
        for name, claims in coded.items()
    }
    return Agreement({name: len(claims) for name, claims in coded.items()}, alpha(judged), pairs)


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
    shares = {actor: conceding_share(claims, actor, members) for actor in wanted}
    return Stances(positions(claims), changes(claims), {actor: found for actor, found in shares.items() if found})


def _dated(claim: Claim, documents: Mapping[str, Document]) -> Claim:
    document = documents.get(claim.source)
    if claim.date or document is None or document.date is None:
        return claim
    return claim.model_copy(update={"date": document.date.isoformat()})
