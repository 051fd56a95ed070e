"""The command that measures what layout does to claims: its parts, and its promise on texts printed by a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import ROOT, require, tool
from vetopoint.evidence import Document, Reader

wrapping = tool("validation/wrapping")
FORMS = ROOT / "tests" / "data" / "reading" / "forms"


def test_marks_of_gold_are_taken_out(tmp_path: Path) -> None:
    gold = tmp_path / "gold.txt"
    gold.write_text(
        "=== a | A | style=wire\n@aliases x: X\n[S1|Ada] [Q1|said] [C1|no, [C2b|not now]].\n\nBo left.\n--\n1 | named\n",
        "utf-8",
    )
    assert [text.strip() for text in wrapping.texts_of(gold)] == ["Ada said no, not now.\n\nBo left."]


def test_claims_are_the_same_whatever_the_blanks_and_hyphens_and_no_more() -> None:
    texts = [
        "Ada Norman said that the sanctions had failed.",
        "Ada Norman said that the sanc-\ntions had failed.",
        "Ada Norman said that the sanctions will be lifted.",
    ]
    found = [wrapping.key(claim) for _, (claim,) in Reader({}).read([Document("d", text) for text in texts])]
    assert found[0] == found[1] != found[2]


def test_layouts_without_a_browser_lose_nothing() -> None:
    texts = [(FORMS / name).read_text(encoding="utf-8") for name in ("plain.txt", "titled.txt", "long.txt")]
    reader = Reader({})
    plain = wrapping.claims(reader, texts)
    assert plain.total() > 20
    for width in wrapping.WIDTHS:
        assert wrapping.claims(reader, [wrapping.wrapped(text, width) for text in texts]) == plain
    assert wrapping.claims(reader, map(wrapping.indented, texts)) == plain


@pytest.mark.slow
@pytest.mark.chromium
def test_printing_to_pdf_keeps_the_claims() -> None:
    """Chromium prints the text in one column and in two, justified and hyphenated, with its own running heads."""
    require("chromium")
    scores = wrapping.measure([(FORMS / "long.txt").read_text(encoding="utf-8")], Reader({}))
    assert {"PDF, one column", "PDF, two columns"} <= set(scores)
    assert min(min(values) for values in scores.values()) >= wrapping.LEAST
