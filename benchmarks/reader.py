"""Text to stored claims against the bare spaCy parse of the same texts: ``python benchmarks/reader.py [FOLDER]``.

Both are done in one process on the same few texts, one directly after the other and in turns first, so that whatever else the
machine does falls on both; seconds are those of the processor. A round goes through all texts; the ratio is the median of the
rounds' ratios, with the lowest and the highest; the gate is 1.25. Then the wall time of one process against several
(``--workers``), from which the number of batches comes from where on several are used, and the start of `vetopoint read`.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vetopoint.evidence import Document, Reader, SpacyParser, gather, read_into
from vetopoint.evidence.reader.parse import DEFAULT_MODEL, segments
from vetopoint.evidence.reader.sharing import usable_workers
from vetopoint.evidence.reader.spacy_model import load_model
from vetopoint.evidence.store import Store

GATE = 1.25
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Pair:
    """Median seconds of one and the other, and by round the ratio of the other's to the one's."""

    one: float
    other: float
    ratios: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return statistics.median(self.ratios)


def paired(
    pieces: Sequence[Any],
    one: Callable[[Any], object],
    other: Callable[[Any], object],
    rounds: int = 7,
    clock: Callable[[], float] = time.process_time,
    before: Callable[[], object] = lambda: None,
) -> Pair:
    """Time two jobs piece by piece, one directly after the other, the order changing from piece to piece and round to round.

    `before` makes each round ready and is not timed.
    """
    sums: list[tuple[float, float]] = []
    before()
    for job in (one, other):
        job(pieces[0])
    for number in range(rounds):
        before()
        spent = [0.0, 0.0]
        for place, piece in enumerate(pieces):
            jobs = [(0, one), (1, other)]
            for which, job in jobs if (place + number) % 2 == 0 else reversed(jobs):
                begin = clock()
                job(piece)
                spent[which] += clock() - begin
        sums.append((spent[0], spent[1]))
    ones, others = zip(*sums, strict=True)
    return Pair(statistics.median(ones), statistics.median(others), tuple(b / a for a, b in sums))


def against_the_parse(documents: Sequence[Document], rounds: int = 7, piece: int = 5) -> Pair:
    """The bare parse, in stretches and batches as the reader's, against reading into a store."""
    nlp, reader = load_model(DEFAULT_MODEL), Reader({})
    pieces = [documents[k : k + piece] for k in range(0, len(documents), piece)]

    def parse(some: Sequence[Document]) -> None:
        stretches = [d.text[a:b] for d in some for a, b in segments(d.text)]
        for k in range(0, len(stretches), 4):
            list(nlp.pipe(stretches[k : k + 4], batch_size=4))

    with tempfile.TemporaryDirectory() as place, ExitStack() as stack:
        stores: list[Store] = []

        def anew() -> None:
            stores.append(stack.enter_context(Store(Path(place) / f"{len(stores)}.sqlite")))

        def read(some: Sequence[Document]) -> None:
            read_into(stores[-1], some, reader)

        return paired(pieces, parse, read, rounds, before=anew)


def workers_table(documents: Sequence[Document], workers: int, times: int = 3) -> None:
    """Print the wall time of one process and of several, for few texts and for many."""
    readers = {number: Reader({}, SpacyParser(workers=number)) for number in (1, workers)}
    print(f"{'texts':>6}{'characters':>12}" + "".join(f"{number:>8} proc." for number in readers) + f"{'gain':>8}")
    for size in (2, 5, 10, 30, 100, 300):
        some = documents[:size]
        if len(some) < size:
            break
        walls: dict[int, list[float]] = {number: [] for number in readers}
        for _ in range(times):
            for number, reader in readers.items():
                with Store(":memory:") as store:
                    begin = time.perf_counter()
                    read_into(store, some, reader)
                    walls[number].append(time.perf_counter() - begin)
        best = {number: min(seconds) for number, seconds in walls.items()}
        row = "".join(f"{seconds:12.2f} s" for seconds in best.values())
        print(f"{size:>6}{sum(len(d.text) for d in some):>12,}{row}{best[1] / best[workers]:>8.2f}")


def start(times: int = 5) -> float:
    """Median processor seconds of `vetopoint read` on one sentence, in processes of their own."""
    spent = []
    with tempfile.TemporaryDirectory() as place:
        text = Path(place) / "text.txt"
        text.write_text("Ada Norman said that the talks had failed.", encoding="utf-8")
        for number in range(times):
            command = [sys.executable, "-m", "vetopoint", "read", str(text), "--out", str(Path(place) / str(number))]
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT / "src")})
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(spent)


def main() -> None:
    """Measure, print, and fail above the gate."""
    reference = Path(os.environ.get("VETOPOINT_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=reference / "polnear" / "dev" / "text")
    parser.add_argument("--texts", type=int, default=40, help="texts for the ratio")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--workers", type=int, default=max(usable_workers(), 2))
    chosen = parser.parse_args()
    if not chosen.folder.is_dir():
        raise SystemExit(f"{chosen.folder}: no such folder; usage: python benchmarks/reader.py FOLDER_OF_TEXTS")
    documents = [d for d in gather(chosen.folder) if isinstance(d, Document)]
    few = documents[: chosen.texts]
    found = against_the_parse(few, chosen.rounds)
    words, characters = (
        sum(len(part) for part in parts) for parts in zip(*((d.text.split(), d.text) for d in few), strict=True)
    )
    print(f"{len(few)} documents, {words} words, {characters:,} characters, {chosen.rounds} rounds")
    print(f"{'':24}{'seconds':>10}{'words/s':>10}{'chars/s':>10}")
    for seconds, label in ((found.one, "spaCy parse, bare"), (found.other, "text to stored claims")):
        print(f"{label:24}{seconds:10.2f}{words / seconds:10.0f}{characters / seconds:10.0f}")
    spread = f"{min(found.ratios):.2f} to {max(found.ratios):.2f}"
    print(f"{'ratio':24}{found.ratio:10.2f}   ({spread}; gate {GATE})\n")
    workers_table(documents, chosen.workers)
    print(f"\nstart of `vetopoint read`: {start():.1f} s of processor")
    raise SystemExit(found.ratio > GATE)


if __name__ == "__main__":
    main()
