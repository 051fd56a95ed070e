"""Claims out of a case and in again, agreement and positions, from the command line."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from typer.testing import CliRunner

from support import ROOT, examples
from vetopoint.cli import complete
from vetopoint.errors import EvidenceError
from vetopoint.evidence import Claim, Document, locate
from vetopoint.evidence.store import Store
from vetopoint.study import new_case, open_study

TEXTS = {
    "jan": ("2026-01-05", "Poland said patrols cannot sail unless Moscow agrees. France rejected the plan."),
    "feb": ("2026-02-05", "France supported the plan and said patrols cannot sail unless Moscow agrees."),
}


def run(*args: str | Path) -> str:
    done = CliRunner().invoke(complete(), [str(arg) for arg in args], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A copy of the bundled case with two dated texts and the claims of a hand in its store."""
    folder = tmp_path / "case"
    shutil.copytree(ROOT / "cases" / "european-presence", folder, ignore=shutil.ignore_patterns("out", "*.sqlite"))
    study = open_study(folder)
    one, other = list(study.case.file.members)[:2]
    needs = {"kind": "requires", "actor": "russia"}
    said = [
        ("a", "jan", "patrols cannot sail unless Moscow agrees", one, "CONCEDE", (needs,)),
        ("b", "jan", "rejected the plan", other, "REJECT", ()),
        ("c", "feb", "supported the plan", other, "SUPPORT", ()),
        ("d", "feb", "patrols cannot sail unless Moscow agrees", other, "CONCEDE", (needs,)),
    ]
    claims = [
        Claim(id=i, source=s, quote=q, chain=({"name": w, "actor": w},), act=a, edges=e, status="proposed")
        for i, s, q, w, a, e in said
    ]
    with study.store.open() as store:
        for name, (day, text) in TEXTS.items():
            store.add_document(Document(id=name, text=text, date=dt.date.fromisoformat(day)))
        store.add_claims(locate(claims, {name: text for name, (_, text) in TEXTS.items()}))
    return folder


@pytest.mark.parametrize("name", ["c.jsonl", "c.csv", "c.parquet", "c.jsonld", "c.qdpx"])
def test_claims_go_out_and_are_known_when_they_come_back(case: Path, tmp_path: Path, name: str) -> None:
    number = int(run("export-claims", case, tmp_path / name).split()[0])
    assert number > 4
    with Store(case / "case.sqlite") as store:
        before = store.claims()
    new = int(run("import-claims", case, tmp_path / name, "--coder", "ada").split()[0])
    assert new == number
    assert run("import-claims", case, tmp_path / name, "--coder", "ada").startswith("0 claims added")
    with Store(case / "case.sqlite") as store:
        assert tuple(c for c in store.claims() if c.coder == "hand") == before
        mine = {c.id: c for c in store.claims() if c.coder == "ada"}
    for claim in before:
        assert mine[f"ada/{claim.id}"].content == claim.content
        assert mine[f"ada/{claim.id}"].edges == claim.edges


def test_a_brat_folder_comes_back_with_its_spans(case: Path, tmp_path: Path) -> None:
    run("export-claims", case, tmp_path / "out.brat")
    assert (tmp_path / "out.brat" / "jan.txt").read_text(encoding="utf-8") == TEXTS["jan"][1]
    run("import-claims", case, tmp_path / "out.brat", "--coder", "bo")
    with Store(case / "case.sqlite") as store:
        spans = {
            name: {c.content for c in store.claims() if (c.coder, c.source) == (name, "jan")} for name in ("bo", "hand")
        }
    assert spans["bo"] == spans["hand"]


def test_claims_of_another_text_are_refused(case: Path, tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    run("export-claims", case, file)
    file.write_text(
        file.read_text(encoding="utf-8").replace("rejected the plan", "accepted the plan"), encoding="utf-8"
    )
    with pytest.raises(EvidenceError, match="another version"):
        run("import-claims", case, file, "--coder", "ada")
    with Store(case / "case.sqlite") as store:
        assert "ada" not in store.coders()
    with pytest.raises(EvidenceError, match="exists already"):
        run("export-claims", case, file)


def test_claims_are_listed_as_they_stand_or_by_what_they_bear_on_the_plan(case: Path) -> None:
    listed = [
        [
            row["id"]
            for line in run("claims", case, "--format", "jsonl", *order).splitlines()
            if (row := json.loads(line))
        ]
        for order in ([], ["--order", "bearing"])
    ]
    assert sorted(listed[0]) == sorted(listed[1])
    first, last = (listed[1].index(name) for name in ("a", "b"))
    assert first < last, "what is required stands before what is rejected"
    assert [name for name in listed[0] if name in "cd"] == ["c", "d"]
    assert [name for name in listed[1] if name in "cd"] == ["d", "c"]


def test_agreement_between_the_hand_and_a_reviewer(case: Path) -> None:
    assert "needs two" in run("agreement", case)
    with Store(case / "case.sqlite") as store:
        for claim in "abc":
            store.review(claim, "ada", "accept")
        store.review("d", "ada", "correct", changes={"act": "SAY"})
        store.review("a", "eve", "reject", reason="not said")
    found = json.loads(run("agreement", case, "--json"))
    assert found["coders"]["ada"] == 4
    assert 0 < found["alpha"]["act"] < 1
    pairs = {tuple(pair["coders"]): pair for pair in found["pairs"]}
    assert pairs["ada", "hand"]["content"]["f1"] == 100
    assert pairs["eve", "hand"]["content"]["f1"] == 0
    assert "act" in run("agreement", case)


def test_positions_over_time_with_their_turn_and_the_conceding_share(case: Path) -> None:
    other = list(open_study(case).case.file.members)[1]
    found = json.loads(run("positions", case, "--on", "russia", "--json"))
    assert [(c["actor"], c["direction"]) for c in found["changes"]] == [(other, "softening")]
    assert [(s["date"], s["conceding"], s["speaking"]) for s in found["shares"]["russia"]] == [
        ("2026-01-05", 1, 1),
        ("2026-02-05", 2, 2),
    ]
    lines = run("positions", case)
    assert "softening" in lines
    assert "2 of 2 that spoke" in lines


def test_a_draft_beside_its_case_finds_the_same_claims(case: Path) -> None:
    for claim in ("a", "d"):
        run("review", case, claim, "accept", "--coder", "ada")
    run("draft", case, "--out", case / "draft.yaml")
    assert "fine" in run("check", case / "draft.yaml")


def test_polarity_is_corrected_as_a_number(case: Path) -> None:
    run("review", case, "c", "correct", "--coder", "ada", "--change", "polarity=-1")
    with Store(case / "case.sqlite") as store:
        assert next(c for c in store.claims() if c.id == "c").polarity == -1


FOLDERS = (
    st.text(st.sampled_from("?#%41&=;:@[]{}*'\"\\ ~+ü é\u0301🚀$") | st.characters(exclude_categories=["Cs", "Cc"]))
    .map(lambda name: name.replace("/", "")[:40])
    .filter(lambda name: name not in ("", ".", ".."))
)


@examples(4, soak=30)
@given(FOLDERS)
@example("a?b")
@example("a#b")
@example("%41")
@example("file:x?mode=memory")
@example("[a] 'b' {c}")
def test_the_store_lies_in_the_case_folder_whatever_that_is_called(name: str) -> None:
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        (root / "A").mkdir()
        (root / "news.txt").write_text("Ada Norman said that the talks had failed.", encoding="utf-8")
        folder = new_case(root / name)
        assert "1 claims proposed" in run("read", root / "news.txt", "--case", folder)
        assert "the talks had failed" in run("claims", folder)
        assert "fine" in run("check", folder)
        assert {str(path) for path in root.rglob("*sqlite*")} == {str(folder / "case.sqlite")}
        for form in ("parquet", "csv", "qdpx"):
            file = folder / f"{name[:10]}.{form}"
            number = int(run("export-claims", folder, file).split()[0])
            assert number >= 2
            assert run("import-claims", folder, file, "--coder", form).startswith(f"{number} claims added")
