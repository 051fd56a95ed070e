"""The ground on which the attribution rules stand: a tree, its quotations, and the spans they cut out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vetopoint.evidence._lexicon import Lexicon
from vetopoint.evidence._parse import Parse
from vetopoint.evidence._quotes import Quotation, Quotations, find_quotations

__all__ = ["FIRST", "PLACE_TIME", "VERBAL", "Relation", "Tree", "trim"]

_SUBJECTS = ("nsubj", "csubj")
VERBAL = ("VERB", "AUX")
FIRST = ("i", "you", "we", "one")
_OPEN_ENDED = ("clause", "infinitive", "object", "preposition", "adjective")
_WRAPPERS = ("aux", "auxpass", "neg")
PLACE_TIME = frozenset(
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
    ``reported``, ``quoted`` (the cue stands inside quotation marks) or ``first`` (we, you: a transcript speaking)
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


class Tree:
    """A parse with its quotations, and the relations found in it so far."""

    def __init__(self, parse: Parse, lexicon: Lexicon) -> None:
        self.p = parse
        self.lex = lexicon
        self.quotes: Quotations = find_quotations(parse)
        self.used: set[int] = set()
        self.found: list[Relation] = []

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
        if p.deps[v] in ("advcl", "xcomp", "conj", "acl") and p.child(v, "dobj") > v and first < min(cue):
            # The quotation before a shared subject belongs to the first verb: "… ," he said, mocking the plan.
            first = min(cue)
        before = self._quote_before(first)
        content: list[int] = []
        if before is not None:
            content = self._quote_text(before)
        after = self._quote_after(last, reach=30 if before is not None else 20 if lemma == "tell" else 10)
        if before is not None and after is not None and self._spoken_for(last, after):
            after = None
        if after is not None and before is None and not self._direct(after, v):
            after = None
        if after is not None:
            opening = p.words[min(after.first + 1, len(p) - 1)]
            if before is None and opening[:1].islower() and p.words[after.first - 1] == ",":
                content = self._begun(first)
            content = [*content, *range(after.first, after.last + 1)]
        if content:
            content += self._continued(max(content[-1], last))
            self.used.update(content)
        return content

    def _spoken_for(self, last: int, after: Quotation) -> bool:
        """Whether a second quotation has a verb of speech of its own: "… ," he said, adding that it was "…"."""
        p = self.p
        between = range(last + 1, after.first)
        if p.words[after.last - 1] == ",":
            return True
        return any(p.pos[t] == "VERB" and {"c", "q"} & self.lex.frames(p.lemmas[t]) for t in between)

    def _begun(self, first: int) -> list[int]:
        """The words before the speaker where the quotation goes on with their sentence: "But, he said, 'there is'"."""
        p = self.p
        if first < 2 or p.words[first - 1] != "," or p.sents[first - 1] != p.sents[first]:
            return []
        start = first - 1
        while start > 0 and p.sents[start - 1] == p.sents[first] and start - 1 not in self.quotes:
            start -= 1
        return list(range(start, first - 1))

    def _continued(self, token: int) -> list[int]:
        """The quotations that open the next paragraphs with no speaker of their own: the last one goes on speaking."""
        p = self.p
        found: list[int] = []
        while True:
            at = token + 1
            while at < len(p) and p.words[at] in (".", ",", "!", "?"):
                at += 1
            if at + 1 >= len(p) or "\n" not in p.words[at] or at + 1 not in self.quotes:
                return found
            quote = self.quotes.spans[self.quotes.at[at + 1]]
            behind = quote.last + 1
            if quote.first != at + 1 or (behind < len(p) and "\n" not in p.words[behind]):
                return found
            token = quote.last
            found += range(quote.first, quote.last + 1)

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
        if (
            not self.lex.speech(lemma)
            or (source and source[0] not in self.quotes)
            or (p.deps[v] == "amod" and p.pos[v - 1] in ("DET", "ADJ"))
        ):
            return source
        left = min(cue) - 1
        first = left
        while first >= 0 and first not in self.quotes and "\n" not in p.words[first] and left - first < 20:
            first -= 1
        if 0 <= first < left and first in self.quotes and self.quotes.spans[self.quotes.at[first]].closed:
            between = [t for t in range(first + 1, left + 1) if p.pos[t] != "PUNCT"]
            if any(p.pos[t] in VERBAL for t in between):
                return source
            if between and any(p.pos[t] in ("PROPN", "NOUN", "PRON") for t in between):
                return between
        right = []
        for t in range(max(cue) + 1, min(max(cue) + 15, len(p))):
            if (p.pos[t] in ("PUNCT", "ADP", "VERB", "SPACE") and p.words[t] != ".") or t in self.quotes:
                break
            right.append(t)
        heard = p.tags[v] == "VBG" or any(p.deps[t] == "npadvmod" and p.heads[t] == v for t in right)
        return right if not heard and any(p.pos[t] in ("PROPN", "NOUN", "PRON") for t in right) else source

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
        if (
            p.deps[above] == "ccomp"
            and p.tags[reporter] == p.tags[v]
            and {"c", "q"} & self.lex.frames(p.lemmas[reporter])
        ):
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
        if (
            p.deps[v] == "xcomp"
            and p.pos[head] == "VERB"
            and cut - 1 == head
            and head not in self.quotes
            and "t" not in self.lex.frames(p.lemmas[head])
        ):
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

    def _whole(self, clause: int) -> bool:
        """Whether a clause has its own subject: "that serve the goal" is a relative clause, "that it serves the goal" is none."""
        return self.p.child(clause, *_SUBJECTS, "nsubjpass", "csubjpass", "expl") >= 0

    def _add(
        self, source: Sequence[int], cue: Sequence[int], content: Sequence[int], rule: str, head: int, lemma: str
    ) -> None:
        p = self.p
        taken = set(cue)
        body = trim(p, [t for t in content if t not in taken])
        who = trim(p, [t for t in source if t not in taken])
        while len(who) > 1 and p.lower[who[0]] in ("even", "only", "perhaps"):
            who = who[1:]
        if (lemma == "say" and [p.lower[t] for t in who] == ["that"]) or (
            lemma == "know" and [p.lower[t] for t in who] == ["you"]
        ):
            # "That said, …" and "you know" attribute nothing.
            return
        if not body or (not set(who).isdisjoint(body) and len(set(body) - set(who)) < 2):
            return
        body = [t for t in body if t not in set(who)]
        if rule in _OPEN_ENDED and body and cue and self.quotes.at[body[-1]] >= 0:
            quote = self.quotes.spans[self.quotes.at[body[-1]]]
            if quote.closed and max(cue) < quote.first >= body[0]:
                # The parser ends sentences within quotations; what is quoted is said to its closing mark.
                body += range(body[-1] + 1, quote.last + 1)
        if body and cue:
            voice = "reported"
            if cue[0] in self.quotes and not self._scare(cue[0]):
                voice = "quoted"
            elif rule == "credit":
                voice = "credit"
            elif rule in ("clause", "parenthetical") and who and all(p.lower[t] in FIRST[1:] for t in who):
                voice = "first"
            self.found.append(Relation(tuple(who), tuple(cue), tuple(body), rule, head, lemma, voice=voice))


def trim(p: Parse, tokens: Sequence[int]) -> list[int]:
    """Drop punctuation and blanks at both ends, quotation marks excepted."""
    kept = list(tokens)
    while kept and (
        p.pos[kept[-1]] in ("SPACE",)
        or p.words[kept[-1]] in (",", ".", ";", "—", "–", "-", ":")
        or (p.deps[kept[-1]] == "cc" and len(kept) > 1)
    ):
        kept.pop()
    while kept and (p.pos[kept[0]] in ("SPACE",) or p.words[kept[0]] in (",", ".", ";", "—", "–", "-", ":")):
        kept.pop(0)
    return kept
