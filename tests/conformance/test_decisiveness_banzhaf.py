"""Decisiveness by intervention is the power index where nobody replies to anybody.

Owen (1972): P(win | do yes) − P(win | do no) is the derivative of the multilinear extension; at one half it is the absolute
Penrose-Banzhaf index, and its integral over a common probability is Shapley-Shubik (Straffin 1977). The Security Council:
848/2^14 and 421/2145. A veto player is in the intersection of all winning coalitions and has a positive Shapley value.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from oracles.bodies import known_body
from oracles.decisiveness import enumerated_decisiveness
from vetopoint.case import load_case
from vetopoint.coalition import Consent, VotingRule, power_indices
from vetopoint.coalition.decisive import Structure, acts_table, forced_table, interventions, worlds
from vetopoint.coalition.joining import Quorum, Rules, join
from vetopoint.pivots import rows, shapley
from vetopoint.quantity import parse_distribution, sample


def body_decisiveness(rule: VotingRule, p: float) -> np.ndarray:
    """D of every voter, each saying yes with probability p, by the joining kernel."""
    m = len(rule.weights)
    clause = rule.wins(rows(np.arange(1 << m), m))[None, :]
    always = np.ones((1, 1 << m), dtype=bool)
    row = np.zeros((2, 1, m), dtype=np.int64)
    out = np.empty(m)
    for i in range(m):
        accepts = np.full((2, m), p)
        accepts[:, i] = [1.0, 0.0]
        yes, no = join(Rules([always] * m, row, clause, row[..., 0]), accepts, Quorum(np.ones((2, m)))).quorum[:, 0]
        out[i] = yes - no
    return out


@pytest.fixture(params=["eec1958", "parliament"])
def rule(request: pytest.FixtureRequest) -> VotingRule:
    if request.param == "eec1958":
        return known_body("eec1958")[1]
    return VotingRule((9, 7, 6, 5, 4, 3, 2, 2, 1), 21, minimum=3, or_at_least=7, vetoes=frozenset({1}))


def test_at_one_half_it_is_banzhaf(rule: VotingRule) -> None:
    expected = [float(x) for x in power_indices(rule).banzhaf]
    np.testing.assert_allclose(body_decisiveness(rule, 0.5), expected, atol=1e-12)


def test_its_integral_is_shapley_shubik(rule: VotingRule) -> None:
    nodes, weights = np.polynomial.legendre.leggauss(12)
    integral = sum(w / 2 * body_decisiveness(rule, (x + 1) / 2) for x, w in zip(nodes, weights, strict=True))
    np.testing.assert_allclose(integral, [float(x) for x in power_indices(rule).shapley_shubik], atol=1e-12)


def council_as_worlds() -> Structure:
    """The Security Council of fifteen with nobody looking at anybody: a structure over members alone."""
    _, rule = known_body("unsc")
    always = np.ones((1, 1 << 15), dtype=bool)
    none = np.zeros(0, dtype=np.int64)
    return Structure(
        [always] * 15, np.zeros((15, 0), dtype=np.int64), np.zeros((1, 15), dtype=np.int64),
        rule.wins(rows(np.arange(1 << 15), 15))[None, :], none, np.zeros(1, dtype=np.int64), none, none.astype(bool), Quorum(np.ones((1, 15))),
    )  # fmt: skip


def test_security_council() -> None:
    wins = forced_table(council_as_worlds(), np.zeros(1, dtype=np.int64))[0]
    masks = np.arange(1 << 15)
    swings = [int((wins[masks | 1 << i] & ~wins[masks & ~(1 << i)]).sum()) // 2 for i in (0, 14)]
    assert swings == [848, 84]
    assert swings[0] / 2**14 == pytest.approx(0.0517578125, abs=1e-12)
    shares = shapley(lambda s: wins[s @ (1 << np.arange(15))], 15).shares[:, 0]
    assert shares[0] == pytest.approx(421 / 2145, abs=1e-12)
    assert shares.sum() == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_tables_of_worlds_are_the_enumerated_interventions(seed: int) -> None:
    """All worlds of five parties with random, also breakable, rules: every single yes and no, each world weighed by its odds."""
    rng = np.random.default_rng(seed)
    m, size = 5, 1 << 5
    truth = [rng.random((1, size)) < 0.7 for _ in range(m)]
    wins, yes, none = rng.random(size) < 0.5, rng.random(m), np.zeros(0, dtype=np.int64)
    worlds_of = np.arange(size)
    inside = rows(worlds_of, m)
    weight = np.where(inside, yes, 1 - yes).prod(axis=1)
    structure = Structure(
        truth, np.zeros((m, 0), dtype=np.int64), np.zeros((size, m), dtype=np.int64), wins[None, :], none,
        np.zeros(size, dtype=np.int64), none, none.astype(bool), Quorum(np.ones((size, m))),
    )  # fmt: skip
    forced, free = forced_table(structure, worlds_of), acts_table(structure, worlds_of)[0]
    rules = sum(t[0].astype(np.uint32) << np.uint32(i) for i, t in enumerate(truth))
    up, down, base = enumerated_decisiveness(rules, wins, yes)
    assert weight @ forced[:, 0] == pytest.approx(base)
    for i in range(m):
        assert weight @ forced[:, 1 << i] == pytest.approx(up[i])
        assert weight @ free[worlds_of, worlds_of & ~(1 << i)] == pytest.approx(down[i])


CASE = """
vetopoint: 1
title: Two vetoes
as_of: 2030-01-01
owner: league
actors: {league: {}, host: {}, rival: {}}
moves:
  invite: {by: host, at: 1, options: [invites, declines]}
  answer: {by: rival, at: 2, options: [consents, refuses]}
outcomes: {built: answer == consents and invite == invites, otherwise: "true"}
goals: {built: outcome == built}
payoffs:
  host: {unit: [otherwise, built], gain: {worth: 1, when: outcome == built}}
  rival: {unit: [built, otherwise], cost: {worth: -1, when: outcome == built}}
  league: {unit: [otherwise, built], gain: {worth: 1, when: outcome == built}}
coalition:
  facts: {invited: invite == invites, consent: answer == consents}
  requires: invited and consent
  minimum: 3
members:
  lead: {joins: {accepts: 0.9}}
  second: {joins: {requires: lead, accepts: 0.8}}
  third: {joins: {requires: joined(1), accepts: 0.7}}
  fourth: {joins: {requires: joined(2), accepts: 0.9}}
"""


@pytest.fixture
def two_vetoes(tmp_path: Path) -> Callable[[], tuple[Consent, dict[str, np.ndarray], np.ndarray]]:
    path = tmp_path / "two.yaml"
    path.write_text(CASE)
    case = load_case(path)
    draws = sample({k: parse_distribution(i.text) for k, i in case.inputs.items()}, 2048, 3)
    facts = {"invited": np.array([1, 1, 0, 0], bool), "consent": np.array([1, 0, 1, 0], bool)}
    # The host invites nearly surely, the rival hardly consents.
    weights = np.tile([0.95 * 0.15, 0.95 * 0.85, 0.05 * 0.15, 0.05 * 0.85], (2048, 1))
    return lambda: (Consent(case, draws), facts, weights)


def test_two_vetoes_alike_by_rule_are_told_apart_by_decisiveness(two_vetoes: Callable) -> None:
    consent, facts, weights = two_vetoes()
    found = interventions(consent, facts, weights)
    host, rival = found.parties.index("invited"), found.parties.index("consent")
    assert found.structural[host].all()
    assert found.structural[rival].all()
    base, d = found.base.mean(), found.decisiveness.mean(axis=1)
    assert d[host] == pytest.approx(base / 0.95)
    assert d[rival] == pytest.approx(base / 0.15)
    assert d[rival] == d.max()
    assert found.largest[rival] == 1.0


def test_shapley_lift_sums_to_the_gap(two_vetoes: Callable) -> None:
    drawn = worlds(*two_vetoes())
    lift = drawn.lift()
    gap = drawn.forced[:, -1].mean() - drawn.forced[:, 0].mean()
    assert lift.shares.mean(axis=1).sum() == pytest.approx(gap, abs=1e-9)
    bloc = drawn.bloc_lift([[0, 1], [2], [3], [4], [5]])
    assert bloc.shares.mean(axis=1).sum() == pytest.approx(gap, abs=1e-9)


def test_rule_vetoes_are_the_intersection_of_winning_sets(two_vetoes: Callable) -> None:
    drawn = worlds(*two_vetoes())
    nobody = np.zeros(len(drawn.acts), dtype=np.int64)
    winning = np.flatnonzero(forced_table(drawn.structure, nobody)[0])
    assert int(np.bitwise_and.reduce(winning)) == 0b110000
    wins = np.isin(np.arange(1 << 6), winning)
    shares = shapley(lambda s: wins[s @ (1 << np.arange(6))], 6).shares[:, 0]
    assert all(shares[4:] > 0)
