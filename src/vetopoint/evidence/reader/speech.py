"""Speech in quotation marks: the quotation that a verb introduces, closes or interrupts, and the speaker beside it."""

from __future__ import annotations

from vetopoint.evidence.reader.phrases import VERBAL, Phrases
from vetopoint.evidence.reader.quotes import Quotation

__all__ = ["Speech"]

_NOMINAL = ("PROPN", "NOUN", "PRON")


class Speech:
    """What verbs of speech have to do with quotations."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases
        self.p, self.lex, self.quotes = phrases.p, phrases.lex, phrases.quotes

    def quoted(self, v: int, lemma: str, source: list[int], cue: list[int]) -> list[int]:
        """The quotation that a verb of speech introduces, closes or interrupts."""
        p = self.p
        if not self.lex.speech(lemma) or v in self.quotes:
            return []
        if any(c > v and c not in self.quotes and self.phrases.finite(c) for c in p.having(v, "ccomp")):
            return []
        first, last = min([*cue, *source]), max([*cue, *source])
        if p.deps[v] in ("advcl", "xcomp", "conj", "acl") and p.child(v, "dobj") > v and first < min(cue):
            # The quotation before a shared subject belongs to the first verb: "… ," he said, mocking the plan.
            first = min(cue)
        before = self.quotes.before(first)
        content = self.quotes.text(before) if before else []
        after = self.quotes.after(last, reach=30 if before else 20 if lemma == "tell" else 10)
        if after and (self._spoken_for(last, after) if before else not self._direct(after, v)):
            after = None
        if after:
            opening = p.words[min(after.first + 1, len(p) - 1)]
            if before is None and opening[:1].islower() and p.words[after.first - 1] == ",":
                content = self._begun(first)
            content = [*content, *after.tokens]
        return [*content, *self.quotes.continued(max(content[-1], last))] if content else []

    def _spoken_for(self, last: int, after: Quotation) -> bool:
        """Whether a second quotation has a verb of speech of its own: "… ," he said, adding that it was "…"."""
        p = self.p
        verbs = [t for t in range(last + 1, after.first) if p.pos[t] == "VERB"]
        return p.words[after.last - 1] == "," or any(self.lex.reports(p.lemmas[t]) for t in verbs)

    def _direct(self, quote: Quotation, v: int) -> bool:
        """Whether a quotation behind a verb is what was said, and not words quoted within a clause."""
        p = self.p
        before = quote.first - 1
        if p.pos[before] == "SPACE":
            before -= 1
        return p.words[before] in (",", ":", "—", "-", "–") or before == v

    def _begun(self, first: int) -> list[int]:
        """The words before the speaker where the quotation goes on with their sentence: "But, he said, 'there is'"."""
        p = self.p
        if first < 2 or p.words[first - 1] != "," or p.sents[first - 1] != p.sents[first]:
            return []
        start = first - 1
        while start > 0 and p.sents[start - 1] == p.sents[first] and start - 1 not in self.quotes:
            start -= 1
        return list(range(start, first - 1))

    def speaker(self, v: int, lemma: str, source: list[int], cue: list[int]) -> list[int]:
        """The speaker beside a verb of speech that touches a quotation, where the parser looked into the quotation."""
        p = self.p
        adjective = p.deps[v] == "amod" and p.pos[v - 1] in ("DET", "ADJ")
        if adjective or not self.lex.speech(lemma) or (source and source[0] not in self.quotes):
            return source
        between = self._since_quote(min(cue))
        if any(p.pos[t] in VERBAL for t in between):
            return source
        if any(p.pos[t] in _NOMINAL for t in between):
            return between
        right = []
        for t in range(max(cue) + 1, min(max(cue) + 15, len(p))):
            if (p.pos[t] in ("PUNCT", "ADP", "VERB", "SPACE") and p.words[t] != ".") or t in self.quotes:
                break
            right.append(t)
        heard = p.tags[v] == "VBG" or any(p.deps[t] == "npadvmod" and p.heads[t] == v for t in right)
        return right if not heard and any(p.pos[t] in _NOMINAL for t in right) else source

    def _since_quote(self, token: int) -> list[int]:
        """The words between a closed quotation and a token of the same paragraph, at most twenty."""
        p = self.p
        left = first = token - 1
        while first >= 0 and first not in self.quotes and "\n" not in p.words[first] and left - first < 20:
            first -= 1
        quote = self.quotes.of(first)
        return [t for t in range(first + 1, token) if p.pos[t] != "PUNCT"] if quote and quote.closed else []
