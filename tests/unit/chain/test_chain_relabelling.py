"""What actors, quantities, moves, options and outcomes are called bears on no number."""

from __future__ import annotations

import tempfile
from pathlib import Path
from string import Template

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from vetopoint.answers import VetoPoint
from vetopoint.case import load_case
from vetopoint.chain import World, build_world, frame_of, sample_case
from vetopoint.game.interventions import option_effects
from vetopoint.game.veto import veto_points

CASE = Template("""\
vetopoint: 1
title: A plan
as_of: 2026-01-01
owner: $planner
actors: {$planner: {}, $holder: {}, $guest: {}}
quantities:
  $gain: "pert(0.3, 0.8, 1.5)"
  $burden: {value: "lognormal(median=0.6, p90=1.4)", known_to: [$holder]}
  $reward: {value: "uniform(0, 1)", known_to: [$holder, $guest]}
  $luck: likely
correlate: [[$gain, $burden, 0.4]]
types:
  $holder: {$stern: {truth: "beta(2, 3)", believed: {$planner: 0.3}}, $mild: rest}
moves:
  $weather: {by: chance, at: 0, options: {$fair: $luck, $foul: rest}}
  $propose: {by: $planner, at: 1, options: [$full, $modest, $nothing], sees: nothing}
  $answer: {by: $holder, at: 2, when: $propose == $full, options: [$consent, $refuse]}
  $lend: {by: $guest, at: 3, when: $answer == $refuse, options: [$help, $shun]}
  $respond: {by: $planner, at: 4, when: $answer == $refuse, options: [$ahead, $retreat]}
outcomes:
  $agreed: $answer == $consent
  $against: $respond == $ahead
  $dropped: otherwise
goals: {$built: "outcome in [$agreed, $against]"}
payoffs:
  $planner:
    unit: [$dropped, $agreed]
    a: {worth: $gain, when: "outcome in [$agreed, $against]"}
    b: {worth: -$burden, when: $respond == $ahead and $lend == $shun}
    c: {worth: 0.3 * $gain, when: $propose == $modest and $weather == $fair}
  $holder:
    unit: [$against, $dropped]
    a: {worth: -$burden, when: outcome == $against or $holder == $stern and outcome == $agreed}
    b: {worth: $reward, when: $answer == $consent}
  $guest:
    unit: [$agreed, $against]
    a: {worth: $reward - 1.5 * $gain, when: outcome == $against}
    b: {worth: 0.2, when: $lend == $help}
precision: {$planner: "lognormal(median=4, p90=10)", $holder: 5, $guest: 3}
""")
WORDS = sorted(set(CASE.get_identifiers()))
RESERVED = {
    *(
        "outcome",
        "otherwise",
        "skipped",
        "rest",
        "none",
        "present",
        "true",
        "false",
        "chance",
        "form",
        "all",
        "nothing",
    ),
    *("and", "or", "not", "in", "if", "else", "is", "as", "for", "def", "del", "try", "pass", "with", "from", "while"),
    *("yes", "no", "on", "off", "y", "n", "null", "unit", "terms"),
}
names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{3,8}", fullmatch=True).filter(lambda name: name.lower() not in RESERVED)


def world_of(called: dict[str, str]) -> World:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.yaml"
        path.write_text(CASE.substitute(called), encoding="utf-8")
        case = load_case(path)
    frame = frame_of(case)
    return build_world(frame, sample_case(frame, 48, 5))


@pytest.fixture(scope="module")
def plain() -> World:
    return world_of({word: f"{word}_0" for word in WORDS})


@settings(max_examples=12, deadline=None)
@given(st.lists(names, min_size=len(WORDS), max_size=len(WORDS), unique=True))
@example([f"z{number:02d}" for number in range(len(WORDS), 0, -1)])
def test_names_bear_on_no_number(plain: World, chosen: list[str]) -> None:
    called = dict(zip(WORDS, chosen, strict=True))
    other = world_of(called)
    ours, theirs = plain.priced.solve(), other.priced.solve()
    assert ours.solution.strategy == pytest.approx(theirs.solution.strategy, abs=1e-9)
    goal = ours.goal(plain.goals["built_0"])
    assert goal == pytest.approx(theirs.goal(other.goals[called["built"]]), abs=1e-9)
    assert np.ptp(goal) > 0.1, "a case in which nothing moves would prove nothing"
    vetoes = {(p.actor, p.move, p.option, p.kind): p.goal_if_forced.mean for p in vetoes_of(plain)}
    renamed = {(p.actor, p.move, p.option, p.kind): p.goal_if_forced.mean for p in vetoes_of(other)}
    assert vetoes
    assert renamed == pytest.approx(
        {(called[a[:-2]], called[m[:-2]], called[o[:-2]] if o else o, k): v for (a, m, o, k), v in vetoes.items()},
        abs=1e-9,
    )


def vetoes_of(world: World) -> list[VetoPoint]:
    return veto_points(world.frame.game, option_effects(world.priced.solve(), world.goals), world.goals)
