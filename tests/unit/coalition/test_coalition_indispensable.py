"""Members without whom nothing passes by rule: a plain twin tries every set of members in every state."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import examples
from vetopoint.case import load_case
from vetopoint.chain import frame_of, sample_case
from vetopoint.coalition import indispensable as module
from vetopoint.coalition.consent import Consent
from vetopoint.coalition.indispensable import indispensable

MEMBERS = ("ash", "birch", "cedar")
CASE = """
vetopoint: 1
title: Members
as_of: 2026-01-01
owner: league
actors: {league: {}, north: {}}
moves: {answer: {by: north, options: [consent, refuse]}, offer: {by: league, options: [full, thin]}}
outcomes: {done: answer == consent, idle: otherwise}
goals: {done: outcome == done}
payoffs:
  league: {unit: [done, idle], x: {worth: 1, when: outcome == done}}
  north: {unit: [done, idle], x: {worth: 1, when: outcome == done}}
coalition: {facts: {consent: answer == consent, full: offer == full}, minimum: MINIMUM CLAUSE}
members:
RULES
BODIES
"""
BODY = "bodies: {council: {weights: {ash: 2, birch: 1, cedar: 1}, quota: 3VETO}}\n"


def case_of(folder: Path, rules: dict[str, str], clause: str = "", minimum: int = 0, veto: str = "", body: bool = True):
    members = "\n".join(f'  {m}: {{joins: {{requires: "{rule}"}}}}' for m, rule in rules.items())
    text = CASE.replace("RULES", members).replace("MINIMUM", str(minimum))
    text = text.replace("CLAUSE", f', requires: "{clause}"' if clause else "")
    (folder / "case.yaml").write_text(
        text.replace("BODIES", BODY.replace("VETO", veto) if body else ""), encoding="utf-8"
    )
    return load_case(folder)


def needed(folder: Path, *args: object, **named: object) -> tuple[str, ...]:
    case = case_of(folder, *args, **named)  # type: ignore[arg-type]
    frame = frame_of(case)
    return indispensable(Consent(case, sample_case(frame, 8, 1)), frame.situations.facts)


FREE = dict.fromkeys(MEMBERS, "true")


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ({"rules": FREE, "clause": "ash and consent"}, ("ash",)),
        ({"rules": FREE, "clause": "k_of(2, ash, birch, cedar)"}, ()),
        ({"rules": FREE, "clause": "k_of(3, ash, birch, cedar)"}, MEMBERS),
        ({"rules": FREE, "clause": "council"}, ("ash",)),  # 3 of 4 votes need its two
        ({"rules": FREE, "clause": "council", "veto": ", vetoes: [cedar]"}, ("ash", "cedar")),
        ({"rules": FREE, "clause": "council or consent", "veto": ", vetoes: [cedar]"}, ()),
        ({"rules": {**FREE, "birch": "ash", "cedar": "ash"}, "minimum": 1}, ("ash",)),
        ({"rules": {**FREE, "birch": "ash or consent", "cedar": "ash"}, "minimum": 1}, ()),
        ({"rules": {**FREE, "birch": "ash or consent", "cedar": "ash"}, "minimum": 2}, ("ash",)),
        ({"rules": FREE, "minimum": 3}, MEMBERS),
        ({"rules": FREE, "minimum": 2}, ()),
        ({"rules": FREE}, ()),
        ({"rules": {**FREE, "birch": "consent and not consent"}, "minimum": 2}, ("ash", "cedar")),
        ({"rules": {**FREE, "birch": "ash and needs_consent", "cedar": "ash"}, "minimum": 1}, ("ash",)),
    ],
)
def test_who_is_indispensable_by_rule(tmp_path: Path, given_: dict[str, object], wanted: tuple[str, ...]) -> None:
    assert needed(tmp_path, **given_) == wanted


@st.composite
def rules(draw: st.DrawFn, own: str = "", depth: int = 2) -> str:
    words = [m for m in MEMBERS if m != own] + ["consent", "full", "joined(1)", "joined(2)", "true"]
    kind = draw(st.sampled_from(["word", "word", "and", "or", "not"] if depth else ["word"]))
    if kind == "word":
        return draw(st.sampled_from(words))
    if kind == "not":
        return f"not ({draw(rules(own, depth - 1))})"
    return f"({draw(rules(own, depth - 1))}) {kind} ({draw(rules(own, depth - 1))})"


def holds(rule: str, joined: dict[str, bool], facts: dict[str, bool], own: str = "") -> bool:
    """The rule as Python reads it."""
    number = sum(yes for m, yes in joined.items() if m != own)
    names = {**joined, **facts, "true": True, "joined": lambda k: number >= k}
    return bool(eval(rule, {"__builtins__": {}}, names))


@examples(30, soak=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(*(rules(own) for own in MEMBERS)), rules(), st.integers(0, 3))
def test_nothing_passes_without_exactly_those(tmp_path: Path, own: tuple[str, ...], clause: str, minimum: int) -> None:
    mine = dict(zip(MEMBERS, own, strict=True))
    passing = []
    for consent, full, *yes in product((False, True), repeat=5):
        joined, facts = dict(zip(MEMBERS, yes, strict=True)), {"consent": consent, "full": full}
        stands = all(holds(mine[m], joined, facts, m) for m in MEMBERS if joined[m])
        if stands and holds(clause, joined, facts) and sum(yes) >= minimum:
            passing.append(joined)
    wanted = tuple(m for m in MEMBERS if passing and all(joined[m] for joined in passing))
    assert needed(tmp_path, mine, clause, minimum, body=False) == wanted


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(*(rules(own) for own in MEMBERS)), st.integers(0, 3))
def test_the_largest_set_tells_what_all_sets_tell_where_nobody_breaks_a_rule_by_joining(
    tmp_path_factory: pytest.TempPathFactory, own: tuple[str, ...], minimum: int
) -> None:
    folder = tmp_path_factory.mktemp("members")
    mine = {m: rule.replace("not (", "(") for m, rule in zip(MEMBERS, own, strict=True)}
    whole = needed(folder, mine, "", minimum, body=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "EXACT_MEMBERS", 0)
        assert needed(folder, mine, "", minimum, body=False) == whole


def test_of_many_members_whose_rules_others_break_nobody_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EXACT_MEMBERS", 0)
    assert needed(tmp_path, {**FREE, "birch": "not ash"}, "cedar", 1) == ()
