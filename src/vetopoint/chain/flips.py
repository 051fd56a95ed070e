"""Chances given what a case presupposes, one input held at a value, and the one range within which inputs are moved to see what flips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vetopoint.answers import VetoPoint
from vetopoint.arrays import Array, Floats, ratio
from vetopoint.chain.frame import Frame
from vetopoint.chain.world import World, build_world
from vetopoint.game.priced import Play
from vetopoint.quantity import Band, given

__all__ = [
    "LEVEL", "RANGE", "band_given", "conditional", "given_presupposed", "held_at", "played_given", "veto_key", "veto_words",
]  # fmt: skip

RANGE = (0.01, 0.99)
LEVEL = 0.5


def held_at(world: World, name: str, value: float) -> World:
    """The same world with one input held at a value, common draws for the rest."""
    return build_world(world.frame, world.draws.replace(name, value), like=world, changed=name)


def conditional(world: World, goal: str) -> tuple[Floats, Floats]:
    """(n,) P(goal | the presupposed chance events) and (n,) P(these events), draw by draw."""
    return played_given(world.play, world.goals[goal], world.frame)


def played_given(play: Play, weights: Array, frame: Frame) -> tuple[Floats, Floats]:
    """The same for any play of the case's tree, and weights (terminals,) or (n, terminals)."""
    holds = frame.presupposed
    if holds.all():
        found = play.goal(weights)
        return found, np.ones_like(found)
    whole = play.goal(holds)
    return ratio(play.goal(weights * holds), whole), whole


def band_given(play: Play, weights: Array, frame: Frame) -> Band | None:
    """The same as a band over draws; None where the presupposed chance events cannot come true."""
    return given(*played_given(play, weights, frame))


def given_presupposed(world: World, weights: Mapping[str, Floats]) -> dict[str, float]:
    """Name to P(it | the presupposed chance events): a ratio of sums over draws, for weights (terminals,) or (n, terminals)."""
    holds = world.frame.presupposed
    if holds.all():
        return {name: float(found.mean()) for name, found in world.play.goals(weights).items()}
    found = world.play.goals({**{name: w * holds for name, w in weights.items()}, "": holds})
    whole = float(found.pop("").sum())
    return {name: float(part.sum()) / whole if whole > 0 else 0.0 for name, part in found.items()}


def veto_words(frame: Frame, point: VetoPoint) -> str:
    """A veto point in one line, in the case's own labels."""
    file = frame.case.file
    move = file.moves[point.move]
    option = move.labels.get(point.option, point.option)
    place = f"“{move.label or point.move}”" + (f", round {point.round}" if point.round else "")
    by = " as part of a policy" if point.scope == "policy" else ""
    kind = {"effective": "an effective veto", "forcing": "a forcing veto", "rule": "a veto by rule"}[point.kind]
    goal = file.goal_labels.get(point.goal, point.goal)
    return f"{frame.labels[point.actor]}: {option} at {place} is {kind}{by} on “{goal}”"


def veto_key(point: VetoPoint) -> tuple[Any, ...]:
    """What makes two veto points the same."""
    return (point.actor, point.move, point.round, point.option, point.kind, point.scope, point.goal)
