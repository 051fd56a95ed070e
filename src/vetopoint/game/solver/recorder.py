"""The programs of a game: one backward pass, with derivatives by the unknowns where the branch has to be traced."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache, reduce

import numpy as np

from vetopoint.arrays import Ints
from vetopoint.game.solver import interpreter as ir
from vetopoint.game.solver.batch import FEW
from vetopoint.game.solver.plans import BEST, FIXED, Contrast, Plan, Steps, ratio_of
from vetopoint.game.solver.program import TIME_DIRECTION, Dual, Program, Tape
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL

__all__ = ["branch_programs", "odds_program", "outcome_program"]

Kind = tuple[int, ...]  # rows of what the actions at a history are worth


@lru_cache(maxsize=64)
def outcome_program(plan: Plan) -> Program:
    """Program for strategies given a plan's unknowns; outputs ``strategy``, ``mine``, ``reply``."""
    return _Recorder(plan).outcome()


@lru_cache(maxsize=64)
def odds_program(plan: Plan, infosets: tuple[int, ...]) -> Program:
    """Program for the log-odds of the reply at some information sets, given a plan's unknowns; output ``odds (dimension,)``."""
    return _Recorder(plan).odds(infosets)


@lru_cache(maxsize=64)
def branch_programs(plan: Plan) -> tuple[Program, list[tuple[Ints, Program]]]:
    """Programs to trace the principal branch in a plan's unknowns: one for all, and one for each group of them.

    Outputs are the equations ``value (d,)`` and ``jacobian (d * (d+1),)``, the last column for time, and what they are of,
    ``unknown (d,)`` and ``time (1,)``; rows of entries that are always zero are the zero row. Groups do not look at each other.
    """
    whole = _Recorder(plan, range(len(plan.contrasts)))
    groups = whole.groups()
    slope = whole.slope()
    return slope, [(g, slope if len(groups) == 1 else _Recorder(plan, g.tolist()).slope()) for g in groups]


class _Recorder:
    """Records one pass over a game, with derivatives by time and by some of the unknowns if any are named."""

    def __init__(self, plan: Plan, directions: Sequence[int] = ()) -> None:
        self.plan, self.tree, self.directions = plan, plan.tree, directions
        self.tape = Tape()
        self.roles = plan.shape.roles
        self.probability: dict[int, Dual] = {}
        self.log_probability: dict[int, Dual] = {}
        self.value: dict[tuple[int, int], Dual] = {}
        self.logits: dict[int, list[Dual]] = {}
        self.replied: dict[int, list[Dual]] = {}
        self.unknown: dict[Contrast, Dual] = {}
        self.sums: dict[tuple[int, ...], Dual] = {}
        self.paid = np.frombuffer(plan.shape.alike, dtype=np.int32).reshape(self.tree.n_terminals, -1)
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
        if not self.directions:
            return precision
        time = Dual(self.tape.load(ir.TIME).row, {TIME_DIRECTION: self.tape.one.row})
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
        for k, contrast in enumerate(self.plan.contrasts):
            self.unknown[contrast] = Dual(
                tape.load(ir.UNKNOWN, k).row, {k: tape.one.row} if k in self.directions else {}
            )
        for h in self.plan.unknown:
            first = tree.actions(h)[0]
            odds = [tape.zero, *(self.unknown[(a,), (first,)] for a in tree.actions(h)[1:])]
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
            terms = [self._chance(ir.LOG_CHANCE, player, a) for kind, a in steps if kind == CHANCE]
            choices = [a for kind, a in steps if kind == DECISION]
            terms += [self.tape.load(ir.LOG_FIXED, a) for a in choices if self._role(a) == FIXED]
            if self.plan.ratios:
                ratio = ratio_of(self.tree, self.plan.shape, steps, differing[0])
                terms += [self.unknown[ratio]] if any(ratio) else []
            else:
                terms += [self.log_probability[a] for a in choices if self._role(a) != FIXED]
            weights.append(self._sum(terms))
        return self.tape.softmax(weights)[0]

    def _role(self, action: int) -> int:
        return int(self.roles[self.tree.action_infoset[action]])

    def _sum(self, terms: Sequence[Dual]) -> Dual:
        return reduce(self.tape.add, terms) if terms else self.tape.zero

    def _value(self, node: int) -> None:
        tree = self.tree
        kind, number = int(tree.kind[node]), int(tree.index[node])
        for player in sorted(self.needed[node]):
            if kind == TERMINAL:
                same = int(self.paid[number, player]) if self.paid.size else number
                found = self.tape.load(ir.PAYOFF, same, player)
            else:
                pairs = []
                for child in tree.children(node).tolist():
                    action = int(tree.via[child])
                    weight = self._chance(ir.CHANCE, player, action) if kind == CHANCE else self.probability[action]
                    pairs.append((weight, self.value[child, player]))
                found = self._dot(pairs)
            self.value[node, player] = found

    def _dot(self, pairs: Sequence[tuple[Dual, Dual]]) -> Dual:
        """Sum of products; the same one is recorded once."""
        rows = tuple(number.row for pair in pairs for number in pair)
        if rows not in self.sums:
            self.sums[rows] = self.tape.dot(pairs)
        return self.sums[rows]

    def _action_values(self, infoset: int, player: int) -> list[Dual]:
        tree = self.tree
        after = [[self.value[v, player] for v in tree.children(m).tolist()] for m in tree.members(infoset).tolist()]
        if len(after) > FEW and not self.plan.ratios:
            kinds = {tuple(v.row for v in values): values for values in after}
            masses = self._masses(infoset, [tuple(v.row for v in values) for values in after])
            if masses is not None:
                return self._expected([masses[kind] for kind in kinds], [*kinds.values()])
        return self._expected(self._beliefs(infoset), after)

    def _expected(self, weights: Sequence[Dual], after: Sequence[Sequence[Dual]]) -> list[Dual]:
        """What each action is worth on the mean over histories, from what it leads to in each."""
        return [self._dot(list(zip(weights, values, strict=True))) for values in zip(*after, strict=True)]

    def _masses(self, infoset: int, kinds: Sequence[Kind]) -> dict[Kind, Dual] | None:
        """Belief in each kind of history in an information set, where every choice in which its histories differ leads into it.

        The probabilities of its histories then sum to one by themselves, and those of a kind are summed on the way up the tree.
        """
        player, tree = int(self.tree.infoset_player[infoset]), self.tree

        def below(members: Sequence[tuple[Steps, Kind]], depth: int) -> dict[Kind, Dual] | None:
            if len(members[0][0]) == depth:
                return {members[0][1]: self.tape.one}
            branches: dict[tuple[int, int], list[tuple[Steps, Kind]]] = {}
            for member in members:
                branches.setdefault(member[0][depth], []).append(member)
            if {a for _, a in branches} != set(tree.alternatives(*members[0][0][depth])):
                return None
            parts = {step: below(branch, depth + 1) for step, branch in branches.items()}
            sums: dict[Kind, list[tuple[Dual, Dual]]] = {}
            for (kind, action), part in parts.items():
                if part is None:
                    return None
                weight = self._chance(ir.CHANCE, player, action) if kind == CHANCE else self.probability[action]
                for label, mass in part.items():
                    sums.setdefault(label, []).append((weight, mass))
            return {label: self._dot(pairs) for label, pairs in sums.items()}

        return below(list(zip(self.plan.differing[infoset], kinds, strict=True)), 0)

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
        self.logits[infoset] = logits
        if infoset not in self.plan.unknown:
            self.probability.update(zip(actions, self.tape.softmax(logits)[0], strict=True))

    def outcome(self) -> Program:
        """Strategies, and the reply to them at the unknown information sets."""
        replies = [d.row for h in self.plan.unknown for d in self.tape.softmax(self.logits[h])[0]]
        assumed = [self.probability[a].row for h in self.plan.unknown for a in self.tree.actions(h)]
        strategy = [self.probability[a].row for a in range(self.tree.n_actions)]
        return self.tape.finish({"strategy": strategy, "mine": assumed, "reply": replies})

    def odds(self, infosets: Sequence[int]) -> Program:
        """Log-odds of the reply at some information sets."""
        found = [self.tape.sub(z, self.logits[h][0]).row for h in infosets for z in self.logits[h][1:]]
        return self.tape.finish({"odds": found})

    @cached_property
    def _replies(self) -> list[Dual]:
        """The reply's contrasts."""
        ratios = [*map(self._ratio_of_reply, self.plan.contrasts[: self.plan.ratios])]
        return ratios + [self.tape.sub(z, self.logits[h][0]) for h in self.plan.unknown for z in self.logits[h][1:]]

    def groups(self) -> list[Ints]:
        """The unknowns in groups, such that no reply of one hangs on an unknown of another."""
        linked = np.eye(len(self._replies), dtype=bool)
        for i, reply in enumerate(self._replies):
            linked[i, [k for k in reply.grads if k != TIME_DIRECTION]] = True
        linked |= linked.T
        while not np.array_equal(linked, further := linked @ linked):
            linked = further
        first = linked.argmax(axis=1)
        return [np.flatnonzero(first == number) for number in np.unique(first)]

    def slope(self) -> Program:
        """The reply's contrasts and their derivatives by time and by the unknowns named at the beginning."""
        replies = [self._replies[k] for k in self.directions]
        columns = (*self.directions, TIME_DIRECTION)
        jacobian = [reply.grads.get(k, self.tape.zero.row) for reply in replies for k in columns]
        unknowns = [self.tape.load(ir.UNKNOWN, k).row for k in self.directions]
        time = self.tape.load(ir.TIME).row
        value = [reply.row for reply in replies]
        return self.tape.finish({"value": value, "jacobian": jacobian, "unknown": unknowns, "time": [time]})

    def _ratio_of_reply(self, ratio: Contrast) -> Dual:
        here, there = (self._sum([self._log_reply(a) for a in actions]) for actions in ratio)
        return self.tape.sub(here, there)

    def _log_reply(self, action: int) -> Dual:
        """Log-probability of an action in the reply to the unknowns."""
        infoset = int(self.tree.action_infoset[action])
        if infoset not in self.replied:
            self.replied[infoset] = self.tape.softmax(self.logits[infoset], logs=True)[1]
        return self.replied[infoset][action - self.tree.actions(infoset)[0]]
