"""Who is meant: actors by their names, capitals, demonyms and metonyms; and for whom a source phrase or a pronoun stands."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from vetopoint.evidence.claim import Link, LinkKind
from vetopoint.evidence.reader.lexicon import rows, sourcewords
from vetopoint.evidence.reader.parse import Parse

_WORD = re.compile(r"[^\W_]+(?:[.\-’'][^\W_]+)*\.?|\S")
_PRONOUNS = {
    **dict.fromkeys(("he", "she", "his", "her", "him", "i"), "one"),
    **dict.fromkeys(("they", "their", "them", "we"), "many"),
    **dict.fromkeys(("it", "its"), "body"),
    **dict.fromkeys(("who", "which"), ""),
}
_REASON = re.compile(
    r"(?:on (?:the )?condition of anonymity[^.;,]*|(?:not|un)\s?authori[sz]ed to[^.;,]*|"
    r"(?:asked|asking|requested|requesting|declined) (?:not )?to be (?:named|identified)[^.;,]*|"
    r"(?:requested|requesting|asked for) anonymity[^.;,]*)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Mention:
    """Tokens `first` to `last` inclusive that speak of `actor`."""

    first: int
    last: int
    actor: str


class Actors:
    """Finds the actors that a text speaks of.

    Parameters
    ----------
    aliases : id of each actor → the names under which sources speak of it. A country among them brings its capital, its
        demonym and its metonyms along. Countries that are no actor of the case get an id of their own (``south_korea``).
    """

    def __init__(self, aliases: Mapping[str, Iterable[str]] | None = None) -> None:
        self._names: dict[str, dict[tuple[str, ...], str]] = {}
        given = {actor: {actor.replace("_", " "), *names} for actor, names in (aliases or {}).items()}
        owner = {_fold(name): actor for actor, names in given.items() for name in names}
        for country, known in _places().items():
            own = re.sub(r"\W+", "_", country.casefold()).strip("_")
            actor = next((owner[_fold(name)] for name in sorted(known) if _fold(name) in owner), own)
            for name in known:
                self._enter(name, owner.get(_fold(name), actor))
        for actor, names in given.items():
            for name in names:
                self._enter(name, actor)
        for first, choices in self._names.items():
            self._names[first] = dict(sorted(choices.items(), key=lambda choice: -len(choice[0])))

    def _enter(self, name: str, actor: str) -> None:
        words = tuple(_fold(word) for word in _split(name))
        if words and (len(words) > 1 or len(words[0]) > 1):
            self._names.setdefault(words[0], {})[words] = actor

    def mentions(self, words: Sequence[str]) -> list[Mention]:
        """Mentions among tokens, longest first, not overlapping. Names are told from common words by their capital."""
        found: list[Mention] = []
        for token in range(len(words)):
            if not found or found[-1].last < token:
                hit = self._at(words, token)
                found += [hit] if hit else []
        return found

    def _at(self, words: Sequence[str], token: int) -> Mention | None:
        for name, actor in self._names.get(_fold(words[token]), {}).items():
            last = token + len(name)
            window = words[token:last]
            if len(window) == len(name) and all(_fold(w) == n for w, n in zip(window, name, strict=True)):
                if len(name) == 1 and not words[token][:1].isupper():
                    continue
                if name == ("us",) and words[token] != "US":
                    continue
                return Mention(token, last - 1, actor)
        return None

    def resolve(self, text: str) -> str:
        """The actor of whom a short text speaks first, or an empty string."""
        found = self.mentions(_split(text))
        return found[0].actor if found else ""


def _split(text: str) -> list[str]:
    return _WORD.findall(re.sub(r"[’']s\b", " 's", text))


def _fold(word: str) -> str:
    return word.casefold().replace("’", "'")


def _value(country: Any, name: str) -> Any:
    """What a country's record holds; some fields of it are methods."""
    field = getattr(country, name)
    return field() if callable(field) else field


@cache
def _places() -> dict[str, frozenset[str]]:
    """Country → its name, capital, demonym and metonyms."""
    try:
        from countryinfo import all_countries

        countries = all_countries()
    except ImportError:
        countries = []
    found: dict[str, set[str]] = {}
    taken: set[str] = set()
    # A dependency shares its demonym with the country it belongs to, which is the larger.
    for country in sorted(countries, key=lambda c: -(_value(c, "population") or 0)):
        names = [_value(country, field) for field in ("name", "capital", "demonym")]
        own = {name for name in names if isinstance(name, str) and len(name) > 2} - taken
        taken |= own
        found[str(names[0])] = own
    for row in rows("metonyms.csv"):
        found.setdefault(row["country"], {row["country"]}).add(row["name"])
    return {country: frozenset(names) for country, names in found.items()}


@cache
def _outlets() -> dict[str, frozenset[str]]:
    table = rows("outlets.csv")
    return {use: frozenset(row["word"] for row in table if row["use"] == use) for use in ("name", "last", "noun")}


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
        phrase = parse.phrase(tokens).strip(" ,")
        if phrase.count("“") > phrase.count("”"):
            phrase += "”"
        word = parse.lower[tokens[0]]
        if len(tokens) == 1 and word in _PRONOUNS:
            unknown = Link(name="", kind="unknown", reason=f"“{word}” has no antecedent")
            return (self._last.get(_PRONOUNS[word], unknown),)
        outlet = self._outlet(parse, tokens)
        head = self._head(parse, tokens)
        kind = self._kind(parse, tokens, head)
        if not outlet and parse.lemmas[head] in _outlets()["noun"] and len(tokens) <= 3:
            return (Link(name=phrase, kind="role", role="outlet"),)
        if outlet and parse.lemmas[head] not in sourcewords():
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

    def _outlet(self, parse: Parse, tokens: Sequence[int]) -> str:
        table = _outlets()
        words = [parse.words[t] for t in tokens]
        for size in range(min(4, len(words)), 0, -1):
            for at in range(len(words) - size + 1):
                run = words[at : at + size]
                name = " ".join(run)
                titled = run[-1] in table["last"] and all(word[:1].isupper() for word in run)
                if name in table["name"] or (titled and (at > 0 or len(words) <= 4)):
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
    def _head(parse: Parse, tokens: Sequence[int]) -> int:
        inside = set(tokens)
        for token in tokens:
            if parse.heads[token] not in inside or parse.heads[token] == token:
                return token
        return tokens[-1]

    def _kind(self, parse: Parse, tokens: Sequence[int], head: int) -> LinkKind:
        words = sourcewords()
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
        words = sourcewords()
        return next((title.lower() for title in titles if title.lower() in words), "") if kind == "named" else ""


def _bare(name: str) -> str:
    return name.casefold().removeprefix("the ")
