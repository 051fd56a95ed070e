"""What would be done if the plan came to nothing, as a noun phrase: read off "instead", "a fallback", "if Oman refuses, London would …"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vetopoint.evidence.plans.phrases import conditional, negated, noun_phrase, trimmed
from vetopoint.evidence.plans.words import plan_words
from vetopoint.evidence.reader.parse import Parse

_CUES: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(text), weight)
    for text, weight in (
        (r"\bfall(?:s|ing)? back (?:on|to)\b|\bfallback\b|\bplan b\b|\bstop-?gap\b|\bsecond[- ]best\b|\bway out\b|\blast resort\b|\bsecond choice\b", 4.0),
        (r"\binstead\b(?! of)|\balternative\b|\bas a substitute\b|\bin (?:that|such an?|this) (?:case|event)\b|\bfailing agreement\b|\bwhat else\b|\bfor the worst\b|\bthere is talk of\b|\bfailing (?:that|this|\w+)\b|\botherwise\b", 3.0),
        (r"\balone\b|\bon (?:its|their|his|her) own\b|\bby (?:itself|themselves)\b|\bunilaterally\b|\bwithout (?:it|them|him|her)\b", 2.5),
        (r"\b(?:need|require)s? (?:no\b|nobody)|\bnot (?:need|require)\b", 2.0),
        (r"\bif (?:it|they|he|she) (?:must|has to|have to|had to)\b|\bif need be\b|\bif necessary\b", 2.5),
        (r"\b(?:if|should|were|unless)\b.*\b(?:refus|reject|fail|object|oppos|agree|no\b|veto|block|withh|declin|approv|come round|budge|relent|give (?:way|in)|say no|vote no)", 2.5),
        (r"\b(?:turn|switch|resort|go over) to\b|\bwould (?:have to )?rely on\b|\brather than\b", 1.5),
    )
)  # fmt: skip
_REPORTING = plan_words("reporting")
_IDLE = plan_words("idle")
_PASSED = plan_words("passed")
_TAKING = plan_words("taking")
_TO_NOUN = {"fall": ("on", "to"), "rely": ("on",), "turn": ("to",), "switch": ("to",), "resort": ("to",), "go": ("over", "to", "for"), "look": ("for", "to"), "opt": ("for",), "settle": ("for",), "move": ("to",), "confine": ("to",), "limit": ("to",), "restrict": ("to",), "take": (), "make": ("with",)}  # fmt: skip
_FUTURE = frozenset(("would", "could", "will", "might", "may", "can"))
_LONGEST = 10
_SURE = 3.0
"""Weight of a cue that names an alternative as one."""


@dataclass(frozen=True)
class Instead:
    """What would be done instead, how sure it is, and the sentence that says so."""

    words: str
    weight: float
    sentence: str


def instead_of(parses: Iterable[Parse]) -> list[Instead]:
    """What a text says would be done instead of its plan, the surest first; what only might be done has no weight of its own."""
    found: list[Instead] = []
    promised = 0.0  # of a sentence that only says that there is another way: the next one tells it
    for p in parses:
        for first, last in p.sentences():
            text = p.phrase(range(first, last + 1))
            weight = max((weight for cue, weight in _CUES if cue.search(text.lower())), default=0.0)
            own, weight = weight, weight or promised
            to_come = any(p.lemmas[t] in _FUTURE for t in range(first, last + 1))
            words = _phrase(p, first, last, own >= _SURE) if own or to_come else ""
            if words:
                found.append(Instead(words, weight + 0.5 * (to_come and weight > 0), text))
            promised = 0.0 if words else own or (promised if promised >= _SURE or not to_come else 0.0)
    return sorted(found, key=lambda each: -each.weight)


def _phrase(p: Parse, first: int, last: int, sure: bool = False) -> str:
    """What a sentence says would be done; unless it says surely that it is an alternative, no past or idle deed is one."""
    colon = next((t for t in range(first, last) if p.words[t] == ":"), -1)
    if colon > 0 and any(p.lower[t] in ("fallback", "alternative", "substitute") for t in range(first, colon)):
        head = next(
            (
                t
                for t in range(colon + 1, last + 1)
                if p.pos[t] in ("NOUN", "PROPN") and p.deps[t] not in ("compound", "amod")
            ),
            -1,
        )
        return noun_phrase(p, head, _LONGEST) if head > 0 else ""
    for verb in _main_verbs(p, first, last):
        if (sure or _open(p, verb)) and (words := _done(p, verb)):
            return words
    return ""


def _open(p: Parse, verb: int) -> bool:
    """Whether a deed can be an alternative: it is to come, and no meeting, letter or expiry."""
    helped = any(p.lower[c] in ("was", "were", "had") for c in p.having(verb, "aux", "auxpass"))
    past = (p.tags[verb] == "VBD" and p.lemmas[verb] != "be") or (p.tags[verb] == "VBN" and helped)
    return not past and not negated(p, verb) and p.lemmas[verb] not in _IDLE


def _main_verbs(p: Parse, first: int, last: int) -> Iterator[int]:
    """Verbs of a sentence's main clause, the reported one where it only reports."""
    tops = [t for t in range(first, last + 1) if p.heads[t] == t or p.heads[t] < first or p.heads[t] > last]
    colon = next((t for t in range(first, last) if p.words[t] == ":"), first)
    yield from (
        t for t in range(first, colon) if p.pos[t] == "VERB" and p.deps[t] in ("advcl", "ccomp") and p.heads[t] > colon
    )
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
    lemma, inner = p.lemmas[verb], _inner(p, verb)
    if inner >= 0 and lemma in _PASSED | _REPORTING and depth and not conditional(p, inner):
        return _done(p, inner, depth - 1)
    if found := _turned_to(p, verb) or _smaller(p, verb) or _passive(p, verb):
        return found
    if lemma in ("remain", "exist", "be") and (left := _there(p, verb)):
        return left
    objects = [c for c in p.having(verb, "dobj", "attr", "oprd") if p.pos[c] in ("NOUN", "PROPN")]
    if lemma in _TAKING:
        return noun_phrase(p, objects[0], _LONGEST) if objects else _called(p, verb)
    if lemma in ("be", "have"):
        return _called(p, verb) if lemma == "be" else ""
    if lemma in ("let", "allow") and inner >= 0 and (subject := p.child(inner, "nsubj")) >= 0:
        return f"{noun_phrase(p, subject, 5)} {gerund(p.lemmas[inner])} {p.phrase(_behind(p, inner))}".strip()
    behind = _behind(p, verb)
    return f"{gerund(lemma)} {p.phrase(behind)}" if behind else ""


def _inner(p: Parse, verb: int) -> int:
    """The verb that a verb, or its adjective ("stands ready to"), leads over to; −1 where there is none."""
    within = (verb, *p.having(verb, "acomp"))
    return next((c for node in within for c in p.having(node, "xcomp", "ccomp", "pcomp") if p.pos[c] == "VERB"), -1)


def _turned_to(p: Parse, verb: int) -> str:
    """To what somebody turns, on what he relies: "fall back on observers", "go over to reunions by video"."""
    for prep in p.having(verb, "prep", "prt", "advmod"):
        if p.lower[prep] in _TO_NOUN.get(p.lemmas[verb], ()):
            for c in p.having(prep, "pcomp"):
                return trimmed(p, [t for t in p.subtree(c) if p.lower[t] != "instead"], _LONGEST)
            for c in (*p.having(prep, "pobj"), *(d for e in p.having(prep, "prep") for d in p.having(e, "pobj"))):
                return noun_phrase(p, c, _LONGEST)
    return ""


def _there(p: Parse, verb: int) -> str:
    """What there is: "there remains the bridge", "there is talk of a smaller arrangement"."""
    if p.child(verb, "expl") < 0:
        return ""
    found = p.child(verb, "attr", "nsubj", "dobj")
    if found >= 0 and p.lemmas[found] == "talk":
        found = next((c for prep in p.having(found, "prep") for c in p.having(prep, "pobj")), -1)
    denied = found >= 0 and any(p.lower[c] == "no" for c in p.children[found])
    return noun_phrase(p, found, _LONGEST) if found >= 0 and not denied else ""


def _smaller(p: Parse, verb: int) -> str:
    """ "A smaller one" as it stands."""
    ones = (c for c in p.having(verb, "dobj") if p.lower[c] in ("one", "ones"))
    return next((p.phrase([*p.having(c, "amod"), c]) for c in ones if p.child(c, "amod") >= 0), "")


def _passive(p: Parse, verb: int) -> str:
    """What is done to something: "the railway led through Iran"."""
    subject = p.child(verb, "nsubjpass")
    if subject < 0 or p.pos[subject] not in ("NOUN", "PROPN"):
        return ""
    return trimmed(p, [*_before(p, subject), *_behind(p, verb, with_verb=True)], _LONGEST)


def _called(p: Parse, verb: int) -> str:
    """The noun within a clause that stands for what is done: "what they call staged integration"."""
    for c in p.having(verb, "dobj", "ccomp", "xcomp"):
        called = [t for t in p.subtree(c) if p.lemmas[t] == "call" and p.child(t, "oprd") >= 0]
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
