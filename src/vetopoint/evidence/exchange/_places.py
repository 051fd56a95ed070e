"""Where a place in a text as another program counts it lies in the text's normal form.

A file may count code points or UTF-16 units, line ends as one character or as two, letters with their accents or apart. Its
own words decide which: :func:`ways` lists the countings, and the one under which most of the quoted words stand where the
file says is taken for the whole text.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

from vetopoint.evidence.claim import normalise_text

Unit = Literal["points", "utf16"]
_DROPPED = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"
"""What the normal form leaves out, but for carriage returns."""


@cache
def _joining() -> str:
    """A character class of all that may join the character before it under NFC (Unicode Standard Annex 15)."""
    seconds = set(range(0x1161, 0x1176)) | set(range(0x11A8, 0x11C3))  # Hangul syllables are composed by rule
    for point in range(sys.maxunicode + 1):
        letter = chr(point)
        if unicodedata.combining(letter):
            seconds.add(point)
        parts = unicodedata.decomposition(letter).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            seconds.add(int(parts[1], 16))
    return "".join(f"\\U{point:08x}" for point in sorted(seconds))


@cache
def _irregular() -> re.Pattern[str]:
    inside = f"[{_joining()}{_DROPPED}]"
    return re.compile(rf"\r\n?|[^\r]{inside}+|[{_DROPPED}]|[^\x00-\x7f]")


class Places:
    """Where the characters of a raw text stand in its normal form.

    >>> places = Places("e\\u0301\\r\\nb")
    >>> (places.of(2), places.of(4))
    (1, 2)
    """

    def __init__(self, raw: str) -> None:
        self.size = len(raw)
        self._text = raw
        self._raw: list[int] = []
        self._ends: list[int] = []
        self._normal: list[int] = []
        self._lengths: list[int] = []
        if raw != normalise_text(raw):
            self._measure(raw)

    def _measure(self, raw: str) -> None:
        shift = 0
        for start, end, length in _clusters(raw):
            if length != end - start:
                self._raw.append(start)
                self._ends.append(end)
                self._normal.append(start + shift)
                self._lengths.append(length)
                shift += length - (end - start)

    def of(self, index: int, *, end: bool = False) -> int:
        """The place of a character; one inside a letter with its accents is that letter's start, or its end for `end`."""
        at = bisect_right(self._raw, index) - 1
        if at < 0:
            return index
        start, stop = self._normal[at], self._normal[at] + self._lengths[at]
        if index >= self._ends[at]:
            return stop + index - self._ends[at]
        before, behind = self._text[self._raw[at] : index], self._text[index : self._ends[at]]
        if len(_normal(before)) + len(_normal(behind)) == self._lengths[at] and self._lengths[at]:
            return start + len(_normal(before))
        return stop if end and index > self._raw[at] else start


def _normal(piece: str) -> str:
    """The normal form of what stands inside a text; a byte-order mark there stays, as it does not come first."""
    return normalise_text(f"x\n{piece}")[2:]


def _clusters(raw: str) -> Iterator[tuple[int, int, int]]:
    """Start, end and normal length of each run of characters whose length may change."""
    head = re.match(f"[\ufeff{_DROPPED}]*", raw)
    begin = head.end() if head else 0
    if begin:
        yield 0, begin, 0
    for match in _irregular().finditer(raw, begin):
        yield match.start(), match.end(), len(_normal(match.group()))


class Way:
    """One way of counting a text's characters.

    Parameters
    ----------
    raw : the text as the file has it.
    unit : whether places count code points or UTF-16 units.
    """

    def __init__(self, raw: str, unit: Unit) -> None:
        self.places = Places(raw)
        wide = [match.start() for match in re.finditer("[\U00010000-\U0010ffff]", raw)] if unit == "utf16" else []
        self._units = [index + number for number, index in enumerate(wide)]

    def at(self, start: int, end: int) -> tuple[int, int] | None:
        """The span in the normal form, or None where it lies outside the text."""
        first, last = self._index(start), self._index(end)
        if not 0 <= first <= last <= self.places.size:
            return None
        return self.places.of(first), self.places.of(last, end=True)

    def _index(self, place: int) -> int:
        return place - bisect_left(self._units, place)


class Units:
    """How many UTF-16 units stand before each character of a text.

    >>> Units("🙂b").of(1)
    2
    """

    def __init__(self, text: str) -> None:
        self._wide = [match.start() for match in re.finditer("[\U00010000-\U0010ffff]", text)]

    def of(self, index: int) -> int:
        """The place of a character, counted in units."""
        return index + bisect_left(self._wide, index)


def ways(raw: str, units: Sequence[Unit]) -> Iterator[Way]:
    """Every way in which a file may have counted a text, the likeliest first."""
    plain = raw.replace("\r\n", "\n")
    apart = unicodedata.normalize("NFD", raw)
    for variant in dict.fromkeys((raw, plain, plain.replace("\n", "\r\n"), f"\ufeff{raw}", apart)):
        for unit in units:
            yield Way(variant, unit)
