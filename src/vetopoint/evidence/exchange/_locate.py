"""Filling in the offsets of claims that were coded by hand, and checking those that are given."""

import re
from collections.abc import Iterable, Mapping, Sequence

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import Claim, Span, normalise_text


def locate(claims: Iterable[Claim], documents: Mapping[str, str], place: str = "") -> tuple[Claim, ...]:
    """Fill in the offsets of every quote, cue, content and speaker from the sources' texts, and check those that are given.

    Parameters
    ----------
    place : where the claims come from, for messages.

    Raises
    ------
    EvidenceError
        A quote does not stand in its source, or stands there several times and ``nth`` does not say which.
    """
    normal = {key: normalise_text(text) for key, text in documents.items()}
    return tuple(located(claim, normal, f"{place}claim {claim.id}") for claim in claims)


def located(claim: Claim, documents: Mapping[str, str], place: str) -> Claim:
    """One claim with its places filled in and checked; `documents` are in normal form, `place` is for messages."""
    if claim.source not in documents:
        known = ", ".join(sorted(documents)) or "none"
        cause = f"source {claim.source!r} is not among the documents ({known})"
        raise EvidenceError(f"{place}: {cause} → name it under `sources`")
    text = documents[claim.source]
    quote, content, sentence = _carried(claim, text, place)
    near = [*content, *([sentence] if sentence else [])]
    window = hull(near) if near else (0, len(text))
    return claim.model_copy(
        update={
            "quote": quote,
            "content": content,
            "sentence": sentence,
            "speaker": tuple(_settled(span, text, window, place) for span in claim.speaker),
            "cue": None if claim.cue is None else _settled(claim.cue, text, window, place),
        }
    )


def _carried(claim: Claim, text: str, place: str) -> tuple[str, tuple[Span, ...], Span | None]:
    """The quote, the words that carry the claim and their sentence; offsets that are given decide, then the quote."""
    whole = (0, len(text))
    quote, content, sentence = claim.quote, claim.content, claim.sentence
    if sentence is not None:
        sentence = _settled(sentence, text, whole, place)
    around = sentence
    if quote and content and all(span.located for span in content):
        _find(quote, text, whole, place)
    elif quote:
        found = _find(quote, text, whole, place, nth=claim.nth, unique=True)
        quote, content = found.text, content or (found,)
        sentence = sentence or _sentence_at(text, found.start, found.end)
        around = Span.cut(text, *hull((found, sentence)))
    window = (around.start, around.end) if around else whole
    content = tuple(_settled(span, text, window, place, unique=around is None) for span in content)
    if sentence is None and content:
        sentence = _sentence_at(text, *hull(content))
    return quote, content, sentence


def hull(spans: Sequence[Span]) -> tuple[int, int]:
    """From the start of the first of several pieces to the end of the last."""
    return min(span.start for span in spans), max(span.end for span in spans)


def _settled(span: Span, text: str, window: tuple[int, int], place: str, *, unique: bool = False) -> Span:
    if span.start == -1:
        return _find(span.text, text, window, place, unique=unique)
    found = text[max(span.start, 0) : max(span.end, 0)]
    # A slice may end beyond its text, and then reads as if it did not.
    if found != span.text or span.start < 0 or span.end - span.start != len(span.text):
        raise EvidenceError(
            f"{place}: characters {str(span.start)[:20]}–{str(span.end)[:20]} of the source are {found[:80]!r}, not {span.text[:80]!r} → "
            "it is another version of the text: restore it, or leave the offsets out and let the program find the quote"
        )
    return span


def _find(quote: str, text: str, window: tuple[int, int], place: str, *, nth: int = 1, unique: bool = False) -> Span:
    words = normalise_text(quote).split()
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words))
    found = list(pattern.finditer(text, *window)) if words else []
    if len(found) < nth:
        raise EvidenceError(f"{place}: {quote[:80]!r} does not stand in the source → copy its words exactly")
    if unique and nth == 1 and len(found) > 1:
        wrong = f"{place}: {quote[:80]!r} stands {len(found)} times in the source"
        raise EvidenceError(f'{wrong} → quote a little more, or add "nth": 2 for the second')
    return Span.cut(text, *found[nth - 1].span())


_END = re.compile(r"[.!?…][”\"’')\]]*(?=\s)|\n\s*\n|\n(?=[A-Z“\"])")


def _sentence_at(text: str, start: int, end: int) -> Span:
    """Widen a quote to the sentence or sentences that hold it."""
    first = next((found for back in (2_000, 50_000, start) if (found := _ended(text, start, back))), 0)
    first += len(text[first:start]) - len(text[first:start].lstrip())
    after = _END.search(text, max(end - 1, start))
    last = max(after.end() if after else len(text), end)
    return Span.cut(text, first, end + len(text[end:last].rstrip()))


def _ended(text: str, start: int, back: int) -> int:
    """Where the last sentence ends that does so within so many characters before a place; 0 for none."""
    return max((match.end() for match in _END.finditer(text, max(start - back, 0), start)), default=0)


def sentence_of(text: str, spans: Sequence[Span]) -> Span:
    """The sentence or sentences in which pieces stand."""
    return _sentence_at(text, *hull(spans))
