"""What a drafted case says is English: verbs, pronouns and articles fit every kind of label, in every pattern."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from vetopoint.evidence import Document, SpacyParser
from vetopoint.evidence.plans import tell
from vetopoint.study import check, open_study, run_study
from vetopoint.study.drafting.english import are_many, definite, does, inflected, it, its, small, they
from vetopoint.study.drafting.fill import fill
from vetopoint.study.drafting.patterns import NAMES, pattern
from vetopoint.study.drafting.plan import Cast, Party
from vetopoint.view import render_text, told
from vetopoint.view.report import render_report

DAY = date(2026, 1, 1)
FORMS = [
    ("go on", "goes on"), ("apply", "applies"), ("pass", "passes"), ("say", "says"), ("do", "does"), ("be", "is"),
    ("have", "has"), ("veto", "vetoes"), ("buy", "buys"), ("would", "would"), ("push", "pushes"), ("fix", "fixes"),
]  # fmt: skip
PHRASES = [
    ("monitors on the line", True), ("the coalition of states", False), ("fishing rights", True), ("gas from Belmar", False),
    ("a team of experts", False), ("two ships", True), ("33 captives in three stages", True), ("cameras and patrols by boat", True),
    ("drones flown from a ship offshore", True), ("parts entering into force", True), ("the police", True), ("the fishermen", True),
    ("every visitor", False), ("the sanctions package", False), ("the analysis", False), ("40 per cent of Telenova", True),
    ("the new series", False), ("talks with Moldova", True), ("the extension by 60 days", False), ("reopening three hospitals", False), ("existing border checks", True), ("mining licence", False),
]  # fmt: skip
DEEDS = [
    "splitting the agreements",
    "raising taxes on ships",
    "processing old tailings",
    "bringing about a pause and an exchange",
]
KNOWN = [
    ("1,860-megawatt station on the Naryn", "the 1,860-megawatt station on the Naryn"), ("Opening a cluster", "opening a cluster"),
    ("Sanctions", "sanctions"), ("Qamar air base", "the Qamar air base"), ("Qamar's bridges", "Qamar's bridges"),
    ("Government's court reform", "the government's court reform"), ("50 billion euros", "50 billion euros"), ("a dam", "a dam"),
    ("UN mandate", "the UN mandate"), ("agreements on foreign forces", "agreements on foreign forces"), ("EU", "EU"),
]  # fmt: skip


@pytest.mark.parametrize(("many", "one"), FORMS)
def test_verbs(many: str, one: str) -> None:
    assert inflected(many, False) == one
    assert inflected(many, True) == ("are" if many == "be" else many)


@pytest.mark.parametrize(("phrase", "many"), PHRASES)
def test_the_number_of_a_noun_phrase(phrase: str, many: bool) -> None:
    assert are_many(phrase) is many


@pytest.mark.parametrize("phrase", DEEDS)
def test_a_deed_is_one(phrase: str) -> None:
    assert not are_many(phrase, deed=True)


@pytest.mark.parametrize(("found", "written"), KNOWN)
def test_articles_of_what_is_known(found: str, written: str) -> None:
    assert definite(found, {"Qamar"}) == written


@given(phrase=st.text(max_size=60))
def test_any_phrase_has_a_number_and_an_article_once(phrase: str) -> None:
    if phrase.strip():
        written = definite(phrase.strip())
        assert definite(written) == written
        assert small(small(phrase)) == small(phrase)
    assert are_many(phrase) in (True, False)


SAUDIS = Party("b", "The Saudis", plural=True)
COUNCIL = Party("b", "The Federal Council", plural=False)
AUTHORITY = Party("b", "The Competition and Markets Authority", plural=False)
PERSON = Party("b", "Geert Wilders", plural=False, person=True)
PAIR = Party("b", "Kenya and Ghana")


@pytest.mark.parametrize(
    ("party", "said"),
    [
        (SAUDIS, "The Saudis refuse, they speak, to them, their own"),
        (COUNCIL, "The Federal Council refuses, it speaks, to it, its own"),
        (AUTHORITY, "The Competition and Markets Authority refuses, it speaks, to it, its own"),
        (PERSON, "Geert Wilders refuses, they speak, to them, their own"),
        (PAIR, "Kenya and Ghana refuse, they speak, to them, their own"),
        (Party("b", "The United States"), "The United States refuses, it speaks, to it, its own"),
    ],
)
def test_each_kind_of_label(party: Party, said: str) -> None:
    assert f"{does(party, 'refuse')}, {they(party, 'speak')}, to {it(party)}, {its(party)} own" == said


TOLD = [
    ("The Saudis have refused the dam. Ostia needs the consent of the Saudis.", "The Saudis", True),
    ("The Houthis must approve the dam. The Houthis have refused.", "The Houthis", True),
    ("The Federal Council must approve the dam. The powerful Federal Council has refused.", "The Federal Council", False),
    ("Unison must approve the dam. Unison, which has refused, will not sign.", "Unison", False),
    ("The OSCE must approve the dam. The OSCE has refused.", "The OSCE", False),
    ("The United States must approve the dam. The United States has refused.", "The United States", False),
    ("Norland must approve the dam. Norland has refused.", "Norland", False),
    ("The Competition and Markets Authority must approve the dam. The Competition and Markets Authority has refused.", "The Competition and Markets Authority", False),
    ("The Ministry of Water Resources must approve the dam. The Ministry of Water Resources has refused.", "The Ministry of Water Resources", False),
    ("Parents must approve the dam. Parents have refused the dam. Parents vote on Friday.", "The parents", True),
    ("The Greens must approve the dam. The Greens have refused it.", "The Greens", True),
    ("NHS England must approve the dam. NHS England has refused.", "NHS England", False),
    ("Fishermen have refused the dam. The dam needs the consent of the fishermen.", "The fishermen", True),
    ("The Taliban must approve the dam. The Taliban have refused it. The Taliban want a toll.", "The Taliban", True),
    ("Trinidad and Tobago must approve the dam. Trinidad and Tobago has refused.", "Trinidad and Tobago", False),
    ("Police must approve the dam. Police have refused.", "The police", True),
    ("The Dutch must approve the dam. The Dutch have refused.", "The Dutch", True),
    ("The Tsewa Nation must approve the dam. The Tsewa Nation has refused.", "The Tsewa Nation", False),
]  # fmt: skip


@pytest.mark.parametrize(("text", "label", "plural"), TOLD, ids=[label for _, label, _ in TOLD])
def test_a_label_is_what_the_texts_write(text: str, label: str, plural: bool) -> None:
    read = tell([Document("a", f"Ostia plans a dam. {text}")], SpacyParser(workers=1))
    bare = label.removeprefix("The ")
    written = (name for names in read.parties.names.values() for name in names if name.casefold() == bare.casefold())
    name = next(written, bare)  # the gazetteer's own names are no names of the text
    called = read.naming.called(name)
    assert (called.label, called.plural) == (label, plural)


def test_a_headline_leaves_articles_out_and_shows_none() -> None:
    text = "Regulator backs OSCE mission\n\nThe Regulator must approve the mission. Ostia wants it, and the Regulator has refused."
    read = tell([Document("a", text)], SpacyParser(workers=1))
    assert read.naming.called("Regulator").label.casefold() == "the regulator"


def cast_with(one: Party, plan: str, fallback: str, ceasefire: bool = True) -> Cast:
    """A cast in which everybody bears one kind of label, told apart by a letter."""

    def also(actor: str) -> Party:
        return replace(one, actor=actor, label=f"{one.label}{actor.upper()}")

    return Cast(
        plan, also("a"), (also("b"), also("c")), {"b": (), "d": ()}, hosts=(also("h"),), backers=(also("k"),), rivals=(also("d"),),
        fallback=fallback, ceasefire=ceasefire,
    )  # fmt: skip


def texts_in(value: Any) -> Iterator[str]:
    """Every text that people read in a drafted case."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
    elif isinstance(value, str):
        yield value


def sentences(name: str, one: Party, plan: str = "the plan", fallback: str = "splitting the agreements") -> list[str]:
    draft = fill(pattern(name), cast_with(one, plan, fallback), [], title="A plan", as_of=DAY)
    comments = re.findall(r"^ +# (.*)$", draft.text, re.MULTILINE)
    return [*texts_in(YAML(typ="safe").load(draft.text)), *comments, *draft.gaps]


PLURAL, SINGULAR = Party("x", "The Zorgs", plural=True), Party("x", "The Zorg", plural=False)
OF_ANOTHER = {"is", "comes", "does", "spares"}
"""Verbs behind a label whose subject is another: "the yes of the Zorgs is needed", "what it costs the Zorgs comes back to them"."""


@pytest.mark.parametrize("name", NAMES)
def test_what_follows_a_label_agrees_with_it(name: str) -> None:
    """Written once with plural and once with singular labels, a case differs behind a label in nothing but the verb's number."""
    after = re.compile(r"\bthe zorgs?[a-z]\b,? ?(\w*)", re.IGNORECASE)
    many = [word for text in sentences(name, PLURAL) for word in after.findall(text)]
    one = [word for text in sentences(name, SINGULAR) for word in after.findall(text)]
    assert len(many) == len(one) > 30
    verbs = {(m, o) for m, o in zip(many, one, strict=True) if m != o}
    assert len(verbs) >= 3
    assert {(m, o) for m, o in verbs if inflected(m, False) != o} == set()
    same = {m for m, o in zip(many, one, strict=True) if m == o}
    assert {word for word in same if word.endswith("s")} <= OF_ANOTHER


@pytest.mark.parametrize("name", NAMES)
def test_what_is_chosen_agrees_with_who_chooses(name: str) -> None:
    cases = []
    for one in (PLURAL, SINGULAR):
        draft = fill(pattern(name), cast_with(one, "the plan", "something less"), [], title="A plan", as_of=DAY)
        cases.append(YAML(typ="safe").load(draft.text)["moves"])
    seen = 0
    for move, asked in cases[0].items():
        if asked["by"] == "chance":
            continue
        for option, words in asked["labels"].items():
            first, one = words.split()[0], cases[1][move]["labels"][option].split()[0]
            assert inflected(first, False) == one, words
            seen += 1
    assert seen > 6


@pytest.mark.parametrize("one", [PLURAL, SINGULAR, PAIR, PERSON], ids=lambda party: party.label)
@pytest.mark.parametrize("name", NAMES)
def test_no_article_stands_large_within_a_sentence(name: str, one: Party) -> None:
    for text in sentences(name, one):
        assert not re.search(r"[a-z,;:] (?:The|A|An) ", text), text
        assert not re.search(
            r"\b(?:the the|a the|the a|them are|them is|it are|they is|they has)\b", text, re.IGNORECASE
        ), text


@pytest.mark.parametrize("name", NAMES)
def test_several_have_no_pronoun_of_one(name: str) -> None:
    """With every party and the plan in the plural, "its" is nobody's, and "it" stands only for a cost, a permit or what goes on."""
    for text in sentences(name, PLURAL, plan="monitors", fallback="cameras"):
        assert not re.search(r"\bits\b", text), text
        assert not re.search(r"\b(?:cost|costs|to|without|spares|of|for) it\b", text.replace("nothing of it", "")), text


@pytest.mark.parametrize("plan", ["the draft", "observers at the polls", "the budget of the mission"])
@pytest.mark.parametrize("hosts", [True, False])
def test_a_presence_without_a_ceasefire_speaks_of_none(plan: str, hosts: bool, tmp_path: Path) -> None:
    cast = cast_with(SINGULAR, plan, "a team of experts", ceasefire=False)
    cast = cast if hosts else replace(cast, hosts=(), threats={}, rivals=(), backers=())
    draft = fill(pattern("presence"), cast, [], title="A plan", as_of=DAY)
    assert not re.search(r"ceasefire|truce", f"{draft.text}{draft.gaps}", re.IGNORECASE)
    (tmp_path / "case.yaml").write_text(draft.text, encoding="utf-8")
    assert [str(problem) for problem in check(tmp_path / "case.yaml") if problem.severity == "error"] == []


def blocks(page: str) -> list[str]:
    """What stands together in a page: text between tags other than those within a line."""
    page = re.sub(r"<(script|style|template)\b.*?</\1>", "", page, flags=re.DOTALL)
    page = re.sub(r"</?(?:a|abbr|b|em|i|strong|sub|sup)\b[^>]*>", "", page)
    return [html.unescape(part) for part in re.split(r"<[^>]+>", page)]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_report_agrees_with_its_actors_and_speaks_of_no_ceasefire(name: str, tmp_path: Path) -> None:
    cast = cast_with(PLURAL, "the plan", "something less", ceasefire=False)
    text = fill(pattern(name), cast, [], title="A plan", as_of=DAY).text
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    answers = run_study(open_study(tmp_path), 16, 1, tell=told)
    parts = [" ".join(part.split()) for part in [*blocks(render_report(answers)), *render_text(answers).split("\n\n")]]
    assert len(re.findall(r"\bthe Zorgs[A-Z]\b", "\n".join(parts))) > 20
    for said in parts:
        assert not re.search(
            r"\b(?:of|by|for|to|from|with|if|that|when|and|or|than|about|what) The Zorgs[A-Z]\b", said
        ), said
        verbs = {word for word in re.findall(r"\bthe Zorgs[A-Z],? (\w+s)\b", said, re.IGNORECASE) if word.islower()}
        assert verbs <= OF_ANOTHER | {"passes", "matters"}, said
        assert not re.search(r"ceasefire|truce", said, re.IGNORECASE), said
