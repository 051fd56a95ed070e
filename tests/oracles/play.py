"""What a given strategy implies, spelled out node by node: probabilities of histories, beliefs, and expected payoffs."""

from __future__ import annotations

import numpy as np

from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Tree

__all__ = ["action_values", "beliefs", "infoset_values", "logit_reply", "node_probabilities", "terminal_probabilities"]

# As the solver has it: histories that need fewer impossible moves get all the weight.
LOG_ZERO = -1.0e5


def _steps(tree: Tree, strategy: np.ndarray, chance: np.ndarray, layer: int) -> np.ndarray:
    """(n, nodes) P(node | parent); arrays with one draw serve all."""
    n = max(strategy.shape[0], chance.shape[0])
    odds = chance[:, layer if chance.shape[1] > 1 else 0]
    out = np.ones((n, tree.n_nodes))
    for v in range(1, tree.n_nodes):
        source = odds if tree.kind[tree.parent[v]] == CHANCE else strategy
        out[:, v] = source[:, tree.via[v]]
    return out


def node_probabilities(tree: Tree, strategy: np.ndarray, chance: np.ndarray, layer: int = 0) -> np.ndarray:
    """(n, nodes) probability that each node is reached, by the truth about chance or by what player ``layer - 1`` believes."""
    steps = _steps(tree, strategy, chance, layer)
    for v in range(1, tree.n_nodes):
        steps[:, v] *= steps[:, tree.parent[v]]
    return steps


def terminal_probabilities(tree: Tree, strategy: np.ndarray, chance: np.ndarray, layer: int = 0) -> np.ndarray:
    """(n, terminals) probability of each outcome."""
    return node_probabilities(tree, strategy, chance, layer)[:, tree.terminal_node]


def beliefs(tree: Tree, strategy: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """(n, nodes) belief of the mover on each node of its information set, by Bayes' rule with its own layer of chance.

    Where play never comes, histories that need the fewest impossible steps share the belief, as if all trembled alike.
    """
    out = np.zeros((max(strategy.shape[0], chance.shape[0]), tree.n_nodes))
    for h in range(tree.n_infosets):
        steps = _steps(tree, strategy, chance, 1 + int(tree.infoset_player[h]))
        logs = np.where(steps > 0, np.log(np.where(steps > 0, steps, 1.0)), LOG_ZERO)
        weight = np.stack([logs[:, tree.path(int(m))].sum(axis=1) for m in tree.members(h)], axis=1)
        weight = np.exp(weight - weight.max(axis=1, keepdims=True))
        out[:, tree.members(h)] = weight / weight.sum(axis=1, keepdims=True)
    return out


def action_values(tree: Tree, strategy: np.ndarray, payoffs: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """(n, actions) E[u_i | h, a] of the mover i for each action a of each information set h."""
    belief = beliefs(tree, strategy, chance)
    n = max(payoffs.shape[0], belief.shape[0])
    out = np.zeros((n, tree.n_actions))
    for player in range(tree.n_players):
        steps = _steps(tree, strategy, chance, 1 + player)
        value = np.zeros((n, tree.n_nodes))
        for v in range(tree.n_nodes - 1, -1, -1):
            if tree.kind[v] == TERMINAL:
                value[:, v] = payoffs[:, tree.index[v], player]
            for child in tree.children(v):
                value[:, v] += steps[:, child] * value[:, child]
                if tree.kind[v] == DECISION and tree.infoset_player[tree.index[v]] == player:
                    out[:, tree.via[child]] += belief[:, v] * value[:, child]
    return out


def infoset_values(tree: Tree, strategy: np.ndarray, payoffs: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """(n, infosets) expected payoff of the mover at each information set."""
    if not tree.n_infosets:
        return np.zeros((strategy.shape[0], 0))
    return np.add.reduceat(action_values(tree, strategy, payoffs, chance) * strategy, tree.action_start[:-1], axis=1)


def logit_reply(tree: Tree, values: np.ndarray, precision: np.ndarray, base: np.ndarray) -> np.ndarray:
    """(n, actions) the logit reply to values (n, actions) at precisions (n, players) and base weights (actions,)."""
    weights = base * np.exp(precision[:, tree.action_player] * values)
    return weights / np.add.reduceat(weights, tree.action_start[:-1], axis=1)[:, tree.action_infoset]
