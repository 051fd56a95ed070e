"""Means given that an input, or a pair of inputs, lies near a value: from the draws that are there, by least squares on Legendre polynomials.

A chance given something is a ratio of two such means, so both are smoothed, never their ratio. The spread that finite draws leave is
had by leaving out a sixteenth of them at a time (the delete-a-group jackknife; Kott 2001, *Journal of Official Statistics* 17, 521-526),
which serves any function of the means.

What holding an input does is not what goes along with it. Where it is correlated with others, these are fitted beside it, and averaged over
their own distributions: the means are those with the input held, the others at their draws (adjustment by the back door; Pearl 2009,
*Causality*, 3.3). Polynomials of theirs have mean nought, so their terms drop out once they are fitted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
from numpy.typing import ArrayLike

from vetopoint.arrays import Floats
from vetopoint.chain.legendre import basis, ranks

__all__ = ["GROUPS", "Smoothed", "along", "over"]

GROUPS = 16
DEGREE, DEGREE_OF_A_PAIR = 5, 4
SINGULAR = 1e-9


@dataclass(frozen=True, eq=False)
class Smoothed:
    """Conditional means at some places.

    Attributes
    ----------
    means : (m, k) at m places, of k columns.
    without : (GROUPS, m, k) the same with one group of draws left out.
    """

    means: Floats
    without: Floats

    def error(self, figure: Callable[[Floats], Floats]) -> Floats:
        """(m,) standard error of a figure that is a function of the means, by the jackknife."""
        each = figure(self.without)
        spread = ((each - each.mean(axis=0)) ** 2).sum(axis=0)
        return np.asarray(np.sqrt((GROUPS - 1) / GROUPS * spread), dtype=np.float64)


def degree_for(draws: int, most: int = DEGREE) -> int:
    """The degree that so many draws can bear: 5 from 1,024 on, one less each time that they are halved.

    >>> [degree_for(n) for n in (20_000, 1024, 512, 64, 8)]
    [5, 5, 4, 1, 1]
    """
    return int(min(max(log2(max(draws, 2)) - DEGREE, 1), most))


def along(values: ArrayLike, columns: Floats, at: ArrayLike, beside: Sequence[ArrayLike] = ()) -> Smoothed:
    """Means of columns (n, k) with an input (n,) held at some ranks (m,), as shares of the draws below it.

    Parameters
    ----------
    beside : (n,) each, the inputs with which it is correlated.
    """
    degree = degree_for(len(columns))
    own, others = ranks(values), [ranks(other) for other in beside]
    terms = [_with_one(basis(own, degree)), *(_joint(own, other, degree) for other in others)]
    wanted = _with_one(basis(at, degree))
    more = np.zeros((len(wanted), sum(t.shape[1] for t in terms[1:])))
    return _fitted(np.concatenate(terms, axis=1), columns, np.concatenate([wanted, more], axis=1))


def _joint(own: Floats, other: Floats, degree: int) -> Floats:
    """What another input adds: its own polynomials, and their products with the input's, up to the total degree of a pair."""
    most = min(degree, DEGREE_OF_A_PAIR)
    first, second = _with_one(basis(own, most)), basis(other, most)
    return np.stack([first[:, i] * second[:, j] for j in range(most) for i in range(most - j)], axis=1)


def over(pair: Sequence[ArrayLike], columns: Floats, at: Sequence[ArrayLike]) -> Smoothed:
    """Means of columns (n, k) given that two inputs (n,) have some ranks, (m,) each: products of their polynomials up to a total degree."""
    degree = degree_for(len(columns), DEGREE_OF_A_PAIR)
    return _fitted(_products([ranks(v) for v in pair], degree), columns, _products(at, degree))


def _with_one(polynomials: Floats) -> Floats:
    return np.concatenate([np.ones((len(polynomials), 1)), polynomials], axis=1)


def _products(shares: Sequence[ArrayLike], degree: int) -> Floats:
    first, second = (_with_one(basis(each, degree)) for each in shares)
    terms = [first[:, i] * second[:, j] for i in range(degree + 1) for j in range(degree + 1 - i)]
    return np.stack(terms, axis=1)


def _fitted(known: Floats, columns: Floats, wanted: Floats) -> Smoothed:
    """Least squares over all draws, and without each group of them: groups of neighbouring rows, which are scrambled apart."""
    size = -(-len(known) // GROUPS)
    fill = ((0, size * GROUPS - len(known)), (0, 0))  # rows of noughts, which add nothing to any sum
    terms, made = (np.pad(each, fill).reshape(GROUPS, size, -1) for each in (known, columns))
    turned = terms.transpose(0, 2, 1)
    grams, sums = turned @ terms, turned @ made
    gram, total = grams.sum(axis=0), sums.sum(axis=0)
    solved = np.linalg.pinv(np.concatenate([gram[None], gram - grams]), rcond=SINGULAR, hermitian=True)
    found = wanted @ (solved @ np.concatenate([total[None], total - sums]))
    return Smoothed(found[0], found[1:])
