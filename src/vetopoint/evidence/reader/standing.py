"""How a clause stands: affirmed or denied by all the words on its way up, asserted or only supposed, and under which modal verb."""

from dataclasses import dataclass

from vetopoint.evidence.reader.holders import SUBJECTS
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.roles import nobody, only, roles

_NEVER = frozenset(("never", "hardly", "scarcely", "barely", "seldom", "rarely", "nowhere", "neither", "nor"))
_NO_WAY = frozenset(("mean", "means", "way", "time", "account", "circumstance", "circumstances", "event"))
_SUPPOSED = frozenset(("if", "whether", "unless", "should"))
_MODALS = {"wo": "will", "ca": "can", "'ll": "will", "’ll": "will", "'d": "would", "’d": "would", "sha": "shall"}
_THROUGH = frozenset(
    [
        "ccomp",
        "xcomp",
        "pcomp",
        "acl",
        "csubj",
        "csubjpass",
        "attr",
        "acomp",
        "dobj",
        "oprd",
        "prep",
        "pobj",
        "nsubj",
        "nsubjpass",
        "dep",
        "relcl",
        "advcl",
        "agent",
    ]
)
_DEEP = 16


@dataclass(frozen=True)
class Standing:
    """``sign`` is −1 where the words above deny the clause; ``asserted`` is False under *if*, *not say*, *urge*."""

    sign: int
    asserted: bool


def modals(p: Parse, verb: int) -> frozenset[str]:
    """The modal verbs of a clause, and the lemmas and roles of the verbs that govern it as an infinitive."""
    found: set[str] = set()
    node = verb
    for _ in range(4):
        found |= {_MODALS.get(p.lower[c], p.lower[c]) for c in p.having(node, "aux", "auxpass")}
        if p.deps[node] == "conj" and not p.having(node, "aux", "auxpass", *SUBJECTS):
            node = p.heads[node]
        elif p.deps[node] in ("xcomp", "pcomp", "acl", "prep", "acomp", "ccomp") and _infinite(p, node):
            node = p.heads[node]
            found |= {p.lemmas[node], *roles(p, node)}
            found |= {role for c in p.having(node, "acomp", "attr", "dobj") for role in roles(p, c) if c < verb}
        else:
            break
    return frozenset(found)


def _infinite(p: Parse, node: int) -> bool:
    marks = {p.tags[node], *(p.tags[c] for c in p.having(node, "aux"))}
    return p.deps[node] != "ccomp" or marks.isdisjoint(("MD", "VBZ", "VBD", "VBP"))


def own_sign(p: Parse, verb: int) -> int:
    """−1 where a clause denies itself: *not*, *never*, *no longer*, "by no means", a subject or object of nobody."""
    sign = 1
    for child in p.children[verb]:
        if _turns(p, verb, child):
            sign = -sign
    return sign


def _turns(p: Parse, verb: int, child: int) -> bool:
    label, low = p.deps[child], p.lower[child]
    if label == "neg" or low == "not":
        return (
            not only(p, child)
            and p.pos[child] not in ("NOUN", "PROPN")
            and (p.pos[verb] in ("VERB", "AUX") or child < verb)
        )
    if label == "amod" and low == "few" and p.pos[verb] == "VERB":
        return True
    if label in ("advmod", "cc", "preconj"):
        return low in _NEVER or (low in ("longer", "more") and p.lower[child - 1] == "no")
    if label in (*SUBJECTS, "dobj", "attr"):
        return nobody(p, child) and not _no_choice_but(p, child)
    if label == "prep":
        inner = p.child(child, "pobj")
        return inner >= 0 and p.lemmas[inner] in _NO_WAY and nobody(p, inner)
    return False


def _no_choice_but(p: Parse, noun: int) -> bool:
    return p.lemmas[noun] in ("choice", "option", "alternative") and p.lower[min(noun + 1, len(p) - 1)] == "but"


def supposed(p: Parse, clause: int) -> bool:
    """Whether a clause is only supposed or asked: "if it vetoes", "whether it agrees", "should it refuse"."""
    if any(p.lower[c] in _SUPPOSED for c in p.having(clause, "mark")):
        return True
    aux = [c for c in p.having(clause, "aux") if p.lower[c] == "should"]
    subject = p.child(clause, *SUBJECTS)
    return bool(aux) and p.deps[clause] in ("advcl", "ccomp") and 0 <= aux[0] < subject


def standing(p: Parse, clause: int) -> Standing:
    """The sign that a clause has with all that stands above it."""
    sign, node = own_sign(p, clause) * lexical(p, clause) * _lost_subject(p, clause), clause
    for _ in range(_DEEP):
        if supposed(p, node):
            return Standing(sign, asserted=False)
        label, head = p.deps[node], _over(p, node)
        if head == node or (label == "advcl" and p.child(node, "mark") >= 0) or _only_beside(p, node, head):
            break
        if label == "conj":
            if p.child(node, *SUBJECTS) < 0 and p.pos[node] == "VERB":
                joined = {p.lower[c] for c in p.having(head, "cc")}
                sign *= own_sign(p, head) if joined & {"or", "nor"} else 1
        elif label not in _THROUGH or (label == "relcl" and not _cleft(p, head)):
            sign *= -1 if label == "relcl" and nobody(p, head) else 1
            break
        else:
            step = _effect(p, node, head)
            if step == 0:
                return Standing(sign, asserted=False)
            sign *= step
        node = head
    return Standing(sign, asserted=True)


def _over(p: Parse, node: int) -> int:
    """The head of a node; of the second half of "he 'has not accepted', said Y, 'that …'" the first half."""
    head = p.heads[node]
    if p.deps[node] == "ccomp" and node > head and p.child(node, "mark") >= 0 and "speak" in roles(p, head):
        said = [t for t in range(p.sentence(head)[0], head) if t in p.quotes and p.pos[t] == "VERB"]
        return said[-1] if said and p.child(said[-1], "dobj", "ccomp", "xcomp") < 0 else head
    return head


def _only_beside(p: Parse, node: int, head: int) -> bool:
    """A clause before a bare auxiliary is no complement of it: "X can veto it, but Y cannot"."""
    return p.deps[node] == "ccomp" and node < head and p.pos[head] == "AUX" and p.lemmas[head] != "be"


def _lost_subject(p: Parse, clause: int) -> int:
    """−1 where a clause lost "No amendment …" at the sentence's beginning to a clause between."""
    if p.deps[clause] not in ("conj", "ROOT") or p.child(clause, *SUBJECTS) >= 0 or not p.having(clause, "aux"):
        return 1
    if p.having(p.heads[clause], "cc"):
        return 1
    first = p.sentence(clause)[0]
    while first < clause and p.pos[first] in ("PUNCT", "SPACE"):
        first += 1
    return -1 if p.lower[first] in ("no", "nobody", "nothing", "none") else 1


def lexical(p: Parse, head: int) -> int:
    """−1 for a predicate that denies by its own meaning: "is impossible", "is out of the question", "fails"."""
    for child in p.having(head, "acomp", "attr", "oprd"):
        if "denies" in roles(p, child):
            return -own_sign(p, child)
        if p.deps[child] != "attr" and any(p.deps[c] == "neg" for c in p.children[child]):
            return -1
    for child in p.having(head, "prep"):
        if p.lower[child : child + 4] == ["out", "of", "the", "question"]:
            return -1
    return -1 if "fails" in roles(p, head) and p.child(head, "xcomp", "dobj") < 0 else 1


def _cleft(p: Parse, noun: int) -> bool:
    """Whether a noun stands in "it is X that", "there is no X that"."""
    head = p.heads[noun]
    if p.deps[noun] != "attr" or p.lemmas[head] != "be":
        return False
    return p.child(head, "expl") >= 0 or any(p.lower[s] == "it" for s in p.having(head, *SUBJECTS))


def _effect(p: Parse, node: int, head: int) -> int:
    """What a word does to its complement: 1, −1, or 0 where the complement is no longer asserted."""
    label, mine = p.deps[node], roles(p, head)
    if p.pos[head] in ("VERB", "AUX"):
        own = own_sign(p, head)
        if ("speak" in mine and own < 0 and "think" not in mine) or ("ask" in mine and label in ("xcomp", "ccomp")):
            return 0
        return own * lexical(p, head) * (-1 if "denies" in mine and label != "advcl" else 1)
    sign = -1 if "denies" in mine else 1
    if p.deps[head] in ("attr", "acomp", "oprd"):
        return 1
    if p.pos[head] == "ADJ":
        return -sign if any(p.deps[c] == "neg" for c in p.children[head]) else sign
    counted = p.deps[head] in (*SUBJECTS, "dobj", "attr") and p.pos[p.heads[head]] in ("VERB", "AUX")
    uncounted = label in ("acl", "ccomp", "xcomp", "relcl") and not counted and nobody(p, head)
    return -sign if uncounted else sign
