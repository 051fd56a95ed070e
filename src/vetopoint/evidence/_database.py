"""How a store's database is reached: SQLite by the standard library, PostgreSQL by SQLAlchemy and pg8000.

Statements are plain SQL with named values (``:name``), which both take. SQLite is what nearly every call opens, and importing
SQLAlchemy would cost such a call more than all the rest of it; so that comes with the first address of a server.
"""

from __future__ import annotations

import getpass
import hashlib
import os
import re
import sqlite3
import ssl
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl

from vetopoint.errors import EvidenceError, MissingExtra

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Engine
    from sqlalchemy.engine import Connection as _Alchemical

_LOCK = 0x7E70
_PATIENCE = 60
"""Seconds to wait for a server, or for another process to finish writing."""
_TLS = {"disable": False, "prefer": None, "require": True, "verify-full": True}
_ASKED = ["case", "sslmode", "unix_sock"]
_FORMS = "write postgresql://USER@HOST/DATABASE, or the path of a SQLite file or of a folder for such files"

Row = Mapping[str, Any]


class Connection(Protocol):
    """A transaction under way."""

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""

    def execute(self, sql: str, /, **values: Any) -> list[Row]:
        """Run one statement; return the rows that it gives."""

    def execute_many(self, sql: str, rows: Iterable[Row]) -> None:
        """Run one statement once for each row of values."""

    def execute_plain(self, sql: str) -> None:
        """Run one statement as it stands: a colon in it begins no value."""


class Database(Protocol):
    """A database that is open."""

    def begin(self, *, write: bool = True) -> Any:
        """Context manager of one transaction, which is kept whole or not at all."""

    def close(self) -> None:
        """Give its connections back."""


@dataclass(frozen=True)
class Address:
    """Where a database is and which of its parts is meant; `file` for SQLite, `schema` and `url` for PostgreSQL."""

    shown: str
    case: str
    file: Path | None = None
    schema: str = ""
    tls: str = "prefer"
    url: URL | None = field(default=None, repr=False)


def parse_address(where: str | Path, case: str) -> Address:
    """Take an address apart; `EvidenceError` where it is none, without its password."""
    if isinstance(where, Path) or "://" not in where:
        return _file_address(str(where), case)
    if own := re.match(r"sqlite(?:\+\w+)?://(?:/|(?=\?|$))", where):
        path, _, asked = where[own.end() :].partition("?")
        return _file_address(path or ":memory:", _query(parse_qsl(asked), ["case"]).get("case", case))
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        raise EvidenceError(f"the store's address cannot be read → {_FORMS}") from None
    kind = url.get_backend_name()
    if kind not in ("postgresql", "postgres"):
        raise EvidenceError(f"no store is kept in {kind} → {_FORMS}")
    query = _query(url.query.items(), _ASKED)
    if where.count("@") > 1:  # what would be shown as the host is the end of a password
        raise EvidenceError("the store's address has an @ too many → in a password write %40 for @ and %25 for %")
    return _server_address(url, query, query.get("case", case))


def _query(asked: Iterable[tuple[str, Any]], allowed: list[str]) -> dict[str, str]:
    pairs = list(asked)
    query = {key: value for key, value in pairs if isinstance(value, str) and key in allowed}
    if len(query) < len(pairs):
        message = f"the store's address asks for what there is not → after ? only {', '.join(allowed)}, once each"
        raise EvidenceError(message)
    return query


def _server_address(url: URL, query: Mapping[str, str], case: str) -> Address:
    tls = query.get("sslmode", "prefer")
    if tls not in _TLS:
        raise EvidenceError(f"the store's address: no such sslmode → one of {', '.join(_TLS)}")
    name = url.username or getpass.getuser()
    plain = url.create("postgresql", username=name, host=url.host, port=url.port, database=url.database)
    socket = {"unix_sock": query["unix_sock"]} if "unix_sock" in query else {}
    return Address(
        shown=plain.render_as_string(),
        case=case,
        schema=schema_name(case) if case else "",
        tls=tls,
        url=plain.set(drivername="postgresql+pg8000", password=url.password, query=socket),
    )


def _file_address(path: str, case: str) -> Address:
    if path == ":memory:":
        return Address(path, case)
    folder = path.endswith(("/", os.sep)) or os.path.isdir(path)
    file = Path(os.path.abspath(os.path.join(path, f"{case}.sqlite") if folder else path))
    return Address(str(file), case, file)


def schema_name(case: str) -> str:
    """The name of a case's schema; PostgreSQL would cut it silently after 63 bytes."""
    name = f"vetopoint_{case}"
    if len(name.encode()) > 63:
        name = f"{name.encode()[:54].decode(errors='ignore')}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return name


def open_database(address: Address) -> Database:
    """Open what an address names; a SQLite file is made if it is not there."""
    if address.url is not None:
        return _Server(address)
    return _Sqlite(address)


def _unusable(shown: str, cause: str) -> EvidenceError:
    remedy = "check the path, or that the server runs and lets this account in"
    return EvidenceError(f"{shown}: no usable store ({cause}) → {remedy}")


class _Sqlite:
    """One connection, which threads take in turn."""

    dialect = "sqlite"

    def __init__(self, address: Address) -> None:
        self._shown = address.shown
        self._turn = threading.RLock()
        with self._told():
            # Transactions are begun by hand: the driver's own begin too late to serialise a read followed by a write.
            self._connection = sqlite3.connect(
                str(address.file or ":memory:"), timeout=_PATIENCE, check_same_thread=False, isolation_level=None
            )
            try:
                self._connection.row_factory = sqlite3.Row
                for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
                    self._connection.execute(f"PRAGMA {pragma}")
            except sqlite3.Error:
                self._connection.close()
                raise

    @contextmanager
    def begin(self, *, write: bool = True) -> Iterator[Connection]:
        """One transaction; `write` keeps other writers out from its beginning."""
        with self._turn, self._told():
            self._connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield self
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def execute(self, sql: str, /, **values: Any) -> list[Row]:
        return self._connection.execute(sql, values).fetchall()  # type: ignore[return-value]

    def execute_many(self, sql: str, rows: Iterable[Row]) -> None:
        self._connection.executemany(sql, list(rows))

    def execute_plain(self, sql: str) -> None:
        self._connection.execute(sql)

    def close(self) -> None:
        self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise _unusable(self._shown, str(error).rstrip(".") or type(error).__name__) from error


class _Server:
    """A PostgreSQL server, through SQLAlchemy's pool of connections."""

    def __init__(self, address: Address) -> None:
        self._shown = address.shown
        self._engine = _engine(address)

    @contextmanager
    def begin(self, *, write: bool = True) -> Iterator[Connection]:
        """One transaction; one that writes waits for those of other processes."""
        from sqlalchemy.exc import SQLAlchemyError

        try:
            with self._engine.begin() as connection:
                if write:  # DDL and check-then-insert must not interleave between processes.
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                yield _Session(connection)
        except (SQLAlchemyError, OSError) as error:
            raise _unusable(self._shown, _cause(error)) from error

    def close(self) -> None:
        self._engine.dispose()


class _Session:
    dialect = "postgresql"

    def __init__(self, connection: _Alchemical) -> None:
        self._connection = connection

    def execute(self, sql: str, /, **values: Any) -> list[Row]:
        from sqlalchemy import text

        done = self._connection.execute(text(sql), values)
        return list(done.mappings().all()) if done.returns_rows else []  # type: ignore[arg-type]

    def execute_many(self, sql: str, rows: Iterable[Row]) -> None:
        from sqlalchemy import text

        self._connection.execute(text(sql), [dict(row) for row in rows])

    def execute_plain(self, sql: str) -> None:
        self._connection.exec_driver_sql(sql)


def _engine(address: Address) -> Engine:
    from sqlalchemy import create_engine, event

    tls: Any = ssl.create_default_context() if address.tls == "verify-full" else _TLS[address.tls]
    assert address.url is not None
    try:
        engine = create_engine(address.url, pool_pre_ping=True, connect_args={"timeout": _PATIENCE, "ssl_context": tls})
    except ModuleNotFoundError as error:
        raise MissingExtra("A PostgreSQL store", "postgres") from error

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        if address.schema:
            quoted = address.schema.replace('"', '""')
            cursor = connection.cursor()
            cursor.execute("SELECT set_config('search_path', %s, false)", (f'"{quoted}"',))
            cursor.close()
            connection.commit()

    return engine


def _cause(error: Exception) -> str:
    """What the server or the driver says, without statement and parameters."""
    said: BaseException = getattr(error, "orig", None) or error
    link: BaseException | None = said
    while link is not None:
        # pg8000 hands on the server's fields, at times behind an error of its own; M is the message.
        if link.args and isinstance(link.args[0], dict):
            return str(link.args[0].get("M"))
        link = link.__cause__ or link.__context__
    return str(said).rstrip(".") or type(said).__name__
