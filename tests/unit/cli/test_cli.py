"""The command line: exit codes, messages, and what `--help` may import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from support import ROOT

CASE = ROOT / "cases" / "european-presence"


def vetopoint(*args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vetopoint", *args]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=280, check=False)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom vetopoint.cli import main\nsys.argv = ['vetopoint', '--help']\n"
        "try:\n    main()\nexcept SystemExit as e:\n    assert e.code == 0\n"
        "heavy = {'numba', 'numpy', 'spacy', 'scipy.stats', 'SALib', 'pandas', 'sqlalchemy', 'rich'} & set(sys.modules)\nassert not heavy, heavy\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert "run" in done.stdout


@pytest.mark.parametrize(
    ("command", "spared"),
    [
        ("new DIR", "numba scipy.special vetopoint.evidence vetopoint.answers vetopoint.chain"),
        ("new DIR --pattern ratification", "numba scipy.stats vetopoint.chain"),
        ("patterns", "numba scipy.special vetopoint.answers vetopoint.chain"),
        ("explain moves", "numba scipy.stats spacy"),
        ("tree CASE", "numba scipy.stats spacy"),
    ],
)
def test_a_command_that_solves_no_game_loads_no_solver(tmp_path: Path, command: str, spared: str) -> None:
    args = command.replace("DIR", str(tmp_path / "new")).replace("CASE", str(CASE)).split()
    code = (
        f"import sys\nfrom vetopoint.cli import main\nsys.argv = ['vetopoint', *{args!r}]\n"
        "try:\n    main()\nexcept SystemExit as e:\n    assert e.code == 0\n"
        f"loaded = set({spared.split()!r}) & set(sys.modules)\nassert not loaded, loaded\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr


def test_check_says_fine() -> None:
    done = vetopoint("check", str(ROOT / "cases" / "cyprus-1964"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "fine" in done.stdout


def test_a_faulty_case_exits_1_with_place_and_remedy(tmp_path: Path) -> None:
    assert vetopoint("new", str(tmp_path / "c")).returncode == 0
    path = tmp_path / "c" / "case.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("by: holder", "by: holdr", 1), encoding="utf-8")
    done = vetopoint("check", str(tmp_path / "c"))
    assert done.returncode == 1
    assert "case.yaml:" in done.stderr
    assert "did you mean 'holder'?" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_new_case_runs(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    assert vetopoint("new", str(folder)).returncode == 0
    done = vetopoint("run", str(folder), "--draws", "300", "--seed", "1", "--set", "reward=1.2")
    assert done.returncode == 0, done.stderr
    assert "report.html" in done.stdout
    answers = json.loads((folder / "out" / "answers.json").read_text(encoding="utf-8"))
    assert answers["run"]["overrides"] == {"reward": "1.2"}
    assert (folder / "out" / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    (folder / "out" / "report.html").unlink()
    assert vetopoint("report", str(folder)).returncode == 0
    assert (folder / "out" / "report.html").is_file()


@pytest.mark.parametrize(
    "args", [["run"], ["run", "x", "--draws", "0"], ["nonsense"], ["run", "x", "--set", "novalue"]]
)
def test_wrong_usage_exits_2(args: list[str]) -> None:
    assert vetopoint(*args).returncode == 2


def test_a_missing_case_exits_1() -> None:
    done = vetopoint("run", "no/such/case")
    assert done.returncode == 1
    assert "name a case folder" in done.stderr


def test_schema_is_json_schema() -> None:
    for of in ("case", "answers"):
        done = vetopoint("schema", "--of", of)
        assert done.returncode == 0
        assert "$defs" in json.loads(done.stdout)


@pytest.mark.parametrize("form", ["table", "jsonl", "csv"])
def test_claims(form: str) -> None:
    done = vetopoint("claims", str(CASE), "--format", form)
    assert done.returncode == 0
    assert "c16" in done.stdout
    if form == "jsonl":
        assert next(json.loads(line)["id"] for line in done.stdout.splitlines()) == "c1"


def test_trace_prints_the_sentence() -> None:
    done = vetopoint("trace", str(CASE), "losses")
    assert done.returncode == 0
    assert "legitimate military target" in done.stdout


def test_a_budget_is_set_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    assert vetopoint("new", str(folder)).returncode == 0
    done = vetopoint("run", str(folder), "--draws", "64", "--budget", "swings=16", "--budget", "stability=8")
    assert done.returncode == 0, done.stderr
    used = json.loads((folder / "out" / "answers.json").read_text(encoding="utf-8"))["run"]["draws_used"]
    assert (used["swings, tipping points"], used["stability"]) == (16, 8)
    refused = vetopoint("run", str(folder), "--budget", "swing=16")
    assert refused.returncode == 1
    assert "did you mean 'swings'?" in refused.stderr
    assert vetopoint("run", str(folder), "--budget", "swings").returncode == 2


def test_every_check_is_listed() -> None:
    done = vetopoint("check", "--list")
    assert done.returncode == 0
    assert any(line.split()[:2] == ["unused-quantity", "warning"] for line in done.stdout.splitlines())
    assert len(done.stdout.splitlines()) > 30
    assert vetopoint("check").returncode == 2


def test_a_warning_bears_the_id_by_which_it_is_silenced(tmp_path: Path) -> None:
    vetopoint("new", str(tmp_path / "mine"))
    path = tmp_path / "mine" / "case.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("  reward: {", "  spare: 0.3\n  reward: {", 1), encoding="utf-8"
    )
    loud = vetopoint("check", str(path))
    assert "[unused-quantity]" in loud.stderr
    assert loud.stdout.rstrip().endswith("fine, 1 warnings")
    path.write_text(path.read_text(encoding="utf-8") + "silence: {unused-quantity: spare}\n", encoding="utf-8")
    quiet = vetopoint("check", str(path))
    assert quiet.stderr == ""
    assert quiet.stdout.rstrip().endswith("fine, 1 silenced")


def test_only_numbers_can_be_set_those_of_chance_too(tmp_path: Path) -> None:
    vetopoint("new", str(tmp_path / "mine"))
    path = tmp_path / "mine" / "case.yaml"
    text = path.read_text(encoding="utf-8")
    luck = "  luck: {by: chance, at: 0, options: {calm: 0.4, storm: rest}}\n  propose:"
    path.write_text(text.replace("  propose:", luck, 1), encoding="utf-8")
    refused = vetopoint("run", str(path), "--draws", "64", "--set", "moves.answer.by=planner")
    assert refused.returncode == 1
    assert "--set moves.answer.by=planner: only numbers can be set" in refused.stderr
    done = vetopoint("run", str(path), "--draws", "64", "--set", "moves.luck.options.calm=0.75")
    assert done.returncode == 0, done.stderr
    answers = json.loads((path.parent / "out" / "answers.json").read_text(encoding="utf-8"))
    assert answers["run"]["overrides"] == {"moves.luck.options.calm": "0.75"}


def test_help_says_of_every_command_what_it_does_in_a_whole_sentence() -> None:
    listed = vetopoint("--help").stdout.partition("Commands:")[2]
    assert len([line for line in listed.splitlines() if line[2:3].isalpha()]) > 20
    assert "..." not in listed
