"""Documents of files, folders and tables, one after the other, each with an id of its own."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

from vetopoint.errors import EvidenceError
from vetopoint.evidence.documents.document import Document
from vetopoint.evidence.documents.forms import SUFFIXES
from vetopoint.evidence.documents.language import detect
from vetopoint.evidence.documents.opening import STDIN, read_document, read_stdin


def gather(*paths: str | Path) -> Iterator[Document | EvidenceError]:
    """Documents of files, of folders (all texts below them), of CSV tables with a ``text`` column, of standard input (``-``).

    A CSV may also have ``id``, ``title``, ``outlet``, ``date`` (ISO), ``url`` and ``author``. Files that cannot be read come as the error
    that says why, so that one bad file does not stop a thousand good ones. A file's id is its name without its ending; where two
    have one name, the second and later ones keep their ending or take their folder's name too, whatever the order in which the
    system lists them.
    """
    return (item for item, _ in gather_with_files(*paths))


def gather_with_files(
    *paths: str | Path, copy: Path | None = None
) -> Iterator[tuple[Document | EvidenceError, Path | None]]:
    """What :func:`gather` finds, each with the file from which it was read.

    Parameters
    ----------
    copy : a file in which standard input is kept as it comes; it goes as the file of that document.
    """
    files = [found for path in paths for found in _found(Path(path))]
    names = _names([(path, name) for path, name in files if not _is_table(path)])
    seen: set[Path] = set()
    for path, _ in files:
        if _is_table(path):
            yield from ((item, path) for item in _from_csv(path))
        elif path == STDIN:
            yield _attempt(partial(read_stdin, copy=copy)), copy
        elif (place := path.resolve()) not in seen:
            seen.add(place)
            yield _attempt(partial(read_document, path, id=names[place])), path


def count_documents(path: str | Path) -> int:
    """How many documents :func:`gather` will find, without opening any but a CSV."""
    path = Path(path)
    if path.is_dir():
        return sum(1 for _ in _texts_below(path))
    if _is_table(path) and path.is_file():
        csv.field_size_limit(10_000_000)
        with path.open(encoding="utf-8-sig", newline="") as handle:
            return max(sum(1 for _ in csv.reader(handle)) - 1, 0)
    return 1


def _is_table(path: Path) -> bool:
    return path.suffix.lower() == ".csv"


def _found(path: Path) -> Iterator[tuple[Path, str]]:
    """The files at a path, each with the name that it would have alone."""
    if path != STDIN and path.is_dir():
        for file in sorted(_texts_below(path)):
            yield file, file.relative_to(path).with_suffix("").as_posix().replace("/", ".")
    else:
        yield path, path.stem


def _texts_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())


def _names(files: Iterable[tuple[Path, str]]) -> dict[Path, str]:
    """An id of its own for each file: plain texts before other forms, then by path."""
    places = {path.resolve(): (path, name) for path, name in files if path != STDIN}
    shared = Counter(name for _, name in places.values())
    alike = Counter((name, path.suffix.lower()) for path, name in places.values())
    given: dict[Path, str] = {}
    taken = {name for name, count in shared.items() if count == 1}
    for place, (path, name) in sorted(places.items(), key=lambda item: (item[1][0].suffix.lower() != ".txt", item[0])):
        ending, within = path.suffix.lower(), f"{place.parent.name}.{name}"
        tried = [name, *([name + ending] if alike[name, ending] == 1 else []), within, within + ending]
        numbered = (f"{within}-{number}" for number in range(2, len(places) + 2))
        free = (candidate for candidate in (*tried, *numbered) if candidate not in taken)
        given[place] = name if shared[name] == 1 else next(free)
        taken.add(given[place])
    return given


def _attempt(read: Callable[[], Document]) -> Document | EvidenceError:
    try:
        return read()
    except EvidenceError as error:
        return error


def _from_csv(path: Path) -> Iterator[Document | EvidenceError]:
    csv.field_size_limit(10_000_000)
    rows: dict[str, int] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            table = csv.DictReader(handle)
            if "text" not in (table.fieldnames or ()):
                raise EvidenceError(f"{path}: no column `text` → name the column that holds the articles `text`")
            for number, row in enumerate(table, start=1):
                name = row.get("id") or f"{path.stem}.{number}"
                if name in rows:
                    same = f"{path}: row {number}: id {name!r} stands in row {rows[name]} too"
                    yield EvidenceError(f"{same} → give each row an id of its own")
                    continue
                rows[name] = number
                yield _row(path, number, name, row)
    except (csv.Error, UnicodeDecodeError) as error:
        yield EvidenceError(f"{path}: a broken table ({error}) → save it as CSV in UTF-8")
    except OSError as error:
        yield EvidenceError(f"{path}: cannot be read ({error.strerror}) → check the path and its permissions")


def _row(path: Path, number: int, name: str, row: dict[str, str]) -> Document | EvidenceError:
    body = (row.get("text") or "").strip()
    if not body:
        return EvidenceError(f"{path}: row {number} has no text → fill it in or drop the row")
    try:
        when = date.fromisoformat(row["date"]) if row.get("date") else None
    except ValueError:
        return EvidenceError(f"{path}: row {number}: {row['date']!r} is no ISO date → write it as 2026-02-24")
    title, outlet, url, author = (row.get(field) or "" for field in ("title", "outlet", "url", "author"))
    return Document(name, body, title, outlet, when, url, (), author, detect(body).code)
