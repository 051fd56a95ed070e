"""The solver keeps to the principal branch of games that nearly bifurcate, where a step too long lands on another.

Agents who are paid about the same wherever they agree: as the precision rises their branch nearly meets others, many at once where
many options are nearly alike. Held to a tracer of small steps (`oracles.small_steps`; Allgower, E. and Georg, K. (1990), *Numerical
Continuation Methods*, ch. 4: simple continuation), itself checked by halving its steps; to closed forms; and to the law that names
and order carry no meaning.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from oracles.small_steps import Followed, follow
from vetopoint.game.solver.solve import CONVERGED, FAILED, FOLDED, solve_aqre
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Node, Tree

PRECISIONS = np.array([1, 2, 2.5, 3, 3.5, 4, 5, 6, 8, 10, 12, 15, 20, 30.0])
SIZES = [(2, 2), (2, 3), (2, 4), (3, 2), (3, 3)]
SPREADS = [0.003, 0.01, 0.02, 0.05, 0.1, 0.2]


def simultaneous(players: int, options: int, copies: int = 1) -> Tree:
    """Players choose at once; of several copies of the game chance picks one."""
    words = tuple(f"o{k}" for k in range(options))
    nodes = [Node(-1, 0, CHANCE, None, None, tuple(f"c{c}" for c in range(copies)))] if copies > 1 else []
    for copy in range(copies):
        frontier = [(0, copy)] if copies > 1 else [(-1, 0)]
        for player in range(players):
            first = len(nodes)
            nodes += [Node(*at, DECISION, player, f"{copy}.{player}", words) for at in frontier]
            frontier = [(number, k) for number in range(first, len(nodes)) for k in range(options)]
        nodes += [Node(*at, TERMINAL) for at in frontier]
    return Tree.from_nodes(tuple(f"p{i}" for i in range(players)), nodes)


def at_terminals(tables: Sequence[np.ndarray]) -> np.ndarray:
    """(games, terminals, players) from a table (games, players, options, ..., options) for each copy."""
    return np.concatenate([np.moveaxis(t.reshape(*t.shape[:2], -1), 1, 2) for t in tables], axis=1)


def solved(tables: Sequence[np.ndarray], precision: float) -> tuple[np.ndarray, np.ndarray]:
    """Play (games, copies, players, options) and labels."""
    games, players, options = tables[0].shape[:3]
    tree, copies = simultaneous(players, options, len(tables)), len(tables)
    chance = np.full((1, 1, copies), 1 / copies) if copies > 1 else None
    found = solve_aqre(tree, at_terminals(tables), chance, np.full((1, players), precision))
    order = [
        a
        for copy in range(copies)
        for player in range(players)
        for a in tree.actions(tree.infoset_names.index(f"{copy}.{player}"))
    ]
    return found.strategy[:, order].reshape(games, copies, players, options), found.label


def nearly_alike(
    rng: np.random.Generator, games: int, size: tuple[int, int], spread: float, noise: float
) -> np.ndarray:
    """Games whose players are all paid 1 ± spread where they agree, else 0, with some noise in every cell."""
    players, options = size
    found = rng.normal(scale=noise, size=(games, players, *[options] * players))
    for k in range(options):
        found[(slice(None), slice(None), *[k] * players)] += 1 + rng.uniform(-spread, spread, size=(games, 1))
    return found


def kinds(games: int) -> Iterator[np.ndarray]:
    """For each size so many games of every spread, without noise and with it."""
    rng = np.random.default_rng(20261129)
    for size in SIZES:
        mixed = itertools.product(SPREADS, (0.0, 0.2))
        yield np.concatenate([nearly_alike(rng, games, size, spread, noise * spread) for spread, noise in mixed])


def held(games: np.ndarray, reference: Followed) -> int:
    """Hold the solver to the reference, alone and in two copies; returns how many solves were compared."""
    compared = 0
    for number, precision in enumerate(PRECISIONS):
        expected, folded = reference.strategy[:, number], reference.folded[:, number]
        play, label = solved([games], float(precision))
        np.testing.assert_allclose(play[:, 0], expected, atol=1e-7)
        np.testing.assert_array_equal(label, np.where(folded, FOLDED, CONVERGED))
        twice, labels = solved([games, games[::-1]], float(precision))
        np.testing.assert_allclose(twice, np.stack([expected, expected[::-1]], axis=1), atol=1e-7)
        np.testing.assert_array_equal(labels, np.where(folded | folded[::-1], FOLDED, CONVERGED))
        compared += 3 * len(games)
    return compared


def test_games_that_nearly_bifurcate() -> None:
    compared = sum(held(games, follow(games, PRECISIONS, most=0.03, turn=0.06)) for games in kinds(1))
    assert compared == len(SIZES) * len(SPREADS) * 2 * 3 * len(PRECISIONS)


@pytest.mark.soak
def test_thousands_of_games_that_nearly_bifurcate() -> None:
    compared = 0
    for games in kinds(40):
        reference, halved = follow(games, PRECISIONS), follow(games, PRECISIONS, most=0.005, turn=0.015)
        np.testing.assert_allclose(reference.strategy, halved.strategy, atol=1e-9)
        np.testing.assert_array_equal(reference.folded, halved.folded)
        compared += held(games, reference)
    assert compared >= 2_000 * len(PRECISIONS)


def test_the_reference_does_not_hang_on_its_steps() -> None:
    rng = np.random.default_rng(4)
    games = nearly_alike(rng, 4, (2, 3), 0.02, 0.004)
    reference = follow(games, PRECISIONS, most=0.03, turn=0.06)
    halved = follow(games, PRECISIONS, most=0.015, turn=0.03)
    np.testing.assert_allclose(reference.strategy, halved.strategy, atol=1e-9)
    np.testing.assert_array_equal(reference.folded, halved.folded)
    assert reference.folded.any()


def test_two_options_follow_the_closed_form() -> None:
    """Symmetric play of a 2x2 game with 1 and 1 + e where they agree solves log(q / p) = λ ((1 + e) q - p); q is the larger root."""
    for extra, precision in itertools.product((1e-4, 1e-3, 1e-2, 0.1), (2.5, 3.0, 6.0, 12.0, 20.0)):
        table = np.zeros((1, 2, 2, 2))
        table[:, :, 0, 0], table[:, :, 1, 1] = 1.0, 1.0 + extra
        play, label = solved([table], precision)
        p, q = play[0, 0, 0]
        assert np.log(q / p) == pytest.approx(precision * ((1 + extra) * q - p), rel=1e-6)
        assert q > 0.8
        assert label[0] == CONVERGED


@pytest.mark.parametrize("size", SIZES)
def test_names_and_order_carry_no_meaning(size: tuple[int, int]) -> None:
    players, options = size
    rng = np.random.default_rng(options)
    games = nearly_alike(rng, 6, size, 0.02, 0.004)
    who, what = rng.permutation(players), [rng.permutation(options) for _ in range(players)]
    renamed = games[np.ix_(range(len(games)), range(players), *what)]
    renamed = np.moveaxis(renamed[:, who], [2 + int(p) for p in who], range(2, 2 + players))
    for precision in PRECISIONS:
        play, label = solved([games], float(precision))
        other, labels = solved([renamed], float(precision))
        moved = np.stack([play[:, 0, p][:, what[p]] for p in who], axis=1)
        np.testing.assert_allclose(other[:, 0], moved, atol=1e-8)
        np.testing.assert_array_equal(labels, label)


def test_independent_games_are_played_as_each_alone() -> None:
    tables = []
    for extra in (0.01, 0.012, 0.3):
        table = np.zeros((1, 2, 2, 2))
        table[:, :, 0, 0], table[:, :, 1, 1] = 1.0, 1.0 + extra
        tables.append(table)
    for precision in (2.0, 2.5, 3.0, 6.0, 8.0, 12.0, 20.0):
        together, label = solved(tables, precision)
        alone = [solved([table], precision) for table in tables]
        np.testing.assert_allclose(together, np.concatenate([play for play, _ in alone], axis=1), atol=1e-12)
        assert label[0] == max(int(labels[0]) for _, labels in alone)


@pytest.mark.parametrize(
    ("players", "options", "copies"), [(2, 2, 1), (2, 3, 1), (2, 5, 1), (2, 2, 2), (3, 3, 1), (4, 2, 1)]
)
def test_bifurcations_of_any_multiplicity_are_labelled(players: int, options: int, copies: int) -> None:
    """Pure coordination stays even; at λ = options^(players - 1) / (players - 1) as many branches meet it as there are options."""
    table = np.zeros((1, players, *[options] * players))
    for k in range(options):
        table[(slice(None), slice(None), *[k] * players)] = 1.0
    critical = options ** (players - 1) / (players - 1)
    for factor, expected in ((0.5, CONVERGED), (0.95, CONVERGED), (1.05, FOLDED), (3.0, FOLDED)):
        play, label = solved([table] * copies, factor * critical)
        np.testing.assert_allclose(play, 1 / options, atol=1e-9)
        assert label[0] == expected, factor


def test_talk_that_means_nothing_is_labelled_where_it_could_mean_something() -> None:
    """Three states, three messages, three acts, one interest: babbling stays a solution beyond the point where languages branch off."""
    nodes = [Node(-1, 0, CHANCE, None, None, ("a", "b", "c"))]
    paid = []
    for state in range(3):
        sender = len(nodes)
        nodes.append(Node(0, state, DECISION, 0, f"s{state}", ("m0", "m1", "m2")))
        for message in range(3):
            nodes.append(Node(sender, message, DECISION, 1, f"r{message}", ("x", "y", "z")))
            receiver = len(nodes) - 1
            nodes += [Node(receiver, act, TERMINAL) for act in range(3)]
            paid += [float(act == state) for act in range(3)]
    tree = Tree.from_nodes(("sender", "receiver"), nodes)
    payoffs, chance = np.array(paid)[None, :, None].repeat(2, axis=2), np.full((1, 1, 3), 1 / 3)
    labels = [int(solve_aqre(tree, payoffs, chance, np.full((1, 2), p)).label[0]) for p in (1.0, 2.0, 4.0, 8.0, 15.0)]
    assert labels[0] == CONVERGED
    assert labels[-2:] == [FOLDED, FOLDED]
    assert FAILED not in labels
