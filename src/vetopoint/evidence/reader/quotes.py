"""Which tokens stand inside quotation marks, paragraph by paragraph, and which quotation stands beside a token."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from vetopoint.evidence.reader.parse import Parse

__all__ = ["Quotation", "Quotations", "unattributed"]

_OPEN = "“«„"
_CLOSE = "”»"
_BOTH = '"'
_MARKED = re.compile(rf"[{_OPEN}{_CLOSE}{_BOTH}\n]|^(?:``|'')$")
_FINITE = frozenset(("VBZ", "VBP", "VBD", "MD"))
_LEAST_WORDS = 5


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
    """The quotations of a parsed stretch, in order."""

    def __init__(self, parse: Parse) -> None:
        self.p = parse
        self.spans = _paired(parse.words)
        self._at = {token: span for span in self.spans for token in span.tokens}

    def __contains__(self, token: int) -> bool:
        return token in self._at

    def of(self, token: int) -> Quotation | None:
        """The quotation in which a token stands."""
        return self._at.get(token)

    def before(self, token: int) -> Quotation | None:
        """The closed quotation that ends right before a token."""
        p = self.p
        at = token - 1
        while at >= 0 and p.pos[at] in ("PUNCT", "CCONJ") and at not in self and "\n" not in p.words[at]:
            at -= 1
        quote = self.of(at)
        return quote if quote is not None and quote.closed and quote.last - quote.first > 2 else None

    def after(self, token: int, reach: int) -> Quotation | None:
        """The quotation that begins at most ``reach`` tokens behind one, before the next paragraph or finite verb."""
        p = self.p
        for at in range(token + 1, min(token + 1 + reach, len(p))):
            if "\n" in p.words[at]:
                if p.words[at - 1] != ":":
                    return None
                continue
            quote = self.of(at)
            if quote is not None:
                return quote if quote.last - quote.first > 3 and quote.first == at else None
            if p.pos[at] == "VERB" and p.tags[at] not in ("VBG", "VBN") and p.sents[at] != p.sents[token]:
                return None
        return None

    def text(self, quote: Quotation) -> list[int]:
        """A quotation, with the words before it in its sentence where it begins in the middle of one."""
        p = self.p
        first = quote.first
        opening = p.words[min(first + 1, len(p) - 1)]
        while (
            not opening[:1].isupper()
            and first > 0
            and p.sents[first - 1] == p.sents[quote.first]
            and "\n" not in p.words[first - 1]
            and first - 1 not in self
        ):
            first -= 1
        return list(range(first, quote.last + 1))

    def continued(self, token: int) -> list[int]:
        """The quotations that open the next paragraphs with no speaker of their own: the last one goes on speaking."""
        p = self.p
        found: list[int] = []
        while True:
            at = token + 1
            while at < len(p) and p.words[at] in (".", ",", "!", "?"):
                at += 1
            quote = self.of(at + 1)
            if quote is None or "\n" not in p.words[at] or quote.first != at + 1:
                return found
            token = quote.last
            if token + 1 < len(p) and "\n" not in p.words[token + 1]:
                return found
            found += quote.tokens


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


def unattributed(parse: Parse, taken: Iterable[tuple[int, frozenset[int]]]) -> list[tuple[int, int]]:
    """First and last token of each quotation of at least a clause that no relation reports: somebody's words, not said whose.

    A word or two in quotation marks is a name, a title or scorn, and not speech.

    Parameters
    ----------
    taken : cue and all tokens of each relation found; one that lies in the quotation with its cue does not report it.
    """
    relations = list(taken)
    found = []
    for quotation in Quotations(parse).spans if not {'"', "“"}.isdisjoint("".join(parse.words)) else ():
        inside = quotation.tokens
        words = [t for t in inside if parse.words[t].isalpha()]
        if not quotation.closed or len(words) < _LEAST_WORDS or not parse.words[words[0]][:1].isupper():
            continue
        if not any(parse.tags[t] in _FINITE for t in words):
            continue
        if any(cue not in inside and not tokens.isdisjoint(inside) for cue, tokens in relations):
            continue
        found.append((quotation.first, quotation.last))
    return found
