"""Clauses and phrases of a plan: under which condition a verb stands, whether it is denied, and what it is about as a noun phrase."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vetopoint.evidence.plans.words import plan_words
from vetopoint.evidence.reader.parse import Parse

CONDITIONS = frozenset(("if", "unless", "should", "were", "failing", "once", "until"))
_LONGEST = 9
BESIDE = frozenset(("instead", "too", "also", "again", "either", "alternatively"))
_OWNING = frozenset(("its", "their", "his", "her", "our", "my"))
_LOOSE = ("relcl", "acl", "advcl", "appos", "punct")


def negated(p: Parse, verb: int) -> bool:
    """Whether a verb is denied by its own clause, or by the "refuse" or "cannot" above it."""
    if any(
        p.deps[c] == "neg" or p.lower[c] in ("never", "no", "not", "nobody")
        for c in p.children[verb]
        if p.deps[c] != "punct"
    ):
        return True
    subject = p.child(verb, "nsubj", "nsubjpass")
    if subject >= 0 and p.lower[subject] in ("nobody", "nothing", "none"):
        return True
    above = p.heads[verb]
    if p.deps[verb] == "acl" and p.lemmas[above] in plan_words("inclined"):  # "sees no reason to accept"
        return any(p.lower[c] == "no" for c in p.children[above])
    if p.deps[verb] == "xcomp" and p.deps[above] == "acomp":  # "are not prepared to", "is unwilling to"
        return p.lower[above] in plan_words("unwilling") or p.child(p.heads[above], "neg") >= 0
    return p.deps[verb] == "xcomp" and (p.lemmas[above] in ("refuse", "decline", "fail") or p.child(above, "neg") >= 0)


def conditional(p: Parse, token: int) -> bool:
    """Whether a verb stands in the clause that begins with "if", "unless", or with the verb before its subject ("should Oman refuse")."""
    node, steps = token, 0
    while steps < 4:
        marks = [c for c in p.children[node] if p.deps[c] in ("mark", "aux", "advmod") and c < node]
        subject = p.child(node, "nsubj", "nsubjpass")
        for c in marks:
            if p.lower[c] in ("if", "unless", "until"):
                return True
            if p.lower[c] in ("should", "were", "had") and 0 <= c < subject:
                return True
        if p.deps[node] not in ("xcomp", "conj", "ccomp") or p.heads[node] == node:
            return False
        if p.deps[node] == "ccomp" and p.child(node, "mark") >= 0:
            return False
        node, steps = p.heads[node], steps + 1
    return False


def complement(p: Parse, head: int) -> str:
    """What a verb or noun of proposing is about, as a short noun phrase: "a renewal", "3,000 soldiers"; "" where none is plain."""
    for node in (head, *p.having(head, "xcomp", "ccomp", "acl")):
        for c in p.having(node, "dobj", "nsubjpass", "nsubj" if node != head and p.deps[node] == "ccomp" else "dobj"):
            if p.pos[c] in ("NOUN", "PROPN") and (words := noun_phrase(p, c)):
                return words
        for prep in p.having(node, "prep"):
            for c in p.having(prep, "pobj"):
                if node == head and p.lower[prep] in ("for", "of") and (words := noun_phrase(p, c)):
                    return words
    return ""


def noun_phrase(p: Parse, head: int, longest: int = _LONGEST) -> str:
    """A noun with what stands before it and, as far as it is short, behind it; without article."""
    tokens = [t for t in p.subtree(head) if t <= head or not _loose(p, t, head)]
    kept: list[int] = []
    for token in tokens:
        if kept and token != kept[-1] + 1:
            break
        kept.append(token)
    if head not in kept:
        kept = [head]
    return trimmed(p, kept, longest)


def trimmed(p: Parse, tokens: Sequence[int], longest: int = _LONGEST) -> str:
    """Tokens as a text without an article before and without what dangles behind."""
    kept = list(tokens)
    while kept and p.lower[kept[-1]] in BESIDE:
        kept.pop()
    while kept and (
        p.lower[kept[0]]
        in ("the", "a", "an", "this", "that", "these", "those", "its", "their", "his", "her", "another", "what", "such")
        or p.pos[kept[0]] in ("PUNCT", "SPACE", "CCONJ")
    ):
        kept.pop(0)
    kept = kept[:longest]
    while kept and (
        p.lower[kept[-1]] in BESIDE
        or p.pos[kept[-1]] in ("ADP", "DET", "CCONJ", "PUNCT", "SPACE", "SCONJ", "PART", "PRON")
        or (p.tags[kept[-1]] in ("JJ",) and len(kept) == longest)
    ):
        kept.pop()
    return p.phrase(kept)


def articled(p: Parse, head: int, words: str) -> str:
    """A noun phrase with the article that a sentence gives its noun: "a" stays, a possessive becomes "a", plurals and names bear none."""
    if not words or p.tags[head] not in ("NN", "CD", "JJ") or words[0].isdigit():
        return words
    marks = {p.lower[c] for c in p.having(head, "det", "poss", "predet")}
    if marks & {"the", "this", "that"}:
        return f"the {words}"
    return f"{indefinite(words)} {words}" if marks & {"a", "an", "another", *_OWNING} else words


def indefinite(words: str) -> str:
    """The indefinite article as it sounds before some words.

    >>> indefinite("open door"), indefinite("union"), indefinite("underground mine"), indefinite("hour"), indefinite("European force")
    ('an', 'a', 'an', 'an', 'a')
    """
    opens = re.match(r"(?!eu|onc?e\b|uni[^nm]|us[aeu]|ut[eio])[aeiou]|hour|honest|heir", words.casefold())
    return "an" if opens else "a"


def _loose(p: Parse, token: int, head: int) -> bool:
    node = token
    while node != head:
        if p.deps[node] in _LOOSE or p.heads[node] == node:
            return True
        node = p.heads[node]
    return False
