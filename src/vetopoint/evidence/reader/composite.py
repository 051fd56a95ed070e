"""Reports whose verb says little by itself: "made it known that", "gave notice that", "his message was that"."""

from vetopoint.evidence.reader import phrases
from vetopoint.evidence.reader.acts import stances
from vetopoint.evidence.reader.lexicon import nominals, reports, verbs, words_for
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.relation import Relation, attributed


def composed(p: Parse, v: int, lemma: str) -> Relation | None:
    """The report that a light verb makes together with an adjective, an infinitive or a noun."""
    if lemma in ("make", "let"):
        return _made_plain(p, v) or _conditioned(p, v) or _noun(p, v, lemma)
    if lemma == "put":
        return _put(p, v)
    if lemma in words_for("tying") and (tied := _conditioned(p, v)):
        return tied
    return _noun(p, v, lemma) if lemma in words_for("light") else None


def _conditioned(p: Parse, v: int) -> Relation | None:
    """ "Conditioned its support on a guarantee", "has tied its signature to a ban", "made its consent conditional on their release"."""
    word = next(
        (c for c in p.having(v, "ccomp", "oprd", "acomp", "xcomp") if c > v and p.lower[c] in words_for("conditional")),
        -1,
    )
    if p.lemmas[v] in ("make", "let") and word < 0:
        return None
    thing = p.child(v, "dobj") if word < 0 or p.child(v, "dobj") >= 0 else p.child(word, "nsubj")
    on = next(
        (
            c
            for h in (max(word, v), v, max(thing, v))
            for c in p.having(h, "prep")
            if p.lower[c] in ("on", "upon", "to")
        ),
        -1,
    )
    if not v < thing < on or p.lemmas[thing] not in stances():
        return None
    return attributed(
        p, phrases.subject(p, v), phrases.group(p, v), range(p.lefts[thing], p.rights[on] + 1), "object", v, "condition"
    )


def _put(p: Parse, v: int) -> Relation | None:
    """ "As the minister put it, the door stays open"."""
    thing = p.child(v, "dobj")
    if not phrases.as_clause(p, v) or thing < 0 or p.lower[thing] not in ("it", "this"):
        return None
    own = {*p.subtree(v)}
    said = [t for t in p.subtree(p.heads[v]) if t not in own]
    return attributed(p, phrases.subject(p, v), [v, thing], said, "parenthetical", v, "say")


def is_part(p: Parse, v: int) -> bool:
    """Whether a verb is the second half of such a report: *known* of "made it known"."""
    head = p.heads[v]
    return (
        head != v
        and p.lemmas[head] in ("make", "let")
        and p.deps[v] in ("ccomp", "xcomp")
        and p.lower[v] in words_for("plain")
    )


def _made_plain(p: Parse, v: int) -> Relation | None:
    """ "Has made it known that", "made clear that", "let them know that", "let it be known that"."""
    word = next(
        (c for c in p.having(v, "ccomp", "oprd", "acomp", "xcomp") if c > v and p.lower[c] in words_for("plain")), -1
    )
    if word < 0:
        return None
    return _with_clause(p, v, word, [*p.having(word, "csubj", "ccomp", "advcl"), *p.having(v, "ccomp", "advcl")])


def _noun(p: Parse, v: int, lemma: str) -> Relation | None:
    """ "Gave the cabinet notice that", "took the line that", "expressed the hope that"."""
    noun = p.child(v, "dobj")
    if noun < v or p.lemmas[noun] not in words_for("saying") or (lemma == "have" and p.lemmas[noun] == "point"):
        return None
    return _with_clause(p, v, noun, [*p.having(noun, "acl", "ccomp", "relcl"), *p.having(v, "ccomp")])


def _with_clause(p: Parse, v: int, word: int, clauses: list[int]) -> Relation | None:
    said = [c for c in clauses if c > word and phrases.has_that(p, c) and phrases.whole(p, c)]
    source = phrases.subject(p, v)
    if not said or not source or phrases.supposed(p, v):
        return None
    between = [t for t in range(v + 1, word) if p.lower[t] in ("it", "be")]
    cue = [*phrases.group(p, v), *between, word]
    lemma = p.lemmas[word] if p.lemmas[word] in verbs() else "say"
    return attributed(p, source, cue, p.subtree(said[0]), "clause", v, lemma)


def predicative(p: Parse, v: int) -> Relation | None:
    """ "Their message was that the port stays shut"; "what the envoy told us is that it could not"."""
    clause = p.child(v, "ccomp")
    if clause < v or not phrases.has_that(p, clause) or not phrases.whole(p, clause):
        return None
    subject = max((c for c in p.having(v, "nsubj", "csubj") if c < v), default=-1)
    if subject < 0:
        return None
    source = _cleft_speaker(p, subject) if p.deps[subject] == "csubj" else _holder(p, subject)
    cue = [subject, *phrases.group(p, v)]
    return attributed(p, source, cue, p.subtree(clause), "clause", v, "say") if source else None


def _cleft_speaker(p: Parse, verb: int) -> list[int]:
    first = p.lefts[verb]
    if p.lower[first] != "what" or not reports(p.lemmas[verb]):
        return []
    return phrases.subject(p, verb)


def _holder(p: Parse, noun: int) -> list[int]:
    """Whose word it is: "Norland's answer", "the view in Ostia"."""
    if p.lemmas[noun] not in words_for("saying") and "c" not in nominals("nouns").get(p.lemmas[noun], ()):
        return []
    owner = p.child(noun, "poss")
    if owner >= 0:
        return [t for t in p.subtree(owner) if p.deps[t] != "case" or p.heads[t] != owner]
    for prep in p.having(noun, "prep"):
        name = p.child(prep, "pobj")
        if p.lower[prep] in ("in", "of", "from", "among") and name >= 0:
            return p.subtree(name)
    return []
