"""Links between the claims of one document: which one repeats which, and on which one a condition hangs."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from vetopoint.evidence._voices import origin_of
from vetopoint.evidence.claim import Claim, Edge

_WORD = re.compile(r"\w+(?:[’']t\b)?")
_DENIALS = (
    "not never no nobody nothing neither nor hardly scarcely cannot deny denies denied dismiss dismissed "
    "untrue false fail fails failed refuse refuses refused impossible unthinkable without unless"
)
_NEGATIONS = frozenset(_DENIALS.split())
_FUNCTION_WORDS = (
    "a an the that this these those it its they their them he she his her and or but of to in on at by "
    "for from with as is are was were be been being has have had do does did would will could may might "
    "can shall should if so such than then there any some more most very only also even about into over "
    "under again up s re ve ll who which what when where while"
)
_EMPTY = frozenset(_FUNCTION_WORDS.split())
_MARKER = re.compile(
    r"^(?:if|unless|until|provided(?: that)?|only when|without|as long as|in the event of|on condition(?: that)?)\b\s*",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:consents?|approv\w+|agree\w*|assent\w*|permission|blessing|green light|go-ahead|say-so|nod|sign-off|invitation)\b",
    re.IGNORECASE,
)
_POSTINGS = 40
"""A word that so many claims share no longer points to any one of them; it also bounds the work on huge texts."""


@dataclass(frozen=True)
class _Gist:
    """What two wordings are compared by: their bare words, and whether their negations cancel out."""

    words: frozenset[str]
    negated: bool


def link_claims(claims: Sequence[Claim]) -> list[Claim]:
    """Fill `restates`, `origin` and `condition` of one document's claims, which are given in the order of the text.

    A claim restates an earlier one through the same source if both say the same about dependence in at least half of the
    shorter one's words, or share three quarters of at least four words; a negation more or less parts them. What the
    article says in its own voice and then lays in a named mouth has that mouth's origin. A condition becomes the id of the
    claim that states it.

    Examples
    --------
    >>> one = Claim(id="1", source="d", quote="sending patrols to Kyst is risky", chain=("Ada",))
    >>> two = Claim(id="2", source="d", quote="that sending the patrols to Kyst is risky", chain=("Ada",))
    >>> [claim.restates for claim in link_claims([one, two])]
    ['', '1']
    """
    gists = [_gist(claim.text) for claim in claims]
    index: dict[str, list[int]] = {}
    out: list[Claim] = []
    for number, claim in enumerate(claims):
        near = _near(gists[number], index)
        first = next((k for k in near if _repeats(claim, gists[number], claims[k], gists[k])), None)
        if first is not None:
            # The first statement is the one all later ones point to.
            claim = claim.model_copy(update={"restates": out[first].restates or out[first].id})
        out.append(claim)
        for word in gists[number].words:
            index.setdefault(word, []).append(number)
    out = _voices(out, gists, index)
    stated = [_stated(claim, out, gists, index) if claim.condition else "" for claim in out]
    return [c.model_copy(update={"condition": id}) if id else c for c, id in zip(out, stated, strict=True)]


def _gist(text: str) -> _Gist:
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    negations = sum(1 for word in words if word in _NEGATIONS or word.endswith("n't"))
    return _Gist(frozenset(_stem(w) for w in words if w not in _EMPTY and w not in _NEGATIONS), negations % 2 == 1)


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s", "al"):
        if word.endswith(ending) and len(word) - len(ending) > 3:
            return word[: -len(ending)]
    return word


def _near(gist: _Gist, index: dict[str, list[int]]) -> list[int]:
    """Claims that share words with this one, those that share most first."""
    shared = Counter(k for word in sorted(gist.words) for k in index.get(word, ())[:_POSTINGS])
    return sorted(shared, key=lambda k: (-shared[k], k))


def _repeats(claim: Claim, gist: _Gist, earlier: Claim, other: _Gist) -> bool:
    if claim.polarity != earlier.polarity or _voice(claim) != _voice(earlier):
        return False
    if origin_of(claim) != origin_of(earlier) or _overlap(claim, earlier):
        return False
    if gist.negated != other.negated:
        return _same_value(claim, earlier)
    return _same(claim, gist, earlier, other)


def _same_value(claim: Claim, earlier: Claim) -> bool:
    """Whether both say that the thing is worth the same, whatever else is denied beside it."""
    mine, others = ([edge for edge in c.edges if edge.kind == "value"] for c in (claim, earlier))
    return any(a.holds == b.holds and _worth(a, b) for a in mine for b in others)


def _same(claim: Claim, gist: _Gist, earlier: Claim, other: _Gist) -> bool:
    if any(_contrary(a, b) for a in claim.edges for b in earlier.edges):
        return False
    shared, least = len(gist.words & other.words), min(len(gist.words), len(other.words))
    if any(_same_edge(a, b) for a in claim.edges for b in earlier.edges):
        return shared >= 2 and shared >= 0.5 * least
    if _same_value(claim, earlier):
        return True
    return least >= 4 and shared >= 0.75 * max(least, 0.6 * max(len(gist.words), len(other.words)))


def _contrary(one: Edge, other: Edge) -> bool:
    """Whether one edge denies the other, or says the same of somebody else."""
    if one.kind != other.kind or one.kind == "value":
        return False
    return one.actor != other.actor or one.holds != other.holds


def _same_edge(one: Edge, other: Edge) -> bool:
    return (one.kind, one.actor, one.holds) == (other.kind, other.actor, other.holds) and one.kind != "value"


def _worth(one: Edge, other: Edge) -> bool:
    """Whether two values are worth the same thing: a symbol and a symbol."""
    mine, others = _gist(one.what).words, _gist(other.what).words
    return 2 * len(mine & others) >= min(len(mine), len(others)) > 0


def _voice(claim: Claim) -> str:
    """Whose words they are, where a name says so; all who are not named count as one, since none can be told apart."""
    says = claim.says
    if says.kind == "named" and says.role not in ("outlet", "article"):
        return (says.actor or says.name).casefold()
    return ""


def _overlap(one: Claim, other: Claim) -> bool:
    """Whether the wordings share characters: a claim nested in another does not repeat it."""
    return any(
        a.start < b.end and b.start < a.end for a in one.content for b in other.content if a.located and b.located
    )


def _voices(claims: list[Claim], gists: list[_Gist], index: dict[str, list[int]]) -> list[Claim]:
    """What the article says itself and a named source says too goes back to that source."""
    out = list(claims)
    for number, claim in enumerate(claims):
        if claim.says.role != "article" or claim.restates or claim.origin:
            continue
        for k in _near(gists[number], index):
            other = claims[k]
            same = claim.polarity == other.polarity and gists[number].negated == gists[k].negated
            if k == number or not same or not _voice(other) or _overlap(claim, other):
                continue
            if _same(claim, gists[number], other, gists[k]):
                out[number] = claim.model_copy(update={"restates": other.id, "origin": origin_of(other)})
                break
    return out


def _stated(claim: Claim, claims: list[Claim], gists: list[_Gist], index: dict[str, list[int]]) -> str:
    """Id of the claim that states a claim's condition, or ``""``."""
    own = {edge.actor for edge in claim.edges if edge.kind == "requires"}
    if _CONSENT.search(claim.condition) and not own:
        actors = {edge.actor for edge in claim.edges if edge.actor} | ({claim.about} if claim.about else set())
        for other in claims:
            needed = {edge.actor for edge in other.edges if edge.kind == "requires" and edge.holds}
            if other.id != claim.id and needed & actors:
                return other.id
    clause = _gist(_MARKER.sub("", claim.condition))
    if len(clause.words) < 3:
        return ""
    for k in _near(clause, index):
        other = claims[k]
        apart = other.id != claim.id and not _overlap(claim, other)
        close = len(clause.words & gists[k].words) >= 0.75 * max(len(clause.words), len(gists[k].words))
        if apart and close and clause.negated == gists[k].negated:
            return other.restates or other.id
    return ""
