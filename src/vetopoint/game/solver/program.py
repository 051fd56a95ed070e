"""Straight-line programs that evaluate a game and its derivatives for many draws at once.

Backward induction over a fixed tree is the same sequence of sums, products and softmaxes in every draw. It is therefore
recorded once per tree as a program over rows (one row holds one number for each of W draws), with forward-mode derivatives
carried along (Griewank and Walther 2008, *Evaluating Derivatives*, ch. 3), unused parts removed and rows reused.
`interpreter.run` executes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from vetopoint.arrays import Ints
from vetopoint.game.solver.interpreter import BEST, FMA, FMA_TWO, MINUS_ONE, MUL, MUL_TWO, NORM, ONE, ZERO

__all__ = ["Dual", "Program", "Tape"]

TIME_DIRECTION = -1

_CONSTANT: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Dual:
    """A number (its row) with its derivatives: direction → row; absent directions are zero."""

    row: int
    grads: Mapping[int, int] = field(default_factory=lambda: _CONSTANT)


@dataclass(frozen=True, eq=False)
class Program:
    """Flat arrays for the interpreter.

    Parameters
    ----------
    code : (instructions, 6): operation, target row (or the place of its arguments in ``aux``), up to four operands.
    aux : (arguments,): what NORM and BEST need beyond that: counts, then rows.
    loads : (inputs, 4): kind of input, row, and two indices into the array it comes from.
    rows : how many rows are needed.
    outputs : name → rows where the answer stands.
    """

    code: Ints
    aux: Ints
    loads: Ints
    rows: int
    outputs: dict[str, Ints]

    @property
    def arrays(self) -> tuple[Ints, Ints, Ints, int]:
        """The program as the kernels take it."""
        return self.code, self.aux, self.loads, self.rows


@dataclass(slots=True)
class _Step:
    """One operation: rows it reads and writes, and those of its derivatives by direction, which only a softmax keeps beside it."""

    operation: int
    reads: Sequence[int]
    writes: Sequence[int]
    slopes: dict[int, tuple[list[int], list[int]]] = field(default_factory=dict)
    logs: bool = False

    def rows(self) -> tuple[Sequence[int], Sequence[int]]:
        """All rows that it reads, and all that it writes."""
        if not self.slopes:
            return self.reads, self.writes
        pairs = [(self.reads, self.writes), *self.slopes.values()]
        return [row for reads, _ in pairs for row in reads], [row for _, writes in pairs for row in writes]

    def arguments(self, place: Mapping[int, int]) -> list[int]:
        """What stands in ``aux``: the counts that the interpreter names, then rows, of BEST's inputs, ties, weights and results, or of NORM's
        inputs, results and logarithms and, for each direction, the derivatives of each."""
        pairs = [(self.reads, self.writes), *self.slopes.values()]
        counts = [len(self.writes)] if self.operation == BEST else [len(self.reads), len(self.slopes), int(self.logs)]
        return counts + [place[row] for reads, writes in pairs for row in (*reads, *writes)]


class Tape:
    """Records a program; every method returns the `Dual` it computes."""

    def __init__(self) -> None:
        self._count = 0
        self._code: list[_Step] = []
        self._inputs: dict[tuple[int, int, int], int] = {}
        self.zero = self.load(ZERO)
        self.one = self.load(ONE)

    def _row(self) -> int:
        self._count += 1
        return self._count - 1

    def load(self, kind: int, i: int = 0, j: int = 0) -> Dual:
        """An input without derivatives."""
        key = (kind, i, j)
        if key not in self._inputs:
            self._inputs[key] = self._row()
        return Dual(self._inputs[key])

    def _products(self, pairs: Iterable[tuple[int, int]]) -> int:
        target, operations = self._row(), (MUL, MUL_TWO)
        rows = [row for pair in pairs for row in pair]
        for first in range(0, len(rows), 4):
            operands = tuple(rows[first : first + 4])
            self._code.append(_Step(operations[len(operands) == 4], operands, (target,)))
            operations = (FMA, FMA_TWO)
        return target

    def dot(self, pairs: Sequence[tuple[Dual, Dual]]) -> Dual:
        """Sum of products; a factor of one costs nothing when it stands alone."""
        if len(pairs) == 1:
            for factor, other in (pairs[0], pairs[0][::-1]):
                if factor.row == self.one.row:
                    return other
        value = self._products((a.row, b.row) for a, b in pairs)
        if not any(a.grads or b.grads for a, b in pairs):
            return Dual(value)
        terms: dict[int, list[tuple[int, int]]] = {}
        for a, b in pairs:
            for direction, row in a.grads.items():
                terms.setdefault(direction, []).append((row, b.row))
            for direction, row in b.grads.items():
                terms.setdefault(direction, []).append((a.row, row))
        return Dual(value, {direction: self._products(found) for direction, found in terms.items()})

    def _combined(self, a: Dual, b: Dual, sign: Dual) -> Dual:
        """a ± b, exactly, as a · 1 + b · (±1)."""

        def emit(left: int, right: int) -> int:
            return self._products([(left, self.one.row), (right, sign.row)])

        grads = {}
        for direction in {**a.grads, **b.grads}:
            left, right = (number.grads.get(direction, self.zero.row) for number in (a, b))
            if right == self.zero.row:
                grads[direction] = left
            else:
                grads[direction] = right if left == self.zero.row and sign is self.one else emit(left, right)
        return Dual(emit(a.row, b.row), grads)

    def add(self, a: Dual, b: Dual) -> Dual:
        """a + b."""
        return self._combined(a, b, self.one)

    def sub(self, a: Dual, b: Dual) -> Dual:
        """a - b."""
        return self._combined(a, b, self.load(MINUS_ONE))

    def softmax(self, inputs: Sequence[Dual], logs: bool = False) -> tuple[list[Dual], list[Dual]]:
        """Softmax of the inputs, and its logarithm if asked for; ds = s (g - sum s g)."""
        size, length = len(inputs), len(inputs) * (1 + logs)
        step = _Step(NORM, [d.row for d in inputs], [self._row() for _ in range(length)], logs=logs)
        for direction in sorted({k for d in inputs for k in d.grads}):
            slopes = [d.grads.get(direction, self.zero.row) for d in inputs]
            step.slopes[direction] = slopes, [self._row() for _ in range(length)]
        self._code.append(step)
        found = [Dual(row, {k: out[a] for k, (_, out) in step.slopes.items()}) for a, row in enumerate(step.writes)]
        return found[:size], found[size:]

    def best(self, inputs: Sequence[Dual], ties: Sequence[Dual], weights: Sequence[Dual]) -> list[Dual]:
        """All weight on the largest input; ties go to the largest tie value, and what is still tied is split by weight."""
        results = [self._row() for _ in inputs]
        self._code.append(_Step(BEST, [d.row for d in (*inputs, *ties, *weights)], results))
        return [Dual(row) for row in results]

    def finish(self, outputs: dict[str, Sequence[int]]) -> Program:
        """Drop what no output needs, give rows their final places and flatten."""
        wanted = {row for rows in outputs.values() for row in rows}
        kept = self._prune(set(wanted))
        place, total = self._allocate(kept, wanted)
        code = np.zeros((len(kept), 6), dtype=np.int64)
        aux: list[int] = []
        for number, step in enumerate(kept):
            if step.operation in (NORM, BEST):
                code[number, :2] = step.operation, len(aux)
                aux.extend(step.arguments(place))
            else:
                rows = [place[row] for row in (*step.writes, *step.reads)]
                code[number, : 1 + len(rows)] = step.operation, *rows
        loads = sorted((kind, place[row], i, j) for (kind, i, j), row in self._inputs.items() if row in place)
        return Program(
            code=code,
            aux=np.array(aux, dtype=np.int64),
            loads=np.array(loads, dtype=np.int64).reshape(-1, 4),
            rows=total,
            outputs={name: np.array([place[row] for row in rows], dtype=np.int64) for name, rows in outputs.items()},
        )

    def _prune(self, live: set[int]) -> list[_Step]:
        kept = []
        for step in reversed(self._code):
            if step.slopes:
                step.slopes = {k: pair for k, pair in step.slopes.items() if not live.isdisjoint(pair[1])}
            if step.slopes or not live.isdisjoint(step.writes):
                kept.append(step)
                live.update(step.rows()[0])
        return kept[::-1]

    def _allocate(self, kept: list[_Step], wanted: set[int]) -> tuple[dict[int, int], int]:
        """Linear scan: inputs and outputs keep their row, all others return theirs after their last use."""
        touched = [step.rows() for step in kept]
        last: dict[int, int] = {}
        for step, (reads, writes) in enumerate(touched):
            for row in (*reads, *writes):
                last[row] = step
        pinned = set(self._inputs.values()) | wanted
        loaded = sorted(set(self._inputs.values()) & (last.keys() | wanted))
        place = {row: number for number, row in enumerate(loaded)}
        total, free = len(place), list[int]()
        for step, (reads, writes) in enumerate(touched):
            for row in writes:
                if row not in place:
                    if free:
                        place[row] = free.pop()
                    else:
                        place[row] = total
                        total += 1
            for row in {*reads, *writes}:
                if last[row] == step and row not in pinned:
                    free.append(place[row])
        return place, total
