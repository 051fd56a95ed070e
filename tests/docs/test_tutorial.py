"""What the tutorial says of its case is what a run of it says; the messages it quotes are the program's own."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from vetopoint.answers import Answers
from vetopoint.errors import CaseError
from vetopoint.study import check, run

ROOT = Path(__file__).resolve().parents[2]
CASE = ROOT / "cases" / "tutorial-reedmeadow"
PAGE = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("tutorial")

    @cache
    def at(**overrides: str) -> Answers:
        return run(CASE, draws=1024, seed=1, out=folder, overrides=overrides)

    return at


def goal(answers: Answers, name: str) -> float:
    return next(g for g in answers.goals if g.name == name).probability.mean


def test_the_case_is_fine() -> None:
    assert [(p.check, p.where) for p in check(CASE)] == [("coin-toss", "moves.propose")]
    assert "next to a coin toss" in PAGE
    assert "`check` reads the case" in PAGE


def test_the_commands_shown_are_the_runs_tested_here() -> None:
    shown = re.findall(r"(?:run|compare) cases/tutorial-reedmeadow .*?--set (\S+)", PAGE)
    assert shown == ["court_stops=0.95", "flood_worry=0.01", "court_stops=0.95"]


def test_the_boards_refusal_forces_both_goals(answered) -> None:
    for answers in (answered(), answered(flood_worry="0.01")):
        forcing = {(v.actor, v.option, v.goal) for v in answers.veto_points if v.kind == "forcing"}
        assert {("board", "refuse", "as_planned"), ("board", "refuse", "homes")} <= forcing
        assert not any(actor == "neighbours" for actor, _, _ in forcing)


def test_a_dry_board_and_a_lenient_court_help_the_plan(answered) -> None:
    assert goal(answered(flood_worry="0.01"), "as_planned") > goal(answered(), "as_planned")
    planned = [goal(answered(**o), "as_planned") for o in ({"court_stops": "0.95"}, {}, {"court_stops": "0.01"})]
    assert planned == sorted(planned)


def test_a_stricter_court_bears_on_the_full_scheme_far_more_than_on_homes(answered) -> None:
    strict, plain = answered(court_stops="0.95"), answered()
    assert goal(strict, "as_planned") < 0.6 * goal(plain, "as_planned")
    assert goal(strict, "homes") > goal(plain, "homes")


def test_the_neighbours_bear_on_the_full_scheme_more_than_on_homes(answered) -> None:
    on = {d.goal: next(a for a in d.parties if a.party == "neighbours") for d in answered().decisiveness}
    assert on["as_planned"].decisiveness.mean > 2 * on["homes"].decisiveness.mean > 0
    assert all(next(a for a in d.parties if a.owner).party == "city" for d in answered().decisiveness)


def broken(folder: Path, old: str, new: str) -> str:
    text = (CASE / "case.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "case.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    try:
        return "\n".join(map(str, check(folder)))
    except CaseError as error:
        return str(error)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "when: permit == grant",
            "when: permit == grnat",
            "unknown option of 'permit' 'grnat' → did you mean 'grant'?",
        ),
        ("{wet_ground: wet, dry_ground: rest}", "{wet_ground: 0.7, dry_ground: 0.4}", "probabilities add up to 1.1"),
        ("when: contest == sue", "when: court == stops", "'court' comes later → a move can look at earlier moves only"),
        ("pert(0.1, 0.3, 0.6)", "pert(3, 2, 1)", "pert: 3, 2, 1 are not in order"),
        ("worth: -pressure", "worth: -0.4", "nobody uses 'pressure'"),
        ("  small_share:\n    value", "  small_share:\n\tvalue", "a tab in the indentation"),
        ("- [pressure, fees, 0.2]", "- [pressure, fees, 1.2]", "impossible correlation 1.2"),
    ],
)
def test_messages(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert says in broken(tmp_path, old, new)
