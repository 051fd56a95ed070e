"""Blame given what is presupposed, what an owner leaves unasked charged to whom it fears, and the curve of being stopped.

Against a slow count over histories (`tests/oracles/blame.py`), closed forms of two small games, and the laws that everything sums to 1 − g.
"""

from __future__ import annotations

from textwrap import dedent

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.blame import lost_by_step
from support import examples
from vetopoint.budget import Budget
from vetopoint.game.attempts import asking
from vetopoint.game.deterrence import split_over_orders
from vetopoint.game.moments import moments
from vetopoint.game.section import game_section
from vetopoint.game.unroll import unroll
from vetopoint.study import run

BUDGET = Budget(threats=12, decisiveness=4, keys=4, retraced=2)
GIVEN = "\npresupposes: ceasefire == reached\n"

TWO_KEYS = """
vetopoint: 1
title: Two keys
as_of: 2026-01-01
horizon_months: 12
owner: p
actors: {p: {}, a: {}, b: {}, c: {}}
quantities: {odds: 0.4}
moves:
  fire: {by: chance, at: 1, options: {yes_fire: odds, no_fire: rest}}
  offer: {by: p, at: 2, when: fire == yes_fire, options: [ask, leave]}
  one: {by: a, at: 3, when: offer == ask, options: [yes_a, no_a]}
  two: {by: b, at: 4, when: one == yes_a, options: [yes_b, no_b]}
  talk: {by: c, at: 5, when: offer == ask, options: [well, ill]}
outcomes: {built: two == yes_b, none: otherwise}
goals: {built: outcome == built}
presupposes: fire == yes_fire
payoffs:
  p: {unit: [none, built], gain: {worth: 1, when: outcome == built}, cost: {worth: -0.7, when: offer == ask}}
  a: {unit: [built, none], harm: {worth: -1, when: outcome == built}}
  b: {unit: [built, none], harm: {worth: -1, when: outcome == built}}
  c: {unit: [none, built], gain: {worth: 1, when: outcome == built}}
precision: {p: 6, a: 6, b: 6, c: 6}
"""


def logit(x):
    return 1.0 / (1.0 + np.exp(-x))


@pytest.fixture(scope="module")
def given_game(make_case, consent_case):
    return unroll(make_case(consent_case.path.read_text().replace("until: 18", "until: 12") + GIVEN))


def played(game, price, seed, n=12, odds=(0.2, 0.8)):
    rng = np.random.default_rng(seed)
    values = {"hostile": rng.beta(2, 2, n), "feared": rng.beta(4, 2, n), "reached": rng.uniform(*odds, n)}
    return price(game, 2.0 * rng.normal(size=(n, game.terminals, 3)), 1.5, values).solve(), rng


def presupposed_in(game):
    return game.holds("presupposes")[game.terminal_public]


@pytest.mark.parametrize("seed", range(3))
def test_given_what_is_presupposed_it_is_what_a_count_over_histories_finds(given_game, price, seed):
    game, draw = given_game, seed
    play, rng = played(game, price, seed)
    for weights in (np.isin(game.outcome, ["consented", "defiant"]).astype(float), rng.uniform(size=game.terminals)):
        holds = presupposed_in(game)
        found = moments(play, weights, presupposed=holds, unasked=asking(game, weights * holds).unasked)
        shares, afterwards, start, failure = lost_by_step(game, play, weights, holds, draw)
        assert shares
        for step, share in zip(found.steps, found.shares[draw], strict=True):
            name = f"{game.public.layers[step.layer].name}: {step.option}"
            same = sum(s for path, s in shares.items() if path[-1] == name)
            ours = sum(
                x
                for t, x in zip(found.steps, found.shares[draw], strict=True)
                if (t.layer, t.option) == (step.layer, step.option)
            )
            assert ours == pytest.approx(same, abs=1e-12)
            assert share >= 0
        assert found.afterwards[draw] == pytest.approx(afterwards, abs=1e-12)
        assert found.start[draw] == pytest.approx(start, abs=1e-12)
        assert found.failure[draw] == pytest.approx(failure, abs=1e-12)
        by_chance = [x for s, x in zip(found.steps, found.shares.T, strict=True) if s.option in ("reached", "not")]
        assert len(by_chance) == 2
        assert not np.any(by_chance), "what chance must bring about first is no blame"


def deterred(answer):
    return {(m.option, m.deterred_by): m.share.mean for m in answer.moments}


def test_an_offer_not_made_since_a_refusal_is_expected_is_charged_to_the_refusal(small_case, price):
    """P(offer) is σ(1.5 q) with q = P(accept), and σ(1.5) if acceptance is known: the difference is deterred by the answerer."""
    game = unroll(small_case)
    payoffs = np.zeros((1, 3, 2))
    agreed = int(np.flatnonzero(game.outcome == "agreed")[0])
    payoffs[:, agreed] = [1.5, -2.0]
    play = price(game, payoffs).solve()
    q = logit(-2.0)
    (answer,) = game_section(play, {"agreement": (game.outcome == "agreed").astype(float)}, BUDGET).moments
    shares = deterred(answer)
    assert shares["no_offer", "answerer"] == pytest.approx(logit(1.5) - logit(1.5 * q), abs=1e-9)
    assert shares["no_offer", None] == pytest.approx(1 - logit(1.5), abs=1e-9)
    refused = logit(1.5 * q) * (1 - q)
    assert answer.by_actor["answerer"].mean == pytest.approx(refused + logit(1.5) - logit(1.5 * q), abs=1e-9)
    assert answer.by_actor["proposer"].mean == pytest.approx(1 - logit(1.5), abs=1e-9)
    assert answer.by_move["offer"].mean == pytest.approx(1 - logit(1.5 * q), abs=1e-9)


def test_two_who_must_both_accept_share_it_and_one_who_decides_nothing_bears_nothing(make_case, tmp_path):
    (tmp_path / "case.yaml").write_text(dedent(TWO_KEYS))
    (answer,) = run(tmp_path, draws=256, seed=1).moments
    shares = deterred(answer)
    assert shares["leave", "a"] > 0.1
    assert shares["leave", "b"] > 0.1
    assert shares.get(("leave", "c"), 0.0) < 1e-6
    assert answer.by_actor["a"].mean + answer.by_actor["b"].mean > answer.by_actor["p"].mean
    turned = TWO_KEYS.replace("{p: {}, a: {}, b: {}, c: {}}", "{c: {}, b: {}, a: {}, p: {}}")
    (tmp_path / "case.yaml").write_text(dedent(turned))
    (same,) = run(tmp_path, draws=256, seed=1).moments
    assert deterred(same) == pytest.approx(shares, abs=1e-6)


@pytest.mark.parametrize("odds", [0.2, 0.99])
def test_blame_does_not_hang_on_the_chance_of_what_is_presupposed(tmp_path, odds):
    (tmp_path / "case.yaml").write_text(dedent(TWO_KEYS).replace("odds: 0.4", f"odds: {odds}"))
    told = run(tmp_path, draws=128, seed=1)
    (tmp_path / "case.yaml").write_text(dedent(TWO_KEYS))
    as_written = run(tmp_path, draws=128, seed=1)
    assert deterred(told.moments[0]) == pytest.approx(deterred(as_written.moments[0]), abs=1e-8)
    assert told.stopped[0].mean == pytest.approx(as_written.stopped[0].mean, abs=1e-8)
    assert "chance" not in told.moments[0].by_actor or told.moments[0].by_actor["chance"].mean == 0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.floats(0, 1), min_size=16, max_size=16))
def test_shares_over_orders_are_never_negative_and_sum_to_no_more_than_the_most(seed, table):
    """Any set function, whether it rises with the set or not; where it rises, the shares sum to what everybody together reaches."""
    actors = ["a", "b", "c", "d"]

    def value(chosen):
        return np.array([table[sum(1 << i for i, a in enumerate(actors) if a in chosen)]])

    shares = split_over_orders(value, actors, 1)
    assert shares.min() >= 0
    assert shares.sum() <= max(table) + 1e-12
    order = np.random.default_rng(seed).permutation(4)
    turned = split_over_orders(value, [actors[i] for i in order], 1)
    assert np.allclose(turned, shares[:, order], atol=1e-12)
    rising = sorted(table)
    whole = split_over_orders(lambda s: np.array([rising[2 ** len(s) - 1]]), actors, 1)
    assert np.allclose(whole, rising[15] / 4)


@examples(2, soak=12, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.02, 0.98))
def test_everything_sums_to_the_failure_given_what_is_presupposed(given_game, price, seed, odds):
    game = given_game
    play, rng = played(game, price, seed, odds=(odds, odds))
    goals = {
        "deployed": np.isin(game.outcome, ["consented", "defiant"]).astype(float),
        "held": rng.uniform(size=(12, game.terminals)),
        "never": np.zeros(game.terminals),
    }
    answers = game_section(play, goals, BUDGET)
    truce = presupposed_in(game)
    for goal, lost, stopped in zip(goals, answers.moments, answers.stopped, strict=True):
        chance = play.goal(goals[goal] * truce).sum() / play.goal(truce).sum()
        assert lost.failure.mean == pytest.approx(1 - chance, abs=1e-9)
        for parts in (lost.by_actor.values(), lost.by_move.values(), [m.share for m in lost.moments]):
            assert sum(p.mean for p in parts) == pytest.approx(1 - chance, abs=1e-9)
        assert min(m.share.lo for m in lost.moments) >= 0
        assert stopped.mean[-1] == pytest.approx(1 - chance, abs=1e-9)
        assert len(stopped.mean) == len(stopped.months) == game.case.file.horizon_months + 1
        assert np.all(np.diff(stopped.mean) >= -1e-12)
        assert np.allclose(np.sum([p.mean for p in stopped.parts], axis=0), stopped.mean, atol=1e-9)
    assert {p.cause for p in answers.stopped[2].parts} == {"start"}
    assert answers.stopped[2].mean[0] == pytest.approx(1.0)


def test_all_rounds_of_a_repeated_move_stop_the_plan_each_in_its_month(given_game, price):
    game = given_game
    play, _ = played(game, price, 5)
    kept = np.isin(game.outcome, ["consented", "defiant"]).astype(float)
    answers = game_section(play, {"kept": kept}, BUDGET)
    (stopped,) = answers.stopped
    review = next(p for p in stopped.parts if p.move == "review")
    by_round = {m.at: m.share.mean for m in answers.moments[0].moments if m.move == "review"}
    rounds = sorted({m.round for m in answers.moments[0].moments if m.move == "review"})
    assert rounds == [1, 2]
    assert review.mean[-1] == pytest.approx(sum(by_round.values()), abs=1e-9)
    grows = np.flatnonzero(np.diff(review.mean) > 0) + 1
    assert {
        game.public.date[n] for number in game.public.layers_of["review"] for n in game.public.at_layer(number)
    } == set(grows.astype(float))
