"""Paragraphs from line feeds: blank lines, indents, bullets, quoting, hyphens; and the way back to the stored characters."""

from __future__ import annotations

import textwrap
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from support import ROOT
from vetopoint.evidence import Document, Reader, normalise_text
from vetopoint.evidence.documents import Flow, flow, paragraphs

FORMS = ROOT / "tests" / "data" / "reading" / "forms"
LONG = (FORMS / "long.txt").read_text(encoding="utf-8")

words = st.text(alphabet="abcdefghijklmnoprstuvwy'éß", min_size=1, max_size=14).filter(lambda w: w.strip("'") == w)
sentences = st.lists(words, min_size=3, max_size=20).map(lambda found: " ".join(found).capitalize() + ".")
prose = st.lists(sentences, min_size=1, max_size=5).map(" ".join)
texts = st.lists(prose, min_size=1, max_size=6)


def runs_on(text: str) -> bool:
    """Whether some line ends within a sentence, as lines of wrapped prose do."""
    return any(
        a and b and b[0].islower() and not a.endswith(".")
        for a, b in pairwise(line.strip() for line in text.split("\n"))
    )


@settings(max_examples=60, deadline=None)
@given(texts, st.integers(20, 120))
def test_wrapping_changes_neither_paragraphs_nor_words(found: list[str], width: int) -> None:
    """A law: whatever the width at which a program wraps prose, the same paragraphs come back."""
    text = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in found)
    assume(runs_on(text))
    assert paragraphs(normalise_text(text)) == [normalise_text(paragraph) for paragraph in found]


@settings(max_examples=60, deadline=None)
@given(texts, st.integers(40, 100), st.sampled_from(["    ", "  "]))
def test_indents_part_paragraphs_without_blank_lines(found: list[str], width: int, indent: str) -> None:
    text = "\n".join(textwrap.fill(paragraph, width, initial_indent=indent) for paragraph in found)
    assume(runs_on(text))
    assert paragraphs(normalise_text(text)) == [normalise_text(paragraph) for paragraph in found]


def squeezed(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and c not in "->*_#[]()•◦▪‣●■·‐\u00ad")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abAB .,-\n>*#•[]()_\t“”:\u0301\u00ad1", max_size=200), st.data())
@example("e**\u0301", None)
def test_the_way_back_is_exact(raw: str, data: st.DataObject | None) -> None:
    """A law over any text: a stretch of what is read stands where the map says, layout marks apart."""
    text = normalise_text(raw)
    found = flow(text)
    assert found.stored == text
    assume(found.text)
    places = st.integers(0, len(found.text) - 1)
    start, end = (0, len(found.text)) if data is None else sorted((data.draw(places), data.draw(places) + 1))
    end = max(end, start + 1)
    first, last = found.back(start, end)
    assert 0 <= first < last <= len(text)
    assert squeezed(text[first:last]) == squeezed(found.text[start:end])
    if start + 1 < end:  # what is next to each other stays in order
        assert found.back(start, start + 1)[0] == first
        assert found.back(end - 1, end)[1] == last


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_paragraphs(raw: str) -> None:
    found = flow(normalise_text(raw))
    assert found.text == normalise_text(found.text)


@pytest.mark.parametrize("width", [20, 33, 45, 60, 72, 80, 100])
def test_news_is_the_same_at_any_width(width: int) -> None:
    blocks = LONG.strip().split("\n\n")
    assert paragraphs("\n\n".join(textwrap.fill(block, width) for block in blocks)) == blocks


def test_lines_as_print_leaves_them_are_joined() -> None:
    """Copied from print, line lengths have no exact width; short lines end paragraphs."""
    text = (
        "The island council said on Thursday that it would not approve the\n"
        "long-planned ferry pact unless the mainland pays for a second ship\n"
        "and its crew, as was once agreed.\n"
        "The transport ministry rejected the demand. A senior official who\n"
        "spoke on condition of anonymity said that it could drop\n"
        "the subsidies."
    )
    assert paragraphs(text) == [
        "The island council said on Thursday that it would not approve the long-planned ferry pact unless the mainland pays "
        "for a second ship and its crew, as was once agreed.",
        "The transport ministry rejected the demand. A senior official who spoke on condition of anonymity said that it could "
        "drop the subsidies.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ferry pact hangs on two harbours\nBy Ines Holt\nThe Example Post",
        "Ada said no.\nBo said yes.\nThe quay stays shut.",
        "Roses on the quay,\nTar upon the rope,\nSomeone sang of May,\nNobody of hope.",
        "Ferries  |  Crossings  |  Cost\nOld quay  |  twelve a day  |  four\nnew quay  |  nine a day  |  five",
        "From: Ada Holm\nTo: Bo Ray\nSubject: the ferry",
        "Q. Will you sign?\nA. Not before the vote.\nQ. Why?\nA. Ask the council.",
        "HARBOUR TALKS FAIL\nThe council went home.",
    ],
)
def test_lines_that_stand_alone_stay_alone(text: str) -> None:
    assert flow(text).text.split("\n") == text.split("\n")


def test_bullets_and_numbers_begin_paragraphs_and_hang() -> None:
    text = textwrap.dedent(
        """\
        The council set out what it would need before it could agree to the pact
        and to the new timetable:

        • a second ship that can go through ice, paid for by the mainland and not
          by the islands;
        • an end to the interim service.

        1. The ministry said that it would study the list and answer before the
        end of the week.
        2. The pilots said that they would not wait.
        """
    )
    assert paragraphs(text)[1:] == [
        "a second ship that can go through ice, paid for by the mainland and not by the islands;",
        "an end to the interim service.",
        "1. The ministry said that it would study the list and answer before the end of the week.",
        "2. The pilots said that they would not wait.",
    ]


def test_mail_quoting_is_no_part_of_the_words() -> None:
    text = (
        "I do not think that this is what she said at the meeting of last\nweek, or is it?\n\n"
        "> The island council said on Thursday that it would not approve the\n> long-planned ferry pact.\n"
        ">> Ada Norman said that the quay would stay shut until the ship had\n>> come back from the yard."
    )
    assert paragraphs(text) == [
        "I do not think that this is what she said at the meeting of last week, or is it?",
        "The island council said on Thursday that it would not approve the long-planned ferry pact.",
        "Ada Norman said that the quay would stay shut until the ship had come back from the yard.",
    ]


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("sanc-", "tions", "sanctions"),
        ("agree-", "ment", "agreement"),
        ("short-", "lived", "short-lived"),
        ("non-", "aligned", "nonaligned"),
        ("Franco-", "British", "Franco-British"),
        ("EU-", "led", "EU-led"),
        ("Szijj-", "ártó", "Szijjártó"),
        ("Hung-", "ary's", "Hungary's"),
        ("short-", "and long-term", "short- and long-term"),
        ("ice-", "going", "ice-going"),
        ("cere\u00ad", "mony", "ceremony"),
        ("20-", "year lease", "20-year lease"),
        ("bus-", "and-barge link", "bus-and-barge link"),
    ],
)
def test_hyphens_at_line_ends(before: str, after: str, joined: str) -> None:
    """A hyphen stays where the word has one, and goes where only the line end made it."""
    line = f"The minister said in a speech that the {before}\n{after} was not what anybody had wished for."
    assert f"the {joined} was" in paragraphs(line)[0]


def test_the_text_itself_is_the_first_witness_of_a_hyphen() -> None:
    text = "The Norrdal said that the Norr-\ndal would not yield. The bus-barge stops, and nobody will miss the bus-\nbarge at all."
    assert "the Norrdal would" in flow(text).text
    assert "the bus-barge at all" in flow(text).text


def test_marks_of_markdown_are_not_read() -> None:
    text = "---\ntitle: x\n---\n# The *quay*\n\n**Ada** said [no](https://example.org/a_b). ![map](m.png)\n\n> Bo **agr**eed.\n"
    assert paragraphs(text) == ["The quay", "Ada said no. ", "Bo agreed."]


def test_paragraphs_left_out_are_named() -> None:
    found = flow("Ada said no.\n\nBo sagte nein.", lambda paragraph: "sagte" in paragraph)
    assert (found.text, found.left_out) == ("Ada said no.\n\n", ("Bo sagte nein.",))


def test_a_span_over_a_joined_hyphen_keeps_the_stored_characters() -> None:
    text = "Ada Norman said that the mainland's sanc-\ntions would not stop the ferry before the spring had come."
    ((document, claims),) = Reader({}).read([Document("d", text)])
    assert [claim.text for claim in claims] == [
        "that the mainland's sanc-\ntions would not stop the ferry before the spring had come"
    ]
    (span,) = claims[0].content
    assert document.text == text
    assert document.text[span.start : span.end] == span.text == claims[0].quote


@pytest.mark.parametrize("width", [45, 72])
def test_claims_of_wrapped_news_are_those_of_the_plain_text(width: int) -> None:
    wrapped = "\n\n".join(textwrap.fill(block, width) for block in LONG.strip().split("\n\n"))
    (_, plain), (document, found) = Reader({}).read([Document("d", LONG), Document("d", wrapped)])
    assert len(plain) > 10
    assert ["".join(claim.text.split()) for claim in found] == ["".join(claim.text.split()) for claim in plain]
    assert [(c.kind, c.act, c.polarity, c.chain, c.edges) for c in found] == [
        (c.kind, c.act, c.polarity, c.chain, c.edges) for c in plain
    ]
    spans = [s for c in found for s in (*c.content, *c.speaker, c.sentence, c.cue) if s is not None]
    assert spans
    assert [document.text[s.start : s.end] for s in spans] == [s.text for s in spans]


def test_a_flow_of_the_text_itself_changes_no_claim() -> None:
    whole = Flow("Ada said no.", [(0, 12, False)])
    assert whole.text == whole.stored
    assert whole.back(4, 8) == (4, 8)
