"""A check that was made already is remembered until anything changes on which it rests, and says the same as a fresh one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import ROOT
from vetopoint.study import check, new_case, remembered
from vetopoint.study.remembered import CACHE_VARIABLE, MOST, Verdict, digests

WATCHED = ROOT / "cases" / "watched-line"
LOOK = """
import sys
from vetopoint.cli import main
case, sys.argv = sys.argv[1], ["vetopoint", "check", sys.argv[1]]
try:
    main()
except SystemExit as ended:
    print("ended with", ended.code)
print(*(name for name in ("numba", "numpy", "ruamel.yaml", "vetopoint.case", "vetopoint.chain") if name in sys.modules), file=sys.__stdout__)
"""
OPENED = """
import os, sys
folder, opened = sys.argv[1], set()
sys.addaudithook(lambda event, args: opened.add(os.path.abspath(args[0])) if event == "open" and isinstance(args[0], str) else None)
from vetopoint.study import check
check(folder)
print(*sorted(path for path in opened if os.path.isfile(path)), sep="\\n")
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache" / "checks"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new_case(tmp_path / "mine")


def _ran(code: str, *args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, args)], capture_output=True, text=True, timeout=280, check=False
    )


@pytest.mark.parametrize("faulty", [False, True])
def test_it_prints_what_a_fresh_check_prints_and_loads_nothing_that_reads_or_solves_a_case(
    case: Path, cache: Path, faulty: bool
) -> None:
    file = case / "case.yaml"
    if faulty:  # an error that only the histories show, and a warning that stands beside it
        text = file.read_text("utf-8")
        assert "\ngoals:" in text
        file.write_text(text.replace("\ngoals:", "\ngoals:\n  never: month(propose) > 1000", 1), encoding="utf-8")
    fresh = _ran(LOOK, case)
    assert len(list(cache.iterdir())) == 1
    again = _ran(LOOK, case)
    assert "vetopoint.chain" in fresh.stdout.splitlines()[-1]
    assert again.stdout.splitlines()[-1] == ""
    assert (again.stdout.splitlines()[:-1], again.stderr) == (fresh.stdout.splitlines()[:-1], fresh.stderr)
    assert ("error" in fresh.stderr) == faulty


def test_every_complaint_is_remembered_as_it_is(case: Path, cache: Path) -> None:
    found = check(case)
    assert Verdict.on(case).recall() == found == check(case)


def test_whatever_a_check_opens_beside_a_case_it_rests_on(cache: Path, tmp_path: Path) -> None:
    folder = tmp_path / "watched"
    shutil.copytree(WATCHED, folder, ignore=shutil.ignore_patterns("out", "*.sqlite*"))
    done = _ran(OPENED, folder)
    assert done.returncode == 0, done.stderr
    opened = {path for path in done.stdout.splitlines() if Path(path).is_relative_to(folder)}
    [kept] = cache.glob("*.json")
    assert str(folder / "case.yaml") in opened
    assert any(path.endswith(".csv") for path in opened)
    assert opened <= set(json.loads(kept.read_text("utf-8"))["files"])


@pytest.mark.parametrize("name", ["case.yaml", "claims.jsonl", "sources/report.md", "case.sqlite", "case.sqlite-wal"])
def test_a_file_that_changes_comes_or_goes_ends_it(case: Path, cache: Path, name: str) -> None:
    check(case)
    assert Verdict.on(case).recall() is not None
    file = case / name
    before = file.read_bytes() if file.exists() else None
    file.write_bytes((before or b"") + b"\n")
    about = os.stat(file)
    assert Verdict.on(case).recall() is None
    os.utime(file, ns=(0, 0))  # whatever its date
    assert Verdict.on(case).recall() is None
    file.unlink()
    assert (Verdict.on(case).recall() is None) == (before is not None)
    file.write_bytes(before or b"")
    os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert (Verdict.on(case).recall() is None) == (before is None)


def test_another_name_of_the_case_another_store_or_another_program_is_asked_anew(
    case: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(case)
    assert Verdict.on(case).recall() is not None
    assert Verdict.on(case / "case.yaml").recall() is None  # its complaints would name the file in another way
    assert Verdict.on(case, "sqlite:///other.sqlite").recall() is None
    monkeypatch.setenv("VETOPOINT_STORE", "sqlite:///other.sqlite")
    assert Verdict.on(case).recall() is None
    monkeypatch.delenv("VETOPOINT_STORE")
    assert Verdict.on(case).recall() is not None
    monkeypatch.syspath_prepend(cache.parent)
    (cache.parent / "numpy-9.9.9.dist-info").mkdir()
    remembered._program.cache_clear()
    assert Verdict.on(case).recall() is None


def test_of_a_case_whose_claims_are_kept_at_an_address_nothing_is_remembered(case: Path, cache: Path) -> None:
    check(case, f"sqlite:///{case / 'shared.sqlite'}")
    assert not cache.exists()


def test_a_file_that_changes_while_a_case_is_checked_is_not_taken_for_the_one_that_was_read(
    case: Path, cache: Path
) -> None:
    verdict, files = Verdict.on(case), digests([case / "case.yaml"])
    with (case / "case.yaml").open("a", encoding="utf-8") as stream:
        stream.write("# meanwhile\n")
    verdict.keep(files, [])
    assert verdict.recall() is None


JSON = st.recursive(
    st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(
    st.one_of(
        st.binary(),
        JSON.map(json.dumps).map(str.encode),
        st.fixed_dictionaries({"files": JSON, "found": JSON}).map(json.dumps).map(str.encode),
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_no_verdict_is_passed_over(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "verdict.json"
    file.write_bytes(raw)
    assert Verdict(file).recall() is None


@pytest.mark.parametrize("where", ["", "taken"])
def test_where_nothing_can_be_kept_a_check_is_made_each_time(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / where) if where else "")
    assert check(case) == check(case)
    assert Verdict.on(case).recall() is None


def test_no_more_are_kept_than_so_many_and_nothing_half_written(tmp_path: Path) -> None:
    files = digests([Path(__file__)])
    for number in range(MOST + 5):
        Verdict(tmp_path / "kept" / f"{number}.json").keep(files, [])
        os.utime(tmp_path / "kept" / f"{number}.json", ns=(number, number))
    kept = {path.name for path in (tmp_path / "kept").iterdir()}
    assert len(kept) <= MOST
    assert f"{MOST + 4}.json" in kept
    assert not any(name.endswith(".part") for name in kept)
