"""What a disputed issue settles on, read by odds, payoffs, goals and members' rules, before anybody moves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vetopoint.case import CaseError, Expression, load_case
from vetopoint.chain import World, build_world, frame_of, sample_case
from vetopoint.chain.checks import check_histories_of
from vetopoint.chain.effects import effects
from vetopoint.chain.findings import chance_of
from vetopoint.chain.numbers import Numbers
from vetopoint.chain.tipping import tipping_points
from vetopoint.chain.world import first_draws
from vetopoint.coalition.agreement import agreed, settled
from vetopoint.quantity import compile_inputs

CASE = """
vetopoint: 1
title: A watch on the pass
as_of: 2026-01-01
owner: league
actors: {league: {label: The league}, north: {label: North}}
quantities:
  gain: uniform(0.5, 1.5)
  fear: uniform(0.2, 1.2)
  avel_stands: uniform(20, 90)
moves:
  offer: {by: league, options: [watch, nothing]}
  answer: {by: north, when: offer == watch, options: [consent, refuse]}
  gather: {by: chance, when: answer == consent, options: {enough: quorum, short: rest}}
outcomes:
  watched: gather == enough
  thin: gather == short
  refused: answer == refuse
  nothing: otherwise
goals: {stands: outcome == watched}
payoffs:
  league: {unit: [watched, nothing], seen: {worth: gain, when: outcome == watched}, asked: {worth: -0.2, when: offer == watch}}
  north: {unit: [refused, watched], near: {worth: -fear, when: outcome == watched}, blame: {worth: -0.6, when: answer == refuse}}
coalition: {facts: {consent: answer == consent}, minimum: 2}
members:
  avel: {capability: 2, joins: {requires: consent, accepts: 0.8}}
  brannt: {joins: {requires: consent, accepts: 0.8}}
  cor: {joins: {requires: consent, accepts: 0.7}}
issues:
  mandate:
    label: The mandate
    positions: {avel: avel_stands, brannt: "uniform(10, 60)", cor: 40}
    salience: {avel: 0.9, brannt: 0.5, cor: 0.5}
    agreed_if: spread < 20
"""

#: Where an issue may be asked about: what is written instead.
READ = {
    "worth": ("worth: gain,", "worth: gain * settlement(mandate) / 100,"),
    "worth, agreed": ("worth: -fear,", "worth: -fear * (2 - agreed(mandate)),"),
    "odds": ("{enough: quorum,", "{enough: quorum * (0.4 + 0.6 * agreed(mandate)),"),
    "accepts": ("requires: consent, accepts: 0.7", "requires: consent, accepts: 0.9 if agreed(mandate) else 0.2"),
    "a member's rule": ("requires: consent, accepts: 0.7", "requires: consent and agreed(mandate), accepts: 0.7"),
    "the clause": ("minimum: 2}", "minimum: 2, requires: consent and agreed(mandate)}"),
    "a goal": ("stands: outcome == watched", "stands: outcome == watched and settlement(mandate) > 50"),
}
ENTERING = ("avel_stands", "issues.mandate.positions.brannt", "issues.mandate.salience.avel", "members.avel.capability")


def case_file(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    text = CASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def world_of(path: Path, draws: int = 256, **overrides: str) -> World:
    frame = frame_of(load_case(path, overrides))
    return build_world(frame, sample_case(frame, draws, 1))


def goal(world: World) -> np.ndarray:
    return world.probability(world.goals["stands"])


def test_a_settlement_is_the_compromise_of_each_draw(tmp_path: Path) -> None:
    world = world_of(case_file(tmp_path))
    draws, weights = world.draws, np.array([2 * 0.9, 0.5, 0.5])
    stand = np.stack([draws["avel_stands"], draws["issues.mandate.positions.brannt"], np.full(draws.n, 40.0)], axis=1)
    mean = stand @ weights / weights.sum()
    assert settled(world.frame.case, draws, "mandate") == pytest.approx(mean)
    spread = np.sqrt(((stand - mean[:, None]) ** 2) @ weights / weights.sum())
    held = agreed(world.frame.case, draws, "mandate")
    assert held.tolist() == (spread < 20).astype(float).tolist()
    assert 0.1 < held.mean() < 0.9


@pytest.mark.parametrize("where", READ)
def test_an_issue_moves_the_game_wherever_it_is_read(tmp_path: Path, where: str) -> None:
    case = case_file(tmp_path, READ[where])
    assert not [p for p in check_histories_of(load_case(case)) if p.severity == "error"]
    apart = world_of(case, avel_stands="90", **{"issues.mandate.positions.brannt": "10"})
    near = world_of(case, avel_stands="25", **{"issues.mandate.positions.brannt": "24"})
    assert np.abs(goal(apart) - goal(near)).mean() > 0.01


@pytest.mark.parametrize("where", READ)
@pytest.mark.parametrize("name", ENTERING)
def test_a_changed_number_behind_an_issue_keeps_no_table_that_it_enters(tmp_path: Path, where: str, name: str) -> None:
    """What is taken over from a like world is what a world built anew has, bit for bit."""
    world = world_of(case_file(tmp_path, READ[where]), 64)
    other = world.draws.replace(name, np.linspace(0.1, 30.0, world.draws.n))
    anew = build_world(world.frame, other)
    like = build_world(world.frame, other, like=world, changed=name)
    assert np.array_equal(goal(anew), goal(like))
    assert all(np.array_equal(a, b) for a, b in zip(anew.payoffs, like.payoffs, strict=True))
    assert np.array_equal(anew.chance, like.chance)
    moved = [not np.array_equal(goal(anew), goal(world)), "accepts" in where]
    assert any(moved)


def test_what_nobody_asks_of_keeps_every_table(tmp_path: Path) -> None:
    world = world_of(case_file(tmp_path))
    other = world.draws.replace("avel_stands", np.full(world.draws.n, 3.0))
    like = build_world(world.frame, other, like=world, changed="avel_stands")
    assert like.tables.coalition is world.tables.coalition
    assert np.array_equal(goal(like), goal(world))


def test_sensitivity_and_tipping_points_see_what_stands_behind_an_issue(tmp_path: Path) -> None:
    numbers = lambda case: Numbers(compile_inputs(case))  # noqa: E731
    plain = world_of(case_file(tmp_path), 512)
    (silent,) = [s for s in effects(plain, numbers(plain.frame.case)).swings["stands"] if s.quantity == "avel_stands"]
    assert silent.swing == 0
    assert silent.total == 0
    change = ("{enough: quorum,", '{enough: "clip(quorum * settlement(mandate) / 60 - 0.4, 0, 1)",')
    read = world_of(case_file(tmp_path, change), 512)
    (seen,) = [s for s in effects(read, numbers(read.frame.case)).swings["stands"] if s.quantity == "avel_stands"]
    assert seen.swing > 0.1
    assert seen.total > 0.1


def test_a_tipping_point_may_stand_behind_an_issue(tmp_path: Path) -> None:
    """The odds are the settlement, and the settlement one position: the goal is as likely as not where that stands at the middle."""
    world = world_of(
        case_file(
            tmp_path,
            ("{enough: quorum,", "{enough: settlement(mandate) / 100,"),
            ('avel: avel_stands, brannt: "uniform(10, 60)", cor: 40', "avel: avel_stands"),
            ("avel: 0.9, brannt: 0.5, cor: 0.5", "avel: 0.9"),
            ("gain: uniform(0.5, 1.5)", "gain: 20"),
            ("fear: uniform(0.2, 1.2)", "fear: -20"),
            ("coalition: {", "precision: {league: 30, north: 30}\ncoalition: {"),
        ),
        4096,
    )
    numbers = Numbers(compile_inputs(world.frame.case))
    rows = tipping_points(world, first_draws(world, 256), numbers, [chance_of(world.frame, "stands")]).points
    (row,) = [r for r in rows if r.quantity == "avel_stands" and r.value is not None]
    assert row.value == pytest.approx(50.0, abs=1.0)


def test_issues_without_members_may_be_read_too(tmp_path: Path) -> None:
    text = (
        CASE[: CASE.index("coalition:")]
        + """
issues: {terms_of_trade: {positions: {league: "uniform(40, 90)", north: "uniform(0, 60)"}, agreed_if: spread < 20}}
"""
    )
    text = text.replace("{enough: quorum,", "{enough: settlement(terms_of_trade) / 100,")
    text = text.replace("worth: gain,", "worth: gain * (1 + agreed(terms_of_trade)),")
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    world = world_of(tmp_path)
    assert 0 < goal(world).mean() < 1
    unit = world.unit[world.frame.game.players.index("league")]
    share = agreed(world.frame.case, world.draws, "terms_of_trade").mean()
    assert unit == pytest.approx(1 * (1 + share), abs=0.2)  # its mean over draws, not that of one draw


@pytest.mark.parametrize(
    ("change", "said", "remedy"),
    [
        (("worth: gain,", "worth: gain * settlement(mandat),"), "unknown issue 'mandat'", "mandate"),
        (("worth: gain,", "worth: gain * settlement(0.3),"), "is no issue", "settlement(issue)"),
        (("worth: gain,", "worth: gain * mandate,"), "unknown quantity 'mandate'", ""),
        (("when: outcome == watched}, asked", "when: agreed(mandate)}, asked"), "cannot be asked here", "worth: 0.3 * agreed"),
        (("when: offer == watch, options", "when: offer == watch and agreed(mandate), options"), "cannot be asked here", "chance"),
        (("watched: gather == enough", "watched: gather == enough and agreed(mandate)"), "cannot be asked here", "chance"),
        (("avel: avel_stands", "avel: settlement(mandate)"), "cannot be asked here", "chance"),
        (("capability: 2", "capability: agreed(mandate)"), "cannot be asked here", "chance"),
        (("worth: gain,", "worth: gain * agreed(mandate),"), "does not say when", "agreed_if"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_of_an_issue_is_said(
    tmp_path: Path, change: tuple[str, str], said: str, remedy: str
) -> None:
    changes = [change, *([("\n    agreed_if: spread < 20", "")] if "agreed_if" in remedy else [])]
    with pytest.raises(CaseError) as raised:
        load_case(case_file(tmp_path, *changes))
    problem = next(p for p in raised.value.problems if said in p.message)
    assert problem.line > 0
    assert remedy in problem.remedy


def test_an_issue_may_share_its_name_with_a_quantity() -> None:
    assert Expression.parse("gain * settlement(gain)").names == {"gain"}
    assert Expression.parse("settlement(mandate)").names == frozenset()
    assert Expression.parse("agreed(a) + settlement(b)").asked == {("agreed", "a"), ("settlement", "b")}


def test_many_members_that_look_at_an_issue_are_counted_and_sampled_as_those_that_are_enumerated(
    tmp_path: Path,
) -> None:
    """More members than are enumerated: who looks at nobody is counted, who does is drawn; both see the issue."""
    more = "".join(f"  m{i}: {{joins: {{requires: consent and agreed(mandate), accepts: 0.5}}}}\n" for i in range(12))
    rule = ("minimum: 2}", "minimum: 3, requires: consent and agreed(mandate)}")
    counted = world_of(case_file(tmp_path, rule, ("members:\n", f"members:\n{more}"), ("capability: 2, ", "")), 512)
    looking = more.replace("agreed(mandate)", "agreed(mandate) and joined(0)")
    sampled = world_of(case_file(tmp_path, rule, ("members:\n", f"members:\n{looking}"), ("capability: 2, ", "")), 512)
    held = agreed(counted.frame.case, counted.draws, "mandate") > 0
    for world in (counted, sampled):
        assert world.tables.coalition is not None
        quorum = world.tables.coalition.values["quorum"].max(axis=1)
        assert (quorum[~held] < 1e-3).all()
        assert (quorum[held] > 0.5).all()
    assert counted.tables.coalition.exact
    assert not sampled.tables.coalition.exact
