"""From a file to a `Case`: read, put overrides in, validate, find the uncertain numbers, check."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

import vetopoint.case.checks  # noqa: F401 (adds the checks of the file)
from vetopoint.case.case import Case, compiled
from vetopoint.case.document import Document, read_document
from vetopoint.case.place import Place
from vetopoint.case.registry import complaints, suggest
from vetopoint.case.schema import CaseFile, Part
from vetopoint.case.times import Calendar
from vetopoint.case.vocabulary import expressions, kind_at
from vetopoint.errors import CaseError, Problem

_OTHER_FORM = ("string_type", "int_type", "float_type", "model_type", "dict_type", "tuple_type", "literal_error")


def load_case(
    path: str | Path, overrides: Mapping[str, str] | None = None, claim_ids: Collection[str] | None = None
) -> Case:
    """Load a case file or a folder that holds ``case.yaml``.

    Parameters
    ----------
    path : the file or the folder.
    overrides : uncertain numbers to replace, by name or place (``--set``); see `Case.with_values`.
    claim_ids : ids of the claims that exist; None leaves the links to claims unchecked.

    Raises
    ------
    CaseError
        With every problem found, each with file, line and remedy.
    """
    file = Path(path)
    document = read_document(file / "case.yaml" if file.is_dir() else file)
    return _reviewed(document, overrides or {}, claim_ids)


def _reviewed(document: Document, overrides: Mapping[str, str], claim_ids: Collection[str] | None) -> Case:
    """A document as a case, with some numbers replaced, checked."""
    data = CaseFile.normalise(document.data)
    places = _settable(_validate(data, document), document, overrides) if overrides else {}
    for name, place in places.items():
        data = place.replaced(data, overrides[name])
    # A quantity goes by its name, another number by the text of its place.
    said = {p.above.key if p.field == ("Quantity", "value") else str(p): overrides[n] for n, p in places.items()}
    case = compiled(_validate(data, document), document, said)
    problems = complaints(case, "names")
    if all(p.severity != "error" for p in problems):
        problems += complaints(case, "sense")
    if claim_ids is not None:
        problems += complaints(case, "claims", claim_ids)
    if any(p.severity == "error" for p in problems):
        raise CaseError(sorted(problems, key=lambda p: (p.severity != "error", p.line)))
    warnings = tuple(p for p in problems if p.severity == "warning")
    return replace(case, warnings=warnings, reviewed=partial(_reviewed, claim_ids=claim_ids))


def _settable(file: CaseFile, document: Document, names: Iterable[str]) -> dict[str, Place]:
    """Where the numbers stand that are to be replaced, by the name given; `CaseError` where a name is no number's."""
    found: dict[str, Place] = {}
    problems = []
    for name in names:
        place = Place.of("quantities", name, "value") if name in file.quantities else Place.parse(name)
        place = place.short or place
        if _takes_number(file, place):
            found[name] = place
        else:
            problems.append(document.problem(f"--set {name}: no such uncertain number", _instead(file, name, place)))
    if problems:
        raise CaseError(problems)
    return found


def _instead(file: CaseFile, name: str, place: Place) -> str:
    """What to set instead: a row of the table of priors is drawn under the name ``truce.ROW`` and replaced under ``truce.overrides``."""
    row = place.section == "truce" and place.key not in place.above.keys and len(place.parts) == 2
    if row and file.models_truce:
        said = f"--set truce.overrides.{place.key}=…, or write it under `truce: {{overrides: …, why: …}}`"
        return (
            f"a row of the table of priors is replaced by {said}; the baseline by a table of your own, `truce.priors`"
        )
    places = [p for _, p, _ in expressions(file) if _takes_number(file, p) and p.section != "quantities"]
    return suggest(name, [*file.quantities, *map(str, places)], 0.5)


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


def _validate(data: Any, document: Document) -> CaseFile:
    try:
        return CaseFile.model_validate(data, context={"calendar": _calendar(data)})
    except ValidationError as error:
        found = [(document.located(item["loc"]), item) for item in error.errors()]
        # A value that fits none of several forms is complained of once for each: what is said of the nearest is enough.
        places = [place for place, item in found if item["type"] not in _OTHER_FORM]
        nearest = [(p, i) for p, i in found if i["type"] not in _OTHER_FORM or not any(q.within(p) for q in places)]
        raise CaseError([_explain(item, document, place) for place, item in nearest]) from error


def _calendar(data: Any) -> Calendar:
    """How times are told in a case as it is written; where its date cannot be read, every day is after it."""
    as_of = data.get("as_of")
    try:
        day = as_of if isinstance(as_of, dt.date) else dt.date.fromisoformat(str(as_of))
    except ValueError:
        day = dt.date.min
    return Calendar(dt.date(day.year, day.month, day.day), data.get("horizon_days") is not None)


def _explain(item: Any, document: Document, place: Place) -> Problem:
    """A pydantic error in the words of the case file."""
    loc, kind, message = tuple(item["loc"]), item["type"], item["msg"]
    last = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        keys = document.located(loc[:-1]).keys
        message, remedy = f"unknown key '{last}'", suggest(last, keys) if keys else "remove it"
    elif kind == "missing":
        message, remedy = f"'{last}' is missing", f"add `{last}:`"
    elif kind == "string_pattern_mismatch":
        message, remedy = f"'{item['input']}' is no name", "use letters, digits and _, starting with a letter"
    elif kind == "time":
        remedy = item["ctx"]["remedy"]
    elif kind == "boolean":
        remedy = f"write a number instead of {str(item['input']).lower()}"
    else:
        message = f"{message[0].lower()}{message[1:]}"
        remedy = f"write another value instead of {str(item['input'])[:60]!r}"
    return document.problem(message, remedy, place)
