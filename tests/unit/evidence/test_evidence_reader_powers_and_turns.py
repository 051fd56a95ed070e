"""Short extracts of debates, views without a comma, powers that are no acts, and states that are no judgements; sentences of the test's own."""

from __future__ import annotations

import pytest

from vetopoint.evidence import Claim, Document, Reader

ALIASES = {"harland": ["Harland"], "selva": ["Selva"], "ruhn": ["Ruhn"]}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ALIASES)


def read(reader: Reader, text: str) -> list[Claim]:
    ((_, claims),) = list(reader.read([Document(id="d", text=text)]))
    return claims


def said(claim: Claim) -> str:
    return " … ".join(span.text for span in claim.content)


DEBATES = {
    "post and name in brackets": (
        "The Minister for Ports (Mrs. Ada Lund): The lease will not be renewed.\n\n"
        "Mr. Toft (Corran West): The harbour is falling to pieces.\n\n"
        "Mrs. Ada Lund: I have seen the survey, and the piers are sound.",
        {"The lease": "Ada Lund", "The harbour": "Toft", "the piers": "Ada Lund"},
    ),
    "each speaks once": (
        "Hanna Moe: The dredging of the lower river must receive the money it was promised.\n\n"
        "Jon Birk: We have been leading on this matter, and the fund cannot pay for everything.",
        {"The dredging": "Hanna Moe", "the fund": "Jon Birk"},
    ),
    "a bracket behind a full name": (
        "Dame Ruth Aske (Norby): The toll is a burden on our farmers.\n\n"
        "Sir Carl Holt (Eastmark): I do not share that view; the toll pays for the bridge.",
        {"a burden": "Aske", "pays for": "Holt"},
    ),
}


@pytest.mark.parametrize("name", DEBATES)
def test_extracts_of_debates_are_read_by_turns(reader: Reader, name: str) -> None:
    text, spoken = DEBATES[name]
    claims = read(reader, text)
    for words, speaker in spoken.items():
        (claim,) = [c for c in claims if words in said(c)]
        assert speaker in claim.says.name


def test_labels_of_a_list_are_no_speakers(reader: Reader) -> None:
    text = "Opening Hours: The office is open at nine.\n\nNext Steps: The board votes in May."
    assert not [c for c in read(reader, text) if c.rule == "turn"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("In the view of two judges the flights could go on while the court considered the matter.", "two judges"),
        ("In the opinion of the harbour board the piers will last another decade.", "the harbour board"),
        ("In Ruhn's judgement the cable can be laid by spring.", "Ruhn"),
    ],
)
def test_a_view_needs_no_comma(reader: Reader, text: str, speaker: str) -> None:
    (claim,) = read(reader, text)
    assert claim.says.name == speaker
    assert claim.kind in ("assessment", "forecast")


@pytest.mark.parametrize(
    "text",
    [
        "Selva may veto any name on the list, for any reason or for none.",
        "Harland can block the appointment of the harbour master.",
        "Ruhn could torpedo the merger of the two yards.",
    ],
)
def test_who_may_veto_has_not(reader: Reader, text: str) -> None:
    """A power is a statement of the article's own, with the whole clause, and no act of its holder."""
    (claim,) = read(reader, text)
    assert said(claim) == text.rstrip(".")
    assert [(e.kind, e.holds) for e in claim.edges] == [("veto", True)]
    assert claim.act != "REJECT"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Our colleagues tell us that the road to the coast has been open since Sunday.", "assertion"),
        ("The chairman confirmed that the technology is ready.", "assertion"),
        ("The clerk said that a refund was promised to her in person.", "assertion"),
        ("The clerk said that they had been unable to reach the lock.", "assertion"),
        ("Selva's envoy said she could live with a lower quota for the poorest.", "position"),
        ("The clerk said that the lock is a relic.", "assessment"),
    ],
)
def test_a_state_is_no_judgement(reader: Reader, text: str, kind: str) -> None:
    (claim,) = read(reader, text)
    assert claim.kind == kind


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("If the owners say no, the barges will lie idle until May, the clerk said.", 1),
        ("The clerk said that if the board answers no, the barges will lie idle.", 1),
        ("Should the senate vote no, the treaty is dead, the clerk said.", 1),
        ("Selva rubbished reports that it had agreed to lease the port.", -1),
        ("Selva debunked reports that it had agreed to lease the port.", -1),
    ],
)
def test_an_answer_and_a_misread_noun(reader: Reader, text: str, sign: int) -> None:
    """ "No" as an answer denies nothing else; "reports" is a noun where the tagger takes it for a verb."""
    (claim,) = read(reader, text)
    assert claim.polarity == sign


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ruhn's ministry said that it respected the ruling but would not reopen the mine.", ["respected", "reopen"]),
        ("The guild said it had read the offer but would not sign it this year.", ["had read", "sign"]),
        ("The board said it regretted the delay but will not pay for the crane.", ["regretted", "pay"]),
    ],
)
def test_what_is_and_what_will_not_be_are_two_claims(reader: Reader, text: str, parts: list[str]) -> None:
    claims = read(reader, text)
    assert len(claims) == len(parts)
    assert all(part in said(claim) for part, claim in zip(parts, claims, strict=True))
    assert claims[-1].polarity == -1


@pytest.mark.parametrize(
    "text",
    [
        "“I doubt that she has counted the boats,” Mr. Orr said.",
        "“We doubt that the pier will last the winter,” the harbour master told reporters.",
        "“I doubt the board will sit before June,” said the clerk.",
    ],
)
def test_to_doubt_in_ones_own_words_denies(reader: Reader, text: str) -> None:
    (claim,) = read(reader, text)
    assert claim.polarity == -1


@pytest.mark.parametrize(
    "text",
    [
        "The enlargement calls for no such agreement, and the pilots know it.",
        "A smaller quay needs no approval from Selva.",
        "The extension requires the consent of Ruhn.",
    ],
)
def test_a_thing_does_not_call_for_consent(reader: Reader, text: str) -> None:
    """What a plan needs is the article's own statement, and the plan is nobody's mouth."""
    (claim,) = [c for c in read(reader, text) if c.edges]
    assert (claim.says.kind, claim.says.name) == ("named", "d")
