"""Numbers in words."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.view.numbers import (
    add_months,
    count,
    listed,
    months,
    number,
    number_band,
    percent,
    percent_band,
    points_band,
)


@given(st.floats(0, 1))
def test_a_share_is_never_rounded_to_certainty(share: float) -> None:
    said = percent(share)
    assert (said == "0%") == (share == 0)
    assert (said == "100%") == (share == 1)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_band_shows_its_mean_first_and_its_ends_in_brackets(a: float, b: float, c: float) -> None:
    lo, mean, hi = sorted((a, b, c))
    said = percent_band(SimpleNamespace(mean=mean, lo=lo, hi=hi))
    assert said.startswith(percent(mean))
    assert said.endswith("%]") or hi <= 0.005 or lo >= 0.995
    assert "." not in said


@given(st.floats(-1e6, 1e6, allow_nan=False))
def test_numbers_keep_their_digits(value: float) -> None:
    for digits, off in ((2, 0.051), (3, 0.0051)):
        read = float(number(value, digits).replace(",", "").replace("−", "-"))
        assert read == pytest.approx(value, rel=off, abs=1e-9)


def test_differences_carry_their_sign() -> None:
    assert points_band(SimpleNamespace(mean=-0.031, lo=-0.09, hi=0.001)) == "−3 points [−9 to 0]"
    assert number_band(SimpleNamespace(mean=-2, lo=-4, hi=1.5), "km") == "−2 km [−4 to 1.5]"


@pytest.mark.parametrize(
    ("start", "offset", "there"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 15), -3, date(2025, 12, 15)),
        (date(2026, 3, 1), 2.5, date(2026, 5, 16)),
    ],
)
def test_months_become_dates(start: date, offset: float, there: date) -> None:
    assert add_months(start, offset) == there


def test_lists_and_counts_read_as_sentences_do() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c", "d", "e"], most=3) == "a, b, c and two others"
    assert listed(["a", "b", "c", "d"], most=3) == "a, b, c and d"
    assert count(12, "move") == "twelve moves"
    assert count(1300, "draw") == "1,300 draws"
    assert months(60) == "five years"
    assert months(6) == "6 months"
