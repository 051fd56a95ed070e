"""A statement that holds several claims is taken apart."""

from __future__ import annotations

import pytest

from vetopoint.evidence import Claim, Document, Reader


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader({"norland": ["Norland"], "alliance": ["the Alliance"]})


def read(reader: Reader, text: str) -> list[Claim]:
    ((document, claims),) = list(reader.read([Document(id="d", text=text)]))
    for claim in claims:
        for span in claim.content:
            assert document.text[span.start : span.end] == span.text
    return claims


def test_not_as_one_thing_but_as_another_are_two_claims_of_opposite_polarity(reader: Reader) -> None:
    denied, said = read(reader, "The patrols are seen in Vik not as a shield, but as a symbol of resolve.")
    assert (denied.polarity, said.polarity) == (-1, 1)
    assert denied.content[-1].text == "not as a shield"
    assert said.content[-1].text == "as a symbol of resolve"
    assert [e.holds for e in denied.edges] == [False]
    assert [(e.holds, e.what) for e in said.edges] == [(True, "a symbol of resolve")]
    assert denied.chain == said.chain


def test_the_denial_is_no_part_of_the_source(reader: Reader) -> None:
    claims = read(reader, "The mission is seen in several capitals not as a shield but as a symbol of resolve.")
    assert {claim.says.name for claim in claims} == {"several capitals"}


def test_it_is_the_state_that_spoke_last(reader: Reader) -> None:
    claims = read(reader, "Several capitals are wary. Norland said that it would support the mission.")
    assert {claim.says.name for claim in claims if "mission" in claim.text} == {"Norland"}


def test_not_only_but_also_denies_nothing(reader: Reader) -> None:
    (claim,) = read(reader, "Ada Brandt said that the force was not only a symbol but also a shield.")
    assert claim.polarity == 1
    (denied,) = read(reader, "Ada Brandt said that the force was not a symbol.")
    assert denied.polarity == -1


def test_a_concession_is_a_claim_of_the_same_source(reader: Reader) -> None:
    denied, said, conceded = read(
        reader,
        "Sources stress that this is not about guarantees, but about giving the truce a frame, even if its effect remains small.",
    )
    assert (denied.polarity, said.polarity, conceded.polarity) == (-1, 1, 1)
    assert said.content[-1].text == "about giving the truce a frame"
    assert conceded.text == "even if its effect remains small"
    assert (conceded.act, conceded.chain) == ("CONCEDE", said.chain)


def test_what_happens_without_a_consent_is_no_concession(reader: Reader) -> None:
    claims = read(reader, "Ada Brandt says the convoy could sail, even if Norland refuses.")
    assert len(claims) == 1
    assert [(e.kind, e.holds) for e in claims[0].edges] == [("requires", False)]


def test_a_consequence_after_a_dash_carries_its_own_edge(reader: Reader) -> None:
    said, follows = read(
        reader,
        "One diplomat explained that the Alliance would be forced to adopt a lighter form of presence—making Norland's "
        "position decisive for the whole plan.",
    )
    assert [e.kind for e in said.edges] == ["alternative"]
    assert [(e.kind, e.actor, e.plan) for e in follows.edges] == [("veto", "norland", "the whole plan")]
    assert said.chain == follows.chain


def test_a_plain_statement_stays_one(reader: Reader) -> None:
    (claim,) = read(reader, "Ada Brandt said that the ship had sailed.")
    assert claim.polarity == 1
