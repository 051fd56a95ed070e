"""What must be guessed before backward induction can run, and the program that runs it.

A belief in an information set depends on the choices in which its histories differ. Only information sets whose choice differs
between members of a later information set with several nodes are therefore unknowns of the equilibrium; given their
probabilities all beliefs follow by Bayes' rule and everything else by one backward pass. With perfect information nothing is
unknown and the pass is exact. If information sets of different players contain each other's successors, a few more become
unknown until an order of computation exists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vetopoint.game import _program as ir
from vetopoint.game._program import Dual, Program, Tape
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Tree

__all__ = ["BEST", "FIXED", "FREE", "Compiled", "Shape", "compile_game", "relevant_choices", "shape_of"]

FREE, FIXED, BEST = 0, 1, 2


@dataclass(frozen=True)
class Shape:
    """What, beside the tree, decides the program: role of each information set, layers of chance, base weights, tie payoffs."""

    roles: tuple[int, ...]
    layers: int
    weighted: bool
    ties: bool = False


def shape_of(tree: Tree, best: NDArray[np.bool_], layers: int) -> Shape:
    """Shape of a game without forced choices, in which some players best-respond."""
    single = np.diff(tree.action_start) == 1
    roles = np.where(single, FIXED, np.where(best[tree.infoset_player], BEST, FREE))
    return Shape(tuple(int(role) for role in roles), layers, False)


@dataclass(frozen=True, eq=False)
class Compiled:
    """Programs of one game.

    Parameters
    ----------
    unknown : information sets whose log-odds are unknowns, in order.
    dimension : number of unknown log-odds.
    offset : (unknown sets+1,) where each set's log-odds start.
    outcome : program for strategies given the unknowns; outputs ``strategy``, ``mine``, ``reply``.
    slope : program for the equations and their Jacobian; ``None`` without unknowns. Outputs ``value (d,)`` and
        ``jacobian (d * (d+1),)``, the last column for time; rows of entries that are always zero are the zero row.
    circular : a best-responding player's choice enters beliefs or lacks an order of computation; there are no programs then.
    """

    unknown: tuple[int, ...]
    dimension: int
    offset: tuple[int, ...]
    outcome: Program | None
    slope: Program | None
    circular: bool


@lru_cache(maxsize=64)
def compile_game(tree: Tree, shape: Shape) -> Compiled:
    """Programs for a tree; kept for the next call with the same tree."""
    differing = [relevant_choices(tree, h) if shape.roles[h] != FIXED else [] for h in range(tree.n_infosets)]
    needed = {
        int(tree.action_infoset[a]) for lists in differing for found in lists for kind, a in found if kind == DECISION
    }
    unknown = {h for h in needed if shape.roles[h] == FREE}
    order, extra, stuck = _schedule(tree, shape.roles, unknown)
    unknown |= extra
    circular = stuck or any(shape.roles[h] == BEST for h in needed)
    # Deepest first: equations of separate branches share no unknowns, so elimination then fills in little.
    depth = {h: len(tree.path(int(tree.members(h)[0]))) for h in unknown}
    listed = tuple(sorted(unknown, key=lambda h: (-depth[h], h)))
    offset = (0, *(int(v) for v in np.cumsum([len(tree.actions(h)) - 1 for h in listed])))
    if circular:
        return Compiled(listed, int(offset[-1]), offset, None, None, True)
    plan = _Plan(tree, shape, listed, offset, differing, order)
    return Compiled(
        unknown=listed,
        dimension=int(offset[-1]),
        offset=offset,
        outcome=_Recorder(plan, derivatives=False).outcome(),
        slope=_Recorder(plan, derivatives=True).slope() if listed else None,
        circular=False,
    )


def relevant_choices(tree: Tree, infoset: int) -> list[list[tuple[int, int]]]:
    """For each member of an information set the ``(kind, action)`` steps on its path that not all members share."""
    members = tree.members(infoset)
    if len(members) == 1:
        return [[]]
    paths = [[(int(tree.kind[tree.parent[v]]), int(tree.via[v])) for v in tree.path(int(m))[1:]] for m in members]
    shared = set(paths[0]).intersection(*paths[1:])
    return [[step for step in path if step not in shared] for path in paths]


def _schedule(tree: Tree, roles: Sequence[int], unknown: set[int]) -> tuple[list[tuple[str, int]], set[int], bool]:
    """Order of events: ``("value", node)`` once its children and its choice are known, ``("choice", infoset)``.

    Returns the order, the information sets that had to become unknown to break circles, and whether a circle of best
    responses could not be broken so.
    """
    missing = np.diff(tree.child_start)
    waiting = np.array([int(missing[tree.members(h)].sum()) for h in range(tree.n_infosets)], dtype=np.int64)
    chosen = np.array([roles[h] == FIXED or h in unknown for h in range(tree.n_infosets)], dtype=bool)
    parent, kind, index = tree.parent.tolist(), tree.kind.tolist(), tree.index.tolist()
    order: list[tuple[str, int]] = []
    stack = [int(v) for v in np.flatnonzero(tree.kind == TERMINAL)]
    extra: set[int] = set()
    stuck = False
    left = tree.n_nodes
    while left:
        while stack:
            node = stack.pop()
            order.append(("value", node))
            left -= 1
            up = parent[node]
            if up < 0:
                continue
            missing[up] -= 1
            if kind[up] == CHANCE:
                if not missing[up]:
                    stack.append(up)
                continue
            here = index[up]
            if chosen[here] and not missing[up]:
                stack.append(up)
            waiting[here] -= 1
            if not waiting[here]:
                order.append(("choice", here))
                if not chosen[here]:
                    chosen[here] = True
                    stack.extend(int(v) for v in tree.members(here))
        if left:
            blocked = [h for h in range(tree.n_infosets) if not chosen[h] and not missing[tree.members(h)].all()]
            free = [h for h in blocked if roles[h] == FREE]
            stuck = stuck or not free
            here = min(free or blocked, key=lambda h: (len(tree.actions(h)), h))
            extra.add(here)
            chosen[here] = True
            stack.extend(int(v) for v in tree.members(here) if not missing[v])
    return order, extra, stuck


@dataclass(frozen=True)
class _Plan:
    tree: Tree
    shape: Shape
    unknown: tuple[int, ...]
    offset: tuple[int, ...]
    differing: list[list[list[tuple[int, int]]]]
    order: list[tuple[str, int]]


class _Recorder:
    """Records one pass over a game."""

    def __init__(self, plan: _Plan, derivatives: bool) -> None:
        self.plan, self.tree, self.derivatives = plan, plan.tree, derivatives
        self.tape = Tape()
        self.roles = plan.shape.roles
        self.probability: dict[int, Dual] = {}
        self.log_probability: dict[int, Dual] = {}
        self.value: dict[tuple[int, int], Dual] = {}
        self.reply: dict[int, list[Dual]] = {}
        self.needed = self._needed_values()
        self.intensity = [self._intensity(player) for player in range(self.tree.n_players)]
        self._assume()
        for event, number in plan.order:
            if event == "value":
                self._value(number)
            else:
                self._choice(number)

    def _intensity(self, player: int) -> Dual:
        precision = self.tape.load(ir.PRECISION, player)
        if not self.derivatives:
            return precision
        time = Dual(self.tape.load(ir.TIME).row, {ir.TIME_DIRECTION: self.tape.one.row})
        return self.tape.dot([(time, precision)])

    def _needed_values(self) -> list[frozenset[int]]:
        """Whose expectation matters at each node: those with an earlier choice. Players from P on are tie-break payoffs."""
        tree = self.tree
        needed: list[frozenset[int]] = [frozenset()] * tree.n_nodes
        mine = []
        for player, role in zip(tree.infoset_player.tolist(), self.roles, strict=True):
            tie = {player + tree.n_players} if role == BEST and self.plan.shape.ties else set()
            mine.append(frozenset() if role == FIXED else frozenset({player} | tie))
        for node in range(1, tree.n_nodes):
            up = int(tree.parent[node])
            own = mine[tree.index[up]] if tree.kind[up] == DECISION else frozenset()
            needed[node] = needed[up] | own
        return needed

    def _assume(self) -> None:
        """Probabilities known before the pass: fixed choices and the softmax of the unknown log-odds."""
        tape, tree = self.tape, self.tree
        for h in range(tree.n_infosets):
            if self.roles[h] == FIXED:
                single = len(tree.actions(h)) == 1
                for a in tree.actions(h):
                    self.probability[a] = tape.one if single else tape.load(ir.FIXED, a)
        for number, h in enumerate(self.plan.unknown):
            odds = [tape.zero]
            odds += [
                Dual(tape.load(ir.UNKNOWN, k).row, {k: tape.one.row} if self.derivatives else {})
                for k in range(self.plan.offset[number], self.plan.offset[number + 1])
            ]
            for a, p, log_p in zip(tree.actions(h), *tape.softmax(odds, logs=True), strict=True):
                self.probability[a], self.log_probability[a] = p, log_p

    def _chance(self, kind: int, player: int, action: int) -> Dual:
        layer = 0 if self.plan.shape.layers == 1 else 1 + player % self.tree.n_players
        return self.tape.load(kind, layer, action)

    def _beliefs(self, infoset: int) -> list[Dual]:
        """Bayes' rule in logarithms over the steps in which the members' histories differ."""
        differing = self.plan.differing[infoset]
        if len(differing) == 1:
            return [self.tape.one]
        player = int(self.tree.infoset_player[infoset])
        weights = []
        for steps in differing:
            total = self.tape.zero
            for kind, action in steps:
                if kind == CHANCE:
                    term = self._chance(ir.LOG_CHANCE, player, action)
                elif action in self.log_probability:
                    term = self.log_probability[action]
                else:
                    term = self.tape.load(ir.LOG_FIXED, action)
                total = term if total.row == self.tape.zero.row else self.tape.add(total, term)
            weights.append(total)
        return self.tape.softmax(weights)[0]

    def _value(self, node: int) -> None:
        tree = self.tree
        kind, number = int(tree.kind[node]), int(tree.index[node])
        for player in sorted(self.needed[node]):
            if kind == TERMINAL:
                found = self.tape.load(ir.PAYOFF, number, player)
            else:
                pairs = []
                for child in tree.children(node).tolist():
                    action = int(tree.via[child])
                    weight = self._chance(ir.CHANCE, player, action) if kind == CHANCE else self.probability[action]
                    pairs.append((weight, self.value[child, player]))
                found = self.tape.dot(pairs)
            self.value[node, player] = found

    def _action_values(self, infoset: int, player: int) -> list[Dual]:
        tree = self.tree
        beliefs = self._beliefs(infoset)
        members = tree.members(infoset).tolist()
        return [
            self.tape.dot(
                [(b, self.value[int(tree.children(m)[a]), player]) for b, m in zip(beliefs, members, strict=True)]
            )
            for a in range(len(tree.actions(infoset)))
        ]

    def _choice(self, infoset: int) -> None:
        role, player = self.roles[infoset], int(self.tree.infoset_player[infoset])
        actions = self.tree.actions(infoset)
        if role == FIXED:
            return
        values = self._action_values(infoset, player)
        if role == BEST:
            ties = [self.tape.zero] * len(values)
            if self.plan.shape.ties:
                ties = self._action_values(infoset, player + self.tree.n_players)
            weights = [self.tape.load(ir.BASE, a) for a in actions]
            found = self.tape.best(values, ties, weights)
            self.probability.update(zip(actions, found, strict=True))
            return
        logits = [self.tape.dot([(self.intensity[player], value)]) for value in values]
        if self.plan.shape.weighted:
            logits = [self.tape.add(z, self.tape.load(ir.LOG_BASE, a)) for z, a in zip(logits, actions, strict=True)]
        if infoset in self.plan.unknown:
            self.reply[infoset] = logits
        else:
            self.probability.update(zip(actions, self.tape.softmax(logits)[0], strict=True))

    def outcome(self) -> Program:
        """Strategies, and the reply to them at the unknown information sets."""
        replies = [d.row for h in self.plan.unknown for d in self.tape.softmax(self.reply[h])[0]]
        assumed = [self.probability[a].row for h in self.plan.unknown for a in self.tree.actions(h)]
        strategy = [self.probability[a].row for a in range(self.tree.n_actions)]
        return self.tape.finish({"strategy": strategy, "mine": assumed, "reply": replies})

    def slope(self) -> Program:
        """Log-odds of the reply and their derivatives by the unknown log-odds and by time."""
        size = self.plan.offset[-1]
        value, jacobian = [], []
        for h in self.plan.unknown:
            for logit in self.reply[h][1:]:
                gap = self.tape.sub(logit, self.reply[h][0])
                value.append(gap.row)
                jacobian += [gap.grads.get(k, self.tape.zero.row) for k in (*range(size), ir.TIME_DIRECTION)]
        unknowns = [self.tape.load(ir.UNKNOWN, k).row for k in range(size)]
        time = self.tape.load(ir.TIME).row
        return self.tape.finish({"value": value, "jacobian": jacobian, "unknown": unknowns, "time": [time]})
