"""All that some texts tell of a plan, read in one go: the parties, the signs of their parts, and what would be done instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from vetopoint.evidence.documents import Document, flow, is_foreign
from vetopoint.evidence.plans.belonging import belonging
from vetopoint.evidence.plans.deeds import deeds_of
from vetopoint.evidence.plans.instead import FIRM, Instead, instead_of
from vetopoint.evidence.plans.naming import Naming, naming_of
from vetopoint.evidence.plans.parties import Parties, parties_of
from vetopoint.evidence.plans.signs import Sign, signs_of
from vetopoint.evidence.plans.standing import standings
from vetopoint.evidence.reader.parse import Parse, Parser, Told

_ELSE = 0.2


@dataclass(frozen=True)
class Telling:
    """What some texts tell of a plan."""

    parties: Parties
    signs: tuple[Sign, ...]
    instead: tuple[Instead, ...]
    nouns: Mapping[str, int]
    """How often each noun stands in the texts, by its lemma."""
    named: Mapping[str, int]
    """How often each party is named."""
    standings: Mapping[str, Mapping[str, int]]
    """How often each party stands in each way: `vetopoint.evidence.plans.standing`."""
    naming: Naming = field(default_factory=Naming)
    """How the texts write the names of parties."""
    deeds: Mapping[str, str] = field(default_factory=dict)
    """Noun phrase → what somebody would do to it, as a noun."""


def tell(documents: Iterable[Document], parser: Parser, known: Mapping[str, Iterable[str]] | None = None) -> Telling:
    """Read some documents for what they tell of a plan.

    Parameters
    ----------
    known : parties of whom is known already, by id, with their names.
    """
    texts = [flow(document.text, is_foreign).text for document in documents]
    parsed = list(parser.parse(iter(texts)))
    stretches = [parse for parses in parsed for parse in parses]
    parties = belonging(parties_of(stretches, known), stretches)
    signs = tuple(sign for parses in parsed for sign in signs_of(parses, parties))
    instead = sorted((each for parses in parsed for each in instead_of(parses)), key=lambda each: -each.weight)
    nouns = Counter(p.lemmas[token] for p in stretches for token in range(len(p)) if p.pos[token] == "NOUN")
    named = Counter(mention.actor for p in stretches for mention in parties.actors.mentions(p.words))
    signs = tuple(_unless_instead(sign, instead) for sign in signs)
    standing = _together(standings(parses, parties) for parses in parsed)
    naming = naming_of(stretches, parties)
    return Telling(parties, signs, tuple(instead), nouns, named, standing, naming, deeds_of(stretches))


def _unless_instead(sign: Sign, instead: Iterable[Instead]) -> Sign:
    """A sign; who offers to do something else if the plan fails hardly proposes the plan."""
    told = sign.part == "propose" and any(each.sentence == sign.said and each.weight >= FIRM for each in instead)
    return replace(sign, weight=sign.weight * _ELSE) if told else sign


def _together(standing: Iterable[Mapping[str, Mapping[str, int]]]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for of_text in standing:
        for actor, ways in of_text.items():
            found.setdefault(actor, Counter()).update(ways)
    return found


class Remembering:
    """A parser that parses no text twice: what a text tells of parties is asked before its claims are."""

    def __init__(self, parser: Parser) -> None:
        self._parser, self._kept = parser, dict[str, list[Parse]]()
        self.name = parser.name

    def parse(self, texts: Iterable[str], told: Told | None = None) -> Iterator[list[Parse]]:
        """Parses of each text, in order."""
        for text in texts:
            if text not in self._kept:
                self._kept[text] = next(iter(self._parser.parse(iter([text]))))
            if told is not None:
                told(len(text))
            yield self._kept[text]
