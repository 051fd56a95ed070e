"""A folder of evidence without a case: texts that were read, a table of what is known of them, and the claims proposed.

``documents.csv`` may be corrected by hand: what stands there of a document's publication is believed. The store lies where a
case keeps its own, so that the folder becomes a case as soon as a ``case.yaml`` is put into it.
"""

from __future__ import annotations

import csv
import datetime as dt
import filecmp
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from vetopoint.case import Case, CaseFile, Place, load_case
from vetopoint.case.document import Document as CaseDocument
from vetopoint.case.schema import SourceRef
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Document, to_line
from vetopoint.sheets import sheet, unsaid
from vetopoint.study.sources import Study, gather, store_place
from vetopoint.study.store import make_folder, write_text

TABLE = "documents.csv"
PROPOSED = "proposed.jsonl"
TEXTS = Path("sources")
ORIGINALS = TEXTS / "original"
ABOUT = tuple(part.name for part in fields(Document) if part.name not in ("id", "text", "notes", "hash"))
"""What is known of a document's publication: columns of the table, and what it may correct."""
_COLUMNS = ("id", *ABOUT, "text", "original", "characters", "claims", "notes")
_UNSAFE = re.compile(r"[^\w.-]+")


def open_evidence(path: str | Path, store: str | None = None) -> Study:
    """Open a case, or a folder of evidence, for work on its claims.

    Parameters
    ----------
    path : a case file, its folder, or a folder that ``vetopoint read --out`` made. The latter has a case without actors.
    store : address of the store; ``VETOPOINT_STORE``, or the folder's own file, unless given.

    Raises
    ------
    CaseError, EvidenceError
        With file, line and remedy.
    """
    folder = Path(path)
    if folder.is_dir() and (folder / TABLE).is_file() and not (folder / "case.yaml").exists():
        return _opened(folder, store)
    case = load_case(path)
    place = store_place(case, store)
    evidence = gather(case, place)
    evidence.check_named(case)
    return Study(case, evidence, place, {})


def open_to_read(path: str | Path, store: str | None = None) -> Study:
    """The same for reading more into its store, whose texts and claims are left there: an archive's need much memory."""
    folder = Path(path)
    if folder.is_dir() and (folder / TABLE).is_file() and not (folder / "case.yaml").exists():
        return _opened(folder, store, kept=False)
    case = load_case(path)
    place = store_place(case, store)
    return Study(case, gather(case, place, kept=False), place, {})


def begin_folder(path: str | Path, store: str | None = None) -> Study:
    """A folder of evidence, made if it is not there yet; a case's folder is opened as such.

    Raises
    ------
    EvidenceError
        The folder holds something else.
    """
    folder = Path(path)
    if (folder / "case.yaml").exists():
        raise EvidenceError(f"{folder}: a case's folder → read into it with --case {folder}")
    if not (folder / TABLE).is_file():
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise EvidenceError(f"{folder}: holds something else → name a new folder; nothing was written")
        make_folder(folder)
        write_text(folder / TABLE, ",".join(_COLUMNS) + "\n")
    return _opened(folder, store, kept=False)


def _opened(folder: Path, store: str | None, kept: bool = True) -> Study:
    rows = _rows(folder / TABLE)
    case = _caseless(folder, {})
    place = store_place(case, store)
    evidence = gather(case, place, kept)
    documents = {
        name: replace(document, **rows[name]) if name in rows else document
        for name, document in evidence.documents.items()
    }
    sources = {name: SourceRef.model_construct(file=(TEXTS / f"{name}.txt").as_posix()) for name in documents}
    return Study(_caseless(folder, sources), replace(evidence, documents=documents), place, {})


def _caseless(folder: Path, sources: Mapping[str, SourceRef]) -> Case:
    """A case of which nothing is known but its sources; commands that ask for more do not open such a folder."""
    empty: dict[str, Any] = {name: {} for name in ("actors", "moves", "outcomes", "goals", "payoffs")}
    file = CaseFile.model_construct(
        vetopoint=1, title="", as_of=dt.date.today(), owner="", sources=dict(sources), **empty
    )
    return Case(file, CaseDocument(folder / "case.yaml", {}, {Place(): 1}), {}, {}, {})


def _rows(path: Path) -> dict[str, dict[str, Any]]:
    """Id → what the table says of each document's publication."""
    found: dict[str, dict[str, Any]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            table = csv.DictReader(handle)
            for row in table:
                about: dict[str, Any] = {name: unsaid((row[name] or "").strip()) for name in ABOUT if name in row}
                if "date" in about:
                    about["date"] = _day(about["date"], f"{path}:{table.line_num}")
                found[unsaid(row.get("id") or "")] = about
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EvidenceError(
            f"{path}: cannot be read ({error}) → save it as CSV in UTF-8, or delete it and read again"
        ) from error
    return found


def _day(text: str, place: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise EvidenceError(f"{place}: {text!r} is no date → write it as 2026-02-24") from error


def write_folder(folder: Path, originals: Mapping[str, Path]) -> None:
    """Write what a folder of evidence shows of its store: texts, originals, the table, the claims that are proposed.

    Parameters
    ----------
    originals : id → the file from which a document was read; it is copied.
    """
    study = _opened(folder, None)
    make_folder(folder / ORIGINALS)
    kept = {name: _kept_row(row) for name, row in _raw(folder / TABLE).items()}
    taken = {row["text"].casefold() for row in kept.values() if row["text"]}
    proposed = [claim for claim in study.evidence.standing if claim.status == "proposed"]
    counts = Counter(claim.source for claim in study.evidence.standing)
    copies: dict[Path, str] = {}
    rows = []
    for name, document in study.evidence.documents.items():
        row = kept.get(name) or _row(document)
        if not _within(folder, row["text"]):
            row["text"] = _file_name(name, taken)
        if name in originals:
            source = originals[name]
            copies[source] = copies.get(source) or _copied(source, folder)
            row["original"] = copies[source]
        row["claims"] = str(counts[name])
        rows.append(row)
        if not (folder / row["text"]).is_file():
            write_text(folder / row["text"], document.text)
    write_text(folder / TABLE, _csv(rows))
    write_text(folder / PROPOSED, "".join(to_line(claim) + "\n" for claim in proposed))


def _within(folder: Path, text: str) -> bool:
    """Whether a place that the table names, which anybody may have edited, is one for a text."""
    place = (folder / text).resolve()
    return place.suffix == ".txt" and place.parent == (folder / TEXTS).resolve()


def _row(document: Document) -> dict[str, str]:
    about = {name: str(getattr(document, name) or "") for name in ABOUT}
    size = str(len(document.text))
    return {
        "id": document.id,
        **about,
        "text": "",
        "original": "",
        "characters": size,
        "notes": "; ".join(document.notes),
    }


def _raw(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = [{name: unsaid(cell or "") for name, cell in row.items() if name} for row in csv.DictReader(handle)]
    return {row.get("id", ""): row for row in rows}


def _kept_row(row: Mapping[str, str]) -> dict[str, str]:
    return {name: row.get(name, "") for name in _COLUMNS}


def _csv(rows: Iterable[Mapping[str, str]]) -> str:
    return sheet([_COLUMNS, *([row.get(name, "") for name in _COLUMNS] for row in rows)])


def _file_name(name: str, taken: set[str]) -> str:
    """Where a document's text lies: a name that every file system takes, and that no other document has."""
    plain = _UNSAFE.sub("_", name).strip("._").encode()[:100].decode(errors="ignore") or "document"
    path, number = (TEXTS / f"{plain}.txt").as_posix(), 1
    while path.casefold() in taken:
        number += 1
        path = (TEXTS / f"{plain}-{number}.txt").as_posix()
    taken.add(path.casefold())
    return path


def _copied(source: Path, folder: Path) -> str:
    """Copy an original into the folder unless it lies there; its place, relative to the folder."""
    full, home = source.resolve(), folder.resolve()
    if full.is_relative_to(home):
        return full.relative_to(home).as_posix()
    target, number = folder / ORIGINALS / source.name, 1
    while target.exists() and not filecmp.cmp(source, target, shallow=False):
        number += 1
        target = folder / ORIGINALS / f"{source.stem}-{number}{source.suffix}"
    if not target.exists():
        part = target.with_name(f".{target.name}.part")
        try:
            shutil.copyfile(source, part)
            part.replace(target)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise EvidenceError(
                f"{source}: cannot be copied to {target} ({error.strerror}) → check the disk"
            ) from error
    return target.relative_to(folder).as_posix()
