"""Every example of “say it in the language” is put into the case that the page begins with, and checked; each has its few sentences."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from support import ROOT
from vetopoint.errors import CaseError
from vetopoint.study import check

PAGE = (ROOT / "docs" / "say-it.md").read_text(encoding="utf-8")
ENTRIES = re.findall(r"^### ([^\n]+)\n(.*?)^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
#: What a case of a page need not be judged by: its numbers are there to show how numbers are written.
OF_NUMBERS = {"coin-toss", "compounding-toss", "small-unit", "unsteady-unit"}


def read(text: str) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(text)
    return found


BASE = re.search(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def placed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Moves: one that is there takes the new form; another goes below the one under which it stands, or above the next, or to the end."""
    names, written = list(old), list(new)
    for name in reversed(written):
        if name not in old:
            above = [n for n in written[: written.index(name)] if n in old]
            below = [n for n in written[written.index(name) :] if n in names]
            at = names.index(below[0]) if below else names.index(above[-1]) + 1 if above else len(names)
            names.insert(at, name)
    return {name: {**old, **new}[name] for name in names}


def composed(snippet: dict[str, Any]) -> dict[str, Any]:
    """The page's case with a snippet in it."""
    assert BASE is not None
    case = read(BASE[1])
    for key, value in snippet.items():
        if key == "moves":
            case[key] = placed(case[key], value)
        elif key == "outcomes":
            case[key] = {**value, **{name: text for name, text in case[key].items() if name not in value}}
        elif key == "payoffs":
            case[key] = {
                **case[key],
                **{actor: {**case[key].get(actor, {}), **terms} for actor, terms in value.items()},
            }
        elif isinstance(value, dict) and key != "goals":
            case[key] = {**case.get(key, {}), **value}
        else:
            case[key] = value
    return case


def complaints(folder: Path, case: dict[str, Any]) -> list[str]:
    text = StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(case, text)
    (folder / "case.yaml").write_text(text.getvalue(), encoding="utf-8")
    try:
        found = check(folder)
    except CaseError as error:
        found = error.problems
    return [str(p) for p in found if p.severity == "error" or p.check not in OF_NUMBERS]


def test_there_are_thirty_and_each_stands_once() -> None:
    names = [name for name, _, _ in ENTRIES]
    assert len(names) >= 30
    assert len(set(names)) == len(names) == PAGE.count("\n### ")


def test_the_case_that_all_belong_to_is_fine(tmp_path: Path) -> None:
    assert complaints(tmp_path, composed({})) == []


@pytest.mark.parametrize(("name", "text", "snippet"), ENTRIES, ids=[name for name, _, _ in ENTRIES])
def test_an_example_is_a_case(name: str, text: str, snippet: str, tmp_path: Path) -> None:
    assert 1 <= len(re.findall(r"[.:](?:\s|$)", text.strip())) <= 4, "two sentences or so"
    assert complaints(tmp_path, composed(read(snippet))) == []
