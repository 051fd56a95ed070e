"""From texts to a case of one's own: the folder appears whole or not at all, and the case runs and rests on the claims read."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from vetopoint.answers import Answers
from vetopoint.case import load_case
from vetopoint.cli import complete
from vetopoint.cli._start import understood_lines
from vetopoint.errors import CaseError, EvidenceError, VetopointError
from vetopoint.evidence.desk import Wanted, open_desk
from vetopoint.study import check, open_study
from vetopoint.study.drafting import start as starting
from vetopoint.study.drafting.start import check_started, start_case, understand

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
    written = (started.folder / "case.yaml").read_text(encoding="utf-8")
    assert re.search(
        r"^as_of: 2031-02-03 +# the texts bear no date: the day on which the case was begun; ", written, re.M
    )
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


@pytest.mark.parametrize(
    "words",
    [
        "Heavy rain fell in the north on Tuesday, and rivers rose. The weather agency said that the worst was over. Farmers said that "
        "spring crops had suffered. More showers are expected until Friday.",
        "Nordfon showed its new telephone in Stockholm on Monday. The firm's chief, Ulla Berg, said that the battery would last two days. "
        "Sales begin in Sweden, Germany and France.",
        "Shelling killed four people in Karst on Wednesday, officials said. The Vostran army denied that it had fired. Kelmen's president "
        "threatened to retaliate.",
    ],
)
def test_a_text_about_no_plan_is_refused_unless_a_pattern_says_that_it_is_one(tmp_path: Path, words: str) -> None:
    path = tmp_path / "text.txt"
    path.write_text(words, encoding="utf-8")
    code, _, said = start(path, "--dir", tmp_path / "case")
    assert code != 0
    assert "speak of no plan that needs somebody's yes" in said
    assert "--pattern" in said
    assert not (tmp_path / "case").exists()
    check_started(start_case([path], tmp_path / "case", pattern="approval"))


def _nothing_parses(*_: object, **__: object) -> None:
    raise AssertionError("a text was parsed")


def test_a_folder_named_by_the_title_is_refused_before_anything_is_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "khorad-dam-downstream-anger").mkdir()
    monkeypatch.setattr(starting, "tell", _nothing_parses)
    with pytest.raises(
        EvidenceError, match="khorad-dam-downstream-anger: exists already → name a new folder with --dir"
    ):
        start_case([SEEN / "dam-khorad.txt"])


@pytest.mark.parametrize(
    ("more", "said"), [(["--pattern", "presense"], "did you mean 'presence'?"), (["--dir", "."], "exists already →")]
)
def test_what_is_wrong_with_the_command_is_told_without_the_reader(tmp_path: Path, more: list[str], said: str) -> None:
    program = (
        "import sys\nfrom vetopoint.cli import main\n"
        f"sys.argv = ['vetopoint', 'start', {str(SEED)!r}, *{more!r}]\n"
        "try:\n    main()\nfinally:\n    print('read' if 'spacy' in sys.modules else 'unread')"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, env=os.environ)
    assert done.returncode != 0
    assert said in done.stderr
    assert "reading" not in done.stderr
    assert done.stdout.splitlines()[-1] == "unread"


def test_texts_on_two_plans_are_told_apart_and_the_first_is_drafted(tmp_path: Path) -> None:
    code, said, _ = start(
        SEEN / "dam-khorad.txt", SEEN / "school-merger.txt", "--dir", tmp_path / "case", "--draws", 64, "--no-open"
    )
    assert code == 0
    assert said.startswith("These texts seem to speak of two plans: the new dam at Khorad (Khoristan) in dam_khorad, ")
    assert "Drafted from the first, without school_merger → start each of the others by itself." in said
    case = load_case(tmp_path / "case")
    assert set(case.file.sources) == {"dam_khorad"}
    assert "school" not in (tmp_path / "case" / "case.yaml").read_text(encoding="utf-8").casefold()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ceta-wallonia", "ceta-2016/sources/article.md"),
        ("grain-corridor", "grain-corridor-2023/sources/article.md"),
        ("dam-khorad", ""),
    ],
)
def test_two_texts_on_one_plan_are_one_case(one: str, other: str, tmp_path: Path) -> None:
    first = SEEN / f"{one}.txt"
    second = ROOT / "cases" / other if other else tmp_path / "again.txt"
    if not other:
        second.write_text(first.read_text(encoding="utf-8"), encoding="utf-8")
    assert understand([first, second]).aside == {}
    assert understand([second, first]).aside == {}


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("Review of Dams, May 2026\n\n", "the text says “May 2026” and no day: taken as the first"),
        ("OSTIA, Jan 17 (AFP) - ", "“Jan 17” has no year and was not taken"),
    ],
)
def test_what_is_not_plain_of_the_date_is_said(tmp_path: Path, head: str, said: str) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(f"{head}Ostia plans a dam. Norland must approve the dam. Of 2019 nobody speaks.", encoding="utf-8")
    started = start_case([path], tmp_path / "dam", today=date(2031, 2, 3))
    assert any(said in line for line in understood_lines(started))
    assert said in (started.folder / "case.yaml").read_text(encoding="utf-8").split("horizon_months")[0]


def test_the_day_of_the_decision_is_said(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(
        "OSTIA, 3 May 2026 (AFP) - Ostia plans a merger. Norland must approve the merger by a vote on 9 July. Bids end by 1 June.",
        encoding="utf-8",
    )
    started = start_case([path], tmp_path / "case", pattern="approval")
    told = "2026-07-09 (“vote on 9 July”), rather than 2026-06-01 (“by 1 June”)"
    assert any(told in line for line in understood_lines(started))
    assert f"# decided on {told}" in (started.folder / "case.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "party", "absent"),
    [
        ("The leader of Verda, Ana Jansen, wants a pact. The pact needs the yes of the Union of Dockers. Jansen (Verda) said so.", "verda", "jansen"),
        ("Piet Oster (FNB) must approve the pact that Havenraad has proposed. The FNB has refused. Oster said no.", "fnb", "piet_oster"),
    ],
)  # fmt: skip
def test_a_person_and_the_party_are_one(tmp_path: Path, text: str, party: str, absent: str) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(text, encoding="utf-8")
    cast = understand([path]).cast
    actors = {each.actor for each in (cast.owner, *cast.consenters, *cast.backers, *cast.rivals)}
    assert party in actors
    assert absent not in actors


def test_a_party_and_its_own_congress_are_no_two_strangers(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(
        "Ostberg has proposed a coalition agreement. The Greens must approve the agreement. They have not agreed. The congress of the "
        "party must approve the agreement on Saturday.",
        encoding="utf-8",
    )
    cast = understand([path]).cast
    assert [each.actor for each in cast.consenters if each.actor not in cast.within] == ["greens"]


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
