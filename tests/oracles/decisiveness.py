"""The effect of every single intervention, by enumeration of all worlds of parties who are willing independently of each other."""

from __future__ import annotations

import numpy as np

from vetopoint.arrays import Array, Bools, Floats
from vetopoint.coalition.joining import fixed_points

__all__ = ["enumerated_decisiveness"]


def enumerated_decisiveness(
    rules: Array, wins: Bools, yes: Floats, *, monotone: bool = False
) -> tuple[Floats, Floats, float]:
    """Exact effect of every single intervention over all 2^m worlds of m parties.

    Parameters
    ----------
    rules : (2^m,) uint32; bit i of entry `mask`: does the rule of party i hold when `mask` has joined?
    wins : (2^m,) bool, does the plan go ahead when `mask` has joined?
    yes : (m,) probability that a party is willing; parties are independent.
    monotone : whether neither rules nor plan are broken by another's joining, so that the greatest set decides.

    Returns
    -------
    do_yes, do_no : (m,) P(plan | do yes), P(plan | do no); and P(plan).

    Examples
    --------
    Where nobody looks at anybody and all are undecided, the difference is the absolute Banzhaf index:

    >>> import numpy as np
    >>> free = np.full(8, 0b111, dtype=np.uint32)
    >>> two_of_three = np.bitwise_count(np.arange(8, dtype=np.uint64)) >= 2
    >>> up, down, _ = enumerated_decisiveness(free, two_of_three, np.full(3, 0.5))
    >>> (up - down).tolist()
    [0.5, 0.5, 0.5]
    """
    m = len(yes)
    masks = np.arange(1 << m)
    weight = np.ones(1)
    for p in yes:
        weight = np.concatenate([weight * (1 - p), weight * p])
    goes_under = _greatest if monotone else _goes
    goes = goes_under(rules, wins)
    do_yes, do_no = np.empty(m), np.empty(m)
    for i in range(m):
        bit = 1 << i
        do_no[i] = weight @ goes[masks & ~bit]
        do_yes[i] = weight @ goes_under(rules | np.uint32(bit), wins)[masks | bit]
    return do_yes, do_no, float(weight @ goes)


def _goes(rules: Array, wins: Bools) -> Bools:
    """(2^m,) by who is willing: does the plan go ahead in some set that joins, of all sets, each with the rules as it has joined?"""
    sets = np.arange(len(wins))
    consistent = sets == (sets[:, None] & rules)
    return np.asarray((consistent & wins).any(axis=1))


def _greatest(rules: Array, wins: Bools) -> Bools:
    table = np.ascontiguousarray(rules, dtype=np.uint32)
    greatest, least = np.empty_like(table), np.empty_like(table)
    fixed_points(table, greatest, least)
    return np.asarray(wins[greatest])
