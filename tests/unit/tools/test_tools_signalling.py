"""The crisis-signalling game: its parts against scipy, simulation and the definition of equilibrium; its estimators on data made by it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from support import tool
from vetopoint.errors import SolverError

model, signalling = tool("validation/signalling_model"), tool("validation/signalling")
attack, equilibria, outcome_scores, resistance = (
    model.attack,
    model.equilibria,
    model.outcome_scores,
    model.resistance,
)
SignallingSpec, fit_signalling = signalling.SignallingSpec, signalling.fit_signalling

SPEC = SignallingSpec(S_A=("x",), V_A=("1",), C_B=("1", "z"), W_A=("1",), W_B=("1",), a=("1",))
TRUTH = np.array([0.3, 0.8, -0.6, 0.4, -0.9, -0.4, -1.2])


def games(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(7, n)) * 0.8


def test_the_bivariate_normal_agrees_with_scipy() -> None:
    points = np.random.default_rng(0).normal(size=(40, 2)) * 2
    law = multivariate_normal([0, 0], [[1, np.sqrt(0.5)], [np.sqrt(0.5), 1]], allow_singular=False)
    ours = model.joint_normal(points[:, 0], points[:, 1])
    assert np.allclose(ours, [law.cdf(p) for p in points], atol=1e-6)
    assert model.joint_normal(np.zeros(1), np.zeros(1))[0] == pytest.approx(0.375, abs=1e-15)


def test_best_responses_are_what_players_with_private_shocks_do() -> None:
    rng = np.random.default_rng(1)
    payoffs = np.array([[0.2], [0.5], [-0.3], [0.1], [-0.2], [-0.4], [0.1]])
    s, v, c, w_a, w_b, back, v_b = payoffs[:, 0]
    resist, fight = 0.6, 0.55
    fights, backs = w_a + rng.normal(size=500_000), back + rng.normal(size=500_000)
    challenge = (1 - resist) * v + resist * np.maximum(fights, backs) > s
    side = attack(payoffs, np.array([resist]))
    assert np.exp(side.quiet[0]) == pytest.approx(np.mean(~challenge), abs=0.003)
    assert side.fight[0] == pytest.approx(np.mean((fights > backs)[challenge]), abs=0.003)
    answers = fight * (w_b + rng.normal(size=500_000)) + (1 - fight) * v_b > c

    assert ndtr(resistance(payoffs, np.array([fight])))[0] == pytest.approx(answers.mean(), abs=0.003)


@pytest.mark.parametrize("fixed", [True, False])
def test_derivatives_are_exact(fixed: bool) -> None:
    payoffs = games(60, 2)
    resist = np.array([e[0] for e in equilibria(payoffs)])
    inside = (resist > 0.15) & (resist < 0.95)
    payoffs, start = payoffs[:, inside], resist[inside]
    fight = np.full(start.size, 0.5) if fixed else None

    def logs(p: np.ndarray) -> np.ndarray:
        where = start if fixed else model.solve(p, start)[0]
        return outcome_scores(p, where, fight)[0]

    slopes = outcome_scores(payoffs, model.solve(payoffs, start)[0] if not fixed else start, fight)[1]
    assert np.allclose(np.exp(logs(payoffs)).sum(axis=0), 1)
    for k in range(7):
        step = np.zeros((7, 1))
        step[k] = 1e-5
        assert np.allclose(slopes[:, k], (logs(payoffs + step) - logs(payoffs - step)) / 2e-5, atol=2e-5, rtol=2e-5)


def test_every_equilibrium_is_a_fixed_point_and_there_is_an_odd_number() -> None:
    payoffs = games(300, 3) * 2
    found = equilibria(payoffs)
    assert {len(e) for e in found} <= {1, 3, 5}
    assert any(len(e) == 3 for e in found)
    for k, roots in enumerate(found):
        for r in roots:
            game = payoffs[:, [k]]

            answer = ndtr(resistance(game, attack(game, np.array([r])).fight))[0]
            assert answer == pytest.approx(r, abs=1e-6)


def test_a_finer_grid_finds_no_more() -> None:
    payoffs = games(150, 4) * 1.5
    assert [len(e) for e in equilibria(payoffs, 400)] == [len(e) for e in equilibria(payoffs, 3000)]


def made(n: int, each: int, seed: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    rng = np.random.default_rng(seed)
    data = {"x": rng.normal(size=n), "z": rng.normal(size=n)}
    columns = {"x": data["x"], "z": data["z"], "1": np.ones(n)}
    payoffs, at = np.zeros((7, n)), 0
    for k, name in enumerate(model.PAYOFFS):
        for column in getattr(SPEC, name):
            payoffs[k] += TRUTH[at] * columns[column]
            at += 1
    resist = np.array([e[0] for e in equilibria(payoffs)])
    shares = np.exp(outcome_scores(payoffs, resist, None)[0])
    return data, np.stack([rng.multinomial(each, p / p.sum()) for p in shares.T])


@pytest.mark.parametrize("method", ["nested-pseudo", "constrained"])
def test_simulated_crises_come_back(method: str) -> None:
    data, counts = made(300, 60, 5)
    found = fit_signalling(SPEC, data, counts, method=method)
    assert found.estimates.converged
    assert np.all(np.abs(found.estimates.coefficients - TRUTH) < 4.5 * found.estimates.se)
    assert found.estimates.names == SPEC.names


def test_constrained_fits_at_least_as_well_and_holds_the_equilibrium() -> None:
    data, counts = made(200, 40, 6)
    nested = fit_signalling(SPEC, data, counts, method="nested-pseudo")
    full = fit_signalling(SPEC, data, counts)
    assert full.estimates.loglik >= nested.estimates.loglik - 1e-6
    assert np.array_equal(full.equilibria, signalling.count_equilibria(SPEC, data, full.estimates.coefficients, 200))
    sandwich = fit_signalling(SPEC, data, counts, errors="sandwich")
    assert np.allclose(sandwich.estimates.se, full.estimates.se, rtol=0.35)


def test_first_stage_beliefs_follow_the_frequencies() -> None:
    counts = np.tile([50, 10, 20, 10], (30, 1))
    resist, fight = signalling.frequencies(SignallingSpec(V_A=()), {}, counts)
    assert np.allclose(resist, 30 / 40, atol=1e-4)
    assert np.allclose(fight, 20 / 30, atol=1e-4)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(SolverError, match="counts"):
        fit_signalling(SPEC, {}, np.ones((3, 3)))
    with pytest.raises(SolverError, match="not in the data"):
        fit_signalling(SPEC, {}, np.ones((3, 4)))
    with pytest.raises(SolverError, match="beliefs"):
        fit_signalling(SignallingSpec(), {}, np.ones((3, 4)), beliefs=(np.zeros(3), np.ones(3)))
