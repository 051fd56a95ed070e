"""Quotations: where they begin and end, and those without a speaker, of which the text does not say whose words they are."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.evidence import Claim, Document, Reader
from vetopoint.evidence.reader.parse import Parse


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader({"norland": ["Norland"], "kyst": ["Kyst"]})


def read(reader: Reader, text: str) -> list[Claim]:
    ((document, claims),) = reader.read([Document(id="d", text=text)])
    for claim in claims:
        assert all(document.text[s.start : s.end] == s.text for s in claim.content)
    return claims


def test_a_quotation_without_a_speaker_has_an_unknown_one_and_keeps_its_edge(reader: Reader) -> None:
    text = "The mood at the port was grim.\n“The patrols cannot sail unless Norland agrees.”\nThe ferry left at noon."
    (claim,) = read(reader, text)
    assert (claim.rule, claim.says.kind, claim.kind) == ("quotation", "unknown", "condition")
    assert claim.quote == "“The patrols cannot sail unless Norland agrees.”"
    assert [(e.kind, e.actor, e.holds) for e in claim.edges] == [("requires", "norland", True)]


@pytest.mark.parametrize(
    "text",
    [
        "“The patrols cannot sail unless Norland agrees,” said Ada Norman.",
        "The “coalition of the willing” met at the port.",
        "The film “Gone With the Wind” opened at noon.",
        "The mood at the port was grim.",
    ],
)
def test_what_has_a_speaker_or_is_no_speech_gets_none(reader: Reader, text: str) -> None:
    assert all(claim.rule != "quotation" for claim in read(reader, text))


@given(st.lists(st.sampled_from(["“", "”", '"', "``", "''", "«", "»", "\n", "Ada", "sails", "."]), max_size=30))
def test_quotations_are_apart_in_order_and_within_a_paragraph(words: list[str]) -> None:
    size = len(words)
    flat = ["x"] * size
    parse = Parse(words, flat, flat, flat, flat, list(range(size)), [2 * k for k in range(size)], [0] * size)
    quotes = parse.quotes
    for quote in quotes.spans:
        assert 0 <= quote.first < quote.last < size
        assert "\n" not in words[quote.first : quote.last + 1]
        assert {quotes.of(token) for token in quote.tokens} == {quote}
        assert not quote.closed or words[quote.last] in ("”", "»", '"', "''")
    for one, other in pairwise(quotes.spans):
        assert one.last < other.first
    assert sum(token in quotes for token in range(size)) == sum(len(quote.tokens) for quote in quotes.spans)


@given(st.lists(st.integers(0, 1), max_size=30))
def test_sentences_part_a_stretch(steps: list[int]) -> None:
    sents = [sum(steps[:k]) for k in range(len(steps))]
    size, flat = len(sents), ["x"] * len(sents)
    parse = Parse(flat, flat, flat, flat, flat, list(range(size)), [2 * k for k in range(size)], sents)
    found = list(parse.sentences())
    assert [t for first, last in found for t in range(first, last + 1)] == list(range(size))
    assert len(found) == len(set(sents))
