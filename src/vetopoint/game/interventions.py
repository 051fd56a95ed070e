"""What would happen if an actor did otherwise: announced before the first move, or by surprise.

*Announced* do_A: the choice is public before the first move and independent of the actor's type; everybody else re-solves, and
the forced choice carries no information. *Surprise* do_S: the choice is made when its turn comes; all other strategies, and the
beliefs attached to what it looks like, stay as solved. Their difference is *anticipation*: what was not proposed because the
answer was expected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Array, Bools, Floats, Ints, ratio
from vetopoint.game.flow import Flow, as_weights, collect, cut, gather_pairs, over_draws
from vetopoint.game.priced import Play, PricedGame
from vetopoint.game.solver.batch import crowded
from vetopoint.game.unroll import CHANCE, GameTree

__all__ = [
    "Anticipation",
    "OptionEffects",
    "announce",
    "anticipation",
    "favour",
    "favoured",
    "option_effects",
    "surprise",
]


@dataclass(frozen=True, eq=False)
class OptionEffects:
    """What each option of each move does when it is taken by surprise.

    Attributes
    ----------
    start : (layers + 1,) options of layer l are columns ``start[l]`` up to ``start[l+1]``, see `PublicTree.option_start`.
    reached : (n, layers) P(the move is reached).
    chosen : (n, columns) P(option | reached), as solved.
    goal : (n, columns) P(goal | condition, reached, do_S(option)), one array for each goal.
    within : (n, columns) P(condition, reached | do_S(option)), by which a draw of these counts; P(reached) without a condition.
    met : (n, layers) P(reached | condition), as solved.
    holds : (n,) P(condition), as solved.
    at : (layers,) month of the move, averaged over the histories that reach it; NaN where none does.
    """

    start: Ints
    reached: Floats
    chosen: Floats
    goal: Mapping[str, Floats]
    within: Floats
    met: Floats
    holds: Floats
    at: Floats


def option_effects(play: Play, goals: Mapping[str, Array], condition: Array | None = None) -> OptionEffects:
    """Surprise interventions do_S(m = o) for every option of every move and round, in truth.

    Parameters
    ----------
    play : the solved game.
    goals : weights (terminals,) or (n, terminals) of each goal.
    condition : (terminals,) what the goals are given, such as the chance events that the case presupposes.
    """
    game = play.priced.game
    public, start = game.public, game.public.option_start
    rows = {name: as_weights(w if condition is None else w * condition) for name, w in goals.items()}
    inside = game.node_public >= 0
    column = np.where(inside, public.option_column[game.node_public], -1)
    at_layer = np.where(inside, public.layer[game.node_public], -1)
    columns, layers = int(start[-1]), len(public.layers)

    def work(flow: Flow, block: slice) -> list[Floats]:
        reached, chosen = collect(at_layer, layers, flow.reach), collect(column, columns, flow.reach)
        values = [flow.value(cut(weights, block)) for weights in rows.values()]
        if condition is not None:
            value = flow.value(as_weights(condition))
            met = [collect(at_layer, layers, flow.reach * value), value[:, :1]]
            values.append(value)
        else:
            met = [reached, np.ones((len(reached), 1))]
        found = [gather_pairs(column, columns, flow.reach, game.tree.parent, value) for value in values]
        return [reached, flow.reach.sum(axis=0)[None], chosen, *met, *found]

    reached, sums, chosen, met, holds, *found = over_draws(work, game, play.strategy, play.priced.chance)
    among = np.repeat(reached, np.diff(start), axis=1)
    within = among if condition is None else found.pop()
    goal = {name: ratio(part, within) for name, part in zip(rows, found, strict=True)}
    at = _mean_dates(game, sums.sum(axis=0), at_layer)
    return OptionEffects(start, reached, ratio(chosen, among), goal, within, ratio(met, holds), holds[:, 0], at)


def _mean_dates(game: GameTree, weight: Floats, at_layer: Array) -> Floats:
    out = np.full(len(game.public.layers), np.nan)
    for number in range(out.size):
        nodes = np.flatnonzero(at_layer == number)
        if nodes.size:
            dates, w = game.public.date[game.node_public[nodes]], weight[nodes]
            spread = dates - dates[0]  # equal dates have that date as their mean, to the last digit
            out[number] = dates[0] + (np.average(spread, weights=w) if w.sum() > 0 else spread.mean())
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
        strategy[:, _actions(game, layer)] = 0.0
        strategy[:, _actions(game, layer, game.public.layers[layer].options.index(option))] = 1.0
    return replace(play, solution=replace(play.solution, strategy=strategy))


def announce(priced: PricedGame, allowed: Mapping[int, Sequence[str]]) -> tuple[Play, NDArray[np.intp]]:
    """Play under do_A: some moves are public before the first move and everybody re-solves.

    All types of the mover are bound alike, so the forced choice tells nothing of its type; its other moves still may.

    Parameters
    ----------
    priced : the game.
    allowed : number of a layer to the options that stay (one: the option forced).

    Returns
    -------
    play : the solved smaller game; where information sets have many histories the game itself, in which these choices are held, since
        one program then serves all of them.
    terminals : (its terminals,) their numbers in the original game.
    """
    tree, options = priced.game.tree, priced.game.public.layers
    if crowded(tree) and all(len(kept) == 1 for kept in allowed.values()):
        fixed = np.full((1, tree.n_actions), np.nan)
        for layer, (option,) in allowed.items():
            fixed[0, _actions(priced.game, layer)] = 0.0
            fixed[0, _actions(priced.game, layer, options[layer].options.index(option))] = 1.0
        return priced.solve(fixed=fixed), np.arange(tree.n_terminals)
    smaller, restriction = priced.restrict(allowed)
    return smaller.solve(), restriction.terminals


def _actions(game: GameTree, layer: int, option: int | None = None) -> Ints:
    """Actions by which a move is taken at all its information sets, or one option of it."""
    sets = np.flatnonzero(game.infoset_layer == layer)
    found = [np.asarray(game.tree.actions(int(h))) for h in sets]
    return np.concatenate([a if option is None else a[option : option + 1] for a in found])


def favour(
    priced: PricedGame, weights: Array, favouring: Sequence[str] = (), refusing: Sequence[str] = ()
) -> tuple[Play, Floats]:
    """Play and P(goal) (n,) when some actors want the goal above all and some refuse it, announced, and the others re-solve.

    A favouring actor's payoff becomes 1 on the goal (−1 for a refusing one); it best-responds, all who favour as one team and all who
    refuse as another, and among equally good options it keeps to its own preference. Its policy does not depend on its type: the play is that of the game in which
    these actors have no types.

    Parameters
    ----------
    priced : the game.
    weights : (terminals,) or (n, terminals) weights of the goal.
    favouring, refusing : the actors.
    """
    play, found = favoured(priced, weights, {"": weights}, favouring, refusing)
    return play, found[""]


def favoured(
    priced: PricedGame, wanted: Array, measured: Mapping[str, Array], favouring: Sequence[str], refusing: Sequence[str]
) -> tuple[Play, dict[str, Floats]]:
    """The same where actors want one goal and several are measured: the play, and P (n,) of each of these."""
    signs = {**dict.fromkeys(favouring, 1.0), **dict.fromkeys(refusing, -1.0)}
    if not signs:
        play = priced.solve()
        return play, play.goals(measured)
    smaller = priced.collapse(list(signs))
    goal = priced.collapse_weights(list(signs), wanted)
    players = [smaller.game.players.index(actor) for actor in signs]
    payoffs_as_wanted = tuple(own.copy() for own in smaller.payoffs)
    for payoffs in payoffs_as_wanted:
        for player, sign in zip(players, signs.values(), strict=True):
            payoffs[:, :, player] = sign * goal
    teams = [[smaller.game.players.index(actor) for actor in side] for side in (favouring, refusing)]
    play = replace(smaller, payoffs=payoffs_as_wanted).solve(best_response=players, ties=smaller.payoffs, teams=teams)
    return play, play.goals({name: priced.collapse_weights(list(signs), w) for name, w in measured.items()})


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


def anticipation(play: Play, goals: Mapping[str, Array]) -> list[Anticipation]:
    """Every option of every actor's move, announced against surprise.

    A repeated move is forced in all its rounds. Moves that no history reaches are left out.
    """
    game = play.priced.game
    found = []
    for move, numbers in game.public.layers_of.items():
        layers, layer = [i for i in numbers if game.public.at_layer(i).size], game.public.layers[numbers[0]]
        if not layers or layer.by == CHANCE or len(layer.options) < 2:
            continue
        reached = play.goal(_takes(game, layers[0]))
        for option in layer.options:
            announced, terminals = announce(play.priced, {i: (option,) for i in layers})
            weights = {name: as_weights(w)[:, terminals] for name, w in goals.items()}
            told = announced.goals({**weights, "": _takes(announced.priced.game, layers[0])})
            by_surprise = surprise(play, dict.fromkeys(layers, option)).goals(goals)
            reached_announced = told.pop("")
            found.append(Anticipation(layer.by, move, option, told, by_surprise, reached_announced, reached))
    return found


def _takes(game: GameTree, layer: int) -> Bools:
    """(terminals,) whether the move of a layer was taken."""
    return np.asarray((game.public.codes[:, layer] >= 0)[game.terminal_public])
