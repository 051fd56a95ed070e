"""Which form a file has, asked of its first bytes and then of its name, and the module that reads it.

A further form is a module with a function ``read(raw, where, limits) -> Found`` and a row of `FORMS`.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from vetopoint.errors import EvidenceError
from vetopoint.evidence.documents.document import Found, Limits
from vetopoint.evidence.documents.docx import read_docx
from vetopoint.evidence.documents.mail import read_mail, read_mhtml
from vetopoint.evidence.documents.odt import read_odt
from vetopoint.evidence.documents.page import read_page
from vetopoint.evidence.documents.pdf import read_pdf
from vetopoint.evidence.documents.rtf import read_rtf
from vetopoint.evidence.documents.subtitles import read_subtitles
from vetopoint.evidence.documents.text import read_markdown, read_text

_HTML = re.compile(rb"<!doctype html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_HEADER = re.compile(
    rb"(?:From|Received|Return-Path|MIME-Version|Message-ID|Delivered-To|Subject|Date|To): ?\S", re.IGNORECASE
)
_MIME = re.compile(rb"^(?:MIME-Version|Message-ID|Received): ?\S", re.IGNORECASE | re.MULTILINE)
_ARCHIVE = re.compile(rb"^(?:Snapshot-Content-Location:|From: <Saved by )", re.IGNORECASE | re.MULTILINE)
_CUE = re.compile(rb"(?:\xef\xbb\xbf)?\s*\d+\s*\r?\n\d{1,2}:\d\d:\d\d[,.]\d{1,3} *-->")


@dataclass(frozen=True)
class Head:
    """What is asked before a file is opened: its first bytes, its ending, and for a packed one its parts."""

    begun: bytes
    suffix: str
    parts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Form:
    """A form of file: its name, the endings by which folders are searched, how it is told, and what reads it."""

    name: str
    suffixes: tuple[str, ...]
    told: Callable[[Head], bool]
    read: Callable[[bytes, str, Limits], Found]


def _is_mail(head: Head) -> bool:
    return head.suffix == ".eml" or bool(_HEADER.match(head.begun) and _MIME.search(head.begun))


def _is_archive(head: Head) -> bool:
    return head.suffix in (".mhtml", ".mht") or (_is_mail(head) and bool(_ARCHIVE.search(head.begun)))


FORMS: tuple[Form, ...] = (
    Form("PDF", (".pdf",), lambda head: head.begun.startswith(b"%PDF-"), read_pdf),
    Form("DOCX", (".docx", ".docm"), lambda head: "word/document.xml" in head.parts, read_docx),
    Form("ODT", (".odt",), lambda head: {"content.xml", "mimetype"} <= head.parts, read_odt),
    Form("RTF", (".rtf",), lambda head: head.begun.startswith(b"{\\rtf"), read_rtf),
    Form("MHTML", (".mhtml", ".mht"), _is_archive, read_mhtml),
    Form("mail", (".eml",), _is_mail, read_mail),
    Form(
        "subtitles",
        (".srt", ".vtt"),
        lambda head: b"WEBVTT" in head.begun[:12] or bool(_CUE.match(head.begun)),
        read_subtitles,
    ),
    Form(
        "HTML",
        (".html", ".htm", ".xhtml"),
        lambda head: head.suffix in (".html", ".htm", ".xhtml") or bool(_HTML.search(head.begun[:2000])),
        read_page,
    ),
    Form("Markdown", (".md", ".markdown"), lambda head: head.suffix in (".md", ".markdown"), read_markdown),
    Form("text", (".txt", ".text"), lambda head: True, read_text),
)
SUFFIXES = frozenset(suffix for form in FORMS for suffix in form.suffixes)
"""Endings of the files that a folder is searched for."""

_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\xd0\xcf\x11\xe0", "an old Word, Excel or Outlook file → save it as DOCX, EML or text"),
    (b"\x89PNG", "a picture → run text recognition on it and save the text"),
    (b"\xff\xd8\xff", "a picture → run text recognition on it and save the text"),
    (b"GIF8", "a picture → run text recognition on it and save the text"),
    (b"II*\x00", "a picture → run text recognition on it and save the text"),
    (b"MM\x00*", "a picture → run text recognition on it and save the text"),
    (b"\x1f\x8b", "a packed file → unpack it and read what is in it"),
    (b"7z\xbc\xaf", "a packed file → unpack it and read what is in it"),
    (b"Rar!", "a packed file → unpack it and read what is in it"),
)


def form_of(raw: bytes, where: str, suffix: str) -> Form:
    """The form of a file.

    Raises
    ------
    EvidenceError
        It is of a form that holds no text to read.
    """
    begun = raw[:8192].lstrip()
    for sign, what in _OTHERS:
        if begun.startswith(sign):
            raise EvidenceError(f"{where}: {what}")
    if suffix in (".json", ".jsonl") and begun[:1] in b"{[":
        raise EvidenceError(f"{where}: data, no text → save the article's text, or a CSV with a column `text`")
    head = Head(begun, suffix, _parts(raw) if begun.startswith(b"PK\x03\x04") else frozenset())
    form = next(form for form in FORMS if form.told(head))
    if begun.startswith(b"PK\x03\x04") and form.name not in ("DOCX", "ODT"):
        raise EvidenceError(f"{where}: a packed file that is neither DOCX nor ODT → unpack it, or save its text")
    return form


def _parts(raw: bytes) -> frozenset[str]:
    try:
        with zipfile.ZipFile(BytesIO(raw)) as packed:
            return frozenset(packed.namelist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return frozenset()
