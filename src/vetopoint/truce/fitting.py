"""The user's own ceasefire spells: fitted by lifelines (extra ``[fit]``) with late entry, giving rows of the priors table.

Rows are stretches of a spell over which its covariates stay the same, in counting-process form (Andersen & Gill 1982, *Annals of
Statistics* 10:1100-1120): under observation from ``start`` to ``stop``, ended there or not. Effects come from a Cox model with robust
errors by spell, the baseline from a log-normal without covariates, both with late entry. We write no estimator of our own.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from vetopoint.errors import CaseError, MissingExtra, Problem
from vetopoint.sheets import sheet
from vetopoint.truce.priors import Z95, Prior, load_priors

__all__ = ["TruceFit", "fit_truce"]

_KEYS = ("spell", "start", "stop", "ended")


@dataclass(frozen=True)
class TruceFit:
    """Priors fitted to a user's spells.

    Attributes
    ----------
    priors : rows for the priors table; ``baseline_lognormal_mu`` and ``baseline_lognormal_log_shape`` replace the shipped baseline.
    spells, ends : how many spells there were, and how many of them ended under observation.
    """

    priors: tuple[Prior, ...]
    spells: int
    ends: int

    def csv(self) -> str:
        """The rows as a file for ``truce.priors``."""
        rows = ([f"{v:.6g}" if isinstance(v, float) else v for v in vars(prior).values()] for prior in self.priors)
        return sheet([list(Prior.__dataclass_fields__), *rows])


def _lifelines() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what its own imports say of their dependencies is not the user's concern
            import lifelines
    except ImportError as error:
        raise MissingExtra("fitting your own spells", "fit") from error
    return lifelines


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
    return TruceFit((*_baseline_rows(baseline, source), *rows), spells, ends)


def _read_spells(path: Path) -> tuple[Any, list[str]]:
    import pandas as pd

    def fail(message: str, remedy: str, line: int = 0) -> CaseError:
        return CaseError(Problem(message, remedy, file=str(path), line=line))

    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:  # what pandas cannot parse or decode is a ValueError
        raise fail(f"no table ({error})", "save it as CSV in UTF-8") from error
    missing = [k for k in _KEYS if k not in table.columns]
    if missing:
        raise fail(f"columns missing: {', '.join(missing)}", "a row is spell, start, stop, ended, covariates", 1)
    covariates = [c for c in table.columns if c not in _KEYS]
    numbers = table.drop(columns="spell").apply(pd.to_numeric, errors="coerce")
    bad = np.flatnonzero(~np.isfinite(numbers.to_numpy(dtype=float)).all(axis=1))
    if len(bad):
        raise fail("a value is missing or no number", "fill it or drop the row", int(bad[0]) + 2)
    wrong = np.flatnonzero(((numbers["stop"] <= numbers["start"]) | (numbers["start"] < 0)).to_numpy())
    if len(wrong):
        raise fail("a stretch does not stop after it starts", "months count from the truce's start", int(wrong[0]) + 2)
    if numbers["ended"].sum() < max(2, len(covariates)):
        raise fail("fewer ends than covariates", "use fewer covariates or more spells")
    return pd.concat([table["spell"].astype(str), numbers.astype(float)], axis=1), covariates


def _effect(name: str, row: Any, source: str) -> Prior:
    estimate = float(np.exp(row["coef"]))
    lo, hi = (float(np.exp(row["coef"] + sign * Z95 * row["se(coef)"])) for sign in (-1, 1))
    new = Prior(
        effect=name, label=name.replace("_", " "), scale="hazard_ratio", estimate=estimate, lo=lo, hi=hi, transport=0.15,
        monitoring=0.0, force=0.0, source=source, status="re-derived",
        note="Transport variance as for the shipped civil-war estimates.", conflicts="",
    )  # fmt: skip
    known = load_priors().get(name)
    if known is None:
        return new
    kept = {key: getattr(known, key) for key in ("label", "transport", "monitoring", "force")}
    return replace(new, **kept, note="")


def _baseline_rows(fitter: Any, source: str) -> list[Prior]:
    """Location and log shape of the log-normal baseline, for truces whose covariates are all zero or as mixed as in the file."""
    mu, sd_mu = (float(fitter.summary.loc["mu_", c]) for c in ("coef", "se(coef)"))
    sigma, sd_sigma = (float(fitter.summary.loc["sigma_", c]) for c in ("coef", "se(coef)"))
    says = "Fitted without covariates, so it describes the file's mixture of truces"
    note = f"{says}; delete the row to keep the shipped base."

    def row(name: str, value: float, sd: float) -> Prior:
        return Prior(
            effect=f"baseline_lognormal_{name}", label=f"Log-normal baseline, {name.replace('_', ' ')}", scale="slope",
            estimate=value, lo=value - Z95 * sd, hi=value + Z95 * sd, transport=0.0, monitoring=0.0, force=0.0,
            source=source, status="re-derived", note=note, conflicts="",
        )  # fmt: skip

    return [row("mu", mu, sd_mu), row("log_shape", float(np.log(sigma)), sd_sigma / sigma)]
