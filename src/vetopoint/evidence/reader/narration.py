"""What the article says itself: a statement for each clause that carries an edge, and for what it says an actor should do.

In a comment, whose writer judges and advises, every clause about how things stand is a statement as well; bare events are none.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from vetopoint.evidence.reader import phrases
from vetopoint.evidence.reader.edges import FoundEdge
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.people import Actors
from vetopoint.evidence.reader.pieces import coordinate, is_question
from vetopoint.evidence.reader.weighing import weighed

_WRITER = frozenset(("i", "my", "me"))
_ENOUGH = 2
_LEAST_WORDS = 6
_DUE = frozenset(("should", "must", "ought", "shall"))
_MUST = frozenset(("have", "need"))


@dataclass(frozen=True)
class Statement:
    """Tokens of a clause of the article's own, the edges that it carries, and the rule that found it."""

    tokens: tuple[int, ...]
    edges: tuple[FoundEdge, ...]
    rule: str


def narrated(
    p: Parse, loose: Sequence[FoundEdge], reported: Sequence[frozenset[int]], actors: Actors, *, comment: bool = False
) -> Iterator[Statement]:
    """The article's own statements in a stretch.

    Parameters
    ----------
    loose : the edges that nobody is reported to say.
    reported : all tokens of each report.
    comment : whether the article is a comment, as `is_comment` tells.
    """
    taken = {t for tokens in reported for t in tokens}
    for first, last in p.sentences():
        mine = [edge for edge in loose if edge.sentence == (first, last)]
        pieces = [tuple(piece) for piece in coordinate(p, first, last)] if mine or comment else []
        for piece in pieces:
            carried = [edge for edge in mine if _home(edge, pieces) == piece]
            if carried and not is_question(p, piece):
                yield Statement(piece, tuple(carried), f"edge-{carried[0].pattern}")
            elif comment and taken.isdisjoint(piece) and _states(p, piece):
                yield Statement(piece, (), "narrator")
        silent = taken.isdisjoint(range(first, last + 1)) and not any(t in p.quotes for t in (first, last))
        if not mine and not comment and silent and _prescribes(p, first, last, actors):
            yield Statement(tuple(range(first, last + 1)), (), "narrator")


def is_comment(parses: Sequence[Parse]) -> bool:
    """Whether a document's narrator judges and advises: he says "I", or at least twice what should be done or what it is wrong to think."""
    told = 0
    for p in parses:
        for t, (head, word) in enumerate(zip(p.heads, p.lower, strict=True)):
            if head == t and p.pos[t] in phrases.VERBAL and t not in p.quotes:
                told += _advises(p, t)
            elif word in _WRITER and t not in p.quotes and p.deps[t] in ("nsubj", "poss", "dobj", "pobj"):
                told += 1
            if told >= _ENOUGH:
                return True
    return False


def _advises(p: Parse, root: int) -> bool:
    """ "They should at least stop", "there is little reason to think that", "it would be wrong to say that"."""
    if any(p.lower[c] in ("should", "ought") for c in p.having(root, "aux")):
        return True
    return p.lemmas[root] == "be" and (found := weighed(p, root, "be")) is not None and not found.source


def _states(p: Parse, piece: Sequence[int]) -> bool:
    """Whether a clause says how things stand, will or must be: it is in the present, of some length, and no question."""
    if (
        is_question(p, piece)
        or any(t in p.quotes for t in piece)
        or sum(p.words[t].isalpha() for t in piece) < _LEAST_WORDS
    ):
        return False
    inside = set(piece)
    root = next((t for t in piece if p.pos[t] in phrases.VERBAL and (p.heads[t] == t or p.heads[t] not in inside)), -1)
    if root < 0 or not p.having(root, "nsubj", "nsubjpass", "expl", "csubj"):
        return False
    helpers = {p.tags[c] for c in p.having(root, "aux", "auxpass")}
    return not {"MD", "VBZ", "VBP"}.isdisjoint({p.tags[root], *helpers})


def _home(edge: FoundEdge, pieces: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """The clause that holds most of an edge's words."""
    return max(pieces, key=lambda piece: len(frozenset(piece) & frozenset(edge.tokens)))


def _prescribes(p: Parse, first: int, last: int, actors: Actors) -> bool:
    """Whether the main clause of a sentence says what an actor should do: "the Union should build a second door"."""
    root = next((t for t in range(first, last + 1) if p.heads[t] == t and p.pos[t] in phrases.VERBAL), -1)
    if root < 0 or is_question(p, range(first, last + 1)) or not _is_due(p, root):
        return False
    subject = p.child(root, "nsubj", "nsubjpass")
    core = [t for t in p.subtree(subject) if t <= subject] if first <= subject < root else []
    return bool(actors.mentions([p.words[t] for t in core]))


def _is_due(p: Parse, verb: int) -> bool:
    if any(p.lower[c] in _DUE for c in p.having(verb, "aux")):
        return True
    return p.lemmas[verb] in _MUST and p.tags[verb] in ("VBZ", "VBP") and p.child(verb, "xcomp") > verb
