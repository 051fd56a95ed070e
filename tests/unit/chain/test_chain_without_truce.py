"""No truce without `truce:`: forms and paths say what stands when; how long a truce holds is nobody's business until the case says when one begins."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from support import ROOT
from vetopoint.case import CaseError, load_case
from vetopoint.study import check, run
from vetopoint.view import render_report, render_text

sys.path.insert(0, str(ROOT / "tests/unit/case"))
from case_base import BASE, FORMS, changed, errors, write

#: A corridor for ships, not a truce: what stands is asked of the goal alone.
SAILS = changed(
    BASE + FORMS,
    (
        "goals: {built: outcome == built}",
        "goals: {built: outcome == built, sails: present_at(6) and form_at(6) == crew}",
    ),
)
PEACE = ("Symbol and practice", "still holds", "as long as it holds", "past plans like")


def words_of(page: str) -> str:
    """What a reader of a page sees, without its styles and scripts."""
    return re.sub(r"<[^>]+>", " ", re.sub(r"<(script|style|template)\b.*?</\1>", " ", page, flags=re.DOTALL))


def test_forms_for_a_goal_alone_give_no_truce(tmp_path: Path) -> None:
    assert not errors(write(tmp_path, SAILS))
    answers = run(write(tmp_path, SAILS), draws=64, seed=1, out=tmp_path / "out")
    assert answers.truce is None
    assert [g.name for g in answers.goals] == ["built", "sails"]
    assert answers.goals[0].probability.mean == pytest.approx(answers.goals[1].probability.mean)
    assert not [i for i in answers.evidence.beside if i.name.startswith("truce.")]
    said = render_report(answers) + render_text(answers)
    assert "truce" not in words_of(said).casefold()
    assert not [words for words in PEACE if words in said]


def test_the_same_with_a_truce_has_them(tmp_path: Path) -> None:
    answers = run(write(tmp_path, SAILS + "truce: {at: answer}\n"), draws=64, seed=1, out=tmp_path / "out")
    assert answers.truce is not None
    assert {f.form for f in answers.truce.forms} == {"none", "crew"}
    said = render_report(answers)
    assert [words for words in PEACE if words in said]


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("gain: {worth: gain,", "gain: {worth: gain * truce,", "truce"),
        ("gain: {worth: gain,", "gain: {worth: gain * truce_at(6),", "truce_at"),
        ("goals: {built: outcome == built}", "goals: {built: truce_held_at(6)}", "truce_held_at"),
    ],
)
def test_a_word_of_the_truce_without_one_is_an_error_with_its_remedy(
    tmp_path: Path, old: str, new: str, word: str
) -> None:
    text = changed(BASE + FORMS, (old, new))
    (problem,) = errors(write(tmp_path, text))
    assert problem.message == f"'{word}' means nothing in a case without `truce`"
    assert "declare `truce:`" in problem.remedy
    assert word in text.splitlines()[problem.line - 1]
    assert not errors(write(tmp_path, text + "truce: {at: 0}\n"))


def test_a_truce_without_forms_holds_as_it_does_by_itself(tmp_path: Path) -> None:
    text = changed(
        BASE, ("goals: {built: outcome == built}", "goals: {held: truce_held_at(6), built: outcome == built}")
    )
    answers = run(write(tmp_path, text + "truce: {at: 0}\n"), draws=256, seed=1, out=tmp_path / "out")
    assert answers.truce is not None
    assert [f.form for f in answers.truce.forms] == ["none"]
    assert answers.goals[0].probability.mean == pytest.approx(answers.truce.forms[0].hold[0].holds.mean)
    assert render_report(answers)


def test_what_bears_on_a_truce_that_there_is_not_is_warned_of(tmp_path: Path) -> None:
    text = (
        BASE
        + FORMS
        + "line: {length_km: 100}\nbreaks_truce: [idle]\ntypes: {lord: {stern: {truth: 0.4, hazard: 2}, mild: rest}}\n"
    )
    found = [p for p in check(write(tmp_path, text)) if p.check == "idle-presence"]
    assert [p.where for p in found] == ["line", "breaks_truce", "types.lord.stern.hazard"]
    assert all(p.severity == "warning" and p.remedy and p.line for p in found)
    assert not [p for p in check(write(tmp_path, text + "truce: {at: 0}\n")) if p.check == "idle-presence"]


def test_a_row_of_the_priors_is_set_under_overrides_and_the_error_says_so(tmp_path: Path) -> None:
    write(tmp_path, BASE + FORMS + "truce: {context: [interstate]}\n")
    with pytest.raises(CaseError) as caught:
        load_case(tmp_path, {"truce.interstate": "1.2"})
    (problem,) = caught.value.problems
    assert "--set truce.overrides.interstate" in problem.remedy
    assert problem.file
    changed_case = load_case(tmp_path, {"truce.overrides.interstate": "lognormal(median=1.2, p90=2)"})
    assert changed_case.file.truce.overrides["interstate"] == "lognormal(median=1.2, p90=2)"
    with pytest.raises(CaseError, match="no such uncertain number"):  # no truce, no rows
        load_case(write(tmp_path, BASE + FORMS), {"truce.overrides.interstate": "1.2"})


def test_a_row_that_is_set_counts_and_one_that_there_is_not_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, BASE + FORMS + "truce: {context: [interstate]}\n")
    calm, wild = (
        run(path, draws=128, seed=1, out=tmp_path / "out", overrides={"truce.overrides.interstate": hazard}).truce
        for hazard in ("0.2", "5")
    )
    assert calm is not None
    assert wild is not None
    assert calm.forms[0].hold[0].holds.mean > wild.forms[0].hold[0].holds.mean + 0.2
    with pytest.raises(CaseError, match="no prior 'interstat'"):
        run(path, draws=64, seed=1, out=tmp_path / "out", overrides={"truce.overrides.interstat": "1"})
