"""Claims as flat tables, CSV and Parquet: a claim a row, what is nested as JSON."""

from __future__ import annotations

import csv
import glob
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import Claim
from vetopoint.evidence.exchange._bounds import MOST_BYTES, parse_json, read_text, wrong
from vetopoint.evidence.exchange._whole import REMEDY, claim_of
from vetopoint.sheets import sheet, unsaid

_JSON = ("chain", "edges", "content", "speaker", "cue", "sentence")
_FLAT = tuple(name for name in Claim.model_fields if name not in (*_JSON, "nth"))
_COLUMNS = (*_FLAT, *_JSON)
_LONGEST_CELL = 10_000_000


def write_csv(claims: Iterable[Claim], path: Path) -> None:
    """Write claims as comma-separated values."""
    rows = ([_flat(claim)[name] for name in _COLUMNS] for claim in claims)
    path.write_text(sheet([_COLUMNS, *rows], ends="\r\n"), encoding="utf-8", newline="")


def read_csv(path: Path) -> tuple[Claim, ...]:
    """Read claims that :func:`write_csv` wrote, also after a spreadsheet kept them."""
    return _claims([{name: unsaid(cell) for name, cell in row.items()} for row in read_rows(path)], path)


def write_parquet(claims: Iterable[Claim], path: Path) -> None:
    """Write claims as Parquet."""
    import duckdb

    columns = ", ".join(f"{name} {'INTEGER' if name == 'polarity' else 'VARCHAR'}" for name in _COLUMNS)
    table = [tuple(_flat(claim)[name] for name in _COLUMNS) for claim in claims]
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE claims ({columns})")
        if table:
            connection.executemany(f"INSERT INTO claims VALUES ({', '.join('?' * len(_COLUMNS))})", table)
        connection.execute(f"COPY claims TO '{str(path).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")


def read_parquet(path: Path) -> tuple[Claim, ...]:
    """Read claims that :func:`write_parquet` wrote."""
    import duckdb

    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise wrong(path, "no such file, or one above the limit", "check the path")
    try:
        with duckdb.connect() as connection:
            # A path is read as a pattern there, and would match other folders' files.
            cursor = connection.execute("SELECT * FROM read_parquet(?)", [glob.escape(str(path))])
            names = [column[0] for column in cursor.description or ()]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    except (duckdb.Error, ValueError, MemoryError) as error:
        raise wrong(path, f"no usable Parquet ({str(error).splitlines()[0][:100]})", "export it anew") from error
    return _claims(rows, path)


def read_rows(path: Path) -> list[dict[str, str]]:
    """A table with a header, separated by commas, semicolons or tabs, whichever its first line has most of."""
    text = read_text(path, "save the table as CSV in UTF-8")
    first = text.lstrip().split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, restkey="", strict=True)
    try:
        names = list(reader.fieldnames or ())
        if len(set(names)) < len(names):
            raise wrong(path, "two columns have one name", "name each column differently", "line 1")
        rows = list(reader)
    except csv.Error as error:
        raise wrong(path, f"no table ({error})", "save it as CSV in UTF-8", f"line {reader.line_num}") from error
    for number, row in enumerate(rows, start=1):
        if "" in row or None in row.values():
            raise wrong(path, "it has other cells than the header", "save the table anew", f"row {number}")
    return rows


def _claims(rows: list[dict[str, Any]], path: Path) -> tuple[Claim, ...]:
    seen: dict[str, int] = {}
    out = []
    for number, row in enumerate(rows, start=1):
        claim = _unflat(row, path, f"row {number}")
        if claim.id in seen:
            raise EvidenceError(
                f"{path}: row {number}: id {claim.id!r} was used in row {seen[claim.id]} → give each its own"
            )
        seen[claim.id] = number
        out.append(claim)
    return tuple(out)


def _flat(claim: Claim) -> dict[str, Any]:
    data = claim.model_dump(mode="json")
    return {**{k: data[k] for k in _FLAT}, **{k: json.dumps(data[k], ensure_ascii=False) for k in _JSON}}


def _unflat(row: Mapping[str, Any], path: Path, place: str) -> Claim:
    data: dict[str, Any] = {k: row[k] for k in _FLAT if row.get(k) and k != "polarity"}
    data |= {k: parse_json(str(row[k]), path, REMEDY, f"{place}, {k}") for k in _JSON if row.get(k)}
    polarity = {"1": 1, "-1": -1, "": 1, "None": 1}.get(str(row.get("polarity", "")).strip())
    if polarity is None:
        raise wrong(path, f"polarity: {row['polarity']!r:.20} is neither 1 nor -1", REMEDY, place)
    return claim_of({**data, "polarity": polarity}, path, place)
