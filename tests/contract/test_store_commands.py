"""Every command that touches claims finds them at ``--store`` and at ``VETOPOINT_STORE``, on both engines; cases stay apart."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from vetopoint.cli import complete
from vetopoint.errors import EvidenceError, MissingExtra
from vetopoint.evidence._database import parse_address, schema_name
from vetopoint.evidence.store import NothingKept, Store
from vetopoint.study import new_case, open_study

QUOTE = "the plan cannot go ahead unless the holder of the consent agrees"
SECRET = "s3cr:t/#%41@?"


def run(*args: str | Path) -> str:
    done = CliRunner().invoke(complete(), [str(arg) for arg in args], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VETOPOINT_STORE", raising=False)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new_case(tmp_path / "mine")


def coded(folder: Path, name: str) -> Path:
    """A file with one claim on a case's document."""
    line = {"id": name, "source": "report", "quote": QUOTE, "status": "proposed"}
    line["edges"] = [{"kind": "requires", "actor": "holder"}]  # type: ignore[assignment]
    file = folder / f"{name}.jsonl"
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    return file


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*.sqlite*")}


@pytest.mark.parametrize("by", ["option", "variable"])
def test_every_command_finds_the_claims(
    where: str, case: Path, tmp_path: Path, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if by == "variable":
        monkeypatch.setenv("VETOPOINT_STORE", where)
    store = ["--store", where] if by == "option" else []
    text = (case / "case.yaml").read_text(encoding="utf-8")
    assert run("import-claims", case, coded(tmp_path, "far"), *store).startswith("1 claims added")
    assert "far" in run("claims", case, *store)
    run("review", case, "far", "accept", "--coder", "ada", *store)
    assert "far" in run("claims", case, "--format", "csv", *store)
    # only the store has the claim that the case now names, so each command fails unless it looks there
    (case / "case.yaml").write_text(text.replace("claims: [c1]", "claims: [far]"), encoding="utf-8")
    assert text.count("claims: [c1]") == 1
    assert "fine" in run("check", case, *store)
    assert "far: " in run("trace", case, "dislike", *store)
    assert "far" in run("draft", case, *store)
    assert run("export-claims", case, tmp_path / "out.csv", *store).startswith("2 claims")
    assert "ada" in run("agreement", case, *store)
    run("positions", case, *store)
    run("export-efg", case, "--out", tmp_path / "game.efg", *store)
    run("analogues", case, *store)
    run("run", case, "--draws", "64", *store)
    answers = (case / "out" / "answers.json").read_text(encoding="utf-8")
    assert "far" in [claim["id"] for claim in json.loads(answers)["evidence"]["claims"]]
    assert "report.html" in run("report", case, *store)
    assert files(case) == set()


def test_a_text_is_read_into_the_store_named(where: str, case: Path, tmp_path: Path) -> None:
    text = '"The force," Ada Norman said, "will not leave port."'
    (tmp_path / "news.txt").write_text(text, encoding="utf-8")
    assert "1 claims proposed" in run("read", tmp_path / "news.txt", "--case", case, "--store", where)
    shown = run("claims", case, "--store", where)
    assert "will not leave port" in shown
    assert f"characters 0 to 12 and {text.index('will') - 1} to {len(text)}" in shown
    assert "will not leave port" not in run("claims", case)
    assert files(case) == set()


def test_the_option_comes_before_the_variable_and_that_before_the_folder(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, store in (("own", None), ("far", str(tmp_path / "far.sqlite")), ("near", str(tmp_path / "near.sqlite"))):
        with open_study(case, store=store).store.open() as opened:
            opened.add_readings([], name)

    def found(store: str | None = None) -> set[str]:
        opened = open_study(case, store=store).store.look()
        assert opened is not None
        with opened:
            return set(opened.coders())

    assert found() == {"own"}
    monkeypatch.setenv("VETOPOINT_STORE", str(tmp_path / "far.sqlite"))
    assert found() == {"far"}
    assert found(str(tmp_path / "near.sqlite")) == {"near"}
    monkeypatch.setenv("VETOPOINT_STORE", "")
    assert found() == {"own"}


def test_cases_at_one_address_stay_apart(shared: str, tmp_path: Path) -> None:
    names = ["one", "two", "TWO", "public", "pg_catalog", 'a "b" %41?#é', "x" * 70, "x" * 69 + "y", "ü" * 40]
    for name in names:
        new_case(tmp_path / name)
        with open_study(tmp_path / name, store=shared).store.open() as store:
            store.add_readings([], f"coder of {name}")
    for name in names:
        opened = open_study(tmp_path / name, store=shared).store.look()
        assert opened is not None
        with opened:
            assert set(opened.coders()) == {f"coder of {name}"}


def test_a_case_under_a_new_name_keeps_its_claims_by_naming_the_old_one(engine: str, shared: str, case: Path) -> None:
    with open_study(case, store=shared).store.open() as store:
        store.add_readings([], "ada")
    moved = case.rename(case.with_name("moved"))
    assert open_study(moved, store=shared).store.look() is None
    address = f"{shared}&case=mine" if engine == "postgres" else f"sqlite:///{shared}?case=mine"
    opened = open_study(moved, store=address).store.look()
    assert opened is not None
    with opened:
        assert set(opened.coders()) == {"ada"}


def test_a_file_that_keeps_another_case_is_refused(tmp_path: Path) -> None:
    one, two = new_case(tmp_path / "one"), new_case(tmp_path / "two")
    file = tmp_path / "all.sqlite"
    run("import-claims", one, coded(tmp_path, "far"), "--store", file)
    with pytest.raises(EvidenceError, match="keeps the claims of case 'one', not of 'two'"):
        run("claims", two, "--store", file)
    with pytest.raises(EvidenceError, match="keeps the claims of case 'one', not of 'two'"):
        run("import-claims", two, coded(tmp_path, "near"), "--store", file)
    assert "far" in run("claims", two, "--store", f"sqlite:///{file}?case=one")


def test_commands_that_only_look_make_nothing(shared: str, where: str, engine: str, case: Path, tmp_path: Path) -> None:
    for address in (None, shared, where):
        option = ["--store", address] if address else []
        for command in (["check", case], ["claims", case], ["trace", case, "dislike"], ["run", case, "--draws", "64"]):
            run(*command, *option)
        with pytest.raises(EvidenceError, match="nothing was read into this case yet"):
            run("review", case, "c1", "accept", "--coder", "ada", *option)
    assert files(tmp_path) == set()
    with pytest.raises(NothingKept):
        Store(shared, "mine", make=False)


def test_a_source_that_changed_since_it_was_read_is_refused(shared: str, case: Path, tmp_path: Path) -> None:
    run("import-claims", case, coded(tmp_path, "far"), "--store", shared)
    source = case / "sources" / "report.md"
    source.write_text("One word more. " + source.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(EvidenceError, match="claim far: source 'report' has changed since it was read"):
        run("claims", case, "--store", shared)


@pytest.mark.parametrize(
    ("address", "message"),
    [
        (f"postgresql://ada:{SECRET}@db.example/x", "an @ too many|cannot be read"),
        ("postgresql://ada:s3cr%3At@127.0.0.1:1/x", "postgresql://ada@127.0.0.1:1/x: no usable store"),
        ("postgresql://ada:s3cr%3At@no.such.host.invalid/x", "no usable store"),
        ("postgresql://ada:s3cr%3At@127.0.0.1:1/x?sslmode=verify-full", "no usable store"),
        ("postgresql://ada:s3cr%3At@127.0.0.1:1/x?sslmode=s3cr", "no such sslmode"),
        ("postgresql://ada@127.0.0.1:1/x?password=s3cr", "asks for what there is not"),
        ("postgresql://ada:s3cr%3At@127.0.0.1:s3cr/x", "cannot be read"),
        ("mysql://ada:s3cr%3At@127.0.0.1/x", "no store is kept in mysql"),
        ("sqlite:///x.sqlite?mode=s3cr", "asks for what there is not"),
        ("/no/such/folder/x.sqlite", "no usable store"),
    ],
)
def test_what_cannot_be_opened_is_told_in_words_and_without_the_password(
    case: Path, tmp_path: Path, address: str, message: str
) -> None:
    with pytest.raises(EvidenceError, match=message) as caught:
        run("import-claims", case, coded(tmp_path, "far"), "--store", address)
    told = f"{caught.value} {caught.value.__cause__}"
    assert "s3cr" not in told
    assert "→" in told


@given(
    password=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=5),
    name=st.sampled_from(["ada", "a@b", "ü"]),
)
def test_no_password_is_shown(password: str, name: str) -> None:
    from sqlalchemy.engine import URL

    url = URL.create("postgresql", name, f"{password}~~~", "db.example", 5433, "claims")
    address = parse_address(url.render_as_string(hide_password=False), "mine")
    assert address.url is not None
    assert address.url.password == f"{password}~~~"
    assert (address.url.username, address.url.host, address.url.database) == (name, "db.example", "claims")
    assert "~~~" not in address.shown
    assert "~~~" not in repr(address)


@pytest.mark.postgres
def test_an_account_that_may_not_write_is_told_so_and_may_look(
    server: object, request: pytest.FixtureRequest, case: Path, tmp_path: Path
) -> None:
    where = server.database(request)  # type: ignore[attr-defined]
    run("import-claims", case, coded(tmp_path, "far"), "--store", where)
    with Store(where, "mine") as store, store.database.begin() as connection:
        connection.execute_plain("CREATE ROLE reader LOGIN")
        connection.execute_plain("GRANT USAGE ON SCHEMA vetopoint_mine TO reader")
        connection.execute_plain("GRANT SELECT ON ALL TABLES IN SCHEMA vetopoint_mine TO reader")
    reader = where.replace("vetopoint@", "reader@")
    assert "far" in run("claims", case, "--store", reader)
    with pytest.raises(EvidenceError, match="permission denied"):
        run("review", case, "far", "accept", "--coder", "ada", "--store", reader)
    with pytest.raises(EvidenceError, match="does not exist"):
        run("claims", case, "--store", where.replace("vetopoint@/", "vetopoint@/no_"))


def test_a_missing_driver_names_its_extra(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pg8000", None)
    with pytest.raises(MissingExtra, match=r"vetopoint\[postgres\]"):
        run("claims", case, "--store", "postgresql://ada@127.0.0.1:1/x")


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=255))
def test_schemas_fit_the_length_that_postgresql_keeps(name: str) -> None:
    assert len(schema_name(name).encode()) <= 63
    assert schema_name(name).startswith("vetopoint_")
    assert schema_name(name) != schema_name(f"{name}x")


def test_a_folder_copied_with_its_store_keeps_it(case: Path, tmp_path: Path) -> None:
    run("import-claims", case, coded(tmp_path, "far"))
    shutil.copytree(case, tmp_path / "copy")
    assert "far" in run("claims", tmp_path / "copy")


def test_the_database_is_loaded_only_where_a_store_is_opened(case: Path) -> None:
    code = (
        "import sys\nfrom vetopoint.study import open_study, trace\nimport vetopoint.evidence\n"
        "trace(open_study(sys.argv[1]), 'dislike')\nassert 'sqlalchemy' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(case)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
