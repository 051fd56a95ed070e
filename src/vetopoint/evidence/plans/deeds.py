"""What is done to things that are no plans by themselves: "charge every visitor" makes "charging every visitor" of "every visitor"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from vetopoint.evidence.plans.instead import gerund
from vetopoint.evidence.plans.phrases import noun_phrase
from vetopoint.evidence.plans.words import plan_words
from vetopoint.evidence.reader.parse import Parse

_LONGEST = 9


def deeds_of(parses: Iterable[Parse]) -> Mapping[str, str]:
    """Noun phrase → what somebody would do to it, as a noun; of verbs that only bring a thing about the thing says enough."""
    found: dict[str, str] = {}
    for p in parses:
        for verb in range(len(p)):
            if p.tags[verb] != "VB" or p.lemmas[verb] in plan_words("making") or p.child(verb, "neg") >= 0:
                continue
            for thing in p.having(verb, "dobj"):
                words = noun_phrase(p, thing) if p.pos[thing] in ("NOUN", "PROPN") else ""
                before = [t for t in range(verb + 1, p.lefts[thing])]
                given = p.phrase(before) if all(p.deps[t] in ("dative", "prt", "compound") for t in before) else ""
                if words and len(words.split()) <= _LONGEST:
                    parts = (gerund(p.lemmas[verb]), given, _article(p, thing), words)
                    found.setdefault(words, " ".join(filter(None, parts)))
    return found


def _article(p: Parse, head: int) -> str:
    """The article of a noun, where the text gives it one."""
    return next((p.lower[c] for c in p.having(head, "det") if p.lower[c] in ("the", "a", "an")), "")
