"""The table of priors: read, validated, sampled; intervals; E-values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from vetopoint.errors import CaseError
from vetopoint.truce.priors import Prior, across, e_value, load_priors, load_specifications, read_priors


def test_every_row_has_a_source_a_status_and_an_interval_around_its_estimate():
    rows = load_priors()
    assert len(rows) >= 15
    for row in rows.values():
        assert row.source
        assert row.status in ("published", "re-derived", "direction published, size judgement", "judgement")
        assert row.lo <= row.estimate <= row.hi
        assert row.monitoring + row.force in (0.0, 1.0)


def test_what_is_called_published_or_re_derived_has_a_figure_behind_it():
    """A note that calls size or width a judgement, or a source for a direction alone, does not go with a stronger word."""
    rows, fits = load_priors(), load_specifications()
    directions = {name for name, row in rows.items() if row.status.startswith("direction")}
    assert directions == {"imposed", "presence_while_fighting", "tripwire_uncommitted", "formal_text"}
    assert all(row.e_values is None and row.size_judged for name, row in rows.items() if name in directions)
    assert {name for name, row in rows.items() if row.status == "re-derived"} == set(fits)
    assert "published" not in {row.status for row in rows.values()}


@pytest.mark.parametrize("name", sorted(load_specifications()))
def test_the_spread_between_controls_enters_the_width(name):
    row, fits = load_priors()[name], load_specifications()[name]
    assert [fit.controls for fit in fits] == ["none", "few", "all"]
    assert (row.estimate, row.lo, row.hi) == pytest.approx(across(fits), abs=6e-4)
    assert min(fit.estimate for fit in fits) <= row.estimate <= max(fit.estimate for fit in fits)
    assert np.log(row.hi / row.lo) >= np.log(fits[0].hi / fits[0].lo) * 0.9
    wider = [
        replace(fits[0], controls="few", estimate=2 * fits[0].estimate, lo=2 * fits[0].lo, hi=2 * fits[0].hi),
        fits[0],
    ]
    assert np.ptp(np.log(across(wider)[1:])) > np.ptp(np.log(across([fits[0], fits[0]])[1:]))


@pytest.mark.parametrize("name", ["presence_consented", "treaty", "spoiler_income", "armed_refused"])
def test_interval_makes_the_round_trip_through_draws(name):
    row = replace(load_priors()[name], transport=0.0)
    draws = row.sample((np.arange(100_000) + 0.5) / 100_000)
    lo, median, hi = np.quantile(draws, [0.025, 0.5, 0.975])
    centre = row.estimate
    assert median == pytest.approx(centre, rel=0.01)
    assert np.log(hi / lo) == pytest.approx(np.log(row.hi / row.lo), rel=0.01)


def test_transport_widens():
    row = load_priors()["presence_consented"]
    assert row.log_sd > replace(row, transport=0.0).log_sd


def test_shares_stay_shares_and_slopes_keep_their_scale():
    rows, u = load_priors(), (np.arange(1_000) + 0.5) / 1_000
    wide = replace(rows["detection_reference"], hi=5.0)
    assert wide.sample(u).max() == 1.0
    slope = rows["incident_slope"].sample(u)
    assert slope.mean() == pytest.approx(0.3, abs=1e-3)
    assert slope.std() == pytest.approx(0.15, abs=2e-3)


def test_e_values_as_published():
    """VanderWeele & Ding (2017): for a common outcome; 0.43 gives 3.0 and its limit 0.81 gives 1.6."""
    assert e_value(0.43) == pytest.approx(3.0, abs=0.05)
    assert e_value(1 / 0.43) == pytest.approx(e_value(0.43))
    assert e_value(1.0) == 1.0


HEADER = ",".join(Prior.__dataclass_fields__)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("x,X,hazard_ratio,0.5,0.6,0.9,0,0,0,somebody,published,,", "does not hold"),
        ("x,X,hazard_ratio,-1,-2,0.9,0,0,0,somebody,published,,", "positive"),
        ("x,X,odds,0.5,0.4,0.9,0,0,0,somebody,published,,", "scale"),
        ("x,X,hazard_ratio,0.5,0.4,0.9,0,0,0,somebody,guess,,", "status"),
        ("x,X,hazard_ratio,0.5,0.4,0.9,0,0,0, ,published,,", "source"),
        ("x,X,hazard_ratio,0.5,0.4,0.9,0,0.5,0.2,somebody,published,,", "sums to"),
        ("x,X,hazard_ratio,half,0.4,0.9,0,0,0,somebody,published,,", "float"),
        ("x,X,hazard_ratio", "float"),
    ],
)
def test_a_bad_row_is_named_with_its_line(tmp_path, row, word):
    file = tmp_path / "own.csv"
    file.write_text(f"{HEADER}\n{row}\n", encoding="utf-8")
    with pytest.raises(CaseError, match=word) as caught:
        read_priors(file)
    assert caught.value.problems[0].line == 2


def test_a_missing_column_is_named(tmp_path):
    file = tmp_path / "own.csv"
    file.write_text("effect,estimate\nx,1\n", encoding="utf-8")
    with pytest.raises(CaseError, match="columns missing"):
        read_priors(file)


def test_a_row_twice_is_refused(tmp_path):
    file = tmp_path / "own.csv"
    row = "x,X,hazard_ratio,0.5,0.4,0.9,0,0,0,somebody,published,,"
    file.write_text(f"{HEADER}\n{row}\n{row}\n", encoding="utf-8")
    with pytest.raises(CaseError, match="twice"):
        read_priors(file)
