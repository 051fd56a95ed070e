"""Where documents, claims and reviews are kept: SQLite by default, PostgreSQL by URL; reviews are only ever added."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from pydantic import ValidationError
from sqlalchemy import create_engine, event, func, select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from vetopoint.errors import EvidenceError, MissingExtra
from vetopoint.evidence import _tables as t
from vetopoint.evidence._documents import Document
from vetopoint.evidence.claim import Claim

__all__ = ["Review", "Store"]

Action = Literal["accept", "correct", "reject", "undo"]
_STATUS = {"accept": "accepted", "correct": "corrected", "reject": "rejected"}
_LOCK = 0x7E70


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
    """Documents, claims and reviews in one database.

    Parameters
    ----------
    where : path of a SQLite file, or a database URL (``postgresql://user@host/name`` uses pg8000).

    Examples
    --------
    >>> with Store(":memory:") as store:
    ...     new = store.add_document(Document(id="g", text="Ada said no."))
    ...     added = store.add_claims([Claim(id="c1", source="g", quote="no", status="proposed")])
    ...     number = store.review("c1", "ada", "accept")
    ...     (new, added, number, store.claims()[0].status)
    (True, 1, 1, 'accepted')
    """

    def __init__(self, where: str | Path) -> None:
        self.engine = _engine(str(where))
        try:
            with self._write() as connection:
                found = t.migrate(connection)
        except SQLAlchemyError as error:
            self.engine.dispose()
            raise EvidenceError(f"{where}: no usable store ({type(error).__name__}) → check path or URL") from error
        if found > t.CURRENT:
            self.engine.dispose()
            raise EvidenceError(f"{where}: written by a newer version ({found} > {t.CURRENT}) → update vetopoint")

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                # DDL and check-then-insert must not interleave between processes.
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            yield connection

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
        with self.engine.connect() as connection:
            row = connection.execute(select(t.documents).where(t.documents.c.id == id)).one_or_none()
        if row is None:
            raise EvidenceError(f"document {id!r} is not in the store → read it first")
        document = _document(row.id, row.text, json.loads(row.about))
        if document.hash != row.hash:
            raise EvidenceError(
                f"document {id!r} no longer matches its hash → the database file was altered; restore it"
            )
        return document

    def documents(self) -> tuple[str, ...]:
        """Ids of the documents kept, sorted."""
        with self.engine.connect() as connection:
            return tuple(connection.execute(select(t.documents.c.id).order_by(t.documents.c.id)).scalars())

    def add_coder(self, name: str, kind: Literal["human", "machine"] = "human") -> None:
        """Make a coder known."""
        with self._write() as connection:
            _add_coder(connection, name, kind)

    def coders(self) -> dict[str, str]:
        """Name → ``human`` or ``machine``."""
        with self.engine.connect() as connection:
            return {row.name: row.kind for row in connection.execute(select(t.coders).order_by(t.coders.c.name))}

    def add_claims(self, claims: Iterable[Claim]) -> int:
        """Keep claims; those whose id is there already are left as they are. Return how many are new."""
        with self._write() as connection:
            return _add_claims(connection, list(claims))

    def add_reading(self, document: Document, claims: Iterable[Claim], coder: str) -> bool:
        """Keep a document, its claims and the fact that `coder` has read it, all or nothing.

        Returns
        -------
        bool
            False if `coder` had read it before; then nothing changes.
        """
        return self.add_readings([(document, list(claims))], coder) == 1

    def add_readings(self, batch: Iterable[tuple[Document, list[Claim]]], coder: str) -> int:
        """Keep several readings in one transaction; return how many were new."""
        added = 0
        with self._write() as connection:
            _add_coder(connection, coder, "machine")
            for document, claims in batch:
                _add_document(connection, document)
                known = select(t.readings.c.found).where(
                    t.readings.c.document == document.id, t.readings.c.coder == coder
                )
                if connection.execute(known).one_or_none() is not None:
                    continue
                _add_claims(connection, claims)
                row = {"document": document.id, "coder": coder, "found": len(claims)}
                connection.execute(t.readings.insert().values(row))
                added += 1
        return added

    def read_by(self, coder: str) -> frozenset[str]:
        """Ids of the documents that `coder` has read."""
        with self.engine.connect() as connection:
            return frozenset(
                connection.execute(select(t.readings.c.document).where(t.readings.c.coder == coder)).scalars()
            )

    def review(
        self,
        claim: str,
        coder: str,
        action: Literal["accept", "correct", "reject"],
        *,
        reason: str = "",
        changes: Mapping[str, Any] | None = None,
        at: datetime | None = None,
    ) -> int:
        """Add a review to the log; return its number.

        Parameters
        ----------
        changes : fields that `correct` replaces, as in the claim's JSON.

        Raises
        ------
        EvidenceError
            There is no such claim, or the corrected claim would not be one.
        """
        with self._write() as connection:
            base = self._base(connection, claim)
            _apply(base, action, changes or {}, reason)
            _add_coder(connection, coder, "human")
            return _log(connection, claim, coder, action, changes or {}, reason, None, at)

    def undo(self, claim: str, coder: str, *, reason: str = "", at: datetime | None = None) -> int:
        """Take back `coder`'s latest standing review of a claim, by adding an entry that says so."""
        with self._write() as connection:
            mine = [r for r in _standing(_log_of(connection, claim)) if r.coder == coder]
            if not mine:
                raise EvidenceError(f"{coder} has no review of claim {claim!r} to undo → see its log")
            return _log(connection, claim, coder, "undo", {}, reason, mine[-1].number, at)

    def log(self, claim: str | None = None) -> tuple[Review, ...]:
        """The whole review log, or that of one claim, in order."""
        with self.engine.connect() as connection:
            return tuple(_log_of(connection, claim))

    def claims(
        self,
        *,
        document: str | None = None,
        coder: str | None = None,
        status: Iterable[str] | None = None,
        as_coded: bool = False,
    ) -> tuple[Claim, ...]:
        """Claims as their latest standing review leaves them (or as first coded), in the order of the text.

        Parameters
        ----------
        document, coder, status : keep those of a document, by a coder, with one of these statuses.
        """
        query = select(t.claims.c.id, t.claims.c.body).order_by(t.claims.c.document, t.claims.c.position, t.claims.c.id)
        if document is not None:
            query = query.where(t.claims.c.document == document)
        if coder is not None:
            query = query.where(t.claims.c.coder == coder)
        wanted = None if status is None else frozenset(status)
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
            last = {} if as_coded else {review.claim: review for review in _standing(_log_of(connection, None))}
        found = (_current(Claim.model_validate_json(row.body), last.get(row.id)) for row in rows)
        return tuple(claim for claim in found if wanted is None or claim.status in wanted)

    def judged_by(self, coder: str) -> tuple[Claim, ...]:
        """The claims that one coder has reviewed, each as his own latest standing review leaves it."""
        with self.engine.connect() as connection:
            own = {r.claim: r for r in _standing(_log_of(connection, None)) if r.coder == coder}
            return tuple(_current(self._base(connection, claim), own[claim]) for claim in sorted(own))

    def count(self) -> int:
        """Number of claims kept."""
        with self.engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(t.claims)).scalar_one())

    @staticmethod
    def _base(connection: Connection, claim: str) -> Claim:
        body = connection.execute(select(t.claims.c.body).where(t.claims.c.id == claim)).scalar_one_or_none()
        if body is None:
            raise EvidenceError(f"claim {claim!r} is not in the store → list the claims to see their ids")
        return Claim.model_validate_json(body)


def _engine(where: str) -> Engine:
    if "://" not in where:
        where = "sqlite://" if where == ":memory:" else f"sqlite:///{where}"
    if where.startswith(("postgresql://", "postgres://")):
        where = "postgresql+pg8000://" + where.split("://", 1)[1]
    try:
        if not where.startswith("sqlite"):
            return create_engine(where, pool_pre_ping=True)
        engine = create_engine(where, connect_args={"timeout": 60, "check_same_thread": False})
    except ModuleNotFoundError as error:
        raise MissingExtra("A PostgreSQL store", "postgres") from error

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


def _add_document(connection: Connection, document: Document) -> bool:
    kept = connection.execute(select(t.documents.c.hash).where(t.documents.c.id == document.id)).scalar_one_or_none()
    if kept == document.hash:
        return False
    if kept is not None:
        raise EvidenceError(
            f"document {document.id!r} is kept with another text, and documents never change → "
            "give the new text an id of its own"
        )
    about = {k: v for k, v in asdict(document).items() if k not in ("id", "text", "hash") and v}
    row = {
        "id": document.id,
        "hash": document.hash,
        "text": document.text,
        "about": json.dumps(about, default=str, ensure_ascii=False),
    }
    connection.execute(t.documents.insert().values(row))
    return True


def _document(id: str, body: str, about: dict[str, Any]) -> Document:
    if about.get("date"):
        about["date"] = date.fromisoformat(about["date"])
    about["notes"] = tuple(about.get("notes", ()))
    return Document(id=id, text=body, **about)


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


def _log(
    connection: Connection,
    claim: str,
    coder: str,
    action: str,
    changes: Mapping[str, Any],
    reason: str,
    undoes: int | None,
    at: datetime | None,
) -> int:
    row = {
        "claim": claim,
        "coder": coder,
        "action": action,
        "changes": json.dumps(dict(changes), ensure_ascii=False, sort_keys=True),
        "reason": reason,
        "undoes": undoes,
        "at": (at or datetime.now(UTC)).isoformat(),
    }
    key = connection.execute(t.reviews.insert().values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


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
        return Claim.model_validate(
            {**claim.model_dump(), **changes, "status": _STATUS[action], "reason": reason or claim.reason}
        )
    except (ValidationError, KeyError) as error:
        raise EvidenceError(f"claim {claim.id!r}: the correction is no claim ({error}) → docs/claims.md") from error
