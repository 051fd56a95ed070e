"""The ignorance twin: the same tree with symmetric vague payoffs. What holds there is due to the structure of the moves.

Each actor's payoff at each outcome is uniform and independent, in a unit in which two outcomes differ by 1 on average; chance
moves have uniform probabilities (Dirichlet(1)); precision and types are the case's own, but no payoff depends on a type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from vetopoint.arrays import Floats
from vetopoint.game.priced import PricedGame

if TYPE_CHECKING:
    from vetopoint.chain.world import World

__all__ = ["ignorance_twin", "twin_goals"]


MEAN_GAP = 3.0  # two independent uniforms on (0, 1) differ by 1/3 on average


def ignorance_twin(world: World) -> PricedGame:
    """The twin of a case over the same draws."""
    game, draws = world.frame.game, world.draws
    outcomes = list(dict.fromkeys(str(o) for o in game.outcome))
    column = np.array([outcomes.index(str(o)) for o in game.outcome])
    payoffs = np.empty((draws.n, game.terminals, len(game.players)))
    for p, player in enumerate(game.players):
        worth = np.stack([draws.uniforms(f"twin.{player}.{outcome}") for outcome in outcomes], axis=1)
        payoffs[:, :, p] = MEAN_GAP * worth[:, column]
    view_of = tuple(0 for _ in game.players)
    return PricedGame(game, (payoffs,), view_of, _vague_chance(world), world.precision)


def _vague_chance(world: World) -> Floats:
    """Chance with uniform probabilities, common to all layers; the draw of types stays the case's own."""
    game, draws = world.frame.game, world.draws
    chance = world.chance.copy()
    for number, chance_set in enumerate(game.chance_sets):
        if not chance_set.move:
            continue
        start, stop = int(game.tree.chance_start[number]), int(game.tree.chance_start[number + 1])
        weights = np.stack(
            [-np.log(draws.uniforms(f"twin.{chance_set.move}.{option}")) for option in chance_set.options], axis=1
        )
        chance[:, :, start:stop] = (weights / weights.sum(axis=1, keepdims=True))[:, None, :]
    return chance


def twin_goals(world: World, held_at_half: float = 0.5) -> Mapping[str, Floats]:
    """The goals on the twin: those that the truce decides count a history with a truce as one half."""
    found: dict[str, Floats] = {}
    for name, weights in world.goals.items():
        found[name] = weights if weights.ndim == 1 else np.where(weights.max(axis=0) > 0, held_at_half, 0.0)
    return found
