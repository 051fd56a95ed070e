"""Power indices of real bodies, as exact fractions.

The Security Council: Shapley & Shubik (1954) for the method; 421/2145 and 4/2145 for 9 of 15 with five vetoes, swings 848
and 84 of 2^14 (Straffin 1983). The six of 1958: Brams & Affuso (1976), Luxembourg a dummy. The Council under Nice weights:
Felsenthal & Machover (2001) to four figures. The Council of 28 with populations of 2017: counted independently in the
reference data, with and without the clause that 25 states carry a decision. The legislature of the United States: the
president .1605 (Shapley & Shubik 1954; .16047 in Brams, Affuso & Kilgour 1989), all by integrals of binomial chances (Owen
1972, Straffin 1977). The Executive Board of the Fund by the votes of its 24 constituencies, NATO and Nice by a
dictionary of coalitions.
"""

from __future__ import annotations

import json
from fractions import Fraction as F
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from oracles.bodies import counted, known_body
from support import reference
from vetopoint.coalition import VotingRule, counting, power, power_indices
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
    for found in (
        counting.tabulated(rule.whole),
        counting.listed(rule.whole),
        power._swings_by_kind(rule, kinds, kind_of),
    ):
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


#: Votes of 24 constituencies of the Executive Board, per cent; as rounded and dated apart they add up to 103.58.
FUND = (
    16.49, 6.14, 6.08, 5.31, 5.3, 5.3, 4.29, 4.13, 4.03, 4.02, 4.01, 3.99, 3.38, 3.26, 3.23, 3.18, 3.17, 3.16, 3.05, 2.97, 2.87, 2.62, 1.95, 1.65,
)  # fmt: skip


@pytest.mark.parametrize("quota", [85, 70, 50])
def test_the_fund_in_decimals(quota: float) -> None:
    got = power_indices(VotingRule(FUND, quota))
    some = [0, 6, 23]
    shapley, banzhaf = counted([FUND], [quota], some)
    assert [got.shapley_shubik[i] for i in some] == shapley
    assert [got.banzhaf[i] for i in some] == banzhaf
    assert sum(got.shapley_shubik) == 1


def test_nice_with_its_three_majorities() -> None:
    """Weights, a majority of states, 62 % of the population (per mille of 2007, Eurostat): the same to four figures as weights alone."""
    people = dict(
        DE=167, FR=128, UK=123, IT=119, ES=90, PL=77, RO=44, NL=33, EL=23, PT=21, BE=21, CZ=21, HU=20, SE=18, AT=17, BG=16,
        DK=11, SK=11, FI=11, IE=9, LT=7, LV=5, SI=4, EE=3, CY=2, LU=1, MT=1,
    )  # fmt: skip
    voters, rule = known_body("eu27_nice")
    weights = tuple(float(people[v]) for v in voters)
    triple = VotingRule(rule.weights, 255, minimum=14, also=((weights, 0.62 * sum(weights)),))
    tabled = counting.tabulated(triple.whole)
    got, alone = power_indices(triple), power_indices(rule)
    # Coalitions are listed here; a table of three majorities counts the same.
    assert list(got.swings) == [sum(row) for row in tabled[0]]
    assert got.winning == tabled[1]
    assert sum(got.shapley_shubik) == 1
    shares = np.array([[float(x) for x in found.banzhaf_normalised] for found in (got, alone)])
    assert 0 < np.abs(shares[0] - shares[1]).max() < 5e-4
    assert round(shares[0, voters.index("DE")], 4) == pytest.approx(0.0778, abs=1e-4)


def test_nato_of_32_by_population() -> None:
    """Millions of 2024; a made-up two thirds: no table of kinds, no list, and 32 different voters."""
    people = (
        335.9, 84.7, 83.3, 68.3, 68.2, 58.9, 48.8, 40.1, 36.6, 19.1, 17.9, 11.8, 10.9, 10.6, 10.5, 10.4, 9.6, 6.4, 5.9, 5.6, 5.5, 5.4, 3.9,
        2.9, 2.7, 2.1, 1.9, 1.8, 1.4, 0.7, 0.6, 0.4,
    )  # fmt: skip
    got = power_indices(VotingRule(people, 700))
    some = [0, 31]
    shapley, banzhaf = counted([people], [700], some)
    assert [got.shapley_shubik[i] for i in some] == shapley
    assert [got.banzhaf[i] for i in some] == banzhaf
    assert sum(got.shapley_shubik) == 1
    # The real rule is consent of all: everyone has a veto and the same power.
    unanimous = power_indices(VotingRule((1,) * 32, 32))
    assert set(unanimous.shapley_shubik) == {F(1, 32)}


def congress(senate: int = 100, house: int = 435) -> VotingRule:
    """President; senators; representatives: both majorities and the president, or two thirds of both."""
    senators = (0.0,) + (1.0,) * senate + (0.0,) * house
    others = (0.0,) * (1 + senate) + (1.0,) * house
    thirds = ((senators, -(-2 * senate // 3)), (others, -(-2 * house // 3)))
    return VotingRule(
        senators, senate // 2 + 1, vetoes=frozenset({0}), also=((others, house // 2 + 1),), override=thirds
    )


def test_legislature_of_the_united_states() -> None:
    got = power_indices(congress())
    nodes, weights = np.polynomial.legendre.leggauss(300)
    p, w = (nodes + 1) / 2, weights / 2

    def most(n: int, k: int) -> np.ndarray:
        return binom.sf(k - 1, n, p)

    def one(n: int, k: int) -> np.ndarray:
        return binom.pmf(k - 1, n - 1, p)

    president = w @ (most(100, 51) * most(435, 218) - most(100, 67) * most(435, 290))
    senator = w @ (p * one(100, 51) * most(435, 218) + one(100, 67) * (1 - p) * most(435, 290))
    # A seat can also be the 67th with the president for it: then 51 carried it already.
    member = w @ (p * one(435, 218) * most(100, 51) + one(435, 290) * (1 - p) * most(100, 67))
    assert float(got.shapley_shubik[0]) == pytest.approx(president, abs=1e-9)
    assert float(got.shapley_shubik[1]) == pytest.approx(senator, abs=1e-9)
    assert float(got.shapley_shubik[-1]) == pytest.approx(member, abs=1e-9)
    assert round(float(got.shapley_shubik[0]), 5) == 0.16047
    assert sum(got.shapley_shubik) == 1


def test_assembly_of_193_and_of_many_different_voters() -> None:
    assembly = power_indices(VotingRule((1,) * 193, 129))
    assert set(assembly.shapley_shubik) == {F(1, 193)}
    assert assembly.swings[0] == comb(192, 128)
    weights = tuple(float(1 + i % 60) for i in range(200))
    two = VotingRule(weights, 3500, minimum=101)
    got = power_indices(two)
    assert sum(got.shapley_shubik) == 1
    assert got.winning < 2**200
    sampled = counting.drawn(two.whole)
    exact = np.array([float(x) for x in got.shapley_shubik])
    assert np.all(np.abs(sampled.pivots - exact) <= 5 * sampled.error + 1e-4)
    assert sampled.winning == pytest.approx(float(got.power_to_act), abs=0.01)


def test_votes_too_many_for_a_table_are_drawn_with_their_error() -> None:
    rng = np.random.default_rng(0)
    got = power_indices(VotingRule(tuple(rng.integers(1, 10**7, 60).astype(float)), 2e8))
    assert got.drawn > 0
    assert sum(got.shapley_shubik) == pytest.approx(1.0)
    assert 0 < max(got.error) < 0.002


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 7), st.integers(0, 10_000))
def test_every_way_of_counting_agrees_with_listing_by_hand(v: int, seed: int) -> None:
    """Rules with decimals, two majorities, vetoes, an alternative and an override; relabelling, scaling and a voter without a vote."""
    rng = np.random.default_rng(seed)
    weights, second = (tuple((rng.integers(0, 13, v) / 10).tolist()) for _ in range(2))
    override = ((second, float(rng.integers(1, 40) / 10)),) if seed % 3 == 0 else ()
    rule = VotingRule(
        weights,
        float(rng.integers(1, 40) / 10),
        minimum=int(rng.integers(0, v + 1)),
        or_at_least=[None, v][seed % 2],
        vetoes=frozenset({0} if seed % 5 == 0 else ()),
        also=((second, float(rng.integers(1, 30) / 10)),) if seed % 4 else (),
        override=override,
    )
    every = rows(np.arange(1 << v), v)
    won = rule.wins(every)
    swing = np.stack([won & every[:, i] & ~won[np.arange(1 << v) & ~(1 << i)] for i in range(v)], axis=1)
    sizes = every.sum(1)
    expected = [[int(swing[sizes == s + 1, i].sum()) for s in range(v)] for i in range(v)]
    kinds, kind_of = power._kinds(rule)
    for found in (
        counting.tabulated(rule.whole), counting.listed(rule.whole), power._swings_by_kind(rule, kinds, kind_of),
    ):  # fmt: skip
        assert found == (expected, int(won.sum()))
    got = power_indices(rule, minimal=False)
    order = rng.permutation(v)

    def moved(w: tuple[float, ...]) -> tuple[float, ...]:
        return (*(7 * w[i] for i in order), 0.0)

    if rule.minimum == 0 and rule.or_at_least is None:
        other = VotingRule(
            moved(weights), 7 * rule.quota, vetoes=frozenset(int(np.flatnonzero(order == i)[0]) for i in rule.vetoes),
            also=tuple((moved(w), 7 * q) for w, q in rule.also), override=tuple((moved(w), 7 * q) for w, q in override),
        )  # fmt: skip
        same = power_indices(other, minimal=False)
        assert same.shapley_shubik == (*(got.shapley_shubik[i] for i in order), 0)
        assert same.banzhaf == (*(got.banzhaf[i] for i in order), 0)
