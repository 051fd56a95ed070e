"""From bytes to characters: by byte-order mark, by what the file declares, as UTF-8, then by statistics; a guess is said."""

from __future__ import annotations

import codecs
import re

from vetopoint.errors import EvidenceError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_BINARY = frozenset(range(32)) - {9, 10, 11, 12, 13, 27}
_WESTERN = "cp1252"


def decode(raw: bytes, where: str, declared: str = "") -> tuple[str, tuple[str, ...]]:
    """The text of some bytes, and what had to be guessed or replaced.

    Parameters
    ----------
    where : the file, for messages.
    declared : the encoding that the file itself names.

    Raises
    ------
    EvidenceError
        The bytes are no text.
    """
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return raw.decode(name, errors="replace"), ()
    if name := _wide(raw[:4096]):
        return raw.decode(name, errors="replace"), (f"encoding guessed as {name}",)
    begun = raw[:65536]
    if b"\x00" in begun or sum(byte in _BINARY for byte in begun) > 0.02 * len(begun):
        raise EvidenceError(f"{where}: binary data, no text → save it as text, DOCX, PDF or HTML")
    if text := _declared(raw, declared):
        return text, ()
    try:
        return raw.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _guessed(raw, where)


def _declared(raw: bytes, name: str) -> str:
    try:
        return raw.decode(name) if name and codecs.lookup(name) else ""
    except (LookupError, UnicodeDecodeError):
        return ""


def _wide(begun: bytes) -> str:
    """UTF-16 without a mark: every second byte of Western text is nought."""
    if len(begun) < 4:
        return ""
    even, odd = (begun[start::2].count(0) / max(len(begun) // 2, 1) for start in (0, 1))
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.05 else ""


def _guessed(raw: bytes, where: str) -> tuple[str, tuple[str, ...]]:
    text = raw.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    if sum(1 for c in text if ord(c) > 127) - bad > bad:
        return text, (f"{bad} bytes are not UTF-8 and were replaced",)
    name = _WESTERN if _western(raw) else _statistics(raw)
    if not name:
        raise EvidenceError(f"{where}: no known character encoding fits → save it as UTF-8")
    return raw.decode(name, errors="replace"), (f"encoding guessed as {name}",)


def _western(raw: bytes) -> bool:
    """Whether bytes above 127 stand one by one among Latin letters, and all mean something in Windows' Western encoding.

    Statistics need a paragraph; a name with one accent in an English text must not become Chinese.
    """
    high = re.findall(rb"[\x80-\xff]+", raw)
    if sum(map(len, high)) > 0.1 * len(raw) or max(map(len, high)) > 3:
        return False
    return not re.search(rb"[\x81\x8d\x8f\x90\x9d]", raw)


def _statistics(raw: bytes) -> str:
    from charset_normalizer import from_bytes

    guess = from_bytes(raw[:200_000]).best()
    return guess.encoding if guess else ""
