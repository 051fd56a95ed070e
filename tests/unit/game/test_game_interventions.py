"""Interventions on trees small enough to solve by hand, and the laws that hold on all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vetopoint.game.interventions import (
    announce,
    anticipation,
    favour,
    option_effects,
    surprise,
)
from vetopoint.game.priced import PricedGame
from vetopoint.game.solver.solve import solve_aqre
from vetopoint.game.unroll import unroll


def logit(x):
    return 1.0 / (1.0 + np.exp(-x))


def consent_game(consent_case, price, n=40, seed=1, precision=1.0):
    game = unroll(consent_case)
    rng = np.random.default_rng(seed)
    values = {"hostile": rng.beta(2, 2, n), "feared": rng.beta(4, 2, n), "reached": rng.uniform(0.2, 0.8, n)}
    return price(game, rng.normal(size=(n, game.terminals, 3)), precision, values)


def small_game(small_case, price, precision=2.0):
    """Terminals: accept, refuse, no offer; the answerer gains x from accepting, the proposer 1 from agreement."""
    game = unroll(small_case)
    x = np.array([-1.0, 0.0, 0.7])
    payoffs = np.zeros((3, 3, 2))
    payoffs[:, 0, 0] = 1.0
    payoffs[:, 0, 1] = x
    return price(game, payoffs, precision), x


def test_solution_of_the_small_game_in_closed_form(small_case, price):
    priced, x = small_game(small_case, price)
    play = priced.solve()
    accept = logit(2.0 * x)
    offer = logit(2.0 * accept)
    agreed = priced.game.outcome == "agreed"
    assert np.allclose(play.goal(agreed), offer * accept, atol=1e-12)


def test_surprise_leaves_the_proposal_as_it_was(small_case, price):
    priced, x = small_game(small_case, price)
    play = priced.solve()
    agreed = priced.game.outcome == "agreed"
    effects = option_effects(play, {"agreed": agreed})
    answer = priced.game.layer_of("answer")
    offer = logit(2.0 * logit(2.0 * x))
    assert np.allclose(effects.reached[:, answer], offer)
    columns = slice(effects.start[answer], effects.start[answer + 1])
    assert np.allclose(effects.goal["agreed"][:, columns], [[1.0, 0.0]])
    assert np.allclose(effects.chosen[:, columns][:, 0], logit(2.0 * x))
    assert np.allclose(surprise(play, {answer: "accept"}).goal(agreed), offer)
    assert effects.at.tolist() == [1.0, 2.0]


def test_announcement_moves_the_proposal(small_case, price):
    priced, x = small_game(small_case, price)
    found = {
        a.option: a
        for a in anticipation(priced.solve(), {"agreed": priced.game.outcome == "agreed"})
        if a.move == "answer"
    }
    assert np.allclose(found["refuse"].reached_announced, 0.5)
    assert np.allclose(found["refuse"].reached_surprise, logit(2.0 * logit(2.0 * x)))
    assert np.allclose(found["accept"].announced["agreed"], logit(2.0))
    assert np.allclose(found["accept"].surprise["agreed"], logit(2.0 * logit(2.0 * x)))


def test_every_option_of_a_move_averages_to_the_whole(consent_case, price):
    play = consent_game(consent_case, price).solve()
    game = play.priced.game
    goal = np.isin(game.outcome, ["consented", "defiant"])
    effects = option_effects(play, {"g": goal})
    ceasefire = slice(effects.start[1], effects.start[2])
    assert np.allclose(effects.chosen[:, : effects.start[1]].sum(axis=1), 1.0)
    whole = (effects.chosen[:, ceasefire] * effects.goal["g"][:, ceasefire]).sum(axis=1)
    assert np.allclose(whole, play.goal(goal), atol=1e-12)
    assert ((effects.goal["g"] >= -1e-12) & (effects.goal["g"] <= 1 + 1e-12)).all()


def test_effects_given_reached_agree_with_forcing_the_whole_tree(consent_case, price):
    play = consent_game(consent_case, price).solve()
    game = play.priced.game
    goal = np.isin(game.outcome, ["consented", "defiant"])
    effects = option_effects(play, {"g": goal})
    answer = game.layer_of("answer")
    reached = game.public.codes[:, answer][game.terminal_public] >= 0
    for o, option in enumerate(game.public.layers[answer].options):
        through = surprise(play, {answer: option}).goal(goal & reached)
        assert np.allclose(through, effects.reached[:, answer] * effects.goal["g"][:, effects.start[answer] + o])


def own_actions(play, actor):
    """(1, actions) whether an action is the actor's."""
    game = play.priced.game
    return (game.tree.action_player == game.players.index(actor))[None, :]


def surprise_strategy(play, actor, strategy):
    """Play in which one actor follows another, possibly type-contingent, strategy and everything else stays as solved."""
    joined = np.where(own_actions(play, actor), strategy, play.strategy)
    return replace(play, solution=replace(play.solution, strategy=joined))


@pytest.mark.parametrize("actor", ["russia", "coalition"])
def test_forcing_the_solved_strategy_changes_nothing(consent_case, price, actor):
    priced = consent_game(consent_case, price)
    play = priced.solve()
    goal = np.isin(priced.game.outcome, ["consented", "defiant"])
    good = play.solution.label == 0
    tree, payoffs, base = priced.game.tree, priced.payoffs[0], priced.game.base
    fixed = np.where(own_actions(play, actor), play.strategy, np.nan)
    again = solve_aqre(tree, payoffs, priced.chance, priced.precision, base, fixed)
    assert good.mean() > 0.8
    assert np.abs(again.strategy - play.strategy)[good].max() < 1e-7
    by_surprise = surprise_strategy(play, actor, play.strategy)
    assert np.array_equal(by_surprise.goal(goal), play.goal(goal))


def test_a_surprise_by_a_whole_strategy_joins_the_surprises_by_move(consent_case, price):
    play = consent_game(consent_case, price, n=5).solve()
    game = play.priced.game
    goal = np.isin(game.outcome, ["consented", "defiant"])
    forced = np.zeros_like(play.strategy)
    for h in range(game.information_sets):
        forced[:, game.tree.actions(h).start] = 1.0
    layers = [i for i, layer in enumerate(game.public.layers) if layer.by == "coalition"]
    by_move = surprise(play, {i: game.public.layers[i].options[0] for i in layers}).goal(goal)
    assert np.allclose(surprise_strategy(play, "coalition", forced).goal(goal), by_move)


def test_an_announced_choice_tells_nothing_of_the_type(consent_case, price):
    priced = consent_game(consent_case, price)
    game = priced.game
    smaller, _ = announce(priced, {game.layer_of("warn"): ("oppose",), game.layer_of("answer"): ("oppose",)})
    inner = smaller.priced.game
    respond = [h for h in range(inner.information_sets) if inner.infoset(h).move == "respond"]
    assert len(respond) == 1
    coalition = 1 + game.players.index("coalition")
    values = np.zeros((priced.n, 3))
    view = smaller.priced
    prior = view.chance[:, coalition, :2]
    for k, member in enumerate(inner.tree.members(respond[0])):
        assert inner.node_combo[member] == k
    # with beliefs at the prior the choice is the plain logit of the prior-weighted values
    node_values = _values(smaller, game.players.index("coalition"))
    for o in range(values.shape[1]):
        children = [int(inner.tree.children(int(m))[o]) for m in inner.tree.members(respond[0])]
        values[:, o] = sum(prior[:, k] * node_values[:, c] for k, c in enumerate(children))
    expected = np.exp(values) / np.exp(values).sum(axis=1, keepdims=True)
    actions = inner.tree.actions(respond[0])
    assert np.allclose(smaller.strategy[:, actions.start : actions.stop], expected, atol=1e-7)


def _values(play, player):
    """Expected payoff of a player at every node under the solved strategies and its own beliefs about chance."""
    tree, chance = play.priced.game.tree, play.priced.chance[:, 1 + player]
    out = np.zeros((play.priced.n, tree.n_nodes))
    for v in range(tree.n_nodes - 1, -1, -1):
        if tree.kind[v] == 2:
            out[:, v] = play.priced.payoffs[0][:, tree.index[v], player]
        for child in tree.children(v):
            weight = (play.strategy if tree.kind[v] == 0 else chance)[:, tree.via[child]]
            out[:, v] += weight * out[:, child]
    return out


def test_a_favouring_answerer_accepts_and_a_refusing_one_refuses(small_case, price):
    priced, _ = small_game(small_case, price)
    agreed = priced.game.outcome == "agreed"
    assert np.allclose(favour(priced, agreed, ["answerer"])[1], logit(2.0))
    assert np.allclose(favour(priced, agreed, [], ["answerer"])[1], 0.0)
    assert np.allclose(favour(priced, agreed, ["answerer", "proposer"])[1], 1.0)


def test_ties_are_broken_by_the_actors_own_preference(small_case, price):
    game = unroll(small_case)
    own = np.zeros((2, 3, 2))
    own[:, :, 1] = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]
    offered = (game.choices["offer"] == "yes_offer").astype(float)
    wanted = own.copy()
    wanted[:, :, 1] = offered
    found = price(game, wanted).solve(best_response=[1], ties=[own])
    answer = next(h for h in range(2) if game.infoset(h).move == "answer")
    assert found.strategy[:, game.tree.actions(answer).start].tolist() == [0.0, 1.0]


def test_collapsing_averages_others_payoffs_over_what_they_believe(consent_case, price):
    priced = consent_game(consent_case, price, n=6)
    collapsed = priced.collapse(["russia"])
    game = priced.game
    rows = priced.payoffs[0].reshape(6, game.public.histories, 2, 3)
    for p in range(3):
        prior = priced.chance[:, 1 + p, :2]
        assert np.allclose(collapsed.payoffs[0][:, :, p], (rows[..., p] * prior[:, None, :]).sum(axis=2))
    assert np.allclose(collapsed.chance, priced.chance[:, :, 2:])
    weights = np.random.default_rng(0).uniform(size=(6, game.terminals))
    truth = priced.chance[:, 0, :2]
    averaged = (weights.reshape(6, -1, 2) * truth[:, None, :]).sum(axis=2)
    assert np.allclose(priced.collapse_weights(["russia"], weights), averaged)


TWO_TYPED = """
vetopoint: 1
title: Two with secrets
as_of: 2026-01-01
owner: a
actors: {a: {}, b: {}, c: {}}
quantities: {pa: 'uniform(0, 1)', pb: 'uniform(0, 1)', qb: 'uniform(0, 1)'}
types:
  a: {high: {truth: pa}, low: rest}
  b: {one: {truth: pb, believed: {c: qb}}, two: {truth: 0.1}, three: rest}
moves:
  x: {by: a, options: [l, r]}
  y: {by: b, options: [l, r]}
  z: {by: c, options: [l, r]}
outcomes: {same: x == l and y == l, other: otherwise}
goals: {good: outcome == same}
payoffs:
  a: {unit: [other, same], gain: {worth: 1, when: outcome == same}}
  b: {unit: [other, same], gain: {worth: 1, when: outcome == same}}
  c: {unit: [other, same], gain: {worth: 1, when: outcome == same}}
"""


def test_collapsing_one_of_two_typed_actors_keeps_the_other(make_case, price):
    game = unroll(make_case(TWO_TYPED))
    rng = np.random.default_rng(0)
    n = 4
    values = {"pa": rng.uniform(0, 1, n), "pb": rng.uniform(0, 0.9, n), "qb": rng.uniform(0, 0.9, n)}
    values["types.b.two.truth"] = np.array(0.1)
    priced = price(game, rng.normal(size=(n, game.terminals, 3)), values=values)
    collapsed = priced.collapse(["b"])
    a = np.stack([values["pa"], 1 - values["pa"]], axis=1)
    assert np.allclose(collapsed.chance[:, :, :2], a[:, None, :])
    rows = priced.payoffs[0].reshape(n, -1, 2, 3, 3)
    for p, first in enumerate((values["pb"], values["pb"], values["qb"])):
        b = np.stack([first, np.full(n, 0.1), 0.9 - first], axis=1)
        expected = (rows[..., p] * b[:, None, None, :]).sum(axis=3)
        assert np.allclose(collapsed.payoffs[0][..., p].reshape(n, -1, 2), expected)
    nobody = priced.collapse(["a", "b"])
    assert nobody.chance.shape[2] == 0
    assert nobody.game.terminals == game.public.histories


def test_each_actor_plays_the_game_that_it_sees(small_case, price):
    priced, x = small_game(small_case, price)
    blurred = priced.payoffs[0].copy()
    blurred[:, 0, 1] = x.mean()
    seen = PricedGame(priced.game, (priced.payoffs[0], blurred), (1, 0), priced.chance, priced.precision)
    play = seen.solve()
    agreed = priced.game.outcome == "agreed"
    offer = logit(2.0 * logit(2.0 * x.mean()))
    assert np.allclose(play.goal(agreed), offer * logit(2.0 * x))


def test_two_views_of_the_same_payoffs_are_one(consent_case, price):
    priced = consent_game(consent_case, price, n=8)
    doubled = PricedGame(priced.game, priced.payoffs * 2, (0, 1, 1), priced.chance, priced.precision)
    assert np.array_equal(doubled.solve().strategy, priced.solve().strategy)


def test_the_first_draws_are_played_alike(consent_case, price):
    priced = consent_game(consent_case, price, n=20)
    play = priced.solve()
    again, cut = priced.first(7).solve(), play.first(7)
    for solved, kept in zip((again.solution, *again.views), (cut.solution, *cut.views), strict=True):
        assert np.array_equal(solved.strategy, kept.strategy)
        assert np.array_equal(solved.label, kept.label)
        assert np.array_equal(solved.residual, kept.residual)
    assert cut.priced.n == 7
    assert play.first(20) is play


def test_precision_nought_is_even_play(consent_case, price):
    play = consent_game(consent_case, price, n=3, precision=0.0).solve()
    sizes = np.diff(play.priced.game.tree.action_start)
    assert np.allclose(play.strategy, np.repeat(1.0 / sizes, sizes))
