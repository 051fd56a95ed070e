"""The store's tables and the steps by which an older database becomes a current one, as SQL that both engines take."""

from collections.abc import Callable

from vetopoint.evidence._database import Connection

_FIRST = (
    """CREATE TABLE IF NOT EXISTS document (
        id VARCHAR(200) NOT NULL PRIMARY KEY, hash VARCHAR(64) NOT NULL, text TEXT NOT NULL, about TEXT NOT NULL)""",
    "CREATE TABLE IF NOT EXISTS coder (name VARCHAR(100) NOT NULL PRIMARY KEY, kind VARCHAR(20) NOT NULL)",
    """CREATE TABLE IF NOT EXISTS claim (
        id VARCHAR(200) NOT NULL PRIMARY KEY, document VARCHAR(200) NOT NULL REFERENCES document (id),
        coder VARCHAR(100) NOT NULL, position INTEGER NOT NULL, body TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS claim_by_document ON claim (document, position)",
    """CREATE TABLE IF NOT EXISTS review (
        number {counted} PRIMARY KEY, claim VARCHAR(200) NOT NULL REFERENCES claim (id), coder VARCHAR(100) NOT NULL,
        action VARCHAR(20) NOT NULL, changes TEXT NOT NULL, reason TEXT NOT NULL, undoes INTEGER, at VARCHAR(40) NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS review_by_claim ON review (claim, number)",
)


def _first(connection: Connection) -> None:
    counted = "INTEGER" if connection.dialect == "sqlite" else "SERIAL"
    for statement in _FIRST:
        connection.execute(statement.format(counted=counted))


def _second(connection: Connection) -> None:
    """Reading became resumable; documents and reviews became immutable in the database itself."""
    connection.execute(
        """CREATE TABLE IF NOT EXISTS reading (
            document VARCHAR(200) NOT NULL REFERENCES document (id), coder VARCHAR(100) NOT NULL, found INTEGER NOT NULL,
            PRIMARY KEY (document, coder))"""
    )
    for table in ("document", "review"):
        for event in ("UPDATE", "DELETE"):
            _forbid(connection, table, event)


def _third(connection: Connection) -> None:
    """A store says whose claims it keeps, so that two cases cannot share one by mistake."""
    connection.execute('CREATE TABLE IF NOT EXISTS vetopoint_case ("case" VARCHAR(200) NOT NULL PRIMARY KEY)')


def _fourth(connection: Connection) -> None:
    """A store remembers under which name each account of a machine reviews."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS reviewer (login VARCHAR(200) NOT NULL PRIMARY KEY, coder VARCHAR(100) NOT NULL)"
    )


def _forbid(connection: Connection, table: str, event: str) -> None:
    name = f"{table}_no_{event.lower()}"
    message = f"{table} rows are never changed"
    when = f"{name} BEFORE {event} ON {table}"
    if connection.dialect == "sqlite":
        refusal = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        connection.execute(f"CREATE TRIGGER IF NOT EXISTS {when} {refusal}")
        return
    refusal = f"$body$ BEGIN RAISE EXCEPTION '{message}'; END $body$"
    connection.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {refusal}")
    connection.execute(f"CREATE OR REPLACE TRIGGER {when} EXECUTE FUNCTION {name}()")


STEPS: tuple[Callable[[Connection], None], ...] = (_first, _second, _third, _fourth)
CURRENT = len(STEPS)


def found_version(connection: Connection) -> int:
    """The version of what the database holds; 0 where it holds nothing."""
    there = {
        "sqlite": "SELECT name AS found FROM sqlite_master WHERE name = 'vetopoint_schema'",
        "postgresql": "SELECT to_regclass('vetopoint_schema') AS found",
    }[connection.dialect]
    if not [row for row in connection.execute(there) if row["found"]]:
        return 0
    return int(connection.execute("SELECT max(version) AS version FROM vetopoint_schema")[0]["version"] or 0)


def migrate(connection: Connection, to: int = CURRENT) -> int:
    """Bring the database to version ``to``; return the version it had (0: empty)."""
    connection.execute("CREATE TABLE IF NOT EXISTS vetopoint_schema (version INTEGER NOT NULL PRIMARY KEY)")
    found = found_version(connection)
    for number in range(found + 1, to + 1):
        STEPS[number - 1](connection)
        connection.execute("INSERT INTO vetopoint_schema (version) VALUES (:number)", number=number)
    return found
