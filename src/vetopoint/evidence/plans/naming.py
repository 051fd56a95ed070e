"""How texts write whom they speak of: a name with "the" or without, its verbs in the plural or not, a person or none; and what is a name at all.

No list knows whether it is "the Greens" or "Unison": the texts that name them show it. Rules decide only where no sentence does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from vetopoint.evidence.plans.parties import Parties
from vetopoint.evidence.plans.words import kinds, plan_words
from vetopoint.evidence.reader.lexicon import sourcewords
from vetopoint.evidence.reader.parse import Parse

_ONE = frozenset(("is", "was", "has", "does"))
_SEVERAL = frozenset(("are", "were", "have", "do"))
_MODIFYING = ("compound", "amod", "nmod", "det")
_POSTS = frozenset(("president", "minister", "premier", "chancellor", "secretary", "senator", "judge", "commissioner", "governor", "mayor", "bishop", "sheikh", "king", "queen", "emir", "prince"))  # fmt: skip
_UNITED = frozenset(("states", "nations", "emirates", "netherlands", "philippines", "islands", "seychelles", "news"))


@dataclass
class Written:
    """In how many sentences a name stands with "the" and without, with a verb in the singular and the plural, as a plural noun."""

    count: int = 0
    articled: int = 0
    bare: int = 0
    singular: int = 0
    plural: int = 0
    nouns: int = 0


@dataclass(frozen=True)
class Called:
    """What a party is called in sentences, whether verbs follow in the plural, and whether it is a person."""

    label: str
    plural: bool
    person: bool


@dataclass(frozen=True)
class Naming:
    """How some texts write the names in them.

    Attributes
    ----------
    written : name in small letters → how it is written.
    proper : words that bear a capital within sentences.
    countries : own names of states, in small letters.
    persons : full names and surnames.
    """

    written: Mapping[str, Written] = field(default_factory=dict)
    proper: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()

    def called(self, name: str) -> Called:
        """A name as a label: "The" at its head where sentences give it one."""
        written = self.written.get(name.casefold(), Written())
        if self._is_person(name):
            return Called(name, False, True)
        several = self._is_several(name, written)
        first = re.split(r"['’\s-]", name, maxsplit=1)[0]
        begun = name[1:].islower() and first not in self.proper and _is_noun(name)  # a noun that only begins sentences
        common = name[:1].islower() or begun
        if common and not name.casefold().startswith("the "):
            return Called(f"The {name[:1].lower()}{name[1:]}", several, _is_post(name))
        bare = re.sub(r"^the\s+", "", name, flags=re.IGNORECASE)
        articled = len(bare) < len(name) or _bears_article(bare, written)
        return Called(f"The {bare}" if articled else name, several, _is_post(name))

    def _is_person(self, name: str) -> bool:
        known = name in self.persons or any(name.endswith(f" {person}") for person in self.persons if " " in person)
        *before, last = re.split(r"[\s-]", name)
        posted = any(word.casefold() in _POSTS and word[:1].isupper() for word in before)
        return known or (
            posted and last[:1].isupper() and not _is_noun(last) and not _is_post(last) and " of " not in name
        )

    def _is_several(self, name: str, written: Written) -> bool:
        if name.casefold().removeprefix("the ") in self.countries or name.split()[-1].casefold() in _UNITED:
            return False
        last = name.split()[-1].casefold()
        if last in plan_words("plurals") or last.endswith(("men", "women", "children")):
            return True
        ends = re.split(r"\s+(?:of|for)\s+", name)[0].endswith("s") and (_is_noun(name) or written.plural)
        if 2 * written.nouns > written.count or ends:
            return written.singular <= written.plural
        return written.plural > 1 and not written.singular


def naming_of(parses: Iterable[Parse], parties: Parties) -> Naming:
    """How some texts write the names of the parties in them.

    Parameters
    ----------
    parses : the texts, parsed.
    """
    written: dict[str, Written] = {}
    proper: set[str] = set()
    for p in parses:
        proper.update(word for token, word in enumerate(p.words) if _is_proper(p, token))
        for mention in parties.actors.mentions(p.words):
            tokens = range(mention.first, mention.last + 1)
            _note(p, tokens, written.setdefault(p.phrase(tokens).casefold(), Written()))
    surnames = {person.split()[-1] for person in parties.persons}
    own = {" ".join(actor.split("_")) for actor in parties.countries}
    return Naming(written, frozenset(proper), frozenset(own), frozenset(parties.persons) | surnames)


def _note(p: Parse, tokens: range, written: Written) -> None:
    """Take note of how a name stands in a sentence; where it only qualifies another noun, it shows nothing."""
    head = next((t for t in tokens if p.heads[t] not in tokens or p.heads[t] == t), tokens[-1])
    if p.deps[head] in _MODIFYING and p.heads[head] > tokens[-1]:
        return
    marks = [c for c in p.children[head] if p.deps[c] in ("det", "poss") and c < head]
    written.count += 1
    written.nouns += p.tags[head] in ("NNS", "NNPS")
    if any(p.lower[c] == "the" for c in marks) or (tokens[0] and p.lower[tokens[0] - 1] == "the"):
        written.articled += 1
    elif not marks and _is_sentence(p, head):
        written.bare += 1
    if p.deps[head] in ("nsubj", "nsubjpass") and not p.having(head, "conj"):
        verb = p.heads[head]
        first = next(iter(p.having(verb, "aux", "auxpass")), verb)
        written.singular += p.tags[first] == "VBZ" or p.lower[first] in _ONE
        written.plural += p.tags[first] == "VBP" or p.lower[first] in _SEVERAL


def _is_sentence(p: Parse, token: int) -> bool:
    """Whether a token stands in a sentence, and not in a headline, which leaves articles out."""
    last = p.sentence(token)[1]
    while last > token and not p.words[last].strip():
        last -= 1
    return p.words[last][-1:] in ".!?:;”\"'’"


def _is_proper(p: Parse, token: int) -> bool:
    """Whether a word bears a capital for being a name, and not for beginning a sentence or a headline's word."""
    word = p.words[token]
    begins = token == 0 or p.sents[token - 1] != p.sents[token] or not p.words[token - 1][-1:].isalnum()
    return word[:1].isupper() and not begins and p.pos[token] == "PROPN" and _is_sentence(p, token)


def _bears_article(name: str, written: Written) -> bool:
    if written.articled or written.bare:
        return written.articled >= written.bare
    words = name.casefold().split()
    owned = len(words) > 2 and words[1] in ("of", "for") and _is_noun(words[0])
    return owned or (len(words) == 1 and words[0] in plan_words("spelt")) or words[-1] in plan_words("articled")


def _is_noun(name: str) -> bool:
    """Whether a name's last word is a common noun for those who can act."""
    last = name.split()[-1].casefold()
    return last in kinds() or last.removesuffix("s") in kinds()


def _is_post(name: str) -> bool:
    """Whether a name is a person's post: "the Secretary of State", "the mayor"."""
    words = re.split(r"\s+(?:of|for)\s+", name.casefold())[0].split()
    return sourcewords().get(words[-1]) == "role" or words[-1] in plan_words("titles") | {
        "mayor",
        "governor",
        "director",
    }
