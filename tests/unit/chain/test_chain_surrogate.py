"""The surrogate: sums without rounding, however the draws are split; least squares as any other program has them; known shares of variance."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.arrays import Floats
from vetopoint.chain.surrogate import Basis, Gram, Shares, fit, gram_of, screened, summed
from vetopoint.errors import VetopointError
from vetopoint.quantity import Distribution, sample
from vetopoint.quantity.distributions import Discrete, Fixed, LogNormal, Pert, Uniform

INPUTS: dict[str, Distribution] = {"a": Uniform(-1, 1), "b": Uniform(0, 5), "c": Pert(0, 1, 4), "d": Uniform(0, 1)}
SHARES = Shares.of(INPUTS)
PAIRS = (("a", "b"), ("a", "c"), ("b", "c"))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, 900), max_size=6), st.integers(0, 1000), st.booleans(), st.randoms(use_true_random=False)
)
def test_sums_do_not_hang_on_how_draws_are_split_or_in_which_order_they_are_added(
    cuts: list[int], seed: int, weighed: bool, chance: object
) -> None:
    rng = np.random.default_rng(seed)
    columns, outputs = rng.normal(size=(900, 7)), rng.random((900, 2)) * 3.0
    columns[:, 0] = 1.0
    weights = rng.random(900) if weighed else np.ones(900)
    whole = Gram.of(columns, outputs, weights)
    edges = sorted({0, 900, *cuts})
    parts = [Gram.of(columns[a:b], outputs[a:b], weights[a:b]) for a, b in itertools.pairwise(edges)]
    chance.shuffle(parts)  # type: ignore[attr-defined]
    middle = len(parts) // 2
    joined = summed(parts) if middle == 0 else summed(parts[:middle]) + summed(parts[middle:])
    assert np.array_equal(joined.sums, whole.sums)
    assert joined.draws == whole.draws == 900
    rows = rng.permutation(900)
    assert np.array_equal(Gram.of(columns[rows], outputs[rows], weights[rows]).sums, whole.sums)


def test_sums_of_many_blocks_are_those_of_numpy() -> None:
    rng = np.random.default_rng(1)
    columns, outputs, weights = rng.normal(size=(10_000, 5)), rng.random((10_000, 1)), rng.random(10_000)
    rows = np.concatenate([columns, outputs], axis=1) * np.sqrt(weights)[:, None]
    assert np.allclose(Gram.of(columns, outputs, weights).sums / 2.0**32, rows.T @ rows, atol=0.01)


@pytest.mark.parametrize("bad", [1e6, np.nan, np.inf])
def test_what_would_be_rounded_is_refused(bad: float) -> None:
    with pytest.raises(VetopointError, match=r"divide them by a scale"):
        Gram.of(np.ones((10, 1)), np.full((10, 1), bad))


def test_sums_of_other_columns_are_not_added() -> None:
    with pytest.raises(ValueError, match="other columns"):
        Gram.of(np.ones((4, 1)), np.ones((4, 1))) + Gram.of(np.ones((4, 2)), np.ones((4, 1)))
    with pytest.raises(ValueError, match="columns for a basis"):
        fit(Basis(SHARES, 4), Gram.of(np.ones((4, 1)), np.ones((4, 1))))


def figure(x: dict[str, Floats]) -> Floats:
    """P₁(a) + 2 P₁(b) + 3 P₁(a) P₁(b), all scaled to order one, beside something that does not vary."""
    a, b = (np.sqrt(3.0) * (2.0 * SHARES.at(n, x[n]) - 1.0) for n in ("a", "b"))
    return np.stack([(a + 2.0 * b + 3.0 * a * b) / 5.0, np.full(len(a), 0.25)], axis=1)


def test_shares_of_variance_of_a_polynomial_are_known() -> None:
    draws = dict(sample(INPUTS, 8192, 1).columns)
    basis, ones = Basis(SHARES, 4, PAIRS), np.ones(8192)
    known, unseen = (gram_of(basis, draws, figure(draws), ones, [rows]) for rows in (slice(0, 4096), slice(4096, 8192)))
    surrogate = fit(basis, known)
    assert surrogate.explained(unseen)[0] == pytest.approx(1.0, abs=1e-6)
    assert np.isnan(surrogate.explained(unseen)[1])
    parts = [basis.of_input("a"), basis.of_input("b"), basis.of_pair(("a", "b")), basis.of_pair(("b", "c"))]
    found = [float(surrogate.share(known, part)[0]) for part in parts]
    assert found == pytest.approx([1 / 14, 4 / 14, 9 / 14, 0.0], abs=0.02)
    assert np.allclose(surrogate(draws), figure(draws), atol=1e-3)


def test_the_fit_is_that_of_numpy_and_its_r2_that_of_the_predictions() -> None:
    rng = np.random.default_rng(2)
    draws = dict(sample(INPUTS, 3000, 2).columns)
    outputs = (np.sin(3.0 * draws["a"]) * draws["c"] + 0.3 * rng.normal(size=3000))[:, None]
    weights, basis = rng.random(3000), Basis(SHARES, 3, PAIRS)
    first, rest = slice(0, 2000), slice(2000, 3000)
    surrogate = fit(basis, gram_of(basis, draws, outputs, weights, [first]))
    root = np.sqrt(weights[first])[:, None]
    oracle = np.linalg.lstsq(basis.columns(draws)[first] * root, outputs[first] * root, rcond=None)[0]
    assert np.allclose(surrogate.coefficients, oracle, atol=1e-4)
    y, w = outputs[rest, 0], weights[rest] / weights[rest].sum()
    left, about = y - surrogate(draws)[rest, 0], y - w @ y
    told = surrogate.explained(gram_of(basis, draws, outputs, weights, [rest]))[0]
    assert told == pytest.approx(1.0 - (w @ left**2) / (w @ about**2), abs=1e-4)


def test_noise_is_not_explained_on_draws_that_were_not_seen() -> None:
    draws, noise = dict(sample(INPUTS, 2000, 3).columns), np.random.default_rng(3).normal(size=(2000, 1))
    basis, ones = Basis(SHARES, 4, PAIRS), np.ones(2000)
    known, unseen = (gram_of(basis, draws, noise, ones, [rows]) for rows in (slice(0, 200), slice(200, 2000)))
    surrogate = fit(basis, known)
    assert surrogate.explained(known)[0] > 0.03
    assert surrogate.explained(unseen)[0] < 0.0


def test_a_draw_that_counts_twice_is_there_twice() -> None:
    draws = dict(sample(INPUTS, 512, 1).columns)
    basis, outputs = Basis(SHARES, 2), figure(draws)
    twice = {name: np.concatenate([x, x[:256]]) for name, x in draws.items()}
    weights = np.where(np.arange(512) < 256, 2.0, 1.0)
    one = gram_of(basis, draws, outputs, weights, [slice(0, 512)])
    two = gram_of(basis, twice, np.concatenate([outputs, outputs[:256]]), np.ones(768), [slice(0, 768)])
    assert np.allclose(one.moments, two.moments, atol=1e-4)


def test_what_matters_is_screened_and_what_is_fixed_or_has_few_values_is_no_fault() -> None:
    inputs: dict[str, Distribution] = {
        **{f"idle{i}": Uniform(0, 1) for i in range(20)},
        "two": Discrete((0.0, 1.0), (0.3, 0.7)),
        "still": Fixed(3.0),
        "long": LogNormal(1.0, 3.0),
    }
    shares = Shares.of(inputs)
    assert "still" not in shares.names
    draws = dict(sample(inputs, 4096, 1).columns)
    outputs = (0.2 * draws["two"] + 0.1 * np.log(draws["long"]) + 0.3 * draws["two"] * np.log(draws["long"]))[:, None]
    basis = screened(shares, draws, outputs, np.ones(4096), 5, 2)
    assert {"two", "long"} < set(basis.shares.names)
    assert basis.pairs == (("two", "long"),)
    gram = gram_of(basis, draws, outputs, np.ones(4096), [slice(0, 4096)])
    assert fit(basis, gram).explained(gram)[0] > 0.98
    steps = np.unique(shares.at("two", draws["two"]))
    assert steps == pytest.approx([0.15, 0.65], abs=1e-3)


def test_shares_are_those_of_the_distribution_whatever_the_batch() -> None:
    draws = sample(INPUTS, 256, 5)
    assert np.allclose(SHARES.at("b", draws["b"]), draws["b"] / 5.0, atol=1e-3)
    assert np.array_equal(SHARES.at("c", draws["c"])[:10], SHARES.at("c", draws["c"][:10]))
