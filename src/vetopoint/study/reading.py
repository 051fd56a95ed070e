"""Read sources into a case's store: claims as a machine proposes them, for a person to accept or reject."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Coder, Document, Pace, Reader, Reading, SpacyParser, count_documents, read_into
from vetopoint.evidence.documents import gather_with_files
from vetopoint.study.far_reading import FarReader
from vetopoint.study.folder import begin_folder, open_to_read, write_folder
from vetopoint.study.sources import Study, names_of

if TYPE_CHECKING:
    from vetopoint.evidence.store import Store

Aliases = Mapping[str, tuple[str, ...]]
MakeCoder = Callable[[Aliases], Coder]
_BATCH = 16
"""Documents that the built-in reader keeps in one transaction; what a program made of a document is kept at once."""


def aliases_of(study: Study) -> dict[str, tuple[str, ...]]:
    """Actor and member ids with the names under which sources speak of them."""
    return names_of(study.case)


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
    where it stopped. Another text under an id that is taken gets an id of its own (``a-2``); the same text of a file of the same
    name is known again.

    Parameters
    ----------
    case : a case file, its folder, a folder of evidence, or an open study.
    paths : files of any form in `vetopoint.evidence.documents`, folders, tables with a column ``text``; ``-`` is standard input.
    outlet, date : who published them, and when (YYYY-MM-DD), where the documents do not say.
    workers : number of processes that parse; 0 takes as many as are worth it.
    coder : makes the coder from the actors' names; the built-in reader unless given.
    progress : called with the pace of the reading: its share, its characters a second, the seconds left.

    Raises
    ------
    EvidenceError
        If the date is no date, the coder cannot be started, or the reader is not installed.
    """
    study = case if isinstance(case, Study) else open_to_read(case)
    how = _How(outlet, _day(date), coder or _built_in(workers), progress)
    return _read(study, [Path(path) for path in paths], how, {})


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
    home, files = Path(folder), [Path(path) for path in paths]
    how = _How(outlet, _day(date), coder or _built_in(workers), progress)
    within = next((p for p in files if p.is_dir() and home.resolve().is_relative_to(p.resolve())), None)
    if within is not None:
        raise EvidenceError(f"{home}: lies within {within}, which is to be read → name a folder outside of it")
    originals: dict[str, Path] = {}
    study = begin_folder(home)
    with tempfile.TemporaryDirectory() as place:
        try:
            return _read(study, files, how, originals, Path(place) / "stdin.txt")
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


def _read(study: Study, files: list[Path], how: _How, originals: dict[str, Path], copy: Path | None = None) -> Reading:
    """Read files into a study's store, note from which file each document came, and keep a copy of standard input."""
    pairs = gather_with_files(*files, copy=copy)
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
        done = read_into(
            store, documents, coder, pace=pace, batch=_BATCH if isinstance(coder, Reader | FarReader) else 1
        )
    return replace(done, refused=(*refused, *done.refused))


def _settled(
    pairs: Iterable[tuple[Document | EvidenceError, Path | None]], ids: _Ids, how: _How, originals: dict[str, Path]
) -> Iterator[Document | EvidenceError]:
    """Documents with what the user says of them, each under an id that no other text has."""
    for item, file in pairs:
        if isinstance(item, EvidenceError):
            yield item
            continue
        document = ids.settle(replace(item, outlet=how.outlet or item.outlet, date=how.day or item.date), file)
        if file is not None:
            originals.setdefault(document.id, file)
        yield document


class _Ids:
    """Gives texts ids: the same text of files of one name always the same one, another text one of its own.

    Within one reading :func:`vetopoint.evidence.gather` names files apart; here they are told from what was read before, when other
    files may have stood beside them.
    """

    def __init__(self, store: Store, study: Study) -> None:
        opened = study.evidence.documents
        hashes = {name: document.hash for name, document in opened.items()}
        hashes |= {name: text for name, text in store.hashes().items() if name not in opened}
        self._taken = set(hashes)
        self._known: dict[str, list[str]] = {}
        for name, text in hashes.items():
            self._known.setdefault(text, []).append(name)

    def settle(self, document: Document, file: Path | None) -> Document:
        """The document under the id under which its text is known, else the first of ``a``, ``a-2``, ``a-3`` … that is free."""
        known = self._known.setdefault(document.hash, [])
        if document.id in known:
            return document
        name = next(filter(_namesakes(document.id, file).fullmatch, known), None) or self._free(document.id)
        known.append(name)
        return replace(document, id=name)

    def _free(self, id: str) -> str:
        name = next(name for name in chain([id], (f"{id}-{number}" for number in count(2))) if name not in self._taken)
        self._taken.add(name)
        return name


def _namesakes(id: str, file: Path | None) -> re.Pattern[str]:
    """The ids that a text may have got: those of files of its name, whatever folders and endings told them apart."""
    names = re.escape(id)
    if file is not None and file.suffix.lower() != ".csv":
        names += rf"|(?:.*\.)?{re.escape(file.stem)}(?:\.\w+)?"
    return re.compile(rf"(?:{names})(?:-\d+)?", re.DOTALL)


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise EvidenceError(f"--date {text}: no date → write YYYY-MM-DD") from error
