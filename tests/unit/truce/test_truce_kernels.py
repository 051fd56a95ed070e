"""Baselines, survival along paths, competing risks: against scipy's distributions, closed forms and quadrature."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, special, stats

from vetopoint.truce.hazard import Grid, Hazards, cumulative_hazard, further, load_baseline, parameters, path_survival

MONTHS = np.arange(61.0)


def whole_grid(months: int, present: bool = True) -> Grid:
    stretch = np.zeros(months, dtype=np.int64) if present else np.full(months, -1, dtype=np.int64)
    return Grid(np.arange(months + 1.0), stretch, np.arange(months) == 0)


def hazards(n: int, present: float = 0.5, leave: float = 0.0, shares=(0.6, 0.3, 0.1)) -> Hazards:
    mix = np.tile(shares, (n, 1)) if shares else np.empty((n, 0))
    return Hazards(np.full((n, 1), present), np.ones(n), np.full((n, 1), leave), mix[:, None, :].copy(), mix)


def test_lognormal_hazard_is_minus_log_survival_even_far_out():
    times = np.array([0.0, 0.01, 1.0, 12.0, 600.0])
    found = cumulative_hazard("lognormal", [2.5, -40.0], [0.7, -0.5], times)
    for row, (mu, log_sigma) in zip(found, [(2.5, 0.7), (-40.0, -0.5)], strict=True):
        expected = -stats.lognorm.logsf(times, np.exp(log_sigma), scale=np.exp(mu))
        np.testing.assert_allclose(row, expected, rtol=1e-9, atol=1e-12)


def test_weibull_hazard():
    expected = -stats.weibull_min.logsf(MONTHS, np.exp(-0.6), scale=np.exp(3.4))
    np.testing.assert_allclose(cumulative_hazard("weibull", [3.4], [-0.6], MONTHS)[0], expected, rtol=1e-12)


@pytest.mark.parametrize("kind", ["lognormal", "weibull"])
def test_parameters_have_the_covariance_of_the_estimates(kind):
    base = load_baseline(kind)
    mu, log_shape = parameters(base, np.random.default_rng(1).standard_normal((200_000, 2)))
    expected = [[base.sd_mu**2, base.covariance], [base.covariance, base.sd_log_shape**2]]
    np.testing.assert_allclose(np.cov(mu, log_shape), expected, atol=6e-4)
    assert mu.mean() == pytest.approx(base.mu, abs=0.005)


def test_path_that_stands_all_the_time_equals_the_standing_form():
    cumulative = cumulative_hazard("lognormal", [2.5, 2.0], [0.7, 0.6], MONTHS)
    survival, incidence = path_survival(np.diff(cumulative), np.ones(2), whole_grid(60), hazards(2, 0.5))
    np.testing.assert_allclose(survival, np.exp(-0.5 * cumulative), rtol=1e-12)
    np.testing.assert_allclose(
        incidence, np.array([0.6, 0.3, 0.1])[None, :, None] * (1 - survival[:, None]), atol=1e-14
    )


def test_exit_against_quadrature():
    """Exit at rate e from a constant hazard: S(t) = ∫ e^(−es) e^(−ahs) e^(−h(t−s)) e ds + e^(−(e+ah)t), in months so short that it is dated to their ends."""
    steps, t, h, a, e = 3_000, 30.0, 0.05, 0.4, 0.1
    grid = Grid(np.arange(steps + 1.0), np.zeros(steps, dtype=np.int64), np.arange(steps) == 0)
    survival, _ = path_survival(np.full((1, steps), h * t / steps), np.ones(1), grid, hazards(1, a, e * t / steps, ()))
    left, _ = integrate.quad(lambda s: e * np.exp(-(e + a * h) * s - h * (t - s)), 0, t)
    assert survival[0, -1] == pytest.approx(left + np.exp(-(e + a * h) * t), rel=1e-3)


def test_break_ends_every_truce_as_an_offensive():
    cumulative = cumulative_hazard("weibull", [3.0], [-0.5], np.arange(13.0))
    grid = Grid(np.arange(13.0), np.full(12, -1, dtype=np.int64), np.zeros(12, dtype=bool), broken=5)
    survival, incidence = path_survival(np.diff(cumulative), np.ones(1), grid, hazards(1))
    assert survival[0, 4] > 0
    assert np.all(survival[0, 5:] == 0)
    np.testing.assert_allclose(incidence.sum(axis=1), 1 - survival, atol=1e-14)
    assert incidence[0, 0, 5] - incidence[0, 0, 4] > survival[0, 4] * 0.9


def test_a_presence_that_comes_late_helps_from_then_on_only():
    cumulative = cumulative_hazard("lognormal", [2.5], [0.7], np.arange(25.0))
    stretch = np.where(np.arange(24) >= 10, 0, -1)
    late = Grid(np.arange(25.0), stretch, np.arange(24) == 10)
    with_late, _ = path_survival(np.diff(cumulative), np.ones(1), late, hazards(1, 0.3))
    without, _ = path_survival(np.diff(cumulative), np.ones(1), whole_grid(24, False), hazards(1, 0.3))
    np.testing.assert_allclose(with_late[0, :11], without[0, :11], rtol=1e-14)
    assert np.all(with_late[0, 11:] > without[0, 11:])


@settings(max_examples=40, deadline=None)
@given(
    mu=st.floats(-1, 6), shape=st.floats(-1.5, 1.5), present=st.floats(0, 5), leave=st.floats(0, 1), scale=st.floats(0, 4),
    mix=st.lists(st.floats(0.01, 1), min_size=3, max_size=3), start=st.integers(0, 20), end=st.integers(0, 30),
    broken=st.one_of(st.just(-1), st.integers(0, 30)),
)  # fmt: skip
def test_incidences_sum_to_one_minus_survival(mu, shape, present, leave, scale, mix, start, end, broken):
    cumulative = cumulative_hazard("lognormal", [mu], [shape], np.arange(31.0))
    inside = (np.arange(30) >= start) & (np.arange(30) < end)
    grid = Grid(np.arange(31.0), np.where(inside, 0, -1), np.arange(30) == start, broken)
    shares = tuple(np.array(mix) / sum(mix))
    factor = np.array([scale])
    survival, incidence = path_survival(np.diff(cumulative), factor, grid, hazards(1, present, leave, shares))
    assert np.abs(incidence.sum(axis=1) - (1 - survival)).max() < 1e-12
    assert np.all(np.diff(survival) <= 1e-15)
    assert np.all(np.diff(incidence, axis=2) >= -1e-15)


def test_a_row_is_the_same_bytes_whatever_stands_beside_it():
    """Alone, in a block shared with others, and in the second of two blocks that two threads walk."""
    rng = np.random.default_rng(5)
    n = 3_000
    mu, log_shape = rng.normal(2.5, 0.3, n), rng.normal(0.7, 0.1, n)
    steps = np.diff(cumulative_hazard("lognormal", mu, log_shape, np.arange(13.0)))
    whole = path_survival(steps, np.ones(n), whole_grid(12), hazards(n, 0.4, 0.01))
    for rows in (slice(0, 1), slice(1_000, 2_100), slice(2_999, n)):
        alone = len(steps[rows])
        part = path_survival(steps[rows], np.ones(alone), whole_grid(12), hazards(alone, 0.4, 0.01))
        for found, expected in zip(part, whole, strict=True):
            np.testing.assert_array_equal(found, expected[rows])


def test_further_given_held():
    survival = np.array([[1.0, 0.5, 0.25], [1.0, 0.0, 0.0]])
    assert further(survival, 1, 1).tolist() == [0.5, 0.0]


def test_falling_hazard_pays_for_having_held():
    base = load_baseline("lognormal")
    survival = np.exp(-cumulative_hazard("lognormal", [base.mu], [base.log_shape], MONTHS))
    chances = [further(survival, held, 12)[0] for held in (0, 3, 6, 12)]
    assert chances == sorted(chances)


@pytest.mark.soak
def test_a_million_draws_meet_the_exact_expectation():
    """Mean survival over parameter draws against Gauss-Hermite quadrature of the same bivariate normal."""
    base = load_baseline("lognormal")
    mu, log_shape = parameters(base, np.random.default_rng(9).standard_normal((1_000_000, 2)))
    blocks = [slice(i, i + 10_000) for i in range(0, 1_000_000, 10_000)]
    survivals = [np.exp(-cumulative_hazard("lognormal", mu[b], log_shape[b], MONTHS)).mean(axis=0) for b in blocks]
    found = np.mean(survivals, axis=0)
    x, w = np.polynomial.hermite_e.hermegauss(40)
    points = stats.norm.cdf(np.array([(a, b) for a in x for b in x]))
    weights = np.array([a * b for a in w for b in w]) / (2 * np.pi)
    exact = np.exp(
        -cumulative_hazard("lognormal", *parameters(base, special.ndtri(np.clip(points, 1e-16, 1 - 1e-16))), MONTHS)
    )
    np.testing.assert_allclose(found, weights @ exact, atol=6e-4)
