"""The pages behind the first screen: findings as titles, short sentences, few numbers, verdicts that follow from the figures beside them."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from asked_answers import NO, YES, asked_answers, branch, fork
from example_answers import band, example_answers
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from markupsafe import escape

from oracles.colour import ciede2000, contrast, lab
from vetopoint.answers import Answers
from vetopoint.view.first_page import with_first_page
from vetopoint.view.letters import width_of, wrapped
from vetopoint.view.names import names_of
from vetopoint.view.pages import Page, pages
from vetopoint.view.pages._svg import Drawing
from vetopoint.view.pages._words import hundred, of_hundred
from vetopoint.view.report import render_report

CASES = Path(__file__).resolve().parents[3] / "cases"
BUNDLED = ("european-presence", "cyprus-1964", "ceta-2016", "tutorial-reedmeadow")
ALL = ["claims", "road", "keys", "holding", "outside", "levers", "builds", "limits"]


def whole(**parts: Any) -> Answers:
    """The example with a plan that is asked for, a road and variants, some parts of it replaced; claims are given their edges."""
    told = json.loads(asked_answers().model_dump_json())
    told["road"] = {"goal": "built", "steps": [
        {"move": "offer", "by": "authority", "left": band(0.8)},
        {"move": "respond", "by": "authority", "left": band(0.6)},
        {"move": "review", "round": 1, "by": "neighbour", "left": band(0.55)},
    ]}  # fmt: skip
    way = {
        "goals": {"built": band(0.33)},
        "goal": "built",
        "leader": "neighbour",
        "on_yes": band(0.9),
        "on_no": band(0.004),
        "outcome": "never",
    }
    told["variants"] = [
        {"name": "", "label": "The case as written"} | way,
        {"name": "late", "label": "the neighbour answers last"} | way,
    ]
    told["near_ties"] = [{"move": "respond", "label": "", "by": "authority", "options": ["build", "shelve"], "gap": 0.01, "near": 0.6,
                          "shares": [0.51, 0.49], "reached": 0.2, "rests": {"never": 0.7}}]  # fmt: skip
    plan = {"year": 1999, "form": "armed", "mandate_by": "nobody", "consent_government": "yes", "consent_opponent": "no", "threatened": "yes",
            "outcome": "never_deployed", "truce_held_12m": "yes", "truce_held_60m": "no", "similarity": 0.7, "shares": ["form"], "note": "",
            "sources": ["a book"]}  # fmt: skip
    told["truce"]["analogues"] = [plan | {"id": f"p{k}", "name": f"Plan {k}"} for k in range(3)]
    told["truce"]["base_rates"] += [
        {
            "question": "fielded as planned, where only the opponent refused",
            "k": 1,
            "n": 4,
            "share": 0.25,
            "lo": 0.1,
            "hi": 0.6,
        }
    ]
    told["evidence"]["claims"][0]["depends"] = [{"kind": "veto", "actor": "neighbour", "plan": "the pier"}]
    return Answers.model_validate(told | parts)


def made(answers: Answers) -> dict[str, Page]:
    """The pages by id."""
    return {page.id: page for page in pages(answers, names_of(answers))}


def shown(html: str) -> Any:
    """What a reader sees before opening anything: no script, no appendix, no folded part, one drawing of each picture."""
    page = lxml_html.fromstring(html)
    hidden = '//script|//style|//head|//noscript|//*[@id="appendix"]|//details/*[not(self::summary)]'
    for part in page.xpath(f'{hidden}|//*[@class="narrow"]'):
        part.drop_tree()
    return page


def sentences(page: Any, first: int = 99) -> list[str]:
    """Every sentence of the first so many pages; quotations are not ours to cut."""
    told = []
    for section in page.xpath('//section[@class="page"]')[:first]:
        for part in section.xpath('.//h2|.//p[not(contains(@class, "quote"))]|.//dd[not(.//table)]'):
            told += re.split(r"(?<=[.!?])\s+", " ".join(" ".join(part.itertext()).split()))
    return [s for s in told if s]


def test_every_page_is_there_in_order_with_its_finding_as_title() -> None:
    found = made(whole())
    assert list(found) == ALL
    for page in found.values():
        assert len(page.finding.split()) >= 5, page.id
        assert not page.finding.endswith(".")
        assert page.finding[0].isupper() or page.finding[0].isdigit()


def test_a_page_that_a_case_cannot_fill_is_left_out() -> None:
    bare = made(example_answers(bare=True))
    assert "limits" in bare
    assert not {"claims", "road", "holding", "outside", "builds"} & set(bare)


def test_the_first_pages_have_no_sentence_over_thirty_words() -> None:
    told = sentences(shown(render_report(whole())), 3)
    assert len(told) > 10
    assert [s for s in told if len(s.split()) > 30] == []


def test_numbers_are_few_before_the_appendix() -> None:
    page = shown(render_report(whole()))
    numbers = re.findall(r"\d[\d,.]*", " ".join(page.itertext()))
    assert 40 < len(numbers) <= 250


@pytest.mark.slow
@pytest.mark.parametrize("case", BUNDLED)
def test_bundled_cases_keep_the_rules_of_the_pages(bundled: Callable[[str], Answers], case: str) -> None:
    answers = bundled(case)
    html = render_report(answers)
    page = shown(html)
    text = " ".join(page.itertext())
    assert 40 < len(re.findall(r"\d[\d,.]*", text)) <= 250
    told = sentences(page, 3)
    assert told
    assert [s for s in told if len(s.split()) > 30] == []
    ids = {*answers.run.actors, *(o.name for o in answers.outcomes), *(m.move for m in answers.moves)}
    assert [name for name in ids if "_" in name and re.search(rf"\b{name}\b", text)] == []
    if answers.truce is None:
        assert not re.search(r"\btruce|ceasefire|peace(keep| op)|contingent", text)
    assert len(html.encode()) < 2_500_000


def test_what_is_drawn_is_what_is_in_its_table() -> None:
    answers = whole()
    found = {p.id: p for p in pages(answers, names_of(answers)) if p.picture is not None}
    assert set(found) >= {"road", "keys", "holding", "outside", "levers", "builds"}
    rows = found["keys"].picture.table.rows  # type: ignore[union-attr]
    asked = answers.decisiveness[0].asked
    assert asked is not None
    stored = {p.label: (p.on_yes.mean, p.as_it_is.mean, p.on_no.mean) for p in asked.parties}
    assert len(rows) == 3
    for row in rows:
        assert stored[str(row[0])] == row[1:4]
        for value in row[1:4]:
            assert f">{escape(hundred(float(str(value))))}</text>" in found["keys"].picture.wide  # type: ignore[union-attr]
    left = [row[2] for row in found["road"].picture.table.rows]  # type: ignore[union-attr]
    assert answers.road is not None
    assert left[:3] == [step.left.mean for step in answers.road.steps]
    assert left[-1] == answers.goals[0].presupposed.mean  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("yes", "no", "verdict"),
    [(0.9, 0.004, "agrees"), (0.9, 0.18, "agrees"), (0.9, 0.4, "cannot tell"), (0.9, 0.45, "differs"), (0.9, 0.9, "differs"), (0.2, 0.0, "cannot tell")],
)  # fmt: skip
@pytest.mark.parametrize("holds", [True, False])
def test_a_veto_that_somebody_claims_is_held_against_what_a_no_leaves(
    yes: float, no: float, verdict: str, holds: bool
) -> None:
    told = json.loads(whole().model_dump_json())
    for side, goal in zip(told["decisiveness"][0]["forks"][0]["branches"], (yes, no), strict=True):
        side["goal"] = band(goal)
    told["evidence"]["claims"][0]["depends"][0]["holds"] = holds
    turned = {"agrees": "differs", "differs": "agrees", "cannot tell": "cannot tell"}
    row = made(Answers.model_validate(told))["claims"].compared[0]
    assert row.verdict == (verdict if holds else turned[verdict])
    assert of_hundred(yes) in row.figure
    assert of_hundred(no) in row.figure


def test_a_claim_that_prompted_the_numbers_is_said_not_to_be_independent() -> None:
    row = made(whole())["claims"].compared[0]
    assert row.verdict == "agrees"
    assert "Not independent: the same words prompted" in row.reason
    assert "if the port says yes" in row.figure


def test_a_claim_on_which_no_figure_bears_cannot_be_told_and_says_why() -> None:
    told = json.loads(whole().model_dump_json())
    for part in (
        {"kind": "risk", "what": "the tide"},
        {"kind": "veto", "actor": "bystander"},
        {"kind": "threat", "actor": "insurer"},
    ):
        told["evidence"]["claims"][0]["depends"] = [part]
        row = made(Answers.model_validate(told))["claims"].compared[0]
        assert row.verdict == "cannot tell"
        assert row.figure == "No figure."
        assert len(row.reason.split()) > 5


def test_the_summary_of_a_case_is_never_in_quotation_marks() -> None:
    told = json.loads(whole().model_dump_json())
    quoted = made(Answers.model_validate(told))["claims"].compared[0].said[0]
    assert quoted.words[0].text.startswith("“")
    told["evidence"]["sources"][0]["kind"] = "summary"
    own = made(Answers.model_validate(told))["claims"].compared[0].said[0]
    assert "“" not in own.words[0].text
    assert "summarised" in own.note


def test_a_condition_keeps_its_if() -> None:
    told = json.loads(whole().model_dump_json())
    told["evidence"]["claims"][0]["condition"] = "the weather holds"
    said = made(Answers.model_validate(told))["claims"].compared[0].said[0]
    assert said.words[0].text.endswith("if the weather holds")


def test_a_coin_toss_is_marked_on_the_road_and_among_the_limits() -> None:
    found = made(whole())
    assert "◐" in found["road"].picture.wide  # type: ignore[union-attr]
    assert any(point.head == "Coin tosses" for point in found["limits"].points)
    without = made(whole(near_ties=[]))
    assert "◐" not in without["road"].picture.wide  # type: ignore[union-attr]


def test_swapping_the_order_of_parties_and_forks_changes_no_page() -> None:
    told = json.loads(whole().model_dump_json())
    other = fork("shippers", "respond", branch("yes", ("build",), YES["outcomes"] and {"agreed": 1.0}, 0.5, 0.5), NO)
    told["decisiveness"][0]["forks"].append(other)
    one = made(Answers.model_validate(told))
    told["decisiveness"][0]["asked"]["parties"].reverse()
    two = made(Answers.model_validate(told))
    assert list(one) == list(two)
    for id, page in one.items():
        same = replace(two[id], picture=None)
        assert replace(page, picture=None) == same
        drawn = [p.picture.wide if p.picture is not None else "" for p in (page, two[id])]
        assert drawn[0] == drawn[1]


def test_verbs_agree_with_actors_in_the_plural() -> None:
    told = json.loads(whole().model_dump_json())
    assert " holds the key" in made(Answers.model_validate(told))["keys"].title
    told["run"]["short"]["plural"] = ["neighbour"]
    title = made(Answers.model_validate(told))["keys"].title
    assert " hold the key" in title
    assert "if they back the plan throughout, " in title
    assert title.endswith("if they oppose it")


def test_the_keys_say_how_backing_throughout_differs_from_the_yes_of_the_first_page() -> None:
    told = json.loads(whole().model_dump_json())
    for side, goal in zip(told["decisiveness"][0]["forks"][0]["branches"], (0.74, 0.004), strict=True):
        side["goal"] = band(goal)
    answers = Answers.model_validate(told)
    lead = " ".join(made(answers)["keys"].lead)
    assert "more than one yes: it counts at every move, and is known beforehand" in lead
    assert "alone, as on the first page, leads to 74 on a yes, fewer than 1 on a no" in lead
    first = with_first_page(answers).first_page
    assert first is not None
    assert "74 of 100" in next(line.text for line in first.lines if line.about == "key")
    told["decisiveness"][0]["forks"] = []
    assert "more than one yes" not in " ".join(made(Answers.model_validate(told))["keys"].lead)


# --- pictures ---------------------------------------------------------------------------------------------------------

PAIRS = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, -1, 2), (50, 0, 0), 2.3669),
    ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
]
"""From the table of Sharma, Wu & Dalal (2005)."""


@pytest.mark.parametrize(("one", "two", "difference"), PAIRS)
def test_the_measure_of_colours_is_the_published_one(one: Any, two: Any, difference: float) -> None:
    assert ciede2000(one, two) == pytest.approx(difference, abs=5e-5)


def themes() -> list[dict[str, str]]:
    """The colours of the page, light, dark and in print, as the style sheet has them."""
    css = files("vetopoint.view").joinpath("assets", "report.css").read_text()
    return [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})", block)) for block in re.findall(r":root \{(.*?)\}", css, re.S)
    ]


def test_series_stay_apart_for_eyes_without_the_green_cone() -> None:
    found = themes()
    assert len(found) == 3
    for theme in found:
        names = ["c1", "c2", "c3", "c4", "c5", "c6", "muted"]
        pairs = list(itertools.combinations([theme[n] for n in names], 2))
        assert len(pairs) == 21
        for deuteranopia in (True, False):
            apart = {p: ciede2000(*(lab(c, deuteranopia=deuteranopia) for c in p)) for p in pairs}
            near = {p: d for p, d in apart.items() if d < 15 and set(p) != {theme["c6"], theme["muted"]}}
            assert near == {}


def test_colours_of_series_and_text_stand_out_from_the_paper() -> None:
    for theme in themes():
        for ground in ("paper", "raised"):
            for name in ("c1", "c2", "c3", "c4", "c5"):
                assert contrast(theme[name], theme[ground]) >= 3, (name, ground)
            for name in ("ink", "muted", "link"):
                assert contrast(theme[name], theme[ground]) >= 4.5, (name, ground)


@given(st.text(max_size=80), st.floats(20, 300))
def test_breaking_a_label_loses_no_letter_and_keeps_to_the_width(text: str, width: float) -> None:
    lines = wrapped(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width_of(line) <= width or len(line) == 1 for line in lines)


@given(st.floats(0, 1))
def test_a_share_is_said_alike_everywhere_and_never_rounded_to_certainty(share: float) -> None:
    short, long = hundred(share), of_hundred(share)
    assert (short == "0") == (long == "none of 100") == (share == 0)
    assert (short == "100") == (long == "all of 100") == (share == 1)
    if 0.01 <= share <= 0.99:
        assert long == f"{short} of 100"
        assert abs(int(short) - 100 * share) <= 0.5 + 1e-9
    if 0 < share < 0.01:
        assert short == "<1"
        assert long.endswith(" of 1,000") or share >= 0.0095


def test_hostile_words_in_a_picture_are_words() -> None:
    drawing = Drawing(360)
    drawing.text(0, 10, "</text><script>alert(1)</script>\"&'")
    made = str(drawing.svg('"><script>alert(2)</script>'))
    assert "<script" not in made
    assert made.count("<text") == made.count("</text>") == 1
