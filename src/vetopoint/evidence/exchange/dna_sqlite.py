"""Databases of Discourse Network Analyzer (``.dna``), which are SQLite files: documents, coders, statements and their variables.

Source: DNA 3, `Sql.createTables` (leifeld/dna, dna/src/main/java/sql/Sql.java, commit 2adbf78): tables SETTINGS, CODERS, DOCUMENTS,
STATEMENTTYPES, VARIABLES, VARIABLELINKS, REGEXES, CODERRELATIONS, STATEMENTS, DATABOOLEAN, DATAINTEGER, ENTITIES,
DATASHORTTEXT, DATALONGTEXT, ATTRIBUTEVARIABLES and ATTRIBUTEVALUES; short texts are entities, dates seconds since 1970, positions
UTF-16 units of the document's text. In DNA 2 short texts stand in DATASHORTTEXT itself. A coder's password is kept as Jasypt's
`StrongPasswordEncryptor` digests it: 16 bytes of salt and the SHA-256 of salt and password, applied 100,000 times, in Base64.
The file is opened for reading only, as data: what is no plain table is refused.
"""

from __future__ import annotations

import base64
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, time
from itertools import permutations, product
from pathlib import Path
from typing import Any
from urllib.parse import quote

from vetopoint.evidence.claim import Claim
from vetopoint.evidence.documents import Document
from vetopoint.evidence.exchange._bounds import read_bytes, whole_number, wrong
from vetopoint.evidence.exchange._codes import Meanings
from vetopoint.evidence.exchange._locate import hull
from vetopoint.evidence.exchange._passages import Foreign, Mark, Piece
from vetopoint.evidence.exchange._places import Units
from vetopoint.evidence.exchange._whole import carried, carry, placed
from vetopoint.evidence.exchange.dna_csv import VARIABLES, fields_of, statement_of

PASSWORD = "vetopoint"
"""The password of every coder in a written file; DNA asks for one when it opens it."""
_REMEDY = "save the database with DNA 3 anew"
_NEEDED = ("DOCUMENTS", "STATEMENTS", "VARIABLES", "DATASHORTTEXT")
_WHOLE = "vetopoint claim"
_MOST_STEPS = 500_000_000
_PERMISSIONS = (
    "AddDocuments", "EditDocuments", "DeleteDocuments", "ImportDocuments", "AddStatements", "EditStatements",
    "DeleteStatements", "EditAttributes", "EditRegex", "EditStatementTypes", "EditCoders", "EditCoderRelations",
    "ViewOthersDocuments",
    "EditOthersDocuments", "ViewOthersStatements", "EditOthersStatements",
)  # fmt: skip
_COLOUR = "".join(
    f", {name} INTEGER NOT NULL DEFAULT 0 CHECK ({name} BETWEEN 0 AND 255)" for name in ("Red", "Green", "Blue")
)
_VALUE = "ID INTEGER PRIMARY KEY NOT NULL, StatementId INTEGER NOT NULL REFERENCES STATEMENTS(ID) ON DELETE CASCADE"
_VALUE += (
    ", VariableId INTEGER NOT NULL REFERENCES VARIABLES(ID) ON DELETE CASCADE, {}, UNIQUE (StatementId, VariableId)"
)
_TABLES = {
    "SETTINGS": "Property TEXT PRIMARY KEY, Value TEXT NOT NULL",
    "CODERS": f"ID INTEGER NOT NULL PRIMARY KEY, Name TEXT NOT NULL{_COLOUR}, Refresh INTEGER NOT NULL DEFAULT 0"
    ", FontSize INTEGER NOT NULL DEFAULT 14, Password TEXT NOT NULL, PopupWidth INTEGER DEFAULT 300"
    ", ColorByCoder INTEGER NOT NULL DEFAULT 0, PopupDecoration INTEGER NOT NULL DEFAULT 0"
    ", PopupAutoComplete INTEGER NOT NULL DEFAULT 1"
    + "".join(f", Permission{name} INTEGER NOT NULL DEFAULT 1" for name in _PERMISSIONS),
    "DOCUMENTS": "ID INTEGER NOT NULL PRIMARY KEY, Title TEXT NOT NULL, Text TEXT NOT NULL"
    ", Coder INTEGER REFERENCES CODERS(ID) ON DELETE CASCADE, Author TEXT NOT NULL DEFAULT '', Source TEXT NOT NULL DEFAULT ''"
    ", Section TEXT NOT NULL DEFAULT '', Notes TEXT NOT NULL DEFAULT '', Type TEXT NOT NULL DEFAULT '', Date INTEGER NOT NULL",
    "STATEMENTTYPES": f"ID INTEGER NOT NULL PRIMARY KEY, Label TEXT NOT NULL{_COLOUR}",
    "VARIABLES": "ID INTEGER NOT NULL PRIMARY KEY, Variable TEXT NOT NULL, DataType TEXT NOT NULL DEFAULT 'short text'"
    ", StatementTypeId INTEGER REFERENCES STATEMENTTYPES(ID) ON DELETE CASCADE, UNIQUE (Variable, StatementTypeId)",
    "VARIABLELINKS": "ID INTEGER NOT NULL PRIMARY KEY, SourceVariableId INTEGER REFERENCES VARIABLES(ID) ON DELETE CASCADE"
    ", TargetVariableId INTEGER REFERENCES VARIABLES(ID) ON DELETE CASCADE",
    "REGEXES": f"Label TEXT PRIMARY KEY{_COLOUR}",
    "CODERRELATIONS": "ID INTEGER NOT NULL PRIMARY KEY, Coder INTEGER REFERENCES CODERS(ID) ON DELETE CASCADE"
    ", OtherCoder INTEGER REFERENCES CODERS(ID) ON DELETE CASCADE"
    + "".join(f", {name} INTEGER NOT NULL DEFAULT 1" for name in ("viewStatements", "editStatements"))
    + "".join(f", {name} INTEGER NOT NULL DEFAULT 1" for name in ("viewDocuments", "editDocuments")),
    "STATEMENTS": "ID INTEGER NOT NULL PRIMARY KEY, StatementTypeId INTEGER REFERENCES STATEMENTTYPES(ID) ON DELETE CASCADE"
    ", DocumentId INTEGER REFERENCES DOCUMENTS(ID) ON DELETE CASCADE, Start INTEGER NOT NULL CHECK (Start >= 0 AND Start < Stop)"
    ", Stop INTEGER NOT NULL, Coder INTEGER REFERENCES CODERS(ID) ON DELETE CASCADE",
    "DATABOOLEAN": _VALUE.format("Value INTEGER NOT NULL DEFAULT 1"),
    "DATAINTEGER": _VALUE.format("Value INTEGER NOT NULL DEFAULT 0"),
    "ENTITIES": "ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL REFERENCES VARIABLES(ID) ON DELETE CASCADE"
    ", Value TEXT NOT NULL DEFAULT '', Red INTEGER, Green INTEGER, Blue INTEGER"
    ", ChildOf INTEGER REFERENCES ENTITIES(ID) ON DELETE CASCADE, UNIQUE (VariableId, Value)",
    "DATASHORTTEXT": _VALUE.format("Entity INTEGER NOT NULL REFERENCES ENTITIES(ID) ON DELETE CASCADE"),
    "DATALONGTEXT": _VALUE.format("Value TEXT DEFAULT ''"),
    "ATTRIBUTEVARIABLES": "ID INTEGER PRIMARY KEY NOT NULL, VariableId INTEGER NOT NULL REFERENCES VARIABLES(ID)"
    " ON DELETE CASCADE, AttributeVariable TEXT NOT NULL, UNIQUE (VariableId, AttributeVariable)",
    "ATTRIBUTEVALUES": "ID INTEGER PRIMARY KEY NOT NULL, EntityId INTEGER NOT NULL REFERENCES ENTITIES(ID) ON DELETE CASCADE"
    ", AttributeVariableId INTEGER NOT NULL REFERENCES ATTRIBUTEVARIABLES(ID) ON DELETE CASCADE"
    ", AttributeValue TEXT NOT NULL DEFAULT '', UNIQUE (EntityId, AttributeVariableId)",
}


def digest(password: str, salt: bytes) -> str:
    """A password as DNA keeps it; `salt` has 16 bytes."""
    told = hashlib.sha256(salt + password.encode("utf-8")).digest()
    for _ in range(99_999):
        told = hashlib.sha256(told).digest()
    return base64.b64encode(salt + told).decode("ascii")


def write_dna(claims: Iterable[Claim], documents: Mapping[str, Document], path: Path) -> None:
    """Write a DNA database: each claim is a statement over its words, and stands whole in a long text beside its variables."""
    claims = placed(claims, path)
    sources = list(dict.fromkeys(claim.source for claim in claims))
    if missing := [name for name in sources if name not in documents]:
        raise wrong(path, f"no document {missing[0]!r}", "give it along with its claims")
    with closing(sqlite3.connect(path)) as connection, connection:
        _fill(_Database(connection), claims, [documents[name] for name in sources])


class _Database:
    """A new database, filled row by row."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.entities: dict[tuple[int, str], int] = {}
        self.columns: dict[str, list[str]] = {}
        for name, columns in _TABLES.items():
            connection.execute(f"CREATE TABLE {name} ({columns})")
            self.columns[name] = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]

    def put(self, table: str, *values: Any) -> None:
        """Add a row; columns that are left out have their defaults."""
        names = ", ".join(self.columns[table][: len(values)])
        self.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", values)

    def entity(self, variable: int, value: str) -> int:
        """The number of an entity, which has every attribute of its variable, if empty."""
        if (variable, value) not in self.entities:
            number = self.entities[variable, value] = len(self.entities) + 1
            self.put("ENTITIES", number, variable, value, 0, 0, 0)
            for attribute in range(variable * 3 - 2, variable * 3 + 1):
                self.put("ATTRIBUTEVALUES", number * 3 + attribute % 3, number, attribute, "")
        return self.entities[variable, value]

    def frame(self, coders: Iterable[int]) -> None:
        """What every database of DNA has: version, statement type, variables, who may see whose work."""
        self.put("SETTINGS", "version", "3.0.7")
        self.put("SETTINGS", "date", "2022-06-10")
        for number, pair in enumerate(permutations(coders, 2), start=1):
            self.put("CODERRELATIONS", number, *pair)
        self.put("STATEMENTTYPES", 1, "DNA Statement", 239, 208, 51)
        kinds = {**dict.fromkeys(VARIABLES[:3], "short text"), VARIABLES[3]: "boolean", _WHOLE: "long text"}
        for number, (name, kind) in enumerate(kinds.items(), start=1):
            self.put("VARIABLES", number, name, kind, 1)
        for number, (variable, name) in enumerate(product((1, 2, 3), ("Type", "Alias", "Notes")), start=1):
            self.put("ATTRIBUTEVARIABLES", number, variable, name)
        for variable in (1, 2, 3):
            self.entity(variable, "")


def _fill(database: _Database, claims: list[Claim], documents: list[Document]) -> None:
    password = digest(PASSWORD, hashlib.sha256(PASSWORD.encode()).digest()[:16])
    coders = {name: number for number, name in enumerate(dict.fromkeys(["Admin", *(c.coder for c in claims)]), start=1)}
    for name, number in coders.items():
        database.put("CODERS", number, name, 255, 255, 0, 0, 14, password)
    database.frame(coders.values())
    numbers, units = {}, {}
    for number, document in enumerate(documents, start=1):
        numbers[document.id], units[document.id] = number, Units(document.text)
        seconds = int(datetime.combine(document.date or date(1970, 1, 1), time(), UTC).timestamp())
        about = ("", document.outlet, "", document.title, "", seconds)
        database.put("DOCUMENTS", number, document.id, document.text, 1, *about)
    for number, claim in enumerate(claims, start=1):
        ends = [units[claim.source].of(end) for end in hull(claim.content)]
        database.put("STATEMENTS", number, 1, numbers[claim.source], *ends, coders[claim.coder])
        values = statement_of(claim)
        for variable, name in enumerate(VARIABLES[:3], start=1):
            entity = database.entity(variable, values[name])
            database.put("DATASHORTTEXT", number * 3 + variable, number, variable, entity)
        database.put("DATABOOLEAN", number, number, 4, values["agreement"])
        database.put("DATALONGTEXT", number, number, 5, carry(claim))


def read_dna(path: Path, meanings: Meanings) -> Foreign:
    """Read a DNA database: a passage for each statement, whatever its type; what else it holds is counted.

    Raises
    ------
    EvidenceError
        It is no SQLite file, or not one of DNA; a table holds what it may not.
    """
    found = Foreign(units=("utf16", "points"), remedy=_REMEDY)
    with _open(path) as connection:
        tables = {
            str(row[0]).upper(): str(row[1]) for row in connection.execute("SELECT name, type FROM sqlite_master")
        }
        if missing := [name for name in _NEEDED if tables.get(name) != "table"]:
            raise wrong(path, f"no database of DNA: it has no table {missing[0]}", _REMEDY)
        titles = _titles(connection, found, path)
        values = dict(_values(connection, tables, path))
        coders = {}
        if tables.get("CODERS") == "table":
            coders = {
                row[0]: _text(row[1], path, "CODERS") for row in connection.execute("SELECT ID, Name FROM CODERS")
            }
        rows = connection.execute("SELECT ID, DocumentId, Start, Stop, Coder FROM STATEMENTS ORDER BY ID").fetchall()
        for row in rows:
            _take(row, titles, coders, values.get(row[0], {}), meanings, path, found)
        for name, noun in (("REGEXES", "search pattern{s}"), ("ATTRIBUTEVALUES", "attribute{s} of entities")):
            where = " WHERE AttributeValue <> ''" if name == "ATTRIBUTEVALUES" else ""
            if tables.get(name) == "table":
                found.left[noun] = connection.execute(f"SELECT count(*) FROM {name}{where}").fetchone()[0]
    found.left = +found.left
    return found


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    if not read_bytes(path, _REMEDY).startswith(b"SQLite format 3\0"):
        raise wrong(path, "no SQLite database", _REMEDY)
    try:
        address = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            steps = iter(range(_MOST_STEPS // 100_000))
            connection.set_progress_handler(lambda: next(steps, None) is None, 100_000)
            yield connection
    except (sqlite3.Error, sqlite3.Warning, UnicodeDecodeError, OverflowError, MemoryError) as error:
        raise wrong(path, f"no usable database ({str(error)[:100]})", _REMEDY) from error


def _titles(connection: sqlite3.Connection, found: Foreign, path: Path) -> dict[Any, tuple[str, str]]:
    """Document → its title, told apart where two bear the same, and its date."""
    out: dict[Any, tuple[str, str]] = {}
    for id, title, text, seconds in connection.execute("SELECT ID, Title, Text, Date FROM DOCUMENTS ORDER BY ID"):
        name = _text(title, path, f"document {id}") or f"document {id}"
        while name in found.texts:
            name += "~"
        found.texts[name] = _text(text, path, f"document {id}")
        out[id] = name, _day(seconds)
    return out


def _day(seconds: Any) -> str:
    """The date of seconds since 1970; DNA 2 counted thousandths."""
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not seconds:
        return ""
    whole = seconds // 1000 if abs(seconds) > 10**11 else seconds
    try:
        return datetime.fromtimestamp(whole, UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _values(
    connection: sqlite3.Connection, tables: Mapping[str, str], path: Path
) -> Iterator[tuple[Any, dict[str, str]]]:
    """Statement → variable → value."""
    names = {
        row[0]: _text(row[1], path, "VARIABLES") for row in connection.execute("SELECT ID, Variable FROM VARIABLES")
    }
    columns = {str(row[1]) for row in connection.execute("PRAGMA table_info(DATASHORTTEXT)")}
    short = "SELECT StatementId, VariableId, Value FROM DATASHORTTEXT"
    if "Entity" in columns and tables.get("ENTITIES") == "table":
        short = "SELECT d.StatementId, d.VariableId, e.Value FROM DATASHORTTEXT d JOIN ENTITIES e ON e.ID = d.Entity"
    queries = [short]
    for table in ("DATALONGTEXT", "DATABOOLEAN", "DATAINTEGER"):
        queries += [f"SELECT StatementId, VariableId, Value FROM {table}"] if tables.get(table) == "table" else []
    out: dict[Any, dict[str, str]] = {}
    for query in queries:
        for statement, variable, value in connection.execute(query):
            out.setdefault(statement, {})[names.get(variable, str(variable))] = _text(
                value, path, f"statement {statement}"
            )
    yield from out.items()


def _text(value: Any, path: Path, place: str) -> str:
    if isinstance(value, bytes):
        raise wrong(path, "binary data where a text is needed", _REMEDY, place)
    return "" if value is None else str(value)


def _take(
    row: tuple[Any, ...],
    titles: Mapping[Any, tuple[str, str]],
    coders: Mapping[Any, str],
    values: Mapping[str, str],
    meanings: Meanings,
    path: Path,
    found: Foreign,
) -> None:
    id, document, *ends, coder = row
    place = f"statement {id}"
    if document not in titles:
        raise wrong(path, f"its document {document!r:.20} is not in the file", _REMEDY, place)
    start, stop = (whole_number(end, path, place, _REMEDY) for end in ends)
    if stop < start:
        raise wrong(path, f"it stops at {stop}, before it starts at {start}", _REMEDY, place)
    title, day = titles[document]
    whole = carried(values.get(_WHOLE), path, place)
    content: tuple[Piece, ...] = (Piece(start, stop),)
    if whole is not None and len(whole.content) == 1:
        content = (Piece(start, stop, whole.content[0].text),)
    fields, note = fields_of(values, meanings) if whole is None else ({}, "")
    if day:
        fields.setdefault("date", day)
    name = whole.id if whole else f"{title}.{id}"
    found.marks.append(
        Mark(place, title, content, name, coder=coders.get(coder, ""), note=note, fields=fields, whole=whole)
    )
