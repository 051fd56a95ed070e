"""A search from random starts finds what is known to exist, and nothing where there is one equilibrium only."""

from __future__ import annotations

import numpy as np
import pytest

from vetopoint.game.solver.search import count_equilibria
from vetopoint.game.solver.solve import solve_aqre
from vetopoint.game.tree import DECISION, TERMINAL, Node, Tree


def two_at_once(options: int) -> Tree:
    words = tuple(map(str, range(options)))
    nodes = [Node(-1, 0, DECISION, 0, 0, words), *(Node(0, k, DECISION, 1, 1, words) for k in range(options))]
    nodes += [Node(1 + k, j, TERMINAL) for k in range(options) for j in range(options)]
    return Tree.from_nodes(("a", "b"), nodes)


def counted(table: np.ndarray, precision: float) -> int:
    tree = two_at_once(table.shape[0])
    paid, rates = table.reshape(1, -1, 2).astype(float), np.full((1, 2), precision)
    play = solve_aqre(tree, paid, None, rates).strategy
    found = count_equilibria(tree, paid, np.zeros((1, 1, 0)), rates, np.ones(tree.n_actions), play)
    assert found is not None
    return int(found[0])


@pytest.mark.parametrize(("options", "many"), [(2, 3), (3, 7)])
def test_pure_coordination_has_an_equilibrium_for_every_set_of_options(options: int, many: int) -> None:
    """2^k - 1 where precision is high: one near each even mixture of some options; one alone where it is low."""
    table = np.eye(options)[:, :, None].repeat(2, axis=2)
    assert counted(table, 0.5 * options) == 1
    assert counted(table, 12.0) == many


def test_the_prisoners_have_one() -> None:
    table = np.array([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
    assert [counted(table, p) for p in (0.5, 2.0, 8.0)] == [1, 1, 1]


def test_of_a_game_that_one_pass_solves_nothing_is_searched() -> None:
    nodes = [Node(-1, 0, DECISION, 0, None, ("l", "r")), Node(0, 0, TERMINAL), Node(0, 1, TERMINAL)]
    tree = Tree.from_nodes(("a",), nodes)
    paid, rates = np.array([[[0.0], [1.0]]]), np.ones((1, 1))
    play = solve_aqre(tree, paid, None, rates).strategy
    assert count_equilibria(tree, paid, np.zeros((1, 1, 0)), rates, np.ones(2), play) is None
