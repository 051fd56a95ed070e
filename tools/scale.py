"""How a sweep and a reading grow, measured on this machine and written to ``docs/scale.md``.

    python tools/scale.py [--draws 10_000_000] [--documents 10_000] [--few] [--only run|archive] [--case cases/european-presence]

``--few`` takes small counts (and the page says so), ``--only`` measures one part and keeps the other. Every figure of the page is measured by this program or worked out from one that is,
and the page says which.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import re
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "scale.md"
PARTS = {"run": "A long run", "archive": "An archive"}
DRAWS, DOCUMENTS = 10_000_000, 10_000
FEW_DRAWS, FEW_DOCUMENTS = 200_000, 400
BLOCK = 4096
PRICE = 0.04  # US dollars a core and hour


@dataclass(frozen=True)
class Took:
    """What a command took: seconds on the clock, of processors, peak memory in MB, and its output."""

    wall: float
    cpu: float
    peak: float
    out: str


def took(*args: str) -> Took:
    """Run vetopoint in a process of its own and measure that."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH")]))}
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "vetopoint", *args], cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    out, usage = _watched(process)
    wall = time.perf_counter() - begin
    if process.returncode != 0:
        raise SystemExit(f"vetopoint {' '.join(args)} fails:\n{out}")
    return Took(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, out)


def _watched(process: subprocess.Popen[bytes]) -> tuple[str, resource.struct_rusage]:
    assert process.stdout is not None
    out = process.stdout.read().decode()
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return out, usage


def quickest(times: Iterable[Took]) -> Took:
    """The run that was disturbed least."""
    return min(times, key=lambda took: took.wall)


def sweep(case: Path, draws: int, workers: int, out: Path) -> Took:
    """One sweep without a grid, from nothing."""
    return took("sweep", str(case), "--draws", str(draws), "--workers", str(workers), "--out", str(out))


def sweeping(case: Path, draws: int) -> list[str]:
    """Time, memory and scaling of a long run; what is kept; 10⁹ by proportion."""
    few = max(BLOCK * 4, draws // 10)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        sweep(case, 16, 1, place / "warm")  # compiles what is not compiled yet
        start = quickest(sweep(case, 16, 1, place / f"start {k}") for k in range(2))
        turns = [[sweep(case, few, n, place / f"{n} of few, {k}") for n in (1, 2)] for k in range(2)]
        one, two = (quickest(times) for times in zip(*turns, strict=True))
        same = all(
            (place / "1 of few, 0" / name).read_bytes() == (place / "2 of few, 1" / name).read_bytes()
            for name in ("sweep.parquet", "draws.parquet", "sweep.json")
        )
        whole = sweep(case, draws, 2, place / "whole")
        kept = sum(path.stat().st_size for path in (place / "whole").rglob("*") if path.is_file()) / 2**20
        table = (place / "whole" / "sweep.parquet").stat().st_size / 1024
    rows = [
        "| draws | threads | seconds | processor seconds | draws a second | peak memory |",
        "|---|---|---|---|---|---|",
        *(
            f"| {n:,} | {workers} | {t.wall:,.0f} | {t.cpu:,.0f} | {n / t.wall:,.0f} | {t.peak:,.0f} MB |"
            for n, workers, t in ((few, 1, one), (few, 2, two), (draws, 2, whole))
        ),
    ]
    cpu = (whole.cpu - start.cpu) / draws
    scaling = (one.wall - start.wall) / max(two.wall - start.wall, 1e-9)
    doubt = "; others used the machine meanwhile, so that this says little" if os.getloadavg()[0] > 3 else ""
    hours = 1e9 * cpu / 3600
    return [
        f"`vetopoint sweep {case.relative_to(ROOT)} --draws N --out DIR`, each from nothing, in a process of its own. All figures of this table are measured.",
        "",
        *rows,
        "",
        f"- Begun with 16 draws it takes {start.wall:.1f} s ({start.cpu:.1f} of a processor): imports, the case, the first pass. Measured.",
        f"- From 1 to 2 threads, {few:,} draws, the start left out, the quicker of two runs each, in turns: {scaling:.2f} times as fast. Measured{doubt}.",
        f"- The tables of 1 and of 2 threads are {'the same bytes' if same else '**not the same bytes**'}. Measured.",
        f"- From {few:,} to {draws:,} draws: {whole.peak / two.peak:.2f} times the memory"
        + (" (below 100,000 draws all rows are kept, and memory grows with them)" if few < 100_000 else "")
        + ". Measured.",
        f"- On disk {kept:,.0f} MB, of which the table of figures is {table:,.0f} KB and nearly all the rest the rows of the first 100,000 draws, twice: by block, and in `draws.parquet`. Measured.",
        "",
        "### 10⁹ draws",
        "",
        f"Worked out from the last line of the table, not measured: at {cpu * 1e6:,.0f} µs of a processor a draw, 10⁹ draws are {hours:,.0f} core hours. "
        f"On 64 cores of this kind that is {hours / 64:,.1f} h if nothing is lost to the cluster; at {PRICE} US dollars a core hour (a typical price on demand, to be replaced by one's own) {hours * PRICE:,.2f} dollars. "
        f"It is {1e9 / BLOCK:,.0f} blocks; what streams is put together every 64 blocks, so that the disk holds no more than above and a window of blocks. "
        "Kept as rows the same draws would be some 676 GB.",
    ]


def reading(documents: int, dask: bool) -> list[str]:
    """Rate and memory of a reading, killed in the middle and gone on with; on two worker processes of a cluster."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        few, table = max(50, documents // 10), place / "texts.csv"
        small = place / "few.csv"
        write_texts(small, few)
        write_texts(table, documents)
        size = table.stat().st_size
        cases = {name: fresh(place / name) for name in ("few", "one", "cluster")}
        less = took("read", str(small), "--case", str(cases["few"]), "--workers", "1")
        killed = kill_midway(table, cases["one"], documents)
        rest = took("read", str(table), "--case", str(cases["one"]), "--workers", "1")
        begin = re.search(r"(\d+) documents known before", rest.out)
        known = int(begin[1]) if begin else 0
        rate = (documents - known) / rest.wall
        far = []
        if dask:
            with scheduler(place) as address:
                there = took("read", str(table), "--case", str(cases["cluster"]), "--cluster", address)
            same = claims(cases["cluster"]) == claims(cases["one"])
            far = [
                f"- By two worker processes of a Dask cluster on this machine: {there.wall:,.0f} s, {documents / there.wall:,.1f} documents a second, {there.peak:,.0f} MB in the process that keeps the store; "
                f"the claims are {'the same, line for line,' if same else '**not the same**'} as those of the reading that was killed and gone on with. Measured."
            ]
    return [
        f"`vetopoint read TABLE --case CASE`: {documents:,} documents, {size / 1e6:,.1f} MB, each made of four paragraphs of the bundled case's report and a number, so that no two are the same.",
        "",
        f"- One process: {rate:,.1f} documents a second, {rest.peak:,.0f} MB; of {few:,} documents {few / less.wall:,.1f} a second, {less.peak:,.0f} MB. Measured.",
        f"- Killed (SIGKILL) when {killed:,} documents were kept; begun again, {known:,} were known before and not read again. Measured.",
        *far,
        f"- 10⁵ such documents, worked out from the first line and not measured: {1e5 / rate / 3600:,.1f} h in one process, shared out among those of a cluster.",
    ]


def write_texts(table: Path, texts: int) -> None:
    source = (ROOT / "cases" / "european-presence" / "sources" / "report.md").read_text(encoding="utf-8")
    said = [p.replace("\n", " ") for p in source.split("\n\n") if len(p) > 80]
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        for n in range(texts):
            chosen = [said[(n * (k + 1) + k * k) % len(said)] for k in range(4)]
            writer.writerow([f"t{n:06}", "\n\n".join([*chosen, f"Report {n}."])])


def fresh(folder: Path) -> Path:
    took("new", str(folder))
    return folder


def kill_midway(table: Path, case: Path, documents: int) -> int:
    """Begin a reading and kill it once about a third of the documents are kept; how many are."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "vetopoint", "read", str(table), "--case", str(case), "--workers", "1"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and kept(case) < documents // 3:
        time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return kept(case)


def kept(case: Path) -> int:
    import sqlite3

    store = case / "case.sqlite"
    if not store.exists():
        return 0
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        return int(connection.execute("select count(*) from reading").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def claims(case: Path) -> list[str]:
    return sorted(took("claims", str(case), "--format", "jsonl").out.splitlines())


class scheduler:
    """A Dask scheduler and two workers on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.processes = folder, list[subprocess.Popen[bytes]]()

    def _begin(self, module: str, *options: str) -> None:
        env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), *filter(None, sys.path)])}
        command = [sys.executable, "-m", f"distributed.cli.{module}", "--no-dashboard", *options]
        with (self.folder / f"{module}.log").open("ab") as log:
            self.processes.append(subprocess.Popen(command, env=env, cwd=self.folder, stdout=log, stderr=log))

    def __enter__(self) -> str:
        import json

        file = self.folder / "scheduler.json"
        self._begin("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file))
        end = time.monotonic() + 120
        while not file.exists() and time.monotonic() < end:
            time.sleep(0.1)
        address = str(json.loads(file.read_text())["address"])
        for _ in range(2):
            self._begin("dask_worker", address, "--no-nanny", "--nthreads", "1", "--local-directory", str(self.folder))
        from distributed import Client

        with Client(address, set_as_default=False, timeout="120s") as client:
            client.wait_for_workers(2, timeout=120)
        return address

    def __exit__(self, *failure: object) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


def machine() -> str:
    """Processor, cores, memory and Python, nothing else."""
    info = Path("/proc/cpuinfo")
    models = re.findall(r"model name\s*: (.*)", info.read_text(encoding="utf-8")) if info.exists() else []
    model = models[0].strip() if models else platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"


def busy() -> str:
    """How much else the machine had to do."""
    load = os.getloadavg()[0]
    quiet = load < 1
    return f"When it began the machine had {load:.1f} processes waiting or at work" + (
        "."
        if quiet
        else ": others used it meanwhile, so that seconds on the clock are more than they need be; processor seconds are less affected."
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure how sweeps and readings grow, and write docs/scale.md.")
    parser.add_argument("--draws", type=int, default=0, help=f"draws of the longest run (default {DRAWS:,})")
    parser.add_argument("--documents", type=int, default=0, help=f"documents read (default {DOCUMENTS:,})")
    parser.add_argument("--few", action="store_true", help=f"{FEW_DRAWS:,} draws and {FEW_DOCUMENTS:,} documents")
    parser.add_argument("--only", choices=list(PARTS), help="measure one part; the page keeps the other as it is")
    parser.add_argument("--case", type=Path, default=ROOT / "cases" / "european-presence", help="the case that is run")
    options = parser.parse_args()
    draws = options.draws or (FEW_DRAWS if options.few else DRAWS)
    documents = options.documents or (FEW_DOCUMENTS if options.few else DOCUMENTS)
    parts = kept_parts()
    for part in [options.only] if options.only else PARTS:
        load = busy()
        print(f"measuring: {PARTS[part]} …", flush=True)
        lines = sweeping(options.case.resolve(), draws) if part == "run" else reading(documents, dask=True)
        full = (draws == DRAWS) if part == "run" else (documents == DOCUMENTS)
        parts[part] = "\n".join([f"## {PARTS[part]}", "", measured(load, full=full), "", *lines])
    head = "# How far it scales\n\nWritten by `tools/scale.py`; nothing here is typed in."
    PAGE.write_text("\n\n".join([head, *(parts[part] for part in PARTS if part in parts)]) + "\n", encoding="utf-8")
    print(f"written to {PAGE.relative_to(ROOT)}")
    return 0


def measured(load: str, *, full: bool) -> str:
    """By which command a part was measured, on what, and whether with the full counts."""
    command = " ".join(["python tools/scale.py", *sys.argv[1:]])
    few = f" The full counts are {DRAWS:,} draws and {DOCUMENTS:,} documents." if not full else ""
    return f"`{command}` on: {machine()}. {load}{few}"


def kept_parts() -> dict[str, str]:
    """The parts of the page as it is."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    found = re.split(r"\n(?=## )", text)
    return {part: each.strip() for part, title in PARTS.items() for each in found if each.startswith(f"## {title}\n")}


if __name__ == "__main__":
    raise SystemExit(main())
