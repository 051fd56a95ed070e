"""Distributions over single values: a number, a few possible values, observations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from vetopoint.quantity._distribution import Distribution, Floats, need, need_finite, number_text

__all__ = ["Discrete", "Empirical", "Fixed"]


@dataclass(frozen=True)
class Fixed(Distribution):
    """A number without uncertainty."""

    value: float

    def __post_init__(self) -> None:
        need_finite("fixed", value=self.value)

    def ppf(self, u: ArrayLike) -> Floats:
        return np.full(np.shape(u), self.value, dtype=np.float64)

    def mean(self) -> float:
        return self.value

    def support(self) -> tuple[float, float]:
        return self.value, self.value

    @property
    def text(self) -> str:
        return number_text(self.value)


@dataclass(frozen=True)
class Discrete(Distribution):
    """A few possible values, each with its probability."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        need(len(self.values) > 0, "discrete: no values", "write discrete(1: 0.3, 2: 0.7)")
        need(len(self.values) == len(self.weights), "discrete: values without weights", "give each value its weight")
        need(len(set(self.values)) == len(self.values), "discrete: a value stands twice", "add its weights up")
        for value, weight in zip(self.values, self.weights, strict=True):
            need_finite("discrete", value=value, weight=weight)
            need(weight >= 0, f"discrete: weight {weight:g} of {value:g} is negative", "weights are probabilities")
        total = math.fsum(self.weights)
        need(abs(total - 1) < 1e-6, f"discrete: the weights add up to {total:.6g}, not 1", "make them add up to 1")
        order = sorted(range(len(self.values)), key=self.values.__getitem__)
        object.__setattr__(self, "values", tuple(self.values[i] for i in order))
        object.__setattr__(self, "weights", tuple(self.weights[i] for i in order))

    def ppf(self, u: ArrayLike) -> Floats:
        steps = np.cumsum(self.weights)
        place = np.searchsorted(steps / steps[-1], np.asarray(u, np.float64), side="left")
        last = int(np.flatnonzero(self.weights)[-1])
        return np.asarray(np.take(self.values, np.minimum(place, last)), np.float64)

    def mean(self) -> float:
        return math.fsum(v * w for v, w in zip(self.values, self.weights, strict=True)) / math.fsum(self.weights)

    def support(self) -> tuple[float, float]:
        possible = [v for v, w in zip(self.values, self.weights, strict=True) if w > 0]
        return possible[0], possible[-1]

    @property
    def text(self) -> str:
        pairs = zip(self.values, self.weights, strict=True)
        return f"discrete({', '.join(f'{number_text(v)}: {number_text(w)}' for v, w in pairs)})"


@dataclass(frozen=True)
class Empirical(Distribution):
    """Observed values, each as likely as the others; a draw is always one of them."""

    values: tuple[float, ...]
    source: str = ""

    def __post_init__(self) -> None:
        need(len(self.values) > 0, "empirical: no values", "write empirical(3, 5, 8) or empirical(file.csv, column)")
        for value in self.values:
            need_finite("empirical", value=value)
        object.__setattr__(self, "values", tuple(sorted(self.values)))

    @classmethod
    def of(cls, values: Sequence[float], source: str = "") -> Empirical:
        """Distribution of a sequence of observations; `source` is how the case file names them."""
        return cls(tuple(float(v) for v in values), source)

    @cached_property
    def _sorted(self) -> Floats:
        return np.asarray(self.values, np.float64)

    def ppf(self, u: ArrayLike) -> Floats:
        count = len(self.values)
        place = np.ceil(np.asarray(u, np.float64) * count).astype(np.intp) - 1
        return self._sorted[np.clip(place, 0, count - 1)]

    def mean(self) -> float:
        return math.fsum(self.values) / len(self.values)

    def support(self) -> tuple[float, float]:
        return self.values[0], self.values[-1]

    @property
    def text(self) -> str:
        return f"empirical({self.source or ', '.join(map(number_text, self.values))})"
