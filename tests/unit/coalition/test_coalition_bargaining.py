"""Settlements of disputed issues: what must hold whatever the positions."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.coalition import challenge, evaluate_deu, nash
from vetopoint.coalition.challenging import PROFILES, Profile
from vetopoint.coalition.corpus import crps, grid
from vetopoint.coalition.settlement import (
    FITTED,
    Mixture,
    exchange,
    leverage,
    polarisation,
    quantile,
    spread,
    weighted_mean,
    weighted_median,
)
from vetopoint.errors import EvidenceError

SETTINGS = settings(max_examples=25, deadline=None)
POINTS = st.lists(st.floats(0, 100), min_size=2, max_size=6)


@SETTINGS
@given(POINTS, st.integers(0, 1000))
def test_settlements_lie_between_the_positions(points: list[float], seed: int) -> None:
    x = np.array(points)
    w = np.random.default_rng(seed).uniform(0.1, 1, len(x))
    for settled in (weighted_mean(x, w), weighted_median(x, w), nash(x, w)[0], challenge(x, w, np.ones(len(x)))[0, -1]):
        assert np.all(settled >= x.min() - 1e-6)
        assert np.all(settled <= x.max() + 1e-6)


@SETTINGS
@given(POINTS, st.integers(0, 1000))
def test_order_of_actors_does_not_matter(points: list[float], seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, w = np.array(points), rng.uniform(0.1, 1, len(points))
    order = rng.permutation(len(x))
    assert nash(x, w)[0] == pytest.approx(nash(x[order], w[order])[0], abs=1e-4)
    assert weighted_median(x, w) == weighted_median(x[order], w[order])
    assert spread(x, w)[0] == pytest.approx(spread(x[order], w[order])[0])


def test_nash_maximises_the_product() -> None:
    rng = np.random.default_rng(2)
    x, w, cost = rng.uniform(0, 100, (20, 5)), rng.uniform(0.1, 1, (20, 5)), rng.uniform(110, 200, 20)
    fine = np.linspace(0, 100, 4001)
    worth = (w[:, :, None] * np.log(cost[:, None, None] - np.abs(fine - x[:, :, None]))).sum(1)
    np.testing.assert_allclose(nash(x, w, cost), fine[worth.argmax(1)], atol=0.06)


def test_leverage_is_the_derivative_of_the_compromise() -> None:
    x, s, c = np.array([10.0, 40, 90]), np.array([0.2, 0.9, 0.5]), np.array([3.0, 1, 2])
    eps = 1e-6
    for i in range(3):
        more = s.copy()
        more[i] += eps
        slope = (weighted_mean(x, more * c) - weighted_mean(x, s * c)) / eps
        assert leverage(x, s, c)[0, i] == pytest.approx(slope, abs=1e-4)


def test_polarisation_spans_nought_to_one() -> None:
    assert polarisation([50, 50], [1, 1])[0] == 0
    assert polarisation([0, 100], [1, 1])[0] == pytest.approx(1)


def test_exchange_makes_both_better_off_and_alike() -> None:
    x = np.array([[[0.0, 100, 50], [0, 100, 50]]])
    s = np.array([[[0.9, 0.3, 0.5], [0.3, 0.8, 0.5]]])
    c = np.array([1.0, 1.0, 1.0])
    before = (x * s).sum(-1) / s.sum(-1)
    after, deals = exchange(x, s, c)
    assert deals[0] >= 1
    gain = [(s[0, :, i] * (np.abs(before - x[0, :, i]) - np.abs(after - x[0, :, i]))[0]).sum() for i in (0, 1)]
    assert gain[0] > 0
    assert gain[0] == pytest.approx(gain[1], abs=1e-9)


def test_one_issue_leaves_nothing_to_exchange() -> None:
    after, deals = exchange([[[0.0, 100.0]]], [[[0.5, 0.5]]], [1.0, 3.0])
    assert after[0, 0] == 75.0
    assert deals[0] == 0


def test_actors_who_agree_stay() -> None:
    assert np.all(challenge([50.0, 50.0], [0.5, 0.9], [1.0, 2.0]) == 50.0)


def test_mixture_is_a_distribution_and_the_score_is_proper() -> None:
    points = grid()
    x, w = np.array([[0.0, 40, 100]]), np.array([[1.0, 2, 1]])
    cdf = FITTED.cdf(x, w, points)
    assert np.all(np.diff(cdf) >= -1e-12)
    assert np.all((cdf >= 0) & (cdf <= 1))
    assert FITTED.positions + FITTED.normal + FITTED.uniform == pytest.approx(1.0)
    outcomes = np.random.default_rng(0).choice([0.0, 40, 100], p=[0.25, 0.5, 0.25], size=2000)
    truth = Mixture(1.0, 0.0, 0.0, 15.0).cdf(x, w, points)
    scores = [crps(np.repeat(c, 2000, 0), outcomes, points).mean() for c in (truth, cdf, truth**2, truth**0.5)]
    assert scores[0] == min(scores)
    assert quantile(truth[0], points, [0.1, 0.5, 0.9]).round().tolist() == [0, 40, 100]


def test_score_of_a_point_is_its_distance() -> None:
    points = grid()
    cdf = (points >= 30.0).astype(float)[None, :]
    assert crps(cdf, [70.0], points)[0] == pytest.approx(40.0, abs=0.5)


def test_unknown_profile_and_missing_corpus_are_refused(tmp_path) -> None:
    with pytest.raises(ValueError, match="no profile"):
        challenge([0.0, 1.0], [1, 1], [1, 1], profile="other")  # type: ignore[arg-type]
    with pytest.raises(EvidenceError, match="34810"):
        evaluate_deu(tmp_path)
    (tmp_path / "deu3.csv").write_text("a\tb\n1\t2\n")
    with pytest.raises(EvidenceError, match="columns"):
        evaluate_deu(tmp_path)


@pytest.mark.parametrize(
    ("x", "w", "cost", "settled"),
    [
        ([0, 100], [1, 1], 60, 50),
        ([0, 100], [1, 3], 60, 55),
        ([0, 100], [1, 1], 50, 50),
        ([0, 100], [1, 1], 30, None),
        ([40, 40], [1, 1], 0, 40),
        ([0, 100], [1, 0], 30, 0),
        ([0, 20, 100], [1, 1, 1], 49, None),
    ],
)
def test_nash_under_a_cost_below_the_range(x: list, w: list, cost: float, settled: float | None) -> None:
    """Two actors c apart by less than twice the cost: settled by hand; by more: nobody agrees (Nash 1950)."""
    assert nash(x, w, cost)[0] == pytest.approx(np.nan if settled is None else settled, abs=1e-9, nan_ok=True)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), min_size=1, max_size=6),
    st.integers(1, 260),
    st.sampled_from([0.01, 1.0, 300.0]),
)
def test_nash_against_every_point_of_the_scale(actors: list, half: int, scale: float) -> None:
    """Brute force on a fine grid; scaling, mirroring, splitting an actor and one without a say change nothing."""
    x, w = 5.0 * np.array([a[0] for a in actors]), np.array([float(a[1]) for a in actors])
    cost = half / 2 + 0.01
    found = nash(x, w, cost)[0]
    points = np.linspace(0, 100, 20_001)
    gain = cost - np.abs(points - x[:, None])
    with np.errstate(invalid="ignore", divide="ignore"):
        worth = np.where((gain > 0).all(0), (w[:, None] * np.log(gain)).sum(0), -np.inf)
    if np.isinf(worth.max()):
        assert np.ptp(x) >= 2 * cost
        assert np.isnan(found)
    else:
        assert found == pytest.approx(points[worth.argmax()], abs=0.006)
    same = [
        nash(scale * x, w, scale * cost)[0] / scale,
        100 - nash(100 - x, w, cost)[0],
        nash([*x, x[0]], [w[0] / 2, *w[1:], w[0] / 2], cost)[0],
        nash([*x, 100.0], [*w, 0.0], cost)[0],
        nash(x[::-1], w[::-1], cost)[0],
    ]
    np.testing.assert_allclose(same, found, atol=1e-9)


ACTOR = st.tuples(st.integers(0, 10), st.integers(1, 10), st.integers(1, 10))


@settings(max_examples=200, deadline=None)
@given(st.lists(ACTOR, min_size=2, max_size=7), st.sampled_from(PROFILES), st.randoms(use_true_random=False))
def test_challenges_know_no_order_scale_or_direction(actors: list, profile: Profile, random: Random) -> None:
    """On multiples of ten ties abound: the order of the actors used to break them, and rounding to make them."""
    x, s, c = (np.array(column, dtype=float) for column in zip(*actors, strict=True))
    x, s = 10 * x, s / 10
    end = challenge(x, s, c, profile=profile)[0, -1]
    order = np.array(random.sample(range(len(x)), len(x)))
    same = [
        challenge(100 - x, s, c, profile=profile)[0, -1] * -1 + 100,
        (challenge(0.37 * x + 2.3, s, 1.7 * c, profile=profile)[0, -1] - 2.3) / 0.37,
    ]
    np.testing.assert_allclose(same, [end, end], atol=1e-8)
    np.testing.assert_allclose(challenge(x[order], s[order], c[order], profile=profile)[0, -1], end[order], atol=1e-9)


def test_an_actor_between_two_equal_offers_stays_between_them() -> None:
    """The middle actor is challenged alike from both ends, whichever is listed first."""
    for profile in PROFILES:
        end = challenge([0.0, 50.0, 100.0], [0.9, 0.2, 0.9], [1.0, 0.3, 1.0], profile=profile)[0, -1]
        assert end[1] == pytest.approx(50.0, abs=1e-9)
        assert end[0] + end[2] == pytest.approx(100.0, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 3)), min_size=1, max_size=7))
def test_the_median_knows_no_order_scale_direction_or_halves(actors: list) -> None:
    x, w = (np.array(column, dtype=float) for column in zip(*[*actors, (4, 1)], strict=True))
    median = weighted_median(x, w)
    assert w[x < median - 1e-9].sum() <= w.sum() / 2
    assert w[x > median + 1e-9].sum() <= w.sum() / 2
    same = [
        10 - weighted_median(10 - x, w), weighted_median(x[::-1], 0.3 * w[::-1]),
        weighted_median([*x, x[0], 3.3], [w[0] / 2, *w[1:], w[0] / 2, 0.0]),
    ]  # fmt: skip
    np.testing.assert_allclose(same, median, atol=1e-9)


def test_deals_that_are_alike_are_averaged() -> None:
    """Three issues and two actors: whichever two issues are listed first used to be traded."""
    x, s = np.array([[[0.0, 100], [0, 100], [0, 100]]]), np.array([[[0.9, 0.1], [0.1, 0.9], [0.1, 0.9]]])
    settled, _ = exchange(x, s, [1.0, 1.0])
    order = [1, 2, 0]
    np.testing.assert_allclose(exchange(x[:, order], s[:, order], [1.0, 1.0])[0], settled[:, order], atol=1e-9)
    assert settled[0, 1] == pytest.approx(settled[0, 2], abs=1e-9)
