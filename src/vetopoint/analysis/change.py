"""What would change the answer: swings of each input, tipping points, and a draw in which the leading finding is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vetopoint.analysis.answers import Counterexample, Swing, TippingPoint
from vetopoint.analysis.world import World, build_world

if TYPE_CHECKING:
    from vetopoint.quantity import Distribution

__all__ = ["Doubt", "counterexample", "swings", "tipping_points"]

Floats = NDArray[np.float64]
Measure = Callable[[World], float]

LOW, HIGH = 0.05, 0.95
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
    value: Callable[[World], tuple[Floats, Floats]]


def counterexample(
    world: World, doubt: Doubt, distributions: Mapping[str, Distribution], labels: Mapping[str, str], count: int = 6
) -> Counterexample:
    """A plausible set of payoffs under which the leading finding is wrong.

    The share of draws in which it is wrong is that of the case's own draws. The set shown is the clearest one among draws that
    spread each payoff evenly over its own 98 % range, the rest as in the case: each number plausible by the case's own lights.
    """
    own, _ = doubt.value(world)
    draws, payoff_inputs = world.draws, _payoff_inputs(world)
    for name in payoff_inputs:
        low, high = (float(v) for v in distributions[name].ppf(np.array([0.01, 0.99])))
        draws = draws.replace(name, low + (high - low) * draws.uniforms(f"counterexample.{name}"))
    values, goal = doubt.value(build_world(world.frame, draws, like=world, changed=""))
    worst = int(np.argmax(values))
    medians = {name: float(distributions[name].ppf(np.array([0.5]))[0]) for name in payoff_inputs}
    spread = {name: float(np.ptp(distributions[name].ppf(np.array([0.05, 0.95])))) or 1.0 for name in payoff_inputs}
    farthest = sorted(payoff_inputs, key=lambda n: -abs(draws[n][worst] - medians[n]) / spread[n])[:count]
    found = bool(values[worst] > doubt.threshold)
    return Counterexample(
        finding=doubt.finding,
        found=found,
        draws_with=float(np.mean(own > doubt.threshold)),
        inputs={labels.get(n, n): float(draws[n][worst]) for n in farthest},
        medians={labels.get(n, n): medians[n] for n in farthest},
        value=float(values[worst]),
        value_is=doubt.value_is,
        threshold=doubt.threshold,
        goal=float(goal[worst]),
        note="" if found else "no set of payoffs within these ranges makes it wrong; the nearest one is shown",
    )


def _payoff_inputs(world: World) -> list[str]:
    """Inputs that payoffs or types use and that are uncertain."""
    case = world.frame.case
    used = {w for place, spec in case.specs.items() if place.split(".")[0] in ("payoffs", "types") for w in spec.names}
    return [name for name in case.inputs if name in used and np.ptp(world.draws[name]) > 0]
