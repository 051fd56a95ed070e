"""From a file to a `Case`: read, put overrides in, validate, find the uncertain numbers, check."""

import datetime as dt
from collections.abc import Collection, Mapping
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
from vetopoint.case.schema import CaseFile
from vetopoint.case.settable import settable_places
from vetopoint.case.times import Calendar
from vetopoint.case.vocabulary import kind_at
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
    document, data = replace(document, given={}), CaseFile.normalise(document.data)
    places = settable_places(_validate(data, document), document, overrides) if overrides else {}
    for name, place in places.items():
        data = place.replaced(data, overrides[name] if kind_at(place) is not None else _scalar(overrides[name]))
    document = replace(document, given={place: f"--set {name}={overrides[name]}" for name, place in places.items()})
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


def _scalar(text: str) -> str | float:
    """A given value as the file would have it: a number where it reads as one."""
    try:
        return int(text) if text.strip().lstrip("+-").isdecimal() else float(text)
    except ValueError:
        return text


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
