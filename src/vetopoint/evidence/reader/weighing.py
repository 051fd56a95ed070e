"""Belief and disbelief said in several words: "sees no sign that", "has grave doubts that", "finds it hard to believe that", "takes it for granted that".

With nobody before them they are the text's own judgement: "there is little reason to think that", "it would be wrong to say that".
"""

from itertools import pairwise

from vetopoint.evidence.reader import phrases
from vetopoint.evidence.reader.lexicon import words_for
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.polarity import Sign, is_negative, own_sign
from vetopoint.evidence.reader.relation import Relation, attributed

WEIGHED = "weighed"
"""The rule of these relations."""
_SCARCE = frozenset(("no", "little", "few", "scant"))
_FAR = (("far", "from"), ("less", "than"), ("anything", "but"))
_GRANTED = (("for", "granted"), ("as", "given"), ("as", "read"))


def weighed(p: Parse, v: int, lemma: str) -> Relation | None:
    """The relation in which a verb with its noun, its adjective or its "it" says how likely something is taken to be."""
    if lemma == "be":
        return _of_being(p, v)
    if lemma != "take" and lemma not in words_for("having") and lemma not in words_for("finding"):
        return None
    noun = p.child(v, "dobj")
    if noun > v and lemma in words_for("having") and _is_sight(p, noun):
        return _sighted(p, v, noun, phrases.subject(p, v))
    if lemma == "take" and _is_granted(p, v, noun):
        return _whole(p, v, [v, noun, noun + 1, noun + 2], [*p.having(v, "ccomp"), *p.having(noun + 2, "ccomp")])
    hard = p.child(v, "ccomp", "xcomp", "oprd")
    if lemma in words_for("finding") and hard > v and p.lower[hard] in words_for("hard"):
        inner = _belief(p, p.having(hard, "advcl", "xcomp", "ccomp"))
        return _whole(p, v, [*phrases.group(p, v), *range(p.lefts[hard], inner + 1)], p.having(inner, "ccomp"))
    return None


def is_weighing(p: Parse, v: int) -> bool:
    """Whether a verb of thinking is part of such a judgement: *believe* of "it is hard to believe that"."""
    head = p.heads[v]
    if (
        p.tags[v] != "VB"
        or p.lemmas[v] not in words_for("belief")
        or p.deps[v] not in ("acl", "relcl", "xcomp", "advcl")
    ):
        return False
    if _is_sight(p, head):
        return p.lemmas[p.heads[head]] in words_for("having") or p.lemmas[p.heads[head]] == "be"
    hard = head if p.lower[head] in words_for("hard") else p.child(head, "acomp")
    return hard >= 0 and p.lower[hard] in words_for("hard") and p.lower[max(p.child(head, "nsubj"), 0)] == "it"


def sign(p: Parse, relation: Relation) -> Sign:
    """Whether what is weighed is believed (1) or not (−1), the negation within it included."""
    v = relation.head
    clause = next((t for t in relation.content if p.heads[t] not in relation.content), relation.content[0])
    own = own_sign(p, clause) if p.pos[clause] in phrases.VERBAL else 1
    return 1 if own * own_sign(p, v) * _leaning(p, relation) > 0 else -1


def _leaning(p: Parse, relation: Relation) -> int:
    """−1 where the noun or adjective of the cue disbelieves: "few signs", "doubts", "hard to", "far from certain"."""
    noun = p.child(relation.head, "dobj", "attr")
    if noun > relation.head and _is_sight(p, noun):
        scarce = any(p.lower[c] in _SCARCE for c in p.having(noun, "det", "amod")) and not is_negative(p, noun)
        return -1 if scarce != (p.lemmas[noun] in words_for("doubt")) else 1
    told = [p.lower[t] for t in relation.cue]
    far = any(pair in _FAR for pair in pairwise(told))
    return -1 if far or not words_for("hard").isdisjoint(told) else 1


def _is_sight(p: Parse, noun: int) -> bool:
    return p.lemmas[noun] in words_for("sight") or p.lemmas[noun] in words_for("doubt")


def _is_granted(p: Parse, v: int, thing: int) -> bool:
    """ "Take it for granted", "take it as read"."""
    return thing == v + 1 and p.lower[thing] == "it" and tuple(p.lower[thing + 1 : thing + 3]) in _GRANTED


def _belief(p: Parse, below: list[int]) -> int:
    """The verb of thinking among some infinitives, or −1."""
    return next((c for c in below if p.lemmas[c] in words_for("belief")), -1)


def _whole(p: Parse, v: int, cue: list[int], clauses: list[int]) -> Relation | None:
    """The relation with the first whole clause of some behind its cue."""
    said = next((c for c in clauses if c > max(cue) and phrases.whole(p, c)), -1)
    source = phrases.subject(p, v)
    if said < 0 or not source or phrases.supposed(p, v):
        return None
    return attributed(p, source, sorted({*cue}), p.subtree(said), WEIGHED, v, "think")


def _sighted(p: Parse, v: int, noun: int, source: list[int]) -> Relation | None:
    """What stands behind "sign", "doubt", "reason to believe", "way of": a clause, or the noun with its gerund."""
    cue = [*phrases.group(p, v), *range(p.lefts[noun] if p.lefts[noun] > v else noun, noun + 1)]
    inner = _belief(p, p.having(noun, "acl", "relcl", "xcomp"))
    below = (
        p.having(inner, "ccomp") if inner >= 0 else [*p.having(noun, "acl", "ccomp", "relcl"), *p.having(v, "ccomp")]
    )
    said = next((c for c in below if c > noun and phrases.whole(p, c) and phrases.finite(p, c)), -1)
    scarce = own_sign(p, v) < 0 or any(p.lower[c] in _SCARCE for c in p.having(noun, "det", "amod"))
    if said >= 0 and inner < 0 and not source and not scarce and p.lemmas[noun] not in words_for("doubt"):
        return None  # "there were signs that they would talk": a fact, weighed by nobody
    if said >= 0:
        return attributed(
            p, source, sorted({*cue, *range(noun, max(noun, inner) + 1)}), p.subtree(said), WEIGHED, v, "think"
        )
    preps = [*p.having(noun, "prep"), *(c for c in p.having(v, "prep") if c == noun + 1)]
    of = next((c for c in preps if p.lower[c] in ("of", "for", "in") and p.child(c, "pcomp") > c), -1)
    if of < 0 or not source:
        return None
    return attributed(p, source, phrases.group(p, v), sorted({*p.subtree(noun), *p.subtree(of)}), WEIGHED, v, "think")


def _of_being(p: Parse, v: int) -> Relation | None:
    noun = p.child(v, "attr")
    if noun > v and p.child(v, "expl") >= 0 and _is_sight(p, noun):
        return _sighted(p, v, noun, [])
    subject, adjective = p.child(v, "nsubj"), p.child(v, "acomp")
    if subject >= 0 and p.lower[subject] == "it" and adjective > v and p.lower[adjective] in words_for("hard"):
        inner = _belief(p, [*p.having(v, "xcomp", "advcl"), *p.having(adjective, "xcomp", "advcl")])
        said = next((c for c in p.having(inner, "ccomp") if phrases.whole(p, c)), -1) if inner >= 0 else -1
        return attributed(p, [], list(range(v, inner + 1)), p.subtree(said), WEIGHED, v, "think") if said >= 0 else None
    far = v + 1
    scarcely = tuple(p.lower[far : far + 2]) in _FAR and p.tags[min(far + 2, len(p) - 1)] in ("JJ", "VBN", "VBD")
    return (
        _whole(p, v, [v, far, far + 1, far + 2], [*p.having(v, "ccomp"), *p.having(far + 2, "ccomp")])
        if scarcely
        else None
    )
