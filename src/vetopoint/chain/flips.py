"""Robustness that can fail: which number, held anywhere in its own range, makes a finding another.

Tried are the leading goal's chance, the likeliest outcome (both given the presupposed chance events), the actor with the largest
decisiveness and each effective veto. One range is used wherever an input is moved to see whether a finding stands: from the 1st to the
99th percentile of its own distribution. A one-way threshold analysis (Pauker & Kassirer 1980, New England Journal of Medicine 302, 1109-17;
Saltelli et al. 2008, *Global Sensitivity Analysis*, 1.2): what several numbers do together is looked for by `vetopoint.chain.change`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from vetopoint.answers import DecisivenessAnswer, TippingPoint, VetoPoint
from vetopoint.arrays import Array, Floats, ratio
from vetopoint.chain.frame import Frame
from vetopoint.chain.world import World, build_world
from vetopoint.game.attempts import presupposed
from vetopoint.game.decisiveness import NOBODY, GameValue
from vetopoint.game.interventions import option_effects
from vetopoint.game.priced import Play
from vetopoint.game.section import affordable
from vetopoint.game.veto import veto_points
from vetopoint.kernel import in_order
from vetopoint.quantity import Band, given

if TYPE_CHECKING:
    from vetopoint.chain.numbers import Numbers

__all__ = [
    "RANGE",
    "Finding",
    "band_given",
    "conditional",
    "findings_of",
    "flips",
    "given_presupposed",
    "held_at",
    "played_given",
    "veto_key",
    "veto_words",
]

Kind = Literal["goal", "outcome", "key", "veto", "threat"]

RANGE = (0.01, 0.99)
GRID = (RANGE[0], 0.1, 0.25, 0.5, 0.75, 0.9, RANGE[1])
ENDS = (0, len(GRID) // 2, len(GRID) - 1)  # of the grid, for what takes long to find
LEVEL = 0.5


@dataclass(frozen=True)
class Finding:
    """Something that is found, and that a number may overturn.

    Attributes
    ----------
    kind : what it is about.
    words : what happens where it flips, in words.
    level : the value at which it flips.
    value : world → the figure that decides it, and what holds instead once the level is passed ("" for nothing in particular).
    costly : whether it is tried at the ends and the middle of a range only.
    """

    kind: Kind
    words: str
    level: float
    value: Callable[[World], tuple[float, str]]
    costly: bool = False


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


def findings_of(
    world: World, goal: str, points: Sequence[VetoPoint], ranking: DecisivenessAnswer, draws: int
) -> list[Finding]:
    """The findings on the leading goal that a number could overturn.

    Parameters
    ----------
    world : the case over the draws on which it is tried.
    points, ranking : the veto points of the case, and who decides its leading goal.
    draws : how many draws the ranking is tried on, which solves the game anew for every actor.
    """
    frame = world.frame
    label = frame.case.file.goal_labels.get(goal, goal)

    def chance(other: World) -> tuple[float, str]:
        return given_presupposed(other, {goal: other.goals[goal]})[goal], ""

    found = [Finding("goal", f"the chance of “{label}” passes {LEVEL:.0%}", LEVEL, chance), _likeliest(world)]
    return [*found, *_first(goal, label, ranking, draws), *_vetoes(world, goal, points)]


def _lead(shares: Mapping[str, float], leader: str, labels: Mapping[str, str]) -> tuple[float, str]:
    """By how much a leader is ahead of the next, and what the next is called."""
    other = max((name for name in shares if name != leader), key=lambda name: shares[name])
    return shares[leader] - shares[other], f"“{labels.get(other) or other.replace('_', ' ')}”"


def _likeliest(world: World) -> Finding:
    """That one outcome is the likeliest."""
    frame = world.frame
    ends = {str(name): frame.game.outcome == name for name in dict.fromkeys(frame.game.outcome.tolist())}
    ends = {**ends, **({} if len(ends) > 1 else {"another": np.zeros(frame.game.terminals, dtype=bool)})}
    labels = frame.case.file.outcome_labels
    shares = given_presupposed(world, ends)
    leader = max(shares, key=lambda name: shares[name])
    said = labels.get(leader) or leader.replace("_", " ")
    return Finding(
        "outcome",
        f"“{said}” is no longer the likeliest outcome",
        0.0,
        lambda other: _lead(given_presupposed(other, ends), leader, labels),
    )


def _first(goal: str, label: str, ranking: DecisivenessAnswer, draws: int) -> list[Finding]:
    """That one actor has the largest decisiveness; nothing where fewer than two are ranked."""
    ranked = {p.party: p.label for p in ranking.parties if not p.owner}
    if len(ranked) < 2:
        return []
    leader = max((p for p in ranking.parties if not p.owner), key=lambda p: p.decisiveness.mean)

    def ahead(other: World) -> tuple[float, str]:
        play = affordable(other.play.first(draws), other.frame.budget)
        weights = other.goals[goal] * other.frame.presupposed
        weights = weights[: play.priced.n] if weights.ndim == 2 and len(weights) > 1 else weights
        value = GameValue(play.priced, weights)
        alone = {party: frozenset([party]) for party in ranked}
        size = {party: float((value(own, NOBODY) - value(NOBODY, own)).mean()) for party, own in alone.items()}
        return _lead(size, leader.party, ranked)

    words = f"{leader.label} no longer has the largest decisiveness on “{label}”"
    return [Finding("key", words, 0.0, ahead, costly=True)]


def _vetoes(world: World, goal: str, points: Sequence[VetoPoint]) -> list[Finding]:
    """That each effective veto over the goal passes its test in most draws, or does not."""
    frame = world.frame
    own = [p for p in points if p.kind == "effective" and p.goal == goal and not p.owner]

    @lru_cache(maxsize=4)
    def shares(other: World) -> dict[object, float]:
        effects = option_effects(other.play, {goal: other.goals[goal]}, presupposed(frame.game))
        found = veto_points(frame.game, effects, {goal: other.goals[goal]}, failing=True)
        return {veto_key(p): p.share_of_draws for p in found}

    def passed(point: VetoPoint) -> Callable[[World], tuple[float, str]]:
        return lambda other: (shares(other).get(veto_key(point), 0.0), "")

    def words(point: VetoPoint) -> str:
        said = "no longer holds" if point.share_of_draws >= LEVEL else "holds"
        return f"it {said} in most draws that {veto_words(frame, point)}"

    return [Finding("veto", words(p), LEVEL, passed(p), costly=True) for p in own]


def flips(
    world: World, numbers: Numbers, names: Sequence[str], findings: Sequence[Finding]
) -> tuple[TippingPoint, ...]:
    """The value of each input at which each finding flips, by straight line between grid points; a row an input and finding.

    Parameters
    ----------
    names : inputs to try, each held at values across its own range, the others as drawn.
    """
    written = world.frame.case.inputs

    def tried(name: str) -> list[TippingPoint]:
        grid = [float(v) for v in numbers.distributions[name].ppf(np.array(GRID))]
        there: list[list[tuple[float, float, str]]] = [[] for _ in findings]
        for i, at in enumerate(grid):
            other = held_at(world, name, at)
            for finding, values in zip(findings, there, strict=True):
                if not finding.costly or i in ENDS:
                    values.append((at, *finding.value(other)))
        unit = written[name].unit if name in written else ""
        return [
            _flip(finding, values, name, numbers.called(name), unit)
            for finding, values in zip(findings, there, strict=True)
        ]

    rows = in_order(tried, names)
    return tuple(row for each in zip(*rows, strict=True) for row in each)


def _flip(
    finding: Finding, values: Sequence[tuple[float, float, str]], name: str, label: str, unit: str
) -> TippingPoint:
    """Where one finding flips along the values of one input: the crossing nearest to the middle of its range."""
    middle = values[len(values) // 2][0]
    crossings = [
        (x0 + (finding.level - y0) / (y1 - y0) * (x1 - x0), instead0 if y0 < y1 else instead1)
        for (x0, y0, instead0), (x1, y1, instead1) in pairwise(values)
        if (y0 - finding.level) * (y1 - finding.level) < 0
    ]
    value, instead = min(crossings, key=lambda found: abs(found[0] - middle), default=(None, ""))
    seen = [y for _, y, _ in values]
    side = "above" if min(seen) > finding.level else "below"
    return TippingPoint(
        kind=finding.kind,
        quantity=name,
        label=label,
        finding=finding.words,
        value=value,
        instead=instead,
        low=values[0][0],
        high=values[-1][0],
        unit=unit,
        note="" if value is not None else f"stays {side} {finding.level:g} ({min(seen):.3g} to {max(seen):.3g})",
    )


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
