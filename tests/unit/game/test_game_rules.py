"""Whom a clause gives a veto by rule: a plain twin tries every combination of answers."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vetopoint.case import load_case
from vetopoint.game import rules
from vetopoint.game.interventions import option_effects
from vetopoint.game.rules import rule_vetoes
from vetopoint.game.veto import veto_points

ACTORS = ("ash", "birch", "cedar")

GATE = """
vetopoint: 1
title: A gate before the one who is asked
as_of: 2026-01-01
owner: league
actors: {league: {}, keeper: {}, north: {}}
moves:
  gate: {by: keeper, options: [open, shut]}
  offer: {by: league, when: gate == open, options: [watch, nothing]}
  answer: {by: north, when: offer == watch, options: [consent, refuse]}
outcomes: {watched: answer == consent, none: otherwise}
goals: {watched: outcome == watched}
payoffs:
  league: {unit: [watched, none], gain: {worth: 1, when: outcome == watched}}
  keeper: {unit: [none, watched], cost: {worth: -1, when: outcome == watched}}
  north: {unit: [none, watched], cost: {worth: -1, when: outcome == watched}}
coalition: {facts: {consent: answer == consent, CHANGED}, requires: CLAUSE}
"""


def gate(clause: str, fact: str = "let: gate == open") -> str:
    return GATE.replace("CLAUSE", clause).replace("CHANGED", fact)


def points_of(make_case, price, text: str) -> set[tuple[str, str, str, str]]:
    case = make_case(text)
    from vetopoint.game.unroll import unroll

    game = unroll(case)
    play = price(game, np.zeros((1, game.terminals, 3))).solve()
    goal = {"watched": game.outcome == "watched"}
    found = veto_points(game, option_effects(play, goal), goal)
    return {(p.kind, p.actor, p.move, p.option) for p in found if p.scope != "policy" and p.actor != "league"}


def test_a_gate_keeper_who_is_not_in_the_clause_has_a_forcing_veto_and_no_rule_veto(make_case, price) -> None:
    found = points_of(make_case, price, gate("consent"))
    assert ("rule", "north", "answer", "refuse") in found
    assert {p for p in found if p[1] == "keeper"} == {("forcing", "keeper", "gate", "shut")}


def test_a_gate_keeper_who_is_in_the_clause_has_both(make_case, price) -> None:
    found = points_of(make_case, price, gate("consent and let"))
    assert {p for p in found if p[1] == "keeper"} == {
        ("forcing", "keeper", "gate", "shut"),
        ("rule", "keeper", "gate", "shut"),
    }


def test_a_fact_that_names_two_moves_names_both_movers(make_case, price) -> None:
    found = points_of(make_case, price, gate("both", "both: gate == open and answer == consent"))
    assert {p[1] for p in found if p[0] == "rule"} == {"keeper", "north"}


CASE = """
vetopoint: 1
title: Answers
as_of: 2026-01-01
owner: ash
actors: {ash: {}, birch: {}, cedar: {}}
moves:
MOVES
outcomes: {done: a0 == yes_, idle: otherwise}
goals: {done: outcome == done}
payoffs:
PAYOFFS
members: {one: {}, two: {}}
coalition: {facts: {FACTS}, requires: CLAUSE}
"""


@st.composite
def clauses(draw: st.DrawFn, depth: int = 3) -> object:
    """A clause as a tree: a move's answer, a member, or and / or / not / k_of over such."""
    kind = draw(
        st.sampled_from(["fact", "fact", "member", "and", "or", "not", "k_of"] if depth else ["fact", "member"])
    )
    if kind == "fact":
        return ("fact", draw(st.integers(0, 3)))
    if kind == "member":
        return ("member", draw(st.sampled_from(["one", "two"])))
    if kind == "not":
        return ("not", draw(clauses(depth - 1)))
    parts = [draw(clauses(depth - 1)) for _ in range(draw(st.integers(2, 3)))]
    return (kind, parts) if kind != "k_of" else ("k_of", draw(st.integers(1, len(parts))), parts)


def text_of(clause) -> str:
    match clause:
        case ("fact", i):
            return f"f{i}"
        case ("member", name):
            return name
        case ("not", part):
            return f"not ({text_of(part)})"
        case ("k_of", k, parts):
            return f"k_of({k}, {', '.join(text_of(p) for p in parts)})"
        case (word, parts):
            return f" {word} ".join(f"({text_of(p)})" for p in parts)
    raise AssertionError(clause)


def truth_of(clause, yes: tuple[bool, ...], members: dict[str, bool]) -> bool:
    match clause:
        case ("fact", i):
            return yes[i]
        case ("member", name):
            return members[name]
        case ("not", part):
            return not truth_of(part, yes, members)
        case ("k_of", k, parts):
            return sum(truth_of(p, yes, members) for p in parts) >= k
        case ("and", parts):
            return all(truth_of(p, yes, members) for p in parts)
        case (_, parts):
            return any(truth_of(p, yes, members) for p in parts)
    raise AssertionError(clause)


def named_in(clause) -> set[int]:
    match clause:
        case ("fact", i):
            return {i}
        case ("member", _):
            return set()
        case ("not", part):
            return named_in(part)
        case (_, *_, parts):
            return set().union(*map(named_in, parts))
    raise AssertionError(clause)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(clauses(), st.lists(st.sampled_from(ACTORS), min_size=4, max_size=4), st.booleans())
def test_an_actor_has_a_rule_veto_iff_its_no_leaves_no_combination_and_its_yes_some(
    tmp_path: Path, clause, movers, gated: bool
) -> None:
    """Every combination of four answers and two members, whoever answers, whether or not one answer opens the way to the next."""
    when = [f", when: a{i - 1} == yes_" if gated and i else "" for i in range(4)]
    moves = "\n".join(f"  a{i}: {{by: {by}{when[i]}, options: [yes_, no_]}}" for i, by in enumerate(movers))
    payoffs = "\n".join(
        f"  {a}: {{unit: [done, idle], x: {{worth: 1, when: outcome == done}}}}" for a in dict.fromkeys(movers)
    )
    facts = ", ".join(f"f{i}: a{i} == yes_" for i in range(4))
    text = CASE.replace("MOVES", moves).replace("PAYOFFS", payoffs).replace("FACTS", facts)
    (tmp_path / "case.yaml").write_text(text.replace("CLAUSE", f'"{text_of(clause)}"'), encoding="utf-8")

    named = named_in(clause)
    able = {
        yes: any(truth_of(clause, yes, {"one": a, "two": b}) for a, b in product((False, True), repeat=2))
        for yes in product((False, True), repeat=4)
    }
    wanted = set()
    for actor in set(movers):
        own = [i for i in range(4) if movers[i] == actor and i in named]
        by_choice: dict[tuple[bool, ...], bool] = {}
        for yes, can in able.items():
            key = tuple(yes[i] for i in own)
            by_choice[key] = by_choice.get(key, False) or can
        if own and not all(by_choice.values()) and any(by_choice.values()):
            wanted.add(actor)
    found = rule_vetoes(load_case(tmp_path))
    assert {v.actor for v in found} == wanted
    for veto in found:
        fixed = {int(m[1:]): option == "yes_" for m, _, option in veto.steps}
        assert not any(can for yes, can in able.items() if all(yes[i] == y for i, y in fixed.items()))


def test_a_revoked_consent_is_a_veto_in_any_round(tmp_path: Path) -> None:
    text = gate("not gone", "gone: any(answer == refuse)").replace(
        "[consent, refuse]}", "[consent, refuse], repeat: 3}"
    )
    text = text.replace("consent: answer == consent, ", "").replace(
        "watched: answer == consent", "watched: answer.last == consent"
    )
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    assert [v.steps for v in rule_vetoes(load_case(tmp_path))] == [(("answer", k, "refuse"),) for k in range(3)]


def test_too_many_combinations_are_judged_by_the_histories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "case.yaml").write_text(gate("consent"), encoding="utf-8")
    case = load_case(tmp_path)
    occurring = {"answer": np.array(["consent", "refuse", "skipped"])}
    whole = rule_vetoes(case)
    monkeypatch.setattr(rules, "assignments", lambda *_: None)
    assert rule_vetoes(case, occurring) == whole != []
