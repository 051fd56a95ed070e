"""What each actor believes of another's type after each public history, by Bayes' rule from the strategies it reckons with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vetopoint.answers import BeliefAnswer
from vetopoint.arrays import Floats, Ints, ratio
from vetopoint.case.telling import type_in_words
from vetopoint.game.flow import Flow, collect, over_draws
from vetopoint.game.priced import Play
from vetopoint.game.unroll import GameTree
from vetopoint.quantity import band

__all__ = ["Belief", "belief_answers", "beliefs_after"]


@dataclass(frozen=True, eq=False)
class Belief:
    """One believer's posterior over one actor's types after one public history.

    Attributes
    ----------
    node : the public node. history : the moves that led there.
    probability : (n,) P(history), in truth.
    prior, posterior : (n, types).
    """

    node: int
    history: tuple[str, ...]
    believer: str
    about: str
    probability: Floats
    prior: Floats
    posterior: Floats


def beliefs_after(play: Play, at_least: float = 0.001) -> list[Belief]:
    """Beliefs about every typed actor after each of its moves, as each other actor holds them.

    The believer knows the whole public history here; what an actor with a narrower view believes at its own information
    set is the mean of these over the histories that it cannot tell apart. Each believer reckons with the strategies of the
    game that it sees, and with its own belief about types and chance.

    Parameters
    ----------
    play : the solved game.
    at_least : histories that are less likely than this on average are left out.
    """
    game = play.priced.game
    (truth,) = over_draws(lambda flow, _: [flow.public_reach], game, play.strategy, play.priced.chance)
    found: list[Belief] = []
    for about in game.types.names:
        nodes = [v for v in _after_moves_of(game, about) if truth[:, v].mean() >= at_least]
        for believer in game.movers:
            if believer == about:
                continue
            posterior = _posterior(play, about, believer, np.array([0, *nodes], dtype=np.int64))
            found += [
                Belief(v, game.public.history(v), believer, about, truth[:, v], posterior[:, 0], posterior[:, 1 + k])
                for k, v in enumerate(nodes)
            ]
    return found


def _after_moves_of(game: GameTree, actor: str) -> list[int]:
    public = game.public
    after = [public.children(number).ravel() for number, layer in enumerate(public.layers) if layer.by == actor]
    return sorted(np.concatenate(after).tolist()) if after else []


def _posterior(play: Play, about: str, believer: str, nodes: Ints) -> Floats:
    """(n, len(nodes), types) P(type | public node) as the believer sees the game; the prior where it expects no such history."""
    game = play.priced.game
    player = game.players.index(believer)
    strategy = play.views[play.priced.view_of[player]].strategy
    kinds = game.types.count(about)
    place = np.full(game.public.size, -1, dtype=np.int64)
    place[nodes] = np.arange(nodes.size)
    own = game.types.of(about)
    listed = (game.node_public >= 0) & (place[game.node_public] >= 0)
    column = np.where(listed, place[game.node_public] * kinds + own[game.node_combo], -1)

    def work(flow: Flow, _: slice) -> list[Floats]:
        return [collect(column, nodes.size * kinds, flow.reach)]

    (mass,) = over_draws(work, game, strategy, play.priced.chance, layer=1 + player)
    mass = mass.reshape(-1, nodes.size, kinds)
    total = mass.sum(axis=2, keepdims=True)
    return np.where(total > 0, ratio(mass, total), mass[:, :1] / total[:, :1])


def belief_answers(play: Play, limit: int = 200) -> list[BeliefAnswer]:
    """The same in bands, likeliest histories first within the limit, then in the order of the tree."""
    game = play.priced.game
    found = sorted(beliefs_after(play), key=lambda b: -float(b.probability.mean()))[:limit]
    return [
        BeliefAnswer(
            history=belief.history,
            at=float(game.public.date[game.public.parent[belief.node]]),
            probability=band(belief.probability),
            believer=belief.believer,
            about=belief.about,
            type=kind,
            type_label=type_in_words(game.case, belief.about, kind),
            prior=band(belief.prior[:, k]),
            belief=band(belief.posterior[:, k], belief.probability),
        )
        for belief in sorted(found, key=lambda b: (b.about, b.believer, b.node))
        for k, kind in enumerate(game.types.names[belief.about])
    ]
