"""The numbers of a case become draws; what cannot be read is said with file, line and remedy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vetopoint.case import Case, load_case
from vetopoint.errors import CaseError
from vetopoint.quantity import compile_inputs, draw_case, impossible_numbers, input_files, parse_distribution
from vetopoint.quantity.distributions import Fixed, Uniform
from vetopoint.quantity.inputs import possibility_warnings, vague

CASE = """\
vetopoint: 1
title: A dam
as_of: 2026-01-01
owner: builder
actors: {builder: {}, board: {}}
quantities:
  gain: GAIN
  risk: {value: RISK, without: WITHOUT}
correlate: [[gain, risk, RANK]]
moves:
  ask: {by: builder, at: 0, options: [build, drop]}
  rain: {by: chance, at: 0, options: {wet: CHANCE, dry: rest}}
  say: {by: board, at: 1, when: ask == build, options: [permit, refuse]}
outcomes: {built: say == permit, not_built: otherwise}
goals: {built: outcome == built}
payoffs:
  builder: {unit: [not_built, built], gain: {worth: gain, when: outcome == built}}
  board: {unit: [not_built, built], gain: {worth: 1 - risk, when: outcome == built}}
precision: {builder: "lognormal(median=4, p90=10)", board: 3}
"""


def write(folder: Path, **parts: str) -> Case:
    text = CASE
    for name, default in {
        "GAIN": "'pert(0, 1, 3)'",
        "RISK": "likely",
        "WITHOUT": "'uniform(0, 1)'",
        "RANK": "0.3",
        "CHANCE": "0.4",
    }.items():
        text = text.replace(name, parts.get(name, default))
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return load_case(folder)


def test_declared_and_inline_numbers_become_draws(tmp_path: Path) -> None:
    draws = draw_case(write(tmp_path), 2000, 1)
    assert list(draws) == ["gain", "risk", "moves.rain.options.wet", "precision.builder", "precision.board"]
    assert (draws["precision.board"] == 3).all()
    assert np.corrcoef(draws["gain"], draws["risk"])[0, 1] == pytest.approx(0.3, abs=0.05)


def test_a_file_is_found_in_the_case_folder(tmp_path: Path) -> None:
    (tmp_path / "past.csv").write_text("gain\n1\n2\n", encoding="utf-8")
    case = write(tmp_path, GAIN="'empirical(past.csv, gain)'", WITHOUT="'empirical(\"past.csv\", gain)'")
    assert compile_inputs(case)["gain"].support() == (1, 2)
    assert input_files(case) == [tmp_path / "past.csv"]
    assert input_files(write(tmp_path)) == []


def test_every_unreadable_number_is_named_with_its_line(tmp_path: Path) -> None:
    case = write(tmp_path, GAIN="'pert(3, 2, 1)'", RISK="very likley", WITHOUT="'unifrom(0, 1)'")
    with pytest.raises(CaseError) as caught:
        compile_inputs(case)
    problems = caught.value.problems
    assert [p.line for p in problems] == [7, 8, 8]
    assert all(p.file.endswith("case.yaml") and p.remedy for p in problems)
    assert "did you mean 'very likely'?" in problems[1].remedy
    assert "did you mean 'uniform'?" in problems[2].remedy


def test_an_impossible_correlation_is_located(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        draw_case(write(tmp_path, RANK="1.5"), 10, 1)
    assert [p.line for p in caught.value.problems] == [9]


def test_dropped_sources_fall_back(tmp_path: Path) -> None:
    case = write(tmp_path)
    assert compile_inputs(case, dropped=["risk"])["risk"] == Uniform(0, 1)
    assert compile_inputs(case, dropped=["gain"])["gain"] == Uniform(0, 3)
    assert compile_inputs(case)["risk"] != Uniform(0, 1)


@pytest.mark.parametrize(
    ("parts", "line"),
    [
        ({"CHANCE": "'normal(0.4, 0.3)'"}, 12),
        ({"CHANCE": "risk", "RISK": "'lognormal(median=0.2, p90=0.6)'"}, 8),
        ({"CHANCE": "risk", "RISK": "'pert(-0.1, 0.2, 0.4)'"}, 8),
    ],
)
def test_a_probability_that_can_leave_its_range_is_named(tmp_path: Path, parts: dict[str, str], line: int) -> None:
    (found,) = impossible_numbers(write(tmp_path, **parts))
    assert (found.severity, found.line) == ("error", line)
    assert "moves.rain.options.wet" in found.message
    assert "cut it there" in found.remedy


@pytest.mark.parametrize("chance", ["0.4", "risk", "'normal(0.4, 0.3, lo=0, hi=1)'", "risk * 0.5", "likely"])
def test_probabilities_in_range_pass(tmp_path: Path, chance: str) -> None:
    assert impossible_numbers(write(tmp_path, CHANCE=chance)) == []


def test_possibility_is_flagged(tmp_path: Path) -> None:
    assert possibility_warnings(write(tmp_path)) == []
    (found,) = possibility_warnings(write(tmp_path, RISK="could"))
    assert (found.severity, found.line) == ("warning", 8)
    assert "not how likely" in found.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("beta(2, 5)", Uniform(0, 1)),
        ("pert(-1, 2, 4)", Uniform(-1, 4)),
        ("0.3", Uniform(0, 1)),
        ("4", Uniform(0, 8)),
        ("-4", Uniform(-8, 0)),
    ],
)
def test_vague_keeps_only_the_range(text: str, expected: Uniform) -> None:
    assert vague(parse_distribution(text)) == expected


def test_vague_cuts_infinite_tails() -> None:
    lo, hi = vague(parse_distribution("lognormal(median=1, p90=2.5)")).support()
    assert lo == 0
    assert 5 < hi < 8
    assert vague(Fixed(1.0)) == Uniform(0, 1)
