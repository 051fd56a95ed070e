"""What a run must be told of a case's uncertain numbers, since others know it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from vetopoint.quantity import Distribution, Random

__all__ = ["GroupedBy", "Numbers", "Origin", "tied_inputs"]

Origin = Literal["published", "judged", "lot"]
GroupedBy = Literal["actor", "source", "origin", "kind"]

_BESIDE: Mapping[Origin, str] = {
    "judged": "judged",
    "published": "published, from the program's own tables",
    "lot": "drawn by lot",
}


@dataclass(frozen=True)
class Numbers:
    """What a run must be told of a case's uncertain numbers, since others know it.

    Attributes
    ----------
    distributions : every input's distribution.
    labels : what inputs are called; their names stand for those left out.
    judged : inputs that are somebody's judgement.
    dropped : inputs that fall back when the unnamed sources are dropped.
    beside : what engines draw beside the case's own numbers, to where it comes from; a set of changed numbers leaves lots as they fall.
    groups : what inputs are grouped by, to each group's name in words, to its inputs.
    """

    distributions: Mapping[str, Distribution]
    labels: Mapping[str, str] = field(default_factory=dict)
    judged: Collection[str] = ()
    dropped: Collection[str] = ()
    beside: Mapping[str, Origin] = field(default_factory=dict)
    groups: Mapping[GroupedBy, Mapping[str, Sequence[str]]] = field(default_factory=dict)

    def with_those_beside(self, found: Mapping[str, Random]) -> Numbers:
        """The same with what engines draw beside the case's own numbers."""
        origins = {**self.groups.get("origin", {})}
        for origin, words in _BESIDE.items():
            own = tuple(name for name, what in found.items() if what.origin == origin)
            origins |= {words: (*origins.get(words, ()), *own)} if own else {}
        return Numbers(
            {**self.distributions, **{name: what.distribution for name, what in found.items()}},
            {**self.labels, **{name: what.label for name, what in found.items()}},
            {*self.judged, *(name for name, what in found.items() if what.origin == "judged")},
            self.dropped,
            {name: what.origin for name, what in found.items()},
            {**self.groups, "origin": origins} if self.groups else {},
        )

    def called(self, name: str) -> str:
        """What an input is called."""
        return self.labels.get(name, name)


def tied_inputs(together: Iterable[Collection[str]]) -> dict[str, frozenset[str]]:
    """Each input that is not drawn independently to all that hang together with it, however indirectly, itself included.

    >>> sorted(tied_inputs([("a", "b"), ("b", "c")])["a"])
    ['a', 'b', 'c']
    """
    found: dict[str, frozenset[str]] = {}
    for names in together:
        whole = frozenset(names).union(*(found.get(name, frozenset()) for name in names))
        found.update(dict.fromkeys(whole, whole))
    return found
