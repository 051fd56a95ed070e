"""Interpreter for recorded programs: one pass over the tree for W draws at a time.

Every row holds the same quantity for W draws, so that the inner loops run over contiguous memory and use the vector units.
The exponential is Cody and Waite's (1980) range reduction with a Taylor polynomial of degree 13 on [-ln 2 / 2, ln 2 / 2]
(relative error below 4e-16), written out since a call into the C library would not be vectorised.

In all kernels ``rows (rows, W) float64`` are the numbers of the program, ``aux (arguments,) int64`` its list of arguments,
``scratch (3, W) float64`` room to work in and ``bits (W,) int64`` the last scratch row seen as integers; rows named by a target
and all scratch are overwritten in place.
"""

from __future__ import annotations

import numpy as np

from vetopoint.arrays import Array, Floats, Ints
from vetopoint.kernel import kernel

__all__ = ["LANES", "TIE", "Code", "Data", "fill", "log_floor", "run", "sweep"]

# Operations: plain numbers, since these a kernel compiles in and its stamp on disk covers. MUL: target = a b; FMA: target += a b;
# NORM: a softmax; BEST: all weight on the best; MUL_TWO: target = a b + c d; FMA_TWO: target += a b + c d; these two come last.
MUL, FMA, NORM, BEST, MUL_TWO, FMA_TWO = range(6)

# Kinds of input rows: what is loaded into them for a draw.
PAYOFF, CHANCE, LOG_CHANCE, PRECISION, FIXED, LOG_FIXED, BASE, LOG_BASE, UNKNOWN, TIME, ONE, ZERO, MINUS_ONE = range(13)

# Where a NORM keeps its arguments in ``aux``, counted from its place: how many inputs, how many directions of derivatives, whether
# logarithms are wanted (0 or 1), then the rows.
NORM_COUNT, NORM_DIRECTIONS, NORM_LOGS, NORM_ROWS = range(4)
# Likewise for BEST: how many inputs, then the rows.
BEST_COUNT, BEST_ROWS = range(2)

LANES = 32

# A program's code, aux, loads and number of rows.
Code = tuple[Ints, Ints, Ints, int]
# payoffs (n, terminals, players), chance (n, layers, chance actions), precision (n, players), fixed (n, actions), base (actions,);
# any n may be one.
Data = tuple[Array, Array, Array, Array, Array]

_LOG2E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_MAGIC = 6755399441055744.0

TIE = 1e-9  # relative to the size of the values compared

# Stands for the logarithm of zero in beliefs: histories that need fewer impossible moves get all the weight, and among
# histories that need equally many the rest decides, as if everyone trembled alike.
_LOG_ZERO = -1.0e5


@kernel
def log_floor(value: float) -> float:
    """Logarithm with a finite stand-in for log 0."""
    return float(np.log(value)) if value > 0.0 else _LOG_ZERO


@kernel
def _exp(values: Floats, shift: Floats, out: Floats, power: Floats, bits: Ints) -> None:
    """Fill ``out (W,)`` with exp(values - shift), both (W,), for differences <= 0; below -708 the smallest normal number.

    ``power (W,)`` is overwritten; ``bits (W,)`` is the same memory.
    """
    for lane in range(out.shape[0]):
        y = max(values[lane] - shift[lane], -708.0)
        k = y * _LOG2E + _MAGIC
        power[lane] = k
        k -= _MAGIC
        r = (y - k * _LN2_HIGH) - k * _LN2_LOW
        p = 1.0 / 6227020800.0
        p = p * r + 1.0 / 479001600.0
        p = p * r + 1.0 / 39916800.0
        p = p * r + 1.0 / 3628800.0
        p = p * r + 1.0 / 362880.0
        p = p * r + 1.0 / 40320.0
        p = p * r + 1.0 / 5040.0
        p = p * r + 1.0 / 720.0
        p = p * r + 1.0 / 120.0
        p = p * r + 1.0 / 24.0
        p = p * r + 1.0 / 6.0
        p = p * r + 0.5
        p = p * r + 1.0
        out[lane] = p * r + 1.0
    for lane in range(out.shape[0]):
        bits[lane] = (bits[lane] + 1023) << 52
    for lane in range(out.shape[0]):
        out[lane] *= power[lane]


@kernel
def _norm(aux: Ints, place: int, rows: Floats, scratch: Floats, bits: Ints) -> None:
    """Softmax, its logarithm if asked for, and their derivatives, as the arguments from ``place`` on say."""
    count, directions, logs = aux[place + NORM_COUNT], aux[place + NORM_DIRECTIONS], aux[place + NORM_LOGS]
    into = place + NORM_ROWS
    out = into + count
    here = out + count * (1 + logs)
    if count == 2:
        _norm_of_two(aux, into, logs, rows, scratch, bits)
        _slopes_of_two(aux, out, here, directions, logs, rows, scratch[0])
    else:
        _norm_of_many(aux, into, count, logs, rows, scratch, bits)
        _slopes_of_many(aux, out, here, directions, count, logs, rows, scratch[0])


@kernel
def _norm_of_two(aux: Ints, into: int, logs: int, rows: Floats, scratch: Floats, bits: Ints) -> None:
    """Softmax of two values, which needs one exponential: that of minus their distance. Arguments as `_norm_of_many`."""
    a, b = rows[aux[into]], rows[aux[into + 1]]
    first, second = rows[aux[into + 2]], rows[aux[into + 3]]
    distance, zero, power = scratch[0], scratch[1], scratch[2]
    lanes = rows.shape[1]
    for lane in range(lanes):
        distance[lane] = -abs(a[lane] - b[lane])
        zero[lane] = 0.0
    small = first
    _exp(distance, zero, small, power, bits)
    if logs:
        log_first, log_second = rows[aux[into + 4]], rows[aux[into + 5]]
        for lane in range(lanes):
            log_total = np.log1p(small[lane])
            gap = a[lane] - b[lane]
            log_first[lane] = min(gap, 0.0) - log_total
            log_second[lane] = min(-gap, 0.0) - log_total
    for lane in range(lanes):
        larger = 1.0 / (1.0 + small[lane])
        smaller = small[lane] * larger
        ahead = a[lane] >= b[lane]
        first[lane] = larger if ahead else smaller
        second[lane] = smaller if ahead else larger


@kernel
def _slopes_of_two(aux: Ints, out: int, here: int, directions: int, logs: int, rows: Floats, spread: Floats) -> None:
    """Derivatives of `_norm_of_two` in each direction. Arguments as `_slopes_of_many`."""
    first, second = rows[aux[out]], rows[aux[out + 1]]
    lanes = rows.shape[1]
    for lane in range(lanes):
        spread[lane] = first[lane] * second[lane]
    for _ in range(directions):
        a, b = rows[aux[here]], rows[aux[here + 1]]
        d_first, d_second = rows[aux[here + 2]], rows[aux[here + 3]]
        if logs:
            log_first, log_second = rows[aux[here + 4]], rows[aux[here + 5]]
            for lane in range(lanes):
                slope = a[lane] - b[lane]
                log_first[lane] = second[lane] * slope
                log_second[lane] = -first[lane] * slope
        for lane in range(lanes):
            slope = spread[lane] * (a[lane] - b[lane])
            d_first[lane] = slope
            d_second[lane] = -slope
        here += 2 * (2 + logs)


@kernel
def _norm_of_many(aux: Ints, into: int, count: int, logs: int, rows: Floats, scratch: Floats, bits: Ints) -> None:
    """Softmax of ``count`` rows; the arguments from ``into`` on name them, their results, and their logarithms if ``logs``."""
    lanes = rows.shape[1]
    out = into + count
    top, total, power = scratch[0], scratch[1], scratch[2]
    for lane in range(lanes):
        top[lane] = -np.inf
        total[lane] = 0.0
    for a in range(count):
        z = rows[aux[into + a]]
        for lane in range(lanes):
            top[lane] = max(top[lane], z[lane])
    for a in range(count):
        s = rows[aux[out + a]]
        _exp(rows[aux[into + a]], top, s, power, bits)
        for lane in range(lanes):
            total[lane] += s[lane]
    if logs:
        _logs_of_many(aux, into, count, rows, top, total)
    for lane in range(lanes):
        total[lane] = 1.0 / total[lane]
    for a in range(count):
        s = rows[aux[out + a]]
        for lane in range(lanes):
            s[lane] *= total[lane]


@kernel
def _logs_of_many(aux: Ints, into: int, count: int, rows: Floats, top: Floats, total: Floats) -> None:
    """Logarithms of a softmax, given the largest input ``top (W,)``, overwritten, and the sum of exponentials ``total (W,)``."""
    lanes = rows.shape[1]
    for lane in range(lanes):
        top[lane] += np.log(total[lane])
    for a in range(count):
        z, log_s = rows[aux[into + a]], rows[aux[into + 2 * count + a]]
        for lane in range(lanes):
            log_s[lane] = z[lane] - top[lane]


@kernel
def _slopes_of_many(
    aux: Ints, out: int, here: int, directions: int, count: int, logs: int, rows: Floats, mean: Floats
) -> None:
    """Derivatives of `_norm_of_many` in each direction: ds = s (g - sum s g).

    The arguments from ``out`` on name the softmax, those from ``here`` on, for one direction after another, the inputs' derivatives,
    the softmax's, and its logarithm's if ``logs``; ``mean (W,)`` is overwritten.
    """
    lanes = rows.shape[1]
    for _ in range(directions):
        for lane in range(lanes):
            mean[lane] = 0.0
        for a in range(count):
            s, g = rows[aux[out + a]], rows[aux[here + a]]
            for lane in range(lanes):
                mean[lane] += s[lane] * g[lane]
        for a in range(count):
            s, g, ds = rows[aux[out + a]], rows[aux[here + a]], rows[aux[here + count + a]]
            for lane in range(lanes):
                ds[lane] = s[lane] * (g[lane] - mean[lane])
        for a in range(count if logs else 0):
            g, dlog = rows[aux[here + a]], rows[aux[here + 2 * count + a]]
            for lane in range(lanes):
                dlog[lane] = g[lane] - mean[lane]
        here += count * (2 + logs)


@kernel
def _best(aux: Ints, place: int, rows: Floats, scratch: Floats) -> None:
    """All weight on the best action; ties (to 1e-9 of the values' size) by the tie value, then by base weight."""
    count, into = aux[place + BEST_COUNT], place + BEST_ROWS
    floor, second, total = scratch[0], scratch[1], scratch[2]
    for tie in range(2):
        _least_good(aux, into, count, tie, rows, scratch)
    lanes = rows.shape[1]
    for lane in range(lanes):
        total[lane] = 0.0
    for a in range(count):
        value, other, share = rows[aux[into + a]], rows[aux[into + count + a]], rows[aux[into + 3 * count + a]]
        base = rows[aux[into + 2 * count + a]]
        for lane in range(lanes):
            share[lane] = base[lane] if value[lane] >= floor[lane] and other[lane] >= second[lane] else 0.0
            total[lane] += share[lane]
    for a in range(count):
        share = rows[aux[into + 3 * count + a]]
        for lane in range(lanes):
            share[lane] /= total[lane]


@kernel
def _least_good(aux: Ints, into: int, count: int, tie: int, rows: Floats, scratch: Floats) -> None:
    """Fill the scratch row of number ``tie`` with the least that counts as the largest of the values, 0, or of the tie values, 1.

    The arguments from ``into`` on name ``count`` rows of each. Of tie values only those compete whose value is good enough.
    """
    floor, out, size = scratch[0], scratch[tie], scratch[2]
    lanes = rows.shape[1]
    for lane in range(lanes):
        out[lane] = -np.inf
        size[lane] = 0.0
    for a in range(count):
        value, other = rows[aux[into + a]], rows[aux[into + tie * count + a]]
        for lane in range(lanes):
            if tie == 0 or value[lane] >= floor[lane]:
                out[lane] = max(out[lane], other[lane])
                size[lane] = max(size[lane], abs(other[lane]))
    for lane in range(lanes):
        out[lane] -= TIE * size[lane]


@kernel
def _choice(operation: int, aux: Ints, place: int, rows: Floats, scratch: Floats, bits: Ints) -> None:
    """Execute what is no product: a softmax, or all weight on the best."""
    if operation == NORM:
        _norm(aux, place, rows, scratch, bits)
    else:
        _best(aux, place, rows, scratch)


@kernel
def run(code: Ints, aux: Ints, rows: Floats, scratch: Floats, bits: Ints) -> None:
    """Execute a program of ``code (instructions, 6)``; its inputs stand in ``rows``, where its results will stand.

    Most of a program are products, and their loops stand here: a call, or views of rows, would cost a tenth of the time. Those of two
    products are written for a known number of lanes, which saves as much again.
    """
    lanes = rows.shape[1]
    for step in range(code.shape[0]):
        operation, out, a, b = code[step, 0], code[step, 1], code[step, 2], code[step, 3]
        if operation >= MUL_TWO:
            c, d = code[step, 4], code[step, 5]
            if operation == MUL_TWO:
                for lane in range(LANES):
                    rows[out, lane] = rows[a, lane] * rows[b, lane] + rows[c, lane] * rows[d, lane]
            else:
                for lane in range(LANES):
                    rows[out, lane] += rows[a, lane] * rows[b, lane] + rows[c, lane] * rows[d, lane]
        elif operation == FMA:
            for lane in range(lanes):
                rows[out, lane] += rows[a, lane] * rows[b, lane]
        elif operation == MUL:
            for lane in range(lanes):
                rows[out, lane] = rows[a, lane] * rows[b, lane]
        else:
            _choice(operation, aux, out, rows, scratch, bits)


@kernel
def fill(loads: Ints, rows: Floats, lane: int, draw: int, data: Data, unknown: Floats, time: float) -> None:
    """Load one draw's inputs into one lane of ``rows``; arrays with a single draw serve all.

    ``loads (inputs, 4)``: kind, row and two indices; ``unknown (n, d)``: the unknowns; ``time``: the share of the precision.
    """
    payoffs, chance, precision, fixed, base = data
    p = draw if payoffs.shape[0] > 1 else 0
    c = draw if chance.shape[0] > 1 else 0
    q = draw if precision.shape[0] > 1 else 0
    f = draw if fixed.shape[0] > 1 else 0
    for n in range(loads.shape[0]):
        kind, row, i, j = loads[n, 0], loads[n, 1], loads[n, 2], loads[n, 3]
        if kind == PAYOFF:
            value = float(payoffs[p, i, j])
        elif kind in (CHANCE, LOG_CHANCE):
            value = chance[c, i, j]
        elif kind == PRECISION:
            value = precision[q, i]
        elif kind in (FIXED, LOG_FIXED):
            value = fixed[f, i]
        elif kind in (BASE, LOG_BASE):
            value = base[i]
        elif kind == UNKNOWN:
            value = unknown[draw, i]
        elif kind == TIME:
            value = time
        else:
            value = 1.0 if kind == ONE else (-1.0 if kind == MINUS_ONE else 0.0)
        rows[row, lane] = log_floor(value) if kind in (LOG_CHANCE, LOG_FIXED, LOG_BASE) else value


@kernel
def sweep(
    program: Code,
    outputs: tuple[Ints, Ints, Ints],
    data: Data,
    unknown: Floats,
    block: tuple[int, int],
    found: Floats,
    residual: Floats,
) -> None:
    """Run a program at full precision for a block of draws: its answers, and how far play is from the reply to itself.

    Parameters
    ----------
    program : what a `Program` is made of.
    outputs : rows of the answers (k,), and of the assumed and of the replying probabilities (m,), m = 0 where nothing is assumed.
    data : the draws' inputs.
    unknown : (n, d) what the program takes as given.
    block : first draw, and the draw after the last.
    found : (n, k) answers; the block's rows are overwritten.
    residual : (n,) largest gap of the pairs; the block's entries are overwritten.
    """
    code, aux, loads, height = program
    out, mine, reply = outputs
    first, last = block
    rows = np.zeros((height, LANES))
    scratch = np.empty((3, LANES))
    bits = scratch.view(np.int64)[2]
    for start in range(first, last, LANES):
        here = min(LANES, last - start)
        for lane in range(LANES):
            fill(loads, rows, lane, start + (lane if lane < here else 0), data, unknown, 1.0)
        run(code, aux, rows, scratch, bits)
        for lane in range(here):
            for a in range(out.shape[0]):
                found[start + lane, a] = rows[out[a], lane]
            worst = 0.0
            for a in range(mine.shape[0]):
                gap = abs(rows[mine[a], lane] - rows[reply[a], lane])
                if not gap <= worst:  # also true for NaN, which must not pass for small
                    worst = gap
            residual[start + lane] = worst
