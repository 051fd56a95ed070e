"""Legendre polynomials of an input's ranks: a basis that is orthonormal whatever the input's distribution.

With u the share of draws below a value, P_k(2u − 1)·√(2k + 1) has mean 0, mean square 1, and is orthogonal to the others
(Xiu and Karniadakis 2002, *SIAM Journal on Scientific Computing* 24, 619-644; taken of ranks it is a chaos of the inputs' copula).
"""

from __future__ import annotations

import numpy as np
from numpy.polynomial.legendre import legvander
from numpy.typing import ArrayLike

from vetopoint.arrays import Floats

__all__ = ["basis", "placed", "ranks"]


def ranks(values: ArrayLike) -> Floats:
    """The share of draws below each of (n,) values, ties sharing theirs: the middle of its step in the distribution function.

    >>> ranks([5.0, 1.0, 5.0, 9.0]).tolist()
    [0.5, 0.125, 0.5, 0.875]
    """
    _, place, count = np.unique(np.asarray(values, np.float64), return_inverse=True, return_counts=True)
    return np.asarray(((np.cumsum(count) - 0.5 * count) / count.sum())[place], np.float64)


def placed(values: ArrayLike, among: ArrayLike) -> Floats:
    """The share of draws (n,) below each of (m,) values, ties counting half.

    >>> placed([5.0, 7.0], [5.0, 1.0, 5.0, 9.0]).tolist()
    [0.5, 0.75]
    """
    whole = np.sort(np.asarray(among, np.float64))
    below, not_above = (np.searchsorted(whole, np.asarray(values, np.float64), side) for side in ("left", "right"))
    return np.asarray((below + not_above) / (2.0 * whole.size), np.float64)


def basis(shares: ArrayLike, degree: int) -> Floats:
    """The polynomials (n, degree) of degree 1 up to `degree` at (n,) shares between 0 and 1; the constant is left out.

    >>> basis([0.0, 0.5, 1.0], 1).round(3).ravel().tolist()
    [-1.732, 0.0, 1.732]
    """
    whole = legvander(2.0 * np.asarray(shares, np.float64) - 1.0, degree)[:, 1:]
    return np.asarray(whole * np.sqrt(2.0 * np.arange(1, degree + 1) + 1.0), np.float64)
