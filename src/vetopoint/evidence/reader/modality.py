"""Under which modal verbs, and verbs and adjectives that stand for such, a clause is."""

from vetopoint.evidence.reader.holders import SUBJECTS
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.polarity import denies, words_of
from vetopoint.evidence.reader.roles import roles


def modals(p: Parse, verb: int) -> frozenset[str]:
    """The modal verbs of a clause, and the lemmas and roles of the verbs that govern it as an infinitive."""
    found: set[str] = set()
    spelt = words_of("helper")
    node = verb
    for _ in range(4):
        found |= {spelt.get(p.lower[c], p.lower[c]) for c in p.having(node, "aux", "auxpass")}
        if p.deps[node] == "conj" and not p.having(node, "aux", "auxpass", *SUBJECTS):
            node = p.heads[node]
        elif p.deps[node] in ("xcomp", "pcomp", "acl", "prep", "acomp", "ccomp") and _infinite(p, node):
            node = p.heads[node]
            found |= {p.lemmas[node], *roles(p, node), *(["denies"] if denies(p, node) else [])}
            found |= {role for c in p.having(node, "acomp", "attr", "dobj") for role in roles(p, c) if c < verb}
        else:
            break
    return frozenset(found)


def _infinite(p: Parse, node: int) -> bool:
    marks = {p.tags[node], *(p.tags[c] for c in p.having(node, "aux"))}
    return p.deps[node] != "ccomp" or marks.isdisjoint(("MD", "VBZ", "VBD", "VBP"))
