"""The diagram of moves against the histories themselves: every history can be followed in it, and it shows nothing that no history takes."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given

from cases_from_schema import as_yaml, cases
from support import ROOT, examples
from vetopoint.case import Case, load_case
from vetopoint.errors import VetopointError
from vetopoint.game.unroll import unroll
from vetopoint.study import moves
from vetopoint.study.conditions import in_words
from vetopoint.study.diagram import Diagram, End
from vetopoint.study.moves import diagram_of
from vetopoint.view.tree import tree_text

RENEWAL = """
vetopoint: 1
title: A corridor
as_of: 2026-01-15
owner: port
actors: {port: {label: The port}, fleet: {label: The fleet}}
moves:
  open: {by: port, at: 0, options: [open, wait], labels: {open: opens the corridor, wait: waits}}
  renew: {by: fleet, when: open == open, options: [renew, leave], repeat: {every: 4, rounds: 5, stop_when: renew == leave}, label: The fleet renews, labels: {leave: leaves it}}
  after: {by: port, when: any(renew == leave), options: [alone, close]}
outcomes: {waiting: open == wait, closed: after == close, alone: after == alone, kept: otherwise}
outcome_labels: {kept: Kept to the end}
goals: {open: "outcome in [kept, alone]"}
payoffs:
  port: {unit: [waiting, kept], worth: {worth: 1, when: outcome == kept}}
  fleet: {unit: [closed, kept], worth: {worth: 1, when: outcome == kept}}
"""


def case_of(folder: Path, text: str) -> Case:
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    return load_case(folder)


def followed(case: Case, diagram: Diagram) -> None:
    """Follow every history through the diagram, and see that each of its ways is taken by one."""
    game = unroll(case)
    taken = set()
    for history in range(game.public.histories):
        at: int | End = 0
        for layer, option in zip(game.public.layers, game.public.codes[history].tolist(), strict=True):
            if option < 0:
                continue
            assert isinstance(at, int)
            step = diagram.steps[at]
            assert step.move == layer.move
            way = step.ways[option]
            taken.add((at, option))
            comes_again = any(
                other.move == layer.move and other.round > layer.round and game.public.codes[history, number] >= 0
                for number, other in enumerate(game.public.layers)
            )
            if way.again and comes_again:
                continue
            assert len(way.to) == 1
            at = way.to[0]
        assert isinstance(at, End)
        assert at.outcome == str(game.outcome_names[history])
    assert taken == {(i, j) for i, step in enumerate(diagram.steps) for j in range(len(step.ways))}


@pytest.mark.timeout(3000)
@examples(30, soak=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(cases())
def test_every_option_and_every_outcome_stands_in_it(case: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as name:
        try:
            made = case_of(Path(name), as_yaml(case))
            diagram = diagram_of(made)
        except VetopointError:
            assume(False)
        if not diagram.merged:
            followed(made, diagram)
    ways = {(step.move, way.option) for step in diagram.steps for way in step.ways}
    ends = {to.outcome for step in diagram.steps for way in step.ways for to in way.to if isinstance(to, End)}
    shown = {move for move, _ in ways}
    file = made.file
    assert {(m, o) for m, move in file.moves.items() for o in move.options if m in shown} == ways
    never = [*(m for m in file.moves if m not in shown), *(o for o in file.outcomes if o not in ends)]
    assert len(never) == len(diagram.never)
    for width in (40, 80):
        assert max(map(len, tree_text(diagram, width).splitlines())) <= width


@pytest.mark.parametrize("name", sorted(p.parent.name for p in ROOT.glob("cases/*/case.yaml")))
def test_the_bundled_cases_can_be_followed(name: str) -> None:
    case = load_case(ROOT / "cases" / name)
    followed(case, diagram_of(case))


def test_rounds_that_go_on_alike_are_one(tmp_path: Path) -> None:
    case = case_of(tmp_path, RENEWAL)
    diagram = diagram_of(case)
    followed(case, diagram)
    assert [(s.move, s.rounds, s.every) for s in diagram.steps] == [("open", 1, 0), ("renew", 5, 4), ("after", 1, 0)]
    renew = diagram.steps[1].ways
    assert [way.again for way in renew] == [True, False]
    assert [to.label if isinstance(to, End) else to for to in renew[0].to] == ["Kept to the end"]
    assert "× 5, every 4 months" in tree_text(diagram, 120)


def test_what_is_too_much_for_a_picture_has_each_move_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = case_of(tmp_path, RENEWAL)
    whole = diagram_of(case)
    monkeypatch.setattr(moves, "MOST_STEPS", 2)
    diagram = diagram_of(case)
    assert (whole.merged, diagram.merged) == (False, True)
    assert [s.move for s in diagram.steps] == ["open", "renew", "after"]
    ends = {to.outcome for step in diagram.steps for way in step.ways for to in way.to if isinstance(to, End)}
    assert ends == {"waiting", "kept", "closed", "alone"}
    assert "only if in some round, “The fleet renews”: leaves it" in " ".join(tree_text(diagram, 200).split())


def test_whether_an_end_reaches_the_goal(tmp_path: Path) -> None:
    def reach(goal: str) -> dict[str, str]:
        diagram = diagram_of(case_of(tmp_path, RENEWAL.replace('"outcome in [kept, alone]"', goal)))
        return {to.outcome: to.reach for s in diagram.steps for w in s.ways for to in w.to if isinstance(to, End)}

    assert reach("outcome == kept") == {"waiting": "missed", "kept": "reached", "closed": "missed", "alone": "missed"}
    assert reach("count(renew == renew) >= 2")["closed"] == "depends"


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        ("open == open", "“open”: opens the corridor"),
        ("open != open", "not “open”: opens the corridor"),
        ("open in [open, wait]", "“open”: opens the corridor or waits"),
        ("not (open == open or open == wait)", "not (“open”: opens the corridor or “open”: waits)"),
        ("open == skipped", "“open”: does not come"),
        ("any(renew == leave) and open == open", "in some round, “The fleet renews”: leaves it and “open”: opens the corridor"),
        ("count(renew == leave) >= 1", "in at least 1 rounds, “The fleet renews”: leaves it"),
        ("renew.last == leave", "in the last round, “The fleet renews”: leaves it"),
        ("renew[2] in [leave]", "in round 2, “The fleet renews”: leaves it"),
        ("1 < 2", "1 < 2"),
    ],
)  # fmt: skip
def test_conditions_in_words(tmp_path: Path, condition: str, words: str) -> None:
    case = case_of(tmp_path, RENEWAL.replace("any(renew == leave)", f"'{condition}'"))
    assert in_words(case, "moves", "after", "when") == words
