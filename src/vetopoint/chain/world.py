"""One case over one batch of draws: the chain draws → coalition → truce → payoffs, ready for the game."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from vetopoint.arrays import Array, Floats
from vetopoint.case import Case, Problem, complaints
from vetopoint.chain.frame import COALITION_VALUES, Frame
from vetopoint.chain.values import Tables, chance_values, goal_weights, payoffs_as_seen, precisions, units
from vetopoint.coalition import CoalitionTables
from vetopoint.coalition import tables as coalition_tables
from vetopoint.errors import CaseError
from vetopoint.game.priced import Play, PricedGame
from vetopoint.kernel import in_order
from vetopoint.quantity import Band, Draws, band, draw_case, impossible_numbers
from vetopoint.truce import TruceTables
from vetopoint.truce import tables as truce_tables

__all__ = ["World", "build_world", "first_draws", "sample_case"]


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
    """

    frame: Frame
    tables: Tables
    payoffs: tuple[Floats, ...]
    view_of: tuple[int, ...]
    chance: Floats
    precision: Floats
    goals: dict[str, Floats]
    unit: Floats

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
    def priced(self) -> PricedGame:
        """The game with its numbers."""
        return PricedGame(self.frame.game, self.payoffs, self.view_of, self.chance, self.precision)

    @cached_property
    def play(self) -> Play:
        """How the game is played."""
        return self.priced.solve()

    def probability(self, weights: Array) -> Floats:
        """(n,) probability of a goal, or of a set of terminals, for weights (terminals,) or (n, terminals)."""
        return self.play.goal(weights)

    def goal_bands(self) -> dict[str, Band]:
        """Every goal's probability."""
        return {name: band(self.probability(weights)) for name, weights in self.goals.items()}


def sample_case(case: Case, draws: int, seed: int, dropped: Collection[str] = ()) -> Draws:
    """Draw every input of a case.

    Parameters
    ----------
    dropped : inputs whose sources are dropped: they are drawn from what they fall back to ``without`` them.

    Raises
    ------
    CaseError
        If a distribution or a correlation cannot be used, or a number that stands for a probability can lie outside 0 to 1.
    """
    lost = [case.inputs[name] for name in dropped]
    fallen = {item.name: replace(item, text=item.without) for item in lost if item.without is not None}
    drawn = replace(case, inputs={**case.inputs, **fallen})
    impossible = impossible_numbers(drawn)
    if impossible:
        raise CaseError(impossible)
    return draw_case(drawn, draws, seed)


def build_world(
    frame: Frame,
    draws: Draws,
    like: World | None = None,
    changed: str | None = None,
    coalition: CoalitionTables | None = None,
) -> World:
    """Run the chain up to the game's door.

    Parameters
    ----------
    frame : the case's histories.
    draws : its draws.
    like : another world over the same draws but for one input; its units are kept, so that a changed input does not change
        the scale, and so are the tables that the changed input does not enter.
    changed : the input that differs; empty if only inputs differ that enter neither table; None if anything may.
    coalition : tables to use in place of the case's own, such as those in which a member is made to join.
    """
    truce = None
    if like is not None and changed is not None:
        truce = like.tables.truce if changed not in frame.entering["truce"] else None
        if coalition is None and changed not in frame.entering["coalition"]:
            coalition = like.tables.coalition
    tables = _complete(frame, draws, coalition, truce)
    scale = units(tables) if like is None else like.unit
    views, view_of = frame.views
    stale = _stale(like, changed, tables)
    known = [None] * len(views) if like is None or stale is None else like.payoffs
    payoffs = tuple(payoffs_as_seen(tables, v, scale, old, stale or ()) for v, old in zip(views, known, strict=True))
    return World(
        frame, tables, payoffs, view_of, chance_values(tables), precisions(tables), goal_weights(tables), scale
    )


def _complete(frame: Frame, draws: Draws, coalition: CoalitionTables | None, truce: TruceTables | None) -> Tables:
    """The tables of both engines, those that are not given made side by side."""
    case, wanted = frame.case, dict[str, Callable[[], Any]]()
    if truce is None and case.file.forms:
        wanted["truce"] = lambda: truce_tables(case, draws, frame.paths.paths, frame.types)
    if coalition is None and case.file.members:
        wanted["coalition"] = lambda: coalition_tables(case, draws, frame.situations.facts, month=frame.month)
    made = dict(zip(wanted, in_order(lambda make: make(), wanted.values()), strict=True))
    return Tables(frame, draws, made.get("coalition", coalition), made.get("truce", truce))


def _stale(like: World | None, changed: str | None, tables: Tables) -> set[str] | None:
    """The names in payoffs that stand for other numbers than in a like world; None if any may."""
    if like is None or not changed or tables.truce is not like.tables.truce:
        return None
    return {changed} | (set() if tables.coalition is like.tables.coalition else set(COALITION_VALUES))


def first_draws(world: World, draws: int) -> World:
    """A world over the first so many of its draws, with the truce's table even where it was given up; the units are kept."""
    whole = world.tables.truce is not None or not world.frame.case.file.forms
    if whole and draws >= world.draws.n:
        return world
    return build_world(world.frame, world.draws.first(draws), like=world)
