"""Who a source phrase speaks of: a name, a function, plain "sources", a group, an outlet; and whom a pronoun means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from vetopoint.evidence._actors import Actors
from vetopoint.evidence._lexicon import rows
from vetopoint.evidence._parse import Parse
from vetopoint.evidence._wording import joined
from vetopoint.evidence.claim import Link, LinkKind

__all__ = ["People", "reason_for_anonymity"]

_PRONOUNS = {
    "he": "one",
    "she": "one",
    "it": "body",
    "they": "many",
    "who": "",
    "which": "",
    "his": "one",
    "her": "one",
}
_PRONOUNS |= {"their": "many", "its": "body", "him": "one", "them": "many", "we": "many", "i": "one"}
_REASON = re.compile(
    r"(?:on (?:the )?condition of anonymity[^.;,]*|(?:not|un)\s?authori[sz]ed to[^.;,]*|"
    r"(?:asked|asking|requested|requesting|declined) (?:not )?to be (?:named|identified)[^.;,]*|"
    r"(?:requested|requesting|asked for) anonymity[^.;,]*)",
    re.IGNORECASE,
)


@lru_cache(maxsize=1)
def _outlets() -> dict[str, frozenset[str]]:
    table = rows("outlets.csv")
    return {use: frozenset(row["word"] for row in table if row["use"] == use) for use in ("name", "last", "noun")}


@lru_cache(maxsize=1)
def _sourcewords() -> dict[str, LinkKind]:
    return {row["lemma"]: row["kind"] for row in rows("sourcewords.csv")}  # type: ignore[misc]


def reason_for_anonymity(sentence: str) -> str:
    """Why a source is not named, in the words of the sentence; empty if it does not say."""
    found = _REASON.search(sentence)
    return " ".join(found.group().split()) if found else ""


class People:
    """Keeps, through one document, who was spoken of last, so that pronouns and "the paper" can be resolved."""

    def __init__(self, actors: Actors) -> None:
        self.actors = actors
        self.outlets: list[str] = []
        self.cited = 0
        self._last: dict[str, Link] = {}
        self._named: list[Link] = []

    def link(self, parse: Parse, tokens: Sequence[int]) -> tuple[Link, ...]:
        """The link or links that a source phrase stands for, outermost first; an outlet that owns its sources comes first."""
        if not tokens:
            return (Link(name="", kind="unknown"),)
        phrase = joined(parse, tokens).strip(" ,")
        if phrase.count("“") > phrase.count("”"):
            phrase += "”"
        if len(tokens) == 1 and parse.lower[tokens[0]] in _PRONOUNS:
            return (self._pronoun(parse.lower[tokens[0]]),)
        outlet = self._outlet(parse, tokens)
        head = self._head(parse, tokens)
        kind = self._kind(parse, tokens, head)
        if not outlet and parse.lemmas[head] in _outlets()["noun"] and len(tokens) <= 3:
            return (Link(name=phrase, kind="role", role="outlet"),)
        if outlet and parse.lemmas[head] not in _sourcewords():
            link = Link(name=outlet, kind="named", role="outlet")
            self.remember(link, many=False)
            return (link,)
        actor = self._actor(parse, tokens, head)
        link = Link(name=self._full(phrase, kind), kind=kind, actor=actor, role=self._role(parse, head, kind))
        self.remember(link, many=parse.tags[head] in ("NNS", "NNPS"))
        if outlet:
            return (Link(name=outlet, kind="named", role="outlet"), link)
        return (link,)

    def remember(self, link: Link, *, many: bool) -> None:
        """Take note of a link as a possible meaning of a later pronoun."""
        if link.role == "outlet":
            self.cited += 1
            if link.name not in self.outlets:
                self.outlets.append(link.name)
            self._last["body"] = link
        elif many or link.kind == "collective":
            self._last["many"] = link
            if link.kind == "collective":
                self._last["body"] = link
        else:
            self._last["one"] = link
            if link.kind == "named" and self.actors.resolve(link.name.partition(",")[0]) and len(link.name.split()) < 3:
                self._last["body"] = link
        if link.kind == "named" and link.role != "outlet":
            self._named.append(link)

    def _pronoun(self, word: str) -> Link:
        found = self._last.get(_PRONOUNS[word])
        return found if found is not None else Link(name="", kind="unknown", reason=f"“{word}” has no antecedent")

    def _outlet(self, parse: Parse, tokens: Sequence[int]) -> str:
        table = _outlets()
        words = [parse.words[t] for t in tokens]
        for size in range(min(4, len(words)), 0, -1):
            for at in range(len(words) - size + 1):
                run = words[at : at + size]
                name = " ".join(run)
                whole = name in table["name"]
                if whole or (
                    run[-1] in table["last"] and all(word[:1].isupper() for word in run) and self._newsy(words, at)
                ):
                    start = at - 1 if at > 0 and words[at - 1] == "The" else at
                    full = " ".join(words[start : at + size])
                    known = next((o for o in self.outlets if _bare(o) == _bare(full)), full)
                    if known not in self.outlets:
                        self.outlets.append(known)
                    return known
        lemmas = {parse.lemmas[t] for t in tokens}
        if self.outlets and lemmas & table["noun"] and len(tokens) <= 12:
            return self.outlets[-1]
        return ""

    @staticmethod
    def _newsy(words: list[str], at: int) -> bool:
        return at > 0 or len(words) <= 4

    @staticmethod
    def _head(parse: Parse, tokens: Sequence[int]) -> int:
        inside = set(tokens)
        for token in tokens:
            if parse.heads[token] not in inside or parse.heads[token] == token:
                return token
        return tokens[-1]

    def _kind(self, parse: Parse, tokens: Sequence[int], head: int) -> LinkKind:
        words = _sourcewords()
        lemma = parse.lemmas[head]
        if lemma not in words and lemma.endswith("s"):
            lemma = lemma.removesuffix("s")
        proper = [t for t in tokens if parse.pos[t] == "PROPN"]
        if parse.pos[head] == "PROPN" or (proper and lemma not in words):
            return "collective" if parse.lower[head] in ("capitals", "members", "allies") else "named"
        if lemma in words:
            kind = words[lemma]
            inner = [words[parse.lemmas[t]] for t in tokens if t != head and parse.lemmas[t] in words]
            beside = [c for c in parse.children[head] if parse.deps[c] == "appos" and parse.pos[c] == "PROPN"]
            if beside:
                return "named"
            vague = lemma in ("some", "many", "several", "few", "other", "one") and inner[:1] == ["collective"]
            return "collective" if vague and lemma != "one" else kind
        if parse.pos[head] in ("NUM", "DET", "PRON"):
            return "unnamed"
        if parse.tags[head] == "NNS":
            # People by what they do ("farmers", "scientists"); other plurals are bodies ("airlines").
            return "role" if lemma.endswith(("er", "or", "ist", "ian", "ant", "man", "ee")) else "collective"
        return "role" if parse.pos[head] == "NOUN" else "unknown"

    def _actor(self, parse: Parse, tokens: Sequence[int], head: int) -> str:
        found = self.actors.mentions([parse.words[t] for t in tokens])
        for mention in found:
            if tokens[mention.first] <= head <= tokens[mention.last]:
                return mention.actor
        return found[0].actor if found else ""

    def _full(self, phrase: str, kind: LinkKind) -> str:
        """A surname becomes the full name that the text gave before."""
        if kind != "named":
            return phrase
        core = phrase.split(",")[0].strip()
        for link in reversed(self._named):
            if core and link.name != core and link.name.split()[-1:] == core.split()[-1:] and len(core.split()) < 3:
                return link.name
        return core or phrase

    @staticmethod
    def _role(parse: Parse, head: int, kind: LinkKind) -> str:
        if kind == "role":
            return parse.lemmas[head]
        titles = [parse.words[c] for c in parse.children[head] if parse.deps[c] in ("compound", "appos")]
        words = _sourcewords()
        return next((title.lower() for title in titles if title.lower() in words), "") if kind == "named" else ""


def _bare(name: str) -> str:
    return name.casefold().removeprefix("the ")
