"""What every distribution is, and how a parameter that cannot be is refused."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod

from numpy.typing import ArrayLike

from vetopoint.arrays import Floats
from vetopoint.errors import VetopointError

__all__ = ["Distribution", "Floats", "SpecError", "need", "need_finite", "number_text"]

_LARGEST = 1e100  # beyond it products of two numbers, such as a width times a density, may overflow


class SpecError(VetopointError, ValueError):
    """A distribution, a word of probability or a correlation cannot be used as written.

    Parameters
    ----------
    message : what is wrong.
    remedy : what to write instead.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message, self.remedy = message, remedy
        super().__init__(f"{message} → {remedy}" if remedy else message)


def number_text(x: float) -> str:
    """Shortest text that reads back as the same number."""
    return repr(int(x)) if float(x).is_integer() and abs(x) < 1e15 else repr(float(x))


def need(condition: bool, message: str, remedy: str) -> None:
    if not condition:
        raise SpecError(message, remedy)


def need_finite(where: str, **numbers: float) -> None:
    for name, x in numbers.items():
        need(math.isfinite(x), f"{where}: {name} is {x}", f"give {name} as a finite number")
        need(abs(x) <= _LARGEST, f"{where}: {name} is {x:g}", f"give {name} in another unit, within {_LARGEST:g}")


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
    @abstractmethod
    def text(self) -> str:
        """The distribution as a case file writes it."""

    def median(self) -> float:
        """Return the value that half of all draws fall below."""
        return float(self.ppf(0.5))

    def __str__(self) -> str:
        return self.text
