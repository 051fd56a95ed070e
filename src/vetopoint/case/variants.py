"""A case file with some of its parts written otherwise: what stands at a place is replaced or removed, and its line goes with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vetopoint.case.document import Document
from vetopoint.case.place import Place
from vetopoint.case.schema import CaseFile
from vetopoint.errors import CaseError, did_you_mean

__all__ = ["varied"]

_NOT_VARIED = ("variants", "expect")


def varied(document: Document, at: Place, changes: Mapping[str, Any]) -> Document:
    """The document of a variant.

    Parameters
    ----------
    document : the case as written.
    at : the place of the variant; what it changes stands below, under ``set``.
    changes : the text of a place (or the name of a quantity) to what stands there instead; None removes it.

    Raises
    ------
    CaseError
        If nothing stands where something is to be removed, or a plain value where something is to stand below.
    """
    data = CaseFile.normalise({key: part for key, part in document.data.items() if key not in _NOT_VARIED})
    lines = dict(document.lines)
    for text, value in changes.items():
        place, entry = _place_of(text, value, data), at / "set" / text
        try:
            data = _without(data, place) if value is None else place.replaced(data, value)
        except (KeyError, TypeError) as error:
            message = f"nothing stands at {text} that can be replaced"
            known = {str(where) for where in document.lines if where.section != "variants"}
            otherwise = "name a place of the case, as `vetopoint trace` and the case language write it"
            remedy = did_you_mean(text, sorted(known), otherwise, 0.75)
            raise CaseError(document.problem(message, remedy, entry)) from error
        lines = {where: line for where, line in lines.items() if not where.within(place)}
        below = {where: line for where, line in document.lines.items() if where.within(entry)}
        lines |= {Place.of(place, *where.parts[len(entry.parts) :]): line for where, line in below.items()}
    return replace(document, data=CaseFile.normalise(data), lines=lines)


def _place_of(text: str, value: Any, data: Mapping[str, Any]) -> Place:
    """The place that a text names: a part where the value has parts or is none, else the value that the part is short for."""
    quantities = data.get("quantities") or {}
    place = Place.of("quantities", text) if text in quantities else Place.parse(text)
    above = place.above.nodes[-1].part
    if isinstance(value, Mapping | None) and above is not None and above.unsaid and place.key == above.unsaid:
        return place.above
    plain = isinstance(value, str | int | float)
    return place.short if plain and place.short is not None else place


def _without(data: Any, place: Place) -> Any:
    """A copy of the data in which nothing stands at a place; `KeyError` where nothing did."""
    if not place.parts:
        raise KeyError("the whole case")
    place.find(data)
    above = place.above.find(data)
    if isinstance(above, list):
        left: Any = [part for i, part in enumerate(above) if i != place.parts[-1]]
    else:
        left = {key: part for key, part in above.items() if key != place.parts[-1]}
    return place.above.replaced(data, left) if place.above.parts else left
