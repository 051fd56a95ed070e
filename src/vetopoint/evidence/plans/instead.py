"""What would be done if the plan came to nothing, as a noun phrase: read off "instead", "a fallback", "if Oman refuses, London would …"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vetopoint.evidence.plans.phrases import BESIDE, articled, conditional, negated, noun_phrase, trimmed
from vetopoint.evidence.plans.words import plan_words
from vetopoint.evidence.reader.parse import Parse

_FAILING = (
    r"refus|reject|fail|object|oppos|disagree|not\b|n't\b|n’t\b|no\b|never|nothing|veto|block|withh|declin|approv|come round|budge|relent|"
    r"withdr[ae]w|pull\w* out|expire|collaps|impossible|out of reach|fall through|falls through|break down|breaks down|lapse|run out|hold(?:s|ing)? out|dig(?:s)? in|"
    r"turn\w* .*\bdown|vot\w* .*\bdown|stay\w* (?:away|down|out|at home)|give (?:way|in)|say no|vote no|walk\w* (?:away|out)|drag|stall"
)
_CUES: tuple[tuple[re.Pattern[str], float], ...] = tuple(
    (re.compile(text), weight)
    for text, weight in (
        (r"\bfall(?:s|ing)? back (?:on|to)\b|\bfallback\b|\bplan b\b|\boption b\b|\bstop-?gap\b|\bsecond[- ]best\b|\bway out\b|\blast resort\b|\bsecond choice\b|\bsettle for\b", 4.0),
        (r"\b(?:second|other|another|different|third|easier|lesser) (?:route|(?<!other )way|option|possibility|plan|track|path|road|paper|drawer|course|scheme|case)\b", 3.0),
        (r"\binstead\b(?! of)|\balternatives?(?: (?:would|is|was|are|could|to|for|plan|arrangement|scheme|text|under|that|which|if)\b|[,.:;])|\bas a substitute\b|\bas an alternative\b|\bin (?:that|such an?|this) (?:case|event)\b|\bfailing agreement\b|\bin the absence of\b|\bwhat else\b|\bfor the worst\b|\bthere is talk of\b|\bfailing (?:that|this|\w+)\b", 3.0),
        (r"\botherwise\b|\bwithout [\w ]+?(?:’s|'s|s') (?:permission|consent|signature|approval|agreement|yes|nod|clearance)\b", 2.5),
        (r"\balone\b|\bon (?:its|their|his|her) own\b|\bby (?:itself|themselves)\b|\bunilaterally\b|\bwithout (?:it|them|him|her)\b", 2.5),
        (r"\b(?:need|require)s? (?:no\b|nobody)|\bnot (?:need|require)\b", 2.0),
        (r"\bif (?:it|they|he|she) (?:must|has to|have to|had to)\b|\bif need be\b|\bif necessary\b", 2.5),
        (rf"\b(?:if|should|were|in case|in the event)\b[^,;:]*\b(?:{_FAILING})", 2.5),
        (r"\b(?:smaller|slimmer|shorter|thinner|lighter|looser|narrower|simpler|scaled[- ]down|watered[- ]down|reduced|partial|in reserve|in hand|up (?:its|their|his|her) sleeves?)\b", 1.5),
        (r"\b(?:turn|switch|resort|go over) to\b|\bwould (?:have to )?rely on\b|\brather than\b|\bcould still\b", 1.5),
    )
)  # fmt: skip
_QUESTION = re.compile(
    r"\bwhat (?:if|then|next|remains|else|happens|would happen)\b.*\?|\bif\b.*\?|\bwhat (?:would|will|might|comes?|happens?|follows?) ?"
    r"(?:happen|follow|come)?s? (?:if|should|were|next|after|a no)\b"
)
"""What asks for the other case, which the next sentences then tell."""
_REPORTING = plan_words("reporting")
_IDLE = plan_words("idle")
_PASSED = plan_words("passed")
_TAKING = plan_words("taking")
_GENERIC = plan_words("generic")
_LIKELY = plan_words("likely")
_TO_NOUN = {"agree": ("on",), "think": ("of",), "aim": ("for",), "fall": ("on", "to"), "rely": ("on",), "turn": ("to",), "switch": ("to",), "resort": ("to",), "go": ("over", "to", "for"), "look": ("for", "to", "at"), "speak": ("of",), "opt": ("for",), "settle": ("for",), "move": ("to",), "confine": ("to",), "limit": ("to",), "restrict": ("to",), "take": (), "make": ("with",)}  # fmt: skip
_OTHER = frozenset(("other", "another", "second", "third", "different", "easier"))
_OTHER_WAYS = frozenset(("fallback", "alternative", "substitute", "route", "possibility", "option", "way", "drawer"))
_INTENT = frozenset(("intend", "plan", "mean"))
_BEGUN = frozenset(("start", "begin", "write", "open"))
_BEING = frozenset(("be", "remain", "exist"))
_FUTURE = frozenset(("would", "could", "will", "might", "may", "can"))
_LONGEST = 10
_MORE = 0.3
_SOME = 1.5
"""Weight of a cue behind which what there is or was prepared counts, and not only what would be done."""
FIRM = 2.5
"""Weight from which on a sentence is about the other case."""
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
            cues = sorted((weight for cue, weight in _CUES if cue.search(text.lower())), reverse=True)
            own = cues[0] + _MORE * (len(cues) - 1) if cues else 0.0
            asks = _QUESTION.search(text.lower()) is not None
            weight = own or promised
            to_come = any(p.lemmas[t] in _FUTURE | _INTENT for t in range(first, last + 1))
            tells = (own or to_come or promised >= _SURE) and not text.rstrip('”" ').endswith("?")
            words = _phrase(p, first, last, max(own, promised) >= _SOME) if tells else ""
            if words and _names_nothing(words):
                words, promised = "", _SURE + 0.5
                continue
            if words:
                found.append(Instead(words, weight + 0.5 * (to_come and weight > 0), text))
            held = promised if promised >= _SURE or not to_come else 0.0
            promised = _SURE + 0.5 if asks else 0.0 if words else own or held
    return sorted(reversed(found), key=lambda each: -each.weight)


def _names_nothing(words: str) -> bool:
    """Whether an alternative is only said to be there: "a plan for the other case", "a second drawer"."""
    head = re.split(r" (?:for|of|in|to) ", words)[0].split()
    return head[-1] in _GENERIC | _OTHER_WAYS and (len(head) < 2 or head[-2] in _OTHER | {"a", "an", "the"})


def _phrase(p: Parse, first: int, last: int, sure: bool = False) -> str:
    """What a sentence says would be done; unless it says surely that it is an alternative, no past or idle deed is one."""
    colon = next((t for t in range(first, last) if p.words[t] == ":"), -1)
    if colon > 0 and any(p.lower[t] in _OTHER_WAYS for t in range(first, colon)) and not _told_behind(p, colon, last):
        head = next(
            (
                t
                for t in range(colon + 1, last + 1)
                if p.pos[t] in ("NOUN", "PROPN") and p.deps[t] not in ("compound", "amod")
            ),
            -1,
        )
        return _noun(p, head, _LONGEST) if head > 0 else ""
    for verb in _main_verbs(p, first, last):
        told = _open(p, verb) or (sure and p.lemmas[verb] in _TAKING | _BEING and not negated(p, verb))
        if told and not conditional(p, verb) and (words := _done(p, verb)):
            return words
    return ""


def _open(p: Parse, verb: int) -> bool:
    """Whether a deed can be an alternative: it is to come, and no meeting, letter or expiry."""
    may = any(p.lemmas[c] in _FUTURE for c in p.having(verb, "aux"))
    helped = any(p.lower[c] in ("was", "were", "had", "has", "have") for c in p.having(verb, "aux", "auxpass"))
    past = not may and ((p.tags[verb] == "VBD" and p.lemmas[verb] != "be") or (p.tags[verb] == "VBN" and helped))
    asked = any(p.lower[c] in ("who", "what") for c in p.having(verb, "nsubj", "nsubjpass"))
    idle = p.lemmas[verb] in _IDLE and not _turned_to(p, verb) and not (may and p.lemmas[verb] in _BEGUN)
    return not past and not asked and not idle and not negated(p, verb)


def _main_verbs(p: Parse, first: int, last: int) -> Iterator[int]:
    """Verbs of a sentence's main clause, the reported one where it only reports."""
    tops = [t for t in range(first, last + 1) if p.heads[t] == t or p.heads[t] < first or p.heads[t] > last]
    colon = next((t for t in range(first, last) if p.words[t] == ":"), first)
    yield from (
        t for t in range(first, colon) if p.pos[t] == "VERB" and p.deps[t] in ("advcl", "ccomp") and p.heads[t] > colon
    )
    if colon > first:
        yield from _told_behind(p, colon, last)
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


def _told_behind(p: Parse, colon: int, last: int) -> list[int]:
    """Verbs of a clause of its own behind a colon."""
    behind = (
        t
        for t in range(colon + 1, last + 1)
        if p.pos[t] in ("VERB", "AUX") and p.child(t, "nsubj", "nsubjpass") > colon
    )
    return [t for t in behind if p.deps[t] not in ("relcl", "advcl", "acl") and not conditional(p, t)][:1]


def _done(p: Parse, verb: int, depth: int = 3) -> str:
    """What a verb says is done, as a noun phrase."""
    lemma, inner = p.lemmas[verb], _inner(p, verb)
    if inner >= 0 and lemma in _PASSED | _REPORTING and depth and not conditional(p, inner):
        return _done(p, inner, depth - 1)
    if found := _turned_to(p, verb) or _smaller(p, verb) or _passive(p, verb):
        return found
    subject = p.child(verb, "nsubj")
    if lemma in ("start", "begin") and subject >= 0 and p.pos[subject] == "NOUN":
        return _noun(p, subject, _LONGEST)
    if lemma in ("remain", "exist", "be") and (left := _there(p, verb)):
        return left
    objects = [c for c in p.having(verb, "dobj", "attr", "oprd") if p.pos[c] in ("NOUN", "PROPN")]
    if lemma in _TAKING and (not objects or " " in _noun(p, objects[0], _LONGEST)):
        return _noun(p, objects[0], _LONGEST) if objects else _called(p, verb)
    if lemma == "be":
        return _equated(p, verb) or _called(p, verb)
    if lemma == "have":
        smaller = (c for c in objects if p.child(c, "amod") >= 0 and p.tags[p.child(c, "amod")] in ("JJR", "JJS"))
        return next((_noun(p, c, _LONGEST) for c in smaller), "")
    if lemma in ("let", "allow") and inner >= 0 and (subject := p.child(inner, "nsubj")) >= 0:
        return f"{_noun(p, subject, 5)} {gerund(p.lemmas[inner])} {p.phrase(_behind(p, inner))}".strip()
    behind = _behind(p, verb)
    return f"{gerund(lemma)} {p.phrase(behind)}{_unasked(p, behind)}" if behind else ""


def _unasked(p: Parse, behind: list[int]) -> str:
    """What the "without it" behind a deed means: nobody knows any more whom "it" was."""
    after = behind[-1] + 1
    left_out = after + 1 < len(p) and p.lower[after] == "without" and p.lower[after + 1] in ("it", "them", "him", "her")
    return " without consent" if left_out else ""


def _equated(p: Parse, verb: int) -> str:
    """What is called the other way: "the sensible thing would be a seasonal arrangement", "a minority cabinet is the likeliest"."""
    subject, said = p.child(verb, "nsubj"), p.child(verb, "attr", "acomp")
    if min(subject, said) < 0:
        return ""
    if p.lemmas[subject] in _GENERIC and p.pos[said] in ("NOUN", "PROPN"):
        return _noun(p, said, _LONGEST)
    likely = p.lower[said] in _LIKELY or any(p.lower[c] in _LIKELY for c in p.children[said])
    return _noun(p, subject, _LONGEST) if likely and p.pos[subject] == "NOUN" else ""


def _noun(p: Parse, head: int, longest: int) -> str:
    return articled(p, head, noun_phrase(p, head, longest))


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
                return _noun(p, c, _LONGEST)
    return ""


def _there(p: Parse, verb: int) -> str:
    """What there is: "there remains the bridge", "there is talk of a smaller arrangement"."""
    if p.child(verb, "expl") < 0:
        return ""
    found = p.child(verb, "attr", "nsubj", "dobj")
    if found >= 0 and p.lemmas[found] == "talk":
        found = next((c for prep in p.having(found, "prep") for c in p.having(prep, "pobj")), -1)
    denied = found >= 0 and any(p.lower[c] == "no" for c in p.children[found])
    return _noun(p, found, _LONGEST) if found >= 0 and not denied else ""


def _smaller(p: Parse, verb: int) -> str:
    """ "A smaller one" as it stands."""
    ones = (c for c in p.having(verb, "dobj") if p.lower[c] in ("one", "ones"))
    return next((articled(p, c, p.phrase([*p.having(c, "amod"), c])) for c in ones if p.child(c, "amod") >= 0), "")


def _passive(p: Parse, verb: int) -> str:
    """What is done to something: "the railway led through Iran"."""
    subject = p.child(verb, "nsubjpass")
    if subject < 0 or p.pos[subject] not in ("NOUN", "PROPN"):
        return ""
    return articled(p, subject, trimmed(p, [*_before(p, subject), *_behind(p, verb, with_verb=True)], _LONGEST))


def _called(p: Parse, verb: int) -> str:
    """The noun within a clause that stands for what is done: "what they call staged integration"."""
    for c in p.having(verb, "dobj", "ccomp", "xcomp"):
        called = [t for t in p.subtree(c) if p.lemmas[t] == "call" and p.child(t, "oprd") >= 0]
        for node in (d for t in called or [c] for d in p.subtree(t) if d > t):
            if (called or p.deps[node] in ("oprd", "dobj", "attr")) and p.pos[node] in ("NOUN", "PROPN"):
                return _noun(p, node, _LONGEST)
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
    while tokens and (
        p.pos[tokens[-1]] in ("ADP", "DET", "CCONJ", "SCONJ", "PRON", "PART") or p.lower[tokens[-1]] in BESIDE
    ):
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
    short = re.fullmatch(r"[^aeiou]*[aeiou][bdglmnprt]|.*(?:trol|pel|fer|mit|gin|cur)", lemma)
    return lemma + (lemma[-1] if short else "") + "ing"
