"""Wire copy: texts that several outlets carry with small changes are one origin."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from vetopoint.evidence._documents import Document

__all__ = ["find_copies"]

_WORD = re.compile(r"\w+")


def find_copies(documents: Iterable[Document], *, words: int = 6, share: float = 0.5) -> dict[str, str]:
    """Map each copy to the document it copies: the earliest by date, then the first given.

    Two texts are copies if at least `share` of the shorter one's runs of `words` words stand in the other (containment of
    shingles, Broder 1997); a paper that shortens agency copy is thus still found.

    Parameters
    ----------
    words : length of the runs that are compared.
    share : least share of the shorter text's runs.
    """
    given = list(documents)
    ordered = [given[k] for k in sorted(range(len(given)), key=lambda k: (str(given[k].date or "9999"), k))]
    index: dict[int, list[int]] = {}
    sizes: list[int] = []
    root: dict[str, str] = {}
    for number, document in enumerate(ordered):
        runs = _runs(document.text, words)
        shared = Counter(other for run in runs for other in index.get(run, ()))
        for other, count in sorted(shared.items()):
            if count >= share * min(len(runs), sizes[other]):
                first = ordered[other].id
                root[document.id] = root.get(first, first)
                break
        sizes.append(len(runs))
        for run in runs:
            index.setdefault(run, []).append(number)
    return root


def _runs(text: str, size: int) -> set[int]:
    tokens = [word.lower() for word in _WORD.findall(text)]
    return {hash(tuple(tokens[k : k + size])) for k in range(max(len(tokens) - size + 1, 1))}
