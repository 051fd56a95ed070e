"""The words of an ``.efg`` file, one after the other; complaints name file, line and remedy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from vetopoint.errors import SolverError

__all__ = ["Reader"]

_TOKEN = re.compile(r'\s+|,|(?P<text>"(?:[^"\\]|\\.)*")|(?P<brace>[{}])|(?P<word>[^\s,{}"]+)|(?P<bad>.)', re.DOTALL)
# Exponents of four digits at most: a longer one would fill the memory with its zeros.
_NUMBER = re.compile(r"[+-]?(\d+/0*[1-9]\d*|(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?)", re.ASCII)
_LARGEST = Fraction(10) ** 300


@dataclass(slots=True)
class _Token:
    kind: str
    text: str
    line: int


class Reader:
    """Tokens with one look ahead; errors name the line."""

    def __init__(self, text: str, source: str) -> None:
        self.source = source
        self.tokens = list(_tokens(text))
        self.place = 0

    def fail(self, message: str, remedy: str = "") -> SolverError:
        """A complaint about the token to come."""
        return self._complaint(min(self.place, len(self.tokens) - 1), message, remedy)

    def refuse(self, message: str, remedy: str) -> SolverError:
        """A complaint about what was just read."""
        return self._complaint(self.place - 1, message, remedy)

    def _complaint(self, place: int, message: str, remedy: str) -> SolverError:
        line = self.tokens[place].line if self.tokens else 1
        return SolverError(f"{self.source}:{line}: {message}" + (f" → {remedy}" if remedy else ""))

    def at(self, kind: str, text: str | None = None) -> bool:
        if self.place >= len(self.tokens):
            return False
        token = self.tokens[self.place]
        return token.kind == kind and (text is None or token.text == text)

    def take(self, kind: str, what: str, text: str | None = None) -> str:
        if not self.at(kind, text):
            found = repr(self.tokens[self.place].text) if self.place < len(self.tokens) else "the end of the file"
            raise self.fail(f"expected {what}, found {found}", "mend the file here; it may be cut short")
        self.place += 1
        return self.tokens[self.place - 1].text

    def string(self, what: str) -> str:
        return re.sub(r"\\(.)", r"\1", self.take("text", what)[1:-1], flags=re.DOTALL)

    def integer(self, what: str) -> int:
        word = self.take("word", what)
        if not re.fullmatch(r"\d+", word):
            self.place -= 1
            raise self.fail(f"expected {what}, a whole number, found {word!r}")
        return int(word)

    def number(self, what: str) -> Fraction:
        word = self.take("word", what)
        if not _NUMBER.fullmatch(word):
            self.place -= 1
            raise self.fail(f"expected {what}, a number such as 2, 0.25, 1e-3 or 1/3, found {word!r}")
        value = Fraction(word)
        if abs(value) > _LARGEST:
            raise self.refuse(f"{word} is too large a number", "measure payoffs in a larger unit")
        return value


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind:
            yield _Token(kind, match.group(), line)
        line += match.group().count("\n")
