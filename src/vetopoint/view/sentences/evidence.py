"""On whose word: claims, origins, who has no voice, what is judgement."""

from collections.abc import Iterator

from vetopoint.answers import Answers
from vetopoint.view.names import Names
from vetopoint.view.numbers import count, listed, plural
from vetopoint.view.sentences._base import Sentence


def evidence_sentences(answers: Answers, names: Names) -> Iterator[Sentence]:
    """Say how many claims stand on how many origins, who has no voice, and how many inputs are judgement."""
    yield Sentence(claims_phrase(answers), "evidence")
    yield Sentence(judged_phrase(answers), "origins")
    voice = voice_phrase(answers, names)
    if voice:
        yield Sentence(voice, "evidence")


def claims_phrase(answers: Answers) -> str:
    """Say how many claims come from how many independent origins."""
    e = answers.evidence
    if not e.claims:
        return "The case names no claims: nobody outside it is quoted"
    words = (
        f"{count(len(e.claims), 'claim')} from {count(e.origins, 'independent origin')} "
        f"({count(e.mentions, 'mention')}; claims that repeat one another count once)"
    )
    if e.unnamed_origins:
        origins, are = plural(e.origins, "origin"), "is" if e.unnamed_origins == 1 else "are"
        words += f"; {e.unnamed_origins} of the {e.origins} {origins} {are} unnamed"
    return words


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
    who = [names.actor(a) for a in answers.run.voiceless]
    if len(who) == 1:
        return f"{who[0]} has no voice of its own in the sources: what it wants is said by others"
    return f"{listed(who)} have no voice of their own in the sources: what they want is said by others"
