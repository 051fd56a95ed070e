"""Whose plan a text is about, whose yes it needs, who threatens, what would be done instead."""

import tomllib
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Document, SpacyParser
from vetopoint.evidence.plans import Telling, tell
from vetopoint.study.drafting.cast import cast_of
from vetopoint.study.drafting.choosing import choice
from vetopoint.study.drafting.plan import Cast, Party
from vetopoint.study.drafting.start import understand

ROOT = Path(__file__).parents[3]
TEXTS = ROOT / "tests" / "data" / "casting"
SEEN = tomllib.loads((TEXTS / "seen" / "expected.toml").read_text(encoding="utf-8"))
UNSEEN = tomllib.loads((TEXTS / "unseen" / "expected.toml").read_text(encoding="utf-8"))


def names(party: Party) -> set[str]:
    return {name.casefold().removeprefix("the ") for name in (party.label, *party.aka)}


def is_one_of(wanted: str, party: Party) -> bool:
    return any(name.strip().casefold().removeprefix("the ") in names(party) for name in wanted.split("|"))


def cast_in(tmp_path: Path, text: str) -> Cast:
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    return understand([path]).cast


@pytest.mark.parametrize("name", sorted(SEEN))
def test_the_texts_from_which_the_rules_were_learnt_have_their_owner_and_consenter(name: str) -> None:
    cast, told = understand([TEXTS / "seen" / f"{name}.txt"]).cast, SEEN[name]
    assert is_one_of(told["owner"], cast.owner), cast.owner
    assert is_one_of(told.get("first", told["consenters"][0]), cast.consenters[0]), cast.consenters


def test_of_the_texts_kept_aside_most_have_their_owner_and_their_consenter() -> None:
    found = {name: understand([TEXTS / "unseen" / f"{name}.txt"]).cast for name in UNSEEN}
    assert len(found) == 12
    owners = sum(is_one_of(told["owner"], found[name].owner) for name, told in UNSEEN.items())
    first = sum(is_one_of(t.get("first", t["consenters"][0]), found[name].consenters[0]) for name, t in UNSEEN.items())
    assert owners >= 10
    assert first >= 10


def test_the_seed_text_has_the_coalition_for_owner_and_not_the_newspaper() -> None:
    cast = understand([ROOT / "cases/european-presence/sources/report.md"]).cast
    assert cast.owner.actor == "coalition"
    assert [party.actor for party in cast.consenters] == ["russia"]
    assert {"Moscow", "Kremlin"} <= set(cast.consenters[0].aka)
    assert list(cast.threats) == ["russia"]
    assert "fundamentally different form of military presence" in cast.fallback
    assert cast.consenters[0].claims


@pytest.mark.parametrize(
    ("text", "owner", "first"),
    [
        ("Ostia wants to build a dam. The dam cannot be built unless Norland agrees, and Norland has refused.", "ostia", "norland"),
        ("The Gazette reports that Ostia plans a base in Norland. Norland must approve it, the Gazette says.", "ostia", "norland"),
        ("A plan by the Coastal League to send monitors needs the consent of Norland. Norland could block it.", "coastal_league", "norland"),
        ("“We will never sign,” said Norland's president, Ada Holm. Ostia proposes a treaty, and Norland has to ratify it.", "ostia", "norland"),
        ("Ostia has proposed a merger of the ports. The Norland Senate must approve it and could vote it down.", "ostia", "norland_senate"),
    ],
)  # fmt: skip
def test_who_proposes_owns_the_plan_however_much_others_are_quoted(
    tmp_path: Path, text: str, owner: str, first: str
) -> None:
    cast = cast_in(tmp_path, text)
    assert (cast.owner.actor, cast.consenters[0].actor) == (owner, first)


def test_capitals_and_buildings_are_the_country(tmp_path: Path) -> None:
    text = (
        "France proposes a mission. The mission needs Russia's consent. Moscow could stop it. The Kremlin has refused."
    )
    cast = cast_in(tmp_path, text)
    assert [party.actor for party in cast.consenters] == ["russia"]


def test_outlets_and_unnamed_sources_have_no_part(tmp_path: Path) -> None:
    text = (
        "Reuters reports that Ostia plans to send soldiers. Two diplomats told Reuters that Norland could block them. "
        "The Daily Courier wants to know more. Officials refused to say when."
    )
    cast = cast_in(tmp_path, text)
    assert cast.owner.actor == "ostia"
    assert [party.actor for party in cast.consenters] == ["norland"]


def test_a_threat_to_say_no_is_no_threat_of_harm(tmp_path: Path) -> None:
    text = (
        "The European Union wants to ban coal. Hungary threatened to veto the ban. Russia threatened to attack ports."
    )
    cast = cast_in(tmp_path, text)
    assert cast.consenters[0].actor == "hungary"
    assert list(cast.threats) == ["russia"]


def test_who_has_said_yes_is_a_backer_and_no_consenter(tmp_path: Path) -> None:
    text = "Ostia proposes a canal. Norland must agree and has refused. Vestria supports the canal and welcomes it."
    cast = cast_in(tmp_path, text)
    assert [party.actor for party in cast.consenters] == ["norland"]
    assert [party.actor for party in cast.backers] == ["vestria"]


NAMED = st.sampled_from(["Ostia", "Norland", "Vestria", "Keldmark", "Portugal", "Chile", "Kenya", "Orrinland"])


@settings(max_examples=12, deadline=None)
@given(pair=st.lists(NAMED, min_size=2, max_size=2, unique=True))
def test_names_carry_no_part_of_their_own(pair: list[str]) -> None:
    owner, other = pair
    text = f"{owner} plans to build a railway. {other} must approve the railway. {other} could block it."
    cast = cast_of([], names={}, documents={}, telling=told(text))
    assert cast.owner.label == owner
    assert [party.label for party in cast.consenters] == [other]


@settings(max_examples=8, deadline=None)
@given(order=st.permutations(range(3)))
def test_the_order_of_later_sentences_changes_no_part(order: list[int]) -> None:
    later = ["Norland must approve the railway.", "Norland could block it.", "Vestria supports the railway."]
    text = "Ostia plans to build a railway. " + " ".join(later[at] for at in order).replace("it.", "the railway.")
    cast = cast_of([], names={}, documents={}, telling=told(text))
    assert cast.owner.actor == "ostia"
    assert cast.consenters[0].actor == "norland"


@cache
def parser() -> SpacyParser:
    return SpacyParser(workers=1)


def told(text: str) -> Telling:
    return tell([Document("a", text)], parser())


WORDS = [
    "Ostia",
    "Norland",
    "Moscow",
    "the",
    "The",
    "a",
    "plans",
    "proposes",
    "refuses",
    "must",
    "agree",
    "could",
    "block",
    "threatens",
    "Prime",
    "Minister",
    "President",
    "Mr",
    "of",
    "al",
    "-",
    ",",
    ".",
    ".",
    "“",
    "”",
    "Senate",
    "parliament's",
    "its",
    "their",
    "his",
    "without",
    "consent",
    "if",
    "should",
    "instead",
    "dam",
    "union",
    "group",
    "government",
    "who",
    "said",
    "that",
    "no",
    "not",
]


@settings(max_examples=60, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=40))
def test_any_words_make_a_cast_or_a_complaint_in_words(words: list[str]) -> None:
    telling = told(" ".join(words))
    if len(telling.parties.names) < 2 and not telling.signs:
        with pytest.raises(EvidenceError, match="→"):
            cast_of([], names={}, documents={}, telling=telling)
        return
    with suppress(EvidenceError):  # one party alone
        cast = cast_of([], names={}, documents={}, telling=telling)
        assert cast.owner.actor not in {party.actor for party in cast.consenters}
        assert cast.consenters
        assert all(party.label.strip() and party.actor.isidentifier() for party in (cast.owner, *cast.consenters))


def test_what_no_pattern_has_words_for_is_an_approval() -> None:
    from vetopoint.study.drafting.choosing import choose
    from vetopoint.study.drafting.plan import Cast, Party

    for plan, expected in (
        ("the merger of the two clubs", "approval"),
        ("the exchange of prisoners", "approval"),
        ("the repainting of the hall", "approval"),
        ("the dam at Khorad", "permits"),
        ("the embargo", "sanctions"),
    ):
        assert choose(Cast(plan, Party("a", "Arle"), (Party("b", "Berne"),), {}), []) == expected, plan


def test_a_pattern_is_chosen_by_the_words_of_the_plan() -> None:
    for name, pattern in (
        ("presence-sarma", "presence"),
        ("trade-mercosur", "ratification"),
        ("grain-corridor", "renewal"),
        ("sanctions-eu", "sanctions"),
        ("basing-tirasa", "basing"),
        ("pipeline-calder", "permits"),
    ):
        found = understand([TEXTS / "seen" / f"{name}.txt"])
        assert choice(found.cast, found.claims, found.telling)[0] == pattern, name
