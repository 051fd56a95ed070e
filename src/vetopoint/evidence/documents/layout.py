"""Paragraphs of a text from its blank lines, indents, bullets and the lengths of its lines.

A line end is *soft* where only the width of the page made it. Texts wrapped by a program break a line where the next word would have passed
the width: each line end then gives an interval of widths (from the line's length to that with the next word), and the width is
the one that the most intervals share. Texts copied from print have no exact width; there, lines that begin in small
letters tell that lines are wrapped, and short lines end paragraphs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from vetopoint.evidence.documents.flow import Flow
from vetopoint.evidence.documents.hyphens import Joiner
from vetopoint.months import MONTH_PATTERN

_NARROWEST, _WIDEST = 20, 200
_QUOTING = re.compile(r"(?:[ \t]{0,3}>)+")
_INDENT = re.compile(r"[ \t\u00a0\u3000]*")
_BULLET = re.compile(
    r"([•◦▪‣●■·*])[ \t\u00a0]+(?=\S)|[-–—][ \t\u00a0]+(?=\S)|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)][ \t\u00a0]+(?=\S)"
)
_MARKS = re.compile(
    r"!\[[^\]\n]*\]\([^)\s]*\)"  # a picture
    r"|\[(?=[^\]\n]{1,300}\]\((?:https?:|/|#|mailto:|www\.)[^)\s]*\))"  # a link, up to its words
    r"|(?<=[^\[\s])\]\((?:https?:|/|#|mailto:|www\.)[^)\s]*\)"  # and behind them
    r"|\*\*|(?<!\w)__(?=\S)|(?<=\S)__(?!\w)|(?<![\w*])\*(?=\w)|(?<=[\w.,!?”])\*(?![\w*])"
)
_SIGN = re.compile(r"[\[\]*_]")
"""What each of these marks has one of."""
_HEADING = re.compile(r"#{1,6}[ \t]+(?=\S)")
_RULE = re.compile(r"(?:[-=_*~#] ?){3,}$")
_TABLE = re.compile(r"\S(?: {3,}|\t+)\S|^\||\|.*\|")
_FIELD = re.compile(r"(?:From|To|Cc|Bcc|Subject|Date|Sent|Reply-To): ")
_TURN = re.compile(r"(?:[A-Z][\w.'’-]*[ ,]*){1,6}(?:\([^)]{1,40}\))?:\s")
_MONTH = rf"(?i:{MONTH_PATTERN})\.?"
_DAY = rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}})(?:,? \d{{4}})?)"
_TOWN = r"[A-Z][\w'’.-]+(?: (?:(?:de|del|la|of|the|upon|am|sur) )?[A-Z][\w'’.-]+){0,3}"
_DATELINE = re.compile(
    # A town in capitals needs nothing more; another shows by a date or an agency that it is a dateline.
    rf"(?:(?:(?:[A-Z][A-Z'’.-]{{3,}})(?: [A-Z][A-Z'’.-]+){{0,3}}(?:[,/] ?{_TOWN})?(?:, {_DAY})?(?: ?\([^()\n]{{2,40}}\))?"
    rf"|{_TOWN}(?:, {_TOWN})?(?:, {_DAY}(?: ?\([^()\n]{{2,40}}\))?| ?\([A-Z][^()\n]{{1,40}}\)))"
    r" ?(?:—|–|--?) ?(?=[A-Z“\"‘'])(?![^.!?\n]{0,160} (?:—|–|--?) ))"
)
_CUT = re.compile(r"[^\W\d_][-\u2010\u00ad]$")
_TERMINAL = re.compile(r"[.!?:;…][\"'”’»)\]*]*$")
_MATTER = re.compile(r"---[ \t]*\n(?:[A-Za-z_][^\n]*\n|[ \t-][^\n]*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|$)")


@dataclass(frozen=True)
class _Line:
    """A line with words: where they begin and end in the text, behind how many quoting marks and how far in."""

    start: int
    end: int
    depth: int
    column: int
    words: str
    bullet: int
    """How many characters its bullet takes; 0 without one."""
    dropped: int
    """How many of its first characters are no words: a heading's or a bullet's sign."""

    @property
    def width(self) -> int:
        return self.column + len(self.words)

    @property
    def ends(self) -> bool:
        """Whether it ends as a sentence does."""
        return _TERMINAL.search(self.words[-12:]) is not None

    @property
    def begins_small(self) -> bool:
        return self.words[:1].islower()


@dataclass
class _Paragraph:
    lines: list[_Line] = field(default_factory=list)
    item: bool = False


def flow(text: str, leave_out: Callable[[str], bool] | None = None) -> Flow:
    """A text with its paragraphs joined, for a parser; blank lines and hard line ends stay.

    Quoting marks of mails, bullets, indents, and the marks of Markdown (headings, emphasis, links, front matter) are left out.

    Parameters
    ----------
    text : normalised text (:func:`vetopoint.evidence.normalise_text`).
    leave_out : asked of each paragraph; what it answers True to is not read.

    >>> flow("Ada said that the ferry would\\nstop unless the quay is mend-\\ned.\\n\\n- Bo agreed.").text
    'Ada said that the ferry would stop unless the quay is mended.\\n\\n- Bo agreed.'
    """
    joiner, place = Joiner(text), _matter(text)
    pieces: list[tuple[int, int, bool]] = []
    left_out: list[str] = []
    for paragraph in paragraphs_of(text):
        first = paragraph[0]
        pieces.append((place, first.start - _before(text, first.start), False))
        place = paragraph[-1].end
        body = list(_undated(text, _body(text, paragraph, joiner)))
        words = _words(text, body)
        if leave_out is not None and leave_out(words):
            left_out.append(words)
        else:
            pieces += body
    pieces.append((place, len(text), False))
    return Flow(text, pieces, left_out)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line.

    >>> paragraphs("Ada said that the ferry\\nwould stop.\\n\\nNobody was surprised.")
    ['Ada said that the ferry would stop.', 'Nobody was surprised.']
    """
    joiner = Joiner(text)
    return [_words(text, list(_body(text, paragraph, joiner))) for paragraph in paragraphs_of(text)]


def paragraphs_of(text: str) -> list[list[_Line]]:
    """The lines of each paragraph."""
    blocks = [list(block) for full, block in groupby(_lines(text), key=lambda line: line is not None) if full]
    joined: list[list[_Line]] = []
    kept = [[line for line in block if line is not None] for block in blocks]
    widths = {
        depth: _width([_at_depth(block, depth) for block in kept]) for depth in {ln.depth for b in kept for ln in b}
    }
    for block in kept:
        joined += _split(block, {depth: width or _width([_at_depth(block, depth)]) for depth, width in widths.items()})
    return joined


def _at_depth(block: Sequence[_Line], depth: int) -> list[_Line]:
    return [line for line in block if line.depth == depth]


def _matter(text: str) -> int:
    """Where a text begins behind its front matter."""
    found = _MATTER.match(text)
    return found.end() if found else 0


def _before(text: str, start: int) -> int:
    """How many characters of a line stand before its words: quoting marks and indent."""
    return start - (text.rfind("\n", 0, start) + 1)


def _lines(text: str) -> Iterator[_Line | None]:
    """The lines of a text; None for one without words."""
    place = _matter(text)
    while place <= len(text):
        end = text.find("\n", place)
        end = len(text) if end < 0 else end
        yield _line(text, place, end)
        place = end + 1


def _line(text: str, place: int, end: int) -> _Line | None:
    quoting = _QUOTING.match(text, place, end)
    body = quoting.end() if quoting else place
    indent = _INDENT.match(text, body, end)
    start = indent.end() if indent else body
    words = text[start:end].rstrip()
    if not words:
        return None
    bullet, heading = _BULLET.match(words), _HEADING.match(words)
    dropped = heading.end() if heading else bullet.end() if bullet and bullet[1] else 0
    if _RULE.fullmatch(words):
        dropped = len(words)
    column = len(text[body:start].expandtabs(8)) - (1 if quoting and start > body else 0)
    depth = quoting[0].count(">") if quoting else 0
    return _Line(start, start + len(words), depth, column, words, bullet.end() if bullet else 0, dropped)


def _forced(a: _Line, b: _Line, item: bool) -> bool:
    """Whether a line end parts two lines whatever their lengths."""
    if a.depth != b.depth or any(sign.search(line.words) for sign in (_RULE, _TABLE) for line in (a, b)):
        return True
    if _HEADING.match(a.words) or _HEADING.match(b.words) or _FIELD.match(b.words):
        return True
    if b.bullet and (item or a.ends):
        return True
    if _TURN.match(b.words) and a.ends:
        return True
    if len(a.words.split()) > 1 and a.words.isupper() and not b.words.isupper() and not b.begins_small:
        return True
    return b.column > a.column + 1 and not item


def _first_word(line: _Line) -> int:
    return len(line.words.split(maxsplit=1)[0])


def _width(blocks: Sequence[Sequence[_Line]]) -> _Wrap | None:
    """How the lines of some blocks are wrapped; None where they are not."""
    pairs = [(a, b) for block in blocks for a, b in pairwise(block) if not _forced(a, b, bool(a.bullet))]
    if not pairs:
        return None
    running = [a.width for a, b in pairs if b.begins_small and not a.ends]
    longest = _most([line.width for block in blocks for line in block if " " in line.words], 0.98)
    width, support = _shared([(max(a.width, longest), a.width + _first_word(b)) for a, b in pairs])
    broken = support + sum(not a.ends and a.width + _first_word(b) < width for a, b in pairs)
    told = (running and len(running) >= 0.15 * len(pairs)) or (len(pairs) >= 6 and support >= 0.9 * len(pairs))
    if told and support and 2 * support >= broken and _NARROWEST <= width <= _WIDEST:
        return _Wrap(width, exact=True)
    if running and len(running) >= 0.35 * len(pairs) and _NARROWEST <= _most(running, 0.9) <= _WIDEST:
        return _Wrap(_most(running, 0.9), exact=False)
    return None


def _most(lengths: Sequence[int], share: float) -> int:
    """The length that such a share of the lengths do not pass."""
    return sorted(lengths)[math.ceil(share * len(lengths)) - 1] if lengths else 0


def _shared(intervals: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The number that lies in the most intervals, the largest of several, and in how many it lies."""
    turns = sorted(turn for low, high in intervals if low <= high for turn in ((low, 0), (high, 1)))
    best, most, held = 0, 0, 0
    for place, closes in turns:
        if closes and held >= most:
            best, most = place, held
        held += -1 if closes else 1
    return best, most


@dataclass(frozen=True)
class _Wrap:
    """The width at which lines are wrapped: `exact` where a program counted characters, else about."""

    width: int
    exact: bool

    def softens(self, a: _Line, b: _Line) -> bool:
        """Whether the end of ``a`` is due to the width."""
        runs_on = b.begins_small and not a.ends
        if self.exact:
            return a.width + 1 + _first_word(b) > self.width or (runs_on and 2 * a.width > self.width)
        return runs_on or a.width >= (0.88 if a.ends else 0.75) * self.width


def _split(block: Sequence[_Line], wraps: dict[int, _Wrap | None]) -> list[list[_Line]]:
    """The paragraphs of a run of lines without a blank one between them."""
    found = [_Paragraph([block[0]], bool(block[0].bullet))]
    margin = min(line.column for line in block)
    for a, b in pairwise(block):
        now, wrap = found[-1], wraps[b.depth]
        returned = b.column < a.column and len(now.lines) > 1 and now.lines[-2].column == a.column and not now.item
        returned |= b.column == a.column > margin + 1 and len(now.lines) == 1 and a.ends and not now.item
        soft = (wrap is not None and wrap.softens(a, b)) or _CUT.search(a.words) is not None
        fresh = b.bullet > 0 and not (soft and not a.ends and not now.item)
        if soft and not fresh and not returned and not _forced(a, b, now.item):
            now.lines.append(b)
        else:
            found.append(_Paragraph([b], bool(b.bullet)))
    return [paragraph.lines for paragraph in found]


def _body(text: str, lines: Sequence[_Line], joiner: Joiner) -> Iterator[tuple[int, int, bool]]:
    """The pieces of a paragraph: the words of its lines, and what stands between them."""
    for number, line in enumerate(lines):
        start, end, after = line.start + line.dropped, line.end, " "
        if number + 1 < len(lines):
            mark = joiner.joined(line.words, lines[number + 1].words)
            after = " " if mark is None else ""
            end -= mark == ""
        for mark_found in _MARKS.finditer(text, start, end) if _SIGN.search(line.words) else ():
            yield start, mark_found.start(), False
            start = mark_found.end()
        yield start, end, False
        if number + 1 < len(lines) and after:
            yield line.end, lines[number + 1].start, True


def _undated(text: str, pieces: Iterable[tuple[int, int, bool]]) -> Iterator[tuple[int, int, bool]]:
    """The pieces of a paragraph without the dateline of a dispatch: "MONTEVIDEO, 3 May (Agency) — "."""
    for number, (start, end, blank) in enumerate(pieces):
        found = _DATELINE.match(text, start, end) if not number else None
        yield (found.end() if found else start), end, blank


def _words(text: str, pieces: Sequence[tuple[int, int, bool]]) -> str:
    return "".join(" " if blank else text[start:end] for start, end, blank in pieces)
