"""Names as runs of words with a capital; small words within a name go with it: "Organisation for Security and Co-operation in Europe"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vetopoint.evidence.plans.words import kinds, plan_words
from vetopoint.evidence.reader.parse import Parse

_INNER = frozenset(("of", "and", "for", "the", "de", "da", "du", "la", "al", "von", "van", "&"))
_CALENDAR = plan_words("calendar")
_TITLES = plan_words("titles")
_LEADING = plan_words("leading")
_LONGEST = 8


def capitalised(p: Parse) -> Iterator[list[int]]:
    """Runs of words with a capital; small words within a name go with it."""
    at = 0
    while at < len(p):
        if not _opens(p, at):
            at += 1
            continue
        run = [at]
        while len(run) < _LONGEST and (more := _further(p, run)):
            run += more
        at = run[-1] + 1
        while len(run) > 1 and p.lower[run[0]] in _LEADING:
            run = run[1:]
        yield run


def _further(p: Parse, run: Sequence[int]) -> list[int]:
    """The token or tokens with which a name goes on: "Alliance · of Coastal", "Bank · of the Steppe", "Land · and Environment Court"."""
    token, last = run[-1] + 1, run[-1]
    if token >= len(p) or p.sents[token] != p.sents[last]:
        return []
    if _opens(p, token):
        return [token]
    if p.words[token] == "-" and p.lower[last] in _TITLES and token + 1 < len(p) and _opens(p, token + 1):
        return [token, token + 1]
    if p.words[token] == "-" and token + 1 < len(p) and p.phrase([last, token, token + 1]).count(" ") == 0:
        return [token, token + 1]
    if p.lower[token] == "in" and _opens_body(p, run) and token + 1 < len(p) and _opens(p, token + 1):
        return [token, token + 1] if p.lower[run[-2]] == "-" or "for" in (p.lower[t] for t in run) else []
    if p.lower[token] not in _INNER or token + 1 >= len(p):
        return []
    bodily = kinds().get(p.lower[last]) in ("body", "stand-in", "part") or p.lower[last] == "secretary"
    after = token + 1 + (p.lower[token + 1] in ("the", "-"))
    if after >= len(p) or not _opens(p, after):
        return []
    if p.lower[token] in ("and", "&"):
        joined = p.lower[token + 1] != "the" and (_closes_body(p, after) or _opens_body(p, run))
    else:
        joined = bodily or (p.tags[last] == "NNPS" and run[0] > 0 and p.lower[run[0] - 1] == "the")
    particle = p.lower[token] not in ("of", "and", "for", "the", "&")
    return list(range(token, after + 1)) if joined or particle else []


def _opens_body(p: Parse, run: Sequence[int]) -> bool:
    """Whether a run is that of a body for something: "Organisation for Security · and Co-operation"."""
    of = next((t for t in run if p.lower[t] in ("of", "for")), -1)
    known = kinds().get(p.lower[run[0]])
    return of > run[0] and (known in ("body", "ending", "part", "stand-in") or p.lower[run[0]] == "department")


def _closes_body(p: Parse, token: int) -> bool:
    """Whether a run from here on ends in a noun for a body: "Land and Environment Court"."""
    start = token
    while token + 1 < len(p) and _opens(p, token + 1):
        token += 1
    return token > start and kinds().get(p.lower[token]) == "body"


def _opens(p: Parse, token: int) -> bool:
    word = p.words[token]
    if not word[:1].isupper() or p.pos[token] not in ("PROPN", "NOUN", "ADJ") or p.lower[token] in _CALENDAR:
        return False
    starts = token == 0 or p.sents[token - 1] != p.sents[token] or "\n" in p.words[token - 1]
    return p.pos[token] == "PROPN" or not starts
