"""Reading with several processes: batches go out, come back and are stored in the order of the documents."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.connection import wait

from vetopoint.errors import EvidenceError
from vetopoint.evidence._documents import Document
from vetopoint.evidence._parse import SpacyParser
from vetopoint.evidence._reader import Reader, Reading
from vetopoint.evidence.claim import Claim
from vetopoint.evidence.store import Store

__all__ = ["read_parallel", "workers_for"]

_FEW = 200
"""Below so many documents, loading the model once more costs longer than a second process saves."""

_reader: list[Reader] = []
"""This process's reader, where it is a worker."""


def workers_for(documents: int) -> int:
    """How many processes to read so many documents with, unless the user says."""
    if documents < _FEW:
        return 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(usable, documents // (_FEW // 2), 16))


def read_parallel(
    store: Store,
    documents: Iterable[Document | EvidenceError],
    reader: Reader,
    workers: int,
    *,
    progress: Callable[[int], None] | None = None,
    batch: int = 16,
) -> Reading:
    """As :func:`vetopoint.evidence.read_into`, with the parsing spread over processes.

    This process alone writes: each batch is kept whole or not at all, in the order in which the documents came, so that the
    store is the same with any number of workers, and a killed run goes on where it stopped. At most two batches a worker are
    under way, so that memory stays flat. Workers end when this process does, also if it is killed.

    Parameters
    ----------
    reader : a reader whose parser is a `SpacyParser`; each worker loads the same model by its name.
    workers : number of processes, at least 1.

    Raises
    ------
    EvidenceError
        The parser cannot be loaded by name, or a worker died.
    """
    if not isinstance(reader.parser, SpacyParser):
        raise EvidenceError(
            "several workers load the parser by its name, and this one has no model → read with 1 worker"
        )
    done = store.read_by(reader.coder)
    refused: list[str] = []
    counts = {"read": 0, "skipped": 0, "claims": 0}

    def fresh() -> Iterator[tuple[int, Document]]:
        for seen, item in enumerate(documents, start=1):
            if isinstance(item, EvidenceError):
                refused.append(str(item))
            elif item.id in done:
                counts["skipped"] += 1
            else:
                yield seen, item

    def keep(under_way: tuple[int, list[Document], Future[list[list[Claim]]]]) -> None:
        seen, texts, future = under_way
        found = future.result()
        counts["read"] += store.add_readings(zip(texts, found, strict=True), reader.coder)
        counts["claims"] += sum(map(len, found))
        if progress is not None:
            progress(seen)

    source = fresh()
    window: deque[tuple[int, list[Document], Future[list[list[Claim]]]]] = deque()
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_start, initargs=(reader.aliases, reader.parser.name))
    try:
        while piece := list(islice(source, batch)):
            texts = [document for _, document in piece]
            window.append((piece[-1][0], texts, pool.submit(_read, texts)))
            if len(window) >= 2 * workers:
                keep(window.popleft())
        while window:
            keep(window.popleft())
    except BrokenProcessPool as error:
        raise EvidenceError(
            "a reading process died (out of memory?) → what was read is kept; start again with fewer --workers"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return Reading(counts["read"], counts["skipped"], tuple(refused), counts["claims"])


def _start(aliases: dict[str, tuple[str, ...]], model: str) -> None:
    """Load the model in a worker, and end the worker when its parent ends."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    _reader.append(Reader(aliases, SpacyParser(model)))


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _read(documents: list[Document]) -> list[list[Claim]]:
    return [claims for _, claims in _reader[0].read(documents)]
