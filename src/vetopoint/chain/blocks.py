"""One block of a case's draws by itself: what a long run or a sweep over grid points is made of.

A block depends on the case, the seed, its number and the first pass, and on nothing else: its rows are those of a run, whoever makes
it, in whatever order, and with or without the blocks before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from vetopoint.arrays import Floats
from vetopoint.budget import USUAL, Budget
from vetopoint.case import Case
from vetopoint.chain.frame import Frame, frame_of
from vetopoint.chain.streams import Block
from vetopoint.chain.values import FirstPass
from vetopoint.chain.world import World, build_world, sample_case
from vetopoint.game.flow import end_probabilities
from vetopoint.kernel import alone
from vetopoint.quantity.sampling import BLOCK

__all__ = ["PRESUPPOSED", "Made", "draw_columns", "figure_names", "frame_with", "make_block", "rows_in"]

_SOLVED = {
    "solver.converged": "draws that the solver settled",
    "solver.folded": "draws with several equilibria (the branch folded)",
    "solver.failed": "draws on which the solver failed",
}
"""The solver's labels in the order of their numbers."""

PRESUPPOSED = "presupposed"


@dataclass(frozen=True, eq=False)
class Made:
    """A block of draws that was made: what streams take in, and its rows as a run keeps them, name of a column to (n,)."""

    block: Block
    columns: Mapping[str, Floats]


def rows_in(block: int, draws: int) -> int:
    """How many of so many draws stand in a block.

    >>> [rows_in(block, 5_000) for block in range(3)]
    [4096, 904, 0]
    """
    return min(max(draws - block * BLOCK, 0), BLOCK)


def frame_with(case: Case, fixed: FirstPass, budget: Budget = USUAL) -> Frame:
    """A case's frame that keeps a first pass made elsewhere, on another case or another machine."""
    return replace(frame_of(case, budget), fixed=fixed)


def make_block(frame: Frame, seed: int, number: int, rows: int = BLOCK) -> Made:
    """Draw one block of a case and play it, in this thread alone.

    Raises
    ------
    CaseError
        As of `sample_case`, and where a payoff or a chance cannot be worked out.
    """
    with alone(), frame.case.located():
        world = build_world(frame, sample_case(frame, rows, seed, block=number))
        reached = end_probabilities(frame.game, world.play.solution.strategy, world.chance)
        return Made(Block(number, world.draws.columns, _figures(world)), draw_columns(world, reached))


def figure_names(frame: Frame) -> dict[str, str]:
    """Every figure of a block to what it is called: goals, outcomes, what the case presupposes, the solver's labels."""
    file = frame.case.file
    called = {name: name.replace("_", " ") for name in (*file.goals, *file.outcomes)}
    goals = {f"goal.{name}": file.goal_labels.get(name, called[name]) for name in file.goals}
    outcomes = {f"outcome.{name}": file.outcome_labels.get(name, called[name]) for name in file.outcomes}
    held = {} if file.presupposes is None else {PRESUPPOSED: file.short_.presupposes or file.presupposes}
    return {**goals, **outcomes, **held, **_SOLVED}


def _figures(world: World) -> dict[str, tuple[Floats, Floats]]:
    """Name of a figure to its values (n,) and weights (n,): goals and outcomes given what the case presupposes."""
    file, outcome, ones = world.frame.case.file, world.frame.game.outcome, np.ones(world.draws.n)
    asked: dict[str, Floats] = {f"goal.{name}": weights for name, weights in world.goals.items()}
    asked |= {f"outcome.{name}": (outcome == name) * 1.0 for name in file.outcomes}
    found, holds = world.given(asked)
    given = {name: (values, holds) for name, values in found.items()}
    held = {} if file.presupposes is None else {PRESUPPOSED: (holds, ones)}
    label = world.play.solution.label
    return {**given, **held, **{name: ((label == i) * 1.0, ones) for i, name in enumerate(_SOLVED)}}


def draw_columns(world: World, reached: Floats) -> dict[str, Floats]:
    """One column an input, a goal, an outcome and the solver's label; one row a draw.

    Parameters
    ----------
    reached : (n, terminals) P(terminal).
    """
    outcome, solution = world.frame.game.outcome, world.play.solution
    columns = {f"input.{name}": column for name, column in world.draws.columns.items()}
    columns |= {f"goal.{name}": world.probability(weights) for name, weights in world.goals.items()}
    for name in world.frame.case.file.outcomes:
        columns[f"outcome.{name}"] = reached[:, outcome == name].sum(axis=1)
    return {**columns, "solver.label": solution.label.astype(np.float64), "solver.residual": solution.residual}
