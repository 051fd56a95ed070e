"""Text to stored claims against the bare spaCy parse of the same texts, in one process: ``python benchmarks/reader.py FOLDER``.

Prints a table of seconds (median of five), words a second, and their ratio; the gate is 1.25.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import spacy

from vetopoint.evidence import Document, Reader, gather, read_into
from vetopoint.evidence.reader.parse import DEFAULT_MODEL, segments
from vetopoint.evidence.store import Store

GATE = 1.25


def medians(runs: dict[str, Callable[[], object]], times: int = 5) -> dict[str, float]:
    """Median processor time of each run in seconds, the runs taking turns."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(times):
        for name, run in runs.items():
            begin = time.process_time()
            run()
            seconds[name].append(time.process_time() - begin)
    return {name: statistics.median(values) for name, values in seconds.items()}


def measure(folder: Path, limit: int = 40) -> dict[str, float]:
    """Median seconds of the bare parse and of the reading, on at most `limit` documents."""
    documents = [d for d in gather(folder) if isinstance(d, Document)][:limit]
    nlp = spacy.load(DEFAULT_MODEL, exclude=["ner"])
    reader = Reader({})

    def parse() -> None:
        for document in documents:
            list(nlp.pipe(document.text[a:b] for a, b in segments(document.text)))

    def read() -> None:
        with tempfile.TemporaryDirectory() as place, Store(Path(place) / "case.sqlite") as store:
            read_into(store, documents, reader)

    read()
    words = float(sum(len(document.text.split()) for document in documents))
    return {"documents": float(len(documents)), "words": words, **medians({"parse": parse, "read": read})}


def main() -> None:
    """Measure, print, and fail above the gate."""
    reference = Path(os.environ.get("VETOPOINT_REFERENCE_DATA", Path(__file__).parents[2] / "shared" / "data"))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else reference / "polnear" / "dev" / "text"
    if not folder.is_dir():
        raise SystemExit(f"{folder}: no such folder; usage: python benchmarks/reader.py FOLDER_OF_TEXTS")
    found = measure(folder)
    ratio = found["read"] / found["parse"]
    print(f"{found['documents']:.0f} documents, {found['words']:.0f} words")
    print(f"{'':24}{'seconds':>10}{'words/s':>10}")
    for name, label in (("parse", "spaCy parse, bare"), ("read", "text to stored claims")):
        print(f"{label:24}{found[name]:10.2f}{found['words'] / found[name]:10.0f}")
    print(f"{'ratio':24}{ratio:10.2f}   (gate {GATE})")
    raise SystemExit(ratio > GATE)


if __name__ == "__main__":
    main()
