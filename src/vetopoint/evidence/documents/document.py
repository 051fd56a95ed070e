"""A source text, immutable, and what a source may measure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from vetopoint.evidence.claim import normalise_text

_PLACEHOLDERS = frozenset(("anonymous", "untitled", "unspecified", "none", "unknown", "python-docx", "user", "admin"))


@dataclass(frozen=True)
class Limits:
    """What a source may measure at most.

    Parameters
    ----------
    file_bytes : bytes of the file.
    text_chars : characters of its text.
    pages, pdf_seconds, pdf_memory : of a PDF its pages, the seconds and the bytes of memory that it may take to open.
    unpacked_bytes : bytes to which one part of a packed file (DOCX, ODT) may grow.
    parts : files within a packed file, and parts of a mail.
    """

    file_bytes: int = 20_000_000
    text_chars: int = 5_000_000
    pages: int = 2_000
    pdf_seconds: float = 60.0
    pdf_memory: int = 1_500_000_000
    unpacked_bytes: int = 50_000_000
    parts: int = 5_000


@dataclass(frozen=True)
class Document:
    """An immutable source text.

    Parameters
    ----------
    id : how claims and cases refer to it.
    text : normalised text; every offset counts its characters.
    title, outlet, date, url, author : what is known of its publication.
    notes : what had to be done to read it (a guessed encoding, replaced characters), and what was left out.
    language : ISO 639 code of the language in which most of it is written; "" where that cannot be told.
    """

    id: str
    text: str
    title: str = ""
    outlet: str = ""
    date: date | None = None
    url: str = ""
    notes: tuple[str, ...] = ()
    author: str = ""
    language: str = ""
    hash: str = field(init=False)

    def __post_init__(self) -> None:
        text = normalise_text(self.text)
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "hash", hashlib.sha256(text.encode("utf-8")).hexdigest())


@dataclass(frozen=True)
class Found:
    """What a file holds: its text, and what it says of its own publication."""

    text: str
    title: str = ""
    outlet: str = ""
    date: date | None = None
    url: str = ""
    author: str = ""
    notes: tuple[str, ...] = ()


def day(words: object) -> date | None:
    """The day that begins an ISO date or time; None where there is none.

    >>> day("2026-02-24T09:15:00Z"), day("last week")
    (datetime.date(2026, 2, 24), None)
    """
    try:
        return date.fromisoformat(str(words).strip()[:10])
    except ValueError:
        return None


def plain(words: object, longest: int = 300) -> str:
    """A field of a file's own description on one line and of bounded length; "" where it is empty or a placeholder."""
    text = " ".join(str(words or "").split())[:longest]
    return "" if text.strip("()").lower() in _PLACEHOLDERS else text
