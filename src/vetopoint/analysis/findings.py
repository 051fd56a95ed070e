"""Findings in a form that can be tried elsewhere: on the ignorance twin, and draw by draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.analysis.answers import TwinFinding
from vetopoint.game.decisiveness import policy_value
from vetopoint.game.interventions import option_effects
from vetopoint.game.veto import veto_points

if TYPE_CHECKING:
    from vetopoint.game.answers import GameSection, VetoPoint
    from vetopoint.game.histories import GameTree
    from vetopoint.game.interventions import OptionEffects
    from vetopoint.game.priced import Play, PricedGame

__all__ = ["LeadingVeto", "leading_veto", "twin_findings"]

Floats = NDArray[np.float64]

TWIN_DRAWS = 1024


@dataclass(frozen=True)
class LeadingVeto:
    """The effective veto that matters most: who could use which option at which move."""

    point: VetoPoint

    def failure(self, effects: OptionEffects, game: GameTree) -> tuple[str, Floats]:
        """The finding in words, and (n,) how far each draw is from it: P(goal) after the option, less the threshold."""
        point = self.point
        threshold = point.threshold.absolute if point.threshold is not None else 0.05
        layer = game.layer_of(point.move, point.round or 0)
        column = int(effects.start[layer]) + game.public.layers[layer].options.index(point.option)
        words = f"{game.case.actor_label(point.actor)} can stop '{point.goal}' by '{point.option}' at '{point.move}' in effect"
        return words, effects.goal[point.goal][:, column] - threshold


def leading_veto(points: Sequence[VetoPoint], goal: str) -> LeadingVeto | None:
    """The effective veto on a goal, not the owner's, in most draws where it is reached."""
    effective = [p for p in points if p.kind == "effective" and p.goal == goal and not p.owner]
    if not effective:
        return None
    return LeadingVeto(max(effective, key=lambda p: (p.share_of_draws * p.p_reached.mean, p.share_of_draws)))


def twin_findings(
    game: GameSection, twin: PricedGame, play: Play, goals: Mapping[str, NDArray[Any]], goal: str
) -> tuple[TwinFinding, ...]:
    """Which findings of the case hold under vague payoffs too."""
    case_goal = next(g for g in game.goals if g.name == goal)
    twin_mean = float(play.goal(goals[goal]).mean())
    found = [
        TwinFinding(
            finding=f"'{case_goal.label}' is less likely than not",
            case_value=f"{case_goal.probability.mean:.3f}",
            twin_value=f"{twin_mean:.3f}",
            structural=(case_goal.probability.mean < 0.5) == (twin_mean < 0.5),
        )
    ]
    effects = option_effects(play, goals)
    elsewhere = {_key(p): p for p in veto_points(twin.game, effects, goals, listed_from=0.0)}
    for point in game.veto_points:
        other = elsewhere.get(_key(point))
        share = other.share_of_draws if other else 0.0
        found.append(
            TwinFinding(
                finding=f"{twin.game.case.actor_label(point.actor)}: '{point.option}' at '{_move(point)}' is {_article(point.kind)} veto on '{point.goal}'",
                case_value=f"in {point.share_of_draws:.0%} of draws",
                twin_value=f"in {share:.0%} of draws",
                structural=(point.share_of_draws >= 0.5) == (share >= 0.5),
            )
        )
    found.append(_most_decisive(game, twin.first(TWIN_DRAWS), goals, goal))
    return tuple(found)


def _move(point: VetoPoint) -> str:
    return f"{point.move}, round {point.round}" if point.round else point.move


def _article(kind: str) -> str:
    return f"an {kind}" if kind == "effective" else f"a {kind}"


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
    here = max(ranked, key=lambda a: a.decisiveness.mean)
    there = max(d, key=lambda actor: d[actor])
    return TwinFinding(
        finding=f"{here.label} has the largest decisiveness on '{goal}', the owner apart",
        case_value=f"{here.label} {here.decisiveness.mean:.3f}",
        twin_value=f"{twin.game.case.actor_label(there)} {d[there]:.3f}",
        structural=there == here.actor,
    )
