"""Power indices of real bodies, as exact fractions.

The Security Council: Shapley & Shubik (1954) for the method; 421/2145 and 4/2145 for 9 of 15 with five vetoes, swings 848
and 84 of 2^14 (Straffin 1983). The six of 1958: Brams & Affuso (1976), Luxembourg a dummy. The Council under Nice weights:
Felsenthal & Machover (2001) to four figures. The Council of 28 with populations of 2017: counted independently in the
reference data, with and without the clause that 25 states carry a decision.
"""

from __future__ import annotations

import json
from fractions import Fraction as F

import numpy as np
import pytest

from oracles.bodies import known_body
from support import reference
from vetopoint.coalition import VotingRule, power_indices
from vetopoint.pivots import rows, shapley


def test_security_council() -> None:
    voters, rule = known_body("unsc")
    for body in (rule, VotingRule((7,) * 5 + (1,) * 10, 39)):
        got = power_indices(body)
        assert got.shapley_shubik == (F(421, 2145),) * 5 + (F(4, 2145),) * 10
        assert got.swings == (848,) * 5 + (84,) * 10
        assert got.banzhaf[0] == F(848, 2**14)
        assert got.banzhaf_normalised[0] == F(848, 5 * 848 + 840)
        assert float(got.banzhaf_normalised[5]) == pytest.approx(0.016535, abs=5e-7)
        assert got.coleman_prevent[0] == 1
        assert got.power_to_act == F(848, 2**15)
    assert len(voters) == 15


def test_six_of_1958() -> None:
    got = power_indices(known_body("eec1958")[1])
    assert got.shapley_shubik == (F(14, 60),) * 3 + (F(9, 60),) * 2 + (0,)
    assert got.banzhaf_normalised == (F(5, 21),) * 3 + (F(3, 21),) * 2 + (0,)
    assert got.johnston is not None
    assert got.johnston[-1] == 0
    # Four minimal winning coalitions: the three large, and each pair of them with both of two.
    assert got.holler == (F(3, 15),) * 3 + (F(3, 15),) * 2 + (0,)
    assert got.deegan_packel is not None
    assert got.deegan_packel[0] == (F(1, 3) + 2 * F(1, 4)) / 4


def test_nice_weights() -> None:
    voters, rule = known_body("eu27_nice")
    got = power_indices(rule)
    by_weight = dict(zip(rule.weights, zip(got.banzhaf_normalised, got.shapley_shubik, strict=True), strict=True))
    printed = {
        29: (0.0778, 0.0867), 27: (0.0742, 0.0800), 14: (0.0426, 0.0399), 13: (0.0397, 0.0368), 12: (0.0368, 0.0341),
        10: (0.0309, 0.0282), 7: (0.0218, 0.0196), 4: (0.0125, 0.0110), 3: (0.0094, 0.0082),
    }  # fmt: skip
    for weight, figures in printed.items():
        assert [round(float(x), 4) for x in by_weight[weight]] == list(figures)
    assert sum(got.shapley_shubik) == 1
    assert len(voters) == 27


@pytest.mark.parametrize("name", ["eu28", "eu28_65_16"])
def test_council_of_28(name: str) -> None:
    voters, rule = known_body(name)
    got = power_indices(rule)
    printed = {
        "eu28_65_16": dict(DE=0.14697, FR=0.11316, UK=0.11081, IT=0.10084, ES=0.07503, PL=0.06283, MT=0.00865),
        "eu28": dict(DE=0.14608, FR=0.11261, UK=0.11026, IT=0.10041, ES=0.07471, PL=0.06263, MT=0.00878),
    }[name]
    for state, figure in printed.items():
        assert round(float(got.shapley_shubik[voters.index(state)]), 5) == figure
    assert got.swings[voters.index("DE")] == {"eu28": 22_811_345, "eu28_65_16": 22_811_352}[name]
    assert sum(got.shapley_shubik) == 1


def test_all_figures_of_the_reference_data() -> None:
    bodies = json.loads(reference("voting/bodies.json").read_text())
    for body in bodies.values():
        rule = VotingRule(tuple(body["weights"]), body["quota"], body.get("kmin") or 0, body.get("kfree"))
        got = power_indices(rule)
        assert list(got.swings) == body["swings"]
        np.testing.assert_allclose([float(x) for x in got.shapley_shubik], body["shapley_shubik"], rtol=1e-13)
        np.testing.assert_allclose([float(x) for x in got.banzhaf_normalised], body["banzhaf_norm"], rtol=1e-13)


def test_index_is_the_shapley_value_of_the_body() -> None:
    _, rule = known_body("unsc")
    shares = shapley(rule.wins, 15).shares[:, 0]
    np.testing.assert_allclose(shares, [float(x) for x in power_indices(rule).shapley_shubik], atol=1e-12)


def test_sampled_value_of_27_states_is_within_three_standard_errors() -> None:
    _, rule = known_body("eu27_nice")
    sampled = shapley(rule.wins, 27, samples=4000, seed=2)
    exact = np.array([float(x) for x in power_indices(rule).shapley_shubik])
    assert sampled.error.any()
    assert np.all(np.abs(sampled.shares[:, 0] - exact) <= 3 * sampled.error[:, 0])


@pytest.mark.parametrize("seed", range(6))
def test_counting_by_weight_agrees_with_listing(seed: int) -> None:
    """Bodies with all weights different are counted another way; both against listing all coalitions."""
    from vetopoint.coalition import power

    rng = np.random.default_rng(seed)
    v = 9
    rule = VotingRule(
        tuple(int(x) for x in rng.permutation(40)[:v]),
        int(rng.integers(60, 140)),
        minimum=int(rng.integers(0, 6)),
        or_at_least=[None, 7][seed % 2],
        vetoes=frozenset(int(i) for i in rng.permutation(v)[: seed // 2]),
    )
    every = rows(np.arange(1 << v), v)
    won = rule.wins(every)
    expected = [
        [
            int((won & every[:, i] & ~won[np.arange(1 << v) & ~(1 << i)] & (every.sum(1) == s + 1)).sum())
            for s in range(v)
        ]
        for i in range(v)
    ]
    kinds, kind_of = power._kinds(rule)
    for found in (power._swings_by_weight(rule), power._swings_by_kind(rule, kinds, kind_of)):
        assert found[0] == expected
        assert found[1] == won.sum()


def test_johnston_and_minimal_winning_indices_against_listing() -> None:
    rule = VotingRule((5, 4, 3, 3, 2, 1), 10, minimum=3, vetoes=frozenset({1}), also=(((1, 0, 1, 1, 0, 1), 2),))
    every = rows(np.arange(64), 6)
    won = rule.wins(every)
    critical = np.stack([won & every[:, i] & ~won[np.arange(64) & ~(1 << i)] for i in range(6)], axis=1)
    count = critical.sum(1)
    johnston = (critical / np.maximum(count, 1)[:, None]).sum(0)
    minimal = won & (count == every.sum(1))
    holler = every[minimal].sum(0)
    deegan = (every[minimal] / every[minimal].sum(1, keepdims=True)).sum(0)
    got = power_indices(rule)
    for index, listed in ((got.johnston, johnston), (got.holler, holler), (got.deegan_packel, deegan)):
        assert index is not None
        np.testing.assert_allclose([float(x) for x in index], listed / listed.sum(), atol=1e-12)
