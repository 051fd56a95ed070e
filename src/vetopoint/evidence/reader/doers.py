"""Who does what a verb says."""

from vetopoint.evidence.reader.holders import Holder, Scene, excluded
from vetopoint.evidence.reader.lexicon import words_for
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.roles import roles

_CLIMBED = ("xcomp", "conj", "acl", "pcomp", "prep", "dobj", "acomp", "attr", "advcl")


def subjects(s: Scene, verb: int) -> tuple[list[Holder], int]:
    """Who does what a verb says, and the word that stands for them: its subject or agent, or that of the verb which governs it."""
    p = s.p
    if passive(p, verb):
        by = [o for prep in p.having(verb, "agent", "prep") if p.lower[prep] == "by" for o in p.having(prep, "pobj")]
        return [h for node in by for h in s.members(node)], by[0] if by else -1
    torn = (
        p.deps[verb] == "conj"
        and any(p.tags[c] == "MD" for c in p.children[verb])
        and not p.having(p.heads[verb], "cc")
    )
    if torn and p.child(verb, "nsubj") < 0 and (found := _beside(s, verb))[0]:
        return found
    node = verb
    for _ in range(6):
        subject = _own(s, node)
        if subject >= 0:
            return s.members(subject), subject
        head = p.heads[node]
        if p.deps[node] not in _CLIMBED or head == node:
            break
        if p.pos[head] == "NOUN" and (owned := s.holders(head)):
            return owned, owned[0].token
        node = head
    return _beside(s, verb)


def _own(s: Scene, node: int) -> int:
    """The subject of a verb itself, or whom the verb above it lets or makes do it, or the noun that it qualifies."""
    p = s.p
    subject = p.child(node, "nsubj", "nsubjpass")
    if subject >= 0:
        return subject
    label, head = p.deps[node], p.heads[node]
    given = (
        p.child(head, "dobj", "nsubjpass") if label in ("xcomp", "ccomp") and roles(p, head) & {"enable", "ask"} else -1
    )
    if label == "pcomp" and p.deps[head] == "prep" and _turned_to(p, head):
        given = p.child(p.heads[head], "dobj", "nsubjpass")
    if 0 <= given < node:
        return given
    qualifies = label in ("acl", "relcl") and p.pos[head] in ("NOUN", "PROPN", "PRON")
    return head if qualifies and not roles(p, head) & {"able", "vow"} else -1


def _turned_to(p: Parse, prep: int) -> bool:
    """ "Nothing keeps X *from* vetoing it", "accused X *of* blocking it", "blamed X *for* stalling"."""
    return p.lower[prep] == "from" or (
        p.lower[prep] in ("of", "for") and p.lemmas[p.heads[prep]] in words_for("charging")
    )


def _beside(s: Scene, verb: int) -> tuple[list[Holder], int]:
    """Where the parser lost the subject: the name before the verb's auxiliaries, without "not Y" and "unlike Y"."""
    p = s.p
    helpers = p.having(verb, "aux", "neg")
    at = min((h for h in helpers if h < verb), default=verb) - 1
    found = []
    while at >= s.first and p.pos[at] not in ("VERB", "AUX", "SCONJ"):
        if at in s.named and not excluded(p, at) and p.deps[at] != "poss":
            found.append(Holder(at, s.named[at]))
        at -= 1
    free = [h for h in found if p.deps[h.token] != "pobj"] or found[:1]
    return ([free[-1]], free[-1].token) if found and helpers else ([], -1)


def passive(p: Parse, verb: int) -> bool:
    """Whether a verb is in the passive."""
    return p.child(verb, "auxpass") >= 0 or (p.tags[verb] == "VBN" and p.child(verb, "agent") >= 0)
