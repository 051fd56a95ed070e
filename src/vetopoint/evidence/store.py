"""Where documents, claims and reviews are kept: SQLite by default, PostgreSQL by URL; reviews are only ever added.

SQLAlchemy comes with this module, so it is imported where a store is opened and nowhere else.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import create_engine, event, inspect, select, text
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.schema import CreateSchema

from vetopoint.errors import EvidenceError, MissingExtra
from vetopoint.evidence import _tables as t
from vetopoint.evidence.claim import Action, Claim
from vetopoint.evidence.documents import Document

_STATUS = {"accept": "accepted", "correct": "corrected", "reject": "rejected"}
_LOCK = 0x7E70
_PATIENCE = 60
"""Seconds to wait for a server, or for another process to finish writing."""
_TLS = {"disable": False, "prefer": None, "require": True, "verify-full": True}
_ASKED = ["case", "sslmode", "unix_sock"]
_FORMS = "write postgresql://USER@HOST/DATABASE, or the path of a SQLite file or of a folder for such files"


class NothingKept(EvidenceError):
    """There is no store yet where one was looked for."""


@dataclass(frozen=True)
class Review:
    """One entry of the review log."""

    number: int
    claim: str
    coder: str
    action: Action
    changes: Mapping[str, Any]
    reason: str
    undoes: int | None
    at: str


class Store:
    """Documents, claims and reviews of one case in one database.

    Parameters
    ----------
    where : path of a SQLite file; or an address that several cases may share: ``postgresql://user@host/name`` (by pg8000), or
        a folder for SQLite files.
    case : the case's name there, unless the address ends in ``?case=NAME``. Each case has a schema of its own in a PostgreSQL
        database and a file of its own in a folder; a file that keeps another case is refused. "" takes what is there.
    make : whether to make what is not there yet.

    Raises
    ------
    EvidenceError
        The address is none, the server cannot be reached, or the database is of no use; passwords are not shown.
    NothingKept
        Nothing was kept there, and `make` is False.

    Examples
    --------
    >>> with Store(":memory:") as store:
    ...     new = store.add_document(Document(id="g", text="Ada said no."))
    ...     added = store.add_claims([Claim(id="c1", source="g", quote="no", status="proposed")])
    ...     number = store.review("c1", "ada", "accept")
    ...     (new, added, number, store.claims()[0].status)
    (True, 1, 1, 'accepted')
    """

    def __init__(self, where: str | Path, case: str = "", *, make: bool = True) -> None:
        address = _address(where, case)
        self.place = address.shown
        if address.file is not None and not make and not address.file.is_file():
            raise NothingKept(f"{self.place}: nothing is kept here yet")
        self.engine = _engine(address)
        try:
            with self._write() as connection:
                _found_schema(connection, address.schema, make)
                version = t.migrate(connection)
                if version > t.CURRENT:
                    message = f"{self.place}: written by a newer version ({version} > {t.CURRENT}) → update vetopoint"
                    raise EvidenceError(message)
                self._belongs(connection, address.case, make)
        except EvidenceError:
            self.engine.dispose()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *failure: object) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def _belongs(self, connection: Connection, case: str, make: bool) -> None:
        """Refuse a store that keeps another case; without this two cases in one file would read each other's claims."""
        kept = connection.execute(select(t.kept.c.case)).scalar()
        if case and kept is not None and kept != case:
            raise EvidenceError(
                f"{self.place}: keeps the claims of case {kept!r}, not of {case!r} → name another file, a folder in which each case "
                f"gets its own, or sqlite:///PATH?case={kept} if it is the same case under a new name"
            )
        if case and kept is None and make:
            connection.execute(t.kept.insert().values(case=case))

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self._told(), self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                # DDL and check-then-insert must not interleave between processes.
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            yield connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the database complains of into one message, without the address's password."""
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            remedy = "check the path, or that the server runs and lets this account in"
            raise EvidenceError(f"{self.place}: no usable store ({_cause(error)}) → {remedy}") from error

    def add_document(self, document: Document) -> bool:
        """Keep a document; return False if it was there already.

        Raises
        ------
        EvidenceError
            Another text is kept under the same id: documents never change.
        """
        with self._write() as connection:
            return _add_document(connection, document)

    def document(self, id: str) -> Document:
        """One document, its text checked against its hash."""
        with self._read() as connection:
            row = connection.execute(select(t.documents).where(t.documents.c.id == id)).one_or_none()
        if row is None:
            raise EvidenceError(f"document {id!r} is not in the store → read it first")
        about = json.loads(row.about)
        when = date.fromisoformat(about["date"]) if "date" in about else None
        document = Document(id, row.text, **{**about, "date": when, "notes": tuple(about.get("notes", ()))})
        if document.hash != row.hash:
            message = f"document {id!r} no longer matches its hash → the database file was altered; restore it"
            raise EvidenceError(message)
        return document

    def documents(self) -> tuple[str, ...]:
        """Ids of the documents kept, sorted."""
        with self._read() as connection:
            return tuple(connection.execute(select(t.documents.c.id).order_by(t.documents.c.id)).scalars())

    def coders(self) -> dict[str, str]:
        """Name → ``human`` or ``machine``."""
        with self._read() as connection:
            return {row.name: row.kind for row in connection.execute(select(t.coders).order_by(t.coders.c.name))}

    def add_claims(self, claims: Iterable[Claim]) -> int:
        """Keep claims; those whose id is there already are left as they are. Return how many are new."""
        with self._write() as connection:
            return _add_claims(connection, list(claims))

    def add_readings(self, batch: Iterable[tuple[Document, list[Claim]]], coder: str) -> int:
        """Keep several readings in one transaction; return how many were new."""
        added = 0
        with self._write() as connection:
            _add_coder(connection, coder, "machine")
            for document, claims in batch:
                _add_document(connection, document)
                known = select(t.readings).where(t.readings.c.document == document.id, t.readings.c.coder == coder)
                if connection.execute(known).one_or_none() is not None:
                    continue
                _add_claims(connection, claims)
                row = {"document": document.id, "coder": coder, "found": len(claims)}
                connection.execute(t.readings.insert().values(row))
                added += 1
        return added

    def read_by(self, coder: str) -> frozenset[str]:
        """Ids of the documents that `coder` has read."""
        with self._read() as connection:
            query = select(t.readings.c.document).where(t.readings.c.coder == coder)
            return frozenset(connection.execute(query).scalars())

    def review(
        self, claim: str, coder: str, action: Action, *, reason: str = "", changes: Mapping[str, Any] | None = None
    ) -> int:
        """Add a review to the log; return its number.

        Parameters
        ----------
        action : `undo` takes back `coder`'s latest standing review of the claim, by adding an entry that says so.
        changes : fields that `correct` replaces, as in the claim's JSON.

        Raises
        ------
        EvidenceError
            There is no such claim, the corrected claim would not be one, or there is nothing to undo.
        """
        row: dict[str, Any] = {"claim": claim, "coder": coder, "action": action, "reason": reason}
        with self._write() as connection:
            if action == "undo":
                mine = [r for r in _standing(_log_of(connection, claim)) if r.coder == coder]
                if not mine:
                    raise EvidenceError(f"{coder} has no review of claim {claim!r} to undo → see its log")
                changes, row["undoes"] = {}, mine[-1].number
            else:
                _apply(self._base(connection, claim), action, changes or {}, reason)
                _add_coder(connection, coder, "human")
            row["changes"] = json.dumps(dict(changes or {}), ensure_ascii=False, sort_keys=True)
            row["at"] = datetime.now(UTC).isoformat()
            key = connection.execute(t.reviews.insert().values(row)).inserted_primary_key
            assert key is not None
            return int(key[0])

    def log(self, claim: str | None = None) -> tuple[Review, ...]:
        """The whole review log, or that of one claim, in order."""
        with self._read() as connection:
            return tuple(_log_of(connection, claim))

    def claims(self, *, as_coded: bool = False) -> tuple[Claim, ...]:
        """Claims as their latest standing review leaves them (or as first coded), in the order of the text."""
        query = select(t.claims.c.id, t.claims.c.body).order_by(t.claims.c.document, t.claims.c.position, t.claims.c.id)
        with self._read() as connection:
            rows = connection.execute(query).all()
            last = {} if as_coded else {review.claim: review for review in _standing(_log_of(connection, None))}
        return tuple(_current(Claim.model_validate_json(row.body), last.get(row.id)) for row in rows)

    def judged_by(self, coder: str) -> tuple[Claim, ...]:
        """The claims that one coder has reviewed, each as his own latest standing review leaves it."""
        with self._read() as connection:
            own = {r.claim: r for r in _standing(_log_of(connection, None)) if r.coder == coder}
            return tuple(_current(self._base(connection, claim), own[claim]) for claim in sorted(own))

    @staticmethod
    def _base(connection: Connection, claim: str) -> Claim:
        body = connection.execute(select(t.claims.c.body).where(t.claims.c.id == claim)).scalar_one_or_none()
        if body is None:
            raise EvidenceError(f"claim {claim!r} is not in the store → list the claims to see their ids")
        return Claim.model_validate_json(body)


@dataclass(frozen=True)
class _Address:
    """Where a database is and which of its parts is meant; `file` for SQLite, `schema` for PostgreSQL."""

    url: URL
    shown: str
    case: str
    file: Path | None = None
    schema: str = ""
    tls: str = "prefer"


def _address(where: str | Path, case: str) -> _Address:
    if isinstance(where, Path) or "://" not in where:
        return _file_address(str(where), case)
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        raise EvidenceError(f"the store's address cannot be read → {_FORMS}") from None
    kind = url.get_backend_name()
    allowed = {"sqlite": ["case"], "postgresql": _ASKED, "postgres": _ASKED}.get(kind)
    if allowed is None:
        raise EvidenceError(f"no store is kept in {kind} → {_FORMS}")
    query = {key: value for key, value in url.query.items() if isinstance(value, str) and key in allowed}
    if len(query) < len(url.query):
        message = f"the store's address asks for what there is not → after ? only {', '.join(allowed)}, once each"
        raise EvidenceError(message)
    case = query.get("case", case)
    if kind == "sqlite":
        return _file_address(url.database or ":memory:", case)
    if where.count("@") > 1:  # what would be shown as the host is the end of a password
        raise EvidenceError("the store's address has an @ too many → in a password write %40 for @ and %25 for %")
    return _server_address(url, query, case)


def _server_address(url: URL, query: Mapping[str, str], case: str) -> _Address:
    tls = query.get("sslmode", "prefer")
    if tls not in _TLS:
        raise EvidenceError(f"the store's address: no such sslmode → one of {', '.join(_TLS)}")
    name = url.username or getpass.getuser()
    plain = URL.create("postgresql", username=name, host=url.host, port=url.port, database=url.database)
    socket = {"unix_sock": query["unix_sock"]} if "unix_sock" in query else {}
    return _Address(
        url=plain.set(drivername="postgresql+pg8000", password=url.password, query=socket),
        shown=plain.render_as_string(),
        case=case,
        schema=_schema(case) if case else "",
        tls=tls,
    )


def _file_address(path: str, case: str) -> _Address:
    if path == ":memory:":
        return _Address(URL.create("sqlite"), path, case)
    folder = path.endswith(("/", os.sep)) or os.path.isdir(path)
    file = Path(os.path.abspath(os.path.join(path, f"{case}.sqlite") if folder else path))
    return _Address(URL.create("sqlite", database=str(file)), str(file), case, file)


def _schema(case: str) -> str:
    """The name of a case's schema; PostgreSQL would cut it silently after 63 bytes."""
    name = f"vetopoint_{case}"
    if len(name.encode()) > 63:
        name = f"{name.encode()[:54].decode(errors='ignore')}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    return name


def _engine(address: _Address) -> Engine:
    if address.url.get_backend_name() == "postgresql":
        return _postgres(address)
    engine = create_engine(address.url, connect_args={"timeout": _PATIENCE, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # The driver's own transactions begin too late to serialise a read followed by a write.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _postgres(address: _Address) -> Engine:
    tls: Any = ssl.create_default_context() if address.tls == "verify-full" else _TLS[address.tls]
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


def _found_schema(connection: Connection, schema: str, make: bool) -> None:
    if not schema or inspect(connection).has_schema(schema):
        return
    if not make:
        raise NothingKept(f"no schema {schema!r}: nothing is kept here yet")
    connection.execute(CreateSchema(schema))


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


def _add_document(connection: Connection, document: Document) -> bool:
    kept = connection.execute(select(t.documents.c.hash).where(t.documents.c.id == document.id)).scalar_one_or_none()
    if kept == document.hash:
        return False
    if kept is not None:
        wrong = f"document {document.id!r} is kept with another text, and documents never change"
        raise EvidenceError(f"{wrong} → give the new text an id of its own")
    about = {k: v for k, v in asdict(document).items() if v}
    row = {k: about.pop(k) for k in ("id", "hash", "text")}
    row["about"] = json.dumps(about, default=str, ensure_ascii=False)
    connection.execute(t.documents.insert().values(row))
    return True


def _add_coder(connection: Connection, name: str, kind: str) -> None:
    if connection.execute(select(t.coders.c.name).where(t.coders.c.name == name)).one_or_none() is None:
        connection.execute(t.coders.insert().values(name=name, kind=kind))


def _add_claims(connection: Connection, claims: list[Claim]) -> int:
    if not claims:
        return 0
    sources = {claim.source for claim in claims}
    kept = set(connection.execute(select(t.documents.c.id).where(t.documents.c.id.in_(sources))).scalars())
    if sources - kept:
        raise EvidenceError(f"documents {sorted(sources - kept)} are not in the store → add them before their claims")
    known = set(connection.execute(select(t.claims.c.id).where(t.claims.c.document.in_(sources))).scalars())
    rows: dict[str, dict[str, Any]] = {
        claim.id: {
            "id": claim.id,
            "document": claim.source,
            "coder": claim.coder,
            "position": claim.content[0].start if claim.content else -1,
            "body": claim.model_dump_json(exclude_defaults=True),
        }
        for claim in claims
        if claim.id not in known
    }
    if rows:
        connection.execute(t.claims.insert(), list(rows.values()))
    for coder in {claim.coder for claim in claims}:
        _add_coder(connection, coder, "human" if coder == "hand" else "machine")
    return len(rows)


def _log_of(connection: Connection, claim: str | None) -> list[Review]:
    query = select(t.reviews).order_by(t.reviews.c.number)
    if claim is not None:
        query = query.where(t.reviews.c.claim == claim)
    return [
        Review(r.number, r.claim, r.coder, r.action, json.loads(r.changes), r.reason, r.undoes, r.at)
        for r in connection.execute(query)
    ]


def _standing(log: Iterable[Review]) -> list[Review]:
    """Reviews that no later entry has undone."""
    entries = list(log)
    undone = {entry.undoes for entry in entries if entry.action == "undo"}
    return [entry for entry in entries if entry.action != "undo" and entry.number not in undone]


def _current(claim: Claim, review: Review | None) -> Claim:
    return claim if review is None else _apply(claim, review.action, review.changes, review.reason)


def _apply(claim: Claim, action: str, changes: Mapping[str, Any], reason: str) -> Claim:
    fixed = {"id", "source", "coder", "status"} & set(changes)
    if fixed or (changes and action != "correct"):
        what = ", ".join(sorted(fixed)) or f"changes with {action!r}"
        raise EvidenceError(f"claim {claim.id!r}: {what} cannot be reviewed → correct the other fields, with 'correct'")
    try:
        judged = {"status": _STATUS[action], "reason": reason or claim.reason}
        return Claim.model_validate({**claim.model_dump(), **changes, **judged})
    except (ValidationError, KeyError) as error:
        raise EvidenceError(f"claim {claim.id!r}: the correction is no claim ({error}) → docs/claims.md") from error
