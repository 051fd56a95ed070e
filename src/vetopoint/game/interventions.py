"""What would happen if an actor did otherwise: announced before the first move, or by surprise.

*Announced* do_A: the choice is public before the first move and independent of the actor's type; everybody else re-solves, and
the forced choice carries no information. *Surprise* do_S: the choice is made when its turn comes; all other strategies, and the
beliefs attached to what it looks like, stay as solved. Their difference is *anticipation*: what was not proposed because the
answer was expected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Floats
from vetopoint.game.flow import Flow, as_weights, collect, cut, gather_pairs, over_draws
from vetopoint.game.priced import Play, PricedGame, solve_views
from vetopoint.game.unroll.histories import CHANCE, GameTree

__all__ = [
    "Anticipation",
    "Favoured",
    "OptionEffects",
    "announce",
    "announce_strategy",
    "anticipation",
    "favour",
    "option_effects",
    "surprise",
    "surprise_strategy",
]


@dataclass(frozen=True, eq=False)
class OptionEffects:
    """What each option of each move does when it is taken by surprise.

    Attributes
    ----------
    start : (layers + 1,) options of layer l are columns ``start[l]`` up to ``start[l+1]``.
    reached : (n, layers) P(the move is reached).
    chosen : (n, columns) P(option | reached), as solved.
    goal : (n, columns) P(goal | reached, do_S(option)), one array for each goal.
    at : (layers,) month of the move, averaged over the histories that reach it; NaN where none does.
    """

    start: NDArray[np.int64]
    reached: Floats
    chosen: Floats
    goal: Mapping[str, Floats]
    at: Floats


def option_effects(play: Play, goals: Mapping[str, NDArray[Any]]) -> OptionEffects:
    """Surprise interventions do_S(m = o) for every option of every move and round, in truth.

    Parameters
    ----------
    play : the solved game.
    goals : weights (terminals,) or (n, terminals) of each goal.
    """
    game = play.priced.game
    start = np.concatenate([[0], np.cumsum([len(layer.options) for layer in game.public.layers])]).astype(np.int64)
    rows = {name: as_weights(weights) for name, weights in goals.items()}
    column = _columns(game, start)
    columns, layers = int(start[-1]), len(game.public.layers)
    at_layer = np.where(game.node_public >= 0, game.public.layer[game.node_public], -1)
    size = np.diff(start)

    def work(flow: Flow, block: slice) -> tuple[Floats, Floats, dict[str, Floats], Floats]:
        reached = collect(at_layer, layers, flow.reach)
        chosen = collect(column, columns, flow.reach)
        found = {}
        for name, weights in rows.items():
            value = flow.value(cut(weights, block))
            found[name] = gather_pairs(column, columns, flow.reach, game.tree.parent, value)
        return reached, chosen, found, flow.reach.sum(axis=0)

    parts = over_draws(work, game, play.strategy, play.priced.chance)
    reached = np.concatenate([p[0] for p in parts])
    among = np.repeat(reached, size, axis=1)
    return OptionEffects(
        start,
        reached,
        _share(np.concatenate([p[1] for p in parts]), among),
        {name: _share(np.concatenate([p[2][name] for p in parts]), among) for name in rows},
        _mean_dates(game, np.sum([p[3] for p in parts], axis=0), at_layer),
    )


def _share(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.zeros_like(part), where=whole > 0))


def _columns(game: GameTree, start: NDArray[np.int64]) -> NDArray[np.int64]:
    """(nodes,) column of the option that led to each node; -1 at the start."""
    public = game.public
    column = np.where(public.parent >= 0, start[public.layer[np.maximum(public.parent, 0)]] + public.option, -1)
    return np.where(game.node_public >= 0, column[game.node_public], -1)


def _mean_dates(game: GameTree, weight: Floats, at_layer: NDArray[Any]) -> Floats:
    out = np.full(len(game.public.layers), np.nan)
    for number in range(out.size):
        nodes = np.flatnonzero(at_layer == number)
        if nodes.size:
            dates, w = game.public.date[game.node_public[nodes]], weight[nodes]
            out[number] = np.average(dates, weights=w) if w.sum() > 0 else dates.mean()
    return out


def surprise(play: Play, forced: Mapping[int, str]) -> Play:
    """Play under do_S: some moves are forced, everything else stays as solved.

    Parameters
    ----------
    play : the solved game.
    forced : number of a layer to the option taken there.
    """
    game = play.priced.game
    strategy = play.strategy.copy()
    for layer, option in forced.items():
        taken = game.public.layers[layer].options.index(option)
        for infoset in np.flatnonzero(game.infoset_layer == layer):
            actions = game.tree.actions(int(infoset))
            strategy[:, actions.start : actions.stop] = 0.0
            strategy[:, actions.start + taken] = 1.0
    return replace(play, solution=replace(play.solution, strategy=strategy))


def surprise_strategy(play: Play, actor: str, strategy: Floats) -> Play:
    """Play in which one actor follows another, possibly type-contingent, strategy and everything else stays as solved.

    Parameters
    ----------
    play : the solved game.
    actor : who departs from it.
    strategy : (n, actions); only the actor's own actions are looked at.
    """
    mine = play.priced.game.tree.action_player == play.priced.game.players.index(actor)
    joined = np.where(mine[None, :], strategy, play.strategy)
    return replace(play, solution=replace(play.solution, strategy=joined))


def announce_strategy(priced: PricedGame, actor: str, strategy: Floats) -> Play:
    """Play when one actor's strategy, type-contingent or mixed, is public and the others re-solve.

    Unlike a type-independent policy its choices do tell of its type. Announcing the solved strategy changes nothing.
    """
    mine = priced.game.tree.action_player == priced.game.players.index(actor)
    return priced.solve(fixed=np.where(mine[None, :], strategy, np.nan))


def announce(priced: PricedGame, allowed: Mapping[int, Sequence[str]]) -> tuple[Play, NDArray[np.intp]]:
    """Play under do_A: some moves are public before the first move and everybody re-solves.

    All types of the mover are bound alike, so the forced choice tells nothing of its type; its other moves still may.

    Parameters
    ----------
    priced : the game.
    allowed : number of a layer to the options that stay (one: the option forced).

    Returns
    -------
    play : the solved smaller game.
    terminals : (its terminals,) their numbers in the original game.
    """
    smaller, restriction = priced.restrict(allowed)
    return smaller.solve(), restriction.terminals


def favour(
    priced: PricedGame, weights: NDArray[Any], favouring: Sequence[str] = (), refusing: Sequence[str] = ()
) -> Favoured:
    """P(goal) (n,) when some actors want the goal above all and some refuse it above all, announced, the others re-solve.

    A favouring actor's payoff becomes 1 on the goal (−1 for a refusing one); it best-responds, and among equally good
    options it keeps to its own preference. Its policy does not depend on its type.

    Parameters
    ----------
    priced : the game.
    weights : (terminals,) or (n, terminals) weights of the goal.
    favouring, refusing : the actors.
    """
    signs = {**dict.fromkeys(favouring, 1.0), **dict.fromkeys(refusing, -1.0)}
    if not signs:
        play = priced.solve()
        return Favoured(play.goal(weights), play.solution.label)
    smaller = priced.collapse(list(signs))
    goal = priced.collapse_weights(list(signs), weights)
    players = [smaller.game.players.index(actor) for actor in signs]
    wanted = []
    for own in smaller.payoffs:
        payoffs = own.copy()
        for player, sign in zip(players, signs.values(), strict=True):
            payoffs[:, :, player] = sign * goal
        wanted.append(payoffs)
    solution, views = solve_views(
        smaller.game.tree,
        wanted,
        smaller.view_of,
        smaller.chance,
        smaller.precision,
        smaller.game.base,
        best_response=players,
        tie_payoffs=smaller.payoffs,
    )
    return Favoured(Play(smaller, solution, views).goal(goal), solution.label)


@dataclass(frozen=True, eq=False)
class Favoured:
    """What comes of some actors favouring or refusing.

    Attributes
    ----------
    goal : (n,) P(goal).
    label : (n,) 0 converged, 1 folded, 2 best responses that do not settle.
    """

    goal: Floats
    label: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class Anticipation:
    """One option of one move, announced and by surprise; all (n,).

    Attributes
    ----------
    announced, surprise : P(goal) for each goal.
    reached_announced, reached_surprise : P(the move is reached).
    """

    actor: str
    move: str
    option: str
    announced: Mapping[str, Floats]
    surprise: Mapping[str, Floats]
    reached_announced: Floats
    reached_surprise: Floats


def anticipation(play: Play, goals: Mapping[str, NDArray[Any]]) -> list[Anticipation]:
    """Every option of every actor's move, announced against surprise.

    A repeated move is forced in all its rounds. Moves that no history reaches are left out.
    """
    game = play.priced.game
    found = []
    for move in dict.fromkeys(layer.move for layer in game.public.layers):
        layers = [i for i in game.layers_of(move) if game.public.at_layer(i).size]
        if not layers or game.public.layers[layers[0]].by == CHANCE or len(game.public.layers[layers[0]].options) < 2:
            continue
        first = layers[0]
        reached = play.goal(_takes(game, first))
        for option in game.public.layers[first].options:
            announced, terminals = announce(play.priced, {i: (option,) for i in layers})
            weights = {name: as_weights(w)[:, terminals] for name, w in goals.items()}
            weights[""] = as_weights(_takes(announced.priced.game, first))
            told = announced.goals(weights)
            found.append(
                Anticipation(
                    game.public.layers[first].by,
                    move,
                    option,
                    {name: told[name] for name in goals},
                    surprise(play, dict.fromkeys(layers, option)).goals(goals),
                    told[""],
                    reached,
                )
            )
    return found


def _takes(game: GameTree, layer: int) -> NDArray[np.bool_]:
    """(terminals,) whether the move of a layer was taken."""
    return np.asarray((game.public.codes[:, layer] >= 0)[game.terminal_public])
