"""Draws against outside truths.

The Sobol' sets against scipy's own (S. Joe & F. Y. Kuo, SIAM J. Sci. Comput. 30, 2008); their net property (I. M. Sobol',
1967: each elementary interval of a (t, m, 2)-net in base 2 holds its share); the rank correlation of a Gaussian copula (W. H.
Kruskal, JASA 53, 1958); the integral of Genz's corner peak and product functions (A. Genz, 1984), closed form.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special
from scipy.stats import qmc, spearmanr

from vetopoint.quantity import band, sample
from vetopoint.quantity.distributions import Normal, Uniform
from vetopoint.quantity.sampling import BLOCK, FIRST_SETS, SPLIT_BLOCKS, SUB_BLOCK, _direction_numbers, set_size


def uniforms(draws: int, dimensions: int, seed: int = 1) -> np.ndarray:
    found = sample({f"x{i}": Uniform(0, 1) for i in range(dimensions)}, draws, seed)
    return np.column_stack([found[f"x{i}"] for i in range(dimensions)])


def test_direction_numbers_make_scipys_points() -> None:
    numbers = _direction_numbers(300)
    points = np.zeros((1, 300), np.uint64)
    for k in range(12):
        points = np.concatenate([points, points ^ numbers[:, k]])
    mine = points / 2.0**32
    theirs = qmc.Sobol(300, scramble=False, bits=32).random(BLOCK)
    np.testing.assert_array_equal(mine[np.lexsort(mine.T)], theirs[np.lexsort(theirs.T)])


@pytest.mark.parametrize(("block", "size"), [(0, FIRST_SETS), (1, SUB_BLOCK), (SPLIT_BLOCKS, BLOCK)])
def test_each_set_is_a_net_in_its_first_two_dimensions(block: int, size: int) -> None:
    start = block * BLOCK
    points = uniforms(start + size, 2)[start : start + size]
    m = size.bit_length() - 1
    for left in range(m + 1):
        cells = np.floor(points * [2**left, 2 ** (m - left)]).astype(int)
        assert len(np.unique(cells, axis=0)) == size


@pytest.mark.parametrize("start", [0, 3 * FIRST_SETS, BLOCK, SPLIT_BLOCKS * BLOCK])
def test_each_column_of_each_set_is_stratified(start: int) -> None:
    size = set_size(start // BLOCK)
    points = uniforms(start + size, 40)[start : start + size]
    for column in points.T:
        assert len(np.unique(np.floor(column * size))) == size


@pytest.mark.parametrize("rank", [-0.9, -0.3, 0.2, 0.5, 0.8])
def test_rank_and_normal_score_correlations_of_the_copula(rank: float) -> None:
    found = sample({"a": Normal(0, 1), "b": Normal(5, 2)}, 8 * BLOCK, 7, [("a", "b", rank)])
    assert spearmanr(found["a"], found["b"]).statistic == pytest.approx(rank, abs=0.006)
    assert np.corrcoef(found["a"], found["b"])[0, 1] == pytest.approx(2 * math.sin(math.pi * rank / 6), abs=0.006)


@pytest.mark.parametrize("draws", [BLOCK, 5 * BLOCK, 20 * BLOCK])
def test_known_integrals_within_the_stated_error(draws: int) -> None:
    dimensions = 5
    x = uniforms(draws, dimensions, seed=11)
    rate = np.arange(1, dimensions + 1) / 3
    product = np.prod(1 / (1 + rate**2 * (x - 0.4) ** 2), axis=1)
    exact_product = float(np.prod((np.arctan(rate * 0.6) + np.arctan(rate * 0.4)) / rate))
    step = (x.sum(axis=1) < 1.5).astype(float)
    exact_step = sum((-1) ** k * special.comb(5, k) * max(1.5 - k, 0) ** 5 for k in range(6)) / math.factorial(5)
    for values, exact in ((product, exact_product), (step, exact_step)):
        found = band(values)
        assert abs(found.mean - exact) < 4 * found.mc
        assert found.mc < values.std() / math.sqrt(draws)


def test_scrambled_points_beat_independent_ones_where_the_answer_is_smooth() -> None:
    errors = [uniforms(BLOCK, 8, seed).mean(axis=1).mean() - 0.5 for seed in range(20)]
    independent = math.sqrt(1 / 12 / 8 / BLOCK)
    assert np.sqrt(np.mean(np.square(errors))) < independent / 20
