"""The challenge model against Scholz, Calbert & Smith (2011), Journal of Theoretical Politics 23(4): 510-531, table 2.

Actors: table 1 there, from Bueno de Mesquita (1994). The table prints medians and means of eight rounds, medians cut after
one decimal. Our profile `scholz2011`, followed in the one direction, meets 7 of 8 medians within 0.08 and all 8 means within 0.07. The median of round 2 is
printed as 9.9 and comes out as 9.61 here and in the open replications; nobody has explained it.
"""

from __future__ import annotations

import csv

import numpy as np
import pytest
from numpy.typing import NDArray

from support import ROOT, reference
from vetopoint.coalition import challenge
from vetopoint.coalition.challenging import PROFILES
from vetopoint.coalition.settlement import weighted_mean, weighted_median

MEDIANS = [8.4, 9.9, 9.9, 9.9, 9.9, 7.4, 8.8, 9.6]
MEANS = [7.4, 7.5, 7.6, 7.3, 7.3, 7.4, 7.5, 7.6]
BELGIUM = [8.415932, 9.610859, 9.961980, 4.800881, 5.524238, 7.472046, 8.824594, 9.671130, 4.144849, 4.291541]


def emission() -> tuple[NDArray[np.float64], ...]:
    text = (ROOT / "tests" / "conformance" / "data" / "emission_1994.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
    assert rows[1]["actor"] == "Belgium"
    return tuple(np.array([float(r[k]) for r in rows]) for k in ("position", "salience", "capability"))


def test_table_2() -> None:
    x, s, c = emission()
    path = challenge(x, s, c, rounds=8, both_ways=False)[0]
    median, mean = weighted_median(path, c * s), weighted_mean(path, c * s)
    assert median[0] == 7.0
    assert mean[0] == pytest.approx(7.389956, abs=1e-6)
    off = np.abs(median[1:] - MEDIANS)
    assert (off < 0.08).sum() == 7
    assert off.argmax() == 1
    assert median[2] == pytest.approx(9.611, abs=5e-4)
    assert np.all(np.abs(mean[1:] - MEANS) < 0.07)


def test_belgium_round_by_round() -> None:
    x, s, c = emission()
    np.testing.assert_allclose(challenge(x, s, c, rounds=10, both_ways=False)[0, 1:, 1], BELGIUM, atol=1e-6)


def test_least_movement_departs_where_belgium_would_leap() -> None:
    x, s, c = emission()
    literal, least = (challenge(x, s, c, profile=p, both_ways=False)[0] for p in ("scholz2011", "least-movement"))
    np.testing.assert_array_equal(literal[:4], least[:4])
    assert abs(least[4, 1] - least[3, 1]) < abs(literal[4, 1] - literal[3, 1])


def test_direction_of_the_scale_and_order_of_the_actors_are_no_facts() -> None:
    """Their table takes the lowest compromise on the scale, so it is another one in the mirror; ours is the mean of both."""
    x, s, c = emission()
    there, back = (challenge(x, s, c, both_ways=False), 14.0 - challenge(14.0 - x, s, c, both_ways=False))
    assert np.abs(there - back).max() > 1.0
    np.testing.assert_allclose(challenge(x, s, c), (there + back) / 2.0, atol=1e-9)
    for profile in PROFILES:
        path = challenge(x, s, c, profile=profile)[0]
        for seed in range(20):
            order = np.random.default_rng(seed).permutation(10)
            moved = challenge(x[order], s[order], c[order], profile=profile)[0]
            np.testing.assert_allclose(moved, path[:, order], atol=1e-9)


def test_oil_price_case_does_not_move() -> None:
    """Known non-replication: Scholz et al. found wildly different results for the case of 1997; here nobody moves."""
    rows = list(csv.DictReader(reference("bdm/Sultan.csv").read_text().splitlines()))
    x, s, c = (np.array([float(r[k]) for r in rows]) for k in ("Position", "Salience", "Capability"))
    path = challenge(x, s, c, rounds=10)[0]
    np.testing.assert_array_equal(path, np.tile(x, (11, 1)))
    assert weighted_mean(x, c * s) == pytest.approx(13.619912, abs=1e-6)


@pytest.mark.parametrize("at_once", [1, 7, 1000])
def test_draws_are_independent_of_each_other_and_of_how_they_are_shared_out(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    x, s, c = emission()
    shifted = x + np.random.default_rng(0).uniform(-1, 1, (100, 10))
    monkeypatch.setattr("vetopoint.coalition.challenging.DRAWS_AT_ONCE", at_once)
    together = challenge(shifted, s, c, rounds=5)
    one = challenge(shifted[37], s, c, rounds=5)[0]
    np.testing.assert_array_equal(together[37], one)
