"""Small dense systems, solved in place, and how much one changed between two points of a curve.

References
----------
Golub, G. and Van Loan, C. (2013), *Matrix Computations*, 4th ed., ch. 3: elimination with partial pivoting; ch. 2.3: norms, which
bound the largest eigenvalue by size, those of powers ever more closely.
"""

from __future__ import annotations

import numpy as np

from vetopoint.arrays import Floats
from vetopoint.kernel import kernel

__all__ = ["change", "copy", "copy_all", "eliminate", "norm"]


@kernel
def eliminate(matrix: Floats, right: Floats, size: int, columns: int) -> float:
    """Solve the leading ``size`` equations for ``columns`` right sides in place, by Gaussian elimination with partial pivoting.

    Returns the sign of the determinant (0: singular, and nothing is solved).
    """
    sign = 1.0
    for k in range(size):
        pivot = k
        for i in range(k + 1, size):
            if abs(matrix[i, k]) > abs(matrix[pivot, k]):
                pivot = i
        if not abs(matrix[pivot, k]) > 1e-300:
            return 0.0
        if pivot != k:
            sign = -sign
            _swap(matrix, right, k, pivot, size, columns)
        sign = -sign if matrix[k, k] < 0.0 else sign
        inverse = 1.0 / matrix[k, k]
        for i in range(k + 1, size):
            factor = matrix[i, k] * inverse
            if factor != 0.0:
                for j in range(k + 1, size):
                    matrix[i, j] -= factor * matrix[k, j]
                for c in range(columns):
                    right[i, c] -= factor * right[k, c]
    _substitute(matrix, right, size, columns)
    return sign


@kernel
def _swap(matrix: Floats, right: Floats, k: int, pivot: int, size: int, columns: int) -> None:
    """Exchange two rows of the system, from column k on."""
    for j in range(k, size):
        matrix[k, j], matrix[pivot, j] = matrix[pivot, j], matrix[k, j]
    for c in range(columns):
        right[k, c], right[pivot, c] = right[pivot, c], right[k, c]


@kernel
def _substitute(matrix: Floats, right: Floats, size: int, columns: int) -> None:
    """Solve the upper triangle that elimination leaves, in ``right``: row by row, since all its columns stand side by side."""
    for i in range(size - 1, -1, -1):
        for j in range(i + 1, size):
            factor = matrix[i, j]
            for c in range(columns):
                right[i, c] -= factor * right[j, c]
        pivot = matrix[i, i]
        for c in range(columns):
            right[i, c] /= pivot


@kernel
def copy(source: Floats, target: Floats) -> None:
    """Fill the target (k,) from the source (k,) by an explicit loop: an assignment of slices compiles many times slower."""
    for j in range(source.shape[0]):
        target[j] = source[j]


@kernel
def copy_all(source: Floats, target: Floats) -> None:
    """Fill the target (k, l) from the source (k, l)."""
    for i in range(source.shape[0]):
        copy(source[i], target[i])


@kernel
def norm(right: Floats, column: int, size: int) -> float:
    """Length of one column of the solution."""
    total = 0.0
    for j in range(size):
        total += right[j, column] * right[j, column]
    return float(np.sqrt(total))


@kernel
def _squared(matrix: Floats, size: int, into: Floats) -> float:
    """Fill ``into`` with the product of a matrix by itself, both (size, size) in front; returns its Frobenius norm."""
    total = 0.0
    for i in range(size):
        for j in range(size):
            into[i, j] = 0.0
        for k in range(size):
            factor = matrix[i, k]
            for j in range(size):
                into[i, j] += factor * matrix[k, j]
        for j in range(size):
            total += into[i, j] * into[i, j]
    return float(np.sqrt(total))


@kernel
def change(before: Floats, after: Floats, border: Floats, size: int, enough: float, one: Floats, two: Floats) -> float:
    """How much the system changed between two points: a bound on the largest eigenvalue of (A' + A)^-1 (A' - A), by size.

    A and A' are the Jacobians ``before`` and ``after (d, d+1)`` above the same ``border (d+1,)``, or their first d columns alone
    (``size`` d). Were the system to change in a straight line, it would be singular on the way if and only if that matrix has a
    real eigenvalue of at least one in size, whatever the number of eigenvalues of A that change their sign together. The bound is
    the norm of the matrix, or the root of that of its square or its fourth power: the first that is small ``enough``. ``one`` and
    ``two (d+1, d+1)`` are overwritten.
    """
    d = before.shape[0]
    for i in range(d):
        for j in range(size):
            one[i, j] = after[i, j] + before[i, j]
            two[i, j] = after[i, j] - before[i, j]
    if size > d:
        for j in range(size):
            one[d, j] = 2.0 * border[j]
            two[d, j] = 0.0
    if eliminate(one, two, size, size) == 0.0:
        return np.inf
    total = 0.0
    for i in range(size):
        for j in range(size):
            total += two[i, j] * two[i, j]
    bound = np.sqrt(total)
    if bound > enough:
        bound = min(bound, np.sqrt(_squared(two, size, one)))
        if bound > enough:
            bound = min(bound, np.sqrt(np.sqrt(_squared(one, size, two))))
    return float(bound)
