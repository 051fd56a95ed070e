"""Who joins: greatest and least fixed points of joining rules, with the noise of acceptance integrated exactly.

Members are bits of a mask. A rule is a row of a truth table over all masks of members that have joined; a member that
does not accept the terms never joins. For every pattern of acceptances the cascade is followed to its end, from
everybody (greatest fixed point: all expect the best) and from nobody (least: all expect the worst), and the patterns are
weighed by their probability, which generalises the Poisson-binomial distribution to members that look at each other.

References
----------
Tarski (1955), A lattice-theoretical fixpoint theorem; Granovetter (1978), Threshold models of collective behavior;
Schelling (1978), Micromotives and macrobehavior, ch. 7 (k-groups); Milgrom & Roberts (1990) on extremal equilibria.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Bools, Floats
from vetopoint.kernel import kernel

__all__ = ["EXACT_MEMBERS", "Joining", "fixed_points", "join", "monotone"]

#: Up to this many members all patterns of acceptance are enumerated; beyond, they are sampled (`sampling.py`).
EXACT_MEMBERS = 12

#: Draws solved at once, which bounds the memory in use.
DRAWS_AT_ONCE = 16_384

#: Rows of draws and situations from which on they are shared out; with fewer it costs more than it saves.
SHARED_FROM = 4096


@dataclass(frozen=True)
class Joining:
    """Result of `join`; n draws, S situations, M members.

    Attributes
    ----------
    quorum, quorum_least : (n, S) probability that the coalition reaches what it needs, at either fixed point.
    joined, joined_least : (n, S) expected number of members that join.
    capability : (n, S) expected capability that joins (greatest fixed point).
    cohesion : (n, S) probability that the quorum is reached and survives the exit of one joined member picked at random.
    greatest, least : (n, S, M) probability that each member joins.
    """

    quorum: Floats
    quorum_least: Floats
    joined: Floats
    joined_least: Floats
    capability: Floats
    cohesion: Floats
    greatest: Floats
    least: Floats


def fixed_points(rules: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Greatest and least fixed points of a rule table, for every mask of members that accept.

    Parameters
    ----------
    rules : (2^m,) uint32; bit i of entry `mask` says whether the rule of member i holds when `mask` has joined.

    Returns
    -------
    greatest, least : (2^m,) uint32, the members that join when those of the mask accept. For rules that are not monotone
        the first is what is left after members whose rule fails have dropped out one round after another, the second
        what has gathered when members whose rule holds came in one round after another.

    Examples
    --------
    Two members that each wait for the other:

    >>> import numpy as np
    >>> up, down = fixed_points(np.array([0b00, 0b10, 0b01, 0b11], dtype=np.uint32))
    >>> int(up[0b11]), int(down[0b11])
    (3, 0)
    """
    greatest = np.empty(len(rules), dtype=np.uint32)
    least = np.empty(len(rules), dtype=np.uint32)
    _fixed_points(np.ascontiguousarray(rules, dtype=np.uint32), greatest, least)
    return greatest, least


@kernel
def _fixed_points(rules, greatest, least):  # type: ignore[no-untyped-def]
    for accepted in range(len(rules)):
        held = accepted & rules[accepted]
        greatest[accepted] = accepted if held == accepted else greatest[held]
        here = np.uint32(0)
        while True:
            more = here | (np.uint32(accepted) & rules[here])
            if more == here:
                break
            here = more
        least[accepted] = here


def monotone(truth: Bools) -> bool:
    """Whether no rule of a table (rows, 2^m) is ever broken by one more member joining."""
    rows, size = truth.shape
    bit = 1
    while bit < size:
        pairs = truth.reshape(rows, -1, 2, bit)
        if np.any(pairs[:, :, 0] & ~pairs[:, :, 1]):
            return False
        bit <<= 1
    return True


def join(
    truth: Sequence[Bools],
    row: NDArray[np.int64],
    clause: Bools,
    clause_row: NDArray[np.int64],
    accepts: Floats,
    capability: Floats,
    need: Floats | None = None,
    minimum: int = 0,
    threads: int = 2,
    by_member: bool = True,
) -> Joining:
    """Solve the joining of M members over n draws and S situations, exactly given each draw.

    Parameters
    ----------
    truth : for each member a (rows, 2^M) table: does its rule hold when the mask has joined?
    row : (n, S, M) which row of its table each member goes by.
    clause : (rows, 2^M) does the coalition's consent clause hold?
    clause_row : (n, S) which row of `clause` applies.
    accepts : (n, M) or (n, S, M) probability that a member finds the terms acceptable, independent given the draw.
    capability : (n, M) what each brings.
    need : (n,) capability needed, or None.
    minimum : least number of members needed.
    threads : draws are shared out among so many threads; the result does not depend on it.
    by_member : also find cohesion and each member's probability, which takes most of the time; else they are zero.

    Returns
    -------
    Joining

    Examples
    --------
    Three members who decide alone, two of whom are needed: a Poisson-binomial tail.

    >>> import numpy as np
    >>> always = np.ones((1, 8), dtype=bool)
    >>> zero = np.zeros((1, 1), dtype=np.int64)
    >>> result = join([always] * 3, np.zeros((1, 1, 3), dtype=np.int64), always, zero,
    ...               np.array([[0.5, 0.5, 0.5]]), np.ones((1, 3)), minimum=2)
    >>> float(result.quorum[0, 0])
    0.5
    """
    n, _, m = row.shape
    if m > EXACT_MEMBERS:
        raise ValueError(f"{m} members are too many to enumerate (at most {EXACT_MEMBERS})")
    needed = np.full(n, -np.inf) if need is None else np.asarray(need, dtype=np.float64)
    cuts = [slice(start, start + DRAWS_AT_ONCE) for start in range(0, n, DRAWS_AT_ONCE)]
    parts = [
        _join_draws(
            truth, row[c], clause, clause_row[c], accepts[c], capability[c], needed[c], minimum, threads, by_member
        )
        for c in cuts
    ]
    if len(parts) == 1:
        return parts[0]
    return Joining(**{name: np.concatenate([getattr(p, name) for p in parts]) for name in vars(parts[0])})


def _join_draws(
    truth: Sequence[Bools],
    row: NDArray[np.int64],
    clause: Bools,
    clause_row: NDArray[np.int64],
    accepts: Floats,
    capability: Floats,
    needed: Floats,
    minimum: int,
    threads: int,
    by_member: bool,
) -> Joining:
    n, situations, m = row.shape
    accept = np.ascontiguousarray(
        np.broadcast_to(accepts if accepts.ndim == 3 else accepts[:, None, :], (n, situations, m)), dtype=np.float64
    )
    offsets = np.cumsum([0, *(len(t) for t in truth)])
    tables = np.concatenate([*truth, np.zeros((1, 1 << m), dtype=bool)]).astype(np.bool_)
    keys = np.concatenate([row.reshape(n * situations, m) + offsets[:-1], clause_row.reshape(-1, 1)], axis=1)
    configs, which = _unique_rows(keys)
    order = np.argsort(which, kind="stable")
    starts = np.searchsorted(which[order], np.arange(len(configs) + 1))
    out = np.zeros((n * situations, 6 + 2 * m))
    flat = accept.reshape(n * situations, m)
    cuts = _even_cuts(starts, threads if len(flat) >= SHARED_FROM else 1)

    def run(first: int, last: int) -> None:
        _join(
            tables, clause, configs, order, starts, first, last, flat, np.ascontiguousarray(capability, dtype=np.float64),
            needed, minimum, situations, by_member, out,
        )  # fmt: skip

    if len(cuts) == 1:
        run(*cuts[0])
    else:
        with ThreadPoolExecutor(len(cuts)) as pool:
            list(pool.map(lambda cut: run(*cut), cuts))
    split = out.reshape(n, situations, -1)
    parts = [*(split[..., k] for k in range(6)), split[..., 6 : 6 + m], split[..., 6 + m :]]
    return Joining(*parts)


def _unique_rows(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distinct rows and the number of each row's own, packed into one integer per row where they fit."""
    spans = keys.max(axis=0) + 1
    if np.prod(spans.astype(float)) < 2.0**62:
        packed = np.zeros(len(keys), dtype=np.int64)
        for column, span in zip(keys.T, spans, strict=True):
            packed = packed * span + column
        _, first, which = np.unique(packed, return_index=True, return_inverse=True)
        return keys[first], which
    configs, which = np.unique(keys, axis=0, return_inverse=True)
    return configs, which.ravel()


def _even_cuts(starts: NDArray[np.int64], parts: int) -> list[tuple[int, int]]:
    """Runs of configurations with about the same number of draws each."""
    total, last = int(starts[-1]), len(starts) - 1
    edges = [int(np.searchsorted(starts, total * k / parts)) for k in range(parts + 1)]
    edges[0], edges[-1] = 0, last
    return [(a, b) for a, b in pairwise(edges) if b > a] or [(0, last)]


@kernel
def _join(  # type: ignore[no-untyped-def]
    tables, clause, configs, order, starts, first, last, accept, capability, need, minimum, situations, by_member, out
):
    m = accept.shape[1]
    size = 1 << m
    rules = np.empty(size, dtype=np.uint32)
    greatest = np.empty(size, dtype=np.uint32)
    least = np.empty(size, dtype=np.uint32)
    count = np.zeros(size, dtype=np.int64)
    for mask in range(1, size):
        count[mask] = count[mask >> 1] + (mask & 1)
    weight = np.empty(size)
    best = np.empty(size)
    worst = np.empty(size)
    brings = np.zeros(size)
    wins = np.empty(size, dtype=np.bool_)
    reached = np.empty(size, dtype=np.bool_)
    points = np.empty(size, dtype=np.int64)
    for u in range(first, last):
        rules[:] = 0
        for i in range(m):
            holds = tables[configs[u, i]]
            for mask in range(size):
                rules[mask] |= np.uint32(holds[mask]) << np.uint32(i)
        _fixed_points(rules, greatest, least)
        reached[:] = False
        for mask in range(size):
            reached[greatest[mask]] = True
            reached[least[mask]] = True
        distinct = 0
        for mask in range(size):
            if reached[mask]:
                points[distinct] = mask
                distinct += 1
        allowed = clause[configs[u, m]]
        for k in range(starts[u], starts[u + 1]):
            at = order[k]
            draw = at // situations
            weight[0] = 1.0
            for i in range(m):
                p, more = accept[at, i], capability[draw, i]
                half = 1 << i
                _extend(weight[:half], weight[half : 2 * half], brings[:half], brings[half : 2 * half], p, more)
            for mask in range(size):
                best[mask] = 0.0
                worst[mask] = 0.0
            for point in range(distinct):
                mask = points[point]
                wins[mask] = allowed[mask] and count[mask] >= minimum and brings[mask] >= need[draw]
            for mask in range(size):
                best[greatest[mask]] += weight[mask]
                worst[least[mask]] += weight[mask]
            row = out[at]
            for point in range(distinct):
                mask = points[point]
                p = best[mask]
                if p > 0.0:
                    row[2] += p * count[mask]
                    row[4] += p * brings[mask]
                    if wins[mask]:
                        row[0] += p
                        if by_member:
                            stay = 0
                            for i in range(m):
                                if mask >> i & 1 and wins[greatest[mask ^ (1 << i)]]:
                                    stay += 1
                            if stay > 0:
                                row[5] += p * stay / count[mask]
                p = worst[mask]
                if p > 0.0:
                    row[3] += p * count[mask]
                    if wins[mask]:
                        row[1] += p
            if by_member:
                _marginals(best, row[6 : 6 + m])
                _marginals(worst, row[6 + m :])


@kernel
def _extend(weight_out, weight_in, brings_out, brings_in, p, more):  # type: ignore[no-untyped-def]
    """From the masks of some members to those with one more, who stays out or comes in."""
    for k in range(len(weight_in)):
        weight_in[k] = weight_out[k] * p
        weight_out[k] *= 1.0 - p
        brings_in[k] = brings_out[k] + more


@kernel
def _marginals(probability, out):  # type: ignore[no-untyped-def]
    """Probability of every bit, given that of every mask, which is folded in place."""
    for i in range(len(out) - 1, -1, -1):
        half = 1 << i
        inside = probability[half : 2 * half]
        _fold(probability[:half], inside)
        while half > 1:
            half >>= 1
            _fold(inside[:half], inside[half : 2 * half])
        out[i] = inside[0]


@kernel
def _fold(lower, upper):  # type: ignore[no-untyped-def]
    for k in range(len(lower)):
        lower[k] += upper[k]
