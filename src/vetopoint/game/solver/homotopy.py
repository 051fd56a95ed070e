"""The principal branch of the agent logit equilibrium, by pseudo-arclength continuation from lambda = 0.

The unknowns are log-odds x at the belief-relevant information sets. With all precisions scaled by t in [0, 1] the equilibrium
solves H(x, t) = x - [log-odds of the logit reply](x, t) = 0, whose solution at t = 0 is known. The curve through it is followed
with a predictor along tangent and curvature and a Newton corrector on the bordered system, so that it may turn back in t
(a fold: several equilibria exist). Steps are shortened until predictor error, turn of the tangent and the orientation of the
curve are all as a single smooth branch demands. W draws advance side by side and a finished one gives its lane to the next.

A lane keeps its place in four arrays, which the kernels change in place:

- ``points (5, d+1) float64``: where it is on the curve, the point on trial, the point before, the tangent, and the tangent before;
  unknowns first, scaled time last.
- ``state (9,) float64``: lengths of steps and the longest allowed, the scale of time, sizes of corrections, the orientation of the
  curve, and how much the system changed over the step.
- ``marks (5,) int64``: what it is doing, trials of this step, whether the point is polished, the label, points passed.

- ``slopes (3, d, d+1)``: the Jacobians of H at the first three points.

``matrix (d+1, d+1)`` and ``right (d+1, 2)`` are the bordered system, overwritten by its solution.

References
----------
McKelvey, R. and Palfrey, T. (1998), Experimental Economics 1: agent quantal response equilibrium, principal branch.
Turocy, T. (2005), GEB 51; (2010), Economic Theory 42: tracing it, in log-transformed probabilities.
Allgower, E. and Georg, K. (1990), *Numerical Continuation Methods*, ch. 2, 3, 6, 8.
"""

from __future__ import annotations

import numpy as np

from vetopoint.arrays import Array, Bools, Floats, Ints
from vetopoint.game.solver.interpreter import LANES, Code, Data, fill, run
from vetopoint.game.solver.linear import change, copy, copy_all, eliminate, norm
from vetopoint.kernel import kernel

__all__ = ["CONVERGED", "FAILED", "FOLDED", "trace"]

CONVERGED, FOLDED, FAILED = 0, 1, 2

# What a lane is doing; places in its integer marks and real state; places of its points.
_START, _FOLLOW, _FINISH, _POLISH = range(4)
_PHASE, _TRIES, _POLISHED, _LABEL, _PASSED = range(5)
_STEP, _LAST, _SCALE, _TRIED, _DISTANCE, _FIRST, _SIGN, _CHANGED, _LONGEST = range(9)
_AT, _TRIAL, _PAST, _TANGENT, _BEFORE = range(5)

Lane = tuple[Floats, Floats, Ints, Floats]  # points, state, marks, slopes
Places = tuple[Ints, Ints, Ints, Ints]  # rows of a program: value (d,), Jacobian (d * (d+1),), unknowns (d,), time (1,)

_FIRST_STEP = 0.5
_SMALLEST_STEP = 1e-7
_TARGET = 0.08  # predictor error aimed at, in log-odds
_LARGEST = 0.4  # predictor error refused, for each unit of a step below one
_CLOSE = 0.08  # distance to the curve at which a step is accepted, likewise
_EXACT = 1e-8  # the same when polishing
_TURN = 0.85  # smallest cosine between successive tangents
_TURN_TARGET = 0.3  # turn aimed at, in radians
_CHANGE = 0.6  # largest relative change of the system over a step, see `_change`
_CHANGE_TARGET = 0.3  # the same, aimed at
_SHORT = 1e-4  # over a step this short no turn can hide
_CROSSING = 1e-5  # what still changes over a step this short changes at a bifurcation
_FINAL = 1e-9  # size of the last Newton step; its error is the square of that


@kernel
def _predict(points: Floats, state: Floats, marks: Ints) -> None:
    """Place the trial point along tangent and curvature; a step that would pass t = 1 ends there."""
    d = points.shape[1] - 1
    at, trial, tangent, before = points[_AT], points[_TRIAL], points[_TANGENT], points[_BEFORE]
    state[_STEP] = min(state[_STEP], state[_LONGEST])
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
def _shorten(own: Lane) -> bool:
    """Try a shorter step; True, with the label failed, when it is too short.

    Where the curve bends sharply, a tangent found a little off it misleads: before its first shorter step a point is polished,
    and if that fails too it was no good, and the step that led to it is taken again, shorter.
    """
    points, state, marks, slopes = own
    if marks[_PHASE] == _POLISH:
        copy(points[_PAST], points[_AT])
        copy(points[_BEFORE], points[_TANGENT])
        copy_all(slopes[_PAST], slopes[_AT])
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
        copy(points[_AT], points[_TRIAL])
        return False
    _predict(points, state, marks)
    return False


@kernel
def _begin(rows: Floats, jacobian_row: Ints, held: Bools, lane: int, own: Lane) -> None:
    """At t = 0 the Jacobian is the identity: set scale, tangent and first step; what is ``held (d,)`` stays.

    ``rows (rows, W)`` hold the evaluation, the entries of the Jacobian in the rows that ``jacobian_row (d * (d+1),)`` names.
    """
    points, state, marks, slopes = own
    d = points.shape[1] - 1
    speed = 0.0
    for j in range(d):
        slope = 0.0 if held[j] else rows[jacobian_row[j * (d + 1) + d], lane]
        points[_TANGENT, j] = slope
        speed += slope * slope
    scale = max(np.sqrt(speed), 1.0)
    length = np.sqrt(speed + scale * scale)
    for j in range(d):
        points[_TANGENT, j] /= length
    points[_TANGENT, d] = scale / length
    for j in range(d):
        for k in range(d):
            slopes[_AT, j, k] = 1.0 if j == k else 0.0
        slopes[_AT, j, d] = 0.0 if held[j] else -rows[jacobian_row[j * (d + 1) + d], lane] / scale
    copy(points[_TANGENT], points[_BEFORE])
    copy(points[_TRIAL], points[_AT])
    state[_STEP], state[_LAST], state[_SCALE], state[_SIGN] = _FIRST_STEP, 0.0, scale, 1.0
    marks[_POLISHED] = 1
    _predict(points, state, marks)


@kernel
def _equations(rows: Floats, places: Places, held: Bools, lane: int, own: Lane, matrix: Floats, right: Floats) -> float:
    """Fill the system at the trial point; returns the largest gap of x - reply relative to 1 + |x|.

    The lane's slopes get the Jacobian of x - reply by (x, scaled t) at their last place, ``matrix`` the same above the tangent.
    ``right`` becomes minus the value, beside the last unit vector, whose solution is the new tangent; where time stands still,
    beside minus the derivative by time, whose solution is that of x. What is ``held (d,)`` stays where it is. ``rows (rows, W)``
    hold the evaluation.
    """
    points, state, marks, slopes = own
    value_row, jacobian_row, _, _ = places
    d = points.shape[1] - 1
    worst, extent = 0.0, 1.0
    for j in range(d):
        gap = 0.0 if held[j] else points[_TRIAL, j] - rows[value_row[j], lane]
        worst = max(worst, abs(gap))
        extent = max(extent, abs(points[_TRIAL, j]))
        for k in range(d + 1):
            slopes[_TRIAL, j, k] = 0.0 if held[j] else -rows[jacobian_row[j * (d + 1) + k], lane]
        slopes[_TRIAL, j, j] += 1.0
        slopes[_TRIAL, j, d] /= state[_SCALE]
        for k in range(d + 1):
            matrix[j, k] = slopes[_TRIAL, j, k]
        right[j, 0], right[j, 1] = -gap, -matrix[j, d] if marks[_PHASE] == _FINISH else 0.0
    for k in range(d + 1):
        matrix[d, k] = points[_TANGENT, k]
    right[d, 0], right[d, 1] = 0.0, 1.0
    return worst / extent


@kernel
def _hides_turn(points: Floats, slope: float, scale: float) -> bool:
    """Whether time, along the cubic through both ends of a step, falls where it rises at both, or passes its end and comes back.

    ``slope``: of time at the trial point, by arclength.
    """
    d = points.shape[1] - 1
    length = 0.0
    for j in range(d + 1):
        length += (points[_TRIAL, j] - points[_AT, j]) ** 2
    length = np.sqrt(length)
    start, rise = points[_AT, d], points[_TRIAL, d] - points[_AT, d]
    a, b = points[_TANGENT, d] * length, slope * length
    # Its derivative at a share s of the step is a + linear s + square s^2.
    square, linear = 3.0 * (a + b - 2.0 * rise), 2.0 * (3.0 * rise - 2.0 * a - b)
    if a <= 0.0:
        return False
    if b > 0.0:
        lowest = -0.5 * linear / square if square > 0.0 else -1.0
        return bool(0.0 < lowest < 1.0 and a + 0.5 * linear * lowest < 0.0)
    root = 2.0 * a / (np.sqrt(max(0.0, linear * linear - 4.0 * square * a)) - linear)
    return bool(start + root * (a + root * (0.5 * linear + root * square / 3.0)) >= scale)


@kernel
def _premature(points: Floats, state: Floats, marks: Ints, slope: float, distance: float) -> bool:
    """Whether a turn of time is seen from a point that is near the curve and not on it."""
    if distance <= _EXACT:
        return False
    return (slope < 0.0 and marks[_LABEL] != FOLDED) or _hides_turn(points, slope, state[_SCALE])


@kernel
def _broken(points: Floats, state: Floats, marks: Ints, sign: float, slope: float) -> bool:
    """Whether a step may have left the branch or passed more of it than it saw; over a very short step that is a bifurcation."""
    if sign != state[_SIGN] or state[_CHANGED] > _CHANGE:
        if state[_TRIED] > _CROSSING:
            return True
        marks[_LABEL] = FOLDED
        state[_SIGN] = sign
    return state[_TRIED] > _SHORT and _hides_turn(points, slope, state[_SCALE])


@kernel
def _advance(own: Lane, gap: float, matrix: Floats, right: Floats, wide: Floats) -> bool:
    """Use one evaluation at the trial point: correct it, accept it and predict, or shorten the step. True when finished."""
    points, state, marks, slopes = own
    d = points.shape[1] - 1
    finishing, polishing = marks[_PHASE] == _FINISH, marks[_PHASE] == _POLISH
    size = d if finishing else d + 1
    sign = eliminate(matrix, right, size, 2)
    distance = norm(right, 0, size)
    tight = min(1.0, state[_STEP])
    first = marks[_TRIES] == 0
    good = sign != 0.0 and (distance <= _LARGEST * tight if first else distance <= 0.5 * state[_DISTANCE])
    if finishing and not good and gap <= 1e-14:
        good, distance = True, 0.0  # rounding, not divergence: the point stands as it is
        for j in range(size):
            right[j, 0] = 0.0
    length = _tangent(points, finishing, right)
    slope = right[d, 1] / length
    good = good and (polishing or _TURN * length <= 1.0)
    close = distance <= _near(points, finishing, polishing, tight)
    if good and close and not polishing:
        close = not _premature(points, state, marks, slope, distance)
        if close:
            state[_CHANGED] = change(slopes[_AT], slopes[_TRIAL], points[_TANGENT], size, _CHANGE_TARGET, matrix, wide)
            good = not _broken(points, state, marks, sign, slope)
    if not good:
        return _shorten(own)
    _correct(points, state, marks, distance, size, right)
    if not finishing:
        _settle(own, right, length, close)
    return bool(finishing and close)


@kernel
def _near(points: Floats, finishing: bool, polishing: bool, tight: float) -> float:
    """Distance to the curve, in log-odds, at which a point is taken; at the end it is the last correction's, as rounding allows."""
    if not finishing:
        return _EXACT if polishing else _CLOSE * tight
    extent = 1.0
    for j in range(points.shape[1] - 1):
        extent = max(extent, abs(points[_TRIAL, j]))
    return _FINAL * max(1.0, 1e-4 * extent)


@kernel
def _correct(points: Floats, state: Floats, marks: Ints, distance: float, size: int, right: Floats) -> None:
    """Move the trial point by the correction, and note its length."""
    if marks[_TRIES] == 0:
        state[_FIRST] = distance
    state[_DISTANCE] = distance
    marks[_TRIES] += 1
    for j in range(size):
        points[_TRIAL, j] += right[j, 0]


@kernel
def _tangent(points: Floats, finishing: bool, right: Floats) -> float:
    """Length of the new tangent in ``right``, which is scaled so that its product with the old one is one: one over their cosine."""
    d = points.shape[1] - 1
    if finishing:
        product = points[_TANGENT, d]
        for j in range(d):
            product += points[_TANGENT, j] * right[j, 1]
        if product <= 0.0:
            return np.inf
        right[d, 1] = 1.0
        for j in range(d + 1):
            right[j, 1] /= product
    return norm(right, 1, d + 1)


@kernel
def _settle(own: Lane, right: Floats, length: float, close: bool) -> None:
    """Aim again if correction carried the trial point beyond t = 1; else accept it if it is close to the curve.

    ``length``: of the new tangent as ``right`` holds it. A point that is not close is corrected once more.
    """
    points, state, marks, slopes = own
    d = points.shape[1] - 1
    polishing = marks[_PHASE] == _POLISH
    if not polishing and points[_TRIAL, d] >= state[_SCALE]:
        # A little short of it, so that the last step can end on it.
        share = (state[_SCALE] - points[_AT, d]) / (points[_TRIAL, d] - points[_AT, d])
        state[_STEP] = state[_TRIED] * max(0.1, 0.9 * share)
        _predict(points, state, marks)
    elif close:
        if not polishing:
            copy(points[_AT], points[_PAST])
            copy_all(slopes[_AT], slopes[_PAST])
            marks[_PASSED] += 1
        copy_all(slopes[_TRIAL], slopes[_AT])
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
        factor = min(factor, _CHANGE_TARGET / max(state[_CHANGED], 1e-12))
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
    copy(points[_AT], path[here])
    path[here, d] /= state[_SCALE]
    if done:
        here += 1
        copy(points[_TRIAL], path[here])
        path[here, d] /= state[_SCALE]
    return int(here) + 1


@kernel
def _admit(
    program: Code, rows: Floats, lane: int, draw: int, block: tuple[int, int], origin: Floats, data: Data, own: Lane
) -> int:
    """Give a lane to a draw, its inputs into ``rows (rows, W)``; returns the draw, or -1 if none is left and the lane rests."""
    points, state, marks, _ = own
    waiting = draw < block[1]
    n = draw if waiting else block[0]
    fill(program[2], rows, lane, n, data, origin, 0.0)  # the loads name no unknown
    copy(origin[n if origin.shape[0] > 1 else 0], points[_TRIAL])
    points[_TRIAL, origin.shape[1]] = 0.0
    state[_SCALE] = 1.0
    for j in range(marks.shape[0]):
        marks[j] = 0
    return draw if waiting else -1


@kernel
def _place(rows: Floats, places: Places, points: Floats, state: Floats) -> None:
    """Load the trial points of all lanes, ``points (W, 5, d+1)`` and ``state (W, 9)``, into ``rows (rows, W)``."""
    _, _, unknown_row, time_row = places
    d = unknown_row.shape[0]
    for lane in range(rows.shape[1]):
        for j in range(d):
            rows[unknown_row[j], lane] = points[lane, _TRIAL, j]
        rows[time_row[0], lane] = points[lane, _TRIAL, d] / state[lane, _SCALE]


@kernel
def trace(
    program: Code,
    places: Places,
    origin: Floats,
    held: Bools,
    data: Data,
    block: tuple[int, int],
    pace: tuple[float, int],
    unknown: Floats,
    label: Array,
    spent: Ints,
    path: Floats,
    passed: Ints,
) -> None:
    """Follow the branch for a block of draws; every array from ``unknown`` on is overwritten at the block's draws.

    Parameters
    ----------
    program : code, aux, loads (without those of unknowns and time) and number of rows of a branch's program.
    places : where in it the equations stand.
    origin : (n or 1, d) the unknowns at t = 0.
    held : (d,) which of them stay there.
    data : the draws' inputs.
    block : first draw, and the draw after the last.
    pace : the longest step, and the most evaluations for one draw.
    unknown : (n, d) the unknowns where the branch ends.
    label : (n,) int8.
    spent : (n,) evaluations.
    path : (n, steps, d+1) unknowns and t of each point of the curve in order, from t = 0 to the end, for whoever watches it; with
        no steps nothing is written, else there must be room for two more than the evaluations.
    passed : (n,) how many points were written there.
    """
    code, aux, _, height = program
    d = held.shape[0]
    rows = np.zeros((height, LANES))
    scratch = np.empty((3, LANES))
    bits = scratch.view(np.int64)[2]
    points, state, marks = np.zeros((LANES, 5, d + 1)), np.ones((LANES, 9)), np.zeros((LANES, 5), np.int64)
    slopes = np.zeros((LANES, 3, d, d + 1))
    state[:, _LONGEST] = pace[0]
    draw, work = np.full(LANES, -1, np.int64), np.zeros(LANES, np.int64)
    matrix, wide, right = np.empty((d + 1, d + 1)), np.empty((d + 1, d + 1)), np.empty((d + 1, 2))
    following, active = block[0], 0
    for lane in range(LANES):
        own = (points[lane], state[lane], marks[lane], slopes[lane])
        draw[lane] = _admit(program, rows, lane, following, block, origin, data, own)
        following, active = following + 1, active + (draw[lane] >= 0)
    while active > 0:
        _place(rows, places, points, state)
        run(code, aux, rows, scratch, bits)
        for lane in range(LANES):
            if draw[lane] < 0:
                continue
            n, doing, own = draw[lane], marks[lane], (points[lane], state[lane], marks[lane], slopes[lane])
            work[lane] += 1
            done = False
            if doing[_PHASE] == _START:
                _begin(rows, places[1], held, lane, own)
            else:
                gap = _equations(rows, places, held, lane, own, matrix, right)
                done = _advance(own, gap, matrix, right, wide)
            if not done and work[lane] >= pace[1]:
                doing[_LABEL] = FAILED
                done = True
            if path.shape[1]:
                passed[n] = _note(points[lane], state[lane], doing, done, path[n])
            if done:
                copy(points[lane, _TRIAL, :d], unknown[n])
                label[n] = doing[_LABEL]
                spent[n] = work[lane]
                draw[lane] = _admit(program, rows, lane, following, block, origin, data, own)
                following, work[lane] = following + 1, 0
                active -= draw[lane] < 0
