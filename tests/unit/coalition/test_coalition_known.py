"""What is known of members, by whom, and where they are asked at all: an assumed share is no finding, silence is no refusal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import ROOT
from vetopoint.answers import BodyAnswer, BodyMemberAnswer
from vetopoint.case import load_case
from vetopoint.chain import build_world, frame_of, sample_case
from vetopoint.coalition import section, tables
from vetopoint.study import run
from vetopoint.view import render_report
from vetopoint.view.charts.coalition import _body
from vetopoint.view.sentences.coalition import conceding

sys.path.insert(0, str(ROOT / "tests/unit/case"))
from case_base import BASE, MEMBERS, changed, write


def told(build: Callable, members: str, draws: int = 512):
    case, drawn = build(members, draws=draws)
    return section(case, drawn, tables(case, drawn, {}), np.ones((draws, 1)))


@settings(max_examples=8, deadline=None)
@given(silent=st.integers(0, 6), supports=st.sampled_from([0.2, 0.9]))
def test_members_of_whom_nothing_is_known_change_no_share(tmp_path_factory, silent: int, supports: float) -> None:
    """A coalition of the willing, two of whom are asked: 90 % of those two support it, and of the others nothing is known (once: 16 % of all)."""
    folder, text = tmp_path_factory.mktemp("silent"), changed(BASE, ("lord: {}", "lord: {}"))
    spoken = "{{stances: [{{on: supports, value: {0}}}, {{on: needs_consent, value: {1}}}]}}"
    known = "".join(f"  m{i}: {spoken.format(supports, i)}\n" for i in range(2))
    others = "".join(f"  s{i}: {{}}\n" for i in range(silent))
    case = load_case(write(folder, f"{text}coalition: {{minimum: 1}}\nmembers:\n{known}{others}"))
    frame = frame_of(case)
    drawn = sample_case(frame, 512, 1)
    said = section(case, drawn, tables(case, drawn, {}), np.ones((512, 1)))
    curve = next(e for e in said.erosion if e.measure == "supports")
    assert curve.known == 2
    assert curve.mean[0] == pytest.approx(supports, abs=0.02)
    assert said.conceding is not None
    assert (said.conceding.known, said.conceding.share.mean) == (2, 0.5)
    assert said.cohesion.polarisation is not None
    assert said.cohesion.polarisation.mean == pytest.approx(1.0)
    unknown = f"of whom it is known ({silent} unknown)"
    assert (unknown in conceding(said.conceding, 2 + silent)) == (silent > 0)


def test_without_any_stance_nothing_is_said_of_how_they_are_split(build: Callable) -> None:
    said = told(build, "coalition: {minimum: 1}\nmembers: {a: {}, b: {}}\n")
    assert said.cohesion.polarisation is None
    assert said.conceding is None
    assert {e.measure for e in said.erosion} == {"quorum", "joined", "cohesion"}


SHARE = "coalition: {minimum: 1}\nmembers: {a: {}, b: {}, c: {}, d: {}}\n"
SAID = "quantities: {share: {value: 0.5, from: {claims: [c1], by: BY}, without: 0.5}}\n"


@pytest.mark.parametrize(
    ("by", "report", "judged", "drift", "words"),
    [
        (
            "analyst",
            "share: share, date: 2029-01-01, trend: rising",
            True,
            "program",
            ["assumed by the case", "drifted by the program"],
        ),
        (
            "share",
            "share: share, date: 2029-01-01, trend: rising",
            False,
            "program",
            ["reported, in", "drifted by the program"],
        ),
        (
            "share",
            "share: share, date: 2029-01-01, drift: 0.2",
            False,
            "case",
            ["reported", "drifted as the case declares"],
        ),
        (
            "share",
            "share: share, date: 2029-01-01, trend: rising}]\nevents: {vote: {at: 0, shifts: {needs_consent: 0}}} #",
            False,
            "both",
            ["drifted as the case declares and by the program"],
        ),
        ("figure", "share: share, date: 2029-01-01", False, "none", ["reported"]),
        ("figure", "share: 0.5", True, "none", ["assumed by the case"]),
    ],
)
def test_a_share_says_who_put_it_there_and_who_moved_it(
    build: Callable, by: str, report: str, judged: bool, drift: str, words: list[str]
) -> None:
    said = told(build, f"{SHARE}others: [{{on: needs_consent, {report}}}]\n{SAID.replace('BY', by)}")
    found = said.conceding
    assert found is not None
    assert (found.judged, found.drift, found.reports[0].judged) == (judged, drift, judged)
    assert {s.judged for m in said.members for s in m.stances} == {judged}
    assert found.stated is not None
    assert found.stated.mean == pytest.approx(0.5)
    moved = {
        "program": 1 / (1 + np.exp(-0.5)),
        "case": 1 / (1 + np.exp(-0.2)),
        "both": 1 / (1 + np.exp(-0.5)),
        "none": 0.5,
    }[drift]
    assert found.share.mean == pytest.approx(moved, abs=0.02)
    sentence = conceding(found, 4)
    assert not [w for w in words if w not in sentence]
    assert ("drifted" in sentence) == (drift != "none")
    assert next(e for e in said.erosion if e.measure == "conceding").judged == judged


def test_what_never_holds_is_no_nought(build: Callable) -> None:
    said = told(build, "coalition: {minimum: 2}\nmembers: {a: {joins: {accepts: 0}}, b: {joins: {accepts: 1}}}\n")
    never, joins = said.members
    assert (never.slack, never.exit.cascade, never.exit.survives) == (None, None, None)
    assert joins.exit.survives is None  # there never is a quorum to survive
    assert joins.exit.cascade is not None
    assert joins.exit.cascade.mean == 0.0
    assert said.cohesion.largest_cascade == "b"


ASKED = (
    changed(
        BASE + MEMBERS,
        ("  answer: {by: lord", "  spare: {by: chance, at: 1, when: ask == ask, options: {dry: 0.5, wet: rest}}\n  answer: {by: lord"),
        ("\noutcomes:", "\n  gather: {by: chance, at: 3, when: answer == yes_, options: {enough: quorum, few: rest}}\noutcomes:"),
        ("built: answer == yes_", "built: gather == enough"),
        ("facts: {allowed: answer == yes_}", "facts: {allowed: answer == yes_, rain: spare == wet}"),
    )
)  # fmt: skip


def test_members_are_shown_where_the_rules_ask_them(tmp_path: Path) -> None:
    """Bad luck and a town that waits ask nobody: once it asks there are the lord's yes and no, and a lord who says yes leaves one."""
    frame = frame_of(load_case(write(tmp_path, ASKED)))
    assert frame.hanging == {"gather"}
    ask, luck = frame.game.choices["ask"], frame.game.choices["luck"]
    assert set(ask[frame.attempted]) == {"ask"}
    assert set(luck[~frame.attempted]) == {"good", "bad"}
    both = run(write(tmp_path, ASKED), draws=128, seed=1, out=tmp_path / "out").coalition
    assert both is not None
    assert sum(s.weight.mean for s in both.situations) == pytest.approx(1.0)
    facts = {tuple(s.facts.values()): s for s in both.situations}
    assert facts[False, True].weight.mean + facts[True, True].weight.mean == pytest.approx(0.5)
    willing = changed(ASKED, ("worth: -pain", "worth: 9 * pain"), ('lord: "lognormal(median=4, p90=10)"', "lord: 20"))
    answers = run(write(tmp_path, willing), draws=128, seed=1, out=tmp_path / "out")
    section = answers.coalition
    assert section is not None
    met = [s for s in section.situations if s.met]
    assert {tuple(s.facts.values()) for s in met} == {(True, False), (True, True)}
    assert all({j.situation for j in m.joins} == {s.name for s in met} for m in section.members)
    assert any(note.startswith("2 of 4 situations are not shown") for note in section.notes)
    assert render_report(answers)


def test_a_situation_that_is_rare_among_many_is_shown_where_all_are_rare(build: Callable) -> None:
    facts = {f"f{i}": (np.arange(256) >> i & 1).astype(bool) for i in range(8)}
    text = "coalition: {facts: {FACTS}, minimum: 1}\nmembers: {a: {}}\n"
    case, drawn = build(text.replace("FACTS", ", ".join(f"f{i}: answer == consents" for i in range(8))), draws=64)
    said = section(case, drawn, tables(case, drawn, facts), np.full((64, 256), 1 / 256))
    assert all(s.met for s in said.situations)


def bodies(shares: list[float]) -> BodyAnswer:
    index = dict.fromkeys(("banzhaf", "banzhaf_normalised", "coleman_prevent", "coleman_initiate"), 0.2)
    others = dict.fromkeys(("johnston", "deegan_packel", "holler"))
    members = [
        BodyMemberAnswer(name=f"m{i}", label=f"Land {i}", shapley_shubik=share, veto=False, **index, **others)
        for i, share in enumerate(shares)
    ]
    return BodyAnswer(name="council", label="The Council", rule="three of five", power_to_act=0.5, members=members)


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ([0.2] * 5, "The Council: all 5 have the same share of power, 20%;"),
        ([0.3, 0.3, 0.2, 0.1, 0.1], "The Council: Land 0 and Land 1 have the largest shares of power, 30% each;"),
        ([0.2, 0.2, 0.4, 0.1, 0.1], "The Council: Land 2 has the largest share of power, 40%;"),
    ],
)
def test_a_tie_has_no_first(shares: list[float], words: str) -> None:
    figure = _body(bodies(shares))
    assert figure.sentence.startswith(words)
    assert "m0" not in figure.sentence


def test_attempted_is_everywhere_where_nothing_parts(tmp_path: Path) -> None:
    frame = frame_of(load_case(write(tmp_path, BASE + MEMBERS)))
    assert frame.attempted.all()
    assert not frame.asked.any()
    assert build_world(frame, sample_case(frame, 32, 1)).tables.coalition is not None
