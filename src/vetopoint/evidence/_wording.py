"""What is wrong with a claim, a link or a greeting, in words: the library that checks them has words of its own."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from vetopoint.errors import did_you_mean

__all__ = ["first_fault"]

_WANTED = (
    ("string", "a text"),
    ("int", "a whole number"),
    ("float", "a number"),
    ("bool", "true or false"),
    ("date", "a day, year-month-day"),
    ("list", "a list"),
    ("tuple", "a list"),
    ("dict", "fields in {…}"),
    ("model", "fields in {…}"),
    ("json", "JSON"),
)


def first_fault(error: ValidationError, known: Iterable[str] = ()) -> str:
    """The first thing that is wrong: the field, and what is wrong with it.

    Parameters
    ----------
    known : fields that there are, of which the nearest is offered for one that there is not.
    """
    item = error.errors()[0]
    kind, value = str(item["type"]), " ".join(str(item["input"]).split())[:60]
    where = ".".join(str(part) for part in item["loc"])
    if kind == "extra_forbidden":
        near = did_you_mean(where, known, "")
        return f"there is no field '{where}'{f', {near}' if near else ''}"
    return f"{where}: {_fault(kind, value, item)}" if where else _fault(kind, value, item)


def _fault(kind: str, value: str, item: object) -> str:
    if kind == "missing":
        return "it is missing"
    limits = item.get("ctx", {}) if isinstance(item, dict) else {}
    if kind == "literal_error":
        return f"'{value}' is none of {limits.get('expected', 'those that there are')}"
    if kind.startswith(("greater_than", "less_than")):
        return f"{value} is too {'small' if kind.startswith('greater') else 'large'}"
    wanted = next((words for head, words in _WANTED if kind.startswith(head)), "")
    if wanted:
        return f"'{value}' stands where {wanted} belongs"
    own = (
        str(item.get("msg", "")).removeprefix("Value error, ")
        if isinstance(item, dict) and not kind.endswith("_type")
        else ""
    )
    return own or f"'{value}' cannot stand there"
