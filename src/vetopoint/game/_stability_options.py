"""Graph-model stability in option form, fibre by fibre, without a states x states matrix.

Definitions as in ``_stability_graph``. When states are combinations of standing options, decision maker j moves within a
*fibre*: the feasible states that agree on everybody else's options. Such moves are transitive (also when some options
cannot be undone), and so are improvements; a legal sequence of sanctions is then any path along fibres, because two
consecutive moves by one decision maker equal one. The least value within the opponents' reach is the fixed point of fibre
minima; for improvements only, of minima over the strictly better part of the fibre in the mover's own order.
"""

from __future__ import annotations

import numpy as np

from vetopoint.kernel import kernel


@kernel
def _sort_fibres(rank, members, start, order):  # type: ignore[no-untyped-def]
    """Order the members of every fibre of one decision maker from best to worst for it."""
    for f in range(start.shape[0] - 1):
        lo, hi = start[f], start[f + 1]
        if hi - lo > 32:
            part = np.argsort(-rank[members[lo:hi]], kind="mergesort")
            for i in range(hi - lo):
                order[lo + i] = members[lo + part[i]]
            continue
        for i in range(lo, hi):
            q, k = members[i], i
            while k > lo and rank[order[k - 1]] < rank[q]:
                order[k] = order[k - 1]
                k -= 1
            order[k] = q


@kernel
def _better_bound(rank, order, lo, hi, lock, codes, value, upper, out):  # type: ignore[no-untyped-def]
    """For each member the min (or, with ``upper``, max) of ``value`` over its reachable, strictly better members."""
    sign = -1 if upper else 1
    for code in codes:
        i, bound = lo, np.int64(2**31 - 1)
        while i < hi:
            j = i
            while j < hi and rank[order[j]] == rank[order[i]]:
                if lock[order[j]] == code:
                    out[order[j]] = np.int32(sign * bound)
                j += 1
            for k in range(i, j):
                if (code & ~lock[order[k]]) == 0:
                    bound = min(bound, sign * np.int64(value[order[k]]))
            i = j


@kernel
def _lower_fibre(order, lo, hi, lock, codes, worst):  # type: ignore[no-untyped-def]
    """Lower ``worst`` to the least value within reach of each member; return whether any fell."""
    fell = False
    for code in codes:
        low = np.int32(2**31 - 1)
        for i in range(lo, hi):
            if (code & ~lock[order[i]]) == 0:
                low = min(low, worst[order[i]])
        for i in range(lo, hi):
            if lock[order[i]] == code and worst[order[i]] > low:
                worst[order[i]] = low
                fell = True
    return fell


@kernel
def _sanction(focal, value, rank, order, start, fibres, lock, codes, used, improving, worst, bound):  # type: ignore[no-untyped-def]
    """Fill ``worst`` with the least value that the opponents can bring about from each state, itself included."""
    worst[:] = value
    falling = True
    while falling:
        falling = False
        for j in range(rank.shape[0]):
            if j == focal:
                continue
            for f in range(fibres[j]):
                lo, hi = start[j, f], start[j, f + 1]
                if not improving:
                    if _lower_fibre(order[j], lo, hi, lock[j], codes[j, : used[j]], worst):
                        falling = True
                    continue
                _better_bound(rank[j], order[j], lo, hi, lock[j], codes[j, : used[j]], worst, False, bound)
                for i in range(lo, hi):
                    q = order[j, i]
                    if bound[q] < worst[q]:
                        worst[q] = bound[q]
                        falling = True


@kernel
def _deterred(focal, rank, order, start, fibres, lock, codes, used, worst, bound, stable):  # type: ignore[no-untyped-def]
    """Stable where no improvement of the focal decision maker stays better than standing still."""
    for f in range(fibres[focal]):
        lo, hi = start[focal, f], start[focal, f + 1]
        _better_bound(rank[focal], order[focal], lo, hi, lock[focal], codes[focal, : used[focal]], worst, True, bound)
        for i in range(lo, hi):
            q = order[focal, i]
            stable[q] = bound[q] <= rank[focal, q]


@kernel
def _best_reply(rank, order, start, fibres, lock, reply):  # type: ignore[no-untyped-def]
    """Fill ``reply`` with the best that one decision maker can have by moving on or staying."""
    for f in range(fibres):
        lo, hi = start[f], start[f + 1]
        for i in range(lo, hi):
            q = order[i]
            reply[q] = rank[q]
            for k in range(lo, i):
                r = order[k]
                if (lock[q] & ~lock[r]) == 0:
                    reply[q] = rank[r]
                    break


@kernel
def solve_options(ranks, members, start, fibres, lock, codes, used, out):  # type: ignore[no-untyped-def]
    """Fill ``out (4, n, dms, states)`` with Nash, GMR, SMR and SEQ stability.

    ``ranks (n, dms, states) int32``; ``members (dms, states)`` lists the states by fibre, ``start (dms, most + 1)`` bounds
    the ``fibres (dms,)`` fibres; ``lock (dms, states) int64`` has a bit for each standing option that cannot be undone, and
    ``codes (dms, most) int64`` its ``used (dms,)`` distinct values.
    """
    n, dms, states = ranks.shape
    order = np.empty((dms, states), np.int32)
    worst, bound, reply = np.empty(states, np.int32), np.empty(states, np.int32), np.empty(states, np.int32)
    never = np.full(states, np.int32(2**31 - 1), np.int32)
    for draw in range(n):
        rank = ranks[draw]
        for j in range(dms):
            _sort_fibres(rank[j], members[j], start[j, : fibres[j] + 1], order[j])
        for i in range(dms):
            _best_reply(rank[i], order[i], start[i], fibres[i], lock[i], reply)
            _deterred(i, rank, order, start, fibres, lock, codes, used, never, bound, out[0, draw, i])
            _sanction(i, rank[i], rank, order, start, fibres, lock, codes, used, False, worst, bound)
            _deterred(i, rank, order, start, fibres, lock, codes, used, worst, bound, out[1, draw, i])
            _sanction(i, reply, rank, order, start, fibres, lock, codes, used, False, worst, bound)
            _deterred(i, rank, order, start, fibres, lock, codes, used, worst, bound, out[2, draw, i])
            _sanction(i, rank[i], rank, order, start, fibres, lock, codes, used, True, worst, bound)
            _deterred(i, rank, order, start, fibres, lock, codes, used, worst, bound, out[3, draw, i])
