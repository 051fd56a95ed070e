"""A published author's own output as outside truth for the Weibull regression with late entry.

Source: V. P. Fortna, "Peacekeeping and the Peacekept" data (used in *Does Peacekeeping Work?*, Princeton 2008). The file stores E[ln T]
of her Stata Weibull regression on the Cold-War spells (column ``lntime3``). The coefficients of model 3 in ``data/fortna_weibull.csv``
follow from that column by linear algebra alone; those of model 4 (shape 0.72158482, nine slopes, four decimals) from the predictions of an older version of the
file. Rows are read from the user's copy and never shipped.
"""

from __future__ import annotations

import numpy as np
import pytest

from oracles.weibull_spells import WeibullSpells, fit_weibull, published_weibull
from support import reference, tool

pd = pytest.importorskip("pandas")

MODEL_4 = ["logcost", "contraband", "victory", "sambsec", "wartype", "infst", "polityle", "faction", "treaty"]
MODEL_3 = [*MODEL_4, "nabor_reb"]


def fortna():
    return pd.read_stata(reference("fortna/pk_pkept.dta"), convert_categoricals=False)


def cold_war(rows):
    return rows[rows.pcw == 0].rename(columns={"_t0": "start", "_t": "stop", "_d": "ended"})


def test_shipped_coefficients_give_the_stored_predictions():
    rows = fortna()
    rows = rows[rows.lntime3.notna()]
    predicted = published_weibull("3").expected_log_time({name: rows[name].to_numpy(float) for name in MODEL_3})
    assert len(rows) == 126
    assert np.abs(predicted - rows.lntime3.to_numpy(float)).max() < 1e-4


def test_fit_with_late_entry_gives_the_stored_predictions_out_of_sample_too():
    rows = fortna()
    fitted = fit_weibull(cold_war(rows), MODEL_3)
    rows = rows[rows.lntime3.notna()]
    predicted = fitted.expected_log_time({name: rows[name].to_numpy(float) for name in MODEL_3})
    assert np.abs(predicted - rows.lntime3.to_numpy(float)).max() < 1e-4
    assert fitted.shape == pytest.approx(published_weibull("3").shape, abs=1e-4)


def test_fit_reproduces_shape_and_nine_slopes():
    fitted, published = fit_weibull(cold_war(fortna()), MODEL_4), published_weibull("4")
    assert fitted.shape == pytest.approx(0.721585, abs=1e-4)
    assert set(fitted.slopes) == set(published.slopes)
    for name, slope in published.slopes.items():
        assert fitted.slopes[name] == pytest.approx(slope, abs=1e-4), name


def test_expected_log_time_is_that_of_weibull_draws():
    rng = np.random.default_rng(1)
    draws = np.log(np.exp(2.0) * rng.weibull(0.7, 400_000))
    assert WeibullSpells(0.7, 2.0, {"x": 0.5}).expected_log_time({"x": 0.0}) == pytest.approx(draws.mean(), abs=0.01)


def test_shipped_baselines_are_the_maximum_of_the_likelihood():
    """Log-normal and Weibull on truces of 1989-99 without peacekeeping: our shipped estimates against lifelines."""
    lifelines = pytest.importorskip("lifelines")
    from vetopoint.truce.hazard import load_baseline

    rows = fortna()
    rows = rows[(rows.pcw == 1) & (rows.truce == 1) & (rows.pk_dum == 0)]
    months = 365.25 / 12
    stop, start, ended = rows._t.to_numpy(float) / months, rows._t0.to_numpy(float) / months, rows._d.to_numpy()
    normal = lifelines.LogNormalFitter().fit(stop, ended, entry=start)
    weibull = lifelines.WeibullFitter().fit(stop, ended, entry=start)
    assert np.exp(load_baseline("lognormal").mu) == pytest.approx(np.exp(normal.mu_), rel=1e-3)
    assert np.exp(load_baseline("lognormal").log_shape) == pytest.approx(normal.sigma_, rel=1e-3)
    assert np.exp(load_baseline("weibull").mu) == pytest.approx(weibull.lambda_, rel=1e-3)
    assert np.exp(load_baseline("weibull").log_shape) == pytest.approx(weibull.rho_, rel=1e-3)
    assert load_baseline("lognormal").sd_mu == pytest.approx(normal.summary.loc["mu_", "se(coef)"], rel=1e-2)


def test_shipped_specifications_are_what_the_command_fits():
    """Effects without, with few and with all controls, beside figures of an independent re-fit of the same spells."""
    pytest.importorskip("lifelines")
    from vetopoint.truce.priors import load_specifications

    reference("fortna/pk_pkept.dta")
    found = tool("validation/truce").specifications()
    shipped = [(effect, fit) for effect, fits in load_specifications().items() for fit in fits]
    assert len(found) == len(shipped) == 18
    for row, (effect, fit) in zip(found, shipped, strict=True):
        assert (row["effect"], row["controls"]) == (effect, fit.controls)
        assert [float(row[k]) for k in ("estimate", "lo", "hi")] == pytest.approx(
            [fit.estimate, fit.lo, fit.hi], abs=2e-3
        )
    independent = {
        ("presence_consented", "none"): (0.74, 0.38, 1.41), ("presence_consented", "all"): (0.49, 0.23, 1.01),
        ("monitors_consented", "none"): (1.03, 0.29, 3.68), ("monitors_consented", "all"): (0.31, 0.08, 1.21),
        ("victory", "none"): (0.31, 0.15, 0.67),
    }  # fmt: skip
    for effect, fit in shipped:
        if (effect, fit.controls) in independent:
            assert (fit.estimate, fit.lo, fit.hi) == pytest.approx(independent[effect, fit.controls], abs=0.01)
