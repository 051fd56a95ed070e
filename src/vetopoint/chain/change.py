"""What would change the answer: swings of each input, tipping points, and a draw in which the leading finding is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from vetopoint.answers import Counterexample, Swing, TippingPoint
from vetopoint.arrays import Floats
from vetopoint.chain.world import World, build_world

if TYPE_CHECKING:
    from vetopoint.quantity import Distribution

__all__ = ["Changes", "Doubt", "counterexample", "fewest_changes", "swings", "tipping_points"]

Measure = Callable[[World], float]
Figure = Callable[[World], tuple[Floats, Floats]]

LOW, HIGH = 0.05, 0.95
SCREENED, MOST_CHANGES = 16, 8
GRID = (0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.98)


def held_at(world: World, name: str, value: float) -> World:
    """The same world with one input held at a value, common draws for the rest."""
    draws = world.draws.replace(name, value)
    return build_world(world.frame, draws, like=world, changed=name)


def swings(
    world: World,
    distributions: Mapping[str, Distribution],
    measure: Measure,
    judged: Collection[str],
    labels: Mapping[str, str],
    progress: Callable[[float], None] | None = None,
) -> tuple[Swing, ...]:
    """How far the measure moves when each input in turn goes from its 5th to its 95th percentile, largest first.

    Parameters
    ----------
    world : the case over the draws to use.
    distributions : every input's distribution.
    measure : world → mean of the answer.
    judged : inputs that are somebody's judgement.
    labels : what inputs are called.
    """
    done = 0

    def swing(name: str) -> Swing | None:
        low, high = (float(v) for v in distributions[name].ppf(np.array([LOW, HIGH])))
        if low >= high:
            return None
        at_low, at_high = (measure(held_at(world, name, value)) for value in (low, high))
        return Swing(
            quantity=name,
            label=labels.get(name, name),
            low=low,
            high=high,
            at_low=at_low,
            at_high=at_high,
            swing=at_high - at_low,
            judged=name in judged,
        )

    found: list[Swing] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for result in pool.map(swing, distributions):
            found += [result] if result is not None else []
            done += 1
            if progress is not None:
                progress(done / len(distributions))
    return tuple(sorted(found, key=lambda s: (-abs(s.swing), s.quantity)))


def tipping_points(
    world: World,
    distributions: Mapping[str, Distribution],
    measure: Measure,
    names: Sequence[str],
    labels: Mapping[str, str],
    finding: str,
    threshold: float = 0.5,
    beyond: float = 1.0,
) -> tuple[TippingPoint, ...]:
    """The value of each input at which the measure passes a threshold, by straight line between grid points.

    Parameters
    ----------
    names : inputs to try.
    finding : what flips, in words.
    threshold : the value that the measure must pass.
    beyond : the grid is widened by this factor of the input's own range on either side (not below 0 for positive inputs).
    """

    def tip(name: str) -> TippingPoint:
        low, high, grid = _grid(distributions[name], beyond)
        values = [measure(held_at(world, name, value)) for value in grid]
        crossing = _crossing(grid, values, threshold)
        inside = crossing is not None and low <= crossing <= high
        note = "" if inside else "outside its own 96 % range" if crossing is not None else _never(values, threshold)
        return TippingPoint(
            quantity=name,
            label=labels.get(name, name),
            finding=finding,
            value=crossing,
            low=low,
            high=high,
            unit=world.frame.case.inputs[name].unit,
            note=note,
        )

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return tuple(pool.map(tip, names))


def _grid(distribution: Distribution, beyond: float) -> tuple[float, float, list[float]]:
    inner = [float(v) for v in distribution.ppf(np.array(GRID))]
    low, high = inner[0], inner[-1]
    reach = beyond * (high - low)
    below = max(low - reach, 0.0) if low >= 0 else low - reach
    above = min(high + reach, 1.0) if low >= 0 and high <= 1 and float(distribution.support()[1]) <= 1 else high + reach
    return low, high, sorted({below, *inner, above})


def _crossing(grid: Sequence[float], values: Sequence[float], threshold: float) -> float | None:
    """First crossing of the threshold, counted from the middle of the grid outwards."""
    crossings = [
        x0 + (threshold - y0) / (y1 - y0) * (x1 - x0)
        for x0, x1, y0, y1 in zip(grid[:-1], grid[1:], values[:-1], values[1:], strict=True)
        if (y0 - threshold) * (y1 - threshold) < 0
    ]
    middle = grid[len(grid) // 2]
    return min(crossings, key=lambda x: abs(x - middle)) if crossings else None


def _never(values: Sequence[float], threshold: float) -> str:
    side = "above" if min(values) > threshold else "below"
    return f"stays {side} {threshold:g} ({min(values):.3g} to {max(values):.3g})"


@dataclass(frozen=True)
class Doubt:
    """A finding that can be tried draw by draw.

    Parameters
    ----------
    finding : the finding in words.
    value_is : the figure it is about, in words.
    threshold : it is wrong where the figure exceeds this.
    value : world → (n,) the figure, and (n,) P(goal).
    """

    finding: str
    value_is: str
    threshold: float
    value: Figure


@dataclass(frozen=True)
class Changes:
    """A small set of changed inputs, and what it brings about.

    Parameters
    ----------
    inputs : name → value, in the order in which they were changed; the others stay at their medians.
    medians : name → median of the changed inputs.
    value, other : the figure that was driven, and the one beside it.
    reached : whether it got as far as was asked.
    """

    inputs: dict[str, float]
    medians: dict[str, float]
    value: float
    other: float
    reached: bool


def fewest_changes(world: World, distributions: Mapping[str, Distribution], figure: Figure, enough: float) -> Changes:
    """The fewest plausible changes that bring a figure up to a level, found one by one.

    Every input starts at its median (precision is left alone); one after another moves to an end of its own 98 % range, each time
    the one that helps most, until the figure reaches the level or nothing helps. Greedy: a smaller set may exist.
    """
    names = [n for n in distributions if np.ptp(world.draws[n]) > 0 and not n.startswith("precision.")]
    ends = {name: [float(v) for v in distributions[name].ppf(np.array([0.01, 0.5, 0.99]))] for name in names}
    state = {name: ends[name][1] for name in names}
    changed: list[str] = []
    ((value, other),) = _trials(world, figure, [state])
    while value < enough and len(changed) < MOST_CHANGES:
        candidates = [(n, v) for n in names if n not in changed for v in (ends[n][0], ends[n][2])]
        if not candidates:
            break
        tried = _trials(world, figure, [{**state, n: v} for n, v in candidates])
        order = sorted(range(len(tried)), key=lambda i: -tried[i][0])
        if not changed:
            names = list(dict.fromkeys(candidates[i][0] for i in order))[:SCREENED]
        best = order[0]
        if tried[best][0] <= value + 1e-6:
            break
        name, end = candidates[best]
        state, changed, (value, other) = {**state, name: end}, [*changed, name], tried[best]
    return Changes({n: state[n] for n in changed}, {n: ends[n][1] for n in changed}, value, other, value >= enough)


def counterexample(
    world: World, doubt: Doubt, distributions: Mapping[str, Distribution], labels: Mapping[str, str]
) -> Counterexample:
    """A plausible set of inputs under which the leading finding is wrong, with as few changes from the medians as it takes.

    The share of draws in which it is wrong is that of the case's own draws. The set shown drives the figure to one half (or twice
    the threshold, if that is more), or as far as it goes.
    """
    own, _ = doubt.value(world)
    shown = fewest_changes(world, distributions, doubt.value, max(0.5, 2 * doubt.threshold))
    found = shown.value > doubt.threshold
    return Counterexample(
        finding=doubt.finding,
        found=found,
        draws_with=float(np.mean(own > doubt.threshold)),
        inputs={labels.get(n, n): v for n, v in shown.inputs.items()},
        medians={labels.get(n, n): v for n, v in shown.medians.items()},
        value=shown.value,
        value_is=doubt.value_is,
        threshold=doubt.threshold,
        goal=shown.other,
        note="" if found else "no values within these ranges make it wrong; the nearest set is shown",
    )


def _trials(world: World, figure: Figure, states: Sequence[Mapping[str, float]]) -> list[tuple[float, float]]:
    """Mean figure and mean P(goal) for each setting of the inputs, all on the same few draws of what is not an input."""
    rows = min(world.frame.budget.trials, world.draws.n)
    draws = world.draws.first(rows).tiled(len(states))
    for name in states[0]:
        draws = draws.replace(name, np.repeat([state[name] for state in states], rows), mean=draws.mean(name))
    other = build_world(world.frame, draws, like=world)
    values, goal = figure(other)
    return [
        (float(v.mean()), float(g.mean()))
        for v, g in zip(values.reshape(-1, rows), goal.reshape(-1, rows), strict=True)
    ]
