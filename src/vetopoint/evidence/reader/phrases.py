"""What the tree says of a verb and its clause: subject, verb group, finiteness, the clause on which it hangs."""

from vetopoint.evidence.reader.lexicon import frames_of, reports, sourcewords, speaks
from vetopoint.evidence.reader.parse import Parse

_SUBJECTS = ("nsubj", "csubj")
VERBAL = ("VERB", "AUX")
FIRST = ("i", "you", "we", "one")
_PLACE_TIME = "in on at during after before since until while when as amid despite through over"
PLACE_TIME = frozenset(_PLACE_TIME.split())


def subject(p: Parse, v: int) -> list[int]:
    """The subject's tokens: the verb's own, or that of the verb which it shares or hangs on."""
    node = v if (among := counted_among(p, v)) < 0 else among
    for _ in range(6):
        own = _own_subject(p, node)
        if own is not None:
            return own
        label, head = p.deps[node], p.heads[node]
        controlled = _controlling_object(p, node)
        if controlled is not None:
            return controlled
        if label == "acl":
            holder = _holder(p, head)
            if holder < 0:
                return antecedent(p, node)
            node = holder
        elif label == "conj":
            node = shared(p, v, node)
        elif (label in ("xcomp", "advcl", "pcomp", "prep", "dep") and head != node) or (
            label == "advmod" and p.lower[node] == "short"
        ):
            node = head
        else:
            return listed(p, v)
    return []


def listed(p: Parse, v: int) -> list[int]:
    """The body that heads a list of operative verbs ("The Council: – reaffirms …; – urges …"), for a verb that opens a line."""
    if not opens_line(p, v):
        return []
    end = v
    for _ in range(_LISTED):
        while end > 0 and "\n" not in p.words[end - 1]:
            end -= 1
        last = end - 1
        while last > 0 and p.pos[last] == "SPACE":
            last -= 1
        if last <= 0:
            return []
        first = last
        while first > 0 and "\n" not in p.words[first - 1]:
            first -= 1
        head = next((t for t in range(first, min(first + 8, last + 1)) if p.words[t] in (",", ":")), last + 1)
        named = p.lower[first] == "the" and any(
            sourcewords().get(p.lower[t]) == "collective" for t in range(first, head)
        )
        if named and head <= last:
            return list(range(first, head))
        end = first
    return []


def opens_line(p: Parse, v: int) -> bool:
    """Whether a verb in the third person is the first word of its line, behind a number or a bullet."""
    if not p.words[v].endswith(("s", "S")) or v == 0:
        return False
    at = v - 1
    while at >= 0 and "\n" not in p.words[at] and not p.words[at][:1].isalpha() and v - at < 5:
        at -= 1
    return at >= 0 and "\n" in p.words[at]


_LISTED = 60
"""Lines back to which a list's heading is looked for."""


def _controlling_object(p: Parse, node: int) -> list[int] | None:
    """The object that does what a verb governs: "asked them to sign", "accused them of rejecting", "quoted the envoy as saying"."""
    label, head = p.deps[node], p.heads[node]
    if label == "pcomp" and p.deps[head] == "prep":
        verb, bound = p.heads[head], p.lower[head] in ("of", "from", "for", "into", "as")
    elif label == "prep" and p.lower[node] == "as":
        verb, bound = head, p.lemmas[head] in ("quote", "cite")
    else:
        verb, bound = head, label == "xcomp"
    held = p.child(verb, "dobj")
    return p.subtree(held) if bound and verb < held < node else None


def _own_subject(p: Parse, v: int) -> list[int] | None:
    subjects = p.having(v, *_SUBJECTS)
    # Of two subjects the parser has taken one from the clause before.
    subject = max((c for c in subjects if c < v), default=subjects[0] if subjects else -1)
    if subject >= 0:
        relative = p.lower[subject] == "that" and p.deps[v] == "relcl"
        return antecedent(p, v) if relative else p.subtree(subject)
    behind = inverted(p, v, p.lemmas[v])
    if behind:
        return behind
    passive = p.child(v, "nsubjpass")
    return p.subtree(passive) if passive >= 0 else None


def inverted(p: Parse, v: int, lemma: str) -> list[int]:
    """The speaker behind the verb ("…, writes The Courier"), which the parser may take for its object."""
    speaker, before = p.child(v, "dobj"), p.child(v, "ccomp")
    if not speaks(lemma) or not 0 <= before < v < speaker or p.child(v, "nsubj") >= 0:
        return []
    return p.subtree(speaker) if p.pos[speaker] in ("PROPN", "NOUN") else []


def antecedent(p: Parse, clause: int) -> list[int]:
    """The noun phrase on which a clause hangs, up to that clause."""
    inside = set(p.subtree(clause))
    return [t for t in p.subtree(p.heads[clause]) if t not in inside and t < clause]


def counted_among(p: Parse, clause: int) -> int:
    """The "is" of "is (not) among those who expect", "was one of the few to believe", for the clause of those; else −1."""
    node = p.heads[clause]
    if p.deps[clause] != "relcl":
        return -1
    for _ in range(4):
        if p.deps[node] == "attr" and p.lower[node] in ("one", "some", "many", "none"):
            return p.heads[node] if p.lemmas[p.heads[node]] == "be" else -1
        if p.deps[node] != "pobj" or p.lower[p.heads[node]] not in ("among", "of"):
            return -1
        prep = p.heads[node]
        node = p.heads[prep]
        if p.lower[prep] == "among":
            return node if p.lemmas[node] in ("be", "count") else -1
    return -1


def _holder(p: Parse, noun: int) -> int:
    """The verb whose object a noun is ("issued a statement saying"), or −1."""
    if p.deps[noun] == "dobj":
        return p.heads[noun]
    if p.deps[noun] == "pobj" and p.deps[p.heads[noun]] == "prep":
        verb = p.heads[p.heads[noun]]
        return verb if p.pos[verb] == "VERB" else -1
    return -1


def shared(p: Parse, v: int, node: int) -> int:
    """The verb with which a conjunct shares its subject.

    "He said it was wrong and warned of more": the parser hangs *warned* on *was*; of two reporting verbs in one tense the
    second goes with the first.
    """
    head = above = p.heads[node]
    while p.deps[above] == "conj" and p.child(above, *_SUBJECTS, "nsubjpass") < 0:
        above = p.heads[above]
    reporter = p.heads[above]
    if p.tags[above] != p.tags[v] and reports(p.lemmas[v]) and (found := _reporter_above(p, v, above)) >= 0:
        return found
    together = p.deps[above] == "ccomp" and p.tags[reporter] == p.tags[v] and reports(p.lemmas[reporter])
    return reporter if together else head


def _reporter_above(p: Parse, v: int, node: int) -> int:
    """The reporting verb in the tense of another above its conjunct: "reiterated that … every state that shares them and recalled that", or −1."""
    for _ in range(6):
        node = p.heads[node]
        if p.pos[node] in VERBAL and p.tags[node] == p.tags[v] and reports(p.lemmas[node]):
            return node
    return -1


def group(p: Parse, v: int) -> list[int]:
    """The verb with its auxiliaries, negation, adverbs between them, particle, and the verbs that govern it."""
    helpers = set(p.having(v, "aux", "auxpass", "neg", "advmod"))
    first = v
    while first - 1 in helpers:
        first -= 1
    own = list(range(first, v + 1 + (p.child(v, "prt") == v + 1)))
    head = p.heads[v]
    governed = p.deps[v] == "xcomp" and p.pos[head] == "VERB" and first - 1 == head
    if governed and head not in p.quotes and "t" not in frames_of(p.lemmas[head]):
        return [*group(p, head), *own]
    return own


def finite(p: Parse, clause: int) -> bool:
    """Whether a clause is finite, or begins as one."""
    if p.tags[clause] in ("VBD", "VBZ", "VBP", "MD"):
        return True
    marks = {p.tags[c] for c in p.having(clause, "aux", "auxpass")}
    if "TO" in marks:
        return False
    return not marks.isdisjoint(("MD", "VBD", "VBZ", "VBP")) or has_that(p, clause)


def has_that(p: Parse, clause: int) -> bool:
    """Whether a clause begins with "that", "if" or "whether"."""
    return any(p.lower[c] in ("that", "if", "whether") for c in p.having(clause, "mark"))


def whole(p: Parse, clause: int) -> bool:
    """Whether a clause has its own subject: "that serve the goal" is a relative clause, "that it serves the goal" is none."""
    return p.child(clause, *_SUBJECTS, "nsubjpass", "csubjpass", "expl") >= 0


def supposed(p: Parse, v: int) -> bool:
    """Whether a verb is only supposed: "if the minister were to say"."""
    node = v
    while p.deps[node] in ("xcomp", "conj") and p.heads[node] != node:
        node = p.heads[node]
    return any(p.lower[c] in ("if", "unless") for c in p.having(node, "mark"))


def as_clause(p: Parse, v: int) -> bool:
    """Whether a verb stands in a clause such as "as the minister has said"."""
    return p.deps[v] == "advcl" and any(p.lower[c] == "as" for c in p.having(v, "mark"))
