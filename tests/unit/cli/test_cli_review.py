"""Claims judged from the command line: one, many at once, in a spreadsheet; who reviews is remembered; one call is quick."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from vetopoint.cli import complete
from vetopoint.errors import EvidenceError, VetopointError
from vetopoint.evidence import Claim, Document, Edge, Link
from vetopoint.evidence.desk import Desk, Wanted, open_desk
from vetopoint.evidence.sheet import read_sheet, write_sheet
from vetopoint.evidence.store import Store
from vetopoint.study import new_case, open_study

TEXT = (
    "Ostia agreed. Norland refused to sign. Two envoys warned that patrols might be shelled. "
    "=HYPERLINK(1) said a bank. Others wavered for weeks."
)
KINDS = {"Ostia agreed": "position", "refused to sign": "position", "patrols might be shelled": "threat",
         "=HYPERLINK(1)": "assertion", "wavered for weeks": "forecast"}  # fmt: skip


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VETOPOINT_STORE", "VETOPOINT_CODER"):
        monkeypatch.delenv(name, raising=False)


def claims(source: str, rule: str) -> list[Claim]:
    found = []
    for number, (words, kind) in enumerate(KINDS.items(), start=1):
        at = TEXT.index(words)
        span = {"text": words, "start": at, "end": at + len(words)}
        about = {"id": f"{source}.{number}", "source": source, "kind": kind, "rule": f"{rule}-{number}", "coder": "m"}
        edges = [{"kind": "requires", "actor": "holder"}] if number == 1 else []
        found.append(
            Claim.model_validate({**about, "content": [span], "sentence": span, "status": "proposed", "edges": edges})
        )
    return found


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    with Store(folder / "case.sqlite") as store:
        for name, rule in (("jan", "edge"), ("old-feb", "clause")):
            store.add_document(Document(id=name, text=TEXT, date=dt.date(2026, 1, 5)))
            store.add_claims(claims(name, rule))
    return folder


def run(*args: str | Path) -> str:
    done = CliRunner().invoke(complete(), [str(arg) for arg in args], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def statuses(case: Path) -> dict[str, str]:
    with Store(case / "case.sqlite", make=False) as store:
        return {claim.id: claim.status for claim in store.claims()}


def judged(case: Path) -> set[str]:
    found = statuses(case)
    assert len(found) == 10
    return {id for id, status in found.items() if status != "proposed"}


EVERY = {f"{source}.{n}" for source in ("jan", "old-feb") for n in range(1, 6)}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--accept", "all"], EVERY),
        (["--accept", "jan.2-jan.4"], {"jan.2", "jan.3", "jan.4"}),
        (["jan.2-4", "accept"], {"jan.2", "jan.3", "jan.4"}),
        (["--accept", "old-feb.2-old-feb.3"], {"old-feb.2", "old-feb.3"}),
        (["--accept", "old-feb.4"], {"old-feb.4"}),
        (["--accept", "jan.5-old-feb.1,jan.1"], {"jan.5", "old-feb.1", "jan.1"}),
        (["--reject", "jan.1, jan.3", "--reason", "twice"], {"jan.1", "jan.3"}),
        (["--accept", "all", "--kind", "threat"], {"jan.3", "old-feb.3"}),
        (["--accept", "all", "--kind", "threat", "--kind", "forecast", "--source", "jan"], {"jan.3", "jan.5"}),
        (["--accept", "all", "--rule", "edge-*"], {f"jan.{n}" for n in range(1, 6)}),
        (["--accept", "all", "--rule", "clause-2"], {"old-feb.2"}),
        (["--accept", "all", "--status", "rejected"], set()),
    ],
)
def test_claims_are_chosen_by_id_range_list_and_filter(case: Path, arguments: list[str], expected: set[str]) -> None:
    run("review", case, *arguments, "--coder", "ada")
    assert judged(case) == expected


def test_all_leaves_what_somebody_has_judged(case: Path) -> None:
    run("review", case, "--reject", "jan.2", "--coder", "bo")
    assert "9 claims: accept" in run("review", case, "--accept", "all", "--coder", "ada")
    assert statuses(case)["jan.2"] == "rejected"
    assert "nothing to accept" in run("review", case, "--accept", "all")
    assert "9 claims: undo" in run("review", case, "all", "undo", "--status", "accepted")
    assert judged(case) == {"jan.2"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--accept", "jan.9"], "did you mean 'jan."),
        (["--accept", "jan.1,jan.3-jan.99"], "not in the store"),
        (["--accept", "jan.4-jan.2"], "write jan.2-jan.4"),
        (["--accept", "all", "--kind", "thret"], "did you mean 'threat'"),
        (["--accept", "all", "--status", "open"], "one of proposed"),
        (["--accept", "all", "--rule", "edg-1"], "did you mean 'edge-1'"),
        (["--accept", "all", "--source", "jann"], "did you mean 'jan'"),
        (["jan.1", "correct", "--change", "quote=nowhere"], "does not stand in 'jan'"),
    ],
)
def test_a_choice_that_means_nothing_is_refused(case: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(EvidenceError) as caught:
        run("review", case, *arguments, "--coder", "ada")
    assert message in str(caught.value)
    assert judged(case) == set()


@pytest.mark.parametrize(
    "arguments",
    [["jan.1", "accept", "--accept", "jan.2"], ["jan.1", "accept", "--change", "hedge=may"], ["jan.1", "correct", "--change", "x"],
     ["--write-sheet", "a.csv", "--read-sheet", "b.csv"]],
)  # fmt: skip
def test_two_things_at_once_are_wrong_usage(case: Path, arguments: list[str]) -> None:
    done = CliRunner().invoke(complete(), ["review", str(case), *arguments])
    assert done.exit_code == 2
    assert judged(case) == set()


def test_who_reviews_is_remembered_for_the_account(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "one")
    with pytest.raises(EvidenceError, match="--coder NAME, this once"):
        run("review", case, "jan.1", "accept")
    run("review", case, "jan.1", "accept", "--coder", "ada")
    run("review", case, "jan.2", "accept")
    monkeypatch.setenv("LOGNAME", "two")
    with pytest.raises(EvidenceError, match="it is not known who reviews"):
        run("review", case, "jan.3", "accept")
    monkeypatch.setenv("VETOPOINT_CODER", "bo")
    run("review", case, "jan.3", "accept")
    monkeypatch.setenv("LOGNAME", "one")
    monkeypatch.delenv("VETOPOINT_CODER")
    run("review", case, "jan.4", "accept", "--coder", "eve")
    run("review", case, "jan.5", "accept")
    with Store(case / "case.sqlite") as store:
        assert [entry.coder for entry in store.log()] == ["ada", "ada", "bo", "eve", "eve"]


def test_a_correction_tells_what_stands_now(case: Path) -> None:
    told = run("review", case, "jan.1", "correct", "--coder", "ada", "--change", "chain=named: Ada Holm @ostia",
               "--change", "edges=requires:ostia, !veto:norland", "--change", "polarity=-1", "--change", "content=Ostia")  # fmt: skip
    assert told.splitlines() == [
        "jan.1: correct, entry 1 of the review log",
        "  chain: Ada Holm @ostia",
        "  edges: requires:ostia, !veto:norland",
        "  polarity: -1",
        "  content: Ostia",
    ]


def test_without_a_terminal_a_walk_says_what_else_there_is(case: Path) -> None:
    with pytest.raises(VetopointError, match="--write-sheet"):
        run("review", case, "--coder", "ada")
    with pytest.raises(EvidenceError, match="there is no such case"):
        run("review", case / "absent", "--coder", "ada")


def test_one_call_loads_no_engine_and_no_parser_and_takes_less_than_a_second(case: Path) -> None:
    code = (
        "import sys, time\nfrom vetopoint.cli import main\nsys.argv = ['vetopoint', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        "heavy = {'numpy', 'scipy', 'numba', 'spacy', 'sqlalchemy', 'duckdb', 'rich', 'vetopoint.study', 'vetopoint.case'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\nprint(time.process_time(), file=sys.stderr)\n"
    )
    taken = []
    for _ in range(3):
        command = [sys.executable, "-c", code, "review", str(case), "jan.1", "accept", "--coder", "ada"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ})
        assert done.returncode == 0, done.stderr
        taken.append(float(done.stderr.split()[-1]))
    assert min(taken) < 1.0


Edit = Callable[[list[dict[str, str]]], object]


def sent_back(case: Path, tmp_path: Path, edit: Edit, delimiter: str = ",") -> str:
    """Write a sheet, change its rows, read it back."""
    file = tmp_path / "sheet.csv"
    assert run("review", case, "--write-sheet", file).startswith("10 claims")
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert len(rows) == 10
    names = list(rows[0])
    edit(rows)
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, names, delimiter=delimiter, extrasaction="ignore", restval="")
    writer.writeheader()
    writer.writerows(rows)
    file.write_text(buffer.getvalue(), encoding="utf-8")
    try:
        return run("review", case, "--read-sheet", file, "--coder", "ada")
    finally:
        file.unlink()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_gives_back_only_what_was_changed_in_it(case: Path, tmp_path: Path, delimiter: str) -> None:
    assert "10 rows: nothing was changed" in sent_back(case, tmp_path, lambda rows: None, delimiter)

    def edit(rows: list[dict[str, str]]) -> None:
        rows[0] |= {"status": "Accepted"}
        rows[1] |= {"status": "reject", "reason": "twice"}
        rows[2] |= {"hedge": "might", "edges": "threat:norland", "chain": "unnamed: two envoys"}
        rows[3] |= {"polarity": "-1", "status": "rejected"}
        rows.reverse()
        with Store(case / "case.sqlite") as store:  # meanwhile
            store.review("jan.3", "bo", "correct", changes={"act": "THREATEN"})
            store.review("jan.5", "bo", "accept")

    assert "10 rows: 1 accept, 2 correct, 2 reject" in sent_back(case, tmp_path, edit, delimiter)
    with Store(case / "case.sqlite") as store:
        found = {claim.id: claim for claim in store.claims()}
        assert len(store.log()) == 7
    assert [found[f"jan.{n}"].status for n in range(1, 6)] == [
        "accepted",
        "rejected",
        "corrected",
        "rejected",
        "accepted",
    ]
    assert (found["jan.2"].reason, found["jan.4"].polarity) == ("twice", -1)
    three = found["jan.3"]
    assert (three.act, three.hedge, three.edges[0].actor, three.says.kind) == (
        "THREATEN",
        "might",
        "norland",
        "unnamed",
    )


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda rows: rows[4].update(id="jan.99"), "row 6: no claim 'jan.99'"),
        (lambda rows: rows[4].update(text="another text"), "row 6: jan.5: `text` was changed"),
        (lambda rows: rows[4].update(id="jan.4"), "stands on row 5 too"),
        (lambda rows: rows[4].update(was="v1"), "`was` was changed"),
        (lambda rows: rows[4].update(status="perhaps"), "one of accepted"),
        (lambda rows: rows[4].update(reason="since"), "a reason without a decision"),
        (lambda rows: rows[4].update(status="corrected"), "no field was changed"),
        (lambda rows: rows[4].update(content="stands nowhere"), "does not stand in 'jan'"),
        (lambda rows: rows[4].update(kind="thret"), "did you mean 'threat'"),
    ],
)
def test_a_sheet_with_one_row_wrong_changes_nothing(case: Path, tmp_path: Path, edit: Edit, message: str) -> None:
    def both(rows: list[dict[str, str]]) -> None:
        rows[0]["status"] = "accepted"
        edit(rows)

    with pytest.raises(EvidenceError) as caught:
        sent_back(case, tmp_path, both)
    assert message in str(caught.value)
    assert judged(case) == set()


def test_a_sheet_holds_no_formula_and_is_never_overwritten(case: Path, tmp_path: Path) -> None:
    file = tmp_path / "sheet.csv"
    run("review", case, "--write-sheet", file, "--source", "jan")
    with pytest.raises(EvidenceError, match="exists already"):
        run("review", case, "--write-sheet", file)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    cells = [cell for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))) for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell[:1] in "=+@" and cell]
    assert "5 rows: nothing was changed" in run("review", case, "--read-sheet", file, "--coder", "ada")


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"\xff\xfe\x00", "CSV UTF-8"),
        (b"a,b\n1,2\n", "no column id"),
        (b"", "no column id"),
        (b'id,was\n"x,y\n', "no CSV"),
    ],
)
def test_what_is_no_sheet_is_told_so(case: Path, tmp_path: Path, raw: bytes, message: str) -> None:
    (tmp_path / "x.csv").write_bytes(raw)
    with pytest.raises(EvidenceError, match=message):
        run("review", case, "--read-sheet", tmp_path / "x.csv", "--coder", "ada")
    with pytest.raises(EvidenceError, match="cannot be read"):
        run("review", case, "--read-sheet", tmp_path / "absent.csv", "--coder", "ada")


CELLS = st.text(st.sampled_from("ab =+-@'\";,\n\té>(…"), max_size=10)


@given(CELLS, CELLS, CELLS, st.sampled_from([1, -1]))
def test_a_sheet_that_nobody_touched_changes_nothing(note: str, name: str, plan: str, polarity: int) -> None:
    import tempfile

    (first, *_) = claims("jan", "edge")
    said = first.model_copy(
        update={
            "note": note,
            "polarity": polarity,
            "chain": (Link(name=name), Link(name=note, kind="role")),
            "edges": (Edge(kind="veto", actor="x", plan=plan, what=name),),
        }
    )
    with tempfile.TemporaryDirectory() as folder, Store(":memory:") as store:
        store.add_document(Document(id="jan", text=TEXT))
        store.add_claims([said])
        desk = Desk(store, "ada")
        file = Path(folder) / "s.csv"
        assert write_sheet(desk.claims(Wanted()), file) == 1
        assert read_sheet(desk, file).decisions == ()


def test_actors_declared_after_the_reading_are_those_listed_and_reviewed(tmp_path: Path) -> None:
    folder = new_case(tmp_path / "mine")
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (tmp_path / "news.txt").write_text("Strelsau rejected the plan. Port Ostia supported the plan.", encoding="utf-8")
    run("read", tmp_path / "news.txt", "--case", folder, "--date", "2026-01-05")
    assert "no dated claim" in run("positions", folder)
    assert text.count("\nactors:\n") == 1
    more = "\nactors:\n  ruritania: {label: Ruritania, aka: [Strelsau]}\n  ostia: {label: Ostia, aka: [Port Ostia]}\n"
    (folder / "case.yaml").write_text(text.replace("\nactors:\n", more), encoding="utf-8")
    found = {claim.says.actor for claim in open_study(folder).evidence.standing if claim.source == "news"}
    assert found == {"ruritania", "ostia"}
    with open_desk(folder) as desk:
        assert {claim.says.actor for claim in desk.claims()} == {"ruritania", "ostia"}
    lines = run("positions", folder)
    assert "2 of the 2 claims counted have not been reviewed" in lines
    assert "(1 unreviewed)" in lines
    assert "no reviewed claim" in run("positions", folder, "--reviewed")
    run("review", folder, "news.1", "correct", "--coder", "ada", "--change", "chain=named: Strelsau @ostia")
    assert {claim.says.actor for claim in open_study(folder).evidence.standing if claim.source == "news"} == {"ostia"}
    reviewed = run("positions", folder, "--reviewed")
    assert "unreviewed" not in reviewed
    assert "-2.0" in reviewed
