"""A comparison in words and on its page: what moved first, at most 40 lines, everything escaped, labels and no ids."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.answers import (
    ChangedPart,
    ComparedFigure,
    ComparedSide,
    Comparison,
    KeyHolder,
    Share,
    Unshared,
    VetoChange,
)
from vetopoint.view.comparison import comparison_lines, comparison_sentences, render_comparison

SIDE = ComparedSide(asked="gate", title="A gate", what="the case as written", solved=True, draws=2000, seed=1)
PARTS = (
    ChangedPart(name="number:gain", label="What it is worth", kind="number", before="uniform(0, 1)", after="2"),
    ChangedPart(name="odds:luck", label="The odds of “A good harvest”", kind="odds"),
)


def figure(before: float | None, after: float | None, error: float = 0.001, **known: object) -> ComparedFigure:
    change = None if before is None or after is None else after - before
    moved = None if change is None else abs(change) > 3 * error
    fields: dict[str, object] = {"kind": "goal", "name": "built", "label": "The gate is built", **known}
    return ComparedFigure.model_validate(
        {
            **fields,
            "before": before,
            "after": after,
            "change": change,
            "error": None if change is None else error,
            "moved": moved,
        }
    )


def comparison(*figures: ComparedFigure, **known: object) -> Comparison:
    fields: dict[str, object] = {"key": None, "method": "exact", "parts": PARTS, "paired": True, **known}
    return Comparison.model_validate({"a": SIDE, "b": SIDE, "figures": figures, **fields})


SHARES = (Share(part="number:gain", share=0.3, error=0.001), Share(part="odds:luck", share=-0.1, error=0.001))


def test_what_moved_says_from_where_to_where_and_by_what() -> None:
    found = comparison(figure(0.2, 0.4, shares=SHARES, given="given that the harvest is good"))
    assert comparison_sentences(found)[0] == (
        "The chance of “The gate is built” rises: 20.0% in A and 40.0% in B (+20.0 points ± 0.1), given that the harvest is good. "
        "By what: “What it is worth” +30.0 and the odds of “A good harvest” −10.0."
    )


def test_what_lies_within_the_error_is_said_not_to_have_moved() -> None:
    other = figure(0.2, 0.9, kind="outcome", name="denied", label="Denied")
    said = comparison_sentences(comparison(figure(0.2, 0.202), other))
    assert (
        said[0]
        == "The chance of “The gate is built” has not moved beyond the Monte-Carlo error: 20.0% in A and 20.2% in B."
    )
    assert said[-1] == "One figure of 2 moved beyond the Monte-Carlo error; one other did not."


def test_nothing_moved_is_said_as_strongly_as_it_is_known() -> None:
    same = comparison(
        figure(0.2, 0.2, 0.0), parts=(), method="none", why_none="nothing that enters the answers differs"
    )
    assert comparison_sentences(same) == [
        "Nothing moved: every figure is the same in both, since nothing that enters the answers differs."
    ]
    assert comparison_sentences(comparison(figure(0.2, 0.201))) == ["Nothing moved beyond the Monte-Carlo error."]


def test_a_key_that_changes_hands_and_one_that_is_decisive_no_more() -> None:
    key = KeyHolder(
        goal="built", label="The gate is built", given="once the plan is attempted", before="lord", after="king"
    )
    labels = {"before_label": "The lord", "after_label": "The king"}
    said = comparison_sentences(comparison(figure(0.2, 0.2), key=key.model_copy(update=labels)))
    assert (
        "The key changes hands: The lord has the largest say on “The gate is built” in A, The king in B, once the plan is attempted."
        in said
    )
    same = key.model_copy(update={**labels, "after": "lord", "decisive_before": True})
    decisiveness = figure(0.9, 0.5, kind="key", name="lord", label="The lord")
    said = comparison_sentences(comparison(figure(0.2, 0.2), decisiveness, key=same))
    assert any(s.endswith("in both, once the plan is attempted, and is decisive in A but not in B.") for s in said)
    assert "The decisiveness of The lord falls: 90.0 in A and 50.0 in B (−40.0 points ± 0.1)." in said


def veto(**known: object) -> VetoChange:
    fields: dict[str, object] = {
        "change": "lost",
        "label": "The lord: denies",
        "kind": "effective",
        "goal": "built",
        "before": 0.01,
        "after": 0.3,
    }
    return VetoChange.model_validate({**fields, **known})


def test_a_veto_at_the_edge_of_its_test_is_no_difference() -> None:
    said = comparison_sentences(comparison(figure(0.2, 0.2), vetoes=(veto(), veto(change="gained", within_error=True))))
    assert "A veto lost: The lord: denies in A and not in B (it leaves 1.0% in A and 30.0% in B)." in said
    assert sum("no difference is claimed" in s for s in said) == 1


def test_what_one_side_has_not_and_what_never_happens_there() -> None:
    found = comparison(
        figure(None, 0.3, kind="goal"),
        figure(0.1, 0.5, kind="outcome", name="denied", label="Denied"),
        only=(Unshared(side="b", kind="goal", label="Asked", value=0.4),),
        method="none",
        why_none="a finished run's case is not at hand",
        paired=False,
        notes=("a note",),
    )
    said = comparison_sentences(found)
    assert said[0] == "The chance of “The gate is built” is known in B only: in A what it is given never happens."
    assert said[-2:] == ["Only B has “Asked”.", "What moved them cannot be said: a finished run's case is not at hand."]


def many(count: int) -> Comparison:
    outcomes = [
        figure(0.1, 0.2, kind="outcome", name=f"o{i}", label=f"An outcome {'of many words ' * 9}{i}")
        for i in range(count)
    ]
    goals = [
        figure(0.2, 0.4, name=f"g{i}", label=f"A goal {'that takes long to say ' * 6}{i}", shares=SHARES)
        for i in range(count)
    ]
    return comparison(*goals, *outcomes, notes=tuple(f"note {i} {'and so on ' * 30}" for i in range(count)))


@pytest.mark.parametrize("count", [1, 3, 30])
def test_the_terminal_gets_at_most_40_lines(count: int) -> None:
    lines = list(comparison_lines(many(count)))
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 110
    assert sum(line.endswith(" *") for line in lines) >= 1
    if count > 3:
        assert any("more figures: --json or --out PAGE.html" in line for line in lines)


def test_cases_that_have_nothing_in_common_say_so() -> None:
    found = comparison(only=(Unshared(side="a", kind="goal", label="Asked", value=0.4),), parts=(), method="none")
    assert comparison_sentences(found) == ["The two have no figure in common.", "Only A has “Asked”."]
    assert not any("s.e." in line for line in comparison_lines(found))


def test_an_outcome_that_is_a_goal_is_told_once() -> None:
    twice = comparison(
        figure(0.2, 0.4), figure(0.2, 0.4, kind="outcome"), figure(0.2, 0.3, kind="outcome", name="other")
    )
    assert sum("The gate is built" in line and line.endswith("*") for line in comparison_lines(twice)) == 2
    assert sum(s.startswith("The chance of “The gate is built” rises") for s in comparison_sentences(twice)) == 2


def test_every_figure_is_in_the_table_where_there_is_room() -> None:
    lines = list(
        comparison_lines(
            comparison(figure(0.2, 0.4), figure(4.0, 5.0, kind="member", name="", label="x", unit="members"))
        )
    )
    assert any(re.fullmatch(r"The gate is built +20\.0% +40\.0% +\+20\.0 +0\.1 \*", line) for line in lines)
    assert any(re.fullmatch(r"Members that join +4\.00 +5\.00 +\+1\.00 +0\.00 \*", line) for line in lines)


class Page(HTMLParser):
    """What a page brings and asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.asked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.asked += [
            value or ""
            for name, value in attrs
            if name in ("src", "href") and not (value or "").startswith(("#", "data:"))
        ]
        assert not [name for name, _ in attrs if name.startswith("on")]


def read(html: str) -> Page:
    page = Page()
    page.feed(html)
    return page


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def test_the_page_stands_alone_and_escapes_everything() -> None:
    part = ChangedPart(name="number:gain", label=EVIL, kind="number", before=EVIL, after=EVIL, holds=(EVIL,))
    side = SIDE.model_copy(update={"title": EVIL, "what": EVIL, "set": {EVIL: EVIL}})
    key = KeyHolder(
        goal="built", label=EVIL, given=EVIL, before="lord", after="king", before_label=EVIL, after_label=EVIL
    )
    found = comparison(
        figure(0.2, 0.4, label=EVIL, given=EVIL, shares=SHARES[:1]),
        parts=(part,),
        key=key,
        vetoes=(veto(label=EVIL),),
        only=(Unshared(side="a", kind="goal", label=EVIL, value=None),),
        notes=(EVIL,),
    ).model_copy(update={"a": side, "b": side})
    html = render_comparison(found)
    page = read(html)
    assert {"svg", "table"} <= set(page.tags)
    assert not {"script", "img", "iframe"} & set(page.tags)
    assert page.asked == []
    assert html.count("alert(1)") > 10
    assert "default-src 'none'" in html


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(["goal", "outcome", "key", "truce", "threat"]))
def test_any_two_figures_are_drawn_within_the_picture(before: float, after: float, kind: str) -> None:
    html = render_comparison(comparison(figure(before, after, kind=kind, name="12")))
    places = [float(x) for x in re.findall(r'cx="([-\d.]+)"', html)]
    rare = kind == "outcome" and max(before, after) < 0.01
    assert len(places) == (
        0 if rare else 8
    )  # of the legend and the figure, at both widths; what is that rare is not drawn
    assert all(0 <= place <= 760 for place in places) or rare


def test_a_picture_puts_a_ring_at_a_and_a_dot_at_b() -> None:
    html = render_comparison(comparison(figure(0.0, 1.0)))
    wide = html.partition('class="narrow"')[0]
    _, dot, ring = wide.partition("<figure")[2], *re.findall(r'<circle cx="([\d.]+)"', wide)[-2:]
    assert (float(ring), float(dot)) == (330.0, 642.0)
