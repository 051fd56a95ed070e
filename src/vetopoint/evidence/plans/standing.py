"""How each party stands in a text, in counts: where it is named, what it does, asks and denies, and in which clauses.

No such count makes a party an owner or a consenter; together they tell which of several parties is likelier to be one
(`vetopoint.study.drafting.ranking` weighs them).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from vetopoint.evidence.plans.parties import Parties
from vetopoint.evidence.plans.phrases import conditional, negated
from vetopoint.evidence.plans.signs import plan_verbs
from vetopoint.evidence.plans.subjects import Subjects
from vetopoint.evidence.plans.words import plan_words
from vetopoint.evidence.reader.parse import Parse

_CONSENTS = plan_words("consents")
_ANSWERS = _CONSENTS | plan_words("answers")
_HARM = plan_words("dire") | plan_words("harm") | plan_words("foreboding")
_REPORTING = plan_words("reporting")
_ASKING = plan_words("asking")
_POWER = frozenset(("can", "could", "may", "might"))
_WAITING = plan_words("waiting")
_CONDITIONS = frozenset(("if", "unless", "until", "without", "once", "should"))
_CONTRARY = frozenset(("but", "however", "yet", "though", "although", "while"))
_EARLY = 3


def standings(parses: Iterable[Parse], parties: Parties) -> Mapping[str, Mapping[str, int]]:
    """How often each party stands in each way, by party; a sentence counts once for each.

    Parameters
    ----------
    parses : of one text, in its order.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    subjects = Subjects(parties)
    for p, first, last, number in subjects.sentences(parses):
        for actor, ways in _Seen(p, first, last, subjects).ways().items():
            found[actor].update(ways | _place(number, ways))
    return found


def _place(number: int, ways: set[str]) -> set[str]:
    """Where a sentence stands, and what a party does there."""
    if number > _EARLY:
        return set()
    place = "title" if number == 0 else "early"
    return {place, *(f"{place} {way}" for way in ways & {"acts", "owns", "in place", "denied"})}


class _Seen:
    """One sentence, asked how the parties stand in it."""

    def __init__(self, p: Parse, first: int, last: int, subjects: Subjects) -> None:
        self.p, self.first, self.last, self.subjects = p, first, last, subjects

    def ways(self) -> dict[str, set[str]]:
        """How each party stands."""
        found: dict[str, set[str]] = defaultdict(set)
        for token in range(self.first, self.last + 1):
            if actor := self.subjects.named(self.p, token):
                found[actor] |= {"named", *self._around(token)}
            if self.p.pos[token] in ("VERB", "AUX") and (actor := self.subjects.of(self.p, token)):
                found[actor] |= {"acts", *self._doing(token)}
        return found

    def _around(self, token: int) -> Iterator[str]:
        """What stands about a name."""
        p = self.p
        before = {p.lower[t] for t in range(self.first, token)}
        yield from ("but",) if before & _CONTRARY else ()
        yield from ("condition near",) if before & _CONDITIONS else ()
        yield from self.near
        yield from self._bound(token)

    @cached_property
    def near(self) -> tuple[str, ...]:
        """What the sentence speaks of: a yes, harm."""
        p, inside = self.p, range(self.first, self.last + 1)
        kinds = {self._kind(t) for t in inside}
        lemmas = {p.lemmas[t] for t in inside}
        yes = ("consent near",) if lemmas & _CONSENTS or "yield" in kinds else ()
        return (*yes, "harm near") if lemmas & _HARM or kinds & {"wreck", "threat"} else yes

    def _bound(self, token: int) -> Iterator[str]:
        """What the word says above a name: whose answer it is, who is waited for, without whom."""
        p, above, role = self.p, self.p.heads[token], self.p.deps[token]
        higher = p.heads[above]
        if p.lemmas[above] in _ANSWERS and role in ("poss", "amod", "compound", "nmod"):
            yield "own consent"
        if role == "poss":
            yield "owns"
        if role == "nsubj" and p.deps[above] in ("ccomp", "xcomp") and p.lemmas[higher] in _WAITING:
            yield "awaited"
        if role in ("pobj", "dobj") and {p.lemmas[above], p.lemmas[higher]} & _WAITING:
            yield "awaited"
        if role == "pobj":
            yield from self._placed(above)

    def _placed(self, preposition: int) -> Iterator[str]:
        p = self.p
        yield "in place"
        if p.lower[preposition] == "without":
            yield "without"
        if p.lower[preposition] in ("from", "by", "of") and p.lemmas[p.heads[preposition]] in _ANSWERS:
            yield "own consent"

    def _kind(self, token: int) -> str:
        return plan_verbs().get(self.p.lemmas[token], ("", 0))[0] if self.p.pos[token] == "VERB" else ""

    def _doing(self, verb: int) -> Iterator[str]:
        """What a verb shows of its subject."""
        p = self.p
        lemma, kind = p.lemmas[verb], self._kind(verb)
        aux = {p.lemmas[c] for c in p.having(verb, "aux")}
        denied = negated(p, verb) or any(p.lower[c] == "yet" for c in p.children[verb])
        yield from ("says",) if lemma in _REPORTING else ()
        yield from ("denied",) if denied else ()
        yield from ("asks",) if lemma in _ASKING else ()
        yield from ("may",) if aux & _POWER else ()
        yield from ("will",) if aux & {"will", "would"} else ()
        yield from ("if",) if conditional(p, verb) else ()
        yield from ("duty",) if aux & {"must", "shall"} else ()
        if kind in ("wreck", "threat", "stop") and aux & {"will", "would"} and not denied:
            yield "harm to come"
        if kind:
            yield f"{kind} {'not' if denied else 'yes'}"
