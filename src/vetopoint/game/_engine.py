"""Run the recorded programs of one game over blocks of draws."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.game import _program as ir
from vetopoint.game._backward import LANES, sweep
from vetopoint.game._batch import Inputs, Solution
from vetopoint.game._homotopy import FAILED, trace
from vetopoint.game._reduce import Compiled, Shape, compile_game
from vetopoint.game.tree import Tree

__all__ = ["Engine", "empty"]

Array = NDArray[Any]

_EVALUATIONS = 4000  # most evaluations of one draw; bounds the time whatever the payoffs
_RESIDUAL = (
    1e-6  # largest distance between play and the reply to it that still counts as solved; rounding at huge lambda
)


@dataclass(frozen=True, eq=False)
class Engine:
    """A tree with what does not change between calls."""

    tree: Tree
    layers: int
    weighted: bool
    ties: bool
    workers: int
    dtype: np.dtype[Any]

    def compile(self, roles: Array) -> Compiled:
        """Programs for given roles of the information sets."""
        return compile_game(self.tree, Shape(tuple(int(r) for r in roles), self.layers, self.weighted, self.ties))

    def equilibrium(self, inputs: Inputs, compiled: Compiled) -> Solution:
        """Trace the unknowns, if there are any, then make one pass."""
        found = empty(self.tree, inputs.n, self.dtype)
        unknown = np.zeros((inputs.n, max(1, compiled.dimension)))
        if compiled.slope is not None:
            slope = compiled.slope
            named = slope.outputs
            places = (named["value"], named["jacobian"], named["unknown"], named["time"])
            loads = slope.loads[~np.isin(slope.loads[:, 0], (ir.UNKNOWN, ir.TIME))]
            origin = _origin(self.tree, compiled, inputs.base)
            work = np.zeros(inputs.n, dtype=np.int64)
            self._blocks(
                inputs.n,
                lambda first, last: trace(
                    slope.code, slope.aux, loads, slope.rows, places, origin, inputs.data,
                    first, last, _EVALUATIONS, unknown, found.label, work,
                ),
            )  # fmt: skip
        outcome = compiled.outcome
        assert outcome is not None
        rows = outcome.outputs
        self._blocks(
            inputs.n,
            lambda first, last: sweep(
                outcome.code, outcome.aux, outcome.loads, outcome.rows, rows["strategy"], rows["mine"], rows["reply"],
                inputs.data, unknown, first, last, found.strategy, found.residual,
            ),
        )  # fmt: skip
        found.label[~(found.residual <= _RESIDUAL)] = FAILED
        return found

    def _blocks(self, n: int, job: Callable[[int, int], object]) -> None:
        """Run a job over blocks of draws; a draw's result does not depend on its block."""
        size = max(LANES * 8, -(-n // (8 * self.workers * LANES)) * LANES)
        edges = list(range(0, n, size))
        if len(edges) == 1 or self.workers == 1:
            for first in edges:
                job(first, min(n, first + size))
            return
        with ThreadPoolExecutor(self.workers) as pool:
            for done in [pool.submit(job, first, min(n, first + size)) for first in edges]:
                done.result()


def empty(tree: Tree, n: int, dtype: np.dtype[Any]) -> Solution:
    """A solution to be filled."""
    return Solution(np.empty((n, tree.n_actions), dtype=dtype), np.zeros(n, dtype=np.int8), np.zeros(n))


def _origin(tree: Tree, compiled: Compiled, base: Array) -> Array:
    """Log-odds of the base weights: play at lambda = 0."""
    parts = [np.log(base[list(tree.actions(h))[1:]] / base[tree.action_start[h]]) for h in compiled.unknown]
    return np.ascontiguousarray(np.concatenate(parts))
