"""The smallest cases and the longest: what `check` calls fine, `run` and the report carry to the end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from vetopoint.answers import Answers
from vetopoint.case import CaseError
from vetopoint.study import check, run
from vetopoint.view.report import render_report

HEAD = """
vetopoint: 1
title: Propose and answer
as_of: 2026-01-01
owner: proposer
actors: {proposer: {}, answerer: {}}
quantities: {luck: "uniform(0.2, 0.8)", gain: "uniform(0.5, 1.5)"}
"""
BASE = """
moves:
  weather: {by: chance, at: 0, options: {fair: luck, foul: rest}}
  offer: {by: proposer, at: 1, options: [propose, drop]}
  answer: {by: answerer, at: 2, when: offer == propose, options: [accept, refuse]}
outcomes: {agreed: answer == accept, failed: otherwise}
"""
GOALS = """
goals: {agreement: outcome == agreed}
payoffs:
  proposer: {unit: [failed, agreed], gain: {worth: gain, when: outcome == agreed}}
  answerer: {unit: [failed, agreed], gain: {worth: gain, when: outcome == agreed}}
"""
OWNER = """
moves:
  weather: {by: chance, at: 0, options: {fair: luck, foul: rest}}
  offer: {by: proposer, at: 1, options: [propose, drop]}
outcomes: {agreed: offer == propose and weather == fair, failed: otherwise}
"""
CHANCE = """
moves:
  weather: {by: chance, at: 0, options: {fair: luck, foul: rest}}
outcomes: {agreed: weather == fair, failed: otherwise}
"""


def attempt(folder: Path, moves: str, head: str = HEAD) -> Answers:
    """Check a case, run it and write its report."""
    (folder / "case.yaml").write_text(head + moves + GOALS, encoding="utf-8")
    assert not [str(p) for p in check(folder) if p.severity == "error"]
    answers = run(folder, draws=64)
    assert answers.run.title in render_report(answers)
    assert sum(o.probability.mean for o in answers.outcomes) == pytest.approx(1)
    return answers


def chain(length: int, options: str = "go, end") -> str:
    """Moves of both actors in turn, each possible only after the one before went on."""
    movers = ("answerer", "proposer")
    rows = [
        f"  m{k}: {{by: {movers[k % 2]}, {f'when: m{k - 1} == go, ' if k else ''}options: [{options}]}}"
        for k in range(length)
    ]
    last = f"m{length - 1} == go" if "end" in options else "no == go"
    ending = "" if "end" in options else "  no: {by: proposer, options: [go, halt]}"
    return "\n".join(["moves:", *rows, ending, f"outcomes: {{agreed: {last}, failed: otherwise}}"])


def test_the_base_case_is_fine_and_runs(tmp_path: Path) -> None:
    answers = attempt(tmp_path, BASE)
    assert [a.party for a in answers.decisiveness[0].parties] == ["answerer", "proposer"]


@pytest.mark.parametrize("actors", ["{proposer: {}, answerer: {}}", "{proposer: {}}"])
def test_an_owner_may_be_the_only_one_to_move(tmp_path: Path, actors: str) -> None:
    head = HEAD.replace("{proposer: {}, answerer: {}}", actors)
    goals = [line for line in GOALS.splitlines() if "answerer" not in line or "answerer" in actors]
    (tmp_path / "case.yaml").write_text(head + OWNER + "\n".join(goals), encoding="utf-8")
    assert not [str(p) for p in check(tmp_path) if p.severity == "error"]
    answers = run(tmp_path, draws=64)
    render_report(answers)
    (only,) = answers.decisiveness
    assert [(a.party, a.owner) for a in only.parties] == [("proposer", True)]
    assert only.decisive is None
    assert not [f for f in answers.change.twin if "decisiveness" in f.finding]


@pytest.mark.parametrize("do", [check, run])
def test_chance_alone_is_refused_with_its_line(tmp_path: Path, do: Callable[[Path], object]) -> None:
    (tmp_path / "case.yaml").write_text(HEAD + CHANCE + GOALS, encoding="utf-8")
    with pytest.raises(CaseError, match="nobody decides anything") as refused:
        do(tmp_path)
    (problem,) = refused.value.problems
    assert problem.remedy == "say which actor decides what under `moves`"
    assert problem.line == HEAD.count("\n") + 2


@pytest.mark.parametrize("options", ["{fair: rest}", "{fair: 1}", "{fair: 1, foul: 0}", "{fair: luck, foul: rest}"])
@pytest.mark.parametrize("moves", [BASE, OWNER])
def test_chance_may_have_nothing_to_choose(tmp_path: Path, options: str, moves: str) -> None:
    answers = attempt(tmp_path, moves.replace("{fair: luck, foul: rest}", options))
    weather = next(m for m in answers.moves if m.move == "weather")
    fair = next(o for o in weather.options if o.option == "fair")
    assert fair.probability.mean == pytest.approx(0.5 if "luck" in options else 1.0, abs=0.02)


def test_an_actor_may_have_one_type(tmp_path: Path) -> None:
    attempt(tmp_path, BASE, f"{HEAD}types: {{answerer: {{only: rest}}}}\n")


@pytest.mark.parametrize(
    "length", [1, 15, 64, 65, *(pytest.param(length, marks=pytest.mark.soak) for length in (62, 63, 200))]
)
def test_moves_may_follow_one_another_for_long(tmp_path: Path, length: int) -> None:
    answers = attempt(tmp_path, chain(length))
    assert answers.run.solver.nodes == 2 * length + 1
    assert len(answers.moves) == length


@pytest.mark.parametrize("length", [2, 64, 70])
def test_moves_without_a_choice_may_be_many(tmp_path: Path, length: int) -> None:
    attempt(tmp_path, chain(length, "go"))


def test_nobody_may_have_a_choice(tmp_path: Path) -> None:
    text = BASE.replace("[propose, drop]", "[propose]").replace("[accept, refuse]", "[accept]")
    attempt(tmp_path, text.replace("answer == accept", "answer == accept and weather == fair"))
