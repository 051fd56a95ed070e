"""Days and intervals that texts name become the dates of a drafted case; several of them become none."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.case import load_case
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
        ("A vote is due on 3 May; a ruling by 4 June.", None, ""),
        ("It was signed on 3 March 2020, and opened every two days.", None, ""),
        ("It is renewed every 60 days. Russia extended it for 120 days.", None, ""),
        ("The vote is on 30 February.", None, ""),
        ("May every month renew us.", None, ""),
    ],
)
def test_days_and_intervals_are_taken_where_one_alone_is_named(said: str, day: date | None, every: str) -> None:
    found = timed(CAST, [said], DAY)
    assert (found.day, found.every) == (day, every)


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


def test_the_interval_of_renewal_is_what_the_texts_say(tmp_path: Path) -> None:
    cast = timed(CAST, ["The passage is renewed every 60 days; the present term expires on 17 July."], DAY)
    (tmp_path / "case.yaml").write_text(fill(pattern("renewal"), cast, [], title="A", as_of=DAY).text, encoding="utf-8")
    renew = load_case(tmp_path).file.moves["renew"]
    assert renew.repeat is not None
    assert "60 days" in str(renew.repeat.every) or renew.repeat.every == pytest.approx(2, abs=0.1)
