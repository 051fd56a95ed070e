"""Read sources into a case's store: claims as a machine proposes them, for a person to accept or reject."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from vetopoint.errors import EvidenceError
from vetopoint.evidence import (
    Coder,
    Document,
    Pace,
    Reader,
    Reading,
    SpacyParser,
    count_documents,
    draft,
    gather,
    read_document,
    read_into,
)
from vetopoint.evidence.claim import Action
from vetopoint.study.folder import begin_folder, open_evidence, write_folder
from vetopoint.study.sources import Study

if TYPE_CHECKING:
    from vetopoint.evidence.store import Store

Aliases = Mapping[str, tuple[str, ...]]
MakeCoder = Callable[[Aliases], Coder]
_MOST = 20_000_000
"""Bytes that are taken from standard input."""
_BATCH = 16
"""Documents that the built-in reader keeps in one transaction; what a program made of a document is kept at once."""


def aliases_of(study: Study) -> dict[str, tuple[str, ...]]:
    """Actor and member ids with the names under which sources speak of them."""
    file = study.case.file
    members = {id: tuple(filter(None, (who.label, *who.aka))) for id, who in file.members.items()}
    return members | {id: tuple(filter(None, (who.label, *who.aka))) for id, who in file.actors.items()}


def read_sources(
    case: str | Path | Study,
    paths: Iterable[str | Path],
    *,
    outlet: str = "",
    date: str = "",
    workers: int = 0,
    coder: MakeCoder | None = None,
    progress: Callable[[Pace], None] | None = None,
) -> Reading:
    """Read files, folders or tables of texts into the case's store.

    Each batch is kept whole or not at all; a source that cannot be used is refused with one message and changes nothing.
    Documents are opened one after the other, so that memory does not grow with their number; a run that was killed goes on
    where it stopped. Another text under an id that is taken gets an id of its own (``a-2``); the same text is known again.

    Parameters
    ----------
    case : a case file, its folder, a folder of evidence, or an open study.
    paths : texts, HTML or PDF files, folders, or tables with a column ``text``; ``-`` is standard input.
    outlet, date : who published them, and when (YYYY-MM-DD), where the documents do not say.
    workers : number of processes that parse; 0 takes as many as are worth it.
    coder : makes the coder from the actors' names; the built-in reader unless given.
    progress : called with the pace of the reading: its share, its characters a second, the seconds left.

    Raises
    ------
    EvidenceError
        If the date is no date, the coder cannot be started, or the reader is not installed.
    """
    study = case if isinstance(case, Study) else open_evidence(case)
    how = _How(outlet, _day(date), coder or _built_in(workers), progress)
    with _files(paths) as files:
        return _read(study, files, how, {})


def read_to_folder(
    folder: str | Path,
    paths: Iterable[str | Path],
    *,
    outlet: str = "",
    date: str = "",
    workers: int = 0,
    coder: MakeCoder | None = None,
    progress: Callable[[Pace], None] | None = None,
) -> Reading:
    """Read texts without a case, into a folder with their texts, a table of documents and the proposed claims.

    Parameters
    ----------
    folder : a new folder, or one that was made so; `vetopoint.study.open_evidence` opens it.
    paths, outlet, date, workers, coder, progress : as of `read_sources`.

    Raises
    ------
    EvidenceError
        The folder holds something else, or lies within what is to be read; else as `read_sources`.
    """
    home = Path(folder)
    how = _How(outlet, _day(date), coder or _built_in(workers), progress)
    with _files(paths) as files:
        within = next((p for p in files if p.is_dir() and home.resolve().is_relative_to(p.resolve())), None)
        if within is not None:
            raise EvidenceError(f"{home}: lies within {within}, which is to be read → name a folder outside of it")
        originals: dict[str, Path] = {}
        study = begin_folder(home)
        try:
            return _read(study, files, how, originals)
        finally:
            write_folder(home, originals)


@dataclass(frozen=True)
class _How:
    """How texts are read: what is said of those that do not say it themselves, by whom, and who is told."""

    outlet: str
    day: dt.date | None
    coder: MakeCoder
    progress: Callable[[Pace], None] | None


def _built_in(workers: int) -> MakeCoder:
    return lambda aliases: Reader(aliases, SpacyParser(workers=workers))


@contextmanager
def _files(paths: Iterable[str | Path]) -> Iterator[list[Path]]:
    """The paths; standard input, where it is among them, as a file that is gone afterwards."""
    given = [Path(path) for path in paths]
    if Path("-") not in given:
        yield given
        return
    raw = sys.stdin.buffer.read(_MOST + 1)
    if len(raw) > _MOST:
        raise EvidenceError(f"standard input: more than {_MOST / 1e6:.0f} MB → cut it into articles, or name files")
    with tempfile.TemporaryDirectory() as place:
        spooled = Path(place) / "stdin.txt"
        spooled.write_bytes(raw)
        yield [spooled if path == Path("-") else path for path in given]


def _read(study: Study, files: list[Path], how: _How, originals: dict[str, Path]) -> Reading:
    """Read files into a study's store, and note from which file each document came."""
    pairs = (pair for path in files for pair in _with_files(path))
    with study.store.open() as store:
        documents: Iterator[Document | EvidenceError] = _settled(pairs, _Ids(store, study), how, originals)
        refused: list[str] = []
        for item in documents:  # nothing is loaded before there is something to read
            if isinstance(item, Document):
                documents = chain([item], documents)
                break
            refused.append(str(item))
        else:
            return Reading(0, 0, 0, tuple(refused))
        coder = how.coder(aliases_of(study))
        pace = Pace(max(sum(map(count_documents, files)) - len(refused), 1), how.progress or (lambda pace: None))
        done = read_into(store, documents, coder, pace=pace, batch=_BATCH if isinstance(coder, Reader) else 1)
    return replace(done, refused=(*refused, *done.refused))


def _settled(
    pairs: Iterable[tuple[Document | EvidenceError, Path | None]], ids: _Ids, how: _How, originals: dict[str, Path]
) -> Iterator[Document | EvidenceError]:
    """Documents with what the user says of them, each under an id that no other text has."""
    for item, file in pairs:
        if isinstance(item, EvidenceError):
            yield item
            continue
        document = ids.settle(replace(item, outlet=how.outlet or item.outlet, date=how.day or item.date))
        if file is not None:
            originals.setdefault(document.id, file)
        yield document


class _Ids:
    """Gives texts ids: the same text always the same one, another text one of its own."""

    def __init__(self, store: Store, study: Study) -> None:
        self._store, self._kept = store, frozenset(store.documents())
        self._hashes = {name: document.hash for name, document in study.evidence.documents.items()}

    def settle(self, document: Document) -> Document:
        """The document under the first of ``a``, ``a-2``, ``a-3`` … that is free or holds its text."""
        for number in count(1):
            name = document.id if number == 1 else f"{document.id}-{number}"
            if name in self._kept and name not in self._hashes:
                self._hashes[name] = self._store.document(name).hash
            if self._hashes.setdefault(name, document.hash) == document.hash:
                return replace(document, id=name)
        raise AssertionError("the numbers end")


def _with_files(path: Path) -> Iterator[tuple[Document | EvidenceError, Path | None]]:
    """What :func:`vetopoint.evidence.gather` finds, each document with the file from which it was read."""
    below: dict[str, list[Path]] = {}
    for file in sorted(path.rglob("*")) if path.is_dir() else ():
        name = str(file.relative_to(path).with_suffix("")).replace("/", ".")
        below.setdefault(name, []).append(file)
    for item in gather(path):
        if isinstance(item, EvidenceError):
            yield item, None
        else:
            yield item, _file_of(item, below.get(item.id, [])) if path.is_dir() else path


def _file_of(document: Document, files: list[Path]) -> Path | None:
    """Which of the files that would give a document its id holds its text."""
    if len(files) < 2:
        return files[0] if files else None
    for file in files:
        with suppress(EvidenceError):
            if file.is_file() and read_document(file).hash == document.hash:
                return file
    return None


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise EvidenceError(f"--date {text}: no date → write YYYY-MM-DD") from error


def review_claim(
    study: Study, claim: str, action: Action, coder: str, reason: str, changes: Mapping[str, str | int]
) -> int:
    """Add a review to the case's append-only log; return its number.

    Parameters
    ----------
    action : ``accept``, ``reject``, ``correct`` (with ``changes``: field → value) or ``undo``.
    """
    store = study.store.look()
    if store is None:
        raise EvidenceError(f"nothing was read into this case yet → `vetopoint read FILE --case {study.case.folder}`")
    with store:
        return store.review(claim, coder, action, reason=reason, changes=changes)


def draft_case(study: Study) -> str:
    """A commented ``case.yaml`` from the case's reviewed claims, with what is missing marked as gaps.

    Raises
    ------
    EvidenceError
        If no claim has been accepted yet.
    """
    if not study.evidence.claims:
        raise EvidenceError("no accepted claims → accept some with `vetopoint review`, or write claims.jsonl")
    file = study.case.file
    labels = {name: actor.label or name for name, actor in file.actors.items()}
    # A case names its sources as it names everything; other documents are found in the store.
    sources = {name: source.file for name, source in file.sources.items() if name.isidentifier() and name.isascii()}
    return draft(
        study.evidence.claims, owner=file.owner, title=file.title, as_of=file.as_of, labels=labels, sources=sources
    )
