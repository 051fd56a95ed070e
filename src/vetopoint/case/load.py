"""From a file to a `Case`: read, validate, find the uncertain numbers, parse every expression, check the names."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from vetopoint.case._part import Mark, Part
from vetopoint.case.case import Case, Input
from vetopoint.case.document import Document, Place, read_document
from vetopoint.case.expression import FUNCTIONS, Expression, ExpressionError
from vetopoint.case.schema import CaseFile
from vetopoint.errors import CaseError, Problem

__all__ = ["load_case"]

CONTEXT_FUNCTIONS = frozenset(["truce_at", "present_at", "truce_held_at"])
TABLE_NAMES = frozenset(["truce", "present", "presence_share", "cohesion", "quorum", "capability", "joined", "terms"])
_DISTRIBUTION = re.compile(r"^[a-z_]+\s*\(.*\)$", re.DOTALL)
_WORDS = re.compile(r"^[A-Za-z][A-Za-z' -]*$")


def load_case(
    path: str | Path, overrides: Mapping[str, str] | None = None, claim_ids: Collection[str] | None = None
) -> Case:
    """Load a case file or a folder that holds ``case.yaml``.

    Parameters
    ----------
    path : the file or the folder.
    overrides : uncertain numbers to replace, by name or dotted place (``--set``).
    claim_ids : ids of the claims that exist; None leaves the links to claims unchecked.

    Raises
    ------
    CaseError
        With every problem found, each with file, line and remedy.
    """
    from vetopoint.case.check import check_case

    file = Path(path)
    file = file / "case.yaml" if file.is_dir() else file
    document = read_document(file)
    data = CaseFile.normalise(document.data)
    for name, text in (overrides or {}).items():
        _override(data, name, text, document)
    model = _validate(data, document)
    case = _compile(model, document, dict(overrides or {}))
    problems = check_case(case, claim_ids)
    if any(p.severity == "error" for p in problems):
        raise CaseError(problems)
    return Case(model, document, case.inputs, case.specs, case.conditions, case.overrides, tuple(problems))


def _override(data: dict[str, Any], name: str, text: str, document: Document) -> None:
    """Replace an uncertain number in the raw data."""
    if isinstance(data.get("quantities"), dict) and name in data["quantities"]:
        data["quantities"] = {**data["quantities"], name: {**data["quantities"][name], "value": text}}
        return
    parts = name.split(".")
    if parts[0] == "payoffs" and len(parts) == 3:
        parts = ["payoffs", parts[1], "terms", parts[2], "worth"]
    node: Any = data
    for part in parts[:-1]:
        node = node.get(part) if isinstance(node, dict) else None
    known = isinstance(node, dict) and (parts[-1] in node or len(parts) > 1)
    if not known or len(parts) < 2:
        names = [*data.get("quantities", {}), "precision.ACTOR", "payoffs.ACTOR.TERM"]
        near = difflib.get_close_matches(name, names, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"name one of {', '.join(names[:12])}"
        raise CaseError(document.problem(f"--set {name}: no such uncertain number", hint, ()))
    node[parts[-1]] = text


def _validate(data: Any, document: Document) -> CaseFile:
    try:
        return CaseFile.model_validate(data)
    except ValidationError as error:
        raise CaseError([_explain(item, document) for item in error.errors()]) from error


def _explain(item: Any, document: Document) -> Problem:
    """A pydantic error in the words of the case file."""
    loc = tuple(item["loc"])
    place = document.written(loc)
    kind, message, remedy = item["type"], item["msg"], ""
    last = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        keys = _known_keys(loc)
        near = difflib.get_close_matches(last, keys, 1)
        message = f"unknown key '{last}'"
        remedy = (
            f"did you mean '{near[0]}'?" if near else f"known keys: {', '.join(sorted(keys))}" if keys else "remove it"
        )
    elif kind == "missing":
        message, remedy = f"'{last}' is missing", f"add `{last}:`"
    elif kind == "string_pattern_mismatch":
        message, remedy = f"'{item['input']}' is no name", "use letters, digits and _, starting with a letter"
    else:
        message = f"{message[0].lower()}{message[1:]}"
        remedy = f"write another value instead of {str(item['input'])[:60]!r}"
    return document.problem(message, remedy, place)


def _known_keys(loc: Place) -> list[str]:
    """Keys that may stand where an unknown one was found."""
    model: Any = CaseFile
    for part in loc[:-1]:
        if isinstance(model, type) and issubclass(model, Part):
            field = _field(model, str(part))
            model = _inner_model(field.annotation) if field else model
    if isinstance(model, type) and issubclass(model, Part):
        return [f.alias or name for name, f in model.model_fields.items()]
    return []


def _field(model: type[Part], key: str) -> FieldInfo | None:
    for name, field in model.model_fields.items():
        if key in (name, field.alias):
            return field
    return None


def _inner_model(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    for inner in get_args(annotation):
        found = _inner_model(inner)
        if found is not None:
            return found
    return None


def _marks(annotation: Any) -> set[str]:
    """Kinds of marked text inside an annotation (not looking into models)."""
    found: set[str] = set()
    if get_origin(annotation) is Annotated:
        found |= {m.kind for m in get_args(annotation)[1:] if isinstance(m, Mark)}
    for inner in get_args(annotation):
        if not isinstance(inner, Mark):
            found |= _marks(inner)
    return found


def _leaves(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*place, key))
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield place, value


def marked(part: Part, place: Place = ()) -> Iterator[tuple[str, Place, Any]]:
    """Every uncertain number (``spec``) and ``condition`` in a part, with its place in the file."""
    for name, field in type(part).model_fields.items():
        value = getattr(part, name)
        here = (*place, field.alias or name)
        kinds = {m.kind for m in field.metadata if isinstance(m, Mark)} | _marks(field.annotation)
        for kind in sorted(kinds):
            for leaf, item in _leaves(value, here):
                yield kind, leaf, item
        yield from _inside(value, here)


def _inside(value: Any, place: Place) -> Iterator[tuple[str, Place, Any]]:
    if isinstance(value, Part):
        yield from marked(value, place)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _inside(inner, (*place, key))
    elif isinstance(value, tuple):
        for i, inner in enumerate(value):
            yield from _inside(inner, (*place, i))


def dotted(place: Place) -> str:
    """Name of a place: dotted, without the wrappers that the short forms leave out."""
    parts = [str(p) for p in place]
    if parts[0] == "payoffs" and len(parts) > 3:
        parts.remove("terms")
    if parts[-1] in ("worth", "value") and len(parts) > 2:
        parts = parts[:-1]
    return ".".join(parts)


def _compile(model: CaseFile, document: Document, overrides: dict[str, str]) -> Case:
    inputs: dict[str, Input] = {
        name: Input(name, q.value, ("quantities", name), q.label, q.unit, q.from_, q.without, q.known_to, declared=True)
        for name, q in model.quantities.items()
    }
    specs: dict[str, Expression] = {}
    conditions: dict[str, Expression] = {}
    problems: list[Problem] = []
    for kind, place, value in marked(model):
        if place[0] == "quantities":
            continue
        try:
            if kind == "condition":
                conditions[dotted(place)] = Expression.parse(value)
            elif value != "rest":
                specs[dotted(place)] = _spec(value, place, inputs, document)
        except ExpressionError as error:
            problems.append(document.problem(str(error), error.remedy, place))
    if problems:
        raise CaseError(problems)
    return Case(model, document, inputs, specs, conditions, overrides)


def _spec(value: Any, place: Place, inputs: dict[str, Input], document: Document) -> Expression:
    """The expression at a place; an inline distribution, word or number becomes an input of its own."""
    quantities = [name for name, item in inputs.items() if item.declared]
    text = " ".join(str(value).split())
    try:
        parsed: Expression | None = Expression.parse(text)
    except ExpressionError:
        if not (_DISTRIBUTION.match(text) or _WORDS.match(text)):
            raise
        parsed = None
    if parsed is not None and _is_arithmetic(parsed, quantities):
        written = place in document.lines or (*place, "worth") in document.lines
        if parsed.names or not written:
            return parsed
    elif parsed is not None and not parsed.is_name and not _DISTRIBUTION.match(text):
        return parsed
    elif parsed is not None and parsed.is_name:
        near = difflib.get_close_matches(text, quantities, 1, cutoff=0.75)
        if near:
            raise ExpressionError(f"'{text}' is not a quantity", f"did you mean '{near[0]}'?")
    name = dotted(place)
    number = float(text) if _is_number(text) else text
    inputs[name] = Input(name, number, place)
    return Expression.input(name)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_arithmetic(expression: Expression, quantities: Collection[str]) -> bool:
    known = expression.names <= {*quantities, *TABLE_NAMES}
    return known and expression.calls <= {*FUNCTIONS, *CONTEXT_FUNCTIONS}
