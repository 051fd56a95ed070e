"""Links between claims: restatements and their twins, conditions that other claims state, plans in the text's own words."""

from __future__ import annotations

import pytest

from support import reference
from vetopoint.evidence import Claim, Document, Reader, origins, read_document

ALIASES = {"norland": ["Norland", "Vik"], "kyst": ["Kyst"], "alliance": ["the Alliance"]}


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ALIASES)


def read(reader: Reader, text: str) -> list[Claim]:
    ((_, claims),) = reader.read([Document(id="d", text=text)])
    return claims


def restated(claims: list[Claim]) -> list[tuple[str, str]]:
    return [(claim.id, claim.restates) for claim in claims if claim.restates]


FIRST = "Diplomats say that sending patrols to the strait is impossible without Norland’s consent."


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("Officials concede that deploying patrols to the strait is impossible without Norland’s approval.", True),
        ("Officials say that sending patrols to the strait is possible without Norland’s consent.", False),
        ("Officials say that sending patrols to the strait is not impossible without Norland’s consent.", False),
        ("Officials say that sending patrols to the strait is impossible without Kyst’s consent.", False),
        ("Officials say that the ferry will stop on Monday.", False),
        ("Ada Norman said that sending patrols to the strait is impossible without Norland’s consent.", False),
    ],
)
def test_a_restatement_is_marked_and_its_twin_is_not(reader: Reader, second: str, expected: bool) -> None:
    claims = read(reader, f"{FIRST} {second}")
    assert len(claims) >= 2
    assert bool(restated(claims)) is expected


def test_restatements_point_to_the_first_and_share_its_origin(reader: Reader) -> None:
    again = "Officials say that sending patrols to the strait is impossible without Norland’s approval."
    more = "Sources say that sending more patrols to the strait is impossible without Norland’s nod."
    claims = read(reader, f"{FIRST} {again} {more}")
    assert {target for _, target in restated(claims)} == {"d.1"}
    assert len(restated(claims)) == 2
    assert len(origins(claims)) == 1


def test_what_the_article_says_after_a_named_source_has_that_sources_origin(reader: Reader) -> None:
    text = (
        "Norland has a veto over the patrols in the strait. "
        "“Norland has a veto over the patrols in the strait,” said Ada Norman."
    )
    claims = read(reader, text)
    assert [bool(claim.restates) for claim in claims] == [True, False]
    assert len(origins(claims)) == 1


def test_a_condition_that_another_claim_states_becomes_its_id(reader: Reader) -> None:
    claims = read(
        reader, f"{FIRST} Officials fear that without Norland’s consent the escorts would be shelled by Norland."
    )
    threat = next(claim for claim in claims if any(edge.kind == "threat" for edge in claim.edges))
    assert threat.condition == "d.1"
    twin = read(reader, f"{FIRST} Officials fear that the escorts would be shelled by Kyst if Kyst withdraws consent.")
    threat = next(claim for claim in twin if any(edge.kind == "threat" for edge in claim.edges))
    assert threat.condition == "if Kyst withdraws consent"


def test_a_condition_clause_in_the_words_of_a_claim(reader: Reader) -> None:
    first = "Ada Norman said that the town council will reject the budget."
    yes = read(reader, f"{first} Officials said the ferry would stop if the town council rejects the budget.")
    assert yes[-1].condition == yes[0].id
    no = read(reader, f"{first} Officials said the ferry would stop if the town council does not reject the budget.")
    assert no[-1].condition.startswith("if the town council")


@pytest.mark.parametrize(
    ("text", "kind", "plan"),
    [
        ("Deploying patrols is impossible without Norland’s consent.", "requires", "Deploying patrols"),
        ("The mission cannot leave port unless Norland agrees.", "requires", "The mission"),
        ("Norland could block the mission.", "veto", "the mission"),
        ("The mission could be blocked by Norland.", "veto", "The mission"),
        ("Kyst would shell the escorts.", "threat", "the escorts"),
        ("It cannot leave port unless Norland agrees.", "requires", ""),
    ],
)
def test_the_plan_is_named_in_the_words_of_the_text(reader: Reader, text: str, kind: str, plan: str) -> None:
    (edge,) = [edge for claim in read(reader, text) for edge in claim.edges if edge.kind == kind]
    assert edge.plan == plan


@pytest.mark.shared
def test_a_real_article_says_one_thing_several_times() -> None:
    path = reference("../sources/telegraph-summary.txt")
    reader = Reader({"russia": ["Russia", "Moscow", "the Kremlin", "Vladimir Putin"]})
    ((_, claims),) = reader.read([read_document(path)])
    requires = [c for c in claims if any(e.kind == "requires" for e in c.edges)]
    assert [c.restates for c in requires] == ["", requires[0].id]
    values = [c for c in claims if any("symbolic" in e.what for e in c.edges)]
    assert values[1].restates == values[0].id
    assert len(origins(claims)) == 1
    (feared,) = [c for c in claims if c.reporter_hedge == "feared"]
    assert feared.condition == requires[0].id
    assert requires[0].edges[0].plan == "deploying peacekeeping forces to Ukraine"


def test_linking_stays_fast_on_many_claims_of_the_same_words() -> None:
    import time

    from vetopoint.evidence.reader.links import link_claims

    many = [
        Claim(id=f"d.{k}", source="d", quote=f"sending patrols to the strait number {k} is risky", chain=("Ada",))
        for k in range(3_000)
    ]
    began = time.perf_counter()
    assert sum(bool(claim.restates) for claim in link_claims(many)) == 2_999
    assert time.perf_counter() - began < 20
