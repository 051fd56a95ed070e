"""Whether a word that a line end cuts at its hyphen has one."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from vetopoint.evidence.documents.language import readable

_SUSPENDED = frozenset(("and", "or", "to", "but"))
SOFT = "\u00ad"
_END = re.compile(r"([^\W_]+(?:['’][^\W_]+)?)[-\u2010\u00ad]$")
_START = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)?")


class Joiner:
    """Joins the two parts of a word at a line end, with the text's own other words as the first witness.

    Line breaking writes the same hyphen into "sanc-tions" that "short-lived" has; a word list tells them apart.

    Parameters
    ----------
    text : the whole text, in which the word may stand unbroken.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._seen: frozenset[str] | None = None

    def joined(self, before: str, after: str) -> str | None:
        """What stands between two lines once they are one: "-", "" (the hyphen goes), or None where a blank does."""
        end, start = _END.search(before), _START.match(after)
        if end is None or start is None:
            return None
        if before.endswith(SOFT):
            return ""
        left, right = end[1], start[0]
        if right in _SUSPENDED and after[len(right) :][:1] != "-":
            return None
        return "-" if self._keeps(left, right) else ""

    def _keeps(self, left: str, right: str) -> bool:
        if not right[0].islower() or left[-1].isdigit() or (len(left) > 1 and left.isupper()):
            return True
        seen, whole = self._words(), (left + right).lower()
        if (hyphened := f"{left}-{right}".lower()) in seen or whole in seen:
            return hyphened in seen and whole not in seen
        if known(whole):
            return False
        if left.lower() in readable()["en"].prefixes:
            return True
        return known(left) and known(right)

    def _words(self) -> frozenset[str]:
        if self._seen is None:
            self._seen = frozenset(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", self._text.lower()))
        return self._seen


def known(word: str) -> bool:
    """Whether an English word list has a word."""
    return word.lower().replace("’", "'") in _list()


@cache
def _list() -> Any:
    from spellchecker import SpellChecker

    return SpellChecker(language="en")
