"""What payoffs may name, what an actor's unit is measured against, and the complaints that need more than the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from support import ROOT
from vetopoint.case import CaseError, load_case
from vetopoint.chain import World, build_world, frame_of, sample_case
from vetopoint.chain.checks import check_histories_of
from vetopoint.chain.frame import Paths, presence_share
from vetopoint.chain.values import units
from vetopoint.study.project import open_study

TEMPLATE = ROOT / "src/vetopoint/study/template"
FORMS = """
forms: {crew: {personnel: 100}}
paths: {agreed: crew from answer, against: crew from respond to 12}
"""


def case_file(tmp_path: Path, *changes: tuple[str, str], more: str = "") -> Path:
    text = (TEMPLATE / "case.yaml").read_text(encoding="utf-8") + more
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def world_of(path: Path, draws: int = 64) -> World:
    case = load_case(path)
    frame = frame_of(case)
    return build_world(frame, sample_case(frame, draws, 1))


def line_of(path: Path, text: str) -> int:
    lines = (path / "case.yaml").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def test_a_payoff_may_name_the_share_of_presence(tmp_path: Path) -> None:
    change = ("  holder:\n    unit", "    stay: {worth: 2 * presence_share, channel: symbolic}\n  holder:\n    unit")
    plain, paid = world_of(case_file(tmp_path, more=FORMS)), world_of(case_file(tmp_path, change, more=FORMS))
    planner = paid.frame.game.players.index("planner")
    gained = (paid.payoffs[0] * paid.unit - plain.payoffs[0] * plain.unit)[:, :, planner]
    outcome = paid.frame.game.outcome
    assert gained[:, outcome == "agreed"] == pytest.approx(2 * (24 - 2) / 24)
    assert gained[:, outcome == "against"] == pytest.approx(2 * (12 - 3) / 24)
    assert gained[:, outcome == "dropped"] == pytest.approx(0)


def test_presence_is_counted_within_the_horizon_alone() -> None:
    timelines = ((("crew", -3.0, 2.0), ("team", 4.0, np.inf)), (), (("crew", 9.0, 12.0),))
    paths = Paths((), np.zeros(3, dtype=np.int64), timelines)
    assert presence_share(paths, 8).tolist() == [(2 + 4) / 8, 0.0, 0.0]


def test_a_unit_that_is_small_against_the_stakes_is_said(tmp_path: Path) -> None:
    path = case_file(tmp_path, ("reward, when: answer == consent", "300 * reward, when: answer == consent"))
    found = [w for w in world_of(path).warnings if w.where == "payoffs.holder.unit"]
    assert len(found) == 1
    assert "gap between against and dropped" in found[0].message
    assert found[0].severity == "warning"
    assert found[0].line == line_of(path, "unit: [against, dropped]")
    assert not [w for w in world_of(TEMPLATE).warnings if w.where == "payoffs.holder.unit"]


def test_a_unit_of_nothing_stops_the_run(tmp_path: Path) -> None:
    path = case_file(tmp_path, ("unit: [against, dropped]", "unit: [modest_built, dropped]"))
    with pytest.raises(CaseError, match="are worth the same to holder"):
        world_of(path)


def test_units_do_not_hang_on_the_draws(tmp_path: Path) -> None:
    few, many = world_of(case_file(tmp_path), 32), world_of(tmp_path, 4096)
    assert units(few.tables) == pytest.approx(units(many.tables), rel=0.1)


def test_a_correlation_that_cannot_be_names_its_line(tmp_path: Path) -> None:
    pairs = "\ncorrelate:\n  - [worth, dislike, 0.9]\n  - [dislike, reward, 0.9]\n  - [worth, reward, -0.9]\n"
    path = case_file(tmp_path, more=pairs)
    with pytest.raises(CaseError) as caught:
        sample_case(frame_of(load_case(path)), 64, 1)
    assert caught.value.problems[0].line == line_of(path, "correlate:")


def test_a_number_that_can_be_no_probability_stops_check_and_run(tmp_path: Path) -> None:
    chance = '  luck: {by: chance, at: 1, options: {good: "normal(0.5, 0.4)", bad: rest}}\n  answer:'
    path = case_file(tmp_path, ("  answer:", chance))
    case = load_case(path)
    assert any("stands for the probability moves.luck.options.good" in p.message for p in check_histories_of(case))
    with pytest.raises(CaseError, match="use beta, pert or uniform"):
        sample_case(frame_of(case), 64, 1)


def test_a_word_of_possibility_is_warned_of_in_check_and_run(tmp_path: Path) -> None:
    path = case_file(tmp_path, ('modest: {value: "pert(0.1, 0.4, 0.7)"', "modest: {value: could"))
    assert any("not how likely" in p.message for p in check_histories_of(load_case(path)))
    assert any("not how likely" in p.message for p in world_of(path).warnings)


def test_a_file_of_values_is_hashed(tmp_path: Path) -> None:
    change = ('modest: {value: "pert(0.1, 0.4, 0.7)"', 'modest: {value: "empirical(past.csv, share)"')
    more = case_file(tmp_path, change)
    (tmp_path / "past.csv").write_text("share\n0.2\n0.4\n", encoding="utf-8")
    (tmp_path / "sources").mkdir()
    for name in ("sources/report.md", "claims.jsonl"):
        (tmp_path / name).write_bytes((TEMPLATE / name).read_bytes())
    assert "past.csv" in open_study(more).inputs


@pytest.mark.parametrize("holder", ["holder", "one", "no", "n"])
def test_nobody_knows_what_is_known_to_none(tmp_path: Path, holder: str) -> None:
    """Whatever an actor is called: the letters of `one` stand in `none`."""
    text = (TEMPLATE / "case.yaml").read_text(encoding="utf-8").replace("holder", holder)
    old = 'dislike: {value: "pert(0.2, 0.6, 1.4)"'
    assert old in text
    (tmp_path / "case.yaml").write_text(text.replace(old, f"{old}, known_to: none"), encoding="utf-8")
    unknown, view_of = world_of(tmp_path).frame.views
    assert [unknown[view] for view in view_of] == [{"dislike"}, {"dislike"}]
