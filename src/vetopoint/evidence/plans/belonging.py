"""To whom a body or a person belongs where the text says it beside the name: "a congress of the party", "its board", "Jansen (VPR)"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from vetopoint.evidence.plans.parties import Parties
from vetopoint.evidence.plans.words import kinds
from vetopoint.evidence.reader.parse import Parse

_OWNING = frozenset(("its", "their"))


def belonging(parties: Parties, parses: Iterable[Parse]) -> Parties:
    """The parties with whose own bodies and persons they are, as far as `parties_of` could not tell by a name.

    Parameters
    ----------
    parses : the texts, parsed.
    """
    stretches = list(parses)
    bodies = {
        name: actor for actor, names in parties.names.items() if actor not in parties.owners for name in names[:1]
    }
    owners = dict(parties.owners)
    for p in stretches:
        for token in range(len(p)):
            body = bodies.get(p.lower[token], "")
            if body and kinds().get(p.lower[token]) == "body" and (whole := _whole(p, token, parties, body)):
                owners.setdefault(body, whole)
    return _with_members(replace(parties, owners=owners), stretches)


def _whole(p: Parse, token: int, parties: Parties, body: str) -> str:
    """Whoever was spoken of last, where a body is said to be of "the party", or "its"; "" where it is not."""
    owner = next((c for c in _owners(p, token) if kinds().get(p.lower[c]) == "stand-in" or p.lower[c] in _OWNING), -1)
    if owner < 0:
        return ""
    before = [m for m in parties.actors.mentions(p.words[:token]) if m.actor != body]
    return before[-1].actor if before else ""


def _owners(p: Parse, token: int) -> Iterator[int]:
    """What stands for the owner in a phrase: "the party's congress", "the party congress", "the congress of the party"."""
    yield from p.having(token, "poss", "compound")
    for prep in p.having(token, "prep"):
        if p.lower[prep] == "of":
            yield from p.having(prep, "pobj")


def _with_members(parties: Parties, parses: Sequence[Parse]) -> Parties:
    """The parties without those who stand for another one by what is in brackets behind their names: "Piet Oster (FNB)"."""
    persons, names = dict(parties.persons), dict(parties.names)
    for own, called in parties.names.items():
        if called[0] not in persons and not _like_a_person(called[0]):
            continue
        found = (actor for p in parses for actor in _bracketed(p, called, parties))
        party = next((actor for actor in found if actor not in {own, *parties.countries}), "")
        if party in names:
            persons |= {name: party for name in (*called, *(n for n, actor in persons.items() if actor == own))}
            del names[own]
    return replace(parties, persons=persons, names=names)


def _like_a_person(name: str) -> bool:
    """Whether a name could be a person's: two or three words with capitals, none of which is a body."""
    words = name.split()
    return len(words) in (2, 3) and all(w[:1].isupper() and w.casefold() not in kinds() for w in words)


def _bracketed(p: Parse, called: Sequence[str], parties: Parties) -> Iterator[str]:
    """The parties that stand alone in brackets behind one of some names, where they are no initials of it."""
    for name in called:
        words = name.split()
        for token in range(len(p) - len(words) - 2):
            after = token + len(words)
            if p.words[token:after] != words or p.words[after] != "(":
                continue
            last = next((t for t in range(after + 1, min(after + 8, len(p))) if p.words[t] == ")"), after)
            inside = p.words[after + 1 : last]
            initials = "".join(word[0] for word in words)
            for mention in parties.actors.mentions(inside):
                if (mention.first, mention.last) == (0, len(inside) - 1) and inside != [initials]:
                    yield mention.actor
