"""Numbers put in place of a case's own: which may be set, that nothing else may, and that no file is read for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from case_base import ALL, BASE, FORMS, changed, errors, write

from support import ROOT
from vetopoint.case import Case, CaseError, Place, load_case, once_a_case
from vetopoint.case.document import read_document
from vetopoint.chain import build_world, frame_of, sample_case
from vetopoint.chain.checks import check_histories_of

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
    assert problem.message.startswith(f"--set {name}=0.25: ")
    assert problem.line == 0
    assert near in problem.remedy
    if "no such uncertain number" in problem.message:
        assert "did you mean" in problem.remedy or "known here: " in problem.remedy
    elif name in ("moves.answer.at", "horizon_months"):
        assert f"settable: [{name}]" in problem.remedy
    else:
        assert "part of how the case is built" in problem.message
        assert "variants" in problem.remedy


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
        problem = caught.value.problems[0]
        assert problem.message.startswith(f"--set payoffs.town.gain={value}: ")
        assert problem.line == 0  # no line of the file is to blame


TIMED = changed(BASE, ("lord: {}}", "lord: {}}\nsettable: [moves.answer.at, horizon_months]"))


def test_a_time_can_be_set_where_the_case_says_so(tmp_path: Path) -> None:
    case = load_case(write(tmp_path, TIMED), {"moves.answer.at": "5", "horizon_months": "24"})
    assert (case.file.moves["answer"].at, case.file.horizon_months) == (5, 24)
    assert case.as_written.file.moves["answer"].at == 2
    with pytest.raises(CaseError) as caught:
        load_case(write(tmp_path, BASE), {"moves.answer.at": "5"})
    (problem,) = caught.value.problems
    assert problem.message == "--set moves.answer.at=5: the case does not say that this time can be set"
    assert "settable: [moves.answer.at]" in problem.remedy


@pytest.mark.parametrize("value", ["soon", "nan", "", "[1]", "1e400"])
def test_a_bad_time_names_what_was_set_and_no_line(tmp_path: Path, value: str) -> None:
    with pytest.raises(CaseError) as caught:
        load_case(write(tmp_path, TIMED), {"moves.answer.at": value})
    for problem in caught.value.problems:
        assert problem.message.startswith(f"--set moves.answer.at={value}: ")
        assert (problem.line, problem.remedy != "") == (0, True)


@pytest.mark.parametrize(
    ("value", "number"), [("2.5", "odds"), ("nobody", "odds"), ("1 +", "gain"), ("pert(3, 2, 1)", "gain"), ("", "gain")]
)
def test_a_bad_number_names_what_was_set_whoever_finds_it(tmp_path: Path, value: str, number: str) -> None:
    """Some are found when the case is read, some when its distributions are; no line of the file is to blame for any."""
    path = write(tmp_path, BASE)
    try:
        found = [p for p in check_histories_of(load_case(path, {number: value})) if p.severity == "error"]
    except CaseError as error:
        found = error.problems
    assert found
    for problem in found:
        assert f"--set {number}={value}" in problem.message
        assert problem.line == 0


def test_what_is_to_be_settable_is_a_time_or_a_plain_number(tmp_path: Path) -> None:
    for text, near in (("moves.anwser.at", "'moves.answer.at'"), ("moves.answer.by", ""), ("odds", ""), ("title", "")):
        (problem,) = errors(write(tmp_path, TIMED.replace("horizon_months]", f"{text}]")))
        assert problem.check == "settable"
        assert problem.line == 7
        assert near in problem.remedy


def test_a_later_move_is_played_as_if_the_case_had_it_so(tmp_path: Path) -> None:
    """A time that is set gives what the file with that time gives, but for units, which stay: truce and presence move with it."""
    more = "".join((FORMS, "truce: {at: answer}\n"))
    text = (
        changed(
            TIMED,
            ("worth: gain, when: outcome == built", "worth: gain * truce + presence_share, when: outcome == built"),
        )
        + more
    )
    there = load_case(write(tmp_path, changed(text, ("at: 2, when", "at: 6, when"))))
    own = build_world(frame := frame_of(there), sample_case(frame, 64, 1))
    base = load_case(write(tmp_path, text))
    case = load_case(write(tmp_path, text), {"moves.answer.at": "6"})
    frame = frame_of(case, base=base)
    set_ = build_world(frame, sample_case(frame, 64, 1))
    raw = [w.payoffs[0] * w.unit for w in (own, set_)]
    assert raw[0] == pytest.approx(raw[1])
    assert not np.array_equal(
        raw[0], build_world(frame_of(base), sample_case(frame_of(base), 64, 1)).payoffs[0] * own.unit
    )


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


def test_what_hangs_on_a_case_alone_is_made_once_for_each(tmp_path: Path) -> None:
    cases = [load_case(write(tmp_path, BASE)) for _ in range(2)]
    asked: list[Case] = []

    def inputs(case: Case) -> int:
        asked.append(case)
        return len(case.inputs)

    length = once_a_case(inputs)
    assert [length(case) for case in (*cases, *cases)] == [len(cases[0].inputs)] * 4
    assert [case is own for case, own in zip(asked, cases, strict=True)] == [True, True]
