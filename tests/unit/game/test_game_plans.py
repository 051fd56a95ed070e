"""The two coordinates in which a branch can be traced."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shapes import EVEN, consent_payoffs, consent_tree, random_chance, random_tree
from vetopoint.game.solver.batch import Inputs, check_inputs
from vetopoint.game.solver.engine import Engine
from vetopoint.game.solver.plans import FIXED, FREE, Plans
from vetopoint.game.solver.solve import FAILED, solve_aqre
from vetopoint.game.tree import Tree


def planned_game(
    tree: Tree, payoffs: np.ndarray, chance: np.ndarray, precision: np.ndarray
) -> tuple[Engine, Inputs, Plans]:
    engine = Engine(tree, chance.shape[1])
    inputs = check_inputs(tree, payoffs, chance, precision)
    return engine, inputs, engine.plan(np.where(np.diff(tree.action_start) == 1, FIXED, FREE))


def test_three_answers_of_two_types_need_three_ratios_instead_of_four_log_odds() -> None:
    tree = consent_tree()
    payoffs, precision = consent_payoffs(200, seed=5), np.full((1, 3), 2.0)
    engine, inputs, plans = planned_game(tree, payoffs, EVEN, precision)
    assert [len(plan.contrasts) for plan in plans.tried] == [3, 4]
    by_ratios, by_odds = (engine.by_plan(inputs, plans, plan) for plan in plans.tried)
    np.testing.assert_array_equal(by_ratios.label, by_odds.label)
    np.testing.assert_allclose(by_ratios.strategy, by_odds.strategy, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_both_ways_end_at_the_same_play(seed: int) -> None:
    """Likelihood ratios and log-odds are two coordinates of one curve, folds and all."""
    rng = np.random.default_rng(seed)
    tree = random_tree(rng, players=2 + seed % 2, depth=4)
    assume(tree.n_infosets)
    payoffs, chance = rng.normal(size=(4, tree.n_terminals, tree.n_players)), random_chance(rng, tree)
    engine, inputs, plans = planned_game(tree, payoffs, chance, np.full((1, tree.n_players), 1.5))
    assume(len(plans.tried) == 2)
    by_ratios, by_odds = (engine.by_plan(inputs, plans, plan) for plan in plans.tried)
    np.testing.assert_array_equal(by_ratios.label, by_odds.label)
    np.testing.assert_allclose(by_ratios.strategy, by_odds.strategy, atol=1e-9)


def test_where_ratios_leave_too_few_digits_log_odds_take_over() -> None:
    tree, payoffs = consent_tree(), consent_payoffs(64, seed=3)
    precision = np.full((1, 3), 3e4)
    engine, inputs, plans = planned_game(tree, payoffs, EVEN, precision)
    alone = engine.by_plan(inputs, plans, plans.tried[0])
    both = solve_aqre(tree, payoffs, EVEN, precision)
    assert alone.share(FAILED) > 0
    assert both.share(FAILED) < alone.share(FAILED)
