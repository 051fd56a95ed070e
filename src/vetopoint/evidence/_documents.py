"""From files to documents: decoded, stripped of markup, normalised, bounded, hashed; nothing in them is executed."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from vetopoint.errors import EvidenceError
from vetopoint.evidence._pdf import Limits, pdf_text
from vetopoint.evidence.claim import normalise_text

_SUFFIXES = (".txt", ".md", ".html", ".htm", ".xhtml", ".pdf")
_HTML = re.compile(r"<!doctype html|<html[\s>]|<body[\s>]", re.IGNORECASE)
_LIMITS = Limits()


@dataclass(frozen=True)
class Document:
    """An immutable source text.

    Parameters
    ----------
    id : how claims and cases refer to it.
    text : normalised text; every offset counts its characters.
    title, outlet, date, url : what is known of its publication.
    notes : what had to be done to read it (a guessed encoding, replaced characters).
    """

    id: str
    text: str
    title: str = ""
    outlet: str = ""
    date: date | None = None
    url: str = ""
    notes: tuple[str, ...] = ()
    hash: str = field(init=False)

    def __post_init__(self) -> None:
        text = normalise_text(self.text)
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "hash", hashlib.sha256(text.encode("utf-8")).hexdigest())


def read_document(path: str | Path, *, id: str = "", limits: Limits = _LIMITS) -> Document:
    """Read a text, HTML or PDF file into a document.

    Raises
    ------
    EvidenceError
        The file is missing, too large, binary, empty, an HTML page without prose, or a PDF without a text layer.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            wrong = f"{path}: {size / 1e6:.0f} MB, above the limit of {limits.file_bytes / 1e6:.0f} MB"
            raise EvidenceError(f"{wrong} → cut the file into articles and read these")
        raw = path.read_bytes()
    except OSError as error:
        message = f"{path}: cannot be read ({error.strerror}) → check the path and its permissions"
        raise EvidenceError(message) from error
    notes: tuple[str, ...] = ()
    title = ""
    if not raw.strip():
        raise EvidenceError(f"{path}: the file is empty → save the article's text into it")
    if raw.lstrip()[:5] == b"%PDF-":
        text = _pdf(path, raw, limits)
    else:
        text, notes = _decode(raw, path)
        if path.suffix.lower() in (".html", ".htm", ".xhtml") or _HTML.search(text, 0, 2000):
            text, title = _html(text, path)
    text = normalise_text(text)
    if not text.strip():
        raise EvidenceError(f"{path}: there is no text in it → save the article's text into it")
    if len(text) > limits.text_chars:
        wrong = f"{path}: {len(text):,} characters of text, above the limit of {limits.text_chars:,}"
        raise EvidenceError(f"{wrong} → cut it into articles")
    return Document(id=id or path.stem, text=text, title=title, notes=notes)


def _decode(raw: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    """Decode by byte-order mark, then as UTF-8, then by statistics; say so where it is a guess."""
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if raw.startswith(mark):
            return raw.decode(name, errors="replace"), ()
    begun = raw[:65536]
    if sum(b < 32 and b not in (9, 10, 12, 13, 27) for b in begun) > 0.02 * len(begun) or b"\x00" in begun:
        raise EvidenceError(f"{path}: binary data, no text → give a text, HTML or PDF file")
    try:
        return raw.decode("utf-8"), ()
    except UnicodeDecodeError:
        text = raw.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    proper = sum(1 for c in text if ord(c) > 127) - bad
    if proper > bad:
        return text, (f"{bad} bytes are not UTF-8 and were replaced",)
    from charset_normalizer import from_bytes

    guess = from_bytes(raw[:200_000]).best()
    if guess is None:
        raise EvidenceError(f"{path}: no known character encoding fits → save it as UTF-8")
    return raw.decode(guess.encoding, errors="replace"), (f"encoding guessed as {guess.encoding}",)


def _html(markup: str, path: Path) -> tuple[str, str]:
    import trafilatura

    text = trafilatura.extract(markup, include_comments=False, include_tables=False, deduplicate=False)
    if not text or not text.strip():
        raise EvidenceError(f"{path}: the page holds no prose (scripts are never run) → save the article as text")
    found = re.search(r"<title[^>]*>([^<]{1,300})</title>", markup[:200_000], re.IGNORECASE)
    return text, " ".join(found.group(1).split()) if found else ""


def _pdf(path: Path, raw: bytes, limits: Limits) -> str:
    text = pdf_text(path, raw, limits)
    if not text.strip():
        raise EvidenceError(f"{path}: a PDF without a text layer (a scan?) → run text recognition on it first")
    return re.sub(r"(\w)-\n(?=[a-z])", r"\1", text)


def gather(path: str | Path) -> Iterator[Document | EvidenceError]:
    """Documents of a file, a folder (all texts below it), or a CSV with a ``text`` column.

    A CSV may also have ``id``, ``title``, ``outlet``, ``date`` (ISO) and ``url``. Files that cannot be read come as the error
    that says why, so that one bad file does not stop a thousand good ones.
    """
    path = Path(path)
    if path.is_dir():
        for file in sorted(_texts_below(path)):
            yield _attempt(file, str(file.relative_to(path).with_suffix("")).replace("/", "."))
    elif path.suffix.lower() == ".csv":
        yield from _from_csv(path)
    else:
        yield _attempt(path, path.stem)


def count_documents(path: str | Path) -> int:
    """How many documents :func:`gather` will find, without opening any but a CSV."""
    path = Path(path)
    if path.is_dir():
        return sum(1 for _ in _texts_below(path))
    if path.suffix.lower() == ".csv" and path.is_file():
        csv.field_size_limit(10_000_000)
        with path.open(encoding="utf-8-sig", newline="") as handle:
            return max(sum(1 for _ in csv.reader(handle)) - 1, 0)
    return 1


def _texts_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES and path.is_file())


def _attempt(path: Path, name: str) -> Document | EvidenceError:
    try:
        return read_document(path, id=name)
    except EvidenceError as error:
        return error


def _from_csv(path: Path) -> Iterator[Document | EvidenceError]:
    csv.field_size_limit(10_000_000)
    with path.open(encoding="utf-8-sig", newline="") as handle:
        table = csv.DictReader(handle)
        if "text" not in (table.fieldnames or ()):
            raise EvidenceError(f"{path}: no column `text` → name the column that holds the articles `text`")
        for number, row in enumerate(table, start=1):
            body = (row.get("text") or "").strip()
            if not body:
                yield EvidenceError(f"{path}: row {number} has no text → fill it in or drop the row")
                continue
            try:
                when = date.fromisoformat(row["date"]) if row.get("date") else None
            except ValueError:
                yield EvidenceError(f"{path}: row {number}: {row['date']!r} is no ISO date → write it as 2026-02-24")
                continue
            title, outlet, url = (row.get(name) or "" for name in ("title", "outlet", "url"))
            yield Document(row.get("id") or f"{path.stem}.{number}", body, title, outlet, when, url)
