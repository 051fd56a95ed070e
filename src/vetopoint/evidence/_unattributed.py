"""Quotations that nobody is said to speak: the words are somebody's, and the text does not say whose."""

from __future__ import annotations

from collections.abc import Iterable

from vetopoint.evidence._parse import Parse
from vetopoint.evidence._quotes import find_quotations

__all__ = ["unattributed"]

_FINITE = frozenset(("VBZ", "VBP", "VBD", "MD"))
_LEAST_WORDS = 5


def unattributed(parse: Parse, taken: Iterable[tuple[int, frozenset[int]]]) -> list[tuple[int, int]]:
    """First and last token of each quotation of at least a clause that no relation reports.

    A word or two in quotation marks is a name, a title or scorn, and not speech.

    Parameters
    ----------
    taken : cue and all tokens of each relation found; one that lies in the quotation with its cue does not report it.
    """
    if '"' not in "".join(parse.words) and "“" not in "".join(parse.words):
        return []
    relations = list(taken)
    found = []
    for quotation in find_quotations(parse).spans:
        inside = range(quotation.first, quotation.last + 1)
        words = [t for t in inside if parse.words[t].isalpha()]
        if not quotation.closed or len(words) < _LEAST_WORDS or not parse.words[words[0]][:1].isupper():
            continue
        if not any(parse.tags[t] in _FINITE for t in words):
            continue
        if any(cue not in inside and not tokens.isdisjoint(inside) for cue, tokens in relations):
            continue
        found.append((quotation.first, quotation.last))
    return found
