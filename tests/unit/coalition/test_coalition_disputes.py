"""Disputed issues and formal bodies, from the case file."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vetopoint.coalition.disputes import bodies, issues

MEMBERS = """
coalition: {minimum: 1, requires: council}
members:
  ash: {capability: 3, label: Ash}
  birch: {capability: 2}
  cedar: {capability: 1}
issues:
  toll:
    label: How high the toll
    positions: {ash: "pert(10, 20, 30)", birch: 50, cedar: 90}
    salience: {ash: 0.4, birch: 0.5, cedar: 0.9}
    agreed_if: spread < 40 and mean < 60
  depth:
    positions: {ash: 80, birch: 40, cedar: "uniform(0, 20)"}
    salience: {ash: 0.9, birch: 0.5, cedar: 0.3}
    no_agreement: 120
    agreed_if: spread < 5
bodies:
  council:
    weights: {ash: 3, birch: 2, cedar: 1, host: 2}
    quota: 5
    minimum: 2
    or_at_least: 4
    vetoes: [ash]
    also: [{weights: {ash: 1, birch: 1, cedar: 1}, quota: 2}]
  street: {weights: {ash: 1, birch: 1, cedar: 1}, quota: 2, vetoes: [ash], override: [{weights: {birch: 1, cedar: 1}, quota: 2}]}
"""


def test_issue(build: Callable) -> None:
    toll, depth = issues(*build(MEMBERS))
    models = {m.model: m.settlement for m in toll.models}
    assert set(models) == {
        "compromise",
        "nash",
        "challenge:scholz2011",
        "challenge:least-movement",
        "median",
        "exchange",
    }
    weights = np.array([1.2, 1.0, 0.9])
    assert models["compromise"].mean == pytest.approx(weights @ [20, 50, 90] / weights.sum(), abs=0.1)
    assert [a.label for a in toll.actors] == ["Ash", "birch", "cedar"]
    assert sum(a.weight.mean for a in toll.actors) == pytest.approx(1.0)
    assert toll.actors[0].leverage_salience.mean < 0 < toll.actors[2].leverage_salience.mean
    assert sum(toll.density) * (toll.grid[1] - toll.grid[0]) == pytest.approx(1.0)
    assert list(toll.quantiles.values()) == sorted(toll.quantiles.values())
    assert toll.agreed.mean == 1.0
    assert depth.agreed.mean == 0.0
    # Ash cares for depth and cedar for the toll: each gives way where it cares less.
    assert models["exchange"].mean > models["compromise"].mean


def test_body(build: Callable) -> None:
    council, street = bodies(build(MEMBERS)[0])
    assert street.rule == "2 of 3 votes, with 1 veto, or 2 of 2"
    # Ash with either, or both others without it: as if there were no veto.
    assert [m.veto for m in street.members] == [False] * 3
    assert {m.shapley_shubik_exact for m in street.members} == {"1/3"}
    assert council.rule == "5 of 8 votes and at least 2 voters and 2 of 3, or at least 4 voters, with 1 veto"
    assert [m.veto for m in council.members] == [True, False, False, False]
    assert sum(m.shapley_shubik for m in council.members) == pytest.approx(1.0)
    # Winning: ash and birch with or without others, and nothing else but ash, cedar and host.
    assert council.power_to_act == 5 / 16
    assert council.members[0].coleman_prevent == 1.0


def test_a_body_in_the_clause_decides(build: Callable) -> None:
    from vetopoint.coalition import tables

    case, draws = build(MEMBERS.replace("capability: 2}", "capability: 2, joins: {accepts: 0.5}}"), draws=8)
    assert tables(case, draws, {}).values["quorum"] == pytest.approx(np.full((8, 1), 0.5))


COSTLY = """
members: {north: {}, south: {}}
quantities: {hurt: "uniform(40, 60)", nought: 0}
issues:
  border: {positions: {north: 0, south: 100}, no_agreement: 60}
  nothing: {positions: {north: 0, south: 100}, no_agreement: 30}
  perhaps: {positions: {north: 0, south: 100}, no_agreement: hurt}
  idle: {positions: {north: 0, south: 100}, salience: {north: nought, south: nought}}
"""


def test_no_settlement_is_an_answer(build: Callable) -> None:
    case, draws = build(COSTLY, draws=1024)
    border, nothing, perhaps, idle = issues(case, draws)
    nash = [next(m for m in i.models if m.model == "nash") for i in (border, nothing, perhaps)]
    assert nash[0].settlement.mean == pytest.approx(50.0, abs=1e-9)
    assert [n.none for n in nash[:2]] == [0.0, 1.0]
    assert nash[1].settlement is None
    assert nash[2].settlement.mean == pytest.approx(50.0, abs=1e-9)
    assert nash[2].none == pytest.approx(0.5, abs=0.01)
    # Nobody cares in any draw: all count alike, and it is said.
    assert idle.models[0].settlement.mean == 50.0
    assert "In 100.0% of draws nobody cares" in idle.record
    assert "nobody cares" not in border.record


def test_large_bodies_with_decimals_run(build: Callable) -> None:
    """A traceback used to follow a check that found nothing wrong."""
    voters = ", ".join(f"v{i}: {1 + i % 7 + i / 100:g}" for i in range(70))
    states = ", ".join(f"s{i}: 1" for i in range(193))
    case, _ = build(
        f"members: {{v0: {{}}}}\nbodies:\n  many: {{weights: {{{voters}}}, quota: 200.5}}\n"
        f"  assembly: {{weights: {{{states}}}, quota: 129}}\n"
    )
    many, assembly = bodies(case)
    assert sum(m.shapley_shubik for m in many.members) == pytest.approx(1.0)
    assert many.drawn == 0
    assert many.members[0].shapley_shubik_exact is None
    assert {m.shapley_shubik for m in assembly.members} == {1 / 193}
