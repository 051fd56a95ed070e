"""Observed months: months of the calendar, read as counts or counted from exports of events; nothing is taken for what it is not."""

from __future__ import annotations

import csv
import datetime as dt
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from truce_cases import make_case, make_draws

from oracles.line_distance import nearest_km
from support import ROOT
from vetopoint.case import load_case
from vetopoint.errors import CaseError
from vetopoint.truce import check
from vetopoint.truce._section import observed_update
from vetopoint.truce.model import bind
from vetopoint.truce.observed import _months_on, observed_counts, read_counts


def write(folder, text, name="incidents.csv"):
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_the_truce_has_held_to_the_end_of_the_last_month(tmp_path):
    """Three rows for months 10 to 12: it has held 12 months, and what then holds a further year is the ratio of its own curve."""
    write(tmp_path, "month,incidents\n12,5\n10,3\n11,4\n")
    case = make_case(tmp_path, truce="{observed: incidents.csv}")
    draws = make_draws(case)
    found = observed_update(bind(case, draws))
    assert found is not None
    assert (found.months, found.held_months, found.seen) == ((10, 11, 12), 12, (3.0, 4.0, 5.0))
    late = found.holds_further_12["none"].mean
    write(tmp_path, "month,incidents\n1,3\n2,4\n3,5\n")
    early = observed_update(bind(make_case(tmp_path, truce="{observed: incidents.csv}"), draws))
    assert early is not None
    assert late > early.holds_further_12["none"].mean + 0.08


def test_months_beyond_the_horizon_count_too(tmp_path):
    write(tmp_path, "month,incidents\n" + "".join(f"{m},2\n" for m in range(1, 61)))
    case = make_case(tmp_path, truce="{observed: incidents.csv}")
    found = observed_update(bind(case, make_draws(case)))
    assert found is not None
    assert found.held_months == 60 > case.file.horizon_months


@given(st.sets(st.integers(1, 60), min_size=3, max_size=20), st.randoms(use_true_random=False))
def test_missing_months_are_missing_and_rows_may_stand_in_any_order(tmp_path_factory, months, random):
    rows = [f"{m},{m % 7}" for m in months]
    random.shuffle(rows)
    counts = read_counts(write(tmp_path_factory.mktemp("m"), "\n".join(["month,incidents", *rows, ",,"])))
    assert counts.months == tuple(sorted(months))
    assert counts.held == max(months)
    seen, detection = counts.calendar(0.4)
    assert len(seen) == max(months) - min(months) + 1
    assert set(np.flatnonzero(detection) + min(months)) == months
    assert seen.sum() == sum(m % 7 for m in months)


def test_a_file_that_counts_from_nought_has_its_first_month_there(tmp_path):
    assert read_counts(write(tmp_path, "month,incidents\n0,1\n1,1\n2,1\n")).held == 3


@pytest.mark.parametrize(
    ("text", "word", "line"),
    [
        ("month,count\n1,2\n", "columns", 1),
        ("month,incidents,month\n1,2,3\n", "stand twice", 1),
        ("", "columns", 1),
        ("month,incidents\n1,2\n2,3\n", "fewer than three", 0),
        ("month,incidents\n1,2\n2,3\n2,1\n3,3\n", "stands twice", 4),
        ("month,incidents\n-1,2\n2,3\n3,1\n", "month is '-1'", 2),
        ("month,incidents\n1,2\n1.5,3\n3,1\n", "month is '1.5'", 3),
        ("month,incidents\n1,2\ninf,3\n3,1\n", "month is 'inf'", 3),
        ("month,incidents\n1,2\n,3\n3,1\n", "month is ''", 3),
        ("month,incidents\n1,2\n99999999,3\n3,1\n", "month is '99999999'", 3),
        ("month,incidents\n1,2\n2,-3\n3,1\n", "not a month", 3),
        ("month,incidents\n1,2\n2,x\n3,1\n", "not a month", 3),
        ("month,incidents\n1,2\n2,nan\n3,1\n", "not a month", 3),
        ("month,incidents\n1,2\n2,inf\n3,1\n", "not a month", 3),
        ("month,incidents\n1,2\n2,1e300\n3,1\n", "not a month", 3),
        ("month,incidents\n1,2\n2,1.5\n3,1\n", "not a month", 3),
        ("month,incidents\n1,2\n2\n3,1\n", "not a month", 3),
        ("month,incidents,detection\n1,2,0.5\n2,2,0\n3,1,0.5\n", "detection is '0'", 3),
        ("month,incidents,detection\n1,2,0.5\n2,2,\n3,1,0.5\n", "detection is ''", 3),
        ("month,incidents,detection\n1,2,0.5\n2,2,inf\n3,1,0.5\n", "detection is 'inf'", 3),
        ("month,incidents,detection\n1,2,0.5\n2,2,nan\n3,1,0.5\n", "detection is 'nan'", 3),
    ],
)
def test_a_bad_file_of_counts_is_refused_with_its_line_by_check_too(tmp_path, text, word, line):
    file = write(tmp_path, text)
    with pytest.raises(CaseError, match=word) as caught:
        read_counts(file)
    assert caught.value.problems[0].line == line
    assert caught.value.problems[0].remedy
    assert word in str(check(make_case(tmp_path, truce="{observed: incidents.csv}"))[0])


def test_a_file_in_another_encoding_is_refused_by_check(tmp_path):
    (tmp_path / "incidents.csv").write_bytes("month,incidents\n1,2\n".encode("utf-16"))
    (problem,) = check(make_case(tmp_path, truce="{observed: incidents.csv}"))
    assert "UTF-8" in problem.remedy


ACLED = "event_id_cnty,event_date,event_type,sub_event_type,latitude,longitude,geo_precision,notes"
GED = "id,type_of_violence,where_prec,latitude,longitude,date_start,date_end,best"
LINE = '{"type": "LineString", "coordinates": [[30, 50], [31, 50]]}'


def events_case(folder, text, settings="within_km: 20, until: 2026-06-30", line=", geojson: line.geojson", at="0"):
    write(folder, text, "events.csv")
    write(folder, LINE, "line.geojson")
    return make_case(folder, truce=f"{{at: {at}, observed: {{file: events.csv, {settings}}}}}", length="1000" + line)


def test_an_acled_export_is_counted_by_month_near_the_line_and_says_what_it_left_out(tmp_path):
    rows = [
        "XX1,2026-01-01,Battles,Armed clash,50.1,30.5,1,",
        "XX2,31 January 2026,Explosions/Remote violence,Shelling,50,30,2,",
        "XX2,31 January 2026,Explosions/Remote violence,Shelling,50,30,2,",
        "XX3,2026-06-30,Battles,Armed clash,49.9,31.1,1,last day",
        "XX4,2025-12-31,Battles,Armed clash,50,30.5,1,too early",
        "XX5,2026-07-01,Battles,Armed clash,50,30.5,1,too late",
        "XX6,2026-03-01,Battles,Armed clash,51,30.5,1,111 km off",
        "XX7,2026-03-01,Battles,Armed clash,50,30.5,3,somewhere there",
        "XX8,2026-03-01,Protests,Peaceful protest,50,30.5,1,",
    ]
    counts = observed_counts(events_case(tmp_path, "\n".join([ACLED, *rows])))
    assert counts is not None
    assert counts.seen.tolist() == [2, 0, 0, 0, 0, 1]
    assert (counts.months, counts.held) == ((1, 2, 3, 4, 5, 6), 6)
    assert counts.by_type == {"Battles": 2, "Explosions/Remote violence": 1}
    assert counts.left_out == {
        "after the last whole month": 1, "at a place known only roughly": 1, "before the truce": 1, "farther than 20 km": 1,
        "listed twice": 1, "of another type": 1,
    }  # fmt: skip
    chosen = observed_counts(
        events_case(tmp_path, "\n".join([ACLED, *rows]), "within_km: 200, types: [Armed Clash], until: 2026-06-30")
    )
    assert chosen is not None
    assert chosen.seen.sum() == 3


def test_a_ged_export_is_counted_too_with_events_dated_by_their_middle(tmp_path):
    rows = [
        "1,1,1,50,30.5,2026-01-10 00:00:00.000,2026-01-10 00:00:00.000,3",
        "2,1,2,50,30.5,2026-01-30,2026-02-05,1",
        "3,3,1,50,30.5,2026-02-01,2026-02-01,9",
        "4,1,1,50,30.5,2026-01-01,2026-05-31,9",
        "5,1,4,50,30.5,2026-02-01,2026-02-01,9",
    ]
    counts = observed_counts(events_case(tmp_path, "\n".join([GED, *rows])))
    assert counts is not None
    assert counts.seen.tolist() == [1, 1, 0, 0, 0, 0]
    assert counts.by_type == {"state-based": 2}
    assert counts.left_out == {
        "at a place known only roughly": 1,
        "dated no closer than a month": 1,
        "of another type": 1,
    }


@given(st.dates(dt.date(2026, 1, 31), dt.date(2027, 12, 31)), st.dates(dt.date(2026, 4, 30), dt.date(2028, 12, 31)))
def test_every_event_is_counted_or_said_to_be_left_out(tmp_path_factory, day, until):
    """Exposure is the calendar's whole months, whether or not something happened in them."""
    folder = tmp_path_factory.mktemp("e")
    rows = [f"X{k},{day + dt.timedelta(days=17 * k)},Battles,,50,30.5,1," for k in range(12)]
    case = events_case(folder, "\n".join([ACLED, *rows]), f"within_km: 5, since: 2026-01-31, until: {until}")
    counts = observed_counts(case)
    assert counts is not None
    assert counts.seen.sum() + sum(counts.left_out.values()) == 12
    start = dt.date(2026, 1, 31)
    assert _months_on(start, counts.held) <= until + dt.timedelta(days=1) < _months_on(start, counts.held + 1)


@pytest.mark.parametrize(
    ("settings", "more", "word"),
    [
        ("until: 2026-06-30", {}, "how near the line"),
        ("within_km: 20", {}, "until when"),
        ("within_km: 20, until: 2026-02-20", {}, "1 whole months"),
        ("within_km: 20, until: 2026-06-30", {"line": ""}, "drawn line"),
        ("within_km: 20, until: 2026-06-30, types: [Batles]", {}, "did you mean 'battles'"),
    ],
)
def test_what_the_case_must_say_of_events_is_asked_for(tmp_path, settings, more, word):
    case = events_case(tmp_path, f"{ACLED}\nX,2026-01-02,Battles,,50,30,1,\n", settings, **more)
    (problem,) = check(case)
    assert word in str(problem)
    assert problem.line > 1


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("X,soon,Battles,,50,30,1,", "'soon' is no date"),
        ("X,2026-02-30,Battles,,50,30,1,", "no date"),
        ("X,2026-02-03,Battles,,north,30,1,", "north"),
        ("X,2026-02-03,Battles,,95,30,1,", "no longitude and latitude"),
        ("X,2026-02-03,Battles,,nan,30,1,", "no longitude and latitude"),
        ("X,2026-02-03", "no event"),
    ],
)
def test_a_bad_event_is_named_with_its_line(tmp_path, row, word):
    (problem,) = check(events_case(tmp_path, f"{ACLED}\nX0,2026-01-02,Battles,,50,30,1,\n{row}\n"))
    assert word in problem.message
    assert (problem.line, problem.file.endswith("events.csv")) == (3, True)


def test_the_truce_begins_with_the_month_or_the_move_that_the_case_names(tmp_path):
    text = f"{ACLED}\nX,2026-03-20,Battles,,50,30,1,\n"
    from_month = observed_counts(events_case(tmp_path, text, at="2.5"))
    assert from_month is not None
    assert (from_month.held, from_month.seen.tolist()) == (3, [1, 0, 0])
    from_move = observed_counts(events_case(tmp_path, text, at="answer"))
    assert from_move is not None
    assert from_move.seen.tolist() == [0, 0, 1, 0, 0, 0]


def test_a_text_stands_for_the_file_alone(tmp_path):
    write(tmp_path, "month,incidents\n1,1\n2,1\n3,1\n")
    short = make_case(tmp_path, truce="{observed: incidents.csv}").file.truce.watched
    assert short == make_case(tmp_path, truce="{observed: {file: incidents.csv}}").file.truce.watched
    with pytest.raises(CaseError):
        load_case(make_case(tmp_path, truce="{observed: {files: incidents.csv}}").folder)


def test_the_bundled_case_counts_its_table_of_events():
    """Counted once more by hand: fighting within 15 km from July 2024 on, dates as written, places known closely."""
    case = load_case(ROOT / "cases" / "watched-line")
    line = json.loads((case.folder / "line.geojson").read_text(encoding="utf-8"))["geometry"]["coordinates"]
    with (case.folder / "events.csv").open(encoding="utf-8") as stream:
        events = list(csv.DictReader(stream))
    assert {e["notes"] for e in events} == {"invented"}
    assert "invented" in case.file.title
    months = np.zeros(18)
    for e in events:
        near = nearest_km(line, (float(e["longitude"]), float(e["latitude"])), tries=100) <= 15
        if near and e["geo_precision"] != "3" and e["event_type"] != "Protests" and e["event_date"] >= "2024-07":
            months[(int(e["event_date"][:4]) - 2024) * 12 + int(e["event_date"][5:7]) - 7] += 1
    counts = observed_counts(case)
    assert counts is not None
    assert 30 < months.sum() < len(events)
    assert counts.seen.tolist() == months.tolist()
    assert sum(counts.left_out.values()) == len(events) - months.sum()
    found = observed_update(bind(case, make_draws(case)))
    assert found is not None
    assert found.held_months == 18
    assert found.holds_further_12["observers"].mean > found.holds_further_12["none"].mean > 0.6
