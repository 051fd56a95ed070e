"""Read documents into claims, with one process or several, and into a store that remembers what was read."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import Claim
from vetopoint.evidence.documents import Document, flow, is_foreign, passed_over, refusal
from vetopoint.evidence.reader.claims import build_claims
from vetopoint.evidence.reader.parse import Parser, SpacyParser
from vetopoint.evidence.reader.people import Actors

if TYPE_CHECKING:
    from vetopoint.evidence.store import Store

_FEW = 200
"""Below so many documents, loading the model once more costs longer than a second process saves."""

Progress = Callable[[int], None]
_Batch = list[tuple[int, Document]]
_Found = list[tuple[Document, list[Claim]]]
_Readings = Generator[tuple[int, _Found], None, None]
_worker: list[Reader] = []
"""This process's reader, where it is a worker."""


@dataclass(frozen=True)
class Reading:
    """What a bulk reading came to.

    Parameters
    ----------
    read, skipped : documents newly read, and known before.
    claims : claims proposed.
    refused : one clear complaint for each source that cannot be used.
    notes : what was guessed or left out of those that were read.
    """

    read: int
    skipped: int
    claims: int
    refused: tuple[str, ...]
    notes: tuple[str, ...] = ()


class Reader:
    """Reads documents into claims.

    Parameters
    ----------
    aliases : actor id → names under which sources speak of the actor.
    parser : the parser; spaCy with the default model unless given.

    The coder's name, ``machine/<parser>``, is written into every claim.
    """

    def __init__(self, aliases: Mapping[str, Iterable[str]] | None = None, parser: Parser | None = None) -> None:
        self.aliases = {actor: tuple(names) for actor, names in (aliases or {}).items()}
        self.actors = Actors(self.aliases)
        self.parser: Parser = parser if parser is not None else SpacyParser()
        self.coder = f"machine/{self.parser.name}"

    def read(self, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Claim]]]:
        """Claims of each document, in order; memory does not grow with the number of documents.

        The parser gets each paragraph on one line, without marks of layout; spans point into the document's own text.

        Raises
        ------
        EvidenceError
            A document is in a language that is not read; see `refuses`.
        """
        source = iter(documents)
        while batch := list(islice(source, 32)):
            for document in batch:
                if why := self.refuses(document):
                    raise EvidenceError(why)
            flows = [flow(document.text, is_foreign) for document in batch]
            parsed = self.parser.parse(flowing.text for flowing in flows)
            for document, flowing, parses in zip(batch, flows, parsed, strict=True):
                read = document if flowing.text == document.text else replace(document, text=flowing.text)
                claims = [flowing.claim(c) for c in build_claims(read, parses, self.actors, self.coder)]
                remark = passed_over(flowing.left_out)
                yield replace(document, notes=(*document.notes, remark)) if remark else document, claims

    def refuses(self, document: Document) -> str:
        """Why a document is not read; "" where it is. Paragraphs in another language within it are passed over."""
        why = refusal(document.text, document.language)
        return f"{document.id}: {why}" if why else ""


def workers_for(documents: int) -> int:
    """How many processes to read so many documents with, unless the user says."""
    if documents < _FEW:
        return 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(usable, documents // (_FEW // 2), 16))


def read_into(
    store: Store,
    documents: Iterable[Document | EvidenceError],
    reader: Reader,
    workers: int = 1,
    *,
    progress: Progress | None = None,
    batch: int = 16,
) -> Reading:
    """Read documents into a store, skipping what this coder has read before.

    This process alone writes: each batch is kept whole or not at all, in the order in which the documents came, so that
    the store is the same with any number of workers, and a killed run goes on where it stopped, without loss or
    duplicates. At most two batches a worker are under way, so that memory stays flat. Workers end with this process.

    Parameters
    ----------
    documents : documents, or the errors of those that could not be opened (see :func:`vetopoint.evidence.gather`).
    reader : with several workers its parser is a `SpacyParser`, and each worker loads the same model by its name.
    workers : number of processes that parse; 1 is this one.
    progress : called with the number of documents seen so far.

    Raises
    ------
    EvidenceError
        There are several workers, and the parser cannot be loaded by name, or one of them died.
    """
    done, refused, notes, skipped = store.read_by(reader.coder), [], [], 0

    def unread() -> Iterator[tuple[int, Document]]:
        nonlocal skipped
        for seen, item in enumerate(documents, start=1):
            if isinstance(item, EvidenceError):
                refused.append(str(item))
            elif item.id in done:
                skipped += 1
            elif why := reader.refuses(item):
                refused.append(why)
            else:
                yield seen, item

    fresh = unread()
    batches = iter(lambda: list(islice(fresh, batch)), [])
    read = claims = 0
    with closing(_alone(batches, reader) if workers == 1 else _spread(batches, reader, workers)) as readings:
        for seen, found in readings:
            read += store.add_readings(found, reader.coder)
            claims += sum(len(proposed) for _, proposed in found)
            notes += [f"{document.id}: {note}" for document, _ in found for note in document.notes]
            if progress is not None:
                progress(seen)
    return Reading(read, skipped, claims, tuple(refused), tuple(notes))


def _alone(batches: Iterable[_Batch], reader: Reader) -> _Readings:
    for piece in batches:
        yield piece[-1][0], list(reader.read(document for _, document in piece))


def _spread(batches: Iterable[_Batch], reader: Reader, workers: int) -> _Readings:
    """The readings of batches by several processes, in the order of the batches."""
    import multiprocessing
    from concurrent.futures import Future, ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    if not isinstance(reader.parser, SpacyParser):
        message = "several workers load the parser by its name, and this one has no model → read with 1 worker"
        raise EvidenceError(message)
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_start, initargs=(reader.aliases, reader.parser.name))
    window: deque[tuple[int, Future[_Found]]] = deque()
    try:
        for piece in batches:
            window.append((piece[-1][0], pool.submit(_read, [document for _, document in piece])))
            if len(window) == 2 * workers:
                seen, future = window.popleft()
                yield seen, future.result()
        for seen, future in window:
            yield seen, future.result()
    except BrokenProcessPool as error:
        message = "a reading process died (out of memory?) → what was read is kept; start again with fewer --workers"
        raise EvidenceError(message) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start(aliases: dict[str, tuple[str, ...]], model: str) -> None:
    """Load the model in a worker, and end the worker when its parent ends."""
    import threading
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _worker.append(Reader(aliases, SpacyParser(model)))


def _end_with(sentinel: int) -> None:
    from multiprocessing.connection import wait

    wait([sentinel])
    os._exit(1)


def _read(documents: list[Document]) -> _Found:
    return list(_worker[0].read(documents))
