"""A small case for the tests of the truce, and its draws."""

from __future__ import annotations

from pathlib import Path

from vetopoint.case import Case, load_case
from vetopoint.quantity import Draws
from vetopoint.quantity.inputs import draw_case

TEXT = """\
vetopoint: 1
title: A presence on a line
as_of: 2026-01-01
horizon_months: 36
owner: sender
actors: {{sender: {{}}, host: {{}}}}
types:
  host:
    spoiling: {{truth: 0.4, hazard: 2.0}}
    tolerant: rest
moves:
  answer: {{by: host, at: 0, options: [consent, oppose]}}
outcomes: {{sent: answer == consent, not_sent: otherwise}}
goals: {{sent: outcome == sent}}
forms:
  contingent:
    label: Contingent
    personnel: {personnel}
    effect: armed_consented
    committed_force: {force}
    formalisation: {formalisation}
    exit: {exit}
  remote: {{personnel: 50, drones: 30, cameras: 100, access: 0.6, effect: presence_alternative, effect_refused: armed_refused}}
paths: {{sent: contingent from answer, not_sent: remote from answer}}
payoffs:
  sender: {{unit: [not_sent, sent], worth: {{worth: 1, when: outcome == sent}}}}
  host: {{unit: [sent, not_sent], worth: {{worth: 1, when: outcome == not_sent}}}}
precision: {{sender: 3, host: 3}}
line: {{length_km: {length}}}
truce: {truce}
"""
DEFAULTS = {
    "personnel": "pert(5000, 10000, 20000)",
    "force": "0.3",
    "formalisation": "1",
    "exit": "0.05",
    "length": "1000",
    "truce": "{}",
}


def make_case(folder: Path, text: str = TEXT, **changes: str) -> Case:
    file = folder / "case.yaml"
    file.write_text(text.format(**{**DEFAULTS, **changes}), encoding="utf-8")
    return load_case(file)


def make_draws(case: Case, n: int = 512, seed: int = 3) -> Draws:
    return draw_case(case, n, seed)
