"""A case's evidence: its documents, its hand-coded claims and those that the reader found and a person accepted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vetopoint.case.registry import complaints
from vetopoint.errors import CaseError, EvidenceError
from vetopoint.evidence import Claim, Document, read_document, read_jsonl
from vetopoint.evidence.place import StorePlace, place_of

if TYPE_CHECKING:
    from vetopoint.case import Case

CLAIMS_FILE = "claims.jsonl"


def store_place(case: Case, address: str | None = None) -> StorePlace:
    """Where a case's store is; see :func:`vetopoint.evidence.place.place_of`."""
    return place_of(case.path, address)


def names_of(case: Case) -> dict[str, tuple[str, ...]]:
    """Actor and member ids with the names under which sources speak of them."""
    members = {id: tuple(filter(None, (who.label, *who.aka))) for id, who in case.file.members.items()}
    return members | {id: tuple(filter(None, (who.label, *who.aka))) for id, who in case.file.actors.items()}


@dataclass(frozen=True)
class Evidence:
    """What a case rests on.

    Parameters
    ----------
    documents : id → document.
    claims : claims that count: those of the file in its order, then those of the store that were reviewed, or that the case names though
        nobody has reviewed them yet; rejected ones left out.
    standing : the same with those that the store holds unreviewed.
    files : name of every evidence file read, for the record of inputs.
    rejected : ids of the claims that somebody rejected.
    """

    documents: Mapping[str, Document]
    claims: tuple[Claim, ...]
    standing: tuple[Claim, ...]
    files: tuple[Path, ...]
    rejected: frozenset[str] = frozenset()

    def check_named(self, case: Case) -> None:
        """Raise a `CaseError` where a case names a claim that does not count."""
        found = complaints(case, "claims", frozenset(claim.id for claim in self.claims), self.rejected)
        if any(problem.severity == "error" for problem in found):
            raise CaseError(found)


@dataclass(frozen=True)
class Study:
    """A case with its evidence, as one person works on it.

    Attributes
    ----------
    case, evidence : as they were when the case was opened; a run does not look at their files again.
    inputs : SHA-256 of every file that a run rests on, by name relative to the case's folder.
    re_anchor : whether units and expectations follow numbers that were replaced.
    """

    case: Case
    evidence: Evidence
    store: StorePlace
    inputs: Mapping[str, str]
    re_anchor: bool = False

    @property
    def out(self) -> Path:
        """Where a run of this case leaves its results unless told otherwise."""
        return self.case.folder / "out"


def gather(case: Case, place: StorePlace, kept: bool = True) -> Evidence:
    """Read a case's sources and claims, hand-coded ones as accepted; a `CaseError` or `EvidenceError` says what is wrong.

    `kept` says whether with those that the store holds; an archive's claims need much memory.
    """
    documents: dict[str, Document] = {}
    files: list[Path] = []
    for name, source in case.file.sources.items():
        path = case.folder / source.file
        if not path.is_file():
            message, remedy = f"no file '{source.file}'", "give its path relative to the case folder"
            raise CaseError(case.problem(message, remedy, "sources", name, "file"))
        found = read_document(path, id=name)
        documents[name] = Document(name, found.text, source.title, source.outlet, source.date, source.url, found.notes)
        files.append(path)
    coded: tuple[Claim, ...] = ()
    hand_coded = case.folder / CLAIMS_FILE
    if hand_coded.is_file():
        coded = read_jsonl(hand_coded, {name: document.text for name, document in documents.items()})
        files.append(hand_coded)
    held = _kept(case, place, frozenset(claim.id for claim in coded), documents) if kept else []
    standing = [claim for claim in (*coded, *held) if claim.status != "rejected"]
    named = _named(case)
    unreviewed = {claim.id for claim in held if claim.status == "proposed" and claim.id not in named}
    claims = tuple(claim for claim in standing if claim.id not in unreviewed)
    rejected = frozenset(claim.id for claim in (*coded, *held) if claim.status == "rejected")
    return Evidence(documents, claims, tuple(standing), tuple(files), rejected - {claim.id for claim in standing})


def _named(case: Case) -> frozenset[str]:
    """Ids of the claims that the case names anywhere."""
    return frozenset(id for name, item in case.inputs.items() for id in (*item.origin.claims, *_because(case, name)))


def _because(case: Case, name: str) -> Iterator[str]:
    place = case.inputs[name].place.above
    while place.parts:
        yield from getattr(place.find(case.file), "because", ())
        place = place.above


def _kept(case: Case, place: StorePlace, known: frozenset[str], documents: dict[str, Document]) -> list[Claim]:
    """The store's claims that no file has, speaking for the actors the case has now; and into ``documents`` their texts."""
    from vetopoint.evidence.naming import Naming

    store = place.look()
    if store is None:
        return []
    with store:
        claims = [claim for claim in store.claims(named=Naming(names_of(case))) if claim.id not in known]
        held = {name: store.document(name) for name in store.documents()}
    for claim in claims:
        now, then = documents.get(claim.source), held[claim.source]
        if now is not None and now.hash != then.hash and claim.status != "rejected":
            # Offsets count characters of the text that was read; in another text they would show other words.
            remedy = "give the new text a name of its own under `sources:`, and keep the old one"
            message = f"claim {claim.id}: source '{claim.source}' has changed since it was read"
            raise EvidenceError(f"{message} → {remedy}")
    documents |= {name: document for name, document in held.items() if name not in documents}
    return claims
