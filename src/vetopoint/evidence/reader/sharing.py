"""Stretches of text shared out to processes that parse: the results come in order and are the same with any number of them."""

from __future__ import annotations

import os
import sys
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Literal

from vetopoint.errors import EvidenceError

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

    from vetopoint.evidence.reader.parse import Parse

BATCH = 4
"""Stretches handed to the parser at once; small batches stay in the processor's cache."""
_WORTH = 2
"""Batches from which on several processes are faster than one; see ``python benchmarks/reader.py --workers``."""
_MOST = 4
"""Processes beyond which the rules, which run in the first one alone, are what is waited for."""

Stretch = tuple[str, int]
Start = Literal["fork", "spawn"]
_Work = Callable[[Iterable[Stretch]], "Iterator[tuple[Stretch, Parse]]"]
_work: list[_Work] = []
"""What this process does, where it is a worker."""


def usable_workers() -> int:
    """How many processes are worth starting on this machine: one where the model cannot be handed on by a fork."""
    if sys.platform != "linux":
        return 1
    return min(len(os.sched_getaffinity(0)), _MOST)


class Shared:
    """Parses stretches in this process, or in several.

    Parameters
    ----------
    work : parses stretches one after the other, `BATCH` at once.
    workers : number of processes; 0 takes as many as are worth it once there is much to parse.
    again : makes `work` anew in a process that does not inherit it.
    start : how processes are begun: as copies of this one, model included, or afresh.
    """

    def __init__(self, work: _Work, workers: int, again: Callable[[], _Work], start: Start | None = None) -> None:
        self._work, self._again = work, again
        self._worth = 0 if workers else _WORTH
        self._workers = workers or usable_workers()
        self._start: Start = start or ("fork" if sys.platform == "linux" else "spawn")
        self._pool: ProcessPoolExecutor | None = None

    def map(self, stretches: Iterable[Stretch]) -> Iterator[tuple[Stretch, Parse]]:
        """Each stretch with its parse, in order; at most two batches a process are under way.

        Raises
        ------
        EvidenceError
            One of several processes died.
        """
        source = iter(stretches)
        batches = iter(lambda: list(islice(source, BATCH)), [])
        if self._workers > 1:
            begun = list(islice(batches, self._worth))
            batches = chain(begun, batches)
            if len(begun) == self._worth:
                yield from self._spread(batches)
                return
        yield from self._work(chain.from_iterable(batches))

    def _spread(self, batches: Iterable[list[Stretch]]) -> Iterator[tuple[Stretch, Parse]]:
        from concurrent.futures.process import BrokenProcessPool

        window: deque[tuple[list[Stretch], Future[list[Parse]]]] = deque()
        try:
            pool = self._started()
            for batch in batches:
                window.append((batch, pool.submit(_run, batch)))
                if len(window) == 2 * self._workers:
                    yield from _done(*window.popleft())
            while window:
                yield from _done(*window.popleft())
        except (
            BrokenProcessPool,
            OSError,
        ) as error:  # the latter where one is started into a pool that is just breaking
            self._pool = None
            message = "a reading process died (out of memory?) → what was read is kept; start again with --workers 1"
            raise EvidenceError(message) from error
        finally:
            for _, future in window:
                future.cancel()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            import multiprocessing
            from concurrent.futures import ProcessPoolExecutor

            context = multiprocessing.get_context(self._start)
            first = self._work if self._start == "fork" else None
            _work[:] = [first] if first else []
            pool = ProcessPoolExecutor(self._workers, context, initializer=_begin, initargs=(self._again,))
            with warnings.catch_warnings():
                # From Python 3.12 on a fork beside threads is warned of; the children touch nothing but the parser.
                warnings.simplefilter("ignore", DeprecationWarning)
                pool.submit(int).result()
            _work.clear()
            self._pool = pool
        return self._pool


def _done(batch: list[Stretch], future: Future[list[Parse]]) -> Iterator[tuple[Stretch, Parse]]:
    return zip(batch, future.result(), strict=True)


def _begin(again: Callable[[], _Work]) -> None:
    """Make a worker ready: it ends with its parent, and leaves it to that to answer an interrupt."""
    import signal
    import threading
    from multiprocessing import parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    if not _work:
        _work.append(again())


def _end_with(sentinel: int) -> None:
    from multiprocessing.connection import wait

    wait([sentinel])
    os._exit(1)


def _run(batch: list[Stretch]) -> list[Parse]:
    return [parse for _, parse in _work[0](batch)]
