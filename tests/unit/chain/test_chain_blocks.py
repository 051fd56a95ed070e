"""A block made by itself has the rows of a run, and keeps a first pass that was made elsewhere."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np
import pytest

from support import ROOT
from vetopoint.case import load_case
from vetopoint.chain import Frame, Numbers, build_world, frame_of, run_case, sample_case
from vetopoint.chain.blocks import draw_columns, figure_names, frame_with, make_block, rows_in
from vetopoint.chain.streams import Figures
from vetopoint.chain.world import first_pass
from vetopoint.game.flow import end_probabilities
from vetopoint.quantity import compile_inputs
from vetopoint.quantity.sampling import BLOCK

DRAWS = BLOCK + 300


@cache
def framed(name: str) -> Frame:
    return frame_of(load_case(ROOT / "cases" / name))


@pytest.mark.parametrize("name", ["tutorial-reedmeadow", "european-presence"])
def test_rows_are_those_of_all_draws_at_once(name: str) -> None:
    frame = framed(name)
    world = build_world(frame, sample_case(frame, DRAWS, 3))
    reached = end_probabilities(frame.game, world.play.solution.strategy, world.chance)
    whole, second = draw_columns(world, reached), make_block(frame, 3, 1, rows_in(1, DRAWS))
    assert list(second.columns) == list(whole)
    for column, values in second.columns.items():
        assert values.tobytes() == whole[column][BLOCK:].tobytes(), column


def test_rows_and_figures_are_those_of_a_run() -> None:
    frame = framed("tutorial-reedmeadow")
    result = run_case(frame.case, Numbers(compile_inputs(frame.case)), 500, 3)
    made, stream = make_block(frame, 3, 0, 500), Figures()
    assert list(made.columns) == list(result.columns)
    for column, values in made.columns.items():
        assert values.tobytes() == result.columns[column].tobytes(), column
    stream.add(made.block)
    found = stream.bands()
    assert list(found) == list(figure_names(frame))
    told = {f"goal.{g.name}": g for g in result.game.goals} | {f"outcome.{o.name}": o for o in result.game.outcomes}
    assert len(told) > 3
    for figure, answer in told.items():
        expected = answer.presupposed or answer.probability
        for part in ("mean", "lo", "hi", "mc"):
            assert getattr(found[figure], part) == pytest.approx(getattr(expected, part), abs=1e-9), figure


def test_a_first_pass_made_elsewhere_is_kept() -> None:
    """A point of a grid is played with the first pass of the case as written, as `--set` is."""
    case = framed("tutorial-reedmeadow").case
    name = next(name for name, item in case.inputs.items() if item.place.section == "quantities")
    value = str(float(compile_inputs(case)[name].ppf(0.9)))
    fixed = first_pass(framed("tutorial-reedmeadow"))
    point = frame_with(case.with_values({name: value}), fixed)
    assert first_pass(point) is fixed
    like_set = frame_of(case.with_values({name: value}), base=case)
    one, two = make_block(point, 1, 0, 200), make_block(like_set, 1, 0, 200)
    for column, values in one.columns.items():
        assert values.tobytes() == two.columns[column].tobytes()
    doubled = dataclasses.replace(fixed, unit=fixed.unit * 2)
    other = make_block(dataclasses.replace(point, fixed=doubled), 1, 0, 200)
    goals = [column for column in one.columns if column.startswith("goal.")]
    assert goals
    assert not np.array_equal(other.columns[goals[0]], one.columns[goals[0]])
