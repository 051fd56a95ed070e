"""Boxes in which a plan fails, and maps of two numbers: on games whose answer is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vetopoint.answers import PairMap, ScenarioDiscovery
from vetopoint.budget import Budget
from vetopoint.case import load_case
from vetopoint.chain import Numbers, World, build_world, frame_of, sample_case
from vetopoint.chain.discovery import _event, scenario_boxes
from vetopoint.chain.findings import chance_of
from vetopoint.chain.flips import conditional
from vetopoint.chain.pairs import CELLS, pair_maps
from vetopoint.chain.prim import Box, association, inside, peeled
from vetopoint.chain.tipping import movable
from vetopoint.quantity import compile_inputs

#: The buyer says yes by a logit of a + b − 1; where the lock is over 0.7 and the key under 0.4 it says no, whatever they are.
CASE = """
vetopoint: 1
title: A sale
as_of: 2030-01-01
horizon_months: 12
owner: seller
presupposes: market == open
actors: {seller: {label: The seller}, buyer: {label: The buyer}}
quantities:
  a: {value: "uniform(0, 1)", label: First part, unit: ducats}
  b: {value: "uniform(0, 1)", label: Second part}
  lock: {value: "uniform(0, 1)", label: The lock}
  key: {value: "uniform(0, 1)", label: The key}
  idle: {value: "uniform(0, 1)", label: What enters nothing else}
  open_market: {value: "uniform(0.2, 0.6)", label: The market opens}
CORRELATE
moves:
  market: {by: chance, options: {open: open_market, closed: rest}}
  answer: {by: buyer, when: market == open, options: [accept, refuse]}
outcomes: {deal: answer == accept, refused: answer == refuse, closed: otherwise}
goals: {deal: outcome == deal}
goal_labels: {deal: the sale is made}
payoffs:
  seller: {unit: [closed, deal], gain: {worth: 1 + 0 * idle, when: outcome == deal}}
  buyer:
    unit: [closed, refused]
    gain: {worth: "WORTH", when: outcome == deal}
    keep: {worth: 1, when: outcome == refused}
precision: {seller: 6, buyer: 4}
"""
SUM = "1 + a + b - LEVEL + 0 * lock + 0 * key"
LOCKED = "3 - 6 * (lock > 0.7 and key < 0.4) + 0 * a + 0 * b"


def world_of(folder: Path, worth: str, correlate: str = "", draws: int = 4096) -> World:
    path = folder / "case.yaml"
    path.write_text(CASE.replace("WORTH", worth).replace("CORRELATE", correlate), encoding="utf-8")
    frame = frame_of(load_case(path), Budget(first=256, smoothed=4096))
    return build_world(frame, sample_case(frame, draws, 1))


def numbers_of(world: World) -> Numbers:
    case = world.frame.case
    return Numbers(compile_inputs(case), {name: item.label for name, item in case.inputs.items()})


def boxes_of(world: World) -> ScenarioDiscovery:
    found = scenario_boxes(world, numbers_of(world), "deal", movable(world, numbers_of(world)))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world_of(tmp_path_factory.mktemp("locked"), LOCKED)


def test_the_box_in_which_the_plan_fails_is_found(locked: World) -> None:
    world, found = locked, boxes_of(locked)
    assert found.event == "the plan fails (the chance of “the sale is made” is under 50%)"
    assert found.why == ""
    chance, whole = conditional(world, "deal")
    assert found.share == pytest.approx(float(whole[chance < 0.5].sum() / whole.sum()), abs=1e-12)
    assert found.share == pytest.approx(0.12, abs=0.01)
    (box,) = found.boxes
    limits = {limit.quantity: (limit.above, limit.below) for limit in box.limits}
    assert limits.keys() == {"lock", "key"}
    assert limits["lock"] == (pytest.approx(0.7, abs=0.02), None)
    assert limits["key"] == (None, pytest.approx(0.4, abs=0.02))
    assert min(box.density, box.coverage) > 0.93


def test_its_figures_are_those_of_the_other_draws_with_the_limits_as_printed(locked: World) -> None:
    world, box = locked, boxes_of(locked).boxes[0]
    chance, whole = conditional(world, "deal")
    within = np.ones(world.draws.n, dtype=bool)
    for limit in box.limits:
        column = world.draws[limit.quantity]
        assert f"{limit.above or limit.below:.3g}" == f"{limit.above or limit.below}"
        within &= (column >= (limit.above or -np.inf)) & (column <= (limit.below or np.inf))
    rest, cases = slice(1, None, 2), chance < 0.5
    both = float(whole[rest][(within & cases)[rest]].sum())
    assert box.density == pytest.approx(both / whole[rest][within[rest]].sum())
    assert box.coverage == pytest.approx(both / whole[rest][cases[rest]].sum())
    assert box.draws == int(within[rest].sum())


def test_where_nothing_moves_the_plan_no_box_is_found(tmp_path: Path) -> None:
    found = boxes_of(world_of(tmp_path, "1 + 0 * a + 0 * b + 0 * lock + 0 * key"))
    assert found.boxes == ()
    assert found.inputs == 6


def test_noise_yields_no_box() -> None:
    """Cases that hang on nothing: what fits the draws that are searched does not hold on the rest."""
    rng = np.random.default_rng(1)
    values, cases = rng.random((2000, 12)), rng.random(2000) < 0.3
    fit = max(
        peeled(values[::2], cases[::2]), key=lambda b: association(inside(b, values[::2]), cases[::2], np.ones(1000))
    )
    assert association(inside(fit, values[::2]), cases[::2], np.ones(1000)) > 0.1
    assert abs(association(inside(fit, values[1::2]), cases[1::2], np.ones(1000))) < 0.1


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.permutations(["a", "b", "lock", "key", "idle", "open_market"]))
def test_the_order_of_inputs_changes_nothing(locked: World, order: list[str]) -> None:
    known = boxes_of(locked)
    assert known.boxes
    assert scenario_boxes(locked, numbers_of(locked), "deal", order) == known


@given(st.lists(st.floats(0.01, 100), min_size=4, max_size=4), st.lists(st.floats(-5, 5), min_size=4, max_size=4))
def test_units_change_no_box(scale: list[float], shift: list[float]) -> None:
    rng = np.random.default_rng(2)
    values = rng.random((400, 4))
    cases = (values[:, 0] > 0.6) & (values[:, 2] < 0.5)
    other = values * np.array(scale) + np.array(shift)
    pairs = list(zip(peeled(values, cases), peeled(other, cases), strict=True))
    assert len(pairs) > 10
    for a, b in pairs:
        np.testing.assert_array_equal(inside(a, values), inside(b, other))


@pytest.mark.parametrize(
    ("chances", "said", "share"),
    [
        ([0.2] * 30 + [0.8] * 70, "the plan fails", 0.3),
        ([0.2] * 70 + [0.8] * 30, "the chance of “it” is at least 50%", 0.3),
        (list(np.linspace(0.0, 0.4, 100)), "the chance of “it” is above 36%", 0.1),
        (list(np.linspace(0.6, 1.0, 100)), "the chance of “it” is below 64%", 0.09),
    ],
)
def test_the_rarer_side_is_looked_for(chances: list[float], said: str, share: float) -> None:
    event = _event(np.array(chances), np.ones(100), "it")
    assert said in event.words
    assert event.cases.mean() == pytest.approx(share, abs=0.011)
    assert bool(event.why) == (said != "the plan fails")


def test_a_box_without_a_limit_is_wider() -> None:
    values = np.random.default_rng(3).random((100, 2))
    box = Box(np.array([0.3, -np.inf]), np.array([np.inf, 0.6]))
    assert box.bounded.tolist() == [0, 1]
    assert (
        inside(box, values).sum()
        < inside(box.without(0), values).sum()
        < inside(box.without(0).without(1), values).sum()
    )


# --- pairs ------------------------------------------------------------------------------------------------------------


def map_of(world: World, *names: str) -> PairMap:
    (found,) = pair_maps(world, numbers_of(world), chance_of(world.frame, "deal"), names)
    return found


def test_a_map_gives_the_chance_of_the_formula(tmp_path: Path) -> None:
    """P(yes) = logistic(4 (a + b − 1)): each cell at its middle, and the line a + b = 1."""
    found = map_of(world_of(tmp_path, SUM.replace("LEVEL", "1")), "a", "b")
    assert (found.first_unit, found.second_unit) == ("ducats", "")
    middles = (np.arange(CELLS) + 0.5) / CELLS
    assert found.first_values == pytest.approx(middles)
    wanted = 1 / (1 + np.exp(-4 * (middles[:, None] + middles[None, :] - 1)))
    np.testing.assert_allclose(np.array(found.chance, float), wanted, atol=0.03)
    assert sum(map(sum, found.draws)) == 4096
    assert found.error < 0.02
    assert len(found.line) > 30
    for x, y in found.line:
        if 0.1 < x < 0.9:
            assert x + y == pytest.approx(1.0, abs=0.03)


def test_a_map_on_which_nothing_flips_has_no_line(tmp_path: Path) -> None:
    found = map_of(world_of(tmp_path, SUM.replace("LEVEL", "2.5")), "a", "b")
    assert found.line == ()
    assert max(c for row in found.chance for c in row if c is not None) < 0.5


def test_a_cell_without_draws_stays_empty(tmp_path: Path) -> None:
    world = world_of(tmp_path, SUM.replace("LEVEL", "1"), "correlate: [[a, b, 0.95]]")
    found = map_of(world, "a", "b")
    assert found.draws[0][-1] < 10
    assert found.chance[0][-1] is None
    assert all(0 <= x <= 1 and abs(x - y) < 0.7 for x, y in found.line)
    assert found.line


def test_three_inputs_make_three_maps(tmp_path: Path) -> None:
    world = world_of(tmp_path, SUM.replace("LEVEL", "1"))
    found = pair_maps(world, numbers_of(world), chance_of(world.frame, "deal"), ["a", "b", "idle"])
    assert [(m.first, m.second) for m in found] == [("a", "b"), ("a", "idle"), ("b", "idle")]


def test_too_few_draws_make_no_map(tmp_path: Path) -> None:
    world = world_of(tmp_path, SUM.replace("LEVEL", "1"), draws=256)
    assert pair_maps(world, numbers_of(world), chance_of(world.frame, "deal"), ["a", "b"]) == ()
