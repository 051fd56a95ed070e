"""Finding words in a text, whatever its line breaks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import cached_property

from vetopoint.evidence.claim import normalise_text

Fold = Mapping[int, str]
"""Characters that a program replaces one by one in what it quotes."""
_MOST_HITS = 1000


def squeezed(words: str, fold: Fold | None = None) -> str:
    """Words with one blank between them, by which they are compared.

    >>> squeezed(" two \\n words ")
    'two words'
    """
    text = " ".join(normalise_text(words).split())
    return text.translate(fold) if fold else text


class Searched:
    """A text in normal form in which words are looked for, its runs of blanks taken as one."""

    def __init__(self, text: str, fold: Fold | None = None) -> None:
        self.text, self.fold = text, fold
        self._at: list[int] = []
        self._back: list[int] = []

    @cached_property
    def _squeezed(self) -> str:
        pieces, length = [], 0
        for match in re.finditer(r"\S+", self.text):
            self._at.append(length)
            self._back.append(match.start())
            pieces.append(match.group())
            length += len(match.group()) + 1
        text = " ".join(pieces)
        return text.translate(self.fold) if self.fold else text

    def hits(self, words: str) -> list[tuple[int, int]]:
        """Every place at which the words stand, at most a thousand; each begins and ends with a word."""
        wanted, inside = squeezed(words, self.fold), self._squeezed
        found: list[tuple[int, int]] = []
        at = inside.find(wanted) if wanted else -1
        while at >= 0 and len(found) < _MOST_HITS:
            found.append((self._place(at), self._place(at + len(wanted) - 1) + 1))
            at = inside.find(wanted, at + 1)
        return found

    def _place(self, index: int) -> int:
        word = bisect_right(self._at, index) - 1
        return self._back[word] + index - self._at[word]

    def reads(self, start: int, end: int, words: str) -> bool:
        """Whether these words stand there."""
        return squeezed(self.text[start:end], self.fold) == squeezed(words, self.fold)

    def begins(self, start: int, end: int, words: str) -> bool:
        """Whether what stands there begins with these words; an ellipsis behind them is no word."""
        begun = squeezed(words, self.fold).rstrip("….").rstrip()
        return bool(begun) and squeezed(self.text[start:end], self.fold).startswith(begun)
