"""Precision, recall and F1 of spans and relations, as the method note defines them; how far coders agree."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from vetopoint.errors import MissingExtra
from vetopoint.evidence.claim import Claim, Span

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


# --- agreement between coders ----------------------------------------------------------------------------------------

FIELDS = ("kind", "act", "polarity", "hedge", "about", "status", "source_kind")
"""Fields over which agreement is measured."""


def alpha(coders: Mapping[str, Sequence[Claim]]) -> dict[str, float]:
    """Krippendorff's alpha (nominal) for each field over the claims that at least two coders coded.

    Parameters
    ----------
    coders : name → that coder's claims; the same claim bears the same id with every coder.

    Returns
    -------
    dict
        Field → alpha; 1 is perfect, 0 is chance. A field in which no two coders meet, or that never varies, is left out.
    """
    try:
        from nltk.metrics.agreement import AnnotationTask
    except ImportError as error:
        raise MissingExtra("Agreement between coders", "read") from error
    coded = [(coder, claim) for coder, claims in coders.items() for claim in claims]
    seen = Counter(claim.id for _, claim in coded)
    out: dict[str, float] = {}
    for name in FIELDS:
        triples = [(coder, claim.id, _value(claim, name)) for coder, claim in coded if seen[claim.id] > 1]
        if len({value for _, _, value in triples}) > 1:
            out[name] = float(AnnotationTask(data=triples).alpha())
    return out


def pairwise_f1(coders: Mapping[str, Sequence[Claim]]) -> dict[tuple[str, str], dict[str, dict[str, float]]]:
    """For each pair of coders, the linked, linked50 and exact-span F1 over the characters they marked.

    The second coder counts as gold; F1 is the same the other way round, precision and recall change places.
    """
    out = {}
    for one, other in combinations(sorted(coders), 2):
        tally: defaultdict[str, Score] = defaultdict(Score)
        sources = {c.source for c in coders[one]} | {c.source for c in coders[other]}
        for source in sorted(sources):
            mine = [_spans(c) for c in coders[one] if c.source == source]
            theirs = [_spans(c) for c in coders[other] if c.source == source]
            add_article(tally, mine, theirs)
        out[one, other] = percentages(tally)
    return out


def _value(claim: Claim, name: str) -> str:
    return claim.says.kind if name == "source_kind" else str(getattr(claim, name))


def _spans(claim: Claim) -> Spans:
    def characters(spans: Sequence[Span]) -> frozenset[int]:
        return frozenset(k for span in spans for k in range(span.start, span.end))

    return characters(claim.speaker), characters((claim.cue,) if claim.cue else ()), characters(claim.content)
