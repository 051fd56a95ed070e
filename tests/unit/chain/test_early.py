"""What a run says while it is at work: what it is going to do, and the leading answers on its first draws."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import ROOT
from vetopoint.answers import Answers, Early, LeadingAnswers, Work
from vetopoint.budget import Budget
from vetopoint.case import load_case
from vetopoint.chain.early import leading_answers, tell_early, work_of
from vetopoint.chain.frame import Frame, frame_of
from vetopoint.chain.world import build_world, sample_case
from vetopoint.study import new_case, open_study, run_study
from vetopoint.view.early import SOON, early_lines

CASES = ("european-presence", "tutorial-reedmeadow", "watched-line", "cyprus-1964", "ceta-2016", "grain-corridor-2023")


@cache
def frame_named(name: str) -> Frame:
    """The frame of a bundled case."""
    return frame_of(load_case(ROOT / "cases" / name), Budget())


@given(st.sampled_from(CASES), st.integers(1, 10**9), st.integers(2, 50), st.integers(0, 500))
def test_work_grows_at_most_linearly_in_draws(name: str, draws: int, factor: int, inputs: int) -> None:
    few, many = (work_of(frame_named(name), n, inputs, 1e-4) for n in (draws, factor * draws))
    assert few.anew
    assert many.anew.keys() == few.anew.keys()
    assert not [part for part in few.anew if many.anew[part] > factor * few.anew[part]]
    assert few.seconds is not None
    assert many.seconds is not None
    assert few.seconds < many.seconds <= factor * few.seconds * (1 + 1e-12)


@pytest.mark.parametrize("name", CASES)
def test_what_is_solved_anew_hangs_on_the_budget_and_not_on_the_draws(name: str) -> None:
    frame = frame_named(name)
    assert work_of(frame, 10**5, 50).anew == work_of(frame, 10**8, 50).anew
    small = frame_of(
        frame.case, Budget(threats=8, decisiveness=8, members=8, swings=8, twin=8, trials=8, variants=8, expected=8)
    )
    assert work_of(small, 10**5, 50).solved_anew < work_of(frame, 10**5, 50).solved_anew


def said(frame: Frame, draws: int) -> list[Early]:
    found: list[Early] = []
    tell_early(frame, draws, 1, len(frame.case.inputs), found.append)
    return found


def test_work_comes_first_then_answers_of_the_runs_own_first_draws() -> None:
    frame = frame_named("tutorial-reedmeadow")
    work, leading = said(frame, 5000)
    assert isinstance(work, Work)
    assert isinstance(leading, LeadingAnswers)
    assert (work.draws, leading.total, leading.draws) == (5000, 5000, frame.budget.twin)
    assert work.seconds is not None
    assert work.seconds > 0
    assert work.inputs == len(frame.case.inputs) > 5
    whole = build_world(frame, sample_case(frame, 5000, 1))
    goal = next(iter(whole.goals))
    first, _ = whole.given({goal: whole.goals[goal]})
    assert leading.chance is not None
    assert leading.chance.mean == pytest.approx(np.mean(first[goal][: leading.draws]), rel=1e-12)


def test_of_a_run_of_few_draws_they_are_the_runs_own_answers(tmp_path: Path) -> None:
    study, found = open_study(new_case(tmp_path / "case")), list[Early]()
    answers = run_study(study, 256, 1, tmp_path / "out", early=found.append)
    leading = found[-1]
    assert isinstance(leading, LeadingAnswers)
    assert leading.draws == leading.total == 256
    goal = answers.goals[0]
    chance = goal.presupposed or goal.probability
    assert leading.goal == goal.label
    assert leading.chance is not None
    assert leading.chance.mean == pytest.approx(chance.mean, rel=1e-8)
    outcome = max(answers.outcomes, key=lambda o: (o.presupposed or o.probability).mean)
    assert leading.outcome == outcome.label
    assert leading.share == pytest.approx((outcome.presupposed or outcome.probability).mean, rel=1e-8)
    fork = answers.decisiveness[0].forks[0]
    assert leading.leader == answers.run.actors[fork.actor]


def test_answers_are_the_same_bytes_whether_or_not_somebody_listens(tmp_path: Path) -> None:
    study = open_study(new_case(tmp_path / "case"))
    run_study(study, 64, 1, tmp_path / "deaf")
    run_study(study, 64, 1, tmp_path / "told", early=lambda found: None)
    for name in ("answers.json", "draws.parquet"):
        assert (tmp_path / "deaf" / name).read_bytes() == (tmp_path / "told" / name).read_bytes()


def test_figures_are_given_what_the_case_presupposes() -> None:
    frame = frame_named("european-presence")
    world = build_world(frame, sample_case(frame, 128, 1))
    leading = leading_answers(world, 128)
    assert leading.given == "a ceasefire is reached"
    goal = next(iter(world.goals))
    assert leading.chance == world.goal_bands()[goal]
    lines = early_lines(leading)
    assert lines[0] == "First answers, from 128 draws, given that a ceasefire is reached:"
    assert len(lines) == 4
    assert not [line for line in lines if "_" in line]


def work(seconds: float | None) -> Work:
    return Work(draws=20_000, nodes=1183, actors=4, inputs=82, sets=16, anew={"a": 96_400}, seconds=seconds)


def test_only_of_long_runs_is_it_said_what_they_do() -> None:
    assert early_lines(work(SOON - 0.1)) == []
    assert early_lines(work(17.3)) == [
        "20,000 draws of a game of 1,183 nodes with 82 uncertain numbers; about 96,000 are solved anew to see who decides and what would "
        "change it: about 17 seconds"
    ]
    assert early_lines(work(None))[0].endswith("what would change it")
    assert early_lines(work(400.0))[0].endswith(": about 7 minutes")


def test_where_what_is_presupposed_never_happens_nothing_is_claimed() -> None:
    leading = LeadingAnswers(
        draws=8,
        total=8,
        given="",
        goal="built",
        chance=None,
        leader=None,
        on_yes=None,
        on_no=None,
        outcome="none",
        share=0.0,
    )
    assert early_lines(leading) == [
        "First answers, from 8 draws:",
        "  nothing can be said of “built”: what is presupposed never happens",
    ]


def test_they_are_no_part_of_what_is_kept() -> None:
    assert not {"leading", "work", "early"} & set(Answers.model_fields)
