"""On whose word: claims, origins, who has no voice, what is judgement."""

import re
from collections.abc import Iterator, Sequence

from vetopoint.answers import Answers, ClaimAnswer, EvidenceSection
from vetopoint.view.names import Names
from vetopoint.view.numbers import count, listed, plural
from vetopoint.view.sentences._base import Sentence

_MARKER = re.compile(
    r"(?:only )?(?:if|unless|until|provided|providing|when|without|as long as|so long as|in the event|on condition|should|once)\b",
    re.I,
)


def evidence_sentences(answers: Answers, names: Names) -> Iterator[Sentence]:
    """Say how many claims stand on how many origins, who has no voice, and how many inputs are judgement."""
    yield Sentence(claims_phrase(answers), "evidence")
    yield Sentence(judged_phrase(answers), "origins")
    if structure := structure_phrase(answers.evidence):
        yield Sentence(structure, aside=True)
    voice = voice_phrase(answers, names)
    if voice:
        yield Sentence(voice, "evidence")


def claims_phrase(answers: Answers) -> str:
    """Say how many claims come from how many origins."""
    e = answers.evidence
    if not e.claims:
        return "The case names no claims: nobody outside it is quoted"
    words = (
        f"{count(len(e.claims), 'claim')} from {origins_phrase(e)} "
        f"({count(e.mentions, 'mention')}; claims that repeat one another count once)"
    )
    if e.unnamed_origins:
        origins, are = plural(e.origins, "origin"), "is" if e.unnamed_origins == 1 else "are"
        words += f"; {e.unnamed_origins} of the {e.origins} {origins} {are} unnamed"
    return words


def origins_phrase(e: EvidenceSection) -> str:
    """Say how many origins there are; those that reach us through one document are not called independent of each other."""
    within: dict[str, set[str]] = {}
    for claim in e.claims:
        within.setdefault(claim.source, set()).add(claim.origin)
    if any(len(own) > 1 for own in within.values()):
        return f"{count(e.origins, 'origin')} as told in {count(len(within), 'document')}"
    return count(e.origins, "independent origin" if e.origins > 1 else "origin")


def condition_phrase(claim: ClaimAnswer, claims: Sequence[ClaimAnswer]) -> str:
    """Say on what a claim hangs, with its "if"; empty where it hangs on nothing. A condition may be the id of the claim that states it."""
    stated = next((" … ".join(c.words) for c in claims if c.id == claim.condition), claim.condition)
    words = " ".join(stated.split())
    return words if not words or _MARKER.match(words) else f"if {words}"


def structure_phrase(e: EvidenceSection) -> str:
    """Say how many numbers are neither read nor judged, but written into the structure of the case; empty where none is."""
    parts = [count(n, noun) for n, noun in ((e.dates, "date"), (e.coefficients, "fixed coefficient")) if n]
    are = "is" if e.dates + e.coefficients == 1 else "are"
    return f"{listed(parts)} {are} part of the structure: set by the case, not found" if parts else ""


def judged_phrase(answers: Answers) -> str:
    """Say how many inputs are judgement."""
    e = answers.evidence
    prompted = sum(i.origin == "judged, prompted by text" for i in e.inputs)
    rest = f", {prompted} of them prompted by a text" if prompted else ""
    if e.judged == e.total:
        return f"all {e.total} inputs are judgement{rest}; none is read from a text without it"
    return f"{e.judged} of {e.total} inputs are judgement{rest}; the others are read from a source"


def voice_phrase(answers: Answers, names: Names) -> str:
    """Say which actors are spoken about and never speak."""
    if not answers.run.voiceless:
        return ""
    if not answers.evidence.claims:
        return "no actor has a voice in it, what each wants is the analyst's word"
    who = [names.within(a) for a in answers.run.voiceless]
    if len(who) == 1:
        one = answers.run.voiceless[0]
        has, its = names.agree(one, "has", "have"), names.they(one, "its", "their")
        want = names.they(one, "it wants", "they want")
        return f"{who[0]} {has} no voice of {its} own in the sources: what {want} is said by others"
    return f"{listed(who)} have no voice of their own in the sources: what they want is said by others"
