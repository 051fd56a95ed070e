"""Whom a document spoke of last, in the order of its text, so that "he", "they" and "it" can be resolved, with a confidence.

The figures of a text are the subjects of its own sentences, outside of quotations, and those who are said to have said
something. Of a sentence's figures the one who stands highest in the tree is meant (Hobbs 1978; Lappin and Leass 1994).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from vetopoint.evidence.claim import Link
from vetopoint.evidence.reader.lexicon import sourcewords
from vetopoint.evidence.reader.parse import Parse

PRONOUNS = {
    **dict.fromkeys(("he", "she", "his", "her", "him"), "one"),
    **dict.fromkeys(("they", "their", "them"), "many"),
    **dict.fromkeys(("it", "its"), "body"),
}
_GENDERS = {
    **dict.fromkeys(("he", "him", "his", "himself", "mr", "mr.", "sir", "lord", "spokesman", "chairman", "king"), "m"),
    **dict.fromkeys(("businessman", "congressman", "baron", "prince", "father", "brother", "husband", "son"), "m"),
    **dict.fromkeys(("she", "her", "hers", "herself", "ms", "ms.", "mrs", "mrs.", "miss", "madam", "lady"), "f"),
    **dict.fromkeys(("spokeswoman", "chairwoman", "queen", "congresswoman", "princess", "wife", "daughter"), "f"),
}
_SUBORDINATE = ("ccomp", "advcl", "relcl", "acl", "pcomp", "csubj", "xcomp")
_RANKED = frozenset(("nsubj", "nsubjpass", "appos", "poss", "dobj", "pobj"))
_FARTHEST = 8
"""Sentences of the text's own beyond which nobody can be meant by a pronoun."""
SURE = 0.5
"""Confidence below which whom a pronoun means is left open."""


@dataclass(frozen=True)
class Figure:
    """Somebody spoken of: where (`at`: stretch and token), in which sentence, how high in it, and as what.

    `sort` is ``one`` (a person), ``many`` (people) or ``body`` (a government, a firm); `link` is who it is, where known.
    """

    at: tuple[int, int]
    sentence: int
    rank: int
    sort: str
    gender: str
    parse: Parse
    tokens: tuple[int, ...]
    link: Link | None = None


class Running:
    """The figures of one document so far."""

    def __init__(self) -> None:
        self._figures: list[Figure] = []
        self._parse: Parse | None = None
        self._serial = -1
        self._numbers: list[int] = []
        self._genders: dict[str, str] = {}

    def enter(self, parse: Parse, bodies: Collection[int]) -> None:
        """Take note of a further stretch; ``bodies`` are its tokens that name actors, outlets and the like."""
        if parse is self._parse:
            return
        base = self._numbers[-1] + 1 if self._numbers else 0
        self._parse, self._serial, self._numbers = parse, self._serial + 1, _narrated(parse, base)
        for token in range(len(parse)):
            if (
                parse.deps[token] in _RANKED
                and token not in parse.quotes
                and (rank := _rank(parse, token)) >= 0
                and (sort := _sort(parse, token, bodies))
            ):
                self._put(token, rank, sort, phrase_of(parse, token), None)

    def spoke(self, head: int, tokens: Sequence[int], link: Link, *, many: bool, nested: bool) -> None:
        """Take note of who is said to have said something, in words with this head."""
        body = (
            link.role == "outlet"
            or link.kind == "collective"
            or (bool(link.actor) and len(link.name.split()) < 3 and not link.role)
        )
        sort = "many" if many else "body" if body else "one"
        self._put(head, int(nested), sort, tokens, link)

    def learn(self, name: str, pronoun: str) -> None:
        """Take note that a name is a man's or a woman's."""
        if name and _GENDERS.get(pronoun):
            self._genders.setdefault(name.split()[-1].casefold(), _GENDERS[pronoun])

    def meant(self, token: int, word: str, beside: Collection[int] = ()) -> tuple[Figure | None, float]:
        """Whom a pronoun at a token means, and how sure that is, from 0 to 1.

        Parameters
        ----------
        word : the pronoun; "" for whoever spoke last.
        beside : tokens of what is being said, in which the speaker is not looked for.
        """
        found: list[Figure] = []
        for figure in reversed(self._figures[: self._before(token)]):
            if found and figure.sentence != found[-1].sentence:
                break
            apart = figure.at[0] != self._serial or figure.at[1] not in beside
            if apart and self._distance(token, figure) <= _FARTHEST and self._fits(figure, word):
                found.append(figure)
        if not found:
            return None, 0.0
        found.sort(key=lambda figure: (figure.rank, -figure.at[1] if figure.link is not None else figure.at[1]))
        best = found[0]
        rivals = [f for f in found[1:] if f.rank == best.rank and f.sort == best.sort and not _alike(f, best)]
        distance = self._distance(token, best)
        sure = 0.9 if distance <= 1 else 0.75 if distance <= 3 else 0.6
        return best, sure - (0.25 if rivals else 0.0) - (0.15 if best.rank > 1 else 0.0)

    def persons(self, token: int) -> list[Figure]:
        """The persons spoken of before a token, the last one first, sixty at most."""
        before = self._figures[max(0, self._before(token) - 60) : self._before(token)]
        return [figure for figure in reversed(before) if figure.sort == "one"]

    def _put(self, token: int, rank: int, sort: str, tokens: Sequence[int], link: Link | None) -> None:
        parse = self._parse
        if parse is None:
            return
        figure = Figure(
            (self._serial, token), self._numbers[token], rank, sort, _gender(parse, tokens), parse, tuple(tokens), link
        )
        place = bisect_left(self._figures, figure.at, max(0, len(self._figures) - 400), key=attrgetter("at"))
        if link is not None and place < len(self._figures) and self._figures[place].at == figure.at:
            self._figures[place] = replace(figure, gender=figure.gender or self._figures[place].gender)
        else:
            self._figures.insert(place, figure)

    def _before(self, token: int) -> int:
        return bisect_left(self._figures, (self._serial, token), key=attrgetter("at"))

    def _distance(self, token: int, figure: Figure) -> int:
        return self._numbers[token] - figure.sentence

    def _fits(self, figure: Figure, word: str) -> bool:
        sort = PRONOUNS.get(word, "")
        if not sort:
            return figure.rank <= 1 and figure.sort != "thing"
        if sort == "many":
            return figure.sort == "many"
        if figure.sort != sort:
            return False
        own = figure.gender or self._genders.get(_last_name(figure), "")
        return not own or sort != "one" or own == _GENDERS[word]


def phrase_of(parse: Parse, head: int) -> list[int]:
    """A noun phrase without the clauses that hang on it."""
    kept = [head]
    for token in kept:
        kept.extend(c for c in parse.children[token] if parse.deps[c] not in ("acl", "relcl", "advcl", "cc", "conj"))
    kept.sort()
    while kept and kept[-1] != head and parse.pos[kept[-1]] in ("PUNCT", "SPACE"):
        kept.pop()
    while kept and kept[0] != head and parse.pos[kept[0]] in ("PUNCT", "SPACE"):
        kept.pop(0)
    return kept


def _narrated(parse: Parse, base: int) -> list[int]:
    """For each token the number of its sentence, where those within a quotation count as one with the sentence before."""
    numbers, number, before = [], base, 0
    for token, sentence in enumerate(parse.sents):
        if sentence != before:
            quote = parse.quotes.of(token)
            number += quote is None or quote.first == token
            before = sentence
        numbers.append(number)
    return numbers


def _rank(parse: Parse, token: int) -> int:
    """How deep in its sentence a figure stands: 0 for the subject of the main clause; −1 for what is no subject."""
    label = parse.deps[token]
    if label in ("nsubj", "nsubjpass"):
        return _depth(parse, parse.heads[token])
    if label == "appos" and _is_person(parse, token):
        return 1
    if label == "poss" and parse.pos[token] == "PROPN":
        return 2 + _depth(parse, parse.heads[token])
    if label in ("dobj", "pobj") and (
        any(parse.lower[c] in _GENDERS for c in parse.having(token, "compound"))
        or (
            sourcewords().get(parse.lemmas[token]) == "role"
            and any(parse.pos[c] == "PROPN" for c in parse.having(token, "appos"))
        )
    ):
        return 3
    if label == "pobj" and parse.deps[parse.heads[token]] == "agent":
        return 1 + _depth(parse, parse.heads[parse.heads[token]])
    return -1


def _is_person(parse: Parse, token: int) -> bool:
    """Whether an apposition is a person by a post: "in Ostia, the envoy, Ada Holm, sounded glad"."""
    return sourcewords().get(parse.lemmas[token]) == "role" and parse.words[parse.lefts[token] - 1] == ","


def _depth(parse: Parse, verb: int) -> int:
    depth, node = 0, verb
    while parse.heads[node] != node and depth < 6:
        depth += parse.deps[node] in _SUBORDINATE
        node = parse.heads[node]
    return depth


def _sort(parse: Parse, token: int, bodies: Collection[int]) -> str:
    words, lemma = sourcewords(), parse.lemmas[token]
    proper = parse.pos[token] == "PROPN"
    if parse.having(token, "conj") and (proper or lemma in words):
        return "many"
    kinds = {words[parse.lower[t]] for t in phrase_of(parse, token) if proper and parse.lower[t] in words}
    if proper:
        if parse.tags[token] == "NNPS":
            return "many"
        return "body" if token in bodies or "collective" in kinds else "one"
    if parse.pos[token] != "NOUN":
        return ""
    many = parse.tags[token] == "NNS"
    if lemma in words:
        return "many" if many else "body" if words[lemma] == "collective" else "one"
    return "many" if many and lemma.endswith(("er", "or", "ist", "ian", "man")) else ""


def _gender(parse: Parse, tokens: Sequence[int]) -> str:
    first = tokens[0]
    before = [first - 1] if first and parse.lower[first - 1] in ("mr", "ms", "mrs", "mr.", "ms.", "mrs.") else []
    told = {
        _GENDERS[parse.lower[t]] for t in (*before, *tokens) if parse.lower[t] in _GENDERS and parse.deps[t] != "poss"
    }
    return told.pop() if len(told) == 1 else ""


def _last_name(figure: Figure) -> str:
    if figure.link is not None:
        return figure.link.name.split()[-1].casefold() if figure.link.name else ""
    proper = [t for t in figure.tokens if figure.parse.pos[t] == "PROPN"]
    return figure.parse.lower[proper[-1]] if proper else ""


def _alike(one: Figure, other: Figure) -> bool:
    return bool(_last_name(one)) and _last_name(one) == _last_name(other)
