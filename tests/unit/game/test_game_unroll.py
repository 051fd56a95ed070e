"""Unrolling: histories, dates, what movers see, types, chance, and the complaints about histories."""

from __future__ import annotations

import re

import numpy as np
import pytest

from vetopoint.errors import CaseError, SolverError
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL
from vetopoint.game.unroll import checks, collapse, pool, restrict, unroll


def complaints(game):
    finders = (checks.unreached_moves, checks.unreached_outcomes, checks.unreached_goals, checks.idle_threats)
    return [p for find in (*finders, checks.dates_out_of_order) for p in find(game.case, game)]


def test_small_case_has_its_three_histories(small_case):
    game = unroll(small_case)
    assert [game.public.history(int(v)) for v in game.public.ends] == [
        ("offer: yes_offer", "answer: accept"),
        ("offer: yes_offer", "answer: refuse"),
        ("offer: no_offer",),
    ]
    assert game.outcome.tolist() == ["agreed", "failed", "failed"]
    assert game.choices["answer"].tolist() == ["accept", "refuse", "skipped"]
    assert np.array_equal(game.public_dates["answer"], [2.0, 2.0, np.nan], equal_nan=True)
    assert game.players == ("proposer", "answerer")
    assert complaints(game) == []


def test_arrays_of_the_tree_agree_with_each_other(consent_case):
    game = unroll(consent_case)
    tree = game.tree
    assert (tree.parent[1:] < np.arange(1, tree.n_nodes)).all()
    for node in range(tree.n_nodes):
        children = tree.children(node)
        assert (tree.parent[children] == node).all()
        starts = {DECISION: tree.action_start, CHANCE: tree.chance_start}.get(int(tree.kind[node]))
        if starts is None:
            assert tree.kind[node] == TERMINAL
            continue
        first, last = starts[tree.index[node]], starts[tree.index[node] + 1]
        assert tree.via[children].tolist() == list(range(first, last))
    ends = tree.terminal_node
    assert (game.node_public[ends] == game.public.ends[game.terminal_public]).all()
    assert (game.node_combo[ends] == game.terminal_combo).all()


def test_choices_follow_the_path_to_each_terminal(consent_case):
    game = unroll(consent_case)
    for terminal in range(0, game.terminals, 7):
        taken = dict(
            step.split(": ") for step in game.public.history(int(game.public.ends[game.terminal_public[terminal]]))
        )
        for move, values in game.choices.items():
            if move == "review":
                here = [taken.get(f"review[{k}]", "skipped") for k in (1, 2, 3)]
                assert values[terminal].tolist() == here
            else:
                assert values[terminal] == taken.get(move, "skipped")


def test_rounds_stop_and_are_dated_from_the_move_before(consent_case):
    game = unroll(consent_case)
    review, dates = game.public_choices["review"], game.public_dates["review"]
    revoked = review[:, 0] == "revoke"
    assert revoked.any()
    assert (review[revoked, 1:] == "skipped").all()
    assert np.isnan(dates[revoked, 1:]).all()
    consented = (game.public_choices["answer"] == "consent") & ~revoked
    assert np.array_equal(np.unique(dates[consented, :2], axis=0), [[10.0, 16.0]])
    borne = (game.public_choices["enforce"] == "tolerate") & (review[:, 2] != "skipped")
    assert np.array_equal(np.unique(dates[borne], axis=0), [[12.0, 18.0, 24.0]])


def test_a_plain_number_of_rounds_is_a_month_apart(make_case):
    text = """
    vetopoint: 1
    title: Rounds
    as_of: 2026-01-01
    owner: a
    actors: {a: {}}
    moves: {ask: {by: a, at: 2, options: [yes_, no_], repeat: 3}}
    outcomes: {all_yes: all(ask == yes_), two: count(ask == no_) == 2, first_no: "ask[1] == no_", last_no: ask.last == no_, rest_: otherwise}
    goals: {good: outcome == all_yes}
    payoffs: {a: {unit: [rest_, all_yes], gain: {worth: 1, when: outcome == all_yes}}}
    """
    game = unroll(make_case(text))
    assert game.terminals == 8
    assert np.array_equal(np.unique(game.public_dates["ask"], axis=0), [[2.0, 3.0, 4.0]])
    noes = (game.choices["ask"] == "no_").sum(axis=1)
    assert (game.outcome[noes == 0] == "all_yes").all()
    assert (game.outcome[noes == 2] == "two").all()
    assert set(game.outcome[noes == 3]) == {"first_no"}
    assert set(game.outcome[noes == 1]) == {"first_no", "last_no", "rest_"}


def test_own_type_is_seen_by_its_actor_only(consent_case):
    game = unroll(consent_case)
    offers = [h for h in range(game.information_sets) if game.infoset(h).move == "offer"]
    assert len(offers) == 3
    assert all(game.tree.members(h).size == 2 for h in offers)
    warns = [h for h in range(game.information_sets) if game.infoset(h).move == "warn"]
    assert [game.tree.infoset_names[h] for h in warns] == ["warn (tough)", "warn (tolerant)"]
    assert all(game.tree.members(h).size == 1 for h in range(game.information_sets) if game.infoset(h).by == "russia")


def test_beliefs_about_types_differ_by_layer(consent_case, price):
    game = unroll(consent_case)
    values = {"hostile": np.array([0.3, 0.6]), "feared": np.array([0.9, 0.5]), "reached": np.array([0.2, 0.7])}
    priced = price(game, np.zeros((2, game.terminals, 3)), values=values)
    coalition, us = 1 + game.players.index("coalition"), 1 + game.players.index("us")
    assert np.allclose(priced.chance[:, 0, :2], [[0.3, 0.7], [0.6, 0.4]])
    assert np.allclose(priced.chance[:, coalition, :2], [[0.9, 0.1], [0.5, 0.5]])
    assert np.allclose(priced.chance[:, us, :2], priced.chance[:, 0, :2])
    assert np.allclose(priced.chance[:, :, 2:4], [[[0.2, 0.8]], [[0.7, 0.3]]])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"feared": np.array([0.5, 1.2])}, "types of 'russia' exceed 1 in 50.0% of draws"),
        ({"hostile": np.array([-0.1, -0.2])}, "types of 'russia' fall below 0 in 100.0% of draws"),
        ({"reached": np.array([1.3, 0.4])}, "options of 'ceasefire' exceed 1 in 50.0% of draws"),
        ({"reached": np.array([0.1, -0.01])}, "options of 'ceasefire' fall below 0 in 50.0% of draws"),
    ],
)
def test_what_is_no_probability_is_refused_for_what_it_is(consent_case, price, wrong, told):
    game = unroll(consent_case)
    values = {"hostile": np.full(2, 0.3), "feared": np.full(2, 0.4), "reached": np.full(2, 0.2), **wrong}
    with pytest.raises(CaseError, match=re.escape(told)):
        price(game, np.zeros((2, game.terminals, 3)), values=values)


SIMULTANEOUS = """
vetopoint: 1
title: Votes
as_of: 2026-01-01
owner: a
actors: {a: {}, b: {}, c: {}}
moves:
  va: {by: a, options: [yes_, no_]}
  vb: {by: b, options: [yes_, no_], sees: nothing}
  vc: {by: c, options: [yes_, no_], sees: [va]}
outcomes: {passed: va == yes_ and vb == yes_, failed: otherwise}
goals: {passes: outcome == passed}
payoffs:
  a: {unit: [failed, passed], gain: {worth: 1, when: outcome == passed}}
  b: {unit: [failed, passed], gain: {worth: 1, when: outcome == passed}}
  c: {unit: [failed, passed], gain: {worth: 1, when: outcome == passed}}
"""


def test_sees_decides_the_information_sets(make_case):
    game = unroll(make_case(SIMULTANEOUS))
    sizes = {
        move: sorted(game.tree.members(h).size for h in range(game.information_sets) if game.infoset(h).move == move)
        for move in ("va", "vb", "vc")
    }
    assert sizes == {"va": [1], "vb": [2], "vc": [2, 2]}


def test_own_moves_are_remembered_without_being_listed(make_case):
    text = SIMULTANEOUS.replace(
        "{by: c, options: [yes_, no_], sees: [va]}", "{by: a, options: [yes_, no_], sees: nothing}"
    )
    game = unroll(make_case(text))
    last = [h for h in range(game.information_sets) if game.infoset(h).move == "vc"]
    assert [game.tree.members(h).size for h in last] == [2, 2]


def test_forgetting_is_refused_with_place_and_remedy(make_case):
    text = SIMULTANEOUS.replace(
        "vc: {by: c, options: [yes_, no_], sees: [va]}",
        "vc: {by: c, options: [yes_, no_], sees: [va]}\n  vd: {by: c, options: [yes_, no_], sees: [vb]}",
    )
    with pytest.raises(CaseError) as error:
        unroll(make_case(text))
    problem = error.value.problems[0]
    assert "'va'" in problem.message
    assert "imperfect recall" in problem.message
    assert "va" in problem.remedy
    assert problem.line - 1 == text.splitlines().index("  vd: {by: c, options: [yes_, no_], sees: [vb]}")


def test_nests_share_one_weight(make_case):
    text = SIMULTANEOUS.replace(
        "va: {by: a, options: [yes_, no_]}", "va: {by: a, options: [yes_, no_, never], nests: [[no_, never]]}"
    )
    game = unroll(make_case(text))
    assert game.base[:3].tolist() == [1.0, 0.5, 0.5]
    assert (game.base[3:] == 1.0).all()


def test_a_clone_inside_a_nest_changes_nothing(small_case, make_case, price):
    text = small_case.path.read_text()
    cloned = text.replace(
        "options: [accept, refuse]}", "options: [accept, refuse, decline], nests: [[refuse, decline]]}"
    )
    listed = text.replace("options: [accept, refuse]}", "options: [accept, refuse, decline]}")
    found = []
    for variant in (text, cloned, listed):
        game = unroll(make_case(variant))
        payoffs = np.zeros((2, game.terminals, 2))
        payoffs[:, game.outcome == "agreed", :] = np.array([[1.0, 0.4], [1.0, -2.0]])[:, None, :]
        found.append(price(game, payoffs).solve().goal(game.outcome == "agreed"))
    assert np.allclose(found[0], found[1], atol=1e-12)
    assert (found[2] < found[0] - 0.01).all()


def test_a_condition_that_cannot_be_read_is_located(make_case, consent_case):
    text = consent_case.path.read_text().replace(
        "when: any(review == revoke), options", "when: review == revoke, options"
    )
    with pytest.raises(CaseError) as error:
        unroll(make_case(text))
    problem = error.value.problems[0]
    assert problem.where == "moves.after.when"
    assert "any(review" in problem.remedy
    assert problem.line > 0


def test_chance_nodes_share_a_set_when_their_numbers_read_the_same(make_case):
    text = """
    vetopoint: 1
    title: Chance
    as_of: 2026-01-01
    owner: a
    actors: {a: {}}
    quantities: {p: 'uniform(0, 1)'}
    moves:
      first: {by: a, options: [x, y]}
      second: {by: a, options: [x, y]}
      luck: {by: chance, options: {good: p, bad: rest}}
    outcomes: {won: luck == good, lost: otherwise}
    goals: {win: outcome == won}
    payoffs: {a: {unit: [lost, won], gain: {worth: 1, when: outcome == won}}}
    """
    game = unroll(make_case(text))
    assert len(game.chance_sets) == 1
    assert (game.tree.kind == CHANCE).sum() == 4


def test_a_case_too_large_says_how_large_and_what_to_cut(make_case, consent_case):
    text = (
        consent_case.path.read_text()
        .replace("until: 18", "until: 60")
        .replace("[keep, revoke]", "[keep, wait, revoke]")
    )
    large = make_case(text)
    whole = unroll(large, node_cap=10**6)
    with pytest.raises(SolverError, match=r"'review' multiplies") as error:
        unroll(large, node_cap=5_000)
    said = float(re.search(r"about ([\d,]+) nodes", str(error.value)).group(1).replace(",", ""))
    assert abs(said / whole.nodes - 1) < 0.05
    assert "fewer rounds" in str(error.value)


@pytest.mark.timeout(60)
def test_a_hundred_thousand_nodes_unroll(make_case, consent_case):
    text = (
        consent_case.path.read_text()
        .replace("until: 18", "until: 60")
        .replace("[keep, revoke]", "[keep, wait, revoke]")
    )
    large = make_case(text)
    game = unroll(large)
    assert game.terminals > 70_000
    assert game.nodes > 100_000


def test_restricting_options_keeps_what_is_left(consent_case, price):
    game = unroll(consent_case)
    answer = game.layer_of("answer")
    smaller = restrict(game, {answer: ("oppose", "designate"), game.layer_of("warn"): ("silent",)})
    for move, values in smaller.game.choices.items():
        assert (values == game.choices[move][smaller.terminals]).all()
    assert (smaller.game.outcome == game.outcome[smaller.terminals]).all()
    kept = (game.choices["warn"] == "silent") & (game.choices["answer"] != "consent")
    assert set(smaller.terminals.tolist()) == set(np.flatnonzero(kept).tolist())
    values = {"hostile": np.array([0.3]), "feared": np.array([0.9]), "reached": np.array([0.2])}
    whole = price(game, np.zeros((1, game.terminals, 3)), values=values)
    part = price(smaller.game, np.zeros((1, smaller.game.terminals, 3)), values=values)
    assert np.array_equal(part.chance, whole.chance[:, :, smaller.chance_actions])


def test_pooled_options_look_alike_to_the_others_only(consent_case):
    game = unroll(consent_case)
    pooled = pool(game, {("answer", "designate"): "oppose"})

    def sets(g, move):
        return sum(g.infoset(h).move == move for h in range(g.information_sets))

    assert sets(game, "respond") == 6
    assert sets(pooled, "respond") == 3
    assert sets(pooled, "enforce") == sets(game, "enforce")
    assert np.array_equal(pooled.outcome, game.outcome)


def test_collapsing_types_keeps_the_public_histories(consent_case):
    game = unroll(consent_case)
    collapsed = collapse(game, ["russia"])
    assert collapsed.terminals == game.public.histories
    assert all(collapsed.tree.members(h).size == 1 for h in range(collapsed.information_sets))
    assert (collapsed.outcome == game.outcome_names).all()


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("when: offer == contingent", "when: offer == contingent and offer == remote", "'answer' is never reached"),
        ("  shelved: otherwise", "  shelved: offer == nothing", "have no outcome"),
        (
            "  defiant: respond == deploy",
            "  defiant: respond == deploy and respond == shelve",
            "ends in the outcome 'defiant'",
        ),
        ("sent: answer == consent or respond == deploy", "sent: offer == remote and answer == consent", "goal 'sent'"),
        ('made: "designate in [warn, answer]"', "made: answer == designate and answer == consent", "can never be made"),
        ("defied: respond == deploy", "defied: respond == deploy and answer == consent", "defies the threat"),
        ("answer:    {by: russia, at: 4", "answer:    {by: russia, at: 2", "before 'offer'"),
    ],
)
def test_complaints_about_histories(make_case, consent_case, before, after, message):
    text = consent_case.path.read_text()
    assert before in text
    case = make_case(text.replace(before, after))
    problems = complaints(unroll(case))
    found = [p for p in problems if message in p.message]
    assert found, problems
    assert found[0].line > 0
    assert found[0].remedy


def test_the_bundled_shape_has_no_complaints(consent_case):
    assert complaints(unroll(consent_case)) == []
