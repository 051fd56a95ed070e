"""A case's evidence: its documents, its hand-coded claims and those that the reader found and a person accepted."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from vetopoint.errors import CaseError, EvidenceError
from vetopoint.evidence import Claim, Document, read_document, read_jsonl

if TYPE_CHECKING:
    from vetopoint.case import Case
    from vetopoint.evidence.store import Store

CLAIMS_FILE = "claims.jsonl"
STORE_VARIABLE = "VETOPOINT_STORE"


@dataclass(frozen=True)
class StorePlace:
    """Where a case's claims are kept.

    Parameters
    ----------
    where : the case's own SQLite file, or an address that cases may share. Never printed, since it may hold a password.
    case : the case's name at a shared address; "" for the case's own file.
    """

    where: str | Path = field(repr=False)
    case: str = ""

    def open(self) -> Store:
        """The store, made if it is not there yet."""
        from vetopoint.evidence.store import Store

        return Store(self.where, self.case)

    def look(self) -> Store | None:
        """The store, or None where nothing is kept yet; nothing is made."""
        if isinstance(self.where, Path) and not self.where.is_file():
            return None  # without loading the database
        from vetopoint.evidence.store import NothingKept, Store

        try:
            return Store(self.where, self.case, make=False)
        except NothingKept:
            return None


def store_place(case: Case, address: str | None = None) -> StorePlace:
    """Where a case's store is: at the address given, else in ``VETOPOINT_STORE``, else in the case's folder.

    At an address a case goes by the name of its folder, so that a draft beside the case shares its claims, and so that
    colleagues who keep copies of one case find each other's reviews.
    """
    address = address or os.environ.get(STORE_VARIABLE)
    if address:
        return StorePlace(address, unicodedata.normalize("NFC", case.folder.resolve().name) or "case")
    own = case.folder / f"{case.path.stem}.sqlite"
    return StorePlace(own if own.is_file() else case.folder / "case.sqlite")


@dataclass(frozen=True)
class Evidence:
    """What a case rests on.

    Parameters
    ----------
    documents : id → document.
    claims : claims that count: those of the file in its order, then the reviewed ones of the store; rejected ones left out.
    standing : the same with those that the store holds unreviewed.
    files : name of every evidence file read, for the record of inputs.
    """

    documents: Mapping[str, Document]
    claims: tuple[Claim, ...]
    standing: tuple[Claim, ...]
    files: tuple[Path, ...]


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


def gather(case: Case, place: StorePlace) -> Evidence:
    """Read a case's sources and claims, hand-coded ones as accepted; a `CaseError` or `EvidenceError` says what is wrong."""
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
    kept = _kept(place, frozenset(claim.id for claim in coded), documents)
    standing = [claim for claim in (*coded, *kept) if claim.status != "rejected"]
    unreviewed = {claim.id for claim in kept if claim.status == "proposed"}
    claims = tuple(claim for claim in standing if claim.id not in unreviewed)
    return Evidence(documents, claims, tuple(standing), tuple(files))


def _kept(place: StorePlace, known: frozenset[str], documents: dict[str, Document]) -> list[Claim]:
    """The store's claims that no file has, and into ``documents`` the texts in which they stand."""
    store = place.look()
    if store is None:
        return []
    with store:
        claims = [claim for claim in store.claims() if claim.id not in known]
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
