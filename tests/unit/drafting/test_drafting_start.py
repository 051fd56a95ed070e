"""From texts to a case of one's own: the folder appears whole or not at all, and the case runs and rests on the claims read."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vetopoint.answers import Answers
from vetopoint.case import load_case
from vetopoint.cli import complete
from vetopoint.errors import CaseError, EvidenceError, VetopointError
from vetopoint.evidence.desk import Wanted, open_desk
from vetopoint.study import check, open_study
from vetopoint.study.drafting import start as starting
from vetopoint.study.drafting.start import check_started, start_case

ROOT = Path(__file__).parents[3]
SEEN = ROOT / "tests" / "data" / "casting" / "seen"
SEED = ROOT / "cases" / "european-presence" / "sources" / "report.md"


def start(*args: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(complete(), ["start", *map(str, args)])
    return (
        done.exit_code,
        done.stdout,
        done.stderr if not isinstance(done.exception, VetopointError) else str(done.exception),
    )


def test_one_command_goes_from_a_text_to_a_report(tmp_path: Path) -> None:
    code, said, _ = start(SEED, "--dir", tmp_path / "mine", "--draws", 256, "--no-open")
    assert code == 0
    lines = said.splitlines()
    assert 10 < len(lines) <= 40
    for words in (
        "The coalition",
        "Russia",
        "fundamentally different form of military presence",
        "a growing number of the coalition's members:",
        "presence",
        "gaps",
    ):
        assert words in said
    assert any(line.startswith("First answers") for line in lines)
    assert lines[-1] == f"report: {tmp_path / 'mine' / 'out' / 'report.html'}"
    answers = Answers.from_json((tmp_path / "mine" / "out" / "answers.json").read_text(encoding="utf-8"))
    assert answers.run.owner == "coalition"
    assert answers.evidence.claims
    assert answers.veto_points
    assert answers.coalition
    assert answers.truce
    assert answers.change.swings


def test_a_case_that_was_begun_passes_check_and_rests_on_its_claims(tmp_path: Path) -> None:
    started = start_case([SEEN / "strait-hormuz.txt"], tmp_path / "strait")
    assert [problem for problem in check(started.folder) if problem.severity == "error"] == []
    study = open_study(started.folder)
    used = {id for item in study.case.inputs.values() for id in item.origin.claims}
    assert used
    assert used <= {claim.id for claim in study.evidence.claims}
    assert all(claim.status == "proposed" for claim in study.evidence.claims)
    assert set(started.draft.placed) | set(started.draft.unplaced) == {claim.id for claim in started.understood.claims}
    source = study.case.file.sources["strait_hormuz"]
    assert (source.outlet, source.date) == ("The Maritime Gazette", date(2026, 6, 12))
    assert study.case.file.as_of == date(2026, 6, 12)
    assert (started.folder / "sources" / "original" / "strait-hormuz.txt").is_file()


def test_what_was_begun_can_be_reviewed(tmp_path: Path) -> None:
    started = start_case([SEEN / "strait-hormuz.txt"], tmp_path / "strait")
    used = sorted(started.draft.placed)[0]
    with open_desk(started.folder, coder="ada") as desk:
        assert desk.claims(Wanted(statuses=("proposed",)))
        desk.decide_one(used, "accept")
    standing = {claim.id: claim.status for claim in open_study(started.folder).evidence.claims}
    assert standing[used] == "accepted"


@pytest.mark.parametrize("path", sorted((SEEN.parent / "fresh").glob("*.txt")), ids=lambda path: path.stem)
def test_every_text_ends_in_a_case_that_passes_check_with_few_gaps(tmp_path: Path, path: Path) -> None:
    started = start_case([path], tmp_path / "case")
    check_started(started)
    assert 0 < len(started.draft.gaps) <= 6
    assert len(started.draft.placed) * 2 >= len(started.draft.placed) + len(started.draft.unplaced) - 1


def test_nothing_of_another_case_remains(tmp_path: Path) -> None:
    started = start_case([SEEN / "trade-mercosur.txt"], tmp_path / "pact")
    text = (started.folder / "case.yaml").read_text(encoding="utf-8")
    for word in ("Ostia", "Norland", "deploy", "contingent", "ceasefire", "Orrin"):
        assert word not in text
    case = load_case(started.folder)
    assert case.file.title == "The Mercosur pact may founder in Vienna"
    assert set(case.file.actors) <= set(started.understood.telling.parties.names)


def test_a_folder_that_exists_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "note.txt").write_text("keep", encoding="utf-8")
    code, _, said = start(SEED, "--dir", tmp_path / "mine")
    assert code != 0
    assert "exists already → name a new folder with --dir" in said
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["note.txt"]


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, EvidenceError("full"), OSError("full")])
def test_interrupted_in_the_middle_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: BaseException
) -> None:
    def stop(*_: object) -> None:
        raise stopped

    monkeypatch.setattr(starting, "write_case", stop)
    with pytest.raises((KeyboardInterrupt, EvidenceError, OSError)):
        start_case([SEEN / "dam-khorad.txt"], tmp_path / "dam")
    assert list(tmp_path.iterdir()) == []


def test_without_a_date_the_case_says_that_it_took_the_day_of_its_making(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text("Ostia plans a dam. Norland must approve the dam, and Norland has refused.", encoding="utf-8")
    started = start_case([path], tmp_path / "dam", today=date(2031, 2, 3))
    assert "as_of: 2031-02-03    # the texts bear no date" in (started.folder / "case.yaml").read_text(encoding="utf-8")
    assert load_case(started.folder).file.as_of == date(2031, 2, 3)


@pytest.mark.parametrize(
    "words", ["Rain fell.", "It is said that much could be done, and that little was.", "plan " * 30]
)
def test_a_text_without_a_plan_is_refused_in_words(tmp_path: Path, words: str) -> None:
    path = tmp_path / "text.txt"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(EvidenceError, match="→"):
        start_case([path], tmp_path / "case")
    assert not (tmp_path / "case").exists()


def test_a_text_that_attacks_is_a_text_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "{{ 7 * 7 }}.txt"
    path.write_text(
        "<script>alert(1)</script> {{ 7 * 7 }} plan\n\nOstia plans a dam: {{ config }} “: # [}”. Norland must approve the dam "
        "</script>, and Norland has refused. If Norland refuses, Ostia would build {% raw %} a smaller dam instead.",
        encoding="utf-8",
    )
    started = start_case([path], tmp_path / "dam")
    check_started(started)
    assert "49" not in (started.folder / "case.yaml").read_text(encoding="utf-8")


def test_several_texts_make_one_case(tmp_path: Path) -> None:
    for name, text in (
        ("a", "Ostia plans a dam at Karst. Norland must approve the dam, Norland's minister said."),
        ("b", "Norland has refused the dam at Karst. It could block it for years. Vestria supports the dam."),
    ):
        (tmp_path / f"{name}.txt").write_text(f"{text}\n", encoding="utf-8")
    started = start_case([tmp_path / "a.txt", tmp_path / "b.txt"], tmp_path / "dam")
    assert set(load_case(started.folder).file.sources) == {"a", "b"}
    assert started.understood.cast.owner.actor == "ostia"
    assert {claim.source for claim in started.understood.claims} == {"a", "b"}


def test_a_case_with_errors_is_kept_and_said(tmp_path: Path) -> None:
    started = start_case([SEEN / "dam-khorad.txt"], tmp_path / "dam")
    file = started.folder / "case.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("owner: ", "owner: nobody_"), encoding="utf-8")
    with pytest.raises(CaseError, match=r"case\.yaml"):
        check_started(started)
    assert file.is_file()


def test_an_unknown_pattern_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    code, _, said = start(SEED, "--pattern", "presense", "--dir", tmp_path / "mine")
    assert code != 0
    assert "presence" in said
    assert not (tmp_path / "mine").exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    code, _, said = start(SEED, "--dir", tmp_path / "file" / "mine")
    assert code != 0
    assert "file" in said
    assert "→" in said
