"""Signs in a text of who has which part in its plan: read off verbs, nouns of consent and conditions, each with a weight.

A sign is weaker than an edge: it says that a party behaves as an owner, a consenter, a backer or a menace does. What parts they have
follows from all signs and edges together (`vetopoint.study.drafting.cast`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from vetopoint.evidence.plans.parties import Parties
from vetopoint.evidence.plans.phrases import complement, conditional, negated, noun_phrase
from vetopoint.evidence.plans.subjects import Subjects
from vetopoint.evidence.plans.words import kinds, plan_words
from vetopoint.evidence.reader.lexicon import rows
from vetopoint.evidence.reader.parse import Parse

Part = Literal["propose", "need", "stop", "hinge", "refuse", "favour", "threat", "within"]
_DUTY = frozenset(("must", "need", "have", "require", "shall"))
_POWER = frozenset(("can", "could", "may", "might"))
_CONSENTS = plan_words("consents")
_NEEDING = plan_words("needing")
_PLANNED = plan_words("planned")
_PAPERS = plan_words("papers")
_UNDERTAKEN = plan_words("undertaken")
_HELPING = plan_words("helping")
_HARM = plan_words("harm")
_DIRE = plan_words("dire")
_ASSENTING = frozenset(
    ("agree", "consent", "assent", "approve", "ratify", "endorse", "concur", "authorise", "authorize", "vote")
)
_SETTLED = frozenset(("sign", "agree", "consent", "approve", "ratify", "veto", "threaten"))
_WAYS = plan_words("ways")
_FOREBODING = plan_words("foreboding")
_HARMING = plan_words("harming")
_STIRRING = plan_words("stirring")
_BENT = plan_words("bent")
_DENYING = plan_words("denying")
_LEVERS = plan_words("levers")
_ASIDE = plan_words("aside")
_ANNOUNCING = plan_words("announcing")
_BRINGING = plan_words("bringing")
_HOLDING = plan_words("holding")
_DECIDED = plan_words("decided")
_CONDITIONS = frozenset(("if", "unless", "without", "until", "once"))
_NOBODY = frozenset(("nothing", "nobody", "none", "no"))
_CEASING = frozenset(("stop", "cease", "halt", "quit", "resume", "keep", "begin", "start"))
_SWAY = frozenset(("mercy", "whim", "discretion", "veto"))
_LEFT_OUT = 4.0
"""Weight of being the one who has not ("Twenty-six have agreed. Hungary has not.")."""
_PARTS_OF_A_WHOLE = frozenset(("member", "division", "split", "rift"))


@dataclass(frozen=True)
class Sign:
    """What a sentence shows of a party.

    Attributes
    ----------
    part : what it is a sign of.
    actor : the party.
    weight : how sure it is.
    sentence : how manieth of the text.
    said : the sentence.
    words : of a proposal what is proposed, of a part of a whole the whole, else the verb.
    beside : of a proposal who makes it with the party.
    """

    part: Part
    actor: str
    weight: float
    sentence: int
    said: str
    words: str = ""
    beside: tuple[str, ...] = ()


@cache
def plan_verbs() -> Mapping[str, tuple[str, float]]:
    """Verb, or verb and particle → what it makes of its subject, and how sure that is."""
    return {row["verb"]: (row["kind"], float(row["weight"])) for row in rows("plans.csv")}


def signs_of(parses: Iterable[Parse], parties: Parties) -> list[Sign]:
    """The signs of one text, in its order."""
    subjects = Subjects(parties)
    found: list[Sign] = []
    for p, first, last, number in subjects.sentences(parses):
        found += _Sentence(p, first, last, number, subjects).signs()
    return found


class _Sentence:
    """One sentence, asked for signs."""

    def __init__(self, p: Parse, first: int, last: int, number: int, subjects: Subjects) -> None:
        self.p, self.first, self.last, self.number, self.subjects = p, first, last, number, subjects

    def signs(self) -> list[Sign]:
        """All its signs."""
        found = []
        for token in range(self.first, self.last + 1):
            found += self._beside_verbs(token)
            found += self._of_refusal(token) or self._of_decision(token) or self._of_word(token)
        return found

    def _beside_verbs(self, token: int) -> list[Sign]:
        """What a word shows whatever else it does: a plan's owner, without whom there is nothing, who holds a lever."""
        p, found = self.p, list[Sign]()
        if p.lemmas[token] in _PLANNED | _UNDERTAKEN:
            found += self._of_plan(token)
        if p.lemmas[token] in _PLANNED | _UNDERTAKEN | _PAPERS:
            found += self._of_bringing(token)
        if p.lower[token] in _BENT and p.child(token, "xcomp") >= 0:
            found += self._of_bent(token)
        if p.lower[token] == "without":
            found += self._of_without(token)
        if p.lower[token] in _CONDITIONS:
            found += self._of_nesting(token)
        if p.lower[token] in _NOBODY:
            found += self._of_custom(token)
        if p.lemmas[token] in _LEVERS:
            found += self._of_lever(token)
        return found

    def _of_refusal(self, token: int) -> list[Sign]:
        p = self.p
        short = p.lemmas[token] in ("can", "have", "do", "will") and p.deps[token] == "ROOT"
        return self._sign("refuse", self.subjects.of(p, token), _LEFT_OUT) if short and self._left_out(token) else []

    def _of_decision(self, token: int) -> list[Sign]:
        """Whose position decides the matter."""
        p = self.p
        subject = p.child(token, "nsubj")
        if p.lemmas[token] != "decide" or subject < 0 or not {p.lemmas[c] for c in p.having(token, "dobj")} & _DECIDED:
            return []
        return self._sign("stop", self.subjects.owner(p, subject) or self.subjects.at(p, subject), 3)

    def _of_word(self, token: int) -> list[Sign]:
        p = self.p
        if p.pos[token] in ("VERB", "AUX") and (row := _row(p, token)):
            return self._together(token, self._of_verb(token, *row))
        if p.lemmas[token] in _SWAY:
            return self._sign("stop", self.subjects.owner(p, token), 3)
        if p.lemmas[token] in _CONSENTS or (p.lower[token] == "light" and p.lower[token - 1] == "green"):
            return self._of_consent(token)
        return self._of_whole(token) if p.lemmas[token] in _PARTS_OF_A_WHOLE else []

    def _sign(self, part: Part, actor: str, weight: float, words: str = "") -> list[Sign]:
        if not actor or weight <= 0:
            return []
        return [Sign(part, actor, weight, self.number, self.p.phrase(range(self.first, self.last + 1)), words)]

    def _together(self, verb: int, signs: list[Sign]) -> list[Sign]:
        """The same of all who do it: those who propose are one, of others each has the part."""
        actor = self.subjects.of(self.p, verb)
        beside = tuple(other for other in self.subjects.beside(self.p, verb) if other != actor)
        if not beside:
            return signs
        whole = [replace(s, beside=beside) if s.part == "propose" and s.actor == actor else s for s in signs]
        others = [replace(s, actor=o) for s in signs if s.part != "propose" and s.actor == actor for o in beside]
        return [*whole, *others]

    def _of_verb(self, verb: int, kind: str, weight: float) -> list[Sign]:
        p = self.p
        actor = self.subjects.of(p, verb)
        if self._of_own_doing(verb):
            return []
        sought = [c for prep in p.having(verb, "prep") if p.lower[prep] == "for" for c in p.having(prep, "pobj")]
        harms = {p.lemmas[c] for c in (*p.having(verb, "dobj"), *sought)} & _HARM or {
            p.lemmas[c] for c in p.having(verb, "xcomp")
        } & _HARMING
        if kind == "propose" and harms:
            return self._sign("threat", actor, 0 if negated(p, verb) else 2.0)
        if (
            kind == "propose"
            and p.lemmas[verb] in ("offer", "propose", "promise", "want")
            and any(p.lemmas[c] in _HELPING for c in p.having(verb, "xcomp"))
        ):
            return self._sign("favour", actor, 1.5, p.lemmas[verb])
        if kind == "propose":
            return (
                []
                if negated(p, verb)
                else self._sign("propose", actor, self._proposing(verb, weight), complement(p, verb))
            )
        if kind == "stop" and {p.lemmas[c] for c in p.having(verb, "dobj")} & _WAYS:
            return self._sign("threat", actor, 0 if negated(p, verb) or conditional(p, verb) else 2.0)
        if kind in ("yield", "refuse", "stop"):
            return self._of_yes(verb, kind, weight, actor)
        if kind == "favour":
            return self._sign("refuse" if negated(p, verb) else "favour", actor, weight, p.lemmas[verb])
        return self._of_harm(verb, kind, weight, actor)

    def _of_own_doing(self, verb: int) -> bool:
        """Whether somebody only ceases what is his own: "stopped offering cover", and neither of both verbs is about the plan."""
        p = self.p
        ceased = p.lemmas[verb] in _CEASING and any(p.tags[c] == "VBG" for c in p.having(verb, "xcomp"))
        return ceased or (p.deps[verb] == "xcomp" and p.tags[verb] == "VBG" and p.lemmas[p.heads[verb]] in _CEASING)

    def _left_out(self, verb: int) -> bool:
        """Whether a short sentence denies what the one before it says others do: "Hungary has not." """
        return negated(self.p, verb) and self.p.child(verb, "dobj", "attr", "acomp") < 0

    def _of_without(self, token: int) -> list[Sign]:
        """Without whom there is nothing: "no deal without him", "a moratorium without Turkey is not to be had"."""
        p = self.p
        if not any(p.lower[t] in _DENYING for t in range(self.first, self.last + 1)):
            return []
        whom = (self.subjects.meant(p, c) for c in p.having(token, "pobj"))
        return [sign for actor in filter(None, whom) for sign in self._sign("need", actor, 3)]

    def _of_nesting(self, mark: int) -> list[Sign]:
        """Whose yes comes before that of a whole: "Belgium may sign only if its parliaments agree", "not without its regions' consent"."""
        p = self.p
        behind = range(mark + 1, self.last + 1)
        agreed = any(p.lemmas[t] in _ASSENTING | _CONSENTS for t in behind)
        before = [t for t in range(self.first, mark) if p.pos[t] == "VERB" and (_row(p, t) or ("", 0))[0] == "yield"]
        if not agreed or not before or not self._bound(before[-1], mark):
            return []
        whole = self.subjects.of(p, before[-1])
        inner = dict.fromkeys(each for t in behind for each in self._asked_first(t))
        return [s for each in inner if whole and each != whole for s in self._nested(each, whole)]

    def _bound(self, verb: int, mark: int) -> bool:
        """Whether a yes is bound to the condition behind it: denied, or given "only" so."""
        p = self.p
        only = any(p.lower[t] == "only" for t in range(self.first, mark + 1))
        modal = any(p.lemmas[c] in _POWER | {"will", "would"} for c in p.having(verb, "aux"))
        return modal and (only or (negated(p, verb) and p.lower[mark] != "if"))

    def _asked_first(self, token: int) -> list[str]:
        p = self.p
        if p.deps[token] == "nsubj" and p.lemmas[p.heads[token]] not in _ASSENTING:
            return []
        if p.deps[token] in ("pobj", "nsubj", "poss", "conj", "advcl") and (one := self.subjects.at(p, token)):
            return [one]
        if p.tags[token] != "NNS" or kinds().get(p.lemmas[token]) != "body":
            return []
        parties = self.subjects.parties
        return [
            actor for actor, names in parties.names.items() if p.lemmas[token] in " ".join(names).casefold().split()
        ]

    def _nested(self, inner: str, whole: str) -> list[Sign]:
        return [*self._sign("within", inner, 3, whole), *self._sign("need", inner, 3), *self._sign("need", whole, 3)]

    def _of_custom(self, nobody: int) -> list[Sign]:
        """Without whose nod nothing happens: "nothing passes that the emir has not waved through"."""
        p = self.p
        above = p.heads[nobody] if p.deps[nobody] in ("nsubj", "nsubjpass", "det") else nobody
        above = p.heads[above] if p.deps[nobody] == "det" else above
        below = (t for t in range(above + 1, self.last + 1) if p.pos[t] == "VERB" and p.heads[t] in range(nobody, t))
        bound = (
            t for t in below if negated(p, t) and any(p.lower[c] in ("that", "which", "who") for c in p.children[t])
        )
        return [s for t in bound if (by := self.subjects.of(p, t)) for s in self._sign("need", by, 3)]

    def _of_lever(self, noun: int) -> list[Sign]:
        """Who holds a veto, the key, a blocking minority, the last word."""
        p = self.p
        told = p.lemmas[noun] in ("veto", "key") or any(
            p.lower[c] in ("blocking", "last", "final") for c in p.children[noun]
        )
        verb = p.heads[noun] if p.deps[noun] == "dobj" else p.heads[p.heads[noun]] if p.deps[noun] == "conj" else noun
        held = told and p.lemmas[verb] in _HOLDING and not negated(p, verb)
        return self._sign("stop", self.subjects.of(p, verb), 3) if held else []

    def _of_bent(self, word: int) -> list[Sign]:
        """Who is "set to sell", "keen to build"."""
        p = self.p
        above = p.heads[word]
        subject = next((s for v in (word, above) if (s := p.child(v, "nsubj", "nsubjpass")) >= 0), -1)
        denied = negated(p, word) or negated(p, above) or conditional(p, word)
        actor = self.subjects.at(p, subject) if subject >= 0 and not denied else ""
        return self._sign("propose", actor, 1.5, complement(p, word))

    def _proposing(self, verb: int, weight: float) -> float:
        """How sure a proposal is: one under a condition, or in a verb of no plan's ("asked not to be named"), is hardly one."""
        p = self.p
        if p.lemmas[verb] == "like":
            return weight if any(p.lemmas[c] == "would" for c in p.having(verb, "aux")) else 0
        above = p.heads[verb]
        beside = [c for v in (verb, above) for c in p.having(v, "advcl") if conditional(p, c)]
        if (
            beside
            or conditional(p, verb)
            or any(p.lemmas[c] in ("would", "could", "might", "may", "can") for c in p.having(verb, "aux"))
        ):
            return weight * 0.2
        objects = p.having(verb, "dobj", "xcomp", "ccomp", "prep", "oprd")
        return weight if objects else weight * 0.3

    def _of_yes(self, verb: int, kind: str, weight: float, actor: str) -> list[Sign]:
        p = self.p
        aux = {p.lemmas[c] for c in p.having(verb, "aux")} - {"have"}
        aux |= {p.lemmas[p.heads[verb]]} if p.deps[verb] == "xcomp" else set()
        no = negated(p, verb)
        if conditional(p, verb):
            whole = self._agreeing_if(verb)
            if whole and whole != actor and self._asked(verb):
                return []
            return self._sign("hinge", actor, weight)
        if (
            kind == "yield"
            and p.child(verb, "agent") >= 0
            and any(p.lower[t] in ("alone", "only") for t in p.subtree(verb))
        ):
            return self._sign("need", actor, weight)
        if kind == "yield" and aux & _DUTY:
            return self._sign("need", actor, weight)
        if kind == "yield" and aux & _POWER and not no and any(p.lower[c] == "only" for c in p.subtree(verb)):
            return self._sign("need", actor, weight)
        if kind == "yield" and "would" in aux | {"will"} & aux and not no and self._on_terms(verb):
            return self._sign("need", actor, weight)
        if self._of_other_matters(verb, kind, aux):
            return []
        if aux & _POWER:
            return self._sign("stop", actor, weight if kind != "yield" or no else 0)
        refuses = no if kind == "yield" else not no
        return self._sign("refuse" if refuses else "favour", actor, weight)

    def _of_other_matters(self, verb: int, kind: str, aux: set[str]) -> bool:
        """Whether a no is of something else: to withdraw one's troops, to agree on a letter, to sign without another's consent."""
        p, no = self.p, negated(self.p, verb)
        aside = kind == "refuse" and any(p.lemmas[c] in _ASIDE for c in p.having(verb, "xcomp"))
        among = p.lemmas[verb] == "agree" and any(p.lower[c] in ("on", "over") for c in p.having(verb, "prep"))
        bound = kind == "yield" and aux & _POWER and any(p.lower[t] == "without" for t in p.subtree(verb))
        return aside or bool(no and (among or bound))

    def _agreeing_if(self, verb: int) -> str:
        """Who says yes or no, or may, under the condition in which a verb stands; "" where the condition is not of a yes."""
        p = self.p
        above = p.heads[verb]
        while p.deps[above] in ("xcomp", "conj") and p.lemmas[above] not in _SETTLED and p.heads[above] != above:
            above = p.heads[above]
        row = _row(p, above)
        own = (_row(p, c) for c in p.having(above, "xcomp"))
        said = any(r is not None and r[0] in ("yield", "refuse", "stop") for r in (row, *own))
        return self.subjects.of(p, above) if said and p.deps[verb] == "advcl" else ""

    def _asked(self, verb: int) -> bool:
        """Whether a condition asks something else of somebody than his yes: "unless Canada lifts visas"."""
        p = self.p
        objects = [c for c in p.having(verb, "dobj", "ccomp") if p.pos[c] in ("NOUN", "PROPN")]
        return p.lemmas[verb] not in _ASSENTING and bool(objects)

    def _on_terms(self, verb: int) -> bool:
        """Whether somebody agrees only under a condition: "would only agree if", "will consent once"."""
        return any(self.p.lower[t] in ("if", "once", "provided", "unless") for t in self.p.subtree(verb) if t > verb)

    def _of_harm(self, verb: int, kind: str, weight: float, actor: str) -> list[Sign]:
        p = self.p
        if negated(p, verb) and p.lemmas[verb] != "tolerate":
            return []
        if kind == "threat":
            said_no = any((_row(p, c) or ("", 0))[0] in ("refuse", "stop", "yield") for c in p.having(verb, "xcomp"))
            return self._sign("stop" if said_no else "threat", actor, weight)
        if kind == "warn":
            said = {p.lemmas[t] for t in p.subtree(verb) if t != verb} if actor else set()
            return self._sign("threat", actor, weight if len(said & _DIRE) > (p.lemmas[verb] == "say") else 0)
        return self._of_wreck(verb, weight, actor)

    def _of_wreck(self, verb: int, weight: float, actor: str) -> list[Sign]:
        """Harm itself, where somebody announces it, armed men did it, or it is feared."""
        p = self.p
        aux = {p.lemmas[c] for c in p.having(verb, "aux")}
        passive = p.child(verb, "nsubjpass") >= 0
        announced, speaker = self._announced(verb, aux)
        if announced:
            return self._sign("threat", (speaker if passive else "") or actor or speaker, weight + 0.5)
        if p.tags[verb] == "VBD" and not aux and self._armed(actor):
            return self._sign("threat", actor, weight + 0.5)
        foreboded = any(p.lemmas[t] in _FOREBODING for t in range(self.first, self.last + 1))
        if not foreboded or not (aux & (_POWER | {"would"}) or p.deps[verb] == "xcomp"):
            return []
        return self._sign("threat", self._defied() if passive and p.child(verb, "agent") < 0 else actor, weight)

    def _armed(self, actor: str) -> bool:
        """Whether a party is a group that bears no name: "gunmen"."""
        names = [name for name in self.subjects.parties.names.get(actor, ()) if name.islower()]
        return any(kinds().get(name.split()[-1].removesuffix("s")) == "group" or name.endswith("men") for name in names)

    def _announced(self, verb: int, aux: set[str]) -> tuple[bool, str]:
        """Whether somebody says that harm will be done, and who: "said that it would shoot", "that any convoy would be met by mines"."""
        p, above, said, who = self.p, verb, False, ""
        if not aux & {"will", "would"}:
            return False, ""
        while not who and p.deps[above] in ("conj", "ccomp", "pcomp", "prep", "xcomp") and p.heads[above] != above:
            above = p.heads[above]
            if p.lemmas[above] in _ANNOUNCING:
                said, cited = True, p.child(above, "nsubjpass")
                who = self.subjects.at(p, cited) if cited >= 0 else self.subjects.of(p, above)
        return said, who

    def _defied(self) -> str:
        """Against whose will something is done in a sentence: "sail without Russia's consent", "if Russia refuses"."""
        p = self.p
        for token in range(self.first, self.last + 1):
            if p.lower[token] in ("without", "against"):
                nouns = p.having(token, "pobj")
                if found := next((f for c in nouns if (f := self.subjects.owner(p, c) or self.subjects.at(p, c))), ""):
                    return found
            row = _row(p, token) if p.pos[token] == "VERB" else None
            if row and row[0] in ("yield", "refuse", "stop") and conditional(p, token):
                return self.subjects.of(p, token)
        return ""

    def _of_consent(self, noun: int) -> list[Sign]:
        """A noun of consent with its holder: "needs a permit from the Board", "without the Senate's assent", "conditional on Omani consent"."""
        p = self.p
        holders = [self.subjects.owner(p, noun), *self._givers(noun)]
        needed = any(p.lemmas[t] in _NEEDING | _STIRRING for t in range(self.first, self.last + 1))
        given = p.lemmas[noun] == "veto"
        part: Part = "need" if needed or given else "refuse"
        if part == "refuse":
            return []
        return [sign for holder in dict.fromkeys(filter(None, holders)) for sign in self._sign(part, holder, 3)]

    def _givers(self, noun: int) -> list[str]:
        p = self.p
        preps = [
            c
            for c in (*p.children[noun], *p.children[p.heads[noun]])
            if p.deps[c] == "prep" and p.lower[c] in ("of", "from", "by") and c > noun
        ]
        return [self.subjects.at(p, c) for prep in preps for c in self._with_conjuncts(prep)]

    def _with_conjuncts(self, prep: int) -> list[int]:
        p = self.p
        found = p.having(prep, "pobj")
        return [*found, *(c for f in found for c in p.having(f, "conj"))]

    def _of_whole(self, noun: int) -> list[Sign]:
        """The body of whose members the text speaks, since it is their plan: "the coalition's members concede", "divisions inside it"."""
        p = self.p
        wholes = [self.subjects.at(p, c) for c in p.having(noun, "poss")]
        preps = [c for c in p.having(noun, "prep") if p.lower[c] in ("of", "within", "inside", "in")]
        wholes += [self.subjects.at(p, c) for prep in preps for c in p.having(prep, "pobj")]
        return [sign for whole in filter(None, wholes) for sign in self._sign("propose", whole, 1.5)]

    def _of_plan(self, noun: int) -> list[Sign]:
        """A noun of proposing with its owner: "Washington's plan to leave", "a proposal by the Union"."""
        p = self.p
        planned = p.lemmas[noun] in _PLANNED
        owners = [self.subjects.owner(p, noun)] if planned or p.child(noun, "poss") >= 0 else []
        by = [c for c in p.having(noun, "prep") if p.lower[c] == "by"]
        owners += [self.subjects.at(p, c) for prep in by for c in p.having(prep, "pobj")]
        weight = 1.0 if conditional(p, noun) else 2.5 if planned else 1.5
        return [
            sign for owner in filter(None, owners) for sign in self._sign("propose", owner, weight, complement(p, noun))
        ]

    def _of_bringing(self, noun: int) -> list[Sign]:
        """Who brings a plan to others: "circulated a draft", "a draft which the ministry has sent around", "a list handed over by"."""
        p = self.p
        verb = p.heads[noun]
        brought = [verb] if p.deps[noun] in ("dobj", "nsubjpass") and p.pos[verb] == "VERB" else []
        brought += [c for c in p.having(noun, "relcl", "acl") if p.pos[c] == "VERB"]
        brought = [v for v in brought if p.lemmas[v] in _BRINGING and not negated(p, v) and not conditional(p, v)]
        by = (self.subjects.of(p, v) for v in brought)
        words = complement(p, noun) or noun_phrase(p, noun)
        return [sign for actor in filter(None, by) for sign in self._sign("propose", actor, 2.5, words)]


def _row(p: Parse, verb: int) -> tuple[str, float] | None:
    """What the table says of a verb, with its particle where it has one."""
    known = plan_verbs()
    if p.lemmas[verb] == "give":
        objects = {p.lemmas[c] for c in p.having(verb, "dobj")}
        if objects & (_CONSENTS | {"power", "way", "nod", "light", "ground"}):
            return "yield", 3.0
    for c in p.having(verb, "prt", "prep", "advmod"):
        if (found := known.get(f"{p.lemmas[verb]}_{p.lower[c]}")) is not None:
            return found
    return known.get(p.lemmas[verb])
