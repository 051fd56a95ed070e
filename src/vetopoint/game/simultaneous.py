"""Moves made at the same information, and how far the chance of the goal falls at each of them whatever their order in the file.

Actors that move one after the other in the file, none seeing what another chose, move at once; so do chance moves of one month
of which none depends on another. The fall at one of them is the mean of its falls over all orders in which they could have been
written down: with g(S) = P(goal | history before, the choices of the moves in S), the weights of the subsets S are Shapley's.

References
----------
Shapley, L. S. (1953), A value for n-person games, Contributions to the Theory of Games II, 307-317.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb

import numpy as np

from vetopoint.arrays import Bools, Floats, Ints
from vetopoint.game.unroll import CHANCE, GameTree, PublicTree
from vetopoint.kernel import kernel

__all__ = ["EXACT", "Block", "mean_falls", "simultaneous"]

EXACT = 8
"""Up to so many moves all orders count; of more, a sample of orders."""
ORDERS = 64
NOISE = 1e-14
"""A fall of less than this share of g is rounding."""


@dataclass(frozen=True, eq=False)
class Block:
    """The same simultaneous moves, in all histories in which they come.

    Attributes
    ----------
    layers : numbers of their layers, in the order of the file.
    names : names of these layers.
    options : (layers,) number of options of each.
    starts : (blocks,) public nodes at which the first of them is taken.
    ends : (blocks, combinations) public nodes to which each combination of their choices leads, the last move's changing first.
    """

    layers: tuple[int, ...]
    names: tuple[str, ...]
    options: Ints
    starts: Ints
    ends: Ints


def simultaneous(game: GameTree) -> tuple[Block, ...]:
    """All blocks of two or more simultaneous moves, each as long as it can be; none begins inside another."""
    public, sets = game.public, game.public_sets
    inside = np.zeros(public.size, dtype=bool)
    found: list[Block] = []
    for number, layer in enumerate(public.layers):
        nodes = public.at_layer(number)
        free = ~inside[nodes]
        if len(layer.options) < 2 or not free.any():
            continue
        for block in _grown(public, sets, (number,), nodes[free], public.children(number)[free]):
            found.append(block)
            inner = public.parent[block.ends]
            for _ in block.layers[1:]:
                inside[inner] = True
                inner = public.parent[inner]
    return tuple(found)


def _grown(public: PublicTree, sets: Ints, layers: tuple[int, ...], starts: Ints, ends: Ints) -> Iterator[Block]:
    """Blocks that begin at `starts` with `layers`, which lead to `ends`, and go on for as long as nobody learns of a choice."""
    following = public.layer[ends[:, 0]]
    goes_on = _goes_on(public, sets, starts, ends)
    for number in np.unique(following[goes_on]):
        here = goes_on & (following == number)
        options = np.arange(len(public.layers[number].options))
        later = (public.first_child[ends[here]][:, :, None] + options).reshape(int(here.sum()), -1)
        yield from _grown(public, sets, (*layers, int(number)), starts[here], later)
    if len(layers) > 1 and not goes_on.all():
        members = [public.layers[i] for i in layers]
        options = np.array([len(m.options) for m in members], dtype=np.int64)
        yield Block(layers, tuple(m.name for m in members), options, starts[~goes_on], ends[~goes_on].astype(np.int64))


def _goes_on(public: PublicTree, sets: Ints, starts: Ints, ends: Ints) -> Bools:
    """(blocks,) whether the same move follows all combinations, its maker knows of none, and it may stand with the others."""
    drawn = np.array([*(layer.by == CHANCE for layer in public.layers), False])
    following, first = public.layer[ends], ends[:, 0]
    same = (following == following[:, :1]).all(axis=1) & (sets[ends] == sets[first][:, None]).all(axis=1)
    chance = drawn[following[:, 0]]
    alike = (chance == drawn[public.layer[starts]]) & (~chance | (public.date[first] == public.date[starts]))
    return np.asarray(same & alike & (following[:, 0] >= 0))


def mean_falls(block: Block, reach: Floats, goal: Floats) -> Floats:
    """How far g falls at each move of a block, on the mean over the orders of its moves; a rise counts as nought.

    Parameters
    ----------
    block : the moves.
    reach, goal : (n, public nodes) P(node) and P(goal | node).

    Returns
    -------
    (n, blocks, combinations, moves): exact for up to eight moves. For more it is the mean over some 64 orders: seeded ones of the
    moves by their names, turned through all positions, and their reverses; so the order of the file is without effect here too.
    """
    masks, steps, weights = _all_orders(block.options.size) if block.options.size <= EXACT else _some_orders(block)
    strides = np.concatenate([np.cumprod(block.options[:0:-1])[::-1], [1]])
    parts = (np.arange(block.ends.shape[1])[:, None] // strides % block.options) * strides
    return _mean_falls(block.ends, parts, reach, goal, masks, steps, weights)


def _all_orders(moves: int) -> tuple[Ints, Ints, Floats]:
    """Sets of moves as bits (1, sets), steps from set to set by a move (1, steps, 3), the share of all orders that take it."""
    sets = np.arange(2**moves)
    steps = np.array([(s, s | 1 << i, i) for s in sets for i in range(moves) if not s >> i & 1])
    before = np.bitwise_count(steps[:, 0])
    weights = np.array([1.0 / (moves * comb(moves - 1, int(k))) for k in before])
    return sets[None], steps[None], weights


def _some_orders(block: Block) -> tuple[Ints, Ints, Floats]:
    """The same for a sample of orders: row by row the sets that an order runs through."""
    moves = block.options.size
    rng = np.random.default_rng(moves)
    drawn = [rng.permutation(moves) for _ in range(max(1, ORDERS // (2 * moves)))]
    turned = [np.roll(order, k)[::way] for order in drawn for k in range(moves) for way in (1, -1)]
    orders = np.argsort(block.names)[np.array(turned)]
    masks = np.concatenate([np.zeros((len(turned), 1), dtype=np.int64), np.cumsum(1 << orders, axis=1)], axis=1)
    at = np.broadcast_to(np.arange(moves), orders.shape)
    return masks, np.stack([at, at + 1, orders], axis=-1), np.full(moves, 1.0 / len(turned))


@kernel
def _cells(masks: Ints, parts: Ints) -> Ints:
    """(masks, combinations) equal numbers for combinations in which the moves of the mask are chosen alike.

    ``parts (combinations, moves)``: what each choice adds to the number of its combination.
    """
    out = np.zeros((masks.size, parts.shape[0]), dtype=np.int64)
    for s in range(masks.size):
        for c in range(parts.shape[0]):
            for j in range(parts.shape[1]):
                if masks[s] >> j & 1:
                    out[s, c] += parts[c, j]
    return out


@kernel
def _goal_given(cell: Ints, mass: Floats, hit: Floats, out: Floats) -> None:
    """Write to `out` (combinations,) P(goal | cell) from P(combination) `mass` and P(combination and goal) `hit`."""
    masses, hits = np.zeros(mass.size), np.zeros(mass.size)
    for c in range(mass.size):
        masses[cell[c]] += mass[c]
        hits[cell[c]] += hit[c]
    for c in range(mass.size):
        whole = masses[cell[c]]
        out[c] = hits[cell[c]] / whole if whole > 0.0 else 0.0


@kernel
def _add_falls(given: Floats, steps: Ints, weights: Floats, out: Floats) -> None:
    """Add to `out` (combinations, moves) the falls along steps from row to row of `given` (sets, combinations)."""
    for s in range(weights.size):
        before, after, move = steps[s, 0], steps[s, 1], steps[s, 2]
        for c in range(given.shape[1]):
            fall = given[before, c] - given[after, c]
            if fall > NOISE * given[before, c]:
                out[c, move] += weights[s] * fall


@kernel
def _mean_falls(
    ends: Ints, parts: Ints, reach: Floats, goal: Floats, masks: Ints, steps: Ints, weights: Floats
) -> Floats:
    """Falls (n, blocks, combinations, moves) along the `steps` between the sets in each row of `masks`, weighted."""
    n, (blocks, combinations) = reach.shape[0], ends.shape
    out = np.zeros((n, blocks, combinations, parts.shape[1]))
    given = np.zeros((masks.shape[1], combinations))
    for row in range(masks.shape[0]):
        cells = _cells(masks[row], parts)
        for i in range(n):
            for b in range(blocks):
                mass = reach[i][ends[b]]
                hit = mass * goal[i][ends[b]]
                for s in range(cells.shape[0]):
                    _goal_given(cells[s], mass, hit, given[s])
                _add_falls(given, steps[row], weights, out[i, b])
    return out
