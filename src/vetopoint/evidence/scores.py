"""Precision, recall and F1 of spans and relations, as the method note defines them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Spans = tuple[frozenset[int], frozenset[int], frozenset[int]]
"""Source, cue and content of a relation, as sets of token numbers without punctuation."""
ROLES = ("source", "cue", "content")


@dataclass
class Score:
    """Counts of hits, predictions and gold items."""

    hits: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, hits: int, predicted: int, gold: int) -> None:
        """Add one article's counts."""
        self.hits += hits
        self.predicted += predicted
        self.gold += gold

    def as_percent(self) -> dict[str, float]:
        """F1, precision and recall in percent, to one decimal."""
        precision = 100 * self.hits / self.predicted if self.predicted else 0.0
        recall = 100 * self.hits / self.gold if self.gold else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        return {"f1": round(f1, 1), "precision": round(precision, 1), "recall": round(recall, 1)}


def add_article(
    tally: defaultdict[str, Score], predicted: Sequence[Spans], gold: Sequence[Spans]
) -> list[tuple[int, int]]:
    """Score one article: exact spans per role, linked and linked50 relations. Return the linked pairs.

    exact: the same set of tokens, punctuation ignored. linked: source, cue and content all overlap, one-to-one, an absent
    source matching only an absent one. linked50: and the contents' Jaccard index is at least one half.
    """
    for number, role in enumerate(ROLES):
        mine = Counter(spans[number] for spans in predicted if spans[number])
        theirs = Counter(spans[number] for spans in gold if spans[number])
        tally[role].add((mine & theirs).total(), mine.total(), theirs.total())
    overlaps = ((_linked(one, other), i, j) for i, one in enumerate(predicted) for j, other in enumerate(gold))
    links = [link for link in overlaps if link[0] > 0]
    linked = pair(links)
    tally["linked"].add(len(linked), len(predicted), len(gold))
    tally["linked50"].add(len(pair(link for link in links if link[0] >= 0.5)), len(predicted), len(gold))
    return linked


def pair(links: Iterable[tuple[float, int, int]]) -> list[tuple[int, int]]:
    """Pair one-to-one, the closest first."""
    left: set[int] = set()
    right: set[int] = set()
    out: list[tuple[int, int]] = []
    for _, i, j in sorted(links, key=lambda link: (-link[0], link[1], link[2])):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            out.append((i, j))
    return out


def percentages(tally: Mapping[str, Score]) -> dict[str, dict[str, float]]:
    """F1, precision and recall of every score, in percent."""
    return {name: tally[name].as_percent() for name in ("linked", "linked50", *ROLES)}


def _linked(one: Spans, other: Spans) -> float:
    """Jaccard index of the contents if all three roles overlap, else 0."""
    sources = bool(one[0] & other[0]) or not (one[0] or other[0])
    if not (sources and one[1] & other[1] and one[2] & other[2]):
        return 0.0
    return len(one[2] & other[2]) / len(one[2] | other[2])
