"""A case's evidence: its documents, its hand-coded claims and those that the reader found and a person accepted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetopoint.case import complaints
from vetopoint.errors import CaseError, EvidenceError, Problem
from vetopoint.evidence import Claim, Document, read_document, read_jsonl

if TYPE_CHECKING:
    from pathlib import Path

    from vetopoint.case import Case

__all__ = ["REVIEWED", "STANDING", "Evidence", "check_claims", "gather", "store_path"]

CLAIMS_FILE = "claims.jsonl"
REVIEWED = ("accepted", "corrected")
STANDING = ("proposed", *REVIEWED)


@dataclass(frozen=True)
class Evidence:
    """What a case rests on.

    Parameters
    ----------
    documents : id → document.
    claims : claims in the order of the file, then those of the store; rejected ones left out.
    files : name of every evidence file read, for the record of inputs.
    """

    documents: Mapping[str, Document]
    claims: tuple[Claim, ...]
    files: tuple[Path, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Ids of all claims."""
        return frozenset(claim.id for claim in self.claims)


def store_path(case: Case) -> Path:
    """Where the store of a case's folder lies (built from its files, not committed); a draft beside the case shares it."""
    own = case.folder / f"{case.path.stem}.sqlite"
    return own if own.is_file() else case.folder / "case.sqlite"


def gather(case: Case, statuses: Collection[str] = REVIEWED) -> Evidence:
    """Read a case's sources and claims.

    Parameters
    ----------
    statuses : which claims of the store to take; hand-coded ones count as accepted.

    Raises
    ------
    EvidenceError
        A source or a claim cannot be used.
    CaseError
        The case names a source file that does not exist.
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
    claims: list[Claim] = []
    hand_coded = case.folder / CLAIMS_FILE
    if hand_coded.is_file():
        claims += read_jsonl(hand_coded, {name: document.text for name, document in documents.items()})
        files.append(hand_coded)
    if store_path(case).is_file():
        from vetopoint.evidence import Store

        with Store(store_path(case)) as store:
            known = {claim.id for claim in claims}
            claims += [c for c in store.claims(status=statuses) if c.id not in known]
            for name in store.documents():
                documents.setdefault(name, store.document(name))
    return Evidence(documents, tuple(c for c in claims if c.status != "rejected"), tuple(files))


def check_claims(case: Case, evidence: Evidence) -> list[Problem]:
    """Complaints about claims that the case names and that do not exist."""
    return complaints(case, "claims", evidence.ids)


def require_no_errors(problems: list[Problem]) -> list[Problem]:
    """Raise `CaseError` if any problem is an error; return the problems otherwise."""
    if any(p.severity == "error" for p in problems):
        raise CaseError(problems)
    return problems


def document_text(evidence: Evidence, claim: Claim) -> str:
    """The sentence in which a claim stands, from the immutable copy of its source.

    Raises
    ------
    EvidenceError
        If the source is not at hand.
    """
    if claim.source not in evidence.documents:
        raise EvidenceError(f"claim {claim.id}: no document '{claim.source}' → add it under `sources:`")
    if claim.sentence is None or not claim.sentence.located:
        return claim.quote
    return evidence.documents[claim.source].text[claim.sentence.start : claim.sentence.end]


def place_of(claim: Claim) -> tuple[int, int]:
    """Where in its source a claim's content stands, else its sentence; −1 where neither was found."""
    span = next((s for s in claim.content if s.located), claim.sentence)
    return (span.start, span.end) if span else (-1, -1)


def hedge_words(claim: Claim) -> str:
    """The reporter's distance and the speaker's own hedge, kept apart by a stroke."""
    return " / ".join(word for word in (claim.reporter_hedge, claim.hedge) if word)
