"""The ultimatum game's estimator on offers made by it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import lambertw

from support import tool
from vetopoint.errors import SolverError

fit_ultimatum = tool("validation/ultimatum").fit_ultimatum


def test_simulated_ultimatum_offers_come_back() -> None:
    """Offers from the first-order condition, solved with Lambert's W."""
    rng = np.random.default_rng(17)
    n, pie, s1, s2 = 3000, 100.0, 12.0, 6.0
    x = rng.integers(0, 2, n).astype(float)
    reserve1, reserve2 = 30 + 8 * x, 25 - 5 * x
    shock = rng.logistic(scale=s1, size=n)
    excess = (pie - reserve1 - shock - reserve2 - s2) / s2
    offer = pie - reserve1 - shock - s2 * (1 + lambertw(np.exp(excess)).real)
    offer = np.clip(offer, 0, pie)
    accepted = offer > reserve2 + rng.logistic(scale=s2, size=n)
    columns_ = {"x": x}
    found = fit_ultimatum(["1", "x"], ["1", "x"], columns_, offer, accepted, pie=pie, responder_scale=s2)
    truth = np.array([30, 8, 25, -5, np.log(s1)])
    assert found.converged
    assert np.all(np.abs(found.coefficients - truth) < 4 * found.se)
    with pytest.raises(SolverError, match="outside"):
        fit_ultimatum(["1"], ["1"], {}, [120.0], [True], pie=100, responder_scale=3)
