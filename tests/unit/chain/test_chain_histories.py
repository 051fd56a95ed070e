"""A short plan in days, with rounds that alternate and a chance that hangs on them, goes through the whole chain to its report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vetopoint.case import load_case
from vetopoint.chain import build_world, frame_of, sample_case
from vetopoint.study import open_study, run
from vetopoint.truce.observed import observed_counts

DAYS = """vetopoint: 1
title: Talks of sixty days
as_of: 2026-01-10
horizon_days: 60
owner: town
actors: {town: {label: The town}, lord: {label: The lord}}
quantities:
  gain: uniform(0.5, 1.5)
  pain: uniform(0.2, 1.5)
  high: uniform(0.5, 0.9)
  low: uniform(0.1, 0.3)
moves:
  open_: {by: town, at: 3, options: [begin, wait], label: Talks begin}
  demand: {by: lord, at: 5, options: [more, less]}
  concede: {by: town, after: demand + 1, options: [yield_, hold]}
  decide: {by: lord, options: [sign, go_on]}
  strike: {by: chance, at: 2026-02-20, when: open_ == begin, options: {hit: high if decide.last == go_on else low, miss: rest}}
  renew: {by: lord, after: strike + 1 week, when: strike == miss, options: [keep, drop], repeat: {every: 3, until: 2 weeks}}
rounds:
  talks: {moves: [demand, concede, decide], every: 10, times: 2, when: open_ == begin, stop_when: decide == sign}
outcomes: {hurt: strike == hit, signed: any(decide == sign) and renew.last == keep, broken: otherwise}
goals: {signed: outcome == signed, stands: present_at(2026-03-01), early: present_at(40)}
forms: {crew: {label: A crew, personnel: 100}}
paths: {signed: crew from decide + 2 days to 50}
precision: {town: 3, lord: 2}
payoffs:
  town: {unit: [broken, signed], gain: {worth: gain, when: outcome == signed}, yielded: -0.2 * count(concede == yield_), soon: -0.1 * month(decide.last)}
  lord: {unit: [broken, signed], gain: {worth: pain, when: outcome == signed}, won: 0.3 * count(concede == yield_ and demand == more), hurt: {worth: -0.5, when: outcome == hurt}, kept: -0.1 * count(renew == keep)}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("days")
    (path / "case.yaml").write_text(DAYS, encoding="utf-8")
    return path


def days(case: object, move: str) -> list[int]:
    dates = frame_of(case).game.public_dates[move].ravel()  # type: ignore[arg-type]
    return sorted({round(float(d) * 30) for d in dates if d == d})


def test_bare_numbers_of_a_case_in_days_are_days(folder: Path) -> None:
    case = load_case(folder)
    assert days(case, "open_") == [3]
    assert days(case, "demand") == [5, 15]
    assert days(case, "concede") == [6, 16]
    assert days(case, "decide") == [6, 16], "undated: with the move before it"
    assert days(case, "strike") == [41]
    assert days(case, "renew") == [48, 51, 54, 57, 60]


def test_what_stands_follows_days_and_dates(folder: Path) -> None:
    frame = frame_of(load_case(folder))
    ends = {round(end * 30, 6) for line in frame.paths.timelines for _, _, end in line}
    begins = {round(start * 30, 6) for line in frame.paths.timelines for _, start, _ in line}
    assert (begins, ends) == ({8, 18}, {50})
    world = build_world(frame, sample_case(frame, 16, 1))
    signed, stands, early = (world.goals[name] for name in ("signed", "stands", "early"))
    assert signed.any()
    assert (early == signed).all()
    assert not stands.any(), "day 50 is the first of March"


def test_the_report_of_a_case_in_days_tells_days(folder: Path, tmp_path: Path) -> None:
    from vetopoint.view.report import render_report

    answers = run(open_study(folder), draws=32, seed=1)
    assert answers.run.horizon_days == 60
    stopped = answers.stopped[0]
    assert len(stopped.months) == 61
    assert stopped.months[-1] == 2.0
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", render_report(answers), flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    assert "as of 10 January 2026" in text
    assert "60 days from 10 January 2026" in text
    assert "20 February 2026" in text
    assert "By day 60 the plan is stopped" in text
    assert not re.search(r"\bmonth \d|(?<!\d )(?:January|February|March) 2026", text)


def test_raising_one_branch_of_a_chance_moves_what_hangs_on_it(folder: Path) -> None:
    case = load_case(folder)

    def hurt(**values: str) -> float:
        frame = frame_of(case.with_values(values) if values else case)
        world = build_world(frame, sample_case(frame, 64, 1))
        return float(world.probability(world.frame.game.outcome == "hurt").mean())

    assert hurt(high="0.99") > hurt() + 0.01
    assert hurt(low="0.99") > hurt() + 0.01
    assert abs(hurt(**{"moves.strike.options.hit": "0"})) < 1e-12


def test_a_truce_in_days_is_watched_from_its_day(tmp_path: Path) -> None:
    text = (
        DAYS
        + "truce: {at: 45, observed: {file: events.csv, within_km: 10, until: 2026-07-30}}\nline: {geojson: line.json}\n"
    )
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "events.csv").write_text(
        "event_date,latitude,longitude,event_type,sub_event_type,fatalities\n2026-02-23,0.01,0.5,Battles,Armed clash,1\n2026-02-24,0.01,0.5,Battles,Armed clash,1\n",
        encoding="utf-8",
    )
    (tmp_path / "line.json").write_text('{"type": "LineString", "coordinates": [[0, 0], [1, 0]]}', encoding="utf-8")
    counts = observed_counts(load_case(tmp_path))
    assert counts is not None
    assert counts.seen.sum() == 1, "the truce's first day is 24 February"
