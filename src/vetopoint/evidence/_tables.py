"""The store's tables and the steps by which an older database becomes a current one."""

from collections.abc import Callable

from sqlalchemy import Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, text
from sqlalchemy.engine import Connection

metadata = MetaData()

version = Table("vetopoint_schema", metadata, Column("version", Integer, primary_key=True))

documents = Table(
    "document",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("about", Text, nullable=False),
)
coders = Table(
    "coder", metadata, Column("name", String(100), primary_key=True), Column("kind", String(20), nullable=False)
)
claims = Table(
    "claim",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("document", String(200), ForeignKey("document.id"), nullable=False),
    Column("coder", String(100), nullable=False),
    Column("position", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index("claim_by_document", "document", "position"),
)
reviews = Table(
    "review",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("claim", String(200), ForeignKey("claim.id"), nullable=False),
    Column("coder", String(100), nullable=False),
    Column("action", String(20), nullable=False),
    Column("changes", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("undoes", Integer),
    Column("at", String(40), nullable=False),
    Index("review_by_claim", "claim", "number"),
)
readings = Table(
    "reading",
    metadata,
    Column("document", String(200), ForeignKey("document.id"), primary_key=True),
    Column("coder", String(100), primary_key=True),
    Column("found", Integer, nullable=False),
)
kept = Table("vetopoint_case", metadata, Column("case", String(200), primary_key=True))
"""The name of the case whose claims these are, where the database was named outright."""


def _first(connection: Connection) -> None:
    for table in (documents, coders, claims, reviews):
        table.create(connection, checkfirst=True)


def _second(connection: Connection) -> None:
    """Reading became resumable; documents and reviews became immutable in the database itself."""
    readings.create(connection, checkfirst=True)
    for table in ("document", "review"):
        for event in ("UPDATE", "DELETE"):
            _forbid(connection, table, event)


def _third(connection: Connection) -> None:
    """A store says whose claims it keeps, so that two cases cannot share one by mistake."""
    kept.create(connection, checkfirst=True)


def _forbid(connection: Connection, table: str, event: str) -> None:
    name = f"{table}_no_{event.lower()}"
    message = f"{table} rows are never changed"
    when = f"{name} BEFORE {event} ON {table}"
    if connection.dialect.name == "sqlite":
        refusal = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        connection.execute(text(f"CREATE TRIGGER IF NOT EXISTS {when} {refusal}"))
        return
    refusal = f"$body$ BEGIN RAISE EXCEPTION '{message}'; END $body$"
    connection.execute(text(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {refusal}"))
    connection.execute(text(f"CREATE OR REPLACE TRIGGER {when} EXECUTE FUNCTION {name}()"))


STEPS: tuple[Callable[[Connection], None], ...] = (_first, _second, _third)
CURRENT = len(STEPS)


def migrate(connection: Connection, to: int = CURRENT) -> int:
    """Bring the database to version ``to``; return the version it had (0: empty)."""
    version.create(connection, checkfirst=True)
    found = connection.execute(text("SELECT max(version) FROM vetopoint_schema")).scalar() or 0
    for number in range(found + 1, to + 1):
        STEPS[number - 1](connection)
        connection.execute(version.insert().values(version=number))
    return int(found)
