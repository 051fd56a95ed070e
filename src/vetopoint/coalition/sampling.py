"""Joining in coalitions too large to enumerate: acceptances are drawn, cascades followed for all draws at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Bools, Floats
from vetopoint.coalition.joining import Joining

__all__ = ["join_sampled"]


#: Truth of a rule for a slice of draws, who has joined (M, k, S, P) and how many (k, S, P).
Test = Callable[[slice, Bools, NDArray[np.int16]], Bools]

#: Acceptance patterns drawn for each draw and situation.
PATTERNS = 16


def join_sampled(
    holds: Sequence[Test],
    clause: Test,
    shape: tuple[int, int],
    accepts: Floats,
    capability: Floats,
    uniforms: Floats,
    need: Floats | None = None,
    minimum: int = 0,
    patterns: int = PATTERNS,
    block: int = 256,
    by_member: bool = True,
    threads: int = 2,
) -> Joining:
    """Solve the joining of any number of members with drawn acceptances.

    Parameters
    ----------
    holds : for each member a function of a slice of draws, of who has joined, (M, k, S, P) bool, and of how many, (k, S, P),
        that says whether its rule holds, broadcasting to (k, S, P).
    clause : the same for the coalition's consent clause.
    shape : (n, S).
    accepts : (n, M) or (n, S, M) probability that a member finds the terms acceptable.
    capability : (n, M).
    uniforms : (n, M) one uniform per draw and member; the P patterns of a draw are its rotations by 1/P, so that every
        member accepts in the right share of them.
    need, minimum : as in `join`.
    patterns, block : patterns per draw; draws handled at once.
    by_member : also find cohesion; else it is zero.
    threads : blocks are shared out among so many threads; the result does not depend on it.

    Returns
    -------
    Joining
        As `join` returns it, with the noise of `patterns` acceptances per draw.
    """
    n, situations = shape
    m = accepts.shape[-1]
    accept = np.broadcast_to(accepts if accepts.ndim == 3 else accepts[:, None, :], (n, situations, m))
    needed = np.full(n, -np.inf) if need is None else need
    # Each member's rotations come in an order of their own, so that members stay independent over patterns.
    turns = np.tile(np.arange(patterns)[:, None] / patterns, (1, m))
    scramble = np.random.default_rng(m).permuted(turns, axis=0)

    def run(start: int) -> list[Floats]:
        cut = slice(start, min(start + block, n))
        u = (uniforms[cut][:, None, :] + scramble[None, :, :]) % 1.0
        share = np.moveaxis(u[:, None, :, :] / np.maximum(accept[cut][:, :, None, :], 1e-300), -1, 0)
        return _block(holds, clause, cut, share, capability[cut], needed[cut], minimum, by_member)

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(run, range(0, n, block)))
    return Joining(*(np.concatenate([p[k] for p in parts]) for k in range(8)))


def _cascade(holds: Sequence[Test], cut: slice, willing: Bools, start: Bools, grow: bool) -> Bools:
    joined = start
    while True:
        total = np.asarray(np.sum(joined, axis=0, dtype=np.int16))
        after = np.empty_like(joined)
        for i, test in enumerate(holds):
            held = test(cut, joined, total)
            after[i] = joined[i] | (willing[i] & held) if grow else joined[i] & held
        if np.array_equal(after, joined):
            return joined
        joined = after


def _block(
    holds: Sequence[Test],
    clause: Test,
    cut: slice,
    share: Floats,
    capability: Floats,
    need: Floats,
    minimum: int,
    by_member: bool,
) -> list[Floats]:
    """One block of draws; `share` (M, k, S, P) is each member's uniform over its probability, below 1 where it accepts."""
    willing = share < 1.0

    def brought(joined: Bools) -> Floats:
        return np.asarray(np.einsum("mksp,km->ksp", joined, capability))

    def wins(joined: Bools) -> Bools:
        count = np.asarray(np.sum(joined, axis=0, dtype=np.int16))
        enough = (count >= minimum) & (brought(joined) >= need[:, None, None])
        return np.asarray(enough & clause(cut, joined, count))

    best = _cascade(holds, cut, willing, willing, grow=False)
    worst = _cascade(holds, cut, willing, np.zeros_like(willing), grow=True)
    won = wins(best)
    count = best.sum(axis=0)
    survives = np.zeros(won.shape, dtype=bool)
    if by_member:
        # Among those who accept the shares are alike and independent, so the lowest picks a joined member at random.
        leaver = np.argmin(np.where(best, share, np.inf), axis=0)
        left = best & (np.arange(len(best))[:, None, None, None] != leaver)
        survives = won & (count > 0) & wins(_cascade(holds, cut, willing, left, grow=False))
    mean = [won, wins(worst), count, worst.sum(axis=0), brought(best), survives]
    return [
        *(np.asarray(x, dtype=float).mean(axis=-1) for x in mean),
        np.moveaxis(best.mean(axis=-1), 0, -1),
        np.moveaxis(worst.mean(axis=-1), 0, -1),
    ]
