"""What the bundled cases' reports say, word for word: the same from the stored answers, means within bands, labels and no ids."""

from __future__ import annotations

import html
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from vetopoint.answers import Answers
from vetopoint.budget import Budget
from vetopoint.case import load_case
from vetopoint.chain import build_world, drawn_beside, frame_of, sample_case
from vetopoint.chain.change import leading_doubt
from vetopoint.cli import complete
from vetopoint.quantity import Band, compile_inputs
from vetopoint.study import open_study, run_study
from vetopoint.study.evidence_section import fixed_numbers
from vetopoint.view.charts import pictures
from vetopoint.view.names import names_of
from vetopoint.view.numbers import number, number_band, percent, percent_band, points_band
from vetopoint.view.report import render_report
from vetopoint.view.sentences import cautions, not_computed, passages
from vetopoint.view.text import render_text

CASES = Path(__file__).parents[3] / "cases"
FEW = Budget(
    swings=16, twin=32, trials=4, decisiveness=32, threats=64, retraced=8, stability=8, members=16, first=256, targets=64,
    watch=16, curves=16, worlds=16, issues=32, consent=16, expectations=16,
)  # fmt: skip

#: A chance that few draws carry: its mean lies outside its band. A source that is a summary, with a condition and two origins.
SKEWED = """
vetopoint: 1
title: A fire
as_of: 2030-01-01
horizon_months: 12
owner: owner_of_it
sources: {note: {file: note.md, kind: summary, title: A note, outlet: The Wire, date: 2029-12-01}}
actors: {owner_of_it: {label: The owner}, next_door: {label: The one next door}}
quantities:
  fires: {value: "beta(0.005, 0.5)", from: {claims: [c1]}, without: "uniform(0, 1)", label: A fire breaks out}
  loss: {value: "uniform(0.5, 1.5)", from: {claims: [c2]}, without: "uniform(0, 2)", label: What it costs}
moves:
  to_guard: {by: owner_of_it, at: 1, options: [with_guard, no_guard], label: The owner posts a guard, labels: {with_guard: posts one, no_guard: posts none}}
  to_call: {by: next_door, at: 2.5, options: [calls_in, looks_on], label: The one next door looks, labels: {calls_in: calls it in, looks_on: looks on}}
  the_fire: {by: chance, at: 3, options: {breaks_out: 0.5 * fires, stays_out: rest}, label: The night, labels: {breaks_out: it burns, stays_out: it does not}}
outcomes: {burnt_down: the_fire == breaks_out, still_there: otherwise}
outcome_labels: {burnt_down: Burnt to the ground, still_there: Still standing}
goals: {is_burnt: outcome == burnt_down}
goal_labels: {is_burnt: It burns down}
payoffs:
  owner_of_it:
    unit: [burnt_down, still_there]
    loss: {worth: -0.7 * loss, when: outcome == burnt_down}
    guard: {worth: -0.25, when: to_guard == with_guard}
  next_door: {unit: [burnt_down, still_there], loss: {worth: -1, when: outcome == burnt_down}, call: {worth: -0.1, when: to_call == calls_in}}
"""
NOTE = "The Wire reports that a fire is feared if nobody stands guard. A neighbour said that it would cost a fortune.\n"
CLAIMS = (
    '{"id": "c1", "source": "note", "quote": "a fire is feared", "condition": "nobody stands guard", "chain": ["The Wire (outlet)"]}\n'
    '{"id": "c2", "source": "note", "quote": "it would cost a fortune", "condition": "c1", "chain": ["The Wire (outlet)", "a neighbour"]}\n'
)


@pytest.fixture(scope="module", params=["cyprus-1964", "ceta-2016", "tutorial-reedmeadow", "watched-line", "skewed"])
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Answers, str]:
    """The folder of a case that was run, what it answered, and the report that it wrote."""
    folder = tmp_path_factory.mktemp("said") / request.param
    if request.param == "skewed":
        folder.mkdir()
        for name, text in (("case.yaml", SKEWED), ("note.md", NOTE), ("claims.jsonl", CLAIMS)):
            (folder / name).write_text(text, encoding="utf-8")
    else:
        shutil.copytree(CASES / request.param, folder)
    answers = run_study(
        open_study(folder), 512, 1, None, None, FEW, tell=lambda found: (found, {"report.html": render_report(found)})
    )
    return folder, answers, (folder / "out" / "report.html").read_text(encoding="utf-8")


def bands(part: Any, path: str = "") -> Iterator[tuple[str, Band]]:
    if isinstance(part, Band):
        yield path, part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from bands(value, f"{path}.{key}")
    elif isinstance(part, list | tuple):
        for i, value in enumerate(part):
            yield from bands(value, f"{path}[{i}]")
    elif hasattr(type(part), "model_fields"):
        for key in type(part).model_fields:
            yield from bands(getattr(part, key), f"{path}.{key}")


def numbers_in(text: str) -> list[float]:
    """The mean and the two ends of a band as printed; "under 1%" lies between its neighbours."""
    text = text.replace("−", "-").replace("under 1%", "0.4%").replace("over 99%", "99.6%").replace(",", "")
    return [float(n) for n in re.findall(r"(?:(?<![\d.])-)?\d+(?:\.\d+)?(?:e[+-]?\d+)?", text)]


def test_every_mean_lies_within_its_band_as_printed(ran: tuple[Path, Answers, str]) -> None:
    folder, answers, _ = ran
    found = list(bands(answers))
    assert len(found) > 20
    outside = [path for path, b in found if not b.lo - 1e-9 <= b.mean <= b.hi + 1e-9]
    assert outside or folder.name != "skewed"
    for path, b in found:
        for said in (percent_band(b), points_band(b), number_band(b)):
            mean, *ends = numbers_in(said)
            assert len(ends) in (0, 2), (path, said)
            assert not ends or ends[0] <= mean <= ends[1], (path, said)


def test_the_report_made_anew_says_word_for_word_what_the_run_said(ran: tuple[Path, Answers, str]) -> None:
    folder, answers, report = ran
    stored = Answers.from_json((folder / "out" / "answers.json").read_text(encoding="utf-8"))
    assert stored == answers
    again = CliRunner().invoke(complete(), ["report", str(folder)], env={"COLUMNS": "120"})
    assert again.exit_code == 0, again.output
    assert (folder / "out" / "report.html").read_text(encoding="utf-8") == report
    assert render_text(answers) in again.output


def words_of(report: str) -> str:
    """What a reader of a report reads, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", report)).split())


def told(answers: Answers) -> list[str]:
    """Every sentence, note and table cell of a report, the case's own expressions apart."""
    names = names_of(answers)
    said = [s.text for p in passages(answers, names) for s in p.sentences]
    said += [line for item in cautions(answers, names) for line in (item.head, *item.lines)]
    said += not_computed(answers, names)
    for figure in (f for made in pictures(answers, names).values() for f in made if f is not None):
        said += [figure.title, figure.sentence, figure.note]
        said += [
            c.say(row[i])
            for row in figure.table.rows
            for i, c in enumerate(figure.table.columns)
            if c.head not in ("Its rule", "Written otherwise")
        ]
    return [text for text in said if text]


def test_labels_and_no_ids(ran: tuple[Path, Answers, str]) -> None:
    """No id in what is said, unless it is a plain word: a labelled one with an underscore, or an actor whom no label calls so."""
    folder, answers, _ = ran
    file = open_study(folder).case.file
    labelled = {m for m, move in file.moves.items() if move.label} | {o for m in file.moves.values() for o in m.labels}
    labelled |= {
        *file.outcome_labels,
        *file.goal_labels,
        *(q for q, quantity in file.quantities.items() if quantity.label),
    }
    words = re.findall(
        r"\w+", (folder / "case.yaml").read_text(encoding="utf-8").partition("\nmoves:")[0].partition("summary:")[2]
    )
    actors = {a for a, actor in file.actors.items() if actor.label}
    ids = {name for name in labelled if "_" in name} | {a for a in actors if "_" in a or words.count(a) <= 1}
    assert ids or folder.name in ("tutorial-reedmeadow", "watched-line")
    for text in told(answers):
        for name in ids:
            assert not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text), (name, text)


def test_fixed_numbers_are_counted_and_said_to_be_structure(ran: tuple[Path, Answers, str]) -> None:
    folder, answers, report = ran
    evidence = answers.evidence
    if folder.name == "skewed":
        assert (evidence.dates, evidence.coefficients) == (
            3,
            4,
        )  # 0.5, -0.7, -0.25 and -0.1: 1 and 0 set scale and sign
    assert evidence.dates > 0
    assert f"{'Three' if evidence.dates == 3 else ''}" in report
    assert "part of the structure: set by the case, not found" in words_of(report)


def test_a_variant_adds_no_date(tmp_path: Path) -> None:
    """What a variant writes otherwise is no part of the case's own structure."""
    text = (CASES / "tutorial-reedmeadow" / "case.yaml").read_text(encoding="utf-8")
    later = "variants:\n  later: {set: {moves.permit: {by: board, at: 9, options: [grant, deny]}}}\n"
    counted = []
    for name, written in (
        ("with", text.replace("variants:\n", later, 1)),
        ("without", text.partition("\nvariants:")[0]),
    ):
        (tmp_path / f"{name}.yaml").write_text(written, encoding="utf-8")
        counted.append(fixed_numbers(load_case(tmp_path / f"{name}.yaml")))
    assert counted[0] == counted[1]
    assert counted[0][0] > 0


def test_a_summary_is_no_quotation_and_a_condition_keeps_its_if(ran: tuple[Path, Answers, str]) -> None:
    folder, answers, report = ran
    if folder.name == "skewed":
        assert "“a fire is feared”" not in report
        assert "a fire is feared, if nobody stands guard (as summarised by the case's authors)" in report
        assert "it would cost a fortune, if a fire is feared (as summarised" in report
        assert "two claims from two origins as told in one document" in words_of(report).lower()
        traced = CliRunner().invoke(complete(), ["trace", str(folder), "fires"])
        assert "“" not in traced.output
        assert "as summarised by the case's authors" in traced.output
    summaries = {s.id for s in answers.evidence.sources if s.kind == "summary"}
    assert summaries == {c.source for c in answers.evidence.claims}
    assert report.count("(as summarised by the case's authors)") == len(answers.evidence.claims)
    assert "<blockquote>" not in report


def test_what_is_printed_of_a_counterexample_is_reproduced_by_it(ran: tuple[Path, Answers, str]) -> None:
    """Solved anew with the printed numbers set and every other at its median; by no code of the search."""
    folder, answers, _ = ran
    shown, goal = answers.change.counterexample, answers.goals[0]
    names = names_of(answers)
    words = " ".join(line for item in cautions(answers, names) for line in item.lines)
    for moved in shown.inputs:
        assert f"“{names.quantity(moved.quantity)}” at {number(moved.value, 9)} (median" in words
    frame = frame_of(open_study(folder).case, FEW)
    beside = {name: r.distribution for name, r in drawn_beside(frame).inputs.items() if r.origin != "lot"}
    known = compile_inputs(frame.case) | beside
    held = {name: float(d.ppf([0.5])[0]) for name, d in known.items()} | {m.quantity: m.value for m in shown.inputs}
    draws = sample_case(frame, 4, 1)
    columns = {n: np.full(4, held[n]) if n in held else column for n, column in draws.columns.items()}
    world = build_world(frame, replace(draws, columns=columns))
    doubt = leading_doubt(answers.veto_points, goal.name, frame, goal.presupposed or goal.probability)
    values, whole = doubt.value(world)
    figure = float((values * whole).sum() / whole.sum())
    assert percent(figure) == percent(shown.value)
    assert f"is {percent(shown.value)} there" in words or not shown.inputs


def test_each_effective_veto_is_tried(ran: tuple[Path, Answers, str]) -> None:
    _, answers, _ = ran
    own = [v for v in answers.veto_points if v.kind == "effective" and not v.owner and v.goal == answers.goals[0].name]
    tried = {t.finding for t in answers.change.flips if t.kind == "veto"}
    assert len(tried) == len({(v.move, v.round, v.option) for v in own})
