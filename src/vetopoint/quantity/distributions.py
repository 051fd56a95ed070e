"""Distributions of one uncertain number, each given by its inverse distribution function.

Every family is a frozen dataclass that checks its own parameters. Draws come from ``ppf`` alone (inversion), so a
scrambled Sobol' point turns into a draw without a random number generator.

Quantiles of a beta come from a table, some twenty times as fast as inverting each one. With z the normal score of u,
logit(x(z)) is smooth in both tails, so cubic Hermite interpolation on an even grid of z, with exact values and slopes at its
nodes, is precise to better than 1e-9 of the unit interval. Shapes too small for that (the logit then runs off) are inverted one
by one. Which of the two is used depends on the shapes alone, never on how many quantiles are asked for, so that the same draw
has the same bytes in any batch.

References
----------
Truncated normal and log-normal moments: Johnson, Kotz & Balakrishnan, *Continuous Univariate Distributions* 1 (1994),
sections 13.10.1 and 14.8. PERT as a scaled beta with shape 4: Malcolm et al., *Operations Research* 7 (1959), 646-669.
Cubic Hermite form: F. N. Fritsch & R. E. Carlson, *SIAM J. Numer. Anal.* 17 (1980), 238-246.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from vetopoint.arrays import Floats
from vetopoint.errors import VetopointError

__all__ = [
    "Beta", "Discrete", "Distribution", "Empirical", "Fixed", "LogNormal", "Normal", "Pert", "SpecError", "Triangular",
    "Uniform",
]  # fmt: skip

_LARGEST = 1e100  # beyond it products of two numbers, such as a width times a density, may overflow
_Z90 = float(special.ndtri(0.9))
_WIDEST = 1e6  # wider than any quantity that is known at all, and narrow enough for its mean to be a number
_SHARPEST = 1e9  # parameters of a beta beyond which its quantiles lose digits
_PERT_SHAPE = 4.0
# The table of a beta's quantiles: normal scores up to _REACH either way, in so many cells, for shapes of at least _LEAST_SHAPE.
_REACH = 8.5
_CELLS = 1024
_STEP = 2 * _REACH / _CELLS
_LEAST_SHAPE = 0.2


class SpecError(VetopointError, ValueError):
    """A distribution, a word of probability or a correlation cannot be used as written; with what to write instead."""

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message, self.remedy = message, remedy
        super().__init__(f"{message} → {remedy}" if remedy else message)


def _number_text(x: float) -> str:
    """Shortest text that reads back as the same number."""
    return repr(int(x)) if float(x).is_integer() and abs(x) < 1e15 else repr(float(x))


def _need(condition: bool, message: str, remedy: str) -> None:
    if not condition:
        raise SpecError(message, remedy)


def _need_finite(where: str, **numbers: float) -> None:
    for name, x in numbers.items():
        _need(math.isfinite(x), f"{where}: {name} is {x}", f"give {name} as a finite number")
        _need(abs(x) <= _LARGEST, f"{where}: {name} is {x:g}", f"give {name} in another unit, within {_LARGEST:g}")


@dataclass(frozen=True)
class Distribution(ABC):
    """One uncertain number.

    Examples
    --------
    >>> Uniform(0.0, 2.0).ppf([0.25, 0.5])
    array([0.5, 1. ])
    """

    @abstractmethod
    def ppf(self, u: ArrayLike) -> Floats:
        """Quantiles: the value below which the share `u` (strictly between 0 and 1, any shape) of draws falls."""

    @abstractmethod
    def mean(self) -> float:
        """Return the expectation, exact."""

    @abstractmethod
    def support(self) -> tuple[float, float]:
        """Return the least and the greatest possible value; infinite where there is none."""

    @property
    def text(self) -> str:
        """The distribution as a case file writes it."""
        parameters = (_number_text(getattr(self, field.name)) for field in fields(self))
        return f"{type(self).__name__.lower()}({', '.join(parameters)})"

    def median(self) -> float:
        """Return the value that half of all draws fall below."""
        return float(self.ppf(0.5))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Fixed(Distribution):
    """A number without uncertainty."""

    value: float

    def __post_init__(self) -> None:
        _need_finite("fixed", value=self.value)

    def ppf(self, u: ArrayLike) -> Floats:
        return np.full(np.shape(u), self.value, dtype=np.float64)

    def mean(self) -> float:
        return self.value

    def support(self) -> tuple[float, float]:
        return self.value, self.value

    @property
    def text(self) -> str:
        return _number_text(self.value)


@dataclass(frozen=True)
class Discrete(Distribution):
    """A few possible values, each with its probability."""

    values: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        _need(len(self.values) > 0, "discrete: no values", "write discrete(1: 0.3, 2: 0.7)")
        _need(len(self.values) == len(self.weights), "discrete: values without weights", "give each value its weight")
        _need(len(set(self.values)) == len(self.values), "discrete: a value stands twice", "add its weights up")
        for value, weight in zip(self.values, self.weights, strict=True):
            _need_finite("discrete", value=value, weight=weight)
            _need(weight >= 0, f"discrete: weight {weight:g} of {value:g} is negative", "weights are probabilities")
        total = math.fsum(self.weights)
        _need(abs(total - 1) < 1e-6, f"discrete: the weights add up to {total:.6g}, not 1", "make them add up to 1")
        values, weights = zip(*sorted(zip(self.values, self.weights, strict=True)), strict=True)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "weights", weights)

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
        return f"discrete({', '.join(f'{_number_text(v)}: {_number_text(w)}' for v, w in pairs)})"


@dataclass(frozen=True)
class Empirical(Distribution):
    """Observed values, each as likely as the others; a draw is always one of them."""

    values: tuple[float, ...]
    source: str = ""

    def __post_init__(self) -> None:
        _need(len(self.values) > 0, "empirical: no values", "write empirical(3, 5, 8) or empirical(file.csv, column)")
        for value in self.values:
            _need_finite("empirical", value=value)
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
        return f"empirical({self.source or ', '.join(map(_number_text, self.values))})"


@dataclass(frozen=True)
class Uniform(Distribution):
    """Anything between `lo` and `hi`, equally likely."""

    lo: float
    hi: float

    def __post_init__(self) -> None:
        _need_finite("uniform", lo=self.lo, hi=self.hi)
        _need(self.lo < self.hi, f"uniform: lo {self.lo:g} is not below hi {self.hi:g}", "give the lower end first")

    def ppf(self, u: ArrayLike) -> Floats:
        return np.clip(self.lo + (self.hi - self.lo) * np.asarray(u, np.float64), self.lo, self.hi)

    def mean(self) -> float:
        return 0.5 * self.lo + 0.5 * self.hi

    def support(self) -> tuple[float, float]:
        return self.lo, self.hi


def _range_text(lo: float, hi: float) -> str:
    ends = {"lo": lo, "hi": hi}
    return "".join(f", {name}={_number_text(end)}" for name, end in ends.items() if math.isfinite(end))


def _check_range(where: str, lo: float, hi: float) -> None:
    _need(not math.isnan(lo + hi) or (lo, hi) == (-math.inf, math.inf), f"{where}: lo or hi is not a number", "drop it")
    _need(lo < hi, f"{where}: lo {lo:g} is not below hi {hi:g}", "give lo below hi, or leave both out")


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
        low, high = (math.exp(-0.5 * x * x) / math.sqrt(2 * math.pi) for x in (self.a, self.b))
        return min(max((low - high) / self.mass(), self.a), self.b)


def _need_mass(where: str, cut: _Cut) -> None:
    message = f"{where}: almost no probability lies between lo and hi"
    _need(cut.mass() > 1e-12, message, "widen lo…hi or move the centre")


@dataclass(frozen=True)
class Normal(Distribution):
    """Bell curve with mean and standard deviation *before* any cut to `lo`…`hi`; what is cut off is spread again."""

    centre: float
    sd: float
    lo: float = -math.inf
    hi: float = math.inf

    def __post_init__(self) -> None:
        _need_finite("normal", mean=self.centre, sd=self.sd)
        _need(self.sd > 0, f"normal: sd is {self.sd:g}", "give a standard deviation above 0, or a plain number")
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
        return f"normal({_number_text(self.centre)}, {_number_text(self.sd)}{_range_text(self.lo, self.hi)})"


@dataclass(frozen=True)
class LogNormal(Distribution):
    """A positive number with long upper tail, by its median and 90th percentile *before* any cut to `lo`…`hi`."""

    middle: float
    p90: float
    lo: float = 0.0
    hi: float = math.inf

    def __post_init__(self) -> None:
        middle, p90 = self.middle, self.p90
        _need_finite("lognormal", median=middle, p90=p90)
        _need(middle > 0, f"lognormal: median is {middle:g}", "give a median above 0; the log-normal is positive")
        message = f"lognormal: p90 {p90:g} is not above the median {middle:g}"
        _need(p90 > middle, message, "p90 is the value that one draw in ten exceeds")
        message = f"lognormal: p90 is {p90 / middle:.3g} times the median"
        _need(p90 / middle <= _WIDEST, message, f"give a p90 within {_WIDEST:g} times the median")
        _check_range("lognormal", max(self.lo, 0.0), self.hi)
        _need_mass("lognormal", self._cut)

    @classmethod
    def from_moments(cls, mean: float, sd: float, lo: float = 0.0, hi: float = math.inf) -> LogNormal:
        """Log-normal with this mean and standard deviation (before any cut)."""
        _need_finite("lognormal", mean=mean, sd=sd)
        _need(mean > 0 and sd > 0, "lognormal: mean and sd must be above 0", "or use median= and p90=")
        remedy = f"give an sd within {_WIDEST:g} times the mean"
        _need(sd / mean <= _WIDEST, "lognormal: sd is far above the mean", remedy)
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
        return f"lognormal(median={_number_text(self.middle)}, p90={_number_text(self.p90)}{cut})"


@lru_cache(maxsize=512)
def _table(a: float, b: float) -> tuple[Floats, Floats]:
    """Return logit quantiles at the nodes, and their slopes times the step, both (nodes,)."""
    z = np.linspace(-_REACH, _REACH, _CELLS + 1)
    lower = z < 0
    share = special.ndtr(-np.abs(z))
    # Each half is computed from its own end, where the small number is the precise one.
    log_x, log_y = np.empty_like(z), np.empty_like(z)
    x = special.betaincinv(a, b, share[lower])
    log_x[lower], log_y[lower] = np.log(x), np.log1p(-x)
    y = special.betaincinv(b, a, share[~lower])
    log_x[~lower], log_y[~lower] = np.log1p(-y), np.log(y)
    log_density = -0.5 * z * z - 0.5 * np.log(2 * np.pi)
    return log_x - log_y, np.exp(log_density - a * log_x - b * log_y + special.betaln(a, b)) * _STEP


def _beta_quantile(a: float, b: float, u: Floats) -> Floats:
    """Quantiles at `u` (any shape, strictly between 0 and 1) of a beta distribution with shapes `a`, `b`."""
    if min(a, b) < _LEAST_SHAPE:
        return np.asarray(special.betaincinv(a, b, u), np.float64)
    values, slopes = _table(a, b)
    place = (np.clip(special.ndtri(u), -_REACH, _REACH) + _REACH) / _STEP
    cell = np.minimum(place.astype(np.intp), _CELLS - 1)
    t = place - cell
    left, right = values[cell], values[cell + 1]
    logit = left + t * (
        slopes[cell] + t * (3 * (right - left) - 2 * slopes[cell] - slopes[cell + 1]
        + t * (2 * (left - right) + slopes[cell] + slopes[cell + 1]))
    )  # fmt: skip
    return np.asarray(special.expit(logit), np.float64)


@dataclass(frozen=True)
class Beta(Distribution):
    """A share or a probability: beta with parameters `a` and `b`."""

    a: float
    b: float

    def __post_init__(self) -> None:
        _need_finite("beta", a=self.a, b=self.b)
        given = f"beta: a={self.a:g}, b={self.b:g}"
        _need(min(self.a, self.b) > 0, given, "both parameters must be above 0")
        remedy = f"write the number alone, or parameters up to {_SHARPEST:g}"
        _need(max(self.a, self.b) <= _SHARPEST, f"{given} leave no doubt", remedy)

    @classmethod
    def from_mean(cls, mean: float, strength: float) -> Beta:
        """Beta with this mean that weighs as much as `strength` observations."""
        _need_finite("beta", mean=mean, strength=strength)
        _need(0 < mean < 1, f"beta: mean {mean:g} is not between 0 and 1", "give the mean as a share, such as 0.3")
        _need(strength > 0, f"beta: strength is {strength:g}", "give a strength above 0, such as 10")
        return cls(mean * strength, (1.0 - mean) * strength)

    def ppf(self, u: ArrayLike) -> Floats:
        return _beta_quantile(self.a, self.b, np.asarray(u, np.float64))

    def mean(self) -> float:
        return self.a / (self.a + self.b)

    def support(self) -> tuple[float, float]:
        return 0.0, 1.0


@dataclass(frozen=True)
class _Peaked(Distribution):
    """Lowest, most likely and highest value."""

    lo: float
    mode: float
    hi: float

    def __post_init__(self) -> None:
        name, lo, mode, hi = type(self).__name__.lower(), self.lo, self.mode, self.hi
        _need_finite(name, lo=lo, mode=mode, hi=hi)
        message = f"{name}: {lo:g}, {mode:g}, {hi:g} are not in order"
        _need(lo <= mode <= hi and lo < hi, message, f"write {name}(lowest, most likely, highest)")

    def support(self) -> tuple[float, float]:
        return self.lo, self.hi


@dataclass(frozen=True)
class Triangular(_Peaked):
    """Lowest, most likely and highest value, with straight lines between."""

    def ppf(self, u: ArrayLike) -> Floats:
        u = np.asarray(u, np.float64)
        width, left = self.hi - self.lo, self.mode - self.lo
        rising = self.lo + np.sqrt(u * width * left)
        falling = self.hi - np.sqrt((1.0 - u) * width * (width - left))
        return np.clip(np.where(u * width < left, rising, falling), self.lo, self.hi)

    def mean(self) -> float:
        return (self.lo + self.mode + self.hi) / 3.0


@dataclass(frozen=True)
class Pert(_Peaked):
    """Lowest, most likely and highest value, smooth: a scaled beta whose mean is (lo + 4 mode + hi) / 6."""

    @property
    def shapes(self) -> tuple[float, float]:
        """Parameters of the beta on the unit interval."""
        place = (self.mode - self.lo) / (self.hi - self.lo)
        return 1.0 + _PERT_SHAPE * place, 1.0 + _PERT_SHAPE * (1.0 - place)

    def ppf(self, u: ArrayLike) -> Floats:
        share = _beta_quantile(*self.shapes, np.asarray(u, np.float64))
        return np.asarray(np.clip(self.lo + (self.hi - self.lo) * share, self.lo, self.hi), np.float64)

    def mean(self) -> float:
        return (self.lo + _PERT_SHAPE * self.mode + self.hi) / (_PERT_SHAPE + 2.0)
