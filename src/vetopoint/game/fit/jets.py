"""Second-order jets: numbers that carry their gradient and Hessian, over many observations at once.

Forward automatic differentiation (A. Griewank & A. Walther, *Evaluating Derivatives*, 2nd ed. 2008, ch. 10 and 13) in as few variables
as the likelihood needs. A missing gradient means zero, so that constants cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import erfcx, log_ndtr

from vetopoint.arrays import Floats


@dataclass(frozen=True, slots=True)
class Jet:
    """A value (n,), its gradient (k, n) and Hessian (k, k, n) in the k ``variables`` on which it depends; None is zero.

    ``second`` says whether second derivatives are carried; a linear function carries them with no Hessian.
    """

    value: Floats
    variables: tuple[int, ...] = ()
    gradient: Floats | None = None
    hessian: Floats | None = None
    second: bool = False

    def __add__(self, other: Jet) -> Jet:
        one, two = _aligned(self, other)
        return Jet(
            one.value + two.value,
            one.variables or two.variables,
            _sum(one.gradient, two.gradient),
            _sum(one.hessian, two.hessian),
            one.second or two.second,
        )

    def __neg__(self) -> Jet:
        return self.times(np.float64(-1.0))

    def __sub__(self, other: Jet) -> Jet:
        return self + (-other)

    def times(self, factor: Floats | np.float64) -> Jet:
        """Product with a constant, (n,) or scalar."""
        return Jet(
            self.value * factor,
            self.variables,
            None if self.gradient is None else self.gradient * factor,
            None if self.hessian is None else self.hessian * factor,
            self.second,
        )

    def __mul__(self, other: Jet) -> Jet:
        if other.gradient is None:
            return self.times(other.value)
        if self.gradient is None:
            return other.times(self.value)
        one, two = _aligned(self, other)
        assert one.gradient is not None
        assert two.gradient is not None
        hessian = None
        if one.second or two.second:
            cross = one.gradient[:, None] * two.gradient[None]
            hessian = cross + cross.transpose(1, 0, 2)
            if one.hessian is not None:
                hessian += one.hessian * two.value
            if two.hessian is not None:
                hessian += two.hessian * one.value
        gradient = one.gradient * two.value + two.gradient * one.value
        return Jet(one.value * two.value, one.variables, gradient, hessian, one.second or two.second)

    def apply(self, value: Floats, slope: Floats, curve: Floats) -> Jet:
        """Chain rule through a scalar function with the given value, first and second derivative."""
        if self.gradient is None:
            return Jet(value)
        hessian = None
        if self.second:
            hessian = (self.gradient * curve)[:, None] * self.gradient[None]
            if self.hessian is not None:
                hessian += self.hessian * slope
        return Jet(value, self.variables, self.gradient * slope, hessian, self.second)

    def spread(self, variables: tuple[int, ...]) -> Jet:
        """The same jet in more variables."""
        if self.gradient is None or variables == self.variables:
            return self
        rows = [variables.index(v) for v in self.variables]
        gradient = np.zeros((len(variables), self.value.size))
        gradient[rows] = self.gradient
        hessian = None
        if self.hessian is not None:
            hessian = np.zeros((len(variables), len(variables), self.value.size))
            hessian[np.ix_(rows, rows)] = self.hessian
        return Jet(self.value, variables, gradient, hessian, self.second)


def _aligned(*jets: Jet) -> tuple[Jet, ...]:
    sets = {j.variables for j in jets if j.gradient is not None}
    if len(sets) < 2:
        return jets
    union = tuple(sorted(set().union(*sets)))
    return tuple(j.spread(union) for j in jets)


def _sum(a: Floats | None, b: Floats | None) -> Floats | None:
    if a is None:
        return b
    return a if b is None else a + b


def normal_hazard(x: Floats) -> Floats:
    """φ(x)/Φ(x), the derivative of log Φ(x), without cancellation in either tail."""
    return np.asarray(np.sqrt(2 / np.pi) / erfcx(-x * np.sqrt(0.5)))


def log_normal_cdf(x: Jet) -> Jet:
    """log Φ(x), accurate in both tails."""
    value = log_ndtr(x.value)
    slope = normal_hazard(x.value)
    return x.apply(value, slope, -slope * (x.value + slope))


def exponential(x: Jet) -> Jet:
    """exp(x)."""
    value = np.exp(x.value)
    return x.apply(value, value, value)


def reciprocal_root(x: Jet) -> Jet:
    """1 / sqrt(x)."""
    value = 1 / np.sqrt(x.value)
    return x.apply(value, -0.5 * value**3, 0.75 * value**5)


def log_sum_exp(parts: Sequence[Jet]) -> Jet:
    """log Σ exp(part), with the shares of the parts as weights of their derivatives."""
    parts = _aligned(*parts)
    values = np.stack([p.value for p in parts])
    top = values.max(axis=0)
    total = top + np.log(np.exp(values - top).sum(axis=0))
    moving = [(p, np.exp(p.value - total)) for p in parts if p.gradient is not None]
    if not moving:
        return Jet(total)
    gradient: Floats | None = None
    for part, share in moving:
        gradient = _sum(gradient, part.times(share).gradient)
    hessian: Floats | None = None
    if gradient is not None and any(p.second for p, _ in moving):
        for part, share in moving:
            own = part.gradient
            if own is not None:
                hessian = _sum(hessian, (own * share)[:, None] * own[None])
            hessian = _sum(hessian, part.times(share).hessian)
        hessian = _sum(hessian, -gradient[:, None] * gradient[None])
    return Jet(total, moving[0][0].variables, gradient, hessian, hessian is not None)


def log_softmax(parts: Sequence[Jet]) -> list[Jet]:
    """log of exp(part) / Σ exp(part) for each part."""
    total = log_sum_exp(parts)
    return [part - total for part in parts]
