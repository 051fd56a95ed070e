"""Quotations without a speaker: somebody's words, and the text does not say whose."""

from __future__ import annotations

import pytest

from vetopoint.evidence import Claim, Document, Reader


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
