"""Who can stop the plan, at which move: by a rule, by force of its own moves, or in effect since others back down.

Three kinds, never merged. A *rule veto*: a consent clause cannot hold once the actor has withheld. A *forcing veto*: no history
reaches the goal after the option (or under the actor's policy), whatever others do. An *effective veto* of option o at move m:
not forcing, and yet g(o) = P(goal | m reached, do_S(m = o)) is at most ``absolute`` and at most ``relative`` times the largest
g of the move's other options.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.answers import SweepAnswer, Threshold, VetoPoint
from vetopoint.arrays import Floats
from vetopoint.case.expression import Expression, Scope
from vetopoint.game._policies import Policy, deciders, forcing_policy, goal_histories, open_nodes
from vetopoint.game.interventions import OptionEffects
from vetopoint.game.unroll.expand import evaluate_located
from vetopoint.game.unroll.histories import CHANCE, GameTree
from vetopoint.quantity import Band, band

__all__ = ["DEFAULT_THRESHOLD", "RARELY", "clause_histories", "effective", "forcing_options", "veto_points"]


DEFAULT_THRESHOLD = Threshold(absolute=0.05, relative=0.2)
RARELY = 0.01
SWEEP = tuple(Threshold(absolute=a, relative=r) for a in (0.02, 0.05, 0.1) for r in (0.1, 0.2, 0.4))


def effective(goal: Floats, threshold: Threshold = DEFAULT_THRESHOLD) -> NDArray[np.bool_]:
    """Whether each option is an effective veto, by draw.

    Parameters
    ----------
    goal : (n, options) P(goal | the move is reached, do_S(option)).
    threshold : the test.

    Returns
    -------
    (n, options) bool. Where no option leaves the goal a chance, nothing is a veto.

    Examples
    --------
    >>> effective(np.array([[0.5, 0.01], [0.04, 0.03]])).tolist()
    [[False, True], [False, False]]
    """
    n, k = goal.shape
    second, best = np.sort(np.concatenate([np.zeros((n, 2)), goal], axis=1), axis=1)[:, -2:].T[:, :, None]
    others = np.where(goal == best, second, best)
    return np.asarray(
        (goal <= threshold.absolute) & (goal <= threshold.relative * others) & (others > 0), dtype=bool
    ).reshape(n, k)


def forcing_options(game: GameTree, reached: NDArray[np.bool_]) -> dict[int, tuple[str, ...]]:
    """Options after which no history reaches the goal, at moves where another option leaves it open.

    Parameters
    ----------
    game : the game.
    reached : (public histories,) whether the history reaches the goal.

    Returns
    -------
    Number of a layer to its forcing options, moves of chance left out.
    """
    open_ = open_nodes(game.public, reached)
    found: dict[int, tuple[str, ...]] = {}
    for number, layer in enumerate(game.public.layers):
        if layer.by == CHANCE or not game.public.at_layer(number).size:
            continue
        alive = np.asarray(open_[game.public.children(number)].any(axis=0))
        if alive.any() and not alive.all():
            found[number] = tuple(o for o, ok in zip(layer.options, alive.tolist(), strict=True) if not ok)
    return found


def clause_histories(game: GameTree) -> NDArray[np.bool_] | None:
    """(public histories,) whether the coalition's consent clause can hold in the history; None without such a clause.

    Facts have their truth in the history. Members, bodies and counts of members are not decided by the history: the clause
    *can* hold if some assignment of them lets it hold.
    """
    clause = game.case.expression("coalition.requires")
    if clause is None or clause.text == "true":
        return None
    facts: dict[str, NDArray[np.bool_]] = {}
    for name in game.case.file.coalition.facts:
        condition = game.case.expression(f"coalition.facts.{name}")
        if condition is not None:
            value = evaluate_located(game.case, condition, game.public_scope(), ("coalition", "facts", name))
            facts[name] = np.broadcast_to(value, (game.public.histories,)).astype(bool)
    free = sorted(clause.names - set(facts) - {"true", "false"})
    return _can_hold(clause, facts, free, game.public.histories)


def _can_hold(
    clause: Expression, facts: Mapping[str, NDArray[np.bool_]], free: Sequence[str], histories: int
) -> NDArray[np.bool_]:
    """Whether some assignment of what the history leaves open lets the clause hold (beyond ten names: all or none)."""
    found = np.zeros(histories, dtype=bool)
    names = [*free, *sorted(clause.calls & {"joined", "joined_share", "k_of"})]
    assignments = range(1 << len(names)) if len(names) <= 10 else (0, (1 << len(names)) - 1)
    for mask in assignments:
        truth = {name: np.array(bool(mask >> i & 1)) for i, name in enumerate(names)}
        functions = {name: _constant(truth[name]) for name in names if name not in free}
        scope = Scope(values={**facts, **truth}, functions=functions)
        found |= np.broadcast_to(clause.evaluate(scope), (histories,)).astype(bool)
    return found


def _constant(value: NDArray[Any]) -> Callable[..., NDArray[Any]]:
    return lambda *_: value


def veto_points(
    game: GameTree,
    effects: OptionEffects,
    goals: Mapping[str, NDArray[Any]],
    threshold: Threshold = DEFAULT_THRESHOLD,
    sweep: Sequence[Threshold] = SWEEP,
    listed_from: float = 0.5,
) -> list[VetoPoint]:
    """Every place at which an actor can stop the plan, for each goal.

    Parameters
    ----------
    game : the game.
    effects : what each option does when taken by surprise, see `option_effects`.
    goals : weights (terminals,) or (n, terminals) of each goal.
    threshold : the test of an effective veto.
    sweep : further thresholds at which the share of draws is reported.
    listed_from : smallest share of draws in which the test holds for an effective veto to be listed.

    Returns
    -------
    list of VetoPoint
        By goal, then by date; rule, forcing (by option, then by policy) and effective.
    """
    found: list[VetoPoint] = []
    clause = clause_histories(game)
    for goal, weights in goals.items():
        reached = goal_histories(game, weights)
        forcing = forcing_options(game, reached)
        # A clause forbids the plan; a goal that the truce decides, draw by draw, can be had without the plan.
        plan = clause if np.ndim(weights) == 1 else None
        points = [
            *_rule(game, effects, goal, plan),
            *_forcing(game, effects, goal, forcing),
            *_by_policy(game, effects, goal, reached, forcing),
            *_effective(game, effects, goal, forcing, threshold, sweep, listed_from),
        ]
        found += sorted(points, key=lambda p: round(p.at, 6))
    return found


def _point(
    game: GameTree,
    effects: OptionEffects,
    goal: str,
    layer: int,
    option: str,
    **given: Any,
) -> VetoPoint:
    move = game.public.layers[layer]
    column = int(effects.start[layer]) + move.options.index(option)
    reached = effects.reached[:, layer]
    fields: dict[str, Any] = {
        "actor": move.by,
        "owner": move.by == game.case.file.owner,
        "move": move.move,
        "round": move.round or None,
        "option": option,
        "goal": goal,
        "goal_if_forced": band(effects.goal[goal][:, column]),
        "share_of_draws": 1.0,
        "p_reached": band(reached),
        "rarely_reached": bool(reached.mean() < RARELY),
        "at": float(effects.at[layer]),
        "scope": "option",
        "intervention": "surprise",
    }
    return VetoPoint(**{**fields, **given})


def _rule(game: GameTree, effects: OptionEffects, goal: str, clause: NDArray[np.bool_] | None) -> Iterator[VetoPoint]:
    if clause is None:
        return
    text = game.case.file.coalition.requires
    for layer, options in forcing_options(game, clause).items():
        for option in options:
            yield _point(game, effects, goal, layer, option, kind="rule", scope="clause", clause=text)


def _forcing(
    game: GameTree, effects: OptionEffects, goal: str, forcing: Mapping[int, tuple[str, ...]]
) -> Iterator[VetoPoint]:
    for layer, options in forcing.items():
        for option in options:
            yield _point(game, effects, goal, layer, option, kind="forcing")


def _by_policy(
    game: GameTree,
    effects: OptionEffects,
    goal: str,
    reached: NDArray[np.bool_],
    forcing: Mapping[int, tuple[str, ...]],
) -> Iterator[VetoPoint]:
    if not reached.any():
        return
    for actor in deciders(game):
        policy = forcing_policy(game, actor, reached)
        if policy is None or not policy.options:
            continue
        layer, options = next(iter(policy.options.items()))
        yield _point(
            game,
            effects,
            goal,
            layer,
            options[0],
            kind="forcing",
            scope="policy",
            policy=_named(game, policy),
            goal_if_forced=Band(mean=0.0, lo=0.0, hi=0.0, mc=0.0),
            intervention="announced",
        )


def _named(game: GameTree, policy: Policy) -> dict[str, tuple[str, ...]]:
    return {game.public.layers[layer].name: options for layer, options in policy.options.items()}


def _effective(
    game: GameTree,
    effects: OptionEffects,
    goal: str,
    forcing: Mapping[int, tuple[str, ...]],
    threshold: Threshold,
    sweep: Sequence[Threshold],
    listed_from: float,
) -> Iterator[VetoPoint]:
    for number, layer in enumerate(game.public.layers):
        if layer.by == CHANCE or len(layer.options) < 2 or not game.public.at_layer(number).size:
            continue
        columns = slice(int(effects.start[number]), int(effects.start[number + 1]))
        forced = effects.goal[goal][:, columns]
        share = effective(forced, threshold).mean(axis=0)
        listed = [o for o, name in enumerate(layer.options) if name not in forcing.get(number, ())]
        listed = [o for o in listed if share[o] >= listed_from]
        swept = [(t, effective(forced, t).mean(axis=0)) for t in sweep] if listed else []
        for o in listed:
            yield _point(
                game,
                effects,
                goal,
                number,
                layer.options[o],
                kind="effective",
                share_of_draws=float(share[o]),
                threshold=threshold,
                sweep=tuple(SweepAnswer(threshold=t, share_of_draws=float(s[o])) for t, s in swept),
            )
