"""Whose consent, veto or threat it is: the actors for whom a noun phrase stands, member by member."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from vetopoint.evidence.reader.lexicon import words_for
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.people import Actors
from vetopoint.evidence.reader.roles import nobody, roles

SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass")
_FIRST = frozenset(("i", "we", "me", "us", "my", "our", "ours", "mine"))
_THIRD = frozenset(("it", "they", "he", "she", "its", "their", "his", "her", "them", "him"))
_RELATIVE = frozenset(("who", "which", "that", "whose", "whom"))
_PREMODIFIERS = ("det", "poss", "amod", "compound", "nummod", "case", "predet", "quantmod", "nmod", "advmod")
_OF = ("of", "from", "by", "in", "for")
_NOMINAL = ("NOUN", "PROPN", "PRON", "NUM", "DET", "ADJ")
_REACH = 30


@dataclass(frozen=True)
class Holder:
    """One for whom a phrase stands.

    ``own``: it is whoever speaks the sentence ("our consent"). ``denied``: one of those of whom "neither … nor" speaks.
    """

    token: int
    actor: str
    own: bool = False
    denied: bool = False


class Scene:
    """A sentence with the actors that it names: ``named`` gives the actor of each token of a name, ``marked`` the words with a role.

    ``unsaid`` collects words of dependence of which the sentence asserts nothing ("whether it will veto").
    """

    def __init__(self, p: Parse, first: int, last: int, actors: Actors) -> None:
        self.p, self.first, self.last = p, first, last
        self.tokens = [t for t in range(first, last + 1) if p.pos[t] != "SPACE"]
        roles(p, first)
        self.marked = [(t, mine) for t in self.tokens if (mine := p.roles[t])]
        self.mentions = actors.mentions([p.words[t] for t in self.tokens])
        self.named: dict[int, str] = {}
        self.unsaid: set[int] = set()
        for mention in self.mentions:
            for at in range(mention.first, mention.last + 1):
                self.named[self.tokens[at]] = mention.actor

    def holders(self, noun: int) -> list[Holder]:
        """Who gives or has what a noun names: possessor, adjective of a country, "of", "from" or "by"; one for each member."""
        found = dict.fromkeys(h for node in self._owners(noun) for h in self.members(node))
        return [replace(h, denied=False) for h in found] if nobody(self.p, noun) else list(found)

    def of_nobody(self, noun: int) -> bool:
        """Whether what a noun names is said to be nobody's: "nobody's approval", "permission from no one"."""
        return any(nobody(self.p, node) and not _neither(self.p, node) for node in self._owners(noun))

    def contrasted(self, noun: int) -> list[Holder]:
        """Whose it is said not to be: Y in "the consent of X, and not that of Y"."""
        p = self.p
        behind = (t for t in range(noun + 1, min(p.rights[noun] + 1, noun + _REACH)) if t in self.named)
        return [Holder(t, self.named[t]) for t in behind if excluded(p, t) and "not" in p.lower[max(t - 5, 0) : t]]

    def _owners(self, noun: int) -> Iterator[int]:
        p = self.p
        given = any(
            p.lower[c] == "by" for c in p.having(noun, "prep", "agent")
        )  # "its ratification by X" is no consent of its own
        for child in p.children[noun]:
            label = p.deps[child]
            if label == "poss" and given and p.lower[child] in _THIRD:
                continue
            if label == "poss" or (label in ("amod", "compound", "nmod") and child in self.named):
                yield child
            elif label in ("prep", "agent") and p.lower[child] in ("of", "from", "by") and not excluded(p, child):
                yield from p.having(child, "pobj")
            elif label == "acl" and p.lemmas[child] in ("give", "grant", "issue", "sign"):
                yield from (o for prep in p.having(child, "agent", "prep") for o in p.having(prep, "pobj"))
            elif label == "conj" and p.lower[child] in ("that", "those") and not excluded(p, child):
                yield from self._owners(child)
            elif label == "prep" and p.lower[child] == "on" and p.lower[p.child(child, "pobj")] == "part":
                yield from self._owners(p.child(child, "pobj"))

    def members(self, node: int) -> list[Holder]:
        """The members of a phrase: "both X and Y", "the two hosts, X and Y"; without Y in "X, not Y"."""
        p, found, todo = self.p, [], [node]
        for token in todo:
            if not excluded(p, token):
                holder = self.resolve(token)
                denied = (p.deps[node] in ("pobj", "poss") and _neither(p, token)) or excepted(p, token)
                found.append(replace(holder, denied=denied))
            todo += [c for c in p.having(token, "conj", "appos") if p.pos[c] in ("NOUN", "PROPN")]
            todo += self._included(token)
        found += self._excepted(node)
        named = [h for h in found if h.actor or h.own]
        if not named:
            named = [self.resolve(token) for token in self._listed(node)]
        return list({h.actor: h for h in reversed(named)}.values())[::-1] if named else found[:1]

    def _included(self, noun: int) -> list[int]:
        """ "all nine members, X included", "any member, including X"."""
        p = self.p
        found = [o for c in p.having(noun, "prep") if p.lower[c] == "including" for o in p.having(c, "pobj")]
        near = range(noun + 1, min(noun + 7, self.last))
        return found + [t for t in near if t in self.named and p.lower[t + 1] in ("included", "among")]

    def _excepted(self, noun: int) -> list[Holder]:
        """Y of "all members except Y", "no party, with the exception of Y": of it the contrary is said."""
        p = self.p
        behind = range(noun + 1, min(p.rights[noun] + 1, noun + _REACH))
        return [Holder(t, self.named[t], denied=True) for t in behind if t in self.named and excepted(p, t)]

    def _listed(self, noun: int) -> list[int]:
        """ "the three owners of the mine, X, Y and Z", whose list the parser hangs on the mine."""
        p = self.p
        comma = next((t for t in range(noun + 1, p.rights[noun] + 1) if p.words[t] == ","), p.rights[noun])
        behind = range(comma + 1, p.rights[noun] + 1)
        return [
            t for t in behind if t in self.named and p.deps[t] in ("appos", "conj") and p.words[t - 1] in (",", "and")
        ]

    def resolve(self, token: int) -> Holder:
        """For whom a word stands; ``actor`` is empty if that is nobody of whom the case speaks."""
        p, low = self.p, self.p.lower[token]
        if token in self.named:
            return Holder(token, self.named[token])
        if low in _FIRST:
            return Holder(token, "", own=True)
        if low in _RELATIVE and p.deps[token] in (*SUBJECTS, "poss", "pobj", "dobj"):
            return self._antecedent_of_relative(token)
        if low in _THIRD:
            return self._antecedent(token)
        return Holder(token, "") if "other" in roles(p, token) else replace(self._owner(token, 0), token=token)

    def _owner(self, token: int, depth: int) -> Holder:
        """The actor whose parliament, people or part a noun names."""
        p = self.p
        for child in p.children[token]:
            if p.deps[child] in ("poss", "amod", "compound", "nmod", "appos") and child in self.named:
                return Holder(child, self.named[child])
        for child in p.children[token] if depth < 3 else ():
            if p.deps[child] == "poss" and p.lower[child] in (*_THIRD, *_FIRST):
                return self.resolve(child)
            found = next((h for node in self._inside(child) if (h := self._at(node, depth)).actor or h.own), None)
            if found is not None:
                return found
        return Holder(token, "")

    def _at(self, node: int, depth: int) -> Holder:
        if "other" in roles(self.p, node):
            return Holder(node, "")
        return Holder(node, self.named[node]) if node in self.named else self._owner(node, depth + 1)

    def _inside(self, child: int) -> list[int]:
        p = self.p
        if p.deps[child] == "poss":
            return [child]
        return p.having(child, "pobj") if p.deps[child] == "prep" and p.lower[child] in _OF else []

    def _antecedent_of_relative(self, token: int) -> Holder:
        p, node = self.p, token
        for _ in range(8):
            if p.deps[node] == "relcl":
                head = p.heads[node]
                if p.deps[head] == "appos" and excluded(p, head):
                    head = p.heads[head]
                return replace(self.resolve(head), token=token) if head != token else Holder(token, "")
            if p.deps[node] == "ccomp" and 0 <= (said := p.child(p.heads[node], "attr")) < token:
                return replace(self.resolve(said), token=token)
            node = p.heads[node]
        return Holder(token, "")

    def _antecedent(self, token: int) -> Holder:
        """Whom a pronoun means: the subject of a clause above its own, else the last name before it, else who speaks."""
        p, node = self.p, token
        for _ in range(12):
            subject = p.child(node, *SUBJECTS)
            if (
                0 <= subject < token
                and not p.lefts[subject] <= token <= p.rights[subject]
                and p.lower[subject] not in _THIRD
            ):
                found = self.named.get(subject) or self._owner(subject, 2).actor
                if found:
                    return Holder(token, found)
            if p.heads[node] == node:
                break
            node = p.heads[node]
        before = [t for t in range(max(self.first, token - _REACH), token) if t in self.named]
        body = p.lower[token] not in ("he", "she", "his", "her", "him")
        return Holder(token, self.named[before[-1]]) if before and body else Holder(token, "", own=True)


def excluded(p: Parse, token: int) -> bool:
    """Whether a phrase is set against another: "X, not Y", "X, unlike Y", "X rather than Y", "X and not Y's"."""
    start = _start(p, token)
    while start > 0 and p.lower[start - 1] in ("of", "from", "by", "that", "those", "the", "for"):
        start -= 1
    one, two = p.lower[max(start - 1, 0)], p.lower[max(start - 2, 0)]
    if start == 0:
        return False
    if one == "unlike" or (two, one) in (("rather", "than"), ("instead", "of"), ("opposed", "to")):
        return True
    only = p.lower[start] in ("only", "just", "merely", "even", "least")
    return one == "not" and two != "or" and not only and start > 1 and p.pos[start - 2] != "AUX"


def excepted(p: Parse, token: int) -> bool:
    """Whether a phrase is taken out of one that speaks of all or none: "all but X", "no state other than X"."""
    start = _start(p, token)
    before = p.lower[max(start - 3, 0) : start]
    while before and before[-1] in ("of", "for", "the", "that"):
        before.pop()
    if not before:
        return False
    if before[-1] == "but":
        noun = p.heads[token] if p.deps[token] == "conj" else p.heads[start - 1]
        return noun < token and _of_all_or_none(p, noun)
    words = words_for("excepting")
    return before[-1] in words or " ".join(before[-2:]) in words


def _of_all_or_none(p: Parse, noun: int) -> bool:
    words = {p.lower[noun], *(p.lower[c] for c in p.children[noun] if p.deps[c] in _PREMODIFIERS)}
    return not words.isdisjoint(
        ("all", "every", "each", "any", "no", "nobody", "none", "everyone", "everybody", "anyone")
    )


def _start(p: Parse, token: int) -> int:
    """Where the phrase of a noun begins, as far as its own words stand next to each other."""
    start = token
    mine = {c for c in p.children[token] if p.deps[c] in _PREMODIFIERS and c < token}
    while (
        start > 0 and (start - 1 in mine or p.heads[start - 1] in mine) and p.lower[start - 1] not in ("not", "unlike")
    ):
        start -= 1
    return start


def _neither(p: Parse, token: int) -> bool:
    start = _start(p, token)
    while start > 0 and p.lower[start - 1] in ("of", "that", "those", "from"):
        start -= 1
    return p.lower[start] == "neither" or (start > 0 and p.lower[start - 1] in ("neither", "nor"))
