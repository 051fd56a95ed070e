"""Who is said to say what: attribution relations from a dependency tree, by rules whose words are data.

The constructions: verbs with a clause, an infinitive, an object or a preposition; quotation with a cue before, inside or
behind; passives; "according to"; predicates such as "is wary of"; nouns such as "the view that"; speaker and colon.
"""

from __future__ import annotations

from dataclasses import replace

from vetopoint.evidence.reader.lexicon import Lexicon
from vetopoint.evidence.reader.nonverbal import NonverbalRules
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.phrases import Phrases
from vetopoint.evidence.reader.relation import Findings, Relation, enclosing
from vetopoint.evidence.reader.verbs import VerbRules

__all__ = ["relations"]


def relations(parse: Parse, lexicon: Lexicon) -> list[Relation]:
    """Find the attribution relations of a stretch, in the order of their cues."""
    phrases = Phrases(parse, lexicon)
    found = Findings(phrases)
    verbs, others = VerbRules(phrases, found), NonverbalRules(phrases, found)
    for token, word in enumerate(parse.words):
        if word.isalpha():
            _from_word(token, phrases, verbs, others)
    for token, word in enumerate(parse.words):
        if token in phrases.quotes:
            continue
        if parse.pos[token] == "NOUN" and parse.lemmas[token] in lexicon.nouns:
            others.noun(token)
        elif word == ":":
            others.colon(token)
        elif parse.lower[token] in ("in", "by"):
            others.survey(token)
        elif word in ("—", "–", "-", "--", "―"):
            others.byline(token)
    others.headlines()
    others.credits()
    kept = sorted(found.relations, key=lambda relation: (relation.cue, relation.content))
    outer = enclosing(kept)
    return [replace(relation, nested=True) if outer[mine] else relation for mine, relation in enumerate(kept)]


def _from_word(v: int, phrases: Phrases, verbs: VerbRules, others: NonverbalRules) -> None:
    p = phrases.p
    if p.pos[v] != "VERB" and (p.pos[v] != "AUX" or p.deps[v] in ("aux", "auxpass")):
        if p.lower[v] == "according":
            others.according(v)
        return
    lemma = phrases.lex.lemma(p.lemmas[v], p.lower[v])
    if v > 0 and p.words[v - 1] == "-":
        return
    if lemma == "say" and p.tags[v] == "VB" and v + 1 < len(p) and p.words[v - 1] == p.words[v + 1] == ",":
        # "Take, say, the harbour": an example.
        return
    if lemma == "accord" and p.lower[v] == "according":
        others.according(v)
    elif lemma == "be" and p.pos[v] == "AUX":
        if not others.quotative(v):
            others.predicate(v)
    else:
        verbs.attribute(v, lemma)
