"""Effects of a case's numbers: nothing for what enters nothing, all for all of them together, a swing as solving anew gives it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from vetopoint.budget import Budget
from vetopoint.case import load_case
from vetopoint.chain import World, build_world, frame_of, sample_case
from vetopoint.chain.effects import effects
from vetopoint.chain.flips import given_presupposed, held_at
from vetopoint.chain.numbers import Numbers
from vetopoint.quantity import compile_inputs

CASE = """
vetopoint: 1
title: A sale
as_of: 2030-01-01
horizon_months: 12
owner: seller
actors: {seller: {}, buyer: {}}
quantities: {worth: "uniform(-1, 1)", patience: "uniform(-1, 1)", mood: "uniform(0, 1)", idle: "uniform(0, 1)"}
CORRELATE
moves:
  offer: {by: seller, options: [propose, hold]}
  answer: {by: buyer, when: offer == propose, options: [accept, refuse]}
outcomes: {deal: answer == accept, nothing: otherwise}
goals: {deal: outcome == deal}
payoffs:
  seller: {unit: [nothing, deal], gain: {worth: 1 + mood, when: outcome == deal}}
  buyer: {unit: [nothing, deal], gain: {worth: 2 * worth + patience * worth + 0.5, when: outcome == deal}}
precision: {seller: 6, buyer: 6}
"""
BUDGET = Budget(swings=512, effects=1024, trials=4)


def world(folder: Path, correlate: str = "", names: Mapping[str, str] | None = None, draws: int = 2048) -> World:
    text = CASE.replace("CORRELATE", correlate)
    for old, new in (names or {}).items():
        text = text.replace(old, new)
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    frame = frame_of(load_case(path), BUDGET)
    return build_world(frame, sample_case(frame, draws, 1))


def numbers_of(of: World) -> Numbers:
    groups = {"kind": {"all": tuple(of.frame.case.inputs), "buyer": ("worth", "patience")}}
    return Numbers(compile_inputs(of.frame.case), groups=groups)


def test_shares_of_variance(tmp_path: Path) -> None:
    of = world(tmp_path)
    found = effects(of, numbers_of(of))
    by = {s.quantity: s for s in found.swings["deal"]}
    assert set(by) == {"worth", "patience", "mood", "idle"}
    assert (by["idle"].first, by["idle"].total, by["idle"].swing, by["idle"].error) == (0.0, 0.0, 0.0, 0.0)
    assert found.swings["deal"][0].quantity == "worth"
    for s in by.values():
        assert s.first <= s.total + 2.0 * s.total_error + 1e-12
    assert sum(s.total for s in by.values()) > sum(s.first for s in by.values()), "worth and patience act together"
    whole, buyer = found.groups["deal"]
    assert (whole.label, whole.inputs, buyer.inputs) == ("all", 4, 2)
    assert whole.total == pytest.approx(1.0, abs=3.0 * whole.total_error)
    assert by["worth"].total - 3.0 * by["worth"].total_error < buyer.total <= 1.0 + 3.0 * buyer.total_error


def test_a_swing_is_what_solving_anew_finds(tmp_path: Path) -> None:
    of = world(tmp_path)
    found = {s.quantity: s for s in effects(of, numbers_of(of)).swings["deal"]}
    for name in ("worth", "patience", "mood"):
        low, high = (
            given_presupposed(held_at(of, name, at), of.goals)["deal"] for at in (found[name].low, found[name].high)
        )
        assert found[name].swing == pytest.approx(high - low, abs=0.02 + 3.0 * found[name].error)


def test_correlated_numbers_are_drawn_anew_together(tmp_path: Path) -> None:
    of = world(tmp_path, "correlate: [[worth, patience, 0.6]]")
    found = {s.quantity: s for s in effects(of, numbers_of(of)).swings["deal"]}
    assert (found["worth"].together, found["patience"].together) == (("patience",), ("worth",))
    assert found["mood"].together == ()
    assert found["worth"].total == found["patience"].total


def test_names_carry_no_meaning(tmp_path: Path) -> None:
    of = world(tmp_path)
    other = world(tmp_path, names={"patience": "zeta_2"})
    here = {s.quantity: s for s in effects(of, Numbers(compile_inputs(of.frame.case))).swings["deal"]}
    there = {s.quantity: s for s in effects(other, Numbers(compile_inputs(other.frame.case))).swings["deal"]}
    assert set(there) == {"worth", "zeta_2", "mood", "idle"}
    for name, s in there.items():
        twin = here["patience" if name == "zeta_2" else name]
        assert (s.swing, s.first, s.total) == (twin.swing, twin.first, twin.total)
