"""Who can stop the plan, at which move: by a rule, by force of its own moves, or in effect since others back down.

Three kinds, never merged. A *rule veto*: the consent clause names a move of the actor, and cannot hold once it has withheld, see
`vetopoint.game.rules`. A *forcing veto*: no history
reaches the goal after the option (or under the actor's policy), whatever others do. An *effective veto* of option o at move m:
not forcing, and yet g(o) = P(goal | what the case presupposes, m reached, do_S(m = o)) is at most ``absolute`` and at most
``relative`` times the largest g of the move's other options, which is at least ``alternative``: a plan that is dead anyhow cannot be
vetoed. The test is on the figures that are printed, the conditional means; the share of draws that pass it stands beside.

References
----------
Tsebelis, G. (2002), *Veto Players*, ch. 1: who must agree for the status quo to change. His veto players have a veto by rule; one in
effect needs no rule, and is a finding on a solved game.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vetopoint.answers import SweepAnswer, Threshold, VetoPoint
from vetopoint.arrays import Array, Bools, Floats
from vetopoint.case.schema import VetoTest
from vetopoint.case.telling import clause_in_words
from vetopoint.game.interventions import OptionEffects
from vetopoint.game.rules import RuleVeto, rule_vetoes
from vetopoint.game.tree import DECISION
from vetopoint.game.unroll import CHANCE, GameTree
from vetopoint.quantity import Band, given, share_given

__all__ = [
    "best_other", "effective", "forcing_options", "forcing_policy", "goal_histories", "stands", "veto_points",
]  # fmt: skip

DEFAULT_THRESHOLD = Threshold(**VetoTest().model_dump())
RARELY = 0.01
NEVER = Band(mean=0.0, lo=0.0, hi=0.0, mc=0.0)


def sweep(test: Threshold) -> tuple[Threshold, ...]:
    """Other thresholds about a test: every pair of the first two at two fifths, once and twice, and the third likewise by itself."""

    def times(**factors: float) -> Threshold:
        return Threshold(
            **{name: min(1.0, round(getattr(test, name) * factors.get(name, 1), 6)) for name in Threshold.model_fields}
        )

    pairs = [times(absolute=a, relative=r) for a in (0.4, 1, 2) for r in (0.5, 1, 2)]
    return (*pairs, *(times(alternative=a) for a in (0.4, 2)))


def effective(goal: Floats, threshold: Threshold = DEFAULT_THRESHOLD) -> Bools:
    """Whether each option is an effective veto, row by row.

    Parameters
    ----------
    goal : (n, options) P(goal | the move is reached, do_S(option)); a row a draw, or the means that are printed.
    threshold : the test.

    Returns
    -------
    (n, options) bool. Where no option leaves the goal a chance, nothing is a veto.

    Examples
    --------
    >>> effective(np.array([[0.5, 0.01], [0.04, 0.03]])).tolist()
    [[False, True], [False, False]]
    """
    others = best_other(goal)
    passed = (goal <= threshold.absolute) & (goal <= threshold.relative * others) & (others >= threshold.alternative)
    return np.asarray(passed, dtype=bool).reshape(goal.shape)


def best_other(goal: Floats) -> Floats:
    """(n, options) the largest value among the other options of ``goal (n, options)``; nought where there are none."""
    padded = np.concatenate([np.zeros((goal.shape[0], 2)), goal], axis=1)
    second, best = np.sort(padded, axis=1)[:, -2:].T[:, :, None]
    return np.asarray(np.where(goal == best, second, best), dtype=np.float64)


def goal_histories(game: GameTree, weights: Array) -> Bools:
    """(public histories,) whether the history reaches the goal with positive weight, for some type, in some draw."""
    positive = (np.atleast_2d(np.asarray(weights)) > 0).any(axis=0)
    return np.asarray(positive.reshape(game.public.histories, game.types.size).any(axis=1))


def forcing_options(game: GameTree, reached: Bools) -> dict[int, tuple[str, ...]]:
    """Options after which no history reaches the goal, at moves where another option leaves it open.

    Parameters
    ----------
    game : the game.
    reached : (public histories,) whether the history reaches the goal.

    Returns
    -------
    Number of a layer to its forcing options, moves of chance left out.
    """
    open_ = game.public.any_through(reached)
    found: dict[int, tuple[str, ...]] = {}
    for number, layer in enumerate(game.public.layers):
        if layer.by == CHANCE or not game.public.at_layer(number).size:
            continue
        alive = np.asarray(open_[game.public.children(number)].any(axis=0))
        if alive.any() and not alive.all():
            found[number] = tuple(o for o, ok in zip(layer.options, alive.tolist(), strict=True) if not ok)
    return found


def forcing_policy(game: GameTree, actor: str, reached: Bools) -> dict[int, tuple[str, ...]] | None:
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
    dict or None
        Number of a layer to the options with which the policy can go on there, wherever it leads; layers at which any will do are
        left out, so it is empty if the goal is never reached anyhow. None if the actor has no such policy.
    """
    own = _Sequences(game, actor, reached)
    if not own.safe[-1]:
        return None
    good: dict[int, list[set[str]]] = {}
    for infoset in own.used():
        options, actions = game.infoset(infoset).options, game.tree.actions(infoset)
        safe = {option for option, action in zip(options, actions, strict=True) if own.safe[action]}
        good.setdefault(int(game.infoset_layer[infoset]), []).append(safe)
    policy = {}
    for layer in sorted(good):
        options = game.public.layers[layer].options
        chosen = set.intersection(*good[layer]) or set.union(*good[layer])
        if len(chosen) < len(options):
            policy[layer] = tuple(o for o in options if o in chosen)
    return policy


class _Sequences:
    """An actor's own last moves (actions; -1: none yet), what ends after each, and what comes next."""

    def __init__(self, game: GameTree, actor: str, reached: Bools) -> None:
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
        # Whether after an own last move the actor can still keep every goal history out, the latest moves first.
        self.safe: dict[int, bool] = {}
        for infoset in sorted(self.actions, key=lambda h: -int(game.infoset_layer[h])):
            for action in self.actions[infoset]:
                self.safe[action] = self._safe(action)
        self.safe[-1] = self._safe(-1)

    def _safe(self, sequence: int) -> bool:
        if sequence in self.ends:
            return False
        return all(any(self.safe[a] for a in self.actions[h]) for h in self.next.get(sequence, ()))

    def used(self) -> list[int]:
        """Information sets that the safe policy may come to, in order."""
        found: list[int] = []
        waiting = [-1]
        while waiting:
            for infoset in self.next.get(waiting.pop(), ()):
                found.append(infoset)
                waiting += [a for a in self.actions[infoset] if self.safe[a]]
        return sorted(found)


def veto_points(
    game: GameTree, effects: OptionEffects, goals: Mapping[str, Array], failing: bool = False
) -> list[VetoPoint]:
    """Every place at which an actor can stop the plan, for each goal.

    Parameters
    ----------
    game : the game.
    effects : what each option does when taken by surprise, see `option_effects`.
    goals : weights (terminals,) or (n, terminals) of each goal.
    failing : whether to list as well what does not pass the test of an effective veto, see `stands`.

    Returns
    -------
    list of VetoPoint
        By goal, then by date; rule, forcing (by option, then by policy) and effective, the last by the test that the case sets, with
        its share of draws at other thresholds too.
    """
    found: list[VetoPoint] = []
    by_rule = rule_vetoes(game.case, game.public_choices, game.public_months)
    for goal, weights in goals.items():
        reached = goal_histories(game, weights)
        forcing = forcing_options(game, reached)
        places = _Places(game, effects, goal)
        points = [
            # A clause forbids the plan; a goal that the truce decides, draw by draw, can be had without the plan.
            *(places.by_rule(by_rule) if np.ndim(weights) == 1 else ()),
            *places.by_option(forcing),
            *(places.by_policy(reached) if reached.any() else ()),
            *(point for point in places.in_effect(forcing) if failing or stands(point)),
        ]
        found += sorted(points, key=lambda p: round(p.at, 6))
    return found


def stands(point: VetoPoint) -> bool:
    """Whether a veto point passes its test by the figures that it prints; the tree or a rule needs none."""
    if point.threshold is None:
        return True
    return _passes(point.goal_if_forced, point.alternative, point.threshold)


def _passes(left: Band | None, other: Band | None, test: Threshold) -> bool:
    if left is None or other is None:
        return False
    return left.mean <= test.absolute and left.mean <= test.relative * other.mean and other.mean >= test.alternative


@dataclass(frozen=True, eq=False)
class _Places:
    """Where actors can stop the plan as far as one goal goes."""

    game: GameTree
    effects: OptionEffects
    goal: str

    def at(self, layer: int, option: str, **known: Any) -> VetoPoint:
        """One veto point; what is not known is that of a forcing option."""
        move = self.game.public.layers[layer]
        column = int(self.effects.start[layer]) + move.options.index(option)
        reached = given(self.effects.met[:, layer], self.effects.holds) or NEVER
        fields: dict[str, Any] = {
            "actor": move.by,
            "owner": move.by == self.game.case.file.owner,
            "move": move.move,
            "round": move.round or None,
            "option": option,
            "kind": "forcing",
            "goal": self.goal,
            "goal_if_forced": given(self.effects.goal[self.goal][:, column], self.effects.within[:, column]),
            "share_of_draws": 1.0,
            "p_reached": reached,
            "rarely_reached": reached.mean < RARELY,
            "at": float(self.effects.at[layer]),
            "scope": "option",
            "intervention": "surprise",
        }
        return VetoPoint(**{**fields, **known})

    def by_rule(self, vetoes: Sequence[RuleVeto]) -> Iterator[VetoPoint]:
        """Options that the consent clause makes vetoes, at moves that some history comes to, each at the first of its moves."""
        public = self.game.public
        for veto in vetoes:
            layers = {n: option for m, k, option in veto.steps for n in public.layers_of.get(m, ())[k : k + 1]}
            reached = sorted(n for n in layers if public.at_layer(n).size)
            if len(reached) < len(veto.steps):
                continue
            steps = {public.layers[n].name: (layers[n],) for n in reached} if len(reached) > 1 else {}
            case = self.game.case
            clause: dict[str, Any] = {"clause": case.file.coalition.requires, "clause_label": clause_in_words(case)}
            yield self.at(reached[0], layers[reached[0]], kind="rule", scope="clause", policy=steps, **clause)

    def by_option(self, forcing: Mapping[int, tuple[str, ...]]) -> Iterator[VetoPoint]:
        """Options after which no history reaches the goal."""
        for layer, options in forcing.items():
            for option in options:
                yield self.at(layer, option, goal_if_forced=NEVER)

    def by_policy(self, reached: Bools) -> Iterator[VetoPoint]:
        """Policies under which no history reaches the goal, each at its first move."""
        for actor in self.game.movers:
            policy = forcing_policy(self.game, actor, reached)
            if not policy:
                continue
            layer, options = next(iter(policy.items()))
            yield self.at(
                layer,
                options[0],
                scope="policy",
                policy={self.game.public.layers[k].name: names for k, names in policy.items()},
                goal_if_forced=NEVER,
                intervention="announced",
            )

    def in_effect(self, forcing: Mapping[int, tuple[str, ...]]) -> Iterator[VetoPoint]:
        """Options to which the test of an effective veto can be put: all that are not forcing, at moves with others."""
        for number, layer in enumerate(self.game.public.layers):
            if layer.by != CHANCE and len(layer.options) > 1 and self.game.public.at_layer(number).size:
                yield from self._tested(number, forcing.get(number, ()))

    def _tested(self, number: int, shut: Sequence[str]) -> Iterator[VetoPoint]:
        """The options of a layer but those that are shut, each with what it and the best other leave, and the share of draws that pass."""
        columns = slice(int(self.effects.start[number]), int(self.effects.start[number + 1]))
        forced, within = self.effects.goal[self.goal][:, columns], self.effects.within[:, columns]
        left = [given(*pair) for pair in zip(forced.T, within.T, strict=True)]
        test = Threshold(**self.game.case.file.veto.model_dump())
        for o, option in enumerate(self.game.public.layers[number].options):
            others = [b for k, b in enumerate(left) if k != o and b is not None]
            if option in shut or left[o] is None or not others:
                continue
            own, other = left[o], max(others, key=lambda b: b.mean)
            swept = sweep(test) if _passes(own, other, test) else ()

            def share(at: Threshold, o: int = o) -> float:
                return share_given(effective(forced, at)[:, o], within[:, o])

            yield self.at(
                number,
                option,
                kind="effective",
                alternative=other,
                share_of_draws=share(test),
                threshold=test,
                sweep=tuple(
                    SweepAnswer(threshold=t, share_of_draws=share(t), listed=_passes(own, other, t)) for t in swept
                ),
            )
