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

from vetopoint.game.solver.backward import LANES, fill, run
from vetopoint.kernel import kernel

__all__ = ["CONVERGED", "FAILED", "FOLDED", "trace"]

CONVERGED, FOLDED, FAILED = 0, 1, 2

# What a lane is doing; places in its integer marks and real state; places of its points.
_START, _FOLLOW, _FINISH, _POLISH = 0, 1, 2, 3
_PHASE, _TRIES, _POLISHED, _LABEL = 0, 1, 2, 3
_STEP, _LAST, _SCALE, _TRIED, _DISTANCE, _FIRST, _SIGN = 0, 1, 2, 3, 4, 5, 6
_AT, _TRIAL, _TANGENT, _BEFORE, _PAST = 0, 1, 2, 3, 4

_FIRST_STEP = 0.5
_SMALLEST_STEP = 1e-7
_TARGET = 0.08  # predictor error aimed at, in log-odds
_LARGEST = 0.4  # predictor error refused, for each unit of a step below one
_CLOSE = 0.08  # distance to the curve at which a step is accepted, likewise
_EXACT = 1e-8  # the same when polishing
_TURN = 0.85  # smallest cosine between successive tangents
_TURN_TARGET = 0.3  # turn aimed at, in radians
_CROSSING = 1e-4  # a change of orientation over a step this short is a bifurcation
_FINAL = 1e-9  # size of the last Newton step; its error is the square of that


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
def _copy(source: Any, target: Any) -> None:
    """An explicit loop: an assignment of slices compiles many times slower."""
    for j in range(source.shape[0]):
        target[j] = source[j]


@kernel
def _predict(points: Any, state: Any, marks: Any) -> None:
    """Place the trial point along tangent and curvature; a step that would pass t = 1 ends there."""
    d = points.shape[1] - 1
    at, trial, tangent, before = points[_AT], points[_TRIAL], points[_TANGENT], points[_BEFORE]
    h, scale = state[_STEP], state[_SCALE]
    bend = 0.5 / state[_LAST] if state[_LAST] > 0.0 else 0.0
    marks[_PHASE] = _FOLLOW
    marks[_TRIES] = 0
    if at[d] + h * tangent[d] + h * h * bend * (tangent[d] - before[d]) >= scale:
        low, high = 0.0, h
        for _ in range(40):
            middle = 0.5 * (low + high)
            if at[d] + middle * tangent[d] + middle * middle * bend * (tangent[d] - before[d]) >= scale:
                high = middle
            else:
                low = middle
        h = high
        marks[_PHASE] = _FINISH
    for j in range(d + 1):
        trial[j] = at[j] + h * tangent[j] + h * h * bend * (tangent[j] - before[j])
    if marks[_PHASE] == _FINISH:
        trial[d] = scale
    state[_TRIED] = h


@kernel
def _shorten(points: Any, state: Any, marks: Any) -> bool:
    """Try a shorter step; True, with the label failed, when it is too short.

    Where the curve bends sharply, a tangent found a little off it misleads: before its first shorter step a point is polished,
    and if that fails too it was no good, and the step that led to it is taken again, shorter.
    """
    if marks[_PHASE] == _POLISH:
        for j in range(points.shape[1]):
            points[_AT, j] = points[_PAST, j]
            points[_TANGENT, j] = points[_BEFORE, j]
        state[_STEP] = 0.25 * state[_LAST]
        state[_LAST] = 0.0
    else:
        state[_STEP] = 0.4 * state[_TRIED]
    if not state[_STEP] >= _SMALLEST_STEP:
        marks[_LABEL] = FAILED
        return True
    if marks[_POLISHED] == 0:
        marks[_POLISHED] = 1
        marks[_PHASE] = _POLISH
        marks[_TRIES] = 0
        _copy(points[_AT], points[_TRIAL])
        return False
    _predict(points, state, marks)
    return False


@kernel
def _begin(rows: Any, jacobian_row: Any, lane: int, points: Any, state: Any, marks: Any) -> None:
    """At t = 0 the Jacobian is the identity: set scale, tangent and first step."""
    d = points.shape[1] - 1
    speed = 0.0
    for j in range(d):
        slope = rows[jacobian_row[j * (d + 1) + d], lane]
        points[_TANGENT, j] = slope
        speed += slope * slope
    scale = max(np.sqrt(speed), 1.0)
    length = np.sqrt(speed + scale * scale)
    for j in range(d):
        points[_TANGENT, j] /= length
    points[_TANGENT, d] = scale / length
    _copy(points[_TANGENT], points[_BEFORE])
    _copy(points[_TRIAL], points[_AT])
    state[_STEP], state[_LAST], state[_SCALE], state[_SIGN] = _FIRST_STEP, 0.0, scale, 1.0
    marks[_POLISHED] = 1
    _predict(points, state, marks)


@kernel
def _equations(
    rows: Any, value_row: Any, jacobian_row: Any, lane: int, points: Any, scale: float, matrix: Any, right: Any
) -> float:
    """Jacobian of x - reply by (x, scaled t) and minus its value; returns the largest gap relative to 1 + |x|."""
    d = points.shape[1] - 1
    worst, extent = 0.0, 1.0
    for j in range(d):
        gap = points[_TRIAL, j] - rows[value_row[j], lane]
        worst = max(worst, abs(gap))
        extent = max(extent, abs(points[_TRIAL, j]))
        right[j, 0], right[j, 1] = -gap, 0.0
        for k in range(d):
            matrix[j, k] = -rows[jacobian_row[j * (d + 1) + k], lane]
        matrix[j, j] += 1.0
        matrix[j, d] = -rows[jacobian_row[j * (d + 1) + d], lane] / scale
    for k in range(d + 1):
        matrix[d, k] = points[_TANGENT, k]
    right[d, 0], right[d, 1] = 0.0, 1.0
    return worst / extent


@kernel
def _turned(sign: float, state: Any, marks: Any) -> bool:
    """Whether a change of orientation speaks against the step; over a very short step it is a bifurcation instead."""
    if sign == state[_SIGN] or marks[_PHASE] == _POLISH:
        return False
    if state[_TRIED] > _CROSSING:
        return True
    marks[_LABEL] = FOLDED
    state[_SIGN] = sign
    return False


@kernel
def _advance(points: Any, state: Any, marks: Any, gap: float, matrix: Any, right: Any) -> bool:
    """Use one evaluation at the trial point: correct it, accept it and predict, or shorten the step. True when finished."""
    d = points.shape[1] - 1
    finishing, polishing = marks[_PHASE] == _FINISH, marks[_PHASE] == _POLISH
    size, columns = (d, 1) if finishing else (d + 1, 2)
    sign = _eliminate(matrix, right, size, columns)
    distance, extent = 0.0, 1.0
    for j in range(size):
        distance += right[j, 0] * right[j, 0]
        extent = max(extent, abs(points[_TRIAL, j]))
    distance = np.sqrt(distance)
    tight = min(1.0, state[_STEP])
    first = marks[_TRIES] == 0
    good = sign != 0.0 and (distance <= _LARGEST * tight if first else distance <= 0.5 * state[_DISTANCE])
    if finishing and not good and gap <= 1e-14:
        good, distance = True, 0.0  # rounding, not divergence: the point stands as it is
        for j in range(size):
            right[j, 0] = 0.0
    good = good and not _turned(sign, state, marks)
    length = 1.0
    if good and not finishing:
        length = 0.0
        for k in range(d + 1):
            length += right[k, 1] * right[k, 1]
        length = np.sqrt(length)
        # The border makes the product of old and new tangent one, so the cosine of their angle is 1 / length.
        good = polishing or _TURN * length <= 1.0
    if not good:
        return _shorten(points, state, marks)
    if first:
        state[_FIRST] = distance
    state[_DISTANCE] = distance
    marks[_TRIES] += 1
    for j in range(size):
        points[_TRIAL, j] += right[j, 0]
    if finishing:
        return distance <= _FINAL * max(1.0, 1e-4 * extent)
    if not polishing and points[_TRIAL, d] >= state[_SCALE]:
        # Correction carried the point beyond t = 1: aim a little short of it, so that the last step can end on it.
        share = (state[_SCALE] - points[_AT, d]) / (points[_TRIAL, d] - points[_AT, d])
        state[_STEP] = state[_TRIED] * max(0.1, 0.9 * share)
        _predict(points, state, marks)
    elif distance <= (_EXACT if polishing else _CLOSE * tight):
        for k in range(d + 1):
            if not polishing:
                points[_PAST, k] = points[_AT, k]
            points[_BEFORE, k] = points[_TANGENT, k]
            points[_TANGENT, k] = right[k, 1] / length
            points[_AT, k] = points[_TRIAL, k]
        _accept(points, state, marks, length)
    return False


@kernel
def _accept(points: Any, state: Any, marks: Any, length: float) -> None:
    """Note a fold and choose the next step from the error of the predictor and the turn of the tangent."""
    if marks[_PHASE] == _POLISH:
        state[_LAST] = 0.0
    else:
        marks[_POLISHED] = 0
        factor = min(2.5, (_TARGET / max(state[_FIRST], 1e-12)) ** (1.0 / 3.0))
        turn = np.arccos(min(1.0, 1.0 / length))
        if turn > 0.0:
            factor = min(factor, _TURN_TARGET / turn)
        state[_LAST] = state[_TRIED]
        state[_STEP] = state[_TRIED] * max(factor, 0.3)
    if points[_TANGENT, points.shape[1] - 1] < 0.0:
        marks[_LABEL] = FOLDED
    _predict(points, state, marks)


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
    points = np.zeros((LANES, 5, d + 1))
    state = np.ones((LANES, 7))
    marks = np.zeros((LANES, 4), np.int64)
    draw = np.full(LANES, -1, np.int64)
    matrix = np.empty((d + 1, d + 1))
    right = np.empty((d + 1, 2))
    following, active = first, 0
    for lane in range(LANES):
        following, active = _admit(
            loads, rows, lane, following, first, last, data, unknown, origin, points, state, marks, draw, active
        )
    while active > 0:
        for lane in range(LANES):
            for j in range(d):
                rows[unknown_row[j], lane] = points[lane, _TRIAL, j]
            rows[time_row[0], lane] = points[lane, _TRIAL, d] / state[lane, _SCALE]
        run(code, aux, rows, scratch, bits)
        for lane in range(LANES):
            n = draw[lane]
            if n < 0:
                continue
            work[n] += 1
            done = False
            if marks[lane, _PHASE] == _START:
                _begin(rows, jacobian_row, lane, points[lane], state[lane], marks[lane])
            else:
                gap = _equations(rows, value_row, jacobian_row, lane, points[lane], state[lane, _SCALE], matrix, right)
                done = _advance(points[lane], state[lane], marks[lane], gap, matrix, right)
            if not done and work[n] >= limit:
                marks[lane, _LABEL] = FAILED
                done = True
            if done:
                for j in range(d):
                    unknown[n, j] = points[lane, _TRIAL, j]
                label[n] = marks[lane, _LABEL]
                following, active = _admit(
                    loads,
                    rows,
                    lane,
                    following,
                    first,
                    last,
                    data,
                    unknown,
                    origin,
                    points,
                    state,
                    marks,
                    draw,
                    active - 1,
                )


@kernel
def _admit(
    loads: Any,
    rows: Any,
    lane: int,
    following: int,
    first: int,
    last: int,
    data: Any,
    unknown: Any,
    origin: Any,
    points: Any,
    state: Any,
    marks: Any,
    draw: Any,
    active: int,
) -> tuple[int, int]:
    """Give a lane to the next draw, if any is left; returns the draw after it and the number of busy lanes."""
    waiting = following < last
    draw[lane] = following if waiting else -1
    fill(loads, rows, lane, following if waiting else first, data, unknown, 0.0)
    _copy(origin, points[lane, _TRIAL])
    points[lane, _TRIAL, origin.shape[0]] = 0.0
    state[lane, _SCALE] = 1.0
    for j in range(marks.shape[1]):
        marks[lane, j] = 0
    return (following + 1, active + 1) if waiting else (following, active)
