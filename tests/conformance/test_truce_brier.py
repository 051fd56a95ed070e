"""Skill of the shipped priors on past ceasefires, one country left out at a time.

Data: V. P. Fortna, "Peacekeeping and the Peacekept" (ceasefires of 1989-99, followed to the end of 2004), as redistributed in the data
folder of A. Gelman, J. Hill & A. Vehtari, *Regression and Other Stories*. The rows may not be shipped; the test reads the user's copy.
The gate: mean Brier at 6, 12, 24 and 60 months at most 0.205, where the base rate scores about 0.229. From the command line:
``python tools/validation/truce.py --brier``.
"""

from __future__ import annotations

import numpy as np
import pytest

from support import reference, tool

pd = pytest.importorskip("pandas")
skill_of = tool("validation/truce")
Spells, log_hazard_ratio, spell_skill = skill_of.Spells, skill_of.log_hazard_ratio, skill_of.spell_skill

DAYS_PER_MONTH = 365.25 / 12


def fortna_spells() -> Spells:
    rows = pd.read_stata(reference("fortna/pk_pkept.dta"), convert_categoricals=False)
    rows = rows[rows.pcw == 1]
    effects = {
        "presence_consented": rows.consent.to_numpy(),
        "armed_consented": rows.enforce.to_numpy(),
        "treaty": rows.treaty.to_numpy(),
        "victory": rows.victory.to_numpy(),
    }
    return Spells(
        spell=rows.id.to_numpy(),
        group=rows.ccode.to_numpy(),
        start=rows._t0.to_numpy(float) / DAYS_PER_MONTH,
        stop=rows._t.to_numpy(float) / DAYS_PER_MONTH,
        ended=rows._d.to_numpy() == 1,
        log_ratio=log_hazard_ratio(effects),
    )


def test_mean_brier_beats_the_gate_and_the_base_rate():
    skill = spell_skill(fortna_spells())
    assert skill.spells == 95
    assert skill.mean <= 0.205
    assert skill.mean_base_rate == pytest.approx(0.229, abs=0.012)
    assert np.all(np.array(skill.brier) < skill.base_rate)


def test_presence_adds_little_beside_how_the_war_stopped():
    """Said in the report: without any effect of presence the score worsens by less than 0.02."""
    spells = fortna_spells()
    rows = pd.read_stata(reference("fortna/pk_pkept.dta"), convert_categoricals=False)
    rows = rows[rows.pcw == 1]
    bare = log_hazard_ratio({"treaty": rows.treaty.to_numpy(), "victory": rows.victory.to_numpy()})
    without = spell_skill(Spells(**{**vars(spells), "log_ratio": bare}))
    assert 0.0 < without.mean - spell_skill(spells).mean < 0.02
