"""`vetopoint check --play`, `vetopoint variants`, and what a run keeps and prints of both."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from support import ROOT
from vetopoint.answers import Answers
from vetopoint.cli import main
from vetopoint.study import open_study, play, run
from vetopoint.study.plausible import claims_behind
from vetopoint.view.report import render_report

CYPRUS = ROOT / "cases" / "cyprus-1964"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CYPRUS, tmp_path / "cyprus", ignore=shutil.ignore_patterns("out", "*.sqlite*")))


def _ran(monkeypatch: pytest.MonkeyPatch, *args: str) -> int:
    monkeypatch.setattr(sys, "argv", ["vetopoint", *args])
    with pytest.raises(SystemExit) as done:
        main()
    return int(done.value.code or 0)


def test_play_prints_verdicts_choices_and_exits_0(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _ran(monkeypatch, "check", "--play", str(case), "--draws", "256") == 0
    said = capsys.readouterr().out
    assert "expectations (256 draws)" in said
    assert said.count("  held ") == len(open_study(case).case.file.expect)
    assert "answer by cyprus: accept" in said


def test_play_exits_1_where_a_line_is_not_held_and_says_which(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = case / "case.yaml"
    path.write_text(path.read_text().replace("raise: rebuff, lowers:", "raise: rebuff, raises:"), encoding="utf-8")
    assert _ran(monkeypatch, "check", "--play", str(case), "--draws", "128") == 1
    assert "not held: raise rebuff: raises propose == nato_force → it moves the other way" in capsys.readouterr().err


def test_variants_as_text_and_json_and_a_case_without(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert _ran(monkeypatch, "variants", str(case), "--draws", "64") == 0
    assert "no_landing: Nobody lands unasked" in capsys.readouterr().out
    assert _ran(monkeypatch, "variants", str(case), "--draws", "64", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [v["name"] for v in found] == ["", "not_at_once", "no_landing", "sharper", "open_goal"]
    assert [v["failed"] for v in found] == [""] * 5
    path = case / "case.yaml"
    path.write_text(path.read_text().partition("variants:")[0], encoding="utf-8")
    assert _ran(monkeypatch, "variants", str(case)) == 1
    assert "no variants → declare some" in capsys.readouterr().err


def test_a_run_keeps_what_it_found_and_the_report_prints_it(case: Path, tmp_path: Path) -> None:
    answers = run(case, draws=128, seed=1, out=tmp_path / "out")
    assert [e.verdict for e in answers.expectations_held].count("held") == len(answers.expectations_held) > 5
    assert len(answers.variants) == 5
    assert {c.move for c in answers.choices} == {"warn", "propose", "answer", "respond", "council"}
    assert Answers.from_json((tmp_path / "out" / "answers.json").read_text()) == Answers.from_json(answers.to_json())
    page = render_report(answers)
    for said in (
        "What the numbers must do",
        answers.expectations_held[0].why,
        "Nobody lands unasked",
        "what it is worth",
    ):
        assert said in page


def test_what_rests_on_a_claim_and_does_nothing_is_listed_in_the_run_and_in_play(case: Path, tmp_path: Path) -> None:
    path = case / "case.yaml"
    text = path.read_text().replace(
        "quantities:\n",
        "quantities:\n  noise: {value: 'uniform(0, 1)', from: {claims: [t1], by: analyst}, without: 1, label: Noise}\n",
        1,
    )
    path.write_text(text.replace("worth: -alliance,", "worth: -alliance + 0 * noise,", 1), encoding="utf-8")
    opened = open_study(case).case
    assert claims_behind(opened)["noise"] == ("t1",)
    assert "rebuff" not in claims_behind(opened)
    found, _ = play(opened, 64)
    (listed,) = [i for i in found.ignored if i.quantity == "noise"]
    assert (listed.claims, listed.swing, listed.label) == (("t1",), 0.0, "Noise")
    assert "alliance" not in {i.quantity for i in found.ignored}
    answers = run(case, draws=64, seed=1, out=tmp_path / "out")
    assert "noise" in {i.quantity for i in answers.ignored}
    assert all(abs(i.swing) < 0.005 for i in answers.ignored)
    assert 'id="fig-ignored"' in render_report(answers)


def test_a_claim_behind_a_stance_counts(tmp_path: Path) -> None:
    opened = open_study(ROOT / "cases" / "european-presence").case
    stances = [name for name in claims_behind(opened) if ".stances" in name]
    assert stances


@pytest.mark.parametrize(
    "name",
    [
        "cyprus-1964",
        pytest.param("ceta-2016", marks=pytest.mark.soak),
        pytest.param("grain-corridor-2023", marks=pytest.mark.soak),
        "tutorial-reedmeadow",
        "watched-line",
    ],
)
def test_the_bundled_cases_do_what_they_say_they_must(name: str) -> None:
    opened = open_study(ROOT / "cases" / name).case
    assert len(opened.file.expect) >= 3
    found, _ = play(opened, 512)
    assert [e.said for e in found.expectations_held if e.verdict != "held"] == []
