"""What the tree alone decides: options and policies after which no history reaches a goal, whatever the others do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.game.tree import DECISION
from vetopoint.game.unroll.histories import CHANCE, GameTree, PublicTree

__all__ = ["Policy", "forcing_policy", "goal_histories", "open_nodes"]


def goal_histories(game: GameTree, weights: NDArray[Any]) -> NDArray[np.bool_]:
    """(public histories,) whether the history reaches the goal with positive weight, for some type, in some draw."""
    positive = (np.atleast_2d(np.asarray(weights)) > 0).any(axis=0)
    return np.asarray(positive.reshape(game.public.histories, game.types.size).any(axis=1))


def open_nodes(public: PublicTree, reached: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(public nodes,) whether a goal history passes through the node."""
    found = np.zeros(public.size, dtype=bool)
    found[public.ends] = reached
    for layer in reversed(range(len(public.layers))):
        found[public.at_layer(layer)] = found[public.children(layer)].any(axis=1)
    return found


@dataclass(frozen=True)
class Policy:
    """A policy under which no history reaches the goal.

    Attributes
    ----------
    options : number of a layer to the options with which the policy can go on there, wherever it leads.
    """

    options: Mapping[int, tuple[str, ...]]


def forcing_policy(game: GameTree, actor: str, reached: NDArray[np.bool_]) -> Policy | None:
    """A policy of one actor under which no history reaches the goal, chance and all others helping as they may.

    With perfect recall an actor's information sets form a forest by its own last moves. A last move is safe if no goal
    history follows it without a further move of the actor, and every information set that comes next can be made safe; an
    information set can be made safe if one of its options is. So the answer is exact, and respects what the actor sees.

    Parameters
    ----------
    game : the game.
    actor : whose policy.
    reached : (public histories,) whether the history reaches the goal.

    Returns
    -------
    Policy or None
        None if the actor has no such policy; a policy without options if the goal is never reached anyhow.
    """
    own = _Sequences(game, actor, reached)
    if not own.safe(-1):
        return None
    found: dict[int, set[str]] = {}
    common: dict[int, set[str]] = {}
    for infoset in own.used():
        layer = int(game.infoset_layer[infoset])
        names = game.public.layers[layer].options
        first = int(game.tree.action_start[infoset])
        good = {names[a - first] for a in game.tree.actions(infoset) if own.safe(a)}
        found[layer] = found.get(layer, set()) | good
        common[layer] = common.get(layer, good) & good
    chosen = {layer: common[layer] or found[layer] for layer in sorted(found)}
    return Policy(
        {k: tuple(o for o in game.public.layers[k].options if o in v) for k, v in chosen.items() if _binds(game, k, v)}
    )


def _binds(game: GameTree, layer: int, options: set[str]) -> bool:
    return len(options) < len(game.public.layers[layer].options)


class _Sequences:
    """An actor's own last moves (actions; -1: none yet), what ends after each, and what comes next."""

    def __init__(self, game: GameTree, actor: str, reached: NDArray[np.bool_]) -> None:
        tree = game.tree
        player = game.players.index(actor)
        mine = np.zeros(game.nodes, dtype=bool)
        decides = tree.kind == DECISION
        mine[decides] = tree.infoset_player[tree.index[decides]] == player
        last = np.full(game.nodes, -1, dtype=np.int64)
        for v in range(1, game.nodes):
            up = tree.parent[v]
            last[v] = tree.via[v] if mine[up] else last[up]
        self.next: dict[int, list[int]] = {}
        for infoset, before in sorted(set(zip(tree.index[mine].tolist(), last[mine].tolist(), strict=True))):
            self.next.setdefault(before, []).append(infoset)
        self.ends = set(last[tree.terminal_node][reached[game.terminal_public]].tolist())
        self.actions = {h: tree.actions(h) for sets in self.next.values() for h in sets}
        self.known: dict[int, bool] = {}
        for infoset in sorted(self.actions, key=lambda h: -int(game.infoset_layer[h])):
            for action in self.actions[infoset]:
                self.known[action] = self._safe(action)
        self.known[-1] = self._safe(-1)

    def _safe(self, sequence: int) -> bool:
        if sequence in self.ends:
            return False
        return all(any(self.known[a] for a in self.actions[h]) for h in self.next.get(sequence, ()))

    def safe(self, sequence: int) -> bool:
        """Whether after this own last move the actor can still keep every goal history out."""
        return self.known[sequence]

    def used(self) -> list[int]:
        """Information sets that the safe policy may come to, in order."""
        found: list[int] = []
        waiting = [-1]
        while waiting:
            for infoset in self.next.get(waiting.pop(), ()):
                found.append(infoset)
                waiting += [a for a in self.actions[infoset] if self.known[a]]
        return sorted(found)


def deciders(game: GameTree) -> tuple[str, ...]:
    """The actors that move, in the order of the file."""
    moving = {layer.by for layer in game.public.layers} - {CHANCE}
    return tuple(actor for actor in game.players if actor in moving)
