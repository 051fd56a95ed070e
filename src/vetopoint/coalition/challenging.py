"""The challenge (expected-utility) model of a disputed issue, over batches of draws.

Every actor weighs, from its own attitude to risk, what it expects of challenging each other actor and of being
challenged. Who expects to lose moves: to the challenger (confrontation, capitulation) or part of the way (compromise).

References
----------
Bueno de Mesquita (1994), Political forecasting: an expected utility method, in Bueno de Mesquita & Stokman (eds),
European Community Decision Making; Scholz, Calbert & Smith (2011), Unravelling Bueno de Mesquita's group decision model,
Journal of Theoretical Politics 23(4): 510-531, eqs 1-13 and table 2.

Two profiles. `scholz2011` reproduces their table: the chance to win is divided by the votes over all pairs of positions,
and of several compromises the actor takes the one whose average of the two positions, weighted by what is at stake, is
lowest on the scale. Which end of an issue is called 0 is no fact about it, so the issue is followed in both directions and
the paths are averaged; one direction alone is their table. `least-movement` takes the compromise that moves it least, as their
text says. In both, the range of positions stays that of the start, danger is reckoned without regard to risk, and
confrontation comes before compromise and compromise before capitulation. Between offers that are equally good for it an
actor goes to the mean of the lowest and the highest place to which they lead.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from vetopoint.arrays import Floats, ratio
from vetopoint.kernel import in_order, kernel

__all__ = ["PROFILES", "Profile", "challenge"]

Profile = Literal["scholz2011", "least-movement"]
PROFILES: tuple[Profile, ...] = ("scholz2011", "least-movement")

#: Shares of the range, utilities and attitudes that differ by less are the same; sums differ by so much with their order.
SAME = 1e-9

#: Draws followed at once.
DRAWS_AT_ONCE = 128


def challenge(
    positions: ArrayLike, salience: ArrayLike, capability: ArrayLike, *, rounds: int = 10,
    profile: Profile = "scholz2011", both_ways: bool = True,
) -> Floats:  # fmt: skip
    """Follow positions over rounds of challenges: (n, rounds + 1, m), at the start and after each round.

    Parameters
    ----------
    positions, salience, capability : (n, m) or (m,), n draws of m actors; salience between 0 and 1.
    profile : which compromise an actor takes; see above.
    both_ways : whether `scholz2011` is averaged over both directions of the scale, or follows the one given, as published.

    Examples
    --------
    >>> challenge([0.0, 50.0, 100.0], [0.9, 0.5, 0.9], [1.0, 1.0, 1.0], rounds=2).shape
    (1, 3, 3)
    """
    if profile not in PROFILES:
        raise ValueError(f"no profile '{profile}'; there are {', '.join(PROFILES)}")
    x, s, c = (np.atleast_2d(np.asarray(a, dtype=float)) for a in (positions, salience, capability))
    n, m = np.broadcast_shapes(x.shape, s.shape, c.shape)
    x, s, c = (np.broadcast_to(a, (n, m)) for a in (x, s, c))
    # Listed in one order, so that sums are rounded alike however the actors were listed.
    order = np.lexsort((c, s, x), axis=-1)
    x, s, c = (np.take_along_axis(a, order, axis=-1) for a in (x, s, c))
    low, span = x.min(axis=1, keepdims=True), np.ptp(x, axis=1)[:, None]
    share = ratio(x - low, span)
    literal = profile == "scholz2011"
    paths = _follow(share, s, c, literal, rounds)
    if literal and both_ways:
        paths = (paths + 1.0 - _follow(1.0 - share, s, c, literal, rounds)) / 2.0
    out = np.empty_like(paths)
    np.put_along_axis(out, order[:, None, :], low[:, None] + span[:, None] * paths, axis=-1)
    return out


def _follow(share: Floats, salience: Floats, capability: Floats, literal: bool, rounds: int) -> Floats:
    out = np.empty((len(share), rounds + 1, share.shape[1]))

    def run(start: int) -> None:
        cut = slice(start, start + DRAWS_AT_ONCE)
        _challenge(share[cut], salience[cut], capability[cut], literal, out[cut])

    in_order(run, range(0, len(share), DRAWS_AT_ONCE))
    return out


@kernel
def _challenge(positions: Floats, salience: Floats, capability: Floats, literal: bool, out: Floats) -> None:
    """Follow every draw: positions as shares of their range, salience, capability (n, m); `out` (n, rounds + 1, m) is filled in."""
    n, m = positions.shape
    gap = np.empty((m, m))
    # Logarithms of the gap, of (1 − gap)/2 and of (1 + gap)/2: each is raised to many powers.
    logs = np.empty((3, m, m))
    distance = np.empty((m, m))
    win = np.empty((m, m))
    risk = np.empty(m)
    for d in range(n):
        x = positions[d].copy()
        out[d, 0] = x
        apart = x.max() > x.min()
        for step in range(1, out.shape[1]):
            if apart:
                _gaps(x, gap, logs)
                risk[:] = 1.0
                _chances(salience[d], capability[d], risk, gap, logs, distance, win)
                _attitudes(salience[d], gap, win, risk)
                _chances(salience[d], capability[d], risk, gap, logs, distance, win)
                x = _move(x, salience[d], gap, logs, win, risk, literal)
            out[d, step] = x


@kernel
def _gaps(x: Floats, gap: Floats, logs: Floats) -> None:
    """Distances between positions (m,), which are shares of the range, and the logarithms from which their powers are made.

    `gap` (m, m) and `logs` (3, m, m) are filled in, of logs all but the diagonals.
    """
    m = len(x)
    for i in range(m):
        gap[i, i] = 0.0
        for j in range(i):
            share = abs(x[i] - x[j])
            share = 0.0 if share < SAME else 1.0 if share > 1.0 - SAME else share
            gap[i, j] = gap[j, i] = share
            for part in range(3):
                base = share if part == 0 else 0.5 - 0.5 * share if part == 1 else 0.5 + 0.5 * share
                # Of nothing, so low a logarithm that every power of it is nothing.
                logs[part, i, j] = logs[part, j, i] = np.log(base) if base > 0.0 else -1e6


@kernel
def _chances(
    salience: Floats, capability: Floats, risk: Floats, gap: Floats, logs: Floats, distance: Floats, win: Floats
) -> None:
    """Chance that the position of i beats that of j: votes for it over the votes between all pairs (eq. 5).

    salience, capability, risk (m,), gap (m, m), logs (3, m, m); `win` (m, m) is filled in, `distance` (m, m) is scratch.
    """
    m = len(salience)
    for k in range(m):
        weight = capability[k] * salience[k]
        for i in range(m):
            if i == k:
                distance[k, i] = 0.0
            else:
                distance[k, i] = weight * (gap[k, i] if risk[k] == 1.0 else np.exp(risk[k] * logs[0, k, i]))
    total = 0.0
    for i in range(m):
        win[i, i] = 0.0
        for j in range(i):
            ahead = 0.0
            behind = 0.0
            for k in range(m):
                gain = distance[k, j] - distance[k, i]
                if gain > 0.0:
                    ahead += gain
                else:
                    behind -= gain
            total += 2.0 * (ahead + behind)
            win[i, j] = ahead if gap[i, j] > 0.0 else 0.0
            win[j, i] = behind if gap[i, j] > 0.0 else 0.0
    if total > 0.0:
        win /= total


@kernel
def _attitudes(salience: Floats, gap: Floats, win: Floats, risk: Floats) -> None:
    """Attitude to risk, filled into `risk` (m,), from the danger in which each actor stands beside the others (eqs 9-11).

    salience (m,), gap and win (m, m).
    """
    m = len(salience)
    danger = np.zeros(m)
    for i in range(m):
        for j in range(m):
            if j != i:
                # Without regard to risk success and failure are worth plus and minus twice the distance, the status quo 0.
                worth = 2.0 * gap[i, j]
                danger[i] += salience[i] * (2.0 * win[j, i] - 1.0) * worth + (1.0 - salience[i]) * worth
    most, least = danger.max(), danger.min()
    for i in range(m):
        taken = (2.0 * danger[i] - most - least) / (most - least) if most - least > SAME else 0.0
        risk[i] = (1.0 - taken / 3.0) / (1.0 + taken / 3.0)


@kernel
def _move(x: Floats, salience: Floats, gap: Floats, logs: Floats, win: Floats, risk: Floats, literal: bool) -> Floats:
    """Where each actor goes, (m,): the best offer that it has (eqs 1-4 and 8 for what it expects of each challenge).

    The status quo is taken to hold where nobody challenges (Q = 1). x, salience, risk (m,), gap, win (m, m), logs (3, m, m).
    """
    m = len(x)
    out = x.copy()
    for i in range(m):
        rank = 3
        best = low = high = 0.0
        r = risk[i]
        stays = 2.0 - 4.0 * 0.5**r
        for j in range(m):
            if gap[i, j] == 0.0:
                continue
            success = 2.0 - 4.0 * np.exp(r * logs[1, i, j])
            failure = 2.0 - 4.0 * np.exp(r * logs[2, i, j])
            lost = success - failure
            mine = success - salience[j] * (1.0 - win[i, j]) * lost - stays
            theirs = success - salience[i] * (1.0 - win[j, i]) * lost - stays
            kind, goal, cost = _offer(x[i], x[j], mine, theirs, literal)
            if kind < rank or (kind == rank and cost < best - SAME):
                rank = kind
                best = cost
                low = high = goal
            elif kind == rank and cost <= best + SAME:
                low = min(low, goal)
                high = max(high, goal)
        if rank < 3:
            out[i] = (low + high) / 2.0
    return out


@kernel
def _offer(here: float, there: float, mine: float, theirs: float, literal: bool) -> tuple[int, float, float]:
    """Kind of an offer (0 confrontation, 1 compromise, 2 capitulation, 3 none), where it leads, and what it is chosen by."""
    cost = abs(there - here)
    if mine > SAME and theirs > mine + SAME:
        return 0, there, cost
    if theirs > SAME and mine < -SAME:
        if theirs > SAME - mine:
            goal = here + (there - here) * (-mine / theirs)
            cost = (-mine * here + theirs * there) / (theirs - mine) if literal else abs(goal - here)
            return 1, goal, cost
        if theirs < -mine - SAME and not literal:
            return 2, there, cost
    return 3, there, cost
