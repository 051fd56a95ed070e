"""Who is meant: actors by their names, capitals, demonyms and metonyms; and for whom a source phrase or a pronoun stands."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from vetopoint.evidence.claim import Link, LinkKind
from vetopoint.evidence.reader.lexicon import rows, sourcewords, words_for
from vetopoint.evidence.reader.naming import clear, ended, named
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.running import PRONOUNS, SURE, Figure, Running, phrase_of
from vetopoint.evidence.reader.turns import Turn, speaker_of

_WORD = re.compile(r"[^\W_]+(?:[.\-’'][^\W_]+)*\.?|\S")
_SPEECHLESS = frozenset(("you", "which", "that", "what", "who", "whom", "this", "these", "there", "myself", "itself"))
_NO_SPEAKERS = frozenset(("name", "thing", "fact", "way", "time", "day", "move", "had", "mine"))
NOBODY = Link(name="", kind="unknown", role="nobody")
"""No one in particular ("nobody believes that"): what is said stands in the text's own voice."""
_SHARED = frozenset(("Brussels",))
"""Seats of a union and of a country: the union's, unless the country alone is an actor of the case."""
_REASON = re.compile(
    r"(?:on (?:the )?condition of anonymity[^.;,]*|(?:not|un)\s?authori[sz]ed to[^.;,]*|"
    r"(?:asked|asking|requested|requesting|declined) (?:not )?to be (?:named|identified)[^.;,]*|"
    r"(?:requested|requesting|asked for) anonymity[^.;,]*)",
    re.IGNORECASE,
)
_SECRET = ("anonymity", "authori", "be named", "be identified")
"""What each reason has one of."""


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
        places = _places()
        for country, known in places.items():
            own = re.sub(r"\W+", "_", country.casefold()).strip("_")
            actor = next((owner[_fold(name)] for name in sorted(known) if _fold(name) in owner), own)
            shared = _SHARED & known if actor == own and own not in given else frozenset()
            for name in known - shared:
                self._enter(name, owner.get(_fold(name), actor))
        for name in _SHARED:
            self._names.setdefault(_fold(name), {}).setdefault((_fold(name),), "european_union")
        self._common = {_fold(name) for names in (aliases or {}).values() for name in names if name == name.lower()}
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
        """Mentions among tokens, longest first, not overlapping. Names are told from common words by their capital, if they were given with one."""
        found: list[Mention] = []
        beyond, names = 0, self._names
        folded = list(map(_fold, words))
        if names.keys().isdisjoint(folded):
            return found
        for token, first in enumerate(folded):
            if first in names and token >= beyond and (hit := self._at(words, token, names[first])):
                found.append(hit)
                beyond = hit.last + 1
        return found

    def _at(self, words: Sequence[str], token: int, choices: Mapping[tuple[str, ...], str]) -> Mention | None:
        for name, actor in choices.items():
            last = token + len(name)
            if len(name) == 1 or tuple(map(_fold, words[token:last])) == name:
                if len(name) == 1 and not words[token][:1].isupper() and name[0] not in self._common:
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


@lru_cache(maxsize=1 << 16)
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
    return {country: frozenset(form for name in names for form in _forms(name)) for country, names in found.items()}


def _forms(name: str) -> set[str]:
    """A name, and as it is written without its marks: "Lomé" and "Lome"."""
    return {name, "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))}


@cache
def _outlets() -> dict[str, frozenset[str]]:
    table = rows("outlets.csv")
    return {use: frozenset(row["word"] for row in table if row["use"] == use) for use in ("name", "last", "noun")}


def outlet_names() -> frozenset[str]:
    """Names of newspapers, agencies and broadcasters."""
    return _outlets()["name"]


def is_outlet(name: str) -> bool:
    """Whether a name is that of a newspaper, agency or broadcaster: known as one, or made as theirs are."""
    bare, last = name.removeprefix("The "), name.split()[-1:]
    table = _outlets()
    return name in table["name"] or bare in table["name"] or (len(name.split()) > 1 and last[0] in table["last"])


def reason_for_anonymity(sentence: str) -> str:
    """Why a source is not named, in the words of the sentence; empty if it does not say."""
    low = sentence.casefold()
    found = _REASON.search(sentence) if any(word in low for word in _SECRET) else None
    return " ".join(found.group().split()) if found else ""


class People:
    """Keeps, through one document, who was spoken of last, so that pronouns and "the paper" can be resolved."""

    def __init__(self, actors: Actors) -> None:
        self.actors = actors
        self.outlets: list[str] = []
        self.cited = 0
        self.running = Running()
        self._named: list[Link] = []
        self._answers: Link | None = None
        self._bodies: frozenset[int] = frozenset()

    def enter(self, parse: Parse) -> None:
        """Take note of whom a further stretch speaks, before its sources are asked for."""
        found = self.actors.mentions(parse.words)
        outlets = _outlets()["name"]
        self._bodies = frozenset(
            (
                *(token for mention in found for token in range(mention.first, mention.last + 1)),
                *(token for token, word in enumerate(parse.words) if word in outlets),
            )
        )
        self.running.enter(parse, self._bodies)

    def link(
        self,
        parse: Parse,
        tokens: Sequence[int],
        beside: Collection[int] = (),
        me: Link | None = None,
        *,
        nested: bool = False,
    ) -> tuple[Link, ...]:
        """The link or links that a source phrase stands for, outermost first; an outlet that owns its sources comes first.

        Parameters
        ----------
        beside : tokens of what is said, in which nobody is looked for whom a pronoun could mean.
        me : who says "I" there.
        nested : whether the source stands within what another says.
        """
        tokens = self._cleaned(parse, tokens)
        if not tokens:
            return (Link(name="", kind="unknown"),)
        if len(tokens) == 1 and (known := self._pronoun(parse, tokens[0], beside, me)):
            if known.kind != "unknown":
                self.running.spoke(tokens[0], tokens, known, many=parse.lower[tokens[0]] == "they", nested=nested)
            return (known,)
        if self._is_nobody(parse, tokens):
            return (NOBODY,)
        links = self._phrase(parse, tokens)
        head = self._head(parse, tokens)
        self.remember(parse, tokens, links[-1], many=parse.tags[head] in ("NNS", "NNPS"), nested=nested)
        return links

    def goes_on(self, parse: Parse, token: int) -> Link:
        """Who speaks a quotation of which the text does not say so: who spoke last, if that is clear; else unknown."""
        first = token
        while first > 0 and "\n" not in parse.words[first - 1]:
            first -= 1
        figure, sure = self.running.meant(token, "")
        alone = figure is not None and figure.at[1] < first
        if figure is None or sure - (0.2 if alone else 0.0) < SURE:
            return Link(name="", kind="unknown")
        return self._figure(figure)

    def _figure(self, figure: Figure, *, by_post: bool = True) -> Link:
        return figure.link or self._phrase(figure.parse, figure.tokens, by_post=by_post)[-1]

    def talker(self, turn: Turn) -> Link:
        """Who speaks a turn: by its label, under the full name where the text gives one; else who was spoken of last."""
        link = speaker_of(turn)
        if link is None:
            if self._answers is None:
                last = next((self._figure(figure) for figure in self.running.persons(turn.first)), None)
                self._answers = last or Link(name="", kind="unknown", reason="the text does not say who answers")
            return self._answers
        if link.kind != "named":
            return link
        name = self._full(link.name, "named")
        known = next((other for other in reversed(self._named) if other.name == name), None)
        if known is None:
            known = link.model_copy(update={"name": name, "actor": self.actors.resolve(name)})
            self._named.append(known)
        return known

    def _phrase(self, parse: Parse, tokens: Sequence[int], *, by_post: bool = True) -> tuple[Link, ...]:
        """The links of a source that is no pronoun; a bare post is looked up among the names before it if asked `by_post`."""
        phrase = parse.phrase(tokens).strip(" ,")
        if phrase.count("“") > phrase.count("”"):
            phrase += "”"
        outlet = self._outlet(parse, tokens)
        head = self._head(parse, tokens)
        if not outlet and parse.lemmas[head] in _outlets()["noun"] and len(tokens) <= 3:
            return (Link(name=phrase, kind="role", role="outlet"),)
        if outlet and parse.lemmas[head] not in sourcewords():
            return (Link(name=outlet, kind="named", role="outlet"),)
        if _fold(parse.words[head]) in _NO_SPEAKERS:
            return (Link(name="", kind="unknown"),)
        known = self._of_post(parse, tokens, head) if by_post else None
        link = known or self._person(parse, tokens, head, phrase)
        return (Link(name=outlet, kind="named", role="outlet"), link) if outlet else (link,)

    def _person(self, parse: Parse, tokens: Sequence[int], head: int, phrase: str) -> Link:
        actor = self._actor(parse, tokens, head) or self._owner(parse, tokens)
        told = named(parse, tokens, head, self._bodies)
        if told is not None:
            name = self._full(parse.phrase(told.name), "named")
            known = next((link for link in reversed(self._named) if link.name == name), None)
            role = told.post or (known.role if known else "") or self._role(parse, head, "named")
            return Link(name=name, kind="named", actor=actor or (known.actor if known else ""), role=role)
        kind = self._kind(parse, tokens, head)
        return Link(name=self._full(phrase, kind), kind=kind, actor=actor, role=self._role(parse, head, kind))

    def _of_post(self, parse: Parse, tokens: Sequence[int], head: int) -> Link | None:
        """ "The minister added": the one named person of that post."""
        bare = len(tokens) <= 3 and parse.lower[tokens[0]] == "the" and parse.tags[head] == "NN"
        words = [parse.lower[t] for t in tokens if t <= head][1:]
        if not bare or tokens[-1] != head or self._kind(parse, tokens, head) != "role":
            return None
        before = (self._figure(figure, by_post=False) for figure in self.running.persons(tokens[0]))
        told = [link for link in before if link.kind == "named"]
        fits = {link.name: link for link in (*told, *self._named) if link.role.split()[-len(words) :] == words}
        return next(iter(fits.values())) if len(fits) == 1 else None

    def _owner(self, parse: Parse, tokens: Sequence[int]) -> str:
        """The actor whose minister it is: "its defence secretary"."""
        if parse.lower[tokens[0]] not in ("its", "their"):
            return ""
        figure, sure = self.running.meant(tokens[0], "its")
        if figure is None or sure < SURE:
            return ""
        if figure.link is not None and figure.link.actor:
            return figure.link.actor
        return self._actor(figure.parse, figure.tokens, figure.tokens[-1])

    def _pronoun(self, parse: Parse, token: int, beside: Collection[int], me: Link | None) -> Link | None:
        """Whom a pronoun means; None where the word is none."""
        word = parse.lower[token]
        unknown = Link(name="", kind="unknown", reason=f"“{parse.words[token]}” has no antecedent")
        if word in ("i", "we", "me", "us"):
            return me or unknown
        if word in _SPEECHLESS:
            return unknown
        if word not in PRONOUNS:
            return None
        figure, sure = self.running.meant(token, word, beside)
        if figure is None or sure < SURE:
            return unknown
        link = self._figure(figure)
        if PRONOUNS[word] == "one":
            self.running.learn(link.name, word)
        return link

    def _is_nobody(self, parse: Parse, tokens: Sequence[int]) -> bool:
        """Whether a source is no one at all: "nobody thinks", "no one has suggested"."""
        head = self._head(parse, tokens)
        if parse.lower[head] in ("nobody", "no-one", "nothing", "noone"):
            return True
        return parse.lower[head] == "one" and parse.lower[tokens[0]] == "no"

    def _cleaned(self, parse: Parse, tokens: Sequence[int]) -> list[int]:
        """A source phrase without what follows a comma and is no name of it; whom a relative pronoun stands for."""
        if not tokens:
            return []
        head = self._head(parse, tokens)
        if (
            len(tokens) == 1
            and parse.lower[head] in ("who", "which", "that")
            and parse.deps[parse.heads[head]] == "relcl"
        ):
            return self._antecedent(parse, parse.heads[head])
        return ended(parse, clear(parse, tokens, head), head)

    @staticmethod
    def _antecedent(parse: Parse, clause: int) -> list[int]:
        """Whom a relative clause speaks of: "a statement by the envoy of Ostia, who denied": the envoy."""
        holder, node = parse.heads[clause], parse.heads[clause]
        words = sourcewords()
        while (
            parse.lemmas[node] not in words
            and parse.deps[node] in ("pobj", "prep", "agent")
            and parse.heads[node] != node
        ):
            node = parse.heads[node]
        head = node if parse.lemmas[node] in words else holder
        return [t for t in phrase_of(parse, head) if t < parse.lefts[clause]]

    def remember(self, parse: Parse, tokens: Sequence[int], link: Link, *, many: bool, nested: bool = False) -> None:
        """Take note of a link as a possible meaning of a later pronoun or surname."""
        if link.kind == "unknown":
            return
        if link.role == "outlet":
            self.cited += 1
            if link.name not in self.outlets and link.kind == "named":
                self.outlets.append(link.name)
        elif link.kind == "named":
            self._named.append(link)
        self.running.spoke(self._head(parse, tokens), tokens, link, many=many, nested=nested)

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
            kind = _in_number(parse, tokens, head, words[lemma])
            inner = [words[parse.lemmas[t]] for t in tokens if t != head and parse.lemmas[t] in words]
            beside = [c for c in parse.children[head] if parse.deps[c] == "appos" and parse.pos[c] == "PROPN"]
            if beside:
                return "named"
            vague = lemma in ("some", "many", "several", "few", "other", "one")
            if vague and (whole := _whole(parse, tokens, head)) >= 0 and parse.lemmas[whole] in words:
                return "role" if lemma == "one" else words[parse.lemmas[whole]]
            return "collective" if vague and inner[:1] == ["collective"] and lemma != "one" else kind
        if parse.pos[head] in ("NUM", "DET", "PRON"):
            whole = _whole(parse, tokens, head)
            return self._kind(parse, tokens, whole) if whole >= 0 else "unnamed"
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


def _in_number(parse: Parse, tokens: Sequence[int], head: int, kind: LinkKind) -> LinkKind:
    """What a word for a speaker comes to in its number: "the leaders" are a body, "a member of the cabinet" is a person."""
    if kind == "collective" and parse.tags[head] == "NN" and parse.lemmas[head] in words_for("member"):
        return "role"
    bodily = kind == "role" and parse.lemmas[head] in words_for("heading") and parse.tags[head] == "NNS"
    return "collective" if bodily and parse.lower[tokens[0]] == "the" and parse.child(head, "nummod") < 0 else kind


def _whole(parse: Parse, tokens: Sequence[int], head: int) -> int:
    """Of "hardly any of its senators", "one of his aides" the senators and the aides; else −1."""
    inside = set(tokens)
    parts = [parse.child(prep, "pobj") for prep in parse.having(head, "prep") if parse.lower[prep] in ("of", "among")]
    return next((t for t in parts if t in inside and parse.pos[t] == "NOUN"), -1)


def _bare(name: str) -> str:
    return name.casefold().removeprefix("the ")
