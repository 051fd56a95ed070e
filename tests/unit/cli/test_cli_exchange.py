"""Claims out of a case and into it: whose they are, which status they have, what is told, what may come back reviewed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vetopoint.cli import _evidence, complete, main
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim
from vetopoint.evidence.exchange._registry import FORMS
from vetopoint.evidence.store import Store
from vetopoint.study import new_case

QUOTE = "the plan cannot go ahead unless the holder of the consent agrees"


def run(*args: str | Path) -> str:
    done = CliRunner().invoke(complete(), [str(arg) for arg in args], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return new_case(tmp_path / "mine")


def write(folder: Path, name: str, *claims: dict[str, object]) -> Path:
    file = folder / name
    file.write_text("".join(json.dumps({"source": "report", **claim}) + "\n" for claim in claims), encoding="utf-8")
    return file


def kept(case: Path) -> dict[str, Claim]:
    with Store(case / "case.sqlite") as store:
        return {claim.id: claim for claim in store.claims()}


def test_the_help_names_every_form() -> None:
    missing = [form.ending for form in FORMS if form.ending not in _evidence._FORMS and form.ending != ".ann"]
    assert missing == []
    assert len(FORMS) > 10


def test_a_file_cannot_forge_an_acceptance(case: Path, tmp_path: Path) -> None:
    forged = {"id": "f", "quote": QUOTE, "status": "accepted", "reason": "checked twice", "coder": "hand"}
    file = write(tmp_path, "f.jsonl", {**forged, "edges": [{"kind": "veto", "actor": "holder"}]})
    before = run("draft", case)
    run("import-claims", case, file)
    run("import-claims", case, file, "--coder", "eve")
    assert run("draft", case) == before
    found = kept(case)
    assert {(id, claim.coder, claim.status, claim.reason) for id, claim in found.items()} == {
        ("f", "hand", "proposed", ""),
        ("eve/f", "eve", "proposed", ""),
    }


def test_another_claim_under_a_known_id_is_kept_beside_it(case: Path, tmp_path: Path) -> None:
    one = write(tmp_path, "one.jsonl", {"id": "x", "quote": QUOTE, "act": "SAY"})
    two = write(
        tmp_path,
        "two.jsonl",
        {"id": "x", "quote": QUOTE, "act": "REJECT"},
        {"id": "y", "quote": QUOTE, "restates": "x"},
    )
    assert run("import-claims", case, one).startswith("1 claims added, 0 known")
    assert run("import-claims", case, two).startswith("2 claims added, 0 known")
    assert run("import-claims", case, two).startswith("0 claims added, 2 known")
    found = kept(case)
    assert (found["x"].act, found["x~2"].act, found["y"].restates) == ("SAY", "REJECT", "x~2")


def test_actors_are_known_by_their_names(case: Path, tmp_path: Path) -> None:
    path = tmp_path / "e.dna.csv"
    head = '"statement_id";"time";"person";"organization";"concept";"agreement";"text";"document_title"'
    rows = [
        f'{n};2026-02-01 10:00:00;"Ada";"{who}";"edge:veto {who}";1;"{QUOTE}";"report"'
        for n, who in ((1, "HOLDER"), (2, "Nobody"))
    ]
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    run("import-claims", case, path, "--coder", "ada")
    first, second = (kept(case)[f"ada/report.{n}"] for n in (1, 2))
    assert (first.says.actor, first.edges[0].actor, first.coder) == ("holder", "holder", "ada")
    assert (second.says.actor, second.says.role) == ("", "Nobody")


def test_reviews_come_back_into_the_same_case_alone(case: Path, tmp_path: Path) -> None:
    run("import-claims", case, write(tmp_path, "a.jsonl", {"id": "a", "quote": QUOTE, "coder": "reader"}))
    run("review", case, "a", "accept", "--coder", "ada", "--reason", "so it says")
    file = tmp_path / "kept.jsonl"
    run("export-claims", case, file)
    (case / "case.sqlite").unlink()
    run("import-claims", case, file, "--keep-reviews")
    restored = kept(case)["a"]
    assert (restored.status, restored.reason, restored.coder) == ("accepted", "so it says", "reader")
    assert run("import-claims", case, file, "--keep-reviews").startswith("0 claims added")

    other = new_case(tmp_path / "other")
    for wrong, where, extra, word in (
        (file, other, (), "come from case 'mine', not from 'other'"),
        (file, case, ("--coder", "eve"), "no coder"),
        (write(tmp_path, "bare.jsonl", {"id": "b", "quote": QUOTE}), case, (), "no case that it names"),
        (tmp_path / "kept.csv", case, (), "JSON Lines alone"),
    ):
        with pytest.raises(EvidenceError, match=word):
            run("import-claims", where, wrong, "--keep-reviews", *extra)
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r'"report": "[0-9a-f]{8}', '"report": "00000000', text, count=1), encoding="utf-8")
    with pytest.raises(EvidenceError, match="has another text in this case"):
        run("import-claims", case, file, "--keep-reviews")


def test_what_is_not_taken_is_told(case: Path, tmp_path: Path) -> None:
    place = tmp_path / "notes"
    place.mkdir()
    (place / "report.txt").write_text((case / "sources" / "report.md").read_text(encoding="utf-8"), encoding="utf-8")
    text = (place / "report.txt").read_text(encoding="utf-8")
    match = re.search(QUOTE.replace(" ", r"\s+"), text)
    assert match is not None
    lines = [
        f"T1\tContent {match.start() + 40} {match.end() + 40}\t{QUOTE}",
        f"T2\tPlace 0 3\t{text[:3]}",
        "#1\tAnnotatorNotes T9\tx",
    ]
    (place / "report.ann").write_text("\n".join(lines), encoding="utf-8")
    assert run("import-claims", case, place, "--coder", "bo").splitlines() == [
        "1 claims added, 0 known before",
        "1 taken, 2 not: 1 note, 1 span of type Place",
        "1 passage stood elsewhere than the file says: found by the words",
    ]


@pytest.mark.parametrize("name", ["\n", "x" * 101, "a\x07b"])
def test_a_coder_without_a_usable_name_is_refused(case: Path, tmp_path: Path, name: str) -> None:
    file = write(tmp_path, "a.jsonl", {"id": "a", "quote": QUOTE})
    with pytest.raises(EvidenceError, match="no name"):
        run("import-claims", case, file, "--coder", name)


@pytest.mark.parametrize(
    "content", ["{", '{"id": 1}', '{"id": "a", "source": "report", "quote": "never said"}', "\ufeff{}"]
)
def test_a_bad_file_ends_the_command_with_one_message_and_stores_nothing(
    case: Path, tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text(content, encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["vetopoint", "import-claims", str(case), str(file)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code not in (0, None)
    told = capsys.readouterr().err
    assert "bad.jsonl" in told
    assert "→" in told
    assert "Traceback" not in told
    assert not (case / "case.sqlite").exists()
