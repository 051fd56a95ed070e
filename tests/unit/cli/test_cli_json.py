"""What commands print as JSON is JSON: no NaN, no Infinity, whatever they found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import vetopoint.cli
from vetopoint.cli import complete
from vetopoint.cli._common import json_text

FOLDER = Path(vetopoint.cli.__file__).parent


def refuse(token: str) -> None:
    raise AssertionError(token)


def test_what_is_no_finite_number_is_null() -> None:
    inf, nan = float("inf"), float("nan")
    text = json_text({"a": [nan, (1.5, -inf)], "b": {"c": inf}, "d": "NaN", "e": True, "f": None, "g": 1e300})
    found = json.loads(text, parse_constant=refuse)
    assert found == {"a": [None, [1.5, None]], "b": {"c": None}, "d": "NaN", "e": True, "f": None, "g": 1e300}


def test_no_command_prints_json_by_itself() -> None:
    modules = [path for path in FOLDER.glob("*.py") if path.name != "_common.py"]
    assert len(modules) > 3
    assert [path.name for path in modules if "json.dumps" in path.read_text("utf-8")] == []


def test_fitting_and_solving_end_in_words_or_in_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from vetopoint.errors import VetopointError

    game = tmp_path / "game.efg"
    game.write_text(
        'EFG 2 R "t" { "a" } p "" 1 1 "x" { "l" "r" } 0 t "" 1 "" { 1e9 } t "" 2 "" { 0 }', encoding="utf-8"
    )
    refused = CliRunner().invoke(complete(), ["solve", str(game), "--precision", "1e300", "--json"])
    assert isinstance(refused.exception, VetopointError)
    assert refused.stdout == ""
    monkeypatch.setattr("vetopoint.game.efg.solve_efg", lambda *_: {"residual": float("nan")})
    done = CliRunner().invoke(complete(), ["solve", str(game), "--precision", "1", "--json"])
    assert json.loads(done.stdout, parse_constant=refuse) == {"residual": None}
