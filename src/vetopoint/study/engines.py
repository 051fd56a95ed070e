"""Who does the work: threads of this process, or the workers of a Dask cluster. What comes out does not depend on it.

An engine hands out pieces of work in a sliding window, so that neither memory nor a cluster's scheduler grows with their number, and
what is to be kept is kept by the caller: when a cluster loses a worker, its pieces are done again by others; when the cluster or this
process is lost, the next run goes on from what was kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from vetopoint.errors import MissingExtra, VetopointError

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["WINDOW", "Cluster", "Engine", "Threads"]

Item = TypeVar("Item")
Found = TypeVar("Found")

WINDOW = 2_000
"""The most pieces of work that a cluster holds at once."""

PER_THREAD = 4  # pieces that wait or are under way for each thread of a cluster
CONNECT = "20s"
LOOK_UP = 2.0  # seconds without a finished piece after which the workers are counted
PATIENCE = 60.0  # seconds for which workers may all be gone


class Engine(Protocol):
    """Does pieces of work, several at once."""

    @property
    def workers(self) -> int:
        """How many pieces are under way at once."""

    def each(
        self, work: Callable[[Item], Found], items: Iterable[Item], in_order: bool = False
    ) -> Iterator[tuple[Item, Found]]:
        """Every item with what was made of it, as they are done or in their own order; items are asked for as they are needed."""


class Threads:
    """Threads of this process.

    Parameters
    ----------
    workers : how many; 0 takes one for each processor.
    """

    def __init__(self, workers: int = 0) -> None:
        self.workers = workers or _processors()

    def each(
        self, work: Callable[[Item], Found], items: Iterable[Item], in_order: bool = False
    ) -> Iterator[tuple[Item, Found]]:
        """See `Engine.each`; when it is left early, work under way is finished and the rest is not begun."""
        source = iter(items)
        waiting: dict[Future[Found], Item] = {}
        with ThreadPoolExecutor(self.workers) as pool:
            try:
                while True:
                    for item in islice(source, 2 * self.workers - len(waiting)):
                        waiting[pool.submit(work, item)] = item
                    if not waiting:
                        return
                    done, _ = wait(list(waiting)[: 1 if in_order else None], return_when=FIRST_COMPLETED)
                    for future in done:
                        yield waiting.pop(future), future.result()
            finally:
                for future in waiting:
                    future.cancel()


def _processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Cluster:
    """The workers of a Dask cluster, which have this version of vetopoint installed.

    Parameters
    ----------
    address : where its scheduler listens, such as ``tcp://10.0.0.5:8786``.
    window : the most pieces that it holds at once.

    Raises
    ------
    MissingExtra
        Dask is not installed here.
    VetopointError
        Nobody answers at the address, or the cluster has no workers.
    """

    def __init__(self, address: str, window: int = WINDOW) -> None:
        self.address, self._window = address, min(window, WINDOW)
        self._client = _connected(address)
        self.workers = self._threads()
        if not self.workers:
            self.close()
            raise VetopointError(f"--cluster {address}: has no workers → start some: dask worker {address}")

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        """Leave the cluster; what it still does for us is given up."""
        self._client.close(timeout=5)

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())

    def each(
        self, work: Callable[[Item], Found], items: Iterable[Item], in_order: bool = False
    ) -> Iterator[tuple[Item, Found]]:
        """See `Engine.each`; a piece whose worker dies is done by another, as often as the cluster allows (four times).

        Raises
        ------
        VetopointError
            The cluster lost a piece once too often, or itself; and what the work raises.
        """
        source = iter(items)
        waiting: dict[Any, Item] = {}
        try:
            while True:
                most = min(self._window, max(2, PER_THREAD * self.workers))
                for item in islice(source, max(0, most - len(waiting))):
                    waiting[self._client.submit(work, item, pure=False)] = item
                if not waiting:
                    return
                for future in self._finished(list(waiting)[: 1 if in_order else None]):
                    yield waiting.pop(future), self._result(future)
        finally:
            self._give_up(list(waiting))

    def _finished(self, waiting: list[Any]) -> set[Any]:
        """Those that are done, once there is one; workers that come and go meanwhile are counted anew."""
        from distributed import wait as wait_for

        idle = 0.0
        while True:
            try:
                with self._client.as_current():
                    return set(wait_for(waiting, timeout=LOOK_UP, return_when="FIRST_COMPLETED").done)
            except TimeoutError:
                idle = 0.0 if self._count() else idle + LOOK_UP
            except self._losses() as error:
                raise self._lost("the cluster was lost") from error
            if idle >= PATIENCE:
                raise self._lost("has no workers any more", f"start some: dask worker {self.address}; begin again")

    def _count(self) -> int:
        try:
            self.workers = self._threads()
        except self._losses() as error:
            raise self._lost("the cluster was lost") from error
        return self.workers

    def _result(self, future: Any) -> Any:
        from distributed.scheduler import KilledWorker

        try:
            return future.result()
        except KilledWorker as error:
            message = "workers died one after the other of the same piece of work (out of memory?)"
            raise self._lost(message, "give them more memory, and begin again") from error
        except self._losses() as error:
            raise self._lost("the cluster was lost") from error
        except (ImportError, RuntimeError) as error:
            if isinstance(error, RuntimeError) and "deserializ" not in str(error):
                raise
            remedy = "pip install 'vetopoint[cluster]' on all of its machines; to read texts 'vetopoint[cluster,read]'"
            message = "its scheduler or a worker lacks vetopoint, or has another version of it or of Python"
            raise VetopointError(f"--cluster {self.address}: {message} → {remedy}") from error

    def _losses(self) -> tuple[type[BaseException], ...]:
        from concurrent.futures import CancelledError

        from distributed.client import FutureCancelledError
        from distributed.comm import CommClosedError

        return CommClosedError, CancelledError, FutureCancelledError, TimeoutError, OSError

    def _lost(self, what: str, remedy: str = "begin again when it is there") -> VetopointError:
        return VetopointError(f"--cluster {self.address}: {what} → what was done is kept; {remedy}")

    def _give_up(self, futures: list[Any]) -> None:
        if futures:
            try:
                self._client.cancel(futures)
            except self._losses():
                return  # with the cluster went the work


def _connected(address: str) -> Client:
    """A client of the cluster, with its complaints to the log kept off the terminal."""
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise MissingExtra("--cluster (Dask)", "cluster") from error
    try:
        with dask.config.set({"distributed.comm.timeouts.connect": CONNECT, "logging.distributed": "critical"}):
            return Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        remedy = "start a scheduler (dask scheduler) and give its address, such as tcp://127.0.0.1:8786"
        raise VetopointError(f"--cluster {address}: nobody answers there ({_first_line(error)}) → {remedy}") from error


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).partition("\n")[0][:160]
