"""Responsibility: how near each party was to making the difference.

References
----------
Chockler & Halpern (2004), Responsibility and blame: a structural-model approach, JAIR 22:93-115: the degree of
responsibility is 1/(1+k), k the fewest changes to the others after which the party is pivotal for what happened.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["responsibility"]


def responsibility(wins: NDArray[np.bool_], world: int) -> NDArray[np.float64]:
    """Degree of responsibility of each party for the result in one world.

    Parameters
    ----------
    wins : (2^m,) bool, the result for each combination of acts, bit i the act of party i.
    world : the acts, as an index of the table.

    Returns
    -------
    (m,) float64
        1/(1+k), k the fewest acts of others that must change, with the result unchanged, for the party to be pivotal; 0 where
        no change of others makes it so.

    Examples
    --------
    A vote of eleven to nothing makes each voter 1/6 responsible (Chockler & Halpern, example 1.1):

    >>> import numpy as np
    >>> votes = np.bitwise_count(np.arange(2**11, dtype=np.uint64)) >= 6
    >>> round(float(responsibility(votes, 2**11 - 1)[0]), 4)
    0.1667
    """
    wins = np.asarray(wins, dtype=bool)
    m = int(wins.size).bit_length() - 1
    if wins.size != 1 << m:
        raise ValueError("the table needs one entry for each of the 2^m combinations of acts")
    worlds = np.flatnonzero(wins == wins[world])
    degree = np.zeros(m)
    for party in range(m):
        act = 1 << party
        alike = worlds[(worlds ^ world) & act == 0]
        pivotal = alike[wins[alike ^ act] != wins[world]]
        if pivotal.size:
            degree[party] = 1.0 / (1.0 + np.bitwise_count(pivotal ^ world).min())
    return degree
