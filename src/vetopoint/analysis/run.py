"""One run of a whole case: draws → coalition → truce → game → answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vetopoint.analysis.answers import Answers, ChangeSection, EvidenceSection, RunAnswer
from vetopoint.analysis.change import counterexample, swings, tipping_points
from vetopoint.analysis.findings import leading_veto, twin_findings
from vetopoint.analysis.twin import ignorance_twin, twin_goals
from vetopoint.analysis.values import spec_values, symbolic_share
from vetopoint.analysis.world import World, build_world, frame_of, sample_case
from vetopoint.coalition import section as coalition_section
from vetopoint.game.interventions import option_effects
from vetopoint.game.section import game_section
from vetopoint.game.solve import terminal_probabilities
from vetopoint.quantity import band, compile_inputs
from vetopoint.truce import section as truce_section

if TYPE_CHECKING:
    from vetopoint.case import Case
    from vetopoint.game.answers import GameSection
    from vetopoint.game.priced import Play
    from vetopoint.quantity import Distribution

__all__ = ["INTERVENTION_DRAWS", "SWING_DRAWS", "Result", "run_case"]

Floats = NDArray[np.float64]
Progress = Callable[[str, float], None]

INTERVENTION_DRAWS = 4096
SWING_DRAWS = 512
TIPPING = 5


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
    without_unnamed: Mapping[str, str],
    evidence: Callable[[Mapping[str, Distribution]], EvidenceSection],
    progress: Progress | None = None,
) -> Result:
    """Run a case.

    Parameters
    ----------
    case, draws, seed : what to run.
    versions, inputs : recorded in the answers.
    voiceless : actors without a voice of their own in the sources.
    without_unnamed : input → fallback text when the unnamed sources are dropped.
    evidence : makes the evidence part from the inputs' distributions.
    progress : called with what is being done and the share that is done.
    """
    say = progress or (lambda stage, share: None)
    say("drawing", 0.0)
    distributions = compile_inputs(case)
    frame = frame_of(case)
    world = build_world(frame, sample_case(case, draws, seed))
    say("drawing", 1.0)
    say("solving the game", 0.0)
    play = world.priced.solve()
    few = min(draws, INTERVENTION_DRAWS)
    game = game_section(world.priced, world.goals, few, play=play)
    say("solving the game", 1.0)
    say("coalition and truce", 0.0)
    reached = terminal_probabilities(frame.game.tree, play.strategy, world.chance)
    coalition = _coalition(world, reached)
    truce = _truce(world, reached)
    say("coalition and truce", 1.0)
    proof = evidence(distributions)
    labels = {item.name: item.label or item.name for item in proof.inputs}
    change = _change(
        world,
        play,
        game,
        distributions,
        labels,
        proof,
        without_unnamed,
        lambda share: say("what would change it", share),
    )
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
            intervention_draws=few,
            overrides=dict(case.overrides),
            presupposes=case.file.presupposes or "",
            not_modelled=case.file.not_modelled,
            voiceless=voiceless,
            warnings=tuple(str(w) for w in case.warnings),
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


def _coalition(world: World, reached: Floats) -> object:
    """The coalition's part: situations weighed by how likely the game ends in them."""
    if world.tables.coalition is None:
        return None
    situations = world.tables.situations
    of_terminal = situations.of_history[world.frame.game.terminal_public]
    weights = _sum_by(reached, of_terminal, situations.count)
    return coalition_section(world.frame.case, world.draws, world.tables.coalition, weights)


def _truce(world: World, reached: Floats) -> object:
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
    return truce_section(world.frame.case, world.draws, tables.truce, weights, share)


def _sum_by(values: Floats, column: NDArray[np.int64], columns: int) -> Floats:
    """(n, columns) sums of (n, k) values whose column is not −1."""
    out = np.zeros((values.shape[0], columns))
    for c in range(columns):
        out[:, c] = values[:, column == c].sum(axis=1)
    return out


def _change(
    world: World,
    play: Play,
    game: GameSection,
    distributions: Mapping[str, Distribution],
    labels: Mapping[str, str],
    proof: EvidenceSection,
    without_unnamed: Mapping[str, str],
    say: Callable[[float], None],
) -> ChangeSection:
    """What would change the answer, on common draws."""
    case = world.frame.case
    goal = next(iter(world.goals))
    few = build_world(world.frame, world.draws.first(min(SWING_DRAWS, world.draws.n)), like=world)
    judged = {item.name for item in proof.inputs if item.origin != "read"}

    def measure(other: World) -> float:
        return float(other.priced.solve().goal(other.goals[goal]).mean())

    swung = swings(few, distributions, measure, judged, labels, lambda share: say(0.6 * share))
    leaders = [s.quantity for s in swung[:TIPPING]]
    level = 0.5
    tipping = tipping_points(few, distributions, measure, leaders, labels, f"P({goal}) passes {level:g}", level)
    say(0.8)
    medium = world.draws.first(min(INTERVENTION_DRAWS, world.draws.n))
    half = build_world(world.frame, medium, like=world)
    twin = ignorance_twin(half)
    weights = twin_goals(half)
    twin_play = twin.solve()
    say(0.9)
    veto = leading_veto(game.veto_points, goal)
    effects = option_effects(play, {goal: world.goals[goal]})
    finding, fails = (
        veto.failure(effects, world.frame.game)
        if veto
        else ("the goal is not reached", play.goal(world.goals[goal]) - 0.5)
    )
    anyway = _deployed_anyway(few, distributions, labels, game, case)
    return ChangeSection(
        goal=goal,
        swings=swung,
        tipping=tipping,
        twin_goal={name: band(twin_play.goal(w)) for name, w in weights.items()},
        twin=twin_findings(game, twin, twin_play, weights, goal),
        counterexample=counterexample(world.draws, play.goal(world.goals[goal]), fails, finding, distributions, labels),
        deployed_anyway=anyway,
        without_unnamed=_without(world, without_unnamed),
    )


def _deployed_anyway(
    world: World, distributions: Mapping[str, Distribution], labels: Mapping[str, str], game: GameSection, case: Case
) -> tuple:
    """For each threat: the value of each number in the threatened's costs at which it would defy as often as not."""
    found = []
    for name, threat in case.file.threats.items():
        tree = world.frame.game
        scope = tree.scope()
        held = {part: case.expression(f"threats.{name}.{part}") for part in ("made", "defied")}
        made, defied = (np.broadcast_to(held[p].evaluate(scope), (tree.terminals,)) for p in ("made", "defied"))
        threatened = threat.to or case.file.owner
        terms = case.file.payoffs[threatened].terms if threatened in case.file.payoffs else {}
        words = {
            w
            for term, body in terms.items()
            if body.channel == "cost"
            for w in case.spec(f"payoffs.{threatened}.{term}").names
        }
        names = [w for w in distributions if w in words]

        def measure(other: World, made: Floats = made, defied: Floats = defied) -> float:
            played = other.priced.solve()
            both, one = played.goal(made & defied), played.goal(made)
            return float(both.sum() / one.sum()) if one.sum() > 0 else 0.0

        label = threat.label or name
        found += tipping_points(
            world, distributions, measure, names, labels, f"P(defied | '{label}' made) passes 0.5", 0.5, 0.5
        )
    return tuple(found)


def _without(world: World, fallbacks: Mapping[str, str]) -> dict:
    """Goals when the unnamed sources are dropped: a real run of the same case with the fallbacks."""
    if not fallbacks:
        return {}
    from vetopoint.case import load_case

    case = load_case(world.frame.case.path, {**world.frame.case.overrides, **fallbacks})
    other = build_world(frame_of(case), sample_case(case, min(INTERVENTION_DRAWS, world.draws.n), world.draws.seed))
    played = other.priced.solve()
    return {name: band(played.goal(weights)) for name, weights in other.goals.items()}


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
