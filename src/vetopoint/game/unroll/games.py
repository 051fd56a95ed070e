"""From a case's moves to its game, and the variants of a game: without types, with options pooled, with fewer options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Array
from vetopoint.case.expression import Scope
from vetopoint.errors import CaseError
from vetopoint.game.tree import CHANCE as CHANCE_NODE
from vetopoint.game.unroll.assemble import Pooling, assemble
from vetopoint.game.unroll.expand import expand
from vetopoint.game.unroll.histories import CHANCE, GameTree, Layer, PublicTree, TypeSpace

if TYPE_CHECKING:
    from vetopoint.case import Case

__all__ = ["Restriction", "collapse", "pool", "restrict", "unroll"]

NODE_CAP = 300_000


def unroll(case: Case, node_cap: int = NODE_CAP) -> GameTree:
    """Unroll the moves of a case into its game.

    Types are drawn first; then the moves follow in the order of the file, each in the histories in which its `when`
    holds. A move that does not come has the value ``skipped``. The rounds of a repeated move, or of moves that alternate,
    follow one another ``every`` so many months: the first at the move's own date, or ``every`` after the move before it.

    Parameters
    ----------
    case : the case.
    node_cap : the most nodes allowed, types included.

    Raises
    ------
    CaseError
        No move by an actor, a condition that cannot be evaluated, a repetition without end, or a mover that would forget.
    SolverError
        A case too large: says how large, which move multiplies the histories most, and what to cut.
    """
    if all(move.by == CHANCE for move in case.file.moves.values()):
        problem = case.problem("chance makes every move: nobody can stop anything", "add a move by an actor", "moves")
        raise CaseError(problem)
    types = TypeSpace({actor: tuple(names) for actor, names in case.file.types.items() if len(names) > 1})
    public = expand(case, node_cap, types.size)
    return assemble(case, public, types, _outcomes(case, public))


def _outcomes(case: Case, public: PublicTree) -> Array:
    """(public histories,) name of the first outcome whose condition holds, empty where none does."""
    choices, months = public.choices(public.codes), public.months(public.dates, case.file.horizon)
    scope = Scope(choices=choices, rounds=case.repeated, options=case.options, dates=months)
    found = np.full(public.histories, -1, dtype=np.int64)
    for number, (name, text) in enumerate(case.file.outcomes.items()):
        if text == "otherwise":
            holds = np.ones(public.histories, dtype=bool)
        else:
            holds = case.holds(scope, public.histories, "outcomes", name)
        found[(found < 0) & holds] = number
    return np.array([*case.file.outcomes, ""])[found]


def collapse(game: GameTree, actors: Sequence[str]) -> GameTree:
    """The game in which some actors have no private type (their policy is public and independent of it).

    Terminal ``t`` of the new game stands for all terminals of the same public history that differ in these actors' types
    only; see `PricedGame.collapse` for the payoffs.
    """
    types = game.types.without(frozenset(actors))
    return assemble(game.case, game.public, types, game.outcome_names)


def pool(game: GameTree, pooled: Pooling) -> GameTree:
    """The game in which the other actors cannot tell an option from another of the same move.

    Parameters
    ----------
    game : the game; nodes, terminals and their numbers stay the same, only information sets change.
    pooled : (move, option) to the option with which it is confused.
    """
    return assemble(game.case, game.public, game.types, game.outcome_names, pooled)


@dataclass(frozen=True, eq=False)
class Restriction:
    """A smaller game and where its parts stand in the original one.

    Attributes
    ----------
    game : the smaller game.
    terminals : (its terminals,) their numbers in the original game.
    chance_actions : (its chance actions,) their numbers in the original game.
    """

    game: GameTree
    terminals: NDArray[np.intp]
    chance_actions: NDArray[np.intp]


def restrict(game: GameTree, allowed: Mapping[int, Sequence[str]]) -> Restriction:
    """The game in which some moves of actors have fewer options.

    Parameters
    ----------
    game : the game.
    allowed : number of a layer to the options that stay.
    """
    public, histories, nodes = _prune(game.public, allowed)
    smaller = assemble(game.case, public, game.types, game.outcome_names[histories])
    copies, root = game.types.size, int(game.types.size > 1)
    terminals = (histories[:, None] * copies + np.arange(copies)).ravel()
    sets = np.arange(len(smaller.chance_sets))
    drawn = np.flatnonzero(smaller.tree.kind[root:] == CHANCE_NODE)[::copies] + root if public.size else sets[:0]
    for node in drawn:
        original = root + nodes[smaller.node_public[node]] * copies
        sets[smaller.tree.index[node]] = game.tree.index[original]
    starts = game.tree.chance_start
    actions = [np.arange(starts[s], starts[s + 1]) for s in sets]
    return Restriction(smaller, terminals, np.concatenate(actions or [np.zeros(0, dtype=np.intp)]))


def _prune(
    public: PublicTree, allowed: Mapping[int, Sequence[str]]
) -> tuple[PublicTree, NDArray[np.intp], NDArray[np.intp]]:
    codes = {i: np.array([public.layers[i].options.index(o) for o in options]) for i, options in allowed.items()}
    stays = np.ones(public.size, dtype=bool)
    for number in range(len(public.layers)):
        nodes, children = public.at_layer(number), public.children(number)
        open_ = np.ones(len(public.layers[number].options), dtype=bool)
        if number in codes:
            open_ = np.isin(np.arange(open_.size), codes[number])
        stays[children] = stays[nodes][:, None] & open_
    number_of = np.cumsum(stays) - 1
    kept = np.flatnonzero(stays)
    histories = np.flatnonzero(stays[public.ends])
    renumber: list[NDArray[np.int64]] = []
    layers: list[Layer] = []
    for i, layer in enumerate(public.layers):
        options = [o for k, o in enumerate(layer.options) if i not in codes or k in codes[i]]
        renumber.append(np.array([options.index(o) if o in options else -1 for o in layer.options] + [-1]))
        layers.append(Layer(layer.move, layer.round, layer.by, tuple(options)))
    parent = public.parent[kept]
    option = np.full(kept.size, -1, dtype=np.int16)
    first = np.full(kept.size, -1, dtype=np.int32)
    new_codes = public.codes[histories].copy()
    for i in range(len(layers)):
        below = (parent >= 0) & (public.layer[np.maximum(parent, 0)] == i)
        option[below] = renumber[i][public.option[kept[below]]]
        new_codes[:, i] = renumber[i][new_codes[:, i]]
    parent = np.where(parent < 0, -1, number_of[np.maximum(parent, 0)]).astype(np.int32)
    head = np.flatnonzero(option == 0)
    first[parent[head]] = head
    taken, date, dates = public.layer[kept], public.date[kept], public.dates[histories]
    ends = number_of[public.ends[histories]].astype(np.int32)
    return PublicTree(tuple(layers), parent, option, taken, first, date, ends, new_codes, dates), histories, kept
