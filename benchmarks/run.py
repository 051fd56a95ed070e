"""The main job, timed and taken apart: ``python benchmarks/run.py [--draws 20000] [--times 3]``.

First the bundled case as ``make demo`` runs it, in fresh processes whose compiled kernels are on disk already: wall time, processor
time and peak memory; the gate is 20 s on two cores. Then one run in this process with a clock around the kernels and the larger
steps: processor seconds of the thread that does the work. A step contains the kernels that it runs itself, not those it shares out to threads.
"""

from __future__ import annotations

import argparse
import functools
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CASE = ROOT / "cases" / "european-presence"
GATE = 20.0
CLOCKED = {
    "kernels": {
        "branch traced": "game.solver.engine.trace",
        "backward pass": "game.solver.interpreter.sweep",
        "who joins": "coalition.joining._join",
        "truce walked": "truce.hazard.walk",
    },
    "steps": {
        "draws": "chain.run.sample_case",
        "programs recorded": "game.solver.engine.branch_programs",
        "payoffs": "chain.world.payoffs_as_seen",
        "coalition tables": "chain.world.coalition_tables",
        "truce tables": "chain.world.truce_tables",
        "coalition section": "chain.run.coalition_section",
        "truce section": "chain.run.truce_section",
    },
}


def processes(draws: int, times: int) -> None:
    """Print wall time, processor time and peak memory of whole runs."""
    env = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    walls, processor = [], []
    with tempfile.TemporaryDirectory() as out:
        command = [
            sys.executable,
            "-m",
            "vetopoint",
            "run",
            str(CASE),
            "--draws",
            str(draws),
            "--seed",
            "1",
            "--out",
            out,
        ]
        for number in range(times + 1):
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
            if number:  # the first one fills the cache
                walls.append(wall)
                processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(
        f"{draws:,} draws, {os.cpu_count()} processors, {times} runs: median {statistics.median(walls):.1f} s", end=" "
    )
    print(
        f"({min(walls):.1f} to {max(walls):.1f}), {statistics.median(processor):.1f} s of processor, {peak:.2f} GB",
        end=" ",
    )
    print(f"· gate {GATE:g} s: {'met' if statistics.median(walls) <= GATE else 'missed'}")


def clocked(place: str, spent: Counter[str], calls: Counter[str], lock: threading.Lock) -> None:
    """Put a clock around a function where its user finds it."""
    home, name = place.rsplit(".", 1)
    module = import_module(f"vetopoint.{home}")
    work: Callable[..., Any] = getattr(module, name)

    @functools.wraps(work)
    def timed(*args: Any, **named: Any) -> Any:
        start = time.thread_time()
        try:
            return work(*args, **named)
        finally:
            with lock:
                spent[place] += time.thread_time() - start  # type: ignore[assignment]
                calls[place] += 1

    setattr(module, name, timed)


def profile(draws: int) -> None:
    """Print where the processor time of one run goes."""
    sys.path.insert(0, str(ROOT / "src"))
    start = time.process_time()
    study = import_module("vetopoint.study")
    import_module("vetopoint.chain.run")
    loading = time.process_time() - start
    spent, calls, lock = Counter[str](), Counter[str](), threading.Lock()
    for places in CLOCKED.values():
        for place in places.values():
            clocked(place, spent, calls, lock)
    start = time.process_time()
    with tempfile.TemporaryDirectory() as out:
        study.run(CASE, draws=draws, seed=1, out=out)
    whole = time.process_time() - start
    print(f"\nprocessor time of one run: {whole:.1f} s, and {loading:.1f} s to load the program")
    for kind, places in CLOCKED.items():
        print(f"  {kind}")
        for label, place in sorted(places.items(), key=lambda item: -spent[item[1]]):
            print(f"    {label:20} {spent[place]:6.2f} s {spent[place] / whole:5.0%} {calls[place]:6} calls")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=3)
    chosen = parser.parse_args()
    processes(chosen.draws, chosen.times)
    profile(chosen.draws)


if __name__ == "__main__":
    main()
