"""Another form of presence, chosen at once or forced: against a count over the histories of the answers' own tree, and closed forms."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from textwrap import dedent

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vetopoint.answers import OtherForm, TreeNodeAnswer
from vetopoint.case import load_case
from vetopoint.chain.frame import frame_of
from vetopoint.chain.world import build_world, sample_case
from vetopoint.game.interventions import option_effects
from vetopoint.game.other_forms import other_forms
from vetopoint.game.section import outcome_answers, tree_answers

CASE = """
vetopoint: 1
title: Crews or masts
as_of: 2026-01-01
horizon_months: 36
owner: town
actors: {town: {}, lord: {}, bishop: {}}
quantities: {odds: 0.5, full: 0.7, pain: "uniform(0.2, 1.5)"}
moves:
  luck: {by: chance, at: 0, options: {good: odds, bad: rest}}
  ask: {by: town, at: 1, when: luck == good, options: [crew, mast, wait]}
  answer: {by: lord, at: 2, when: ask == crew, options: [allow, forbid, curse]}
  bless: {by: bishop, at: 3, when: "answer in [forbid, curse]", options: [speak, hush]}
  respond: {by: town, at: 4, when: "answer in [forbid, curse]", options: [defy, mast_then, drop]}
  hire: {by: chance, at: 5, when: answer == allow, options: {hired: full, short: rest}}
  fill: {by: town, at: 6, when: hire == short, options: [mast_late, none_late]}
  review: {by: lord, when: hire == hired, options: [keep, revoke], repeat: {every: 12, until: 24, stop_when: review == revoke}}
  after: {by: town, when: any(review == revoke), options: [mast_after, leave]}
outcomes:
  unlucky: luck == bad
  at_once: ask == mast
  forced: respond == mast_then
  late: fill == mast_late
  withdrawn: after == mast_after
  left: after == leave
  built: hire == hired
  defiant: respond == defy
  idle: otherwise
goals: {GOAL}
presupposes: luck == good
forms: {crew: {personnel: 100}, mast: {cameras: 10, label: Masts}}
paths:
  at_once: mast from ask
  forced: mast from respond
  late: mast from fill
  withdrawn: crew from hire to review.last, then mast
  left: crew from hire to review.last
  built: crew from hire
  defiant: crew from respond
payoffs:
  town: {unit: [idle, built], crew: {worth: 1, when: "outcome in [built, left, withdrawn, defiant]"}, mast: {worth: 0.5, when: "outcome in [at_once, forced, late, withdrawn]"}, defying: {worth: -0.8, when: outcome == defiant}}
  lord: {unit: [built, idle], pain: {worth: -pain, when: "outcome in [built, defiant]"}, hurt: {worth: -0.4, when: outcome == forced}}
  bishop: {unit: [idle, built], peace: {worth: 1, when: outcome == built}, ruin: {worth: -0.2, when: bless == speak}}
precision: {town: 3, lord: 3, bishop: 3}
"""


@dataclass
class Found:
    """Other forms of one solved case, its tree, and P(outcome) given what is presupposed."""

    other_forms: tuple[OtherForm, ...]
    tree: tuple[TreeNodeAnswer, ...]
    outcomes: dict[str, float]


def answers_of(folder, goal="{built: outcome == built}", text=CASE, draws=128):
    (folder / "case.yaml").write_text(dedent(text).replace("{GOAL}", goal))
    frame = frame_of(load_case(folder))
    world = build_world(frame, sample_case(frame, draws, 1))
    play, (lead, weights) = world.play, next(iter(world.goals.items()))
    effects = option_effects(play, world.goals)
    forms = other_forms(play, effects, lead, weights, frame.presupposed, frame.paths.timelines, play)
    outcomes = {o.name: (o.presupposed or o.probability).mean for o in outcome_answers(play)}
    return Found(tuple(forms), tree_answers(play, world.goals), outcomes)


def histories(answers):
    """Each history's steps, its probability, and its outcome, from the tree that is stored."""
    byid = {node.id: node for node in answers.tree}
    for leaf in (node for node in answers.tree if node.outcome is not None):
        steps, node = {}, leaf
        while node.parent is not None:
            steps.setdefault(node.move, []).append(node.option)
            node = byid[node.parent]
        yield steps, leaf.probability, leaf.outcome


def test_each_way_is_what_a_count_over_histories_finds(tmp_path):
    answers = answers_of(tmp_path)
    (mast,) = answers.other_forms
    assert (mast.form, mast.label) == ("mast", "Masts")
    found, whole = defaultdict(float), 0.0
    for steps, probability, outcome in histories(answers):
        whole += probability * (steps["luck"] == ["good"])
        found[outcome] += probability
    assert len(found) == 9
    for way, outcome in (
        ("at_once", "at_once"),
        ("after_no", "forced"),
        ("otherwise", "late"),
        ("after_withdrawal", "withdrawn"),
    ):
        assert getattr(mast, way).mean == pytest.approx(found[outcome] / whole, abs=1e-9)
        assert getattr(mast, way).mean > 0.001
    assert mast.refusal.actor == "lord"
    assert mast.refusal.refusing == ("forbid", "curse")
    assert (mast.refusal.move, mast.refusal.accepting) == ("answer", "allow")


@pytest.mark.parametrize(
    "goal", ["{sent: hire == hired or respond == defy}", "{early: present_at(8) and form_at(8) == crew}"]
)
def test_a_withdrawal_is_one_even_where_it_costs_the_goal_nothing(tmp_path, goal):
    """Revoking after the goal is reached ends the repetition all the same; defying leaves the no half of the goal or less."""
    one, other = answers_of(tmp_path, goal).other_forms, answers_of(tmp_path).other_forms
    assert one[0].after_withdrawal.mean == pytest.approx(other[0].after_withdrawal.mean, abs=1e-9)
    assert one[0].after_withdrawal.mean > 0.001


def test_what_the_refusal_bought_in_a_closed_form(tmp_path):
    """One answer and nothing after it: accepting is worth −1, refusing −0.25, chosen by the logit at precision 2."""
    text = """
    vetopoint: 1
    title: One answer
    as_of: 2026-01-01
    horizon_months: 6
    owner: town
    actors: {town: {}, lord: {}}
    moves:
      ask: {by: town, at: 1, options: [crew, wait]}
      answer: {by: lord, at: 2, when: ask == crew, options: [allow, forbid]}
    outcomes: {built: answer == allow, mast: answer == forbid, idle: otherwise}
    goals: {built: outcome == built}
    forms: {crew: {personnel: 1}, mast: {cameras: 1}}
    paths: {built: crew from answer, mast: mast from answer}
    payoffs:
      town: {unit: [idle, built], gain: {worth: 1, when: outcome == built}}
      lord: {unit: [built, idle], pain: {worth: -1, when: outcome == built}, hurt: {worth: -0.25, when: outcome == mast}}
    precision: {town: 1, lord: 2}
    """
    (mast,) = answers_of(tmp_path, text=text).other_forms
    refuses = 1 / (1 + np.exp(-2 * 0.75))
    assert mast.refusal.if_accepted.mean == pytest.approx(-1, abs=1e-9)
    assert mast.refusal.as_solved.mean == pytest.approx(-1 + 0.75 * refuses, abs=1e-9)
    assert mast.refusal.bought.mean == pytest.approx(0.75 * refuses, abs=1e-9)
    assert mast.at_once.mean == mast.after_withdrawal.mean == mast.otherwise.mean == 0
    assert mast.after_no.mean == mast.stands.mean > 0


def test_without_forms_or_an_attempt_there_is_none(tmp_path):
    assert answers_of(tmp_path, "{lucky: luck == good}").other_forms == ()
    lines = CASE.split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("forms:"))
    end = next(i for i, line in enumerate(lines) if line.startswith("payoffs:"))
    assert answers_of(tmp_path, text="\n".join(lines[:at] + lines[end:])).other_forms == ()


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.1, 8))
def test_the_ways_sum_to_the_chance_that_the_form_stands(tmp_path, odds, full, precision):
    text = CASE.replace("odds: 0.5, full: 0.7", f"odds: {odds}, full: {full}").replace("lord: 3", f"lord: {precision}")
    answers = answers_of(tmp_path, text=text, draws=64)
    (mast,) = answers.other_forms
    ways = [mast.at_once, mast.after_no, mast.after_withdrawal, mast.otherwise]
    assert sum(way.mean for way in ways) == pytest.approx(mast.stands.mean, abs=1e-9)
    outcomes = answers.outcomes
    assert mast.stands.mean == pytest.approx(
        sum(outcomes[o] for o in ("at_once", "forced", "late", "withdrawn")), abs=1e-9
    )
