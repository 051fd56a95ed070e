"""Who could have a part in a plan: countries, bodies, groups, firms and persons, each with the names that a text uses for it.

Nobody has said yet whom a text is about. Names are read off its capitals ("the Alliance of Coastal States"), off nouns for those who can
act ("the Turkish parliament", "the rebels"), and off the gazetteer of countries. A later short form ("the Alliance", "the Authority")
names the party whose name it shortens; a person speaks for the party beside whose name the post stands. Outlets and months are none.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from vetopoint.evidence.plans.capitals import capitalised
from vetopoint.evidence.plans.plain import plain
from vetopoint.evidence.plans.words import kinds, plan_words
from vetopoint.evidence.reader.lexicon import sourcewords
from vetopoint.evidence.reader.parse import Parse
from vetopoint.evidence.reader.people import Actors, outlet_names

_CALENDAR = plan_words("calendar")
_TITLES = plan_words("titles")
_ACTING = ("nsubj", "nsubjpass", "agent", "poss")
_PLACES = ("in", "at", "near", "from", "through", "to", "into", "on")
_REST = ("mountains", "river", "valley", "strait", "sea", "bay", "crossing", "street", "airport", "island", "port")
_NEAR = 14
_STATELY = frozenset(("president", "minister", "chancellor", "premier", "king", "queen", "emir", "monarch"))
_DEMONYM = re.compile(r"(?:an|on|ian|ish|ese|ic|i|er|ar|ch|sh|ite)$")
_QUALIFYING = frozenset(("foreign", "defence", "defense", "prime", "rear", "vice", "deputy"))
_BODILY = ("body", "group", "ending")
_DOCUMENTS = plan_words("documents")
_CALLING = ("itself", "themselves")


@dataclass
class _Met:
    """A name as it was met: how often, how often as one who acts, as a place, right before a word for a government or a post."""

    count: int = 0
    acting: int = 0
    placed: int = 0
    governing: int = 0


@dataclass(frozen=True)
class Parties:
    """Whom some texts speak of.

    Attributes
    ----------
    names : id → every name under which the texts speak of the party, the one to be shown first.
    countries : ids of those that the gazetteer knows.
    owners : id of a body → the party to which it belongs.
    persons : full name of a person → the party for which the person speaks.
    """

    names: Mapping[str, tuple[str, ...]]
    countries: frozenset[str] = frozenset()
    owners: Mapping[str, str] = field(default_factory=dict)
    persons: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def actors(self) -> Actors:
        """Finds the parties among words."""
        return Actors(self.names)

    def label(self, actor: str) -> str:
        """What a party is called in sentences."""
        return self.names[actor][0] if self.names.get(actor) else actor.replace("_", " ").title()


def parties_of(parses: Iterable[Parse], known: Mapping[str, Iterable[str]] | None = None) -> Parties:
    """The parties that some texts name.

    Parameters
    ----------
    parses : the texts, parsed.
    known : parties of whom is known already, by id, with their names.
    """
    stretches = list(parses)
    finder = _Finder({actor: tuple(names) for actor, names in (known or {}).items()})
    for parse in stretches:
        finder.look(parse)
    found = finder.settled()
    return _with_persons(found, stretches, finder.persons)


class _Finder:
    """Collects names through several stretches of text."""

    def __init__(self, known: Mapping[str, tuple[str, ...]]) -> None:
        self._known, self._actors = known, Actors(known)
        self._countries: dict[str, Counter[str]] = {}
        self._proper: dict[tuple[str, ...], _Met] = {}
        self._common: dict[tuple[str, str], _Met] = {}
        self._phrases: dict[tuple[str, str], str] = {}
        self._called: dict[
            str, str
        ] = {}  # a noun for a body → the name beside which it stands: "Kestrel Point, a hedge fund"
        self.persons: set[str] = set()

    def look(self, p: Parse) -> None:
        """Take note of the names in a stretch."""
        taken: set[int] = set()
        for run in (part for whole in capitalised(p) for part in _parted(p, whole)):
            mentions = self._actors.mentions([p.words[t] for t in run])
            whole = any((m.first, m.last) == (0, len(run) - 1) for m in mentions)
            if not whole and (not mentions or kinds().get(p.lower[run[-1]]) in ("body", "ending")):
                self._name(p, run)
                taken.update(run)
        for mention in self._actors.mentions(p.words):
            tokens = range(mention.first, mention.last + 1)
            if taken.isdisjoint(tokens):
                taken.update(tokens)
                self._countries.setdefault(mention.actor, Counter())[p.phrase(tokens)] += 1
        for token in range(len(p)):
            if token not in taken and p.pos[token] in ("NOUN", "PROPN") and _is_body(p, token):
                self._body(p, token)

    def _name(self, p: Parse, run: Sequence[int]) -> None:
        if _is_person(p, run):
            if named := p.phrase([t for t in run if p.lower[t] not in _TITLES]).strip(" -"):
                self.persons.add(named)
            return
        met = self._proper.setdefault(tuple(p.words[t] for t in run), _Met())
        met.count += 1
        met.acting += (
            _acts(p, _head(p, run))
            or _is_person(p, range(run[-1] + 1, min(run[-1] + 3, len(p))))
            or _is_headed(p, run[0])
        )
        next_word = p.lemmas[min(run[-1] + 1, len(p) - 1)]
        met.governing += kinds().get(next_word) in ("part", "body") or sourcewords().get(next_word) == "role"
        met.placed += run[0] > 0 and p.lower[run[0] - 1] in _PLACES

    def _body(self, p: Parse, token: int) -> None:
        owner, first, last = self._owner(p, token)
        if p.deps[token] == "appos" and p.pos[p.heads[token]] == "PROPN":
            self._called[p.lower[token]] = p.words[p.heads[token]]
        key = owner, p.lower[token]
        met = self._common.setdefault(key, _Met())
        self._phrases.setdefault(key, p.phrase(range(first, last + 1)))
        met.count += 1
        met.acting += _acts(p, token)

    def _owner(self, p: Parse, token: int) -> tuple[str, int, int]:
        """To whom a body belongs ("the Turkish parliament", "rebels of the Southern Front"), and from where to where its phrase goes."""
        first = token
        while (
            first > 0
            and p.heads[first - 1] in range(first, token + 1)
            and p.pos[first - 1] in ("ADJ", "PROPN", "PART", "NOUN")
        ):
            first -= 1
        words = [p.words[t] for t in range(first, token)]
        found = self._actors.mentions(words)
        if found:
            return found[0].actor, first, token
        proper = [t for t in range(first, token) if p.pos[t] == "PROPN"]
        if not proper and token + 2 < len(p) and p.lower[token + 1] == "of":
            proper = next(
                ([t for t in run if run[0] <= token + 3] for run in capitalised(p) if run[0] in (token + 2, token + 3)),
                [],
            )
            first = token
        named = self._actors.mentions([p.words[t] for t in proper])
        whole = named and named[0].last - named[0].first + 1 == len(proper)
        owner = named[0].actor if whole else _id([p.words[t] for t in proper])
        return (owner, first, max(token, *proper)) if proper else ("", first, token)

    def settled(self) -> Parties:
        """The parties, short forms put to the names that they shorten."""
        names: dict[str, list[str]] = {actor: list(said) for actor, said in self._known.items()}
        countries = frozenset(self._countries) - frozenset(self._known)
        for actor, forms in self._countries.items():
            names.setdefault(actor, []).extend(_shown_first(forms, actor))
        whole = self._wholes()
        for words, long in sorted(whole.items(), key=lambda item: item[0] != item[1]):
            home = self._country_of(long) or _id(long)
            names.setdefault(home, []).append(_joined(words))
        for short, met in self._proper.items():
            if met.governing and short not in whole and (longer := _home_of(short, whole.values())):
                names[self._country_of(longer) or _id(longer)].append(_joined(short))
        owners = self._bodies(names)
        return Parties({actor: tuple(dict.fromkeys(said)) for actor, said in names.items()}, countries, owners)

    def _country_of(self, words: tuple[str, ...]) -> str:
        """The gazetteer's party of which a name is a short form: "the Commission" is the European one where that is spoken of."""
        for actor, forms in self._countries.items():
            if any(_shortens(words, tuple(form.split())) for form in forms):
                return actor
        return ""

    def _wholes(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """Every name that counts → the longer one of which it is a short form, or itself."""
        kept = {words: met for words, met in self._proper.items() if _counts(words, met)}
        found = {}
        for words in kept:
            if home := _home_of(words, [w for w in kept if w != words]):
                found[words] = home
                continue
            longer = [
                w
                for w in kept
                if _shortens(words, w) and (kept[w].count >= kept[words].count or _organised(w) or words[0].isupper())
            ]
            shorter = [w for w in kept if _shortens(w, words) and w not in longer and not _organised(words)]
            frequent = [w for w in shorter if kept[w].count > kept[words].count and words[-len(w) :] == w]
            found[words] = (frequent or longer or [words])[0]
        return {words: found.get(long, long) for words, long in found.items()}

    def _bodies(self, names: dict[str, list[str]]) -> dict[str, str]:
        """Enter bodies that bear no name of their own; those that belong to somebody → to whom."""
        owners: dict[str, str] = {}
        nouns: dict[str, list[str]] = {}
        for owner, noun in self._common:
            nouns.setdefault(noun, []).append(owner)
        for noun, owned in nouns.items():
            called = [
                id for id, said in names.items() if any(self._called.get(noun, "?") in name.split() for name in said)
            ]
            wholes = called[:1] or [id for id in names if noun in (id.split("_")[0], id.split("_")[-1])]
            homes = [owner for owner in owned if owner]
            for owner in homes:
                if kinds().get(noun.removesuffix("s")) == "group":
                    names.setdefault(owner, []).append(noun)
                    wholes.append(owner)
                    continue
                id = _id((owner, noun))
                names.setdefault(id, []).append(self._phrases[owner, noun])
                owners[id] = owner
                wholes.append(id)
            if "" in owned and len(wholes) == 1:
                names[wholes[0]].append(noun)
            elif "" in owned and not wholes:
                grouped = kinds().get(noun) == "group" or noun.endswith("s")
                names.setdefault(_id((noun,)), []).extend(
                    [self._phrases["", noun].lower(), noun] if grouped else [noun]
                )
        return owners


def _parted(p: Parse, run: list[int]) -> Iterator[list[int]]:
    """The body and the person of "UN Secretary-General António Guterres"; any other run as it is."""
    posts = [t for t in run[1:-1] if p.lower[t] in _TITLES - _QUALIFYING]
    named = posts and not any(p.lower[t] == "of" or kinds().get(p.lower[t]) for t in run if t > posts[-1])
    first = next((t for t in run if p.lower[t] in _TITLES), run[0])
    if named and first > run[0]:
        yield [t for t in run if t < first]
        yield [t for t in run if t >= first]
    else:
        yield run


def _home_of(words: tuple[str, ...], names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The name whose adjective a word is: "Walloon" of Wallonia; () where none."""
    if len(words) > 1 or not (_DEMONYM.search(words[0]) or words[0].endswith("s")):
        return ()
    if words[0].endswith("s") and (single := next((n for n in names if n == (words[0][:-1],)), None)):
        return single
    for name in names:
        shared = next((at for at, pair in enumerate(zip(*words, *name, strict=False)) if len(set(pair)) > 1), 99)
        shared = min(shared, len(words[0]), len(name[0]))
        if len(name) == 1 and shared >= max(4, len(name[0]) - 3, len(words[0]) - 4):
            return name
    return ()


def _joined(words: Sequence[str]) -> str:
    """A name's tokens as they are written: "Abdulqader al-Murtada"."""
    return re.sub(r" ?([-–]) ?", r"\1", " ".join(words))


def _is_headed(p: Parse, first: int) -> bool:
    """Whether a name stands behind "the government of", "the chief minister of", or is what a group calls itself."""
    at = first - 1 - (first > 0 and p.lower[first - 1] == "the")
    if at < 1:
        return False
    if p.lower[at] in _CALLING:
        return True
    return p.lower[at] == "of" and (kinds().get(p.lemmas[at - 1]) == "part" or _is_post(p, at - 1))


def _with_persons(parties: Parties, parses: Sequence[Parse], persons: Iterable[str]) -> Parties:
    """The same with the persons whom the texts name, each with the party for which it speaks, or as a party of its own."""
    spoken: dict[str, str] = {}
    parses = list(parses)
    for name in sorted(persons):
        told = (find(parties, p, name.split()) for find in (_speaks_for, _last_spoken_of) for p in parses)
        spoken[name] = next(filter(None, told), "")
    whole = {
        name: next((n for n in spoken if n != name and n.split()[-1] == name.split()[-1] and " " in n), name)
        for name in spoken
    }
    names = dict(parties.names)
    settled = {name: spoken[name] or spoken[long] for name, long in whole.items()}
    for name, actor in settled.items():
        surname = _id((name.split()[-1],))
        if actor and surname != actor and names.get(surname) == (name.split()[-1],):
            del names[surname]
        if not actor:
            id = _id(whole[name].split())
            names[id] = tuple(dict.fromkeys((*names.get(id, ()), whole[name], whole[name].split()[-1])))
            if surname != id and names.get(surname) == (name.split()[-1],):
                del names[surname]
            settled[name] = id
    return Parties(names, parties.countries, parties.owners, settled)


def _places_of(p: Parse, words: Sequence[str]) -> Iterator[int]:
    size = len(words)
    return (at for at in range(len(p) - size + 1) if p.words[at : at + size] == list(words))


def _last_spoken_of(parties: Parties, p: Parse, words: Sequence[str]) -> str:
    """Of whom a paragraph spoke last before a person who bears but a title of state: "Prime Minister Justin Trudeau"."""
    for at in _places_of(p, words):
        first, last = p.sentence(at)
        beside = (*range(max(first, at - 3), at), *_phrase_after(p, at + len(words), last))
        if not any(p.lemmas[t] in _STATELY for t in beside):
            continue
        own = [m.actor for m in parties.actors.mentions(p.words[first : max(first, at - 1)])]
        for stretch in (own, *_sentences_before(parties, p, first)):
            if found := next((actor for actor in reversed(stretch) if actor in parties.countries), ""):
                return found
    return ""


def _sentences_before(parties: Parties, p: Parse, first: int) -> Iterator[list[str]]:
    """Whom the two sentences before a place in the same paragraph name, the nearer first."""
    for _ in range(2):
        if not first or "\n" in p.words[first - 1]:
            return
        last, first = first, p.sentence(first - 1)[0]
        yield [m.actor for m in parties.actors.mentions(p.words[first:last])]


def _headed(p: Parse, at: int, last: int) -> list[int]:
    """Of "Magnette, who heads the Walloon government" or "Magnette leads Wallonia" what stands behind the verb."""
    verb = p.heads[at]
    if at + 2 < last and p.words[at + 1] == "," and p.lower[at + 2] in ("who", "whose"):
        verb = p.heads[at + 2]
    elif p.deps[at] not in ("nsubj", "nsubjpass"):
        return []
    if p.lemmas[verb] == "speak":
        return [t for c in p.having(verb, "prep") if p.lower[c] == "for" for t in p.subtree(c)]
    led = p.having(verb, "dobj") if p.lemmas[verb] in plan_words("heading") else []
    return [t for c in led for t in p.subtree(c) if kinds().get(p.lemmas[c]) or p.pos[c] == "PROPN"]


def _speaks_for(parties: Parties, p: Parse, words: Sequence[str]) -> str:
    """The party beside whose name a person's post stands: "Selmek's president, Orhan Battal", "Aksoy, a Turkish official"."""
    size = len(words)
    for at in _places_of(p, words):
        first, last = p.sentence(at)
        led = parties.actors.mentions([p.words[t] for t in _headed(p, at + size - 1, last)])
        if led:
            return led[0].actor
        before, after = _phrase_before(p, at, first), _phrase_after(p, at + size, last)
        for tokens in (before, after):
            if not any(_is_post(p, t) for t in tokens):
                continue
            found = parties.actors.mentions([p.words[t] for t in tokens])
            if found:
                return found[-1 if tokens is before else 0].actor
            if any(p.lower[t] in ("its", "their", "his", "her") for t in tokens):
                found = parties.actors.mentions(p.words[first:at])
                earlier = parties.actors.mentions(p.words[max(0, p.sentence(first - 1)[0]) : first]) if first else []
                if found or earlier:
                    return (found or earlier)[0].actor
            body = next((t for t in tokens if kinds().get(p.lower[t]) in ("body",)), -1)
            if body >= 0:
                return parties.actors.resolve(p.words[body])
    return ""


def _phrase_before(p: Parse, at: int, first: int) -> list[int]:
    """Tokens before a name up to the verb, the mark or the name before them; a comma right before the name is passed over."""
    found: list[int] = []
    for token in range(at - 1, max(first, at - _NEAR) - 1, -1):
        acting = p.pos[token] == "VERB" and p.deps[token] == "amod"
        if (p.pos[token] in ("VERB", "AUX", "SCONJ") and not acting) or p.words[token] in (
            ";",
            ".",
            ":",
            "“",
            "”",
            '"',
        ):
            break
        if p.words[token] == "," and any(p.lower[t] not in _TITLES for t in found):
            break
        if "\n" in p.words[token]:
            break
        found.insert(0, token)
    return found


def _phrase_after(p: Parse, at: int, last: int) -> list[int]:
    """What stands between commas behind a name."""
    if at > last or p.words[at] != ",":
        return []
    found: list[int] = []
    for token in range(at + 1, min(at + _NEAR, last + 1)):
        if p.pos[token] in ("VERB", "AUX") or p.words[token] in (",", ";", "."):
            break
        found.append(token)
    return found


def _is_post(p: Parse, token: int) -> bool:
    return (
        sourcewords().get(p.lemmas[token]) == "role"
        or p.lower[token] in _TITLES
        or p.lower[token] in ("chair", "governor", "mayor")
    )


def _is_person(p: Parse, run: Sequence[int]) -> bool:
    """Whether a run of capitals is a person: a title begins it, a post stands beside it, or it speaks and bears no article."""
    if not run:
        return False
    first, last = run[0], run[-1]
    if any(p.lower[t] == "of" for t in run) or kinds().get(p.lower[last]) in _BODILY or p.lower[last] in _REST:
        return False
    if p.lower[first] in _TITLES and len(run) > 1:
        return True
    before = p.lower[first - 1] if first else ""
    if before in ("the", "of", "in", "a") or len(run) > 4:
        return False
    posted = _is_post(p, first - 1) if first else False
    posted = posted or (before == "," and first > 1 and _is_post(p, first - 2) and p.deps[first - 2] != "conj")
    head = _head(p, run)
    if p.deps[head] == "appos" and _is_post(p, p.heads[head]):
        return True
    follows = [t for t in _phrase_after(p, last + 1, p.sentence(last)[1]) if _is_post(p, t)]
    speaks = p.deps[head] == "nsubj" and p.lemmas[p.heads[head]] in ("say", "tell", "add", "argue") and len(run) > 1
    return (
        posted
        or bool(follows)
        or speaks
        or (before == "by" and len(run) > 1 and "\n" in p.words[min(last + 1, len(p) - 1)])
    )


def _is_body(p: Parse, token: int) -> bool:
    """Whether a common noun names those who can act: a body with an article or owner, or a group of people."""
    if _is_moved_group(p, token):
        return True
    kind = kinds().get(p.lower[token]) or kinds().get(p.lemmas[token].lower())
    if p.lower[token] == "group" and p.child(token, "amod") >= 0 and p.child(token, "det") >= 0:
        return p.lower[p.child(token, "det")] in ("a", "an") and p.child(token, "appos") < 0
    if (
        kind == "body"
        and p.lemmas[token] == "bank"
        and not any(
            p.lower[c] in ("central", "national", "development", "state", "agricultural", "world")
            for c in p.children[token]
        )
    ):
        return False
    if kind == "body" and p.deps[token] == "appos":
        return p.pos[p.heads[token]] == "PROPN" or _definite(p, token)
    if kind == "body" and token and p.heads[token] == token - 1 and p.lower[token - 1] in ("on", "in", "off"):
        return False  # "on board", "in front"
    if kind == "body":
        return p.tags[token] in ("NN", "NNP") and _definite(p, token)
    return (kind == "group" or kinds().get(p.lower[token]) == "group") and p.tags[token] in ("NNS", "NNPS")


def _is_moved_group(p: Parse, token: int) -> bool:
    """Whether a plural is of people who refuse, must agree, or threaten: "supporters of the party have warned"."""
    if p.tags[token] != "NNS" or p.deps[token] != "nsubj" or p.lemmas[token] in plan_words("nobodies"):
        return False
    return p.lemmas[p.heads[token]] in ("threaten", "warn", "refuse", "reject", "vote", "sue", "vow")


def _definite(p: Parse, token: int) -> bool:
    marks = [c for c in p.children[token] if p.deps[c] in ("det", "poss", "amod", "compound")]
    return all(p.lower[c] not in ("a", "an", "any", "no", "every", "each", "another") for c in marks)


def _counts(words: tuple[str, ...], met: _Met) -> bool:
    first, last = words[0].lower(), words[-1].lower()
    if first in _CALENDAR | _DOCUMENTS or last in _DOCUMENTS or " ".join(words) in outlet_names():
        return False
    if last in _REST and not met.acting:
        return False
    return _organised(words) or met.acting > 0 or (met.count > 1 and met.placed < met.count)


def _organised(words: tuple[str, ...]) -> bool:
    known = kinds()
    ends = (words[-1].lower(), words[-1].lower().removesuffix("s"), words[0].lower())
    return any(known.get(end) in _BODILY for end in ends)


def _shortens(short: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """Whether a name is the beginning or the end of a longer one, or its initials."""
    if len(short) >= len(whole):
        return False
    if len(short) == 1 and short[0].isupper() and len(short[0]) > 1:
        return _abbreviates(short[0].casefold(), [word.casefold() for word in whole if word[:1].isupper()])
    return whole[: len(short)] == short or whole[-len(short) :] == short


def _abbreviates(short: str, words: Sequence[str]) -> bool:
    """Whether a short form is made of the beginnings of all the words, one after the other: "ECOWAS", "OSCE"."""
    if not short or not words:
        return not short and not words
    most = len(words[0]) if len(words) > 1 else 1
    return any(
        _abbreviates(short[size:], words[1:])
        for size in range(1, min(most, 3) + 1)
        if short.startswith(words[0][:size])
    )


def _shown_first(forms: Counter[str], actor: str) -> list[str]:
    """Forms of a country's name: its own first, then the most frequent, adjectives last."""
    own = actor.replace("_", " ")
    return sorted(forms, key=lambda form: (form.casefold() != own, _adjectival(form), -forms[form], form))


def _adjectival(form: str) -> bool:
    return form.endswith(("ish", "ian", "ese", "ch", "ari", "ani", "ench")) and form != "Kazakh"


def _id(words: Sequence[str]) -> str:
    found = plain("_".join(words))
    return found if found[:1].isalpha() else f"p_{found}"


def _head(p: Parse, run: Sequence[int]) -> int:
    inside = set(run)
    return next((t for t in run if p.heads[t] not in inside or p.heads[t] == t), run[-1])


def _acts(p: Parse, token: int) -> bool:
    while p.deps[token] in ("appos", "conj") and p.heads[token] != token:
        token = p.heads[token]
    return p.deps[token] in _ACTING or (
        p.deps[token] == "pobj" and p.lower[p.heads[token]] in ("by", "without", "unless")
    )
