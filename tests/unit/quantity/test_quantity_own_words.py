"""A case may take a word of probability otherwise than the shipped table, or add one."""

from __future__ import annotations

from pathlib import Path

import pytest

from vetopoint.case import Case, load_case
from vetopoint.errors import CaseError
from vetopoint.quantity import compile_inputs, draw_case, input_files, parse_distribution
from vetopoint.quantity._own_words import unused_words
from vetopoint.quantity.inputs import possibility_warnings

CASE = """\
vetopoint: 1
title: A dam
as_of: 2026-01-01
owner: builder
actors: {builder: {}, board: {}}
words: WORDS
quantities:
  risk: {value: FIRST, without: SECOND}
moves:
  ask: {by: builder, at: 0, options: [build, drop]}
  rain: {by: chance, at: 0, options: {wet: THIRD, dry: rest}}
  say: {by: board, at: 1, when: ask == build, options: [permit, refuse]}
outcomes: {built: say == permit, not_built: otherwise}
goals: {built: outcome == built}
payoffs:
  builder: {unit: [not_built, built], gain: {worth: 1, when: outcome == built}}
  board: {unit: [not_built, built], gain: {worth: 1 - risk, when: outcome == built}}
"""


def write(folder: Path, words: str, first: str = "likely", second: str = "unlikely", third: str = "0.4") -> Case:
    text = CASE.replace("WORDS", words).replace("FIRST", first).replace("SECOND", second).replace("THIRD", third)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return load_case(folder)


def test_a_case_replaces_a_word_everywhere(tmp_path: Path) -> None:
    case = write(tmp_path, '{Likely: "beta(8, 2)", unlikely: 0.25}', third="likely")
    inputs = compile_inputs(case)
    assert inputs["risk"].mean() == pytest.approx(0.8)
    assert inputs["moves.rain.options.wet"].mean() == pytest.approx(0.8)
    assert compile_inputs(case, dropped={"risk"})["risk"].mean() == 0.25
    assert draw_case(case, 4096, 1).mean("risk") == pytest.approx(0.8, abs=0.01)


def test_other_words_and_named_scales_stay(tmp_path: Path) -> None:
    case = write(tmp_path, '{likely: "beta(8, 2)"}', first="likely (icd203)", third="very likely")
    inputs = compile_inputs(case)
    assert inputs["risk"] == parse_distribution("likely (icd203)")
    assert inputs["moves.rain.options.wet"] == parse_distribution("very likely")


def test_a_case_may_take_another_scale_for_a_word(tmp_path: Path) -> None:
    case = write(tmp_path, "{likely: likely (icd203)}")
    assert compile_inputs(case)["risk"] == parse_distribution("likely (icd203)")


def test_a_case_may_declare_a_word_that_no_survey_knows(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="on the cards"):
        compile_inputs(write(tmp_path, "{}", first="on the cards"))
    assert (
        compile_inputs(write(tmp_path, '{on the cards: "pert(0.2, 0.4, 0.7)"}', first="on-the-cards"))["risk"].mean()
        > 0.3
    )


@pytest.mark.parametrize(
    ("words", "cause", "remedy"),
    [
        ('{likely: "btea(2, 3)"}', "unknown distribution 'btea'", "did you mean 'beta'?"),
        ('{likely: "normal(0.7, 0.1)"}', "'likely' stands for a probability and can be -inf", "use beta"),
        ("{likely: 1.2}", "'likely' stands for a probability and can be 1.2", "use beta"),
        ("{likely: quite sure}", "no number, distribution or word", "write a number"),
    ],
)
def test_a_word_that_cannot_be_used_names_its_line(tmp_path: Path, words: str, cause: str, remedy: str) -> None:
    with pytest.raises(CaseError) as caught:
        compile_inputs(write(tmp_path, words))
    found = [p for p in caught.value.problems if p.where == "words.likely"]
    assert len(found) == 1
    assert cause in found[0].message
    assert remedy in found[0].remedy
    assert found[0].line == 6


def test_a_word_that_refers_to_itself_does_not_run_for_ever(tmp_path: Path) -> None:
    case = write(tmp_path, "{likely: unlikely, unlikely: likely}")
    inputs = compile_inputs(case)
    assert inputs["risk"] == parse_distribution("unlikely")


def test_a_word_nobody_uses_is_a_warning(tmp_path: Path) -> None:
    case = write(tmp_path, "{likely: 0.7, unlikly: 0.2}")
    assert [p.where for p in unused_words(case)] == ["words.unlikly"]
    assert [p.severity for p in unused_words(case)] == ["warning"]


def test_a_word_of_possibility_that_the_case_defines_bears_odds(tmp_path: Path) -> None:
    assert possibility_warnings(write(tmp_path, "{}", first="could"))
    assert not possibility_warnings(write(tmp_path, '{could: "beta(2, 6)"}', first="could"))
    assert possibility_warnings(write(tmp_path, "{likely: could}"))


def test_a_file_behind_a_word_is_an_input_file(tmp_path: Path) -> None:
    (tmp_path / "asked.csv").write_text("p\n0.6\n0.7\n", encoding="utf-8")
    case = write(tmp_path, '{likely: "empirical(asked.csv, p)"}')
    assert input_files(case) == [tmp_path / "asked.csv"]
    assert compile_inputs(case)["risk"].mean() == pytest.approx(0.65)
