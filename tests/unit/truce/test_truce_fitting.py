"""Own spells: effects found again from a simulated file, refusals that say why, and priors that a case can use."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from truce_cases import make_case, make_draws

from vetopoint.errors import CaseError, MissingExtra
from vetopoint.truce.fitting import fit_truce
from vetopoint.truce.model import bind
from vetopoint.truce.priors import read_priors

pytest.importorskip("lifelines")


def spells_csv(folder, spells=400, ratio=0.4, seed=2):
    """Log-normal truces (median 12 months, sigma 1.5); presence comes at month 3 in half of them and scales the hazard."""
    rng = np.random.default_rng(seed)
    rows = ["spell,start,stop,ended,presence_consented"]
    for i in range(spells):
        comes = rng.random() < 0.5
        t, presence, end = 0.0, 0, 120.0
        step = 0.05
        while t < end:
            presence = int(comes and t >= 3.0)
            z0, z1 = ((np.log(max(v, 1e-9)) - np.log(12.0)) / 1.5 for v in (t, t + step))
            hazard = _cumulative(z1) - _cumulative(z0)
            if rng.random() < 1 - np.exp(-hazard * (ratio if presence else 1.0)):
                end = t + step
                break
            t += step * 1.0
            step = min(1.0, step * 1.1)
        ended = int(end < 120.0)
        if comes and end > 3.0:
            rows += [f"{i},0,3,0,0", f"{i},3,{end:.4f},{ended},1"]
        else:
            rows.append(f"{i},0,{end:.4f},{ended},0")
    file = folder / "spells.csv"
    file.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return file


def _cumulative(z):
    from scipy.special import log_ndtr

    return -float(log_ndtr(-z))


def test_time_varying_effect_is_found_and_becomes_a_prior(tmp_path):
    fitted = fit_truce(spells_csv(tmp_path))
    assert fitted.spells == 400
    effect = {p.effect: p for p in fitted.priors}["presence_consented"]
    assert effect.lo < 0.4 < effect.hi
    assert effect.hi / effect.lo < 3
    assert effect.monitoring + effect.force == 1.0
    file = tmp_path / "own.csv"
    file.write_text(fitted.csv(), encoding="utf-8")
    own = read_priors(file)
    assert own["presence_consented"].estimate == pytest.approx(effect.estimate, rel=1e-5)
    case = make_case(tmp_path, truce="{priors: own.csv}")
    model = bind(case, make_draws(case))
    assert model.baseline.mu == pytest.approx(own["baseline_lognormal_mu"].estimate)
    assert "Own spells" in model.baseline.source


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("spell,start,stop\na,0,1\n", "columns missing: ended"),
        ("spell,start,stop,ended,x\na,0,1,1,\nb,0,2,1,1\n", "missing or no number"),
        ("", "no table"),
        ('spell,start,stop,ended\n"a,0,1,1\n', "no table"),
        ("spell,start,stop,ended,x\na,0,inf,1,0\nb,0,2,1,1\n", "missing or no number"),
        ("spell,start,stop,ended\na,2,1,1\nb,0,2,1\n", "does not stop"),
        ("spell,start,stop,ended,x,y,z\na,0,1,1,0,0,0\nb,0,2,1,1,1,1\n", "fewer ends"),
    ],
)
def test_a_bad_file_of_spells_is_refused(tmp_path, text, word):
    file = tmp_path / "spells.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=word):
        fit_truce(file)


def test_without_lifelines_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "lifelines", None)
    with pytest.raises(MissingExtra, match=r"\[fit\]"):
        fit_truce(tmp_path / "spells.csv")
