"""What is asked of a case once it has been played on a few draws: coin tosses, terms that cannot matter, variants of one thing.

Whether a term can matter is an identity, and is tried as one: where everybody chooses at random, with odds drawn anew for every choice, a
term whose expectation is the same whatever its actor does, at each of its moves, is the same under every play but for a set of measure
nought (Schwartz 1980, *Journal of the ACM* 27, on polynomial identities).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np

from vetopoint.answers import NearTie
from vetopoint.arrays import Floats
from vetopoint.case import Case, Place, check
from vetopoint.chain.values import payoffs_as_seen, worths
from vetopoint.chain.world import World, first_draws
from vetopoint.errors import Problem, VetopointError
from vetopoint.game.choices import choice_answers, near_ties
from vetopoint.game.flow import Flow, as_weights, cut, over_draws
from vetopoint.game.tree import DECISION
from vetopoint.game.unroll import CHANCE

__all__ = ["played_ties"]

TRIED = 16  # draws
CELLS = 100_000  # draws times nodes
SAME = 1e-7  # of the largest payoff
SEED = 1
FIVEFOLD = 5.0


def played_ties(world: World) -> tuple[NearTie, ...]:
    """The near-ties of a world, and what rests on them."""
    return near_ties(world.play, choice_answers(world.play), world.frame.presupposed)


@check("coin-toss", "warning", "played")
def _coin_tosses(case: Case, world: World) -> Iterator[Problem]:
    """More than half of an outcome's share would go if a near-tie fell the other way."""
    for move, tie in {tie.move: tie for tie in played_ties(world) if tie.rests}.items():
        one, other = tie.options
        lost = ", ".join(f"{share:.0%} of '{outcome}'" for outcome, share in tie.rests.items())
        message = (
            f"{lost} hangs on a coin toss: in {tie.near:.0%} of draws {one} and {other} are worth less than a tenth "
            f"of a unit apart to {tie.by}"
        )
        remedy = "say in its payoff what makes it prefer one, or say that nobody knows"
        yield case.problem(message, remedy, "moves", move)


@check("compounding-toss", "warning", "played")
def _compounding(case: Case, world: World) -> Iterator[Problem]:
    """A repeated move is a near-tie in several rounds, so that an option is taken in the end by accident."""
    ties = played_ties(world)
    for move, tie in {tie.move: tie for tie in ties if tie.ever}.items():
        rounds = [t for t in ties if t.move == move]
        for option, ever in tie.ever.items():
            once = max(dict(zip(t.options, t.shares, strict=True)).get(option, 0.0) for t in rounds)
            message = (
                f"'{option}' is a coin toss in {len(rounds)} rounds: at most {once:.0%} in each, {ever:.0%} in the end"
            )
            remedy = "name fewer rounds, or say in the payoff what a change of mind costs"
            yield case.problem(message, remedy, case.turn_of[move].place)


@check("one-thing-twice", "warning", "played")
def _one_thing_twice(case: Case, world: World) -> Iterator[Problem]:
    """Two options of a move lead to the same payoffs for everybody: listing one thing twice makes it likelier."""
    few = _few(world)
    public, differing = few.frame.game.public, _differing(few)
    for move, numbers in public.layers_of.items():
        nested = [set(group) for group in case.file.moves[move].nests]
        for one, other in combinations(public.layers[numbers[0]].options, 2):
            if (move, one, other) in differing or any({one, other} <= group for group in nested):
                continue
            if all(public.layers[n].by != CHANCE for n in numbers) and any(public.at_layer(n).size for n in numbers):
                message = f"{one} and {other} lead to the same payoffs for everybody"
                remedy = f"make them one option, or variants of one: `nests: [[{one}, {other}]]`"
                yield case.problem(message, remedy, "moves", move, "options")


def _few(world: World) -> World:
    """The first draws of a world that are enough to tell identities apart, fewer of a large game."""
    return first_draws(world, min(TRIED, max(2, CELLS // world.frame.game.nodes)))


def _differing(world: World) -> set[tuple[str, str, str]]:
    """Move and two of its options that differ for somebody, somewhere, in some draw, everybody playing on as solved."""
    game, priced = world.frame.game, world.priced
    public, copies = game.public, game.types.size
    first, found = game.nodes - public.size * copies, set[tuple[str, str, str]]()
    for p, view in enumerate(priced.view_of):
        value, bar = _expected(world, np.ascontiguousarray(priced.payoffs[view][:, :, p]), world.play.strategy)
        for number, layer in enumerate(public.layers):
            children = first + public.children(number)[:, :, None] * copies + np.arange(copies)
            for (i, one), (j, other) in combinations(enumerate(layer.options), 2):
                key = (layer.move, one, other)
                if key not in found and (np.abs(value[:, children[:, i]] - value[:, children[:, j]]) > bar).any():
                    found.add(key)
    return found


def _expected(world: World, weights: Floats, strategy: Floats) -> tuple[Floats, float]:
    """(n, nodes) E[weight | node] for weights (1 or n, terminals) under a strategy (n, actions), and what counts as no difference."""
    rows = as_weights(weights)

    def work(flow: Flow, block: slice) -> list[Floats]:
        return [flow.value(cut(rows, block))]

    (value,) = over_draws(work, world.frame.game, strategy, world.chance)
    return value, SAME * max(float(np.abs(rows).max(initial=0.0)), 1.0)


@check("idle-term", "warning", "played")
def _idle_terms(case: Case, world: World) -> Iterator[Problem]:
    """A term of a payoff, or a whole payoff, cannot matter: no choice of its actor changes what is to be expected of it."""
    few = _few(world)
    game, strategy = few.frame.game, _at_random(few)
    for player in case.file.payoffs:
        if player not in game.movers:
            continue
        for name, worth in worths(few.tables, player):
            if not _moved(few, game.players.index(player), worth, strategy):
                message = (
                    f"the term cannot matter (but for the unit): whatever {player} does, it may expect the same of it"
                )
                remedy = f"let its `when` or `worth` depend on what follows from a choice of {player}, or leave it out"
                yield case.problem(message, remedy, "payoffs", player, "terms", name)


def _at_random(world: World) -> Floats:
    """(n, actions) a play in which everybody chooses at random, with odds drawn anew for every choice and draw."""
    tree = world.frame.game.tree
    odds = np.random.default_rng(SEED).exponential(size=(world.draws.n, tree.n_actions)) + 0.05
    sums = np.add.reduceat(odds, tree.action_start[:-1], axis=1)
    return np.asarray(odds / np.repeat(sums, np.diff(tree.action_start), axis=1))


def _moved(world: World, player: int, worth: Floats, strategy: Floats) -> bool:
    """Whether what is to be expected of a term (1 or n, terminals) differs between options at some decision of a player."""
    tree = world.frame.game.tree
    value, bar = _expected(world, worth, strategy)
    own = np.flatnonzero(
        (tree.kind == DECISION) & (tree.infoset_player[np.where(tree.kind == DECISION, tree.index, 0)] == player)
    )
    for node in own:
        children = tree.child[tree.child_start[node] : tree.child_start[node + 1]]
        if (np.ptp(value[:, children], axis=1) > bar).any():
            return True
    return False


def _raised(few: World, name: str, player: int) -> Floats | None:
    """A player's payoffs (n, terminals) with a number five times as large; None where they mean nothing there."""
    larger = few.draws.replace(name, FIVEFOLD * few.draws[name])
    try:
        with np.errstate(all="ignore"):
            return payoffs_as_seen(replace(few.tables, draws=larger), frozenset())[:, :, player]
    except VetopointError:
        return None


@check("cancelled-stakes", "warning", "played")
def _cancelled_stakes(case: Case, world: World) -> Iterator[Problem]:
    """An actor's whole payoff is proportional to one number, which its unit divides out: raising its stakes changes nothing."""
    few, players = _few(world), world.frame.game.players
    for player in (p for p in world.frame.game.movers if p in case.file.payoffs):
        column = players.index(player)
        before = payoffs_as_seen(few.tables, frozenset())[:, :, column]
        sharpness = case.specs.get(Place.of("precision", player))
        for name in sorted(few.frame.named.get(player, frozenset()) & set(case.inputs)):
            after = _raised(few, name, column)
            scaled = after is not None and np.allclose(after, FIVEFOLD * before, rtol=1e-9, atol=0.0)
            divided = np.abs(before).max() > 0 and scaled
            if divided and (sharpness is None or name not in sharpness.names):
                message = f"every payoff of {player} is proportional to '{name}': the unit divides its mean out"
                remedy = f"let the precision say it, such as `precision: {{{player}: 4 * {name}}}`, or take a term out of the proportion"
                yield case.problem(message, remedy, "payoffs", player, "unit")
