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
    settings : (states, dimensions) int16, the value at which each dimension stands in each state.
    members, width : (dms, states) int32 the states by fibre, and (dms,) how many are in each fibre of a decision maker; a
        fibre is a set of states between which its owner alone can move.
    lock : (dms, states) int64, one bit for each standing value that cannot be undone.
    """

    settings: NDArray[np.int16]
    members: Int32s
    width: Ints
    lock: Ints

    @property
    def dms(self) -> int:
        """Number of decision makers."""
        return int(self.members.shape[0])

    @property
    def states(self) -> int:
        """Number of states."""
        return int(self.settings.shape[0])


def option_form(sizes: Sequence[int], owner: Sequence[int], irreversible: Sequence[tuple[int, int]] = ()) -> OptionForm:
    """Build a model whose states are combinations of standing options.

    Parameters
    ----------
    sizes : number of values of each option dimension (2 for an option that is taken or not), the first slowest in states.
    owner : decision maker of each dimension, counted from 0.
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
    who = np.asarray(owner, np.int32)
    dms = int(who.max()) + 1
    places, widths = [], []
    for dm in range(dms):
        axes = np.argsort(who == dm, kind="stable")  # everybody else's dimensions first
        places.append(np.arange(total, dtype=np.int32).reshape(sizes).transpose(axes).ravel())
        widths.append(int(np.prod(np.asarray(sizes)[who == dm])))
    return OptionForm(settings, np.stack(places), np.array(widths), _locks(settings, who, dms, irreversible))


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
    in_order(lambda b: _solve(by_dm[b], form.members, form.width, locks, out[:, b]), blocks)
    return {concept: np.swapaxes(out[k], 1, 2) for k, concept in enumerate(CONCEPTS)}


def equilibria(stable: Mapping[str, Bools]) -> dict[str, Bools]:
    """States that are stable for everybody: concept to (n, states) bool."""
    return {concept: np.asarray(found.all(axis=2), np.bool_) for concept, found in stable.items()}


# In all kernels, for one decision maker: ``rank (states,) int32`` its ranks, ``order (states,) int32`` the states by fibre,
# in each the best first, ``width`` states a fibre, ``lock (states,) int64`` the bits of what cannot be undone there,
# ``codes (k,) int64`` the distinct locks. The same for all of them, the decision maker first: ``rank``, ``order``,
# ``lock (dms, states)``, ``width (dms,)``; ``locks`` are the locks, ``codes (dms, k)`` and how many are ``used (dms,)``.
# All else is (states,) int32.


@kernel
def _sort_fibres(rank: Int32s, members: Int32s, width: int, order: Int32s) -> None:
    """Fill ``order`` with the ``members`` of every fibre, from best to worst."""
    for lo in range(0, rank.size, width):
        if width > 32:
            part = np.argsort(-rank[members[lo : lo + width]], kind="mergesort")
            for i in range(width):
                order[lo + i] = members[lo + part[i]]
            continue
        for i in range(lo, lo + width):
            q, k = members[i], i
            while k > lo and rank[order[k - 1]] < rank[q]:
                order[k] = order[k - 1]
                k -= 1
            order[k] = q


@kernel
def _better_bound(
    rank: Int32s, order: Int32s, width: int, lock: Ints, codes: Ints, value: Int32s, upper: bool, out: Int32s
) -> None:
    """Fill ``out`` with the min (or, with ``upper``, max) of ``value`` over the fibre's reachable, strictly better states."""
    sign = -1 if upper else 1
    for lo in range(0, rank.size, width):
        for code in codes:
            i, bound = lo, np.int64(_NONE)
            while i < lo + width:
                j = i
                while j < lo + width and rank[order[j]] == rank[order[i]]:
                    if lock[order[j]] == code:
                        out[order[j]] = np.int32(sign * bound)
                    j += 1
                for k in range(i, j):
                    if (code & ~lock[order[k]]) == 0:
                        bound = min(bound, sign * np.int64(value[order[k]]))
                i = j


@kernel
def _bound(order: Int32s, width: int, lock: Ints, codes: Ints, value: Int32s, out: Int32s) -> None:
    """Fill ``out`` with the least ``value`` over the reachable states of the fibre."""
    for lo in range(0, order.size, width):
        for code in codes:
            low = _NONE
            for i in range(lo, lo + width):
                if (code & ~lock[order[i]]) == 0:
                    low = min(low, value[order[i]])
            for i in range(lo, lo + width):
                if lock[order[i]] == code:
                    out[order[i]] = low


@kernel
def _sanction(
    focal: int, value: Int32s, rank: Int32s, order: Int32s, width: Ints, locks: Locks, improving: bool, worst: Int32s
) -> None:
    """Fill ``worst`` with the least ``value`` that the opponents can bring about from each state, itself included.

    With ``improving``, only by moves that improve the mover's rank.
    """
    lock, codes, used = locks
    worst[:] = value
    bound = np.empty_like(worst)
    falling = True
    while falling:
        falling = False
        for j in range(rank.shape[0]):
            if j == focal:
                continue
            if improving:
                _better_bound(rank[j], order[j], width[j], lock[j], codes[j, : used[j]], worst, False, bound)
            else:
                _bound(order[j], width[j], lock[j], codes[j, : used[j]], worst, bound)
            for q in range(worst.size):
                if bound[q] < worst[q]:
                    worst[q] = bound[q]
                    falling = True


@kernel
def _deterred(focal: int, rank: Int32s, order: Int32s, width: Ints, locks: Locks, worst: Int32s, stable: Bools) -> None:
    """Fill ``stable (states,)``: whether no improvement of the focal decision maker stays better than standing still once it has
    fallen to ``worst``."""
    lock, codes, used = locks
    bound = np.empty_like(worst)
    own = codes[focal, : used[focal]]
    _better_bound(rank[focal], order[focal], width[focal], lock[focal], own, worst, True, bound)
    stable[:] = bound <= rank[focal]


@kernel
def _best_reply(rank: Int32s, order: Int32s, width: int, lock: Ints, reply: Int32s) -> None:
    """Fill ``reply`` with the best rank that one decision maker has by moving or staying."""
    for i in range(order.size):
        q = order[i]
        reply[q] = rank[q]
        for k in range(i - i % width, i):
            if (lock[q] & ~lock[order[k]]) == 0:
                reply[q] = rank[order[k]]
                break


@kernel
def _solve(ranks: Int32s, members: Int32s, width: Ints, locks: Locks, out: Bools) -> None:
    """Fill ``out (4, n, dms, states)`` with Nash, GMR, SMR and SEQ stability, given ``ranks (n, dms, states) int32``.

    ``members (dms, states) int32`` lists the states by fibre.
    """
    n, dms, states = ranks.shape
    order = np.empty((dms, states), np.int32)
    worst, reply, never = np.empty(states, np.int32), np.empty(states, np.int32), np.full(states, _NONE, np.int32)
    for draw in range(n):
        rank = ranks[draw]
        for j in range(dms):
            _sort_fibres(rank[j], members[j], width[j], order[j])
        for i in range(dms):
            _best_reply(rank[i], order[i], width[i], locks[0][i], reply)
            _deterred(i, rank, order, width, locks, never, out[0, draw, i])
            _sanction(i, rank[i], rank, order, width, locks, False, worst)
            _deterred(i, rank, order, width, locks, worst, out[1, draw, i])
            _sanction(i, reply, rank, order, width, locks, False, worst)
            _deterred(i, rank, order, width, locks, worst, out[2, draw, i])
            _sanction(i, rank[i], rank, order, width, locks, True, worst)
            _deterred(i, rank, order, width, locks, worst, out[3, draw, i])
