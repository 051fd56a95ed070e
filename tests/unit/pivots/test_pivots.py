"""Shares sum to the gap, sets are antichains and dual to each other, whatever the monotone function."""

from __future__ import annotations

from itertools import combinations, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from oracles.hitting import hitting_sets
from vetopoint.pivots import minimal_sets, owen, responsibility, rows, shapley

SETTINGS = settings(max_examples=25, deadline=None)


@st.composite
def simple_games(draw: st.DrawFn, top: int = 6) -> tuple[int, list[tuple[int, ...]]]:
    """A monotone simple game by its winning sets (not necessarily minimal)."""
    m = draw(st.integers(2, top))
    sets = draw(st.lists(st.sets(st.integers(0, m - 1), min_size=1), min_size=1, max_size=4))
    return m, [tuple(sorted(s)) for s in sets]


def wins(sets: list[tuple[int, ...]]):
    def value(s: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.any([s[:, list(w)].all(1) for w in sets], axis=0)

    return value


def table(m: int, n: int, seed: int):
    worth = np.random.default_rng(seed).normal(size=(1 << m, n))
    return worth, lambda s: worth[(s * (1 << np.arange(m))).sum(1)]


@pytest.mark.parametrize(("m", "n"), [(1, 1), (3, 2), (5, 4)])
def test_exact_shapley_is_the_mean_over_all_orderings(m: int, n: int) -> None:
    worth, value = table(m, n, m)
    expected = np.zeros((m, n))
    orders = list(permutations(range(m)))
    for order in orders:
        mask = 0
        for i in order:
            expected[i] += worth[mask | 1 << i] - worth[mask]
            mask |= 1 << i
    result = shapley(value, m, batch=5)
    np.testing.assert_allclose(result.shares, expected / len(orders), atol=1e-12)
    np.testing.assert_allclose(result.shares.sum(0), worth[-1] - worth[0], atol=1e-9)
    assert not result.error.any()


def test_sampled_shapley_sums_to_the_gap_and_errs_as_it_says() -> None:
    worth, value = table(8, 50, 3)
    exact = shapley(value, 8)
    sampled = shapley(value, 8, exact_up_to=4, samples=400, seed=1)
    np.testing.assert_allclose(sampled.shares.sum(0), worth[-1] - worth[0], atol=1e-9)
    z = (sampled.shares - exact.shares) / sampled.error
    assert 0.8 < z.std() < 1.25
    assert abs(z.mean()) < 0.2


def test_sampled_shapley_is_the_same_for_the_same_seed() -> None:
    _, value = table(6, 3, 9)
    a, b = (shapley(value, 6, exact_up_to=2, samples=40, seed=5).shares for _ in range(2))
    np.testing.assert_array_equal(a, b)


@SETTINGS
@given(simple_games())
def test_owen_with_blocs_of_one_is_shapley_and_sums_to_the_gap(game: tuple[int, list[tuple[int, ...]]]) -> None:
    m, sets = game
    value = wins(sets)
    alone = owen(value, [[i] for i in range(m)])
    np.testing.assert_allclose(alone.shares, shapley(value, m).shares, atol=1e-12)
    halves = owen(value, [list(range(m // 2)), list(range(m // 2, m))] if m > 1 else [[0]])
    np.testing.assert_allclose(
        halves.shares.sum(0), np.diff(value(np.array([[False] * m, [True] * m])).astype(float)), atol=1e-12
    )


def test_owen_gives_a_bloc_its_share_in_the_game_among_blocs() -> None:
    _, value = table(5, 3, 11)
    blocs = [[0, 3], [1], [2, 4]]

    def among(s: NDArray[np.bool_]) -> NDArray[np.float64]:
        whole = np.zeros((len(s), 5), dtype=bool)
        for b, inside in enumerate(blocs):
            whole[:, inside] = s[:, [b]]
        return value(whole)

    outer = shapley(among, 3).shares
    inner = owen(value, blocs).shares
    for b, inside in enumerate(blocs):
        np.testing.assert_allclose(inner[inside].sum(0), outer[b], atol=1e-12)


def test_owen_is_the_mean_over_orderings_that_keep_blocs_together() -> None:
    worth, value = table(5, 2, 21)
    blocs = [[0, 3], [1], [2, 4]]
    expected = np.zeros((5, 2))
    number = 0
    for outer in permutations(blocs):
        for order in product(*(permutations(bloc) for bloc in outer)):
            mask = 0
            for i in (i for bloc in order for i in bloc):
                expected[i] += worth[mask | 1 << i] - worth[mask]
                mask |= 1 << i
            number += 1
    np.testing.assert_allclose(owen(value, blocs).shares, expected / number, atol=1e-12)


def test_owen_refuses_what_is_no_partition() -> None:
    with pytest.raises(ValueError, match="partition"):
        owen(lambda s: s.sum(1), [[0, 1], [1]])


@SETTINGS
@given(simple_games())
def test_minimal_sets_are_an_antichain_and_dual_to_their_hitting_sets(game: tuple[int, list[tuple[int, ...]]]) -> None:
    m, sets = game
    value = wins(sets)
    unlock = minimal_sets(value, m, 0.5)
    assert not any(set(a) < set(b) for a in unlock for b in unlock)
    blocked = minimal_sets(lambda s: value(~s), m, 0.5, below=True)
    assert set(blocked) == set(hitting_sets(unlock))
    assert set(hitting_sets(blocked)) == set(unlock)


@SETTINGS
@given(simple_games())
def test_veto_parties_are_the_intersection_of_winning_sets_and_have_positive_shares(
    game: tuple[int, list[tuple[int, ...]]],
) -> None:
    m, sets = game
    value = wins(sets)
    every = rows(np.arange(1 << m), m)
    winning = every[np.asarray(value(every))]
    intersection = {i for i in range(m) if winning[:, i].all()}
    without = ~np.eye(m, dtype=bool)
    assert intersection == {i for i in range(m) if not value(without)[i]}
    shares = shapley(value, m).shares[:, 0]
    assert all(shares[i] > 0 for i in intersection)


def test_no_set_and_the_empty_set() -> None:
    assert minimal_sets(lambda s: np.zeros(len(s)), 3, 0.5) == []
    assert minimal_sets(lambda s: np.ones(len(s)), 3, 0.5) == [()]


def test_responsibility_of_a_pivotal_voter_is_one_and_of_a_dummy_nought() -> None:
    masks = np.arange(8)
    for world in masks:
        np.testing.assert_array_equal(responsibility((masks & 1) > 0, world), [1.0, 0.0, 0.0])


def test_responsibility_counts_the_changes_of_others() -> None:
    two_of_three = np.bitwise_count(np.arange(8, dtype=np.uint64)) >= 2
    assert responsibility(two_of_three, 0b111)[0] == 0.5
    assert responsibility(two_of_three, 0b011)[0] == 1.0
    assert responsibility(two_of_three, 0b000)[0] == 0.5


@SETTINGS
@given(st.lists(st.booleans(), min_size=16, max_size=16), st.integers(0, 15), st.integers(0, 3))
def test_responsibility_is_found_by_trying_every_change_of_others(wins: list[bool], world: int, party: int) -> None:
    table = np.array(wins)
    others = [i for i in range(4) if i != party]
    changed = [world ^ sum(1 << i for i in group) for k in range(4) for group in combinations(others, k)]
    nearest = [(w ^ world).bit_count() for w in changed if wins[w] == wins[world] != wins[w ^ 1 << party]]
    assert responsibility(table, world)[party] == (1 / (1 + nearest[0]) if nearest else 0.0)


@SETTINGS
@given(simple_games(8), st.permutations(range(8)))
def test_relabelling_parties_moves_their_shares_and_sets_with_them(
    game: tuple[int, list[tuple[int, ...]]], order: list[int]
) -> None:
    m, sets = game
    name = [i for i in order if i < m]
    renamed = [tuple(sorted(name[i] for i in s)) for s in sets]
    shares, moved = shapley(wins(sets), m).shares, shapley(wins(renamed), m).shares
    np.testing.assert_allclose(moved[name], shares, atol=1e-12)
    there = {tuple(sorted(name[i] for i in s)) for s in minimal_sets(wins(sets), m, 0.5)}
    assert there == set(minimal_sets(wins(renamed), m, 0.5))


def test_wrong_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="must return"):
        shapley(lambda s: np.zeros(3), 3)
    with pytest.raises(ValueError, match="at least one party"):
        shapley(lambda s: s.sum(1), 0)
    with pytest.raises(ValueError, match="2\\^m"):
        responsibility(np.zeros(5, dtype=bool), 0)
