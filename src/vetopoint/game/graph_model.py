"""Stability without numbers: the graph model for conflict resolution in option form, over a batch of ordinal preferences.

States are combinations of standing options; each decision maker can change its own; only the order in which it ranks the states
counts. Four notions of stability are decided for each state and decision maker: *Nash* (no improvement), *GMR* (each improvement
can be answered by something no better than staying), *SMR* (and the mover cannot escape that answer), *SEQ* (the answer is made of
improvements for those who give it). A state that is stable for everybody is an equilibrium.

It is decided fibre by fibre, without a states x states matrix. Decision maker j moves within a *fibre*: the feasible states that
agree on everybody else's options. Such moves are transitive (also when some options cannot be undone), and so are improvements; a
legal sequence of sanctions (nobody moves twice *in a row*, and nothing else is barred) is then any path along fibres, because two
consecutive moves by one decision maker equal one. The least value within the opponents' reach is the fixed point of fibre minima;
for improvements only, of minima over the strictly better part of the fibre in the mover's own order.

References: N. Howard (1971); N. M. Fraser & K. W. Hipel (1984); L. Fang, K. W. Hipel & D. M. Kilgour (1993), *Interactive
Decision Making*, ch. 3; H. Xu, K. W. Hipel, D. M. Kilgour & L. Fang (2018), *Conflict Resolution Using the Graph Model*, ch. 4.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vetopoint.arrays import Bools, Ints
from vetopoint.errors import SolverError
from vetopoint.kernel import in_order, kernel

__all__ = ["CONCEPTS", "OptionForm", "equilibria", "option_form", "ordinal_ranks", "stability"]

CONCEPTS = ("nash", "gmr", "smr", "seq")

MAX_STATES = 1 << 20
_NONE = np.int32(2**31 - 1)  # above every rank

Int32s = NDArray[np.int32]
Locks = tuple[Ints, Ints, Ints]


@dataclass(frozen=True)
class OptionForm:
    """States as combinations of standing options, each option dimension owned by one decision maker.

    Attributes
    ----------
    settings : (states, dimensions) int16, the value at which each dimension stands in each feasible state.
    owner : (dimensions,) int32, the decision maker who sets it.
    members, start, fibres : the states by fibre, per decision maker; a fibre is a set of states between which its owner
        alone can move.
    lock : (dms, states) int64, one bit for each standing value that cannot be undone.
    """

    settings: NDArray[np.int16]
    owner: Int32s
    members: Int32s
    start: Int32s
    fibres: Int32s
    lock: Ints

    @property
    def dms(self) -> int:
        """Number of decision makers."""
        return int(self.members.shape[0])

    @property
    def states(self) -> int:
        """Number of feasible states."""
        return int(self.settings.shape[0])


def option_form(
    sizes: Sequence[int],
    owner: Sequence[int],
    feasible: ArrayLike | None = None,
    irreversible: Sequence[tuple[int, int]] = (),
) -> OptionForm:
    """Build a model whose states are combinations of standing options.

    Parameters
    ----------
    sizes : number of values of each option dimension (2 for an option that is taken or not).
    owner : decision maker of each dimension, counted from 0.
    feasible : (product of sizes,) bool, first dimension slowest; default: every combination.
    irreversible : pairs (dimension, value); once it stands at that value its owner cannot change the dimension.

    Raises
    ------
    SolverError
        Too many combinations, or more than 62 irreversible values of one decision maker.

    Examples
    --------
    >>> from vetopoint.game.graph_model import equilibria, stability
    >>> model = option_form([2, 2], [0, 1])  # the prisoners: silent or confess
    >>> likes = [[[3, 3], [1, 4], [4, 1], [2, 2]]]  # (draws, states, decision makers)
    >>> equilibria(stability(model, likes))["nash"].tolist()
    [[False, False, False, True]]
    >>> equilibria(stability(model, likes))["seq"].tolist()
    [[True, False, False, True]]
    """
    total = int(np.prod(sizes, dtype=np.int64))
    if total > MAX_STATES:
        raise SolverError(f"{total:,} combinations of options; leave options out until at most {MAX_STATES:,} remain")
    settings = np.indices(tuple(sizes), dtype=np.int16).reshape(len(sizes), total).T
    if feasible is not None:
        settings = settings[np.asarray(feasible, bool).reshape(total)]
    who = np.asarray(owner, np.int32)
    dms, states = int(who.max()) + 1, settings.shape[0]
    if states == 0:
        raise SolverError("no combination of options is feasible")
    members, fibres = np.empty((dms, states), np.int32), np.empty(dms, np.int32)
    bounds: list[NDArray[np.intp]] = []
    for dm in range(dms):
        others = settings[:, who != dm]
        sorting = np.lexsort(others.T) if others.shape[1] else np.arange(states)
        change = np.any(np.diff(others[sorting], axis=0) != 0, axis=1)
        members[dm] = sorting
        bounds.append(np.concatenate([[0], np.flatnonzero(change) + 1, [states]]))
        fibres[dm] = len(bounds[-1]) - 1
    start = np.full((dms, int(fibres.max()) + 1), states, np.int32)
    for dm, bound in enumerate(bounds):
        start[dm, : len(bound)] = bound
    return OptionForm(settings, who, members, start, fibres, _locks(settings, who, dms, irreversible))


def _locks(settings: NDArray[np.int16], owner: Int32s, dms: int, irreversible: Sequence[tuple[int, int]]) -> Ints:
    lock, used = np.zeros((dms, settings.shape[0]), np.int64), [0] * dms
    for dimension, value in irreversible:
        dm = int(owner[dimension])
        if used[dm] > 61:
            raise SolverError("more than 62 irreversible options of one decision maker")
        lock[dm] |= (settings[:, dimension] == value).astype(np.int64) << used[dm]
        used[dm] += 1
    return lock


def ordinal_ranks(payoffs: ArrayLike, tolerance: float = 1e-9) -> Int32s:
    """Rank states by payoff, best highest; payoffs closer than ``tolerance`` are ties.

    Parameters
    ----------
    payoffs : (n, states, dms) float64, any unit.
    tolerance : gap in units of payoff under which two neighbours in the order count as equal.

    Returns
    -------
    (n, states, dms) int32, dense ranks from 0.

    Examples
    --------
    >>> ordinal_ranks([[[0.5], [2.0], [0.5 + 1e-12]]])[0, :, 0].tolist()
    [0, 1, 0]
    """
    values = np.asarray(payoffs, float)
    if not np.isfinite(values).all():
        raise SolverError("a payoff of a state is not a finite number")
    order = np.argsort(values, axis=1, kind="stable")
    gaps = np.diff(np.take_along_axis(values, order, 1), axis=1) > tolerance
    dense = np.concatenate([np.zeros((values.shape[0], 1, values.shape[2]), np.int32), gaps], axis=1).cumsum(axis=1)
    ranks = np.empty(values.shape, np.int32)
    np.put_along_axis(ranks, order, dense.astype(np.int32), 1)
    return ranks


def stability(form: OptionForm, preferences: ArrayLike) -> dict[str, Bools]:
    """Decide Nash, GMR, SMR and SEQ stability of every state for every decision maker, over all draws.

    Parameters
    ----------
    form : the states and who moves between them.
    preferences : (n, states, dms) integers, higher is better; floats go through `ordinal_ranks` first.

    Returns
    -------
    dict of concept to (n, states, dms) bool.

    Raises
    ------
    SolverError
        The shapes do not fit.
    """
    given = np.asarray(preferences)
    if given.ndim != 3 or given.shape[1:] != (form.states, form.dms):
        raise SolverError(
            f"preferences have shape {given.shape}; (draws, {form.states} states, {form.dms} actors) needed"
        )
    ranks = ordinal_ranks(given) if given.dtype.kind == "f" else given.astype(np.int32)
    by_dm = np.ascontiguousarray(np.swapaxes(ranks, 1, 2))
    out = np.empty((len(CONCEPTS), *by_dm.shape), np.bool_)
    found = [np.unique(row) for row in form.lock]
    used = np.asarray([c.size for c in found])
    codes = np.zeros((form.dms, int(used.max())), np.int64)
    for dm, distinct in enumerate(found):
        codes[dm, : distinct.size] = distinct
    locks = (form.lock, codes, used)
    size = max(8, -(-len(by_dm) // (os.cpu_count() or 1)))
    blocks = [slice(first, first + size) for first in range(0, len(by_dm), size)]
    in_order(lambda b: _solve(by_dm[b], form.members, form.start, form.fibres, locks, out[:, b]), blocks)
    return {concept: np.swapaxes(out[k], 1, 2) for k, concept in enumerate(CONCEPTS)}


def equilibria(stable: Mapping[str, Bools]) -> dict[str, Bools]:
    """States that are stable for everybody: concept to (n, states) bool."""
    return {concept: np.asarray(found.all(axis=2), np.bool_) for concept, found in stable.items()}


# In all kernels, for one decision maker: ``rank (states,) int32`` its ranks, ``order (states,) int32`` the states by fibre, in each
# the best first, ``lock (states,) int64`` the bits of what cannot be undone there, ``codes (k,) int64`` the distinct locks.
# The same for all of them, the decision maker first: ``rank``, ``order``, ``lock (dms, states)``; ``start (dms, most + 1) int32`` bounds
# the ``fibres (dms,) int32`` fibres in ``order``; ``locks`` are the locks, ``codes (dms, k)`` and how many are ``used (dms,)``.
# ``worst``, ``bound``, ``reply`` and ``value`` are (states,) int32.


@kernel
def _sort_fibres(rank: Int32s, members: Int32s, start: Int32s, order: Int32s) -> None:
    """Fill ``order`` with the ``members (states,)`` of every fibre between ``start (fibres + 1,)``, from best to worst."""
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
def _better_bound(
    rank: Int32s,
    order: Int32s,
    lo: int,
    hi: int,
    lock: Ints,
    codes: Ints,
    value: Int32s,
    upper: bool,
    out: Int32s,
) -> None:
    """Fill ``out (states,)``, at the members of the fibre lo:hi, with the min (or, with ``upper``, max) of ``value`` over the
    reachable, strictly better members."""
    sign = -1 if upper else 1
    for code in codes:
        i, bound = lo, np.int64(_NONE)
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
def _lower_fibre(order: Int32s, lo: int, hi: int, lock: Ints, codes: Ints, worst: Int32s) -> bool:
    """Lower ``worst``, at the members of the fibre lo:hi, to the least value within reach; return whether any fell."""
    fell = False
    for code in codes:
        low = _NONE
        for i in range(lo, hi):
            if (code & ~lock[order[i]]) == 0:
                low = min(low, worst[order[i]])
        for i in range(lo, hi):
            if lock[order[i]] == code and worst[order[i]] > low:
                worst[order[i]] = low
                fell = True
    return fell


@kernel
def _sanction(
    focal: int,
    value: Int32s,
    rank: Int32s,
    order: Int32s,
    start: Int32s,
    fibres: Int32s,
    locks: Locks,
    improving: bool,
    worst: Int32s,
    bound: Int32s,
) -> None:
    """Fill ``worst`` with the least ``value`` that the opponents can bring about from each state, itself included.

    With ``improving``, only by moves that improve the mover's rank; ``bound`` is overwritten.
    """
    lock, codes, used = locks
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
def _deterred(
    focal: int,
    rank: Int32s,
    order: Int32s,
    start: Int32s,
    fibres: Int32s,
    locks: Locks,
    worst: Int32s,
    bound: Int32s,
    stable: Bools,
) -> None:
    """Fill ``stable (states,)``: whether no improvement of the focal decision maker stays better than standing still once it has
    fallen to ``worst``; ``bound`` is overwritten."""
    lock, codes, used = locks
    for f in range(fibres[focal]):
        lo, hi = start[focal, f], start[focal, f + 1]
        _better_bound(rank[focal], order[focal], lo, hi, lock[focal], codes[focal, : used[focal]], worst, True, bound)
        for i in range(lo, hi):
            q = order[focal, i]
            stable[q] = bound[q] <= rank[focal, q]


@kernel
def _best_reply(rank: Int32s, order: Int32s, start: Int32s, fibres: int, lock: Ints, reply: Int32s) -> None:
    """Fill ``reply`` with the best rank that one decision maker, with its bounds ``start (fibres + 1,)``, has by moving or staying."""
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
def _solve(ranks: Int32s, members: Int32s, start: Int32s, fibres: Int32s, locks: Locks, out: Bools) -> None:
    """Fill ``out (4, n, dms, states)`` with Nash, GMR, SMR and SEQ stability, given ``ranks (n, dms, states) int32``.

    ``members (dms, states) int32`` lists the states by fibre.
    """
    n, dms, states = ranks.shape
    order = np.empty((dms, states), np.int32)
    worst, bound, reply = np.empty(states, np.int32), np.empty(states, np.int32), np.empty(states, np.int32)
    never = np.full(states, _NONE, np.int32)
    for draw in range(n):
        rank = ranks[draw]
        for j in range(dms):
            _sort_fibres(rank[j], members[j], start[j, : fibres[j] + 1], order[j])
        for i in range(dms):
            _best_reply(rank[i], order[i], start[i], fibres[i], locks[0][i], reply)
            _deterred(i, rank, order, start, fibres, locks, never, bound, out[0, draw, i])
            _sanction(i, rank[i], rank, order, start, fibres, locks, False, worst, bound)
            _deterred(i, rank, order, start, fibres, locks, worst, bound, out[1, draw, i])
            _sanction(i, reply, rank, order, start, fibres, locks, False, worst, bound)
            _deterred(i, rank, order, start, fibres, locks, worst, bound, out[2, draw, i])
            _sanction(i, rank[i], rank, order, start, fibres, locks, True, worst, bound)
            _deterred(i, rank, order, start, fibres, locks, worst, bound, out[3, draw, i])
