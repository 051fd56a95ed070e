"""The principal branch of the agent logit equilibrium, by pseudo-arclength continuation from lambda = 0.

The unknowns are log-odds x at the belief-relevant information sets. With all precisions scaled by t in [0, 1] the equilibrium
solves H(x, t) = x - [log-odds of the logit reply](x, t) = 0, whose solution at t = 0 is known. The curve through it is followed
with a predictor along tangent and curvature and a Newton corrector on the bordered system, so that it may turn back in t
(a fold: several equilibria exist). Steps are shortened until predictor error, turn of the tangent and the orientation of the
curve are all as a single smooth branch demands. W draws advance side by side and a finished one gives its lane to the next.

A lane keeps its place in three arrays, which the kernels change in place:

- ``points (5, d+1) float64``: where it is on the curve, the point on trial, the tangent, the tangent before, and the point before;
  unknowns first, scaled time last.
- ``state (7,) float64``: lengths of steps, the scale of time, sizes of corrections and the orientation of the curve.
- ``marks (5,) int64``: what it is doing, trials of this step, whether the point is polished, the label, points passed.

``matrix (d+1, d+1)`` and ``right (d+1, 2)`` are the bordered system, overwritten by its solution.

References
----------
McKelvey, R. and Palfrey, T. (1998), Experimental Economics 1: agent quantal response equilibrium, principal branch.
Turocy, T. (2005), GEB 51; (2010), Economic Theory 42: tracing it, in log-transformed probabilities.
Allgower, E. and Georg, K. (1990), *Numerical Continuation Methods*, ch. 2, 3, 6, 8.
"""

from __future__ import annotations

import numpy as np

from vetopoint.arrays import Array, Floats, Ints
from vetopoint.game.solver.interpreter import LANES, Data, fill, run
from vetopoint.kernel import kernel

__all__ = ["CONVERGED", "FAILED", "FOLDED", "trace"]

CONVERGED, FOLDED, FAILED = 0, 1, 2

# What a lane is doing; places in its integer marks and real state; places of its points.
_START, _FOLLOW, _FINISH, _POLISH = range(4)
_PHASE, _TRIES, _POLISHED, _LABEL, _PASSED = range(5)
_STEP, _LAST, _SCALE, _TRIED, _DISTANCE, _FIRST, _SIGN = range(7)
_AT, _TRIAL, _TANGENT, _BEFORE, _PAST = range(5)

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
def _eliminate(matrix: Floats, right: Floats, size: int, columns: int) -> float:
    """Solve the leading ``size`` equations for ``columns`` right sides in place, by Gaussian elimination with partial pivoting.

    Returns the sign of the determinant (0: singular, and nothing is solved).
    """
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
            _swap(matrix, right, k, pivot, size, columns)
        sign = -sign if matrix[k, k] < 0.0 else sign
        inverse = 1.0 / matrix[k, k]
        for i in range(k + 1, size):
            factor = matrix[i, k] * inverse
            if factor != 0.0:
                for j in range(k + 1, size):
                    matrix[i, j] -= factor * matrix[k, j]
                for c in range(columns):
                    right[i, c] -= factor * right[k, c]
    _substitute(matrix, right, size, columns)
    return sign


@kernel
def _swap(matrix: Floats, right: Floats, k: int, pivot: int, size: int, columns: int) -> None:
    """Exchange two rows of the system, from column k on."""
    for j in range(k, size):
        matrix[k, j], matrix[pivot, j] = matrix[pivot, j], matrix[k, j]
    for c in range(columns):
        right[k, c], right[pivot, c] = right[pivot, c], right[k, c]


@kernel
def _substitute(matrix: Floats, right: Floats, size: int, columns: int) -> None:
    """Solve the upper triangle that elimination leaves, in ``right``."""
    for c in range(columns):
        for i in range(size - 1, -1, -1):
            total = right[i, c]
            for j in range(i + 1, size):
                total -= matrix[i, j] * right[j, c]
            right[i, c] = total / matrix[i, i]


@kernel
def _copy(source: Floats, target: Floats) -> None:
    """Fill the target (k,) from the source (k,) by an explicit loop: an assignment of slices compiles many times slower."""
    for j in range(source.shape[0]):
        target[j] = source[j]


@kernel
def _norm(right: Floats, column: int, size: int) -> float:
    """Length of one column of the solution."""
    total = 0.0
    for j in range(size):
        total += right[j, column] * right[j, column]
    return float(np.sqrt(total))


@kernel
def _predict(points: Floats, state: Floats, marks: Ints) -> None:
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
def _shorten(points: Floats, state: Floats, marks: Ints) -> bool:
    """Try a shorter step; True, with the label failed, when it is too short.

    Where the curve bends sharply, a tangent found a little off it misleads: before its first shorter step a point is polished,
    and if that fails too it was no good, and the step that led to it is taken again, shorter.
    """
    if marks[_PHASE] == _POLISH:
        for j in range(points.shape[1]):
            points[_AT, j] = points[_PAST, j]
            points[_TANGENT, j] = points[_BEFORE, j]
        marks[_PASSED] -= 1
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
def _begin(rows: Floats, jacobian_row: Ints, lane: int, points: Floats, state: Floats, marks: Ints) -> None:
    """At t = 0 the Jacobian is the identity: set scale, tangent and first step.

    ``rows (rows, W)`` hold the evaluation, the entries of the Jacobian in the rows that ``jacobian_row (d * (d+1),)`` names.
    """
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
    rows: Floats,
    value_row: Ints,
    jacobian_row: Ints,
    lane: int,
    points: Floats,
    scale: float,
    matrix: Floats,
    right: Floats,
) -> float:
    """Fill the bordered system at the trial point; returns the largest gap of x - reply relative to 1 + |x|.

    ``matrix`` becomes the Jacobian of x - reply by (x, scaled t) above the tangent, ``right`` minus the value beside the last unit
    vector, whose solution is the new tangent. ``rows (rows, W)`` hold the evaluation: the reply in the rows that
    ``value_row (d,)`` names, its derivatives in those of ``jacobian_row (d * (d+1),)``.
    """
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
def _turned(sign: float, state: Floats, marks: Ints) -> bool:
    """Whether a change of orientation speaks against the step; over a very short step it is a bifurcation instead."""
    if sign == state[_SIGN] or marks[_PHASE] == _POLISH:
        return False
    if state[_TRIED] > _CROSSING:
        return True
    marks[_LABEL] = FOLDED
    state[_SIGN] = sign
    return False


@kernel
def _advance(points: Floats, state: Floats, marks: Ints, gap: float, matrix: Floats, right: Floats) -> bool:
    """Use one evaluation at the trial point: correct it, accept it and predict, or shorten the step. True when finished."""
    d = points.shape[1] - 1
    finishing, polishing = marks[_PHASE] == _FINISH, marks[_PHASE] == _POLISH
    size, columns = (d, 1) if finishing else (d + 1, 2)
    sign = _eliminate(matrix, right, size, columns)
    distance = _norm(right, 0, size)
    extent = 1.0
    for j in range(size):
        extent = max(extent, abs(points[_TRIAL, j]))
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
        length = _norm(right, 1, size)
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
    _settle(points, state, marks, right, length, distance <= (_EXACT if polishing else _CLOSE * tight))
    return False


@kernel
def _settle(points: Floats, state: Floats, marks: Ints, right: Floats, length: float, close: bool) -> None:
    """Aim again if correction carried the trial point beyond t = 1; else accept it if it is close to the curve.

    ``length``: of the new tangent as ``right`` holds it. A point that is not close is corrected once more.
    """
    d = points.shape[1] - 1
    polishing = marks[_PHASE] == _POLISH
    if not polishing and points[_TRIAL, d] >= state[_SCALE]:
        # A little short of it, so that the last step can end on it.
        share = (state[_SCALE] - points[_AT, d]) / (points[_TRIAL, d] - points[_AT, d])
        state[_STEP] = state[_TRIED] * max(0.1, 0.9 * share)
        _predict(points, state, marks)
    elif close:
        if not polishing:
            _copy(points[_AT], points[_PAST])
            marks[_PASSED] += 1
        for k in range(d + 1):
            points[_BEFORE, k] = points[_TANGENT, k]
            points[_TANGENT, k] = right[k, 1] / length
            points[_AT, k] = points[_TRIAL, k]
        _accept(points, state, marks, length)


@kernel
def _accept(points: Floats, state: Floats, marks: Ints, length: float) -> None:
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
def _note(points: Floats, state: Floats, marks: Ints, done: bool, path: Floats) -> int:
    """Write where a lane stands into its row of ``path (steps, d+1)``, over what it has gone back on; returns the points so far."""
    d = points.shape[1] - 1
    here = marks[_PASSED]
    _copy(points[_AT], path[here])
    path[here, d] /= state[_SCALE]
    if done:
        here += 1
        _copy(points[_TRIAL], path[here])
        path[here, d] /= state[_SCALE]
    return int(here) + 1


@kernel
def _admit(
    program: tuple[Ints, Ints, Ints, int],
    rows: Floats,
    lane: int,
    draw: int,
    block: tuple[int, int],
    origin: Floats,
    data: Data,
    unknown: Floats,
    points: Floats,
    state: Floats,
    marks: Ints,
) -> int:
    """Give a lane to a draw, its inputs into ``rows (rows, W)``; returns the draw, or -1 if none is left and the lane rests."""
    waiting = draw < block[1]
    fill(program[2], rows, lane, draw if waiting else block[0], data, unknown, 0.0)
    _copy(origin, points[_TRIAL])
    points[_TRIAL, origin.shape[0]] = 0.0
    state[_SCALE] = 1.0
    for j in range(marks.shape[0]):
        marks[j] = 0
    return draw if waiting else -1


@kernel
def _place(rows: Floats, unknown_row: Ints, time_row: Ints, points: Floats, state: Floats) -> None:
    """Load the trial points of all lanes, ``points (W, 5, d+1)`` and ``state (W, 7)``, into ``rows (rows, W)``."""
    d = unknown_row.shape[0]
    for lane in range(rows.shape[1]):
        for j in range(d):
            rows[unknown_row[j], lane] = points[lane, _TRIAL, j]
        rows[time_row[0], lane] = points[lane, _TRIAL, d] / state[lane, _SCALE]


@kernel
def trace(
    program: tuple[Ints, Ints, Ints, int],
    places: tuple[Ints, Ints, Ints, Ints],
    origin: Floats,
    data: Data,
    block: tuple[int, int],
    limit: int,
    unknown: Floats,
    label: Array,
    path: Floats,
    passed: Ints,
) -> None:
    """Follow the branch for a block of draws; every array from ``unknown`` on is overwritten at the block's draws.

    Parameters
    ----------
    program : code, aux, loads (without those of unknowns and time) and number of rows of a branch's program.
    places : rows of value (d,), Jacobian (d * (d+1),), unknowns (d,), time (1,).
    origin : (d,) the unknowns at t = 0.
    data : the draws' inputs.
    block : first draw, and the draw after the last.
    limit : most evaluations for one draw.
    unknown : (n, d) the unknowns where the branch ends.
    label : (n,) int8.
    path : (n, steps, d+1) unknowns and t of each point of the curve in order, from t = 0 to the end, for whoever watches it; with
        no steps nothing is written, else there must be room for ``limit`` + 2.
    passed : (n,) how many points were written there.
    """
    code, aux, _, height = program
    value_row, jacobian_row, unknown_row, time_row = places
    d = origin.shape[0]
    rows = np.zeros((height, LANES))
    scratch = np.empty((3, LANES))
    bits = scratch.view(np.int64)[2]
    points, state, marks = np.zeros((LANES, 5, d + 1)), np.ones((LANES, 7)), np.zeros((LANES, 5), np.int64)
    draw, work = np.full(LANES, -1, np.int64), np.zeros(LANES, np.int64)
    matrix, right = np.empty((d + 1, d + 1)), np.empty((d + 1, 2))
    following, active = block[0], 0
    for lane in range(LANES):
        draw[lane] = _admit(
            program, rows, lane, following, block, origin, data, unknown, points[lane], state[lane], marks[lane]
        )
        following, active = following + 1, active + (draw[lane] >= 0)
    while active > 0:
        _place(rows, unknown_row, time_row, points, state)
        run(code, aux, rows, scratch, bits)
        for lane in range(LANES):
            if draw[lane] < 0:
                continue
            n, at, own, doing = draw[lane], points[lane], state[lane], marks[lane]
            work[lane] += 1
            done = False
            if doing[_PHASE] == _START:
                _begin(rows, jacobian_row, lane, at, own, doing)
            else:
                gap = _equations(rows, value_row, jacobian_row, lane, at, own[_SCALE], matrix, right)
                done = _advance(at, own, doing, gap, matrix, right)
            if not done and work[lane] >= limit:
                doing[_LABEL] = FAILED
                done = True
            if path.shape[1]:
                passed[n] = _note(at, own, doing, done, path[n])
            if done:
                for j in range(d):
                    unknown[n, j] = at[_TRIAL, j]
                label[n] = doing[_LABEL]
                draw[lane] = _admit(program, rows, lane, following, block, origin, data, unknown, at, own, doing)
                following, work[lane] = following + 1, 0
                active -= draw[lane] < 0
