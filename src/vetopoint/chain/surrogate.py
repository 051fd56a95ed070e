"""A polynomial stand-in for the chain, by which pairs of numbers that act together are found; it screens and maps, and is never the answer.

A figure is fitted by Legendre polynomials of each input's share (its own distribution function), main effects and products of two inputs:
a polynomial chaos (Xiu & Karniadakis 2002; for sensitivity Sudret 2008, *Reliability Engineering & System Safety* 93, 964-979). All that the
fit takes of the draws is the matrix of products of columns. It is summed without rounding: every entry is first rounded to a multiple of
2^-16, so that products of a block's rows add up in 53 bits, and blocks add up as whole numbers (pre-rounding, after Demmel & Nguyen 2013,
*Fast reproducible floating-point summation*, ARITH 21). So draws may be split into blocks, spread over workers and added in any order, and
the sums are the same to the last bit. For that the shares must not hang on the batch: they come from quantiles that are fixed beforehand.

"Given" is a ratio of sums: a draw counts by the weight that it is given, such as P(what the case presupposes).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from itertools import combinations
from operator import add

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vetopoint.arrays import Floats
from vetopoint.chain.legendre import basis, ranks
from vetopoint.errors import VetopointError
from vetopoint.quantity import Distribution

__all__ = ["DEGREE", "Basis", "Gram", "Shares", "Surrogate", "fit", "gram_of", "screened", "summed"]

DEGREE = 4
SCREENED = 3
"""Degree by which inputs are screened."""
QUANTILES = 1024
ROWS = 4096
"""Rows that are multiplied at once: as many as keep sums of products exact."""
GRID = 2.0**16
LARGEST = 2.0**21
"""A sum of squares of so much, over one block of rows, still is exact: 2^21 · 2^32 = 2^53."""
RIDGE = 1e-9


@dataclass(frozen=True, eq=False)
class Shares:
    """Where a value lies in its input's own distribution, as a share between 0 and 1.

    Attributes
    ----------
    tables : input to (k,) values in ascending order and (k,) their shares; an input that does not vary is left out.
    """

    tables: Mapping[str, tuple[Floats, Floats]]

    @classmethod
    def of(cls, distributions: Mapping[str, Distribution]) -> Shares:
        """Fix the shares by quantiles; where many quantiles are one value, it has the middle of their step."""
        levels, found = (np.arange(QUANTILES) + 0.5) / QUANTILES, {}
        for name, distribution in distributions.items():
            quantiles = np.asarray(distribution.ppf(levels), np.float64)
            values, first = np.unique(quantiles, return_index=True)
            if values.size > 1:
                found[name] = (values, ranks(quantiles)[first])
        return cls(found)

    @property
    def names(self) -> tuple[str, ...]:
        """The inputs that vary."""
        return tuple(self.tables)

    def at(self, name: str, values: ArrayLike) -> Floats:
        """The shares (n,) of values (n,) of an input, on straight lines between its quantiles."""
        known, shares = self.tables[name]
        return np.asarray(np.interp(np.asarray(values, np.float64), known, shares), np.float64)

    def polynomials(self, draws: Mapping[str, Floats], degree: int) -> Floats:
        """(inputs, n, degree) the polynomials of every input that varies."""
        size = len(draws[self.names[0]]) if self.names else 0
        out = np.empty((len(self.names), size, degree))
        for i, name in enumerate(self.names):
            out[i] = basis(self.at(name, draws[name]), degree)
        return out


@dataclass(frozen=True, eq=False)
class Basis:
    """The columns by which figures are fitted: the constant, polynomials of each input, products of two inputs' polynomials.

    Attributes
    ----------
    shares : of the inputs; each that varies has `degree` columns, in their order.
    pairs : pairs of inputs, by name, each with the product of their polynomials of degree 1.
    """

    shares: Shares
    degree: int = DEGREE
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def size(self) -> int:
        """Number of columns."""
        return 1 + len(self.shares.names) * self.degree + len(self.pairs)

    def of_input(self, name: str) -> slice:
        """The columns of one input alone."""
        start = 1 + self.shares.names.index(name) * self.degree
        return slice(start, start + self.degree)

    def of_pair(self, pair: tuple[str, str]) -> slice:
        """The column of one pair."""
        start = 1 + len(self.shares.names) * self.degree + self.pairs.index(pair)
        return slice(start, start + 1)

    def columns(self, draws: Mapping[str, Floats]) -> Floats:
        """(n, size) the columns for the values of all inputs."""
        mains = self.shares.polynomials(draws, self.degree)
        out = np.empty((mains.shape[1], self.size))
        out[:, 0] = 1.0
        out[:, 1 : 1 + mains.shape[0] * self.degree] = mains.transpose(1, 0, 2).reshape(mains.shape[1], -1)
        first = {name: np.ascontiguousarray(mains[i, :, 0]) for i, name in enumerate(self.shares.names)}
        for at, (one, other) in enumerate(self.pairs, start=1 + mains.shape[0] * self.degree):
            np.multiply(first[one], first[other], out=out[:, at])
        return out


@dataclass(frozen=True, eq=False)
class Gram:
    """Sums over draws of the products of all columns and outputs: XᵀWX, XᵀWy, yᵀWy and the weights in one, without rounding.

    Attributes
    ----------
    draws : how many draws were summed.
    columns : how many of its rows belong to columns of the basis; the rest belong to outputs.
    sums : (columns + outputs, same) whole numbers, in units of 2^-32.

    Examples
    --------
    >>> x, y = np.array([[1.0, 0.1], [1.0, 0.7], [1.0, -0.3]]), np.array([[0.2], [0.4], [0.1]])
    >>> whole, parts = Gram.of(x, y), Gram.of(x[1:], y[1:]) + Gram.of(x[:1], y[:1])
    >>> bool((whole.sums == parts.sums).all()), whole.draws == parts.draws
    (True, True)
    """

    draws: int
    columns: int
    sums: NDArray[np.int64]

    @classmethod
    def of(cls, columns: Floats, outputs: Floats, weights: ArrayLike | None = None) -> Gram:
        """Sum over draws.

        Parameters
        ----------
        columns : (n, columns) of the basis, the constant first.
        outputs : (n, outputs) figures, of the order of one: divide larger ones by a number that is fixed beforehand.
        weights : (n,) by which each draw counts, nought or more; each counts alike without.

        Raises
        ------
        VetopointError
            If entries are so large, or so many, that their products do not add up without rounding.
        """
        size = columns.shape[1] + outputs.shape[1]
        sums = np.zeros((size, size), np.int64)
        root = None if weights is None else np.sqrt(np.asarray(weights, np.float64))[:, None]
        for start in range(0, len(columns), ROWS):
            rows = np.concatenate([columns[start : start + ROWS], outputs[start : start + ROWS]], axis=1)
            if root is not None:
                rows *= root[start : start + ROWS]
            rows *= GRID
            np.rint(rows, out=rows)
            block = rows.T @ rows
            if not np.diag(block).max(initial=0.0) < LARGEST * GRID**2:
                message = "figures are too large, or not numbers, to be summed without rounding"
                raise VetopointError(f"{message} → divide them by a scale that is fixed beforehand")
            sums += block.astype(np.int64)
        return cls(len(columns), columns.shape[1], sums)

    def __add__(self, other: Gram) -> Gram:
        """The sums over the draws of both; in whichever order and however the draws were split, to the last bit the same."""
        if self.sums.shape != other.sums.shape or self.columns != other.columns:
            raise ValueError(f"sums of other columns: {self.sums.shape} and {other.sums.shape}")
        sums = self.sums + other.sums
        if (np.diag(sums) < 0).any():
            raise VetopointError("more than 2,000,000,000 draws → make a second sum for the rest")
        return replace(self, draws=self.draws + other.draws, sums=sums)

    @cached_property
    def moments(self) -> Floats:
        """(columns + outputs, same) means over draws, each counted by its weight."""
        return np.asarray(self.sums / max(int(self.sums[0, 0]), 1), np.float64)

    @cached_property
    def variance(self) -> Floats:
        """(outputs,) the variance of each output over draws."""
        moments, own = self.moments, slice(self.columns, None)
        return np.asarray(np.diag(moments)[own] - moments[0, own] ** 2, np.float64)


@dataclass(frozen=True, eq=False)
class Surrogate:
    """Figures as polynomials of the inputs' shares.

    Attributes
    ----------
    basis : the columns.
    coefficients : (columns, outputs).
    """

    basis: Basis
    coefficients: Floats

    def __call__(self, draws: Mapping[str, Floats]) -> Floats:
        """(n, outputs) what the figures would be, for the values of all inputs; for screening, never as an answer."""
        return self.basis.columns(draws) @ self.coefficients

    def explained(self, gram: Gram) -> Floats:
        """(outputs,) R² over the draws of a sum: out of sample if these are not those that were fitted to. NaN where nothing varies."""
        moments, k = gram.moments, gram.columns
        cross, own = moments[:k, k:], np.diag(moments)[k:]
        left = own - 2.0 * (self.coefficients * cross).sum(axis=0) + self._squares(moments[:k, :k])
        variance = gram.variance
        return np.asarray(1.0 - left / np.where(variance > _LEAST, variance, np.nan), np.float64)

    def share(self, gram: Gram, part: slice) -> Floats:
        """(outputs,) the variance of some columns' part of a figure over that of the figure; NaN where nothing varies."""
        moments, own = gram.moments, np.zeros_like(self.coefficients)
        own[part] = self.coefficients[part]
        some = replace(self, coefficients=own)
        spread = some._squares(moments[: gram.columns, : gram.columns]) - (moments[0, : gram.columns] @ own) ** 2
        variance = gram.variance
        return np.asarray(spread / np.where(variance > _LEAST, variance, np.nan), np.float64)

    def _squares(self, products: Floats) -> Floats:
        """(outputs,) the mean square of the fitted figures."""
        return np.asarray((self.coefficients * (products @ self.coefficients)).sum(axis=0), np.float64)


_LEAST = 1e-9


def fit(basis: Basis, gram: Gram) -> Surrogate:
    """Fit every output by least squares, from the sums alone.

    Columns that say the same, such as powers of an input with two values, share what they explain: a billionth is added to their squares.
    """
    if gram.columns != basis.size:
        raise ValueError(f"sums of {gram.columns} columns for a basis of {basis.size}")
    moments, k = gram.moments, gram.columns
    products = moments[:k, :k] + RIDGE * np.eye(k)
    return Surrogate(basis, np.asarray(np.linalg.solve(products, moments[:k, k:]), np.float64))


def screened(
    shares: Shares, draws: Mapping[str, Floats], outputs: Floats, weights: Floats, mains: int, paired: int
) -> Basis:
    """The basis of those inputs that have the strongest effects of their own on some output, over a few draws.

    What interacts seldom has no effect of its own. The choice is to be made once, before the draws of a fit, so that every block has
    the same columns.

    Parameters
    ----------
    draws, outputs, weights : (n,) values of every input, (n, outputs) figures, (n,) how much each draw counts.
    mains : how many inputs have columns …
    paired : … and of how many of these all pairs have.
    """
    counted = weights / weights.sum()
    about = (outputs - counted @ outputs) * counted[:, None]
    spread = counted @ (outputs - counted @ outputs) ** 2
    per = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > _LEAST)
    size = {
        name: float((((basis(shares.at(name, draws[name]), SCREENED).T @ about) ** 2).sum(axis=0) * per).max(initial=0))
        for name in shares.names
    }
    order = sorted(size, key=lambda name: (-size[name], name))
    own, pairing = set(order[:mains]), set(order[:paired])
    kept = Shares({name: table for name, table in shares.tables.items() if name in own})
    return Basis(kept, DEGREE, tuple(combinations([name for name in kept.names if name in pairing], 2)))


def summed(parts: Iterable[Gram]) -> Gram:
    """The sums over all draws of several sums, at least one."""
    return reduce(add, parts)


def gram_of(basis: Basis, draws: Mapping[str, Floats], outputs: Floats, weights: Floats, rows: Sequence[slice]) -> Gram:
    """The sums over some rows of the draws, with only one block's columns in memory at a time."""
    return summed(
        Gram.of(basis.columns({name: draws[name][r] for name in basis.shares.names}), outputs[r], weights[r])
        for r in rows
    )
