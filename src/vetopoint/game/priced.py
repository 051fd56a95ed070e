"""A game with its numbers over a batch of draws, and how it is solved as its actors see it.

A quantity that an actor does not know stands at its mean in the game that this actor solves. So there is one array of payoffs
for each *view*, each actor solves its own view, and its strategy is taken from there. What then happens is weighed by the truth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Array, Bools, Floats, ratio
from vetopoint.game.flow import as_weights, cut, goal_probabilities
from vetopoint.game.solver.solve import FAILED, BestResponse, Solution, retrace_aqre, solve_aqre
from vetopoint.game.unroll import GameTree, Restriction, collapse, restrict

__all__ = ["Play", "PricedGame"]

REPLIES = 12  # most rounds of best responses in turn


@dataclass(frozen=True, eq=False)
class Play:
    """A priced game and how it is played."""

    priced: PricedGame
    solution: Solution
    views: tuple[Solution, ...]

    @property
    def strategy(self) -> Floats:
        """(n, actions) what each actor does."""
        return self.solution.strategy

    def first(self, draws: int) -> Play:
        """The same on the first draws only: what a draw is solved to depends on no other."""
        if draws >= self.priced.n:
            return self

        return Play(self.priced.first(draws), self.solution.first(draws), tuple(v.first(draws) for v in self.views))

    def goal(self, weights: Array) -> Floats:
        """P(goal) (n,) in truth, for weights (terminals,) or (n, terminals)."""
        return self.goals({"": weights})[""]

    def goals(self, weights: Mapping[str, Array]) -> dict[str, Floats]:
        """The same for several goals in one pass."""
        found = goal_probabilities(self.priced.game, self.strategy, self.priced.chance, list(weights.values()))
        return dict(zip(weights, found, strict=True))


@dataclass(frozen=True, eq=False)
class PricedGame:
    """A game with payoffs, chance and precision over n draws.

    Parameters
    ----------
    game : the game.
    payoffs : one (n, terminals, players) array a view.
    view_of : (players,) the view that each player solves.
    chance : (n, layers, chance actions), see `chance_probabilities`.
    precision : (n, players).
    """

    game: GameTree
    payoffs: tuple[Floats, ...]
    view_of: tuple[int, ...]
    chance: Floats
    precision: Floats

    @property
    def n(self) -> int:
        """Number of draws."""
        return int(self.precision.shape[0])

    def first(self, draws: int) -> PricedGame:
        """The same game on the first draws only."""
        return self if draws >= self.n else self.rows(slice(draws))

    def rows(self, draws: slice | NDArray[np.intp]) -> PricedGame:
        """The same game on some draws only."""
        payoffs = tuple(cut(p, draws) for p in self.payoffs)
        return replace(self, payoffs=payoffs, chance=cut(self.chance, draws), precision=cut(self.precision, draws))

    def with_precision(self, factor: float) -> PricedGame:
        """The same game with every actor's precision multiplied."""
        return replace(self, precision=self.precision * factor)

    def solve(
        self,
        best_response: Sequence[int] = (),
        ties: Sequence[Floats] = (),
        teams: Sequence[Sequence[int]] = (),
        longest: float = np.inf,
        fixed: Floats | None = None,
    ) -> Play:
        """Solve the game as its actors see it: each player's strategy comes from its own view.

        Parameters
        ----------
        best_response : players that best-respond instead of playing quantal responses.
        ties : one array (n, terminals, players) a view, by which best responders choose among equally good options; what is
            still tied is split by μ.
        teams : best responders who want the same and choose together.
        longest : step along the branch where nobody best-responds, see `retrace_aqre`.
        fixed : (n or 1, actions) choices that are given, NaN where they are free.

        Returns
        -------
        Play
            Its label and residual are the worst over the views used.
        """
        tree = self.game.tree
        mask = np.isin(np.arange(tree.n_players), best_response)
        decided: Sequence[Floats | None] = ties or [None] * len(self.payoffs)
        seen = zip(self.payoffs, decided, strict=True)
        views = tuple(_View(self, payoffs, own, teams, longest).solve(mask, fixed) for payoffs, own in seen)
        if len(views) == 1:
            return Play(self, views[0], views)
        view_of_action = np.asarray(self.view_of, dtype=np.int64)[tree.action_player]
        strategy = views[0].strategy.copy()
        for v, view in enumerate(views):
            strategy[:, view_of_action == v] = view.strategy[:, view_of_action == v]
        used = [views[v] for v in sorted(set(view_of_action.tolist()))] or [views[0]]
        label, residual, spent = (
            np.max([getattr(v, name) for v in used], axis=0) for name in ("label", "residual", "spent")
        )
        return Play(self, Solution(strategy, label, residual, spent), views)

    def solve_like(self, other: Play) -> Play:
        """The same as `solve`, where a play of the same game over as many draws is known: draws with the same numbers are taken from it."""
        mine, its = self, other.priced
        pairs = [
            *zip(mine.payoffs, its.payoffs, strict=True),
            (mine.chance, its.chance),
            (mine.precision, its.precision),
        ]
        if self.game is not its.game or any(a.shape != b.shape or len(a) != self.n for a, b in pairs):
            return self.solve()
        differ = np.logical_or.reduce([(a != b).reshape(self.n, -1).any(axis=1) for a, b in pairs])
        changed = np.flatnonzero(differ)
        if changed.size == self.n:
            return self.solve()
        found = Play(self, other.solution.copy(), tuple(view.copy() for view in other.views))
        if changed.size:
            again = self.rows(changed).solve()
            found.solution.put(changed, again.solution)
            for view, part in zip(found.views, again.views, strict=True):
                view.put(changed, part)
        return found

    def rational(self) -> Play:
        """Every actor best-responds in the game that it sees: the limit of unbounded precision; ties are split by μ.

        Exact with perfect information. Otherwise best responses need not settle; draws in which they do not are labelled
        failed.
        """
        return self.solve(best_response=range(len(self.game.players)))

    def with_game(self, game: GameTree) -> PricedGame:
        """The same numbers on a game that differs in information sets only."""
        return replace(self, game=game)

    def restrict(self, allowed: Mapping[int, Sequence[str]]) -> tuple[PricedGame, Restriction]:
        """The game in which some layers have fewer options; see `restrict`."""
        smaller = _restricted(self.game, tuple((k, tuple(v)) for k, v in sorted(allowed.items())))
        priced = PricedGame(
            smaller.game,
            tuple(p[:, smaller.terminals] for p in self.payoffs),
            self.view_of,
            self.chance[:, :, smaller.chance_actions],
            self.precision,
        )
        return priced, smaller

    def collapse(self, actors: Sequence[str]) -> PricedGame:
        """The game in which some actors' policies are public and independent of their types.

        Their moves then tell nothing of their types: every other player's payoffs are averaged over them with what it
        believes of them at the start, their own with the truth.
        """
        typed = frozenset(actors) & set(self.game.types.names)
        if not typed:
            return self
        game, fibre = _collapsed(self.game, typed)
        size, copies, players = game.types.size, self.game.types.size, len(self.game.players)
        believed = self._given_rest(fibre, size, [1 + p if self.chance.shape[1] > 1 else 0 for p in range(players)])
        averaged = (_summed(p.reshape(self.n, -1, copies, players) * believed, fibre, size) for p in self.payoffs)
        payoffs = tuple(p.reshape(self.n, -1, players) for p in averaged)
        drawn, rest = self.chance[:, :, :copies, None], self.chance[:, :, copies:]
        chance = np.concatenate([_summed(drawn, fibre, size)[..., 0], rest], axis=2) if size > 1 else rest
        return PricedGame(game, payoffs, self.view_of, np.ascontiguousarray(chance), self.precision)

    def collapse_weights(self, actors: Sequence[str], weights: Array) -> Floats:
        """Weights of a goal (1 or n, terminals) on the collapsed game: averaged over the types in truth."""
        rows = as_weights(weights)
        typed = frozenset(actors) & set(self.game.types.names)
        if not typed:
            return rows
        game, fibre = _collapsed(self.game, typed)
        size = game.types.size
        cells = rows.reshape(rows.shape[0], -1, self.game.types.size, 1)
        if (cells == cells[:, :, :1]).all():
            return np.ascontiguousarray(np.repeat(cells[:, :, :1], size, axis=2).reshape(rows.shape[0], -1))
        return _summed(cells * self._given_rest(fibre, size, [0]), fibre, size).reshape(self.n, -1)

    def _given_rest(self, fibre: NDArray[np.intp], size: int, layers: Sequence[int]) -> Floats:
        """(n, 1, combinations, layers) P(combination | what is left of it), as each of some layers of chance has it."""
        joint = self.chance[:, layers, : fibre.size].transpose(0, 2, 1)[:, None]
        shared = _summed(joint, fibre, size)[:, :, fibre]
        even = 1.0 / np.bincount(fibre, minlength=size)[fibre, None]
        return np.where(shared > 0, ratio(joint, shared), even)


def _summed(values: Floats, fibre: NDArray[np.intp], size: int) -> Floats:
    """Sums (n, any, size, any) of ``values (n, any, combinations, any)`` over the combinations that fall into one."""
    out = np.zeros((*values.shape[:2], size, values.shape[3]))
    for combination, into in enumerate(fibre):
        out[:, :, into] += values[:, :, combination]
    return out


@dataclass(frozen=True, eq=False)
class _View:
    """A game as it is seen and answered by one view's payoffs; ``ties`` decides between equal options."""

    priced: PricedGame
    payoffs: Floats
    ties: Floats | None
    teams: Sequence[Sequence[int]] = ()
    longest: float = np.inf

    def solve(self, best: Bools, fixed: Floats | None = None) -> Solution:
        """The solution with some players (players,) best-responding, and some choices given."""
        found = self._answer(best, fixed)
        failed = np.flatnonzero(found.label == FAILED)
        if best.sum() < 2 or not failed.size:
            return found
        return self._rows(failed)._in_turn(best, found, failed)

    def _answer(self, best: Bools, fixed: Floats | None = None) -> Solution:
        """The solution with some actions (n, actions) forced where they are not NaN."""
        game, priced = self.priced.game, self.priced
        response = BestResponse(best, self.ties, self.teams) if best.any() else None
        numbers = (self.payoffs, priced.chance, priced.precision, game.base)
        if np.isfinite(self.longest):
            return retrace_aqre(game.tree, *numbers, self.longest)
        return solve_aqre(game.tree, *numbers, fixed, response)

    def _rows(self, draws: NDArray[np.intp]) -> _View:
        """The same on some draws."""
        ties = None if self.ties is None else cut(self.ties, draws)
        return replace(self, priced=self.priced.rows(draws), payoffs=cut(self.payoffs, draws), ties=ties)

    def _in_turn(self, best: Bools, found: Solution, failed: NDArray[np.intp]) -> Solution:
        """Let best responders reply one after the other in the draws in which replying all at once never settles.

        Two actors that each could carry the goal alone change their minds together for ever if they reply at once; in turn the
        first carries it and the second keeps to its own preference.
        """
        mover = self.priced.game.tree.action_player
        bound = best[mover]
        strategy = found.strategy[failed].copy()
        settled, reply = np.zeros(failed.size, dtype=bool), found
        for _ in range(REPLIES):
            before = strategy[:, bound].copy()
            for player in np.flatnonzero(best):
                others = bound & (mover != player)
                fixed = np.where(others, strategy, np.nan)
                reply = self._answer(np.arange(best.size) == player, fixed)
                strategy = reply.strategy
            settled = (np.abs(strategy[:, bound] - before).max(axis=1) <= 1e-9) & (reply.label != FAILED)
            if settled.all():
                break
        good = failed[settled]
        joined, label, residual = found.strategy.copy(), found.label.copy(), found.residual.copy()
        joined[good], label[good], residual[good] = strategy[settled], reply.label[settled], reply.residual[settled]
        return replace(found, strategy=joined, label=label, residual=residual)


@lru_cache(maxsize=32)
def _collapsed(game: GameTree, actors: frozenset[str]) -> tuple[GameTree, NDArray[np.intp]]:
    """The collapsed game, kept so that its programs are compiled once, and the combination that each one falls into."""
    smaller = collapse(game, sorted(actors))
    kept = [i for i, actor in enumerate(game.types.names) if actor not in actors]
    fibre = np.zeros(game.types.size, dtype=np.intp)
    for combo, left in enumerate(smaller.types.combos):
        fibre[(game.types.combos[:, kept] == left).all(axis=1)] = combo
    return smaller, fibre


@lru_cache(maxsize=64)
def _restricted(game: GameTree, allowed: tuple[tuple[int, tuple[str, ...]], ...]) -> Restriction:
    return restrict(game, dict(allowed))
