"""Pages in reading order, from characters with places: words, rows, columns, paragraphs; running heads out, footnotes last.

All lengths are points, y grows upwards. A *row* is what stands on one base line; a gap in it wider than a blank in any setting parts columns
where, over several rows, no word crosses it. Thresholds are in ems (a row's height stands for one) and were chosen on printed news.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

_BLANK = 0.12  # ems between letters that part words
_GAP = 0.75  # ems between words that may part columns
_LEAST_ROWS = 3
_MARGIN = 3  # rows from a page's top or bottom in which a running head may stand
_NUMBER = re.compile(
    r"\W*(?:page|seite|p\.)?\W*(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:/|of|von)\s*\d{1,4})?\W*", re.IGNORECASE
)
_ADDRESS = re.compile(r"\w+://|\bwww\.|\d\s*/\s*\d+\W*$")
_CUT = re.compile(r"[^\W\d_][-\u2010\u00ad]$")
_NOTE = re.compile(r"(?:\d{1,3}|[*†‡§]+|\[\d{1,3}\])(?=\W|[A-Z“])")
_TERMINAL = re.compile(r"[.!?:;…][\"'”’»)\]]*$")


class Glyph(NamedTuple):
    """A character and its box."""

    char: str
    left: float
    right: float
    bottom: float
    top: float


@dataclass(frozen=True)
class PageText:
    """A page: its size and its characters in the order in which the file draws them."""

    width: float
    height: float
    glyphs: list[Glyph]


@dataclass(frozen=True)
class _Word:
    text: str
    left: float
    right: float
    base: float
    size: float


@dataclass(frozen=True)
class _Row:
    words: tuple[_Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def base(self) -> float:
        return median(word.base for word in self.words)

    @property
    def size(self) -> float:
        return median(word.size for word in self.words)


@dataclass(frozen=True)
class _Line:
    """A row within its column, whose edges it knows."""

    row: _Row
    left: float
    right: float
    spacing: float
    """Usual distance of base lines in the column."""
    above: float
    """Distance from the line above; 0 for the first of a column."""

    @property
    def text(self) -> str:
        return self.row.text

    @property
    def ends(self) -> bool:
        return _TERMINAL.search(self.text[-8:]) is not None


def text_of(pages: Sequence[PageText]) -> tuple[str, list[str]]:
    """The text of some pages, and what was left out.

    A paragraph is a line, blank lines between them; where a line of the page ends within a word, a line feed stays behind the hyphen.
    """
    rows = [_rows(page) for page in pages]
    main = _main_size([row for page in rows for row in page])
    furniture = _repeated(rows) | _apart(pages, rows, main)
    lines: list[_Line] = []
    notes: list[list[_Line]] = []
    gutters: list[float] = []
    for number, page in enumerate(rows):
        kept = [row for at, row in enumerate(page) if (number, at) not in furniture]
        for column in _columns(kept, gutters):
            body, below = _parted(column, main)
            lines += body
            notes += list(_joined(below))
    blocks = [*_joined(lines), *notes]
    said = [f"{len(furniture)} running heads and page numbers left out"] if furniture else []
    return "\n\n".join(_run([line.text for line in block]) for block in blocks), said


def _run(lines: Sequence[str]) -> str:
    """The lines of a paragraph as one, but for words that a line end cuts."""
    text = lines[0]
    for line in lines[1:]:
        cut = _CUT.search(text)
        text += f"\n{line}" if cut and line[:1].islower() else line if cut else f" {line}"
    return text


def _rows(page: PageText) -> list[_Row]:
    """The rows of a page, from top to bottom."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(page.glyphs, key=lambda g: -(g.bottom + g.top)):
        middle, height = (glyph.bottom + glyph.top) / 2, glyph.top - glyph.bottom
        for row in reversed(rows[-4:]):
            first = row[0]
            if abs((first.bottom + first.top) / 2 - middle) < 0.4 * max(height, 0.6 * (first.top - first.bottom)):
                row.append(glyph)
                break
        else:
            rows.append([glyph])
    return [_Row(words) for row in rows if (words := tuple(_words(row)))]


def _words(row: list[Glyph]) -> Iterator[_Word]:
    """The words of a row; small raised figures are marks of notes and no words."""
    row.sort(key=lambda g: g.left)
    size = median(g.top - g.bottom for g in row)
    base = median(g.bottom for g in row)
    word: list[Glyph] = []
    edge = 0.0
    for glyph in row:
        height = glyph.top - glyph.bottom
        gap, edge = glyph.left - edge, glyph.right
        if word and height < 0.8 * size and glyph.bottom > base + 0.1 * size and glyph.char in "0123456789*†‡":
            continue
        if word and gap > _BLANK * size:
            yield _word(word)
            word = []
        if not (word and glyph.char == word[-1].char and abs(glyph.left - word[-1].left) < 0.05 * size):
            word.append(glyph)  # else drawn twice to look bold
    if word:
        yield _word(word)


def _word(glyphs: Sequence[Glyph]) -> _Word:
    text = "".join(g.char for g in glyphs)
    size = median(g.top - g.bottom for g in glyphs)
    return _Word(text, glyphs[0].left, max(g.right for g in glyphs), median(g.bottom for g in glyphs), size)


def _repeated(pages: Sequence[Sequence[_Row]]) -> set[tuple[int, int]]:
    """Page and row of what stands at the edge of several pages, figures apart."""
    edge = {
        (number, at): re.sub(r"\d+", "#", row.text)
        for number, page in enumerate(pages)
        for at, row in enumerate(page)
        if at < _MARGIN or at >= len(page) - _MARGIN
    }
    pages_of = Counter(words for _, words in {(number, words) for (number, _), words in edge.items()})
    repeated = {words for words, count in pages_of.items() if count > 2 or (count > 1 and len(pages) <= 6)}
    return {place for place, words in edge.items() if words in repeated}


def _apart(pages: Sequence[PageText], rows: Sequence[Sequence[_Row]], main: float) -> set[tuple[int, int]]:
    """Page and row of page numbers, addresses and small print that stand in a page's margin, apart from its text."""
    found = set()
    for number, (page, own) in enumerate(zip(pages, rows, strict=True)):
        for at, beside in ((0, 1), (len(own) - 1, len(own) - 2)) if len(own) >= _LEAST_ROWS else ():
            row, distance = own[at], abs(own[at].base - own[beside].base)
            outside = not 0.08 * page.height < row.base < 0.92 * page.height and distance > 1.8 * row.size
            note = at > 0 and _NOTE.match(row.text) is not None and len(row.words) > _LEAST_ROWS
            small = not note and (row.size < 0.95 * main or _ADDRESS.search(row.text) is not None)
            if _NUMBER.fullmatch(row.text) or (outside and small):
                found.add((number, at))
    return found


def _main_size(rows: Sequence[_Row]) -> float:
    """The size in which most characters are set."""
    sizes: Counter[float] = Counter()
    for row in rows:
        sizes[round(row.size, 1)] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _columns(rows: Sequence[_Row], known: list[float]) -> Iterator[list[_Row]]:
    """The columns of a page in reading order, each from top to bottom; what crosses a gutter parts the page above and below it.

    Parameters
    ----------
    known : gutters of the pages before, to which this one's are added; where one was, few rows make a column.
    """
    found = _gutter(rows)
    gutter, least = (found, _LEAST_ROWS) if found is not None else (_known(rows, known), 1)
    if gutter is None:
        if rows:
            yield list(rows)
        return
    known.append(gutter)
    for band, split in _bands(rows, gutter, least):
        if split:
            for side in _both(band, gutter):
                yield from _columns(side, known)
        else:
            yield band


def _gutter(rows: Sequence[_Row]) -> float | None:
    """The x that parts the most rows into two columns; None where nothing does."""
    places = Counter(round(word.left / 2) for row in rows for word in _begun(row))
    best, most = None, 0
    for place, count in places.most_common(60):
        if count < _LEAST_ROWS:
            break
        x = 2 * place - 3.0
        score = sum(min(map(len, _both(band, x))) for band, split in _bands(rows, x) if split)
        if score > most:
            best, most = x, score
    return best


def _known(rows: Sequence[_Row], gutters: Sequence[float]) -> float | None:
    """A gutter of the pages before that parts these rows."""
    return next((x for x in gutters if any(split for _, split in _bands(rows, x, 1))), None)


def _begun(row: _Row) -> Iterator[_Word]:
    """The words of a row that begin it or stand behind a wide gap."""
    yield row.words[0]
    for a, b in pairwise(row.words):
        if b.left - a.right > _GAP * row.size:
            yield b


def _crosses(row: _Row, x: float) -> bool:
    """Whether a row has a word over ``x``, or a blank no wider than blanks are."""
    for a, b in pairwise(row.words):
        if a.right <= x <= b.left:
            return b.left - a.right <= _GAP * row.size
    return row.left < x < row.right


def _bands(rows: Sequence[_Row], x: float, least: int = _LEAST_ROWS) -> list[tuple[list[_Row], bool]]:
    """Runs of rows that nothing crosses at ``x``, with whether they are columns, and the runs between them."""
    runs: list[tuple[list[_Row], bool]] = []
    for row in rows:
        free = not _crosses(row, x)
        if not runs or runs[-1][1] is not free:
            runs.append(([], free))
        runs[-1][0].append(row)
    found: list[tuple[list[_Row], bool]] = []
    for run, free in runs:
        columns = free and _are_columns(run, x, least)
        if found and not columns and not found[-1][1]:
            found[-1][0].extend(run)
        else:
            found.append((run, columns))
    return found


def _both(rows: Sequence[_Row], x: float) -> tuple[list[_Row], list[_Row]]:
    return _side(rows, x, right=False), _side(rows, x, right=True)


def _side(rows: Sequence[_Row], x: float, *, right: bool) -> list[_Row]:
    cut = (tuple(word for word in row.words if (word.left > x - 0.5) is right) for row in rows)
    return [_Row(words) for words in cut if words]


def _are_columns(rows: Sequence[_Row], x: float, least: int) -> bool:
    """Whether both sides of ``x`` hold several rows of running words, neither far narrower than the other."""
    sides = _both(rows, x)
    if min(map(len, sides)) < least:
        return False
    words = [sum(len(row.words) for row in side) / len(side) for side in sides]
    widths = [max(row.right for row in side) - min(row.left for row in side) for side in sides]
    return min(words) >= 2 and min(widths) >= 0.25 * max(widths)


def _parted(column: Sequence[_Row], main: float) -> tuple[list[_Line], list[_Line]]:
    """The lines of a column, and those of the notes at its foot: set smaller, the first behind a mark."""
    cut = len(column)
    while cut > 0 and column[cut - 1].size < 0.92 * main:
        cut -= 1
    while cut < len(column) and not _NOTE.match(column[cut].text):
        cut += 1
    lines = _lines(column[:cut]), _lines(column[cut:])
    return lines if cut else ([], lines[1])


def _lines(rows: Sequence[_Row]) -> list[_Line]:
    if not rows:
        return []
    gaps = [a.base - b.base for a, b in pairwise(rows)]
    close = sorted(gap for gap in gaps if 0 < gap < 3 * rows[0].size)
    spacing = close[len(close) // 3] if close else 0.0
    left = min(_usual(row.left for row in rows), median(row.left for row in rows))
    right = max(row.right for row in rows)
    return [_Line(row, left, right, spacing, gap) for row, gap in zip(rows, (0.0, *gaps), strict=True)]


def _usual(places: Iterable[float]) -> float:
    return float(Counter(round(place) for place in places).most_common(1)[0][0])


def _joined(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """The lines of each paragraph, also over columns and pages."""
    block: list[_Line] = []
    for line in lines:
        if block and _begins(block[-1], line):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _begins(before: _Line, line: _Line) -> bool:
    """Whether a line begins a paragraph: set otherwise, behind a wider gap, indented, or behind a line that ends short."""
    size = before.row.size
    if abs(line.row.size - size) > 0.08 * size:
        return True
    room = before.right - before.row.right
    short = room > line.row.words[0].right - line.row.left + 0.6 * size
    runs_on = line.text[:1].islower() and not before.ends
    if line.above == 0.0:
        return not runs_on and (before.ends or short)
    if line.above > 1.3 * line.spacing or line.above < 0:
        return not (runs_on and line.above < 0)
    indented = line.row.left > line.left + 0.7 * size and before.row.left < line.row.left - 0.5 * size
    return (indented or short) and not runs_on
