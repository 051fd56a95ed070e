"""How things look in a notebook: small pieces of HTML, whose every text is escaped; colours are left to the notebook's theme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["Cell", "folded", "heading", "paragraph", "rounded", "table"]

MOST_ROWS = 60

Cell = str | float | None


def rounded(value: float) -> str:
    """A number in three digits.

    >>> rounded(0.61834), rounded(15012.3), rounded(-2.0), rounded(1e-7)
    ('0.618', '15,000', '-2', '1e-07')
    """
    near = float(f"{value:.3g}")
    if near and not 1e-4 <= abs(near) < 1e9:
        return f"{near:g}"
    return f"{near:,}".removesuffix(".0")


def heading(text: str) -> str:
    """A heading, as bold as a table's."""
    return f"<p><strong>{escape(text)}</strong></p>"


def paragraph(text: str) -> str:
    """A paragraph."""
    return f"<p>{escape(text)}</p>"


def table(heads: Sequence[str], rows: Iterable[Sequence[Cell]], more: str = "") -> str:
    """A table of texts and numbers; of many rows the first are shown, and `more` says where the others are.

    >>> table(["who", "share"], [("<b>", 0.5)]).count("<b>")
    0
    """
    found = list(rows)
    head = "".join(f'<th style="text-align:left">{escape(text)}</th>' for text in heads)
    lines = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in found[:MOST_ROWS])
    left = len(found) - MOST_ROWS
    rest = paragraph(f"… and {left:,} more{f': {more}' if more else ''}") if left > 0 else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>{rest}"


def folded(summary: str, inner: str, unfolded: bool = False) -> str:
    """A part that opens when it is clicked; `inner` is HTML made by the functions beside."""
    return f"<details{' open' if unfolded else ''}><summary>{escape(summary)}</summary>{inner}</details>"


def _cell(value: Cell) -> str:
    if isinstance(value, str) or value is None:
        return f'<td style="text-align:left">{escape(value or "")}</td>'
    return f'<td style="text-align:right">{escape(rounded(value))}</td>'
