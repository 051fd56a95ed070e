"""No table that the program writes holds a cell that a spreadsheet runs, and what it reads back of its own is as it was."""

from __future__ import annotations

import ast
import base64
import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from typer.testing import CliRunner

from support import ROOT
from vetopoint.cli import complete
from vetopoint.evidence import Claim, Document, locate, read_claims, write_claims
from vetopoint.evidence.sheet import write_sheet
from vetopoint.sheets import inert, sheet, unsaid
from vetopoint.study import new_case
from vetopoint.study.folder import begin_folder, open_evidence, write_folder
from vetopoint.truce.fitting import TruceFit
from vetopoint.truce.priors import load_priors
from vetopoint.view.tables import Column, Rows

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULA = "=HYPERLINK(1)"
TEXT = f"{FORMULA} said so. @all of them came. -- nobody left."
CELLS = st.text(st.sampled_from([*SIGNS, "'", "1", ".", "e", "x", ",", '"', ";"]), max_size=6)


def runs(cell: str) -> bool:
    """Whether a spreadsheet would take a cell for a formula: it begins with one of the signs and is no number."""
    try:
        float(cell)
    except ValueError:
        return cell.startswith(SIGNS)
    return cell != cell.strip()


@given(CELLS)
@example("-0.5")
@example("'=1")
@example("\t=1")
def test_a_cell_never_runs_and_is_read_back_as_it_was(cell: str) -> None:
    assert not runs(inert(cell))
    assert unsaid(inert(cell)) == cell


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4), st.sampled_from([",", ";"]))
def test_a_table_has_the_rows_that_were_given(rows: list[tuple[str, str]], separator: str) -> None:
    cells = list(csv.reader(io.StringIO(sheet(rows, separator=separator), newline=""), delimiter=separator))
    assert [tuple(map(unsaid, row)) for row in cells] == rows
    assert not [cell for row in cells for cell in row if runs(cell)]


@pytest.mark.parametrize("number", [-1, -0.5, 3, None])
def test_numbers_stay_numbers(number: float | None) -> None:
    assert sheet([("n",), (number,)]) == f"n\n{'' if number is None else number}\n".replace("\n\n", '\n""\n')


def test_csv_is_written_in_one_place() -> None:
    """Whatever else writes one would have to think of formulas again."""
    writing = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            if name in ("writer", "DictWriter", "to_csv", "write_csv") and not (
                isinstance(node, ast.Attribute) and ast.unparse(node.value) == "tables"
            ):
                writing.add(path.relative_to(ROOT / "src" / "vetopoint").as_posix())
    assert writing == {"sheets.py"}


CLAIMS = locate(
    [
        Claim(id="c1", source="doc", quote=FORMULA, chain=({"name": "@desk", "kind": "named"},), note="+1 more"),
        Claim(id="c2", source="doc", quote="@all of them came", coder="=ada", polarity=-1),
        Claim(id="c3", source="doc", quote="-- nobody left", chain=({"name": "'=quoted", "kind": "named"},)),
    ],
    {"doc": TEXT},
)
DOCUMENT = Document("doc", TEXT, title="=cmd|' /C calc'!A0", outlet="-The Wire-", author="'+x", url="https://a.example")


def evidence(folder: Path) -> Path:
    """A folder of evidence that holds the claims, and whose document has been given a hostile title."""
    study = begin_folder(folder)
    with study.store.open() as store:
        store.add_document(DOCUMENT)
        store.add_claims(CLAIMS)
    write_folder(folder, {})
    return folder


def of_documents(folder: Path) -> str:
    return (evidence(folder) / "documents.csv").read_text(encoding="utf-8")


def of_command(folder: Path) -> str:
    return CliRunner().invoke(complete(), ["claims", str(evidence(folder)), "--format", "csv"]).stdout


def of_form(name: str) -> Callable[[Path], str]:
    def written(folder: Path) -> str:
        folder.mkdir()
        write_claims(CLAIMS, folder / name, {"doc": DOCUMENT})
        return (folder / name).read_text(encoding="utf-8")

    return written


def of_review(folder: Path) -> str:
    folder.mkdir()
    write_sheet(CLAIMS, folder / "sheet.csv")
    return (folder / "sheet.csv").read_text(encoding="utf-8-sig")


def of_page(folder: Path) -> str:
    table = Rows(CLAIMS).under(Column("=head", lambda c: c.quote), Column("n", lambda c: -0.25, "number"))
    return base64.b64decode(table.data_uri().partition(",")[2]).decode()


def of_priors(folder: Path) -> str:
    from dataclasses import replace

    first = next(iter(load_priors().values()))
    return TruceFit((replace(first, label=FORMULA, note="@note"),), 3, 2).csv()


def of_branch(folder: Path) -> str:
    folder.mkdir()
    (folder / "g.efg").write_text(
        'EFG 2 R "t" { "A" "B" }\np "" 1 1 "=set" { "=up" "@down" } 0\nt "" 1 "" { 1, 0 }\nt "" 2 "" { 0, 1 }\n',
        encoding="utf-8",
    )
    from vetopoint.game.efg import branch_efg

    return branch_efg(folder / "g.efg", 1.0)


WRITERS: dict[str, tuple[Callable[[Path], str], str]] = {
    "documents.csv": (of_documents, ","),
    "vetopoint claims --format csv": (of_command, ","),
    "export-claims FILE.csv": (of_form("out.csv"), ","),
    "export-claims FILE.dna.csv": (of_form("out.dna.csv"), ";"),
    "review --write-sheet": (of_review, ","),
    "a table of the report": (of_page, ","),
    "fit-truce": (of_priors, ","),
    "solve --branch": (of_branch, ","),
}


@pytest.mark.parametrize("name", WRITERS)
def test_no_writer_lets_a_formula_through(name: str, tmp_path: Path) -> None:
    write, separator = WRITERS[name]
    text = write(tmp_path / "made")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    assert len(rows) > 1, text
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if any(sign in cell for sign in "=+-@")]
    assert not [cell for cell in cells if runs(cell)]


@pytest.mark.parametrize("name", ["out.csv", "out.dna.csv"])
def test_claims_come_back_with_their_own_words(name: str, tmp_path: Path) -> None:
    of_form(name)(tmp_path / "made")
    back = read_claims(tmp_path / "made" / name, {"doc": TEXT})
    assert [claim.text for claim in back] == [claim.text for claim in CLAIMS]
    assert [claim.content for claim in back] == [claim.content for claim in CLAIMS]


def test_a_folder_of_evidence_knows_its_documents_as_they_were(tmp_path: Path) -> None:
    folder = evidence(tmp_path / "made")
    for _ in range(2):  # written anew from what was read, it must not gather apostrophes
        found = open_evidence(folder).evidence.documents["doc"]
        assert (found.title, found.outlet, found.author) == (DOCUMENT.title, DOCUMENT.outlet, DOCUMENT.author)
        write_folder(folder, {})


def test_a_new_case_can_be_listed_too(tmp_path: Path) -> None:
    case = new_case(tmp_path / "case")
    done = CliRunner().invoke(complete(), ["claims", str(case), "--format", "csv"])
    assert done.exit_code == 0
    assert done.stdout.startswith("id,source,")
