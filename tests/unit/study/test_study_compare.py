"""What is compared: sides as they are asked for, days, twins, variants, finished runs; and that figures are those of a run."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

import vetopoint
from vetopoint.answers import Answers, Comparison
from vetopoint.budget import Budget
from vetopoint.case import load_case
from vetopoint.chain.comparing import Between
from vetopoint.chain.comparing import Side as Solvable
from vetopoint.chain.figures import Findings
from vetopoint.chain.frame import frame_of
from vetopoint.errors import CaseError, VetopointError
from vetopoint.evidence import Claim
from vetopoint.evidence.store import Store
from vetopoint.study import open_study, run_study, variants
from vetopoint.study.answered import told_by
from vetopoint.study.compare import Asked, compare, compare_as
from vetopoint.study.dates import as_known, known_on
from vetopoint.study.sides import CaseSide, RunSide, open_side
from vetopoint.study.sources import gather, store_place

ROOT = Path(__file__).resolve().parents[3]
FLAGSHIP = ROOT / "cases" / "european-presence"
FEW = Budget(
    decisiveness=64,
    members=16,
    swings=8,
    twin=16,
    trials=4,
    stability=16,
    retraced=8,
    consent=64,
    worlds=32,
    targets=64,
)

CASE = """
vetopoint: 1
title: A gate
as_of: 2030-03-01
horizon_months: 12
owner: town
actors: {town: {label: The town}, lord: {label: The lord}}
sources:
  letter: {file: letter.md, title: A letter, date: 2030-02-01}
  rumour: {file: rumour.md, title: A rumour}
quantities:
  gain: {value: "uniform(0.8, 1.2)", from: {claims: [c1], by: analyst}, without: "uniform(0, 0.2)", label: What the gate is worth}
  pain: {value: "uniform(0.2, 0.6)", from: {claims: [c2], by: analyst}, label: What it costs the lord}
  odds: {value: likely, from: {claims: [c3], by: hedge}, without: "uniform(0, 1)", label: Odds of a good harvest}
  spare: {value: 3, from: {note: judgement}}
moves:
  luck: {by: chance, at: 0, options: {good: odds, bad: rest}}
  ask: {by: town, at: 1, when: luck == good, options: [ask, wait]}
  answer: {by: lord, at: 2, when: ask == ask, options: [grant, deny], label: The lord answers}
outcomes: {built: answer == grant, denied: answer == deny, none: otherwise}
goals: {built: outcome == built}
payoffs:
  town: {unit: [none, built], gain: {worth: gain, when: outcome == built}, shame: {worth: -0.3, when: answer == deny}}
  lord: {unit: [built, none], pain: {worth: -pain, when: outcome == built}, anger: {worth: -0.5, when: answer == deny}}
precision: {town: 4, lord: 4}
variants:
  free: {label: Nobody is asked, set: {payoffs.lord.pain.worth: -0.1 * pain}}
"""
CLAIMS = (
    {"id": "c1", "source": "letter", "quote": "A gate is worth much.", "chain": ["Ada"], "date": "2030-01-10"},
    {"id": "c2", "source": "letter", "quote": "It would cost him little.", "chain": ["Ada"]},
    {"id": "c3", "source": "rumour", "quote": "The harvest is likely good.", "chain": ["Bo"]},
)


@pytest.fixture
def gate(tmp_path: Path) -> Path:
    folder = tmp_path / "gate"
    folder.mkdir()
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    (folder / "letter.md").write_text("A gate is worth much. It would cost him little.\n", encoding="utf-8")
    (folder / "rumour.md").write_text("The harvest is likely good.\n", encoding="utf-8")
    (folder / "claims.jsonl").write_text("".join(json.dumps(c) + "\n" for c in CLAIMS), encoding="utf-8")
    return folder


def opened(asked: str, **numbers: str) -> CaseSide:
    side = open_side(asked, numbers)
    assert isinstance(side, CaseSide)
    return side


def test_a_side_is_a_case_a_variant_a_day_or_a_twin(gate: Path) -> None:
    assert opened(str(gate)).what == "the case as written"
    assert opened(f"{gate}/case.yaml@twin").twin
    both = opened(f"{gate}@free@2030-01-05@twin", gain="2")
    assert (both.variant, both.day, both.twin) == ("free", dt.date(2030, 1, 5), True)
    said = (
        "the ignorance twin of the variant “Nobody is asked”, as it was known on 5 January 2030, with 1 number replaced"
    )
    assert both.what == said


def test_a_place_whose_name_holds_an_at_is_taken_as_it_stands(gate: Path) -> None:
    moved = gate.rename(gate.parent / "gate@twin")
    assert not opened(str(moved)).twin
    assert opened(f"{moved}@twin").twin


@pytest.mark.parametrize(
    ("asked", "remedy"),
    [
        ("@freee", "did you mean 'free'"),
        ("@2030-13-01", "a date such as"),
        ("@twin@twin", "@twin once"),
        ("@2030-01-01@free", "name the variant before the date"),
        ("@", "a date such as"),
    ],
)
def test_what_is_not_understood_says_what_to_write(gate: Path, asked: str, remedy: str) -> None:
    with pytest.raises(VetopointError, match=remedy):
        open_side(f"{gate}{asked}", {})


def test_a_case_that_is_not_there_and_a_comparison_with_nothing_are_refused(gate: Path) -> None:
    with pytest.raises(VetopointError, match="nowhere"):
        open_side(str(gate.parent / "nowhere@twin"), {})
    with pytest.raises(VetopointError, match="compare it with what"):
        compare(gate)
    with pytest.raises(VetopointError, match="at least one"):
        compare(gate, gate, draws=0)
    with pytest.raises(CaseError, match="no such uncertain number"):
        compare(gate, set_b={"gian": "3"})


def test_numbers_fall_back_whose_claims_came_later(gate: Path) -> None:
    """A claim's own date counts before its document's; without either it is taken as known."""
    study = open_study(gate)
    for day, known in (
        (dt.date(2030, 1, 9), {"c3"}),
        (dt.date(2030, 1, 10), {"c1", "c3"}),
        (dt.date(2030, 2, 1), {"c1", "c2", "c3"}),
    ):
        assert known_on(study, day) == (known, ("c3",))
    early = as_known(study, study.case, dt.date(2030, 1, 9))
    assert early.fallen == {
        "gain": "uniform(0, 0.2)",
        "pain": "uniform(0.2, 0.6)",
    }  # the latter says not: vague on its range
    assert early.later == ("c1", "c2")
    late = as_known(study, study.case, dt.date(2030, 2, 1))
    assert late.case is study.case


def test_a_case_without_dates_says_so(gate: Path) -> None:
    text = CASE.replace(", date: 2030-02-01", "")
    (gate / "case.yaml").write_text(text, encoding="utf-8")
    undated = [{k: v for k, v in claim.items() if k != "date"} for claim in CLAIMS]
    (gate / "claims.jsonl").write_text("".join(json.dumps(c) + "\n" for c in undated), encoding="utf-8")
    with pytest.raises(CaseError, match="no claim has a date"):
        open_side(f"{gate}@2030-01-01", {})


def test_a_claim_that_was_accepted_later_was_not_known_before(gate: Path) -> None:
    """A proposal of a program counts from the day on which a person accepted it, not before."""
    text = CASE.replace("claims: [c2]", "claims: [m1]").replace("date: 2030-02-01", "date: 2020-01-01")
    (gate / "case.yaml").write_text(text, encoding="utf-8")
    case = load_case(gate)
    place = store_place(case)
    documents = gather(case, place).documents
    with Store(place.where, place.case) as store:
        store.add_document(documents["letter"])
        store.add_claims(
            [Claim(id="m1", source="letter", quote="It would cost him little.", coder="robot", status="proposed")]
        )
        store.review("m1", "ada", "accept")
        today = dt.date.fromisoformat(store.log()[-1].at[:10])
    opened_now = open_study(gate)
    before, after = (known_on(opened_now, day)[0] for day in (today - dt.timedelta(days=1), today))
    assert ("m1" in before, "m1" in after) == (False, True)


def test_two_days_of_a_case_are_compared(gate: Path) -> None:
    found = compare(f"{gate}@2030-01-09", f"{gate}@2030-02-01", draws=300)
    assert [(p.kind, p.name, p.before, p.after) for p in found.parts] == [
        ("number", "number:gain", "uniform(0, 0.2)", "uniform(0.8, 1.2)")
    ]
    built = next(f for f in found.figures if (f.kind, f.name) == ("goal", "built"))
    assert built.moved
    assert sum(share.share for share in built.shares) == pytest.approx(built.change, abs=1e-12)
    assert found.a.fallen.keys() == {"gain", "pain"}
    assert found.notes


def test_a_case_against_itself_with_one_number_replaced(gate: Path) -> None:
    """Without a second case the first is taken; what `set_a` says holds in both then."""
    short, long_ = compare(gate, draws=200, set_b={"gain": "3"}), compare(gate, gate, draws=200, set_b={"gain": "3"})
    assert short == long_
    both = compare(gate, draws=200, set_a={"pain": "1"}, set_b={"gain": "3"})
    assert (both.a.set, both.b.set) == ({"pain": "1"}, {"pain": "1", "gain": "3"})
    assert [part.name for part in both.parts] == ["number:gain"]


def test_a_case_and_itself_differ_by_nothing_and_an_idle_number_is_named(gate: Path) -> None:
    same = compare(gate, gate, draws=200)
    assert {figure.change for figure in same.figures} == {0.0}
    assert (same.parts, same.vetoes, same.method) == ((), (), "none")
    assert same.why_none == "nothing that enters the answers differs"
    idle = compare(gate, draws=200, set_b={"spare": "9"})
    assert {figure.change for figure in idle.figures} == {0.0}
    assert [(part.name, part.idle) for part in idle.parts] == [("number:spare", True)]


def test_a_comparison_is_the_same_bytes_twice_and_fits_its_schema(gate: Path) -> None:
    one, two = (vetopoint.compare(gate, f"{gate}@twin", draws=200).to_json() for _ in range(2))
    assert one == two
    jsonschema.Draft202012Validator(Comparison.model_json_schema()).validate(json.loads(one))
    assert {part["kind"] for part in json.loads(one)["parts"]} == {"payoffs", "odds"}


def test_a_variant_keeps_the_units_of_its_case(gate: Path) -> None:
    """So that raising an actor's stakes shows, as `vetopoint variants` has it."""
    found = compare(gate, f"{gate}@free", draws=200)
    assert [part.kind for part in found.parts] == ["construction"]
    side_by_side = variants(open_study(gate).case, 200)
    built = next(f for f in found.figures if (f.kind, f.name) == ("goal", "built"))
    for answer, value in zip(side_by_side, (built.before, built.after), strict=True):
        band = answer.goals["built"]
        assert band is not None
        assert value == pytest.approx(band.mean, abs=1e-3)


def ran(case: Path, out: Path, draws: int = 200) -> Answers:
    return run_study(open_study(case), draws, 1, out, budget=FEW)


def test_a_finished_run_is_solved_again_where_its_case_lies_beside_it(gate: Path) -> None:
    ran(gate, gate / "out")
    found = compare(gate / "out", gate, draws=200)
    assert found.paired
    assert {figure.change for figure in found.figures} == {0.0}
    assert "its case lies beside it as it was run" in found.notes[0]


@pytest.mark.parametrize("what", ["changed", "elsewhere", "broken"])
def test_a_finished_run_whose_case_is_not_at_hand_is_compared_by_its_answers(gate: Path, what: str) -> None:
    answers = ran(gate, gate / "out")
    run = gate / "out"
    if what == "elsewhere":
        run = gate.parent / "kept"
        shutil.move(gate / "out", run)
    else:
        text = CASE.replace("horizon_months: 12", "horizon_months: 24") if what == "changed" else "nothing"
        (gate / "case.yaml").write_text(text, encoding="utf-8")
    side = open_side(str(run), {})
    assert isinstance(side, RunSide)
    found = compare(run, run)
    assert not found.paired
    assert (found.method, found.parts) == ("none", ())
    assert "not at hand" in found.why_none
    assert {"changed": "has changed", "elsewhere": "no case lies beside", "broken": "cannot be opened"}[
        what
    ] in found.notes[0]
    built = next(f for f in found.figures if (f.kind, f.name) == ("goal", "built"))
    assert (built.before, built.change, built.moved) == (answers.goals[0].probability.mean, 0.0, False)


def test_two_runs_are_paired_by_their_draws_also_where_something_is_presupposed(gate: Path) -> None:
    text = CASE.replace("{built: answer == grant,", "{dry: luck == bad, built: answer == grant,")
    text += "presupposes: luck == good\n"
    (gate / "case.yaml").write_text(text, encoding="utf-8")
    kept = [gate.parent / name for name in ("one", "two")]
    answers = [
        run_study(open_study(gate, {"gain": v}), 600, 1, out, budget=FEW)
        for v, out in zip(("1", "1.2"), kept, strict=True)
    ]
    found = compare(*kept)
    solved = compare(gate, draws=600, set_a={"gain": "1"}, set_b={"gain": "1.2"})
    of_goals = [[f for f in c.figures if f.kind in ("goal", "outcome")] for c in (found, solved)]
    assert len(of_goals[0]) == 5
    for mine, other in zip(*of_goals, strict=True):
        assert (mine.name, mine.moved) == (other.name, other.moved)
        assert (mine.change, mine.error) == pytest.approx((other.change, other.error), abs=1e-7, rel=1e-4)
    built = of_goals[0][0]
    printed = [a.goals[0].presupposed for a in answers]
    assert built.error < 0.5 * max(band.mc for band in printed if band is not None)
    (kept[0] / "draws.parquet").write_bytes(b"none")
    apart = compare(*kept).figures[0]
    assert (apart.change, apart.error > built.error) == (pytest.approx(built.change, abs=1e-7), True)


def test_a_run_and_a_case_are_compared_by_what_both_have(gate: Path) -> None:
    ran(gate, gate.parent / "kept")
    found = compare(gate.parent / "kept", gate, draws=200)
    others = [figure.change for figure in found.figures if figure.kind != "key"]
    assert others == pytest.approx([0.0] * 4, abs=1e-8)
    assert {figure.moved for figure in found.figures} == {False}
    assert found.key is not None
    assert found.key.before == found.key.after == "lord"


def test_a_file_that_holds_no_answers_and_a_run_that_is_to_be_changed_are_refused(gate: Path) -> None:
    ran(gate, gate.parent / "kept")
    with pytest.raises(VetopointError, match="cannot be changed by @twin"):
        open_side(f"{gate.parent / 'kept'}@twin", {})
    with pytest.raises(VetopointError, match="cannot be changed by --set gain"):
        open_side(str(gate.parent / "kept"), {"gain": "1"})
    (gate.parent / "kept" / "answers.json").write_text("{}", encoding="utf-8")
    with pytest.raises(VetopointError, match=r"answers\.json: not readable"):
        open_side(str(gate.parent / "kept"), {})


def test_other_goals_and_actors_are_told_of_one_side_only(gate: Path) -> None:
    other = gate.parent / "other"
    shutil.copytree(gate, other)
    text = CASE.replace("goals: {built: outcome == built}", "goals: {asked: ask == ask, built: outcome == built}")
    (other / "case.yaml").write_text(text, encoding="utf-8")
    found = compare(gate, other, draws=200)
    assert [(u.side, u.kind, u.label) for u in found.only] == [("b", "goal", "asked")]
    assert found.key is None
    assert any("leading goals differ" in note for note in found.notes)


@pytest.fixture(scope="module")
def flagship(bundled: Callable[[str], Answers]) -> tuple[Answers, Findings]:
    """The answers of a run of the flagship, and what it is compared by, on the same draws."""
    side = Solvable(frame_of(open_study(FLAGSHIP).case))
    return bundled(FLAGSHIP.name), Between(side, side, 256, 1).findings[0]


@pytest.mark.parametrize("kind", ["goal", "outcome", "threat", "truce", "member", "key"])
def test_what_is_compared_is_what_a_run_answers(flagship: tuple[Answers, Findings], kind: str) -> None:
    """One figure, one source: each figure of a case is the one that its run prints, with its error."""
    answers, findings = flagship
    told = {key: pair for key, pair in told_by(answers).figures.items() if key[0] == kind}
    assert told
    mine = {key: (findings.figures[key].value, findings.figures[key].error) for key in told}
    for key, pair in told.items():
        assert mine[key] == pytest.approx(pair, abs=1e-8, rel=1e-6), key


def test_vetoes_and_who_decides_are_those_of_a_run(flagship: tuple[Answers, Findings]) -> None:
    answers, findings = flagship
    told = told_by(answers)
    assert told.vetoes.keys() == findings.vetoes.keys() != set()
    keys = findings.keys
    assert (told.leader, told.decisive, told.attempted) == (keys.leader, keys.decisive, keys.attempted)


def test_every_change_is_told_apart_where_that_is_asked_for(gate: Path) -> None:
    found = compare_as(gate, None, Asked(200, 1, set_b={"gain": "3", "pain": "1"}, each=True))
    assert (found.method, [part.name for part in found.parts]) == ("exact", ["number:gain", "number:pain"])
