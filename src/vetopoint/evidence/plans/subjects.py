"""Who does what a verb says, as a party: through conjunctions, relative clauses, persons' posts and pronouns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vetopoint.evidence.plans.parties import Parties
from vetopoint.evidence.plans.words import kinds, plan_words
from vetopoint.evidence.reader.lexicon import sourcewords
from vetopoint.evidence.reader.parse import Parse

_SUBJECTS = ("nsubj", "nsubjpass")
_PASSED_ON = ("conj", "xcomp", "pcomp", "advcl", "ccomp", "acl", "prep", "dep")
_RELATIVE = frozenset(("which", "who", "that", "whom"))
_PERSONAL = frozenset(("it", "they", "he", "she", "we", "i", "this"))
_INCLINED = plan_words("inclined")
_OWNING = frozenset(("its", "their", "his", "her"))
_LONGEST = 12
_MOVING = plan_words("moving")
_SAYING = frozenset(("say", "tell", "add", "warn", "declare", "argue", "insist", "announce", "state"))


class Subjects:
    """Finds parties at places of one text, sentence after sentence; a pronoun means whoever acted last."""

    def __init__(self, parties: Parties) -> None:
        self.parties = parties
        self._last = ""
        self._person_last = ""

    def sentences(self, parses: Iterable[Parse]) -> Iterator[tuple[Parse, int, int, int]]:
        """The sentences of one text in its order, each with its first and last token and how manieth it is; all before it are passed."""
        number = 0
        for p in parses:
            self._enter(p)
            for first, last in p.sentences():
                yield p, first, last, number
                self._passed(p, first, last)
                number += any(p.pos[t] in ("VERB", "AUX", "NOUN", "PROPN") for t in range(first, last + 1))

    def _enter(self, p: Parse) -> None:
        """Begin a stretch of text."""
        self._named = {
            token: m.actor for m in self.parties.actors.mentions(p.words) for token in range(m.first, m.last + 1)
        }

    def _passed(self, p: Parse, first: int, last: int) -> None:
        """Take note of who acted in a sentence that is over."""
        for token in range(first, last + 1):
            self._person_last = self._person(p, token) or self._person_last
        for token in range(first, last + 1):
            if (
                p.deps[token] in _SUBJECTS
                and p.lower[token] not in _PERSONAL | _RELATIVE
                and (found := self.at(p, token))
            ):
                self._last = found
                return

    def of(self, p: Parse, verb: int, depth: int = 6) -> str:
        """The party that does what a verb says; "" where it is none."""
        subject = p.child(verb, "nsubj")
        agent = p.child(verb, "agent")
        if agent >= 0:
            return next((found for c in p.having(agent, "pobj") if (found := self.at(p, c))), "")
        if p.child(verb, "nsubjpass") >= 0:
            return ""
        if subject < 0:
            if (asked := self._asked(p, verb)) >= 0:
                return self.at(p, asked)
            passed = p.deps[verb] in _PASSED_ON and p.heads[verb] != verb and depth > 0
            bound = p.deps[verb] == "acl" and p.tags[verb] == "VB" and p.lemmas[p.heads[verb]] not in _INCLINED
            passed = passed and not bound  # "the power to sign" is another's
            return self.of(p, self._above(p, verb), depth - 1) if passed else ""
        if p.lower[subject] in _RELATIVE and p.deps[verb] == "relcl":
            return self.at(p, p.heads[verb])
        if p.lower[subject] in _PERSONAL:
            return self._meant(p, verb, subject, depth)
        return self.at(p, subject)

    def _asked(self, p: Parse, verb: int) -> int:
        """Who is asked, told or given time to do what a verb says, and so does it: "gave the trusts until May to propose"; −1 for none."""
        above = p.heads[verb]
        moved = p.tags[verb] == "VB" and p.deps[verb] in ("xcomp", "advcl", "acl", "ccomp")
        if not moved or p.lemmas[above] not in _MOVING:
            return -1
        return p.child(above, "dative", "dobj")

    def beside(self, p: Parse, verb: int, depth: int = 6) -> list[str]:
        """The parties that do it together with the first: "Bulgaria and Romania threatened to veto"."""
        agents = [c for agent in p.having(verb, "agent") for c in p.having(agent, "pobj")]
        subject = agents[0] if agents else p.child(verb, "nsubj")
        if subject < 0:
            bare = p.child(verb, "nsubjpass") < 0 and p.deps[verb] in _PASSED_ON and p.heads[verb] != verb and depth > 0
            return self.beside(p, self._above(p, verb), depth - 1) if bare else []
        if p.lower[subject] in _RELATIVE and p.deps[verb] == "relcl":
            subject = p.heads[verb]
        joined, more = list[int](), p.having(subject, "conj")
        while more:
            joined += more
            more = [c for each in more for c in p.having(each, "conj")]
        return [found for c in joined if (found := self.at(p, c))]

    def _above(self, p: Parse, verb: int) -> int:
        above = p.heads[verb]
        while p.pos[above] not in ("VERB", "AUX") and p.heads[above] != above:
            above = p.heads[above]
        return above

    def _meant(self, p: Parse, verb: int, subject: int, depth: int) -> str:
        """Whom a pronoun means: the subject of the clause above, who speaks in this sentence, else who acted last."""
        if p.deps[verb] in ("ccomp", "advcl", "conj", "acl") and p.heads[verb] != verb and depth > 0:
            above = self.of(p, self._above(p, verb), depth - 1)
            if above:
                return above
        if p.lower[subject] in ("we", "i"):
            first, last = p.sentence(verb)
            speaking = (t for t in range(first, last + 1) if p.lemmas[t] in _SAYING and p.child(t, *_SUBJECTS) >= 0)
            return next((found for t in speaking if (found := self.at(p, p.child(t, *_SUBJECTS)))), self._last)
        return self._of_pronoun(p, subject)

    def named(self, p: Parse, token: int) -> str:
        """The party that a token names, or for which the person speaks whom it names."""
        return self._named.get(token, "") or (self._person(p, token) if p.pos[token] == "PROPN" else "")

    def meant(self, p: Parse, token: int) -> str:
        """The party that a noun or a pronoun means."""
        if p.lower[token] in ("him", "her", "it", "them"):
            return self._person_last if p.lower[token] in ("him", "her") and self._person_last else self._last
        return self.at(p, token)

    def _of_pronoun(self, p: Parse, token: int) -> str:
        """Whoever acted last; of a person the person who was named last."""
        singular = p.lower[token] in ("he", "she", "his", "her", "him")
        return (self._person_last or self._last) if singular else self._last

    def at(self, p: Parse, head: int) -> str:
        """The party of which a noun phrase speaks: by its own name, or as whose official or government it is."""
        if head in self._named and self._own(p, head):
            return self._named[head]
        person = self._person(p, head)
        if person:
            return person
        stands = sourcewords().get(p.lemmas[head]) == "role" or kinds().get(p.lemmas[head]) in ("part", "body")
        kind = kinds().get(p.lemmas[head])
        definite = not any(p.lower[c] in ("a", "an") for c in p.having(head, "det"))
        if (kind == "stand-in" and definite) or (
            kind == "part" and any(p.lower[c] in _OWNING for c in p.having(head, "poss"))
        ):
            named = next((self._named[t] for t in self._beside(p, head) if t in self._named), "")
            before = (self._named[t] for t in range(p.sentence(head)[0], head) if t in self._named)
            return named or next(before, "") or self._last
        if (stands and p.tags[head] not in ("NNS", "NNPS")) or sourcewords().get(p.lemmas[head]) == "role":
            named = next((self._named[t] for t in self._beside(p, head) if t in self._named), "")
            owned = any(p.lower[c] in _OWNING for c in p.having(head, "poss"))
            return named or (self._last if owned else "")
        beside = (
            self._named[t] for c in p.having(head, "appos") for t in (c, *p.having(c, "compound")) if t in self._named
        )
        return self._named.get(head, "") or next(beside, "")

    def owner(self, p: Parse, head: int) -> str:
        """The party to whom something belongs: "Omani consent", "the Senate's assent", and "its agreement" of whoever acts there."""
        for c in p.having(head, "poss", "amod", "compound", "nmod"):
            if p.lower[c] in _OWNING:
                return self._several(p, c) or self._acting(p, c)
            if found := self.at(p, c) or self._named.get(c, ""):
                return found
        return ""

    def _several(self, p: Parse, token: int) -> str:
        """Whom "their" means: the closest party before it in its sentence that has a name in the plural."""
        if p.lower[token] != "their":
            return ""
        before = range(token - 1, p.sentence(token)[0] - 1, -1)
        return next((self._named[t] for t in before if t in self._named and p.tags[t] in ("NNS", "NNPS")), "")

    def _acting(self, p: Parse, token: int) -> str:
        """Who acts in the clause in which a token stands."""
        above = self._above(p, token)
        return self.of(p, above) or self._of_pronoun(p, token)

    def _own(self, p: Parse, head: int) -> bool:
        return p.deps[head] not in ("amod", "compound") or p.heads[head] == head

    def _person(self, p: Parse, head: int) -> str:
        around = {p.words[t] for t in (*p.children[head], head)}
        for name, actor in self.parties.persons.items():
            words = name.replace("-", " ").split()
            if words[-1] in around or (p.words[head] == words[0] and words[-1] in around):
                return actor
        return ""

    def _beside(self, p: Parse, head: int) -> Iterator[int]:
        """Tokens of a phrase that could say whose post it is: before the head, then behind "of", "for", "in", then in appositions."""
        inside = [t for t in p.subtree(head) if abs(t - head) <= _LONGEST]
        yield from (t for t in inside if t < head)
        for c in p.children[head]:
            if p.deps[c] in ("prep", "appos") and c > head:
                yield from p.subtree(c)[:_LONGEST]
