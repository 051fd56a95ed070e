"""The table of priors: one row per effect, with its interval, source and status; validated on reading, sampled by draws.

Effects are drawn on the log scale, β ~ N(ln estimate, s² + τ²) with s = (ln hi − ln lo) / (2 · 1.96) and τ the transport standard
deviation (carrying civil wars of 1989-99 over to another case). A re-derived effect was fitted under several sets of controls: its estimate is
their mean, its interval holds the sampling error of each and the spread between them (the law of total variance). E-values follow VanderWeele & Ding (2017), *Annals of Internal Medicine*
167:268-274.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from vetopoint.arrays import Floats
from vetopoint.errors import CaseError, Problem
from vetopoint.quantity import Distribution
from vetopoint.sheets import unsaid
from vetopoint.truce._files import read_text

__all__ = [
    "Z95",
    "DrawnPrior",
    "Prior",
    "Specification",
    "across",
    "e_value",
    "load_priors",
    "load_specifications",
    "read_priors",
]

#: Half-width of a 95 % interval, in standard deviations.
Z95 = 1.959963984540054

_SCALES = ("hazard_ratio", "per_year", "share", "weight", "slope")
#: What a source is cited for: direction, size and width; the same, fitted by us to published data; direction alone; nothing.
_STATUS = ("published", "re-derived", "direction published, size judgement", "judgement")


@dataclass(frozen=True)
class Prior:
    """One row of the table; ``lo`` and ``hi`` bound the 95 % interval."""

    effect: str
    label: str
    scale: str
    estimate: float
    lo: float
    hi: float
    transport: float
    monitoring: float
    force: float
    source: str
    status: str
    note: str
    conflicts: str

    @property
    def log_sd(self) -> float:
        """Standard deviation on the log scale, transport included; for slopes on their own scale."""
        lo, hi = (self.lo, self.hi) if self.scale == "slope" else np.log((self.lo, self.hi))
        return float(np.hypot((hi - lo) / (2 * Z95), self.transport))

    @property
    def size_judged(self) -> bool:
        """Whether nobody published, and no data gave, the size of the effect and its interval."""
        return self.status.endswith("judgement")

    @property
    def e_values(self) -> tuple[float, float] | None:
        """E-value of the estimate and of its interval's end nearer to 1 (1: the interval holds no effect); none where nothing was estimated."""
        if self.scale != "hazard_ratio" or self.size_judged or self.estimate == 1.0:
            return None
        nearer = 1.0 if self.lo <= 1.0 <= self.hi else self.hi if self.hi < 1.0 else self.lo
        return e_value(self.estimate), e_value(nearer)

    def sample(self, uniforms: Floats) -> Floats:
        """Turn uniforms (n,) into hazard ratios, rates a year, shares up to 1, slopes, or gamma variates for weights."""
        if self.scale == "weight":
            return np.asarray(special.gammaincinv(self.estimate, uniforms))
        z = special.ndtri(uniforms)
        if self.scale == "slope":
            return np.asarray(self.estimate + self.log_sd * z)
        values = self.estimate * np.exp(self.log_sd * z)
        return np.asarray(np.minimum(values, 1.0) if self.scale == "share" else values)


@dataclass(frozen=True)
class DrawnPrior(Distribution):
    """A row of the table as a distribution of what is drawn from it."""

    prior: Prior

    def ppf(self, u: ArrayLike) -> Floats:
        return self.prior.sample(np.asarray(u, dtype=np.float64))

    def mean(self) -> float:
        centre, sd = self.prior.estimate, self.prior.log_sd if self.prior.scale != "weight" else 0.0
        if self.prior.scale in ("weight", "slope"):
            return centre
        whole = float(centre * np.exp(sd**2 / 2))
        if self.prior.scale != "share" or sd == 0:
            return whole if self.prior.scale != "share" else min(centre, 1.0)
        beyond = np.log(centre) / sd  # a share is cut at 1
        return float(whole * special.ndtr(-beyond - sd) + special.ndtr(beyond))

    def support(self) -> tuple[float, float]:
        return (-np.inf if self.prior.scale == "slope" else 0.0), (1.0 if self.prior.scale == "share" else np.inf)

    @property
    def text(self) -> str:
        return f"{self.prior.scale.replace('_', ' ')} {self.prior.estimate:g} ({self.prior.lo:g}–{self.prior.hi:g})"


@dataclass(frozen=True)
class Specification:
    """An effect as one set of controls gives it: ``none``, ``few`` or ``all``; ``lo`` and ``hi`` bound the 95 % interval."""

    controls: str
    estimate: float
    lo: float
    hi: float

    @property
    def log_sd(self) -> float:
        """Standard error on the log scale."""
        return float(np.log(self.hi / self.lo) / (2 * Z95))

    def __str__(self) -> str:
        return f"{self.estimate:.2f} ({self.lo:.2f}–{self.hi:.2f})"


def across(specifications: Sequence[Specification]) -> tuple[float, float, float]:
    """Estimate and 95 % interval over sets of controls of which none is known to be the right one.

    Examples
    --------
    >>> [round(x, 2) for x in across([Specification("none", 1.0, 0.5, 2.0), Specification("all", 0.25, 0.125, 0.5)])]
    [0.5, 0.11, 2.33]
    """
    logs = np.log([s.estimate for s in specifications])
    spread = float(np.sqrt(np.mean([s.log_sd**2 for s in specifications]) + np.var(logs)))
    lo, middle, hi = np.exp(np.mean(logs) + Z95 * spread * np.array([-1.0, 0.0, 1.0]))
    return float(middle), float(lo), float(hi)


def e_value(ratio: float) -> float:
    """How strong unmeasured selection must be, as a risk ratio, to explain a hazard ratio away.

    The hazard ratio is first turned into a risk ratio for a common outcome, (1 − 0.5^√HR) / (1 − 0.5^√(1/HR)).

    Examples
    --------
    >>> round(e_value(0.43), 1), round(e_value(0.81), 1)
    (3.0, 1.6)
    """
    hr = max(ratio, 1.0 / ratio)
    rr = (1.0 - 0.5 ** np.sqrt(hr)) / (1.0 - 0.5 ** np.sqrt(1.0 / hr))
    return float(rr + np.sqrt(rr * (rr - 1.0)))


@lru_cache(maxsize=1)
def load_priors() -> dict[str, Prior]:
    """Read the shipped table."""
    text = resources.files("vetopoint.truce").joinpath("data/priors.csv").read_text(encoding="utf-8")
    return _parse(text, "priors.csv")


@lru_cache(maxsize=1)
def load_specifications() -> dict[str, tuple[Specification, ...]]:
    """Read the shipped re-fits by row of the priors table, made by ``tools/validation/truce.py --specifications``."""
    text = resources.files("vetopoint.truce").joinpath("data/specifications.csv").read_text(encoding="utf-8")
    found: dict[str, list[Specification]] = {}
    for row in csv.DictReader(text.splitlines()):
        numbers = (float(row[name]) for name in ("estimate", "lo", "hi"))
        found.setdefault(row["effect"], []).append(Specification(row["controls"], *numbers))
    return {effect: tuple(each) for effect, each in found.items()}


def read_priors(path: str | Path) -> dict[str, Prior]:
    """Read a table of priors from a file, with the columns of the shipped one.

    Raises
    ------
    CaseError
        for a missing column, a bad number, an interval that does not hold its estimate, an unknown scale or status.
    """
    return _parse(read_text(path), str(path))


def _parse(text: str, file: str) -> dict[str, Prior]:
    rows: dict[str, Prior] = {}
    problems: list[Problem] = []
    reader = csv.DictReader(text.splitlines())
    columns = Prior.__dataclass_fields__
    missing = set(columns) - set(reader.fieldnames or ())
    if missing:
        message = f"columns missing: {', '.join(sorted(missing))}"
        raise CaseError(Problem(message, "add them to the header", file=file, line=1))
    for row in reader:
        try:
            prior = _row({name: unsaid(row[name] or "") for name in columns})
        except ValueError as error:
            problems.append(Problem(str(error), "correct the row", row["effect"], file, reader.line_num))
            continue
        if prior.effect in rows:
            problems.append(Problem(f"'{prior.effect}' twice", "keep one row", file=file, line=reader.line_num))
        rows[prior.effect] = prior
    if problems:
        raise CaseError(problems)
    return rows


def _row(row: dict[str, str]) -> Prior:
    estimate = float(row["estimate"])
    lo, hi = (float(row[k]) if row[k] else estimate for k in ("lo", "hi"))
    numbers: dict[str, Any] = {k: float(row[k] or 0) for k in ("transport", "monitoring", "force")}
    texts: dict[str, Any] = {k: row[k] for k in ("effect", "label", "scale", "source", "status", "note", "conflicts")}
    if row["scale"] not in _SCALES:
        raise ValueError(f"unknown scale '{row['scale']}'; use one of {', '.join(_SCALES)}")
    if row["status"] not in _STATUS:
        raise ValueError(f"unknown status '{row['status']}'; use one of {', '.join(_STATUS)}")
    if row["scale"] != "slope" and min(estimate, lo) <= 0:
        raise ValueError("estimate and interval must be positive")
    if not lo <= estimate <= hi:
        raise ValueError(f"the interval {lo} to {hi} does not hold the estimate {estimate}")
    if not row["source"].strip():
        raise ValueError("no source")
    split = numbers["monitoring"] + numbers["force"]
    if split and abs(split - 1.0) > 1e-9:
        raise ValueError(f"the split between monitoring and force sums to {split}, not 1")
    return Prior(estimate=estimate, lo=lo, hi=hi, **numbers, **texts)
