"""Moves made at the same information: their order in the file is without effect on where the plan is lost."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.game import moments as room
from vetopoint.game import simultaneous as simul
from vetopoint.game.moments import moments
from vetopoint.game.simultaneous import mean_falls, simultaneous
from vetopoint.game.unroll import unroll

HEAD = """
vetopoint: 1
title: A vote
as_of: 2026-01-01
owner: chair
actors: {chair: {}, a: {}, b: {}, c: {}, d: {}, e: {}, f: {}, g: {}}
"""
TAIL = """
outcomes: {passed: %s, failed: otherwise}
goals: {pass: outcome == passed}
payoffs:
""" + "".join(
    f"  {a}: {{unit: [failed, passed], gain: {{worth: 1, when: outcome == passed}}}}\n" for a in ("chair", *"abcdefg")
)
UNANIMOUS = " and ".join(f"v{v} == yes" for v in "abc")


def vote(voter, options="[yes, no]", **more):
    fields = "".join(f", {key}: {value}" for key, value in {"sees": "nothing", **more}.items())
    return f"v{voter}: {{by: {voter}, options: {options}{fields}}}"


def a_case(make_case, moves, passed):
    return make_case(HEAD + "moves:\n" + "".join(f"  {m}\n" for m in moves) + TAIL % passed)


def by_name(found, game):
    """Shares (n,) by the move's name and option, beside what is lost afterwards and at the start."""
    steps = [(game.public.layers[step.layer].name, step.option) for step in found.steps]
    assert len(set(steps)) == len(steps)
    named = {step: found.shares[:, i] for i, step in enumerate(steps)}
    return named | {"afterwards": found.afterwards, "start": found.start, "failure": found.failure}


def worked_out(game, price, n=3, seed=0, precision=1.0):
    """Shares of a game whose payoffs, chance and goal depend on what was chosen, not on the order in which it was."""
    rng = np.random.default_rng(seed)
    moves = sorted(game.choices)
    payoffs, weights = np.zeros((n, game.terminals, len(game.players))), np.zeros((n, game.terminals))
    level = {}
    for t in range(game.terminals):
        level[tuple(str(game.choices[m][t]) for m in moves)] = t
    for key in sorted(level):
        payoffs[:, level[key]] = rng.normal(size=(n, len(game.players)))
        weights[:, level[key]] = rng.uniform(size=n) ** 3
    return moments(price(game, payoffs, precision).solve(), weights)


def test_three_alike_bear_the_same(make_case, price):
    game = unroll(a_case(make_case, [vote("a"), vote("b"), vote("c")], UNANIMOUS))
    play = price(game, np.zeros((1, game.terminals, len(game.players)))).solve()
    found = by_name(moments(play, game.outcome == "passed"), game)
    assert [float(found[f"v{v}", "no"][0]) for v in "abc"] == pytest.approx([7 / 24] * 3, abs=1e-12)
    assert all(float(found[f"v{v}", "yes"][0]) == 0.0 for v in "abc")


def test_chance_events_of_one_month_bear_the_same_and_those_of_two_do_not(make_case, price):
    def shares(months):
        drawn = [
            f"v{v}: {{by: chance, at: {t}, options: {{yes: 0.7, no: rest}}}}"
            for v, t in zip("abc", months, strict=True)
        ]
        game = unroll(a_case(make_case, ["open: {by: chair, options: [go, stop]}", *drawn], UNANIMOUS))
        odds = {f"moves.v{v}.options.yes": np.array([0.7]) for v in "abc"}
        play = price(game, np.zeros((1, game.terminals, len(game.players))), values=odds).solve()
        found = by_name(moments(play, game.outcome == "passed"), game)
        return [float(found[f"v{v}", "no"][0]) for v in "abc"]

    assert shares([1, 1, 1]) == pytest.approx([(1 - 0.7**3) / 3] * 3, abs=1e-12)
    assert shares([1, 2, 3]) == pytest.approx([0.3, 0.3 * 0.7, 0.3 * 0.7**2], abs=1e-12)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(2, 4).flatmap(lambda m: st.permutations(range(m))),
    st.lists(st.sampled_from(["[yes, no]", "[no, yes, abstain]"]), min_size=4, max_size=4),
    st.booleans(),
    st.integers(0, 10**6),
)
def test_permuting_simultaneous_moves_permutes_their_figures(make_case, price, order, options, after, seed):
    """Whatever the payoffs and the goal, with a move that all see before the vote, and one after it that may see all."""
    votes = [vote("abcd"[k], options[k], sees="[open]") for k in range(len(order))]
    tail = ["close: {by: chair, options: [go, stop]}"] if after else []
    found = []
    for members in (votes, [votes[k] for k in order]):
        moves = ["open: {by: chair, options: [go, stop]}", *members, *tail]
        game = unroll(a_case(make_case, moves, "va == yes"))
        assert [b.layers for b in simultaneous(game)] == [tuple(range(1, 1 + len(order)))]
        result = worked_out(game, price, seed=seed)
        assert result.error < 1e-12
        found.append(by_name(result, game))
    first, second = found
    assert first.keys() == second.keys()
    for key in first:
        assert np.allclose(first[key], second[key], rtol=0, atol=1e-9), key


def test_beyond_the_exact_they_are_sampled_by_name_and_alike_ones_bear_the_same(make_case, price, monkeypatch):
    monkeypatch.setattr(simul, "EXACT", 2)
    votes = [vote(v) for v in "abcd"]
    rule = " and ".join(f"v{v} == yes" for v in "abcd")
    results = []
    for members in (votes, votes[::-1], [votes[k] for k in (2, 0, 3, 1)]):
        game = unroll(a_case(make_case, members, rule))
        play = price(game, np.zeros((1, game.terminals, len(game.players)))).solve()
        alike = by_name(moments(play, game.outcome == "passed"), game)
        assert [float(alike[f"v{v}", "no"][0]) for v in "abcd"] == pytest.approx([15 / 64] * 4, abs=1e-12)
        found = worked_out(game, price, seed=5)
        assert found.error < 1e-12
        results.append(by_name(found, game))
    for other in results[1:]:
        assert all(np.allclose(results[0][key], other[key], rtol=0, atol=1e-9) for key in results[0])


@pytest.mark.parametrize("exact", [8, 2])
def test_the_mean_fall_is_the_mean_over_the_orders(make_case, exact, monkeypatch):
    """Against all orders walked one by one; the sample comes near them."""
    monkeypatch.setattr(simul, "EXACT", exact)
    moves = [vote("a"), vote("b", "[yes, no, abstain]"), vote("c")]
    game = unroll(a_case(make_case, moves, UNANIMOUS))
    (block,) = simultaneous(game)
    rng = np.random.default_rng(3)
    reach, goal = np.zeros((1, game.public.size)), np.zeros((1, game.public.size))
    reach[0, block.ends[0]], goal[0, block.ends[0]] = rng.dirichlet(np.ones(12)), rng.uniform(size=12)
    choices = np.array(np.unravel_index(np.arange(12), (2, 3, 2))).T
    mass, hit = reach[0, block.ends[0]], (reach * goal)[0, block.ends[0]]

    def goal_given(subset, c):
        same = (choices[:, subset] == choices[c, subset]).all(axis=1)
        return hit[same].sum() / mass[same].sum()

    expected, orders = np.zeros((12, 3)), list(permutations(range(3)))
    for c in range(12):
        for order in orders:
            for k, move in enumerate(order):
                fall = goal_given(list(order[:k]), c) - goal_given(list(order[: k + 1]), c)
                expected[c, move] += max(0.0, fall) / len(orders)
    assert np.allclose(mean_falls(block, reach, goal)[0, 0], expected, atol=1e-13 if exact == 8 else 0.03)


SEQUENTIAL = {
    "seen": [vote("a"), vote("b", sees="all")],
    "listed": [vote("a"), vote("b", sees="[va]")],
    "does not come after": [vote("a"), vote("b", when="va == yes")],
    "chance after a move": [vote("a"), "vb: {by: chance, options: {yes: 0.5, no: rest}}"],
    "a move after chance": ["va: {by: chance, options: {yes: 0.5, no: rest}}", vote("b")],
}


@pytest.mark.parametrize("name", SEQUENTIAL)
def test_moves_one_of_which_knows_of_the_other_are_not_simultaneous(make_case, name):
    assert simultaneous(unroll(a_case(make_case, SEQUENTIAL[name], "va == yes and vb == yes"))) == ()


def test_a_block_ends_before_the_first_that_sees_one_of_its_moves(make_case):
    moves = [vote("a"), vote("b"), vote("c", sees="[va]"), vote("d", sees="[va]"), vote("e", sees="all")]
    assert [b.layers for b in simultaneous(unroll(a_case(make_case, moves, UNANIMOUS)))] == [(0, 1), (2, 3)]


def test_without_simultaneous_moves_not_a_bit_changes(consent_case, small_case, price, monkeypatch):
    for case in (consent_case, small_case):
        game = unroll(case)
        assert simultaneous(game) == ()
        rng = np.random.default_rng(1)
        values = {"hostile": rng.beta(2, 2, 9), "feared": rng.beta(4, 2, 9), "reached": rng.uniform(0.2, 0.8, 9)}
        play = price(game, rng.normal(size=(9, game.terminals, len(game.players))), 1.5, values).solve()
        weights = rng.uniform(size=game.terminals)
        found = moments(play, weights)
        plain = (game.public.parent, room._steps(game, None)[1])
        monkeypatch.setattr(room, "_paths", lambda *_, plain=plain: plain)
        assert np.array_equal(moments(play, weights).shares, found.shares)
        monkeypatch.undo()
