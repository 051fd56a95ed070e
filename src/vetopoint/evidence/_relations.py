"""Who is said to say what: attribution relations from a dependency tree, by rules whose words are data.

The scheme is that of the attribution corpora (PDTB, PARC, PolNeAR): a *source*, a *cue* and a *content*, each a set of
tokens. The constructions: verbs with a clause, an infinitive, an object or a preposition; quotation with a cue before, inside
or behind; passives; "according to"; predicates such as "is wary of"; nouns such as "the view that"; speaker and colon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vetopoint.evidence._lexicon import Lexicon
from vetopoint.evidence._parse import Parse
from vetopoint.evidence._quotes import Quotation, Quotations, find_quotations

__all__ = ["Relation", "relations"]

_SUBJECTS = ("nsubj", "csubj")
_VERBAL = ("VERB", "AUX")
_FIRST = ("you", "we", "i", "one")
_WRAPPERS = ("aux", "auxpass", "neg")
_PLACE_TIME = frozenset(
    (
        "in",
        "on",
        "at",
        "during",
        "after",
        "before",
        "since",
        "until",
        "while",
        "when",
        "as",
        "amid",
        "despite",
        "through",
        "over",
    )
)


@dataclass(frozen=True)
class Relation:
    """An attribution: token indices of source, cue and content, the rule that found it and its lexical head.

    `nested` marks a relation whose cue stands in the content of another: somebody says that somebody says. `voice` is
    ``reported``, ``quoted`` (the cue stands inside quotation marks) or ``first`` (I, we, you: a transcript speaking)
    or ``credit`` (whose picture it is).
    """

    source: tuple[int, ...]
    cue: tuple[int, ...]
    content: tuple[int, ...]
    rule: str
    head: int
    lemma: str
    nested: bool = False
    voice: str = "reported"


def relations(parse: Parse, lexicon: Lexicon) -> list[Relation]:
    """Find the attribution relations of a stretch, in the order of their cues."""
    return _Finder(parse, lexicon).find()


class _Finder:
    def __init__(self, parse: Parse, lexicon: Lexicon) -> None:
        self.p = parse
        self.lex = lexicon
        self.quotes: Quotations = find_quotations(parse)
        self.used: set[int] = set()
        self.found: list[Relation] = []

    def find(self) -> list[Relation]:
        p = self.p
        for token in range(len(p)):
            pos = p.pos[token]
            if not p.words[token].isalpha():
                continue
            if pos == "VERB" or (pos == "AUX" and p.deps[token] not in ("aux", "auxpass")):
                self._verb(token)
            elif p.lower[token] == "according":
                self._according(token)
        for token in range(len(p)):
            if token in self.quotes:
                continue
            if p.pos[token] == "NOUN" and p.lemmas[token] in self.lex.nouns:
                self._noun(token)
            elif p.words[token] == ":":
                self._colon(token)
            elif p.words[token] in ("—", "–", "-", "--", "―"):
                self._byline(token)
        self._headlines()
        self._credits()
        return _mark_nested(sorted(self.found, key=lambda relation: (relation.cue, relation.content)))

    # -- verbs -----------------------------------------------------------------------------------------------------

    def _verb(self, v: int) -> None:
        p = self.p
        lemma = self.lex.lemma(p.lemmas[v], p.lower[v])
        if v > 0 and p.words[v - 1] == "-":
            return
        if lemma == "accord" and p.lower[v] == "according":
            self._according(v)
            return
        if lemma == "be" and p.pos[v] == "AUX":
            self._adjective(v)
            return
        if p.child(v, "nsubjpass") >= 0 or (p.child(v, "auxpass") >= 0):
            self._passive(v, lemma)
            return
        if p.tags[v] == "VBN" and p.deps[v] == "advcl" and not p.having(v, "aux"):
            self._passive(v, lemma)
            return
        source, cue = self._subject(v), self._group(v)
        if not source or source[0] == self.p.lefts[v]:
            source = self._inverted(v, lemma) or source
        source = self._beside_quote(v, lemma, source, cue)
        quoted = self._quoted(v, lemma, source, cue)
        if quoted:
            self._add(source, cue, quoted, "quote", v, lemma)
            return
        if "r" in self.lex.frames(lemma):
            self._raising(v, lemma)
            return
        attempts = [self._clause, self._infinitive, self._object, self._preposition]
        for attempt in attempts[:1] if self._supposed(v) else attempts:
            if attempt(v, lemma, source, cue):
                return

    def _supposed(self, v: int) -> bool:
        """Whether the verb is only supposed: "if the minister were to say"."""
        p = self.p
        node = v
        while p.deps[node] in ("xcomp", "conj") and p.heads[node] != node:
            node = p.heads[node]
        return any(p.deps[c] == "mark" and p.lower[c] in ("if", "unless") for c in p.children[node])

    def _clause(self, v: int, lemma: str, source: list[int], cue: list[int]) -> bool:
        p = self.p
        frames = self.lex.frames(lemma)
        if "-c" in frames and not ("f" in frames and source and all(p.lower[t] in _FIRST for t in source)):
            return False
        clause = -1
        for child in p.children[v]:
            if p.deps[child] == "ccomp" and (clause < v or clause < 0):
                clause = child
        if clause < 0 and "c" in frames and (p.deps[v] == "parataxis" or self._as_clause(v)):
            return self._parenthetical(v, lemma, source, cue)
        if clause < 0 and "c" in frames:
            clause = self._displaced(v)
        if clause < 0:
            return False
        finite = self._finite(clause)
        if not finite and not ({"t", "o"} & self.lex.frames(lemma)):
            return False
        if not source and (p.deps[v] not in ("ROOT", "conj") or not finite):
            return False
        if not {"c", "f"} & frames and not self._has_that(clause):
            return False
        content = [t for t in p.subtree(clause) if t not in cue and t not in source]
        if clause > v:
            content = self._cut_tail(clause, sorted({*content, *self._annexes(v, clause)}))
        if clause < v:
            if not (self.lex.speech(lemma)):
                return False
            first = p.lefts[clause]
            content = [t for t in range(first, min([*cue, *source])) if t not in source]
            content += [t for t in p.subtree(clause) if t > v and t not in source]
            more = self._quote_after(max([*cue, *source]), reach=30)
            if more is not None:
                content += range(more.first, more.last + 1)
        self._add(source, cue, content, "clause" if clause > v else "clause-before", v, lemma)
        return True

    def _parenthetical(self, v: int, lemma: str, source: list[int], cue: list[int]) -> bool:
        p = self.p
        inside = set(p.subtree(v))
        content = [t for t in p.subtree(p.heads[v]) if t not in inside]
        self._add(source, cue, content, "parenthetical", v, lemma)
        return True

    def _cut_tail(self, clause: int, content: list[int]) -> list[int]:
        """Cut a participle behind a comma, which speaks of the speaker: "said it was over, citing costs"."""
        p = self.p
        for child in p.children[clause]:
            first = p.lefts[child]
            if p.deps[child] != "advcl" or child < clause or p.words[first - 1] != ",":
                continue
            if p.tags[child] == "VBG" and first == child and self.lex.frames(p.lemmas[child]):
                return [t for t in content if t < first]
        return content

    def _annexes(self, v: int, clause: int) -> list[int]:
        """Parts of the clause that the parser hung on the verb: a condition put first, a second that-clause."""
        p = self.p
        found: list[int] = []
        for child in p.children[v]:
            before = v < child < p.lefts[clause] and p.deps[child] == "advcl" and not p.having(clause, "mark")
            second = child > clause and p.deps[child] in ("conj", "ccomp") and self._has_that(child)
            if before or second:
                found.extend(p.subtree(child))
        return found

    def _as_clause(self, v: int) -> bool:
        """Whether the verb stands in a clause such as "as the minister has said"."""
        p = self.p
        return p.deps[v] == "advcl" and any(p.deps[c] == "mark" and p.lower[c] == "as" for c in p.children[v])

    def _displaced(self, v: int) -> int:
        """A that-clause that the parser hung on a noun between the verb and it: "told a meeting of islanders that"."""
        p = self.p
        for child in p.children[v]:
            if child < v or p.deps[child] not in ("dobj", "prep", "dative", "npadvmod"):
                continue
            for token in range(child, p.rights[child] + 1):
                if p.lower[token] == "that" and p.deps[token] == "mark" and p.deps[p.heads[token]] in ("acl", "ccomp"):
                    return p.heads[token]
        return -1

    def _infinitive(self, v: int, lemma: str, source: list[int], cue: list[int]) -> bool:
        p = self.p
        if "t" not in self.lex.frames(lemma) or not source:
            return False
        for child in p.having(v, "xcomp", "ccomp"):
            if child > v and any(p.tags[c] == "TO" for c in p.children[child]):
                content = [t for t in p.subtree(child) if t > v]
                first = p.child(v, "dobj")
                if first > v and "o" in self.lex.frames(lemma):
                    content = sorted({*p.subtree(first), *content})
                self._add(source, cue, content, "infinitive", v, lemma)
                return True
        return False

    def _raising(self, v: int, lemma: str) -> None:
        """ "The talks seem to have failed": nobody is named to whom it seems."""
        p = self.p
        subject, clause = p.child(v, "nsubj"), p.child(v, "xcomp", "oprd", "acomp", "ccomp")
        if subject >= 0 and clause > v and p.deps[v] not in ("relcl", "ccomp"):
            before = [] if p.lower[subject] == "it" and p.deps[clause] == "ccomp" else p.subtree(subject)
            self._add([], self._group(v), [*before, *p.subtree(clause)], "raising", v, lemma)

    def _object(self, v: int, lemma: str, source: list[int], cue: list[int]) -> bool:
        p = self.p
        frames = self.lex.frames(lemma)
        if not source or not ("o" in frames or ("d" in frames and self._document(source))):
            return False
        core = p.child(v, "dobj", "oprd")
        if core < 0:
            core = p.child(v, "ccomp", "xcomp")
        if core < v or core in source:
            return False
        last = p.rights[core]
        for child in p.children[v]:
            if child > core and p.deps[child] in ("prep", "oprd", "xcomp", "dative", "acomp"):
                if p.lower[child] in _PLACE_TIME and p.lower[child] != "as":
                    break
                last = max(last, p.rights[child])
        content = list(range(p.lefts[core], last + 1))
        self._add(source, cue, content, "object", v, lemma)
        return True

    def _document(self, source: list[int]) -> bool:
        """Whether a source is a text or a count, which can show what it does not say."""
        p = self.p
        return any(p.lemmas[t] in self.lex.documents for t in source if p.heads[t] not in source or t == source[-1])

    def _preposition(self, v: int, lemma: str, source: list[int], cue: list[int]) -> bool:
        p = self.p
        if not source:
            return False
        frames = self.lex.frames(lemma)
        for child in p.having(v, "prep", "agent"):
            if p.lower[child] in frames and child > v and p.children[child]:
                content = [t for t in p.subtree(child) if t != child]
                wide = sorted({*cue, *([child] if child <= max(cue) + 2 else [])})
                self._add(source, wide, content, "preposition", v, lemma)
                return True
        return False

    def _passive(self, v: int, lemma: str) -> None:
        p = self.p
        frames = self.lex.frames(lemma)
        if "n" not in frames and "o" not in frames:
            return
        cue = self._group(v)
        subject = p.child(v, "nsubjpass", "csubjpass")
        agent = p.child(v, "agent")
        rest = [
            t
            for child in p.children[v]
            if child > v
            and p.deps[child] in ("xcomp", "ccomp", "oprd", "prep", "advcl", "dobj")
            and not (p.deps[child] == "prep" and p.lower[child] in _PLACE_TIME and p.lower[child] != "as")
            for t in p.subtree(child)
        ]
        content = sorted({*(p.subtree(subject) if subject >= 0 and p.lower[subject] != "it" else ()), *rest})
        circle = self._circle(v)
        if circle >= 0 and "n" in frames:
            inside = p.subtree(circle)
            end = next((t for t in inside if p.lower[t] == "as"), inside[-1] + 1)
            seers = [t for t in inside if circle < t < end]
            rest_of_it = sorted({*(t for t in content if t not in inside), *(t for t in inside if t >= end)})
            self._add(seers, cue, rest_of_it, "passive-in", v, lemma)
        elif agent >= 0 and p.children[agent]:
            self._add([t for t in p.subtree(agent) if t != agent], cue, content, "passive-by", v, lemma)
        elif "n" in frames and rest:
            self._add([], cue, content, "passive", v, lemma)

    def _circle(self, v: int) -> int:
        """The preposition before those who see it so: "seen in the capitals as", "regarded among allies as"."""
        p = self.p
        for child in p.having(v, "prep"):
            if p.lower[child] in ("in", "among", "within") and child > v:
                head = p.child(child, "pobj")
                if head >= 0 and p.lemmas[head] in self.lex.circles:
                    return child
        return -1

    # -- other constructions ---------------------------------------------------------------------------------------

    def _according(self, token: int) -> None:
        p = self.p
        prep = p.child(token, "prep")
        if prep < 0 or p.lower[prep] != "to":
            return
        source = [t for t in p.subtree(prep) if t != prep]
        cue = [token, prep]
        top = p.heads[token]
        while p.heads[top] != top and p.deps[top] not in ("ROOT", "ccomp", "conj", "advcl", "relcl"):
            top = p.heads[top]
        inside = {*p.subtree(token)}
        before = self._quote_before(token)
        if before is not None:
            content = self._quote_text(before)
        else:
            content = [t for t in p.subtree(top) if t not in inside]
        self._add(source, cue, content, "according", token, "according to")

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
            if label in ("acl", "ccomp") and self._has_that(child) and "c" in frames:
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
            if len(content) > 25 or not any(p.pos[t] in _VERBAL for t in content):
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
                    and names
                    and all(p.pos[t] in ("PROPN", "CCONJ", "SYM", "X") for t in names)
                ):
                    body = start - 2 if p.words[start - 1] == ":" else start - 1
                    self._add(names, [last], range(first, max(body, first + 1)), "credit", last, "")
            first = end + 1

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

    # -- quotations ------------------------------------------------------------------------------------------------

    def _quoted(self, v: int, lemma: str, source: list[int], cue: list[int]) -> list[int]:
        """The quotation that a verb of speech introduces, closes or interrupts."""
        p = self.p
        if not self.lex.speech(lemma) or v in self.quotes:
            return []
        if any(
            p_child > v and p.deps[p_child] == "ccomp" and p_child not in self.quotes and self._finite(p_child)
            for p_child in p.children[v]
        ):
            return []
        first, last = min([*cue, *source]), max([*cue, *source])
        before = self._quote_before(first)
        content: list[int] = []
        if before is not None:
            content = self._quote_text(before)
        after = self._quote_after(last, reach=30 if before is not None else 20 if lemma == "tell" else 10)
        if after is not None and before is None and not self._direct(after, v):
            after = None
        if after is not None:
            content = [*content, *range(after.first, after.last + 1)]
        if content:
            self.used.update(content)
        return content

    def _inverted(self, v: int, lemma: str) -> list[int]:
        """The speaker behind the verb ("…, writes The Courier"), which the parser may take for its object."""
        p = self.p
        speaker = p.child(v, "dobj")
        before = p.child(v, "ccomp")
        if not self.lex.speech(lemma) or not 0 <= before < v < speaker or p.child(v, "nsubj") >= 0:
            return []
        return p.subtree(speaker) if p.pos[speaker] in ("PROPN", "NOUN") else []

    def _beside_quote(self, v: int, lemma: str, source: list[int], cue: list[int]) -> list[int]:
        """The speaker beside a verb of speech that touches a quotation, where the parser looked into the quotation."""
        p = self.p
        if not self.lex.speech(lemma) or (source and source[0] not in self.quotes):
            return source
        left = min(cue) - 1
        first = left
        while first >= 0 and first not in self.quotes and "\n" not in p.words[first] and left - first < 20:
            first -= 1
        if 0 <= first < left and first in self.quotes and self.quotes.spans[self.quotes.at[first]].closed:
            between = [t for t in range(first + 1, left + 1) if p.pos[t] != "PUNCT"]
            if any(p.pos[t] in _VERBAL for t in between):
                return source
            if between and any(p.pos[t] in ("PROPN", "NOUN", "PRON") for t in between):
                return between
        right = []
        for t in range(max(cue) + 1, min(max(cue) + 15, len(p))):
            if (p.pos[t] in ("PUNCT", "ADP", "VERB", "SPACE") and p.words[t] != ".") or t in self.quotes:
                break
            right.append(t)
        return right if any(p.pos[t] in ("PROPN", "NOUN", "PRON") for t in right) else source

    def _quote_before(self, token: int) -> Quotation | None:
        p = self.p
        at = token - 1
        while at >= 0 and p.pos[at] in ("PUNCT", "CCONJ") and at not in self.quotes and "\n" not in p.words[at]:
            at -= 1
        if at < 0 or self.quotes.at[at] < 0:
            return None
        quote = self.quotes.spans[self.quotes.at[at]]
        return quote if quote.closed and quote.last - quote.first > 2 else None

    def _quote_after(self, token: int, reach: int) -> Quotation | None:
        p = self.p
        for at in range(token + 1, min(token + 1 + reach, len(p))):
            if "\n" in p.words[at]:
                if p.words[at - 1] != ":":
                    return None
                continue
            if self.quotes.at[at] >= 0:
                quote = self.quotes.spans[self.quotes.at[at]]
                return quote if quote.last - quote.first > 3 and quote.first == at else None
            if p.pos[at] == "VERB" and p.tags[at] not in ("VBG", "VBN") and p.sents[at] != p.sents[token]:
                return None
        return None

    def _direct(self, quote: Quotation, v: int) -> bool:
        """Whether a quotation behind a verb is what was said, and not words quoted within a clause."""
        p = self.p
        before = quote.first - 1
        if p.pos[before] == "SPACE":
            before -= 1
        if p.words[before] in (",", ":", "—", "-", "–"):
            return True
        return before == v

    def _quote_text(self, quote: Quotation) -> list[int]:
        """A quotation, with the words before it in its sentence where it begins in the middle of one."""
        p = self.p
        first = quote.first
        opening = p.words[min(first + 1, len(p) - 1)]
        while (
            not opening[:1].isupper()
            and first > 0
            and p.sents[first - 1] == p.sents[quote.first]
            and "\n" not in p.words[first - 1]
            and self.quotes.at[first - 1] < 0
        ):
            first -= 1
        return list(range(first, quote.last + 1))

    def _scare(self, token: int) -> bool:
        quote = self.quotes.spans[self.quotes.at[token]]
        return quote.last - quote.first <= 3

    # -- spans -----------------------------------------------------------------------------------------------------

    def _subject(self, v: int) -> list[int]:
        """The subject's tokens: the verb's own, or that of the verb which it shares or hangs on."""
        p = self.p
        node = v
        for _ in range(6):
            subject = p.child(node, *_SUBJECTS)
            if subject >= 0:
                if p.lower[subject] == "that" and p.deps[node] == "relcl":
                    return self._antecedent(node)
                return self._noun_phrase(subject)
            behind = self._inverted(node, p.lemmas[node])
            if behind:
                return behind
            if p.child(node, "nsubjpass") >= 0:
                return self._noun_phrase(p.child(node, "nsubjpass"))
            label = p.deps[node]
            if label == "xcomp" and node < len(p):
                target = p.child(p.heads[node], "dobj")
                if p.heads[node] < target < node:
                    return self._noun_phrase(target)
            if label == "acl":
                holder = self._holder(p.heads[node])
                if holder >= 0:
                    node = holder
                    continue
                return self._antecedent(node)
            if label == "conj":
                node = self._shared(v, node)
                continue
            if label in ("conj", "xcomp", "advcl", "pcomp", "prep", "dep") and p.heads[node] != node:
                node = p.heads[node]
            else:
                return []
        return []

    def _antecedent(self, clause: int) -> list[int]:
        """The noun phrase on which a clause hangs, up to that clause."""
        p = self.p
        inside = set(p.subtree(clause))
        return [t for t in p.subtree(p.heads[clause]) if t not in inside and t < clause]

    def _holder(self, noun: int) -> int:
        """The verb whose object a noun is ("issued a statement saying"), or −1."""
        p = self.p
        if p.deps[noun] == "dobj":
            return p.heads[noun]
        if p.deps[noun] == "pobj" and p.deps[p.heads[noun]] == "prep":
            verb = p.heads[p.heads[noun]]
            return verb if p.pos[verb] == "VERB" else -1
        return -1

    def _shared(self, v: int, node: int) -> int:
        """The verb with which a conjunct shares its subject.

        "He said it was wrong and warned of more": the parser hangs *warned* on *was*; of two reporting verbs in one tense the
        second goes with the first.
        """
        p = self.p
        head = p.heads[node]
        above = head
        while p.deps[above] == "conj" and p.child(above, *_SUBJECTS, "nsubjpass") < 0:
            above = p.heads[above]
        reporter = p.heads[above]
        if p.deps[above] == "ccomp" and p.tags[reporter] == p.tags[v] and self.lex.frames(p.lemmas[reporter]):
            return reporter
        return head

    def _noun_phrase(self, head: int) -> list[int]:
        return self.p.subtree(head)

    def _group(self, v: int) -> list[int]:
        """The verb with its auxiliaries, negation, adverbs between them, particle, and the verbs that govern it."""
        p = self.p
        first = v
        for child in p.children[v]:
            if child < v and (p.deps[child] in _WRAPPERS or (p.deps[child] == "advmod" and child == first - 1)):
                first = min(first, child)
        while first > 0 and p.deps[first - 1] in ("aux", "auxpass", "neg", "advmod") and p.heads[first - 1] == v:
            first -= 1
        allowed = {c for c in p.children[v] if p.deps[c] in (*_WRAPPERS, "advmod")}
        cut = v
        while cut - 1 >= first and (cut - 1) in allowed:
            cut -= 1
        particle = p.child(v, "prt")
        last = particle if particle == v + 1 else v
        head = p.heads[v]
        if p.deps[v] == "xcomp" and p.pos[head] == "VERB" and cut - 1 == head and head not in self.quotes:
            return [*self._group(head), *range(cut, last + 1)]
        return list(range(cut, last + 1))

    def _finite(self, clause: int) -> bool:
        p = self.p
        if p.tags[clause] in ("VBD", "VBZ", "VBP", "MD"):
            return True
        marks = [c for c in p.children[clause] if p.deps[c] in ("aux", "auxpass")]
        if any(p.tags[c] == "TO" for c in marks):
            return False
        return any(p.tags[c] in ("MD", "VBD", "VBZ", "VBP") for c in marks) or self._has_that(clause)

    def _has_that(self, clause: int) -> bool:
        p = self.p
        return any(p.deps[c] == "mark" and p.lower[c] in ("that", "if", "whether") for c in p.children[clause])

    def _add(
        self, source: Sequence[int], cue: Sequence[int], content: Sequence[int], rule: str, head: int, lemma: str
    ) -> None:
        p = self.p
        taken = set(cue)
        body = _trim(p, [t for t in content if t not in taken])
        who = _trim(p, [t for t in source if t not in taken])
        if (lemma == "say" and [p.lower[t] for t in who] == ["that"]) or (
            lemma == "know" and [p.lower[t] for t in who] == ["you"]
        ):
            # "That said, …" and "you know" attribute nothing.
            return
        if not body or (not set(who).isdisjoint(body) and len(set(body) - set(who)) < 2):
            return
        body = [t for t in body if t not in set(who)]
        if body and cue:
            voice = "reported"
            if cue[0] in self.quotes and not self._scare(cue[0]):
                voice = "quoted"
            elif rule == "credit":
                voice = "credit"
            elif rule in ("clause", "parenthetical") and who and all(p.lower[t] in _FIRST for t in who):
                voice = "first"
            self.found.append(Relation(tuple(who), tuple(cue), tuple(body), rule, head, lemma, voice=voice))


def _mark_nested(found: list[Relation]) -> list[Relation]:
    """Mark the relations whose cue lies in the content of another that does not lie in theirs."""
    bodies = [frozenset(relation.content) for relation in found]
    out: list[Relation] = []
    for mine, relation in enumerate(found):
        nested = any(
            relation.cue[0] in body and found[other].cue[0] not in bodies[mine]
            for other, body in enumerate(bodies)
            if other != mine
        )
        out.append(replace(relation, nested=True) if nested else relation)
    return out


def _trim(p: Parse, tokens: Sequence[int]) -> list[int]:
    """Drop punctuation and blanks at both ends, quotation marks excepted."""
    kept = list(tokens)
    while kept and (p.pos[kept[-1]] in ("SPACE",) or p.words[kept[-1]] in (",", ".", ";", "—", "–", "-", ":")):
        kept.pop()
    while kept and (p.pos[kept[0]] in ("SPACE",) or p.words[kept[0]] in (",", ".", ";", "—", "–", "-", ":")):
        kept.pop(0)
    return kept
