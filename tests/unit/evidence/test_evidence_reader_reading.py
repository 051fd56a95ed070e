"""Reading in bulk with several processes: the same store as with one, and whole again after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Document, Reader, count_documents, gather, read_into, workers_for
from vetopoint.evidence.store import Store

ALIASES = {"norland": ["Norland"], "kyst": ["Kyst"]}
PROGRAM = """
import sys, time
from pathlib import Path
from vetopoint.evidence import Reader, gather, read_into
from vetopoint.evidence.store import Store

if __name__ == "__main__":
    aliases = {"norland": ["Norland"], "kyst": ["Kyst"]}
    with Store(sys.argv[2]) as store:
        read_into(store, gather(sys.argv[1]), Reader(aliases), 2, batch=4, progress=lambda seen: time.sleep(0.2))
"""


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ALIASES)


def write(folder: Path, number: int) -> Path:
    folder.mkdir()
    for k in range(number):
        text = f"Ada Norman said that ship {k} had sailed. Patrol {k} cannot sail unless Norland agrees."
        (folder / f"text{k:03}.txt").write_text(text, encoding="utf-8")
    return folder


def test_any_number_of_workers_fills_the_same_store(reader: Reader, tmp_path: Path) -> None:
    folder = write(tmp_path / "texts", 14)
    (folder / "bad.txt").write_bytes(b"\x00\x01\x02" * 100)
    with Store(tmp_path / "one.sqlite") as one, Store(tmp_path / "two.sqlite") as two:
        alone = read_into(one, gather(folder), reader)
        seen: list[int] = []
        several = read_into(two, gather(folder), reader, 2, batch=3, progress=seen.append)
        assert several == alone
        assert several.read == 14
        assert one.claims() == two.claims()
        assert seen == sorted(seen)
        assert seen[-1] == 15
        again = read_into(two, gather(folder), reader, 2)
        assert (again.read, again.skipped, again.claims) == (0, 14, 0)


def test_killed_half_way_it_resumes_without_loss_or_duplicates(reader: Reader, tmp_path: Path) -> None:
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
            done = read_into(store, gather(folder), reader, 2, batch=4)
            assert (done.read, done.skipped) == (60 - len(before), len(before))
            with Store(":memory:") as whole:
                read_into(whole, gather(folder), reader)
                assert whole.claims() == store.claims()
            assert set(Counter(claim.id for claim in store.claims()).values()) == {1}
    finally:
        if running.poll() is None:
            running.kill()
            running.communicate(timeout=30)


def test_a_parser_without_a_name_to_load_is_refused(tmp_path: Path, reader: Reader) -> None:
    class Other:
        name = "other"
        parse = reader.parser.parse

    with Store(":memory:") as store, pytest.raises(EvidenceError, match="1 worker"):
        read_into(store, [Document(id="d", text="Ada said no.")], Reader(ALIASES, Other()), 2)


def test_few_documents_are_read_by_one_process() -> None:
    assert workers_for(1) == workers_for(199) == 1
    assert 1 <= workers_for(1_000_000) <= 16


def test_documents_are_counted_before_they_are_opened(tmp_path: Path) -> None:
    folder = write(tmp_path / "texts", 3)
    (folder / "notes.doc").write_bytes(b"x")
    table = tmp_path / "t.csv"
    table.write_text('id,text\na,"one\ntwo"\nb,three\n', encoding="utf-8")
    assert [count_documents(p) for p in (folder, table, folder / "text000.txt")] == [3, 2, 1]
    assert len(list(gather(folder))) == 3
