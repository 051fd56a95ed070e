"""Twelve texts in twelve newsroom styles, coded before the rules were touched: what share of what is said is found, and how well.

``tools/validation/reading.py`` prints the table and says how it is scored; the texts are ``tests/data/reading/gold_*.txt``. They were at
hand while the rules were written, so that these floors guard against falling back and say little of unseen texts.
"""

from __future__ import annotations

from typing import Any

import pytest

from support import tool

reading = tool("validation/reading")
STYLES = 12


@pytest.fixture(scope="module")
def table() -> dict[str, dict[str, dict[str, Any]]]:
    whole = reading.Table()
    for path in sorted(reading.GOLD.glob("gold_*.txt")):
        whole.add(reading.score(path))
    return whole.as_dict()


def test_every_style_is_there(table: dict[str, dict[str, dict[str, Any]]]) -> None:
    assert len(set(table["styles"]) - {"ALL"}) == STYLES


@pytest.mark.parametrize(
    ("column", "least"), [("P", 88), ("R", 88), ("all right", 60), ("kind", 85), ("speaker", 88), ("polarity", 90)]
)
def test_claims_are_found_and_right(table: dict[str, dict[str, dict[str, Any]]], column: str, least: int) -> None:
    assert table["styles"]["ALL"][column] >= least


def test_what_is_denied_is_read_as_denied(table: dict[str, dict[str, dict[str, Any]]]) -> None:
    found, whole = map(int, table["styles"]["ALL"]["negative"].split("/"))
    assert whole > 30
    assert found >= 0.9 * whole


@pytest.mark.parametrize(("column", "least"), [("P", 90), ("R", 75)])
def test_edges_are_found_and_right(table: dict[str, dict[str, dict[str, Any]]], column: str, least: int) -> None:
    assert table["edges"]["ALL"][column] >= least
