"""`vetopoint tree`: the moves as text and as a file."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support import ROOT

CASE = ROOT / "cases" / "watched-line"


def vetopoint(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vetopoint", *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)


def test_text_and_picture(tmp_path: Path) -> None:
    told = vetopoint("tree", str(CASE), "--width", "60")
    assert (told.returncode, told.stderr) == (0, "")
    assert "The sponsors offer to stay" in told.stdout
    assert max(map(len, told.stdout.splitlines())) <= 60
    out = tmp_path / "tree.svg"
    drawn = vetopoint("tree", str(CASE), "--out", str(out))
    assert (drawn.returncode, drawn.stdout) == (0, f"tree: {out}\n")
    assert "The sponsors offer to stay" in out.read_text(encoding="utf-8")


def test_a_case_that_cannot_be_unrolled_says_why(tmp_path: Path) -> None:
    text = (CASE / "case.yaml").read_text(encoding="utf-8")
    (tmp_path / "case.yaml").write_text(text.replace("moves:\n", "moves:\n  broken: {by: nobody, options: [a, b]}\n"))
    done = vetopoint("tree", str(tmp_path / "case.yaml"))
    assert done.returncode == 1
    assert "case.yaml:" in done.stderr
    assert "→" in done.stderr
    assert "Traceback" not in done.stderr
