"""The first page as the report's template takes it: its lines with their marks and numbers, the drawing, the text to copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vetopoint.answers import Answers, FirstLine, FirstNumber, FirstPage
from vetopoint.answers.first_page import Mark
from vetopoint.view.first_page._drawing import Drawing, drawing
from vetopoint.view.first_page._story import at
from vetopoint.view.first_page._text import GLYPHS, as_text, legend

MEANINGS: dict[Mark, str] = {
    "firm": "Firm: it holds however vague the payoffs are made, at half and double precision, and in most other ways to build the case.",
    "judged": "Judged: it holds in the case as it is judged.",
    "open": "Open: it hangs on a coin toss, or on something that nobody could judge.",
}


@dataclass(frozen=True)
class Exact:
    """A number of a line, and what stands at its place."""

    said: str
    exact: str
    given: str
    paths: str


@dataclass(frozen=True)
class Shown:
    """A line as it is shown."""

    line: FirstLine
    glyph: str
    meaning: str
    numbers: tuple[Exact, ...]


@dataclass(frozen=True)
class Screen:
    """The first page as it is shown."""

    page: FirstPage
    lines: tuple[Shown, ...]
    drawing: Drawing | None
    told: str
    text: str
    legend: tuple[str, ...]


def screen(answers: Answers, page: FirstPage) -> Screen:
    """Make what the template shows of a page."""
    lines = tuple(
        Shown(
            line,
            GLYPHS[line.mark] if line.mark else "",
            MEANINGS[line.mark] if line.mark else "",
            tuple(_exact(answers, number) for number in line.numbers),
        )
        for line in page.lines
    )
    fork = page.fork
    told = " ".join(_told(side.label, side.ends) for side in fork.sides) if fork is not None else ""
    return Screen(
        page,
        lines,
        drawing(fork, page.source) if fork is not None else None,
        told,
        as_text(page, 76),
        tuple(legend(page)),
    )


def _told(label: str, ends: tuple[Any, ...]) -> str:
    return f"{label}: {'; '.join(f'{end.number.said} {end.label}' for end in ends)}."


def _exact(answers: Answers, number: FirstNumber) -> Exact:
    value = sum(float(at(answers, path)) for path in number.paths)
    exact = f"{value:.4g}" if number.per > 1 else f"{value:g}"
    return Exact(number.said, exact, number.given, ", ".join(number.paths))
