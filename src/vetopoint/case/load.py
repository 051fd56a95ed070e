"""From a file to a `Case`: read, put overrides in, validate, find the uncertain numbers, check."""

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import ValidationError

import vetopoint.case.checks  # noqa: F401 (adds the checks of the file)
from vetopoint.case.case import Case, compiled
from vetopoint.case.document import Document, read_document
from vetopoint.case.place import Place
from vetopoint.case.registry import complaints
from vetopoint.case.schema import CaseFile
from vetopoint.case.settable import settable_places
from vetopoint.case.times import Calendar
from vetopoint.case.vocabulary import kind_at
from vetopoint.case.wording import lacking, misfit, named_otherwise
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
    empty = list(_empty(data, Place(), document))
    if empty:
        raise CaseError(empty)
    try:
        return CaseFile.model_validate(data, context={"calendar": _calendar(data)})
    except ValidationError as error:
        found = [(document.located(item["loc"]), item) for item in error.errors()]
        # A value that fits none of several forms is complained of once for each: what is said of the nearest is enough.
        places = [place for place, item in found if item["type"] not in _OTHER_FORM]
        nearest = [(p, i) for p, i in found if i["type"] not in _OTHER_FORM or not any(q.within(p) for q in places)]
        raise CaseError(_once(_explain(item, document, place) for place, item in nearest)) from error


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """One complaint a line and cause; a key that is missing goes unsaid where it stands under another name."""
    found = list({(p.line, p.message): p for p in problems}.values())
    instead = {p.remedy for p in found if p.message.startswith("unknown key")}
    missing = {p: m[1] for p in found if (m := re.fullmatch(r"'(.*)' is missing", p.message))}
    named = [p for p in missing if f"did you mean '{missing[p]}'?" in instead]
    top = [p for p in missing if not p.where and p not in named]
    if len(top) >= _MANY:
        remedy = "`vetopoint new` writes a case that runs, to be filled in"
        told = ", ".join(missing[p] for p in top)
        return [replace(top[0], message=f"this is no whole case: {told} are missing", remedy=remedy)]
    return [p for p in found if p not in named]


_MANY = 4
_SECTION = "'{}' is a section of the case: begin it at the start of the line"


def _empty(value: Any, place: Place, document: Document) -> Iterator[Problem]:
    """What is named and left empty; under `set` of a variant that means to leave it out."""
    if value is None and len(place.parts) > 1 and place.key in Place().keys:
        yield document.problem(f"'{place.key}' stands under '{place.above.key}'", _SECTION.format(place.key), place)
    elif value is None and place.parts:
        yield document.problem(*misfit("none_type", None, place, {}, ""), place)
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if place.section != "variants":
            yield from _empty(each, place / key, document)


def _calendar(data: Any) -> Calendar:
    """How times are told in a case as it is written; where its date cannot be read, every day is after it."""
    as_of = data.get("as_of")
    try:
        day = as_of if isinstance(as_of, dt.date) else dt.date.fromisoformat(str(as_of))
    except ValueError:
        day = dt.date.min
    return Calendar(dt.date(day.year, day.month, day.day), data.get("horizon_days") is not None)


def _explain(item: Any, document: Document, place: Place) -> Problem:
    """What the schema complains of, in the words of the case file."""
    loc, kind = tuple(item["loc"]), item["type"]
    last = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        message, remedy = _unknown_key(last, document, place, item["input"])
        return document.problem(message, remedy, place)
    if kind == "time":
        return document.problem(item["msg"], item["ctx"]["remedy"], place)
    if kind == "missing" and isinstance(loc[-1], int):
        message, remedy = misfit("too_short", item["input"], place, {}, "")
        return document.problem(message, remedy, place)
    if kind == "missing":
        return document.problem(f"'{last}' is missing", lacking(place / last), place)
    message, remedy = misfit(kind, item["input"], place, item.get("ctx", {}), item["msg"])
    if kind == "string_pattern_mismatch" and (name := _labelled(document.data, str(item["input"]))):
        message, remedy = f"'{item['input']}' is the label of '{name}'", f"write the name: {name}"
    if " → " in message:
        message, _, remedy = message.partition(" → ")
    return document.problem(message, remedy, place)


def _unknown_key(key: str, document: Document, place: Place, value: Any) -> tuple[str, str]:
    """Cause and remedy where a key stands that the language does not know at its place."""
    known = place.above.keys
    meant = named_otherwise(key, known)
    if meant is not None:
        return f"unknown key '{key}'", f"did you mean '{meant}'?"
    if place.above.parts and (key in CaseFile.model_fields or isinstance(value, dict | list)) and key in Place().keys:
        return f"unknown key '{key}'", _SECTION.format(key)
    remedy = f"known here: {', '.join(known)}" if known else "remove it"
    above = _section_before(key, document) if not place.above.parts else ""
    if above:
        remedy = f"indent it by two spaces if it belongs under '{above}'; `vetopoint explain` lists the keys of a case"
    return f"unknown key '{key}'", remedy


def _section_before(key: str, document: Document) -> str:
    """The section of entries by name after which a key stands that is none."""
    keys = [str(k) for k in document.data]
    before = keys[: keys.index(key)] if key in keys else []
    return next((k for k in reversed(before) if isinstance(document.data[k], dict)), "") if before else ""


def _labelled(data: Any, label: str) -> str | None:
    """The name of what bears a label, or is also known by it."""
    sought = label.strip().casefold()
    for key, value in data.items() if isinstance(data, dict) else ():
        if isinstance(value, dict):
            also = value.get("aka")
            called = [value.get("label"), *(also if isinstance(also, list) else [])]
            if sought in [each.strip().casefold() for each in called if isinstance(each, str)]:
                return str(key)
            found = _labelled(value, label)
            if found is not None:
                return found
    return None
