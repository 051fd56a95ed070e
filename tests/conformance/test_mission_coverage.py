"""Facts of past missions against the coverage formulas.

Sources: UNFICYP, 180 km of buffer zone, 860 troops in 2014, a site every 12 to 15 km (UN reports; Geo-PKO v2.3 lists 12 sites). UNIFIL,
120 km of Blue Line, more than 10,000 people, about 430 activities a day (UNIFIL). OSCE Special Monitoring Mission, more than 700 monitors
in 2016 on some 420 km, more than 60 patrols a day at its peak (OSCE). The gate is 30 per cent: the first two with the default set, the
monitors with the preset that was tuned on that very figure, so it is no clean test.
"""

from __future__ import annotations

import pytest

from vetopoint.truce.coverage import Strength, load_presets, seen, sight


def patrols_per_day(people: float, preset: str, hours_each: float = 8.0) -> float:
    """Patrols that set out in a day: those out at once, times the shifts of a day."""
    watch = load_presets()[preset][0]
    return float(sight(people, watch).patrols) * 24.0 / hours_each


def test_unficyp_km_per_site():
    watch = load_presets()["default"][0]
    assert 180.0 / float(sight(860, watch).posts) == pytest.approx(13.5, rel=0.30)


def test_unifil_activities_per_day():
    assert patrols_per_day(10_000, "default") == pytest.approx(430, rel=0.30)


def test_osce_monitors_patrols_per_day():
    assert patrols_per_day(700, "osce_smm") == pytest.approx(65, rel=0.30)


def test_more_people_on_a_shorter_line_see_more():
    """UNIFIL's line is denser than UNFICYP's, and that denser than the monitors'; by night the monitors see next to nothing."""
    default, monitors = load_presets()["default"][0], load_presets()["osce_smm"][0]
    lebanon = float(seen(Strength(10_000, access=0.7), 120, default, 1.0, night=False))
    cyprus = float(seen(Strength(860), 180, default, 1.0, night=False))
    donbas = float(seen(Strength(700, access=0.7), 420, monitors, 1.0, night=False))
    assert lebanon > cyprus > donbas
    assert float(seen(Strength(700, access=0.7), 420, monitors, 1.0, night=True)) < 0.05
