"""Kinds of telling that are easy to take wrongly: who speaks for whom, two owners, bystanders, parliaments within a state, what else would be done."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetopoint.evidence.plans.plain import plain
from vetopoint.study.drafting.plan import Cast
from vetopoint.study.drafting.start import Understood, understand

ROOT = Path(__file__).parents[3]
CETA = ROOT / "cases/ceta-2016/sources/article.md"
CORRIDOR = ROOT / "cases/grain-corridor-2023/sources/article.md"
SEED = ROOT / "cases/european-presence/sources/report.md"


def understood(tmp_path: Path, text: str) -> Understood:
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    return understand([path])


def cast_in(tmp_path: Path, text: str) -> Cast:
    return understood(tmp_path, text).cast


def consenters(cast: Cast) -> list[str]:
    return [party.actor for party in cast.consenters]


def test_the_agreement_whose_end_is_known_has_its_parts() -> None:
    cast = understand([CETA]).cast
    assert cast.owner.actor == "european_union"
    assert cast.consenters[0].actor == "wallonia"
    assert {"wallonia", "belgium", "bulgaria", "romania"} <= set(consenters(cast))
    assert not {"canada", "paul_magnette", "justin_trudeau"} & set(consenters(cast))
    assert cast.within["wallonia"] == "belgium"
    assert cast.fallback == "concluding the agreement alone"


def test_the_corridor_whose_end_is_known_has_its_parts() -> None:
    cast = understand([CORRIDOR]).cast
    assert cast.owner.label == "The United Nations and Türkiye"
    assert cast.owner.plural
    assert consenters(cast) == ["russia"]
    assert list(cast.threats) == ["russia"]
    assert "corridor" in cast.fallback or "Danube" in cast.fallback


@pytest.mark.parametrize(
    "who",
    [
        "Ada Holm, who heads the Norland government, said that she would not agree.",
        "Ada Holm, who leads Norland, said that she would not agree.",
        "Ada Holm, who speaks for Norland, said that she would not agree.",
        "Ada Holm, Norland's premier, said that she would not agree.",
        "Norland President Ada Holm said that she would not agree.",
    ],
)
def test_who_heads_or_speaks_for_a_party_is_that_party(tmp_path: Path, who: str) -> None:
    text = f"Ostia proposes a treaty. Norland must ratify the treaty. {who} Holm refuses to sign the treaty."
    assert consenters(cast_in(tmp_path, text)) == ["norland"]


def test_a_secretary_general_who_proposes_is_the_body(tmp_path: Path) -> None:
    text = "UN Secretary-General António Guterres proposed a truce. The United Nations waits. Norland must agree to the truce."
    assert cast_in(tmp_path, text).owner.actor == "united_nations"


@pytest.mark.parametrize("did", ["brokered a corridor", "propose a corridor", "plan to open a corridor", "have offered a corridor"])  # fmt: skip
def test_two_who_make_a_plan_are_one_owner_under_both_names(tmp_path: Path, did: str) -> None:
    cast = cast_in(tmp_path, f"Ostia and Vestria {did}. Norland must agree to the corridor. Norland could block it.")
    assert (cast.owner.label, cast.owner.plural) == ("Ostia and Vestria", True)
    assert {"Ostia", "Vestria"} <= set(cast.owner.aka)
    assert consenters(cast) == ["norland"]


@pytest.mark.parametrize("who", ["Insurers have stopped offering cover.", "Shipowners refused to sail.", "Traders rejected the price."])  # fmt: skip
def test_who_only_trades_with_a_plan_has_no_say_in_it(tmp_path: Path, who: str) -> None:
    assert consenters(cast_in(tmp_path, f"Ostia proposes a corridor. {who} Norland must approve the corridor.")) == [
        "norland"
    ]


def test_of_several_who_refuse_each_is_one_and_whom_they_ask_is_none(tmp_path: Path) -> None:
    text = "The Coastal Union wants to sign a pact. Norland and Vestria threatened to veto the pact unless Keldmark lifts visas."
    cast = cast_in(tmp_path, text)
    assert {"norland", "vestria"} <= set(consenters(cast))
    assert "keldmark" not in consenters(cast)


@pytest.mark.parametrize(
    "told",
    [
        "Norland may sign only if the Senate of Velk agrees.",
        "Norland cannot sign unless the Senate of Velk approves.",
        "Norland may not sign without the consent of the Senate of Velk.",
    ],
)
def test_whose_yes_comes_before_that_of_a_state_is_within_it(tmp_path: Path, told: str) -> None:
    cast = cast_in(tmp_path, f"Ostia proposes a treaty. {told} The Senate of Velk has refused the treaty.")
    assert {"norland", "senate_of_velk"} == set(consenters(cast))
    assert dict(cast.within) == {"senate_of_velk": "norland"}


@pytest.mark.parametrize(
    ("told", "instead"),
    [
        ("Ostia could conclude the pact alone.", "concluding the pact alone"),
        ("If Norland withdraws, Ostia would send ships along the coast without it.", "sending ships along the coast"),
        ("Ostia could build a bridge on its own.", "building a bridge"),
    ],
)
def test_what_would_be_done_alone_is_an_alternative(tmp_path: Path, told: str, instead: str) -> None:
    text = f"Ostia proposes a pact. Norland must agree to the pact. Ministers met in Velk on 3 May. {told}"
    assert cast_in(tmp_path, text).fallback.startswith(instead)


def test_a_meeting_a_day_or_a_place_is_no_alternative(tmp_path: Path) -> None:
    text = (
        "Ostia proposes a pact. The pact expires on 17 July unless Norland agrees. Ministers met in Velk on Tuesday. "
        "If Norland refuses, the talks end in May."
    )
    assert cast_in(tmp_path, text).fallback == ""


@pytest.mark.parametrize(
    "told",
    [
        "Sailing without Norland's consent would be risky and dangerous, its government warned.",
        "Shipowners feared that ships which sail without Norland's consent could be hit.",
        "Officials fear that convoys could be attacked if Norland refuses.",
        "Norland warned that the convoys would be a target.",
    ],
)
def test_a_warning_or_a_fear_of_harm_is_a_threat(tmp_path: Path, told: str) -> None:
    cast = cast_in(tmp_path, f"Ostia proposes a corridor. Norland must agree to the corridor. {told}")
    assert list(cast.threats) == ["norland"]


def test_consent_told_by_custom_counts(tmp_path: Path) -> None:
    text = "Ostia proposes a corridor. Nothing passes the strait that the emir has not waved through."
    assert consenters(cast_in(tmp_path, text)) == ["emir"]


@pytest.mark.parametrize(
    ("name", "id"),
    [("António Guterres", "antonio_guterres"), ("Łódź", "lodz"), ("Işık", "isik"), ("Øresund", "oresund"), ("Æthelred", "aethelred")],
)  # fmt: skip
def test_an_id_loses_no_letter(name: str, id: str) -> None:
    assert plain(name) == id


@given(letters=st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=12))
def test_any_name_has_an_id_of_plain_letters(letters: str) -> None:
    id = plain(letters)
    assert id
    assert id.isascii()
    assert id.replace("_", "").isalnum()
    assert len(id) >= len(letters) - letters.count("_")


def test_one_person_is_not_several(tmp_path: Path) -> None:
    cast = cast_in(tmp_path, "Ostia proposes a treaty. Jan Guterres must approve the treaty, said Jan Guterres.")
    assert [party.plural for party in cast.consenters] == [False]


def test_who_concedes_stands_before_what_is_conceded() -> None:
    told = understand([SEED]).conceding
    assert told.startswith("a growing number of the coalition's members: peacekeepers cannot be sent to Ukraine unless")
    assert "concede" not in told


def test_the_seed_text_has_its_day() -> None:
    (document,) = understand([SEED]).documents.values()
    assert document.date == date(2026, 2, 24)


@pytest.mark.parametrize(
    ("told", "instead"),
    [
        ("a fundamentally different form of presence", "a fundamentally different form of presence"),
        ("an underground mine", "an underground mine"),
        ("old soldiers", "old soldiers"),
        ("the old bridge instead", "the old bridge"),
        ("its smaller union of ports", "a smaller union of ports"),
        ("observation from the air", "observation from the air"),
    ],
)
def test_a_noun_phrase_bears_the_article_of_its_sentence(tmp_path: Path, told: str, instead: str) -> None:
    text = f"Ostia proposes a pact. Norland must agree to the pact. If Norland refuses, Ostia would turn to {told}."
    assert cast_in(tmp_path, text).fallback == instead


def test_a_file_named_after_a_party_is_no_outlet(tmp_path: Path) -> None:
    path = tmp_path / "norland.txt"
    path.write_text("Ostia plans a dam. Norland must approve the dam. Norland has refused the dam.", encoding="utf-8")
    assert [party.actor for party in understand([path]).cast.consenters] == ["norland"]


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("Norland wants to reopen three hospitals. Ostia must agree and has refused.", "reopening three hospitals"),
        (
            "Norland hopes to buy 40 per cent of Telmar. Ostia must approve and has refused.",
            "buying 40 per cent of Telmar",
        ),
        ("Norland wants to build a dam. Ostia must approve the dam.", "the dam"),
        ("Norland plans to deploy monitors. Ostia must approve the monitors.", "monitors"),
        ("Norland wants to ratify the treaty. Ostia must approve the treaty.", "the treaty"),
    ],
)
def test_a_plan_is_named_by_what_is_done_where_the_thing_is_none(tmp_path: Path, text: str, plan: str) -> None:
    assert cast_in(tmp_path, text).plan == plan
