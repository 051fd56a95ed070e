"""`vetopoint compare`: text, JSON, a page, wrong words, and an interruption that leaves nothing behind."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from support import ROOT
from vetopoint import load
from vetopoint.answers import Comparison
from vetopoint.cli import main

CYPRUS = ROOT / "cases" / "cyprus-1964"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CYPRUS, tmp_path / "cyprus", ignore=shutil.ignore_patterns("out", "*.sqlite*")))


def _ran(monkeypatch: pytest.MonkeyPatch, *args: str) -> int:
    monkeypatch.setattr(sys, "argv", ["vetopoint", "compare", *args])
    with pytest.raises(SystemExit) as done:
        main()
    return int(done.value.code or 0)


def test_text_says_what_moved_and_the_page_is_named(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "compared.html"
    assert _ran(monkeypatch, str(case), f"{case}@no_landing", "--draws", "64", "--out", str(page)) == 0
    said, told = capsys.readouterr()
    assert said.startswith("A: ")
    assert "B: " in said
    assert "“A force of NATO members is fielded as planned”" in said
    assert f"page: {page}" in said
    assert len(said.splitlines()) <= 42
    assert "what moved them …" in told
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_json_is_a_comparison_and_nothing_else(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    number = next(iter(load(case).file.quantities))
    assert _ran(monkeypatch, str(case), "--set", f"{number}=0.9", "--draws", "64", "--json") == 0
    found = Comparison.model_validate_json(capsys.readouterr().out)
    assert found.b.set == {number: "0.9"}
    assert [part.name for part in found.parts] == [f"number:{number}"]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ([], 1, "compare it with what?"),
        (["--set", "nothing"], 2, "write --set name=value"),
        (["--set", "nobody=1"], 1, "no such uncertain number"),
        (["nowhere"], 1, "nowhere"),
    ],
)
def test_what_cannot_be_compared_says_why_and_writes_nothing(
    case: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    args: list[str],
    code: int,
    said: str,
) -> None:
    page = tmp_path / "page.html"
    assert _ran(monkeypatch, str(case), *args, "--out", str(page)) == code
    assert said in capsys.readouterr().err
    assert not page.exists()


def test_a_page_that_cannot_be_written_says_where(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ran(monkeypatch, str(case), str(case), "--draws", "16", "--out", str(tmp_path / "no" / "page.html")) == 1
    assert "choose another" in capsys.readouterr().err


def test_an_interruption_leaves_an_earlier_page_as_it_was(case: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("earlier", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "vetopoint",
        "compare",
        str(case),
        f"{case}@twin",
        "--draws",
        "200000",
        "--out",
        str(page),
    ]
    # A shell starts what it runs in the background with interrupts ignored, and children inherit that.
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, preexec_fn=heard
    ) as running:
        assert running.stderr is not None
        while "solving both" not in (line := running.stderr.readline()):
            assert line or running.poll() is None, "it ended before it could be interrupted"
        time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        printed, said = running.communicate(timeout=300)
    assert running.returncode == 130
    assert printed == ""
    assert said.endswith("interrupted; results saved before are untouched\n")
    assert page.read_text(encoding="utf-8") == "earlier"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["page.html"]


def test_the_schema_is_printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["vetopoint", "schema", "--of", "comparison"])
    with pytest.raises(SystemExit):
        main()
    assert {"a", "b", "figures", "parts"} <= set(json.loads(capsys.readouterr().out)["properties"])
