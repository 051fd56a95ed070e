"""Who is meant: mentions of actors by the case's own names, by capitals and demonyms, and by metonyms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from vetopoint.evidence._lexicon import rows

__all__ = ["Actors", "Mention"]

_WORD = re.compile(r"[^\W_]+(?:[.\-’'][^\W_]+)*\.?|\S")


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
        self._names: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self.known = frozenset(aliases or ())
        given = {actor: {actor.replace("_", " "), *names} for actor, names in (aliases or {}).items()}
        owner = {_fold(name): actor for actor, names in given.items() for name in names}
        places = _places()
        for country, known in places.items():
            actor = next((owner[_fold(name)] for name in sorted(known) if _fold(name) in owner), _slug(country))
            for name in known:
                self._enter(name, owner.get(_fold(name), actor))
        for actor, names in given.items():
            for name in names:
                self._enter(name, actor)
        for choices in self._names.values():
            choices.sort(key=lambda choice: -len(choice[0]))

    def _enter(self, name: str, actor: str) -> None:
        words = tuple(_fold(word) for word in _split(name))
        if not words or (len(words) == 1 and len(words[0]) < 2):
            return
        choices = self._names.setdefault(words[0], [])
        if all(choice[0] != words for choice in choices):
            choices.append((words, actor))
        else:
            choices[:] = [(words, actor) if choice[0] == words else choice for choice in choices]

    def mentions(self, words: Sequence[str]) -> list[Mention]:
        """Mentions among tokens, longest first, not overlapping. Names are told from common words by their capital."""
        found: list[Mention] = []
        token = 0
        while token < len(words):
            hit = self._at(words, token) if _fold(words[token]) in self._names else None
            if hit is None:
                token += 1
            else:
                found.append(hit)
                token = hit.last + 1
        return found

    def _at(self, words: Sequence[str], token: int) -> Mention | None:
        for name, actor in self._names.get(_fold(words[token]), ()):
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


def _slug(name: str) -> str:
    return re.sub(r"\W+", "_", name.casefold()).strip("_")


def _number(field: object) -> float:
    value = field() if callable(field) else field
    return float(value) if isinstance(value, int | float) else 0.0


@lru_cache(maxsize=1)
def _places() -> dict[str, frozenset[str]]:
    """Country → its name, capital, demonym and metonyms."""
    try:
        from countryinfo import all_countries
    except ImportError:
        countries = []
    else:
        countries = all_countries()
    found: dict[str, set[str]] = {}
    taken: set[str] = set()
    # A dependency shares its demonym with the country it belongs to, which is the larger.
    for country in sorted(countries, key=lambda c: -_number(c.population)):
        names = [field() if callable(field) else field for field in (country.name, country.capital, country.demonym)]
        own = {name for name in names if isinstance(name, str) and len(name) > 2} - taken
        taken |= own
        found[str(names[0])] = own
    for row in rows("metonyms.csv"):
        found.setdefault(row["country"], {row["country"]}).add(row["name"])
    return {country: frozenset(names) for country, names in found.items()}
