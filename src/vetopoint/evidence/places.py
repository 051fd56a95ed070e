"""Where words stand in a text: nearest to a place, else what comes nearest to them; and the sentences around a place."""

from __future__ import annotations

import re
from collections import Counter

from vetopoint.evidence.claim import Span, normalise_text

_END = re.compile(r"[.!?…][”\"’')\]]*(?=\s)|\n\s*\n|\n(?=[A-Z“\"])")
_STOP = re.compile(r"[.!?…][”\"’')\]]*(?=\s)|\n\s*\n")
_WORD = re.compile(r"\w+")
_ALIKE = ('"“”„«»', "'’‘‛`", "-‐‑–—−")
_MOST_WORDS = 400


def find_words(words: str, text: str, near: tuple[int, int], nth: int = 0) -> Span | None:
    """Where words stand, nearest to `near` or for the `nth` time (counted from 1); None where they do not.

    Line breaks, kinds of quotation marks and of dashes may differ.
    """
    parts = [_pattern(word) for word in normalise_text(words).split()[:_MOST_WORDS]]
    if not parts:
        return None
    pattern = re.compile(r"\s+".join(parts))
    if nth:
        found = [m.span() for _, m in zip(range(nth), pattern.finditer(text), strict=False)]
        return Span.cut(text, *found[-1]) if len(found) == nth else None
    inside = pattern.search(text, *near)
    if inside is not None:
        return Span.cut(text, *inside.span())
    middle = sum(near) // 2
    best = min((m.span() for m in pattern.finditer(text)), key=lambda span: abs(sum(span) // 2 - middle), default=None)
    return None if best is None else Span.cut(text, *best)


def _pattern(word: str) -> str:
    kinds = {mark: f"[{re.escape(group)}]" for group in _ALIKE for mark in group}
    return "".join(kinds.get(mark) or re.escape(mark) for mark in word)


def nearest_place(words: str, text: str) -> Span | None:
    """The stretch of a text that shares the most letters' worth of words with those looked for; None where it shares none.

    One pass over the text with a window of as many words; words count as the same by their first five letters.
    """
    asked = Counter(map(_root, _WORD.findall(words)[:_MOST_WORDS]))
    size, shared, best = sum(asked.values()), 0, (0, 0)
    places: list[tuple[str, int, int]] = []
    held: Counter[str] = Counter()
    for match in _WORD.finditer(text):
        root = _root(match.group())
        places.append((root, *match.span()))
        shared += len(root) * (held[root] < asked[root])
        held[root] += 1
        if len(places) > size:
            gone = places[-size - 1][0]
            held[gone] -= 1
            shared -= len(gone) * (held[gone] < asked[gone])
        if shared > best[0]:
            best = (shared, len(places) - 1)
    if not best[0]:
        return None
    window = [place for place in places[max(0, best[1] - size + 1) : best[1] + 1] if place[0] in asked]
    return Span.cut(text, window[0][1], window[-1][2])


def _root(word: str) -> str:
    return word.casefold()[:5]


def line_of(text: str, place: int) -> int:
    """Number of the line on which a character stands, counted from 1."""
    return text.count("\n", 0, place) + 1


def sentence_around(text: str, start: int, end: int) -> Span:
    """Widen a place to the sentence or sentences that hold it."""
    first = max(
        (match.end() for match in _END.finditer(text, max(0, start - 8000), start)), default=max(0, start - 8000)
    )
    after = _END.search(text, max(end - 1, start), min(len(text), end + 8000))
    last = max(after.end() if after else min(len(text), end + 8000), end)
    first += len(text[first:start]) - len(text[first:start].lstrip())
    return Span.cut(text, first, end + len(text[end:last].rstrip()))


def with_neighbours(text: str, start: int, end: int, reach: int = 1) -> tuple[int, int]:
    """From the beginning of the `reach`-th sentence before a place to the end of the `reach`-th behind it.

    A line's end alone ends no sentence here, since many texts are wrapped at a fixed width.
    """
    low, high = max(0, start - 4000), min(len(text), end + 4000)
    ends = [match.end() for match in _STOP.finditer(text, low, start) if text[match.end() : start].strip()]
    first = ends[-reach] if len(ends) >= reach else low
    behind = [match.end() for match in _STOP.finditer(text, max(end - 1, start), high)]
    behind = [place for place in behind if text[end:place].strip(" \n\t.!?…”\"’')]")]
    last = behind[reach - 1] if len(behind) >= reach else high
    span = Span.cut(text, min(first, start), max(last, end), None)
    return span.start, span.end
