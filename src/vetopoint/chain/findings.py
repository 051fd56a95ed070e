"""What is found, and could be otherwise: each finding as one figure that is made of means over draws.

Tried are on which side of one half the leading goal's chance lies, the likeliest outcome, the actor with the largest decisiveness, each
effective veto, and whether a threat is defied. A figure is a function of means of columns, one row a draw, and never a mean of ratios. So
the same function says what holds over all draws, over those in which a number lies near a value, and with that number held there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from vetopoint.answers import DecisivenessAnswer, Threshold, VetoPoint
from vetopoint.arrays import Bools, Floats, ratio
from vetopoint.chain.flips import LEVEL, veto_words
from vetopoint.chain.frame import Frame
from vetopoint.game.attempts import presupposed
from vetopoint.game.decisiveness import GameValue, singly
from vetopoint.game.interventions import OptionEffects, option_effects
from vetopoint.game.priced import Play
from vetopoint.game.section import affordable

__all__ = ["Finding", "Played", "chance_of", "findings_of", "threats_of"]

Kind = Literal["goal", "outcome", "key", "veto", "threat"]


@dataclass(frozen=True, eq=False)
class Played:
    """How a case is played over some draws, and the weights (terminals,) or (n, terminals) of its goals."""

    play: Play
    goals: Mapping[str, Floats]

    def first(self, draws: int) -> Played:
        """The same on the first draws only."""
        if draws >= self.play.priced.n:
            return self
        cut = {name: w[:draws] if w.ndim == 2 and len(w) > 1 else w for name, w in self.goals.items()}
        return Played(self.play.first(draws), cut)


def _nothing(means: Floats) -> str:
    return ""


@dataclass(frozen=True, eq=False)
class Finding:
    """Something that is found, and that a number may overturn.

    Attributes
    ----------
    kind : what it is about.
    words : what happens where it flips, in words.
    figure_is : the figure that decides it, in words.
    level : the value at which it flips.
    columns : a case as played → (n, k) one row a draw, of which means are taken.
    figure : (…, k) such means → (…,) the figure that decides it.
    instead : (k,) such means → what holds instead once the level is passed; empty for nothing in particular.
    most : on at most so many draws its columns are made; None: on any number.
    """

    kind: Kind
    words: str
    figure_is: str
    level: float
    columns: Callable[[Played], Floats]
    figure: Callable[[Floats], Floats]
    instead: Callable[[Floats], str] = _nothing
    most: int | None = None


def _share(means: Floats) -> Floats:
    """The ratio of the first mean to the last."""
    return ratio(means[..., 0], means[..., -1])


def chance_of(frame: Frame, goal: str) -> Finding:
    """On which side of one half the chance of a goal lies, given the presupposed chance events."""
    label = frame.case.file.goal_labels.get(goal, goal)
    holds = frame.presupposed

    def columns(at: Played) -> Floats:
        found = at.play.goals({"goal": at.goals[goal] * holds, "whole": holds})
        return np.stack([found["goal"], found["whole"]], axis=1)

    said = f"the chance of “{label}” passes {LEVEL:.0%}"
    return Finding("goal", said, f"the chance of “{label}”", LEVEL, columns, _share)


def findings_of(at: Played, frame: Frame, points: Sequence[VetoPoint], ranking: DecisivenessAnswer) -> list[Finding]:
    """The findings on the leading goal that a number could overturn.

    Parameters
    ----------
    at, frame : the case, and how it is played over the draws of the run.
    points, ranking : the veto points of the case, and who decides its leading goal.
    """
    goal = ranking.goal
    found = [chance_of(frame, goal), _likeliest(at, frame), *_first(goal, ranking, frame)]
    return [*found, *_vetoes(goal, points, frame)]


def _lead(means: Floats, leader: int) -> Floats:
    """By how much one mean is ahead of the largest other, the last being what all are given."""
    others = np.delete(means[..., :-1], leader, axis=-1).max(axis=-1)
    return ratio(means[..., leader] - others, means[..., -1])


def _next(means: Floats, leader: int, labels: Sequence[str]) -> str:
    """What the largest other is called."""
    shares = means[:-1].copy()
    shares[leader] = -np.inf
    return f"“{labels[int(shares.argmax())]}”"


def _likeliest(at: Played, frame: Frame) -> Finding:
    """That one outcome is the likeliest."""
    names = [str(name) for name in dict.fromkeys(frame.game.outcome.tolist())]
    ends = {name: frame.game.outcome == name for name in names}
    ends |= {} if len(ends) > 1 else {"another": np.zeros(frame.game.terminals, dtype=bool)}
    holds = frame.presupposed
    labels = [frame.case.file.outcome_labels.get(name) or name.replace("_", " ") for name in ends]

    def columns(at: Played) -> Floats:
        found = at.play.goals({**{name: where & holds for name, where in ends.items()}, "": holds})
        return np.stack(list(found.values()), axis=1)

    leader = int(columns(at).mean(axis=0)[:-1].argmax())
    return Finding(
        "outcome",
        f"“{labels[leader]}” is no longer the likeliest outcome",
        f"the lead of “{labels[leader]}” over the next outcome",
        0.0,
        columns,
        lambda means: _lead(means, leader),
        lambda means: _next(means, leader, labels),
    )


def _first(goal: str, ranking: DecisivenessAnswer, frame: Frame) -> Iterator[Finding]:
    """That one actor has the largest decisiveness; nothing where fewer than two are ranked."""
    ranked = [p for p in ranking.parties if not p.owner]
    if len(ranked) < 2:
        return
    leader = max(range(len(ranked)), key=lambda i: ranked[i].decisiveness.mean)
    labels, label = [p.label for p in ranked], frame.case.file.goal_labels.get(goal, goal)
    holds = presupposed(frame.game)

    def columns(at: Played) -> Floats:
        few = at.first(affordable(at.play, frame.budget).priced.n)
        value = GameValue(few.play.priced, few.goals[goal], holds, few.play)
        d = singly(value, [p.party for p in ranked]).d
        whole = np.ones(len(d)) if value.weight is None else value.weight
        return np.concatenate([d * whole[:, None], whole[:, None]], axis=1)

    has = "have" if frame.case.is_several(ranked[leader].party) else "has"
    yield Finding(
        "key",
        f"{ranked[leader].label} no longer {has} the largest decisiveness on “{label}”",
        f"the lead of {frame.case.actor_within(ranked[leader].party)} in decisiveness over the next",
        0.0,
        columns,
        lambda means: _lead(means, leader),
        lambda means: _next(means, leader, labels),
        most=frame.budget.keys,
    )


def _vetoes(goal: str, points: Sequence[VetoPoint], frame: Frame) -> Iterator[Finding]:
    """That each effective veto over the goal that stands passes its test: by the figures that are printed, as it is listed."""

    @lru_cache(maxsize=4)
    def effects(at: Played) -> OptionEffects:
        return option_effects(at.play, {goal: at.goals[goal]}, presupposed(frame.game))

    for point in points:
        if point.kind == "effective" and point.goal == goal and not point.owner and point.threshold is not None:
            yield _veto(point, point.threshold, frame, effects)


def _veto(point: VetoPoint, test: Threshold, frame: Frame, effects: Callable[[Played], OptionEffects]) -> Finding:
    """Whether one option passes the test of an effective veto: the smallest margin of its three parts."""
    layer = frame.game.layer_of(point.move, point.round or 0)
    taken = frame.game.public.layers[layer].options.index(point.option)

    def columns(at: Played) -> Floats:
        found = effects(at)
        own = slice(int(found.start[layer]), int(found.start[layer + 1]))
        left, within = found.goal[point.goal][:, own], found.within[:, own]
        return np.concatenate([left * within, within], axis=1)

    def figure(means: Floats) -> Floats:
        options = means.shape[-1] // 2
        left = ratio(means[..., :options], means[..., options:])
        other = np.delete(left, taken, axis=-1).max(axis=-1)
        margins = (test.absolute - left[..., taken], test.relative * other - left[..., taken], other - test.alternative)
        return np.asarray(np.minimum.reduce(margins), dtype=np.float64)

    said = veto_words(frame, point)
    return Finding(
        "veto",
        f"it no longer holds that {re.sub('^The ', 'the ', said)}",
        "the margin by which it passes its test",
        0.0,
        columns,
        figure,
    )


def threats_of(frame: Frame) -> Iterator[Finding]:
    """For each threat: that it is defied as often as not, given that it is made and what the case presupposes."""
    for name, threat in frame.case.file.threats.items():
        threatened = threat.to or frame.case.file.owner
        defies = "defy" if frame.case.is_several(threatened) else "defies"
        said = f"{frame.labels[threatened]} {defies} “{threat.label or name}”"
        made, defied = (frame.holds("threats", name, part) & frame.presupposed for part in ("made", "defied"))

        def columns(at: Played, made: Bools = made, defied: Bools = defied) -> Floats:
            found = at.play.goals({"both": made & defied, "made": made})
            return np.stack([found["both"], found["made"]], axis=1)

        yield Finding("threat", f"{said} as often as not", f"how often {said}", LEVEL, columns, _share)
