"""Every conditional figure is a ratio of sums: P(A and B) = P(A | B) P(B), whatever drives both."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

import vetopoint
from vetopoint.budget import Budget
from vetopoint.game.beliefs import beliefs_after
from vetopoint.game.section import game_section
from vetopoint.game.threats import threat_facts
from vetopoint.game.unroll import unroll
from vetopoint.quantity import band, given, share_given

EXACT = 1e-12

MOOD = """
vetopoint: 1
title: One number drives the condition and what follows it
as_of: 2026-01-01
owner: a
presupposes: fire == lit
actors: {a: {}, b: {}}
quantities: {mood: "uniform(0, 1)"}
moves:
  fire: {by: chance, at: 0, options: {lit: LIT, out: rest}}
  vote: {by: chance, at: 1, when: fire == lit, options: {carried: mood, lost: rest}}
  nod: {by: b, at: 2, when: vote == carried, options: [y, n]}
outcomes: {ok: vote == carried, no: otherwise}
goals: {g: outcome == ok}
payoffs:
  a: {unit: [no, ok], x: {worth: 1, when: outcome == ok}}
  b: {unit: [no, ok], x: {worth: 1, when: outcome == ok}}
"""


@pytest.mark.parametrize(
    ("lit", "fire", "goal", "truth"), [("mood", 1 / 2, 1 / 3, 2 / 3), ('"1 - mood"', 1 / 2, 1 / 6, 1 / 3)]
)
def test_one_number_that_drives_condition_and_goal(
    lit: str, fire: float, goal: float, truth: float, tmp_path: Path
) -> None:
    """∫m²dm / ∫m dm = 2/3, and in the mirrored case ∫m(1 − m)dm / ∫(1 − m)dm = 1/3; the mean of ratios is 1/2 in both."""
    (tmp_path / "case.yaml").write_text(MOOD.replace("LIT", lit))
    answers = vetopoint.run(tmp_path, draws=4096, seed=1)
    (found,) = answers.goals
    moves = {m.move: m for m in answers.moves}
    assert found.presupposed is not None
    assert found.probability.mean == pytest.approx(goal, abs=1e-3)
    assert found.presupposed.mean == pytest.approx(truth, abs=1e-3)
    assert moves["vote"].p_reached.mean == pytest.approx(fire, abs=1e-3)
    assert moves["vote"].options[0].probability.mean == pytest.approx(truth, abs=1e-3)
    stored = 1e-8  # nine digits, as in `answers.json`
    assert found.presupposed.mean * moves["vote"].p_reached.mean == pytest.approx(found.probability.mean, abs=stored)


@pytest.fixture(scope="module")
def solved(make_case, consent_case, price):
    """The consent game with everything uncertain, and its answers."""
    text = consent_case.path.read_text().replace("until: 18", "until: 12") + "\npresupposes: ceasefire == reached\n"
    game = unroll(make_case(text))
    rng = np.random.default_rng(3)
    n = 64
    values = {"hostile": rng.beta(2, 2, n), "feared": rng.beta(4, 2, n), "reached": rng.uniform(0.0, 1.0, n)}
    play = price(game, 2.0 * rng.normal(size=(n, game.terminals, 3)), 2.0, values).solve()
    goals = {"deployed": np.isin(game.outcome, ["consented", "defiant"]).astype(float)}
    return play, goals, game_section(play, goals, Budget(decisiveness=4, keys=4, retraced=2))


def test_options_sum_to_one_and_weigh_what_the_tree_weighs(solved) -> None:
    _, _, answers = solved
    for move in answers.moves:
        assert sum(o.probability.mean for o in move.options) == pytest.approx(1.0, abs=EXACT)
        for option in move.options:
            nodes = [t for t in answers.tree if (t.move, t.round, t.option) == (move.move, move.round, option.option)]
            assert nodes
            joint = sum(t.probability for t in nodes)
            assert option.probability.mean * move.p_reached.mean == pytest.approx(joint, abs=EXACT)


def test_goals_and_outcomes_given_the_ceasefire(solved) -> None:
    play, goals, answers = solved
    reached = next(m for m in answers.moves if m.move == "ceasefire").options[0].probability.mean
    assert sum(o.presupposed.mean for o in answers.outcomes) == pytest.approx(1.0, abs=EXACT)
    goal = answers.goals[0]
    assert goal.presupposed.mean * reached == pytest.approx(play.goal(goals["deployed"]).mean(), abs=EXACT)


def test_threats_chain(solved) -> None:
    play, _, answers = solved
    (threat,) = answers.threats
    game = play.priced.game
    facts = threat_facts(game, "targets")
    both = facts.made & facts.defied
    truce = game.holds("presupposes")
    whole = play.goal(truce[game.terminal_public]).mean()
    for share, of, event in (
        (threat.p_defied, threat.p_made, both),
        (threat.p_yielded, threat.p_made, facts.made & facts.demand),
    ):
        joint = play.goal((event & truce)[game.terminal_public]).mean() / whole
        assert share.mean * of.mean == pytest.approx(joint, abs=EXACT)
    struck = play.goal((both & facts.carried_out & truce)[game.terminal_public]).mean() / whole
    assert threat.credibility.made.mean * threat.p_defied.mean * threat.p_made.mean == pytest.approx(struck, abs=EXACT)


def test_beliefs_count_by_how_likely_the_history_is(solved) -> None:
    play, _, answers = solved
    listed = {(b.history, b.believer, b.type): b for b in answers.beliefs}
    found = [b for b in beliefs_after(play) if (b.history, b.believer, "tough") in listed]
    assert len(found) > 3
    for belief in found:
        told = listed[belief.history, belief.believer, "tough"]
        joint = (belief.probability * belief.posterior[:, 0]).mean()
        assert told.belief.mean * told.probability.mean == pytest.approx(joint, abs=EXACT)


def test_what_is_never_reached_is_refused(make_case, consent_case, price) -> None:
    game = unroll(consent_case)
    values = {"hostile": np.full(4, 0.5), "feared": np.full(4, 0.5), "reached": np.zeros(4)}
    play = price(game, np.zeros((4, game.terminals, 3)), 1.0, values).solve()
    answers = game_section(play, {"deployed": np.isin(game.outcome, ["consented"]).astype(float)})
    offer = next(m for m in answers.moves if m.move == "offer")
    assert offer.p_reached.mean == 0.0
    assert all(o.probability is None and o.goal_if_forced["deployed"] is None for o in offer.options)
    assert not [v for v in answers.veto_points if v.kind == "effective"]


@settings(max_examples=60, deadline=None)
@drawn(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=40))
def test_a_ratio_of_sums(pairs: list[tuple[float, float]]) -> None:
    values, weights = np.array(pairs).T
    found = given(values, weights)
    if weights.mean() < 1e-9:
        assert found is None
        return
    assert found is not None
    assert found.mean * weights.mean() == pytest.approx((values * weights).mean(), abs=EXACT)
    assert found.lo <= found.hi
    assert share_given(values >= 0, weights) == 1.0
    alike = given(values, np.full(values.size, 0.3))
    assert alike is not None
    assert alike.mean == pytest.approx(band(values).mean, abs=EXACT)


def test_the_error_of_a_ratio_is_that_of_the_delta_method() -> None:
    """Spread of the ratio over 400 samples of 400 independent draws, within a tenth of what each prints."""
    rng = np.random.default_rng(5)
    found = []
    for _ in range(400):
        weights = rng.uniform(size=400) ** 3
        found.append(given(rng.uniform(size=400) * weights, weights))
    spread = np.std([f.mean for f in found])
    assert np.mean([f.mc for f in found]) == pytest.approx(spread, rel=0.1)
