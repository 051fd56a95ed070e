"""Who is said to say what: attribution relations from a dependency tree, by rules whose words are data.

The constructions: verbs with a clause, an infinitive, an object or a preposition; quotation with a cue before, inside or
behind; passives; "according to"; predicates such as "is wary of"; nouns such as "the view that"; speaker and colon.
"""

from collections.abc import Iterator
from dataclasses import replace

from vetopoint.evidence.reader import nonverbal, phrases
from vetopoint.evidence.reader.composite import composed, is_part, predicative
from vetopoint.evidence.reader.lexicon import headline_verbs, mended, nominals
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.relation import Relation, attributed, enclosing
from vetopoint.evidence.reader.verbs import attribute
from vetopoint.evidence.reader.weighing import is_weighing, weighed

_PLACES = ("in", "by")
_DASHES = ("—", "–", "-", "--", "―")
_SIGNS = frozenset((":", *_PLACES, *_DASHES))


def relations(parse: Parse) -> list[Relation]:
    """Find the attribution relations of a stretch, in the order of their cues."""
    tried = [_from_word(parse, token) for token in _telling(parse)]
    tried += [_from_mark(parse, token) for token in _marking(parse)]
    tried += nonverbal.headlines(parse, [relation for relation in tried if relation])
    found = (relation for relation in (*tried, *nonverbal.credits(parse)) if relation)
    kept = sorted(found, key=lambda relation: (relation.cue, relation.content))
    outer = enclosing(kept)
    return [replace(relation, nested=True) if outer[mine] else relation for mine, relation in enumerate(kept)]


def _telling(p: Parse) -> Iterator[int]:
    """The words among which `_from_word` finds something: verbs, and the few others that are used as such."""
    heading = headline_verbs()
    for token, (part, word) in enumerate(zip(p.pos, p.lower, strict=True)):
        if (part in phrases.VERBAL or word == "according" or word in heading) and p.words[token].isalpha():
            yield token


def _marking(p: Parse) -> Iterator[int]:
    """The tokens among which `_from_mark` finds something."""
    nouns = nominals("nouns")
    for token, (lemma, word) in enumerate(zip(p.lemmas, p.lower, strict=True)):
        if (word in _SIGNS or (p.pos[token] == "NOUN" and lemma in nouns)) and token not in p.quotes:
            yield token


def _from_mark(p: Parse, token: int) -> Relation | None:
    """What a noun, a small word or a mark outside of quotations attributes."""
    word = p.words[token]
    if p.pos[token] == "NOUN" and p.lemmas[token] in nominals("nouns"):
        return nonverbal.noun(p, token)
    if word == ":":
        return nonverbal.colon(p, token)
    if p.lower[token] in _PLACES:
        return nonverbal.survey(p, token) or nonverbal.view(p, token)
    return nonverbal.byline(p, token) if word in _DASHES else None


def _from_word(p: Parse, v: int) -> Relation | None:
    if p.pos[v] in ("PROPN", "NOUN") and p.lower[v] in headline_verbs() and phrases.opens_line(p, v):
        # "2. Urges Norland to": a capital makes the tagger take the verb for a name.
        return attribute(p, v, headline_verbs()[p.lower[v]]) if phrases.listed(p, v) else None
    if p.pos[v] != "VERB" and (p.pos[v] != "AUX" or p.deps[v] in ("aux", "auxpass")):
        return nonverbal.according(p, v) if p.lower[v] == "according" else None
    lemma = _went_on(p, v) or mended(p.lemmas[v], p.lower[v])
    if is_part(p, v) or is_weighing(p, v) or (v > 0 and p.words[v - 1] == "-" and p.ends[v - 1] == p.starts[v]):
        return None
    if lemma == "say" and p.tags[v] == "VB" and v + 1 < len(p) and p.words[v - 1] == p.words[v + 1] == ",":
        return None  # "Take, say, the harbour": an example.
    if lemma == "accord" and p.lower[v] == "according":
        return nonverbal.according(p, v)
    if lemma != "be" or p.pos[v] != "AUX":
        return weighed(p, v, lemma) or composed(p, v, lemma) or attribute(p, v, lemma)
    if said := nonverbal.quotative(p, v):
        return attributed(p, phrases.subject(p, v), [*phrases.group(p, v), v + 1], said, "quote", v, "say")
    return weighed(p, v, lemma) or nonverbal.predicate(p, v) or predicative(p, v)


def _went_on(p: Parse, v: int) -> str:
    """ "…," she went on, "…": *go on* beside a quotation continues it."""
    on = v + 1
    if p.lemmas[v] != "go" or on + 1 >= len(p) or p.lower[on] != "on" or p.heads[on] != v:
        return ""
    beside = any(t in p.quotes for t in range(on + 1, min(on + 3, len(p)))) or p.words[on + 1] in (".", ":")
    return "continue" if beside else ""
