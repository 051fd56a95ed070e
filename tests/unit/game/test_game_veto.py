"""Rule, forcing and effective vetoes, against definitions spelt out by brute force."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.answers import Threshold
from vetopoint.case import Expression
from vetopoint.game.interventions import option_effects
from vetopoint.game.rules import can_hold, rule_vetoes
from vetopoint.game.unroll import unroll
from vetopoint.game.veto import (
    effective,
    forcing_options,
    forcing_policy,
    goal_histories,
    stands,
    veto_points,
)


def solved(case, price, n=30, seed=3, payoffs=None):
    game = unroll(case)
    rng = np.random.default_rng(seed)
    values = {"hostile": rng.beta(2, 2, n), "feared": rng.beta(4, 2, n), "reached": rng.uniform(0.2, 0.8, n)}
    given_ = rng.normal(size=(n, game.terminals, len(game.players))) if payoffs is None else payoffs(game, n)
    return price(game, given_, 1.0, values).solve()


def test_refusal_is_not_forcing_while_the_strike_policy_is(consent_case):
    game = unroll(consent_case)
    choices = game.public_choices
    goal = ((choices["answer"] == "consent") | (choices["respond"] == "deploy")) & (choices["enforce"] != "strike")
    assert game.layer_of("answer") not in forcing_options(game, goal)
    assert forcing_options(game, goal)[game.layer_of("enforce")] == ("strike",)
    assert game.layer_of("ceasefire") not in forcing_options(
        game, goal
    )  # chance forces nothing, though no truce ends it
    policy = forcing_policy(game, "russia", goal)
    named = {game.public.layers[k].name: v for k, v in policy.items()}
    assert named == {"answer": ("oppose", "designate"), "enforce": ("strike",)}
    assert forcing_policy(game, "us", goal) is None


def test_naming_the_strike_away_ends_the_policy(make_case, consent_case):
    text = consent_case.path.read_text()
    tame = (
        text.replace("options: [strike, tolerate]", "options: [protest, tolerate]")
        .replace("enforce == strike", "enforce == protest")
        .replace("struck: enforce == protest", "struck: offer == nothing")
    )
    game = unroll(make_case(tame))
    sent = (game.public_choices["answer"] == "consent") | (game.public_choices["respond"] == "deploy")
    assert forcing_policy(game, "russia", sent) is None


def brute_force(game, actor, reached):
    """Whether some pure policy of the actor leaves no goal history among those consistent with it."""
    tree = game.tree
    player = game.players.index(actor)
    sets = [h for h in range(tree.n_infosets) if tree.infoset_player[h] == player]
    for choice in product(*[tree.actions(h) for h in sets]):
        taken = dict(zip(sets, choice, strict=True))
        possible = False
        for t in np.flatnonzero(reached[game.terminal_public]):
            path = tree.path(int(tree.terminal_node[t]))
            steps = pairwise(path)
            possible |= all(
                tree.kind[u] != 0 or tree.index[u] not in taken or taken[int(tree.index[u])] == tree.via[v]
                for u, v in steps
            )
        if not possible:
            return True
    return False


SEEN = """
vetopoint: 1
title: Who sees what
as_of: 2026-01-01
owner: a
actors: {{a: {{}}, b: {{}}}}
moves:
  one: {{by: a, options: [x, y]}}
  two: {{by: b, options: [x, y], sees: {two}}}
  three: {{by: a, when: two == x, options: [x, y], sees: {three}}}
  four: {{by: b, options: [x, y], sees: {four}}}
outcomes: {{done: one == x, other: otherwise}}
goals: {{good: outcome == done}}
payoffs:
  a: {{unit: [other, done], gain: {{worth: 1, when: outcome == done}}}}
  b: {{unit: [other, done], gain: {{worth: 1, when: outcome == done}}}}
"""


@pytest.mark.parametrize(
    ("two", "three", "four"), [("all", "all", "all"), ("nothing", "nothing", "nothing"), ("[one]", "[one]", "[one]")]
)
def test_a_forcing_policy_exists_just_when_a_pure_policy_does(make_case, two, three, four):
    game = unroll(make_case(SEEN.format(two=two, three=three, four=four)))
    rng = np.random.default_rng(7)
    answers = set()
    for _ in range(40):
        reached = rng.uniform(size=game.public.histories) < rng.uniform(0.1, 0.6)
        for actor in ("a", "b"):
            found = forcing_policy(game, actor, reached) is not None
            assert found == brute_force(game, actor, reached)
            answers.add(found)
    assert answers == {True, False}


def test_an_actor_that_does_not_see_cannot_match(make_case):
    """b keeps a's two moves from agreeing with its own only if it sees them."""
    for sees, able in (("all", True), ("nothing", False)):
        game = unroll(make_case(SEEN.format(two=sees, three="all", four="all")))
        same = game.public_choices["one"] == game.public_choices["two"]
        assert (forcing_policy(game, "b", same) is not None) == able


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.floats(0, 1), min_size=3, max_size=3), min_size=1, max_size=6),
    st.floats(0.01, 0.3),
    st.floats(0.05, 0.9),
    st.floats(0.01, 1),
)
def test_effective_is_the_definition(rows, absolute, relative, alternative):
    goal = np.array(rows)
    found = effective(goal, Threshold(absolute=absolute, relative=relative, alternative=alternative))
    for i, row in enumerate(rows):
        for o, g in enumerate(row):
            best = max(row[:o] + row[o + 1 :])
            assert found[i, o] == (g <= absolute and g <= relative * best and best >= alternative)


def test_looser_thresholds_never_lose_a_veto():
    goal = np.random.default_rng(0).uniform(size=(200, 3)) ** 3
    strict = effective(goal, Threshold(absolute=0.02, relative=0.1))
    loose = effective(goal, Threshold(absolute=0.1, relative=0.4))
    assert strict.any()
    assert (loose | ~strict).all()


def test_listed_points_say_kind_goal_and_threshold(make_case, consent_case, price):
    def payoffs(game, n):
        """The coalition never deploys against a refusal; nobody else cares."""
        out = np.zeros((n, game.terminals, 3))
        out[..., 0] = -20.0 * (game.choices["respond"] == "deploy")
        return out

    test = Threshold(absolute=0.05, relative=0.2, alternative=0.1)  # revocations leave even a consent little
    case = make_case(consent_case.path.read_text() + "veto: {alternative: 0.1}\n")
    play = solved(case, price, payoffs=payoffs)
    game = play.priced.game
    goal = np.isin(game.outcome, ["consented", "defiant"])
    points = veto_points(game, option_effects(play, {"deployed": goal}), {"deployed": goal})
    assert all(p.goal == "deployed" for p in points)
    by_answer = {p.option: p for p in points if p.move == "answer" and p.scope == "option"}
    assert set(by_answer) == {"oppose", "designate"}
    for point in by_answer.values():
        assert point.kind == "effective"
        assert point.intervention == "surprise"
        assert point.threshold == test
        assert stands(point)
        assert point.share_of_draws == 1.0
        assert point.at == 4.0
        assert 0 < point.p_reached.mean < 1
        assert any(s.threshold == test and s.share_of_draws == 1.0 and s.listed for s in point.sweep)
        assert [(s.threshold.absolute, s.threshold.relative) for s in point.sweep[:9]] == [
            *product((0.02, 0.05, 0.1), (0.1, 0.2, 0.4))
        ]
        assert [s.threshold.alternative for s in point.sweep[9:]] == [0.04, 0.2]
        assert [s.listed for s in point.sweep[9:]] == [True, point.alternative.mean >= 0.2]
        assert not point.rarely_reached
    kinds = {(p.actor, p.kind, p.scope) for p in points}
    assert ("russia", "forcing", "policy") in kinds
    assert ("coalition", "forcing", "option") in kinds
    assert all(p.owner == (p.actor == "coalition") for p in points)
    assert all(p.share_of_draws == 1.0 and p.goal_if_forced.mean == 0 for p in points if p.kind == "forcing")
    assert all(p.goal_if_forced.mc == 0 for p in points if p.scope == "policy")
    rounds = [p for p in points if p.move == "review"]
    assert sorted((p.round, p.at) for p in rounds if p.kind == "forcing") == sorted((p.round, p.at) for p in rounds)
    assert len({p.at for p in rounds}) == 3
    assert {p.round for p in rounds} == {1, 2, 3}
    assert {p.round for p in points if p.move != "review"} <= {None}


def test_a_coalition_that_deploys_anyway_leaves_no_effective_veto(consent_case, price):
    def payoffs(game, n):
        out = np.zeros((n, game.terminals, 3))
        out[..., 0] = 20.0 * (game.choices["respond"] == "deploy")
        return out

    play = solved(consent_case, price, payoffs=payoffs)
    game = play.priced.game
    goal = np.isin(game.outcome, ["consented", "defiant"])
    points = veto_points(game, option_effects(play, {"g": goal}), {"g": goal})
    assert not [p for p in points if p.move == "answer" and p.kind == "effective"]


def test_a_clause_makes_a_rule_veto(make_case, consent_case, price):
    text = (
        consent_case.path.read_text()
        + """
coalition:
  facts: {consent: answer == consent, struck_at: enforce == strike}
  requires: consent and not struck_at
"""
    )
    case = make_case(text)
    play = solved(case, price)
    game = play.priced.game
    goal = np.isin(game.outcome, ["consented", "defiant"])
    points = [p for p in veto_points(game, option_effects(play, {"g": goal}), {"g": goal}) if p.kind == "rule"]
    assert {(p.actor, p.move, p.option) for p in points if p.actor == "russia"} == {
        ("russia", "answer", "oppose"),
        ("russia", "answer", "designate"),
        ("russia", "enforce", "strike"),
    }
    assert all(p.clause == "consent and not struck_at" and p.threshold is None for p in points)
    # forbidden by the clause, and yet the coalition may defy it
    assert all(p.goal_if_forced.mean > 0 for p in points if p.move == "answer")
    # a truce that may hold without the plan is no goal that a clause forbids
    held = {"held": np.full((play.priced.n, game.terminals), 0.5)}
    assert not [p for p in veto_points(game, option_effects(play, held), held) if p.kind == "rule"]


def test_what_members_may_do_does_not_make_a_rule_veto(make_case, consent_case):
    text = (
        consent_case.path.read_text()
        + """
coalition:
  facts: {consent: answer == consent}
  requires: consent or alpha
members: {alpha: {}}
"""
    )
    assert rule_vetoes(make_case(text)) == []


@pytest.mark.parametrize("names", [1, 10, 11])
def test_a_clause_can_hold_if_some_choice_of_the_members_lets_it(names):
    """Up to ten names every assignment is tried; beyond, none and all."""
    free = [f"m{i}" for i in range(names)]
    for wanted in (np.arange(names) % 2 == 0, np.ones(names, bool), np.zeros(names, bool)):
        clause = Expression.parse(" and ".join(n if w else f"not {n}" for n, w in zip(free, wanted, strict=True)))
        tried = names <= 10 or wanted.all() or not wanted.any()
        assert (can_hold(clause, {}, 2) == tried).all()


def test_weights_of_types_and_draws_join_to_histories(consent_case):
    game = unroll(consent_case)
    weights = np.zeros((3, game.terminals))
    weights[1, 5] = 0.2
    assert np.flatnonzero(goal_histories(game, weights)).tolist() == [game.terminal_public[5]]
