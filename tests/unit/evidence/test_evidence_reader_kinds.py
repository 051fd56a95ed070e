"""Of what kind a claim is (position, forecast, assessment …) and of what kind its source, in real-news sentences of the test's own."""

from __future__ import annotations

import pytest

from vetopoint.evidence import Claim, Document, Reader

ALIASES = {"harland": ["Harland"], "selva": ["Selva"], "league": ["the League", "League"], "ruhn": ["Ruhn"]}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ALIASES)


def read(reader: Reader, text: str) -> list[Claim]:
    ((_, claims),) = list(reader.read([Document(id="d", text=text)]))
    return claims


def claim_with(reader: Reader, text: str, words: str) -> Claim:
    """The one claim whose content holds some words."""
    found = [c for c in read(reader, text) if words in " … ".join(span.text for span in c.content)]
    assert len(found) == 1, [(c.rule, [s.text for s in c.content]) for c in read(reader, text)]
    return found[0]


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("Selva’s envoys, who arrived late, argue that he wants a seat on the board.", "wants a seat", "assertion"),
        ("The pilots say that it wants the toll abolished by the spring.", "wants the toll", "assertion"),
        ("The mayor of Corran said that she would close the lock at dusk.", "would close", "position"),
        ("Selva's envoy told the paper that he means to bring the matter before the League.", "means to", "position"),
        ("The chairwoman, asked about the ferry, said that she intends to sell it.", "intends to", "position"),
        ("Ms. Orr, a member of the board, said that the guild planned a march.", "the guild", "assertion"),
        ("The treasurer said the members ought to read the accounts first.", "ought to", "position"),
        ("An aide said on Monday that the board ought to have been asked.", "ought to", "position"),
        ("Its director thinks the pilots ought to be heard, not lectured.", "ought to", "assessment"),
        ("The shippers may move their cargo by rail, which costs more, their guild said.", "may move", "forecast"),
        ("Its members may yet turn to the courts, the guild said in a note.", "may yet", "forecast"),
        ("A clerk predicted that the lock would be shut by the end of the month.", "would be shut", "forecast"),
        ("Two banks, both with loans to the port, expect that rates will fall.", "rates will", "forecast"),
        ("Economists forecast that the toll will bring in less than it costs.", "the toll", "forecast"),
        ("The harbour master said that it was not true that the gates had jammed.", "not true", "assertion"),
        (
            "An official called the story untrue; the mayor said it was false that she had left.",
            "it was false",
            "assertion",
        ),
        ("The union says it is correct that two members had been paid.", "is correct", "assertion"),
        ("The clerk said that a second gate would be worth having.", "would be worth", "assessment"),
        ("An engineer wrote that the new lock would be little more than a toy.", "would be little", "assessment"),
        ("Shippers argue that a tunnel would be cheaper than a bridge.", "would be cheaper", "assessment"),
        ("One member can delay the vote, the speaker said on Sunday.", "can delay", "assertion"),
        ("The captain said that the pilots can work at night.", "can work", "assertion"),
        ("A lawyer for the port says the League can sue.", "can sue", "assertion"),
    ],
)
def test_kind_of_what_is_said(reader: Reader, text: str, words: str, kind: str) -> None:
    assert claim_with(reader, text, words).kind == kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Any barge above the lock will be fired on from Sunday, Selva's commander warned.", "Any barge"),
        ("Ruhn's defence minister warned that every drone over the strait would be shot down.", "every drone"),
        ("Harland let it be understood that a ship entering the bay would be attacked.", "a ship"),
    ],
)
def test_harm_that_a_party_foretells_is_its_threat(reader: Reader, text: str, words: str) -> None:
    claim = claim_with(reader, text, words)
    assert (claim.kind, claim.act) == ("threat", "THREATEN")


@pytest.mark.parametrize(
    "text",
    [
        "Any barge above the lock will be fired on, a fisherman fears.",
        "A historian warned that every drone over the strait would be shot down by Selva.",
        "Ruhn's minister warned that the bridge would be closed by the frost.",
    ],
)
def test_harm_that_others_foretell_is_no_threat_of_theirs(reader: Reader, text: str) -> None:
    claims = read(reader, text)
    assert claims
    assert all(claim.act != "THREATEN" for claim in claims)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The leaders of the League agreed that the quay would be rebuilt.", "collective"),
        ("The ministers, meeting in Corran, noted that the quay had sunk.", "collective"),
        ("Three leaders of the guild said that the quay had sunk.", "role"),
        ("A member of the council, speaking over lunch, said that the quay had sunk.", "role"),
        ("The members said that the quay had sunk.", "collective"),
        ("A supporter of the mayor said that the quay had sunk.", "role"),
        ("Hardly any of its senators expect that the quay will be rebuilt.", "role"),
        ("One of her aides said that the quay had sunk.", "role"),
        ("Some of the banks think that the quay will sink.", "collective"),
        ("Two of them said that the quay had sunk.", "unnamed"),
    ],
)
def test_kind_of_source(reader: Reader, text: str, kind: str) -> None:
    (claim,) = read(reader, text)
    assert claim.says.kind == kind


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        (
            "The Corran Courier, quoting an inspector on the site, wrote that the quay had sunk.",
            "an inspector on the site",
        ),
        ("The Ruhn Herald reported, citing a lawyer for the port, that the quay had sunk.", "a lawyer for the port"),
        ("The Corran Post, citing two engineers, said that the quay had sunk.", "two engineers"),
    ],
)
def test_whom_a_paper_quotes_is_the_speaker(reader: Reader, text: str, speaker: str) -> None:
    claim = claim_with(reader, text, "the quay had sunk")
    assert claim.says.name == speaker
    assert claim.chain[-2].role == "outlet"
