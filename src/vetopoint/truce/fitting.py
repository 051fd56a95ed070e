"""The user's own ceasefire spells: fitted by lifelines (extra ``[fit]``) with late entry, giving rows of the priors table.

Rows are stretches of a spell over which its covariates stay the same, in counting-process form (Andersen & Gill 1982, *Annals of
Statistics* 10:1100-1120): under observation from ``start`` to ``stop``, ended there or not. Effects come from a Cox model with robust
errors by spell, the baseline from a log-normal without covariates, both with late entry. We write no estimator of our own.
"""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from vetopoint.arrays import Floats
from vetopoint.errors import CaseError, MissingExtra, Problem
from vetopoint.truce.priors import Prior, load_priors

__all__ = ["TruceFit", "WeibullSpells", "fit_truce", "fit_weibull", "published_weibull"]

_EULER = float(np.euler_gamma)
_Z = 1.959963984540054
_KEYS = ("spell", "start", "stop", "ended")


@dataclass(frozen=True)
class WeibullSpells:
    """A Weibull regression on log time: S(t | x) = exp(−(t / e^{xβ})^p).

    Parameters
    ----------
    shape : p; below 1 the hazard falls.
    intercept : constant of xβ.
    slopes : covariate to its slope; above 0 it lengthens.
    """

    shape: float
    intercept: float
    slopes: Mapping[str, float]

    def location(self, x: Mapping[str, Any]) -> Floats:
        """xβ, broadcast over the covariates' arrays."""
        return np.asarray(
            self.intercept + sum(slope * np.asarray(x[name], float) for name, slope in self.slopes.items())
        )

    def expected_log_time(self, x: Mapping[str, Any]) -> Floats:
        """E[ln T] = xβ − γ/p with Euler's γ (what Stata's ``predict, mean lntime`` stores)."""
        return np.asarray(self.location(x) - _EULER / self.shape)

    def hazard(self, x: Mapping[str, Any], t: Any) -> Floats:
        """Hazard at time t."""
        scaled = np.asarray(t, float) * np.exp(-self.location(x))
        return np.asarray(self.shape * np.exp(-self.location(x)) * scaled ** (self.shape - 1.0))

    def survival(self, x: Mapping[str, Any], t: Any) -> Floats:
        """P(T > t)."""
        return np.asarray(np.exp(-((np.asarray(t, float) * np.exp(-self.location(x))) ** self.shape)))


@dataclass(frozen=True)
class TruceFit:
    """Priors fitted to a user's spells.

    Attributes
    ----------
    priors : rows for the priors table; ``baseline_lognormal_mu`` and ``baseline_lognormal_log_shape`` replace the shipped baseline.
    spells, ends : how many spells there were, and how many of them ended under observation.
    log_likelihood : of the Cox model, partial.
    """

    priors: tuple[Prior, ...]
    spells: int
    ends: int
    log_likelihood: float

    def csv(self) -> str:
        """The rows as a file for ``truce.priors``."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        columns = list(Prior.__dataclass_fields__)
        writer.writerow(columns)
        for prior in self.priors:
            writer.writerow([f"{v:.6g}" if isinstance(v, float) else v for v in (getattr(prior, c) for c in columns)])
        return out.getvalue()


def published_weibull(model: str = "4") -> WeibullSpells:
    """Coefficients of the Weibull regressions (models 3 and 4) whose predictions the Fortna data file stores.

    Derived figures only; the spells themselves are not shipped.
    """
    text = resources.files("vetopoint.truce").joinpath("data/fortna_weibull.csv").read_text(encoding="utf-8")
    terms = {r["term"]: float(r["value"]) for r in csv.DictReader(text.splitlines()) if r["model"] == model}
    shape, intercept = terms.pop("shape"), terms.pop("intercept")
    return WeibullSpells(shape, intercept, terms)


def _lifelines() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what its own imports say of their dependencies is not the user's concern
            import lifelines
    except ImportError as error:
        raise MissingExtra("fitting your own spells", "fit") from error
    return lifelines


def fit_weibull(
    spells: Any, covariates: Sequence[str], start: str = "start", stop: str = "stop", ended: str = "ended"
) -> WeibullSpells:
    """Weibull regression with late entry, by lifelines.

    Parameters
    ----------
    spells : pandas DataFrame in counting-process form; rows with a missing value are left out.
    covariates : columns to use.
    start, stop, ended : columns of entry, exit and whether it ended.

    Raises
    ------
    MissingExtra
        where lifelines is not installed.
    """
    lifelines = _lifelines()
    data = spells[[start, stop, ended, *covariates]].dropna().astype(float)
    fitter = lifelines.WeibullAFTFitter()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=RuntimeWarning)  # overflow in steps that its line search rejects
        fitter.fit(data, duration_col=stop, event_col=ended, entry_col=start)
    slopes = fitter.params_["lambda_"]
    shape = float(np.exp(fitter.params_["rho_", "Intercept"]))
    return WeibullSpells(shape, float(slopes["Intercept"]), {name: float(slopes[name]) for name in covariates})


def fit_truce(path: str | Path) -> TruceFit:
    """Fit a file of spells and turn it into priors.

    The CSV has the columns ``spell``, ``start``, ``stop`` (months since the truce began), ``ended`` (0 or 1), and one column per
    covariate, numbers all. A covariate named like a row of the shipped table takes over that row's label, split and transport.

    Raises
    ------
    CaseError
        for a missing column, a value that is no number, a stretch that stops before it starts, or fewer ends than covariates.
    MissingExtra
        where lifelines is not installed.
    """
    lifelines = _lifelines()
    data, covariates = _read_spells(Path(path))
    spells, ends = int(data["spell"].nunique()), int(data["ended"].sum())
    cox, baseline = lifelines.CoxPHFitter(), lifelines.LogNormalFitter()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=RuntimeWarning)
        if covariates:
            cox.fit(data, duration_col="stop", event_col="ended", entry_col="start", cluster_col="spell", robust=True)
        baseline.fit(data["stop"], data["ended"], entry=data["start"])
    source = f"Own spells: {Path(path).name}, {spells} spells, {ends} ends; Cox with late entry, robust by spell"
    rows = [_effect(name, cox.summary.loc[name], source) for name in covariates]
    return TruceFit(
        (*_baseline_rows(baseline, source), *rows), spells, ends, float(cox.log_likelihood_) if covariates else 0.0
    )


def _read_spells(path: Path) -> tuple[Any, list[str]]:
    import pandas as pd

    def fail(message: str, remedy: str, line: int = 0) -> CaseError:
        return CaseError(Problem(message, remedy, file=str(path), line=line))

    table = pd.read_csv(path)
    missing = [k for k in _KEYS if k not in table.columns]
    if missing:
        raise fail(f"columns missing: {', '.join(missing)}", "a row is spell, start, stop, ended, covariates", 1)
    covariates = [c for c in table.columns if c not in _KEYS]
    numbers = table.drop(columns="spell").apply(pd.to_numeric, errors="coerce")
    bad = np.flatnonzero(numbers.isna().any(axis=1).to_numpy())
    if len(bad):
        raise fail("a value is missing or no number", "fill it or drop the row", int(bad[0]) + 2)
    wrong = np.flatnonzero(((numbers["stop"] <= numbers["start"]) | (numbers["start"] < 0)).to_numpy())
    if len(wrong):
        raise fail("a stretch does not stop after it starts", "months count from the truce's start", int(wrong[0]) + 2)
    if numbers["ended"].sum() < max(2, len(covariates)):
        raise fail("fewer ends than covariates", "use fewer covariates or more spells")
    return pd.concat([table["spell"].astype(str), numbers.astype(float)], axis=1), covariates


def _effect(name: str, row: Any, source: str) -> Prior:
    known = load_priors().get(name)
    estimate = float(np.exp(row["coef"]))
    lo, hi = (float(np.exp(row["coef"] + sign * _Z * row["se(coef)"])) for sign in (-1, 1))
    return Prior(
        effect=name,
        label=known.label if known else name.replace("_", " "),
        scale="hazard_ratio",
        estimate=estimate,
        lo=lo,
        hi=hi,
        transport=known.transport if known else 0.15,
        monitoring=known.monitoring if known else 0.0,
        force=known.force if known else 0.0,
        source=source,
        status="re-derived",
        note="" if known else "Transport variance as for the shipped civil-war estimates.",
        conflicts="",
    )


def _baseline_rows(fitter: Any, source: str) -> list[Prior]:
    """Location and log shape of the log-normal baseline, for truces whose covariates are all zero or as mixed as in the file."""
    summary = fitter.summary
    mu, sd_mu = (float(summary.loc["mu_", c]) for c in ("coef", "se(coef)"))
    sigma, sd_sigma = (float(summary.loc["sigma_", c]) for c in ("coef", "se(coef)"))
    values = {"mu": (mu, sd_mu), "log_shape": (float(np.log(sigma)), sd_sigma / sigma)}
    return [
        Prior(
            effect=f"baseline_lognormal_{name}",
            label=f"Log-normal baseline, {name.replace('_', ' ')}",
            scale="slope",
            estimate=value,
            lo=value - _Z * sd,
            hi=value + _Z * sd,
            transport=0.0,
            monitoring=0.0,
            force=0.0,
            source=source,
            status="re-derived",
            note="Fitted without covariates, so it describes the file's mixture of truces; delete the row to keep the shipped base.",
            conflicts="",
        )
        for name, (value, sd) in values.items()
    ]
