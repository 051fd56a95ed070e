"""Distributions of one uncertain number, each given by its inverse distribution function.

Every family is a frozen dataclass that checks its own parameters. Draws come from ``ppf`` alone (inversion), so a
scrambled Sobol' point turns into a draw without a random number generator.

References
----------
Truncated normal and log-normal moments: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994),
sections 13.10.1 and 14.8. PERT as a scaled beta with shape 4: Malcolm et al., *Operations Research* 7 (1959), 646-669.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from vetopoint.quantity._beta_quantile import beta_quantile
from vetopoint.quantity._discrete import Discrete, Empirical, Fixed
from vetopoint.quantity._distribution import Distribution, Floats, SpecError, need, need_finite, number_text

__all__ = [
    "Beta",
    "Discrete",
    "Distribution",
    "Empirical",
    "Fixed",
    "LogNormal",
    "Normal",
    "Pert",
    "SpecError",
    "Triangular",
    "Uniform",
]

_Z90 = float(special.ndtri(0.9))
_WIDEST = 1e6  # wider than any quantity that is known at all, and narrow enough for its mean to be a number
_SHARPEST = 1e9  # parameters of a beta beyond which its quantiles lose digits
_PERT_SHAPE = 4.0


@dataclass(frozen=True)
class Uniform(Distribution):
    """Anything between `lo` and `hi`, equally likely."""

    lo: float
    hi: float

    def __post_init__(self) -> None:
        need_finite("uniform", lo=self.lo, hi=self.hi)
        need(self.lo < self.hi, f"uniform: lo {self.lo:g} is not below hi {self.hi:g}", "give the lower end first")

    def ppf(self, u: ArrayLike) -> Floats:
        return np.clip(self.lo + (self.hi - self.lo) * np.asarray(u, np.float64), self.lo, self.hi)

    def mean(self) -> float:
        return 0.5 * self.lo + 0.5 * self.hi

    def support(self) -> tuple[float, float]:
        return self.lo, self.hi

    @property
    def text(self) -> str:
        return f"uniform({number_text(self.lo)}, {number_text(self.hi)})"


def _range_text(lo: float, hi: float) -> str:
    return (f", lo={number_text(lo)}" if lo > -math.inf else "") + (f", hi={number_text(hi)}" if hi < math.inf else "")


def _check_range(where: str, lo: float, hi: float) -> None:
    need(not math.isnan(lo + hi) or (lo, hi) == (-math.inf, math.inf), f"{where}: lo or hi is not a number", "drop it")
    need(lo < hi, f"{where}: lo {lo:g} is not below hi {hi:g}", "give lo below hi, or leave both out")


@dataclass(frozen=True)
class _Cut:
    """A standard normal cut to [a, b], computed in the tail where its distribution function is precise."""

    a: float
    b: float

    @property
    def mirrored(self) -> bool:
        return self.a > 0.0

    @cached_property
    def _ends(self) -> tuple[float, float]:
        lo, hi = (-self.b, -self.a) if self.mirrored else (self.a, self.b)
        return float(special.ndtr(lo)), float(special.ndtr(hi))

    def mass(self, shift: float = 0.0) -> float:
        """Probability that a normal with mean `shift` and sd 1 falls in [a, b]."""
        a, b = self.a - shift, self.b - shift
        return float(special.ndtr(-a) - special.ndtr(-b) if a > 0 else special.ndtr(b) - special.ndtr(a))

    def ppf(self, u: Floats) -> Floats:
        lo, hi = self._ends
        share = 1.0 - u if self.mirrored else u
        z = special.ndtri(lo + share * (hi - lo))
        return np.asarray(np.clip(-z if self.mirrored else z, self.a, self.b), np.float64)

    def mean(self) -> float:
        density = [
            math.exp(-0.5 * x * x) / math.sqrt(2 * math.pi) if math.isfinite(x) else 0.0 for x in (self.a, self.b)
        ]
        return min(max((density[0] - density[1]) / self.mass(), self.a), self.b)


def _need_mass(where: str, cut: _Cut) -> None:
    need(cut.mass() > 1e-12, f"{where}: almost no probability lies between lo and hi", "widen lo…hi or move the centre")


@dataclass(frozen=True)
class Normal(Distribution):
    """Bell curve with mean and standard deviation *before* any cut to `lo`…`hi`; what is cut off is spread again."""

    centre: float
    sd: float
    lo: float = -math.inf
    hi: float = math.inf

    def __post_init__(self) -> None:
        need_finite("normal", mean=self.centre, sd=self.sd)
        need(self.sd > 0, f"normal: sd is {self.sd:g}", "give a standard deviation above 0, or a plain number")
        _check_range("normal", self.lo, self.hi)
        _need_mass("normal", self._cut)

    @cached_property
    def _cut(self) -> _Cut:
        return _Cut((self.lo - self.centre) / self.sd, (self.hi - self.centre) / self.sd)

    def ppf(self, u: ArrayLike) -> Floats:
        return np.clip(self.centre + self.sd * self._cut.ppf(np.asarray(u, np.float64)), self.lo, self.hi)

    def mean(self) -> float:
        return self.centre + self.sd * self._cut.mean()

    def support(self) -> tuple[float, float]:
        return self.lo, self.hi

    @property
    def text(self) -> str:
        return f"normal({number_text(self.centre)}, {number_text(self.sd)}{_range_text(self.lo, self.hi)})"


@dataclass(frozen=True)
class LogNormal(Distribution):
    """A positive number with long upper tail, by its median and 90th percentile *before* any cut to `lo`…`hi`."""

    middle: float
    p90: float
    lo: float = 0.0
    hi: float = math.inf

    def __post_init__(self) -> None:
        need_finite("lognormal", median=self.middle, p90=self.p90)
        need(
            self.middle > 0,
            f"lognormal: median is {self.middle:g}",
            "give a median above 0; the log-normal is positive",
        )
        need(
            self.p90 > self.middle,
            f"lognormal: p90 {self.p90:g} is not above the median {self.middle:g}",
            "p90 is the value that one draw in ten exceeds",
        )
        need(
            self.p90 / self.middle <= _WIDEST,
            f"lognormal: p90 is {self.p90 / self.middle:.3g} times the median",
            f"give a p90 within {_WIDEST:g} times the median",
        )
        _check_range("lognormal", max(self.lo, 0.0), self.hi)
        _need_mass("lognormal", self._cut)

    @classmethod
    def from_moments(cls, mean: float, sd: float, lo: float = 0.0, hi: float = math.inf) -> LogNormal:
        """Log-normal with this mean and standard deviation (before any cut)."""
        need_finite("lognormal", mean=mean, sd=sd)
        need(mean > 0 and sd > 0, "lognormal: mean and sd must be above 0", "or use median= and p90=")
        need(
            sd / mean <= _WIDEST, "lognormal: sd is far above the mean", f"give an sd within {_WIDEST:g} times the mean"
        )
        sigma2 = math.log1p((sd / mean) ** 2)
        middle = mean * math.exp(-0.5 * sigma2)
        return cls(middle, middle * math.exp(_Z90 * math.sqrt(sigma2)), lo, hi)

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm."""
        return math.log(self.p90 / self.middle) / _Z90

    @cached_property
    def _cut(self) -> _Cut:
        def scaled(x: float) -> float:
            return -math.inf if x <= 0 else math.log(x / self.middle) / self.sigma if x < math.inf else x

        return _Cut(scaled(self.lo), scaled(self.hi))

    def ppf(self, u: ArrayLike) -> Floats:
        z = self._cut.ppf(np.asarray(u, np.float64))
        return np.clip(self.middle * np.exp(self.sigma * z), max(self.lo, 0.0), self.hi)

    def mean(self) -> float:
        full = self.middle * math.exp(0.5 * self.sigma**2)
        return min(max(full * self._cut.mass(self.sigma) / self._cut.mass(), self.lo), self.hi)

    def support(self) -> tuple[float, float]:
        return max(self.lo, 0.0), self.hi

    @property
    def text(self) -> str:
        cut = _range_text(self.lo if self.lo > 0 else -math.inf, self.hi)
        return f"lognormal(median={number_text(self.middle)}, p90={number_text(self.p90)}{cut})"


@dataclass(frozen=True)
class Beta(Distribution):
    """A share or a probability: beta with parameters `a` and `b`."""

    a: float
    b: float

    def __post_init__(self) -> None:
        need_finite("beta", a=self.a, b=self.b)
        need(self.a > 0 and self.b > 0, f"beta: a={self.a:g}, b={self.b:g}", "both parameters must be above 0")
        need(
            max(self.a, self.b) <= _SHARPEST,
            f"beta: a={self.a:g}, b={self.b:g} leave no doubt",
            f"write the number alone, or parameters up to {_SHARPEST:g}",
        )

    @classmethod
    def from_mean(cls, mean: float, strength: float) -> Beta:
        """Beta with this mean that weighs as much as `strength` observations."""
        need_finite("beta", mean=mean, strength=strength)
        need(0 < mean < 1, f"beta: mean {mean:g} is not between 0 and 1", "give the mean as a share, such as 0.3")
        need(strength > 0, f"beta: strength is {strength:g}", "give a strength above 0, such as 10")
        return cls(mean * strength, (1.0 - mean) * strength)

    def ppf(self, u: ArrayLike) -> Floats:
        return beta_quantile(self.a, self.b, np.asarray(u, np.float64))

    def mean(self) -> float:
        return self.a / (self.a + self.b)

    def support(self) -> tuple[float, float]:
        return 0.0, 1.0

    @property
    def text(self) -> str:
        return f"beta({number_text(self.a)}, {number_text(self.b)})"


def _check_mode(where: str, lo: float, mode: float, hi: float) -> None:
    need_finite(where, lo=lo, mode=mode, hi=hi)
    need(
        lo <= mode <= hi and lo < hi,
        f"{where}: {lo:g}, {mode:g}, {hi:g} are not in order",
        f"write {where}(lowest, most likely, highest)",
    )


@dataclass(frozen=True)
class Triangular(Distribution):
    """Lowest, most likely and highest value, with straight lines between."""

    lo: float
    mode: float
    hi: float

    def __post_init__(self) -> None:
        _check_mode("triangular", self.lo, self.mode, self.hi)

    def ppf(self, u: ArrayLike) -> Floats:
        u = np.asarray(u, np.float64)
        width, left = self.hi - self.lo, self.mode - self.lo
        rising = self.lo + np.sqrt(u * width * left)
        falling = self.hi - np.sqrt((1.0 - u) * width * (width - left))
        return np.clip(np.where(u * width < left, rising, falling), self.lo, self.hi)

    def mean(self) -> float:
        return (self.lo + self.mode + self.hi) / 3.0

    def support(self) -> tuple[float, float]:
        return self.lo, self.hi

    @property
    def text(self) -> str:
        return f"triangular({number_text(self.lo)}, {number_text(self.mode)}, {number_text(self.hi)})"


@dataclass(frozen=True)
class Pert(Distribution):
    """Lowest, most likely and highest value, smooth: a scaled beta whose mean is (lo + 4 mode + hi) / 6."""

    lo: float
    mode: float
    hi: float

    def __post_init__(self) -> None:
        _check_mode("pert", self.lo, self.mode, self.hi)

    @property
    def shapes(self) -> tuple[float, float]:
        """Parameters of the beta on the unit interval."""
        place = (self.mode - self.lo) / (self.hi - self.lo)
        return 1.0 + _PERT_SHAPE * place, 1.0 + _PERT_SHAPE * (1.0 - place)

    def ppf(self, u: ArrayLike) -> Floats:
        share = beta_quantile(*self.shapes, np.asarray(u, np.float64))
        return np.asarray(np.clip(self.lo + (self.hi - self.lo) * share, self.lo, self.hi), np.float64)

    def mean(self) -> float:
        return (self.lo + _PERT_SHAPE * self.mode + self.hi) / (_PERT_SHAPE + 2.0)

    def support(self) -> tuple[float, float]:
        return self.lo, self.hi

    @property
    def text(self) -> str:
        return f"pert({number_text(self.lo)}, {number_text(self.mode)}, {number_text(self.hi)})"
