"""The same answers for the terminal: plain strings, wrapped; colour and panels are the command line's business."""

from __future__ import annotations

import textwrap

from vetopoint.answers import Answers
from vetopoint.view.names import names_of
from vetopoint.view.sentences import FIXED_LINE, first_page, passages
from vetopoint.view.tables import Table

__all__ = ["render_table", "render_text"]


def render_text(answers: Answers, width: int = 96, *, caution: bool = True) -> str:
    """Render the answers in sentences, and what must be known before using them.

    Parameters
    ----------
    answers : what the run answered.
    width : columns of the terminal.
    caution : whether the first page's cautions follow the answers.
    """
    names = names_of(answers)
    lines = [answers.run.title, "=" * min(width, len(answers.run.title)), "", *_wrapped(FIXED_LINE, width), ""]
    for passage in passages(answers, names):
        lines += [passage.question, "-" * len(passage.question)]
        for sentence in passage.sentences:
            lines += _wrapped(sentence.text, width, "  " if sentence.aside else "")
        lines.append("")
    if caution:
        head = "Before you use these numbers"
        lines += [head, "-" * len(head)]
        for item in first_page(answers, names):
            lines.append(f"{item.head}:")
            for line in item.lines:
                lines += _wrapped(line, width, "  ")
        lines.append("")
    return "\n".join(lines)


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False) or [""]


def render_table(table: Table, width: int = 96) -> str:
    """Render a table with columns as wide as their cells, the widest cut so that it fits.

    Examples
    --------
    >>> from vetopoint.view.tables import Column, Rows
    >>> columns = Column("Who", lambda r: r[0]), Column("P", lambda r: r[1], "percent")
    >>> print(render_table(Rows([("A", 0.5), ("Bcd", 0.25)]).under(*columns)))
    Who    P
    A    50%
    Bcd  25%
    """
    cells = [[c.head for c in table.columns]]
    cells += [[c.say(v) for c, v in zip(table.columns, row, strict=True)] for row in table.rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(table.columns))]
    while sum(widths) + 2 * (len(widths) - 1) > width and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    lines = []
    for row in cells:
        parts = []
        for column, cell, room in zip(table.columns, row, widths, strict=True):
            cut = cell if len(cell) <= room else f"{cell[: room - 1]}…"
            parts.append(cut.rjust(room) if column.numeric else cut.ljust(room))
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)
