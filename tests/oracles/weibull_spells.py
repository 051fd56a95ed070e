"""A Weibull regression of spells with late entry, fitted by lifelines, and the published one that it must give again."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vetopoint.arrays import Floats

DATA = Path(__file__).resolve().parents[1] / "conformance" / "data" / "fortna_weibull.csv"


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
        return np.asarray(self.location(x) - np.euler_gamma / self.shape)


def published_weibull(model: str = "4") -> WeibullSpells:
    """Coefficients of the Weibull regressions (models 3 and 4) whose predictions the Fortna data file stores.

    Derived figures only; the spells themselves are not shipped.
    """
    text = DATA.read_text(encoding="utf-8")
    terms = {r["term"]: float(r["value"]) for r in csv.DictReader(text.splitlines()) if r["model"] == model}
    shape, intercept = terms.pop("shape"), terms.pop("intercept")
    return WeibullSpells(shape, intercept, terms)


def fit_weibull(
    spells: Any, covariates: Sequence[str], start: str = "start", stop: str = "stop", ended: str = "ended"
) -> WeibullSpells:
    """Weibull regression with late entry, by lifelines.

    Parameters
    ----------
    spells : pandas DataFrame in counting-process form; rows with a missing value are left out.
    covariates : columns to use.
    start, stop, ended : columns of entry, exit and whether it ended.
    """
    data = spells[[start, stop, ended, *covariates]].dropna().astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what its own imports say of their dependencies
        import lifelines
    fitter = lifelines.WeibullAFTFitter()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=RuntimeWarning)  # overflow in steps that its line search rejects
        fitter.fit(data, duration_col=stop, event_col=ended, entry_col=start)
    slopes = fitter.params_["lambda_"]
    shape = float(np.exp(fitter.params_["rho_", "Intercept"]))
    return WeibullSpells(shape, float(slopes["Intercept"]), {name: float(slopes[name]) for name in covariates})
