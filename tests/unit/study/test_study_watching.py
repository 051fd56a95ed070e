"""`vetopoint check --watch`: a case is looked at again when a file of it changes, and what has changed is said."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from vetopoint.errors import Problem
from vetopoint.study import new_case
from vetopoint.study.watching import Round, state_of, watch


def rounds(case: Path, steps: Iterator[object], found: list[list[Problem]]) -> list[Round]:
    """What is shown while the steps are taken one after another, each before the next look."""
    shown: list[Round] = []
    watch(case, lambda: found.pop(0), shown.append, lambda: next(steps, "end") != "end")
    return shown


def test_only_what_has_changed_is_new(tmp_path: Path) -> None:
    a, b = Problem("a", where="x", line=1), Problem("b", where="y", line=2)

    def steps() -> Iterator[object]:
        yield None
        yield (tmp_path / "case.yaml").write_text("1", encoding="utf-8")
        yield None
        yield (tmp_path / "claims.jsonl").write_text("22", encoding="utf-8")

    moved = Problem("a", where="x", line=5)
    shown = rounds(tmp_path, steps(), [[a], [moved, b], [b]])
    assert [(r.new, r.mended, r.now) for r in shown] == [((a,), (), (a,)), ((b,), (), (moved, b)), ((), (moved,), (b,))]


def test_what_a_run_writes_is_passed_over(tmp_path: Path) -> None:
    before = state_of(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/answers.json").write_text("{}", encoding="utf-8")
    (tmp_path / "claims.sqlite-wal").write_text("", encoding="utf-8")
    (tmp_path / ".case.yaml.swp").write_text("", encoding="utf-8")
    assert state_of(tmp_path) == before
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources/a.txt").write_text("", encoding="utf-8")
    assert state_of(tmp_path / "case.yaml") != before


def test_a_case_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    assert state_of(tmp_path / "nowhere") == {}


def test_the_command_says_what_changes_and_ends_with_0(tmp_path: Path) -> None:
    case = new_case(tmp_path / "mine")
    text = (case / "case.yaml").read_text("utf-8")
    command = [sys.executable, "-m", "vetopoint", "check", "--watch", str(case)]
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env) as program:
        assert program.stdout is not None
        assert "fine; watching" in program.stdout.readline()
        (case / "case.yaml").write_text(text.replace("owner: planner", "owner: planer"), encoding="utf-8")
        assert "did you mean 'planner'?" in program.stdout.readline()
        assert "1 complaint left" in program.stdout.readline()
        time.sleep(0.02)  # a file system may keep time in steps
        (case / "case.yaml").write_text(text + "\n", encoding="utf-8")
        assert program.stdout.readline().startswith("mended: ")
        assert "fine; watching" in program.stdout.readline()
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 0
        assert program.stdout.read().strip() == ""
