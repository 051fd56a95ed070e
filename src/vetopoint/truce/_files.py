"""Text and tables that a case brings for its truce; what cannot be read names file, line and remedy."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from vetopoint.errors import CaseError, Problem

__all__ = ["Row", "read_table", "read_text"]

#: Line of the file, counted from 1, and its cells by column, without blanks around them; what is missing is "".
Row = tuple[int, dict[str, str]]


def read_text(path: str | Path) -> str:
    """The text of a file in UTF-8, with or without a byte order mark.

    Raises
    ------
    CaseError
        if it cannot be opened or is in another encoding.
    """
    try:
        return Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError(Problem("not in UTF-8", "save it as UTF-8", file=str(path))) from error
    except OSError as error:
        problem = Problem(f"cannot read '{path}': {error.strerror}", "give a file that can be opened", file=str(path))
        raise CaseError(problem) from error


def read_table(path: str | Path, needed: Iterable[str] = ()) -> tuple[tuple[str, ...], list[Row]]:
    """Columns and rows of a table with a header, its cells parted by commas, semicolons or tabs; empty rows are left out.

    Raises
    ------
    CaseError
        as `read_text`, and for a column that is missing or stands twice.
    """

    def fail(message: str, remedy: str, line: int) -> CaseError:
        return CaseError(Problem(message, remedy, file=str(path), line=line))

    text = read_text(path)
    head = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    try:
        lines = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise fail(f"no table ({error})", "save it as CSV", reader.line_num) from error
    columns = tuple(lines[0][1]) if lines else ()
    if missing := [name for name in needed if name not in columns]:
        raise fail(f"columns missing: {', '.join(missing)}", "add them to the header", 1)
    if twice := sorted({name for name in columns if name and columns.count(name) > 1}):
        raise fail(f"columns that stand twice: {', '.join(twice)}", "keep one of each", 1)
    padded = [(line, row + [""] * (len(columns) - len(row))) for line, row in lines[1:] if any(row)]
    return columns, [(line, dict(zip(columns, row, strict=False))) for line, row in padded]
