"""Names and posts: "the defence minister, Ada Holm," is Ada Holm, who is defence minister; and where a source phrase ends."""

from collections.abc import Sequence
from dataclasses import dataclass

from vetopoint.evidence.reader.lexicon import sourcewords
from vetopoint.evidence.reader.parse import Parse

_TITLES = frozenset(
    ("mr", "mr.", "ms", "ms.", "mrs", "mrs.", "miss", "dr", "dr.", "sir", "lord", "lady", "madam", "prof", "prof.")
)
_PARTICLES = frozenset(
    ("de", "da", "di", "del", "della", "van", "von", "der", "den", "al", "el", "bin", "ben", "ibn", "la", "le", "-")
)
_CLAUSES = ("relcl", "acl", "advcl")
_LONGEST_NAME = 6
_LONGEST_POST = 12


@dataclass(frozen=True)
class Named:
    """A person's name as tokens, and the post that stands beside it as text ("" where there is none)."""

    name: tuple[int, ...]
    post: str


def ended(p: Parse, tokens: Sequence[int], head: int) -> list[int]:
    """A source phrase up to the participle or relative clause that a comma parts from it: "the envoy of A, recalling that"."""
    inside = set(tokens)
    for token in tokens:
        clause = p.deps[token] in _CLAUSES or (p.tags[token] == "VBG" and p.pos[token] == "VERB")
        first = p.lefts[token]
        if (
            clause
            and token > head
            and first - 1 in inside
            and first - 1 > head
            and p.words[first - 1] in (",", "—", "–", "(")
        ):
            return [t for t in tokens if t < first - 1]
    return list(tokens)


def clear(p: Parse, tokens: Sequence[int], head: int) -> list[int]:
    """A source phrase of which the parser made a clause ("it may fail, though its envoy, Ada Holm, denies"): its last part."""
    inside = set(tokens)
    loose = {t for c in tokens if p.deps[c] in ("relcl", "acl") and c != head for t in p.subtree(c)}
    if not any(p.tags[t] in ("VBD", "VBZ", "VBP", "MD") and t not in loose for t in tokens if t != head):
        return list(tokens)
    part: list[int] = []
    for token in reversed(tokens):
        if p.pos[token] in ("SCONJ", "CCONJ", "VERB", "AUX"):
            break
        part.insert(0, token)
    good = any(p.pos[t] in ("NOUN", "PROPN") and t in inside for t in part)
    return part if good else list(tokens)


def named(p: Parse, tokens: Sequence[int], head: int, bodies: frozenset[int]) -> Named | None:
    """Name and post of a person whom a source phrase names, if it does.

    Parameters
    ----------
    bodies : tokens that name countries, outlets and the like, which are no persons.
    """
    if p.pos[head] == "PROPN":
        return _post_beside(p, tokens, head, bodies)
    if not _is_post(p, head):
        return None
    run = _behind(p, tokens, head, bodies) or _in_front(p, tokens, bodies)
    return Named(tuple(run), _post(p, head)) if run else None


def _is_post(p: Parse, token: int) -> bool:
    if p.pos[token] == "NOUN" and p.lower[token].endswith(("master", "man", "woman", "keeper", "maker", "holder")):
        return True
    return sourcewords().get(p.lemmas[token]) in ("role", "unnamed") or sourcewords().get(p.lower[token]) == "role"


def _run(p: Parse, start: int, step: int = 1) -> list[int]:
    """The proper names from a token on, leftwards or rightwards."""
    found: list[int] = []
    at = start
    while 0 <= at < len(p) and len(found) < _LONGEST_NAME and "\n" not in p.words[at]:
        linked = found and p.lower[at] in _PARTICLES
        if p.pos[at] != "PROPN" and not linked and p.lower[at] not in _TITLES:
            break
        found.append(at)
        at += step
    found.sort()
    while found and p.lower[found[0]] in _PARTICLES and not p.words[found[0]][:1].isupper():
        found.pop(0)
    while found and p.lower[found[-1]] in _PARTICLES:
        found.pop()
    return found


def _behind(p: Parse, tokens: Sequence[int], head: int, bodies: frozenset[int]) -> list[int]:
    """The name behind a post, with or without a comma: "the minister for trade, Ada Holm,"."""
    last = max(tokens)
    for at in range(head + 1, min(head + _LONGEST_POST, last + 2, len(p) - 1)):
        if p.words[at] != "," and at != head + 1:
            if p.pos[at] in ("VERB", "AUX", "PUNCT"):
                return []
            continue
        run = _run(p, at + 1 if p.words[at] == "," else at)
        if run and not bodies.intersection(run) and not _organises(p, run):
            after = run[-1] + 1
            closed = (
                after >= len(p)
                or p.words[after] in (",", ".", ")", ";")
                or p.pos[after] in ("VERB", "AUX", "PUNCT")
                or p.lower[after] in ("who", "also", "has")
            )
            return run if closed else []
        if p.words[at] == ",":
            return []
    return []


def _in_front(p: Parse, tokens: Sequence[int], bodies: frozenset[int]) -> list[int]:
    """The name before a post: "Ada Holm, the prime minister, conceded"."""
    at = tokens[0] - 1
    if at < 1 or p.words[at] != "," or p.sents[at] != p.sents[tokens[0]]:
        return []
    run = _run(p, at - 1, -1)
    if not run or bodies.intersection(run) or _organises(p, run):
        return []
    before = run[0] - 1
    opens = before < 0 or p.sents[before] != p.sents[run[0]] or p.pos[before] in ("PUNCT", "SPACE", "CCONJ", "SCONJ")
    return run if opens else []


def _organises(p: Parse, run: Sequence[int]) -> bool:
    return any(sourcewords().get(p.lower[t]) == "collective" for t in run)


def _post_beside(p: Parse, tokens: Sequence[int], head: int, bodies: frozenset[int]) -> Named | None:
    """A name with its post before it or, as an apposition, behind it."""
    run = sorted({*_run(p, head, -1), *_run(p, head)} & set(tokens))
    if not run or head in bodies or _organises(p, run):
        return None
    posts = [t for t in run if _is_post(p, t) and t != run[-1]]
    if posts:
        name = [t for t in run if t > posts[-1]]
        return Named(tuple(name), p.phrase([t for t in run if t <= posts[-1]]).lower()) if name else None
    first = run[0]
    front = [t for t in tokens if t < first]
    before = [t for t in front if _is_post(p, t)]
    if before:
        if p.lower[before[-1] + 1] in ("of", "for") and p.pos[first - 1] in ("ADP", "DET") and len(run) >= 3:
            # "Deputy Minister of Energy Elnur Safarli": the last two words are the name.
            return Named(tuple(run[-2:]), p.phrase([*before, *range(before[-1] + 1, run[-2])]).lower())
        if p.lower[first - 1] in ("of", "for", "in", "at", "the"):
            return None
        return Named(tuple(run), _post(p, before[-1]))
    if p.lower[first - 1] in ("of", "for", "in", "from", "at") and front:
        return None
    behind = [t for t in tokens if t > run[-1] and _is_post(p, t)]
    return Named(tuple(run), _post(p, behind[0]) if behind else "")


def _post(p: Parse, head: int) -> str:
    """A post without article, owner and nation: "defence minister"."""
    first = head
    while first > 0 and p.heads[first - 1] in range(first, head + 1) and p.deps[first - 1] in ("compound", "amod"):
        if p.pos[first - 1] == "PROPN" or p.words[first - 1][:1].isupper():
            break
        first -= 1
    return p.phrase(range(first, head + 1)).lower()
