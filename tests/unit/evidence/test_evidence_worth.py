"""Claims worth a key press: propositions, and acts with their objects, each once; and what bears on the plan first."""

import pytest

from vetopoint.evidence import Claim, Document, Reader
from vetopoint.evidence.bearing import bearing
from vetopoint.evidence.claim import Edge, Link


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader({"norland": ["Norland"], "ostia": ["Ostia"]})


def read(reader: Reader, text: str) -> list[Claim]:
    ((_, claims),) = reader.read([Document(id="d", text=text)])
    return claims


@pytest.mark.parametrize(
    ("text", "contents"),
    [
        (
            "“The dam was built without a permit. Nobody asked the farmers downstream,” the engineer said.",
            ["The dam was built without a permit", "Nobody asked the farmers downstream"],
        ),
        (
            "“We have no quarrel with the tribunal,” the envoy said. “It has no quarrel with us.”",
            ["We have no quarrel with the tribunal", "It has no quarrel with us"],
        ),
        (
            "“The lease,” the premier said, “ends in May. We will not renew it.”",
            ["ends in May", "We will not renew it"],
        ),
    ],
)
def test_a_quotation_of_several_sentences_says_as_many_things(reader: Reader, text: str, contents: list[str]) -> None:
    found = [claim.text for claim in read(reader, text)]
    assert len(found) == len(contents)
    for words, wanted in zip(found, contents, strict=True):
        assert wanted in words


@pytest.mark.parametrize(
    "text",
    [
        "The treasurer, who had promised to do so, said that the levy would be dropped before winter.",
        "The mediator said that the clinic which the council calls a barracks would stay open.",
        "Ostia denied that it had offered to share the harbour with the fishermen.",
        "The chancellor rejected suggestions that the fleet would leave the bay if it was asked to.",
    ],
)
def test_what_is_nested_in_a_report_is_no_second_claim(reader: Reader, text: str) -> None:
    assert len(read(reader, text)) == 1


@pytest.mark.parametrize(
    ("text", "speaker", "reporter"),
    [
        ("An aide to the governor said that Ostia had rejected the ceasefire line.", "Ostia", "aide"),
        ("Two diplomats said Norland has threatened to expel the inspectors.", "Norland", "diplomats"),
        ("The newspaper reported that Ostia had condemned the embargo.", "Ostia", "newspaper"),
    ],
)
def test_an_act_that_another_reports_is_one_claim_by_who_acts(
    reader: Reader, text: str, speaker: str, reporter: str
) -> None:
    (claim,) = read(reader, text)
    assert claim.says.name == speaker
    assert any(reporter in link.name for link in claim.chain[:-1])


@pytest.mark.parametrize(
    "text",
    [
        "A listener asked whether the bridge would reopen.",
        "Has the army agreed to leave the ridge?",
        "The committee discussed the mandate.",
        "Reporting by Ada Holm; editing by Bo Lind, who said nothing.",
    ],
)
def test_questions_credits_and_bare_things_are_no_claims(reader: Reader, text: str) -> None:
    assert read(reader, text) == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [("The committee described the mandate as a failure.", 1), ("Ostia rejected the mandate.", 1)],
)
def test_a_predicate_or_an_act_makes_a_claim_of_a_thing(reader: Reader, text: str, kept: int) -> None:
    assert len(read(reader, text)) == kept


def test_coordinate_clauses_with_their_own_that_are_two_claims(reader: Reader) -> None:
    found = read(reader, "The court held that the tax needs a vote, and that the toll needs no vote of the assembly.")
    assert ["tax" in c.text for c in found] == [True, False]
    assert ["toll" in c.text for c in found] == [False, True]


def test_an_edge_bears_more_than_a_position_and_that_more_than_talk() -> None:
    def claim(**fields: object) -> Claim:
        return Claim.model_validate({"id": "1", "source": "d", **fields})

    ostia = (Link(name="Ostia", actor="ostia"),)
    ranked = [
        claim(edges=(Edge(kind="requires", actor="ostia"),)),
        claim(edges=(Edge(kind="requires", actor="kyst"),)),
        claim(edges=(Edge(kind="value"),), act="SAY"),
        claim(chain=ostia, act="SUPPORT", kind="position", rule="clause"),
        claim(chain=ostia, act="SUPPORT", kind="position", rule="runs-on"),
        claim(act="SUPPORT", kind="position"),
        claim(about="ostia", act="SAY"),
        claim(act="SAY"),
    ]
    measures = [bearing(one, ["ostia"]) for one in ranked]
    assert measures[-1] == 0
    assert measures == sorted(measures, reverse=True)
    assert measures[0] > measures[1] > measures[3] > measures[4] > measures[6]
