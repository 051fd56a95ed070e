"""Findings in a form that can be tried elsewhere: on the ignorance twin, and draw by draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from vetopoint.answers import TwinFinding
from vetopoint.arrays import Floats
from vetopoint.chain.change import Doubt
from vetopoint.game.decisiveness import policy_value
from vetopoint.game.interventions import option_effects
from vetopoint.game.veto import veto_points

if TYPE_CHECKING:
    from vetopoint.answers import GameSection, VetoPoint
    from vetopoint.chain.world import World
    from vetopoint.game.priced import Play, PricedGame
    from vetopoint.game.unroll.histories import GameTree

__all__ = ["leading_doubt", "twin_findings"]


def leading_doubt(points: Sequence[VetoPoint], goal: str, game: GameTree) -> Doubt:
    """The finding to doubt: the effective veto that is reached most, or else that the goal is not reached."""
    case = game.case
    label = case.file.goal_labels.get(goal, goal)
    effective = [p for p in points if p.kind == "effective" and p.goal == goal and not p.owner]
    if not effective:
        return Doubt(f"“{label}” is less likely than not", f"the chance of “{label}”", 0.5, _goal_of(goal))
    point = max(effective, key=lambda p: (p.share_of_draws * p.p_reached.mean, p.share_of_draws, p.option))
    move = case.file.moves[point.move]
    option = move.labels.get(point.option, point.option)
    layer = game.layer_of(point.move, point.round or 0)
    column = game.public.layers[layer].options.index(point.option)
    actor = case.actor_label(point.actor)
    threshold = point.threshold.absolute if point.threshold is not None else 0.05

    def value(world: World) -> tuple[Floats, Floats]:
        play = world.priced.solve()
        effects = option_effects(play, {goal: world.goals[goal]})
        return effects.goal[goal][:, int(effects.start[layer]) + column], play.goal(world.goals[goal])

    return Doubt(
        f"{actor} can stop the plan in effect: when {actor} {option}, “{label}” becomes all but impossible",
        f"the chance of “{label}” once {actor} {option}",
        threshold,
        value,
    )


def _goal_of(goal: str) -> Callable[[World], tuple[Floats, Floats]]:
    def value(world: World) -> tuple[Floats, Floats]:
        reached = world.priced.solve().goal(world.goals[goal])
        return reached, reached

    return value


def twin_findings(
    game: GameSection, twin: PricedGame, play: Play, goals: Mapping[str, NDArray[Any]], goal: str
) -> tuple[TwinFinding, ...]:
    """Which findings of the case hold under vague payoffs too."""
    case_goal = next(g for g in game.goals if g.name == goal)
    twin_mean = float(play.goal(goals[goal]).mean())
    found = [
        TwinFinding(
            finding=f"“{case_goal.label}” is less likely than not",
            case_value=f"{case_goal.probability.mean:.3f}",
            twin_value=f"{twin_mean:.3f}",
            structural=(case_goal.probability.mean < 0.5) == (twin_mean < 0.5),
        )
    ]
    effects = option_effects(play, goals)
    elsewhere = {_key(p): p for p in veto_points(twin.game, effects, goals, listed_from=0.0)}
    for point in game.veto_points:
        if point.owner:
            continue
        other = elsewhere.get(_key(point))
        share = other.share_of_draws if other else 0.0
        found.append(
            TwinFinding(
                finding=_veto_words(twin.game, point),
                case_value=f"in {point.share_of_draws:.0%} of draws",
                twin_value=f"in {share:.0%} of draws",
                structural=(point.share_of_draws >= 0.5) == (share >= 0.5),
            )
        )
    found.append(_most_decisive(game, twin, goals, goal))
    return tuple(found)


def _veto_words(game: GameTree, point: VetoPoint) -> str:
    """A veto point in one line, in the case's own labels."""
    case = game.case
    move = case.file.moves[point.move]
    option = move.labels.get(point.option, point.option)
    place = f"“{move.label or point.move}”" + (f", round {point.round}" if point.round else "")
    by = " as part of a policy" if point.scope == "policy" else ""
    kind = {"effective": "an effective veto", "forcing": "a forcing veto", "rule": "a veto by rule"}[point.kind]
    goal = case.file.goal_labels.get(point.goal, point.goal)
    return f"{case.actor_label(point.actor)}: {option} at {place} is {kind}{by} on “{goal}”"


def _key(point: VetoPoint) -> tuple[Any, ...]:
    return (point.actor, point.move, point.round, point.option, point.kind, point.scope, point.goal)


def _most_decisive(game: GameSection, twin: PricedGame, goals: Mapping[str, NDArray[Any]], goal: str) -> TwinFinding:
    """Whether the same actor (the owner apart) has the largest decisiveness."""
    answer = next(d for d in game.decisiveness if d.goal == goal)
    ranked = [a for a in answer.actors if not a.owner]
    weights = goals[goal]
    value = policy_value(twin, weights[: twin.n] if weights.ndim == 2 else weights)
    nobody: frozenset[str] = frozenset()
    d = {
        a.actor: float((value(frozenset([a.actor]), nobody) - value(nobody, frozenset([a.actor]))).mean())
        for a in ranked
    }
    label = twin.game.case.file.goal_labels.get(goal, goal)
    here = max(ranked, key=lambda a: a.decisiveness.mean)
    there = max(d, key=lambda actor: d[actor])
    return TwinFinding(
        finding=f"{here.label} has the largest decisiveness on “{label}”, the owner apart",
        case_value=f"{here.label} {here.decisiveness.mean:.3f}",
        twin_value=f"{twin.game.case.actor_label(there)} {d[there]:.3f}",
        structural=there == here.actor,
    )
