"""The page of past plans says what a run says, and its cases are not told their ends."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from support import ROOT
from vetopoint.budget import Budget
from vetopoint.case import load_case
from vetopoint.study import open_study, run_study

PAGE = (ROOT / "docs" / "past-plans.md").read_text(encoding="utf-8")
CASES = {"ceta-2016": ("2016-10-19", "wallonia"), "grain-corridor-2023": ("2023-07-15", "russia")}
#: What the page does not tell is worked out on few draws.
FEW = Budget(members=8, swings=8, twin=8, trials=8)
ROW = re.compile(r"^\| (?P<said>[^|]+) \| (?P<figure>\d+) \| [^|]+ \| `(?P<place>/[^`]+)` \|$", re.MULTILINE)


def section(case: str) -> str:
    (found,) = [part for part in PAGE.split("\n## ") if f"`cases/{case}`" in part]
    return found


def as_written(name: str, folder: Path) -> Path:
    """The case without its expectations and variants, which take long and change no figure of the page."""
    shutil.copytree(ROOT / "cases" / name, folder, ignore=shutil.ignore_patterns("out", "*.sqlite*"))
    head, expected, _ = (folder / "case.yaml").read_text(encoding="utf-8").partition("\nexpect:\n")
    assert expected
    (folder / "case.yaml").write_text(head, encoding="utf-8")
    return folder


def at(answers: Any, place: str) -> float:
    for key in place.strip("/").split("/"):
        answers = answers[int(key)] if isinstance(answers, list) else answers[key]
    return float(answers)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["ceta-2016", pytest.param("grain-corridor-2023", marks=pytest.mark.soak)])
def test_the_figures_are_those_of_a_run(name: str, tmp_path: Path) -> None:
    answers = run_study(open_study(as_written(name, tmp_path / name)), 1024, 1, tmp_path, budget=FEW)
    told = json.loads(answers.model_dump_json())
    rows = list(ROW.finditer(section(name)))
    assert len(rows) >= 4
    found = {row["said"]: (int(row["figure"]), 100 * at(told, row["place"])) for row in rows}
    assert {said: pair for said, pair in found.items() if abs(pair[0] - pair[1]) > 0.5} == {}
    goals = [goal["label"] for goal in told["goals"]]
    assert [row["said"] for row in rows if row["place"] == "/goals/0/probability/mean"] == goals[:1]
    assert told["decisiveness"][0]["forks"][0]["actor"] == CASES[name][1]


@pytest.mark.parametrize("name", CASES)
def test_nothing_that_the_case_rests_on_is_younger_than_it(name: str) -> None:
    folder, (day, _) = ROOT / "cases" / name, CASES[name]
    case = load_case(folder)
    assert case.file.as_of.isoformat() == day
    assert [
        key for key, source in case.file.sources.items() if source.date is None or source.date.isoformat() > day
    ] == []
    claims = [json.loads(line) for line in (folder / "claims.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(claims) > 10
    assert [claim["id"] for claim in claims if claim["date"] > day] == []
    judged = [q for q in case.file.quantities.values() if q.from_.note]
    assert judged
    assert [q.label for q in judged if not re.match(r"then: |the measure of the others", q.from_.note)] == []
    used = {claim for q in case.file.quantities.values() for claim in q.from_.claims}
    assert used <= {claim["id"] for claim in claims}
