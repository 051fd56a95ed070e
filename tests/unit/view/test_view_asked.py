"""What to ask next, in words: what is best on what is known, what is worth asking, and the plain statement where nothing is."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asked_answers import asked_answers
from lxml import html as lxml_html

from vetopoint.answers import Answers
from vetopoint.view.charts.information import figures
from vetopoint.view.first_page import with_first_page
from vetopoint.view.names import names_of
from vetopoint.view.pages import pages
from vetopoint.view.pages._page import Point
from vetopoint.view.report import render_report
from vetopoint.view.sentences.information import asked_sentences


def told(*decisions: dict[str, Any]) -> Answers:
    """The example, with the decision's parts replaced by each of these in turn."""
    found = json.loads(asked_answers().model_dump_json())
    first = found["change"]["decisions"][0]
    found["change"]["decisions"] = [{**first, **parts} for parts in decisions]
    return Answers.model_validate(found)


def point(answers: Answers) -> Point:
    (page,) = [p for p in pages(answers, names_of(answers)) if p.id == "levers"]
    return next(p for p in page.points if p.head.startswith("What to ask next"))


def many(count: int) -> list[dict[str, Any]]:
    number = json.loads(asked_answers().model_dump_json())["change"]["decisions"][0]["numbers"][0]
    return [{**number, "quantity": f"n{i}", "label": f"Number {chr(65 + i)}"} for i in range(count)]


def test_the_page_has_a_short_table_of_what_is_worth_asking() -> None:
    found = point(told({}))
    assert found.head == "What to ask next, before “The authority proposes”" or "authority proposes" in found.head
    assert found.lines[0] == "On what is known, “proposes a pier” is best for the harbour."
    assert "still be best in 58 of 100 draws" in found.lines[1]
    assert "0.08 units" in found.lines[2]
    assert "“no pier” and “agreed”" in found.lines[3]
    assert found.lines[-1] == "Four further numbers are not worth asking."
    assert found.table is not None
    assert [row[0].text for row in found.table.rows] == ["Anger of the neighbour", "Worth of the toll"]  # type: ignore[union-attr]
    assert [row[2] for row in found.table.rows] == ["one claim", "judgement alone"]


@pytest.mark.parametrize(
    ("count", "rest"), [(5, ""), (6, "one other is worth something."), (9, "four others are worth something.")]
)
def test_the_table_has_at_most_five_rows(count: int, rest: str) -> None:
    found = point(told({"numbers": many(count), "idle": 0}))
    assert found.table is not None
    assert len(found.table.rows) == 5
    assert (rest in found.lines) == bool(rest)
    assert not [line for line in found.lines if "not worth asking" in line]


def test_that_nothing_is_worth_asking_is_said_plainly() -> None:
    nothing = point(told({"everything": 0.0, "error": 0.0, "numbers": [], "idle": 6}))
    assert nothing.lines == (
        "Nothing is worth asking: “proposes a pier” is best for the harbour in every draw, whatever the numbers.",
    )
    assert nothing.table is None
    single = point(told({"numbers": [], "idle": 6}))
    assert len(single.lines) == 2
    assert single.lines[-1] == "No single number is worth asking: whichever is learnt, the choice stays the same."
    assert single.table is None


def test_a_choice_that_hangs_on_what_was_done_before_names_both_options() -> None:
    options = asked_answers().change.decisions[0].options
    shared = [o.model_copy(update={"chosen": 0.5}).model_dump() for o in options]
    found = point(told({"options": shared}))
    assert found.lines[0] == (
        "On what is known, “proposes a pier” or “proposes nothing”, depending on what was done before it, is best for the harbour."
    )


def test_the_leading_decision_is_the_first_for_which_something_is_worth_asking() -> None:
    quiet = {"name": "quiet", "label": "A quiet one", "numbers": [], "everything": 0.0}
    never = {
        "name": "never",
        "label": "One that never comes",
        "note": "no history comes to this decision",
        "options": [],
        "numbers": [],
    }
    assert "authority" in point(told(never, quiet, {})).head
    assert "quiet" in point(told(never, quiet)).head
    answers = told(never)
    assert asked_sentences(answers.change.decisions[0], names_of(answers)) == [
        "“One that never comes”: no history comes to this decision."
    ]
    (page,) = [p for p in pages(answers, names_of(answers)) if p.id == "levers"]
    assert not [p for p in page.points if p.head.startswith("What to ask")]


def test_the_appendix_has_all_numbers_and_says_that_no_answer_rests_on_the_stand_in() -> None:
    answers = told({})
    found = {f.id: f for f in figures(answers, names_of(answers)) if f is not None}
    assert list(found) == ["options-worth", "asking", "asking-groups", "together"]
    assert "no answer rests on it" in found["together"].note
    assert "81% of" in found["together"].note
    assert "6% of what" in found["together"].sentence
    assert [row[6] for row in found["asking"].table.rows][1] == ()
    page = lxml_html.fromstring(render_report(with_first_page(answers)))
    assert page.get_element_by_id("fig-asking") is not None
    assert len(page.get_element_by_id("page-levers").xpath(".//dl//table//tbody/tr")) == 2
