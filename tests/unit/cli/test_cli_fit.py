"""`vetopoint fit CASE DATA.csv`: a coin-toss of a game, whose maximum likelihood is the log odds of what was counted."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

CASE = """
vetopoint: 1
title: Fitted
as_of: 2026-01-01
owner: sender
actors: {sender: {label: Sender}}
quantities:
  beta_push: {value: "normal(0, 2)"}
moves:
  demand: {by: sender, options: [press, hold]}
outcomes: {pressed: demand == press, quiet: otherwise}
goals: {pressed: outcome == pressed}
payoffs:
  sender: {unit: [quiet, pressed], push: {worth: beta_push + 1, when: outcome == pressed}}
"""


def fit(folder: Path, *args: str, rows: str = "press\n" * 30 + "hold\n" * 10) -> subprocess.CompletedProcess[str]:
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    (folder / "past.csv").write_text("demand\n" + rows, encoding="utf-8")
    command = [sys.executable, "-m", "vetopoint", "fit", str(folder / "case.yaml"), str(folder / "past.csv"), *args]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)


def test_the_estimate_is_the_log_odds(tmp_path: Path) -> None:
    done = fit(tmp_path, "--json", "--starts", "1")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    (row,) = found["coefficients"]
    assert row["name"] == "beta_push"
    assert row["estimate"] == pytest.approx(math.log(3) - 1, abs=1e-6)
    assert row["se"] == pytest.approx(math.sqrt(1 / 30 + 1 / 10), rel=1e-6)
    assert found["observations"] == 40


def test_the_table_ends_in_text_for_the_case(tmp_path: Path) -> None:
    done = fit(tmp_path, "--starts", "1")
    assert done.returncode == 0, done.stderr
    assert "0.0986" in done.stdout
    assert "beta_push: {value: 'normal(0.0986" in done.stdout
    kept = fit(tmp_path, "--starts", "1", "--out", str(tmp_path / "fitted.yaml"))
    assert kept.returncode == 0, kept.stderr
    assert (tmp_path / "fitted.yaml").read_text(encoding="utf-8").startswith("quantities:")
    assert "value: 'normal" not in kept.stdout


def test_what_cannot_be_fitted_is_said_with_exit_1(tmp_path: Path) -> None:
    done = fit(tmp_path, rows="shout\n")
    assert done.returncode == 1
    assert "agrees with no history" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_table_is_wrong_usage(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "vetopoint", "fit", str(tmp_path), str(tmp_path / "none.csv")]
    assert subprocess.run(command, capture_output=True, text=True, timeout=60, check=False).returncode == 2
