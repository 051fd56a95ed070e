"""Which tokens stand inside quotation marks, paragraph by paragraph."""

import re
from dataclasses import dataclass

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

    @property
    def tokens(self) -> range:
        """All its tokens."""
        return range(self.first, self.last + 1)


class Quotations:
    """The quotations among some words, in order."""

    def __init__(self, words: list[str]) -> None:
        self.spans = _paired(words)
        self._at = {token: span for span in self.spans for token in span.tokens}

    def __contains__(self, token: int) -> bool:
        return token in self._at

    def of(self, token: int) -> Quotation | None:
        """The quotation in which a token stands."""
        return self._at.get(token)


def _paired(words: list[str]) -> tuple[Quotation, ...]:
    """Pair the quotation marks of each paragraph; an unclosed quotation ends with its paragraph."""
    spans: list[Quotation] = []
    begun = -1
    for token, word in enumerate(words):
        if not _MARKED.search(word):
            continue
        if "\n" in word and begun >= 0:
            if token > begun + 1:
                spans.append(Quotation(begun, token - 1, closed=False))
            begun = -1
        opens, closes = _turns(word, begun >= 0)
        if closes and begun >= 0:
            spans.append(Quotation(begun, token, closed=True))
            begun = -1
        elif opens and begun < 0:
            begun = token
    if 0 <= begun < len(words) - 1:
        spans.append(Quotation(begun, len(words) - 1, closed=False))
    return tuple(spans)


def _turns(word: str, within: bool) -> tuple[bool, bool]:
    """Whether a word's marks open and whether they close; a straight mark does what is due."""
    if _BOTH in word or word == "''":
        return not within, within
    return any(mark in word for mark in _OPEN) or word == "``", any(mark in word for mark in _CLOSE)
