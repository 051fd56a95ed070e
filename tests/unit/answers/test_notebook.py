"""What a notebook shows of answers, their parts, bands and cases: in words, escaped, well formed."""

from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import ROOT
from vetopoint.answers import Answers
from vetopoint.case import load_case
from vetopoint.notebook import MOST_ROWS, folded, heading, paragraph, table
from vetopoint.quantity import Band
from vetopoint.study import new_case
from vetopoint.view import with_first_page

HOSTILE = '<script>alert("x")</script>&amp;\'"'
KNOWN = {"p", "strong", "table", "thead", "tbody", "tr", "th", "td", "details", "summary"}


class Seen(HTMLParser):
    """The tags of a piece of HTML, and its text; fails where they are not closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"style", "open"}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(html: str) -> Seen:
    found = Seen()
    found.feed(html)
    found.close()
    assert found.open == []
    assert found.tags <= KNOWN
    return found


@given(st.text(max_size=20), st.floats(allow_nan=False, allow_infinity=False))
def test_pieces_show_the_text_and_nothing_of_it_as_html(text: str, number: float) -> None:
    for html in (heading(text), paragraph(text), table([text], [(text, number, None)]), folded(text, "")):
        found = seen(html)
        assert re.sub(r"\r\n?", "\n", text) in re.sub(r"\r\n?", "\n", found.text)


def test_of_many_rows_the_first_are_shown_and_the_others_counted() -> None:
    html = table(["n"], [(float(i),) for i in range(MOST_ROWS + 7)], "elsewhere")
    assert "… and 7 more: elsewhere" in seen(html).text
    assert html.count("<tr>") == MOST_ROWS + 1


def test_answers_begin_with_their_first_page(bundled: Callable[[str], Answers]) -> None:
    answers = with_first_page(bundled("european-presence"))
    found = seen(answers._repr_html_())
    assert answers.first_page is not None
    assert answers.first_page.lines
    for line in answers.first_page.lines:
        assert line.text in found.text
    bare = seen(answers.model_copy(update={"first_page": None})._repr_html_()).text
    assert answers.goals
    assert not [goal for goal in answers.goals if goal.label not in bare]


SECTIONS = ("coalition", "truce", "change", "evidence", "run")


@pytest.mark.parametrize("name", SECTIONS)
def test_sections_show_their_figures(bundled: Callable[[str], Answers], name: str) -> None:
    found = seen(getattr(bundled("european-presence"), name)._repr_html_())
    assert len(found.text) > 300
    assert "details" in found.tags or name == "run"


def test_small_parts_show_their_words_and_figures(bundled: Callable[[str], Answers]) -> None:
    point = bundled("european-presence").veto_points[0]
    text = seen(point._repr_html_()).text
    assert "A place at which one actor can stop the plan." in text
    assert f"{point.share_of_draws:.3g}" in text


def test_a_part_says_names_and_conditions_in_the_words_of_its_case(bundled: Callable[[str], Answers]) -> None:
    answers = bundled("european-presence")
    ranking = answers.decisiveness[0]
    text = seen(ranking._repr_html_()).text
    assert answers.goals[0].label in text
    assert answers.run.short.presupposes in text
    assert not [name for name in answers.run.actors if f"{name} ·" in text]
    alone = type(ranking).model_validate(ranking.model_dump())
    assert alone == ranking
    assert ranking.goal in seen(alone._repr_html_()).text


def test_a_band_shows_its_numbers() -> None:
    text = seen(Band(mean=0.61834, lo=0.354, hi=0.88, mc=0.0021)._repr_html_()).text
    for part in ("0.618", "0.354", "0.88", "0.0021", "5th", "95th"):
        assert part in text


def test_a_case_shows_what_it_is_about(tmp_path: Path) -> None:
    case = load_case(ROOT / "cases" / "tutorial-reedmeadow")
    text = seen(case._repr_html_()).text
    for part in (
        case.file.title,
        "City of Aldermere",
        "owner of the plan",
        "The full scheme is built",
        "The city proposes",
    ):
        assert part in text
    folder = new_case(tmp_path / "case")
    written = (folder / "case.yaml").read_text(encoding="utf-8")
    line = next(line for line in written.splitlines() if line.startswith("title:"))
    quoted = HOSTILE.replace("'", "''")
    (folder / "case.yaml").write_text(written.replace(line, f"title: '{quoted}'"), encoding="utf-8")
    assert HOSTILE in seen(load_case(folder)._repr_html_()).text


def test_hostile_words_of_a_case_stay_words(bundled: Callable[[str], Answers]) -> None:
    answers = with_first_page(bundled("tutorial-reedmeadow"))
    run = answers.run.model_copy(update={"title": HOSTILE})
    goals = tuple(goal.model_copy(update={"label": HOSTILE}) for goal in answers.goals)
    hostile = answers.model_copy(update={"run": run, "goals": goals, "first_page": None})
    swings = tuple(s.model_copy(update={"label": HOSTILE}) for s in answers.change.swings)
    change = answers.change.model_copy(update={"swings": swings})
    claims = tuple(
        c.model_copy(update={"pieces": (), "quote": HOSTILE}) for c in bundled("european-presence").evidence.claims
    )
    assert claims
    evidence = bundled("european-presence").evidence.model_copy(update={"claims": claims})
    for part in (hostile, change, goals[0], run, evidence):
        assert HOSTILE in seen(part._repr_html_()).text
