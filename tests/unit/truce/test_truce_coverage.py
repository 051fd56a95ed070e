"""Coverage of a line: monotone, bounded, exact where it can be checked by hand or by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.truce.coverage import (
    Strength,
    Watch,
    attributed,
    largest_gap,
    load_presets,
    personnel_for,
    revisit_hours,
    seen,
    seen_at_least_once,
    sight,
    watched_stretches,
)

people = st.floats(0, 50_000)
sensors = st.floats(0, 500)
access = st.floats(0, 1)
length = st.floats(10, 3_000)


@given(people, sensors, sensors, access, length, st.booleans(), st.floats(0.1, 50), st.floats(1.0, 3.0))
def test_more_of_anything_sees_no_less_and_a_longer_line_no_more(n, drones, cameras, a, km, night, hours, more):
    here = Strength(n, drones, cameras, a)
    p = float(seen(here, km, Watch(), hours, night))
    assert 0.0 <= p <= a
    for better in (
        Strength(n * more, drones, cameras, a),
        Strength(n, drones * more, cameras, a),
        Strength(n, drones, cameras * more, a),
        Strength(n, drones, cameras, min(1.0, a * more)),
    ):
        assert float(seen(better, km, Watch(), hours, night)) >= p - 1e-12
    assert float(seen(here, km * more, Watch(), hours, night)) <= p + 1e-12
    assert float(seen(here, km, Watch(), hours * more, night)) >= p - 1e-12


@given(people, length)
def test_night_without_devices_sees_no_more_than_day(n, km):
    here = Strength(n)
    assert float(seen(here, km, Watch(), 1.0, True)) <= float(seen(here, km, Watch(), 1.0, False)) + 1e-12


def test_nobody_sees_nothing_and_no_access_sees_nothing():
    assert float(seen(Strength(0), 100, Watch(), 1.0, False)) == 0.0
    assert float(seen(Strength(1e6, 100, 100, 0.0), 100, Watch(), 1.0, False)) == 0.0


def test_only_part_of_the_people_is_on_watch():
    there = sight(7_500, Watch())
    assert float(there.active) == pytest.approx(7_500 * 0.5 * 0.8 / 3)
    assert float(there.posts + there.patrols) == pytest.approx(float(there.active) / 4)


def test_random_search_against_simulation():
    """Patrols at random places sweep random stretches of a ring; the share of events met is 1 − exp(−Σ sweep / L)."""
    rng = np.random.default_rng(11)
    km, patrols, sweep, events = 300.0, 40, 9.0, 4_000
    starts = rng.uniform(0, km, (events, patrols))
    met = (((rng.uniform(0, km, (events, 1)) - starts) % km) < sweep).any(axis=1).mean()
    only_patrols = Watch(tail=0.0, leave=0.0, duty=1.0, team=1.0, post_share=0.0)
    formula = float(seen(Strength(patrols, access=1.0), km, only_patrols, 1.0, False))
    assert formula == pytest.approx(met, abs=0.03)


def test_detection_is_the_mean_of_day_and_night_times_attribution():
    here, watch = Strength(5_000), Watch(attribution=0.5)
    both = float(seen(here, 500, watch, 1.0, False)) + float(seen(here, 500, watch, 1.0, True))
    assert float(attributed(here, 500, watch)) == pytest.approx(0.25 * both)


def test_at_least_once():
    assert float(seen_at_least_once(0.3, 4)) == pytest.approx(1 - 0.7**4)
    assert float(seen_at_least_once(1.0, 3)) == pytest.approx(1.0)


def test_gap_and_revisit():
    assert float(largest_gap(10.0, 100.0, 3.0)) == pytest.approx(4.0)
    assert float(largest_gap(0.0, 100.0, 3.0)) == 100.0
    assert float(largest_gap(50.0, 100.0, 3.0)) == 0.0
    assert float(revisit_hours(4.0, 100.0, Watch())) == pytest.approx(5.0)
    assert np.isinf(float(revisit_hours(0.0, 100.0, Watch())))


@pytest.mark.parametrize("target", [0.2, 0.5, 0.7])
def test_people_for_a_target_reach_it_and_one_less_does_not(target):
    here = Strength(0.0, 0.0, 0.0, 0.85)
    n = personnel_for(target, here, 800.0, Watch(), 1.0, night=False)
    assert n is not None
    assert float(seen(Strength(n), 800.0, Watch(), 1.0, False)) >= target
    assert float(seen(Strength(n - 2), 800.0, Watch(), 1.0, False)) < target


def test_a_target_beyond_access_is_out_of_reach():
    assert personnel_for(0.9, Strength(0.0, access=0.5), 800.0, Watch(), 1.0, night=False) is None
    assert personnel_for(0.0, Strength(0.0), 800.0, Watch(), 1.0, night=False) == 0.0


def test_stretches_merge_where_fields_of_view_meet():
    stretches, places = watched_stretches(4.4, 20.0, 3.0)
    assert stretches == [(0.0, 20.0)]
    assert len(places) == 4
    assert watched_stretches(0.2, 20.0, 3.0) == ([], [])


def test_presets_name_their_source():
    for watch, label, source in load_presets().values():
        assert 0 < watch.duty <= 1
        assert label
        assert source
