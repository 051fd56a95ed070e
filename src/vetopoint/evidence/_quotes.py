"""Which tokens stand inside quotation marks, paragraph by paragraph."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vetopoint.evidence._parse import Parse

__all__ = ["Quotation", "Quotations", "find_quotations"]

_OPEN = "“«„"
_CLOSE = "”»"
_BOTH = '"'
_MARKED = re.compile(rf"[{_OPEN}{_CLOSE}{_BOTH}\n]|^(?:``|'')$")


@dataclass(frozen=True)
class Quotation:
    """Tokens ``first`` to ``last`` inclusive, marks included; `closed` is False where the closing mark is missing."""

    first: int
    last: int
    closed: bool


@dataclass(frozen=True)
class Quotations:
    """The quotations of a stretch, and for each token the number of its quotation or −1."""

    spans: tuple[Quotation, ...]
    at: tuple[int, ...]

    def __contains__(self, token: int) -> bool:
        return self.at[token] >= 0


def find_quotations(parse: Parse) -> Quotations:
    """Pair the quotation marks of each paragraph; an unclosed quotation ends with its paragraph."""
    spans: list[Quotation] = []
    begun = -1
    for token, word in enumerate(parse.words):
        if not _MARKED.search(word):
            continue
        if "\n" in word and begun >= 0:
            if token > begun + 1:
                spans.append(Quotation(begun, token - 1, closed=False))
            begun = -1
        opens = any(mark in word for mark in _OPEN) or word == "``"
        closes = any(mark in word for mark in _CLOSE)
        if _BOTH in word or word == "''":
            opens, closes = begun < 0, begun >= 0
        if closes and begun >= 0:
            spans.append(Quotation(begun, token, closed=True))
            begun = -1
        elif opens:
            begun = token if begun < 0 else begun
    if begun >= 0 and begun < len(parse) - 1:
        spans.append(Quotation(begun, len(parse) - 1, closed=False))
    at = [-1] * len(parse)
    for number, span in enumerate(spans):
        for token in range(span.first, span.last + 1):
            at[token] = number
    return Quotations(tuple(spans), tuple(at))
