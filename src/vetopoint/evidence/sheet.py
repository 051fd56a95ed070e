"""Claims as a spreadsheet, one row a claim, for people who review in a table; what they changed is read back, and nothing else.

The column ``was`` holds a digest of every cell as it was written, so that a cell counts as changed only where the person changed
it, whatever others have decided in the meantime.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vetopoint.errors import EvidenceError, did_you_mean
from vetopoint.evidence.claim import Claim
from vetopoint.evidence.desk import Desk
from vetopoint.evidence.fields import EDITABLE, shown
from vetopoint.evidence.review import Decision
from vetopoint.sheets import sheet, unsaid

_CELLS = tuple(name for name in EDITABLE if name not in ("quote", "sentence", "nth"))
_GIVEN = ("id", "source", "text")
_EDITED = ("status", "reason", *_CELLS)
_COLUMNS = (*_GIVEN, *_EDITED, "was")
_ACTIONS = {"accept": "accepted", "reject": "rejected", "correct": "corrected"}
_MOST_BYTES = 50_000_000


def write_sheet(claims: Iterable[Claim], path: Path) -> int:
    """Write claims as CSV that spreadsheets open (UTF-8 with a mark, commas); return how many. An existing file is refused."""
    if path.exists():
        raise EvidenceError(f"{path}: exists already → name a new file; nothing was written")
    rows = [[row[name] for name in _COLUMNS] for row in map(_row, claims)]
    text = sheet([_COLUMNS, *rows], ends="\r\n")
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(text.encode("utf-8-sig"))
        os.replace(beside, path)
    except OSError as error:
        raise EvidenceError(f"{path}: cannot be written ({error.strerror}) → choose another place") from error
    return len(rows)


def _row(claim: Claim) -> dict[str, str]:
    text = claim.sentence.text if claim.sentence is not None else claim.text
    row = {"id": claim.id, "source": claim.source, "text": text, "status": claim.status, "reason": claim.reason}
    row |= {name: shown(claim, name) for name in _CELLS}
    row = {name: " ".join(cell.split()) for name, cell in row.items()}
    return row | {"was": "v1 " + " ".join(_digest(row[name]) for name in (*_GIVEN, *_EDITED))}


def _digest(cell: str) -> str:
    return hashlib.sha256(cell.encode()).hexdigest()[:10]


@dataclass(frozen=True)
class Returned:
    """What a spreadsheet that came back says.

    Parameters
    ----------
    decisions : what was changed, in the order of the rows.
    rows : how many rows were looked at.
    ignored : columns that are none of ours.
    """

    decisions: tuple[Decision, ...]
    rows: int
    ignored: tuple[str, ...]


def read_sheet(desk: Desk, path: Path) -> Returned:
    """What was changed in a spreadsheet that :func:`write_sheet` wrote; nothing is kept yet.

    Raises
    ------
    EvidenceError
        It is no such table, a claim in it is unknown or named twice, or its text was changed; says so of every row that is wrong.
    """
    names, rows = _table(path)
    wrong: list[str] = []
    decisions: list[Decision] = []
    first: dict[str, int] = {}
    known = {claim.id: claim for claim in desk.claims()}
    for number, row in rows:
        try:
            if row["id"] in first:
                raise EvidenceError(f"claim {row['id']!r} stands on row {first[row['id']]} too → keep one of them")
            first[row["id"]] = number
            decisions += _decisions(row, known)
        except EvidenceError as error:
            wrong.append(f"{path}: row {number}: {error}")
    if wrong:
        raise EvidenceError("\n".join([*wrong[:50], f"{len(wrong)} rows cannot be taken; nothing was changed"]))
    return Returned(tuple(decisions), len(rows), tuple(name for name in names if name not in _COLUMNS))


def _table(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """The columns, and each row that is not empty with its number as a spreadsheet shows it."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise EvidenceError(f"{path}: above {_MOST_BYTES // 1_000_000} MB → send back the rows that were changed")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise EvidenceError(f"{path}: cannot be read ({error.strerror}) → check the path") from error
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{path}: not UTF-8 → save it as “CSV UTF-8”") from error
    head = text.partition("\n")[0]
    csv.field_size_limit(10_000_000)
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True))
    except csv.Error as error:
        raise EvidenceError(f"{path}: no CSV ({error}) → save it as CSV") from error
    names = [name.strip() for name in table[0]] if table else []
    lost = [name for name in ("id", "was") if names.count(name) != 1]
    if lost:
        raise EvidenceError(
            f"{path}: no column {' and '.join(lost)} → begin with `vetopoint review CASE --write-sheet FILE`"
        )
    rows = [
        (number, {name: unsaid(" ".join(cell.split())) for name, cell in zip(names, cells, strict=False)})
        for number, cells in enumerate(table[1:], start=2)
        if [cell for cell in cells if cell.strip()]
    ]
    return names, rows


def _decisions(row: Mapping[str, str], known: Mapping[str, Claim]) -> list[Decision]:
    id = row["id"]
    if id not in known:
        near = did_you_mean(id, known, "only claims that are in the store can be reviewed")
        raise EvidenceError(f"no claim {id!r} in the store → {near}")
    version, *digests = row.get("was", "").split()
    if version != "v1" or len(digests) != len((*_GIVEN, *_EDITED)):
        raise EvidenceError("the column `was` was changed → leave it as it was written")
    was = dict(zip((*_GIVEN, *_EDITED), digests, strict=True))
    fresh = _row(known[id])
    altered = [name for name in _GIVEN if name in row and _digest(row[name]) != was[name]]
    if altered:
        raise EvidenceError(f"{id}: `{'`, `'.join(altered)}` was changed → correct `content`, and leave that as it was")
    if was["source"] != _digest(fresh["source"]) or was["id"] != _digest(id):
        raise EvidenceError(f"{id}: written for another claim of that name → write the sheet anew")
    edited = [name for name in _EDITED if name in row and _digest(row[name]) != was[name]]
    changes = {name: row[name] for name in edited if name in _CELLS and row[name] != fresh[name]}
    return _judged(known[id], row, edited, changes)


def _judged(claim: Claim, row: Mapping[str, str], edited: list[str], changes: dict[str, str]) -> list[Decision]:
    """The decisions of one row."""
    reason = row.get("reason", "") if "reason" in edited else ""
    status = row["status"].casefold() if "status" in edited else ""
    status = _ACTIONS.get(status, status)
    if status not in ("", *_ACTIONS.values()):
        remedy = did_you_mean(status, _ACTIONS.values(), f"one of {', '.join(_ACTIONS.values())}")
        raise EvidenceError(f"{claim.id}: status {row['status']!r} → {remedy}")
    if status == "corrected" and not changes:
        raise EvidenceError(f"{claim.id}: corrected, but no field was changed → change one, or write accepted")
    out = [Decision(claim.id, "correct", reason if status != "rejected" else "", changes)] if changes else []
    if status == "rejected":
        out.append(Decision(claim.id, "reject", reason))
    elif status == "accepted" and not changes:
        out.append(Decision(claim.id, "accept", reason))
    if reason and not out:
        raise EvidenceError(f"{claim.id}: a reason without a decision → write accepted or rejected under `status`")
    return out
