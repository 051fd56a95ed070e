"""Speech in quotation marks: quotations beside a token, the one that a verb introduces, the speaker beside it."""

from collections.abc import Iterable

from vetopoint.evidence.reader import phrases
from vetopoint.evidence.reader.lexicon import reports, speaks
from vetopoint.evidence.reader.parse import Parse, Quotation

_NOMINAL = ("PROPN", "NOUN", "PRON")
_FINITE = frozenset(("VBZ", "VBP", "VBD", "MD"))
_LEAST_WORDS = 5


def quoted(p: Parse, v: int, lemma: str, source: list[int], cue: list[int]) -> list[int]:
    """The quotation that a verb of speech introduces, closes or interrupts."""
    if not speaks(lemma) or v in p.quotes:
        return []
    clauses = [c for c in p.having(v, "ccomp") if c > v and c not in p.quotes and phrases.finite(p, c)]
    if any(p.lower[mark] not in phrases.PLACE_TIME for c in clauses for mark in p.having(c, "mark") or [c]):
        return []
    first, last = min([*cue, *source]), max([*cue, *source])
    if p.deps[v] in ("advcl", "xcomp", "conj", "acl") and p.child(v, "dobj") > v and first < min(cue):
        # The quotation before a shared subject belongs to the first verb: "… ," he said, mocking the plan.
        first = min(cue)
    before = quote_before(p, first)
    content = quote_text(p, before) if before else []
    after = quote_after(p, last, reach=30 if before else 20 if lemma == "tell" else 10)
    if after and (_spoken_for(p, last, after) if before else not _direct(p, after, v)):
        after = None
    if after:
        opening = p.words[min(after.first + 1, len(p) - 1)]
        if before is None and opening[:1].islower() and p.words[after.first - 1] == ",":
            content = _begun(p, first)
        content = [*content, *after.tokens]
    return [*content, *_continued(p, max(content[-1], last))] if content else []


def _spoken_for(p: Parse, last: int, after: Quotation) -> bool:
    """Whether a second quotation has a verb of speech of its own: "… ," he said, adding that it was "…"."""
    verbs = [t for t in range(last + 1, after.first) if p.pos[t] == "VERB"]
    return p.words[after.last - 1] == "," or any(reports(p.lemmas[t]) for t in verbs)


def _direct(p: Parse, quote: Quotation, v: int) -> bool:
    """Whether a quotation behind a verb is what was said, and not words quoted within a clause."""
    before = quote.first - 1
    if p.pos[before] == "SPACE":
        before -= 1
    return p.words[before] in (",", ":", "—", "-", "–") or before == v


def _begun(p: Parse, first: int) -> list[int]:
    """The words before the speaker where the quotation goes on with their sentence: "But, he said, 'there is'"."""
    if first < 2 or p.words[first - 1] != "," or p.sents[first - 1] != p.sents[first]:
        return []
    start = first - 1
    while start > 0 and p.sents[start - 1] == p.sents[first] and start - 1 not in p.quotes:
        start -= 1
    return list(range(start, first - 1))


def speaker(p: Parse, v: int, lemma: str, source: list[int], cue: list[int]) -> list[int]:
    """The speaker beside a verb of speech that touches a quotation, where the parser looked into the quotation."""
    adjective = p.deps[v] == "amod" and p.pos[v - 1] in ("DET", "ADJ")
    if adjective or not speaks(lemma) or (source and not any(t in p.quotes for t in source)):
        return source
    between = _since_quote(p, min(cue))
    if any(p.pos[t] in phrases.VERBAL for t in between):
        return source
    if any(p.pos[t] in _NOMINAL for t in between):
        return between
    right = []
    for t in range(max(cue) + 1, min(max(cue) + 15, len(p))):
        if (p.pos[t] in ("PUNCT", "ADP", "VERB", "SPACE") and p.words[t] != ".") or t in p.quotes:
            break
        right.append(t)
    stands = next((t for t in right if p.heads[t] == v and p.deps[t] in ("nsubj", "dobj")), -1)
    if stands >= 0:
        right = [t for t in p.subtree(stands) if t > v and t not in p.quotes]
    heard = p.tags[v] == "VBG" or any(p.deps[t] == "npadvmod" and p.heads[t] == v for t in right)
    return right if not heard and any(p.pos[t] in _NOMINAL for t in right) else source


def _since_quote(p: Parse, token: int) -> list[int]:
    """The words between a closed quotation and a token of the same paragraph, at most twenty."""
    left = first = token - 1
    while first >= 0 and first not in p.quotes and "\n" not in p.words[first] and left - first < 20:
        first -= 1
    quote = p.quotes.of(first)
    return [t for t in range(first + 1, token) if p.pos[t] != "PUNCT"] if quote and quote.closed else []


def quote_before(p: Parse, token: int) -> Quotation | None:
    """The closed quotation that ends right before a token."""
    at = token - 1
    while at >= 0 and p.pos[at] in ("PUNCT", "CCONJ") and at not in p.quotes and "\n" not in p.words[at]:
        if p.pos[at] == "CCONJ" and p.words[at][:1].isupper():
            return None  # "…." Nor, he wrote, had anybody: a sentence of its own
        at -= 1
    quote = p.quotes.of(at)
    return quote if quote is not None and quote.closed and quote.last - quote.first > 2 else None


def quote_after(p: Parse, token: int, reach: int) -> Quotation | None:
    """The quotation that begins at most ``reach`` tokens behind one, before the next paragraph or finite verb."""
    for at in range(token + 1, min(token + 1 + reach, len(p))):
        if "\n" in p.words[at]:
            if p.words[at - 1] != ":":
                return None
            continue
        quote = p.quotes.of(at)
        if quote is not None:
            return quote if quote.last - quote.first > 3 and quote.first == at else None
        if p.pos[at] == "VERB" and p.tags[at] not in ("VBG", "VBN") and p.sents[at] != p.sents[token]:
            return None
    return None


def quote_text(p: Parse, quote: Quotation) -> list[int]:
    """A quotation, with the words before it in its sentence where it begins in the middle of one."""
    first = quote.first
    opening = p.words[min(first + 1, len(p) - 1)]
    while (
        not opening[:1].isupper()
        and first > 0
        and p.sents[first - 1] == p.sents[quote.first]
        and "\n" not in p.words[first - 1]
        and first - 1 not in p.quotes
    ):
        first -= 1
    return list(range(first, quote.last + 1))


def _continued(p: Parse, token: int) -> list[int]:
    """The quotations that open the next paragraphs with no speaker of their own: the last one goes on speaking."""
    found: list[int] = []
    while True:
        at = token + 1
        while at < len(p) and p.words[at] in (".", ",", "!", "?"):
            at += 1
        quote = p.quotes.of(at + 1)
        if quote is None or "\n" not in p.words[at] or quote.first != at + 1:
            return found
        token = quote.last
        if token + 1 < len(p) and "\n" not in p.words[token + 1]:
            return found
        found += quote.tokens


def unattributed(parse: Parse, taken: Iterable[tuple[int, frozenset[int]]]) -> list[tuple[int, int]]:
    """First and last token of each quotation of at least a clause that no relation reports: somebody's words, not said whose.

    A word or two in quotation marks is a name, a title or scorn, and not speech.

    Parameters
    ----------
    taken : cue and all tokens of each relation found; one that lies in the quotation with its cue does not report it.
    """
    relations = list(taken)
    found = []
    for quotation in parse.quotes.spans if not {'"', "“"}.isdisjoint("".join(parse.words)) else ():
        inside = quotation.tokens
        words = [t for t in inside if parse.words[t].isalpha()]
        if not quotation.closed or len(words) < _LEAST_WORDS or not parse.words[words[0]][:1].isupper():
            continue
        if not any(parse.tags[t] in _FINITE for t in words):
            continue
        if any(cue not in inside and not tokens.isdisjoint(inside) for cue, tokens in relations):
            continue
        found.append((quotation.first, quotation.last))
    return found
