"""Interpreter for recorded programs: one pass over the tree for W draws at a time.

Every row holds the same quantity for W draws, so that the inner loops run over contiguous memory and use the vector units.
The exponential is Cody and Waite's (1980) range reduction with a Taylor polynomial of degree 13 on [-ln 2 / 2, ln 2 / 2]
(relative error below 4e-16), written out since a call into the C library would not be vectorised.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vetopoint.kernel import kernel

__all__ = ["LANES", "fill", "log_floor", "run", "sweep"]

LANES = 32

_LOG2E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_MAGIC = 6755399441055744.0

# Stands for the logarithm of zero in beliefs: histories that need fewer impossible moves get all the weight, and among
# histories that need equally many the rest decides, as if everyone trembled alike.
_LOG_ZERO = -1.0e5


@kernel
def log_floor(value: float) -> float:
    """Logarithm with a finite stand-in for log 0."""
    return np.log(value) if value > 0.0 else _LOG_ZERO


@kernel
def _exp(rows: Any, shift: Any, out: Any, power: Any, bits: Any) -> None:
    """``out = exp(rows - shift)`` for arguments <= 0; below -708 the smallest normal number."""
    for lane in range(out.shape[0]):
        y = max(rows[lane] - shift[lane], -708.0)
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
def _norm(aux: Any, place: int, rows: Any, scratch: Any, bits: Any) -> None:
    """Softmax, its logarithm if asked for, and their derivatives."""
    count, directions, logs = aux[place], aux[place + 1], aux[place + 2]
    into = place + 3
    out = into + count
    here = out + count * (1 + logs)
    if count == 2:
        _norm_of_two(aux, into, logs, rows, scratch, bits)
        for _ in range(directions):
            _slope_of_two(aux, out, here, logs, rows)
            here += 2 * (2 + logs)
    else:
        _norm_of_many(aux, into, count, logs, rows, scratch, bits)
        for _ in range(directions):
            _slope_of_many(aux, out, here, count, logs, rows, scratch[0])
            here += count * (2 + logs)


@kernel
def _norm_of_two(aux: Any, into: int, logs: int, rows: Any, scratch: Any, bits: Any) -> None:
    """Softmax of two values, which needs one exponential: that of minus their distance."""
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
def _slope_of_two(aux: Any, out: int, here: int, logs: int, rows: Any) -> None:
    """Derivatives of `_norm_of_two` in one direction."""
    first, second = rows[aux[out]], rows[aux[out + 1]]
    a, b = rows[aux[here]], rows[aux[here + 1]]
    d_first, d_second = rows[aux[here + 2]], rows[aux[here + 3]]
    lanes = rows.shape[1]
    if logs:
        log_first, log_second = rows[aux[here + 4]], rows[aux[here + 5]]
        for lane in range(lanes):
            slope = a[lane] - b[lane]
            log_first[lane] = second[lane] * slope
            log_second[lane] = -first[lane] * slope
    for lane in range(lanes):
        slope = first[lane] * second[lane] * (a[lane] - b[lane])
        d_first[lane] = slope
        d_second[lane] = -slope


@kernel
def _norm_of_many(aux: Any, into: int, count: int, logs: int, rows: Any, scratch: Any, bits: Any) -> None:
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
        for lane in range(lanes):
            top[lane] += np.log(total[lane])
        for a in range(count):
            z, log_s = rows[aux[into + a]], rows[aux[out + count + a]]
            for lane in range(lanes):
                log_s[lane] = z[lane] - top[lane]
    for lane in range(lanes):
        total[lane] = 1.0 / total[lane]
    for a in range(count):
        s = rows[aux[out + a]]
        for lane in range(lanes):
            s[lane] *= total[lane]


@kernel
def _slope_of_many(aux: Any, out: int, here: int, count: int, logs: int, rows: Any, mean: Any) -> None:
    """Derivatives of `_norm_of_many` in one direction: ds = s (g - sum s g)."""
    lanes = rows.shape[1]
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
    if logs:
        for a in range(count):
            g, dlog = rows[aux[here + a]], rows[aux[here + 2 * count + a]]
            for lane in range(lanes):
                dlog[lane] = g[lane] - mean[lane]


@kernel
def _best(aux: Any, place: int, rows: Any, scratch: Any) -> None:
    """All weight on the best action; ties (to 1e-9 of the values' size) by the tie value, then by base weight."""
    lanes = rows.shape[1]
    count = aux[place]
    into, tie = place + 1, place + 1 + count
    weight, out = tie + count, tie + 2 * count
    floor, second, total = scratch[0], scratch[1], scratch[2]
    for lane in range(lanes):
        floor[lane] = second[lane] = -np.inf
        total[lane] = 0.0
    for a in range(count):
        value = rows[aux[into + a]]
        for lane in range(lanes):
            floor[lane] = max(floor[lane], value[lane])
            total[lane] = max(total[lane], abs(value[lane]))
    for lane in range(lanes):
        floor[lane] -= 1e-9 * total[lane]
        total[lane] = 0.0
    for a in range(count):
        value, other = rows[aux[into + a]], rows[aux[tie + a]]
        for lane in range(lanes):
            if value[lane] >= floor[lane]:
                second[lane] = max(second[lane], other[lane])
                total[lane] = max(total[lane], abs(other[lane]))
    for lane in range(lanes):
        second[lane] -= 1e-9 * total[lane]
        total[lane] = 0.0
    for a in range(count):
        value, other, share = rows[aux[into + a]], rows[aux[tie + a]], rows[aux[out + a]]
        base = rows[aux[weight + a]]
        for lane in range(lanes):
            share[lane] = base[lane] if value[lane] >= floor[lane] and other[lane] >= second[lane] else 0.0
            total[lane] += share[lane]
    for a in range(count):
        share = rows[aux[out + a]]
        for lane in range(lanes):
            share[lane] /= total[lane]


@kernel
def run(code: Any, aux: Any, rows: Any, scratch: Any, bits: Any) -> None:
    """Execute a program. ``rows (rows, W)``, ``scratch (3, W)``, ``bits`` the last scratch row seen as int64."""
    lanes = rows.shape[1]
    for step in range(code.shape[0]):
        operation, target = code[step, 0], code[step, 1]
        if operation == 4:
            _norm(aux, target, rows, scratch, bits)
        elif operation == 5:
            _best(aux, target, rows, scratch)
        else:
            out, a, b = rows[target], rows[code[step, 2]], rows[code[step, 3]]
            if operation >= 6:
                c, d = rows[code[step, 4]], rows[code[step, 5]]
                if operation == 6:
                    for lane in range(lanes):
                        out[lane] = a[lane] * b[lane] + c[lane] * d[lane]
                else:
                    for lane in range(lanes):
                        out[lane] += a[lane] * b[lane] + c[lane] * d[lane]
            elif operation == 1:
                for lane in range(lanes):
                    out[lane] += a[lane] * b[lane]
            elif operation == 0:
                for lane in range(lanes):
                    out[lane] = a[lane] * b[lane]
            elif operation == 2:
                for lane in range(lanes):
                    out[lane] = a[lane] + b[lane]
            else:
                for lane in range(lanes):
                    out[lane] = a[lane] - b[lane]


@kernel
def fill(loads: Any, rows: Any, lane: int, draw: int, data: Any, unknown: Any, time: float) -> None:
    """Load one draw's inputs into one lane; arrays with a single draw serve all."""
    payoffs, chance, precision, fixed, base = data
    p = draw if payoffs.shape[0] > 1 else 0
    c = draw if chance.shape[0] > 1 else 0
    q = draw if precision.shape[0] > 1 else 0
    f = draw if fixed.shape[0] > 1 else 0
    for n in range(loads.shape[0]):
        kind, row, i, j = loads[n, 0], loads[n, 1], loads[n, 2], loads[n, 3]
        if kind == 0:
            value = float(payoffs[p, i, j])
        elif kind == 1:
            value = chance[c, i, j]
        elif kind == 2:
            value = log_floor(chance[c, i, j])
        elif kind == 3:
            value = precision[q, i]
        elif kind == 4:
            value = fixed[f, i]
        elif kind == 5:
            value = log_floor(fixed[f, i])
        elif kind == 6:
            value = base[i]
        elif kind == 7:
            value = np.log(base[i])
        elif kind == 8:
            value = unknown[draw, i]
        elif kind == 9:
            value = time
        elif kind == 10:
            value = 1.0
        else:
            value = 0.0
        rows[row, lane] = value


@kernel
def sweep(
    code: Any,
    aux: Any,
    loads: Any,
    height: int,
    out: Any,
    mine: Any,
    reply: Any,
    data: Any,
    unknown: Any,
    first: int,
    last: int,
    strategy: Any,
    residual: Any,
) -> None:
    """One backward pass for draws ``first`` to ``last``: strategies, and how far play is from the reply to itself.

    ``out (actions,)`` rows of the strategy; ``mine``, ``reply (unknown actions,)`` rows of assumed and replying probabilities.
    """
    rows = np.zeros((height, LANES))
    scratch = np.empty((3, LANES))
    bits = scratch.view(np.int64)[2]
    for start in range(first, last, LANES):
        here = min(LANES, last - start)
        for lane in range(here):
            fill(loads, rows, lane, start + lane, data, unknown, 1.0)
        for lane in range(here, LANES):
            fill(loads, rows, lane, start, data, unknown, 1.0)
        run(code, aux, rows, scratch, bits)
        for lane in range(here):
            for a in range(out.shape[0]):
                strategy[start + lane, a] = rows[out[a], lane]
            worst = 0.0
            for a in range(mine.shape[0]):
                gap = abs(rows[mine[a], lane] - rows[reply[a], lane])
                if not gap <= worst:  # also true for NaN, which must not pass for small
                    worst = gap
            residual[start + lane] = worst
