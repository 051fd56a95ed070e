"""All pure Nash equilibria of a small game, as a check on the solvers and a warning against counting them.

Strategies are reduced: they leave open what a player would do where its own earlier choices never lead. A probability of each
outcome is then the product of the players' and chance's consent to the path, so that all payoffs are one tensor product
(von Stengel 1996, GEB 14: realisation weights) and an equilibrium is a cell that no player can leave with profit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oracles.play import terminal_probabilities
from vetopoint.arrays import Floats
from vetopoint.errors import SolverError
from vetopoint.game.tree import DECISION, Tree

__all__ = ["PureEquilibria", "pure_equilibria", "reduced_strategies"]


_CELLS = 2_000_000


@dataclass(frozen=True, eq=False)
class PureEquilibria:
    """Every pure Nash equilibrium.

    Parameters
    ----------
    choices : (k, infosets) option taken, counted from 0; -1 where the player's own choices never lead.
    values : (k, players) expected payoffs.
    profiles : number of profiles compared.
    """

    choices: NDArray[np.int64]
    values: Floats
    profiles: int


def reduced_strategies(tree: Tree, player: int, limit: int = _CELLS) -> NDArray[np.int64]:
    """Reduced pure strategies of one player, ``(strategies, infosets)``; -1 at other players' sets and where it never comes."""
    own = [h for h in range(tree.n_infosets) if tree.infoset_player[h] == player]
    before = {h: _last_own(tree, h) for h in own}
    found = [np.full(tree.n_infosets, -1, dtype=np.int64)]
    for h in sorted(own, key=lambda h: len(tree.path(int(tree.members(h)[0])))):
        grown = []
        for strategy in found:
            earlier = before[h]
            if earlier >= 0:
                at = int(tree.action_infoset[earlier])
                if strategy[at] != earlier - tree.action_start[at]:
                    grown.append(strategy)
                    continue
            for option in range(len(tree.actions(h))):
                longer = strategy.copy()
                longer[h] = option
                grown.append(longer)
        found = grown
        if len(found) > limit:
            raise SolverError(f"{tree.players[player]} has more than {limit} pure strategies → too many to list")
    return np.array(found)


def _last_own(tree: Tree, infoset: int) -> int:
    """The player's last own action before an information set; one node speaks for all by perfect recall."""
    player = tree.infoset_player[infoset]
    path = tree.path(int(tree.members(infoset)[0]))
    for node in path[:0:-1]:
        up = tree.parent[node]
        if tree.kind[up] == DECISION and tree.infoset_player[tree.index[up]] == player:
            return int(tree.via[node])
    return -1


def _consent(tree: Tree, player: int, strategies: NDArray[np.int64]) -> Floats:
    """(strategies, terminals): 1 where the player's choices all lie on the path."""
    consent = np.ones((len(strategies), tree.n_terminals))
    for terminal, end in enumerate(tree.terminal_node.tolist()):
        for node in tree.path(end)[1:]:
            up = int(tree.parent[node])
            if tree.kind[up] == DECISION and tree.infoset_player[tree.index[up]] == player:
                h = int(tree.index[up])
                consent[:, terminal] *= strategies[:, h] == tree.via[node] - tree.action_start[h]
    return consent


def pure_equilibria(tree: Tree, payoffs: Floats, chance: Floats, limit: int = _CELLS) -> PureEquilibria:
    """List all pure Nash equilibria in reduced strategies.

    Parameters
    ----------
    tree : the game.
    payoffs : (terminals, players)
    chance : (chance_actions,)
    limit : most profiles to compare.

    Raises
    ------
    SolverError
        If the game has more profiles than that.
    """
    lists = [reduced_strategies(tree, player, limit) for player in range(tree.n_players)]
    shape = tuple(len(strategies) for strategies in lists)
    profiles = int(np.prod([float(size) for size in shape]))
    if profiles > limit:
        raise SolverError(f"{profiles} pure profiles, more than {limit} → use the limit of the logit branch instead")
    by_chance = terminal_probabilities(tree, np.ones((1, tree.n_actions)), np.asarray(chance)[None, None, :])[0]
    consents = [_consent(tree, player, strategies) for player, strategies in enumerate(lists)]
    stable = np.ones(shape, dtype=bool)
    values = []
    for player in range(tree.n_players):
        value = _tensor(consents, by_chance * np.asarray(payoffs)[:, player])
        size = np.maximum(1.0, np.abs(value).max(axis=player, keepdims=True))
        stable &= value >= value.max(axis=player, keepdims=True) - 1e-9 * size
        values.append(value)
    cells = np.argwhere(stable)
    choices = np.full((len(cells), tree.n_infosets), -1, dtype=np.int64)
    for player, strategies in enumerate(lists):
        choices = np.maximum(choices, strategies[cells[:, player]])
    found = np.stack([value[stable] for value in values], axis=1)
    return PureEquilibria(choices, found, profiles)


def _tensor(consents: list[Floats], weighted: Floats) -> Floats:
    """Expected payoff of every profile: sum over outcomes of all players' consent times the weighted payoff."""
    total = weighted[None, :]
    for consent in consents[:-1]:
        total = (total[:, None, :] * consent[None, :, :]).reshape(-1, consent.shape[1])
    shape = tuple(len(consent) for consent in consents)
    return np.asarray((total @ consents[-1].T).reshape(shape))
