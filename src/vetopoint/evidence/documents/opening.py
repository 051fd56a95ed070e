"""A file becomes a document: its size is asked before it is opened, its form before it is read."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import normalise_text
from vetopoint.evidence.documents.document import Document, Limits
from vetopoint.evidence.documents.forms import form_of
from vetopoint.evidence.documents.language import detect

_LIMITS = Limits()
STDIN = Path("-")
"""The name under which standard input goes."""


def read_document(path: str | Path, *, id: str = "", limits: Limits = _LIMITS) -> Document:
    """Read a file of any form in `vetopoint.evidence.documents.forms` into a document; ``-`` is standard input.

    Title, outlet, author, date and address are filled in where the file says them; `language` where it can be told.
    A text in a language that the reader does not read is a document like any other: the reader refuses it.

    Raises
    ------
    EvidenceError
        The file is missing, too large, of a form without text, broken, empty, a page without prose, or a PDF without a text layer.
    """
    path = Path(path)
    if path == STDIN:
        return read_stdin(id=id, limits=limits)
    return _document(_bytes(path, limits), path, str(path), id or path.stem, limits)


def read_stdin(*, id: str = "", limits: Limits = _LIMITS, copy: Path | None = None) -> Document:
    """Read standard input as `read_document` does a file.

    Parameters
    ----------
    id : made from the text unless given.
    copy : a file in which its bytes are kept, since it cannot be read again.
    """
    raw = _stdin(limits)
    if copy is not None:
        copy.write_bytes(raw)
    return _document(raw, STDIN, "standard input", id, limits)


def _document(raw: bytes, path: Path, where: str, id: str, limits: Limits) -> Document:
    if not raw.strip():
        raise EvidenceError(f"{where}: the file is empty → save the article's text into it")
    found = form_of(raw, where, path.suffix.lower()).read(raw, where, limits)
    text = normalise_text(found.text)
    if not text.strip():
        raise EvidenceError(f"{where}: there is no text in it → save the article's text into it")
    if len(text) > limits.text_chars:
        wrong = f"{where}: {len(text):,} characters of text, above the limit of {limits.text_chars:,}"
        raise EvidenceError(f"{wrong} → cut it into articles")
    id = id or f"stdin-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    return Document(
        id, text, found.title, found.outlet, found.date, found.url, found.notes, found.author, detect(text).code
    )


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        if not path.is_file() and path.exists():
            raise EvidenceError(f"{path}: no file → give a text file or a folder of texts")
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise EvidenceError(_too_large(f"{path}: {size / 1e6:.0f} MB", limits))
        with path.open("rb") as handle:
            raw = handle.read(limits.file_bytes + 1)
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}) → check the path and its permissions"
        raise EvidenceError(message) from error
    if len(raw) > limits.file_bytes:
        raise EvidenceError(_too_large(f"{path}: grows while it is read", limits))
    return raw


def _stdin(limits: Limits) -> bytes:
    raw = sys.stdin.buffer.read(limits.file_bytes + 1)
    if len(raw) > limits.file_bytes:
        raise EvidenceError(_too_large("standard input: too long", limits))
    return raw


def _too_large(what: str, limits: Limits) -> str:
    return f"{what}, above the limit of {limits.file_bytes / 1e6:.0f} MB → cut the file into articles and read these"
