"""Every engine keeps one contract; a Dask cluster of two worker processes on loopback keeps it while one of them is killed."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from support import ROOT, require
from vetopoint.errors import MissingExtra, VetopointError
from vetopoint.evidence import Pace
from vetopoint.quantity.sampling import BLOCK
from vetopoint.study import engines, far_reading, open_study
from vetopoint.study.engines import Cluster, Engine, Threads
from vetopoint.study.far_reading import FarReader
from vetopoint.study.grid import parse_axis
from vetopoint.study.reading import read_to_folder
from vetopoint.study.sweep import sweep

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
KEPT = ("sweep.parquet", "draws.parquet", "sweep.json")
CASE = ROOT / "cases" / "tutorial-reedmeadow"


def squared(number: int) -> int:
    return number * number


def late_if_even(number: int) -> int:
    time.sleep(0.05 * (number % 2 == 0))
    return number


def refuses_seven(number: int) -> int:
    if number == 7:
        raise VetopointError("seven → take another")
    return number


def slow(number: int) -> int:
    time.sleep(0.2)
    return number


def dies(number: int) -> int:
    os._exit(1)


def write_texts(table: Path, texts: int) -> None:
    """A table of texts of about 1,400 characters, all of them different."""
    source = (ROOT / "cases" / "european-presence" / "sources" / "report.md").read_text(encoding="utf-8")
    said = [p.replace("\n", " ") for p in source.split("\n\n") if len(p) > 80]
    assert len(said) > 5
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        for n in range(texts):
            writer.writerow([f"t{n:04}", "\n\n".join([*(said[(n + k) % len(said)] for k in range(3)), f"Report {n}."])])


class Dask:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path, bare: bool = False) -> None:
        require("cluster")
        self.folder = folder
        self.scheduler_file = folder / "scheduler.json"
        own = [str(ROOT / "src"), str(Path(__file__).parent), str(Path(__file__).parents[1])]
        paths = [*([] if bare else own), *(path for path in sys.path if path and path not in own)]
        self.env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "120s",
            "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
            "DASK_DISTRIBUTED__WORKER__MEMORY__TERMINATE": "false",
        }
        quiet = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(self.scheduler_file))
        self.processes = [self._begun("dask_scheduler", *quiet)]
        self._wait(self.scheduler_file.exists)
        import json

        self.address = json.loads(self.scheduler_file.read_text())["address"]
        self.workers = [self.worker(), self.worker()]

    def _begun(self, module: str, *options: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{module}.log").open("ab")
        with log:
            command = [sys.executable, "-m", f"distributed.cli.{module}", *options]
            return subprocess.Popen(command, env=self.env, cwd=self.folder, stdout=log, stderr=log)

    def _wait(self, holds: Callable[[], bool], seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "the cluster did not come up"
            time.sleep(0.05)

    def worker(self) -> subprocess.Popen[bytes]:
        """Another worker; one without a nanny, so that it stays dead when it is killed."""
        options = ("--no-nanny", "--nthreads", "1", "--no-dashboard", "--local-directory", str(self.folder))
        process = self._begun("dask_worker", self.address, *options)
        self.processes.append(process)
        return process

    def ready(self, workers: int = 2) -> Dask:
        """Once so many workers are there; those that a test killed are replaced."""
        from distributed import Client

        self.workers = [w for w in self.workers if w.poll() is None]
        while len(self.workers) < workers:
            self.workers.append(self.worker())
        with Client(self.address, set_as_default=False, timeout="120s") as client:
            client.wait_for_workers(workers, timeout=120)
        return self

    def close(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    cluster = Dask(tmp_path_factory.mktemp("dask"))
    yield cluster
    cluster.close()


@pytest.fixture(params=["one thread", "two threads", pytest.param("dask", marks=pytest.mark.soak)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "dask":
        with Cluster(request.getfixturevalue("dask").ready().address) as cluster:
            yield cluster
    else:
        yield Threads(1 if request.param == "one thread" else 2)


def test_every_item_is_done_once(engine: Engine) -> None:
    assert engine.workers in (1, 2)
    assert sorted(engine.each(squared, range(30))) == [(n, n * n) for n in range(30)]
    assert list(engine.each(squared, [])) == []


def test_items_come_in_their_order_where_that_is_asked_for(engine: Engine) -> None:
    assert list(engine.each(late_if_even, range(10), in_order=True)) == [(n, n) for n in range(10)]


def test_items_are_asked_for_as_they_are_needed(engine: Engine) -> None:
    asked: list[int] = []
    work = engine.each(squared, (asked.append(n) or n for n in range(10_000)))  # type: ignore[func-returns-value]
    for _ in range(3):
        next(work)
    assert 3 <= len(asked) <= 3 + 2 * engines.PER_THREAD * 2
    work.close()  # type: ignore[attr-defined]
    assert len(asked) <= 3 + 2 * engines.PER_THREAD * 2


def test_what_the_work_complains_of_comes_through(engine: Engine) -> None:
    with pytest.raises(VetopointError, match=r"^seven → take another$"):
        list(engine.each(refuses_seven, range(20)))
    assert len(list(engine.each(squared, range(5)))) == 5  # it goes on working


def test_a_cluster_never_holds_more_than_its_window(dask: Dask) -> None:
    asked: list[int] = []
    with Cluster(dask.ready().address, window=3) as cluster:
        work = cluster.each(slow, (asked.append(n) or n for n in range(100)))  # type: ignore[func-returns-value]
        next(work)
        assert len(asked) == 3
        work.close()  # type: ignore[attr-defined]
    assert Cluster.__init__.__defaults__ == (engines.WINDOW,)
    assert engines.WINDOW == 2_000


def test_a_sweep_on_two_workers_of_which_one_is_killed_has_the_bytes_of_threads(dask: Dask, tmp_path: Path) -> None:
    study, axes = open_study(CASE), [parse_axis("wet=0.2:0.8:2")]
    draws = 8 * BLOCK + 7
    sweep(study, axes, draws, 2, tmp_path / "threads", Threads(2))
    killed: list[int] = []
    with Cluster(dask.ready().address) as cluster:
        assert cluster.workers == 2

        def kill_one(pace: object) -> None:
            if len(list((tmp_path / "dask" / "blocks").glob("*.block"))) >= 4 and not killed:
                dask.workers[0].send_signal(signal.SIGKILL)
                killed.append(dask.workers[0].wait())

        found = sweep(study, axes, draws, 2, tmp_path / "dask", cluster, kill_one)
    assert killed == [-signal.SIGKILL]
    assert found.made == 18
    for name in KEPT:
        assert (tmp_path / "dask" / name).read_bytes() == (tmp_path / "threads" / name).read_bytes(), name


def test_blocks_of_a_cluster_and_of_threads_are_one_stock(dask: Dask, tmp_path: Path) -> None:
    study = open_study(CASE)
    sweep(study, [], 2 * BLOCK, 2, tmp_path, Threads(1))
    with Cluster(dask.ready().address) as cluster:
        found = sweep(study, [], 4 * BLOCK, 2, tmp_path, cluster)
    assert (found.found, found.made) == (2, 2)


def claims_of(out: Path) -> str:
    return (out / "proposed.jsonl").read_text(encoding="utf-8")


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few texts are many pieces of work."""
    monkeypatch.setattr(far_reading, "CHARACTERS", 5_000)


@pytest.mark.usefixtures("small_batches")
def test_a_reading_on_two_workers_of_which_one_is_killed_has_the_claims_of_one_process(
    dask: Dask, tmp_path: Path
) -> None:
    table = tmp_path / "texts.csv"
    write_texts(table, 40)
    read_to_folder(tmp_path / "here", [table], workers=1)
    killed: list[int] = []
    with Cluster(dask.ready().address) as cluster:

        def kill_one(pace: Pace) -> None:
            if pace.read > 10_000 and not killed:
                dask.workers[0].send_signal(signal.SIGKILL)
                killed.append(dask.workers[0].wait())

        done = read_to_folder(
            tmp_path / "there", [table], coder=lambda aliases: FarReader(aliases, cluster), progress=kill_one
        )
    assert killed == [-signal.SIGKILL]
    assert done.read == 40
    assert claims_of(tmp_path / "there") == claims_of(tmp_path / "here")
    assert claims_of(tmp_path / "here").count("\n") > 40
    for name in ("documents.csv", "sources"):
        assert (tmp_path / "there" / name).exists()


@pytest.mark.usefixtures("small_batches")
def test_a_reading_goes_on_where_it_was_ended_whoever_reads(dask: Dask, tmp_path: Path) -> None:
    table = tmp_path / "texts.csv"
    write_texts(table, 40)

    def ends(pace: Pace) -> None:
        if pace.read > 20_000:
            raise KeyboardInterrupt

    with Cluster(dask.ready().address) as cluster:
        make = partial(FarReader, engine=cluster)
        with pytest.raises(KeyboardInterrupt):
            read_to_folder(tmp_path / "broken", [table], coder=make, progress=ends)
        done = read_to_folder(tmp_path / "broken", [table], coder=make)
    assert done.skipped > 10
    assert done.read == 40 - done.skipped
    again = read_to_folder(tmp_path / "broken", [table], workers=1)
    assert (again.read, again.skipped) == (0, 40)
    read_to_folder(tmp_path / "whole", [table], coder=partial(FarReader, engine=Threads(1)))
    assert claims_of(tmp_path / "broken") == claims_of(tmp_path / "whole")


def test_a_piece_on_which_every_worker_dies_ends_the_sweep_and_says_what_to_do(dask: Dask) -> None:
    with Cluster(dask.ready(2).address) as cluster, pytest.raises(VetopointError) as told:
        list(cluster.each(dies, [1]))
    assert "workers died one after the other of the same piece of work" in str(told.value)
    assert "→ what was done is kept; give them more memory" in str(told.value)


def test_a_cluster_without_workers_is_not_waited_for(dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PATIENCE", 1.0)
    monkeypatch.setattr(engines, "LOOK_UP", 0.5)
    with Cluster(dask.ready().address) as cluster:
        work = cluster.each(slow, range(50))
        next(work)
        for worker in dask.workers:
            worker.kill()
            worker.wait()
        with pytest.raises(VetopointError, match="has no workers any more → what was done is kept; start some"):
            list(work)
    with pytest.raises(VetopointError, match=r"has no workers → start some: dask worker tcp://"):
        Cluster(dask.address)


def test_a_cluster_that_lacks_what_is_to_be_done_says_so(tmp_path: Path) -> None:
    """Its workers have Dask, but not the module whose function they get."""
    bare = Dask(tmp_path, bare=True)
    try:
        with Cluster(bare.ready().address) as cluster, pytest.raises(VetopointError) as told:
            list(cluster.each(squared, [1]))
    finally:
        bare.close()
    assert "lacks vetopoint, or has another version" in str(told.value)
    assert "→ pip install 'vetopoint[cluster]' on all of its machines" in str(told.value)


def test_nobody_at_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    require("cluster")
    monkeypatch.setattr(engines, "CONNECT", "2s")
    with pytest.raises(
        VetopointError, match=r"^--cluster tcp://127.0.0.1:9: nobody answers there .* → start a scheduler"
    ):
        Cluster("tcp://127.0.0.1:9")
    with pytest.raises(VetopointError, match=r"^--cluster nonsense://x: nobody answers there"):
        Cluster("nonsense://x")


def test_without_dask_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingExtra, match=r"pip install 'vetopoint\[cluster\]'"):
        Cluster("tcp://127.0.0.1:9")


@contextmanager
def other_versions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    from vetopoint.study import making

    with monkeypatch.context() as patch:
        patch.setattr(making, "versions", lambda: {"numpy": "0.1", "vetopoint": "0.1.0"})
        yield


def test_a_worker_with_other_versions_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from vetopoint.chain import frame_of
    from vetopoint.chain.world import first_pass
    from vetopoint.study.making import Piece, recipe_of

    study = open_study(CASE)
    recipe = recipe_of(study, first_pass(frame_of(study.case)), 1)
    with (
        other_versions(monkeypatch),
        pytest.raises(VetopointError, match=r"a worker has numpy 0.1 and not .* → install"),
    ):
        recipe(Piece(0, (), 0, 10, 0))
    stream, rows = recipe(Piece(0, (), 0, 10, 3))
    assert stream
    assert rows
