"""A band is what is not known, the Monte-Carlo error what was not drawn: more draws shrink only the second."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pydantic import ValidationError

from vetopoint.arrays import Floats
from vetopoint.quantity import Band, band, bands, sample, weighted_quantiles
from vetopoint.quantity.distributions import Beta, LogNormal, Uniform
from vetopoint.quantity.sampling import BLOCK


def answer(draws: int, seed: int) -> np.ndarray:
    """A probability that jumps and bends over three quantities, like the answers of a game."""
    x = sample({"a": Beta(4, 3), "b": LogNormal(1, 2.5), "c": Uniform(0, 1)}, draws, seed)
    return np.where(x["a"] * x["b"] > 0.7 * x["c"], 1 / (1 + np.exp(-3 * (x["b"] - 1))), 0.1 * x["a"])


def test_more_draws_shrink_the_error_and_leave_the_band() -> None:
    found = [band(answer(n, 1)) for n in (1000, 8 * BLOCK, 24 * BLOCK)]
    assert found[0].mc > 3 * found[1].mc > 3 * found[2].mc > 0
    widths = [b.hi - b.lo for b in found]
    assert widths == pytest.approx([widths[-1]] * 3, rel=0.03)


@pytest.mark.parametrize("draws", [1000, BLOCK, 5 * BLOCK, 5 * BLOCK - 1500, 9 * BLOCK + 77])
def test_the_error_is_honest(draws: int) -> None:
    truth = float(np.mean([answer(16 * BLOCK, s).mean() for s in range(900, 906)]))
    found = [band(answer(draws, seed)) for seed in range(40)]
    off = np.array([b.mean - truth for b in found])
    stated = float(np.sqrt(np.mean([b.mc**2 for b in found])))
    least = 0.4 if draws >= BLOCK else 0.05  # under one block the error is that of independent draws, on the safe side
    assert least * stated < np.sqrt(np.mean(off**2)) < 1.4 * stated
    assert np.mean(np.abs(off) <= 3 * np.array([b.mc for b in found])) >= 0.9


def test_one_and_many_answers_agree() -> None:
    x = np.random.default_rng(1).random((5000, 3))
    for k, found in enumerate(bands(x)):
        assert found.model_dump() == pytest.approx(band(x[:, k]).model_dump(), rel=1e-12)


@given(arrays(np.float64, st.integers(2, 60), elements=st.floats(-10, 10)))
def test_equal_weights_are_no_weights(x: np.ndarray) -> None:
    plain, weighted = band(x), band(x, np.full(len(x), 0.3))
    assert weighted.mean == pytest.approx(plain.mean, abs=1e-9)
    assert weighted.mc == pytest.approx(plain.mc, abs=1e-9)
    assert x.min() - 1e-9 <= plain.lo <= plain.hi <= x.max() + 1e-9
    assert x.min() <= weighted.lo <= weighted.hi <= x.max()


@given(
    st.lists(st.tuples(st.floats(-10, 10), st.integers(0, 5)), min_size=2, max_size=60).filter(
        lambda pairs: any(k for _, k in pairs)
    )
)
def test_a_weight_is_a_count(pairs: list[tuple[float, int]]) -> None:
    x, counts = (np.array(part) for part in zip(*pairs, strict=True))
    found, repeated = band(x, counts), np.repeat(x, counts)
    assert found.mean == pytest.approx(repeated.mean(), abs=1e-9)
    for end, level in ((found.lo, 0.05), (found.hi, 0.95)):  # where counts add up to the level, rounding decides
        assert end in np.quantile(repeated, [level - 1e-9, level + 1e-9], method="inverted_cdf")


def test_a_few_draws_have_the_error_of_independent_ones() -> None:
    x = np.array([0.0, 1.0, 3.0, 7.0])
    assert band(x).mc == pytest.approx(x.std(ddof=1) / 2, rel=1e-12)


def test_draws_without_weight_do_not_count() -> None:
    x = np.arange(20_000) % 7 / 7.0
    keep = np.arange(20_000) % 2 == 0
    weighted = band(np.where(keep, x, np.nan), keep)
    assert weighted.mean == pytest.approx(x[keep].mean())
    assert weighted.lo == pytest.approx(np.quantile(x[keep], 0.05), abs=1e-9)


def test_a_certain_answer_has_no_width() -> None:
    assert band(np.ones(5000)) == Band(mean=1, lo=1, hi=1, mc=0)
    assert band([2.0]).mc == 0


def test_one_weight_carries_the_band() -> None:
    assert band([1.0, 5.0, 9.0], [0, 1, 0]) == Band(mean=5, lo=5, hi=5, mc=0)


@pytest.mark.parametrize(
    ("values", "weights", "message"),
    [
        ([0.0, np.nan], None, "value nan at draw 1"),
        ([], None, "got shape"),
        ([[1.0]], None, "got shape"),
        ([1.0, 2.0], [0.0, 0.0], "not all zero"),
        ([1.0, 2.0], [-1.0, 2.0], "non-negative"),
    ],
)
def test_what_is_no_answer_is_refused(values: list[float], weights: list[float] | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        band(values, weights)


def test_a_band_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        band([1.0, 2.0]).mean = 3.0


@given(
    arrays(
        np.float64, st.tuples(st.integers(1, 40), st.integers(1, 3)), elements=st.sampled_from([-2.0, 0.0, 0.5, 1e6])
    ),
    st.data(),
)
def test_weighted_quantiles_are_those_of_numpy(values: Floats, data: st.DataObject) -> None:
    whole = arrays(np.float64, values.shape, elements=st.sampled_from([0.0, 1.0, 2.0, 4.0]))
    weights = data.draw(whole.filter(lambda w: bool((w.sum(axis=0) > 0).all())))
    levels = (0.05, 0.5, 0.95)
    for k, (column, weight) in enumerate(zip(values.T, weights.T, strict=True)):
        expected = np.quantile(column, levels, weights=weight, method="inverted_cdf")
        assert weighted_quantiles(values, weights, levels)[:, k].tolist() == expected.tolist()


def test_few_buckets_hold_what_lies_far_apart() -> None:
    values = np.exp(20.0 * np.random.default_rng(0).standard_normal((3_000, 2)))
    weights = np.random.default_rng(1).random(3_000)
    for k, column in enumerate(values.T):
        expected = np.quantile(column, (0.05, 0.5, 0.95), weights=weights, method="inverted_cdf")
        assert weighted_quantiles(values, weights, (0.05, 0.5, 0.95))[:, k].tolist() == expected.tolist()
