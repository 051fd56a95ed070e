"""What a case may say of its own plausibility: `expect:` and `variants:`, their faults with line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_base import ALL, BASE, errors, write
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.case import CaseError, load_case


@pytest.mark.parametrize(
    ("line", "message", "remedy"),
    [
        ("{raise: pian, lowers: built}", "unknown number 'pian'", "'pain'"),
        ("{raise: pain, lowers: bilt}", "unknown name 'bilt'", "'built'"),
        ("{raise: pain, lowers: answer == yess}", "unknown option of 'answer' 'yess'", "yes_"),
        ("{raise: pain, lowers: built, given: pain > 1}", "unknown name 'pain'", ""),
        ("{raise: pain, lowers: built and answer == no_}", "joins a goal or an outcome with something else", "name it alone"),
        ("{raise: pain, lower: gain, lowers: built}", "one number", ""),
        ("{raise: pain, lowers: built, raises: idle}", "one effect", ""),
        ("{raise: pain}", "one effect", ""),
        ("{raise: pain, lowers: built, on: idle}", "`on` belongs to `moves`", ""),
        ("{raise: pain, moves: much}", "'much' is none of nothing, something", "nothing or something"),
        ("{raise: pain, lowers: built, by_at_least: 101}", "'by_at_least' is 101", "at most 100"),
    ],
)  # fmt: skip
def test_a_faulty_expectation_is_named_with_its_line(tmp_path: Path, line: str, message: str, remedy: str) -> None:
    text = BASE + f"expect:\n  - {{raise: gain, raises: built}}\n  - {line}\n"
    found = errors(write(tmp_path, text))
    assert [p.line for p in found] == [len(text.splitlines())] * len(found)
    assert any(message in p.message and remedy in p.remedy for p in found), found


def test_goals_outcomes_choices_and_inline_numbers_may_be_named(tmp_path: Path) -> None:
    lines = "[{raise: precision.lord, lowers: built}, {lower: pain, raises: outcome == built}, {raise: gain, moves: something, on: idle}]"
    case = load_case(write(tmp_path, BASE + f"expect: {lines}\n"))
    assert [e.number for e in case.file.expect] == ["precision.lord", "pain", "gain"]


def _variant(tmp_path: Path, changes: str, text: str = BASE) -> Path:
    return write(tmp_path, text + f"variants:\n  other:\n    label: Other\n    set:\n      {changes}\n")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ("moves.answer.options: [yes_]", "variant 'other': unknown option of 'answer' 'no_'"),
        ("movs.answer: {}", "variant 'other': unknown key 'movs'"),
        ("moves.answer.by: duke", "variant 'other': unknown actor 'duke'"),
        ("quantities.pain: null", "variant 'other': unknown"),
        ("quantities.nothing: null", "variant 'other': nothing stands at quantities.nothing"),
        ("moves.answer.at.month: 3", "variant 'other': nothing stands at moves.answer.at.month"),
        ("pain: uniform(2, 1)", "variant 'other': "),
        ("goals.built: outcome == ruined", "variant 'other': unknown option of 'outcome' 'ruined'"),
        ("moves.answer.when: ask == wait and ask == ask", "variant 'other': the move 'answer' is never reached"),
    ],
)
def test_a_faulty_variant_is_named_with_a_line_of_its_own(tmp_path: Path, changes: str, message: str) -> None:
    path = _variant(tmp_path, changes)
    first = len(BASE.splitlines()) + 2
    found = errors(path)
    assert found
    assert any(message in p.message for p in found), found
    assert all(p.line >= first for p in found if "variant" in p.message), found


def test_a_variant_replaces_and_removes_structure_and_numbers_and_leaves_the_case_alone(tmp_path: Path) -> None:
    changes = "\n      ".join(
        [
            "pain: 0.3",
            "payoffs.town.shame: null",
            "payoffs.lord.anger: {worth: -2, when: answer.last == no_, label: Rage}",
            "payoffs.lord.pain: -2 * pain",
            "goals: {waiting: outcome == idle}",
            "moves.answer.repeat: {rounds: 2, stop_when: answer == no_}",
            "outcomes.built: answer.last == yes_",
            "payoffs.town.gain.when: outcome == idle",
            "precision.lord: null",
        ]
    )
    case = load_case(_variant(tmp_path, changes))
    other = case.variant("other").file
    assert (case.file.quantities["pain"].value, other.quantities["pain"].value) == ("uniform(0.2, 1.5)", 0.3)
    assert set(other.payoffs["town"].terms) == {"gain"}
    assert other.payoffs["lord"].terms["anger"].label == "Rage"
    assert other.payoffs["lord"].terms["pain"].worth == "-2 * pain"
    assert other.payoffs["lord"].terms["pain"].when == "outcome == built"
    assert list(other.goals) == ["waiting"]
    assert case.variant("other").turn_of["answer"].times == 2
    assert set(other.precision) == {"town"}
    assert (other.variants, other.expect) == ({}, ())
    assert load_case(case.path).file == case.file


def test_numbers_replaced_in_the_case_are_replaced_in_its_variants(tmp_path: Path) -> None:
    path = _variant(tmp_path, "gain: 2")
    assert load_case(path, {"pain": "0.9"}).variant("other").inputs["pain"].text == "0.9"
    with pytest.raises(CaseError, match="no such uncertain number"):
        load_case(path, {"pian": "0.9"})


PLACES = ("title", "quantities.pain", "moves.answer", "moves.ask.options", "payoffs.town", "payoffs.lord.pain", "precision.town", "members.fr", "types.lord", "forms", "outcomes", "goals.built")  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(places=st.sets(st.sampled_from(PLACES), min_size=1))
def test_a_variant_that_sets_what_stands_there_already_is_the_case(
    tmp_path_factory: pytest.TempPathFactory, places: set[str]
) -> None:
    from vetopoint.case import Place
    from vetopoint.case.variants import varied

    case = load_case(write(tmp_path_factory.mktemp("same"), ALL))
    data = type(case.file).normalise(case.document.data)
    same = {place: Place.parse(place).find(data) for place in places}
    assert case.reviewed is not None
    assert case.reviewed(varied(case.document, Place.of("variants", "same"), same), {}).file == case.file
