"""Decisiveness of members through the whole chain, on a case whose every figure can be written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from vetopoint.case import load_case
from vetopoint.chain import World, build_world, frame_of, sample_case
from vetopoint.chain.deciding import Chain, chain_decisiveness, members_decisiveness
from vetopoint.chain.world import first_draws
from vetopoint.game.section import game_section

NOBODY: frozenset[str] = frozenset()

CASE = """
vetopoint: 1
title: A shared mill
as_of: 2030-01-01
horizon_months: 12
owner: league
actors: {league: {label: The league}, town: {label: The town}}
quantities:
  cost: {value: "uniform(0.1, 0.9)", label: What trying costs}
  sharp: {value: "uniform(1, 5)", label: Precision}
moves:
  permit: {by: town, at: 0, options: [grants, denies]}
  attempt: {by: league, at: 1, when: permit == grants, options: [tries, waits]}
  muster: {by: chance, at: 2, when: attempt == tries, options: {enough: quorum, few: rest}}
outcomes: {milled: muster == enough, wasted: muster == few, none: otherwise}
goals: {milled: outcome == milled}
payoffs:
  league: {unit: [milled, none], gain: {worth: 1, when: outcome == milled}, cost: {worth: -cost, when: attempt == tries}}
  town: {unit: [milled, none], gain: {worth: 1, when: outcome == milled}}
precision: {league: sharp, town: 0}
"""

UNANIMOUS = """
coalition: {minimum: 2}
members:
  ash: {capability: 1, joins: {accepts: "uniform(0.2, 0.8)"}}
  birch: {capability: 1, joins: {accepts: 0.7}}
"""

WITH_NULL = """
coalition: {need: 2}
members:
  ash: {label: Ash, capability: 1, joins: {accepts: "uniform(0.2, 0.8)"}}
  birch: {capability: 1, joins: {accepts: 0.7}}
  cedar: {capability: 0, joins: {accepts: 0.5}}
"""

Make = Callable[..., World]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def build(members: str, text: str = CASE) -> World:
        path = tmp_path / "mill.yaml"
        path.write_text(text + members, encoding="utf-8")
        case = load_case(path)
        frame = frame_of(case)
        return build_world(frame, sample_case(frame, 256, 5))

    return build


def expected(world: World, quorum: np.ndarray) -> np.ndarray:
    """P(goal) by hand: the town grants at a coin's toss, the league tries by logit in its unit, the quorum decides."""
    draws = world.draws
    scale = float(world.unit[world.frame.game.players.index("league")])
    worth = (quorum - draws["cost"]) / scale
    return 0.5 * quorum / (1 + np.exp(-draws["sharp"] * worth))


def accepts(world: World) -> np.ndarray:
    return world.draws["members.ash.joins.accepts"]


def test_the_league_reckons_with_a_member_made_to_join_or_stay_out(make: Make) -> None:
    world = make(UNANIMOUS)
    chain, a = Chain(world), accepts(make(UNANIMOUS))
    ash = frozenset(["ash"])
    np.testing.assert_allclose(chain.goal("milled", NOBODY, NOBODY), expected(world, 0.7 * a), atol=1e-9)
    np.testing.assert_allclose(chain.goal("milled", ash, NOBODY), expected(world, np.full_like(a, 0.7)), atol=1e-9)
    assert np.array_equal(chain.goal("milled", NOBODY, ash), np.zeros_like(a))


def test_anticipation_is_part_of_it(make: Make) -> None:
    """Without the league's reply a member's yes would add 0.7 (1 − a) times the chance of trying as it was."""
    world = make(UNANIMOUS)
    a, chain = accepts(world), Chain(world)
    tried = expected(world, 0.7 * a) / (0.7 * a)
    added = chain.goal("milled", frozenset(["ash"]), NOBODY) - chain.goal("milled", NOBODY, NOBODY)
    assert np.all(added > tried * 0.7 * (1 - a) + 1e-6)


def test_a_member_that_nobody_needs_decides_nothing(make: Make) -> None:
    found = members_decisiveness(make(WITH_NULL))
    assert [answer.goal for answer in found] == ["milled"]
    parties = {p.party: p for p in found[0].parties}
    assert (parties["cedar"].decisiveness.lo, parties["cedar"].decisiveness.hi) == (0.0, 0.0)
    assert parties["ash"].decisiveness.mean > 0.05
    assert parties["ash"].label == "Ash"


def test_what_the_game_solved_of_its_actors_is_what_the_ranking_would_solve(make: Make) -> None:
    """On more draws, by the game's own section: the members' ranking on the first of them is the same, to the last digit."""
    world, values = make(UNANIMOUS), {}
    game_section(world.play, world.goals, replace(world.frame.budget, decisiveness=200), values=values)
    assert len(values) == 2  # as things stand, and once the plan is attempted
    assert {value.priced.n for value in values.values()} == {200}
    assert all((NOBODY, frozenset(["town"])) in value.known for value in values.values())
    few = first_draws(world, 150)
    chain = Chain(few, world, values)
    found = chain_decisiveness(chain, "milled", ["town", *chain.members])
    assert found == chain_decisiveness(Chain(few, world), "milled", ["town", *chain.members])
    assert chain.value("milled").known.keys() == values["milled", ()].known.keys()


def test_actors_and_members_stand_in_one_ranking_without_the_owner(make: Make) -> None:
    (answer,) = members_decisiveness(make(UNANIMOUS))
    assert {(p.party, p.kind) for p in answer.parties} == {("town", "actor"), ("ash", "member"), ("birch", "member")}
    means = [p.decisiveness.mean for p in answer.parties]
    assert means == sorted(means, reverse=True)
    for p in answer.parties:
        assert p.unlock.mean + p.block.mean == pytest.approx(p.decisiveness.mean, abs=1e-12)
    town = next(p for p in answer.parties if p.party == "town")
    assert town.decisiveness.mean == pytest.approx(2 * town.block.mean, abs=1e-9)
    assert sum(p.first for p in answer.parties) <= 1 + 1e-12


def test_sets_of_members_and_actors_go_through_the_same_function(make: Make) -> None:
    world = make(UNANIMOUS)
    everybody = frozenset(["town", "ash", "birch"])
    found = Chain(world).goal("milled", everybody, NOBODY)
    np.testing.assert_allclose(found, 2 * expected(world, np.ones(world.draws.n)), atol=1e-9)
    refused = Chain(world).goal("milled", frozenset(["ash"]), frozenset(["town"]))
    assert np.array_equal(refused, np.zeros_like(refused))


def test_only_who_leads_in_nearly_all_draws_is_called_decisive(make: Make) -> None:
    """Without ash nothing goes ahead, with it what birch accepts; so ash leads where it is the less willing of the two."""
    world = make(WITH_NULL)
    answer = chain_decisiveness(Chain(world), "milled", ["ash", "birch", "cedar"])
    assert answer.parties[0].party == "ash"
    assert answer.parties[0].first == np.mean(accepts(world) < 0.7)
    assert answer.decisive is None
    surer = Chain(make(WITH_NULL.replace("0.7", "0.95")))
    assert chain_decisiveness(surer, "milled", ["ash", "birch", "cedar"]).decisive == "ash"
    assert chain_decisiveness(surer, "milled", ["ash", "cedar"]).decisive == "ash"  # however many are ranked


def test_a_case_without_members_has_no_such_ranking(make: Make) -> None:
    world = make("", CASE.replace("enough: quorum", "enough: 0.5"))
    assert members_decisiveness(world) == ()
