"""The principal branch of the agent logit equilibrium, by pseudo-arclength continuation from lambda = 0.

The unknowns are log-odds x at the belief-relevant information sets. With all precisions scaled by t in [0, 1] the equilibrium
solves H(x, t) = x - [log-odds of the logit reply](x, t) = 0, whose solution at t = 0 is known. The curve through it is followed
with a predictor along tangent and curvature and a Newton corrector on the bordered system, so that it may turn back in t
(a fold: several equilibria exist). Steps are shortened until predictor error, turn of the tangent and the orientation of the
curve are all as a single smooth branch demands. W draws advance side by side and a finished one gives its lane to the next.

References
----------
McKelvey, R. and Palfrey, T. (1998), Experimental Economics 1: agent quantal response equilibrium, principal branch.
Turocy, T. (2005), GEB 51; (2010), Economic Theory 42: tracing it, in log-transformed probabilities.
Allgower, E. and Georg, K. (1990), *Numerical Continuation Methods*, ch. 2, 3, 6, 8.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vetopoint.game._backward import LANES, fill, run
from vetopoint.game._jit import kernel

__all__ = ["CONVERGED", "FAILED", "FOLDED", "trace"]

CONVERGED, FOLDED, FAILED = 0, 1, 2

_START, _FOLLOW, _FINISH = 0, 1, 2

_FIRST_STEP = 0.5
_SMALLEST_STEP = 1e-7
_TARGET = 0.08  # predictor error aimed at, in log-odds
_LARGEST = 0.5  # predictor error refused
_CLOSE = 0.02  # distance to the curve at which a step is accepted
_TURN = 0.85  # smallest cosine between successive tangents
_TURN_TARGET = 0.3  # turn aimed at, in radians
_CROSSING = 1e-4  # a change of orientation over a step this short is a bifurcation
_FINAL = 1e-9  # size of the last Newton step, relative to 1 + |x|


@kernel
def _eliminate(matrix: Any, right: Any, size: int, columns: int) -> float:
    """Solve in place by Gaussian elimination with partial pivoting; returns the sign of the determinant (0: singular)."""
    sign = 1.0
    for k in range(size):
        pivot = k
        for i in range(k + 1, size):
            if abs(matrix[i, k]) > abs(matrix[pivot, k]):
                pivot = i
        if not abs(matrix[pivot, k]) > 1e-300:
            return 0.0
        if pivot != k:
            sign = -sign
            for j in range(k, size):
                matrix[k, j], matrix[pivot, j] = matrix[pivot, j], matrix[k, j]
            for c in range(columns):
                right[k, c], right[pivot, c] = right[pivot, c], right[k, c]
        if matrix[k, k] < 0.0:
            sign = -sign
        inverse = 1.0 / matrix[k, k]
        for i in range(k + 1, size):
            factor = matrix[i, k] * inverse
            if factor != 0.0:
                for j in range(k + 1, size):
                    matrix[i, j] -= factor * matrix[k, j]
                for c in range(columns):
                    right[i, c] -= factor * right[k, c]
    for c in range(columns):
        for i in range(size - 1, -1, -1):
            total = right[i, c]
            for j in range(i + 1, size):
                total -= matrix[i, j] * right[j, c]
            right[i, c] = total / matrix[i, i]
    return sign


@kernel
def _predict(d: int, at: Any, tangent: Any, before: Any, state: Any, trial: Any) -> int:
    """Place the trial point; returns the phase, `_FINISH` if the step would pass t = 1 (it then ends there)."""
    h, last, scale = state[0], state[1], state[2]
    bend = 0.5 / last if last > 0.0 else 0.0
    phase = _FOLLOW
    if at[d] + h * tangent[d] + h * h * bend * (tangent[d] - before[d]) >= scale:
        low, high = 0.0, h
        for _ in range(40):
            middle = 0.5 * (low + high)
            if at[d] + middle * tangent[d] + middle * middle * bend * (tangent[d] - before[d]) >= scale:
                high = middle
            else:
                low = middle
        h = high
        phase = _FINISH
    for j in range(d + 1):
        trial[j] = at[j] + h * tangent[j] + h * h * bend * (tangent[j] - before[j])
    if phase == _FINISH:
        trial[d] = scale
    state[3] = h
    return phase


@kernel
def trace(
    code: Any,
    aux: Any,
    loads: Any,
    height: int,
    places: Any,
    origin: Any,
    data: Any,
    first: int,
    last: int,
    limit: int,
    unknown: Any,
    label: Any,
    work: Any,
) -> None:
    """Follow the branch for draws ``first`` to ``last``.

    ``places``: rows of value (d,), Jacobian (d*(d+1),), unknowns (d,), time (1,). ``origin (d,)``: log-odds at t = 0.
    ``limit``: most evaluations for one draw. Writes ``unknown (n, d)``, ``label (n,)``, ``work (n,)`` evaluations spent.
    """
    value_row, jacobian_row, unknown_row, time_row = places
    d = origin.shape[0]
    rows = np.zeros((height, LANES))
    scratch = np.empty((3, LANES))
    bits = scratch.view(np.int64)[2]
    at = np.zeros((LANES, d + 1))
    trial = np.zeros((LANES, d + 1))
    tangent = np.zeros((LANES, d + 1))
    before = np.zeros((LANES, d + 1))
    # step, last step, scale of time, step tried, distance before, first distance, orientation
    state = np.zeros((LANES, 7))
    state[:, 2] = 1.0
    phase = np.zeros(LANES, np.int64)
    tries = np.zeros(LANES, np.int64)
    draw = np.full(LANES, -1, np.int64)
    matrix = np.empty((d + 1, d + 1))
    right = np.empty((d + 1, 2))
    following = first
    active = 0
    for lane in range(LANES):
        if following < last:
            fill(loads, rows, lane, following, data, unknown, 0.0)
            draw[lane] = following
            following += 1
            active += 1
            trial[lane, :d] = origin
        else:
            fill(loads, rows, lane, first, data, unknown, 0.0)
    while active > 0:
        for lane in range(LANES):
            for j in range(d):
                rows[unknown_row[j], lane] = trial[lane, j]
            rows[time_row[0], lane] = trial[lane, d] / state[lane, 2]
        run(code, aux, rows, scratch, bits)
        for lane in range(LANES):
            n = draw[lane]
            if n < 0:
                continue
            work[n] += 1
            if phase[lane] == _START:
                done = _begin(d, rows, jacobian_row, lane, at, trial, tangent, before, state, phase, tries)
            else:
                done = _advance(
                    d,
                    rows,
                    value_row,
                    jacobian_row,
                    lane,
                    at,
                    trial,
                    tangent,
                    before,
                    state,
                    phase,
                    tries,
                    matrix,
                    right,
                    label,
                    n,
                )
            if not done and work[n] >= limit:
                label[n] = FAILED
                done = True
            if done:
                unknown[n] = trial[lane, :d]
                if following < last:
                    fill(loads, rows, lane, following, data, unknown, 0.0)
                    draw[lane] = following
                    following += 1
                    trial[lane, :d] = origin
                    trial[lane, d] = 0.0
                    state[lane, 2] = 1.0
                    phase[lane] = _START
                else:
                    draw[lane] = -1
                    active -= 1


@kernel
def _begin(
    d: int,
    rows: Any,
    jacobian_row: Any,
    lane: int,
    at: Any,
    trial: Any,
    tangent: Any,
    before: Any,
    state: Any,
    phase: Any,
    tries: Any,
) -> bool:
    """At t = 0 the Jacobian is the identity: set scale, tangent and first step."""
    speed = 0.0
    for j in range(d):
        slope = rows[jacobian_row[j * (d + 1) + d], lane]
        tangent[lane, j] = slope
        speed += slope * slope
    scale = max(np.sqrt(speed), 1e-2)
    length = np.sqrt(speed + scale * scale)
    for j in range(d):
        tangent[lane, j] /= length
    tangent[lane, d] = scale / length
    before[lane] = tangent[lane]
    at[lane] = trial[lane]
    at[lane, d] = 0.0
    state[lane, 0] = _FIRST_STEP
    state[lane, 1] = 0.0
    state[lane, 2] = scale
    state[lane, 6] = 1.0
    tries[lane] = 0
    phase[lane] = _predict(d, at[lane], tangent[lane], before[lane], state[lane], trial[lane])
    return False


@kernel
def _advance(
    d: int,
    rows: Any,
    value_row: Any,
    jacobian_row: Any,
    lane: int,
    at: Any,
    trial: Any,
    tangent: Any,
    before: Any,
    state: Any,
    phase: Any,
    tries: Any,
    matrix: Any,
    right: Any,
    label: Any,
    n: int,
) -> bool:
    """Use one evaluation at the trial point: correct it, accept it and predict, or shorten the step. True when finished."""
    finishing = phase[lane] == _FINISH
    scale = state[lane, 2]
    worst, extent = 0.0, 1.0
    for j in range(d):
        gap = trial[lane, j] - rows[value_row[j], lane]
        worst = max(worst, abs(gap))
        extent = max(extent, abs(trial[lane, j]))
        right[j, 0], right[j, 1] = -gap, 0.0
        for k in range(d):
            matrix[j, k] = -rows[jacobian_row[j * (d + 1) + k], lane]
        matrix[j, j] += 1.0
        matrix[j, d] = -rows[jacobian_row[j * (d + 1) + d], lane] / scale
    size, columns = d, 1
    if not finishing:
        for k in range(d + 1):
            matrix[d, k] = tangent[lane, k]
        right[d, 0], right[d, 1] = 0.0, 1.0
        size, columns = d + 1, 2
    sign = _eliminate(matrix, right, size, columns)
    distance = 0.0
    for j in range(size):
        distance += right[j, 0] * right[j, 0]
    distance = np.sqrt(distance)
    first_try = tries[lane] == 0
    good = sign != 0.0 and distance < np.inf
    if good:
        good = distance <= _LARGEST if first_try else distance <= 0.5 * state[lane, 4]
        if finishing and not good and worst <= 1e-13 * extent:
            good = True  # rounding, not divergence
            distance = 0.0
    if good and sign != state[lane, 6]:
        if finishing or state[lane, 3] > _CROSSING:
            good = False
        else:
            label[n] = FOLDED
            state[lane, 6] = sign
    length, cosine = 1.0, 1.0
    if good and not finishing:
        length = 0.0
        for k in range(d + 1):
            length += right[k, 1] * right[k, 1]
        length = np.sqrt(length)
        cosine = 1.0 / length  # the border makes tangent . new = 1
        good = cosine >= _TURN
    if not good:
        return _shorten(d, lane, at, trial, tangent, before, state, phase, tries, label, n)
    if first_try:
        state[lane, 5] = distance
    state[lane, 4] = distance
    tries[lane] += 1
    for j in range(size):
        trial[lane, j] += right[j, 0]
    if finishing:
        return distance <= _FINAL * extent
    if distance > _CLOSE:
        return False
    for k in range(d + 1):
        before[lane, k] = tangent[lane, k]
        tangent[lane, k] = right[k, 1] / length
        at[lane, k] = trial[lane, k]
    if tangent[lane, d] < 0.0:
        label[n] = FOLDED
    factor = min(2.5, (_TARGET / max(state[lane, 5], 1e-12)) ** (1.0 / 3.0))
    turn = np.arccos(min(1.0, cosine))
    if turn > 0.0:
        factor = min(factor, _TURN_TARGET / turn)
    state[lane, 1] = state[lane, 3]
    state[lane, 0] = state[lane, 3] * max(factor, 0.3)
    tries[lane] = 0
    phase[lane] = _predict(d, at[lane], tangent[lane], before[lane], state[lane], trial[lane])
    return False


@kernel
def _shorten(
    d: int,
    lane: int,
    at: Any,
    trial: Any,
    tangent: Any,
    before: Any,
    state: Any,
    phase: Any,
    tries: Any,
    label: Any,
    n: int,
) -> bool:
    """Try a shorter step from the last accepted point; True, with the label failed, when it is too short."""
    state[lane, 0] = 0.4 * state[lane, 3]
    tries[lane] = 0
    if state[lane, 0] < _SMALLEST_STEP:
        label[n] = FAILED
        return True
    phase[lane] = _predict(d, at[lane], tangent[lane], before[lane], state[lane], trial[lane])
    return False
