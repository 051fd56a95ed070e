"""Joining in coalitions too large to enumerate: acceptances are drawn, cascades followed for all draws at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from vetopoint.coalition.joining import Joining

__all__ = ["join_sampled"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

#: Acceptance patterns drawn for each draw and situation.
PATTERNS = 16


def join_sampled(
    holds: Sequence[Callable[[slice, Bools], Bools]],
    clause: Callable[[slice, Bools], Bools],
    shape: tuple[int, int],
    accepts: Floats,
    capability: Floats,
    uniforms: Floats,
    need: Floats | None = None,
    minimum: int = 0,
    patterns: int = PATTERNS,
    block: int = 1024,
) -> Joining:
    """Solve the joining of any number of members with drawn acceptances.

    Parameters
    ----------
    holds : for each member a function of a slice of draws and of who has joined, (M, k, S, P) bool, that says whether its
        rule holds, broadcasting to (k, S, P).
    clause : the same for the coalition's consent clause.
    shape : (n, S).
    accepts : (n, M) or (n, S, M) probability that a member finds the terms acceptable.
    capability : (n, M).
    uniforms : (n, M) one uniform per draw and member; the P patterns of a draw are its rotations by 1/P, so that every
        member accepts in the right share of them.
    need, minimum : as in `join`.
    patterns, block : patterns per draw; draws handled at once.

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
    parts = []
    for start in range(0, n, block):
        cut = slice(start, min(start + block, n))
        u = (uniforms[cut][:, None, :] + scramble[None, :, :]) % 1.0
        share = np.moveaxis(u[:, None, :, :] / np.maximum(accept[cut][:, :, None, :], 1e-300), -1, 0)
        parts.append(_block(holds, clause, cut, share, capability[cut], needed[cut], minimum))
    return Joining(*(np.concatenate([p[k] for p in parts]) for k in range(8)))


def _cascade(
    holds: Sequence[Callable[[slice, Bools], Bools]], cut: slice, willing: Bools, start: Bools, grow: bool
) -> Bools:
    joined = start
    while True:
        held = np.stack([np.broadcast_to(h(cut, joined), joined.shape[1:]) for h in holds]) if len(holds) else joined
        after = joined | (willing & held) if grow else joined & held
        if np.array_equal(after, joined):
            return joined
        joined = after


def _block(
    holds: Sequence[Callable[[slice, Bools], Bools]],
    clause: Callable[[slice, Bools], Bools],
    cut: slice,
    share: Floats,
    capability: Floats,
    need: Floats,
    minimum: int,
) -> list[Floats]:
    """One block of draws; `share` (M, k, S, P) is each member's uniform over its probability, below 1 where it accepts."""
    willing = share < 1.0
    brings = capability.T[:, :, None, None]

    def wins(joined: Bools) -> Bools:
        enough = (joined.sum(axis=0) >= minimum) & ((joined * brings).sum(axis=0) >= need[:, None, None])
        return np.asarray(enough & clause(cut, joined))

    best = _cascade(holds, cut, willing, willing, grow=False)
    worst = _cascade(holds, cut, willing, np.zeros_like(willing), grow=True)
    won = wins(best)
    count = best.sum(axis=0)
    # Among those who accept the shares are alike and independent, so the lowest picks a joined member at random.
    leaver = np.argmin(np.where(best, share, np.inf), axis=0)
    left = best & (np.arange(len(best))[:, None, None, None] != leaver)
    survives = won & (count > 0) & wins(_cascade(holds, cut, willing, left, grow=False))
    mean = [won, wins(worst), count, worst.sum(axis=0), (best * brings).sum(axis=0), survives]
    return [
        *(np.asarray(x, dtype=float).mean(axis=-1) for x in mean),
        np.moveaxis(best.mean(axis=-1), 0, -1),
        np.moveaxis(worst.mean(axis=-1), 0, -1),
    ]
