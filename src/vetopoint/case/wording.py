"""What may stand at a place of a case file, in words; and what is wrong with what stands there, in words of the case."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from vetopoint.case.part import Condition, Day, Last, Meaning, Moment, Name, Option, Part, Real, Span, Spec, Text, Whole
from vetopoint.case.place import Place
from vetopoint.case.schema import CaseFile
from vetopoint.errors import did_you_mean
from vetopoint.months import month_number

__all__ = ["described", "hint_at", "lacking", "misfit", "named_otherwise", "parts_in"]

_WORDS: Mapping[Any, str] = {
    str: "a text",
    float: "a number",
    int: "a whole number",
    bool: "true or false",
    dt.date: "a day such as 2026-01-31",
    Any: "anything",
}
#: Words that beginners take for a key of the language, and the keys that may be meant.
_OTHERWISE: tuple[tuple[str, str], ...] = (
    ("name called text", "label title"),
    ("if condition unless where", "when"),
    ("actor player who mover decides who_moves", "by"),
    ("choices actions alternatives option probabilities odds", "options"),
    ("month date time day on", "at as_of date"),
    ("value payoff amount weight utility gain", "worth value weights"),
    ("worth dist distribution number estimate probability", "value truth"),
    ("source because evidence claims origin", "from because claims sources"),
    ("alias aliases also known_as", "aka"),
    ("players parties agents states", "actors"),
    ("steps events stages nodes decisions actions", "moves events"),
    ("results ends endings outcome", "outcomes"),
    ("goal success aims objective", "goals"),
    ("payoff utilities utility preferences interests", "payoffs worth"),
    ("parameters variables numbers values quantity inputs", "quantities"),
    ("description abstract about", "summary label note"),
    ("horizon months duration length", "horizon_months length_km"),
    ("start today begin begins", "as_of at"),
    ("lambda rationality sharpness", "precision"),
    ("comment notes remark why", "note why"),
    ("version", "vetopoint"),
    ("rounds times every repeats", "repeat rounds"),
    ("requires needs rule", "joins requires"),
    ("units", "unit"),
)


def hint_at(place: Place) -> Any:
    """The type of what may stand at a place; None where the language knows no such place."""
    hint: Any = CaseFile
    for part in place.parts:
        hint = next((found for form in _forms(hint) if (found := _below(form, part)) is not None), None)
    return hint


def _forms(hint: Any) -> Iterator[Any]:
    """The several forms that a value may have."""
    if get_origin(hint) in (Union, types.UnionType):
        for each in get_args(hint):
            yield from _forms(each)
    elif hint is not type(None):
        yield hint


def parts_in(hint: Any) -> Iterator[type[Part]]:
    """The parts of the language that may stand in a value of a type."""
    if isinstance(hint, type) and issubclass(hint, Part):
        yield hint
    for inner in get_args(hint):
        yield from parts_in(inner)


def _below(hint: Any, part: str | int) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if isinstance(hint, type) and issubclass(hint, Part):
        hints = get_type_hints(hint, include_extras=True)
        return next((hints[n] for n, info in hint.model_fields.items() if (info.alias or n) == part), None)
    if origin is dict and isinstance(part, str):
        return inner[1]
    if origin is tuple and isinstance(part, int):
        return inner[0] if inner[-1] is Ellipsis else inner[part] if part < len(inner) else None
    return _below(inner[0], part) if origin is Annotated else None


def described(hint: Any) -> str:
    """What may stand where a type is asked for.

    Examples
    --------
    >>> described(tuple[str, ...]), described(Literal["rising", "falling"])
    ('a list of texts in […]', 'rising or falling')
    """
    return " or ".join(dict.fromkeys(_described(form) for form in _forms(hint)))


def _described(hint: Any) -> str:
    for known, words in _SPOKEN:
        if hint == known:
            return words
    origin, inner = get_origin(hint), [each for each in get_args(hint) if each is not Ellipsis]
    if isinstance(hint, type) and issubclass(hint, Part):
        return f"entries in {{…}}, such as `{{{_first_key(hint)}: …}}`"
    if origin is Literal:
        return _either([str(value) for value in inner])
    if origin is dict:
        return f"entries, each a name, a colon and {described(inner[1])}"
    if origin is tuple and get_args(hint)[-1] is Ellipsis:
        return f"a list of {_plural(described(inner[0]))} in […]"
    if origin is tuple:
        return f"{len(inner)} entries in […]: {', '.join(described(each) for each in inner)}"
    return described(inner[0]) if origin is Annotated else _WORDS.get(hint, "something else")


_SPOKEN = (
    (Name, "a name"),
    (Option, "an option"),
    (Spec, "a number, a distribution such as pert(1, 2, 4), or a word such as likely"),
    (Meaning, "a number, a distribution or a word of probability"),
    (Condition, "a condition such as `answer == consent`"),
    (Text, "a text"),
    (Moment, "months since `as_of`, or a day such as 2026-01-31"),
    (Span, "months, or a length such as `10 days`"),
    (Last, "months, a length such as `10 days`, or a day such as 2026-01-31"),
)  # fmt: skip


def _first_key(part: type[Part]) -> str:
    needed = (info.alias or name for name, info in part.model_fields.items() if info.is_required())
    return part.short or next(needed, next(iter(part.model_fields), ""))


def _plural(words: str) -> str:
    one = words.removeprefix("an ").removeprefix("a ")
    return one if one.endswith("s") or " " in one else f"{one}s"


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def lacking(place: Place) -> str:
    """What to add where a key is missing: how it is written, and what it means."""
    part, key = place.above.nodes[-1].part, place.key
    infos = part.model_fields.items() if part is not None else ()
    said = next((info.description or "" for name, info in infos if (info.alias or name) == key), "")
    meaning = said.partition(". ")[0].rstrip(".")
    written = f"add `{key}: {_pattern(hint_at(place))}`"
    return f"{written}: {meaning[:1].lower()}{meaning[1:]}" if meaning else written


def _pattern(hint: Any) -> str:
    """How a value of a type is written."""
    form = next(_forms(hint), None) if hint is not None else None
    origin, inner = get_origin(form), [each for each in get_args(form) if each is not Ellipsis]
    if isinstance(form, type) and issubclass(form, Part):
        return f"{{{_first_key(form)}: …}}"
    if origin is tuple:
        listed = [_pattern(each) for each in inner]
        return f"[{', '.join(listed if get_args(form)[-1] is not Ellipsis else [*listed, '…'])}]"
    if origin is dict:
        return f"{{NAME: {_pattern(inner[1])}}}"
    if origin is Literal:
        return str(inner[0])
    return next((words for known, words in _WRITTEN if form == known), "…")


_WRITTEN = (
    (Name, "NAME"),
    (Option, "OPTION"),
    (Spec, "0.5"),
    (Condition, "answer == consent"),
    (Day, "2026-01-31"),
    (Moment, "3"),
    (Span, "6"),
    (Last, "24"),
    (Real, "1"),
    (Whole, "1"),
)  # fmt: skip


def named_otherwise(word: str, known: Iterable[str]) -> str | None:
    """The key of the language that a word stands for which is none, among those known at its place; None where none comes near.

    Examples
    --------
    >>> named_otherwise("Title", ["title", "summary"]), named_otherwise("choices", ["by", "options"]), named_otherwise("x", ["by"])
    ('title', 'options', None)
    """
    known = list(known)
    plain = re.sub(r"[\s-]+", "_", word.strip().lower())
    if plain in known:
        return plain
    keys = (key for words, keys in _OTHERWISE if plain in words.split() for key in keys.split())
    near = difflib.get_close_matches(plain, known, 1, cutoff=0.7)
    return next((key for key in keys if key in known), near[0] if near else None)


def misfit(kind: str, value: Any, place: Place, limits: Mapping[str, Any], message: str) -> tuple[str, str]:
    """Cause and remedy where a value does not fit its place.

    Parameters
    ----------
    kind : what the schema complains of, by its own name for it.
    limits : the bounds that it tells.
    message : its words, which are ours where it is a complaint of ours.
    """
    if "remedy" in limits:
        return message, str(limits["remedy"])
    for sign, told in _COMPLAINTS:
        if re.search(sign, kind):
            return told(value, place, limits)
    if kind in _FOREIGN or "_" in kind:
        return _wrong_form(value, place, limits)
    return message, f"`vetopoint explain {_dotted(place)}` says what may stand there"


_FOREIGN = ("value_error", "assertion_error", "missing", "enum")


def _dotted(place: Place) -> str:
    field = place.field
    return place.section if field is None or field[0] == "CaseFile" else f"{place.section}.{field[1]}"


def _wrong_form(value: Any, place: Place, limits: Mapping[str, Any]) -> tuple[str, str]:
    hint, key = hint_at(place), place.key
    wanted, bare = described(hint) if hint is not None else "something else", _bare(hint)
    plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    if value is None:
        return f"nothing stands after '{key}'", f"write {wanted}, or delete the key"
    if place.parts and isinstance(place.parts[-1], int) and get_origin(bare) is tuple and not isinstance(value, list):
        above = place.above.key
        return f"the entries of '{above}' are lists themselves", f"write `{above}: [{_pattern(hint)}]`"
    if plain and (listed := _as_list(value, hint)):
        return f"'{_cut(value)}' stands by itself where a list belongs", f"write `{key}: [{_cut(listed)}]`"
    if plain and (part := _part_of(hint)) is not None:
        return (
            f"'{_cut(value)}' stands by itself where entries belong",
            f"write `{key}: {{{_first_text(part)}: {_cut(value)}}}`",
        )
    if plain and get_origin(bare) is dict:
        return f"'{_cut(value)}' stands by itself where entries belong", f"write `{key}: {_pattern(hint)}`"
    if isinstance(value, list) and get_origin(bare) is dict:
        first = next((str(v) for v in value if isinstance(v, str) and v.isidentifier()), "name")
        return (
            f"a list stands under '{key}', where each entry has a name",
            f"write, without `-`, one line each: `{first}: …`",
        )
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) and get_origin(bare) is not tuple:
        return f"a list stands where {wanted} belongs", f"write `{key}: {_cut(value[0])}`"
    return f"{_what(value)} stands where {wanted} belongs", f"write `{key}: {_pattern(hint)}`"


def _bare(hint: Any) -> Any:
    form = next(_forms(hint), None) if hint is not None else None
    while get_origin(form) is Annotated:
        form = get_args(form)[0]
    return form


def _part_of(hint: Any) -> type[Part] | None:
    forms = _forms(hint) if hint is not None else ()
    return next((form for form in forms if isinstance(form, type) and issubclass(form, Part)), None)


def _first_text(part: type[Part]) -> str:
    """The key of a part under which a lone text or number most likely belongs."""
    needed = any(info.is_required() for info in part.model_fields.values())
    texts = [] if needed else [key for key in ("label", "note") if key in part.model_fields]
    return texts[0] if texts else _first_key(part)


def _as_list(value: str | float, hint: Any) -> str:
    """A lone value, or several in one text, as the entries of the list that is wanted; empty where none is."""
    listing = next((f for f in (_forms(hint) if hint is not None else ()) if get_origin(f) is tuple), None)
    if listing is None or (isinstance(value, str) and "==" in value):
        return ""
    inner = get_args(listing)
    if inner[-1] is not Ellipsis:
        words = re.split(r"[,;\s]+", str(value).strip("()[]{} "))
        return ", ".join(words) if len(words) == len(inner) else ""
    words = re.split(r"\s*[,;/|]\s*|\s+or\s+", str(value).strip("()[]{} "))
    return ", ".join(word for word in words if word)


def _what(value: Any) -> str:
    if isinstance(value, bool):
        return f"{str(value).lower()}"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, dict):
        return "a group of entries"
    return f"'{_cut(value)}'"


def _cut(value: Any, most: int = 60) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= most else f"{text[: most - 2]} …"


def _no_name(value: Any, place: Place, limits: Mapping[str, Any]) -> tuple[str, str]:
    text = str(value)
    if re.search(r"\w#", text):
        return f"'{_cut(text)}' holds a #", "put a space before the # that begins a comment"
    plain = re.sub(r"[^A-Za-z0-9]+", "_", text.translate(_PLAIN)).strip("_")
    plain = f"n_{plain}" if plain[:1].isdecimal() else plain
    example = f", such as {plain}" if plain and len(plain) < 40 else ""
    return (
        f"'{_cut(text)}' is no name",
        f"use letters without accents, digits and _, starting with a letter{example}; people read its label",
    )


_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "ë": "e", "ê": "e", "à": "a", "á": "a", "ç": "c", "ñ": "n", "ó": "o", "í": "i", "ï": "i", "å": "a", "ø": "o"})  # fmt: skip


def _no_number(value: Any, place: Place, limits: Mapping[str, Any]) -> tuple[str, str]:
    if value is None or isinstance(value, list | dict | bool):
        return _wrong_form(value, place, limits)
    hint = hint_at(place)
    whole = any(form == Whole for form in (_forms(hint) if hint is not None else ()))
    months = place.key in ("at", "horizon_months", "until", "every", "fades")
    wanted = f"a {'whole ' if whole else ''}number{' of months' if months else ''}"
    if isinstance(value, dt.date):
        return (
            f"{value} is a day, where {wanted} belongs",
            "write the months since `as_of`" if months else f"write {wanted}",
        )
    if isinstance(value, float):
        return (
            f"{value:g} is no {'whole' if value == value and abs(value) != float('inf') else 'finite'} number",
            f"write {wanted}",
        )
    found = re.match(r"\s*([-+]?\d+(?:[.,]\d+)?)\s*(years?)?", str(value))
    if found:
        number = found[1].replace(",", ".")
        number = f"{float(number) * 12:g}" if found[2] and months else number
        return (
            f"'{_cut(value)}' is more than a number",
            f"write {number} alone{', the number of months' if months else ''}",
        )
    return f"'{_cut(value)}' is no number", f"write {described(hint) if hint is not None and _lists(hint) else wanted}"


def _lists(hint: Any) -> bool:
    return len(list(_forms(hint))) > 1


def _limit(value: Any, place: Place, limits: Mapping[str, Any]) -> tuple[str, str]:
    word = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    bounds = [f"{word[key]} {limits[key]:g}" for key in word if key in limits]
    return (
        f"'{place.key}' is {_cut(value)}",
        f"write a number {' and '.join(bounds)}" if bounds else "write another number",
    )


def _none_of(value: Any, place: Place, limits: Mapping[str, Any]) -> tuple[str, str]:
    hint = hint_at(place)
    words = [
        str(w)
        for form in (_forms(hint) if hint is not None else ())
        if get_origin(form) is Literal
        for w in get_args(form)
    ]
    if not words or isinstance(value, list | dict) or value is None:
        return _wrong_form(value, place, limits)
    if place.parts == ("vetopoint",):
        return f"version '{_cut(value)}' of the case language is not known", "write `vetopoint: 1`"
    if isinstance(value, str) and (part := _part_of(hint)) is not None:
        return (
            f"'{_cut(value)}' stands where {described(hint)} belongs",
            f"write `{{{_first_key(part)}: …}}` or {_either(words)}",
        )
    if not isinstance(value, str) and (part := _part_of(hint)) is not None:
        return _wrong_form(value, place, limits)
    return f"'{_cut(value)}' is none of {', '.join(words)}", did_you_mean(
        str(value).lower(), words, f"write {_either(words)}"
    )


def _no_day(value: Any, place: Place, limits: Mapping[str, Any]) -> tuple[str, str]:
    if value is None or isinstance(value, list | dict | bool):
        return _wrong_form(value, place, limits)
    text = str(value)
    iso = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
    if iso:
        return f"there is no {text} in the calendar", "write a day that there is, year-month-day, such as 2026-02-28"
    guess = _guessed(text)
    return (
        f"'{_cut(text)}' is not written as a day",
        f"write year-month-day, {guess or 'such as 2026-02-01 for the first of February'}",
    )


def _guessed(text: str) -> str:
    """The days that a text may mean."""
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    year = next((n for n in numbers if n > 31), None)
    month = next((m for word in re.findall(r"[A-Za-z]{3,}", text) if (m := month_number(word))), None)
    others = [n for n in numbers if n <= 31]
    if re.fullmatch(r"\d{8}", text):
        year, others = int(text[:4]), [int(text[4:6]), int(text[6:])]
    if year is None:
        return ""
    days = [(month, (others or [1])[0])] if month else []
    if not month and len(others) >= 2:
        first = re.match(r"\s*\d{4}", text) is not None
        days = [(others[0], others[1])] if first else [(others[1], others[0]), (others[0], others[1])]
    elif not month:
        days = [((others or [1])[0], 1)]
    found = dict.fromkeys(f"{year:04d}-{m:02d}-{d:02d}" for m, d in days if m and 1 <= m <= 12 and _is_day(year, m, d))
    return f"that is {' or '.join(found)}" if found else ""


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def _no_text(value: Any, place: Place, limits: Mapping[str, Any]) -> tuple[str, str]:
    if isinstance(value, bool | int | float) and _bare(hint_at(place)) is str:
        written = str(value).lower() if isinstance(value, bool) else str(value)
        return f"{written} is no text", f'put it in quotation marks: `{place.key}: "{written}"`'
    if (
        isinstance(value, list)
        and value
        and all(isinstance(v, str) for v in value)
        and any(form == Condition for form in _forms(hint_at(place)))
    ):
        joined = ", ".join(value)
        subject = "outcome" if place.section in ("goals",) else "answer"
        return (
            f"a list stands under '{place.key}', where a condition belongs",
            f'write `{place.key}: "{subject} in [{joined}]"`',
        )
    if (
        isinstance(value, dict)
        and place.field is not None
        and place.field[1] in ("outcomes", "goals", "facts")
        and set(value) <= {"when", "label"}
    ):
        written = value.get("when", "answer == consent")
        return (
            f"a group of entries stands under '{place.key}', where a condition belongs",
            f"write `{place.key}: {_cut(written)}`",
        )
    return _wrong_form(value, place, limits)


def _number_of_entries(value: Any, place: Place, limits: Mapping[str, Any]) -> tuple[str, str]:
    count = len(value) if isinstance(value, list | tuple) else 0
    return (
        f"'{place.key}' has {count} {'entry' if count == 1 else 'entries'}",
        f"write `{place.key}: {_pattern(hint_at(place))}`",
    )


_Told = Callable[[Any, Place, Mapping[str, Any]], tuple[str, str]]
_COMPLAINTS: tuple[tuple[str, _Told], ...] = (
    ("^boolean$", lambda value, *_: ("a boolean is no number", f"write a number instead of {str(value).lower()}")),
    ("^no_voters$", lambda *_: ("a body needs voters, each with a weight of 0 or more", "write `weights: {NAME: 1, …}`")),
    ("string_pattern_mismatch", _no_name),
    ("^string_(type|sub)", _no_text),
    ("^(greater|less)_than", _limit),
    ("^(int|float)_|finite_number", _no_number),
    ("^date", _no_day),
    ("literal_error", _none_of),
    ("^too_(long|short)", _number_of_entries),
    ("_type$|_parsing$|_attributes_type$", _wrong_form),
)  # fmt: skip
