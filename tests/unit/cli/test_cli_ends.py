"""What a run ends with: the first page in at most forty lines, then where the report is; warnings are few."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from support import BUNDLED
from vetopoint.answers import Answers
from vetopoint.view import render_text
from vetopoint.view.first_page import with_first_page

MOST = 40


def vetopoint(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vetopoint", *args]
    here = {**os.environ, "COLUMNS": "80"}
    return subprocess.run(command, capture_output=True, text=True, timeout=280, check=False, env=here)


@pytest.mark.parametrize("name", BUNDLED)
def test_the_first_page_of_every_bundled_case_fits_as_it_is(name: str, bundled: Callable[[str], Answers]) -> None:
    for width in (80, 96):
        lines = render_text(bundled(name), width, MOST - 2).splitlines()
        assert lines == render_text(bundled(name), width).splitlines()
        assert 10 < len(lines) <= MOST - 2
        assert max(map(len, lines)) <= width


@pytest.mark.parametrize("most", [12, 20, 30])
def test_a_page_that_does_not_fit_leaves_the_rarest_ends_to_the_report(
    most: int, bundled: Callable[[str], Answers]
) -> None:
    answers = with_first_page(bundled("european-presence"))
    page = answers.first_page
    assert page is not None
    assert page.fork is not None
    sides = tuple(s.model_copy(update={"ends": s.ends * 4}) for s in page.fork.sides)
    long = page.model_copy(update={"fork": page.fork.model_copy(update={"sides": sides})})
    answers = answers.model_copy(update={"first_page": long})
    told = render_text(answers, 80, most)
    assert len(render_text(answers, 80).splitlines()) > 40
    assert len(told.splitlines()) <= most
    assert "report" in told
    assert told.splitlines()[0] == render_text(answers, 80).splitlines()[0]


def test_a_run_ends_with_the_page_and_the_path(tmp_path: Path) -> None:
    """Seven numbers that nobody uses are seven warnings, of which three are said, and where to read the others."""
    case = tmp_path / "mine"
    assert vetopoint("new", str(case)).returncode == 0
    text = (case / "case.yaml").read_text(encoding="utf-8")
    unused = "".join(f"  idle_{i}: {{value: 0.5, label: Idle {i}}}\n" for i in range(7))
    assert "\nquantities:\n" in text
    (case / "case.yaml").write_text(text.replace("\nquantities:\n", f"\nquantities:\n{unused}"), encoding="utf-8")
    done = vetopoint("run", str(case), "--draws", "64")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) <= MOST
    assert max(map(len, lines[:-1])) <= 80
    assert lines[-1] == f"report: {case / 'out' / 'report.html'}"
    warned = [line for line in done.stderr.splitlines() if "warning" in line]
    assert len(warned) == 3
    assert f"and 4 more: `vetopoint check {case}`" in done.stderr
