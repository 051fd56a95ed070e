"""Who speaks: names and posts, pronouns, continued quotations, reporters of reporters, and who never is a speaker."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.evidence import Claim, Document, Reader

ALIASES = {"norland": ["Norland"], "ostia": ["Ostia", "Ostian"], "union": ["the Union", "European Union"]}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ALIASES)


def read(reader: Reader, text: str) -> list[Claim]:
    ((_, claims),) = reader.read([Document(id="d", text=text)])
    assert claims
    return claims


def says(reader: Reader, text: str, words: str) -> Claim:
    """The claim in whose content some words stand."""
    found = [claim for claim in read(reader, text) if words in claim.text]
    assert found, f"nobody says {words!r}"
    return found[-1]


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Ostia's defence minister, Marta Quill, said that the base would close.", "Marta Quill", "defence minister"),
        ("Marta Quill, the Ostian fisheries minister, warned that the base would close.", "Marta Quill", "minister"),
        (
            "The head of the central bank, Jon Aker, told deputies on Friday that the base would close.",
            "Jon Aker",
            "head",
        ),
        (
            "Deputy Minister of Transport Lena Orban said that the base would close.",
            "Lena Orban",
            "minister of transport",
        ),
        ("Prime Minister Lena Orban said that the base would close.", "Lena Orban", "prime minister"),
    ],
)
def test_a_minister_is_known_by_name_and_post(reader: Reader, text: str, name: str, role: str) -> None:
    speaker = says(reader, text, "base would close").says
    assert (speaker.name, speaker.kind) == (name, "named")
    assert role in speaker.role


def test_two_ministers_of_one_post_are_two(reader: Reader) -> None:
    one = says(reader, "The trade minister, Ada Holm, said that the tariff would go.", "tariff").says
    two = says(reader, "The trade minister, Bo Lind, said that the tariff would go.", "tariff").says
    assert one.name != two.name


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        (
            "Norland's finance minister, Ada Holm, arrived on Monday for two days of talks. She said that the levy "
            "would be dropped.",
            "levy",
            "Ada Holm",
        ),
        (
            "The envoy, Paul Dahl, told reporters that Mr Lund had left. He added that the levy would be dropped.",
            "levy",
            "Paul Dahl",
        ),
        (
            "In the capital, the chief negotiator, Ruth Berg, sounded tired. “We never agreed to drop the levy,” "
            "she told a newspaper.",
            "levy",
            "Ruth Berg",
        ),
        (
            "Mr Holm met Ms Berg on Tuesday. She said that the levy would be dropped.",
            "levy",
            "Ms Berg",
        ),
        (
            "Ada Holm, the trade minister, opened the hearing. The minister said that the levy would be dropped.",
            "levy",
            "Ada Holm",
        ),
        (
            "“Nobody asked us,” Ada Holm, the mayor, said on Sunday. “The levy would ruin this town within a year.”",
            "levy",
            "Ada Holm",
        ),
        (
            "“The levy,” Ada Holm said on Sunday, “is dead.” “If it returns, we will leave the customs league,” she went on.",
            "customs league",
            "Ada Holm",
        ),
    ],
)
def test_the_speaker_runs_on(reader: Reader, text: str, words: str, name: str) -> None:
    assert says(reader, text, words).says.name == name


def test_a_pronoun_far_from_anybody_is_nobody(reader: Reader) -> None:
    far = "The harbour is old. The ships are small. The quay is narrow. The tide is strong. " * 4
    claim = says(reader, f"Ada Holm left. {far}She said that the levy would be dropped.", "levy")
    assert claim.says.kind == "unknown"


@pytest.mark.parametrize(
    ("text", "words", "chain"),
    [
        (
            "The Courier quoted a Norland diplomat as saying that the ferry would stop.",
            "ferry",
            ["Courier", "diplomat"],
        ),
        (
            "Two capitals have let us know that the ferry would stop.",
            "ferry",
            ["Two capitals"],
        ),
        (
            "Officials in both capitals said that the ferry would stop.",
            "ferry",
            ["Officials in both capitals"],
        ),
    ],
)
def test_who_reports_and_who_speaks_are_both_kept(reader: Reader, text: str, words: str, chain: list[str]) -> None:
    links = [link.name for link in says(reader, text, words).chain]
    assert all(any(name in link for link in links) for name in chain)
    assert chain[-1] in links[-1]


@pytest.mark.parametrize(
    "text",
    [
        "Nobody in the ministry believes that the ferry will stop.",
        "No one has suggested that the ferry will stop.",
    ],
)
def test_nobody_is_no_speaker(reader: Reader, text: str) -> None:
    assert says(reader, text, "ferry").says.role == "article"


def test_a_name_ends_before_its_participle(reader: Reader) -> None:
    text = "The representative of Ostia, recalling the winter of the great storm, said that the ferry would stop."
    assert says(reader, text, "ferry would stop").says.name == "The representative of Ostia"


def test_a_relative_pronoun_is_whom_it_stands_for(reader: Reader) -> None:
    text = "The board took note of a letter from the representative of Ostia, who denied that the ferry had stopped."
    assert "representative of Ostia" in says(reader, text, "ferry").says.name


def test_a_ministers_government_is_his_actor(reader: Reader) -> None:
    text = "Ostia is in no hurry. Its defence secretary, Colm Reed, said that the ferry would stop."
    assert says(reader, text, "ferry").says.actor == "ostia"


def test_officials_in_brussels_are_the_unions_where_it_acts(reader: Reader) -> None:
    claim = says(reader, "Trade officials in Brussels said that the ferry would stop.", "ferry")
    assert claim.says.actor == "union"


def test_brussels_is_belgium_where_belgium_acts_alone() -> None:
    claim = says(Reader({"belgium": ["Belgium"]}), "Officials in Brussels said that the ferry would stop.", "ferry")
    assert claim.says.actor == "belgium"


@settings(max_examples=15, deadline=None)
@given(first=st.sampled_from(["Ada", "Jon", "Lena", "Bo"]), last=st.sampled_from(["Holm", "Aker", "Quill", "Dahl"]))
def test_any_name_runs_on(reader: Reader, first: str, last: str) -> None:
    text = f"The mayor, {first} {last}, has resigned. “The dam is unsafe,” the mayor said. “It must be closed by May.”"
    claims = read(reader, text)
    assert {claim.says.name for claim in claims} == {f"{first} {last}"}


def test_each_operative_verb_of_a_list_is_the_bodys(reader: Reader) -> None:
    text = (
        "The Assembly,\n\n1. Demands that Ostia refrain from further drilling;\n\n2. Urges Norland to resume the survey "
        "without delay;\n\n3. Decides that any patrol requires the consent of the host.\n\nThe Council:\n\n- reaffirms that "
        "the embargo will stay in force;\n- calls upon the parties to reopen the strait."
    )
    found = {claim.text: claim.says.name for claim in read(reader, text)}
    bodies = {
        "drilling": "Assembly",
        "survey": "Assembly",
        "patrol": "Assembly",
        "embargo": "Council",
        "strait": "Council",
    }
    for words, body in bodies.items():
        assert [name for said, name in found.items() if words in said] == [f"The {body}"]
