"""Best replies: of one player exact, of a team joint, and the same whether a choice is held as an unknown or compiled in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.play import action_values
from shapes import at_once, random_chance, random_tree
from vetopoint.game.solver import respond
from vetopoint.game.solver.batch import check_inputs
from vetopoint.game.solver.replies import joint_reply
from vetopoint.game.solver.solve import FAILED, BestResponse, solve_aqre
from vetopoint.game.tree import DECISION, TERMINAL, Tree

few = settings(max_examples=40, deadline=None)


def agreeing(players: int, options: int, own: np.ndarray) -> tuple[Tree, np.ndarray, np.ndarray]:
    """Tree, goal and own payoffs (1, terminals, players) of players who are paid ``own (players, options)`` where all agree."""
    tree, chosen = at_once(players, options)
    goal, paid = np.zeros((2, 1, len(chosen), players))
    for t, acts in enumerate(chosen):
        if len(set(acts)) == 1:
            goal[0, t], paid[0, t] = 1.0, own[:, acts[0]]
    return tree, goal, paid


@pytest.mark.parametrize(("players", "options"), [(2, 2), (2, 3), (3, 3), (4, 2)])
def test_a_team_that_is_paid_for_agreeing_agrees(players: int, options: int) -> None:
    rng = np.random.default_rng(options)
    tree, goal, own = agreeing(players, options, rng.uniform(0.9, 1.1, size=(players, options)))
    who = np.ones(players, dtype=bool)
    found = solve_aqre(tree, goal, None, np.full((1, players), 3.0), best=BestResponse(who, own, [range(players)]))
    play = found.strategy.reshape(players, options)
    assert np.all(np.isin(play, (0.0, 1.0)))
    assert np.all(play == play[0])
    assert found.label[0] != FAILED


def test_what_everybody_favours_is_no_less_likely_than_before() -> None:
    """Worths (1, 1.03, .97) and (.99, 1.02, 1.04): as solved they nearly always agree, and all favouring it must not lower that."""
    tree, goal, own = agreeing(2, 3, np.array([[1, 1.03, 0.97], [0.99, 1.02, 1.04]]))
    solved = solve_aqre(tree, own, None, np.full((1, 2), 12.0)).strategy.reshape(2, 3)
    both = BestResponse(np.ones(2, dtype=bool), own, [[0, 1]])
    favoured = solve_aqre(tree, goal, None, np.full((1, 2), 12.0), best=both).strategy.reshape(2, 3)
    before, after = (float(play[0] @ play[1]) for play in (solved, favoured))
    assert before > 0.99
    assert after == pytest.approx(1.0, abs=1e-12)


@few
@given(st.integers(0, 10**6))
def test_a_reply_is_best_at_every_set_and_a_joint_one_is_worth_no_less(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tree = random_tree(rng, players=2)
    while not tree.n_infosets:
        tree = random_tree(rng, players=2)
    chance = random_chance(rng, tree, layers=1, draws=1)
    shared = rng.normal(size=(1, tree.n_terminals, 1)).repeat(2, axis=2)
    start = solve_aqre(tree, rng.normal(size=shared.shape), chance, np.full((1, 2), 1.0)).strategy
    inputs = check_inputs(tree, shared, chance, np.ones((1, 2)))
    free = np.diff(tree.action_start) > 1
    alone = joint_reply(tree, inputs, free, [0], start)
    together = joint_reply(tree, inputs, free, [0, 1], start)
    worths = action_values(tree, alone, shared, chance)
    for h in np.flatnonzero(free & (tree.infoset_player == 0)):
        here = slice(tree.action_start[h], tree.action_start[h + 1])
        assert alone[0, here] @ worths[0, here] == pytest.approx(worths[0, here].max(), abs=1e-9)
    root = [_at_root(tree, play, shared, chance) for play in (start, alone, together)]
    assert root[0] <= root[1] + 1e-9 <= root[2] + 2e-9


def _at_root(tree: Tree, play: np.ndarray, payoffs: np.ndarray, chance: np.ndarray) -> float:
    value = np.zeros(tree.n_nodes)
    for node in range(tree.n_nodes - 1, -1, -1):
        if tree.kind[node] == TERMINAL:
            value[node] = payoffs[0, tree.index[node], 0]
        for child in tree.children(node):
            share = play[0, tree.via[child]] if tree.kind[node] == DECISION else chance[0, 0, tree.via[child]]
            value[node] += share * value[child]
    return float(value[0])


@few
@given(st.integers(0, 10**6), st.integers(2, 4))
def test_a_choice_that_is_held_is_as_good_as_one_that_is_compiled_in(seed: int, players: int) -> None:
    rng = np.random.default_rng(seed)
    tree, _ = at_once(players, 2)
    payoffs, precision = rng.normal(size=(3, tree.n_terminals, players)), rng.uniform(0.5, 4.0, size=(3, players))
    best = BestResponse(np.arange(players) == rng.integers(players))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(respond, "_SHARED", 100.0)
        held = solve_aqre(tree, payoffs, None, precision, best=best)
        patched.setattr(respond, "_SHARED", 0.0)
        apart = solve_aqre(tree, payoffs, None, precision, best=best)
    same = (held.label != FAILED) & (apart.label != FAILED)
    np.testing.assert_allclose(held.strategy[same], apart.strategy[same], atol=1e-8)
    np.testing.assert_array_equal(held.label, apart.label)
