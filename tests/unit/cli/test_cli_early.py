"""A run says on stderr what it does and what comes first; what it prints and keeps is the same as without."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from typer.testing import CliRunner

from vetopoint.answers import LeadingAnswers, Work
from vetopoint.cli import complete
from vetopoint.cli._common import Bars
from vetopoint.quantity import Band
from vetopoint.study import new_case
from vetopoint.view.early import early_lines

LEADING = LeadingAnswers(
    draws=64, total=900, given="", goal="It [red]stands[/red]", chance=Band(mean=0.3, lo=0.1, hi=0.6, mc=0.01),
    leader="The board", on_yes=Band(mean=0.6, lo=0.2, hi=0.8, mc=0.01), on_no=Band(mean=0.0, lo=0.0, hi=0.0, mc=0.0),
    outcome="It falls", share=0.7,
)  # fmt: skip


def test_leading_answers_stand_on_stderr_before_the_work_is_done_and_not_on_stdout(tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    done = CliRunner().invoke(complete(), ["run", str(case), "--draws", "64", "--out", str(tmp_path / "out")])
    assert done.exit_code == 0
    assert "First answers" not in done.stdout
    assert done.stdout.endswith(f"report: {tmp_path / 'out' / 'report.html'}\n")
    lines = done.stderr.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("First answers, from 64 draws:"))
    assert first < lines.index("what would change it …")
    assert lines[first + 1].startswith("  “")


def test_commands_that_print_json_print_nothing_else(tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    text = (case / "case.yaml").read_text(encoding="utf-8") + "\nvariants:\n  v: {set: {quantities.worth.value: 0.5}}\n"
    (case / "case.yaml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "vetopoint", "variants", str(case), "--draws", "64", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("[")
    assert done.stdout.rstrip().endswith("]")


def test_on_a_terminal_they_stand_above_the_bars_as_they_are() -> None:
    out = io.StringIO()
    with Progress(console=Console(file=out, force_terminal=True, width=60), transient=True) as bars:
        shown = Bars(bars)
        shown("drawing", 0.5)
        shown.early(LEADING)
        shown.early(Work(draws=9, nodes=9, actors=2, inputs=3, sets=4, anew={"a": 12}, seconds=0.1))
        shown("drawing", 1.0)
    for line in early_lines(LEADING):
        assert line in out.getvalue()
    assert early_lines(LEADING)[1:] == [
        "  “It [red]stands[/red]” in 30 of 100 cases (10–60)",
        "  once the plan is tried, it hangs most on the board: 60 of 100 cases (20–80) after a yes, none of 100 cases after a no",
        "  likeliest: “It falls”, in 70 of 100 cases",
    ]
    assert "solved anew" not in out.getvalue()
