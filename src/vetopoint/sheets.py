"""Tables as CSV that a spreadsheet opens without running anything: the one place in which CSV is written.

A cell that a spreadsheet would take for a formula gets an apostrophe before it, and so does one that begins with apostrophes and then
such a sign; `unsaid` takes one away again, so that what was written is read back as it was. Numbers stay numbers.

Source: OWASP, "CSV Injection" (signs: ``=`` ``+`` ``-`` ``@``, tab, line ends, and the wide forms of the first four).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["inert", "sheet", "unsaid"]

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+\-]?(\d+\.?\d*|\.\d+)([eE][+\-]?\d+)?", re.ASCII)


def inert(text: str) -> str:
    """A cell that is no formula to a spreadsheet.

    >>> inert("=1+1"), inert("-0.5"), inert("- a list"), inert("'=x"), inert("plain")
    ("'=1+1", '-0.5', "'- a list", "''=x", 'plain')
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unsaid(cell: str) -> str:
    """The text that `inert` made a cell of.

    >>> unsaid("'=1+1"), unsaid("'tis"), unsaid("-0.5")
    ('=1+1', "'tis", '-0.5')
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def sheet(rows: Iterable[Sequence[Any]], ends: str = "\n", separator: str = ",") -> str:
    """Rows of cells as CSV, texts among them made inert; None is an empty cell.

    >>> print(sheet([("who", "share"), ("@home", 0.5)]), end="")
    who,share
    '@home,0.5
    """
    return "".join(_line(row, separator) + ends for row in rows)


def _line(row: Sequence[Any], separator: str) -> str:
    """One row; both characters of the line's end are asked for, since only those of it are put in quotation marks."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n", delimiter=separator)
    writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue()[:-2]
