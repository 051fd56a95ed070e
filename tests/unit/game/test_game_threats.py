"""Threats on a tree solved by hand: credibility, indifference, and an effect only where somebody can listen."""

from __future__ import annotations

import numpy as np
import pytest

from vetopoint.errors import CaseError
from vetopoint.game.threats import credibility, goal_about, indifference, pooled_play, threat_answer, threat_facts
from vetopoint.game.unroll import unroll

THREAT = """
vetopoint: 1
title: Say and do
as_of: 2026-01-01
owner: state
actors: {power: {}, state: {}}
moves:
  say:  {by: power, options: [silent, designate]}
  go:   {by: state, options: [deploy, shelve]}
  hit:  {by: power, when: go == deploy, options: [strike, tolerate]}
threats:
  targets: {by: power, to: state, made: say == designate, silent_twin: silent, demand: go == shelve, defied: go == deploy, carried_out: hit == strike}
outcomes: {struck: hit == strike, borne: hit == tolerate, shelved: otherwise}
goals: {deployed: go == deploy}
payoffs:
  power: {unit: [borne, shelved], spared: {worth: 1, when: outcome == shelved}}
  state: {unit: [shelved, borne], seen: {worth: 1, when: outcome == borne}}
"""


def logit(x):
    return 1.0 / (1.0 + np.exp(-x))


def on_terminals(game, histories):
    return histories[game.terminal_public]


def played(make_case, price, loss, zeal=0.0, audience=0.0, precision=1.0, text=THREAT):
    """`loss` of the state when struck, deploying being worth 1; `zeal` of a strike; `audience` cost of an idle threat."""
    game = unroll(make_case(text))
    loss, zeal, audience = np.broadcast_arrays(np.atleast_1d(loss), zeal, audience)
    payoffs = np.zeros((loss.size, game.terminals, 2))
    struck, borne, said = (game.outcome == "struck", game.outcome == "borne", game.choices["say"] == "designate")
    payoffs[:, :, 1] = np.where(struck, -loss[:, None], borne * 1.0)
    payoffs[:, :, 0] = np.where(struck, zeal[:, None], 0.0) - audience[:, None] * (borne & said)
    return price(game, payoffs, precision).solve()


def test_credibility_in_closed_form(make_case, price):
    play = played(make_case, price, 1.0, zeal=np.array([-0.5, 0.4]), audience=np.array([1.0, 0.3]))
    facts = threat_facts(play.priced.game, "targets")
    found = credibility(play, facts)
    for answer, said, struck in ((found.made, facts.made, [0.5, 0.7]), (found.not_made, ~facts.made, [-0.5, 0.4])):
        weights = play.goal(on_terminals(play.priced.game, said & facts.defied))
        assert answer.mean == pytest.approx(np.average(logit(np.array(struck)), weights=weights), abs=1e-12)


def test_indifference_is_the_odds_at_stake(make_case, price):
    loss = np.array([0.5, 1.0, 3.0])
    play = played(make_case, price, loss, zeal=0.2, audience=0.4)
    found = indifference(play, threat_facts(play.priced.game, "targets"))
    assert np.allclose(found.carried, -loss)
    assert np.allclose(found.spared, 1.0)
    assert np.allclose(found.yielded, 0.0)
    assert np.allclose(found.probability, 1 / (1 + loss))
    assert not found.defies.any()
    assert not found.yields.any()


def test_defiance_that_may_fall_through_counts_what_comes_then(make_case, price):
    text = THREAT.replace(
        "  hit:  {by: power, when: go == deploy,",
        "  muster: {by: chance, when: go == deploy, options: {assembled: 0.4, short: rest}}\n"
        "  hit:  {by: power, when: muster == assembled,",
    ).replace("defied: go == deploy", "defied: muster == assembled")
    game = unroll(make_case(text))
    loss, shame = np.array([0.5, 3.0]), 0.2
    payoffs = np.zeros((2, game.terminals, 2))
    payoffs[:, :, 1] = np.where(game.outcome == "struck", -loss[:, None], 1.0 * (game.outcome == "borne"))
    payoffs[:, game.choices["muster"] == "short", 1] = -shame
    values = {"moves.muster.options.assembled": np.array(0.4)}
    found = indifference(price(game, payoffs, values=values).solve(), threat_facts(game, "targets"))
    # 0.6 · (−shame) + 0.4 · (p · (−loss) + (1 − p)) = 0
    assert np.allclose(found.probability, (0.4 - 0.6 * shame) / (0.4 * (1 + loss)))


@pytest.mark.parametrize(("shift", "words"), [(5.0, "yields to any risk"), (-5.0, "would defy even if certain")])
def test_beyond_nought_and_one_it_is_said_in_words(make_case, price, shift, words):
    game = unroll(make_case(THREAT))
    payoffs = np.zeros((4, game.terminals, 2))
    payoffs[:, :, 1] = np.where(game.outcome == "struck", -1.0, np.where(game.outcome == "shelved", shift, 1.0))
    answer = threat_answer(price(game, payoffs).solve(), "targets", {"deployed": game.choices["go"] == "deploy"})
    assert answer.words == words
    assert answer.indifference is None
    assert answer.indifference_share == 0.0
    assert answer.yields_to_any_risk + answer.defies_even_if_certain == 1.0


def test_nothing_is_said_of_indifference_that_few_draws_carry(make_case, price):
    """One draw in forty can be indifferent; the others would defy anyway: the words are not built on the one."""
    game = unroll(make_case(THREAT))
    shelved = np.where(np.arange(40) == 0, 0.0, -2.0)
    shelved[21:] = 5.0
    payoffs = np.zeros((40, game.terminals, 2))
    ends = [game.outcome == "struck", game.outcome == "shelved"]
    payoffs[:, :, 1] = np.select([ends[0][None], ends[1][None]], [np.full((40, 1), -1.0), shelved[:, None]], 1.0)
    answer = threat_answer(price(game, payoffs).solve(), "targets", {"deployed": game.choices["go"] == "deploy"})
    assert 0 < answer.indifference_share < 0.05
    assert answer.indifference is not None
    assert "indifferent" not in answer.words


def test_nothing_is_said_of_a_choice_that_seldom_comes_up(make_case, price):
    game = unroll(make_case(THREAT))
    payoffs = np.zeros((4, game.terminals, 2))
    payoffs[:, :, 1] = np.where(game.outcome == "struck", -1.0, np.where(game.outcome == "shelved", 0.0, 1.0))
    payoffs[:, :, 0] = np.where(game.choices["say"] == "designate", -30.0, 0.0)
    answer = threat_answer(price(game, payoffs).solve(), "targets", {"deployed": game.choices["go"] == "deploy"})
    assert 0 < answer.p_made.mean < 0.05
    assert "comes to that choice in under 5%" in answer.words


def test_cheap_talk_has_no_effect(make_case, price):
    play = played(make_case, price, np.array([0.5, 2.0]), zeal=0.3)
    pooled = pooled_play(play, threat_facts(play.priced.game, "targets"))
    goal = play.priced.game.choices["go"] == "deploy"
    assert np.allclose(play.goal(goal), pooled.goal(goal), atol=1e-9)


def test_a_costly_threat_frightens(make_case, price):
    play = played(make_case, price, np.array([1.0, 2.0]), zeal=-1.0, audience=6.0, precision=3.0)
    goal = play.priced.game.choices["go"] == "deploy"
    answer = threat_answer(play, "targets", {"deployed": goal})
    assert answer.credibility.made.mean > answer.credibility.not_made.mean + 0.5
    # somebody who cannot tell a costly word from silence cannot be frightened by it more than by silence
    pooled = pooled_play(play, threat_facts(play.priced.game, "targets"))
    said = play.priced.game.choices["say"] == "designate"
    deployed_if_said = play.goal(goal & said) / play.goal(said)
    deployed_if_pooled = pooled.goal(goal & said) / pooled.goal(said)
    assert (deployed_if_said < deployed_if_pooled).all()
    assert answer.effect["deployed"].mean == pytest.approx(-answer.effect_on_demand.mean)


def test_the_pooled_listener_plays_alike_after_both(make_case, price):
    play = played(make_case, price, np.array([1.0]), zeal=-0.4, audience=2.0)
    pooled = pooled_play(play, threat_facts(play.priced.game, "targets"))
    game = pooled.priced.game
    said, deployed = game.choices["say"] == "designate", game.choices["go"] == "deploy"
    after_threat = pooled.goal(deployed & said) / pooled.goal(said)
    after_silence = pooled.goal(deployed & ~said) / pooled.goal(~said)
    assert np.allclose(after_threat, after_silence, atol=1e-12)


def test_shares_of_the_answer_add_up(make_case, price):
    play = played(make_case, price, np.linspace(0.2, 3, 30), zeal=0.1, audience=0.5)
    answer = threat_answer(play, "targets", {"deployed": play.priced.game.choices["go"] == "deploy"})
    assert answer.p_defied.mean + answer.p_yielded.mean == pytest.approx(1.0)
    assert answer.indifference_share == 1.0
    assert answer.words == f"indifferent at {answer.indifference.mean:.0%}"
    assert (answer.by, answer.to, answer.silent_twin) == ("power", "state", "silent")


def test_the_moves_that_make_a_threat_are_found(consent_case):
    facts = threat_facts(unroll(consent_case), "targets")
    assert dict(facts.pairs) == {("warn", "designate"): "oppose", ("answer", "designate"): "oppose"}


def test_roles_are_read_from_the_conditions(make_case):
    text = THREAT.replace("by: power, to: state, made", "made")
    facts = threat_facts(unroll(make_case(text)), "targets")
    assert (facts.by, facts.to) == ("power", "state")


def test_a_twin_that_also_makes_the_threat_is_refused(make_case):
    text = THREAT.replace("made: say == designate", 'made: "say in [silent, designate]"')
    with pytest.raises(CaseError, match="silent twin"):
        threat_facts(unroll(make_case(text)), "targets")


@pytest.fixture(scope="module")
def warned(make_case, consent_case, price):
    """A threat that can be made before the offer or in the answer, and a truce that must come first."""
    text = consent_case.path.read_text().replace("until: 18", "until: 6") + "\npresupposes: ceasefire == reached\n"
    game = unroll(make_case(text))
    rng = np.random.default_rng(4)
    values = {"hostile": rng.beta(2, 2, 16), "feared": rng.beta(4, 2, 16), "reached": rng.uniform(0.2, 0.8, 16)}
    return price(game, 2.0 * rng.normal(size=(16, game.terminals, 3)), 1.0, values).solve()


def test_a_threat_counts_at_whichever_move_it_is_made_given_what_is_presupposed(warned):
    game = warned.priced.game
    goals = {"held": np.ones(game.terminals), "deployed": np.isin(game.outcome, ["consented", "defiant"]).astype(float)}
    truce = game.choices["ceasefire"] == "reached"
    early, late = game.choices["warn"] == "designate", game.choices["answer"] == "designate"
    answer = threat_answer(warned, "targets", goals, truce)
    whole = warned.goal(truce).mean()
    at_first, later = warned.goal(truce & early).mean() / whole, warned.goal(truce & late & ~early).mean() / whole
    assert min(at_first, later) > 0.01
    assert answer.p_made.mean == pytest.approx(at_first + later, abs=1e-12)
    assert {move: band.mean for move, band in answer.made_at.items()} == pytest.approx(
        {"warn": at_first, "answer": later}
    )
    pooled = pooled_play(warned, threat_facts(game, "targets"))
    gap = (warned.goal(goals["deployed"] * truce) - pooled.goal(goals["deployed"] * truce)).mean() / whole
    assert answer.effect["deployed"].mean == pytest.approx(gap, abs=1e-12)


def test_the_goal_that_a_threat_is_about(warned, make_case, consent_case):
    game = warned.priced.game
    facts = threat_facts(game, "targets")
    consented, defiant = ((game.outcome == name).astype(float) for name in ("consented", "defiant"))
    assert goal_about(game, facts, {"a": consented, "b": defiant}) == "b"
    assert goal_about(game, facts, {"a": defiant, "b": consented}) == "a"
    assert goal_about(game, facts, {"a": consented, "b": consented}) == "a"
    said = unroll(make_case(consent_case.path.read_text().replace("    made:", "    about: sent\n    made:")))
    assert goal_about(said, threat_facts(said, "targets"), {"deployed": consented, "sent": consented}) == "sent"
    with pytest.raises(CaseError, match="unknown goal 'send'"):
        make_case(consent_case.path.read_text().replace("    made:", "    about: send\n    made:"))
