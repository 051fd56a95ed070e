"""What would be done if the plan came to nothing, as a noun phrase: read off "instead", "a fallback", "if Oman refuses, London would …"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vetopoint.evidence.plans.phrases import conditional, noun_phrase, trimmed
from vetopoint.evidence.reader.parse import Parse

_CUES: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(text), weight)
    for text, weight in (
        (r"\bfall(?:s|ing)? back (?:on|to)\b|\bfallback\b|\bplan b\b|\bstop-?gap\b|\bsecond[- ]best\b|\bway out\b|\blast resort\b", 4.0),
        (r"\binstead\b(?! of)|\balternative\b|\bas a substitute\b|\bin that case\b|\bfailing (?:that|this|\w+)\b|\botherwise\b", 3.0),
        (r"\bif (?:it|they|he|she) (?:must|has to|have to|had to)\b|\bif need be\b|\bif necessary\b", 2.5),
        (r"\b(?:if|should|were|unless)\b.*\b(?:refus|reject|fail|object|oppos|agree|no\b|veto|block|withh|declin|approv|come round)", 2.5),
        (r"\b(?:turn|switch|resort|go over) to\b|\bwould (?:have to )?rely on\b|\brather than\b|\bwithout (?:an?|the) \w+,? ", 1.5),
    )
)  # fmt: skip
_REPORTING = frozenset("say tell add concede admit explain suggest indicate argue think note believe warn hint reason".split())
_PASSED = frozenset("try have seek start begin offer plan intend prepare stand be choose opt go decide agree continue keep".split())
_TAKING = frozenset("consider suggest propose prepare offer draw form organise organize submit weigh examine describe study use need see".split())
_TO_NOUN = {"fall": ("on", "to"), "rely": ("on",), "turn": ("to",), "switch": ("to",), "resort": ("to",), "go": ("over", "to", "for"), "look": ("for", "to"), "opt": ("for",), "settle": ("for",), "move": ("to",), "take": (), "make": ("with",)}  # fmt: skip
_FUTURE = frozenset(("would", "could", "will", "might", "may", "can"))
_LONGEST = 10


@dataclass(frozen=True)
class Instead:
    """What would be done instead, how sure it is, and the sentence that says so."""

    words: str
    weight: float
    sentence: str


def instead_of(parses: Iterable[Parse]) -> list[Instead]:
    """What a text says would be done instead of its plan, the surest first."""
    found: list[Instead] = []
    promised = 0.0  # of a sentence that only says that there is another way: the next one tells it
    for p in parses:
        for first, last in p.sentences():
            text = p.phrase(range(first, last + 1))
            weight = max((weight for cue, weight in _CUES if cue.search(text.lower())), default=0.0)
            weight = weight or promised
            if weight and (words := _phrase(p, first, last)):
                sure = weight + 0.5 * any(p.lemmas[t] in _FUTURE for t in range(first, last + 1))
                found.append(Instead(words, sure, text))
                promised = 0.0
            else:
                promised = weight
    return sorted(found, key=lambda each: -each.weight)


def _phrase(p: Parse, first: int, last: int) -> str:
    colon = next((t for t in range(first, last) if p.words[t] == ":"), -1)
    if colon > 0 and any(p.lower[t] in ("fallback", "alternative", "substitute") for t in range(first, colon)):
        head = next((t for t in range(colon + 1, last + 1) if p.pos[t] in ("NOUN", "PROPN") and p.deps[t] not in ("compound", "amod")), -1)
        return noun_phrase(p, head, _LONGEST) if head > 0 else ""
    for verb in _main_verbs(p, first, last):
        if words := _done(p, verb):
            return words
    return ""


def _main_verbs(p: Parse, first: int, last: int) -> Iterator[int]:
    """Verbs of a sentence's main clause, the reported one where it only reports."""
    tops = [t for t in range(first, last + 1) if p.heads[t] == t or p.heads[t] < first or p.heads[t] > last]
    for top in tops:
        node, steps = top, 0
        while steps < 4:
            steps += 1
            inner = next((c for c in p.having(node, "ccomp", "parataxis") if not conditional(p, c)), -1)
            if inner < 0 or p.lemmas[node] not in _REPORTING:
                break
            node = inner
        if p.pos[node] in ("VERB", "AUX"):
            yield node
            yield from (c for c in p.having(node, "conj") if p.pos[c] == "VERB")


def _done(p: Parse, verb: int, depth: int = 3) -> str:
    """What a verb says is done, as a noun phrase."""
    lemma = p.lemmas[verb]
    within = (verb, *p.having(verb, "acomp"))
    inner = next((c for node in within for c in p.having(node, "xcomp", "ccomp", "pcomp") if p.pos[c] == "VERB"), -1)
    if inner >= 0 and lemma in _PASSED | _REPORTING and depth and not conditional(p, inner):
        return _done(p, inner, depth - 1)
    for prep in p.having(verb, "prep", "prt", "advmod"):
        if p.lower[prep] in _TO_NOUN.get(lemma, ()):
            for c in p.having(prep, "pcomp"):
                return trimmed(p, [t for t in p.subtree(c) if p.lower[t] != "instead"], _LONGEST)
            for c in (*p.having(prep, "pobj"), *(d for e in p.having(prep, "prep") for d in p.having(e, "pobj"))):
                return noun_phrase(p, c, _LONGEST)
    smaller = next((c for c in p.having(verb, "dobj") if p.lower[c] in ("one", "ones") and p.child(c, "amod") >= 0), -1)
    if smaller >= 0:
        return p.phrase([*p.having(smaller, "amod"), smaller])
    passive = p.child(verb, "nsubjpass")
    if passive >= 0 and p.pos[passive] in ("NOUN", "PROPN"):
        return trimmed(p, [*_before(p, passive), *_behind(p, verb, with_verb=True)], _LONGEST)
    objects = [c for c in p.having(verb, "dobj", "attr", "oprd") if p.pos[c] in ("NOUN", "PROPN")]
    if lemma in _TAKING or lemma == "be":
        return noun_phrase(p, objects[0], _LONGEST) if objects and lemma in _TAKING else _called(p, verb)
    if lemma == "have":
        return ""
    if lemma == "call" and objects:
        return noun_phrase(p, objects[-1], _LONGEST)
    behind = _behind(p, verb)
    return " ".join((gerund(lemma), p.phrase(behind))) if behind else ""


def _called(p: Parse, verb: int) -> str:
    """The noun within a clause that stands for what is done: "what they call staged integration"."""
    for c in p.having(verb, "dobj", "ccomp", "xcomp"):
        called = [t for t in p.subtree(c) if p.lemmas[t] == "call"]
        for node in (d for t in called or [c] for d in p.subtree(t) if d > t):
            if (called or p.deps[node] in ("oprd", "dobj", "attr")) and p.pos[node] in ("NOUN", "PROPN"):
                return noun_phrase(p, node, _LONGEST)
    return ""


def _before(p: Parse, head: int) -> list[int]:
    return [t for t in p.subtree(head) if t <= head and p.pos[t] != "DET"]


def _behind(p: Parse, verb: int, *, with_verb: bool = False) -> list[int]:
    """A verb's particle, object and places, in order, as far as they are short."""
    parts = [c for c in p.having(verb, "prt", "dobj", "prep", "advmod", "oprd") if c > verb]
    tokens = [verb] if with_verb else []
    for part in parts:
        inside = [t for t in p.subtree(part) if t >= p.lefts[part]]
        begun = tokens[-1] + 1 if tokens else verb + 1
        if inside[0] != begun and tokens != [verb] and tokens:
            break
        for token in inside:
            if p.words[token] in (",", ";", "—", "–", "“", "”") or p.lower[token] in ("which", "who", "that"):
                return tokens[:_LONGEST]
            tokens.append(token)
    tokens = tokens[:_LONGEST]
    while tokens and p.pos[tokens[-1]] in ("ADP", "DET", "CCONJ", "SCONJ", "PRON", "PART"):
        tokens.pop()
    return tokens


def gerund(lemma: str) -> str:
    """A verb as a noun.

    >>> gerund("reroute"), gerund("split"), gerund("tie"), gerund("watch")
    ('rerouting', 'splitting', 'tying', 'watching')
    """
    if lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    if lemma.endswith("e") and not lemma.endswith(("ee", "oe", "ye")):
        return lemma[:-1] + "ing"
    short = re.fullmatch(r"[^aeiou]*[aeiou][bdglmnprt]", lemma)
    return lemma + (lemma[-1] if short else "") + "ing"
