"""How well the shipped priors foretell past spells: Brier scores with one group (a country, say) left out at a time.

The effects are the shipped ones and are not refitted; one number is learnt from the other groups, the scale of a Weibull with the
shipped shape: with S(t) = exp(−λ R t^k) its maximum-likelihood estimate is λ = ends / Σ R (stop^k − start^k).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.arrays import Floats
from vetopoint.truce.baseline import load_baseline
from vetopoint.truce.priors import load_priors

__all__ = ["HORIZONS", "Skill", "Spells", "log_hazard_ratio", "spell_skill"]


#: Months at which a spell is asked whether it still holds.
HORIZONS = (6.0, 12.0, 24.0, 60.0)


@dataclass(frozen=True)
class Spells:
    """Spells in counting-process form, one row per stretch, (rows,) each.

    Parameters
    ----------
    spell, group : what the row belongs to; groups are left out one at a time.
    start, stop : months since the ceasefire.
    ended : whether the spell ended at ``stop``.
    log_ratio : log hazard ratio of the row's covariates, from `log_hazard_ratio`.
    """

    spell: NDArray[Any]
    group: NDArray[Any]
    start: Floats
    stop: Floats
    ended: NDArray[np.bool_]
    log_ratio: Floats


@dataclass(frozen=True)
class Skill:
    """Brier scores by horizon and their mean, for the priors and for the base rate of the other groups."""

    brier: tuple[float, ...]
    base_rate: tuple[float, ...]
    spells: int

    @property
    def mean(self) -> float:
        """Mean over horizons, of the priors."""
        return float(np.mean(self.brier))

    @property
    def mean_base_rate(self) -> float:
        """Mean over horizons, of the base rate."""
        return float(np.mean(self.base_rate))


def log_hazard_ratio(present: dict[str, Any]) -> Floats:
    """Log hazard ratio of rows: sum over effects of the shipped ln estimate times whether it is present (0 to 1)."""
    rows = load_priors()
    parts = [np.log(rows[name].estimate) * np.asarray(x, dtype=np.float64) for name, x in present.items()]
    return np.asarray(sum(parts))


def _scale(spells: Spells, rows: NDArray[np.bool_], shape: float) -> float:
    exposure = np.exp(spells.log_ratio[rows]) * (spells.stop[rows] ** shape - spells.start[rows] ** shape)
    return float(spells.ended[rows].sum() / exposure.sum())


def spell_skill(spells: Spells, horizons: Sequence[float] = HORIZONS) -> Skill:
    """Leave-one-group-out Brier scores of P(still holds) at each horizon, from what is known at the outset.

    A spell that is lost from sight before a horizon is not scored there.
    """
    shape = float(np.exp(load_baseline("weibull").log_shape))
    names, first = np.unique(spells.spell, return_index=True)
    order = np.lexsort((spells.start, spells.spell))
    first = order[np.searchsorted(spells.spell[order], names)]
    last = order[np.searchsorted(spells.spell[order], names, side="right") - 1]
    end, ended, group = spells.stop[last], spells.ended[last], spells.group[first]
    scores, base = [], []
    for month in horizons:
        known = (end >= month) | ended
        held = end > month
        predicted, rate = np.empty(len(names)), np.empty(len(names))
        for g in np.unique(group):
            inside = group == g
            scale = _scale(spells, spells.group != g, shape)
            predicted[inside] = np.exp(-scale * np.exp(spells.log_ratio[first[inside]]) * month**shape)
            rate[inside] = held[known & ~inside].mean()
        scores.append(float(np.mean((predicted - held)[known] ** 2)))
        base.append(float(np.mean((rate - held)[known] ** 2)))
    return Skill(tuple(scores), tuple(base), len(names))
