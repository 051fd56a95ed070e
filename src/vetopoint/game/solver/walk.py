"""What a given strategy implies: probabilities of histories, beliefs, and expected payoffs, draw by draw."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Floats
from vetopoint.errors import SolverError
from vetopoint.game.solver.backward import log_floor
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Tree
from vetopoint.kernel import kernel

__all__ = ["action_values", "beliefs", "infoset_values", "node_probabilities", "terminal_probabilities"]


_DECISION, _CHANCE, _TERMINAL = DECISION, CHANCE, TERMINAL


@kernel
def _forward(parent: Any, via: Any, kind: Any, strategy: Any, chance: Any, layer: int, out: Any) -> None:
    for n in range(out.shape[0]):
        s = n if strategy.shape[0] > 1 else 0
        c = n if chance.shape[0] > 1 else 0
        out[n, 0] = 1.0
        for v in range(1, parent.shape[0]):
            up = parent[v]
            step = chance[c, layer, via[v]] if kind[up] == _CHANCE else strategy[s, via[v]]
            out[n, v] = out[n, up] * step


@kernel
def _bayes(
    parent: Any,
    via: Any,
    kind: Any,
    index: Any,
    owner: Any,
    member: Any,
    member_start: Any,
    strategy: Any,
    chance: Any,
    out: Any,
) -> None:
    nodes = parent.shape[0]
    layers = chance.shape[1]
    reach = np.zeros((layers, nodes))
    for n in range(out.shape[0]):
        s = n if strategy.shape[0] > 1 else 0
        c = n if chance.shape[0] > 1 else 0
        for layer in range(layers):
            for v in range(1, nodes):
                up = parent[v]
                step = chance[c, layer, via[v]] if kind[up] == _CHANCE else strategy[s, via[v]]
                reach[layer, v] = reach[layer, up] + log_floor(step)
        for h in range(owner.shape[0]):
            layer = 1 + owner[h] if layers > 1 else 0
            top = -np.inf
            for m in range(member_start[h], member_start[h + 1]):
                top = max(top, reach[layer, member[m]])
            total = 0.0
            for m in range(member_start[h], member_start[h + 1]):
                weight = np.exp(reach[layer, member[m]] - top)
                out[n, member[m]] = weight
                total += weight
            for m in range(member_start[h], member_start[h + 1]):
                out[n, member[m]] /= total


@kernel
def _values(
    kind: Any,
    index: Any,
    via: Any,
    child_start: Any,
    child: Any,
    owner: Any,
    strategy: Any,
    payoffs: Any,
    chance: Any,
    belief: Any,
    out: Any,
) -> None:
    nodes, players = kind.shape[0], payoffs.shape[2]
    value = np.zeros((nodes, players))
    for n in range(out.shape[0]):
        s = n if strategy.shape[0] > 1 else 0
        c = n if chance.shape[0] > 1 else 0
        p = n if payoffs.shape[0] > 1 else 0
        out[n] = 0.0
        for v in range(nodes - 1, -1, -1):
            for i in range(players):
                if kind[v] == _TERMINAL:
                    value[v, i] = payoffs[p, index[v], i]
                    continue
                layer = 1 + i if chance.shape[1] > 1 else 0
                total = 0.0
                for k in range(child_start[v], child_start[v + 1]):
                    w = child[k]
                    step = chance[c, layer, via[w]] if kind[v] == _CHANCE else strategy[s, via[w]]
                    total += step * value[w, i]
                    if kind[v] == _DECISION and owner[index[v]] == i:
                        out[n, via[w]] += belief[n, v] * value[w, i]
                value[v, i] = total


def _batch(*arrays: NDArray[np.floating]) -> int:
    sizes = {a.shape[0] for a in arrays} - {1}
    if len(sizes) > 1:
        raise SolverError(f"arrays disagree on the number of draws: {sorted(sizes)}")
    return sizes.pop() if sizes else 1


def _float(array: NDArray[np.floating]) -> Floats:
    return np.ascontiguousarray(array, dtype=np.float64)


def node_probabilities(
    tree: Tree, strategy: NDArray[np.floating], chance: NDArray[np.floating], layer: int = 0
) -> Floats:
    """Probability that each node is reached.

    Parameters
    ----------
    tree : the game.
    strategy : (n or 1, actions).
    chance : (n or 1, layers, chance_actions).
    layer : whose chance probabilities: 0 the truth, 1+i what player i believes (a single layer serves all).

    Returns
    -------
    (n, nodes)
    """
    strategy, chance = _float(strategy), _float(chance)
    out = np.empty((_batch(strategy, chance), tree.n_nodes))
    layer = layer if chance.shape[1] > 1 else 0
    _forward(tree.parent, tree.via, tree.kind, strategy, chance, layer, out)
    return out


def terminal_probabilities(
    tree: Tree, strategy: NDArray[np.floating], chance: NDArray[np.floating], layer: int = 0
) -> Floats:
    """Probability of each outcome, ``(n, terminals)``; parameters as `node_probabilities`."""
    return np.ascontiguousarray(node_probabilities(tree, strategy, chance, layer)[:, tree.terminal_node])


def beliefs(tree: Tree, strategy: NDArray[np.floating], chance: NDArray[np.floating]) -> Floats:
    """Belief of the mover on each node of its information set, by Bayes' rule with its own layer of chance.

    Where play never comes, histories that need the fewest impossible steps share the belief, as if all trembled alike.

    Returns
    -------
    (n, nodes); sums to one over each information set, zero at chance and terminal nodes.
    """
    strategy, chance = _float(strategy), _float(chance)
    out = np.zeros((_batch(strategy, chance), tree.n_nodes))
    _bayes(
        tree.parent,
        tree.via,
        tree.kind,
        tree.index,
        tree.infoset_player,
        tree.member,
        tree.member_start,
        strategy,
        chance,
        out,
    )
    return out


def action_values(
    tree: Tree, strategy: NDArray[np.floating], payoffs: NDArray[np.floating], chance: NDArray[np.floating]
) -> Floats:
    """E[u_i | h, a] of the mover i for each action a of each information set h.

    Parameters
    ----------
    strategy : (n or 1, actions).
    payoffs : (n or 1, terminals, players), in the case's units.
    chance : (n or 1, 1 or 1+players, chance_actions).

    Returns
    -------
    (n, actions), in the units of the payoffs.
    """
    strategy, payoffs, chance = _float(strategy), _float(payoffs), _float(chance)
    n = _batch(strategy, payoffs, chance)
    out = np.empty((n, tree.n_actions))
    belief = np.broadcast_to(beliefs(tree, strategy, chance), (n, tree.n_nodes))
    _values(
        tree.kind, tree.index, tree.via, tree.child_start, tree.child, tree.infoset_player,
        strategy, payoffs, chance, np.ascontiguousarray(belief), out,
    )  # fmt: skip
    return out


def infoset_values(
    tree: Tree, strategy: NDArray[np.floating], payoffs: NDArray[np.floating], chance: NDArray[np.floating]
) -> Floats:
    """Expected payoff of the mover at each information set, ``(n, infosets)``; parameters as `action_values`."""
    weighted = action_values(tree, strategy, payoffs, chance) * strategy
    if not tree.n_infosets:
        return np.zeros((weighted.shape[0], 0))
    return np.asarray(np.add.reduceat(weighted, tree.action_start[:-1], axis=1), dtype=np.float64)
