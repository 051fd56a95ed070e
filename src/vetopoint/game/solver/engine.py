"""Run the recorded programs of one game over blocks of draws."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from vetopoint.arrays import Array
from vetopoint.game.solver import program as ir
from vetopoint.game.solver.backward import LANES, sweep
from vetopoint.game.solver.batch import Inputs, Solution
from vetopoint.game.solver.homotopy import FAILED, trace
from vetopoint.game.solver.plans import Plan, Shape
from vetopoint.game.solver.program import Program
from vetopoint.game.solver.reduce import Compiled, compile_branch, compile_game
from vetopoint.game.tree import Tree

__all__ = ["Engine", "empty"]


_NO_ROWS = np.zeros(0, dtype=np.int64)

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
        """Trace the unknowns, if there are any, then make one pass; a draw that fails is tried again by the next plan."""
        first, *others = compiled.plans or (None,)
        found = self.by_plan(inputs, compiled, first)
        for plan in others:
            left = np.flatnonzero(found.label == FAILED)
            if not left.size:
                break
            found.put(left, self.by_plan(inputs.take(left), compiled, plan))
        return found

    def by_plan(self, inputs: Inputs, compiled: Compiled, plan: Plan | None) -> Solution:
        """Solve with the unknowns of one plan; without a plan the pass alone is exact."""
        assert compiled.odds is not None
        assert compiled.outcome is not None
        found = empty(self.tree, inputs.n, self.dtype)
        log_odds = np.zeros((inputs.n, max(1, len(compiled.odds.contrasts))))
        if plan is not None:
            branch = compile_branch(plan, compiled.odds.unknown)
            unknown = self._trace(branch.slope, plan, inputs, found.label)
            if branch.odds is None:
                log_odds = unknown
            else:
                self._sweep(branch.odds, inputs, unknown, log_odds, found.residual)
        self._sweep(compiled.outcome, inputs, log_odds, found.strategy, found.residual)
        found.label[~(found.residual <= _RESIDUAL)] = FAILED
        return found

    def _trace(self, slope: Program, plan: Plan, inputs: Inputs, label: Array) -> Array:
        """(n, d) unknowns at the end of the branch; fills the labels."""
        unknown = np.zeros((inputs.n, len(plan.contrasts)))
        named = slope.outputs
        places = (named["value"], named["jacobian"], named["unknown"], named["time"])
        loads = slope.loads[~np.isin(slope.loads[:, 0], (ir.UNKNOWN, ir.TIME))]
        origin = _origin(self.tree, plan, inputs.base)
        work = np.zeros(inputs.n, dtype=np.int64)
        self._blocks(
            inputs.n,
            lambda first, last: trace(
                slope.code, slope.aux, loads, slope.rows, places, origin, inputs.data,
                first, last, _EVALUATIONS, unknown, label, work,
            ),
        )  # fmt: skip
        return unknown

    def _sweep(self, program: Program, inputs: Inputs, unknown: Array, out: Array, residual: Array) -> None:
        """One pass; the first output fills ``out``, the gap between the other two, if there are any, ``residual``."""
        rows, *pair = program.outputs.values()
        mine, reply = pair or (_NO_ROWS, _NO_ROWS)
        self._blocks(
            inputs.n,
            lambda first, last: sweep(
                program.code, program.aux, program.loads, program.rows, rows, mine, reply,
                inputs.data, unknown, first, last, out, residual,
            ),
        )  # fmt: skip

    def _blocks(self, n: int, job: Callable[[int, int], object]) -> None:
        """Run a job over blocks of draws; a draw's result does not depend on its block."""
        size = max(LANES * 32, -(-n // (8 * self.workers * LANES)) * LANES)
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


def _origin(tree: Tree, plan: Plan, base: Array) -> Array:
    """The unknowns at lambda = 0, where play follows the base weights."""
    log_base = np.log(base / np.add.reduceat(base, tree.action_start[:-1])[tree.action_infoset])
    return np.array([log_base[list(here)].sum() - log_base[list(there)].sum() for here, there in plan.contrasts])
