"""Legendre polynomials of ranks: orthonormal, and blind to the order of draws and to the scale of the input."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.polynomial.legendre import leggauss
from scipy.stats import rankdata

from vetopoint.arrays import Floats
from vetopoint.chain.legendre import basis, ranks

VALUES = arrays(np.float64, st.integers(1, 30), elements=st.floats(-1e6, 1e6))


@given(VALUES)
def test_ranks_are_those_of_scipy(values: Floats) -> None:
    assert np.allclose(ranks(values), (rankdata(values) - 0.5) / len(values), atol=1e-12)


@given(VALUES)
def test_an_order_of_draws_carries_no_meaning(values: Floats) -> None:
    order = np.random.default_rng(0).permutation(len(values))
    assert np.array_equal(ranks(values)[order], ranks(values[order]))
    assert np.array_equal(ranks(2.0 * values), ranks(values))


def test_the_polynomials_are_orthonormal_over_the_unit_interval() -> None:
    points, weights = leggauss(40)
    found = basis((points + 1.0) / 2.0, 8)
    products = (found * (weights / 2.0)[:, None]).T @ found
    assert np.allclose(products, np.eye(8), atol=1e-12)
    assert np.allclose((found * (weights / 2.0)[:, None]).sum(axis=0), 0.0, atol=1e-12)
