"""What is a mean over draws is fixed once: a row depends on no other, what-ifs keep units and expectations, every number has a name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from vetopoint.budget import Budget
from vetopoint.case import Case, load_case
from vetopoint.chain import Frame, World, build_world, drawn_beside, frame_of, sample_case
from vetopoint.chain.effects import effects
from vetopoint.chain.flips import held_at
from vetopoint.chain.numbers import Numbers
from vetopoint.chain.run import run_case
from vetopoint.chain.world import first_draws, first_pass
from vetopoint.coalition import section as coalition_section
from vetopoint.quantity import compile_inputs, draw_case

CASE = Path(__file__).parents[3] / "cases" / "european-presence"
BUDGET = Budget(first=256)
SMALL = Budget(
    first=64, swings=4, twin=16, trials=2, members=4, decisiveness=8, threats=8, stability=4, curves=8,
    expectations=16, worlds=8, expected=4, variants=4,
)  # fmt: skip


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case(CASE)


@pytest.fixture(scope="module")
def frame(case: Case) -> Frame:
    return frame_of(case, BUDGET)


def world_of(frame: Frame, draws: int, seed: int = 4) -> World:
    return build_world(frame, sample_case(frame, draws, seed))


def test_a_row_depends_on_no_other(frame: Frame) -> None:
    whole = world_of(frame, 700)
    for draws in (1, 48, 600):
        part = world_of(frame, draws)
        for mine, its in zip(part.payoffs, whole.payoffs, strict=True):
            assert np.array_equal(mine, its[:draws])
        assert np.array_equal(part.chance, whole.chance[:draws])
        assert np.array_equal(part.play.strategy, whole.play.strategy[:draws])


def test_the_first_draws_of_a_world_are_a_world_of_so_many_draws(frame: Frame) -> None:
    whole = world_of(frame, 300)
    _ = whole.play
    few, alone = first_draws(whole.without_truce(), 40), world_of(frame, 40)
    assert first_draws(whole, 300) is whole
    for mine, its in zip(few.payoffs, alone.payoffs, strict=True):
        assert mine.tobytes() == its.tobytes()
    assert few.play.strategy.tobytes() == alone.play.strategy.tobytes()
    for name, weights in alone.goals.items():
        assert few.goals[name].tobytes() == weights.tobytes()
    mine, its = few.tables, alone.tables
    assert mine.truce is not None
    assert its.truce is not None
    assert mine.truce.survival.tobytes() == its.truce.survival.tobytes()
    assert mine.coalition is not None
    assert its.coalition is not None
    for name in ("greatest", "least", "accepts", "capability"):
        assert getattr(mine.coalition, name).tobytes() == getattr(its.coalition, name).tobytes()
    assert mine.coalition.values.keys() == its.coalition.values.keys()


def test_a_run_imports_no_library_that_takes_a_second(tmp_path: Path) -> None:
    copy = shutil.copytree(CASE, tmp_path / "case")
    code = (
        "import sys, vetopoint; from vetopoint.budget import Budget\n"
        f"vetopoint.run(sys.argv[1], draws=16, budget={SMALL!r}); assert 'scipy.stats' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(copy)], check=True, capture_output=True)


def test_the_first_pass_is_the_same_whatever_the_seed(frame: Frame, case: Case) -> None:
    again = frame_of(case, BUDGET)
    assert first_pass(again).digest == first_pass(frame).digest
    assert first_pass(frame_of(case, Budget(first=128))).digest != first_pass(frame).digest
    assert np.array_equal(world_of(frame, 16, seed=1).unit, world_of(frame, 16, seed=2).unit)


def test_every_random_number_that_enters_the_game_is_an_input(frame: Frame) -> None:
    own = drawn_beside(frame)
    assert {"truce.mu", "truce.shape", "truce.interstate"} <= own.truce.keys()
    assert any(name.startswith("stance.") for name in own.coalition)
    assert all(what.label for what in own.inputs.values())
    assert all(what.source for what in own.inputs.values() if what.origin == "published")
    world = world_of(frame, 64)
    tables = world.tables.coalition
    assert tables is not None
    coalition_section(
        frame.case, world.draws, tables, np.full((64, frame.situations.count), 1 / frame.situations.count)
    )
    assert not world.draws.asked, "something was drawn that is no input"
    plain = draw_case(frame.case, 64, 4)
    assert all(np.array_equal(plain[name], world.draws[name]) for name in plain), (
        "what stands behind moves nothing before it"
    )


def test_expectations_are_those_of_the_distributions(frame: Frame) -> None:
    """By sampling: a share is cut at one, weights are gamma variates, the rest is log-normal."""
    for name, what in drawn_beside(frame).inputs.items():
        points = what.distribution.ppf((np.arange(200_000) + 0.5) / 200_000)
        assert what.distribution.mean() == pytest.approx(points.mean(), rel=2e-3, abs=2e-3), name
        least, most = what.distribution.support()
        assert least <= points.min()
        assert points.max() <= most


@pytest.mark.parametrize("name", ["losses", "seen", "face", "precision.russia", "truce.interstate"])
def test_a_swing_and_a_replaced_number_give_one_answer(name: str, case: Case, frame: Frame) -> None:
    if name not in case.inputs and name not in drawn_beside(frame).inputs:
        pytest.skip(f"the case has no {name}")
    world = world_of(frame, 48)
    value = float(np.quantile(world.draws[name], 0.8))
    swung = held_at(world, name, value)
    if name.startswith("truce."):
        changed = build_world(frame, world.draws.replace(name, value))
    else:
        other = case.with_values({name: f"{value!r}"})
        changed = world_of(frame_of(other, BUDGET, other.as_written), 48)
    assert np.array_equal(swung.unit, changed.unit)
    assert np.allclose(swung.play.strategy, changed.play.strategy, atol=1e-9)
    for goal, weights in swung.goals.items():
        assert np.allclose(swung.probability(weights), changed.probability(changed.goals[goal]), atol=1e-9)


def test_a_unit_follows_only_where_that_is_asked_for(case: Case) -> None:
    other = case.with_values({"seen": "0.9"})
    kept, followed = (first_pass(frame_of(other, BUDGET, base)).unit for base in (other.as_written, None))
    written = first_pass(frame_of(case, BUDGET)).unit
    assert np.array_equal(kept, written)
    assert not np.array_equal(followed, written)


def test_a_prior_swings_and_is_stored(case: Case, frame: Frame) -> None:
    numbers = Numbers(compile_inputs(case)).with_those_beside(drawn_beside(frame).inputs)
    found = effects(world_of(frame, 64), numbers, ("truce.interstate", "losses")).swings
    assert set(found) == set(case.file.goals)
    held = {s.quantity: s for s in found["held"]}
    assert held["truce.interstate"].at_high < held["truce.interstate"].at_low, "a higher hazard holds less"
    assert held["truce.interstate"].label == "A line between states instead of a civil war"


@pytest.mark.slow
def test_the_printed_error_is_the_spread_over_seeds() -> None:
    """Spread of every goal over 16 seeds, by its printed error; bounds allow for a chi over 15 degrees of freedom."""
    case = load_case(CASE)
    frame = frame_of(case)
    for draws in (512, 2048):
        ratios = []
        found = [world_of(frame, draws, seed).goal_bands() for seed in range(16)]
        for goal in found[0]:
            spread = np.std([f[goal].mean for f in found], ddof=1)
            ratios.append(spread / np.mean([f[goal].mc for f in found]))
        assert min(ratios) > 0.4, (draws, ratios)
        assert max(ratios) < 1.4, (draws, ratios)


@pytest.mark.parametrize("name", ["watched-line", "ceta-2016"])
def test_a_run_tells_its_units(name: str) -> None:
    case = load_case(CASE.parent / name)
    found = run_case(case, Numbers(compile_inputs(case)), 16, 1, SMALL)
    assert found.beside
    assert dict(zip(found.players, found.fixed.unit, strict=True)).keys() == set(case.file.actors)
    assert {f"input.{name}" for name in found.beside} <= found.columns.keys()


@pytest.mark.parametrize("name", ["truce.mu", "losses", "stance.needs_consent.rounding"])
def test_draws_that_did_not_change_need_no_second_solution(name: str, frame: Frame) -> None:
    world = world_of(frame, 48)
    assert name in world.draws
    other = held_at(world, name, float(np.quantile(world.draws[name], 0.9)))
    assert np.array_equal(other.play.strategy, other.priced.solve().strategy)
    assert np.array_equal(other.play.solution.label, other.priced.solve().solution.label)
