"""Every store keeps the same promises, on SQLite and on a PostgreSQL server started for the purpose."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from support import ROOT
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document
from vetopoint.evidence import _tables as tables
from vetopoint.evidence.review import Decision
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


def test_hashes_are_those_of_the_documents(where: str) -> None:
    with Store(where) as store:
        assert store.hashes() == {}
        for name in ("b", "a", "Ä"):
            store.add_document(Document(name, f"The text of {name}."))
        found = store.hashes()
        assert len(found) == 3
        assert found == {name: store.document(name).hash for name in store.documents()}


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
        for table in (
            "reviewer",
            "vetopoint_case",
            "reading",
            "review",
            "claim",
            "coder",
            "document",
            "vetopoint_schema",
        ):
            connection.execute(f"DROP TABLE {table}")
        assert tables.migrate(connection, to=1) == 0
        insert = "INSERT INTO document (id, hash, text, about) VALUES (:id, :hash, :text, '{}')"
        connection.execute(insert, id="g", hash=DOCUMENT.hash, text=DOCUMENT.text)
    with Store(where) as store:
        assert store.document("g").text == DOCUMENT.text
        assert store.add_readings([(Document(id="h", text="x"), [])], "m") == 1
        with store.database.begin() as connection:
            assert tables.migrate(connection) == tables.CURRENT


def rows_of_the_third_version(connection: object) -> None:
    """A store as the program wrote it when corrections did not compose and words were not looked up."""
    body = claim("a").model_dump_json(exclude_defaults=True)
    for sql in (
        f"INSERT INTO document (id, hash, text, about) VALUES ('g', '{DOCUMENT.hash}', '{DOCUMENT.text}', '{{}}')",
        "INSERT INTO coder (name, kind) VALUES ('ada', 'human')",
        f"INSERT INTO claim (id, document, coder, position, body) VALUES ('a', 'g', 'm', 0, '{body}')",
        "INSERT INTO review VALUES (1, 'a', 'ada', 'correct', '{\"hedge\": \"could\"}', 'first', NULL, '')",
        "INSERT INTO review VALUES (2, 'a', 'ada', 'correct', '{\"quote\": \"words that stand nowhere\"}', '', NULL, '')",
    ):
        connection.execute_plain(sql)  # type: ignore[attr-defined]


def test_a_store_of_the_third_version_keeps_its_reviews_and_takes_new_ones(where: str) -> None:
    with Store(where) as store, store.database.begin() as connection:
        connection.execute("DROP TABLE reviewer")
        connection.execute("DELETE FROM vetopoint_schema WHERE version > 3")
        rows_of_the_third_version(connection)
        if connection.dialect == "postgresql":
            connection.execute_plain("SELECT setval('review_number_seq', 2)")
    with Store(where) as store:
        (found,) = store.claims()
        assert (found.hedge, found.quote, found.reason) == ("could", "words that stand nowhere", "first")
        assert store.review("a", "ada", "undo") == 3
        assert store.review("a", "bo", "correct", changes={"polarity": -1}) == 4
        (found,) = store.claims()
        assert (found.hedge, found.quote, found.polarity) == ("could", "no", -1)
        assert store.remembered("one") == ""


def test_a_database_that_the_earlier_program_wrote_opens_as_it_was(tmp_path: Path) -> None:
    """``store-v3.sql`` is the dump of a file written by the program of version 3, which used SQLAlchemy for SQLite too."""
    script = (ROOT / "tests" / "data" / "evidence" / "store-v3.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / "old.sqlite")) as connection:
        connection.executescript(script)
    with Store(tmp_path / "old.sqlite", "mine", make=False) as store:
        found = {c.id: c for c in store.claims()}
        assert {id: c.status for id, c in found.items()} == {"g.1": "corrected", "g.2": "proposed", "g.3": "rejected"}
        assert (found["g.1"].hedge, found["g.3"].reason) == ("could", "a fragment")
        assert [entry.action for entry in store.log()] == ["correct", "correct", "accept", "undo", "reject"]
        assert store.document("g").outlet == "The Gazette"
        assert store.review("g.2", "eve", "accept") == 6
        with pytest.raises(EvidenceError, match="never changed"), store.database.begin() as written:
            written.execute("DELETE FROM review")
    with pytest.raises(EvidenceError, match="keeps the claims of case 'mine'"):
        Store(tmp_path / "old.sqlite", "other", make=False)


def test_corrections_compose_and_several_decisions_are_kept_all_or_none(where: str) -> None:
    with Store(where) as store:
        store.add_document(DOCUMENT)
        store.add_claims([claim("a"), claim("b")])
        decisions = [
            Decision("a", "correct", "", {"hedge": "could"}),
            Decision("a", "correct", "", {"note": "50 % :x"}),
        ]
        assert store.review_all(decisions, "ada") == (1, 2)
        with pytest.raises(EvidenceError, match="to undo"):
            store.review_all([Decision("b", "accept"), Decision("b", "undo"), Decision("b", "undo")], "bo")
        assert (store.claim("a").hedge, store.claim("a").note) == ("could", "50 % :x")
        assert store.claim("a", until=1).note == ""
        assert [c.id for c in store.judged_by("ada")] == ["a"]
        assert store.judged_by("bo") == ()
        assert store.ids() == ("a", "b")


def test_an_account_is_remembered_under_the_name_by_which_it_last_reviewed(where: str) -> None:
    with Store(where) as store:
        assert store.remembered("one") == ""
        for name in ("ada", "bo"):
            store.remember("one", name)
        store.remember("two", "eve")
    with Store(where) as store:
        assert (store.remembered("one"), store.remembered("two")) == ("bo", "eve")


def test_what_an_accepting_coder_saw_is_his_judgement(where: str) -> None:
    with Store(where) as store:
        store.add_document(DOCUMENT)
        store.add_claims([claim("a")])
        store.review("a", "ada", "correct", changes={"hedge": "could"})
        store.review("a", "bo", "accept")
        store.review("a", "ada", "correct", changes={"polarity": -1})
        (bo,), (ada,) = store.judged_by("bo"), store.judged_by("ada")
        assert (bo.hedge, bo.polarity, bo.status) == ("could", 1, "accepted")
        assert (ada.hedge, ada.polarity, ada.status) == ("could", -1, "corrected")


def test_a_store_from_the_future_is_refused(where: str) -> None:
    with Store(where) as store, store.database.begin() as connection:
        connection.execute("INSERT INTO vetopoint_schema (version) VALUES (:number)", number=tables.CURRENT + 1)
    with pytest.raises(EvidenceError, match="newer version"):
        Store(where)
