"""Two inputs at a time: the leading goal's chance over their plane, smoothed from the draws, and the line on which it passes one half.

Nothing is solved again: a map is for looking at what two numbers do together, which one-way thresholds cannot show (Saltelli et al. 2008,
*Global Sensitivity Analysis*, 1.2). The others are at their draws. Each cell says how many draws stand behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from vetopoint.answers import PairMap
from vetopoint.arrays import Bools, Floats
from vetopoint.chain.findings import Finding, Played
from vetopoint.chain.flips import RANGE
from vetopoint.chain.legendre import ranks
from vetopoint.chain.smoothing import over
from vetopoint.chain.world import World
from vetopoint.kernel import in_order

if TYPE_CHECKING:
    from vetopoint.chain.numbers import Numbers

__all__ = ["pair_maps"]

CELLS = 7  # along each input
FEW = 10  # draws below which a cell stays empty
FINE = np.linspace(*RANGE, 41)


def pair_maps(world: World, numbers: Numbers, finding: Finding, names: Sequence[str]) -> tuple[PairMap, ...]:
    """A map for every pair of some inputs; none where the draws are too few to fill the cells.

    Parameters
    ----------
    finding : what is mapped: one figure made of means over draws.
    names : the inputs, those that move it most first.
    """
    whole = Played(world.play, world.goals).first(world.frame.budget.smoothed)
    columns = finding.columns(whole)
    if len(columns) < FEW * CELLS**2:
        return ()
    return tuple(in_order(lambda pair: _map(world, numbers, finding, columns, pair), combinations(names, 2)))


def _map(world: World, numbers: Numbers, finding: Finding, columns: Floats, pair: tuple[str, str]) -> PairMap:
    """The map of two inputs: cells of equally many draws along each."""
    values = [world.draws[name][: len(columns)] for name in pair]
    middles = (np.arange(CELLS) + 0.5) / CELLS
    grid = over(values, columns, [each.ravel() for each in np.meshgrid(middles, middles, indexing="ij")])
    chance = np.clip(finding.figure(grid.means), 0.0, 1.0).reshape(CELLS, CELLS)
    places = [np.minimum((ranks(v) * CELLS).astype(np.int64), CELLS - 1) for v in values]
    draws = np.bincount(places[0] * CELLS + places[1], minlength=CELLS**2).reshape(CELLS, CELLS)
    shown = draws >= FEW
    error = grid.error(finding.figure).reshape(CELLS, CELLS)
    written = world.frame.case.inputs
    fields: dict[str, object] = {}
    for which, name in zip(("first", "second"), pair, strict=True):
        fields[which] = name
        fields[f"{which}_label"] = numbers.called(name)
        fields[f"{which}_unit"] = written[name].unit if name in written else ""
        fields[f"{which}_values"] = numbers.distributions[name].ppf(middles).tolist()
    return PairMap.model_validate(
        {
            **fields,
            "chance": [
                [float(c) if ok else None for c, ok in zip(*rows, strict=True)]
                for rows in zip(chance, shown, strict=True)
            ],
            "draws": draws.tolist(),
            "error": float(error[shown].max(initial=0.0)),
            "level": finding.level,
            "line": _line(numbers, finding, columns, values, pair, shown),
        }
    )


def _line(
    numbers: Numbers,
    finding: Finding,
    columns: Floats,
    values: Sequence[Floats],
    pair: tuple[str, str],
    shown: Bools,
) -> list[tuple[float, float]]:
    """Where the figure passes the level along the second input, for each of many values of the first, where draws lie at all."""
    grid = over(values, columns, [each.ravel() for each in np.meshgrid(FINE, FINE, indexing="ij")])
    beyond = finding.figure(grid.means).reshape(FINE.size, FINE.size) - finding.level
    rows, places = np.nonzero((beyond[:, :-1] > 0) != (beyond[:, 1:] > 0))
    left, right = beyond[rows, places], beyond[rows, places + 1]
    second = FINE[places] + left / (left - right) * (FINE[places + 1] - FINE[places])
    first = FINE[rows]
    known = shown[(first * CELLS).astype(np.int64), (second * CELLS).astype(np.int64)]
    x, y = (numbers.distributions[name].ppf(at[known]) for name, at in zip(pair, (first, second), strict=True))
    return list(zip(x.tolist(), y.tolist(), strict=True))
