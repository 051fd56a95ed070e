"""Reading in bulk with several processes: the same store as with one, and whole again after a kill; and at what pace."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Document, Pace, Reader, SpacyParser, count_documents, gather, read_into
from vetopoint.evidence.reader.parse import Parse, segments
from vetopoint.evidence.reader.sharing import Shared, Stretch
from vetopoint.evidence.store import Store

ALIASES = {"norland": ["Norland"], "kyst": ["Kyst"]}
PROGRAM = """
import sys, time
from vetopoint.evidence import Reader, SpacyParser, gather, read_into
from vetopoint.evidence.store import Store

if __name__ == "__main__":
    aliases = {"norland": ["Norland"], "kyst": ["Kyst"]}
    with Store(sys.argv[2]) as store:
        reader = Reader(aliases, SpacyParser(workers=2))
        read_into(store, gather(sys.argv[1]), reader, batch=4, progress=lambda seen: time.sleep(0.2))
"""


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ALIASES)


@pytest.fixture(scope="module")
def two() -> Reader:
    return Reader(ALIASES, SpacyParser(workers=2))


def write(folder: Path, number: int) -> Path:
    folder.mkdir()
    for k in range(number):
        text = f"Ada Norman said that ship {k} had sailed. Patrol {k} cannot sail unless Norland agrees."
        (folder / f"text{k:03}.txt").write_text(text, encoding="utf-8")
    return folder


def test_any_number_of_workers_fills_the_same_store(reader: Reader, two: Reader, tmp_path: Path) -> None:
    folder = write(tmp_path / "texts", 14)
    (folder / "bad.txt").write_bytes(b"\x00\x01\x02" * 100)
    with Store(tmp_path / "one.sqlite") as one, Store(tmp_path / "two.sqlite") as other:
        alone = read_into(one, gather(folder), reader)
        seen: list[int] = []
        several = read_into(other, gather(folder), two, batch=3, progress=seen.append)
        assert several == alone
        assert several.read == 14
        assert one.claims() == other.claims()
        assert seen == sorted(seen)
        assert seen[-1] == 15
        again = read_into(other, gather(folder), two)
        assert (again.read, again.skipped, again.claims) == (0, 14, 0)


def test_a_long_text_is_shared_out_as_well_and_its_stretches_come_in_order(reader: Reader, two: Reader) -> None:
    text = "\n\n".join(f"Ada Norman said that ship {k} had sailed. Norland denied it." for k in range(1_200))
    assert len(segments(text)) > 8
    documents = [
        Document(id="long", text=text),
        Document(id="none", text=" "),
        Document(id="short", text="Ada said no."),
    ]
    alone, several = list(reader.read(documents)), list(two.read(documents))
    assert alone == several
    assert [document.id for document, _ in alone] == ["long", "none", "short"]
    assert len(alone[0][1]) > 1_000


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_a_process_that_dies_is_told_and_the_next_reading_starts_new_ones(start: str, tmp_path: Path) -> None:
    if start == "fork" and sys.platform != "linux":
        pytest.skip("forks are for Linux")
    shared = Shared(_lengths_or_die, 2, _make_lengths_or_die, start)  # type: ignore[arg-type]
    with pytest.raises(EvidenceError, match="--workers 1"):
        list(shared.map([("die", 0)] * 20))
    pieces = [("a" * size, 0) for size in range(1, 30)]
    assert [parse for _, parse in shared.map(pieces)] == list(range(1, 30))


def _lengths_or_die(stretches: Iterable[Stretch]) -> Iterator[tuple[Stretch, Parse]]:
    for stretch in stretches:
        if stretch[0] == "die":
            os._exit(9)
        yield stretch, len(stretch[0])  # type: ignore[misc]


def _make_lengths_or_die() -> object:
    return _lengths_or_die


def test_left_to_itself_it_starts_processes_only_for_much_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vetopoint.evidence.reader.sharing.usable_workers", lambda: 2)
    shared = Shared(_pids, 0, _make_pids, "fork")  # type: ignore[arg-type]
    few, many = ([pid for _, pid in shared.map([("a", 0)] * number)] for number in (4, 80))
    assert set(map(str, few)) == {str(os.getpid())}
    assert str(os.getpid()) not in set(map(str, many))


def _pids(stretches: Iterable[Stretch]) -> Iterator[tuple[Stretch, object]]:
    return ((stretch, os.getpid()) for stretch in stretches)


def _make_pids() -> object:
    return _pids


def test_killed_half_way_it_resumes_without_loss_or_duplicates(reader: Reader, two: Reader, tmp_path: Path) -> None:
    folder = write(tmp_path / "texts", 60)
    program, path = tmp_path / "bulk.py", tmp_path / "case.sqlite"
    program.write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, str(program), str(folder), str(path)]
    running = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        with Store(path) as store:
            deadline = time.monotonic() + 90
            while len(store.read_by(reader.coder)) < 8 and time.monotonic() < deadline and running.poll() is None:
                time.sleep(0.05)
            os.kill(running.pid, signal.SIGKILL)
            # Standard error stays open as long as any worker lives.
            running.communicate(timeout=30)
            before = store.read_by(reader.coder)
            assert 8 <= len(before) < 60
            assert len(before) % 4 == 0
            assert {claim.source for claim in store.claims()} == before
            done = read_into(store, gather(folder), two, batch=4)
            assert (done.read, done.skipped) == (60 - len(before), len(before))
            with Store(":memory:") as whole:
                read_into(whole, gather(folder), reader)
                assert whole.claims() == store.claims()
            assert set(Counter(claim.id for claim in store.claims()).values()) == {1}
    finally:
        if running.poll() is None:
            running.kill()
            running.communicate(timeout=30)


def test_one_id_with_two_texts_is_refused_without_ending_the_run(reader: Reader) -> None:
    texts = ("Ada said no.", "Bo said yes.", "Ada said no.")
    with Store(":memory:") as store:
        done = read_into(store, [Document(id="a", text=text) for text in texts], reader)
        assert (done.read, done.skipped, len(done.refused)) == (1, 1, 1)
        assert "id of its own" in done.refused[0]


def test_documents_are_counted_before_they_are_opened(tmp_path: Path) -> None:
    folder = write(tmp_path / "texts", 3)
    (folder / "notes.doc").write_bytes(b"x")
    table = tmp_path / "t.csv"
    table.write_text('id,text\na,"one\ntwo"\nb,three\n', encoding="utf-8")
    assert [count_documents(p) for p in (folder, table, folder / "text000.txt")] == [3, 2, 1]
    assert len(list(gather(folder))) == 3


def test_the_pace_of_one_long_document_is_told_while_it_is_read(reader: Reader) -> None:
    text = "\n\n".join(f"Ada Norman said that ship {k} had sailed." for k in range(700))
    shares: list[float] = []
    with Store(":memory:") as store:
        pace = Pace(1, lambda pace: shares.append(pace.share))
        done = read_into(store, [Document(id="long", text=text)], reader, pace=pace)
    assert len(shares) >= 7
    assert shares == sorted(shares)
    assert shares[0] < 0.3
    assert shares[-1] > 0.99
    assert pace.left < 1
    assert done.characters == pace.read > 0.99 * len(text)
    assert done.seconds > 0


SIZES = st.lists(
    st.tuples(st.integers(1, 5_000), st.sampled_from(["read", "skip", "fail", "unopened"])), min_size=1, max_size=12
)


@given(SIZES, st.integers(0, 3))
def test_the_share_never_falls_and_ends_whole(sizes: list[tuple[int, str]], more: int) -> None:
    shares: list[float] = []
    clock = iter(range(10_000))
    pace = Pace(len(sizes) + more, lambda pace: shares.append(pace.share), lambda: float(next(clock)))
    for size, fate in sizes:
        if fate == "unopened":
            pace.fail()
            continue
        pace.open(size)
        if fate == "skip":
            pace.skip(size)
        elif fate == "fail":
            pace.fail(size)
        else:
            pace.advance(size // 2)
            pace.advance(size - size // 2)
    for _ in range(more):
        pace.open(1)
        pace.skip(1)
    assert shares == sorted(shares)
    assert [share for share in shares if 0 <= share <= 1] == shares
    if any(fate in ("read", "skip") for _, fate in sizes) or more:
        assert shares[-1] == pytest.approx(1)


LOADED = """
import json, sys
from typer.testing import CliRunner
from vetopoint.cli import complete
done = CliRunner().invoke(complete(), ["read", *sys.argv[1:]], catch_exceptions=False)
assert done.exit_code == 0, done.output
found = sorted({name.partition(".")[0] for name in sys.modules})
import spacy.cli
assert spacy.cli.info and spacy.info is not None and "init_config" in dir(spacy.cli)
print(json.dumps(found))
"""
#: What runs a case, scores agreement, or serves spaCy's own command line; each takes a tenth to half a second to load.
IDLE = {"scipy", "numba", "nltk", "duckdb", "weasel", "httpx", "requests", "pandas", "jinja2", "trafilatura", "pypdf"}


@pytest.mark.parametrize("coder", ["", "program"])
def test_reading_loads_nothing_that_it_does_not_need(coder: str, tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("Ada Norman said no.", encoding="utf-8")
    (tmp_path / "c.py").write_text(
        'import sys; sys.stdin.read(); print(\'{"coder": "c", "version": "1"}\')', encoding="utf-8"
    )
    program = ["--coder", f"'{sys.executable}' '{tmp_path / 'c.py'}'"] if coder else []
    command = [sys.executable, "-c", LOADED, str(tmp_path / "news.txt"), "--out", str(tmp_path / "out"), *program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    found = set(json.loads(done.stdout.splitlines()[-1]))
    assert {"sqlite3", "pydantic"} <= found
    assert not found & IDLE
    assert ("spacy" in found) is (coder == "")
