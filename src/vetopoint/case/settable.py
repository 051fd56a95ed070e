"""What can be set from outside a case: its uncertain numbers, and those of its times and plain numbers that it says can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vetopoint.case.document import Document
from vetopoint.case.place import Place
from vetopoint.case.registry import suggest
from vetopoint.case.schema import CaseFile, Part
from vetopoint.case.vocabulary import expressions, kind_at
from vetopoint.errors import CaseError, Problem, did_you_mean

__all__ = ["is_plain_number", "settable_places"]

#: Times, which may be left out of a file or written as a date.
_TIMES = frozenset(
    [
        ("Move", "at"),
        ("Move", "after"),
        ("Repeat", "every"),
        ("Repeat", "until"),
        ("TruceSettings", "at"),
        ("Event", "at"),
    ]
)


def settable_places(file: CaseFile, document: Document, values: Mapping[str, str]) -> dict[str, Place]:
    """Where the numbers stand that are to be replaced, by the name given.

    Parameters
    ----------
    values : a quantity, or the text of a place, to what is to stand there.

    Raises
    ------
    CaseError
        Where a name is that of nothing that can be set; the complaint names ``--set`` and no line of the file.
    """
    named = {name: _place_of(file, name) for name in values}
    wrong = [name for name, place in named.items() if not (_takes_number(file, place) or _declared(file, place))]
    if wrong:
        causes = [(name, *_cause(file, name, named[name])) for name in wrong]
        raise CaseError(
            [Problem(f"--set {n}={values[n]}: {cause}", to_do, file=str(document.path)) for n, cause, to_do in causes]
        )
    return named


def is_plain_number(file: CaseFile, place: Place) -> bool:
    """Whether a plain number or a time stands at a place, or may stand there in place of its default."""
    if kind_at(place) is not None:
        return False
    try:
        now, above = place.find(file), place.above.find(file)
    except KeyError:
        return False
    number = isinstance(now, int | float) and not isinstance(now, bool)
    return place.field is not None and isinstance(above, Part | Mapping) and (number or place.field in _TIMES)


def _place_of(file: CaseFile, name: str) -> Place:
    place = Place.of("quantities", name, "value") if name in file.quantities else Place.parse(name)
    return place.short or place


def _declared(file: CaseFile, place: Place) -> bool:
    """Whether the case says that what stands at a place can be set."""
    return any(Place.parse(text) == place for text in file.settable)


def _takes_number(file: CaseFile, place: Place) -> bool:
    """Whether an uncertain number stands at a place, or may stand there in place of its default."""
    kind = kind_at(place)
    if kind is None or kind.condition or place.field == ("Quantity", "without"):
        return False
    try:
        above = place.above.find(file)
        now = place.find(file)
    except KeyError:
        prior = place.parts[:2] == ("truce", "overrides") and len(place.parts) == 3 and file.models_truce
        return prior or (place.section == "precision" and place.key in file.actors)
    return isinstance(above, Part | Mapping) and isinstance(now, str | float | None) and now != "rest"


def _cause(file: CaseFile, name: str, place: Place) -> tuple[str, str]:
    """Why something cannot be set, and what to do instead."""
    if is_plain_number(file, place):
        what = "time" if place.field in _TIMES else "plain number"
        message = f"the case does not say that this {what} can be set"
        return message, f"add `settable: [{name}]` to the case, or write a variant that changes it"
    if _is_structure(file, place):
        message = f"only numbers can be set, and `{place.key}` is part of how the case is built"
        variant = f"write it as a variant: `variants: {{other: {{set: {{{name}: …}}}}}}`, and run `vetopoint variants`"
        near = did_you_mean(name, [*file.quantities, *_numbers(file)], "", 0.8)
        return message, f"{near} Else {variant}" if near else variant
    return "no such uncertain number", _instead(file, name, place)


def _is_structure(file: CaseFile, place: Place) -> bool:
    """Whether a place of the language is named at which something stands, or may stand, that is no number."""
    try:
        place.above.find(file)
        place.find(file)
    except KeyError:
        return False
    return bool(place.parts)


def _instead(file: CaseFile, name: str, place: Place) -> str:
    """What to set instead: a row of the table of priors is drawn under the name ``truce.ROW`` and replaced under ``truce.overrides``."""
    row = place.section == "truce" and place.key not in place.above.keys and len(place.parts) == 2
    if row and file.models_truce:
        said = f"--set truce.overrides.{place.key}=…, or write it under `truce: {{overrides: …, why: …}}`"
        return (
            f"a row of the table of priors is replaced by {said}; the baseline by a table of your own, `truce.priors`"
        )
    return suggest(name, [*file.quantities, *_numbers(file), *file.settable], 0.5)


def _numbers(file: CaseFile) -> Iterator[str]:
    """The texts of the places at which uncertain numbers stand, quantities apart."""
    return (str(p) for _, p, _ in expressions(file) if _takes_number(file, p) and p.section != "quantities")
