"""The ignorance twin: the same tree with symmetric vague payoffs. What holds there is due to the structure of the moves.

Each actor's payoff at each outcome is uniform and independent, in a unit in which two outcomes differ by 1 on average; chance
moves have uniform probabilities (Dirichlet(1)); precision and types are the case's own, but no payoff depends on a type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from vetopoint.answers import GameSection, TwinFinding, VetoPoint
from vetopoint.arrays import Array, Floats
from vetopoint.chain.flips import band_given, veto_key, veto_words
from vetopoint.chain.frame import Frame
from vetopoint.chain.world import World
from vetopoint.game.asking import keys_at
from vetopoint.game.attempts import presupposed
from vetopoint.game.decisiveness import GameValue, singly
from vetopoint.game.flow import as_weights, cut
from vetopoint.game.interventions import option_effects
from vetopoint.game.priced import Play, PricedGame
from vetopoint.game.section import affordable
from vetopoint.game.veto import stands, veto_points
from vetopoint.quantity import Band, Draws, band

__all__ = ["ignorance_twin", "likelier_than_not", "twin_findings", "twin_goals"]

MEAN_GAP = 3.0  # two independent uniforms on (0, 1) differ by 1/3 on average
HELD_AT_HALF = 0.5
ERRORS = 2.0  # Monte-Carlo errors within which a mean cannot be told from one half


def ignorance_twin(world: World) -> PricedGame:
    """The twin of a case over the same draws."""
    game, draws = world.frame.game, world.draws
    reached = [str(o) for o in game.outcome]
    outcomes = list(dict.fromkeys(reached))
    column = [outcomes.index(o) for o in reached]
    payoffs = np.empty((draws.n, world.frame.game.terminals, len(game.players)))
    for p, player in enumerate(game.players):
        payoffs[:, :, p] = MEAN_GAP * _uniforms(draws, player, outcomes)[:, column]
    return PricedGame(game, (payoffs,), (0,) * len(game.players), _vague_chance(world), world.precision)


def _uniforms(draws: Draws, owner: str, names: Sequence[str]) -> Floats:
    """(n, names) one column of uniforms a name."""
    return np.stack([draws.uniforms(f"twin.{owner}.{name}") for name in names], axis=1)


def _vague_chance(world: World) -> Floats:
    """Chance with uniform probabilities, common to all layers; the draw of types stays the case's own."""
    game, draws = world.frame.game, world.draws
    chance = world.chance.copy()
    for number, chance_set in enumerate(game.chance_sets):
        if not chance_set.move:
            continue
        start, stop = int(game.tree.chance_start[number]), int(game.tree.chance_start[number + 1])
        weights = -np.log(_uniforms(draws, chance_set.move, chance_set.options))
        chance[:, :, start:stop] = (weights / weights.sum(axis=1, keepdims=True))[:, None, :]
    return chance


def twin_goals(world: World) -> dict[str, Floats]:
    """The goals on the twin: those that the truce decides count a history with a truce as one half."""
    return {
        name: weights if weights.ndim == 1 else np.where(weights.max(axis=0) > 0, HELD_AT_HALF, 0.0)
        for name, weights in world.goals.items()
    }


def twin_findings(
    game: GameSection, play: Play, goals: Mapping[str, Array], goal: str, frame: Frame
) -> tuple[TwinFinding, ...]:
    """Which findings of the case hold under vague payoffs too.

    Parameters
    ----------
    game : what the game answered for the case itself.
    play, goals : the twin as it is played, and its goals.
    goal : the leading goal.
    """
    case_goal = next(g for g in game.goals if g.name == goal)
    case_chance = case_goal.presupposed or case_goal.probability
    twin_goal = band_given(play, goals[goal], frame) or band(play.goal(goals[goal]))
    said, said_of_twin = (likelier_than_not(case_goal.label, b) for b in (case_chance, twin_goal))
    found = [
        TwinFinding(
            finding=said,
            case_value=f"{case_chance.mean:.3f}",
            twin_value=f"{twin_goal.mean:.3f}",
            structural=said == said_of_twin,
        )
    ]
    of_twin = veto_points(frame.game, option_effects(play, goals, presupposed(frame.game)), goals, failing=True)
    twins = {veto_key(p): p for p in of_twin}
    for point in [p for p in game.veto_points if not p.owner]:
        twin = twins.get(veto_key(point))
        found.append(
            TwinFinding(
                finding=veto_words(frame, point),
                case_value=_tested(point),
                twin_value=_tested(twin),
                structural=twin is not None and stands(twin),
                kind="veto",
                party=point.actor,
            )
        )
    return (*found, *_most_decisive(game, play, goals, goal, frame), *_hangs_most(game, play, goals, goal, frame))


def likelier_than_not(label: str, probability: Band) -> str:
    """On which side of one half a goal's probability lies, in words that say where sampling cannot tell.

    >>> from vetopoint.quantity import Band
    >>> likelier_than_not("it holds", Band(mean=0.81, lo=0.7, hi=0.9, mc=0.01))
    '“it holds” is more likely than not'
    >>> likelier_than_not("it holds", Band(mean=0.49, lo=0.4, hi=0.6, mc=0.01))
    '“it holds” is as likely as not, within the Monte-Carlo error'
    """
    if abs(probability.mean - 0.5) <= ERRORS * probability.mc:
        return f"“{label}” is as likely as not, within the Monte-Carlo error"
    return f"“{label}” is {'less' if probability.mean < 0.5 else 'more'} likely than not"


def _tested(point: VetoPoint | None) -> str:
    """What a veto point's test found: what the option leaves, and in which share of draws it passes."""
    if point is None:
        return "in 0% of draws"
    if point.kind != "effective" or point.goal_if_forced is None:
        return f"in {point.share_of_draws:.0%} of draws"
    return f"leaves it {point.goal_if_forced.mean:.1%}, {point.share_of_draws:.0%} of draws pass"


def _most_decisive(
    game: GameSection, play: Play, goals: Mapping[str, Array], goal: str, frame: Frame
) -> list[TwinFinding]:
    """Whether the same actor (the owner apart) has the largest decisiveness; nothing where only the owner moves."""
    answer = next(d for d in game.decisiveness if d.goal == goal)
    ranked = [a for a in answer.parties if not a.owner]
    if not ranked:
        return []
    few = affordable(play, frame.budget)
    value = GameValue(few.priced, cut(as_weights(goals[goal]), slice(few.priced.n)), presupposed(frame.game), few)
    on_twin = singly(value, [a.party for a in ranked], value.weight)
    d = {party: band(on_twin.d[:, k], on_twin.weight).mean for k, party in enumerate(on_twin.actors)}
    here, there = max(ranked, key=lambda a: a.decisiveness.mean), max(d, key=lambda actor: d[actor])
    label = frame.case.file.goal_labels.get(goal, goal)
    has = "have" if frame.case.is_several(here.party) else "has"
    return [
        TwinFinding(
            finding=f"{here.label} {has} the largest decisiveness on “{label}”, the owner apart",
            case_value=f"{here.label} {here.decisiveness.mean:.3f}",
            twin_value=f"{frame.labels[there]} {d[there]:.3f}",
            structural=there == here.party,
            kind="key",
            party=here.party,
        )
    ]


def _hangs_most(
    game: GameSection, play: Play, goals: Mapping[str, Array], goal: str, frame: Frame
) -> Iterator[TwinFinding]:
    """Whether it is the same actor's answer on which the goal hangs most once the plan is attempted, by its widest fork."""
    here = next((f for d in game.decisiveness if d.goal == goal for f in d.forks), None)
    few = affordable(play, frame.budget)
    weights = cut(as_weights(goals[goal]), slice(few.priced.n))
    there = next(keys_at(few.priced, weights, presupposed(frame.game), (1.0,)), None)
    if here is None:
        return
    yes, no = (branch.goal.mean for branch in here.branches)
    label, called = frame.case.file.goal_labels.get(goal, goal), frame.labels[here.actor]
    yield TwinFinding(
        finding=f"once the plan is attempted, “{label}” hangs most on the answer of {frame.case.actor_within(here.actor)}",
        case_value=f"{called} {yes - no:.3f}",
        twin_value="nobody" if there is None else f"{frame.labels[there.actor]} {there.on_yes - there.on_no:.3f}",
        structural=there is not None and there.actor == here.actor,
        kind="fork",
        party=here.actor,
    )
