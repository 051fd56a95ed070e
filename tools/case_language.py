"""Write the tables of ``docs/case-language.md`` from the schema, the vocabulary and the checks of the case file.

    python tools/case_language.py            rewrite the tables in place
    python tools/case_language.py --check    fail when they differ from the schema

The page holds hand-written text and examples; between ``<!-- keys: Model -->`` and ``<!-- end -->`` stands one table per part,
after ``<!-- names -->`` what may be named where, after ``<!-- checks -->`` every check.
A key's meaning is its description in the schema; ``tests/docs/test_case_language.py`` fails when a key has none.
"""

from __future__ import annotations

import math
import re
import sys
import types
import typing
from pathlib import Path

from pydantic_core import PydanticUndefined

import vetopoint.chain.checks  # noqa: F401 (every room adds its checks)
from vetopoint.case import CHECKS
from vetopoint.case.schema import CaseFile, Condition, Moment, Name, Part, Span, Spec, Text
from vetopoint.case.vocabulary import CONTEXT, KINDS, Kind

PAGE = Path(__file__).resolve().parents[1] / "docs" / "case-language.md"
MARK = re.compile(r"(<!-- keys: (\w+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
NAMES = re.compile(r"(<!-- names -->\n)(.*?)(<!-- end -->)", re.DOTALL)
LIST = re.compile(r"(<!-- checks -->\n)(.*?)(<!-- end -->)", re.DOTALL)


def models() -> dict[str, type[Part]]:
    """Every part of a case file, in the order in which the schema reaches it."""
    found: dict[str, type[Part]] = {}

    def visit(annotation: object) -> None:
        if isinstance(annotation, type) and issubclass(annotation, Part):
            if annotation.__name__ in found:
                return
            found[annotation.__name__] = annotation
            for hint in typing.get_type_hints(annotation, include_extras=True).values():
                visit(hint)
        for inner in typing.get_args(annotation):
            visit(inner)

    visit(CaseFile)
    return found


def _kind(hint: object) -> str:
    """Return the type of a value in the words of the page."""
    words = (
        (Name, "name"),
        (Spec, "number"),
        (Condition, "condition"),
        (Text, "text"),
        (Moment, "time"),
        (Span, "time"),
    )
    for known, name in words:
        if hint == known:
            return name
    origin, inner = typing.get_origin(hint), [a for a in typing.get_args(hint) if a is not Ellipsis]
    if isinstance(hint, type) and issubclass(hint, Part):
        return f"[{hint.__name__}](#{hint.__name__.lower()})"
    if origin is typing.Literal:
        return " \\| ".join(f"`{value}`" for value in inner)
    if origin in (typing.Union, types.UnionType):
        return " \\| ".join(dict.fromkeys(_kind(part) for part in inner if part is not type(None)))
    if origin is dict:
        return f"{_kind(inner[0])} → {_kind(inner[1])}"
    if origin is tuple:
        kinds = list(dict.fromkeys(_kind(part) for part in inner))
        return f"list of {kinds[0]}" if len(inner) == 1 else f"[{', '.join(_kind(part) for part in inner)}]"
    if origin is typing.Annotated:
        return _kind(inner[0])
    plain = {
        "str": "text",
        "float": "plain number",
        "int": "whole number",
        "bool": "true \\| false",
        "date": "day",
        "Any": "anything",
    }
    return plain.get(getattr(hint, "__name__", ""), str(hint))


def _default(model: type[Part], field: str) -> str:
    info = model.model_fields[field]
    if info.is_required():
        return "**needed**"
    value = info.default
    if (
        info.default_factory is not None
        or value is PydanticUndefined
        or value in (None, "", ())
        or isinstance(value, Part)
    ):
        return ""
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def table(model: type[Part]) -> str:
    """Return the table of one part's keys."""
    hints = typing.get_type_hints(model, include_extras=True)
    lines = [f"*{(model.__doc__ or '').strip()}*", "", "| key | value | default | meaning |", "|---|---|---|---|"]
    for name, info in model.model_fields.items():
        said = (info.description or "").replace("|", "\\|")
        lines.append(f"| `{info.alias or name}` | {_kind(hints[name])} | {_default(model, name)} | {said} |")
    return "\n".join(lines) + "\n"


def span_of(kind: Kind) -> str:
    """Return the range of a number in words; empty where there is none."""
    if kind.least == -math.inf:
        return "" if kind.most == math.inf else f"at most {kind.most:g}"
    return f"at least {kind.least:g}" if kind.most == math.inf else f"between {kind.least:g} and {kind.most:g}"


def names_table() -> str:
    """Return the table of what an expression may name, and in which range a number lies, by kind of field."""
    lines = ["| where | may name | may call, beside arithmetic | range |", "|---|---|---|---|"]
    rows: dict[tuple[str, str, str], list[str]] = {}
    for (model, key), kind in KINDS.items():
        if model == "Quantity":
            continue
        moves = {"earlier": ["earlier moves"], "far": ["moves so far"], "all": ["moves"], "": []}[kind.moves]
        named = [*moves, *["`outcome`"] * kind.outcome, *["types"] * kind.types, *["quantities"] * kind.quantities]
        named += ["facts", "members", "bodies"] * kind.coalition + ["a goal or an outcome alone"] * kind.ends
        calls = [f"`{CONTEXT[name].usage}`" for name in kind.functions] + [
            "`any`, `all`, `count`, `month(move)`"
        ] * bool(kind.moves)
        row = (", ".join([*named, *(f"`{name}`" for name in kind.names)]), ", ".join(calls), span_of(kind))
        rows.setdefault(row, []).append(f"`{model}.{key}`")
    lines += [f"| {', '.join(where)} | {' | '.join(row)} |" for row, where in rows.items()]
    return "\n".join(lines) + "\n"


def checks_table() -> str:
    """Return the table of all checks."""
    lines = ["| id | severity | what it finds |", "|---|---|---|"]
    lines += [f"| `{c.id}` | {c.severity} | {c.about} |" for _, c in sorted(CHECKS.items())]
    return "\n".join(lines) + "\n"


def filled(page: str) -> str:
    """Return the page with every table rewritten."""
    known = models()
    page = MARK.sub(lambda found: found[1] + table(known[found[2]]) + found[4], page)
    page = NAMES.sub(lambda found: found[1] + names_table() + found[3], page)
    return LIST.sub(lambda found: found[1] + checks_table() + found[3], page)


def main() -> int:
    page = PAGE.read_text(encoding="utf-8")
    fresh = filled(page)
    if "--check" in sys.argv[1:]:
        print("case-language.md is up to date" if page == fresh else "run python tools/case_language.py")
        return 0 if page == fresh else 1
    PAGE.write_text(fresh, encoding="utf-8")
    print(f"{len(MARK.findall(fresh))} tables written to {PAGE.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
