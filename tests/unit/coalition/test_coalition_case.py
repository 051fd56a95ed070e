"""What a case may not say of members, bodies, issues and events, and what the user is told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vetopoint.coalition import problems, tables
from vetopoint.errors import CaseError

HEAD = "coalition: {facts: {consent: answer == consents, invited: invite == invites}, minimum: 1}\n"
WRONG = {
    "either `value`": "members: {ash: {stances: [{on: supports}]}}",
    "belongs under `others`": "members: {ash: {stances: [{on: supports, share: 0.5}]}}",
    "birch without a vote": "members: {ash: {}}\nbodies: {c: {weights: {ash: 1}, quota: 1, vetoes: [birch]}}",
    "nothing could pass": "members: {ash: {}}\nbodies: {c: {weights: {ash: 1}, quota: 2}}",
    "quota of 0 or less": "members: {ash: {}}\nbodies: {c: {weights: {ash: 1}, quota: 0}}",
    "weight of 0 or more": "members: {ash: {}}\nbodies: {c: {weights: {ash: 1}, quota: 1, also: [{weights: {ash: -1}, quota: 1}]}}",
    "`minimum` is more": "members: {ash: {}}\nbodies: {c: {weights: {ash: 1}, quota: 1, minimum: 2}}",
    "at least 1": "members: {ash: {}}\nbodies: {c: {weights: {ash: 1}, quota: 1, or_at_least: 0}}",
    "birch without a position": "members: {ash: {}}\nissues: {toll: {positions: {ash: 1}, salience: {birch: 1}}}",
    "nothing called mood": "members: {ash: {}}\nevents: {feast: {at: 1, shifts: {mood: 0.1}}}",
}


@pytest.mark.parametrize("message", WRONG)
def test_refused_with_file_and_line(build: Callable, message: str) -> None:
    with pytest.raises(CaseError, match=message) as caught:
        build(HEAD + WRONG[message] + "\n", draws=2)
    assert caught.value.problems[0].line > 0
    assert caught.value.problems[0].file.endswith("well.yaml")


def test_an_expectation_of_several_facts_must_name_them(build: Callable) -> None:
    facts = {"consent": np.array([True]), "invited": np.array([True])}
    text = HEAD + "members: {ash: {joins: {requires: consent and invited, expects: P}}}\n"
    with pytest.raises(CaseError, match="names 2 facts") as caught:
        tables(*build(text.replace("P", "0.5"), draws=2), facts)
    assert caught.value.problems[0].line > 0
    got = tables(*build(text.replace("P", "{consent: 0}"), draws=2), facts)
    assert np.all(got.greatest == 0)


def test_a_member_cannot_wait_for_itself(build: Callable) -> None:
    with pytest.raises(CaseError, match="waits for itself"):
        tables(*build("members: {ash: {joins: {requires: ash}}}\ncoalition: {minimum: 1}\n", draws=2), {})


def test_names_that_lead_nowhere_are_told(build: Callable) -> None:
    case, _ = build(
        HEAD
        + "members: {ash: {joins: {requires: consent or supports, expects: {peace: 0.5}}}}\n"
        + "events: {feast: {at: 1, shifts: {birch.supports: 0.1}}}\n",
        draws=2,
    )
    found = {p.severity: p for p in problems(case)}
    assert [p.severity for p in problems(case)] == ["error", "error", "warning"]
    assert "'supports'" in found["warning"].message
    assert all(p.line > 0 for p in found.values())


def test_every_fact_needs_its_situations(build: Callable) -> None:
    with pytest.raises(ValueError, match="no situations given for the facts consent"):
        tables(*build(HEAD + "members: {ash: {}}\n", draws=2), {"invited": np.array([True])})
