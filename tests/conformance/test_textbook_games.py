"""Textbook games with known equilibria, restated; the limit of the logit branch must be one of them.

Centipede: Rosenthal (1981), J. Econ. Theory 25. Kuhn poker: Kuhn (1950), Contributions to the Theory of Games I. Stripped-down poker: Reiley,
Urbancic and Walker (2008), J. Econ. Education 39. Selten's horse: Selten (1975), IJGT 4, figure 1. Beer and quiche: Cho and Kreps (1987),
QJE 102. Entry deterrence: Selten (1978), Theory and Decision 9. One-sided crisis signalling: the audience-cost form of Fearon (1994),
APSR 88, with two types, solved by hand below. Agent logit formulas: McKelvey and Palfrey (1998), Experimental Economics 1.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from oracles.play import terminal_probabilities
from oracles.rational import logit_limit, subgame_perfect

sys.path.insert(0, str(Path(__file__).parent))

from textbook_games import Game, beer_quiche, centipede, crisis, kuhn_poker, stripped_down_poker

from vetopoint.game.solver.solve import CONVERGED, FAILED, solve_aqre
from vetopoint.game.tree import Tree


def play(tree: Tree, strategy: np.ndarray) -> dict[str, list[float]]:
    return {name: strategy[0, list(tree.actions(h))].tolist() for h, name in enumerate(tree.infoset_names)}


def limit_of(game: Game) -> tuple[dict[str, list[float]], np.ndarray]:
    tree, payoffs, chance = game.arrays()
    found = logit_limit(tree, payoffs, chance)
    assert found.solution.label[0] != FAILED
    values = terminal_probabilities(tree, found.solution.strategy, chance) @ payoffs[0]
    return play(tree, found.solution.strategy), values[0]


@pytest.mark.parametrize("rounds", [4, 6])
def test_centipede_unravels(rounds: int) -> None:
    tree, payoffs, chance = centipede(rounds).arrays()
    found = subgame_perfect(tree, payoffs, chance)
    assert not found.tied.any()
    np.testing.assert_array_equal(found.strategy[0, ::2], 1.0)
    limit, values = limit_of(centipede(rounds))
    assert all(odds[0] > 0.999 for odds in limit.values())
    np.testing.assert_allclose(values, [0.4, 0.1], atol=1e-3)


def test_centipede_at_finite_precision_is_the_recursion_of_logits() -> None:
    tree, payoffs, chance = centipede(4).arrays()
    found = solve_aqre(tree, payoffs, chance, np.full((1, 2), 1.7))
    value = payoffs[0, -1]
    for k in reversed(range(4)):
        mover = k % 2
        take = 1.0 / (1.0 + np.exp(1.7 * (value[mover] - payoffs[0, k, mover])))
        assert abs(found.strategy[0, 2 * k] - take) < 1e-14
        value = take * payoffs[0, k] + (1 - take) * value


def test_entry_is_not_deterred() -> None:
    game = Game("entrant", "incumbent")
    enter = game.move(-1, 0, 0, "enter", "out", "in")
    game.end(enter, 0, 1, 5)
    reply = game.move(enter, 1, 1, "reply", "fight", "yield")
    game.end(reply, 0, 0, 0)
    game.end(reply, 1, 2, 2)
    tree, payoffs, chance = game.arrays()
    assert subgame_perfect(tree, payoffs, chance).strategy.tolist() == [[0, 1, 0, 1]]
    fight = 1 / (1 + np.exp(2 * 0.8))
    found = solve_aqre(tree, payoffs, chance, np.full((1, 2), 0.8))
    np.testing.assert_allclose(
        found.strategy[0, [0, 2]], [1 / (1 + np.exp(0.8 * (2 * (1 - fight) - 1))), fight], atol=1e-14
    )


def test_stripped_down_poker_bluffs_a_third() -> None:
    """With the ace folding and being passed pay the same, and meeting is likely, so the ace raises."""
    limit, values = limit_of(stripped_down_poker())
    np.testing.assert_allclose(limit["ace"], [1, 0], atol=1e-4)
    np.testing.assert_allclose(limit["king"], [1 / 3, 2 / 3], atol=1e-4)
    np.testing.assert_allclose(limit["answer"], [2 / 3, 1 / 3], atol=1e-4)
    np.testing.assert_allclose(values, [1 / 3, -1 / 3], atol=1e-4)


def test_kuhn_poker_is_worth_minus_one_eighteenth() -> None:
    """The second player's strategy is unique; the first has the one-parameter family found by Kuhn."""
    limit, values = limit_of(kuhn_poker())
    np.testing.assert_allclose(values, [-1 / 18, 1 / 18], atol=1e-4)
    np.testing.assert_allclose(limit["2 1 bet"][0], 1 / 3, atol=1e-3)
    np.testing.assert_allclose(limit["2 0 check"][0], 1 / 3, atol=1e-3)
    np.testing.assert_allclose([limit["2 2 bet"][0], limit["2 2 check"][0], limit["2 0 bet"][0]], [1, 1, 0], atol=1e-3)
    alpha = limit["1 0"][0]
    assert 0 <= alpha <= 1 / 3 + 1e-3
    np.testing.assert_allclose(limit["1 2"][0], 3 * alpha, atol=2e-3)
    np.testing.assert_allclose(limit["1 1"][0], 0, atol=1e-3)
    np.testing.assert_allclose(limit["1 1 late"][0], alpha + 1 / 3, atol=2e-3)


def test_seltens_horse_ends_in_the_perfect_equilibrium() -> None:
    """Of the two families of Nash equilibria only the one in which 1 and 2 both play on, and 3 would turn left at most a quarter
    of the time, survives trembles."""
    game = Game("1", "2", "3")
    first = game.move(-1, 0, 0, "1", "across", "down")
    second = game.move(first, 0, 1, "2", "across", "down")
    game.end(second, 0, 1, 1, 1)
    upper = game.move(second, 1, 2, "3", "left", "right")
    game.end(upper, 0, 4, 4, 0)
    game.end(upper, 1, 0, 0, 1)
    lower = game.move(first, 1, 2, "3", "left", "right")
    game.end(lower, 0, 3, 3, 2)
    game.end(lower, 1, 0, 0, 0)
    limit, values = limit_of(game)
    assert limit["1"][0] > 0.999
    assert limit["2"][0] > 0.999
    assert limit["3"][0] <= 0.25 + 1e-3
    np.testing.assert_allclose(values, 1, atol=1e-3)


def test_beer_and_quiche_ends_in_a_pooling_equilibrium_on_beer() -> None:
    """Both pooling outcomes are sequential; the branch selects the one that passes the intuitive criterion."""
    limit, values = limit_of(beer_quiche())
    assert limit["surly"][0] > 0.999
    assert limit["wimp"][0] > 0.999
    assert limit["beer"][1] > 0.999
    # The wimp must not gain by its quiche: 1 + 2 (1 - fight) <= 2.
    assert limit["quiche"][0] >= 0.5 - 1e-3
    np.testing.assert_allclose(values, [0.9 * 3 + 0.1 * 2, 0.9], atol=1e-3)


def test_crisis_signalling_bluffs_until_the_target_is_indifferent() -> None:
    """The target is indifferent at a belief of 3/7 in resolve, so bluffers challenge with 1/3; they are indifferent if resisted half
    of the time."""
    limit, _ = limit_of(crisis())
    np.testing.assert_allclose(limit["resolved"][0], 1, atol=1e-4)
    np.testing.assert_allclose(limit["bluffer"][0], 1 / 3, atol=1e-4)
    np.testing.assert_allclose(limit["answer"][0], 1 / 2, atol=1e-4)
    np.testing.assert_allclose([limit["resolved resisted"][0], limit["bluffer resisted"][0]], [1, 0], atol=1e-4)


@pytest.mark.parametrize("precision", [0.5, 2.0, 8.0])
def test_crisis_signalling_solves_its_own_equations(precision: float) -> None:
    """The logit equilibrium reduced by hand to one unknown, the probability of resistance."""

    def logit(gain: float) -> float:
        return float(1 / (1 + np.exp(-precision * gain)))

    fights = logit(1.5), logit(-1.0)
    resisted = [f * u + (1 - f) * -1.0 for f, u in zip(fights, (0.5, -2.0), strict=True)]

    def residual(resist: float) -> float:
        challenge = [logit(resist * v + (1 - resist) * 1.0) for v in resisted]
        weight = np.array([0.2 * challenge[0], 0.8 * challenge[1]])
        belief = weight / weight.sum()
        value = sum(b * (f * -3.0 + (1 - f) * 0.5) for b, f in zip(belief, fights, strict=True))
        return resist - logit(value + 1.0)

    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if residual(middle) < 0 else (low, middle)
    tree, payoffs, chance = crisis().arrays()
    found = solve_aqre(tree, payoffs, chance, np.full((1, 2), precision))
    assert found.label[0] == CONVERGED
    assert abs(play(tree, found.strategy)["answer"][0] - low) < 1e-12
