"""Minimal sets of parties that bring a value over (or under) a threshold, and how near each party was to making the difference.

References
----------
Isbell (1958) and Berge (1989), Hypergraphs, ch. 2: in a simple game the minimal blocking sets are the minimal transversals of the
minimal winning sets. Chockler & Halpern (2004), Responsibility and blame: a structural-model approach, JAIR 22:93-115: the
degree of responsibility is 1/(1+k), k the fewest changes to the others after which the party is pivotal for what happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, islice

import numpy as np

from vetopoint.arrays import Bools, Floats
from vetopoint.pivots.subsets import Value, evaluate

__all__ = ["minimal_sets", "responsibility"]


def minimal_sets(
    value: Value, m: int, threshold: float, *, below: bool = False, largest: int | None = None, batch: int = 4096
) -> list[tuple[int, ...]]:
    """All minimal sets of parties for which the mean of ``value`` reaches a threshold.

    Sets are searched by size, so the result is an antichain whatever the function; it is complete up to `largest` where
    the function is monotone.

    Parameters
    ----------
    value : batched value function; the mean over draws is compared with the threshold.
    m : number of parties.
    threshold : what must be reached.
    below : look for ``value <= threshold`` (block sets) instead of ``value >= threshold`` (unlock sets).
    largest : largest size searched (default: m).
    batch : subsets handed to `value` at once.

    Returns
    -------
    list of tuple of int
        Smallest first; ``[()]`` if nobody is needed, ``[]`` if no set suffices.

    Examples
    --------
    >>> minimal_sets(lambda s: s[:, 0] & (s[:, 1] | s[:, 2]), 3, 0.5)
    [(0, 1), (0, 2)]
    """
    tolerance = 1e-12 * max(1.0, abs(threshold))
    found: list[tuple[int, ...]] = []
    for size in range((m if largest is None else min(largest, m)) + 1):
        smaller = [_mask(chosen) for chosen in found]
        pending = (c for c in combinations(range(m), size) if not any(f & _mask(c) == f for f in smaller))
        searched = False
        while chosen := list(islice(pending, batch)):
            searched = True
            inside = np.zeros((len(chosen), m), dtype=bool)
            np.put_along_axis(inside, np.array(chosen, dtype=np.intp), True, axis=1)
            mean = evaluate(value, inside).mean(1)
            reached = mean <= threshold + tolerance if below else mean >= threshold - tolerance
            found += [c for c, ok in zip(chosen, reached, strict=True) if ok]
        if found and not searched:
            break
    return found


def _mask(parties: Sequence[int]) -> int:
    return sum(1 << i for i in parties)


def responsibility(wins: Bools, world: int) -> Floats:
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
