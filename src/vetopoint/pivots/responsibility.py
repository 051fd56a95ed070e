"""Responsibility: how near each party was to making the difference.

References
----------
Chockler & Halpern (2004), Responsibility and blame: a structural-model approach, JAIR 22:93-115: the degree of
responsibility is 1/(1+k), k the fewest changes to the others after which the party is pivotal for what happened.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["responsibility"]

_FAR = np.int8(64)  # more changes than a table of 2^m entries can have parties, and room for m more in eight bits


def responsibility(wins: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Degree of responsibility of each party for the result, in each world.

    Parameters
    ----------
    wins : (2^m,) bool, the result for each combination of acts, bit i the act of party i.

    Returns
    -------
    (m, 2^m) float64
        1/(1+k) for party i in the world where the acts are the mask; 0 where no change of others makes it pivotal.

    Examples
    --------
    A vote of eleven to nothing makes each voter 1/6 responsible (Chockler & Halpern, example 1.1):

    >>> import numpy as np
    >>> votes = np.bitwise_count(np.arange(2**11, dtype=np.uint64)) >= 6
    >>> round(float(responsibility(votes)[0, -1]), 4)
    0.1667
    """
    wins = np.asarray(wins, dtype=bool)
    m = int(wins.size).bit_length() - 1
    if wins.size != 1 << m:
        raise ValueError("the table needs one entry for each of the 2^m combinations of acts")
    out = np.zeros((m, 1 << m))
    for i in range(m):
        pivotal = wins != _other_act(wins, i)
        for result in (False, True):
            here = wins == result
            distance = np.where(pivotal & here, np.int8(0), _FAR)
            for j in range(m):
                if j != i:
                    distance = np.minimum(distance, _other_act(distance, j) + np.int8(1))
            out[i, here] = np.where(distance < _FAR, 1.0 / (1.0 + distance), 0.0)[here]
    return out


def _other_act(table: NDArray[Any], party: int) -> NDArray[Any]:
    """What a (2^m,) table holds where one party acts otherwise."""
    return table.reshape(-1, 2, 1 << party)[:, ::-1].reshape(-1)
