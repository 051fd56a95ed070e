"""Reports of several words, nested reports, statements of the article itself, and speech that runs on over sentences."""

from __future__ import annotations

import pytest

from vetopoint.evidence import Claim, Document, Reader
from vetopoint.evidence.documents.layout import flow

ALIASES = {"harland": ["Harland"], "selva": ["Selva"], "league": ["the League", "League"]}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ALIASES)


def read(reader: Reader, text: str) -> list[Claim]:
    ((document, claims),) = list(reader.read([Document(id="d", text=text)]))
    for claim in claims:
        for span in claim.content:
            assert document.text[span.start : span.end] == span.text
    return claims


def said(reader: Reader, text: str, words: str) -> Claim:
    """The one claim whose content begins with some words."""
    found = [claim for claim in read(reader, text) if claim.content[0].text.lstrip('“"').startswith(words)]
    assert len(found) == 1, [claim.content for claim in read(reader, text)]
    return found[0]


@pytest.mark.parametrize(
    ("dateline", "rest"),
    [
        ("PORT ELLA — ", "Harland said on Friday that it would reopen the quay."),
        ("LISBON, 3 May (Atlas) - ", "Harland said on Friday that it would reopen the quay."),
        ("New Corran, Aug. 14 – ", "“Nobody asked us about the quay,” the mayor said."),
        ("Corran (Atlas News) -- ", "Harland rejected the offer."),
        ("ST. ELMO, Selva, June 2 (Atlas) — ", "The League's envoys left."),
    ],
)
def test_a_dateline_is_not_read(dateline: str, rest: str) -> None:
    assert flow(dateline + rest).text == rest
    assert flow(f"Quay reopened\n\n{dateline}{rest}").text == f"Quay reopened\n\n{rest}"


@pytest.mark.parametrize(
    "text",
    [
        "NATO — which Harland joined last year — said that it would wait.",
        "Harland - Selva talks failed.",
        "The mayor said - not for the first time - that he would go.",
    ],
)
def test_a_dash_alone_makes_no_dateline(text: str) -> None:
    assert flow(text).text == text


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        (
            "The port authority has made it known that it will not wait for a permit.",
            "The port authority",
            "that it will",
        ),
        ("The skipper made clear on Monday that Selva could keep its fish.", "The skipper", "that Selva could"),
        ("Two ministries have let the press know that they want no ferry.", "Two ministries", "that they want"),
        ("The pilots gave notice on Friday that they would walk out.", "The pilots", "that they would"),
        ("The mayor's office took the line that no ballot was needed.", "The mayor's office", "that no ballot"),
        ("What the surveyor told the crew is that the dyke would hold.", "the surveyor", "that the dyke"),
        ("The crew's answer was that the dyke had never held.", "The crew", "that the dyke"),
        ("The consensus in Selva is that the ferry will be sold.", "Selva", "that the ferry"),
        ("As the harbour master put it, the ferry is a museum.", "the harbour master", "the ferry is"),
        ("Selva has been told by its neighbours that it cannot close the strait.", "its neighbours", "that it cannot"),
        ("The toll will fall on islanders, cautioned a clerk who drew up the list.", "a clerk", "The toll will"),
        (
            "It is far from clear that the dyke would hold, cautioned an engineer on the site.",
            "an engineer",
            "It is far",
        ),
        ("Selva signalled through envoys that it might accept a shorter lease.", "Selva", "that it might"),
        ("The chairman ruled out a return to the old tariff.", "The chairman", "a return to"),
        ("The board has not excluded moving the ferry to Corran.", "The board", "moving the ferry"),
        ("None of the pilots asked by the paper thought a strike probable.", "None of the pilots", "a strike"),
        ("The pilots declined to associate themselves with the appeal.", "The pilots", "the appeal"),
        ("The ministry disputed that account within the hour.", "The ministry", "that account"),
        ("An aide stopped short of disputing that a letter had arrived.", "An aide", "that a letter"),
        ("Norr quoted the pilot as telling the crew that the dyke had gone.", "the pilot", "that the dyke"),
        ("Selva, two envoys say, has let it be known that it wants a vote.", "Selva", "that it wants"),
        ("The paper wrote that the guild had sent word that it would strike.", "the guild", "that it would"),
    ],
)
def test_who_is_said_to_say_what(reader: Reader, text: str, speaker: str, words: str) -> None:
    claim = said(reader, text, words)
    assert claim.says.name.startswith(speaker) or claim.speaker[0].text.startswith(speaker)


def test_who_reports_it_stands_before_in_the_chain(reader: Reader) -> None:
    claim = said(reader, "The guild, two clerks say, has made it known that it would sooner strike.", "that it would")
    assert [link.name for link in claim.chain[1:]] == ["two clerks", "The guild"]
    quoted = said(reader, "Ada Norr quoted the pilot as telling the crew that the dyke had gone.", "that the dyke")
    assert [link.name for link in quoted.chain[1:]] == ["Ada Norr", "the pilot"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The envoy denied that her ministry had ordered the search.", "that her ministry"),
        ("The pilot denied that the guild had asked for the ferry.", "that the guild"),
        ("A clerk denied that the mayor had told the press about the toll.", "that the mayor"),
    ],
)
def test_what_is_denied_is_the_deniers_claim(reader: Reader, text: str, words: str) -> None:
    assert said(reader, text, words).polarity == -1
    assert len(read(reader, text)) == 1


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("The skipper made clear that Selva would not pay.", -1),
        ("The skipper made it plain that Selva would pay.", 1),
        ("The skipper made it plain on Friday that Selva would not pay.", -1),
        ("The pilots declined to associate themselves with the appeal.", -1),
    ],
)
def test_a_report_of_several_words_keeps_the_sign(reader: Reader, text: str, sign: int) -> None:
    (claim,) = read(reader, text)
    assert claim.polarity == sign


def test_a_quotation_that_goes_on_behind_its_speaker_is_one_claim(reader: Reader) -> None:
    claim = said(reader, "“If the lock closes,” Ada Norr went on, “then every barge will turn back.”", "If the lock")
    assert [span.text.strip("“”,.") for span in claim.content] == [
        "If the lock closes",
        "then every barge will turn back",
    ]
    lease = said(reader, "“The lease,” the mayor went on, “was signed without a vote.”", "The lease")
    assert lease.says.name == "the mayor"
    assert read(reader, "The talks went on, and the mayor left.") == []


def test_each_clause_of_the_article_makes_a_claim_of_its_own(reader: Reader) -> None:
    worth, need = read(
        reader,
        "A ferry short of a full timetable would give Harland most of what it wants, and it needs no signature from Selva.",
    )
    assert worth.text.endswith("what it wants")
    assert need.text == "it needs no signature from Selva"
    assert [(edge.kind, edge.actor, edge.holds) for edge in need.edges] == [("requires", "selva", False)]
    assert {claim.says.role for claim in (worth, need)} == {"article"}


@pytest.mark.parametrize(
    "text",
    [
        "The League should stop knocking at this door.",
        "Harland must now decide whether it wants the ferry.",
        "Selva has to reopen the lock before the harvest.",
    ],
)
def test_what_the_article_says_an_actor_should_do_is_its_position(reader: Reader, text: str) -> None:
    (claim,) = read(reader, text)
    assert (claim.says.role, claim.kind) == ("article", "position")


@pytest.mark.parametrize(
    "text",
    [
        "The barges should arrive on Monday.",
        "Harland moored its barges on Monday.",
        "Should the League stop knocking at this door?",
    ],
)
def test_what_bears_on_no_actor_is_no_position(reader: Reader, text: str) -> None:
    assert read(reader, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "The treasurer told members that the fund was empty. It would be wound up by June.",
        "Selva's envoy said that the text could not be signed. Any earlier date would split the cabinet.",
        "Harland said that it would stay away. Its barges had been turned back at the lock.",
    ],
)
def test_indirect_speech_runs_on(reader: Reader, text: str) -> None:
    first, second = read(reader, text)
    assert (first.rule, second.rule) == ("clause", "runs-on")
    assert first.says == second.says


@pytest.mark.parametrize(
    "text",
    [
        "Harland said that it would stay away. The sun was shining on the lock.",
        "Harland said that it would stay away. Another lock would have saved the town.",
        "Harland says that it stays away. It would be wise to wait.",
        "Harland said that it would stay away.\n\nThe ferry would sail on Monday.",
    ],
)
def test_what_the_article_adds_does_not_run_on(reader: Reader, text: str) -> None:
    assert [claim.rule for claim in read(reader, text)] == ["clause"]
