"""Statements as Discourse Network Analyzer (DNA) exports them as an event list: one row a statement, semicolons, quoted header.

Source: DNA 3, `Exporter.eventCSV` (leifeld/dna, dna/src/main/java/dna/export/Exporter.java, commit 2adbf78): the columns are
``statement_id``, ``time`` (``yyyy-MM-dd HH:mm:ss``), the variables of the statement type (by default ``person``,
``organization``, ``concept``, ``agreement``), ``start_position``, ``stop_position``, ``text``, ``coder``, ``document_id`` and
``document_title`` to ``document_type``. Numbers stand bare, texts in quotation marks; semicolons in them have become
commas and quotation marks apostrophes, so words are compared with that in mind. Positions count UTF-16 units. DNA 2 wrote
other names ("statement ID", "document title", "source") and no positions.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from vetopoint.errors import EvidenceError
from vetopoint.evidence.claim import Claim, Edge, Link
from vetopoint.evidence.documents import Document
from vetopoint.evidence.exchange._bounds import number_in, wrong
from vetopoint.evidence.exchange._codes import Meanings, codes_of, edge_name, known
from vetopoint.evidence.exchange._locate import hull
from vetopoint.evidence.exchange._passages import Foreign, Mark, Piece
from vetopoint.evidence.exchange._places import Units
from vetopoint.evidence.exchange._whole import placed
from vetopoint.evidence.exchange.tables import read_rows
from vetopoint.sheets import inert, unsaid

VARIABLES = ("person", "organization", "concept", "agreement")
_COLUMNS = (
    "statement_id", "time", *VARIABLES, "start_position", "stop_position", "text", "coder",
    "document_id", "document_title", "document_author", "document_source", "document_section", "document_type",
)  # fmt: skip
_BARE = ("statement_id", "time", "agreement", "start_position", "stop_position", "coder", "document_id")
_OLDER = {"title": "document_title", "author": "document_author", "source": "document_source", "type": "document_type"}
_OLDER |= {"section": "document_section", "start": "start_position", "stop": "stop_position", "end": "stop_position"}
FOLD = str.maketrans({";": ",", '"': "'"})
_REMEDY = "export the event list from DNA anew"
_APART = " + "
_YES = {"1": 1, "true": 1, "yes": 1, "0": -1, "false": -1, "no": -1}


def statement_of(claim: Claim) -> dict[str, Any]:
    """A claim in DNA's variables: who says it, for which organisation, which concept, and whether in agreement."""
    says, edges = claim.says, claim.edges
    agrees = claim.polarity == 1 if not edges else any(edge.holds for edge in edges)
    bare = edges if agrees else tuple(edge.model_copy(update={"holds": True}) for edge in edges)
    concept = _APART.join(f"edge:{edge_name(edge)}" for edge in bare) or codes_of(claim)[-1]
    person = says.name if says.kind in ("named", "role") else ""
    return {
        "person": person,
        "organization": says.actor or ("" if person else says.name),
        "concept": concept,
        "agreement": int(agrees),
    }


def fields_of(values: Mapping[str, str], meanings: Meanings) -> tuple[dict[str, Any], str]:
    """What a statement's variables say in a claim's fields, and the rest as a note."""
    person, organization, concept = (" ".join(values.get(name, "").split()) for name in VARIABLES[:3])
    agreement = _YES.get(values.get("agreement", "").strip().lower(), 1)
    fields, rest = known(concept.split(_APART), meanings) if concept else ({}, [])
    if "edges" in fields and agreement == -1:
        fields["edges"] = tuple(_denied(edge) for edge in fields["edges"])
    elif agreement == -1:
        fields["polarity"] = -1
    links = [Link(name=person, role=organization, actor=organization)] if person else []
    if organization and not person:
        links = [Link(name=organization, actor=organization)]
    if links:
        fields["chain"] = tuple(links)
    note = f"{'disagrees: ' if agreement == -1 else ''}{_APART.join(rest)}" if rest else ""
    others = [f"{name}: {value}" for name, value in values.items() if name not in VARIABLES and value.strip()]
    return fields, "; ".join(filter(None, [note, *others]))


def _denied(edge: Edge) -> Edge:
    return edge.model_copy(update={"holds": not edge.holds})


def write_events(claims: Iterable[Claim], documents: Mapping[str, Document], path: Path) -> None:
    """Write an event list, a row for each claim; a claim of several pieces has them in one text, without positions."""
    claims = placed(claims, path)
    numbers = {name: number for number, name in enumerate(dict.fromkeys(c.source for c in claims), start=1)}
    coders = {name: number for number, name in enumerate(dict.fromkeys(c.coder for c in claims), start=1)}
    units = {name: Units(documents[name].text if name in documents else "") for name in numbers}
    out = io.StringIO()
    out.write(";".join(f'"{name}"' for name in _COLUMNS))
    for number, claim in enumerate(claims, start=1):
        document = documents.get(claim.source) or Document(claim.source, "")
        start, stop = (units[claim.source].of(end) for end in hull(claim.content))
        row = {
            **statement_of(claim),
            "statement_id": number,
            "time": f"{claim.date[:10] or (document.date or '1970-01-01')} 00:00:00",
            "start_position": start,
            "stop_position": stop,
            "text": claim.text,
            "coder": coders[claim.coder],
            "document_id": numbers[claim.source],
            "document_title": claim.source,
            "document_source": document.outlet,
        }
        out.write("\n" + ";".join(_cell(name, row.get(name, "")) for name in _COLUMNS))
    path.write_text(out.getvalue() + "\n", encoding="utf-8", newline="")


def _cell(name: str, value: Any) -> str:
    return str(value) if name in _BARE else f'"{inert(str(value).translate(FOLD))}"'


def is_event_list(names: Iterable[str]) -> bool:
    """Whether a table's header is that of an event list."""
    return {"statement_id", "text"} <= {_name(name) for name in names}


def _name(name: str) -> str:
    plain = re.sub(r"\W+", "_", name.strip().strip('"').lower()).strip("_")
    return _OLDER.get(plain, plain)


def read_events(path: Path, meanings: Meanings) -> Foreign:
    """Read an event list; its documents are those of the case that bear the titles.

    Raises
    ------
    EvidenceError
        It lacks a column, or a row has no number where one is needed, or an id comes twice.
    """
    rows = [{_name(name): value for name, value in row.items()} for row in read_rows(path)]
    rows = [{name: value if name == "text" else unsaid(value) for name, value in row.items()} for row in rows]
    if rows and not {"statement_id", "text", "document_title"} <= rows[0].keys():
        raise wrong(path, "no event list: it lacks statement_id, text or document_title", _REMEDY, "line 1")
    found = Foreign(units=("utf16", "points"), fold=FOLD, remedy="name the case's documents as DNA's are titled")
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        place = f"row {number}"
        id = str(number_in(row["statement_id"], path, f"{place}, statement_id", _REMEDY))
        if id in seen:
            raise EvidenceError(f"{path}: {place}: statement {id} was in row {seen[id]} → {_REMEDY}")
        seen[id] = number
        found.marks.append(_mark(id, row, path, place, meanings))
    return found


def _words(text: str, length: int) -> str:
    """A statement's words; an apostrophe that keeps a spreadsheet from running them is none of them, unless they are just as long with it."""
    return text if length in (len(text), len(text.encode("utf-16-le")) // 2) else unsaid(text)


def _mark(id: str, row: Mapping[str, str], path: Path, place: str, meanings: Meanings) -> Mark:
    start = stop = -1
    if row.get("start_position") and row.get("stop_position"):
        start, stop = (number_in(row[f"{side}_position"], path, place, _REMEDY) for side in ("start", "stop"))
        if stop < start:
            raise wrong(path, f"it stops at {stop}, before it starts at {start}", _REMEDY, place)
    fixed = {*_COLUMNS, "document_id"} - set(VARIABLES)
    fields, note = fields_of({name: value for name, value in row.items() if name not in fixed}, meanings)
    day = re.match(r"\d{4}-\d{2}-\d{2}", row.get("time", ""), re.ASCII)
    if day and day.group() != "1970-01-01":
        fields["date"] = day.group()
    around = Piece(start, stop) if start >= 0 else None
    text = _words(row["text"], stop - start)
    pieces = tuple(Piece(words=words, within=around) for words in text.split(" … "))
    if len(pieces) == 1:
        pieces = (Piece(start, stop, text),)
    coder = f"coder {row['coder']}" if row.get("coder", "").strip() else ""
    title = row["document_title"]
    return Mark(place, title, pieces, f"{title}.{id}", coder=coder, note=note, fields=fields)
