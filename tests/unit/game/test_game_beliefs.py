"""Beliefs after public histories: Bayes by hand, the martingale law, and different priors."""

from __future__ import annotations

import numpy as np

from vetopoint.game.beliefs import belief_answers, beliefs_after
from vetopoint.game.unroll import unroll

SIGNAL = """
vetopoint: 1
title: A signal
as_of: 2026-01-01
owner: b
actors: {a: {}, b: {}}
quantities: {strong: 'uniform(0, 1)', thought: 'uniform(0, 1)'}
types: {a: {tough: {truth: strong, believed: {b: thought}}, soft: rest}}
moves:
  show: {by: a, at: 1, options: [fight, fold]}
  reply: {by: b, at: 2, options: [go, stay]}
outcomes: {gone: reply == go, stayed: otherwise}
goals: {goes: outcome == gone}
payoffs:
  a: {unit: [stayed, gone], gain: {worth: 1, when: outcome == gone}}
  b: {unit: [stayed, gone], gain: {worth: 1, when: outcome == gone}}
"""


def played(make_case, price, n=20, seed=0):
    game = unroll(make_case(SIGNAL))
    rng = np.random.default_rng(seed)
    values = {"strong": rng.uniform(0.1, 0.9, n), "thought": rng.uniform(0.1, 0.9, n)}
    return price(game, rng.normal(size=(n, game.terminals, 2)), 1.0, values).solve(), values


def fights(play):
    """(n, 2) P(fight | type)."""
    game = play.priced.game
    sets = [h for h in range(game.information_sets) if game.infoset(h).move == "show"]
    return np.stack([play.strategy[:, game.tree.actions(h).start] for h in sets], axis=1)


def test_bayes_by_hand_from_the_believers_prior(make_case, price):
    play, values = played(make_case, price)
    sigma = fights(play)
    prior = np.stack([values["thought"], 1 - values["thought"]], axis=1)
    found = {b.history: b for b in beliefs_after(play)}
    for history, likelihood in ((("show: fight",), sigma), (("show: fold",), 1 - sigma)):
        belief = found[history]
        expected = prior * likelihood
        assert np.allclose(belief.prior, prior)
        assert np.allclose(belief.posterior, expected / expected.sum(axis=1, keepdims=True), atol=1e-12)
        truth = np.stack([values["strong"], 1 - values["strong"]], axis=1)
        assert np.allclose(belief.probability, (truth * likelihood).sum(axis=1), atol=1e-12)
        assert (belief.believer, belief.about) == ("b", "a")


def test_posteriors_average_to_the_prior_in_the_believers_eyes(make_case, price):
    play, values = played(make_case, price, seed=4)
    sigma = fights(play)
    prior = np.stack([values["thought"], 1 - values["thought"]], axis=1)
    expected_fight = (prior * sigma).sum(axis=1, keepdims=True)
    found = {b.history: b.posterior for b in beliefs_after(play)}
    mean = expected_fight * found["show: fight",] + (1 - expected_fight) * found["show: fold",]
    assert np.allclose(mean, prior, atol=1e-12)


def test_a_larger_case_keeps_beliefs_in_the_simplex(consent_case, price):
    game = unroll(consent_case)
    rng = np.random.default_rng(2)
    values = {"hostile": rng.beta(2, 2, 15), "feared": rng.beta(4, 2, 15), "reached": rng.uniform(0.2, 0.8, 15)}
    play = price(game, rng.normal(size=(15, game.terminals, 3)), 1.0, values).solve()
    found = beliefs_after(play, at_least=0.0)
    assert {b.believer for b in found} == {"coalition"}
    assert all(np.allclose(b.posterior.sum(axis=1), 1.0) for b in found)
    assert len(found) == sum(
        game.public.children(i).size for i, layer in enumerate(game.public.layers) if layer.by == "russia"
    )


def test_answers_keep_the_likeliest_histories_in_order(consent_case, price):
    game = unroll(consent_case)
    rng = np.random.default_rng(3)
    values = {"hostile": rng.beta(2, 2, 15), "feared": rng.beta(4, 2, 15), "reached": rng.uniform(0.2, 0.8, 15)}
    play = price(game, rng.normal(size=(15, game.terminals, 3)), 1.0, values).solve()
    answers = belief_answers(play, limit=5)
    assert len(answers) == 10
    assert answers[0].history == ("warn: silent",)
    assert answers[0].at == 0.0
    pairs = zip(answers[::2], answers[1::2], strict=True)
    assert all(abs(a.belief.mean + b.belief.mean - 1) < 1e-12 for a, b in pairs)
    least = min(a.probability.mean for a in answers)
    rest = [b.probability.mean() for b in beliefs_after(play) if b.history not in {a.history for a in answers}]
    assert max(rest) <= least
