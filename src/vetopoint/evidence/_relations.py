"""Who is said to say what: attribution relations from a dependency tree, by rules whose words are data.

The scheme is that of the attribution corpora (PDTB, PARC, PolNeAR): a *source*, a *cue* and a *content*, each a set of
tokens. The constructions: verbs with a clause, an infinitive, an object or a preposition; quotation with a cue before, inside
or behind; passives; "according to"; predicates such as "is wary of"; nouns such as "the view that"; speaker and colon.
"""

from __future__ import annotations

from dataclasses import replace

from vetopoint.evidence._lexicon import Lexicon
from vetopoint.evidence._parse import Parse
from vetopoint.evidence._rules_verbs import VerbRules
from vetopoint.evidence._tree import Relation

__all__ = ["Relation", "relations"]


def relations(parse: Parse, lexicon: Lexicon) -> list[Relation]:
    """Find the attribution relations of a stretch, in the order of their cues."""
    return _Finder(parse, lexicon).find()


class _Finder(VerbRules):
    """Tries every rule on every token."""

    def find(self) -> list[Relation]:
        p = self.p
        for token in range(len(p)):
            pos = p.pos[token]
            if not p.words[token].isalpha():
                continue
            if pos == "VERB" or (pos == "AUX" and p.deps[token] not in ("aux", "auxpass")):
                self._verb(token)
            elif p.lower[token] == "according":
                self._according(token)
        for token in range(len(p)):
            if token in self.quotes:
                continue
            if p.pos[token] == "NOUN" and p.lemmas[token] in self.lex.nouns:
                self._noun(token)
            elif p.words[token] == ":":
                self._colon(token)
            elif p.lower[token] in ("in", "by"):
                self._survey(token)
            elif p.words[token] in ("—", "–", "-", "--", "―"):
                self._byline(token)
        self._headlines()
        self._credits()
        return _mark_nested(sorted(self.found, key=lambda relation: (relation.cue, relation.content)))


def _mark_nested(found: list[Relation]) -> list[Relation]:
    """Mark the relations whose cue lies in the content of another that does not lie in theirs."""
    bodies = [frozenset(relation.content) for relation in found]
    out: list[Relation] = []
    for mine, relation in enumerate(found):
        nested = any(
            relation.cue[0] in body and found[other].cue[0] not in bodies[mine]
            for other, body in enumerate(bodies)
            if other != mine
        )
        out.append(replace(relation, nested=True) if nested else relation)
    return out
