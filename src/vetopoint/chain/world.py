"""One case over one batch of draws: the chain draws → coalition → truce → payoffs, ready for the game."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Floats
from vetopoint.case import Place, complaints
from vetopoint.chain.histories import Paths, Situations, paths_of, situations_of
from vetopoint.chain.values import (
    COALITION_VALUES,
    Tables,
    chance_values,
    goal_weights,
    payoffs_as_seen,
    precisions,
    units,
    views_of,
)
from vetopoint.coalition import tables as coalition_tables
from vetopoint.errors import CaseError
from vetopoint.game.priced import PricedGame
from vetopoint.game.unroll.games import unroll
from vetopoint.quantity import Draws, draw_case, impossible_numbers
from vetopoint.truce import tables as truce_tables

if TYPE_CHECKING:
    from vetopoint.case import Case, Problem
    from vetopoint.coalition import CoalitionTables
    from vetopoint.game.unroll.histories import GameTree
    from vetopoint.truce import TruceTables

__all__ = ["Frame", "World", "build_world", "frame_of", "sample_case"]


COALITION_PLACES = ("coalition", "members", "others", "bodies", "events")
TRUCE_PLACES = ("forms", "line", "truce", "types")


@dataclass(frozen=True, eq=False)
class Frame:
    """What of a case does not depend on draws: its histories, situations and presence paths."""

    case: Case
    game: GameTree
    situations: Situations
    paths: Paths
    masks: dict[str, NDArray[np.bool_]] = field(default_factory=dict, repr=False)

    @property
    def month(self) -> float:
        """Month at which the members decide: that of the first move whose chances depend on them, else of the owner's first."""
        public = self.game.public
        for wanted in (_depends_on_members, _by_owner):
            for number, layer in enumerate(public.layers):
                nodes = public.at_layer(number)
                if nodes.size and wanted(self.case, layer.move):
                    return float(public.date[nodes].mean())
        return 0.0


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
        """The same world once nobody asks for the truce's table any more."""
        return replace(self, tables=replace(self.tables, truce=None))

    @cached_property
    def priced(self) -> PricedGame:
        """The game with its numbers."""
        return PricedGame(self.frame.game, self.payoffs, self.view_of, self.chance, self.precision)


def _depends_on_members(case: Case, move: str) -> bool:
    options = Place.of("moves", move, "options")
    return any(place.above == options for name in COALITION_VALUES for place in case.used_at.get(name, ()))


def _by_owner(case: Case, move: str) -> bool:
    return case.file.moves[move].by == case.file.owner


def frame_of(case: Case) -> Frame:
    """Unroll a case."""
    game = unroll(case)
    return Frame(case, game, situations_of(game), paths_of(game))


def sample_case(case: Case, draws: int, seed: int) -> Draws:
    """Draw every input of a case.

    Raises
    ------
    CaseError
        If a distribution or a correlation cannot be used, or a number that stands for a probability can lie outside 0 to 1.
    """
    impossible = impossible_numbers(case)
    if impossible:
        raise CaseError(impossible)
    return draw_case(case, draws, seed)


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
    case = frame.case
    if coalition is None and like is not None and not _enters(case, changed, COALITION_PLACES):
        coalition = like.tables.coalition
    truce = like.tables.truce if like is not None and not _enters(case, changed, TRUCE_PLACES) else None
    with ThreadPoolExecutor(1) as pool:
        lasting = None
        if truce is None and case.file.forms:
            lasting = pool.submit(truce_tables, case, draws, frame.paths.paths, type_names(frame.game))
        if coalition is None and case.file.members:
            coalition = coalition_tables(case, draws, frame.situations.facts, month=frame.month)
        truce = lasting.result() if lasting is not None else truce
    tables = Tables(frame.game, draws, frame.situations, frame.paths, coalition, truce, frame.masks)
    scale = units(tables) if like is None else like.unit
    views, view_of = views_of(case, frame.game.players)
    stale = _stale(like, changed, coalition, truce)
    payoffs = tuple(
        payoffs_as_seen(tables, view, scale)
        if like is None or stale is None
        else payoffs_as_seen(tables, view, scale, like.payoffs[number], stale)
        for number, view in enumerate(views)
    )
    return World(
        frame, tables, payoffs, tuple(view_of), chance_values(tables), precisions(tables), goal_weights(tables), scale
    )


def _stale(
    like: World | None, changed: str | None, coalition: CoalitionTables | None, truce: TruceTables | None
) -> set[str] | None:
    """The names in payoffs that stand for other numbers than in a like world; None if any may."""
    if like is None or not changed or truce is not like.tables.truce:
        return None
    return {changed} | (set() if coalition is like.tables.coalition else set(COALITION_VALUES))


def _enters(case: Case, name: str | None, places: tuple[str, ...]) -> bool:
    """Whether an input is used, itself or through an expression, at a place under one of these sections."""
    if name is None:
        return True
    return any(place.section in places for place in case.used_at.get(name, ()))


def type_names(game: GameTree) -> list[str | None]:
    """For each combination of types the truce's name of it: ``actor.type``, several joined by commas, None without types."""
    if not game.types.names:
        return [None]
    return [
        ",".join(f"{actor}.{names[game.types.of(actor)[combo]]}" for actor, names in game.types.names.items())
        for combo in range(game.types.size)
    ]
