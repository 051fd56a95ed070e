"""The first page as plain text: for the terminal and for “copy as text”."""

from __future__ import annotations

import textwrap

from vetopoint.answers import FirstFork, FirstPage, ForkEnd, ForkSide
from vetopoint.answers.first_page import Mark

GLYPHS: dict[Mark, str] = {"firm": "■", "judged": "▨", "open": "☐"}
MARKS = {mark: f"{glyph} {mark}" for mark, glyph in GLYPHS.items()}
#: What a mark says of a line, in a few words.
BRIEFLY: dict[Mark, str] = {
    "firm": "holds under vague payoffs and in most other builds too",
    "judged": "hangs on the judged numbers",
    "open": "a coin toss, or what nobody could judge",
}
SIGNS = {"fewer than 1": "<1", "more than 99": ">99"}
_COLUMN = max(map(len, MARKS.values()))


def as_text(page: FirstPage, width: int = 96, ends: int | None = None) -> str:
    """Set the page in lines of at most ``width`` letters: its title, its lines, each with its mark, and the fork.

    Parameters
    ----------
    ends : how many ends of each side of the fork are told, the first ones; the others are counted.
    """
    date = f"as of {page.as_of.day} {page.as_of:%B %Y}"
    gap = width - len(page.title) - len(date)
    head = [f"{page.title}{' ' * gap}{date}"] if gap >= 2 else [*textwrap.wrap(page.title, width), date]
    rows = [*head, "─" * width]
    for line in page.lines:
        told = textwrap.wrap(line.text, width - (_COLUMN + 2 if line.mark else 0))
        first = f"{told[0]:<{width - _COLUMN}}{MARKS[line.mark]}" if line.mark else told[0]
        rows += [first, *told[1:]]
        if line.about == "key" and page.fork is not None:
            rows += ["", *_fork(page.fork, width, ends), ""]
    rows += textwrap.wrap("   ".join(legend(page)), width)
    return "\n".join(row.rstrip() for row in rows)


def legend(page: FirstPage) -> list[str]:
    """Say what each mark that the page bears means."""
    borne = {line.mark for line in page.lines}
    return [f"{MARKS[mark]}: {words}." for mark, words in BRIEFLY.items() if mark in borne]


def _fork(fork: FirstFork, width: int, ends: int | None) -> list[str]:
    return [row for side in fork.sides for row in _side(side, width, ends)]


def _side(side: ForkSide, width: int, ends: int | None) -> list[str]:
    """One answer, with its ends under each other."""
    column = max(len(_figure(end)) for end in side.ends)
    rows = [f"  {'┌' if side.side == 'yes' else '└'} {side.label}{_options(side)}, of 100 cases:"]
    bar = "│" if side.side == "yes" else " "
    told = [(_figure(end), end.label) for end in side.ends[:ends]]
    if more := len(side.ends) - len(told):
        told.append(("…", f"and {more} more in the report"))
    for i, (figure, label) in enumerate(told):
        lead = f"  {bar}   {'└' if i == len(told) - 1 else '├'} {figure:>{column}} "
        rows += textwrap.wrap(label, width, initial_indent=lead, subsequent_indent=f"  {bar}     {' ' * (column + 1)}")
    return rows


def _figure(end: ForkEnd) -> str:
    return SIGNS.get(end.number.said, end.number.said)


def _options(side: ForkSide) -> str:
    return f" ({' or '.join(side.options)})" if side.options else ""
