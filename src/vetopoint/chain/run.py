"""One run of a whole case: draws → coalition → truce → game, and what each engine makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from vetopoint import answers
from vetopoint.arrays import Array, Floats, ratio
from vetopoint.budget import USUAL, Budget
from vetopoint.case import Case
from vetopoint.chain.blocks import draw_columns
from vetopoint.chain.change import begin_changes, change_section, goals_without_unnamed
from vetopoint.chain.deciding import members_decisiveness
from vetopoint.chain.early import tell_early
from vetopoint.chain.expectations import consistent_expectations, expectation_gaps
from vetopoint.chain.frame import Frame, frame_of
from vetopoint.chain.issues import agreement_effects
from vetopoint.chain.numbers import Numbers
from vetopoint.chain.plausible import expectations_held
from vetopoint.chain.questions import decision_answers, surrogate_answer
from vetopoint.chain.values import FirstPass, worth_by_form
from vetopoint.chain.variants import variant_answers
from vetopoint.chain.world import World, build_world, drawn_beside, first_draws, first_pass, sample_case
from vetopoint.coalition import section as coalition_section
from vetopoint.game.asking import GameValues
from vetopoint.game.choices import choice_answers, near_ties
from vetopoint.game.flow import end_probabilities
from vetopoint.game.section import game_section
from vetopoint.kernel import side_by_side
from vetopoint.quantity import Random
from vetopoint.truce import section as truce_section

__all__ = ["Progress", "Result", "run_case"]

Progress = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class Result:
    """What a run finds out.

    Attributes
    ----------
    game, coalition, truce, change : what each engine answers; None where the case has no members, or models no truce.
    members : decisiveness through the whole chain, one ranking a goal.
    plausible : expectations, coin tosses, variants; what is ignored is for those to say who know the claims.
    expectations : only where the case asks for consistent ones.
    draws_used : draws used by whatever solves the game many times over.
    warnings : what does not stop a run but must be said.
    columns : one column a name with one row a draw: inputs, goals, outcomes, the solver's label and residual.
    players : in the order of their units.
    fixed : the first pass, the same for every draw.
    beside : what engines drew beside the case's own numbers.
    """

    game: answers.GameSection
    coalition: answers.CoalitionSection | None
    truce: answers.TruceSection | None
    change: answers.ChangeSection
    members: tuple[answers.Ranking, ...]
    plausible: answers.Plausible
    expectations: answers.ConsistentExpectations | None
    draws_used: Mapping[str, int]
    warnings: tuple[str, ...]
    columns: Mapping[str, Floats]
    players: tuple[str, ...]
    fixed: FirstPass
    beside: Mapping[str, Random]


def run_case(
    case: Case,
    numbers: Numbers,
    draws: int,
    seed: int,
    budget: Budget = USUAL,
    progress: Progress | None = None,
    re_anchor: bool = False,
    *,
    early: Callable[[answers.Early], None] | None = None,
) -> Result:
    """Run a case.

    Parameters
    ----------
    case, draws, seed : what to run.
    numbers : what others know of the case's uncertain numbers.
    budget : how many draws each part may use.
    progress : called with what is being done and the share that is done.
    re_anchor : whether units and expectations follow numbers that were replaced; else they stay those of the case as written, as in
        every other what-if.
    early : told, before the run as a whole, what it is going to do and what the leading answers are on a first few draws.
    """
    say = progress or (lambda stage, share: None)
    say("drawing", 0.0)
    with side_by_side() as pool:
        frame = frame_of(case, budget, None if re_anchor or not case.overrides else case.as_written)
        fitted, own, fixed = frame.budget, drawn_beside(frame).inputs, first_pass(frame)
        numbers = numbers.with_those_beside(own)
        drawn = pool.submit(sample_case, frame, draws, seed)
        if early is not None:
            tell_early(frame, draws, seed, len(numbers.distributions), early)
        unnamed = pool.submit(goals_without_unnamed, frame, numbers.dropped, draws, seed)
        full = build_world(frame, drawn.result())
        say("drawing", 1.0)
        solving = _size_said(frame)
        say(solving, 0.0)
        reached = end_probabilities(frame.game, full.play.solution.strategy, full.chance)
        world = full.without_truce()
        values: GameValues = {}
        # Whatever needs no other answer, that first which others wait for; then what asks about the game.
        game = pool.submit(game_section, full.play, world.goals, fitted, frame.paths.timelines, values)
        truce = pool.submit(_truce, full, reached)
        asked = pool.submit(_asked, full, numbers)
        warnings = pool.submit(lambda full: tuple(str(w) for w in full.warnings), full)
        columns = pool.submit(draw_columns, full, reached)
        del full  # the largest table goes when its own section is done
        told = partial(say, "what would change it")
        begun = begin_changes(world, numbers, pool, told)
        plausible = pool.submit(plausible_answers, world, numbers)
        coalition = pool.submit(_coalition, world, reached)
        expectations = pool.submit(consistent_expectations, world)
        solved = game.result()
        say(solving, 1.0)
        members = pool.submit(members_decisiveness, world, values)
        change = change_section(world, numbers, begun, solved, unnamed.result, pool, told)
        found = Result(
            game=solved,
            coalition=coalition.result(),
            truce=truce.result(),
            change=change.model_copy(update=asked.result()),
            members=members.result(),
            plausible=plausible.result(),
            expectations=expectations.result(),
            draws_used=_draws_used(fitted, budget.set_by_hand, draws, members.result()),
            warnings=warnings.result(),
            columns=columns.result(),
            players=frame.game.players,
            fixed=fixed,
            beside=own,
        )
    say("what would change it", 1.0)
    return found


def plausible_answers(world: World, numbers: Numbers) -> answers.Plausible:
    """Expectations and variants on as many draws as the budget allows, and what is a coin toss."""
    budget, few = world.frame.budget, world.play.first(world.frame.budget.threats)
    choices = choice_answers(few)
    return answers.Plausible(
        expectations_held=expectations_held(first_draws(world, budget.expected), numbers),
        choices=choices,
        near_ties=near_ties(few, choices, world.frame.presupposed),
        variants=variant_answers(first_draws(world, budget.variants)),
    )


def _size_said(frame: Frame) -> str:
    """What is being done, and, where that takes long, how large the game is and what is done about it."""
    game, budget = frame.game, frame.budget
    actors, most = len(game.movers), budget.sets
    if 1 << actors <= most:
        return "solving the game"
    return (
        f"solving the game ({game.tree.n_nodes:,} nodes; {1 << actors:,} sets of {actors} actors, of which about {most} are sampled; "
        f"re-solved on {budget.decisiveness} draws or fewer)"
    )


def _draws_used(
    budget: Budget, by_hand: Mapping[str, int], draws: int, members: tuple[answers.Ranking, ...]
) -> dict[str, int]:
    """What each part used, in words; counts that were set by hand stand under their own names too."""
    used = {
        "threats": budget.threats,
        "decisiveness, anticipation, other precisions": min(budget.threats, budget.decisiveness),
        "swings, tipping points": budget.swings,
        "smoothed for tipping points": budget.smoothed,
        "ignorance twin, counterexample, sets of quantities, without unnamed sources": budget.twin,
        "members through the whole chain": members[0].draws if members else 0,
        **{name: getattr(budget, name) for name in by_hand},
    }
    return {name: min(draws, count) for name, count in used.items()}


def _coalition(world: World, reached: Floats) -> answers.CoalitionSection | None:
    """The coalition's part: situations weighed by how likely the game ends in them, given what is presupposed and that the owner tries."""
    frame, tables = world.frame, world.tables.coalition
    if tables is None:
        return None
    count, given = frame.situations.count, frame.presupposed & frame.attempted
    given = given if reached[:, given].any() else frame.presupposed
    weights = _sum_by(reached * given, frame.situation, count)
    condition = weights.sum(axis=1)
    weights = ratio(weights, condition[:, None], 1.0 / count)
    found = coalition_section(frame.case, world.draws, tables, weights, frame.budget, condition)
    weighs = agreement_effects(world)
    issues = [i.model_copy(update={"weighs": weighs.get(i.name, [])}) for i in found.issues]
    return found.model_copy(update={"expectations": expectation_gaps(world), "issues": issues})


def _asked(world: World, numbers: Numbers) -> dict[str, object]:
    """What to ask next, and which numbers act together."""
    groups = {label: names for by in ("actor", "source") for label, names in numbers.groups.get(by, {}).items()}
    return {"decisions": decision_answers(world, numbers, groups), "surrogate": surrogate_answer(world, numbers)}


def _truce(world: World, reached: Floats) -> answers.TruceSection | None:
    """The truce's part: types and presence paths weighed by the game."""
    frame, tables = world.frame, world.tables.truce
    if tables is None:
        return None
    types, paths = len(frame.types), len(frame.paths.paths)
    cell = np.where(frame.path >= 0, frame.game.terminal_combo * paths + frame.path, -1)
    weights = _sum_by(reached, cell, types * paths).reshape(-1, types, paths)
    prior = _sum_by(reached, frame.game.terminal_combo, types)
    worth = worth_by_form(world.tables, reached)
    return truce_section(frame.case, world.draws, tables, weights, worth, frame.budget, prior)


def _sum_by(values: Floats, column: Array, columns: int) -> Floats:
    """(n, columns) sums of (n, k) values whose column is not −1."""
    return np.stack([values[:, column == c].sum(axis=1) for c in range(columns)], axis=1)
