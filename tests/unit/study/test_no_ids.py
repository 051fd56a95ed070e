"""Reports speak in labels: a case whose names are nonsense shows none of them, but where a number's id is told as such."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from nonsense import MARK, renamed
from support import ROOT
from vetopoint.answers import Answers
from vetopoint.budget import Budget
from vetopoint.study import open_study, run_study
from vetopoint.view.charts import pictures
from vetopoint.view.names import names_of
from vetopoint.view.report import render_report
from vetopoint.view.text import render_text

CASE = ROOT / "cases" / "european-presence"
FEW = Budget(
    swings=16, twin=32, trials=4, decisiveness=32, threats=64, retraced=8, stability=8, members=16, first=256, targets=64,
    watch=16, curves=16, worlds=16, issues=32, consent=16, expectations=16, discovery=64,
)  # fmt: skip
#: What the bundled case lacks: a body, a clause over facts and a body, a member that waits for it, one that commits early, a decision.
MORE: dict[str, dict[str, Any]] = {
    "bodies": {"parliament": {"label": "The parliament", "weights": {"france": 2, "britain": 1}, "quota": 2, "vetoes": ["france"]}},
    "coalition": {
        "requires": "invited and parliament and not warned",
        "facts": {
            "invited": "invite == invite", "consent": "answer == consent", "backed": "pledge == back",
            "elsewhere": "offer == remote or respond == reshape", "warned": "warn == designate",
        },
        "fact_labels": {"consent": "Moscow has consented"},
    },
    "decisions": {"to_offer": {"move": "offer", "label": "What to offer"}},
}  # fmt: skip
#: Keys under which what the case wrote is kept as it wrote it.
WRITTEN = frozenset(
    ["given", "presupposes", "rule", "history", "text", "without", "agreed_if", "clause", "used_in", "name"]
)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answers, str]:
    """A case of nonsense names, and its report."""
    folder = tmp_path_factory.mktemp("plan") / "plan"
    shutil.copytree(CASE, folder, ignore=shutil.ignore_patterns("out", "*.sqlite"))
    (folder / "case.yaml").write_text(renamed(CASE / "case.yaml", MORE), encoding="utf-8")
    answers = run_study(
        open_study(folder), 128, 1, None, None, FEW, tell=lambda found: (found, {"report.html": render_report(found)})
    )
    return answers, (folder / "out" / "report.html").read_text(encoding="utf-8")


def texts(part: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(part, str):
        yield key, part
    elif isinstance(part, dict):
        for name, value in part.items():
            yield from texts(value, str(name))
    elif isinstance(part, list | tuple):
        for value in part:
            yield from texts(value, key)
    elif hasattr(part, "__dataclass_fields__"):
        for name in part.__dataclass_fields__:
            yield from texts(getattr(part, name), name)


def test_the_names_are_nonsense_throughout(ran: tuple[Answers, str]) -> None:
    answers, _ = ran
    assert all(MARK in name for name in (*answers.run.actors, *(g.name for g in answers.goals)))
    assert answers.coalition is not None
    assert answers.coalition.rule_label == (
        "“Ukraine invites” and The parliament and not “Russia declares any contingent a target”"
    )
    assert "Moscow has consented" in answers.coalition.facts.values()


def test_no_name_of_the_case_is_shown_on_the_page(ran: tuple[Answers, str]) -> None:
    _, page = ran
    body = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.DOTALL)
    body = re.sub(r"<dt>Id</dt><dd>.*?</dd>", "", body)
    shown = [html.unescape(text) for text in re.findall(r">([^<>]+)<", body)]
    assert len(shown) > 1000
    assert [text for text in shown if MARK in text] == []
    attributes = re.findall(r'(?:title|alt|aria-label)="([^"]*)"', body)
    assert [text for text in attributes if MARK in text] == []


def test_no_name_of_the_case_is_shown_in_a_picture_or_its_table(ran: tuple[Answers, str]) -> None:
    answers, _ = ran
    figures = [figure for section in pictures(answers, names_of(answers)).values() for figure in section]
    said = [
        (key, text) for figure in figures for key, text in texts(figure) if key not in ("id", "key", "to", "series")
    ]
    assert len(said) > 500
    assert [pair for pair in said if MARK in pair[1]] == []


def test_no_name_of_the_case_is_said(ran: tuple[Answers, str]) -> None:
    answers, _ = ran
    lines = render_text(answers).splitlines()
    said = lines
    assert len(said) > 20
    assert [line for line in said if MARK in line] == []


def test_sentences_of_the_answers_name_nothing_by_its_id(ran: tuple[Answers, str]) -> None:
    """Whatever has a space in it is for people, but for what the case wrote itself."""
    answers, _ = ran
    said = [(key, text) for key, text in texts(json.loads(answers.to_json())) if " " in text and key not in WRITTEN]
    assert len(said) > 200
    assert [pair for pair in said if MARK in pair[1]] == []
