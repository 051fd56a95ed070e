"""Numbers put in place of a case's own: which may be set, that nothing else may, and that no file is read for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_base import ALL, BASE, changed, write

from support import ROOT
from vetopoint.case import CaseError, Place, load_case
from vetopoint.case.document import read_document

ISSUES = "\nissues: {sea: {positions: {fr: 10, de: 80}}}\nevents: {vote: {at: 3, shifts: {fr.supports: 0.1}}}\n"


@pytest.mark.parametrize(
    "name",
    [
        "gain",
        "quantities.gain",
        "precision.lord",
        "payoffs.lord.pain",
        "payoffs.lord.terms.pain.worth",
        "members.fr.capability",
        "members.fr.joins.accepts",
        "types.lord.stern.truth",
        "types.lord.stern.hazard",
        "moves.luck.options.good",
        "coalition.need",
        "forms.crew.personnel",
        "forms.crew.exit",
        "issues.sea.positions.fr",
        "events.vote.shifts.fr.supports",
    ],
)
def test_an_uncertain_number_can_be_set(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, ALL + ISSUES)
    case = load_case(path, {name: "0.375"})
    (said,) = case.overrides
    assert case.overrides[said] == "0.375"
    place = Place.of("quantities", said, "value") if said == "gain" else Place.parse(said)
    assert float(place.find(case.file)) == 0.375
    text = case.inputs[said].text if said in case.inputs else case.spec(Place.parse(said)).text
    assert float(text) == 0.375
    assert load_case(path).with_values({name: "0.375"}) == case


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("gian", "'gain'"),
        ("moves.answer.by", ""),
        ("moves.answer.at", ""),
        ("moves.answer.label", ""),
        ("moves.answer.when", ""),
        ("moves.luck.options.god", "'moves.luck.options.good'"),
        ("moves.luck.options.bad", "'moves.luck.options.good'"),
        ("moves.answer.options.yes_", ""),
        ("title", ""),
        ("as_of", ""),
        ("owner", ""),
        ("horizon_months", ""),
        ("line.geojson", ""),
        ("truce.priors", ""),
        ("truce.starts", ""),
        ("goals.built", ""),
        ("quantities.gain.label", ""),
        ("quantities.gain.without", ""),
        ("actors.lord.label", ""),
        ("payoffs.lord", "'payoffs.lord.pain'"),
        ("payoffs.lord.unit", ""),
        ("payoffs.lord.pian", "'payoffs.lord.pain'"),
        ("precision.lrd", "'precision.lord'"),
        ("members.fr.stances.0", ""),
        ("members.fr", ""),
        ("types.lord.mild", ""),
        ("others.7.share", ""),
        ("silence.unused-quantity", ""),
        ("", ""),
        ("...", ""),
        ('"', ""),
    ],
)
def test_nothing_else_can_be_set(tmp_path: Path, name: str, near: str) -> None:
    path = write(tmp_path, ALL + ISSUES)
    with pytest.raises(CaseError) as caught:
        load_case(path, {name: "0.25"})
    (problem,) = caught.value.problems
    assert problem.message == f"--set {name}: no such uncertain number"
    assert near in problem.remedy
    assert "did you mean" in problem.remedy or "known here: " in problem.remedy


def test_a_precision_that_is_not_written_can_be_set(tmp_path: Path) -> None:
    text = changed(BASE, ('precision: {town: 4, lord: "lognormal(median=4, p90=10)"}', ""))
    case = load_case(write(tmp_path, text), {"precision.lord": "3"})
    assert float(case.spec("precision", "lord").text) == 3


def test_what_is_wrong_with_a_value_is_said_as_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, ALL)
    for value, message in (
        ("gian", "not a quantity"),
        ("2 * nobody", "unknown quantity 'nobody'"),
        ("1 +", "cannot read"),
    ):
        with pytest.raises(CaseError, match=message) as caught:
            load_case(path).with_values({"payoffs.town.gain": value})
        assert caught.value.problems[0].line == 20


def test_no_file_is_read_for_other_values(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, ALL)
    case = load_case(path)
    path.unlink()
    other = case.with_values({"gain": "uniform(0, 1)"}).with_values({"precision.lord": "2"})
    assert other.overrides == {"gain": "uniform(0, 1)", "precision.lord": "2"}
    assert (other.inputs["gain"].text, other.inputs["precision.lord"].text) == ("uniform(0, 1)", 2.0)
    assert case.inputs["gain"].text == "uniform(0.5, 1.5)"
    assert case.overrides == {}
    with pytest.raises(CaseError):
        read_document(path)


def test_other_values_are_those_of_a_loaded_case() -> None:
    path = ROOT / "cases" / "european-presence"
    values = {"losses": "0", "precision.russia": "3", "payoffs.russia.nearness": "2 * nearness", "feared": "likely"}
    assert load_case(path).with_values(values) == load_case(path, values)
    claims = load_case(path, claim_ids=[f"c{i}" for i in range(1, 17)])
    assert claims.with_values(values).inputs == load_case(path, values).inputs
