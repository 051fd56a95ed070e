"""First and total effects against functions whose effects are known in closed form, and against SALib on the same draws.

Ishigami: T. Ishigami & T. Homma (1990), Proc. ISUMA '90, 398-403; its effects in closed form: Sobol' & Levitan (1999), Computer Physics
Communications 117, 52-61. The g function: A. Saltelli & I. Sobol' (1995), Reliability Engineering & System Safety 50, 225-239. SALib: J. Herman &
W. Usher (2017), Journal of Open Source Software 2 (9), 97; its estimator from given draws: E. Plischke (2010), ibid. 95, 354-360.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.arrays import Floats
from vetopoint.chain.legendre import placed, ranks
from vetopoint.chain.sensitivity import Anew, Effect, Fit, course, first_effects, total_effects, variances
from vetopoint.quantity import sample
from vetopoint.quantity.distributions import Uniform

A = (0.0, 1.0, 4.5, 9.0, 99.0)


def ishigami(u: Floats) -> Floats:
    x = (2.0 * u - 1.0) * np.pi
    return np.asarray(np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def g_function(u: Floats) -> Floats:
    return np.asarray(np.prod([(np.abs(4.0 * u[:, i] - 2.0) + a) / (1.0 + a) for i, a in enumerate(A)], axis=0))


def ishigami_effects() -> tuple[Sequence[float], Sequence[float]]:
    p4, p8 = 0.1 * np.pi**4, 0.01 * np.pi**8
    alone = (0.5 * (1.0 + p4 / 5.0) ** 2, 49.0 / 8.0, 0.0)
    both = p8 / 18.0 - p8 / 50.0
    whole = sum(alone) + both
    return [v / whole for v in alone], [(alone[0] + both) / whole, alone[1] / whole, both / whole]


def g_effects() -> tuple[Sequence[float], Sequence[float]]:
    parts = np.array([1.0 / (3.0 * (1.0 + a) ** 2) for a in A])
    whole = np.prod(1.0 + parts) - 1.0
    others = [np.prod(1.0 + np.delete(parts, i)) for i in range(len(A))]
    return (parts / whole).tolist(), (parts * others / whole).tolist()


def columns(inputs: int, draws: int, seed: int) -> Floats:
    drawn = sample({f"x{i}": Uniform(0, 1) for i in range(inputs)}, draws, seed)
    return np.stack([drawn[f"x{i}"] for i in range(inputs)], axis=1)


def estimated(
    function: Callable[[Floats], Floats], inputs: int, draws: int, anew: int, seed: int
) -> list[tuple[Effect, Effect]]:
    """First effects from the draws, total effects from as many pairs."""
    whole = columns(inputs, draws, seed)
    other = np.random.default_rng(seed).permutation(columns(inputs, anew, seed + 1000))
    values, weights = function(whole)[:, None], np.ones(draws)
    found = []
    for i in range(inputs):
        moved = whole[:anew].copy()
        moved[:, i] = other[:, i]
        pairs = Anew(
            ranks(whole[:, i])[:anew], placed(moved[:, i], whole[:, i]), function(moved)[:, None] - values[:anew],
            np.ones(anew),
        )  # fmt: skip
        first = first_effects(Fit.along(ranks(whole[:, i]), values, weights))
        found.append((first, total_effects(pairs, variances(values, weights))))
    return found


@pytest.mark.parametrize(("function", "known"), [(ishigami, ishigami_effects()), (g_function, g_effects())])
def test_effects_lie_within_their_printed_intervals(
    function: Callable[[Floats], Floats], known: tuple[Sequence[float], Sequence[float]]
) -> None:
    """Nineteen of twenty intervals should hold the truth; of the intervals of eight seeds, at least five of six must."""
    held: dict[str, list[bool]] = {"first": [], "total": []}
    for seed in range(8):
        for i, (first, total) in enumerate(estimated(function, len(known[0]), 8192, 1024, seed)):
            for what, effect, truth in (("first", first, known[0][i]), ("total", total, known[1][i])):
                assert abs(effect.share[0] - truth) < 0.1, (what, i, seed)
                held[what].append(bool(abs(effect.share[0] - truth) <= 1.96 * effect.error[0] + 0.002))
    assert min(np.mean(of) for of in held.values()) >= 5 / 6, held


def test_first_effects_are_those_of_salib_on_the_same_draws() -> None:
    from SALib.analyze import rbd_fast

    whole = np.random.default_rng(3).random((8192, 3))
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0.0, 1.0]] * 3}
    theirs = rbd_fast.analyze(problem, whole, ishigami(whole), M=10, num_resamples=2, seed=1)["S1"]
    values, weights = ishigami(whole)[:, None], np.ones(len(whole))
    ours = [first_effects(Fit.along(ranks(whole[:, i]), values, weights)).share[0] for i in range(3)]
    assert np.allclose(ours, theirs, atol=0.01)


def test_a_course_is_the_conditional_mean() -> None:
    """E[Y | x₁] of Ishigami is 7/2 + (1 + π⁴/50) sin x₁."""
    whole, anew = columns(3, 8192, 5), 1024
    values, moved = ishigami(whole)[:, None], whole[:anew].copy()
    moved[:, 0] = np.random.default_rng(2).random(anew)
    shares = ranks(whole[:, 0])
    pairs = Anew(
        shares[:anew], placed(moved[:, 0], whole[:, 0]), ishigami(moved)[:, None] - values[:anew], np.ones(anew)
    )
    along = course(pairs, Fit.along(shares, values, np.ones(len(whole))))
    for low, high in ((0.05, 0.95), (0.2, 0.7)):
        *ends, error = along.between(low, high)
        truth = [(1.0 + np.pi**4 / 50.0) * np.sin((2.0 * at - 1.0) * np.pi) for at in (low, high)]
        assert abs((ends[1] - ends[0])[0] - (truth[1] - truth[0])) < 3.0 * error[0] + 0.02


@given(seed=st.integers(0, 1000), draws=st.sampled_from([1, 7, 200, 1024]))
@settings(max_examples=25, deadline=None)
def test_order_and_scale_of_draws_carry_no_meaning(seed: int, draws: int) -> None:
    rng = np.random.default_rng(seed)
    column, values, weights = rng.random(draws), rng.random((draws, 2)), rng.random(draws) + 0.1
    shuffled = rng.permutation(draws)
    here = first_effects(Fit.along(ranks(column), values, weights))
    there = first_effects(Fit.along(ranks(np.exp(column))[shuffled], values[shuffled], 3.0 * weights[shuffled]))
    assert np.allclose(here.share, there.share, atol=1e-7)
    mirrored = first_effects(Fit.along(ranks(-column), 1.0 - values, weights))
    assert np.allclose(here.share, mirrored.share, atol=1e-7)


def test_what_enters_nothing_has_no_effect_and_what_alone_counts_has_all() -> None:
    whole = columns(2, 4096, 9)
    values, shares = whole[:, :1] ** 3, ranks(whole[:, 0])
    fit = Fit.along(shares, values, np.ones(4096))
    assert first_effects(fit).share[0] == pytest.approx(1.0, abs=1e-4)
    still = Anew(np.zeros(64), np.zeros(64), np.zeros((64, 1)), np.ones(64))
    assert total_effects(still, variances(values, np.ones(4096))).share.tolist() == [0.0]
    assert course(still, None).between(0.05, 0.95)[1].tolist() == [0.0]
