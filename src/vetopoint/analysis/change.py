"""What would change the answer: swings of each input, tipping points, and a draw in which the leading finding is wrong."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vetopoint.analysis.answers import Counterexample, Swing, TippingPoint
from vetopoint.analysis.world import World, build_world

if TYPE_CHECKING:
    from vetopoint.quantity import Distribution, Draws

__all__ = ["counterexample", "swings", "tipping_points"]

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
    found: list[Swing] = []
    for number, (name, distribution) in enumerate(distributions.items()):
        low, high = (float(v) for v in distribution.ppf(np.array([LOW, HIGH])))
        if low < high:
            at_low, at_high = (measure(held_at(world, name, value)) for value in (low, high))
            found.append(
                Swing(
                    quantity=name,
                    label=labels.get(name, name),
                    low=low,
                    high=high,
                    at_low=at_low,
                    at_high=at_high,
                    swing=at_high - at_low,
                    judged=name in judged,
                )
            )
        if progress is not None:
            progress((number + 1) / len(distributions))
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
    found = []
    for name in names:
        low, high, grid = _grid(distributions[name], beyond)
        values = [measure(held_at(world, name, value)) for value in grid]
        crossing = _crossing(grid, values, threshold)
        inside = crossing is not None and low <= crossing <= high
        note = "" if inside else "outside its own 96 % range" if crossing is not None else _never(values, threshold)
        item = world.frame.case.inputs[name]
        found.append(
            TippingPoint(
                quantity=name,
                label=labels.get(name, name),
                finding=finding,
                value=crossing,
                low=low,
                high=high,
                unit=item.unit,
                note=note,
            )
        )
    return tuple(found)


def _grid(distribution: Distribution, beyond: float) -> tuple[float, float, list[float]]:
    inner = [float(v) for v in distribution.ppf(np.array(GRID))]
    low, high = inner[0], inner[-1]
    reach = beyond * (high - low)
    below = max(low - reach, 0.0) if low >= 0 else low - reach
    above = min(high + reach, 1.0) if 0 <= low and high <= 1 and float(distribution.support()[1]) <= 1 else high + reach
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


def counterexample(
    draws: Draws,
    goal: Floats,
    fails: Floats,
    finding: str,
    distributions: Mapping[str, Distribution],
    labels: Mapping[str, str],
    count: int = 6,
) -> Counterexample:
    """The draw in which the leading finding fails most clearly, told by the inputs that lie farthest from their medians.

    Parameters
    ----------
    goal : (n,) P(goal).
    fails : (n,) how far the finding fails; positive where it is wrong.
    finding : the finding in words.
    """
    worst = int(np.argmax(fails))
    wrong = float(np.mean(fails > 0))
    ranks = {
        name: float(np.mean(draws[name] <= draws[name][worst])) for name in distributions if np.ptp(draws[name]) > 0
    }
    farthest = sorted(ranks, key=lambda name: -abs(ranks[name] - 0.5))[:count]
    found = bool(fails[worst] > 0)
    note = "" if found else "no draw of these inputs makes it wrong; the nearest one is shown"
    return Counterexample(
        finding=finding,
        found=found,
        draws_with=wrong,
        inputs={labels.get(n, n): float(draws[n][worst]) for n in farthest},
        medians={labels.get(n, n): float(distributions[n].ppf(np.array([0.5]))[0]) for n in farthest},
        goal=float(goal[worst]),
        note=note,
    )
