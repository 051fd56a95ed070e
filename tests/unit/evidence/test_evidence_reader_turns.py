"""Talk turn by turn: in each form an answer's sentences are claims of whose turn it is, and a question is none."""

from __future__ import annotations

import pytest

from vetopoint.evidence import Claim, Document, Reader

ASKED = "Has the council agreed to the tunnel, or is the vote still open?"
ANSWER = "The council has approved the tunnel. The second shaft cannot open without a permit from Ostia."


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader({"ostia": ["Ostia"], "norland": ["Norland"]})


def read(reader: Reader, text: str) -> list[Claim]:
    ((_, claims),) = reader.read([Document(id="d", text=text)])
    return claims


def spoken(reader: Reader, text: str) -> list[tuple[str, str]]:
    return [(claim.says.name, claim.text.strip(" .")) for claim in read(reader, text)]


@pytest.mark.parametrize(
    ("asks", "answers", "name"),
    [
        ("Q: ", "MR. AKER: ", "Aker"),
        ("Q. ", "SECRETARY QUILL: ", "Quill"),
        ("QUESTION: ", "MS. QUILL: ", "Quill"),
        ("Question: ", "Spokesperson: ", "Spokesperson"),
        ("Reporter: ", "Ada Holm: ", "Ada Holm"),
        ("**Question:** ", "**Ada Holm:** ", "Ada Holm"),
        ("Q  ", "MR. AKER:  ", "Aker"),
    ],
)
def test_an_answer_is_its_speakers(reader: Reader, asks: str, answers: str, name: str) -> None:
    text = f"{asks}Thank you. {ASKED}\n\n{answers}{ANSWER}\n\n{asks}And who pays?\n\n{answers}Norland pays for both shafts."
    found = spoken(reader, text)
    assert [words for _, words in found if "approved" in words] == ["The council has approved the tunnel"]
    assert any("permit from Ostia" in words for _, words in found)
    assert any("pays for both shafts" in words for _, words in found)
    assert {name in speaker for speaker, _ in found} == {True}
    assert not any("vote still open" in words or "Thank you" in words for _, words in found)


def test_the_second_speaker_is_not_lost(reader: Reader) -> None:
    text = (
        "Spokesperson: The tunnel will open in March.\n\nQ: And the bridge?\n\n"
        "MS. HOLM: I'll take that one. The bridge has been closed since Friday.\n\nSpokesperson: The ferry still runs."
    )
    found = spoken(reader, text)
    assert [name for name, words in found if "bridge has been closed" in words] == ["Ms. Holm"]
    assert [name for name, words in found if "ferry" in words] == ["Spokesperson"]
    assert not any("take that one" in words for _, words in found)


def test_a_debate_gives_names_on_lines_of_their_own(reader: Reader) -> None:
    text = (
        "Ms Ada Holm\n\nThe tunnel needs a second shaft.\n\nMr Jon Aker\n\nThe treasury has no money for a second shaft.\n\n"
        "Ms Ada Holm\n\nThe treasury paid for the bridge."
    )
    found = spoken(reader, text)
    assert [name for name, words in found if "no money" in words] == ["Mr Jon Aker"]
    assert [name for name, words in found if "paid for the bridge" in words] == ["Ms Ada Holm"]


def test_dashes_give_turns(reader: Reader) -> None:
    text = (
        "The mayor, Ada Holm, received us on Sunday.\n\n— Will the tunnel open this year?\n\n— The tunnel has no permit yet.\n\n"
        "— And the bridge?\n\n— The bridge will open in May."
    )
    found = spoken(reader, text)
    assert [name for name, words in found if "no permit" in words] == ["Ada Holm"]
    assert not any("this year" in words for _, words in found)


def test_what_an_answer_reports_has_both_in_its_chain(reader: Reader) -> None:
    text = (
        "Q: Any news?\n\nSpokesperson: What the Ostian envoy told us is that his engineers will leave on Monday.\n\n"
        "Q: Is that all?\n\nSpokesperson: The envoy said that the pumps would stay."
    )
    claims = read(reader, text)
    leaving = [claim for claim in claims if "engineers will leave" in claim.text]
    assert [[link.name for link in claim.chain[-2:]] for claim in leaving] == [["Spokesperson", "the Ostian envoy"]]
    staying = [claim for claim in claims if "pumps" in claim.text]
    assert [claim.says.name for claim in staying] == ["The envoy"]


def test_i_and_we_are_whose_turn_it_is(reader: Reader) -> None:
    text = "Q: Will it work?\n\nMR. AKER: I don't think the tunnel will last.\n\nQ: Why?\n\nMR. AKER: We have doubts about the rock."
    assert {claim.says.name for claim in read(reader, text)} == {"Mr. Aker"}


def test_labels_that_name_nobody_make_no_turns(reader: Reader) -> None:
    text = "Date: 3 May\n\nSubject: Tunnel\n\nNote: The envoy said that the council has approved the tunnel.\n\nNote: The bridge is closed."
    assert not any(claim.rule == "turn" for claim in read(reader, text))
    plain = "Ostia: no deal before spring\n\nThe envoy said that the ferry would stop."
    assert not any(claim.rule == "turn" for claim in read(reader, plain))
