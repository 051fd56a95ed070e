"""Days and intervals that texts name become the dates of a drafted case: of several days the decision's, of several intervals none."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.case import load_case
from vetopoint.case.times import Calendar
from vetopoint.study.drafting.fill import fill
from vetopoint.study.drafting.patterns import NAMES, pattern
from vetopoint.study.drafting.plan import Cast, Party
from vetopoint.study.drafting.timing import timed

DAY = date(2023, 6, 1)
CAST = Cast("the passage", Party("a", "Arle"), (Party("b", "Berne"),), {}, fallback="something less")


@pytest.mark.parametrize(
    ("said", "day", "every"),
    [
        ("It is renewed every 60 days and expires on 17 July.", date(2023, 7, 17), "60 days"),
        ("It lapses on July 17, 2023 unless extended by another two months.", date(2023, 7, 17), "2 months"),
        ("The summit on 27 October is to sign it.", date(2023, 10, 27), ""),
        ("The mandate runs out on 2024-02-29.", date(2024, 2, 29), ""),
        ("The council must decide by 3rd March.", date(2024, 3, 3), ""),
        ("A vote is due on 3 May; a ruling by 4 June.", date(2024, 5, 3), ""),
        ("It was signed on 3 March 2020, and opened every two days.", None, ""),
        ("It is renewed every 60 days. Russia extended it for 120 days.", None, ""),
        ("The vote is on 30 February.", None, ""),
        ("May every month renew us.", None, ""),
    ],
)
def test_days_and_intervals_are_taken(said: str, day: date | None, every: str) -> None:
    found = timed(CAST, [said], DAY)
    assert (found.day, found.every) == (day, every)


FILLED = "Nothing else is known. " * 4


@pytest.mark.parametrize(
    "said",
    [
        f"Arle puts the passage to the vote on 3 July.\n\n{FILLED} Rain is due until 2 June. It may rain until 5 June.",
        f"{FILLED} Berne must renew the passage by 3 July. Talks on fish end by 2 June.",
        f"{FILLED} A vote on the passage is due on 3 July; the session ends on 20 June.",
        f"{FILLED} Bids are due by 10 June. A final decision is due on 3 July.",
        f"{FILLED} It expires on 3 July. Others end by 5 June. The vote on it, on Jul. 3, is open.",
    ],
)
def test_of_several_days_the_decisions_is_taken_and_the_others_are_named(said: str) -> None:
    found = timed(CAST, [said], DAY)
    assert found.day == date(2023, 7, 3)
    assert found.day_said.startswith("2023-07-03 (“")
    assert "rather than 2023-06-" in found.day_said


@given(
    days=st.lists(st.integers(1, 900), min_size=1, max_size=4, unique=True).map(
        lambda ahead: [DAY + timedelta(days=n) for n in ahead]
    )
)
def test_every_day_that_was_weighed_is_told(days: list[date]) -> None:
    found = timed(CAST, [" ".join(f"The vote is on {day.isoformat()}." for day in days)], DAY)
    assert found.day in days
    assert all(day.isoformat() in found.day_said for day in days)


@given(ahead=st.integers(1, 900), form=st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y-%m-%d"]))
def test_a_day_is_read_in_whatever_form_it_is_written(ahead: int, form: str) -> None:
    day = DAY + timedelta(days=ahead)
    assert timed(CAST, [f"The vote is on {day.strftime(form)}."], DAY).day == day


@given(text=st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    found = timed(CAST, [f"renew by {text}"], DAY)
    assert found.day is None or found.day > DAY


@pytest.mark.parametrize("ahead", [1, 20, 140, 1000])
@pytest.mark.parametrize("name", [name for name in NAMES if name != "presence"])
def test_the_day_of_the_decision_is_that_of_its_move_and_the_rest_follows(
    name: str, ahead: int, tmp_path: Path
) -> None:
    from dataclasses import replace

    day = DAY + timedelta(days=ahead)
    text = fill(pattern(name), replace(CAST, day=day), [], title="A", as_of=DAY).text
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    case = load_case(tmp_path)
    assert [str(p) for p in case.warnings if p.check == "dates-out-of-order"] == []
    assert text.count(f"at: {day.isoformat()}") >= 1
    assert case.file.horizon_months > ahead / 30.5


@given(ahead=st.integers(1, 1000), start=st.dates(date(2019, 1, 1), date(2030, 12, 31)))
def test_months_to_the_decision_are_those_of_the_calendar(ahead: int, start: date) -> None:
    """What follows the decision follows it by as many months as in the pattern, to a tenth, and is seen before the horizon."""
    from dataclasses import replace

    day = start + timedelta(days=ahead)
    text = fill(pattern("approval"), replace(CAST, day=day), [], title="A", as_of=start).text
    month, later = Calendar(start).month_of(day), Calendar(start).month_of(day) - (pattern("approval").decides or 0)
    at = {
        move: float(told) for move, told in re.findall(r"^  (respond|last):\n.*\n    at: ([\d.]+)$", text, re.MULTILINE)
    }
    assert set(at) == {"respond", "last"}
    assert month <= at["respond"] - 0.9
    assert at["respond"] == pytest.approx(3 + later, abs=0.1001)
    assert at["last"] == pytest.approx(6 + later, abs=0.1001)
    assert f"horizon_months: {math.ceil(18 + max(later, 0))}" in text


def test_the_interval_of_renewal_is_what_the_texts_say(tmp_path: Path) -> None:
    cast = timed(CAST, ["The passage is renewed every 60 days; the present term expires on 17 July."], DAY)
    (tmp_path / "case.yaml").write_text(fill(pattern("renewal"), cast, [], title="A", as_of=DAY).text, encoding="utf-8")
    renew = load_case(tmp_path).file.moves["renew"]
    assert renew.repeat is not None
    assert "60 days" in str(renew.repeat.every) or renew.repeat.every == pytest.approx(2, abs=0.1)
