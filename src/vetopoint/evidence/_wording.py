"""What an edge speaks of, in the words of the text: the plan that is stopped, the thing that undoes it."""

from __future__ import annotations

from collections.abc import Sequence

from vetopoint.evidence._actors import Actors
from vetopoint.evidence._parse import Parse
from vetopoint.evidence.claim import Edge

__all__ = ["joined", "worded"]

_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass")
_LONGEST = 30


def worded(parse: Parse, tokens: Sequence[int], edge: Edge, actors: Actors) -> Edge:
    """Fill an edge's `plan` (of a risk its `what`) from the clause that carries it, where the tree shows it.

    Parameters
    ----------
    tokens : the tokens over which the edge's pattern ran.
    """
    if edge.kind in ("requires", "veto", "threat") and not edge.plan:
        found = _spoken_of(parse, tokens, edge.actor, actors)
        return edge.model_copy(update={"plan": found}) if found else edge
    if edge.kind == "risk":
        found = next((words for verb in _verbs(parse, tokens) if (words := _subject(parse, verb, "", actors))), "")
        return edge.model_copy(update={"what": found}) if found else edge
    return edge


def _spoken_of(parse: Parse, tokens: Sequence[int], actor: str, actors: Actors) -> str:
    for verb in _verbs(parse, tokens):
        subject = parse.child(verb, *_SUBJECTS)
        if subject >= 0 and _names(parse, subject, actor, actors):
            found = _object(parse, verb, actor, actors)
        elif subject >= 0 and parse.lower[subject] == "it":
            found = _object(parse, verb, actor, actors, "xcomp")
        elif subject < 0:
            found = _object(parse, verb, actor, actors)
        else:
            found = _subject(parse, verb, actor, actors)
        if found:
            return found
    return ""


def _verbs(parse: Parse, tokens: Sequence[int]) -> list[int]:
    """The verbs of the stretch, the topmost first, and the one above it."""
    inside = set(tokens)
    verbs = [t for t in tokens if parse.pos[t] in ("VERB", "AUX") and parse.deps[t] not in ("aux", "auxpass")]
    above = [
        parse.heads[t] for t in tokens if parse.heads[t] not in inside and parse.pos[parse.heads[t]] in ("VERB", "AUX")
    ]
    tops = [t for t in verbs if parse.heads[t] not in inside or parse.heads[t] == t]
    return list(dict.fromkeys((*tops, *verbs, *above)))


def _subject(parse: Parse, verb: int, actor: str, actors: Actors) -> str:
    subject = parse.child(verb, *_SUBJECTS)
    if subject < 0 or (actor and _names(parse, subject, actor, actors)):
        return ""
    return _words(parse, subject)


def _object(parse: Parse, verb: int, actor: str, actors: Actors, *labels: str) -> str:
    for child in parse.having(verb, *(labels or ("dobj",))):
        if not _names(parse, child, actor, actors):
            return _words(parse, child)
    return ""


def _names(parse: Parse, node: int, actor: str, actors: Actors) -> bool:
    """Whether the phrase is the actor itself (its head stands in the actor's name), or leans on it alone."""
    words = parse.subtree(node)
    return any(
        mention.actor == actor and words[mention.first] <= node <= words[mention.last]
        for mention in actors.mentions([parse.words[t] for t in words])
    )


def _words(parse: Parse, node: int) -> str:
    if parse.pos[node] in ("PRON", "DET") or parse.tags[node] in ("WDT", "WP", "EX"):
        return ""
    kept: list[int] = []
    for token in parse.subtree(node):
        if parse.words[token] in (",", ";", "—", "–", "--") and token > node:
            break
        kept.append(token)
    while kept and (parse.pos[kept[-1]] in ("PUNCT", "SPACE") or parse.lower[kept[-1]] == "without"):
        kept.pop()
    while kept and (parse.pos[kept[0]] in ("PUNCT", "SPACE") or parse.lower[kept[0]] in ("that", "to")):
        kept.pop(0)
    if not kept or len(kept) > _LONGEST:
        return ""
    return joined(parse, kept)


def joined(parse: Parse, tokens: Sequence[int]) -> str:
    """Tokens as the text writes them, a blank where it has one or leaves words out."""
    text = ""
    for token in tokens:
        gap = " " if text and parse.starts[token] > parse.ends[token - 1] else ""
        text += gap + parse.words[token]
    return " ".join(text.split())
