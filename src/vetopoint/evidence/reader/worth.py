"""Which reports are worth a key press: a proposition, or an act with its object, and each of them once.

What is nested in another report is a link or an edge of it; where a report says no more than that somebody else has said or
done something, the other's act is the claim, and who reports it stands in the chain.
"""

import re
from collections.abc import Sequence
from functools import cache

from vetopoint.evidence.reader import phrases
from vetopoint.evidence.reader.acts import root_of
from vetopoint.evidence.reader.chain import Draft
from vetopoint.evidence.reader.judgement import act_of, main_clause
from vetopoint.evidence.reader.lexicon import documents, rows, sourcewords, speaks, words_for
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.pieces import is_question, propositions
from vetopoint.evidence.reader.polarity import effect_of, words_of
from vetopoint.evidence.reader.relation import Relation, enclosing
from vetopoint.evidence.reader.roles import roles
from vetopoint.evidence.reader.weighing import WEIGHED

_EMPTY = frozenset(("PRON", "DET", "ADP", "PART", "SCONJ", "CCONJ", "PUNCT", "SPACE", "ADV", "AUX", "SYM"))
_ANAPHORS = frozenset(
    (
        "so",
        "it",
        "this",
        "that",
        "likewise",
        "same",
        "thing",
        "the",
        "to",
        "do",
        "doing",
        "did",
        "done",
        "one",
        "each",
        "another",
        "other",
    )
)
_WEAK = ("object", "infinitive", "preposition", "noun-infinitive", "noun-preposition", "passive", "parenthetical")
_SELVES = frozenset(("i", "we", "you"))
_CITING = frozenset(("cite", "quote", "invoke"))
_NAMING = _CITING
_INTENT = frozenset(("will", "would", "'ll", "’ll", "shall", "wo"))
"""What lays an act in the hands of an actor; whether he could, might or must is the reporter's to judge."""
_DOERS = ("er", "or", "ist", "ian", "man", "ee")
_PERSONS = frozenset(("he", "she", "they", "who", "i", "we"))
_TWICE = 0.5
_CREDIT = re.compile(
    r"^\W*(?:(?:additional |further )?(?:reporting|writing|editing|compiled|translated|edited|written|photography) by\b|by [A-Z][\w.'’-]+ [A-Z]"
    r"|(?:file )?(?:photo|image|picture|video|graphic|caption|credit)s?\b ?[:/])",
    re.IGNORECASE,
)


def worthwhile(p: Parse, relations: Sequence[Relation]) -> list[Relation]:
    """The relations that hold a proposition or an act with its object, one for each proposition, each once."""
    parts = [part for relation in relations if _is_said(p, relation) for part in propositions(p, relation)]
    return _once(p, [part for part in parts if says_something(p, part)])


def settle_nested(drafts: Sequence[Draft]) -> None:
    """Mark as absorbed whatever is no claim of its own: the report of another's act, and else what is nested in a report."""
    for draft in drafts:
        outer = draft.parent
        if draft.relation.lemma in _CITING and draft.relation.rule == "object":
            draft.absorbed = True
        if outer is None or (outer.absorbed and draft.absorbed):
            continue
        if outer.absorbed and outer.relation.lemma in _CITING:
            continue
        if outer.relation.lemma == "accuse" and draft.parse.deps[draft.relation.head] == "pcomp":
            continue  # the accusation is the accuser's stance, the act that of the accused
        if outer.relation.rule == WEIGHED:
            draft.absorbed = True
            continue
        if not _denies(outer, draft) and _reports_another(outer, draft):
            outer.absorbed = True
        elif not _is_own_act(outer, draft):
            draft.absorbed = True


@cache
def _bare() -> frozenset[str]:
    return frozenset(row["lemma"] for row in rows("bare.csv"))


def _is_said(p: Parse, relation: Relation) -> bool:
    """Whether the sentence of a relation asserts it, and is no question, credit or by-line."""
    first, last = p.sentence(relation.cue[0])
    if _CREDIT.match(p.phrase(range(first, min(first + 12, last + 1)))):
        return False
    return relation.cue[0] in p.quotes or not is_question(p, range(first, last + 1))


def says_something(p: Parse, relation: Relation) -> bool:
    """Whether there is a proposition, or a thing that is dealt with, in what a relation reports."""
    content = relation.content
    words = [t for t in content if p.words[t].isalnum()]
    if not words or all(p.pos[t] in _EMPTY or p.lower[t] in _ANAPHORS for t in words):
        return False
    if _asks(p, relation, words[0]) or [p.lower[t] for t in words[:2]] in (["one", "another"], ["each", "other"]):
        return False
    if relation.rule in ("object", "preposition") and _calls_for_consent(p, relation):
        return False
    if relation.rule in ("object", "noun-preposition", "preposition") and relation.lemma not in _CITING:
        return not _is_fragment(p, relation, words)
    return bool(relation.source) or relation.rule not in ("infinitive", "noun-infinitive")


def _calls_for_consent(p: Parse, relation: Relation) -> bool:
    """ "A reduction calls for no such agreement": what a thing needs, nobody says."""
    source = relation.source
    head = next((t for t in source if p.heads[t] not in source), -1)
    needs = "need" in roles(p, relation.head) and any(roles(p, t) & {"consent", "grant"} for t in relation.content)
    thing = head >= 0 and p.pos[head] == "NOUN" and p.tags[head] == "NN" and p.lemmas[head] not in documents()
    return needs and thing and not takes_stands(p, source)


def takes_stands(p: Parse, source: Sequence[int]) -> bool:
    """Whether a subject can consent or refuse: people or a body by their name, post or trade, or a pronoun of theirs."""
    head = next((t for t in source if p.heads[t] not in source), source[-1] if source else -1)
    if head < 0 or p.pos[head] == "PRON":
        return head >= 0 and p.lower[head] in _PERSONS
    if p.pos[head] == "PROPN" or any(p.pos[c] == "PROPN" for c in p.having(head, "appos")):
        return True
    doers = p.tags[head] == "NNS" and p.lemmas[head].endswith(_DOERS)
    return doers or p.lemmas[head] in sourcewords() or p.lower[head] in sourcewords()


def _asks(p: Parse, relation: Relation, first: int) -> bool:
    """Whether what is reported is a question: "asked whether", "wondered how", "asked about"."""
    if relation.lemma not in words_for("inquiring"):
        return False
    if relation.rule == "infinitive" or any(p.tags[t] == "TO" for t in relation.content[:1]):
        return False
    wh = p.lower[first] in ("if", "whether", "about") or p.tags[first] in ("WRB", "WP", "WDT")
    return (
        wh or relation.rule in ("object", "preposition", "passive") or any(p.lower[t] == "about" for t in relation.cue)
    )


def _is_fragment(p: Parse, relation: Relation, words: Sequence[int]) -> bool:
    """Whether an object is a mere thing or person: no clause, no predicate, and a verb that does nothing to it."""
    if any(p.pos[t] in phrases.VERBAL and p.tags[t] not in ("VBN", "VBG") for t in words):
        return False
    if relation.rule == "preposition" and relation.lemma in words_for("topic"):
        return True
    if len(words) == 1 and p.pos[words[0]] in ("PRON", "DET"):
        return True
    predicate = any(p.deps[t] in ("oprd", "acomp", "xcomp", "ccomp") for t in words) or any(
        p.lower[t] == "as" and relation.head in (p.heads[t], p.heads[p.heads[t]]) for t in words
    )
    attitude = p.pos[relation.cue[-1]] == "ADP"  # "expressed dissatisfaction with"
    return relation.rule == "object" and relation.lemma in _bare() and not predicate and not attitude


def _once(p: Parse, relations: Sequence[Relation]) -> list[Relation]:
    """Of relations that report the same words in the same sentence the one whose cue reports best; what only describes a source goes."""
    kept: list[int] = []
    outer = enclosing(relations)
    bodies = [frozenset(relation.content) for relation in relations]
    for mine, relation in enumerate(relations):
        body = bodies[mine]
        if _describes(relation) and any(relation.cue[0] in o.source for o in relations if o is not relation):
            continue
        rivals = [
            other
            for other in kept
            if not body.isdisjoint(bodies[other])
            and other not in outer[mine]
            and mine not in outer[other]
            and len(body & bodies[other]) >= _TWICE * min(len(body), len(relations[other].content))
        ]
        if any(_rank(p, relations[rival]) >= _rank(p, relation) for rival in rivals):
            continue
        kept = [other for other in kept if other not in rivals]
        kept.append(mine)
    return [relations[number] for number in kept]


def _describes(relation: Relation) -> bool:
    """Whether a relation within the source of another only says who that is: "those who defend the rule maintain that"."""
    cites = relation.lemma in _CITING  # whom a paper quotes is the innermost source of what it writes
    return relation.rule in _WEAK and not cites


def _rank(p: Parse, relation: Relation) -> tuple[bool, bool, bool, int]:
    return (
        not any(t in relation.content for t in relation.cue),
        bool(relation.source),
        speaks(relation.lemma) and relation.rule in ("quote", "clause", "clause-before", "according"),
        len(relation.content),
    )


def _denies(outer: Draft, inner: Draft) -> bool:
    """Whether a report denies that something was said, which is then its own claim; a stance that is denied is another's."""
    stance = act_of(inner.parse, inner.relation.head)[1] in ("AGREE", "SUPPORT", "REJECT", "DISAPPROVE")
    return effect_of(outer.parse, outer.relation.head) == "denier" and not stance


def _reports_another(outer: Draft, inner: Draft) -> bool:
    """Whether all that a report says is what somebody else has said or done."""
    p, relation = inner.parse, inner.relation
    if not relation.source or relation.rule.startswith(("noun", "passive", "raising")):
        return False
    if outer.relation.lemma in _NAMING and p.deps[relation.head] == "pcomp":
        return True  # "quoted a diplomat as saying that", "accused them of rejecting"
    modals = {p.lower[c] for c in p.having(relation.head, "aux") if p.tags[c] == "MD"}
    clause = main_clause(p, outer.relation.content)
    if relation.head not in (clause, act_of(p, clause)[0]) or modals - _INTENT:
        return False
    if modals and not inner.links[-1].actor:
        return False
    if relation.rule in _WEAK and not inner.links[-1].actor and not takes_stands(p, relation.source):
        return False
    return not _is_nobody(p, relation.source) and not _same(outer, inner)


def _is_nobody(p: Parse, source: Sequence[int]) -> bool:
    """Whether a source is no one in particular, or a text of law."""
    head = next((t for t in source if p.heads[t] not in source), source[-1])
    if {p.lower[source[0]], p.lower[head]} & words_for("quantifier"):
        return True
    return p.lemmas[head] in words_for("law") or p.lemmas[head] in documents()


def _same(outer: Draft, inner: Draft) -> bool:
    p, source = inner.parse, inner.relation.source
    if any(p.lower[t] in _SELVES for t in source) and len(source) == 1:
        return True
    if p.tags[source[0]] == "PRP$" and p.lemmas[p.heads[source[0]]] in words_of("side"):
        return True
    if len(source) == 1 and p.pos[source[0]] == "PRON":
        return (
            inner.links[-1].kind == "unknown"
            or inner.links[-1].name == outer.links[-1].name
            or p.lower[source[0]] == "they"
        )
    return inner.links[-1].name == outer.links[-1].name and bool(inner.links[-1].name)


def _is_own_act(outer: Draft, inner: Draft) -> bool:
    """Whether what stands within a report is another's full statement beside its main clause."""
    p, relation = inner.parse, inner.relation
    head = relation.head
    if relation.rule not in ("clause", "quote", "infinitive", "object") or not relation.source:
        return False
    beside = p.deps[head] == "conj" and p.heads[head] == root_of(p, outer.relation.content)
    own = p.child(head, "nsubj") >= 0
    return beside and own and phrases.finite(p, head) and not _is_nobody(p, relation.source) and not _same(outer, inner)
