"""The first page: what it says for which case, that its numbers are the figures', and that its words obey its rules."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from asked_answers import NO, SHORT, YES, asked_answers, branch, fork, party
from example_answers import band, example_answers
from hypothesis import given, settings
from hypothesis import strategies as st

from vetopoint.answers import Answers, FirstLine, FirstNumber, FirstPage
from vetopoint.view.first_page import as_text, at, with_first_page
from vetopoint.view.numbers import natural
from vetopoint.view.report import render_report
from vetopoint.view.text import render_text

# Terms of art and of statistics that somebody with one minute need not know.
FORBIDDEN = re.compile(
    r"goal|draw\b|draws\b|branch|decisive|do-intervention|equilibri|veto|probabilit|percent|%|posterior|prior\b|distribution|"
    r"median|mean\b|quantal|lambda|λ|payoff|utility|presuppos|owner|node|percentile|intervention|shapley|hazard|found\b",
    re.IGNORECASE,
)
PEACE = re.compile(r"truce|ceasefire|presence|deploy|troop|contingent|mission", re.IGNORECASE)

EQUAL = [
    party("neighbour", "Neighbouring port", 0.9, 0.3, 0.004, 0.5, 0.0),
    party("shippers", "Shippers’ guild", 0.9, 0.3, 0.01, 0.5, 0.0),
]
FEEBLE = [party("neighbour", "Neighbouring port", 0.33, 0.31, 0.30, 0.6, 0.0)]
TOLERANT = branch("no", ("refuse",), {"defiant": 0.8, "never": 0.2}, 0.8, 0.2)

CASES: dict[str, Answers] = {
    "one key": asked_answers(),
    "no condition": asked_answers(presupposes=""),
    "two keys": asked_answers(
        EQUAL, [fork(who, "answer", YES, NO) for who in ("neighbour", "shippers")], decisive=None
    ),
    "no key": asked_answers(FEEBLE, [], decisive=None),
    "no truce": asked_answers(bare=True),
    "no short names": asked_answers(short={}),
    "not asked": example_answers(),
    "bare": example_answers(bare=True),
    "no fork": asked_answers(forks=[]),
    "unsure": asked_answers(decisive=None),
    "always tried": asked_answers(chance=1.0),
}


def page_of(answers: Answers) -> FirstPage:
    page = with_first_page(answers).first_page
    assert page is not None
    return page


def line(page: FirstPage, about: str) -> FirstLine:
    return next(x for x in page.lines if x.about == about)


def said(page: FirstPage) -> str:
    return " ".join(x.text for x in page.lines)


def pictured(page: FirstPage) -> list[FirstNumber]:
    """The numbers of the picture that the lines say too; its other ends are rounded together."""
    if page.fork is None:
        return []
    return [n for side in page.fork.sides for n in (side.reached, side.ends[0].number)]


_COUNT = {"none": 0, "fewer than 1": 0, "more than 99": 100, "all": 100}


def counted(number: FirstNumber) -> int:
    """How many of 100 a number counts for."""
    return _COUNT[number.said] if number.said in _COUNT else int(number.said)


def sentences(page: FirstPage) -> Iterator[str]:
    for x in page.lines:
        yield from re.split(r"(?<=\.) (?=[A-Z“])", x.text)


def test_the_sketch_comes_out_of_its_figures() -> None:
    page = page_of(asked_answers())
    assert line(page, "key").text == (
        "The port holds the key. Suppose the weather is calm and a pier is offered. "
        "If the port says yes, a pier stands in 89 of 100 cases; if it says no, in fewer than 1."
    )
    assert "seldom tried: if the weather is calm, a pier is offered in 10 of 100 cases" in line(page, "tried").text
    assert line(page, "second").text.startswith("The guild comes second: with its backing, success in 45 of 100 tries;")
    assert line(page, "hold").text.startswith("With a crew, a truce lasts a year in 87 of 100 cases")
    assert page.lines[-1].text == "These are consequences of stated assumptions, not forecasts."


@pytest.mark.parametrize("name", CASES)
def test_every_number_in_a_line_is_the_one_at_its_place(name: str) -> None:
    answers = with_first_page(CASES[name])
    page, stored = page_of(answers), json.loads(answers.to_json())
    numbers = [n for x in page.lines for n in x.numbers] + pictured(page)
    assert numbers
    for number in numbers:
        assert natural(sum(float(at(answers, p)) for p in number.paths), number.per) == number.said
        assert natural(sum(float(_in_json(stored, p)) for p in number.paths), number.per) == number.said


def _in_json(stored: Any, pointer: str) -> Any:
    """RFC 6901, on plain JSON: another reader of the same places."""
    for key in pointer.removeprefix("/").split("/"):
        stored = stored[int(key)] if isinstance(stored, list) else stored[key.replace("~1", "/").replace("~0", "~")]
    return stored


@pytest.mark.parametrize("name", CASES)
def test_a_line_has_no_number_without_a_place(name: str) -> None:
    page = page_of(CASES[name])
    assert any(x.numbers for x in page.lines)
    for x in page.lines:
        if x.about == "goal":
            continue  # the case's own words
        left = x.text
        for number in x.numbers:
            as_end = {"none": "0", "all": "100"}.get(number.said, number.said)
            before, found, left = left.partition(number.said if number.said in left else as_end)
            assert found, (number.said, x.text)
            assert not re.search(r"\d", re.sub(r"of 1(,0)?00\b", "", before)), x.text
        assert not re.search(r"\d", re.sub(r"of 1(,0)?00\b|“[^”]*”", "", left)), x.text


@pytest.mark.parametrize("name", CASES)
def test_words(name: str) -> None:
    page = page_of(CASES[name])
    assert page.words <= 150
    assert len(page.lines) >= 3
    for sentence in sentences(page):
        assert len(sentence.split()) <= 30, sentence
        assert sentence[0].isupper() or sentence[0] == "“", sentence
        assert sentence.endswith(".")
    assert not FORBIDDEN.findall(said(page))
    assert not re.search(r"[a-z]_[a-z]|\bNone\b|nan|\{|\}|==|  ", said(page))
    assert len(as_text(page).splitlines()) <= 40


def test_a_case_without_a_truce_has_no_word_of_peace_operations() -> None:
    text = as_text(page_of(CASES["no truce"]))
    assert not PEACE.findall(text)
    assert PEACE.findall(as_text(page_of(CASES["one key"])))


def test_nobody_but_the_owner() -> None:
    answers = asked_answers(FEEBLE, [], decisive=None)
    free = answers.model_copy(update={"veto_points": tuple(v for v in answers.veto_points if v.owner)})
    assert line(page_of(free), "key").text.startswith("Nobody but the harbour can stop it")
    assert line(page_of(answers), "key").text.startswith("The port could stop it, yet nobody's answer changes much.")
    assert page_of(free).fork is None


def test_alike_keys_are_said_to_be_alike() -> None:
    page = page_of(CASES["two keys"])
    assert line(page, "key").text.startswith("The guild and the port each hold a key; none comes clearly first.")
    assert "second" not in {x.about for x in page.lines}


def test_first_without_the_rule_is_not_called_the_key() -> None:
    page = page_of(asked_answers(decisive=None))
    assert "The port can stop it and matters most, though not by much." in line(page, "key").text
    assert "the key" not in said(page)


def test_who_deters_is_named_only_where_it_explains_most_or_some() -> None:
    def deterred(share: float, tried: float = 0.1) -> str:
        whole = json.loads(asked_answers(chance=tried).model_dump_json())
        lost = whole["moments"][0]["moments"]
        lost[:] = [m for m in lost if m["move"] != "offer"]
        for who, part in (("neighbour", share), (None, 1 - share)):
            lost.append(
                {"move": "offer", "option": "nothing", "actor": "authority", "at": 0.0, "cause": "move"}
                | {"share": band(0.2 * part), "deterred_by": who}
            )
        return line(page_of(Answers.model_validate(whole)), "tried").text

    assert "mostly because a no from the port is expected" in deterred(0.8)
    assert "partly because a no from the port is expected" in deterred(0.3)
    assert "because" not in deterred(0.1)
    assert "mostly tried, and where not, mostly because a no" in deterred(0.8, tried=0.7)
    assert "nearly always tried" in deterred(0.8, tried=0.95)
    assert "because" not in deterred(0.8, tried=0.95)


def test_the_opposite_case_says_the_opposite() -> None:
    tolerant = asked_answers(
        [party("neighbour", "Neighbouring port", 0.85, 0.84, 0.8, 0.6, 0.0)],
        [fork("neighbour", "answer", YES, TOLERANT)],
        decisive=None,
        chance=0.97,
    )
    strict, other = page_of(CASES["one key"]), page_of(tolerant)
    assert "nobody's answer changes much" in line(other, "key").text
    assert "nearly always tried" in line(other, "tried").text
    assert "holds the key" in line(strict, "key").text
    assert "seldom tried" in line(strict, "tried").text


def test_order_carries_no_meaning() -> None:
    shuffled = random.Random(7)
    for name in ("one key", "two keys", "no key", "not asked"):
        whole = json.loads(CASES[name].model_dump_json())
        for _ in range(5):
            for d in whole["decisiveness"]:
                shuffled.shuffle(d["parties"])
                shuffled.shuffle(d["forks"])
                if d["asked"]:
                    shuffled.shuffle(d["asked"]["parties"])
                    d["asked"]["instead"] = dict(shuffled.sample(list(d["asked"]["instead"].items()), k=2))
                for f in d["forks"]:
                    for b in f["branches"]:
                        b["outcomes"] = dict(shuffled.sample(list(b["outcomes"].items()), k=len(b["outcomes"])))
            for part in ("veto_points", "outcomes", "moves", "moments"):
                shuffled.shuffle(whole[part])
            for part in ("claims", "sources", "inputs"):
                shuffled.shuffle(whole["evidence"][part])
            shuffled.shuffle(whole["change"]["swings"])
            if whole["truce"]:
                shuffled.shuffle(whole["truce"]["forms"])
            assert as_text(page_of(Answers.model_validate(whole))) == as_text(page_of(CASES[name])), name


def test_verbs_agree_with_whom_they_speak_of() -> None:
    plural = asked_answers(short=SHORT | {"actors": {"neighbour": "Britain and France"}, "plural": ("neighbour",)})
    key = line(page_of(plural), "key").text
    assert "Britain and France hold the key." in key
    assert "If Britain and France say yes" in key
    assert "if they say no" in key


def test_a_wide_band_stands_in_the_line_and_a_narrow_one_does_not() -> None:
    wide = dict(YES, goal={"mean": 0.5, "lo": 0.2, "hi": 0.7, "mc": 0.001})
    text = line(page_of(asked_answers(forks=[fork("neighbour", "answer", wide, NO)], bare=True)), "key").text
    assert "in 50 of 100 cases (between 20 and 70)" in text
    assert "between" not in line(page_of(asked_answers()), "key").text


def test_where_words_are_many_bands_take_fewer() -> None:
    wide = dict(YES, goal={"mean": 0.5, "lo": 0.2, "hi": 0.7, "mc": 0.001})
    page = page_of(asked_answers(forks=[fork("neighbour", "answer", wide, NO)]))
    assert "in 50 of 100 cases (20–70)" in line(page, "key").text
    assert page.words <= 150


def test_small_chances_alone_are_said_of_a_thousand() -> None:
    assert "in 4 of 1,000 cases" in line(page_of(asked_answers(chance=0.004)), "tried").text


def test_ends_of_the_fork_add_up_and_show_success_first() -> None:
    page = page_of(asked_answers())
    assert page.fork is not None
    for side in page.fork.sides:
        assert side.ends[0].kind == "reached"
        paths = [p for end in side.ends for p in end.number.paths]
        assert len(paths) == len(set(paths))
        answers = asked_answers()
        assert sum(float(at(answers, p)) for p in paths) == pytest.approx(1.0)


def test_ends_that_each_round_the_same_way_still_add_up_to_100() -> None:
    """One by one they would say 72, 14, 14 and 1, and 34, 34 and 33: 101 both times."""
    yes = branch(
        "yes", ("consent",), {"agreed": 0.717, "withdrawn": 0.136, "rammed": 0.136, "never": 0.011}, 0.717, 0.3
    )
    no = branch("no", ("refuse",), {"defiant": 0.336, "never": 0.336, "rammed": 0.328}, 0.336, 0.7)
    page = page_of(asked_answers(forks=[fork("neighbour", "answer", yes, no)]))
    assert page.fork is not None
    sides = [[end.number.said for end in side.ends] for side in page.fork.sides]
    assert sides == [["72", "14", "13", "1"], ["34", "33", "33"]]
    assert "in 72 of 100 cases; if it says no, in 34." in line(page, "key").text


weights = st.lists(st.floats(0, 1) | st.sampled_from([0.0, 0.005, 0.01, 0.5]), min_size=4, max_size=4)


@settings(max_examples=100)
@given(yes=weights.filter(any), no=weights.filter(any))
def test_each_side_of_the_fork_adds_up_to_100_and_says_what_the_lines_say(yes: list[float], no: list[float]) -> None:
    sides = []
    for side, option, drawn in (("yes", "consent", yes), ("no", "refuse", no)):
        told = dict(zip(("agreed", "withdrawn", "rammed", "never"), (w / sum(drawn) for w in drawn), strict=True))
        sides.append(branch(side, (option,), told, told["agreed"], 0.5))
    answers = asked_answers(forks=[fork("neighbour", "answer", *sides)])
    page = page_of(answers)
    assert page.fork is not None
    lines = {n.paths: n.said for x in page.lines for n in x.numbers}
    for pictured in page.fork.sides:
        assert sum(counted(end.number) for end in pictured.ends) == 100
        assert pictured.reached.said == pictured.ends[0].number.said == lines[pictured.reached.paths]
        for end in pictured.ends:
            share = 100 * sum(float(at(answers, path)) for path in end.number.paths)
            assert abs(counted(end.number) - share) < 1.0 + 1e-9
            assert (end.number.said == "none") == (share == 0.0)


def test_what_is_too_long_loses_its_least_needed_sentence_first() -> None:
    label = "the pier is built as the authority and all of its partners had it in mind " * 4
    whole = json.loads(asked_answers().model_dump_json())
    whole["goals"][0]["label"] = label.strip()
    page = page_of(Answers.model_validate(whole))
    assert page.words <= 150
    assert "goal" not in {x.about for x in page.lines}
    assert "holds the key" in said(page)


def test_report_terminal_and_json_say_the_same() -> None:
    answers = with_first_page(asked_answers())
    page = page_of(answers)
    html = (
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", render_report(answers))).replace("\u00a0", " ").replace("\u2060", "")
    )
    flat = " ".join(re.sub(r"[■▨☐] (firm|judged|open)", "", render_text(answers)).split())
    for x in page.lines:
        assert x.text in html
        assert x.text in flat
    assert Answers.from_json(answers.to_json()).first_page == page


def test_a_kept_page_is_shown_as_it_was_kept() -> None:
    answers = with_first_page(asked_answers())
    page = page_of(answers)
    kept = page.model_copy(
        update={"lines": (page.lines[0].model_copy(update={"text": "As it was said."}), *page.lines[1:])}
    )
    again = answers.model_copy(update={"first_page": kept})
    assert "As it was said." in render_text(again)
    assert "As it was said." in render_report(again)


def test_the_fork_stands_in_the_page_without_a_script() -> None:
    html = render_report(with_first_page(asked_answers()))
    svg = html[html.index("<svg") : html.index("</svg>")]
    assert "A pier stands in 89 of 100 cases with a yes from the port" in svg
    assert "pier, 20,000 draws from seed 1" in svg
    sizes = [float(s) for s in re.findall(r'font-size="([\d.]+)"', svg)]
    assert min(sizes) >= 12
    assert 'viewBox="0 0 360 ' in svg
    assert svg.count("<circle") + svg.count('width="8" height="8"') == 5


shares = st.floats(0, 1)


@settings(max_examples=60, deadline=None)
@given(yes=shares, no=shares, chance=shares, others=st.lists(shares, max_size=4), decisive=st.booleans(), wide=shares)
def test_any_figures_keep_the_rules(
    yes: float, no: float, chance: float, others: list[float], decisive: bool, wide: float
) -> None:
    names = ["neighbour", "shippers", "insurer", "pilots", "anglers"]
    first = party(
        names[0], "Neighbouring port", max(yes, no), yes / 2 + no / 2, min(yes, no), 0.96 if decisive else 0.4, 0.2
    )
    rest = [party(n, n.capitalize(), d, d / 2, 0.0, 0.01, 0.0) for n, d in zip(names[1:], others, strict=False)]
    sides = [
        dict(
            branch(side, (o,), {"agreed": p, "never": 1 - p}, p, 0.5),
            goal={"mean": p, "lo": p * (1 - wide), "hi": p, "mc": 0},
        )
        for side, o, p in (("yes", "consent", max(yes, no)), ("no", "refuse", min(yes, no)))
    ]
    answers = asked_answers(
        [first, *rest], [fork("neighbour", "answer", *sides)], decisive="neighbour" if decisive else None, chance=chance
    )
    page = page_of(answers)
    assert page.words <= 150
    assert not FORBIDDEN.findall(said(page))
    for sentence in sentences(page):
        assert len(sentence.split()) <= 30, sentence
    for number in [n for x in page.lines for n in x.numbers] + pictured(page):
        assert natural(sum(float(at(answers, p)) for p in number.paths), number.per) == number.said
        assert number.said not in ("0", "100", "1,000") or number.per == 1
    assert len(as_text(page).splitlines()) <= 40
    render_report(answers)


def test_a_person_is_they() -> None:
    person = asked_answers(short=SHORT | {"persons": ("neighbour",)})
    key = line(page_of(person), "key").text
    plain = line(page_of(asked_answers(short=SHORT)), "key").text
    assert "; if it " in plain
    assert "; if they " in key
    assert re.sub(r"; if it (\w+?)s\b", r"; if they \1", plain) == key
