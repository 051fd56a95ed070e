"""What is wrong with the file of a case is said before anything is imported that solves one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vetopoint.study import new_case

HEAVY = ("numba", "scipy.stats", "pandas", "spacy", "vetopoint.chain", "vetopoint.game", "vetopoint.truce")
LOOK = """
import sys
from vetopoint.errors import CaseError
from vetopoint.study import check
try:
    check(sys.argv[1])
except CaseError as error:
    print(error)
print(*(name for name in sys.argv[2:] if name in sys.modules))
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("owner: planner ", "owner: planer ", "did you mean 'planner'?"),
        ("when: propose == full", "when: propose = full", "`propose == full`"),
        ('"pert(0.3, 0.8, 1.5)"', "quite likely", "did you mean 'likely'"),
        ('"pert(0.3, 0.8, 1.5)"', "pert(0.3, 0.8, 1.5)", "a comma inside"),
    ],
)
def test_a_mistake_is_answered_without_the_solver(tmp_path: Path, old: str, new: str, said: str) -> None:
    case = new_case(tmp_path / "mine") / "case.yaml"
    text = case.read_text("utf-8")
    assert old in text
    case.write_text(text.replace(old, new, 1), encoding="utf-8")
    command = [sys.executable, "-c", LOOK, str(case), *HEAVY]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert said in told[0]
    assert told[-1].strip() == ""


def test_a_case_without_mistakes_is_tried_out_too(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LOOK, str(new_case(tmp_path / "mine")), *HEAVY]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "vetopoint.chain" in told.split()
