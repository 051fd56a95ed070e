"""Best replies to given play: of one player exactly, of a team that wants the same thing jointly.

A player's best reply goes backward over the tree, with beliefs by Bayes' rule from everybody's play; its own choices so far are
common to all that it holds possible, and cancel. Members of a team move apart,
perhaps at once, so that each replying to the others can leave all of them at a point from which none gains alone: two who are paid
for agreeing would mix for ever. They reply in turn instead, which never lowers what they share, and where that stays below what
they could have if they saw everything, they start again from every choice that one of them could lead with.

References
----------
Radner, R. (1962), Team decision problems, Annals of Mathematical Statistics 33: person-by-person optimal play, and why it may fall
short of the best joint play.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from vetopoint.arrays import Bools, Floats, Ints
from vetopoint.game.solver.batch import Inputs
from vetopoint.game.solver.interpreter import TIE, log_floor
from vetopoint.game.solver.plans import BEST, FIXED, schedule
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Tree
from vetopoint.kernel import kernel

__all__ = ["joint_reply"]

_SWEEPS = 8  # most rounds in which the members of a team reply in turn
_SHORT = 1e-9  # of the spread of what a team shares: what counts as reached

_VALUE, _CHOICE = range(2)

# child_start (nodes+1,), child (nodes-1,), via (nodes,), kind (nodes,), index (nodes,), parent (nodes,)
Shape = tuple[Ints, Ints, Ints, Ints, Ints, Ints]


class _Order(NamedTuple):
    """In which order a player's replies are found.

    Parameters
    ----------
    events : (events, 2) a node whose value, or an information set whose choice, comes next.
    members : (infosets + 1,) where the members of each information set begin.
    nodes : (members,) their nodes.
    told_apart : nodes on the way to those that the player must tell apart, parents before children, without the root.
    """

    events: Ints
    members: Ints
    nodes: Ints
    told_apart: Ints


@lru_cache(maxsize=64)
def _order(tree: Tree, mine: tuple[int, ...]) -> _Order:
    roles = [BEST if h in mine else FIXED for h in range(tree.n_infosets)]
    order, _, _ = schedule(tree, roles, set())
    events = [(_VALUE if event == "value" else _CHOICE, k) for event, k in order if event == "value" or k in mine]
    apart = [int(v) for h in mine if len(tree.members(h)) > 1 for v in tree.members(h)]
    on_the_way = {int(v) for node in apart for v in tree.path(node)[1:]}
    in_order, told_apart = (np.array(part, dtype=np.int64) for part in (events, sorted(on_the_way)))
    return _Order(in_order, tree.member_start, tree.member, told_apart)


@kernel
def _reached(shape: Shape, some: Ints, chance: Floats, strategy: Floats, reach: Floats) -> None:
    """Fill ``reach (nodes,)`` at ``some`` nodes with the logarithm of P(node), with a stand-in for that of nought.

    ``chance (chance actions,)``, ``strategy (actions,)``.
    """
    _, _, via, kind, _, parent = shape
    reach[0] = 0.0
    for node in some:
        action, up = via[node], parent[node]
        reach[node] = reach[up] + log_floor(chance[action] if kind[up] == CHANCE else strategy[action])


@kernel
def _beliefs(members: Ints, reach: Floats, belief: Floats) -> None:
    """Fill ``belief (members,)`` with the probabilities of some nodes, given that one of them is reached."""
    if members.size == 1:
        belief[0] = 1.0
        return
    top = -np.inf
    for m in range(members.size):
        top = max(top, reach[members[m]])
    for m in range(members.size):
        belief[m] = np.exp(reach[members[m]] - top)
    belief /= belief.sum()


@kernel
def _choose(worth: Floats, second: Floats, base: Floats, share: Floats) -> None:
    """Fill ``share (options,)``: all weight on the best ``worth``, ties (to 1e-9) by ``second``, then by ``base`` weight."""
    best, size = worth.max(), np.abs(worth).max()
    most, extent = -np.inf, 0.0
    for a in range(worth.size):
        if worth[a] >= best - TIE * size:
            most = max(most, second[a])
            extent = max(extent, abs(second[a]))
    total = 0.0
    for a in range(worth.size):
        good = worth[a] >= best - TIE * size and second[a] >= most - TIE * extent
        share[a] = base[a] if good else 0.0
        total += share[a]
    share /= total


@kernel
def _reply(
    shape: Shape, order: _Order, wanted: Floats, ties: Floats, chance: Floats, base: Floats, start: Ints, play: Floats
) -> None:
    """Write a player's best replies into ``play (n, actions)``.

    ``wanted`` and ``ties (n or 1, terminals)``: its payoffs, and those that decide between equally good actions; ``chance (n or 1,
    chance actions)`` as it believes; ``base (actions,)``; ``start (infosets + 1,)`` first action of each information set.
    """
    child_start, child, via, kind, index, _ = shape
    nodes = kind.shape[0]
    value, second = np.empty(nodes), np.empty(nodes)
    reach, belief = np.empty(nodes), np.empty(order.nodes.shape[0])
    for i in range(play.shape[0]):
        paid, other = wanted[min(i, wanted.shape[0] - 1)], ties[min(i, ties.shape[0] - 1)]
        odds, strategy = chance[min(i, chance.shape[0] - 1)], play[i]
        _reached(shape, order.told_apart, odds, strategy, reach)
        for e in range(order.events.shape[0]):
            number = order.events[e, 1]
            if order.events[e, 0] == _VALUE:
                if kind[number] == TERMINAL:
                    value[number], second[number] = paid[index[number]], other[index[number]]
                    continue
                # Not by a call, which would cost more than the sums.
                weights, total, rest_of_it = odds if kind[number] == CHANCE else strategy, 0.0, 0.0
                for k in range(child_start[number], child_start[number + 1]):
                    after = child[k]
                    total += weights[via[after]] * value[after]
                    rest_of_it += weights[via[after]] * second[after]
                value[number], second[number] = total, rest_of_it
                continue
            members = order.nodes[order.members[number] : order.members[number + 1]]
            _beliefs(members, reach, belief[: members.size])
            options = start[number + 1] - start[number]
            worth, rest = np.zeros(options), np.zeros(options)
            for m in range(members.size):
                for a in range(options):
                    after = child[child_start[members[m]] + a]
                    worth[a] += belief[m] * value[after]
                    rest[a] += belief[m] * second[after]
            here = slice(start[number], start[number + 1])
            _choose(worth, rest, base[here], strategy[here])


@kernel
def _shared(shape: Shape, wanted: Floats, chance: Floats, play: Floats, free: Bools, out: Floats) -> None:
    """Fill ``out (n,)`` with the expected payoff at the root, the best action being taken at nodes that are ``free (nodes,)``."""
    child_start, child, via, kind, index, _ = shape
    nodes = kind.shape[0]
    value = np.empty(nodes)
    for i in range(play.shape[0]):
        paid, odds = wanted[min(i, wanted.shape[0] - 1)], chance[min(i, chance.shape[0] - 1)]
        for v in range(nodes - 1, -1, -1):
            if kind[v] == TERMINAL:
                value[v] = paid[index[v]]
            elif free[v]:
                best = -np.inf
                for k in range(child_start[v], child_start[v + 1]):
                    best = max(best, value[child[k]])
                value[v] = best
            else:
                weights, total = odds if kind[v] == CHANCE else play[i], 0.0
                for k in range(child_start[v], child_start[v + 1]):
                    total += weights[via[child[k]]] * value[child[k]]
                value[v] = total
        out[i] = value[0]


class _Team:
    """Players who want the same thing, in a game with everybody else's play given."""

    def __init__(self, tree: Tree, inputs: Inputs, free: Bools, members: Sequence[int]) -> None:
        self.tree, self.inputs, self.free, self.members = tree, inputs, free, members
        self.shape = (tree.child_start, tree.child, tree.via, tree.kind, tree.index, tree.parent)
        self.own = {p: tuple(np.flatnonzero(free & (tree.infoset_player == p)).tolist()) for p in members}
        self.sets = np.isin(np.arange(tree.n_infosets), [h for own in self.own.values() for h in own])
        self.actions = self.sets[tree.action_infoset]

    def _chance(self, player: int) -> Floats:
        layer = 1 + player if self.inputs.chance.shape[1] > 1 else 0
        return np.ascontiguousarray(self.inputs.chance[:, layer])

    def _paid(self, player: int) -> Floats:
        return np.ascontiguousarray(self.inputs.payoffs[:, :, player])

    def reply(self, play: Floats, player: int) -> None:
        """Let one member reply, in place."""
        tree, second = self.tree, player + self.tree.n_players
        wanted = self._paid(player)
        ties = self._paid(second) if self.inputs.payoffs.shape[2] > second else np.zeros((1, tree.n_terminals))
        order = _order(tree, self.own[player])
        _reply(self.shape, order, wanted, ties, self._chance(player), self.inputs.base, tree.action_start, play)

    def among(self, draws: Ints) -> _Team:
        """The same team in some of the draws."""
        return _Team(self.tree, self.inputs.take(draws), self.free, self.members)

    def in_turn(self, play: Floats, order: Sequence[int]) -> Floats:
        """Members reply one after the other until none of them changes anything."""
        found, moving, team = play.copy(), np.arange(len(play)), self
        for _ in range(_SWEEPS if len(order) > 1 else 1):
            here = found[moving]
            for player in order:
                team.reply(here, player)
            changed = (here[:, self.actions] != found[moving][:, self.actions]).any(axis=1)
            found[moving] = here
            if not changed.any():
                break
            if not changed.all():
                moving = moving[changed]
                team = self.among(moving)
        return found

    def shared(self, play: Floats, seeing: bool = False) -> Floats:
        """(n,) what the team can expect, or could if each member saw everything that happened before it moves."""
        free = np.zeros(self.tree.n_nodes, dtype=bool)
        if seeing:
            inner = self.tree.kind == DECISION
            free[inner] = self.sets[self.tree.index[inner]]
        out = np.empty(play.shape[0])
        _shared(self.shape, self._paid(self.members[0]), self._chance(self.members[0]), play, free, out)
        return out


def joint_reply(tree: Tree, inputs: Inputs, free: Bools, members: Sequence[int], strategy: Floats) -> Floats:
    """Best joint reply of the players of a team to everybody else's play.

    Parameters
    ----------
    tree : the game.
    inputs : the draws' numbers; with tie payoffs behind the players' they decide between equally good actions.
    free : (infosets,) where choices may be changed.
    members : the team's players; all want what the first is paid.
    strategy : (n, actions) play; the team's own is where it begins.

    Returns
    -------
    (n, actions) play with the team's choices replaced. Exact for one player; for several a play from which no member alone, and no
    change that one of them leads and the others follow, gains anything.
    """
    team = _Team(tree, inputs, free, members)
    found = team.in_turn(np.array(strategy, dtype=np.float64), members)
    if len(members) == 1:
        return found
    worth = team.shared(found)
    short = np.broadcast_to(_SHORT * np.ptp(inputs.payoffs[:, :, members[0]], axis=1), worth.shape)
    open_ = np.flatnonzero(worth < team.shared(found, seeing=True) - short)
    few = team.among(open_)
    for leader in members if open_.size else ():
        followers = [*(p for p in members if p != leader), leader]
        for action in (a for h in team.own[leader] for a in tree.actions(h)):
            led = found[open_]
            infoset = tree.actions(int(tree.action_infoset[action]))
            led[:, infoset.start : infoset.stop] = 0.0
            led[:, action] = 1.0
            led = few.in_turn(led, followers)
            value = few.shared(led)
            better = value > worth[open_] + short[open_]
            found[open_[better]], worth[open_[better]] = led[better], value[better]
    return found
