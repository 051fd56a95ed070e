"""What an attribution is: source, cue and content as sets of tokens, the scheme of the attribution corpora (PDTB, PARC, PolNeAR)."""

from collections.abc import Sequence
from dataclasses import dataclass

from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.phrases import FIRST

_OPEN_ENDED = ("clause", "infinitive", "object", "preposition", "adjective")
_MARKS = (",", ".", ";", "—", "–", "-", ":")


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


def attributed(
    p: Parse, source: Sequence[int], cue: Sequence[int], content: Sequence[int], rule: str, head: int, lemma: str
) -> Relation | None:
    """A relation cut to its words, if anything is left of its content once source and cue are taken out."""
    body = trimmed(p, [t for t in content if t not in cue])
    who = trimmed(p, [t for t in source if t not in cue])
    while len(who) > 1 and p.lower[who[0]] in ("even", "only", "perhaps"):
        who = who[1:]
    if (lemma, [p.lower[t] for t in who]) in (("say", ["that"]), ("know", ["you"])):
        return None  # "That said, …" and "you know" attribute nothing.
    said = [t for t in body if t not in who]
    if not said or not cue or (len(said) < len(body) and len(set(said)) < 2):
        return None
    quote = p.quotes.of(said[-1])
    if rule in _OPEN_ENDED and quote is not None and quote.closed and max(cue) < quote.first >= said[0]:
        # The parser ends sentences within quotations; what is quoted is said to its closing mark.
        said += range(said[-1] + 1, quote.last + 1)
    return Relation(tuple(who), tuple(cue), tuple(said), rule, head, lemma, voice=_voice(p, rule, who, cue[0]))


def _voice(p: Parse, rule: str, who: list[int], cue: int) -> str:
    quote = p.quotes.of(cue)
    if quote is not None and quote.last - quote.first > 3:
        return "quoted"
    if rule == "credit":
        return "credit"
    ours = rule in ("clause", "parenthetical") and who and all(p.lower[t] in FIRST[1:] for t in who)
    return "first" if ours else "reported"


def trimmed(p: Parse, tokens: list[int]) -> list[int]:
    """Drop punctuation and blanks at both ends, quotation marks excepted."""

    def idle(token: int) -> bool:
        return p.pos[token] == "SPACE" or p.words[token] in _MARKS

    first, last = 0, len(tokens)
    while last > first and (idle(tokens[last - 1]) or (p.deps[tokens[last - 1]] == "cc" and last > 1)):
        last -= 1
    while first < last and idle(tokens[first]):
        first += 1
    return tokens[first:last]


def enclosing(relations: Sequence[Relation]) -> list[list[int]]:
    """For each relation the others in whose content its cue stands, while theirs does not stand in its own, the closest first."""
    bodies = [frozenset(relation.content) for relation in relations]
    cues = [relation.cue[0] for relation in relations]
    return [
        sorted(
            [other for other, body in enumerate(bodies) if cue in body and other != mine and cues[other] not in own],
            key=lambda other: len(bodies[other]),
        )
        for mine, (cue, own) in enumerate(zip(cues, bodies, strict=True))
    ]
