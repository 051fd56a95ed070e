"""What can be said before a run is done: what it is going to do, about how long that takes, and the leading answers on a few draws.

The first draws are the same in every run from a seed, however many follow, so that these figures are of draws that the run has too.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from vetopoint.answers import Early, LeadingAnswers, Work
from vetopoint.chain.effects import CLOSELY
from vetopoint.chain.frame import Frame
from vetopoint.chain.variants import leading_figures
from vetopoint.chain.world import World, build_world, first_pass, sample_case

__all__ = ["leading_answers", "tell_early", "work_of"]

WARMING = 64  # draws, after which nothing has to be loaded or compiled any more
SOLVED_ANEW = 0.5
"""What a draw that is solved anew takes of the time of one that is drawn and answered: most keep some of the tables. A measured figure,
on the bundled cases; an estimate of time is off by a half, and says "about"."""


def work_of(frame: Frame, draws: int, inputs: int, a_draw: float | None = None) -> Work:
    """What a run of so many draws is going to do.

    Parameters
    ----------
    inputs : how many uncertain numbers there are.
    a_draw : seconds that one draw takes, as measured on some.

    Notes
    -----
    Every part uses the first so many draws and no more than there are, so that no count grows faster than the draws.
    """
    game, file, budget = frame.game, frame.case.file, frame.budget
    actors, options = len(game.movers), sum(len(layer.options) for layer in game.public.layers)
    sets, goals = min(1 << actors, budget.sets), len(file.goals)
    parts = {
        "threats": (2 * len(file.threats), budget.threats),
        "who decides": (2 * sets * goals + 3, min(budget.threats, budget.decisiveness)),
        "announced options": (options, min(budget.threats, budget.decisiveness)),
        "members through the whole chain": (2 * len(file.members) * goals, budget.members),
        "effects of every number": (inputs, budget.swings),
        "the largest effects": (min(inputs, CLOSELY), budget.effects),
        "sets of numbers": (12 * inputs, budget.trials),
        "the ignorance twin": (2, budget.twin),
        "variants": (len(file.variants) + 1 if file.variants else 0, budget.variants),
        "expectations": (3 * len(file.expect), budget.expected),
    }
    anew = {name: times * min(draws, most) for name, (times, most) in parts.items() if times}
    seconds = None if a_draw is None else a_draw * (draws + SOLVED_ANEW * sum(anew.values()))
    return Work(
        draws=draws, nodes=game.tree.n_nodes, actors=actors, inputs=inputs, sets=sets, anew=anew, seconds=seconds
    )


def leading_answers(world: World, total: int) -> LeadingAnswers:
    """The leading answers of a world, which holds the first of so many draws."""
    file, found = world.frame.case.file, leading_figures(world)
    goal, outcome, leader = found["goal"], found["outcome"], found["leader"]
    return LeadingAnswers(
        draws=world.draws.n,
        total=total,
        given=file.short_.presupposes or file.presupposes or "",
        goal=file.goal_labels.get(goal) or goal.replace("_", " "),
        chance=found["goals"][goal],
        leader=None if leader is None else file.short_.actors.get(leader) or world.frame.labels[leader],
        on_yes=found["on_yes"],
        on_no=found["on_no"],
        outcome=file.outcome_labels.get(outcome) or outcome.replace("_", " "),
        share=found["outcome_share"],
    )


def tell_early(frame: Frame, draws: int, seed: int, inputs: int, tell: Callable[[Early], None]) -> None:
    """Tell what a run of so many draws is going to do, as measured on its first few, and what the leading answers on those are."""
    rows = min(draws, frame.budget.twin)
    first_pass(frame)
    _ = build_world(frame, sample_case(frame, min(rows, WARMING), seed)).play
    began = perf_counter()
    world = build_world(frame, sample_case(frame, rows, seed))
    _ = world.play
    tell(work_of(frame, draws, inputs, (perf_counter() - began) / rows))
    tell(leading_answers(world, draws))
