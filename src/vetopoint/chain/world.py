"""One case over one batch of draws: the chain draws → coalition → truce → payoffs, ready for the game."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from vetopoint.arrays import Array, Floats, ratio
from vetopoint.case import Problem, complaints
from vetopoint.chain.frame import COALITION_VALUES, Frame, settled_anew
from vetopoint.chain.values import FirstPass, Tables, chance_values, goal_weights, payoffs_as_seen, precisions, units
from vetopoint.coalition import CoalitionTables
from vetopoint.coalition import tables as coalition_tables
from vetopoint.errors import CaseError
from vetopoint.game.priced import Play, PricedGame
from vetopoint.kernel import in_order
from vetopoint.quantity import Band, Draws, Random, band, draw_case, given, impossible_numbers
from vetopoint.truce import TruceTables
from vetopoint.truce import tables as truce_tables

__all__ = ["Beside", "World", "build_world", "drawn_beside", "first_draws", "first_pass", "sample_case"]

FIRST_SEED = 0
ASKED_ON = 8  # draws


@dataclass(frozen=True, eq=False)
class World:
    """A case over a batch of draws.

    Attributes
    ----------
    payoffs : one array (n, terminals, players) for each distinct view of the game, in actors' units.
    view_of : the view from which each player sees the game.
    chance : (n, layers, chance options).
    precision : (n, players).
    goals : goal to (terminals,) or (n, terminals).
    unit : (players,) by which raw payoffs were divided.
    like : a world over the same draws; draws in which nothing that is played on differs are not solved again.
    """

    frame: Frame
    tables: Tables
    payoffs: tuple[Floats, ...]
    view_of: tuple[int, ...]
    chance: Floats
    precision: Floats
    goals: dict[str, Floats]
    unit: Floats
    like: World | None = None

    @property
    def draws(self) -> Draws:
        """The draws."""
        return self.tables.draws

    @cached_property
    def warnings(self) -> tuple[Problem, ...]:
        """What does not stop a run but must be said: the file's warnings, words that bear no odds, units that are too small."""
        case = self.frame.case
        found = [*complaints(case, "numbers"), *complaints(case, "units", self.tables, self.unit)]
        return (*case.warnings, *(p for p in found if p.severity == "warning"))

    def without_truce(self) -> World:
        """The same world once nobody asks for the truce's table any more; how it is played is handed on."""
        lighter = replace(self, tables=replace(self.tables, truce=None))
        vars(lighter).update({name: vars(self)[name] for name in ("priced", "play") if name in vars(self)})
        return lighter

    @cached_property
    def beginnings(self) -> dict[int, World]:
        """Its first draws as far as they were asked for, by their number."""
        return {}

    @cached_property
    def settings(self) -> dict[tuple[frozenset[tuple[str, float]], ...], World]:
        """Worlds over some of its draws, once for each of several settings, as far as they were kept; by what all others stand at, and these."""
        return {}

    @cached_property
    def priced(self) -> PricedGame:
        """The game with its numbers."""
        return PricedGame(self.frame.game, self.payoffs, self.view_of, self.chance, self.precision)

    @cached_property
    def play(self) -> Play:
        """How the game is played."""
        if self.like is None or self.like.draws.n != self.draws.n:
            return self.priced.solve()
        return self.priced.solve_like(self.like.play)

    def probability(self, weights: Array) -> Floats:
        """(n,) probability of a goal, or of a set of terminals, for weights (terminals,) or (n, terminals)."""
        return self.play.goal(weights)

    def given(self, weights: Mapping[str, Array]) -> tuple[dict[str, Floats], Floats]:
        """Name → (n,) P(goal, or set of terminals | what the case presupposes), and (n,) P(that), by which each draw counts."""
        if self.frame.case.file.presupposes is None:
            return self.play.goals(weights), np.ones(self.draws.n)
        found = self.play.goals(
            {**{name: w * self.frame.presupposed for name, w in weights.items()}, "": self.frame.presupposed}
        )
        holds = found.pop("")
        return {name: ratio(part, holds) for name, part in found.items()}, holds

    def goal_bands(self) -> dict[str, Band]:
        """Every goal's probability, given what the case presupposes."""
        found, holds = self.given(self.goals)
        return {name: given(values, holds) or band(values) for name, values in found.items()}


def sample_case(frame: Frame, draws: int, seed: int, dropped: Collection[str] = (), block: int = 0) -> Draws:
    """Draw every input of a case, those included that engines draw beside its own numbers, see `drawn_beside`.

    Parameters
    ----------
    dropped : inputs whose sources are dropped: they are drawn from what they fall back to ``without`` them.
    block : number of the block with which the draws begin, see `vetopoint.quantity.sample`.

    Raises
    ------
    CaseError
        If a distribution or a correlation cannot be used, or a number that stands for a probability can lie outside 0 to 1.
    """
    case = frame.case
    lost = [case.inputs[name] for name in dropped]
    fallen = {item.name: replace(item, text=item.without) for item in lost if item.without is not None}
    drawn = replace(case, inputs={**case.inputs, **fallen})
    impossible = impossible_numbers(drawn)
    if impossible:
        raise CaseError(impossible)
    return draw_case(drawn, draws, seed, beside=drawn_beside(frame).inputs, block=block)


def build_world(
    frame: Frame,
    draws: Draws,
    like: World | None = None,
    changed: str | None = None,
    coalition: CoalitionTables | None = None,
    truce: TruceTables | None = None,
) -> World:
    """Run the chain up to the game's door.

    Parameters
    ----------
    frame : the case's histories.
    draws : its draws.
    like : another world over the same draws but for one input; the tables that the changed input does not enter are taken from it.
    changed : the input that differs; empty if only inputs differ that enter neither table; None if anything may.
    coalition, truce : tables to use in place of the case's own, such as those in which a member is made to join.
    """
    fixed = first_pass(frame)
    if like is not None and changed is not None:
        own = drawn_beside(frame)
        if truce is None and changed not in frame.entering["truce"] | own.truce.keys():
            truce = like.tables.truce
        if coalition is None and changed not in frame.entering["coalition"] | own.coalition.keys():
            coalition = like.tables.coalition
    tables = Tables(frame, draws, fixed, *_complete(frame, draws, coalition, truce))
    views, view_of = frame.views
    stale = _stale(like, changed, tables)
    known = [None] * len(views) if like is None or stale is None else like.payoffs
    payoffs = tuple(
        payoffs_as_seen(tables, v, fixed.unit, old, stale or ()) for v, old in zip(views, known, strict=True)
    )
    return World(
        frame,
        tables,
        payoffs,
        view_of,
        chance_values(tables),
        precisions(tables),
        goal_weights(tables),
        fixed.unit,
        like,
    )


@dataclass(frozen=True)
class Beside:
    """Random numbers that the engines draw for a case which does not write them down, by name, for each engine."""

    coalition: Mapping[str, Random]
    truce: Mapping[str, Random]

    @property
    def inputs(self) -> dict[str, Random]:
        """All of them: inputs of the case like those it writes down, behind them."""
        return {**self.coalition, **self.truce}


@lru_cache(maxsize=32)
def drawn_beside(frame: Frame) -> Beside:
    """What the engines ask for beside a case's own numbers, found by letting them make their tables over a few draws."""
    case = frame.case
    asked = [draw_case(case, ASKED_ON, FIRST_SEED) for _ in range(2)]
    if case.file.members:
        coalition_tables(case, asked[0], frame.situations.facts, month=frame.month)
    if case.file.models_truce:
        truce_tables(case, asked[1], frame.paths.paths, frame.types)
    return Beside(*(dict(draws.asked) for draws in asked))


@lru_cache(maxsize=32)
def first_pass(frame: Frame) -> FirstPass:
    """What is a mean over draws, from draws of its own that are the same whatever the run's seed and number of draws.

    That of the base case, where some of its numbers are replaced: a what-if changes what is, not what a unit is nor what was expected. Where a
    time is replaced, and presence stands from other months on, what is expected of the truce along it is that of the case itself.
    """
    if frame.fixed is not None:
        return frame.fixed
    if frame.base is not None:
        kept = first_pass(frame.base)
        return (
            kept if frame.base.paths.paths == frame.paths.paths else replace(kept, survival=_own_pass(frame).survival)
        )
    return _own_pass(frame)


def _own_pass(frame: Frame) -> FirstPass:
    """The first pass of a case by itself."""
    draws = sample_case(frame, frame.budget.first, FIRST_SEED)
    coalition, truce = _complete(frame, draws, None, None)
    survival = None if truce is None else truce.survival.mean(axis=0)
    unscaled = FirstPass(np.ones(len(frame.game.players)), dict(draws.means), survival)
    own = units(Tables(frame, draws, unscaled, coalition, truce))
    kept = [frame.units.get(player, unit) for player, unit in zip(frame.game.players, own.tolist(), strict=True)]
    return replace(unscaled, unit=np.array(kept))


def _complete(
    frame: Frame, draws: Draws, coalition: CoalitionTables | None, truce: TruceTables | None
) -> tuple[CoalitionTables | None, TruceTables | None]:
    """The tables of both engines, those that are not given made side by side."""
    case, wanted = frame.case, dict[str, Callable[[], Any]]()
    if truce is None and case.file.models_truce:
        wanted["truce"] = lambda: truce_tables(case, draws, frame.paths.paths, frame.types)
    if coalition is None and case.file.members:
        wanted["coalition"] = lambda: coalition_tables(case, draws, frame.situations.facts, month=frame.month)
    made = dict(zip(wanted, in_order(lambda make: make(), wanted.values()), strict=True))
    return made.get("coalition", coalition), made.get("truce", truce)


def _stale(like: World | None, changed: str | None, tables: Tables) -> set[str] | None:
    """The names in payoffs that stand for other numbers than in a like world; None if any may."""
    if like is None or changed is None:
        return None
    members = set() if tables.coalition is like.tables.coalition else set(COALITION_VALUES)
    return {changed} | members | settled_anew(like.frame, changed)


def first_draws(world: World, draws: int) -> World:
    """A world over the first so many of its draws, with the truce's table even where it was given up; made once for a world.

    A draw's numbers, and how it is played, depend on no other draw, so that they are taken from the whole; only the truce's table is
    made anew.
    """
    whole = world.tables.truce is not None or not world.frame.case.file.models_truce
    if whole and draws >= world.draws.n:
        return world
    rows = min(draws, world.draws.n)
    known = world.beginnings.get(rows)
    return world.beginnings.setdefault(rows, _beginning(world, rows)) if known is None else known


def _beginning(world: World, rows: int) -> World:
    few, frame, priced = world.tables.first(rows), world.frame, world.priced.first(rows)
    _, truce = _complete(frame, few.draws, few.coalition, None)
    goals = {name: w[:rows] if w.ndim == 2 and len(w) > 1 else w for name, w in world.goals.items()}
    tables = replace(few, truce=truce)
    found = replace(
        world,
        tables=tables,
        payoffs=priced.payoffs,
        chance=priced.chance,
        precision=priced.precision,
        goals=goals,
        like=None,
    )
    vars(found)["priced"] = priced
    if "play" in vars(world):
        vars(found)["play"] = world.play.first(rows)
    return found
