"""Graph-model stability on any graph: legal sequences of sanctions, with the last mover remembered.

Source: L. Fang, K. W. Hipel & D. M. Kilgour (1993), *Interactive Decision Making: The Graph Model for Conflict
Resolution*, ch. 3 (definitions 3.1-3.9), and H. Xu, K. W. Hipel, D. M. Kilgour & L. Fang (2018), *Conflict Resolution
Using the Graph Model*, ch. 4. A legal sequence bars two *consecutive* moves by one decision maker and nothing else.

For a focal decision maker let ``a[j, q]`` be the least value that the opponents can reach from state ``q`` by a legal
sequence that opponent ``j`` opens. It is the least fixed point of

    a[j, q] = min over q' in R_j(q) of min(value[q'], min over k not in {j, focal} of a[k, q'])

and needs only the best and the second-best opener at each state, never a states x states matrix.
"""

from __future__ import annotations

import numpy as np

from vetopoint.kernel import kernel

NONE = np.int32(2**31 - 1)


@kernel
def _relax(focal, state, value, rank, start, target, improving, first, opener, second):  # type: ignore[no-untyped-def]
    """Lower the bounds of one state; return whether any fell."""
    best, who, runner = NONE, -1, NONE
    for j in range(start.shape[0]):
        if j == focal:
            continue
        low = NONE
        for e in range(start[j, state], start[j, state + 1]):
            q = target[e]
            if improving and rank[j, q] <= rank[j, state]:
                continue
            later = second[q] if opener[q] == j else first[q]
            low = min(low, value[q], later)
        if low < best:
            runner, best, who = best, low, j
        elif low < runner:
            runner = low
    fell = best < first[state] or runner < second[state]
    first[state], opener[state], second[state] = best, who, runner
    return fell


@kernel
def _sanction(focal, value, rank, start, target, improving, first, opener, second):  # type: ignore[no-untyped-def]
    """Fill ``first`` with the least value that the opponents can bring about from each state."""
    states = value.shape[0]
    first[:] = NONE
    second[:] = NONE
    opener[:] = -1
    falling, forward = True, True
    while falling:
        falling = False
        for step in range(states):
            state = step if forward else states - 1 - step
            if _relax(focal, state, value, rank, start, target, improving, first, opener, second):
                falling = True
        forward = not forward


@kernel
def _deterred(focal, rank, start, target, worst, stable):  # type: ignore[no-untyped-def]
    """Stable where every improvement of the focal decision maker may be answered by something no better than staying."""
    for state in range(stable.shape[0]):
        stable[state] = True
        for e in range(start[focal, state], start[focal, state + 1]):
            q = target[e]
            if rank[focal, q] > rank[focal, state] and worst[q] > rank[focal, state]:
                stable[state] = False
                break


@kernel
def solve_graph(ranks, start, target, out):  # type: ignore[no-untyped-def]
    """Fill ``out (4, n, dms, states)`` with Nash, GMR, SMR and SEQ stability.

    ``ranks (n, dms, states) int32``, higher is better; ``start (dms, states + 1)`` and ``target`` list the reachable states.
    """
    n, dms, states = ranks.shape
    first, second = np.empty(states, np.int32), np.empty(states, np.int32)
    opener = np.empty(states, np.int32)
    reply = np.empty(states, np.int32)
    never = np.full(states, NONE, np.int32)
    for draw in range(n):
        rank = ranks[draw]
        for focal in range(dms):
            for state in range(states):
                reply[state] = rank[focal, state]
                for e in range(start[focal, state], start[focal, state + 1]):
                    reply[state] = max(reply[state], rank[focal, target[e]])
            _deterred(focal, rank, start, target, never, out[0, draw, focal])
            _sanction(focal, rank[focal], rank, start, target, False, first, opener, second)
            _deterred(focal, rank, start, target, first, out[1, draw, focal])
            _sanction(focal, reply, rank, start, target, False, first, opener, second)
            _deterred(focal, rank, start, target, first, out[2, draw, focal])
            _sanction(focal, rank[focal], rank, start, target, True, first, opener, second)
            _deterred(focal, rank, start, target, first, out[3, draw, focal])
