"""Where documents, claims and reviews are kept: SQLite by default, PostgreSQL by URL; reviews are only ever added."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from vetopoint.errors import EvidenceError
from vetopoint.evidence import _tables as t
from vetopoint.evidence._database import Connection, Row, open_database, parse_address
from vetopoint.evidence.claim import Action, Claim
from vetopoint.evidence.documents import Document
from vetopoint.evidence.fields import settled
from vetopoint.evidence.naming import Naming
from vetopoint.evidence.review import Decision, Review, as_judged_by, composed, standing

__all__ = ["NothingKept", "Review", "Store"]


class NothingKept(EvidenceError):
    """There is no store yet where one was looked for."""


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
        address = parse_address(where, case)
        self.place = address.shown
        if address.file is not None and not make and not address.file.is_file():
            raise NothingKept(f"{self.place}: nothing is kept here yet")
        self.database = open_database(address)
        try:
            if not self._is_current(address.schema, address.case, make):
                with self._write() as connection:
                    _found_schema(connection, address.schema, make)
                    self._not_newer(t.migrate(connection))
                    self._belongs(connection, address.case, make)
        except BaseException:
            self.database.close()
            raise

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *failure: object) -> None:
        """Give the connections back."""
        self.database.close()

    def _is_current(self, schema: str, case: str, make: bool) -> bool:
        """Whether there is nothing to do before it can be used: most often, and then nobody need wait for other writers."""
        with self._read() as connection:
            if schema and not _has_schema(connection, schema):
                return False
            version = t.found_version(connection)
            self._not_newer(version)
            if version < t.CURRENT:
                return False
            return self._kept_case(connection, case) is not None or not (case and make)

    def _not_newer(self, version: int) -> None:
        if version > t.CURRENT:
            message = f"{self.place}: written by a newer version ({version} > {t.CURRENT}) → update vetopoint"
            raise EvidenceError(message)

    def _kept_case(self, connection: Connection, case: str) -> str | None:
        """The case whose claims these are; a store that keeps another is refused, lest two cases read each other's claims."""
        rows = connection.execute('SELECT "case" FROM vetopoint_case')
        kept = str(rows[0]["case"]) if rows else None
        if case and kept is not None and kept != case:
            raise EvidenceError(
                f"{self.place}: keeps the claims of case {kept!r}, not of {case!r} → name another file, a folder in which each case "
                f"gets its own, or sqlite:///PATH?case={kept} if it is the same case under a new name"
            )
        return kept

    def _belongs(self, connection: Connection, case: str, make: bool) -> None:
        if self._kept_case(connection, case) is None and case and make:
            connection.execute('INSERT INTO vetopoint_case ("case") VALUES (:name)', name=case)

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self.database.begin() as connection:
            yield connection

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self.database.begin(write=False) as connection:
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
        with self._read() as connection:
            return _document(connection, id)

    def documents(self) -> tuple[str, ...]:
        """Ids of the documents kept, sorted."""
        with self._read() as connection:
            return tuple(sorted(row["id"] for row in connection.execute("SELECT id FROM document")))

    def hashes(self) -> dict[str, str]:
        """Id of every document kept to the hash of its text; texts are not read."""
        with self._read() as connection:
            rows = connection.execute("SELECT id, hash FROM document")
            return {row["id"]: row["hash"] for row in rows}

    def coders(self) -> dict[str, str]:
        """Name → ``human`` or ``machine``."""
        with self._read() as connection:
            return {
                row["name"]: row["kind"] for row in connection.execute("SELECT name, kind FROM coder ORDER BY name")
            }

    def remembered(self, login: str) -> str:
        """Under which name an account of a machine reviews; "" where it never did."""
        with self._read() as connection:
            rows = connection.execute("SELECT coder FROM reviewer WHERE login = :login", login=login)
        return str(rows[0]["coder"]) if rows else ""

    def remember(self, login: str, coder: str) -> None:
        """Note under which name an account of a machine reviews."""
        with self._write() as connection:
            connection.execute("DELETE FROM reviewer WHERE login = :login", login=login)
            connection.execute("INSERT INTO reviewer (login, coder) VALUES (:login, :coder)", login=login, coder=coder)

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
                row = {"document": document.id, "coder": coder}
                if connection.execute("SELECT found FROM reading WHERE document = :document AND coder = :coder", **row):
                    continue
                _add_claims(connection, claims)
                connection.execute(
                    "INSERT INTO reading (document, coder, found) VALUES (:document, :coder, :found)",
                    **row,
                    found=len(claims),
                )
                added += 1
        return added

    def read_by(self, coder: str) -> frozenset[str]:
        """Ids of the documents that `coder` has read."""
        with self._read() as connection:
            rows = connection.execute("SELECT document FROM reading WHERE coder = :coder", coder=coder)
            return frozenset(row["document"] for row in rows)

    def review(
        self, claim: str, coder: str, action: Action, *, reason: str = "", changes: Mapping[str, Any] | None = None
    ) -> int:
        """Add a review to the log; return its number.

        Parameters
        ----------
        action : `undo` takes back `coder`'s latest standing review of the claim, by adding an entry that says so.
        changes : fields that `correct` replaces, as in the claim's JSON or in short forms; the others stay as earlier
            corrections left them.

        Raises
        ------
        EvidenceError
            There is no such claim, the corrected claim would not be one, its words stand nowhere in the document, or there is
            nothing to undo.
        """
        return self.review_all([Decision(claim, action, reason, changes or {})], coder)[0]

    def review_all(self, decisions: Iterable[Decision], coder: str, *, named: Naming | None = None) -> tuple[int, ...]:
        """Add several reviews to the log, all of them or none; return their numbers.

        Each is held to what the ones before it left, with the actors that `claims` shows where it is given the same `named`.
        Raises as `review` does.
        """
        if not coder.strip():
            raise EvidenceError("no name of who reviews → --coder NAME")
        with self._write() as connection:
            return tuple(_decide(connection, decision, coder, named) for decision in decisions)

    def log(self, claim: str | None = None) -> tuple[Review, ...]:
        """The whole review log, or that of one claim, in order."""
        with self._read() as connection:
            return tuple(_log_of(connection, claim))

    def claims(self, *, as_coded: bool = False, named: Naming | None = None) -> tuple[Claim, ...]:
        """Claims as their standing reviews leave them (or as first coded), in the order of the text.

        Parameters
        ----------
        named : the case's actors, where links and edges are to speak for those that it has now.
        """
        with self._read() as connection:
            rows = connection.execute("SELECT id, body FROM claim ORDER BY document, position, id")
            log = [] if as_coded else _log_of(connection, None)
        reviews = _by_claim(log)
        return tuple(_as_of(Claim.model_validate_json(row["body"]), reviews.get(row["id"], []), named) for row in rows)

    def claim(self, id: str, *, named: Naming | None = None, until: int | None = None) -> Claim:
        """One claim as its standing reviews leave it.

        Parameters
        ----------
        until : number of the last review of the log that counts; 0 is the claim as coded.
        """
        with self._read() as connection:
            log = [entry for entry in _log_of(connection, id) if until is None or entry.number <= until]
            return _as_of(_base(connection, id), log, named)

    def ids(self) -> tuple[str, ...]:
        """Ids of the claims kept, in the order of the text."""
        with self._read() as connection:
            return tuple(
                row["id"] for row in connection.execute("SELECT id FROM claim ORDER BY document, position, id")
            )

    def judged_by(self, coder: str) -> tuple[Claim, ...]:
        """The claims that one coder has reviewed, each as it stood when he last judged it."""
        with self._read() as connection:
            reviews = _by_claim(_log_of(connection, None))
            found = {id: as_judged_by(_base(connection, id), log, coder) for id, log in sorted(reviews.items())}
        return tuple(claim for claim in found.values() if claim is not None)


def _has_schema(connection: Connection, schema: str) -> bool:
    return bool(
        connection.execute("SELECT 1 AS found FROM information_schema.schemata WHERE schema_name = :name", name=schema)
    )


def _found_schema(connection: Connection, schema: str, make: bool) -> None:
    if not schema or _has_schema(connection, schema):
        return
    if not make:
        raise NothingKept(f"no schema {schema!r}: nothing is kept here yet")
    connection.execute_plain(f'CREATE SCHEMA "{schema.replace(chr(34), chr(34) * 2)}"')


def _document(connection: Connection, id: str) -> Document:
    rows = connection.execute("SELECT * FROM document WHERE id = :id", id=id)
    if not rows:
        raise EvidenceError(f"document {id!r} is not in the store → read it first")
    row = rows[0]
    about = json.loads(row["about"])
    when = date.fromisoformat(about["date"]) if "date" in about else None
    document = Document(id, row["text"], **{**about, "date": when, "notes": tuple(about.get("notes", ()))})
    if document.hash != row["hash"]:
        raise EvidenceError(f"document {id!r} no longer matches its hash → the database file was altered; restore it")
    return document


def _add_document(connection: Connection, document: Document) -> bool:
    rows = connection.execute("SELECT hash FROM document WHERE id = :id", id=document.id)
    if rows and rows[0]["hash"] == document.hash:
        return False
    if rows:
        wrong = f"document {document.id!r} is kept with another text, and documents never change"
        raise EvidenceError(f"{wrong} → give the new text an id of its own")
    about = {k: v for k, v in asdict(document).items() if v}
    row = {k: about.pop(k) for k in ("id", "hash", "text")}
    row["about"] = json.dumps(about, default=str, ensure_ascii=False)
    connection.execute("INSERT INTO document (id, hash, text, about) VALUES (:id, :hash, :text, :about)", **row)
    return True


def _add_coder(connection: Connection, name: str, kind: str) -> None:
    if not connection.execute("SELECT name FROM coder WHERE name = :name", name=name):
        connection.execute("INSERT INTO coder (name, kind) VALUES (:name, :kind)", name=name, kind=kind)


def _add_claims(connection: Connection, claims: list[Claim]) -> int:
    sources = sorted({claim.source for claim in claims})
    lost = [id for id in sources if not connection.execute("SELECT id FROM document WHERE id = :id", id=id)]
    if lost:
        raise EvidenceError(f"documents {lost} are not in the store → add them before their claims")
    known = {
        row["id"]
        for source in sources
        for row in connection.execute("SELECT id FROM claim WHERE document = :source", source=source)
    }
    rows: dict[str, Row] = {
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
        columns = "id, document, coder, position, body"
        values = ":id, :document, :coder, :position, :body"
        connection.execute_many(f"INSERT INTO claim ({columns}) VALUES ({values})", rows.values())
    for coder in sorted({claim.coder for claim in claims}):
        _add_coder(connection, coder, "human" if coder == "hand" else "machine")
    return len(rows)


def _base(connection: Connection, id: str) -> Claim:
    rows = connection.execute("SELECT body FROM claim WHERE id = :id", id=id)
    if not rows:
        raise EvidenceError(f"claim {id!r} is not in the store → list the claims to see their ids")
    return Claim.model_validate_json(rows[0]["body"])


def _decide(connection: Connection, decision: Decision, coder: str, named: Naming | None) -> int:
    """Add one decision to the log, once it is clear that it can be carried out."""
    base, log = _base(connection, decision.claim), _log_of(connection, decision.claim)
    row: dict[str, Any] = {
        "claim": decision.claim,
        "coder": coder,
        "action": decision.action,
        "reason": decision.reason,
    }
    row |= {"undoes": None, "changes": "{}"}
    if decision.changes and decision.action != "correct":
        raise EvidenceError(f"claim {decision.claim!r}: changes with {decision.action!r} → change with 'correct'")
    if decision.action == "undo":
        mine = [review for review in standing(log) if review.coder == coder]
        if not mine:
            raise EvidenceError(f"{coder} has no review of claim {decision.claim!r} to undo → see its log")
        row["undoes"] = mine[-1].number
    elif decision.action == "correct":
        changes = settled(_as_of(base, log, named), decision.changes, _document(connection, base.source))
        _refer(connection, base.id, changes.get("restates", ""))
        row["changes"] = json.dumps(changes, ensure_ascii=False, sort_keys=True)
    _add_coder(connection, coder, "human")
    row["at"] = datetime.now(UTC).isoformat()
    columns = ("claim", "coder", "action", "changes", "reason", "undoes", "at")
    values = ", ".join(f":{name}" for name in columns)
    connection.execute(f"INSERT INTO review ({', '.join(columns)}) VALUES ({values})", **row)
    return int(connection.execute("SELECT max(number) AS number FROM review")[0]["number"])


def _refer(connection: Connection, claim: str, other: str) -> None:
    if other and (other == claim or not connection.execute("SELECT id FROM claim WHERE id = :id", id=other)):
        raise EvidenceError(f"claim {claim!r}: restates {other!r}, which is no other claim → give the id of one")


def _log_of(connection: Connection, claim: str | None) -> list[Review]:
    chosen = "" if claim is None else "WHERE claim = :claim "
    values = {} if claim is None else {"claim": claim}
    rows = connection.execute(f"SELECT * FROM review {chosen}ORDER BY number", **values)
    return [Review(**{**row, "changes": json.loads(row["changes"])}) for row in rows]


def _by_claim(log: Iterable[Review]) -> dict[str, list[Review]]:
    found: dict[str, list[Review]] = {}
    for review in log:
        found.setdefault(review.claim, []).append(review)
    return found


def _as_of(claim: Claim, log: list[Review], named: Naming | None) -> Claim:
    """A claim with its reviews, and with the actors of whom the case knows by now."""
    current = composed(claim, log)
    if named is None:
        return current
    return named.settle(claim, current, {name for review in standing(log) for name in review.changes})
