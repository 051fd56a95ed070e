"""Read documents into claims: a parser, the rules, a store that remembers what was read."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from vetopoint.errors import EvidenceError
from vetopoint.evidence._actors import Actors
from vetopoint.evidence._build import build_claims
from vetopoint.evidence._documents import Document, Limits, read_document
from vetopoint.evidence._lexicon import lexicon
from vetopoint.evidence._parse import Parser, SpacyParser
from vetopoint.evidence.claim import Claim
from vetopoint.evidence.store import Store

__all__ = ["Reader", "Reading", "count_documents", "gather", "read_documents", "read_into"]

_SUFFIXES = (".txt", ".md", ".html", ".htm", ".xhtml", ".pdf")
_LIMITS = Limits()
Aliases = Mapping[str, Iterable[str]]


@dataclass(frozen=True)
class Reading:
    """What a bulk reading did: documents read, skipped as read before, refused (with the reason); claims found."""

    read: int
    skipped: int
    refused: tuple[str, ...]
    claims: int


class Reader:
    """Reads documents into claims.

    Parameters
    ----------
    aliases : actor id → names under which sources speak of the actor.
    parser : the parser; spaCy with the default model unless given.

    The coder's name, ``machine/<parser>``, is written into every claim.
    """

    def __init__(self, aliases: Aliases | None = None, parser: Parser | None = None) -> None:
        self.aliases = {actor: tuple(names) for actor, names in (aliases or {}).items()}
        self.actors = Actors(self.aliases)
        self.parser: Parser = parser if parser is not None else SpacyParser()
        self.coder = f"machine/{self.parser.name}"

    def read(self, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Claim]]]:
        """Claims of each document, in order; memory does not grow with the number of documents."""
        source = iter(documents)
        while batch := list(islice(source, 32)):
            for document, parses in zip(batch, self.parser.parse(d.text for d in batch), strict=True):
                yield document, build_claims(document, parses, self.actors, lexicon(), self.coder)


def read_documents(
    paths: Iterable[str | Path], case_aliases: Aliases | None = None, parser: Parser | None = None
) -> tuple[Claim, ...]:
    """Read files into claims.

    Parameters
    ----------
    paths : text, HTML or PDF files.
    case_aliases : actor id → names under which sources speak of the actor.
    parser : the parser; spaCy with the default model unless given.

    Raises
    ------
    EvidenceError
        A file cannot be read; the message names it, the cause and the remedy.
    """
    reader = Reader(case_aliases, parser)
    documents = [read_document(path) for path in paths]
    return tuple(claim for _, claims in reader.read(documents) for claim in claims)


def read_into(
    store: Store,
    documents: Iterable[Document | EvidenceError],
    reader: Reader,
    *,
    progress: Callable[[int], None] | None = None,
    batch: int = 32,
) -> Reading:
    """Read documents into a store, skipping what this coder has read before.

    Each batch is kept whole or not at all, so a killed run goes on where it stopped, without loss or duplicates.

    Parameters
    ----------
    documents : documents, or the errors of those that could not be opened (see :func:`gather`).
    progress : called with the number of documents seen so far.
    """
    done = store.read_by(reader.coder)
    refused: list[str] = []
    counts = {"read": 0, "skipped": 0, "claims": 0, "seen": 0}

    def fresh() -> Iterator[Document]:
        for item in documents:
            counts["seen"] += 1
            if isinstance(item, EvidenceError):
                refused.append(str(item))
            elif item.id in done:
                counts["skipped"] += 1
            else:
                yield item

    pending: list[tuple[Document, list[Claim]]] = []

    def keep() -> None:
        counts["read"] += store.add_readings(pending, reader.coder)
        counts["claims"] += sum(len(claims) for _, claims in pending)
        pending.clear()
        if progress is not None:
            progress(counts["seen"])

    for pair in reader.read(fresh()):
        pending.append(pair)
        if len(pending) >= batch:
            keep()
    if pending:
        keep()
    return Reading(counts["read"], counts["skipped"], tuple(refused), counts["claims"])


def gather(path: str | Path, limits: Limits = _LIMITS) -> Iterator[Document | EvidenceError]:
    """Documents of a file, a folder (all texts below it), or a CSV with a ``text`` column.

    A CSV may also have ``id``, ``title``, ``outlet``, ``date`` (ISO) and ``url``. Files that cannot be read come as the error
    that says why, so that one bad file does not stop a thousand good ones.
    """
    path = Path(path)
    if path.is_dir():
        for file in sorted(p for p in path.rglob("*") if p.suffix.lower() in _SUFFIXES and p.is_file()):
            yield _attempt(file, str(file.relative_to(path).with_suffix("")).replace("/", "."), limits)
    elif path.suffix.lower() == ".csv":
        yield from _from_csv(path)
    else:
        yield _attempt(path, path.stem, limits)


def count_documents(path: str | Path) -> int:
    """How many documents :func:`gather` will find, without opening any but a CSV."""
    path = Path(path)
    if path.is_dir():
        return sum(1 for p in path.rglob("*") if p.suffix.lower() in _SUFFIXES and p.is_file())
    if path.suffix.lower() == ".csv" and path.is_file():
        csv.field_size_limit(10_000_000)
        with path.open(encoding="utf-8-sig", newline="") as handle:
            return max(sum(1 for _ in csv.reader(handle)) - 1, 0)
    return 1


def _attempt(path: Path, name: str, limits: Limits) -> Document | EvidenceError:
    try:
        return read_document(path, id=name, limits=limits)
    except EvidenceError as error:
        return error


def _from_csv(path: Path) -> Iterator[Document | EvidenceError]:
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        table = csv.DictReader(handle)
        if "text" not in (table.fieldnames or ()):
            raise EvidenceError(f"{path}: no column `text` → name the column that holds the articles `text`")
        for number, row in enumerate(table, start=1):
            body = (row.get("text") or "").strip()
            if not body:
                yield EvidenceError(f"{path}: row {number} has no text → fill it in or drop the row")
                continue
            try:
                when = date.fromisoformat(row["date"]) if row.get("date") else None
            except ValueError:
                yield EvidenceError(f"{path}: row {number}: {row['date']!r} is no ISO date → write it as 2026-02-24")
                continue
            yield Document(
                id=row.get("id") or f"{path.stem}.{number}",
                text=body,
                title=row.get("title") or "",
                outlet=row.get("outlet") or "",
                date=when,
                url=row.get("url") or "",
            )
