"""Numbers in words."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.view.names import Names
from vetopoint.view.numbers import (
    add_months,
    count,
    level_with,
    listed,
    months,
    number,
    number_band,
    percent,
    percent_band,
    points_band,
    stop,
)


@given(st.floats(0, 1))
def test_a_share_is_never_rounded_to_certainty(share: float) -> None:
    said = percent(share)
    assert (said == "0%") == (share == 0)
    assert (said == "100%") == (share == 1)


def as_numbers(text: str) -> list[float]:
    plain = (
        text.replace("−", "-").replace("under 1%", "0.4").replace("over 99%", "99.6").replace(",", "").replace("–", " ")
    )
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", plain)]


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_mean_lies_within_its_band_as_printed_wherever_it_lies(mean: float, a: float, b: float) -> None:
    """A skewed figure's mean may lie outside of its 90 % band: then the band is printed as far as the mean."""
    band = SimpleNamespace(mean=mean, lo=min(a, b), hi=max(a, b))
    big = SimpleNamespace(mean=mean * 9e4 - 1e4, lo=band.lo * 9e4 - 1e4, hi=band.hi * 9e4 - 1e4)
    for said in (percent_band(band), points_band(big), number_band(band), number_band(big)):
        shown, *ends = as_numbers(said)
        assert len(ends) in (0, 2), said
        assert not ends or ends[0] <= shown <= ends[1], said


def test_a_mean_outside_of_its_band_draws_the_band_out() -> None:
    assert percent_band(SimpleNamespace(mean=0.012, lo=0.0, hi=0.001)) == "1% [0–1%]"
    assert points_band(SimpleNamespace(mean=-0.03, lo=0.0, hi=0.0)) == "−3 points [−3 to 0]"
    assert number_band(SimpleNamespace(mean=7.0, lo=0.1, hi=2.0)) == "7 [0.1–7]"


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_whoever_is_printed_alike_is_named_beside_the_first(shares: list[float]) -> None:
    ranked = sorted(range(len(shares)), key=lambda i: -shares[i])
    said = level_with(ranked[0], ranked, shares.__getitem__, "party {}".format, percent)
    alike = [i for i in ranked[1:] if percent(shares[i]) == percent(shares[ranked[0]])]
    assert bool(said) == bool(alike)
    assert len(alike) > 4 or all(f"party {i}" in said for i in alike)


@pytest.mark.parametrize(
    "path", ["cases/a/case.yaml:3: no unit", "/tmp/a b", "./x/y.csv is empty", "claims.jsonl: line 2"]
)
def test_a_path_keeps_its_small_letter(path: str) -> None:
    assert stop(path).startswith(path)
    assert stop("either/or is meant") == "Either/or is meant."


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


def test_the_steps_of_a_policy_stand_in_the_order_of_moves_and_rounds() -> None:
    names = Names(moves={"review": "The renewal"}, rounds={"review": 12}, movers={"offer": "a", "review": "b"})
    policy = {"review[10]": ("keep",), "review[2]": ("keep", "revoke"), "offer": ("hold_back",)}
    assert names.steps(policy) == [
        ("offer", ["hold back"]), ("The renewal (round 2)", ["keep", "revoke"]), ("The renewal (round 10)", ["keep"]),
    ]  # fmt: skip
