"""`vetopoint explain`: every word of the language is explained, with an example that parses and stands in a case."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from ruamel.yaml import YAML

from vetopoint.case import CHECKS, case_schema
from vetopoint.case.editor import SCHEMA_FILE, example_text, schema_text, with_schema
from vetopoint.case.functions import TABLE
from vetopoint.case.schema import CaseFile
from vetopoint.case.slips import DISTRIBUTIONS
from vetopoint.case.vocabulary import KINDS
from vetopoint.errors import VetopointError
from vetopoint.quantity import parse_distribution
from vetopoint.quantity.words import all_words
from vetopoint.study.explaining import _DISTRIBUTIONS, WORDS, _example, _key, _paths, explain, explained_words


def example_in(lines: list[str]) -> Any:
    """The example among the lines of an explanation, as it parses."""
    start = lines.index("  example") + 1
    shown = []
    for line in lines[start:]:
        if not line.startswith("    "):
            break
        shown.append(line[4:])
    assert shown
    return YAML(typ="safe").load("\n".join(shown))


def merged(one: Any, other: Any) -> Any:
    """One mapping with what another says beside or instead."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: merged(one.get(key), value) for key, value in other.items()}}
    return other


@pytest.mark.parametrize("path", _paths(), ids=".".join)
def test_every_key_is_explained_with_an_example(path: tuple[str, ...]) -> None:
    lines = _key(path, _paths()[path])
    assert lines[0] == ".".join(path)
    assert any(line.startswith("  may stand there: ") for line in lines)
    assert isinstance(example_in(lines), dict)
    assert lines[-1].startswith("  documented in docs/")


@pytest.mark.parametrize("name", [*TABLE, *DISTRIBUTIONS, *WORDS])
def test_every_function_and_word_is_explained_with_an_example(name: str) -> None:
    assert isinstance(example_in(explain(f"{name}(" if name in TABLE else name)), dict)


@pytest.mark.parametrize("name", _DISTRIBUTIONS)
def test_a_distribution_is_shown_as_it_can_be_written(name: str) -> None:
    assert tuple(_DISTRIBUTIONS) == DISTRIBUTIONS
    assert parse_distribution(_DISTRIBUTIONS[name][1]).text


def test_the_examples_that_the_page_does_not_have_make_a_case_with_it() -> None:
    yaml = YAML(typ="safe")
    more = (files("vetopoint.case") / "data/more.yaml").read_text("utf-8")
    whole = merged(yaml.load(example_text()), yaml.load(more))
    del whole["horizon_months"]  # a case has one horizon, and the page has one in days apart
    file = CaseFile.model_validate(CaseFile.normalise(whole))
    assert file.truce.baseline == "weibull"


def test_every_place_of_an_expression_has_an_example() -> None:
    assert [key for key in KINDS if not _example(*key)] == []


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("moves.repeat", "The move comes again."),
        ("repeat", "moves.repeat"),
        ("moves.answer.options", "moves.options"),
        ("joins.requires", "members.joins.requires"),
        ("unit", "payoffs.unit"),
        ("`pert`", "pert(…)"),
        ("likely", "A word of probability."),
        ("very likely", "icd203"),
        ("unused-quantity", "a warning: the case runs"),
        ("unknown-name", "an error: it stops a run"),
        ("", "Every case has"),
    ],
)
def test_a_word_is_found_as_it_is_asked_for(asked: str, answer: str) -> None:
    assert any(answer in line for line in explain(asked))


@pytest.mark.parametrize(
    ("asked", "near"), [("repat", "repeat"), ("perd", "pert"), ("unused-quantty", "unused-quantity")]
)
def test_what_is_no_word_of_the_language_is_told_the_nearest(asked: str, near: str) -> None:
    with pytest.raises(VetopointError, match=f"is no word of the case language → did you mean '{near}'"):
        explain(asked)


def test_whatever_can_be_explained_is() -> None:
    words = explained_words()
    assert {*all_words(), *CHECKS} <= set(words)
    assert [word for word in words if not explain(word)] == []


def test_the_schema_ships_and_says_what_every_key_means() -> None:
    import json

    shipped = json.loads(schema_text())
    assert shipped == json.loads(json.dumps(case_schema()))
    forms = [form for part in [shipped, *shipped["$defs"].values()] for form in [part, *part.get("anyOf", [])]]
    silent = [key for form in forms for key, what in form.get("properties", {}).items() if not what.get("description")]
    assert forms
    assert silent == []


def test_a_new_case_has_the_schema_beside_it_under_the_name_that_its_first_line_says(tmp_path: Any) -> None:
    from vetopoint.study import new_case

    folder = new_case(tmp_path / "mine")
    first = (folder / "case.yaml").read_text("utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert named == f"./{SCHEMA_FILE}"
    assert (folder / named).read_text("utf-8") == schema_text()
    assert with_schema(with_schema("a")) == with_schema("a")
