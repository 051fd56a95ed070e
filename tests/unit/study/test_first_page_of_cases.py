"""The first page of whole cases: the words do not hang on the draws or on the order of the file, and turn where the case turns."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import vetopoint
from support import BUNDLED
from vetopoint.answers import Answers, FirstPage
from vetopoint.view import render_text
from vetopoint.view.first_page import as_text, at
from vetopoint.view.numbers import natural

PEACE = re.compile(r"truce|ceasefire|presence|deploy|troop|contingent|mission", re.IGNORECASE)

# A trade agreement: the partner's parliament must ratify it, the growers can only grumble.
TREATY = """
vetopoint: 1
title: A treaty on apples
as_of: 2030-01-01
owner: union
actors:
  union: {label: The Union}
  partner: {label: Norland and Sudland, aka: [the partners]}
  growers: {label: The growers, plural: true}
quantities:
  trade: pert(1, 2, 3)
  cost: {value: "COST", label: What the treaty costs the partners}
moves:
  table: {by: union, options: [treaty, nothing], labels: {treaty: tables a treaty, nothing: tables nothing}}
  ratify: {by: partner, at: 1, when: table == treaty, options: [sign, refuse], labels: {sign: sign it, refuse: refuse it}}
  march: {by: growers, at: 2, when: ratify == sign, options: [march, stay], labels: {march: march, stay: stay at home}}
outcomes: {nothing: table == nothing, refused: ratify == refuse, signed: otherwise}
outcome_labels: {nothing: No treaty, refused: A treaty refused, signed: A treaty in force}
goals: {in_force: outcome == signed}
goal_labels: {in_force: The treaty comes into force}
payoffs:
  union: {unit: [nothing, signed], trade: {worth: trade, when: outcome == signed}, rebuff: {worth: -0.4, when: outcome == refused}}
  partner: {unit: [nothing, signed], trade: {worth: 1, when: outcome == signed}, cost: {worth: -cost, when: outcome == signed}}
  growers: {unit: [nothing, signed], loss: {worth: -1, when: outcome == signed}, shoes: {worth: -0.5, when: march == march}}
precision: {union: 30, partner: 30, growers: 30}
"""
DEAR, CHEAP = "pert(2.5, 3, 4)", "pert(0.1, 0.2, 0.3)"


def answered(folder: Path, case: str | dict[str, Any], draws: int = 256, seed: int = 1) -> Answers:
    folder.mkdir(exist_ok=True)
    text = case if isinstance(case, str) else json.dumps(case, default=str)
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return vetopoint.run(folder, draws=draws, seed=seed)


def page_of(answers: Answers) -> FirstPage:
    assert answers.first_page is not None
    return answers.first_page


@pytest.fixture(scope="module")
def dear(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return answered(tmp_path_factory.mktemp("dear"), TREATY.replace("COST", DEAR))


def lines(answers: Answers) -> dict[str, str]:
    return {line.about: line.text for line in page_of(answers).lines}


def test_a_partner_to_whom_it_is_dear_holds_the_key_and_is_not_asked(dear: Answers) -> None:
    said = lines(dear)
    assert said["key"].startswith("Norland and Sudland hold the key. Suppose the Union tables a treaty.")
    assert "if they say no, in none" in said["key"]
    assert said["tried"].startswith("It is hardly ever tried")
    assert page_of(dear).fork is not None


def test_a_partner_to_whom_it_is_cheap_is_asked(tmp_path: Path) -> None:
    said = lines(answered(tmp_path, TREATY.replace("COST", CHEAP)))
    assert said["tried"].startswith("It is nearly always tried")


def test_no_word_of_peace_operations_in_a_treaty(dear: Answers) -> None:
    assert not PEACE.findall(render_text(dear))
    assert "hold" not in {line.about for line in page_of(dear).lines}


def test_more_draws_do_not_change_the_words(tmp_path: Path, dear: Answers) -> None:
    def words(answers: Answers) -> str:
        return re.sub(r"[\d,]+ draws", "draws", render_text(answers))

    assert words(answered(tmp_path / "twice", TREATY.replace("COST", DEAR), 512)) == words(dear)
    assert words(answered(tmp_path / "other", TREATY.replace("COST", DEAR), 256, seed=2)) == words(dear)


def test_the_order_of_the_file_does_not_change_the_words(tmp_path: Path, dear: Answers) -> None:
    case = YAML(typ="safe").load(TREATY.replace("COST", DEAR))
    case["actors"] = dict(reversed(case["actors"].items()))
    case["payoffs"] = dict(reversed(case["payoffs"].items()))
    case["quantities"] = dict(reversed(case["quantities"].items()))
    for move in case["moves"].values():
        move["options"] = move["options"][::-1]
    assert render_text(answered(tmp_path, case)) == render_text(dear)


@pytest.mark.slow
@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_case_keeps_to_the_rules(name: str, bundled: Callable[[str], Answers]) -> None:
    answers = bundled(name)
    page = page_of(answers)
    assert page.words <= 150
    assert len(as_text(page).splitlines()) <= 40
    assert page.lines
    for line in page.lines:
        for sentence in re.split(r"(?<=\.) (?=[A-Z“])", line.text):
            assert len(sentence.split()) <= 30, sentence
        assert not re.search(r"[a-z]_[a-z]|==", line.text), line.text
    ids = {*answers.run.actors, *(g.name for g in answers.goals)} & {x for x in answers.run.actors if "_" in x}
    assert not [i for i in ids if re.search(rf"\b{i}\b", render_text(answers))]


@pytest.mark.slow
@pytest.mark.parametrize("name", BUNDLED)
def test_numbers_of_a_bundled_case_are_those_at_their_places(name: str, bundled: Callable[[str], Answers]) -> None:
    answers = bundled(name)
    stored = Answers.from_json(answers.to_json())
    numbers = [n for line in page_of(answers).lines for n in line.numbers]
    fork = page_of(answers).fork
    numbers += [side.ends[0].number for side in fork.sides] if fork is not None else []
    assert len(numbers) >= 3
    for n in numbers:
        assert natural(sum(float(at(stored, p)) for p in n.paths), n.per) == n.said


@pytest.mark.slow
def test_who_runs_without_words_gets_figures_alone(tmp_path: Path) -> None:
    from vetopoint.study import run

    (tmp_path / "case.yaml").write_text(TREATY.replace("COST", DEAR), encoding="utf-8")
    assert run(tmp_path, draws=64).first_page is None
    assert json.loads((tmp_path / "out" / "answers.json").read_text())["first_page"] is None
