"""“Comes first” means one thing in a report: to have the largest decisiveness in most draws, among those that are named with it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from example_answers import example_answers

from vetopoint.answers import Answers
from vetopoint.view.names import names_of
from vetopoint.view.report import render_report
from vetopoint.view.sentences import passages

SAID_FIRST = re.compile(r"(?:; |^|, )([^,;]+?) (?:comes first|is decisive)")


def parted(decisive: str | None) -> Answers:
    """The one with the largest mean is not the one that is first in most draws: a few draws in which it towers above all."""
    whole: dict[str, Any] = example_answers().model_dump()
    for answer in whole["decisiveness"]:
        answer["decisive"] = decisive
        for actor in answer["parties"]:
            if actor["party"] == "shippers":
                actor["decisiveness"] = {"mean": 0.9, "lo": 0.1, "hi": 1.0, "mc": 0.01}
    for answer in whole["members_decisiveness"]:
        answer["decisive"] = decisive
        answer["parties"][-1]["decisiveness"] = {"mean": 0.9, "lo": 0.0, "hi": 1.0, "mc": 0.01}
        answer["parties"] = [answer["parties"][-1], *answer["parties"][:-1]]
    return Answers.model_validate(whole)


@pytest.mark.parametrize("decisive", [None, "neighbour"])
def test_the_same_party_is_said_to_come_first_everywhere(decisive: str | None) -> None:
    answers = parted(decisive)
    sentences = [s.text for p in passages(answers, names_of(answers)) for s in p.sentences]
    said = [name for text in sentences for name in SAID_FIRST.findall(text) if name != "No actor"]
    assert len(said) >= 2
    assert set(said) == {"Neighbouring port"}


def test_columns_of_one_head_hold_one_thing() -> None:
    """Being first among actors, first among actors and members, and largest in size within the coalition have heads of their own."""
    heads = re.findall(r"<th[^>]*>([^<]*in draws)<", render_report(example_answers()))
    assert len(heads) >= 3
    assert set(heads) == {"First of the actors, in draws", "First of all listed, in draws", "Largest in size, in draws"}
