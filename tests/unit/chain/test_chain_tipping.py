"""Where a finding flips along an input: as algebra has it in a game of two moves, and confirmed by solving again or not said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from vetopoint.answers import FindingTried, TippingPoint
from vetopoint.arrays import Floats
from vetopoint.budget import Budget
from vetopoint.case import load_case
from vetopoint.chain import Numbers, World, build_world, frame_of, sample_case
from vetopoint.chain.findings import Finding, Played, chance_of, findings_of, threats_of
from vetopoint.chain.flips import RANGE
from vetopoint.chain.smoothing import along, over
from vetopoint.chain.tipping import MOST, Tipped, tipping_points
from vetopoint.chain.world import first_draws
from vetopoint.game.section import game_section
from vetopoint.quantity import compile_inputs

#: The buyer says yes or no to an offer; what a no is worth to it is its unit, so that its precision is that of the formula.
CASE = """
vetopoint: 1
title: A sale
as_of: 2030-01-01
horizon_months: 12
owner: seller
actors: {seller: {label: The seller}, buyer: {label: The buyer}}
quantities:
  w: {value: "WORTH", label: What it is worth to the buyer, unit: ducats}
  c: {value: "uniform(0, 0.8)", label: What a refusal costs the seller}
  idle: {value: "uniform(0, 1)", label: What enters next to nothing}
CORRELATE
moves:
  offer: {by: seller, options: [propose, hold]}
  answer: {by: buyer, when: offer == propose, options: [accept, refuse]}
outcomes: {deal: answer == accept, refused: answer == refuse, nothing: otherwise}
outcome_labels: {deal: The sale is made, refused: The buyer refuses, nothing: Nothing is offered}
goals: {deal: outcome == deal}
payoffs:
  seller:
    unit: [nothing, deal]
    gain: {worth: 1, when: outcome == deal}
    loss: {worth: -c, when: outcome == refused}
  buyer:
    unit: [nothing, refused]
    gain: {worth: "w * SCALE", when: outcome == deal}
    keep: {worth: 1 + 0 * idle, when: outcome == refused}
precision: {seller: 6, buyer: 4}
"""
COSTS = (np.arange(4000) + 0.5) / 4000 * 0.8


def game_of(folder: Path, worth: str, scale: float = 1.0, correlate: str = "", draws: int = 4096) -> World:
    text = CASE.replace("WORTH", worth).replace("SCALE", repr(scale)).replace("CORRELATE", correlate)
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    frame = frame_of(load_case(path), Budget(swings=256, trials=64, smoothed=4096, first=256))
    return build_world(frame, sample_case(frame, draws, 1))


def numbers_of(world: World) -> Numbers:
    case = world.frame.case
    return Numbers(compile_inputs(case), {name: item.label for name, item in case.inputs.items()})


def tipped(world: World, numbers: Numbers | None = None) -> Tipped:
    game = game_section(world.play, world.goals, world.frame.budget)
    played = Played(world.play, world.goals)
    found = findings_of(played, world.frame, game.veto_points, game.decisiveness[0])
    few = first_draws(world, world.frame.budget.swings)
    return tipping_points(world, few, numbers or numbers_of(world), [*found, *threats_of(world.frame)])


def rows_of(found: Tipped, kind: str) -> list[TippingPoint]:
    rows = [p for p in found.points if p.kind == kind]
    assert rows
    return rows


def tried_of(found: Tipped, kind: str) -> FindingTried:
    return next(t for t in found.tried if t.kind == kind)


def logistic(x: Floats | float) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.asarray(x, np.float64))))


def shares(w: float) -> dict[str, float]:
    """The outcomes' shares by the logit formula, backwards: the buyer's answer, then the seller's offer, averaged over its cost."""
    yes = float(logistic(4.0 * (w - 1.0)))
    offered = float(logistic(6.0 * (yes - (1.0 - yes) * COSTS)).mean())
    return {"deal": offered * yes, "refused": offered * (1.0 - yes), "nothing": 1.0 - offered}


def test_the_chance_flips_where_algebra_has_it(tmp_path: Path) -> None:
    wanted = brentq(lambda w: shares(w)["deal"] - 0.5, 0.0, 2.0)
    rows = rows_of(tipped(game_of(tmp_path, "uniform(0, 2)")), "goal")
    assert [r.quantity for r in rows if r.value is not None] == ["w"]
    row = rows[0]
    assert row.value == pytest.approx(wanted, abs=0.01)
    assert row.smoothed == pytest.approx(wanted, abs=0.05)
    assert row.unit == "ducats"
    assert row.resolved is not None
    assert row.resolved[0] <= 0.5 <= row.resolved[1]
    assert row.away == pytest.approx(abs(wanted / 2 - 0.5), abs=0.01)


def test_the_likeliest_outcome_flips_where_algebra_has_it(tmp_path: Path) -> None:
    """Much worth: the sale is made; where another end is as likely it flips, and to that end."""

    def lead(w: float) -> float:
        found = shares(w)
        return found["deal"] - max(found["nothing"], found["refused"])

    row = next(r for r in rows_of(tipped(game_of(tmp_path, "uniform(0.2, 2.2)")), "outcome") if r.quantity == "w")
    wanted = brentq(lead, 0.2, 2.2)
    assert row.value == pytest.approx(wanted, abs=0.015)
    labels = {"nothing": "“Nothing is offered”", "refused": "“The buyer refuses”"}
    there = shares(wanted)
    assert abs(there["nothing"] - there["refused"]) > 0.01
    assert row.instead == labels[max(labels, key=lambda name: there[name])]


def test_no_value_flips_what_no_value_flips(tmp_path: Path) -> None:
    """The most that the worth can do within its range is known; the answer says so outright, and how near it comes."""
    found = tipped(game_of(tmp_path, "uniform(0, 1)"))
    most = shares(0.99)["deal"]
    assert most < 0.45
    tried = tried_of(found, "goal")
    assert (tried.inputs, tried.flipping, tried.unsettled) == (3, 0, 0)
    assert tried.nearest == "w"
    assert tried.most == pytest.approx(most, abs=0.02)
    row = rows_of(found, "goal")[0]
    assert row.value is None
    assert row.smoothed is None
    assert row.note.startswith("stays below 0.5")


@pytest.mark.parametrize("scale", [1e-3, 0.37, 1000.0])
def test_a_unit_changes_nothing(tmp_path_factory: pytest.TempPathFactory, scale: float) -> None:
    """In other units the same value is found, in those units, whatever the finding."""
    plain = tipped(game_of(tmp_path_factory.mktemp("plain"), "uniform(0, 2)", draws=512))
    other = tipped(game_of(tmp_path_factory.mktemp("other"), f"uniform(0, {2 / scale!r})", scale, draws=512))
    assert len(plain.points) == len(other.points) >= 3
    assert any(a.value is not None for a in plain.points)
    for a, b in zip(plain.points, other.points, strict=True):
        assert (a.finding, a.quantity, a.value is None) == (b.finding, b.quantity, b.value is None)
        if a.value is not None and b.value is not None:
            assert b.value == pytest.approx(a.value / (scale if a.quantity == "w" else 1.0), rel=1e-6)


def test_the_order_of_inputs_changes_nothing(tmp_path: Path) -> None:
    world = game_of(tmp_path, "uniform(0, 2)", draws=512)
    numbers = numbers_of(world)
    turned: Mapping = dict(reversed(list(numbers.distributions.items())))
    assert tipped(world, replace(numbers, distributions=turned)) == tipped(world, numbers)


def test_what_flips_is_solved_again_on_both_sides(tmp_path: Path) -> None:
    """Each tipping point, tried by no code of the search."""
    world = game_of(tmp_path, "uniform(0, 2)")
    rows = [r for r in tipped(world).points if r.value is not None and r.kind in ("goal", "outcome")]
    assert len(rows) >= 2
    for row in rows:
        assert row.value is not None
        assert row.resolved is not None
        near = 0.02 * (row.high - row.low)
        sides = []
        for value in (row.value - near, row.value + near):
            draws = world.draws.first(256).replace(row.quantity, value)
            there = build_world(world.frame, draws)
            ends = {
                o: float(there.play.goal(world.frame.game.outcome == o).mean()) for o in ("deal", "nothing", "refused")
            }
            lead = ends["deal"] - max(ends["nothing"], ends["refused"])
            sides.append(ends["deal"] > 0.5 if row.kind == "goal" else lead > 0)
        assert sides[0] != sides[1]


@pytest.mark.parametrize("linked", [0.9, -0.9])
def test_what_goes_along_with_an_input_is_not_its_doing(tmp_path: Path, linked: float) -> None:
    world = game_of(tmp_path, "uniform(0, 2)", correlate=f"correlate: [[w, idle, {linked}]]")
    finding = chance_of(world.frame, "deal")
    columns = finding.columns(Played(world.play, world.goals))
    alone = finding.figure(along(world.draws["idle"], columns, [0.05, 0.95]).means)
    held = finding.figure(along(world.draws["idle"], columns, [0.05, 0.95], [world.draws["w"]]).means)
    assert abs(alone[1] - alone[0]) > 0.4
    assert abs(held[1] - held[0]) < 0.03
    assert [r.quantity for r in rows_of(tipped(world), "goal")] == ["w"]


def test_what_solving_again_denies_is_no_tipping_point(tmp_path: Path) -> None:
    """A figure that seems to cross in the draws, and does not where the input is held."""
    world = game_of(tmp_path, "uniform(0, 2)")

    def columns(at: Played) -> Floats:
        n = at.play.priced.n
        seen = world.draws["w"][:n] / 2 if n > world.frame.budget.swings else np.full(n, 0.4)
        return np.stack([seen, np.ones(n)], axis=1)

    finding = Finding("goal", "it passes", "it", 0.5, columns, lambda means: means[..., 0] / means[..., 1])
    found = tipping_points(world, first_draws(world, 256), numbers_of(world), [finding])
    (row,) = found.points
    assert row.value is None
    assert row.smoothed == pytest.approx(1.0, abs=0.02)
    assert row.note == "not confirmed: re-solved, it is 0.4 to 0.4"
    assert (found.tried[0].flipping, found.tried[0].unsettled) == (0, 1)


def test_no_more_are_solved_again_than_is_allowed(tmp_path: Path) -> None:
    text = CASE.replace("WORTH", "uniform(0, 2)").replace("SCALE", "1").replace("CORRELATE", "")
    more = "\n".join(f'  n{k}: {{value: "uniform(0, 1)"}}' for k in range(MOST + 3))
    text = text.replace("quantities:", f"quantities:\n{more}").replace(
        "1 + 0 * idle", f"1 + 0 * idle + {' + '.join(f'0 * n{k}' for k in range(MOST + 3))}"
    )
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    frame = frame_of(load_case(tmp_path / "case.yaml"), Budget(swings=32, first=64, smoothed=2048))
    world = build_world(frame, sample_case(frame, 2048, 1))

    def columns(at: Played) -> Floats:
        n = at.play.priced.n
        found = sum(world.draws[f"n{k}"][:n] for k in range(MOST + 3)) / (MOST + 3)
        return np.stack([0.5 + 3 * (np.asarray(found) - 0.5), np.ones(n)], axis=1)

    finding = Finding("goal", "it passes", "it", 0.5, columns, lambda means: means[..., 0] / means[..., 1])
    rows = tipping_points(world, first_draws(world, 32), numbers_of(world), [finding]).points
    left = [r for r in rows if r.note.startswith("not re-solved")]
    assert len(left) == 3
    assert all(r.value is None for r in left)


# --- smoothing --------------------------------------------------------------------------------------------------------


def test_a_polynomial_of_ranks_is_found_exactly() -> None:
    rng = np.random.default_rng(1)
    x = rng.lognormal(size=4096)
    u = (np.argsort(np.argsort(x)) + 0.5) / 4096
    at = np.array([0.01, 0.3, 0.99])
    found = along(x, np.stack([1 + 2 * u - u**3, np.ones(4096)], axis=1), at)
    np.testing.assert_allclose(found.means[:, 0], 1 + 2 * at - at**3, atol=1e-9)
    np.testing.assert_allclose(found.means[:, 1], 1.0, atol=1e-9)
    np.testing.assert_allclose(found.error(lambda m: m[..., 0] / m[..., 1]), 0.0, atol=1e-9)


def test_a_product_of_two_is_found_exactly() -> None:
    rng = np.random.default_rng(2)
    x, y = rng.random((2, 4096))
    u, v = ((np.argsort(np.argsort(z)) + 0.5) / 4096 for z in (x, y))
    at = [np.array([0.1, 0.5, 0.9]), np.array([0.2, 0.4, 0.95])]
    found = over([x, y], (u * v - u**2)[:, None], at)
    np.testing.assert_allclose(found.means[:, 0], at[0] * at[1] - at[0] ** 2, atol=1e-9)


@given(st.permutations(range(64)))
def test_the_order_of_draws_changes_no_mean(order: list[int]) -> None:
    rng = np.random.default_rng(3)
    x, y = rng.random(64), rng.random((64, 2))
    at = np.linspace(0.05, 0.95, 5)
    np.testing.assert_allclose(along(x[order], y[order], at).means, along(x, y, at).means, atol=1e-12)


def test_the_error_is_that_of_a_repetition() -> None:
    """The printed error against the spread over 200 samples, at the middle and near an end."""
    rng = np.random.default_rng(4)
    at = np.array([0.5, 0.95])
    found, errors = [], []
    for _ in range(200):
        x = rng.random(1024)
        fit = along(x, (np.sin(3 * x) + rng.normal(size=1024))[:, None], at)
        found.append(fit.means[:, 0])
        errors.append(fit.error(lambda m: m[..., 0]))
    spread = np.std(found, axis=0)
    assert np.sqrt(np.mean(np.square(errors), axis=0)) == pytest.approx(spread, rel=0.2)


@pytest.mark.parametrize("values", [[0.0, 1.0], [0.0, 0.5, 1.0]])
def test_an_input_of_few_values_gives_their_means(values: list[float]) -> None:
    rng = np.random.default_rng(5)
    x = rng.choice(values, 3000)
    y = np.where(x > 0, 0.8, 0.1) + 0.01 * x
    u = [(x < v).mean() + 0.5 * (x == v).mean() for v in values]
    assert u == sorted(u)
    found = along(x, y[:, None], u).means[:, 0]
    np.testing.assert_allclose(found, [np.mean(y[x == v]) for v in values], atol=1e-9)


def test_ranges_are_those_of_the_distribution(tmp_path: Path) -> None:
    world = game_of(tmp_path, "uniform(0, 2)", draws=512)
    points = tipped(world).points
    assert points
    for p in points:
        low, high = compile_inputs(world.frame.case)[p.quantity].ppf(np.array(RANGE))
        assert (p.low, p.high) == pytest.approx((low, high))
        assert p.value is None or p.low <= p.value <= p.high
        assert (p.value is None) == bool(p.note)
        assert (p.value is None) == (p.resolved is None)
