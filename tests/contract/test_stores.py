"""Every store keeps the same promises, on SQLite and on a PostgreSQL server started for the purpose."""

from __future__ import annotations

import threading

import pytest

from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document
from vetopoint.evidence import _tables as tables
from vetopoint.evidence.store import Store

DOCUMENT = Document(id="g", text="Ada said no. Others wavered.", outlet="The Gazette")


def claim(name: str, **fields: object) -> Claim:
    return Claim.model_validate(
        {"id": name, "source": "g", "quote": "no", "status": "proposed", "coder": "m", **fields}
    )


def test_what_is_kept_comes_back_the_same(where: str) -> None:
    with Store(where) as store:
        assert store.add_document(DOCUMENT)
        assert not store.add_document(DOCUMENT)
        assert store.add_claims([claim("b"), claim("a", edges=({"kind": "veto", "actor": "x"},))]) == 2
        assert store.add_claims([claim("b")]) == 0
    with Store(where) as store:
        assert store.document("g") == DOCUMENT
        assert {c.id: c for c in store.claims()} == {
            "a": claim("a", edges=({"kind": "veto", "actor": "x"},)),
            "b": claim("b"),
        }


def test_documents_and_reviews_never_change(where: str) -> None:
    with Store(where) as store:
        store.add_document(DOCUMENT)
        with pytest.raises(EvidenceError, match="never change"):
            store.add_document(Document(id="g", text="another text"))
        store.add_claims([claim("a")])
        store.review("a", "ada", "accept")
        for statement in ("UPDATE document SET text = 'x'", "DELETE FROM review", "UPDATE review SET coder = 'x'"):
            with pytest.raises(EvidenceError, match="never changed"), store.database.begin() as connection:
                connection.execute(statement)
        assert store.document("g").text == DOCUMENT.text
        assert len(store.log()) == 1


def test_reviews_stand_until_undone(where: str) -> None:
    with Store(where) as store:
        store.add_document(DOCUMENT)
        store.add_claims([claim("a")])
        store.review("a", "ada", "correct", changes={"hedge": "could", "polarity": -1}, reason="reads as a denial")
        store.review("a", "bo", "reject")
        assert store.claims()[0].status == "rejected"
        store.review("a", "bo", "undo")
        (corrected,) = store.claims()
        assert corrected.status == "corrected"
        assert (corrected.hedge, corrected.polarity, corrected.reason) == ("could", -1, "reads as a denial")
        store.review("a", "ada", "undo")
        assert store.claims() == (claim("a"),)
        assert [entry.action for entry in store.log("a")] == ["correct", "reject", "undo", "undo"]
        with pytest.raises(EvidenceError, match="no review"):
            store.review("a", "ada", "undo")


def test_each_coder_keeps_his_own_judgement(where: str) -> None:
    with Store(where) as store:
        store.add_document(DOCUMENT)
        store.add_claims([claim("a"), claim("b")])
        store.review("a", "ada", "accept")
        store.review("a", "bo", "correct", changes={"kind": "threat"})
        assert store.judged_by("ada")[0].kind == "assertion"
        assert store.judged_by("bo")[0].kind == "threat"
        assert store.coders() == {"ada": "human", "bo": "human", "m": "machine"}


@pytest.mark.parametrize(
    ("changes", "action"), [({"kind": "rumour"}, "correct"), ({"id": "z"}, "correct"), ({"hedge": "may"}, "accept")]
)
def test_an_impossible_review_is_refused_and_leaves_no_trace(where: str, changes: dict[str, str], action: str) -> None:
    with Store(where) as store:
        store.add_document(DOCUMENT)
        store.add_claims([claim("a")])
        with pytest.raises(EvidenceError):
            store.review("a", "ada", action, changes=changes)  # type: ignore[arg-type]
        with pytest.raises(EvidenceError):
            store.review("absent", "ada", "accept")
        assert store.log() == ()
        assert store.claims() == (claim("a"),)


def test_a_reading_is_kept_once_and_whole(where: str) -> None:
    with Store(where) as store:
        assert store.add_readings([(DOCUMENT, [claim("a")])], "m") == 1
        assert store.add_readings([(DOCUMENT, [claim("b")])], "m") == 0
        with pytest.raises(EvidenceError):
            store.add_readings([(Document(id="h", text="x"), [claim("c"), claim("d", source="nowhere")])], "m")
        assert store.read_by("m") == {"g"}
        assert store.documents() == ("g",)
        assert [c.id for c in store.claims()] == ["a"]


def test_eight_reviewers_at_once_lose_nothing(where: str) -> None:
    each = 15
    with Store(where) as store:
        store.add_document(DOCUMENT)
        store.add_claims([claim(f"c{k}") for k in range(each)])
    failures: list[BaseException] = []

    def reviewer(name: str) -> None:
        try:
            with Store(where) as mine:
                for k in range(each):
                    mine.review(f"c{k}", name, "accept" if k % 2 else "reject")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=reviewer, args=(f"coder{k}",)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with Store(where) as store:
        log = store.log()
        assert len(log) == 8 * each
        assert len({(entry.coder, entry.claim) for entry in log}) == 8 * each
        assert [entry.number for entry in log] == sorted(entry.number for entry in log)


def test_an_older_store_is_brought_up_to_date(where: str) -> None:
    with Store(where) as store, store.database.begin() as connection:
        for table in ("reviewer", "vetopoint_case", "reading", "review", "claim", "coder", "document", "vetopoint_schema"):
            connection.execute(f"DROP TABLE {table}")
        assert tables.migrate(connection, to=1) == 0
        insert = "INSERT INTO document (id, hash, text, about) VALUES (:id, :hash, :text, '{}')"
        connection.execute(insert, id="g", hash=DOCUMENT.hash, text=DOCUMENT.text)
    with Store(where) as store:
        assert store.document("g").text == DOCUMENT.text
        assert store.add_readings([(Document(id="h", text="x"), [])], "m") == 1
        with store.database.begin() as connection:
            assert tables.migrate(connection) == tables.CURRENT


def test_a_store_from_the_future_is_refused(where: str) -> None:
    with Store(where) as store, store.database.begin() as connection:
        connection.execute("INSERT INTO vetopoint_schema (version) VALUES (:number)", number=tables.CURRENT + 1)
    with pytest.raises(EvidenceError, match="newer version"):
        Store(where)
