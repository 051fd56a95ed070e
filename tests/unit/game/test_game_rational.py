"""Subgame perfection, limits of the branch and pure equilibria, against brute force."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from oracles.play import action_values, terminal_probabilities
from oracles.pure import pure_equilibria, reduced_strategies
from oracles.rational import logit_limit, subgame_perfect
from shapes import EVEN, consent_payoffs, consent_tree, random_chance, random_tree
from vetopoint.errors import SolverError
from vetopoint.game.solver.solve import FAILED
from vetopoint.game.tree import DECISION, TERMINAL, Node, Tree


def perfect(seed: int) -> tuple[Tree, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    tree = random_tree(rng, merge=0.0, depth=3)
    while not tree.n_infosets:
        tree = random_tree(rng, merge=0.0, depth=3)
    chance = random_chance(rng, tree) if tree.n_chance else np.zeros((1, 1, 0))
    return tree, rng.normal(size=(4, tree.n_terminals, 3)), chance


@pytest.mark.parametrize("seed", range(8))
def test_no_single_choice_can_be_improved(seed: int) -> None:
    """The one-deviation principle: the definition of subgame perfection in a finite game."""
    tree, payoffs, chance = perfect(seed)
    found = subgame_perfect(tree, payoffs, chance)
    values = action_values(tree, found.strategy, payoffs, chance)
    top = np.maximum.reduceat(values, tree.action_start[:-1], axis=1)[:, tree.action_infoset]
    assert np.all(values[found.strategy > 0] >= top[found.strategy > 0] - 1e-12)
    assert not found.tied.any()
    assert set(np.unique(found.strategy)) == {0.0, 1.0}


def test_ties_are_reported_where_they_are() -> None:
    tree, payoffs, chance = perfect(1)
    level = np.zeros_like(payoffs)
    assert subgame_perfect(tree, level, chance).tied.all()
    payoffs[1:] = level[1:]
    assert subgame_perfect(tree, payoffs, chance).tied.any(axis=1).tolist() == [False, True, True, True]


def test_subgame_perfection_needs_beliefs_without_choices() -> None:
    with pytest.raises(SolverError, match="limit of the logit branch"):
        subgame_perfect(consent_tree(), consent_payoffs(1, 1), EVEN)


@pytest.mark.parametrize("seed", range(4))
def test_the_limit_under_perfect_information_is_subgame_perfect(seed: int) -> None:
    tree, payoffs, chance = perfect(seed)
    limit = logit_limit(tree, payoffs, chance)
    assert np.all(limit.solution.label != FAILED)
    np.testing.assert_allclose(limit.solution.strategy, subgame_perfect(tree, payoffs, chance).strategy, atol=1e-4)


def test_the_limit_is_an_equilibrium_on_the_path() -> None:
    tree, payoffs = consent_tree(), consent_payoffs(100, 2)
    limit = logit_limit(tree, payoffs, EVEN)
    assert limit.solution.share(FAILED) == 0.0
    strategy = limit.solution.strategy
    ends = terminal_probabilities(tree, strategy, EVEN)
    played = np.einsum("nt,ntp->np", ends, payoffs)
    for player in range(3):
        best = np.full(len(payoffs), -np.inf)
        for choices in reduced_strategies(tree, player):
            deviation = strategy.copy()
            for h in np.flatnonzero(choices >= 0):
                deviation[:, list(tree.actions(int(h)))] = np.eye(len(tree.actions(int(h))))[choices[h]]
            value = np.einsum("nt,nt->n", terminal_probabilities(tree, deviation, EVEN), payoffs[:, :, player])
            best = np.maximum(best, value)
        spread = np.ptp(payoffs[:, :, player], axis=1)
        # Precision is at least 10 over the spread and play has settled or reached 10^6.
        assert np.all(best - played[:, player] <= spread * (4.0 / limit.precision + 1e-6))


@pytest.mark.parametrize("seed", range(6))
def test_pure_equilibria_equal_a_search_over_all_profiles(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tree = random_tree(rng, players=2, depth=2, widest=2, chance=0.2)
    while tree.n_infosets < 2:
        tree = random_tree(rng, players=2, depth=2, widest=2)
    payoffs = rng.integers(-2, 3, size=(tree.n_terminals, 2)).astype(float)
    chance = random_chance(rng, tree)[0, 0] if tree.n_chance else np.zeros(0)
    found = pure_equilibria(tree, payoffs, chance)
    sizes = [range(len(tree.actions(h))) for h in range(tree.n_infosets)]

    def value(profile: tuple[int, ...]) -> np.ndarray:
        strategy = np.zeros((1, tree.n_actions))
        strategy[0, [tree.action_start[h] + k for h, k in enumerate(profile)]] = 1.0
        return (terminal_probabilities(tree, strategy, chance[None, None]) @ payoffs)[0]

    def stable(profile: tuple[int, ...]) -> bool:
        mine = value(profile)
        return all(
            value(other)[i] <= mine[i] + 1e-9
            for other in itertools.product(*sizes)
            for i in (0, 1)
            if all(other[h] == profile[h] for h in range(len(profile)) if tree.infoset_player[h] != i)
        )

    everywhere = {p for p in itertools.product(*sizes) if stable(p)}
    covered = {
        p
        for p in itertools.product(*sizes)
        for row in found.choices
        if all(r in (-1, k) for r, k in zip(row, p, strict=True))
    }
    assert covered == everywhere
    for row, values in zip(found.choices, found.values, strict=True):
        np.testing.assert_allclose(value(tuple(max(0, int(k)) for k in row)), values)


def test_matching_pennies_has_no_pure_equilibrium_and_an_even_limit() -> None:
    nodes = [
        Node(-1, 0, DECISION, 0, "row", ("h", "t")),
        *(Node(0, k, DECISION, 1, "column", ("h", "t")) for k in (0, 1)),
        *(Node(1 + k // 2, k % 2, TERMINAL) for k in range(4)),
    ]
    tree = Tree.from_nodes(("row", "column"), nodes)
    pennies = np.array([[3.0, 0.0], [0.0, 1.0], [0.0, 1.0], [1.0, 0.0]])
    assert len(pure_equilibria(tree, pennies, np.zeros(0)).choices) == 0
    limit = logit_limit(tree, pennies[None], None)
    np.testing.assert_allclose(limit.solution.strategy, [[0.5, 0.5, 0.25, 0.75]], atol=1e-4)


def test_games_too_large_to_list_say_so() -> None:
    with pytest.raises(SolverError, match="6156 pure profiles, more than 1000"):
        pure_equilibria(consent_tree(), consent_payoffs(1, 1)[0], EVEN[0, 0], limit=1000)
