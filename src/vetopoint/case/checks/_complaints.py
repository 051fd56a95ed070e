"""How a check complains: of a word that is not known, of words that are not, of what is wrong at a place."""

from collections.abc import Collection, Iterable, Iterator

from vetopoint.case.case import Case
from vetopoint.case.place import Place
from vetopoint.case.registry import suggest
from vetopoint.errors import Problem


def unknown(case: Case, what: str, word: str, known: Iterable[str], *place: Place | str | int) -> Problem:
    return case.problem(f"unknown {what} '{word}'", suggest(word, known), *place)


def strangers(
    case: Case, what: str, known: Collection[str], named: Iterable[tuple[str, tuple[str | int, ...]]]
) -> Iterator[Problem]:
    """The names, each with where it stands, that are not known."""
    return (unknown(case, what, name, known, *place) for name, place in named if name not in known)


def faults(case: Case, place: Place, *faults: tuple[bool, str, str]) -> Iterator[Problem]:
    """What is wrong at a place, of faults that each say whether it is so, what it is, and the remedy."""
    return (case.problem(message, remedy, place) for wrong, message, remedy in faults if wrong)
