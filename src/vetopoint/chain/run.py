"""One run of a whole case: draws → coalition → truce → game → answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vetopoint.answers import Answers, EvidenceSection, RunAnswer
from vetopoint.arrays import Floats
from vetopoint.budget import USUAL, Budget
from vetopoint.chain.change_section import change_section, goals_without_unnamed
from vetopoint.chain.deciding import members_decisiveness
from vetopoint.chain.expectations import consistent_expectations, expectation_gaps
from vetopoint.chain.values import symbolic_share
from vetopoint.chain.world import World, build_world, frame_of, sample_case
from vetopoint.coalition import section as coalition_section
from vetopoint.game.section import game_section, presupposed
from vetopoint.game.solver.solve import terminal_probabilities
from vetopoint.quantity import compile_inputs
from vetopoint.truce import section as truce_section

if TYPE_CHECKING:
    from vetopoint.answers import CoalitionSection, TruceSection
    from vetopoint.case import Case
    from vetopoint.game.priced import Play
    from vetopoint.quantity import Distribution

__all__ = ["Result", "run_case"]

Progress = Callable[[str, float], None]


@dataclass(frozen=True, eq=False)
class Result:
    """What a run leaves: the answers, and one column a name with one row a draw."""

    answers: Answers
    columns: Mapping[str, Floats]


def run_case(
    case: Case,
    draws: int,
    seed: int,
    *,
    versions: Mapping[str, str],
    inputs: Mapping[str, str],
    voiceless: tuple[str, ...],
    dropped: Collection[str],
    evidence: Callable[[Mapping[str, Distribution]], EvidenceSection],
    budget: Budget = USUAL,
    progress: Progress | None = None,
) -> Result:
    """Run a case.

    Parameters
    ----------
    case, draws, seed : what to run.
    versions, inputs : recorded in the answers.
    voiceless : actors without a voice of their own in the sources.
    dropped : inputs that fall back when the unnamed sources are dropped.
    evidence : makes the evidence part from the inputs' distributions.
    budget : how many draws each part may use.
    progress : called with what is being done and the share that is done.
    """
    say = progress or (lambda stage, share: None)
    say("drawing", 0.0)
    distributions = compile_inputs(case)
    with ThreadPoolExecutor(2) as pool:
        frame = frame_of(case, budget)
        unnamed = pool.submit(goals_without_unnamed, frame, dropped, draws, seed)
        world = build_world(frame, sample_case(case, draws, seed))
        say("drawing", 1.0)
        say("solving the game", 0.0)
        play = world.priced.solve()
        reached = terminal_probabilities(frame.game.tree, play.strategy, world.chance)
        warnings = tuple(str(w) for w in world.warnings)
        proof = evidence(distributions)
        lasting = pool.submit(_truce, world, reached)
        world = world.without_truce()  # the largest table; it goes when its own section is done
        solved = pool.submit(game_section, world.priced, world.goals, budget.threats, budget.decisiveness, play=play)
        joined = pool.submit(_coalition, world, play, reached)
        decided = pool.submit(members_decisiveness, world, budget.members)
        say("solving the game", 1.0)
        change = change_section(
            world,
            solved.result,
            distributions,
            proof,
            unnamed.result,
            lambda share: say("what would change it", share),
        )
        truce, game = lasting.result(), solved.result()
        coalition, deciding = joined.result(), decided.result()
    say("what would change it", 1.0)
    answers = Answers(
        run=RunAnswer(
            case=case.name,
            title=case.file.title,
            summary=case.file.summary,
            as_of=case.file.as_of,
            horizon_months=case.file.horizon_months,
            owner=case.file.owner,
            actors={actor: case.actor_label(actor) for actor in case.file.actors},
            seed=seed,
            draws=draws,
            intervention_draws=game.decisiveness[0].draws if game.decisiveness else min(draws, budget.threats),
            draws_used=_draws_used(budget, draws, deciding[0].draws if deciding else 0),
            overrides=dict(case.overrides),
            presupposes=case.file.presupposes or "",
            not_modelled=case.file.not_modelled,
            voiceless=voiceless,
            warnings=warnings,
            versions=dict(versions),
            inputs=dict(inputs),
            solver=game.solver,
        ),
        outcomes=game.outcomes,
        goals=game.goals,
        veto_points=game.veto_points,
        decisiveness=game.decisiveness,
        threats=game.threats,
        moments=game.moments,
        members_decisiveness=deciding,
        expectations=consistent_expectations(world, budget.expectations),
        coalition=coalition,
        truce=truce,
        change=change,
        evidence=proof,
        moves=game.moves,
        tree=game.tree,
        beliefs=game.beliefs,
        anticipation=game.anticipation,
    )
    return Result(answers, _columns(world, play, reached))


def _draws_used(budget: Budget, draws: int, members: int) -> dict[str, int]:
    """What each part used, in words; counts that were set by hand stand under their own names too."""
    used = {
        "threats": budget.threats,
        "decisiveness, anticipation, other precisions": min(budget.threats, budget.decisiveness),
        "swings, tipping points": budget.swings,
        "ignorance twin, counterexample, sets of quantities, without unnamed sources": budget.twin,
        **budget.set_by_hand,
    }
    return {name: min(draws, count) for name, count in used.items()} | {"members through the whole chain": members}


def _coalition(world: World, play: Play, reached: Floats) -> CoalitionSection | None:
    """The coalition's part: situations weighed by how likely the game ends in them, given the chance events presupposed."""
    if world.tables.coalition is None:
        return None
    situations = world.tables.situations
    of_terminal = situations.of_history[world.frame.game.terminal_public]
    holds = presupposed(world.frame.game)
    given = reached if holds is None else reached * holds
    weights = _sum_by(given, of_terminal, situations.count)
    total = weights.sum(axis=1, keepdims=True)
    weights = np.where(total > 0, weights / np.where(total > 0, total, 1.0), 1.0 / situations.count)
    found = coalition_section(world.frame.case, world.draws, world.tables.coalition, weights, budget=world.frame.budget)
    return found.model_copy(update={"expectations": expectation_gaps(world, play)})


def _truce(world: World, reached: Floats) -> TruceSection | None:
    """The truce's part: types and presence paths weighed by the game."""
    tables = world.tables
    if tables.truce is None:
        return None
    game = world.frame.game
    paths = len(tables.paths.paths)
    path = tables.paths.of_history[game.terminal_public]
    cell = np.where(path >= 0, game.terminal_combo * paths + path, -1)
    weights = _sum_by(reached, cell, game.types.size * paths).reshape(-1, game.types.size, paths)
    share = symbolic_share(world.tables, reached, world.goals[next(iter(world.goals))])
    return truce_section(world.frame.case, world.draws, tables.truce, weights, share, budget=world.frame.budget)


def _sum_by(values: Floats, column: NDArray[np.int64], columns: int) -> Floats:
    """(n, columns) sums of (n, k) values whose column is not −1."""
    out = np.zeros((values.shape[0], columns))
    for c in range(columns):
        out[:, c] = values[:, column == c].sum(axis=1)
    return out


def _columns(world: World, play: Play, reached: Floats) -> dict[str, Floats]:
    """One column an input, a goal, an outcome and the solver's label; one row a draw."""
    columns: dict[str, Floats] = {f"input.{name}": world.draws[name] for name in world.draws}
    columns.update({f"goal.{name}": play.goal(weights) for name, weights in world.goals.items()})
    outcome = world.frame.game.outcome
    for name in world.frame.case.file.outcomes:
        columns[f"outcome.{name}"] = reached[:, outcome == name].sum(axis=1)
    columns["solver.label"] = play.solution.label.astype(np.float64)
    columns["solver.residual"] = play.solution.residual
    return columns
