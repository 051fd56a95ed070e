"""Times in a case: numbers, numbers with a unit and days all become months since the case's date, and lead back to days."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from case_base import ALL, BASE, FORMS, TRUCE, changed, errors, write
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from vetopoint.case import case_schema, load_case
from vetopoint.case.times import Calendar
from vetopoint.view.numbers import add_months

DATES = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))


@given(as_of=DATES, later=st.integers(0, 4000), days=st.booleans())
def test_a_day_leads_to_a_month_and_back(as_of: dt.date, later: int, days: bool) -> None:
    calendar, day = Calendar(as_of, days), as_of + dt.timedelta(days=later)
    month = calendar.month_of(day)
    assert calendar.day_of(month) == day
    assert calendar.month(day.isoformat()) == calendar.month(day) == month
    assert calendar.month_of(day + dt.timedelta(days=1)) > month
    assert calendar.in_path(f"x from {day}") == f"x from {calendar.in_text(day.isoformat())}"
    assert float(calendar.in_text(day.isoformat())) == pytest.approx(month, abs=1e-11)
    if not days:
        assert add_months(as_of, month) == day, "as reports say it"


@given(as_of=DATES, earlier=st.integers(1, 4000), days=st.booleans())
def test_a_day_before_the_case_is_refused(as_of: dt.date, earlier: int, days: bool) -> None:
    with pytest.raises(PydanticCustomError, match="is before the case's date"):
        Calendar(as_of, days).month(as_of - dt.timedelta(days=earlier))


@pytest.mark.parametrize(
    ("written", "months"),
    [("10 days", 1 / 3), ("1 day", 1 / 30), ("2 weeks", 14 / 30), ("1.5 months", 1.5), ("1 year", 12.0), ("3", 3.0), (3, 3.0), (" 10 Days ", 1 / 3)],
)  # fmt: skip
def test_a_length_with_its_unit(written: object, months: float) -> None:
    assert Calendar(dt.date(2026, 1, 1)).span(written) == pytest.approx(months)


@pytest.mark.parametrize(
    "written", ["ten days", "10 dayz", "", "3 - 4", "2026-3-1", "nan days", [], None, "10 days ago"]
)
def test_what_is_no_time_is_refused(written: object) -> None:
    with pytest.raises(PydanticCustomError) as caught:
        Calendar(dt.date(2026, 1, 1)).month(written)
    assert caught.value.context is not None
    assert "10 days" in caught.value.context["remedy"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("present_at(2026-03-01) and form_at(2 weeks) == x", "present_at(2) and form_at(0.4666666666666667) == x"),
        ("empirical(2026-03-01.csv, x)", "empirical(2026-03-01.csv, x)"),
        ("a - 10 and b2 - 2026 and days and d10 days", "a - 10 and b2 - 2026 and days and d10 days"),
        ("month(answer) <= 30 days", "month(answer) <= 1"),
    ],
)
def test_times_in_an_expression(text: str, said: str) -> None:
    assert Calendar(dt.date(2026, 1, 1)).in_text(text) == said


TIMED = changed(
    ALL + TRUCE,
    ("{at: 0}", "{at: 1}"),
    ("crew from answer", "crew from answer + 1 to 6"),
    ("idle: otherwise", "late: month(ask) > 3\n  idle: otherwise"),
)
TIMED = (
    changed(TIMED, ("at: 1, when: luck", "at: 2, when: luck"), ("late: month(ask) > 3\n  ", ""))
    + "events: {vote: {at: 3, shifts: {cohesion: 0.1}, fades: 2}}\n"
)
IN_DAYS = changed(
    TIMED, ("{at: 1}", "{at: 2026-02-01}"), ("crew from answer + 1 to 6", "crew from answer + 30 days to 2026-07-01"), ("at: 2, when: luck", "at: 2026-03-01, when: luck"),
    ("{at: 3, shifts: {cohesion: 0.1}, fades: 2}", "{at: 2026-04-01, shifts: {cohesion: 0.1}, fades: 60 days}"),
)  # fmt: skip


def test_a_case_with_days_is_the_case_with_their_months(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    months, days = load_case(write(tmp_path / "a", TIMED)), load_case(write(tmp_path / "b", IN_DAYS))
    assert days.file.model_dump() == months.file.model_dump()
    assert days.file.events["vote"].at == 3.0


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        (changed(BASE, ("at: 2", "at: '2026-02-30'")), "no day 2026-02-30", "YEAR-MONTH-DAY"),
        (changed(BASE, ("at: 2", "at: 2025-02-03")), "before the case's date", "earlier `as_of`"),
        (changed(BASE + FORMS, ("from answer", "from 2025-02-03")), "before the case's date", "earlier `as_of`"),
        (changed(BASE + FORMS, ("from answer", "from '2026-13-03'")), "no day 2026-13-03", "YEAR-MONTH-DAY"),
        (changed(BASE + FORMS, ("outcome == built}", "present_at(2026-04-31)}")), "no day 2026-04-31", "YEAR-MONTH-DAY"),
        (changed(BASE + TRUCE, ("outcome == built}", "truce_held_at(2026-04-30)}")), "from the truce's start", "truce_held_at(10 days)"),
        (BASE + "events: {vote: {at: spring}}\n", "'spring' is no time", "10 days"),
        (BASE + TRUCE.replace("0", "2020-01-01"), "before the case's date", "earlier `as_of`"),
        (changed(BASE, ("horizon_months: 12", "horizon_months: 12\nhorizon_days: 12")), "two horizons", "keep one"),
        (changed(BASE, ("as_of: 2026-01-01", "as_of: soon"), ("at: 2", "at: 2026-03-01")), "", "write"),
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_is_refused_at_its_line(tmp_path: Path, text: str, message: str, remedy: str) -> None:
    found = errors(write(tmp_path, text))
    hits = [p for p in found if message in p.message and remedy in p.remedy]
    assert hits, [str(p) for p in found]
    assert all(p.line > 0 for p in hits)


def test_the_schema_takes_times_as_texts() -> None:
    defs = case_schema()["$defs"]
    for model, key in (
        ("Move", "at"),
        ("Repeat", "every"),
        ("Rounds", "until"),
        ("Event", "at"),
        ("TruceSettings", "at"),
    ):
        assert {"number", "string"} <= set(str(defs[model]["properties"][key]).replace("'", " ").split()), (model, key)
