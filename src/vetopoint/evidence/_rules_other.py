"""Attribution without a reporting verb: "according to", predicates, nouns, colons, bylines, captions, headlines."""

from __future__ import annotations

from vetopoint.evidence._tree import VERBAL, Tree

__all__ = ["OtherRules"]


_PICTURES = frozenset(("image", "photo", "photograph", "picture", "video", "audio", "illustration", "credit"))
_COUNTS = {
    "in": frozenset(("poll", "survey", "polling", "average")),
    "by": frozenset(("tally", "estimate", "count", "account", "reckoning", "admission")),
}


class OtherRules(Tree):
    """The rules that need no reporting verb."""

    def _according(self, token: int) -> None:
        p = self.p
        prep = p.child(token, "prep")
        if prep < 0 or p.lower[prep] != "to":
            return
        source = [t for t in p.subtree(prep) if t != prep]
        # "According to the coach, in their first match, …": what stands behind the comma is no name.
        cuts = [at for at, t in enumerate(source[:-1]) if at and p.words[t] == "," and p.pos[source[at + 1]] == "ADP"]
        source = source[: cuts[0]] if cuts else source
        cue = [token, prep]
        top = p.heads[token]
        apart = token > 0 and p.words[token - 1] == ","
        stops = ("ROOT", "ccomp") if apart else ("ROOT", "ccomp", "conj", "advcl", "relcl")
        while p.heads[top] != top and p.deps[top] not in stops:
            top = p.heads[top]
        inside = {*cue, *source}
        before = self._quote_before(token)
        if before is not None:
            content = self._quote_text(before)
        else:
            content = [t for t in p.subtree(top) if t not in inside]
            if len(content) > 1 and p.deps[content[0]] == "cc":
                content = content[1:]
        self._add(source, cue, content, "according", token, "according to")

    def _quotative(self, v: int) -> bool:
        """ "And I was like, let's go": what somebody said or thought, as talk reports it."""
        p = self.p
        source = self._subject(v)
        if (
            v + 3 >= len(p)
            or p.lower[v + 1] != "like"
            or not (p.words[v + 2] == "," or v + 2 in self.quotes)
            or not source
        ):
            return False
        last = v + 2
        while last + 1 < len(p) and p.sents[last + 1] == p.sents[v] and "\n" not in p.words[last + 1]:
            last += 1
        self._add(source, [*self._group(v), v + 1], range(v + 2, last + 1), "quote", v, "say")
        return True

    def _survey(self, token: int) -> None:
        """ "In a poll of June, the mayor leads": a survey or a count speaks, without a verb of speech."""
        p = self.p
        core = p.child(token, "pobj")
        verb = p.heads[token]
        if core < 0 or p.lemmas[core] not in _COUNTS[p.lower[token]] or p.deps[token] != "prep":
            return
        if p.pos[verb] not in VERBAL or self.lex.frames(p.lemmas[verb]) & {"c", "q"}:
            return
        inside = {*p.subtree(token)}
        content = [t for t in p.subtree(verb) if t not in inside]
        if p.child(verb, "nsubj", "nsubjpass") >= 0:
            self._add([t for t in sorted(inside) if t != token], [token], content, "survey", token, "according to")

    def _adjective(self, v: int) -> None:
        p = self.p
        adjective = p.child(v, "acomp")
        if adjective < 0 or p.lemmas[adjective] not in self.lex.adjectives:
            return
        source = self._subject(v)
        if not source:
            return
        frames = self.lex.adjectives[p.lemmas[adjective]]
        for child in p.children[adjective] + [c for c in p.children[v] if c > adjective]:
            label = p.deps[child]
            cue = list(range(min(self._group(v)), adjective + 1))
            if child <= adjective:
                continue
            if (label == "ccomp" and "c" in frames) or (label == "xcomp" and "t" in frames):
                self._add(source, cue, p.subtree(child), "adjective", adjective, p.lemmas[adjective])
                return
            if label == "prep" and p.lower[child] in frames:
                content = [t for t in p.subtree(child) if t != child]
                self._add(source, [*cue, child], content, "adjective", adjective, p.lemmas[adjective])
                return

    def _noun(self, n: int) -> None:
        p = self.p
        frames = self.lex.nouns[p.lemmas[n]]
        owner = p.child(n, "poss")
        source = p.subtree(owner) if owner >= 0 else []
        if owner >= 0 and owner in self.quotes:
            return
        if owner < 0 and p.child(n, "compound") == n - 1 and p.pos[n - 1] == "PROPN":
            # "The minister claims that": the tagger takes such a verb for a noun.
            source = list(range(p.lefts[n], n))
        for child in p.children[n]:
            if child < n:
                continue
            label = p.deps[child]
            # "Said in a statement that": the verb reports, and not the noun.
            told = owner < 0 and p.deps[n] == "pobj" and self.lex.speech(p.lemmas[p.heads[p.heads[n]]])
            if label in ("acl", "ccomp") and self._has_that(child) and "c" in frames and not told:
                self._add(source, [n], p.subtree(child), "noun-clause", n, p.lemmas[n])
                return
            if (
                label in ("acl", "xcomp")
                and source
                and "t" in frames
                and any(p.tags[c] == "TO" for c in p.children[child])
            ):
                self._add(source, [n], p.subtree(child), "noun-infinitive", n, p.lemmas[n])
                return
            if label == "prep" and source and p.lower[child] in frames and p.children[child]:
                content = [t for t in p.subtree(child) if t != child]
                self._add(source, [n, child], content, "noun-preposition", n, p.lemmas[n])
                return

    def _colon(self, token: int) -> None:
        """A speaker, a colon, and what he says: ``Minister: no deal before spring``."""
        p = self.p
        if token + 2 >= len(p) or token == 0:
            return
        first = token
        while first > 0 and "\n" not in p.words[first - 1] and p.sents[first - 1] == p.sents[token]:
            first -= 1
        left = list(range(first, token))
        if not 1 <= len(left) <= 5 or not all(p.pos[t] in ("PROPN", "ADJ", "NOUN", "PUNCT", "DET") for t in left):
            return
        if not any(p.pos[t] == "PROPN" for t in left):
            return
        quote = self.quotes.at[token + 1]
        if quote >= 0:
            content = self._quote_text(self.quotes.spans[quote])
        else:
            last = token + 1
            while last + 1 < len(p) and "\n" not in p.words[last + 1]:
                last += 1
            content = list(range(token + 1, last + 1))
            if len(content) > 25 or not any(p.pos[t] in VERBAL for t in content):
                return
        self._add(left, [token], content, "colon", token, ":")

    def _byline(self, token: int) -> None:
        """A quotation, a dash, and the name of who said it."""
        p = self.p
        before = token - 1
        while before >= 0 and p.pos[before] == "SPACE":
            before -= 1
        if before < 0 or self.quotes.at[before] < 0:
            return
        quote = self.quotes.spans[self.quotes.at[before]]
        last = token
        while last + 1 < len(p) and p.pos[last + 1] in ("PROPN", "NOUN", "X", "NUM") and last - token < 8:
            last += 1
        if quote.last == before and last > token and p.pos[token + 1] == "PROPN" and quote.last - quote.first > 3:
            self._add(range(token + 1, last + 1), [token], self._quote_text(quote), "byline", token, "—")

    def _credits(self) -> None:
        """The name that ends a caption: ``The harbour at dawn. Photo: A. Norman.``"""
        p = self.p
        first = 0
        for end in [t for t in range(len(p)) if "\n" in p.words[t]] + [len(p)]:
            last = end - 1
            if 4 <= last - first <= 45 and p.words[last] == ".":
                start = last
                while start > first and p.words[start - 1] not in (".", ":", "!", "?") and last - start <= 6:
                    start -= 1
                names = [t for t in range(start, last) if p.pos[t] != "PUNCT"]
                if (
                    first + 1 < start < last
                    and p.words[start - 1] in (".", "!", "?")
                    and names
                    and all(p.pos[t] in ("PROPN", "CCONJ", "SYM", "X") for t in names)
                ):
                    self._add(names, [last], range(first, max(start - 1, first + 1)), "credit", last, "")
            first = end + 1
        self._labelled_credits()

    def _labelled_credits(self) -> None:
        """ "The harbour at dawn. Photo: A. Norman. The quay. Photo: B. Ray", wherever the label stands in its paragraph."""
        p = self.p
        begun = 0
        for token in range(1, len(p)):
            if "\n" in p.words[token]:
                begun = token + 1
            if p.words[token] != ":" or p.lower[token - 1] not in _PICTURES:
                continue
            last = token + 1
            while last < len(p) and last - token <= 9 and p.words[last] != "." and "\n" not in p.words[last]:
                last += 1
            names = list(range(token + 1, last))
            if token - 1 > begun and names and last - token <= 9 and not any(p.pos[t] in VERBAL for t in names):
                end = last if last < len(p) and p.words[last] == "." else token
                self._add(names, [end], range(begun, token - 1), "credit", end, "")
                begun = last + 1

    def _headlines(self) -> None:
        """Title-case headlines, in which the tagger takes verbs for names: ``Minister Says Talks Will Go On``."""
        p = self.p
        first = 0
        while first < len(p):
            last = first
            while last + 1 < len(p) and p.sents[last + 1] == p.sents[first]:
                last += 1
            words = [t for t in range(first, last + 1) if p.words[t].isalpha() and len(p.words[t]) > 3]
            if 3 <= len(words) <= 16 and sum(p.words[t][0].isupper() for t in words) >= 0.9 * len(words):
                self._headline(first, last)
            first = last + 1

    def _headline(self, first: int, last: int) -> None:
        p = self.p
        if any(relation.cue[0] in range(first, last + 1) for relation in self.found):
            return
        while last > first and p.pos[last] in ("PUNCT", "SPACE"):
            last -= 1
        for v in range(first + 1, last + 1):
            lemma = self.lex.headline.get(p.lower[v])
            if lemma is None or p.pos[v] == "VERB" or v in self.quotes:
                continue
            if v == last:
                comma = max((t for t in range(first, v) if p.words[t] == ","), default=-1)
                if comma > first:
                    self._add(range(comma + 1, v), [v], range(first, comma), "headline", v, lemma)
            elif all(p.pos[t] != "VERB" and p.words[t] not in (",", ":") for t in range(first, v)):
                self._add(range(first, v), [v], range(v + 1, last + 1), "headline", v, lemma)
            return
