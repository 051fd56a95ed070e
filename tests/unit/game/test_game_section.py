"""The whole section on one case: every part is there, bands lie in [0, 1], and the parts agree with each other."""

from __future__ import annotations

import numpy as np
import pytest

from vetopoint.answers import GameSection
from vetopoint.budget import Budget
from vetopoint.game.section import game_section, tree_answers
from vetopoint.game.unroll import unroll


@pytest.fixture(scope="module")
def section(make_case, consent_case, price):
    text = consent_case.path.read_text().replace("until: 18", "until: 12") + "\npresupposes: ceasefire == reached\n"
    game = unroll(make_case(text))
    rng = np.random.default_rng(8)
    n = 16
    values = {"hostile": rng.beta(2, 2, n), "feared": rng.beta(4, 2, n), "reached": rng.uniform(0.2, 0.8, n)}
    priced = price(game, rng.normal(size=(n, game.terminals, 3)), 1.0, values)
    goals = {
        "deployed": np.isin(game.outcome, ["consented", "defiant"]).astype(float),
        "held": rng.uniform(size=(n, game.terminals)),
    }
    return game_section(priced.solve(), goals, Budget(threats=8, retraced=8)), priced, goals, values


def test_the_section_is_whole_and_survives_json(section):
    answers = section[0]
    for part in (
        "outcomes",
        "goals",
        "moves",
        "tree",
        "veto_points",
        "decisiveness",
        "threats",
        "moments",
        "beliefs",
        "anticipation",
    ):
        assert getattr(answers, part), part
    assert GameSection.model_validate_json(answers.model_dump_json()) == answers


def test_outcomes_are_a_distribution_overall_and_given_the_ceasefire(section):
    answers, _, _, values = section
    assert sum(o.probability.mean for o in answers.outcomes) == pytest.approx(1.0)
    assert sum(o.presupposed.mean for o in answers.outcomes) == pytest.approx(1.0)
    goal = next(g for g in answers.goals if g.name == "deployed")
    assert goal.presupposed.mean > goal.probability.mean
    assert goal.probability.mean <= values["reached"].mean()
    assert [p.factor for p in goal.by_precision] == [0.5, 2.0, None]


def test_parts_agree_on_the_goal(section):
    answers, priced, goals, _ = section
    play = priced.solve()
    for goal, moment in zip(answers.goals, answers.moments, strict=True):
        assert goal.probability.mean == pytest.approx(play.goal(goals[goal.name]).mean())
        assert moment.failure.mean == pytest.approx(1 - goal.presupposed.mean)
        root = answers.tree[0]
        assert root.parent is None
        assert root.goal[goal.name] == pytest.approx(goal.probability.mean)
    for found in answers.decisiveness:
        assert found.draws == 8
        assert found.gap.mean == pytest.approx(sum(a.lift.mean for a in found.parties), abs=1e-9)


def test_listed_tree_keeps_parents(section):
    answers, priced, goals, _ = section
    few = tree_answers(priced.solve(), goals, limit=15)
    assert len(few) == 15
    ids = {node.id for node in few}
    assert all(node.parent is None or node.parent in ids for node in few)
    assert sum(node.probability for node in answers.tree if node.outcome) == pytest.approx(1.0)


def test_the_calendar_lists_every_round(section):
    answers = section[0]
    rounds = [m for m in answers.moves if m.move == "review"]
    assert [m.round for m in rounds] == [1, 2]
    assert [m.at for m in rounds] == sorted(m.at for m in rounds)
    for move in answers.moves:
        assert sum(o.probability.mean for o in move.options) == pytest.approx(1.0)
