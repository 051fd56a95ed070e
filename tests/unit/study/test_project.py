"""Running, tracing and beginning cases; the same seed gives the same bytes; nothing saved is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from support import ROOT
from vetopoint.answers import Answers
from vetopoint.case import CaseError, case_schema
from vetopoint.errors import VetopointError
from vetopoint.study import check, new_case, open_study, run, trace

CASE = ROOT / "cases" / "european-presence"
KEYS = (
    "run",
    "outcomes",
    "goals",
    "veto_points",
    "decisiveness",
    "threats",
    "moments",
    "coalition",
    "truce",
    "change",
    "evidence",
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh copy of the template, run once."""
    folder = new_case(tmp_path_factory.mktemp("study") / "mine")
    run(folder, draws=600, seed=5)
    return folder


def test_a_new_case_is_fine_and_runs(small: Path) -> None:
    assert not [p for p in check(small) if p.severity == "error"]
    answers = Answers.from_json((small / "out" / "answers.json").read_text(encoding="utf-8"))
    assert answers.run.draws == 600
    assert abs(sum(o.probability.mean for o in answers.outcomes) - 1) < 1e-9


def test_same_seed_same_bytes(small: Path, tmp_path: Path) -> None:
    run(small, draws=600, seed=5, out=tmp_path)
    for name in ("answers.json", "draws.parquet"):
        assert (tmp_path / name).read_bytes() == (small / "out" / name).read_bytes()
    run(small, draws=600, seed=6, out=tmp_path)
    assert (tmp_path / "answers.json").read_bytes() != (small / "out" / "answers.json").read_bytes()


def test_run_json_holds_what_is_not_compared(small: Path) -> None:
    about = json.loads((small / "out" / "run.json").read_text(encoding="utf-8"))
    assert about["seconds"] > 0
    recorded = json.loads((small / "out" / "answers.json").read_text(encoding="utf-8"))["run"]
    assert set(recorded["inputs"]) == {"case.yaml", "claims.jsonl", "sources/report.md"}
    assert recorded["seed"] == 5
    assert "seconds" not in recorded


def test_a_faulty_case_leaves_earlier_results_alone(small: Path) -> None:
    before = {p.name: p.read_bytes() for p in (small / "out").iterdir()}
    text = (small / "case.yaml").read_text(encoding="utf-8")
    try:
        (small / "case.yaml").write_text(text.replace("by: holder", "by: hodler", 1), encoding="utf-8")
        with pytest.raises(CaseError, match="did you mean 'holder'"):
            run(small, draws=600, seed=5)
    finally:
        (small / "case.yaml").write_text(text, encoding="utf-8")
    assert {p.name: p.read_bytes() for p in (small / "out").iterdir()} == before


def test_an_unreachable_move_is_reported(small: Path, tmp_path: Path) -> None:
    folder = new_case(tmp_path / "other")
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    changed = text.replace(
        "outcomes:   ",
        "  never: {by: planner, at: 4, when: propose == full and answer == skipped, options: [a, b]}\n\noutcomes:   ",
        1,
    )
    (folder / "case.yaml").write_text(changed, encoding="utf-8")
    assert changed != text
    try:
        messages = [str(p) for p in check(folder)]
    except CaseError as error:
        messages = [str(p) for p in error.problems]
    line = next(i for i, row in enumerate(changed.splitlines(), 1) if "never:" in row)
    assert any("never" in m and f"case.yaml:{line}:" in m for m in messages), messages


def test_a_claim_that_does_not_exist(tmp_path: Path) -> None:
    folder = new_case(tmp_path / "other")
    path = folder / "case.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("claims: [c1]", "claims: [c9]"), encoding="utf-8")
    with pytest.raises(CaseError, match="no claim 'c9'"):
        open_study(folder)


def test_a_claim_that_was_rejected_is_said_to_be_rejected(tmp_path: Path) -> None:
    folder = new_case(tmp_path / "other")
    path = folder / "claims.jsonl"
    first, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([first.replace("{", '{"status": "rejected", ', 1), *rest]), encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        open_study(folder)
    (problem,) = caught.value.problems
    assert "claim 'c1' was rejected" in problem.message
    assert "vetopoint review CASE c1 accept" in problem.remedy
    assert "did you mean" not in problem.remedy
    assert "c1" in (folder / "case.yaml").read_text(encoding="utf-8").splitlines()[problem.line - 1]


def test_new_refuses_a_folder_in_use(small: Path) -> None:
    before = (small / "case.yaml").read_bytes()
    with pytest.raises(VetopointError, match="not empty"):
        new_case(small)
    assert (small / "case.yaml").read_bytes() == before


def test_trace_ends_in_a_sentence() -> None:
    study = open_study(CASE)
    found, steps = trace(study, "conceding")
    assert [s.id for s in steps] == ["c1", "c2"]
    for step in steps:
        text = study.evidence.documents[step.source].text
        assert text[step.sentence_start : step.sentence_end] == step.sentence
        assert [piece.text for piece in step.pieces] == [text[step.start : step.end]]
        assert "The Telegraph" in [link.name for link in step.chain]
    assert found.line > 0


def test_trace_names_near_misses() -> None:
    with pytest.raises(CaseError, match="did you mean"):
        trace(open_study(CASE), "concedin")


def test_every_claim_of_the_bundled_case_stands_in_its_source() -> None:
    study = open_study(CASE)
    for claim in study.evidence.claims:
        text = study.evidence.documents[claim.source].text
        for span in claim.content:
            assert " ".join(text[span.start : span.end].split()) == " ".join(span.text.split())


def test_every_quantity_names_claims_or_says_that_it_is_judgement() -> None:
    study = open_study(CASE)
    for name, quantity in study.case.file.quantities.items():
        assert quantity.from_.claims or quantity.from_.note, name


@pytest.mark.parametrize("folder", sorted(p.parent for p in (ROOT / "cases").glob("*/case.yaml")), ids=lambda p: p.name)
def test_bundled_cases_satisfy_the_schema(folder: Path) -> None:
    from vetopoint.case.document import read_document

    data = json.loads(json.dumps(read_document(folder / "case.yaml").data, default=str))
    jsonschema.Draft202012Validator(case_schema()).validate(data)
    assert not [p for p in check(folder) if p.severity == "error"]


@pytest.mark.timeout(600)
def test_answers_of_the_bundled_case(bundled: Callable[[str], Answers]) -> None:
    answers = bundled(CASE.name)
    stored = json.loads(answers.to_json())
    for key in KEYS:
        assert stored[key], key
    schema = Answers.model_json_schema()
    jsonschema.Draft202012Validator(schema).validate(stored)
    assert answers.evidence.origins == 1
    assert answers.evidence.judged + sum(i.origin == "read" for i in answers.evidence.inputs) == answers.evidence.total
    for outcome in answers.outcomes:
        band = outcome.probability
        assert 0 <= band.lo <= band.hi <= 1
    for point in answers.veto_points:
        assert point.kind in ("rule", "forcing", "effective")
    assert answers.change.swings
    assert answers.change.without_unnamed
