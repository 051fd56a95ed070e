"""Incident counts: the fit finds what made the series, beats the plain conjugate forecast, and reads a blinded mission rightly."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from truce_cases import make_case, make_draws

from support import tool
from vetopoint.truce._section import effective_draws, observed_update
from vetopoint.truce.incidents import (
    _log_pmf,
    escalation_factor,
    fit_counts,
    gamma_poisson_scores,
    lagged_scores,
)
from vetopoint.truce.model import bind
from vetopoint.truce.observed import read_counts
from vetopoint.truce.thinning import month_by_month


def simulate(months: int, base: float, branching: float, size: float, seed: int) -> np.ndarray:
    """A negative binomial with one month's lag."""
    rng = np.random.default_rng(seed)
    counts = [base / (1 - branching)]
    for _ in range(months):
        mean = base + branching * counts[-1]
        counts.append(float(rng.poisson(rng.gamma(size, mean / size))))
    return np.array(counts[1:])


def test_pmf_is_scipys():
    y = np.arange(40)
    expected = stats.nbinom.logpmf(y, 2.5, 2.5 / (2.5 + 7.0))
    np.testing.assert_allclose(_log_pmf(y, 7.0, 2.5), expected, rtol=1e-10)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_beats_gamma_poisson_by_a_nat_a_month(seed):
    """Over-dispersion and lag as on a watched line (84 months, mean near 10, variance near 100), forecast from month 24 on."""
    y = simulate(84, 2.0, 0.79, 1.5, seed)
    assert y.var() > 3 * y.mean()
    lagged, plain = lagged_scores(y, 24), gamma_poisson_scores(y, 24)
    assert lagged.shape == plain.shape == (60,)
    assert lagged.mean() - plain.mean() >= 1.0


def test_fit_recovers_the_series_and_narrows_with_evidence():
    short, long = simulate(60, 4.0, 0.5, 3.0, 7), simulate(1_500, 4.0, 0.5, 3.0, 7)
    few, many = fit_counts(short), fit_counts(long)
    assert many.branching == pytest.approx(0.5, abs=0.08)
    assert many.quantile(0.5, 0) == pytest.approx(4.0, rel=0.2)
    assert many.quantile(0.5, 2) == pytest.approx(3.0, rel=0.2)
    for column in range(3):
        assert np.ptp(many.quantile([0.05, 0.95], column)) < np.ptp(few.quantile([0.05, 0.95], column))


def test_a_blinded_mission_does_not_read_as_a_quiet_front():
    """Detection falls to a third: seen counts fall with it, and only the corrected fit still expects as many incidents."""
    rng = np.random.default_rng(4)
    true = simulate(48, 10.0, 0.3, 5.0, 9)
    detection = np.where(np.arange(48) < 24, 0.9, 0.3)
    seen = rng.binomial(true.astype(int), detection)
    corrected, naive = fit_counts(seen, detection), fit_counts(seen)
    assert naive.expected < 0.6 * corrected.expected
    level = corrected.weights @ (corrected.points[:, 0] / np.maximum(1 - corrected.points[:, 1], 0.05))
    assert level == pytest.approx(true.mean(), rel=0.35)


def test_quiet_lowers_and_noise_raises_the_hazard_of_escalation(tmp_path):
    slope = np.array([0.3])
    for last, sign in ((1, -1), (60, 1)):
        file = tmp_path / f"{last}.csv"
        file.write_text(
            "month,incidents\n" + "".join(f"{m},{10 if m < 20 else last}\n" for m in range(24)), encoding="utf-8"
        )
        factor = escalation_factor(read_counts(file), 1.0, slope)
        assert np.sign(np.log(factor[0])) == sign


def test_effective_draws():
    assert effective_draws(np.ones(8)) == pytest.approx(8.0)
    assert effective_draws(np.array([1.0, 0.0, 0.0])) == pytest.approx(1.0)
    assert effective_draws(np.zeros(3)) == 0.0


def incidents_csv(folder, values, header="month,incidents", extra=""):
    rows = "".join(f"{m},{int(v)}{extra}\n" for m, v in enumerate(values))
    (folder / "incidents.csv").write_text(f"{header}\n{rows}", encoding="utf-8")


def test_observed_months_update_the_case(tmp_path):
    incidents_csv(tmp_path, simulate(24, 2.0, 0.6, 2.0, 5))
    case = make_case(tmp_path, truce="{observed: incidents.csv}")
    model = bind(case, make_draws(case))
    found = observed_update(model)
    assert found is not None
    assert found.held_months == 24
    assert found.detection == pytest.approx(model.effects["contingent"].detection.mean(), rel=0.05)  # that at the means
    np.testing.assert_allclose(np.array(found.corrected) * found.detection, found.seen)
    assert 1 < found.effective_draws < model.draws.n
    assert found.branching.lo < found.branching.mean < found.branching.hi
    assert "cannot be said" in found.branching_note
    assert found.log_score > found.log_score_gamma_poisson
    assert np.any(model.escalation != 1.0)
    assert "incident_slope" in model.used
    assert found.holds_further_12["none"].mean > 0.5


def test_explosive_incidents_raise_the_alarm(tmp_path):
    incidents_csv(tmp_path, np.round(2.0 * 1.25 ** np.arange(24)))
    case = make_case(tmp_path, truce="{observed: incidents.csv}")
    found = observed_update(bind(case, make_draws(case)))
    assert found is not None
    assert found.alarm
    assert found.alarm_probability > 0.5


@pytest.mark.parametrize("detection", [0.17, 0.5, 1.0])
@pytest.mark.parametrize("series", [12, pytest.param(40, marks=pytest.mark.soak)])
def test_a_share_that_is_not_seen_does_not_make_incidents_look_calmer(detection, series):
    """Dividing by detection gave 0.52 for 0.8 where a sixth is seen; bounds allow for the chance error of so many series (see `--blind`)."""
    told = [m for m in tool("validation/truce").thinned(84, 0.8, detection, series) if m.telling]
    assert len(told) >= 0.6 * series
    middle = np.array([m.branching for m in told])
    assert abs(middle.mean() - 0.8) < 0.05 + 2 * middle.std() / np.sqrt(len(told))
    held = sum(lo <= 0.8 <= hi for lo, hi in (m.wide_quantile([0.05, 0.95]) for m in told))
    assert stats.binom.cdf(held, len(told), 0.9) > 0.01


def test_the_filter_is_the_sum_over_all_that_may_have_happened():
    """Against sums over whole numbers up to 600, a month that nobody watched included."""
    rng = np.random.default_rng(2)
    true = simulate(40, 2.0, 0.8, 3.0, 6)
    detection = np.where(np.arange(40) % 9 == 4, 0.0, rng.uniform(0.1, 0.9, 40))
    seen = rng.binomial(true.astype(int), detection).astype(float)
    theta = np.array([[2.0, 0.8, 3.0], [1.0, 0.3, 0.8], [4.0, 0.5, 20.0], [0.5, 1.1, 2.0]])
    scores, after = month_by_month(seen, detection, theta)
    watched = detection > 0
    first = np.mean(seen[watched] / detection[watched]) + 0.5
    for row, expected, (base, branching, size) in zip(scores, after, theta, strict=True):
        slow, mean = sums_over_states(seen, detection, lambda x, b=base, a=branching: b + a * x, size, first)
        assert row.sum() == pytest.approx(slow, abs=0.15)
        assert expected == pytest.approx(mean, rel=0.03)


def sums_over_states(seen, detection, mean, size, first, most=600):
    states = np.arange(most)
    moves = np.array([stats.nbinom.pmf(states, size, size / (size + mean(x))) for x in states])
    now, total = stats.nbinom.pmf(states, size, size / (size + first)), 0.0
    for y, d in zip(seen, detection, strict=True):
        joint = now * stats.binom.pmf(y, states, d)
        total += np.log(joint.sum() / now.sum())
        now = joint / joint.sum() @ moves
    return total, now @ states


@pytest.mark.parametrize(
    ("seen", "detection"),
    [
        (np.zeros(30), 0.3),
        (np.full(30, 1e6), 0.1),
        (np.array([0.0, 0.0, 1.0]), 1e-6),
        (np.array([5.0, 1e5, 0.0]), 1.0),
        (2.0 ** np.arange(25), 0.5),
        (np.array([3.0, 0.0, 0.0, 0.0, 4.0]), np.array([1.0, 0.0, 0.0, 0.0, 1.0])),
    ],
)
def test_any_series_gets_numbers_and_few_months_say_nothing(seen, detection):
    found = fit_counts(seen, detection)
    assert np.isfinite([found.branching, found.expected, *found.scores]).all()
    assert found.weights.sum() == pytest.approx(1.0)
    assert len(seen) > 20 or not found.telling
