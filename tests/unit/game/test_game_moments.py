"""Moments of blocking: by hand on two moves, and the law that they sum to 1 − g."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.game.flow import share_falls
from vetopoint.game.interventions import option_effects
from vetopoint.game.moments import moments, moments_answer
from vetopoint.game.unroll import unroll


def logit(x):
    return 1.0 / (1.0 + np.exp(-x))


def random_play(case, price, n, seed):
    game = unroll(case)
    rng = np.random.default_rng(seed)
    values = {"hostile": rng.beta(2, 2, n), "feared": rng.beta(4, 2, n), "reached": rng.uniform(0.2, 0.8, n)}
    return price(game, rng.normal(size=(n, game.terminals, 3)), 1.5, values).solve(), rng


def test_two_moves_by_hand(small_case, price):
    game = unroll(small_case)
    payoffs = np.zeros((1, 3, 2))
    payoffs[:, 0, :] = [[1.0, 0.5]]
    play = price(game, payoffs).solve()
    q = logit(0.5)
    p = logit(q)
    found = moments(play, game.outcome == "agreed")
    shares = {(s.layer, s.option): x for s, x in zip(found.steps, found.shares[0], strict=True)}
    assert shares[0, "no_offer"] == pytest.approx(1 - p, abs=1e-12)
    assert shares[1, "refuse"] == pytest.approx(p * (1 - q), abs=1e-12)
    assert shares[0, "yes_offer"] == shares[1, "accept"] == 0.0
    assert found.failure[0] == pytest.approx(1 - p * q, abs=1e-12)


def test_a_history_with_two_falls_is_shared_by_their_size():
    """g: 0.8 at the start, 0.4 after the first step, 0 at the end: the steps bear 1/2 and 1/2; and 3/4, 1/4 from 0.6, 0.15."""
    parent, column, ends = np.array([-1, 0, 1]), np.array([-1, 0, 1]), np.array([2])
    for goal, expected in (
        ([0.8, 0.4, 0.0], [0.5, 0.5]),
        ([0.6, 0.15, 0.0], [0.75, 0.25]),
        ([0.2, 0.5, 0.0], [0.0, 1.0]),
    ):
        out = share_falls(parent, column, 2, ends, np.ones((1, 3)), np.array([goal]))
        assert np.allclose(out[0], [*expected, 0.0, 0.0])


def test_what_is_lost_afterwards_and_from_the_start_is_said_apart():
    parent, column, ends = np.array([-1, 0]), np.array([-1, 0]), np.array([1])
    later = share_falls(parent, column, 1, ends, np.ones((1, 2)), np.array([[0.7, 0.7]]))
    assert np.allclose(later[0], [0.0, 0.3, 0.0])
    never = share_falls(parent, column, 1, ends, np.ones((1, 2)), np.zeros((1, 2)))
    assert np.allclose(never[0], [0.0, 0.0, 1.0])


@pytest.mark.parametrize("seed", range(6))
def test_moments_sum_to_the_failure(consent_case, price, seed):
    play, rng = random_play(consent_case, price, 25, seed)
    game = play.priced.game
    for weights in (
        np.isin(game.outcome, ["consented", "defiant"]),
        rng.uniform(size=game.terminals),
        rng.uniform(size=(25, game.terminals)) ** 3,
        np.zeros(game.terminals),
        np.ones(game.terminals),
    ):
        found = moments(play, weights)
        assert found.error < 1e-12
        assert np.allclose(found.failure, 1 - play.goal(weights), atol=1e-12)
        assert min(found.shares.min(), found.afterwards.min(), found.start.min()) >= 0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=7, max_size=7), st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_shares_sum_to_the_failure_of_any_goal_on_any_binary_tree(goal, split):
    """Any goal at the ends, any splits: value by expectation, shares by the kernel."""
    parent = np.array([-1, 0, 0, 1, 1, 2, 2])
    reach = np.array(
        [
            1.0,
            split[0],
            1 - split[0],
            split[0] * split[1],
            split[0] * (1 - split[1]),
            (1 - split[0]) * split[2],
            (1 - split[0]) * (1 - split[2]),
        ]
    )
    value = np.array(goal)
    value[1] = split[1] * value[3] + (1 - split[1]) * value[4]
    value[2] = split[2] * value[5] + (1 - split[2]) * value[6]
    value[0] = split[0] * value[1] + (1 - split[0]) * value[2]
    out = share_falls(parent, np.arange(7) - 1, 6, np.array([3, 4, 5, 6]), reach[None], value[None])
    assert abs(out.sum() - (1 - value[0])) < 1e-12


def test_the_answer_adds_up_by_actor_and_by_move(consent_case, price):
    play, _ = random_play(consent_case, price, 40, 11)
    game = play.priced.game
    goal = np.isin(game.outcome, ["consented", "defiant"])
    answer = moments_answer(game, "g", moments(play, goal), option_effects(play, {"g": goal}))
    for parts in (answer.by_actor.values(), answer.by_move.values(), [m.share for m in answer.moments]):
        assert sum(p.mean for p in parts) == pytest.approx(answer.failure.mean, abs=1e-12)
    shares = [m.share.mean for m in answer.moments]
    assert shares == sorted(shares, reverse=True)
    assert {m.cause for m in answer.moments} == {"move", "chance"}
    assert all((m.cause == "chance") == (m.move == "ceasefire") for m in answer.moments)
    assert {m.round for m in answer.moments if m.move == "review"} <= {1, 2, 3}
    assert {m.round for m in answer.moments if m.move != "review"} == {None}
    assert answer.worst_error < 1e-12
