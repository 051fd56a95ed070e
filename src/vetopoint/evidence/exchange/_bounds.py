"""Reading files that strangers wrote: bounded, decoded, parsed, with one message for whatever is wrong with them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree as ET

from vetopoint.errors import EvidenceError

MOST_BYTES = 100_000_000
_BOMS = (b"\xff\xfe", b"\xfe\xff")


def wrong(path: str | Path, cause: str, remedy: str, place: str = "") -> EvidenceError:
    """The error that names file, place, cause and remedy."""
    where = f"{path}: {place}: " if place else f"{path}: "
    return EvidenceError(f"{where}{cause} → {remedy}")


def read_bytes(path: Path, remedy: str) -> bytes:
    """A file's bytes; what is missing, empty or too large is refused."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise wrong(
                path, f"{size / 1e6:.0f} MB, above the limit of {MOST_BYTES / 1e6:.0f} MB", "export less at a time"
            )
        raw = path.read_bytes()
    except OSError as error:
        raise wrong(path, f"cannot be read ({error.strerror})", "check the path and its permissions") from error
    if not raw.strip():
        raise wrong(path, "the file is empty", remedy)
    return raw


def decode(raw: bytes, path: str | Path, remedy: str, place: str = "") -> str:
    """UTF-8 with or without a byte-order mark; line ends and decomposed letters stay as they are, since offsets count them."""
    if raw.startswith(_BOMS):
        raise wrong(path, "UTF-16, not UTF-8", remedy, place)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise wrong(path, f"not UTF-8 (byte {error.start})", remedy, place) from error


def read_text(path: Path, remedy: str = "save it as UTF-8") -> str:
    """A text file as it stands."""
    return decode(read_bytes(path, remedy), path, remedy)


def parse_json(text: str, path: str | Path, remedy: str, place: str = "") -> Any:
    """JSON without NaN or infinity, and without the depth at which parsers fall over."""

    def no_number(name: str) -> NoReturn:
        raise wrong(path, f"{name} is no number in JSON", remedy, place)

    try:
        return json.loads(text, parse_constant=no_number)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise wrong(path, f"no JSON ({error.msg}, {where})", remedy, place) from error
    except RecursionError as error:
        raise wrong(path, "nested too deeply", remedy, place) from error
    except ValueError as error:  # a number of more digits than Python converts
        raise wrong(path, f"no usable JSON ({str(error)[:80]})", remedy, place) from error


def parse_xml(raw: bytes, path: str | Path, remedy: str) -> ET.Element:
    """XML in UTF-8 without a document type, so that no entity can expand and nothing outside is asked for."""
    # Looking at bytes suffices only for an encoding in which ASCII is ASCII; others are not in the standard.
    declared = re.match(rb"\s*(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)", raw)
    other = declared is not None and declared.group(1).lower() not in (b"utf-8", b"us-ascii")
    if raw.startswith(_BOMS) or b"\x00" in raw or other:
        raise wrong(path, "not UTF-8", remedy)
    if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", raw, re.IGNORECASE):
        raise wrong(path, "it declares a document type or entities, which are not read", remedy)
    try:
        return ET.fromstring(raw)
    except (ET.ParseError, ValueError, RecursionError) as error:
        raise wrong(path, f"no well-formed XML ({error})", remedy) from error


def mapping_of(value: Any, path: str | Path, place: str, remedy: str) -> dict[str, Any]:
    """A JSON object, or the error that says it is none."""
    if not isinstance(value, dict):
        raise wrong(path, f"{_kind(value)} where an object is needed", remedy, place)
    return value


def listed(value: Any, path: str | Path, place: str, remedy: str) -> list[Any]:
    """A JSON list, or the error that says it is none."""
    if not isinstance(value, list):
        raise wrong(path, f"{_kind(value)} where a list is needed", remedy, place)
    return value


def whole_number(value: Any, path: str | Path, place: str, remedy: str) -> int:
    """An offset: a whole number of at least nought."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong(path, f"{value!r:.40} is no whole number", remedy, place)
    if not 0 <= value < 2**53:
        raise wrong(path, f"{str(value)[:30]} is no place in a text", remedy, place)
    return value


def number_in(text: str, path: str | Path, place: str, remedy: str) -> int:
    """An offset written as text."""
    if not re.fullmatch(r"\s*-?[0-9]{1,19}\s*", text, re.ASCII):
        raise wrong(path, f"{text!r:.40} is no whole number", remedy, place)
    return whole_number(int(text), path, place, remedy)


def _kind(value: Any) -> str:
    names = {
        type(None): "null",
        bool: "a truth value",
        int: "a number",
        float: "a number",
        str: "a text",
        list: "a list",
    }
    return names.get(type(value), "an object")
