"""What check passes, run ends: the kinds of faults that once ended in a traceback, in a file, or in a number that nobody meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from case_base import ALL, BASE, FORMS, MEMBERS, THREAT, TRUCE, TYPES, changed, ends, errors, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vetopoint.case import CaseError, load_case
from vetopoint.case.checks.moves import MOST_ROUNDS

ASK = "options: [ask, wait]"
REFUSED = {
    "unknown name under issues": (BASE + MEMBERS + "issues: {sea: {positions: {fr: 1, de: 80}, agreed_if: spred < 3}}\n", "agreed_if", "'spread'"),
    "nobody's position": (BASE + MEMBERS + "issues: {sea: {positions: {fr: 1, it: 80}}}\n", "unknown member or actor 'it'", "fr"),
    "an issue that nobody cares about": (
        BASE + MEMBERS + "issues: {sea: {positions: {fr: 1, de: 80}, salience: {fr: 0, de: 0}}}\n",
        "nobody cares",
        "above 0",
    ),
    "move of an issue": (BASE + MEMBERS + "issues: {sea: {positions: {fr: 1, de: 80}, agreed_if: answer == yes_}}\n", "unknown quantity 'answer'", "mean"),
    "date that is no number": (changed(BASE, ("at: 2", "at: .nan")), "finite number", "another value"),
    "date without end": (changed(BASE, ("at: 2", "at: .inf")), "finite number", "another value"),
    "date beyond the calendar": (changed(BASE, ("at: 2", "at: 96000")), "leaves the calendar", "9999"),
    "date before the calendar": (changed(BASE, ("at: 2", "at: -30000")), "leaves the calendar", "9999"),
    "horizon beyond the calendar": (changed(BASE, ("2026-01-01", "9999-06-01")), "leaves the calendar", "9999"),
    "event beyond the calendar": (BASE + MEMBERS + "events: {vote: {at: 1e9, shifts: {cohesion: 0.1}}}\n", "leaves the calendar", "9999"),
    "path beyond the calendar": (changed(BASE + FORMS, ("crew from answer", "crew from answer to 99999")), "leaves the calendar", "9999"),
    "path that is no date": (changed(BASE + FORMS, ("crew from answer", "crew from 6.5.3")), "cannot read the date", "a month"),
    "truce at a move that there is not": (BASE + FORMS + "truce: {at: aswer}\n", "unknown move 'aswer'", "answer"),
    "rounds without distance": (changed(BASE, (ASK, ASK + ", repeat: {every: 1e-300, until: 12}")), "greater than or equal to 0.01", "another value"),
    "rounds without end": (changed(BASE, (ASK, ASK + ", repeat: {every: 6}")), "repeats without end", "until"),
    "rounds that never come": (changed(BASE, (ASK, ASK + ", repeat: 0")), "never comes", "raise"),
    "a hundred thousand rounds": (changed(BASE, (ASK, ASK + ", repeat: 100000")), "comes 100,000 times", f"{MOST_ROUNDS} times"),
    "rounds until far away": (changed(BASE, (ASK, ASK + ", repeat: {every: 0.02, until: 12}")), "comes 601 times", f"{MOST_ROUNDS} times"),
    "moves without number": (changed(BASE, ("outcomes:\n", "".join(f"  m{i}: {{by: town, when: false, options: [a, b]}}\n" for i in range(600)) + "outcomes:\n")), "603 times in all", "at most 500"),
    "types without number": (changed(BASE, ("{town: {}, lord: {}}", "{town: {}, lord: {}, " + ", ".join(f"a{i}: {{}}" for i in range(64)) + "}")) + "types: {" + ", ".join(f"a{i}: {{x: {{truth: 0.5}}, y: rest}}" for i in range(64)) + "}\n", "combinations of types", "at most 4,096"),
    "a boolean as a quantity": (changed(BASE, ("gain: uniform", "spare: {value: true}\n  gain: uniform")), "a boolean is no number", "instead of true"),
    "a boolean as a date": (changed(BASE, ("at: 2", "at: true")), "a boolean is no number", "instead of true"),
    "a boolean as a number of rounds": (changed(BASE, (ASK, ASK + ", repeat: {rounds: true}")), "a boolean is no number", "instead of true"),
    "a boolean as a weight": (BASE + MEMBERS + "bodies: {council: {weights: {fr: true, de: 2}, quota: 2}}\n", "a boolean is no number", "instead of true"),
    "a boolean as a correlation": (BASE + "correlate: [[gain, pain, true]]\n", "a boolean is no number", "instead of true"),
    "words that merge when read": (BASE + 'words: {1: 0.4, "1": 0.6}\n', "'1' stands twice", "once"),
    "truths that merge when read": (BASE + 'words: {true: 0.4, "true": 0.6}\n', "'true' stands twice", "once"),
    "words that merge when looked up": (BASE + "words: {very likely: 0.9, Very-Likely: 0.6}\n", "is read as 'very likely' is", "keep one"),
    "a unit of one outcome": (changed(BASE, ("unit: [idle, built]", "unit: [built, built]")), "a unit of nought", "two outcomes"),
    "a unit of nought": (changed(BASE, ("worth: gain", "worth: 0 * gain"), ("worth: -0.1", "worth: 0")), "worth the same", "two outcomes"),
    "no terms": (changed(BASE, ("pain: {worth: -pain, when: outcome == built}, anger: {worth: -0.5, when: answer == no_}", "terms: {}")), "worth the same", "two outcomes"),
    "payoffs that are not finite": (changed(BASE, ("worth: gain", "worth: gain / 0")), "not always a finite number", "divisor"),
    "payoffs that are not finite in some draws": (changed(BASE, ("worth: gain", "worth: log(gain - 0.6)")), "not always a finite number", "log"),
    "a precision that is not finite": (changed(BASE, ("town: 4", "town: gain / 0")), "not always a finite number", "divisor"),
    "a precision that can be negative": (changed(BASE, ("town: 4", "town: 1 - gain")), "a precision below 0", "positive"),
    "an actor called chance": (changed(BASE, ("lord: {}", "lord: {}, chance: {}")), "is no actor", "another name"),
    "a form called none": (BASE + FORMS.replace("crew", "none"), "where none does", "another name"),
    "a move called outcome": (changed(BASE, ("  luck:", "  outcome: {by: town, options: [a, b]}\n  luck:")), "how a history ends", "another name"),
    "an actor with types called as a move": (BASE.replace("lord", "ask") + TYPES.replace("lord", "ask"), "an actor with types", "another name"),
    "a quantity called as a table": (BASE.replace("pain", "present"), "a quantity and a word of the language", "another name"),
    "a fact called as a member": (BASE + MEMBERS.replace("allowed", "fr"), "a fact and a member", "another name"),
    "a member called as a stance": (BASE + MEMBERS.replace("joined(1)", "fr").replace("fr", "supports"), "a member and a word of the language", "another name"),
    "options that collide": (changed(BASE, ("[yes_, no_]", "[yes_, no_, yes_]")), "listed twice", "once"),
    "nobody decides": (changed(BASE, ("by: town", "by: chance"), (ASK, "options: {ask: 0.5, wait: rest}"), ("by: lord", "by: chance"), ("options: [yes_, no_]", "options: {yes_: 0.5, no_: rest}")), "nobody decides", "which actor"),
    "no voter": (BASE + MEMBERS + "bodies: {council: {weights: {}, quota: 0}}\n", "needs voters", "another value"),
    "a threat that nobody makes": (changed(BASE + THREAT, ("made: answer == no_", "made: true")), "makes the threat", "silent_twin"),
    "a threat made by the end": (changed(BASE + THREAT, ("made: answer == no_", "made: outcome == idle")), "unknown name 'outcome'", "ask"),
    "presence in a threat": (changed(BASE + FORMS + THREAT, ("defied: ask == ask", "defied: present")), "unknown name 'present'", "ask"),
    "rest as a payoff": (changed(BASE, ("worth: gain", "worth: rest")), "'rest' is no number", "did you mean"),
    "terms that a member accepts": (changed(BASE + MEMBERS, ("requires: allowed}", "requires: allowed, accepts: terms}")), "'terms' is no number", "write"),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_it_is_refused_in_words(tmp_path: Path, fault: str) -> None:
    text, message, remedy = REFUSED[fault]
    found = errors(write(tmp_path, text))
    hits = [p for p in found if message in f"{p.where} {p.message}" and remedy in p.remedy]
    assert hits, [str(p) for p in found]
    assert all(p.file and p.line for p in found)


RUNS = {
    "all of it": ALL + TRUCE,
    "a truce without forms": BASE + TRUCE,
    "a chance of one": changed(BASE, ("{good: odds, bad: rest}", "{good: rest}")),
    "a chance of one, in numbers": changed(BASE, ("{good: odds, bad: rest}", "{good: 1}")),
    "a stance of long ago": changed(ALL, ("fr: {", "fr: {stances: [{on: supports, value: 0.4, date: 0001-01-01, trend: rising}], ")),
    "a stance that flies": changed(ALL, ("fr: {", "fr: {stances: [{on: supports, value: 0.4, drift: 1e9}], ")),
    "a goal of presence": changed(ALL, ("built: outcome == built", "built: present and outcome == built")),
    "a quantity in an issue only": changed(ALL, ("  odds:", "  room: 30\n  odds:")) + "issues: {sea: {positions: {fr: 1, de: 80}, agreed_if: spread < room}}\n",
    "a last date within the calendar": changed(BASE, ("at: 2", "at: 95600")),
}  # fmt: skip


@pytest.mark.parametrize("case", RUNS)
def test_it_runs(tmp_path: Path, case: str) -> None:
    assert ends(write(tmp_path, RUNS[case]))


def test_a_quantity_that_only_an_issue_uses_is_used(tmp_path: Path) -> None:
    assert load_case(write(tmp_path, RUNS["a quantity in an issue only"])).warnings == ()


NAMES = ["value", "worth", "terms", "unit", "when", "last", "rest", "first", "truth", "joined", "chance", "outcome", "present", "truce", "none", "skipped", "true", "if", "any", "x_1", "_"]  # fmt: skip
OPTIONS = [*NAMES, "very-good", "a.b", "é", "1", "", "[0]", 'a"b', "a=b", "two words", "- x"]
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def cases(draw: st.DrawFn) -> str:
    """The small case, some of its sections, some of its things called awkwardly."""
    things = ["lord", "luck", "answer", "gain", "anger", "allowed", "fr", "stern"]
    text = BASE + "".join(draw(st.lists(st.sampled_from([FORMS, TRUCE, MEMBERS, TYPES, THREAT]), unique=True)))
    called = draw(st.lists(st.sampled_from(NAMES), min_size=len(things), max_size=len(things), unique=True))
    for thing, name in zip(things, called, strict=True):
        text = text.replace(thing, name) if draw(st.booleans()) else text
    good, bad = draw(st.lists(st.sampled_from(OPTIONS), min_size=2, max_size=2, unique=True))
    options = f"{json.dumps(good)}: odds, {json.dumps(bad)}: rest"
    return text.replace("good: odds, bad: rest", options).replace("== good", "!= skipped")


@FEW
@given(cases())
def test_whatever_things_are_called_what_check_passes_runs(tmp_path: Path, text: str) -> None:
    ends(write(tmp_path, text))


@pytest.mark.soak
@pytest.mark.timeout(3000)
@settings(FEW, max_examples=400)
@given(cases())
def test_whatever_many_things_are_called_what_check_passes_runs(tmp_path: Path, text: str) -> None:
    ends(write(tmp_path, text))


@pytest.mark.parametrize("name", ["value", "worth", "terms", "unit", "last", "rest"])
def test_actors_terms_quantities_and_outcomes_may_be_called_anything(tmp_path: Path, name: str) -> None:
    assert ends(write(tmp_path, BASE.replace("lord", name)))
    assert ends(write(tmp_path, BASE.replace("\n  pain:", f"\n  {name}:").replace("-pain", f"-{name}")))
    text = changed(BASE, ("gain: {worth", "terms: {gain: {worth"), ("when: answer == no_}}", "when: answer == no_}}}"))
    assert ends(write(tmp_path, text.replace("terms: {gain", "terms: {" + name)))
    assert ends(write(tmp_path, BASE.replace("built", name)))


def test_a_complaint_about_a_form_of_a_value_is_made_once(tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        load_case(write(tmp_path, changed(BASE, (ASK, ASK + ", repeat: {rounds: 61}"))))
    assert [p.where for p in caught.value.problems] == ["moves.ask.repeat.rounds"]
