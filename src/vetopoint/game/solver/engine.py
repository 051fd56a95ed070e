"""Run the recorded programs of one game over blocks of draws."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from vetopoint.arrays import Array, Bools, Floats, Ints
from vetopoint.game.solver import interpreter as ir
from vetopoint.game.solver.batch import Inputs, Solution
from vetopoint.game.solver.homotopy import FAILED, trace
from vetopoint.game.solver.plans import Plan, Plans, Shape, plans_of
from vetopoint.game.solver.program import Program
from vetopoint.game.solver.recorder import branch_programs, odds_program, outcome_program
from vetopoint.game.tree import Tree
from vetopoint.kernel import in_order

__all__ = ["EVALUATIONS", "RESIDUAL", "Engine", "Held", "Traced"]

# Largest distance between play and the reply to it that still counts as solved; rounding at huge lambda.
RESIDUAL = 1e-6

_NO_ROWS = np.zeros(0, dtype=np.int64)
_NEVER = 1e-300  # stands for nought where a held choice is an unknown
EVALUATIONS = 4000  # most evaluations of one draw; bounds the time whatever the payoffs
PATIENCE = 25  # so many times more where steps are to be short


class Held(NamedTuple):
    """Choices that stay as they are while the branch is followed.

    Parameters
    ----------
    infosets : (infosets,) where; their role is ``HELD``.
    strategy : (n, actions) play, of which the choices there count.
    """

    infosets: Bools
    strategy: Floats


class Traced(NamedTuple):
    """Branches that were followed.

    Parameters
    ----------
    unknown : (n, d) where they end.
    label : (n,) int8.
    spent : (n,) evaluations.
    path : (n, steps, d+1) unknowns and t of their points, if they were watched; else no steps.
    passed : (n,) how many points stand there.
    """

    unknown: Floats
    label: Array
    spent: Ints
    path: Floats
    passed: Ints


@dataclass(frozen=True, eq=False)
class Engine:
    """A tree with what does not change between calls.

    Parameters
    ----------
    layers : of chance.
    weighted : whether base weights differ.
    ties : whether there are payoffs that decide between equally good actions.
    longest : step along the branch; where it is bounded there are more evaluations.
    alike : which terminals pay the same, see `plans.Shape`.
    """

    tree: Tree
    layers: int = 1
    weighted: bool = False
    ties: bool = False
    longest: float = np.inf
    alike: bytes = b""

    def plan(self, roles: Array) -> Plans:
        """The ways to compute the game for given roles of the information sets."""
        shape = Shape(tuple(int(r) for r in roles), self.layers, self.weighted, self.ties, self.alike)
        return plans_of(self.tree, shape)

    def equilibrium(self, inputs: Inputs, plans: Plans, held: Held | None = None) -> Solution:
        """Trace the unknowns, if there are any, then make one pass; a draw that fails is tried again by the next plan."""
        first, *others = plans.tried or (None,)
        found = self.by_plan(inputs, plans, first, held)
        for plan in others:
            left = np.flatnonzero(found.label == FAILED)
            if not left.size:
                break
            found.put(left, self.by_plan(inputs.take(left), plans, plan))
        return found

    def by_plan(self, inputs: Inputs, plans: Plans, plan: Plan | None, held: Held | None = None) -> Solution:
        """Solve with the unknowns of one plan; without a plan the pass alone is exact."""
        if plan is None:
            return self.play(inputs, plans, None, np.zeros((inputs.n, 1)))
        traced = self.follow(inputs, plan, held=held)
        found = self.play(inputs, plans, plan, traced.unknown, held)
        np.copyto(found.label, traced.label, where=found.label != FAILED)
        np.copyto(found.spent, traced.spent)
        return found

    def play(
        self, inputs: Inputs, plans: Plans, plan: Plan | None, unknown: Floats, held: Held | None = None
    ) -> Solution:
        """Play given a plan's unknowns (n, d), labelled failed where it is no reply to itself."""
        found, odds, log_odds = Solution.empty(self.tree, inputs.n), plans.odds, unknown
        if plan is not None and plan.ratios:
            log_odds = np.zeros((inputs.n, max(1, len(odds.contrasts))))
            self.sweep(odds_program(plan, odds.unknown), inputs, unknown, log_odds, found.residual)
        outcome = outcome_program(odds)
        if held is not None:
            counted = np.concatenate([np.repeat(~held.infosets[h], len(self.tree.actions(h))) for h in odds.unknown])
            rows = {name: outcome.outputs[name][counted] for name in ("mine", "reply")}
            outcome = replace(outcome, outputs=outcome.outputs | rows)
        self.sweep(outcome, inputs, log_odds, found.strategy, found.residual)
        found.label[~(found.residual <= RESIDUAL)] = FAILED
        return found

    def follow(self, inputs: Inputs, plan: Plan, watched: bool = False, held: Held | None = None) -> Traced:
        """Follow the branch in a plan's unknowns; ``watched`` keeps every point of it."""
        whole, parts = branch_programs(plan)
        origin, still = _origin(self.tree, plan, inputs.base, held)
        if watched or len(parts) == 1:
            return self._trace(whole, inputs, origin, still, EVALUATIONS + 2 if watched else 0)
        unknown, label = np.zeros((inputs.n, still.size)), np.zeros(inputs.n, dtype=np.int8)
        spent = np.zeros(inputs.n, dtype=np.int64)
        for part, slope in parts:
            traced = self._trace(slope, inputs, np.ascontiguousarray(origin[:, part]), still[part])
            unknown[:, part] = traced.unknown
            spent += traced.spent
            np.maximum(label, traced.label, out=label)
        return Traced(unknown, label, spent, traced.path, traced.passed)

    def _trace(self, slope: Program, inputs: Inputs, origin: Floats, still: Bools, steps: int = 0) -> Traced:
        """Follow the branch of a program's unknowns in every draw, and keep so many points of it."""
        named = slope.outputs
        places = (named["value"], named["jacobian"], named["unknown"], named["time"])
        loads = slope.loads[~np.isin(slope.loads[:, 0], (ir.UNKNOWN, ir.TIME))]
        program = (slope.code, slope.aux, loads, slope.rows)
        n, d = inputs.n, still.size
        counts = np.zeros((2, n), dtype=np.int64)
        traced = Traced(np.zeros((n, d)), np.zeros(n, np.int8), counts[0], np.zeros((n, steps, d + 1)), counts[1])
        pace = (self.longest, EVALUATIONS if np.isinf(self.longest) else PATIENCE * EVALUATIONS)
        _over_blocks(n, lambda block: trace(program, places, origin, still, inputs.data, block, pace, *traced))
        return traced

    def reply(self, inputs: Inputs, plan: Plan, unknown: Floats) -> tuple[Floats, Floats]:
        """A plan's unknowns in the reply to given ones (n, d), and their derivatives by these and by time (n, d, d+1)."""
        slope, _ = branch_programs(plan)
        both = replace(slope, outputs={"both": np.concatenate([slope.outputs["value"], slope.outputs["jacobian"]])})
        n, d = unknown.shape
        found = np.empty((n, d * (d + 2)))
        self.sweep(both, inputs, unknown, found, np.empty(n))
        return found[:, :d], found[:, d:].reshape(-1, d, d + 1)

    def sweep(self, program: Program, inputs: Inputs, unknown: Floats, out: Floats, residual: Floats) -> None:
        """One pass: the first output fills ``out``; ``residual`` is the largest gap between ``mine`` and ``reply``, if it has them."""
        answers = next(iter(program.outputs.values()))
        outputs = (answers, program.outputs.get("mine", _NO_ROWS), program.outputs.get("reply", _NO_ROWS))
        _over_blocks(
            inputs.n, lambda block: ir.sweep(program.arrays, outputs, inputs.data, unknown, block, out, residual)
        )


def _over_blocks(n: int, job: Callable[[tuple[int, int]], object]) -> None:
    """Run a job over blocks of draws, each the first and the one after the last; a draw's result does not depend on its block."""
    size = max(ir.LANES * 32, -(-n // (8 * (os.cpu_count() or 1) * ir.LANES)) * ir.LANES)
    in_order(job, [(first, min(n, first + size)) for first in range(0, n, size)])


def _origin(tree: Tree, plan: Plan, base: Floats, held: Held | None) -> tuple[Floats, Bools]:
    """The unknowns at lambda = 0 (n or 1, d), where play follows the base weights or is held, and which of them (d,) are held."""
    log_base = np.log(base / np.add.reduceat(base, tree.action_start[:-1])[tree.action_infoset])
    still = np.zeros(len(plan.contrasts), dtype=bool)
    logs = log_base[None]
    if held is not None:
        bound = held.infosets[tree.action_infoset]
        still[plan.ratios :] = [bound[here[0]] for here, _ in plan.contrasts[plan.ratios :]]
        logs = np.where(bound, np.log(np.maximum(held.strategy, _NEVER)), log_base)
    odds = [logs[:, list(here)].sum(1) - logs[:, list(there)].sum(1) for here, there in plan.contrasts]
    return np.stack(odds, 1), still
