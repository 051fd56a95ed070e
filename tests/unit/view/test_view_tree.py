"""The picture of the moves: whole labels, nothing unescaped, no line too long, two widths, two themes."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.study.diagram import Diagram, End, Step, Way
from vetopoint.view.letters import width_of
from vetopoint.view.tree import tree_svg, tree_text

SVG = "{http://www.w3.org/2000/svg}"
LABEL = "The board, which has met for the last time, decides on the permit for all of the northern harbour"


def diagram(
    first: str = "Ask", option: str = "asks", outcome: str = "Nothing comes of it", merged: bool = False
) -> Diagram:
    end = End("none", outcome, "missed")
    steps = (
        Step("ask", first, "city", "The city", (0.0, 0.0), 1, 1.0, "", (Way("a", option, (1,)), Way("b", "waits", (2,)), Way("c", "leaves", (end,)))),
        Step("grant", "Grant", "board", "The board", (2.0, 2.0), 1, 1.0, "it was asked", (Way("y", "grants", (3,)), Way("n", "refuses", (end,)))),
        Step("luck", "Luck", "chance", "chance", (2.0, 3.0), 1, 1.0, "", (Way("y", "good", (3,)), Way("n", "bad", (end,)))),
        Step("keep", "Keep", "board", "The board", (4.0, 8.0), 3, 2.0, "it came", (Way("k", "keeps", (End("kept", "Kept", "reached"),), True), Way("e", "ends", (End("ended", "Ended", "depends"),)))),
    )  # fmt: skip
    return Diagram(
        "A plan & a half", "It is kept", "The city", dt.date(2026, 1, 31), steps, merged, ("never (x or y)",)
    )


def texts(svg: str, group: str = "wide") -> list[str]:
    root = ET.fromstring(svg)
    return ["".join(t.itertext()) for t in root.iter(f"{SVG}text")] if not group else [
        "".join(t.itertext()) for g in root.iter(f"{SVG}g") if g.get("class") == group for t in g.iter(f"{SVG}text")
    ]  # fmt: skip


def test_as_text() -> None:
    told = tree_text(diagram(), 76)
    assert told.splitlines()[5:] == [
        " 1 Ask",
        "   │ The city · month 0 (January 2026)",
        "   ├─ asks",
        "   │   2 Grant",
        "   │     │ The board · month 2 (March 2026)",
        "   │     ├─ grants → 4",
        "   │     └─ refuses ○ Nothing comes of it",
        "   ├─ waits",
        "   │   3 Luck",
        "   │     │ by chance · months 2 to 3 (March 2026 to April 2026)",
        "   │     ├─ good → 4",
        "   │     └─ bad ○ Nothing comes of it",
        "   └─ leaves ○ Nothing comes of it",
        "",
        " 4 Keep",
        "   │ The board · months 4 to 8 (May 2026 to September 2026) · × 3, every 2",
        "   │ months",
        "   │ only if it came",
        "   ├─ keeps ↻ comes again; after the last round: ● Kept",
        "   └─ ends ◐ Ended",
        "",
        "No history comes to: never (x or y).",
    ]


def test_ways_that_lead_back_are_told_by_their_number() -> None:
    """Moves that alternate, each drawn once: a demand, a concession, and the demand again."""
    end = End("done", "Done", "reached")
    steps = (
        Step("open", "Open", "city", "The city", (0.0, 0.0), 1, 1.0, "", (Way("a", "opens", (1,)), Way("b", "waits", (2,)))),
        Step("demand", "Demand", "board", "The board", (1.0, 3.0), 3, 1.0, "", (Way("m", "more", (2,)), Way("f", "fine", (end,)))),
        Step("concede", "Concede", "city", "The city", (1.0, 3.0), 3, 1.0, "", (Way("g", "grants", (1, end)), Way("s", "stands", (1, end)))),
    )  # fmt: skip
    told = tree_text(Diagram("Talks", "Done", "The city", dt.date(2026, 1, 31), steps, True))
    assert "grants → 2 or ● Done" in told
    assert "more → 3" in told
    assert re.findall(r"(\d) (?:Open|Demand|Concede)$", told, re.MULTILINE) == ["1", "2", "3"]


@given(st.text(min_size=1), st.text(min_size=1), st.text(min_size=1), st.integers(40, 120))
def test_whatever_a_label_holds_the_picture_is_well_formed_and_whole(
    first: str, option: str, outcome: str, width: int
) -> None:
    drawn = diagram(first, option, outcome)
    told = tree_text(drawn, width)
    assert max(map(len, told.splitlines())) <= width
    assert all(letter.isprintable() or letter == "\n" or letter.isspace() for letter in told)
    for svg in (tree_svg(drawn), tree_svg(drawn, 400)):
        said = "".join("".join(texts(svg)).split())
        for label in (first, option, outcome):
            seen = "".join(c for c in label if c.isprintable() and not c.isspace())
            assert "".join(c for c in seen if c in said) == seen


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "</text><image href='x'/>", "&amp;", '" onload="x'])
def test_labels_are_escaped(hostile: str) -> None:
    svg = tree_svg(diagram(hostile, hostile, hostile))
    tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(svg).iter()}
    assert tags <= {"svg", "style", "rect", "g", "text", "line", "circle", "polygon"}
    assert "".join(hostile.split()) in "".join("".join(texts(svg)).split())
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", svg)


@pytest.mark.parametrize("width", [280, 390, 784, 1280])
@pytest.mark.parametrize("merged", [False, True])
def test_no_text_leaves_the_picture_and_none_is_small(width: int, merged: bool) -> None:
    svg = ET.fromstring(tree_svg(diagram(LABEL, LABEL.lower(), LABEL.upper(), merged), width))
    inner = next(svg.iter(f"{SVG}g"))
    drawn = list(inner.iter(f"{SVG}text"))
    assert len(drawn) > 20
    for text in drawn:
        size = float(text.get("font-size", "0"))
        assert size >= 9
        if text.get("text-anchor") == "start":
            bold = text.get("font-weight") is not None
            assert float(text.get("x", "0")) + width_of(text.text or "", size, bold=bold) <= width - 24 + 0.5
    assert float(svg.get("width", "0")) == width


def test_a_file_holds_the_picture_for_a_page_and_for_a_phone() -> None:
    svg = tree_svg(diagram())
    assert texts(svg, "wide")
    assert {"".join(texts(svg, "narrow")).count(word) for word in ("Grant", "Luck")} != {0}
    assert "prefers-color-scheme:dark" in svg
    assert "max-width:783px" in svg
