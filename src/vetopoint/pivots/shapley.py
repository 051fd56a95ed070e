"""Shapley and Owen values of any batched value function.

References
----------
Shapley (1953), A value for n-person games; Owen (1977), Values of games with a priori unions;
Castro, Gómez & Tejada (2009), Polynomial calculation of the Shapley value based on sampling (permutations).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from vetopoint.arrays import Floats, Ints
from vetopoint.pivots.subsets import Value, batches, evaluate, orderings_weight, rows

__all__ = ["Attribution", "owen", "shapley"]


@dataclass(frozen=True)
class Attribution:
    """How a gap is shared among parties.

    Attributes
    ----------
    shares : (m, n) share of each party per draw; over parties they sum to the gap.
    error : (m, n) standard error of each share from sampling; zero where every subset was evaluated.
    """

    shares: Floats
    error: Floats


def shapley(
    value: Value, m: int, *, exact_up_to: int = 20, samples: int = 512, seed: int = 0, batch: int = 4096
) -> Attribution:
    """Share ``value(everybody) - value(nobody)`` among m parties.

    Parameters
    ----------
    value : batched value function, (k, m) bool -> (k,) or (k, n).
    m : number of parties.
    exact_up_to : up to this m all 2^m subsets are evaluated; beyond, orderings are sampled in antithetic pairs.
    samples : number of sampled orderings (rounded up to an even number), used beyond `exact_up_to`.
    seed : seed of the sampled orderings.
    batch : subsets handed to `value` at once.

    Examples
    --------
    A party that must agree gets all of what the others cannot bring without it:

    >>> import numpy as np
    >>> shapley(lambda s: s[:, 0] & (s[:, 1] | s[:, 2]), 3).shares[:, 0].round(4).tolist()
    [0.6667, 0.1667, 0.1667]
    """
    if m < 1:
        raise ValueError("at least one party is needed")
    if m <= exact_up_to:
        return _exact(value, m, batch)
    return _sampled(value, m, max(2, samples + samples % 2), np.random.default_rng(seed), batch)


def _exact(value: Value, m: int, batch: int) -> Attribution:
    weight = np.append(orderings_weight(m), 0.0)

    def part(masks: Ints) -> Floats:
        inside = rows(masks, m)
        size = inside.sum(axis=1)
        coefficient = np.where(inside, weight[np.maximum(size - 1, 0)][:, None], -weight[size][:, None])
        return np.asarray(coefficient.T @ evaluate(value, inside))

    shares = reduce(np.add, map(part, batches(1 << m, batch)))
    return Attribution(shares, np.zeros_like(shares))


def _sampled(value: Value, m: int, samples: int, rng: np.random.Generator, batch: int) -> Attribution:
    pairs = samples // 2
    step = max(1, batch // (2 * (m + 1)))

    def moments(count: int) -> Floats:
        """(2, m, n) sums of the gains, and of their squares, over pairs of an ordering and its reverse."""
        forward = np.array([rng.permutation(m) for _ in range(count)])
        rank = np.argsort(np.concatenate([forward, forward[:, ::-1]]), axis=1)
        prefixes = rank[:, None, :] < np.arange(m + 1)[None, :, None]
        worth = evaluate(value, prefixes.reshape(-1, m)).reshape(2 * count, m + 1, -1)
        by_party = np.take_along_axis(np.diff(worth, axis=1), rank[:, :, None], axis=1)
        pair = (by_party[:count] + by_party[count:]) / 2
        return np.stack([pair.sum(0), (pair**2).sum(0)])

    first, second = reduce(np.add, (moments(min(step, pairs - start)) for start in range(0, pairs, step)))
    shares = first / pairs
    variance = np.maximum(second / pairs - shares**2, 0.0) * pairs / max(pairs - 1, 1)
    return Attribution(shares, np.sqrt(variance / pairs))


def owen(value: Value, blocs: Sequence[Sequence[int]], *, batch: int = 4096) -> Attribution:
    """Share the gap among parties that negotiate in blocs: blocs share first, then the members of each.

    Parameters
    ----------
    value : batched value function over all parties.
    blocs : a partition of the parties 0 … m−1; a party of its own is a bloc of one.
    batch : subsets handed to `value` at once.

    Returns
    -------
    Attribution
        Exact. The sum over a bloc is its Shapley share in the game among blocs.

    Raises
    ------
    ValueError
        If the blocs are no partition.

    Examples
    --------
    >>> owen(lambda s: s.sum(1) >= 2, [[0, 1], [2]]).shares[:, 0].tolist()
    [0.5, 0.5, 0.0]
    """
    m = sum(len(b) for b in blocs)
    if sorted(i for b in blocs for i in b) != list(range(m)):
        raise ValueError("blocs must be a partition of the parties 0 … m−1")
    outer = orderings_weight(len(blocs))
    bits = np.array([sum(1 << i for i in b) for b in blocs], dtype=np.int64)
    coefficients: dict[int, Floats] = {}
    for b, inside in enumerate(blocs):
        inner = orderings_weight(len(inside))
        others = [int(bits[c]) for c in range(len(blocs)) if c != b]
        for r in range(1 << len(others)):
            around = sum(others[c] for c in range(len(others)) if r >> c & 1)
            scale = outer[r.bit_count()]
            _add_inside(coefficients, around, inside, scale * inner, m)
    masks = np.array(sorted(coefficients), dtype=np.int64)
    table = np.array([coefficients[int(k)] for k in masks])
    cuts = (slice(start, start + batch) for start in range(0, len(masks), batch))
    shares = reduce(np.add, (table[cut].T @ evaluate(value, rows(masks[cut], m)) for cut in cuts))
    return Attribution(shares, np.zeros_like(shares))


def _add_inside(coefficients: dict[int, Floats], around: int, inside: Sequence[int], weight: Floats, m: int) -> None:
    """Add the weight of each subset of a bloc, joined to the blocs `around` it, to the parties of that bloc."""
    for s in range(1 << len(inside)):
        mask = around | sum(1 << inside[i] for i in range(len(inside)) if s >> i & 1)
        row = coefficients.setdefault(mask, np.zeros(m))
        size = s.bit_count()
        for i, party in enumerate(inside):
            row[party] += weight[size - 1] if s >> i & 1 else -weight[size]
