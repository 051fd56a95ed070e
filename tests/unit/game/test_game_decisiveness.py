"""Decisiveness without replies is the multilinear derivative; Shapley lifts sum to the gap; who may be called decisive."""

from __future__ import annotations

import numpy as np
import pytest

from vetopoint.game.decisiveness import Decisiveness, GameValue, decisive, decisiveness, decisiveness_answer, ranking
from vetopoint.game.unroll import unroll

VOTES = """
vetopoint: 1
title: A vote
as_of: 2026-01-01
owner: a
actors: {a: {}, b: {}, c: {}}
moves:
  va: {by: a, options: [aye, nay]}
  vb: {by: b, options: [aye, nay], sees: nothing}
  vc: {by: c, options: [aye, nay], sees: nothing}
outcomes: {passed: va == aye and (vb == aye or vc == aye), failed: otherwise}
goals: {passes: outcome == passed}
payoffs:
  a: {unit: [failed, passed], gain: {worth: 1, when: outcome == passed}}
  b: {unit: [failed, passed], gain: {worth: 1, when: outcome == passed}}
  c: {unit: [failed, passed], gain: {worth: 1, when: outcome == passed}}
"""
# The weighted vote [4; 3, 2, 1]: pivotal at one half with probability 3/4, 1/4, 1/4; Shapley-Shubik 2/3, 1/6, 1/6.
BANZHAF, SHAPLEY_SHUBIK = (3 / 4, 1 / 4, 1 / 4), (2 / 3, 1 / 6, 1 / 6)


def vote(make_case, price, probability, owner="a"):
    """Nobody replies to anybody: each votes aye with the given probability, whatever happens."""
    game = unroll(make_case(VOTES.replace("owner: a", f"owner: {owner}")))
    payoffs = np.zeros((probability.size, game.terminals, 3))
    for p, move in enumerate(("va", "vb", "vc")):
        payoffs[:, :, p] = np.log(probability / (1 - probability))[:, None] * (game.choices[move] == "aye")
    return price(game, payoffs, 1.0), game.outcome == "passed"


def test_decisiveness_without_replies_at_one_half_is_banzhaf(make_case, price):
    priced, goal = vote(make_case, price, np.array([0.5]))
    found = decisiveness(GameValue(priced, goal), ("a", "b", "c"))
    assert np.allclose(found.d[0], BANZHAF, atol=1e-12)


def test_decisiveness_without_replies_is_the_multilinear_derivative(make_case, price):
    p = np.linspace(0.05, 0.95, 7)
    priced, goal = vote(make_case, price, p)
    found = decisiveness(GameValue(priced, goal), ("a", "b", "c"))
    extension = p * (1 - (1 - p) ** 2)
    derivative = np.stack([1 - (1 - p) ** 2, p * (1 - p), p * (1 - p)], axis=1)
    assert np.allclose(found.goal, extension, atol=1e-12)
    assert np.allclose(found.d, derivative, atol=1e-12)
    assert np.allclose(found.unlock, (1 - p)[:, None] * derivative, atol=1e-12)
    assert np.allclose(found.block, p[:, None] * derivative, atol=1e-12)


def test_its_integral_over_the_probability_is_shapley_shubik(make_case, price):
    nodes, weights = np.polynomial.legendre.leggauss(8)
    priced, goal = vote(make_case, price, (nodes + 1) / 2)
    found = decisiveness(GameValue(priced, goal), ("a", "b", "c"))
    assert np.allclose((weights / 2) @ found.d, SHAPLEY_SHUBIK, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_shapley_lifts_sum_to_the_gap(consent_case, price, seed):
    game = unroll(consent_case)
    rng = np.random.default_rng(seed)
    values = {"hostile": rng.beta(2, 2, 12), "feared": rng.beta(4, 2, 12), "reached": rng.uniform(0.2, 0.8, 12)}
    priced = price(game, rng.normal(size=(12, game.terminals, 3)), 1.0, values)
    goal = np.isin(game.outcome, ["consented", "defiant"])
    value = GameValue(priced, goal)
    found = decisiveness(value, ("coalition", "russia"))
    gap = value(frozenset(["coalition", "russia"]), frozenset()) - found.goal
    assert np.abs(found.shapley.sum(axis=1) - gap).max() < 1e-9
    assert np.allclose(found.d, found.unlock + found.block)
    assert gap.max() > 0.1


def test_a_refusing_belligerent_with_a_forcing_policy_leaves_nothing(consent_case, price):
    game = unroll(consent_case)
    rng = np.random.default_rng(5)
    values = {"hostile": rng.beta(2, 2, 10), "feared": rng.beta(4, 2, 10), "reached": rng.uniform(0.2, 0.8, 10)}
    priced = price(game, rng.normal(size=(10, game.terminals, 3)), 1.0, values)
    goal = np.isin(game.outcome, ["consented", "defiant"])
    value = GameValue(priced, goal)
    assert np.allclose(value(frozenset(), frozenset(["russia"])), 0.0, atol=1e-12)
    # chance is no player: even if all favour the goal, the ceasefire must come
    assert np.allclose(value(frozenset(["coalition", "russia"]), frozenset()), values["reached"], atol=1e-9)


def made_up(d):
    d = np.asarray(d)
    return Decisiveness(("a", "b", "c", "o")[: d.shape[1]], np.zeros(len(d)), d, np.zeros_like(d), np.zeros_like(d))


def test_decisive_needs_a_lead_and_nearly_all_draws_but_no_rivals():
    leads = np.tile([0.5, 0.2, 0.1], (100, 1))
    assert decisive(made_up(leads), ["a", "b", "c"]) == "a"
    assert decisive(made_up(leads), ["a"]) == "a"
    rare = np.tile([0.06, 0.03, 0.01], (100, 1))  # three points of a chance of six: more than a third
    assert decisive(made_up(rare), ["a", "b", "c"]) == "a"
    assert decisive(made_up(-leads), ["c", "b"]) is None  # whoever harms least decides nothing
    narrow = np.tile([0.24, 0.2, 0.1], (100, 1))
    assert decisive(made_up(narrow), ["a", "b", "c"]) is None
    turned = leads.copy()
    turned[:6, 1] = 0.9
    assert decisive(made_up(turned), ["a", "b", "c"]) is None
    turned[:1, 1] = 0.2
    turned[1:6, 1] = 0.2
    turned[:5, 1] = 0.9
    assert decisive(made_up(turned), ["a", "b", "c"]) == "a"


def test_ties_make_nobody_first():
    found = ranking(made_up(np.tile([0.3, 0.3, 0.1], (10, 1))), ["a", "b", "c"])
    assert found["a"] == (0.0, 0.0)
    assert found["b"] == (0.0, 0.0)


def test_the_owner_is_listed_apart_and_sets_are_smallest(make_case, price):
    priced, goal = vote(make_case, price, np.array([0.5, 0.5]))
    answer = decisiveness_answer("passes", GameValue(priced, goal), ("a", "b", "c"), priced.game.case, (0.9, 0.01))
    assert [a.party for a in answer.parties] == ["b", "c", "a"]
    assert answer.parties[-1].owner
    assert answer.parties[-1].first is None
    assert answer.decisive is None
    assert [(s.direction, s.actors) for s in answer.sets] == [
        ("unlock", ("a", "b")),
        ("unlock", ("a", "c")),
        ("block", ("b", "c")),
    ]
    assert answer.gap.mean == pytest.approx(1 - 3 / 8)


def test_sets_are_measured_given_what_is_presupposed(make_case, price):
    """a alone passes it in 3/4 of what is given, which is too little of the whole."""
    priced, goal = vote(make_case, price, np.array([0.5, 0.5]), owner="c")
    given, case, at = np.full(goal.size, 0.5), priced.game.case, (0.7, 0.05)
    half = decisiveness_answer("passes", GameValue(priced, goal, given), ("a", "b", "c"), case, at)
    whole = decisiveness_answer("passes", GameValue(priced, goal * given), ("a", "b", "c"), case, at)
    assert ("a",) in [s.actors for s in half.sets if s.direction == "unlock"]
    assert ("a",) not in [s.actors for s in whole.sets if s.direction == "unlock"]


def test_of_many_sets_orders_are_sampled_and_the_error_is_said(make_case, price):
    priced, goal = vote(make_case, price, np.linspace(0.2, 0.8, 4))
    value = GameValue(priced, goal)
    exact, sampled = decisiveness(value, ("a", "b", "c")), decisiveness(value, ("a", "b", "c"), most=4)
    assert (exact.orders, sampled.orders) == (0, 4)
    assert not exact.error.any()
    assert sampled.error.max() > 0
    np.testing.assert_allclose(sampled.shapley.sum(axis=1), exact.shapley.sum(axis=1), atol=1e-12)
    answer = decisiveness_answer("passes", value, ("a", "b", "c"), priced.game.case, (0.9, 0.01), most=4)
    assert (answer.orders, answer.largest_set) == (4, 1)
    assert max((len(s.actors) for s in answer.sets), default=0) <= 1
    assert max(p.lift.mc for p in answer.parties) >= sampled.error.max()
