"""What counts as attempting the plan, and where the owner leaves it out.

An *attempt* is an option that the case names (`attempt:`); else the owner's first choice, on a history, of an option from which the goal can
still be reached where another of its options rules it out. *Not asking* is the other side of that choice: what Friedrich (1963, *Man and His
Government*, ch. 11) calls the rule of anticipated reactions, and Bachrach & Baratz (1962, APSR 56) the second face of power, is only seen there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from vetopoint.arrays import Array, Bools, Floats
from vetopoint.game.decisiveness import GameValue
from vetopoint.game.priced import Play, PricedGame
from vetopoint.game.unroll import GameTree
from vetopoint.game.veto import forcing_options, goal_histories

__all__ = ["Asking", "Attempt", "Options", "asking", "attempt_at", "presupposed"]

Options = tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True, eq=False)
class Attempt:
    """By which options the owner attempts the plan.

    Attributes
    ----------
    options : number of a layer → the options that count as attempting.
    made : (terminals,) whether the plan is attempted: at least one of these moves comes, and each that comes takes such an option.
    """

    options: Mapping[int, tuple[str, ...]]
    made: Bools

    @property
    def key(self) -> Options:
        """The options, by which attempts are told apart."""
        return tuple(self.options.items())

    def named(self, game: GameTree) -> dict[str, tuple[str, ...]]:
        """Move → options."""
        found: dict[str, tuple[str, ...]] = {}
        for number, options in self.options.items():
            move = game.public.layers[number].move
            found[move] = tuple(dict.fromkeys((*found.get(move, ()), *options)))
        return found

    def game(self, priced: PricedGame, weights: Array, condition: Bools | None, play: Play | None = None) -> GameValue:
        """P(goal | condition, attempted) in the game in which it is public that the owner attempts the plan.

        Parameters
        ----------
        priced : the whole game, to which weights and condition belong.
        play : of the game in which the plan is attempted, if it is known already.
        """
        smaller, kept = priced.restrict(self.options)
        made = self.made if condition is None else self.made & condition
        return GameValue(smaller, np.asarray(weights)[..., kept.terminals], made[kept.terminals], play)


def presupposed(game: GameTree) -> Bools | None:
    """(terminals,) whether the chance events that the headlines presuppose came true; None if none are declared."""
    if game.case.expression("presupposes") is None:
        return None
    return game.case.holds(game.scope(), game.terminals, "presupposes")


def attempt_at(game: GameTree, reached: Bools) -> Attempt | str:
    """By which options the owner attempts a plan: those that the case names, else those that keep the goal within reach.

    By default these are the owner's options from which some history reaches the goal, at its first move that has others besides:
    of such moves those before which none comes, and which another actor's move can follow, if there are such.

    Parameters
    ----------
    game : the game.
    reached : (public histories,) whether the history reaches the goal.

    Returns
    -------
    Attempt or str
        Where nothing sets an attempt apart: why, in words.
    """
    named, public = game.case.file.attempts, game.public
    options = {number: named[layer.move] for number, layer in enumerate(public.layers) if layer.move in named}
    options = options or dict(_first_chances(game, reached))
    if not options:
        moves = game.case.file.owner in game.movers
        return "whatever the owner does, the goal stays as open" if moves else "the owner of the plan makes no move"
    made = np.zeros(public.histories, dtype=bool)
    for number, kept in options.items():
        made |= np.isin(public.codes[:, number], [public.layers[number].options.index(o) for o in kept])
    for number, kept in options.items():
        made &= np.isin(public.codes[:, number], [-1, *(public.layers[number].options.index(o) for o in kept)])
    return "every history attempts it" if made.all() else Attempt(options, np.asarray(made[game.terminal_public]))


def _first_chances(game: GameTree, reached: Bools) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The owner's first layers that part what keeps the goal within reach from what does not, with the options that keep it."""
    public, owner = game.public, game.case.file.owner
    parting = {n: shut for n, shut in forcing_options(game, reached).items() if public.layers[n].by == owner}
    answered = {n for n in parting if _answered(game, n, parting[n])}
    chosen: list[int] = []
    for number in sorted(answered or parting):
        past = public.past(public.at_layer(number))
        if np.any(np.all(past[:, chosen] < 0, axis=1)):
            chosen.append(number)
            yield number, tuple(o for o in public.layers[number].options if o not in parting[number])


def _answered(game: GameTree, number: int, shut: tuple[str, ...]) -> bool:
    """Whether another actor moves after an option of a layer that keeps the goal within reach."""
    public, owner = game.public, game.case.file.owner
    open_ = [k for k, option in enumerate(public.layers[number].options) if option not in shut]
    others = [n for n in range(number + 1, len(public.layers)) if public.layers[n].by in {*game.movers} - {owner}]
    through = np.isin(public.codes[:, number], open_)
    return bool((public.codes[through][:, others] >= 0).any())


@dataclass(frozen=True, eq=False)
class Asking:
    """Attempts, by public node.

    Attributes
    ----------
    asked : (nodes,) month of the attempt on the way to the node; infinite where there was none.
    unasked : (nodes,) whether the step to the node is a choice not to attempt, none having been made before.
    """

    asked: Floats
    unasked: Bools


def asking(game: GameTree, weights: Array) -> Asking:
    """Find the owner's attempts at a goal.

    Parameters
    ----------
    game : the game.
    weights : (terminals,) or (n, terminals) weights of the goal, nought where what is presupposed does not hold.
    """
    public, owner = game.public, game.case.file.owner
    can, named = public.any_through(goal_histories(game, weights)), game.case.file.attempts
    asked, unasked = np.full(public.size, np.inf), np.zeros(public.size, dtype=bool)
    for number, layer in enumerate(public.layers):
        nodes, children = public.at_layer(number), public.children(number)
        asked[children] = asked[nodes][:, None]
        if layer.by != owner or (named and layer.move not in named):
            continue
        open_ = (
            np.broadcast_to([o in named[layer.move] for o in layer.options], children.shape) if named else can[children]
        )
        splits = open_.any(axis=1) & ~open_.all(axis=1) & np.isinf(asked[nodes])
        unasked[children] = splits[:, None] & ~open_
        asked[children] = np.where(splits[:, None] & open_, public.date[nodes][:, None], asked[children])
    return Asking(asked, unasked)
