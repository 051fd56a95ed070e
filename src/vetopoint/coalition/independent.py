"""Quorum among many members who decide independently: the exact Poisson-binomial distribution of how many join.

References
----------
Le Cam (1960); Hong (2013), On computing the distribution function for the Poisson binomial distribution, CSDA 59:41-51
(direct convolution, its section 2.1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vetopoint.arrays import Floats
from vetopoint.coalition.joining import Joining

__all__ = ["join_independent", "poisson_binomial"]


def poisson_binomial(probabilities: ArrayLike) -> Floats:
    """Distribution of the number of successes among independent trials.

    Parameters
    ----------
    probabilities : (…, m).

    Returns
    -------
    (…, m + 1) float64
        P(0), P(1), …, P(m).

    Examples
    --------
    >>> poisson_binomial([0.5, 0.5]).tolist()
    [0.25, 0.5, 0.25]
    """
    p = np.asarray(probabilities, dtype=float)
    count = np.zeros((*p.shape[:-1], p.shape[-1] + 1))
    count[..., 0] = 1.0
    for i in range(p.shape[-1]):
        yes = p[..., i, None]
        count[..., 1 : i + 2] = count[..., 1 : i + 2] * (1 - yes) + count[..., : i + 1] * yes
        count[..., 0] *= 1 - yes[..., 0]
    return count


def join_independent(joins: Floats, clause: NDArray[np.bool_], capability: Floats, minimum: int) -> Joining:
    """Joining where nobody looks at anybody and only the number of members counts.

    Parameters
    ----------
    joins : (n, S, M) probability that each member joins.
    clause : (n, S) or (1, S), whether the coalition's clause holds.
    capability : (n, M).
    minimum : least number of members.

    Returns
    -------
    Joining
        Exact for any number of members.
    """
    count = poisson_binomial(joins)
    enough = count[..., minimum:].sum(axis=-1) * clause
    # After the exit of one of k members k − 1 remain; with nobody there is nobody to leave.
    survives = count[..., minimum + 1 :].sum(axis=-1) * clause
    number = joins.sum(axis=-1)
    brought = np.einsum("nsm,nm->ns", joins, capability)
    return Joining(enough, enough, number, number, brought, survives, joins, joins)
