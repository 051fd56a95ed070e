"""A small case with everything in it, for tests that change one thing: chance, a proposer, one whose consent is needed."""

from __future__ import annotations

from pathlib import Path

from vetopoint.case import CaseError, Problem, load_case
from vetopoint.errors import VetopointError
from vetopoint.study import check, open_study, run

BASE = """vetopoint: 1
title: Base
as_of: 2026-01-01
horizon_months: 12
owner: town
actors: {town: {}, lord: {}}
quantities:
  odds: uniform(0.2, 0.6)
  gain: uniform(0.5, 1.5)
  pain: uniform(0.2, 1.5)
moves:
  luck: {by: chance, at: 0, options: {good: odds, bad: rest}}
  ask: {by: town, at: 1, when: luck == good, options: [ask, wait]}
  answer: {by: lord, at: 2, when: ask == ask, options: [yes_, no_]}
outcomes:
  built: answer == yes_
  idle: otherwise
goals: {built: outcome == built}
payoffs:
  town: {unit: [idle, built], gain: {worth: gain, when: outcome == built}, shame: {worth: -0.1, when: answer == no_}}
  lord: {unit: [built, idle], pain: {worth: -pain, when: outcome == built}, anger: {worth: -0.5, when: answer == no_}}
precision: {town: 4, lord: "lognormal(median=4, p90=10)"}
"""
FORMS = """
forms: {crew: {personnel: 100}}
paths: {built: crew from answer}
"""
TRUCE = "truce: {at: 0}\n"
MEMBERS = """
coalition: {facts: {allowed: answer == yes_}, need: 5}
members:
  fr: {capability: 5, joins: {requires: allowed}}
  de: {capability: 4, joins: {requires: allowed and joined(1)}}
"""
TYPES = """
types:
  lord: {stern: {truth: 0.4}, mild: rest}
"""
THREAT = """
threats:
  no_way: {by: lord, to: town, made: answer == no_, silent_twin: yes_, demand: ask != ask, defied: ask == ask, carried_out: answer == no_}
"""
ALL = BASE + FORMS + MEMBERS + TYPES + THREAT


def write(folder: Path, text: str) -> Path:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def changed(text: str, *pairs: tuple[str, str]) -> str:
    """The text with one thing put in place of another, each of which must stand there."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def errors(path: Path) -> list[Problem]:
    """What stops the case, by `check`."""
    try:
        return [p for p in check(path) if p.severity == "error"]
    except CaseError as error:
        return [p for p in error.problems if p.severity == "error"]


def ends(path: Path) -> bool:
    """Whether `check` passes the case; a case that it passes must run, and one that it refuses is refused in words."""
    too_large = ""
    try:
        found = errors(path)
    except VetopointError as error:
        too_large, found = str(error), []
    if not found and not too_large:
        run(open_study(path), draws=32, seed=1)
        return True
    assert " → " in too_large or all(p.message and p.remedy and p.file and p.line for p in found), found
    return False


def loads(path: Path) -> bool:
    """Whether the case file by itself is taken; if not, it is refused in words."""
    found: list[Problem] = []
    try:
        load_case(path)
    except CaseError as error:
        found = error.problems
    assert all(p.message and p.remedy and p.file and p.line for p in found), found
    return not found
