"""How far coders agree: Krippendorff's alpha per field, and pairwise F1 of the relations they marked."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from vetopoint.errors import MissingExtra
from vetopoint.evidence.claim import Claim, Span
from vetopoint.evidence.scores import Score, Spans, add_article, percentages

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
