"""The road: against every history walked one by one, and the laws that it only falls and ends at the chance of the goal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.game.road import left_at, road_answer
from vetopoint.game.unroll import unroll


def solved(case, price, n, seed):
    game = unroll(case)
    rng = np.random.default_rng(seed)
    values = {"hostile": rng.beta(2, 2, n), "feared": rng.beta(4, 2, n), "reached": rng.uniform(0.2, 0.8, n)}
    return game, price(game, rng.normal(size=(n, game.terminals, 3)), 1.5, values).solve(), rng


def public_wins(game, rng, share):
    """(terminals,) a goal over public histories: one that is won is won whatever the types."""
    history = game.public.end_of[game.node_public[game.tree.terminal_node]]
    won = rng.random(game.public.histories) < share
    won[0] = True
    return won[history]


def walked(game, weights):
    """The layer at which each terminal's history leaves the road, by looking at every history that shares its beginning."""
    public, out = game.public, []
    history = public.end_of[game.node_public[game.tree.terminal_node]]
    wins = {int(h) for h, w in zip(history, weights, strict=True) if w > 0}
    for own in history.tolist():
        left = -1
        for layer in range(len(public.layers)):
            alike = (public.codes[:, : layer + 1] == public.codes[own, : layer + 1]).all(axis=1)
            if public.codes[own, layer] >= 0 and not any(alike[h] for h in wins):
                left = layer
                break
        out.append(left)
    return np.array(out)


@given(seed=st.integers(0, 40), share=st.floats(0.05, 0.6))
@settings(max_examples=20, deadline=None)
def test_histories_leave_the_road_where_nothing_that_begins_alike_reaches_the_goal(consent_case, seed, share):
    game = unroll(consent_case)
    weights = (np.random.default_rng(seed).random(game.tree.terminal_node.size) < share).astype(float)
    weights[seed % weights.size] = 1.0
    assert np.array_equal(left_at(game, weights), walked(game, weights))


@given(seed=st.integers(0, 20))
@settings(max_examples=8, deadline=None)
def test_it_only_falls_and_ends_at_the_chance_of_the_goal(consent_case, price, seed):
    game, play, rng = solved(consent_case, price, 40, seed)
    wins = public_wins(game, rng, 0.3).astype(float)
    found = road_answer(play, "any", wins)
    assert found is not None
    left = [step.left.mean for step in found.steps]
    assert left == sorted(left, reverse=True)
    assert left[-1] == pytest.approx(play.goal(wins).mean(), abs=1e-12)


def test_it_is_given_what_is_presupposed_as_a_ratio_of_sums(consent_case, price):
    game, play, rng = solved(consent_case, price, 60, 3)
    holds = rng.random(game.tree.terminal_node.size) < 0.6
    wins = public_wins(game, rng, 0.4)
    found = road_answer(play, "any", wins.astype(float), holds)
    assert found is not None
    assert found.steps[-1].left.mean == pytest.approx(play.goal(wins & holds).sum() / play.goal(holds).sum(), abs=1e-12)
    assert road_answer(play, "any", wins.astype(float), np.zeros_like(holds)) is None
