"""Fit the distribution of a settlement anew on DEU III and score it on outcomes that it has not seen.

    python tools/validation/deu.py DIR      DIR holds deu3.csv (doi:10.34810/data53); default: the reference data

``vetopoint evaluate --corpus deu DIR`` scores the models and the distribution as shipped.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from vetopoint.arrays import Floats
from vetopoint.coalition.corpus import crps, deu_table, evaluate_deu, grid, parts_of, placed, read_deu
from vetopoint.coalition.settlement import Mixture

DATA = Path(os.environ.get("VETOPOINT_REFERENCE_DATA", Path(__file__).resolve().parents[2].parent / "shared" / "data"))
DEVIATIONS = (10.0, 15.0, 20.0, 25.0, 30.0)
HALVES = 20


def validate_deu(folder: str | Path, seed: int = 0) -> dict[str, Any]:
    """As `evaluate_deu`, the mixture fitted on random halves of the outcomes and scored on the others, both ways round.

    Returns
    -------
    dict
        Also ``calibration``: nominal against observed shares; ``fitted``: the mixture on all outcomes.
    """
    found = evaluate_deu(folder, seed)
    issues = [i for i in read_deu(folder) if i.outcome is not None]
    outcomes = np.array([i.outcome for i in issues], dtype=float)
    points, rng = grid(), np.random.default_rng(seed)
    tried = {d: parts_of(issues, points, d) for d in DEVIATIONS}
    scores, places = [], []
    for _ in range(HALVES):
        order = rng.permutation(len(issues))
        half = len(issues) // 2
        for train, test in ((order[:half], order[half:]), (order[half:], order[:half])):
            mixture = fit({d: parts[:, train] for d, parts in tried.items()}, outcomes[train], points)
            weights = np.array([mixture.positions, mixture.normal, mixture.uniform])
            cdf = np.tensordot(weights, tried[mixture.deviation][:, test], axes=1)
            scores.append(crps(cdf, outcomes[test], points).mean())
            places.append(placed(cdf, outcomes[test], points, rng))
    place = np.concatenate(places)
    return found | {
        "scored": f"the mixture held out, {2 * HALVES} random halves",
        "crps": found["crps"] | {"calibrated mixture": float(np.mean(scores))},
        "calibration": [(p / 20, float((place <= p / 20).mean())) for p in range(1, 20)],
        "interval_80": float(((place >= 0.1) & (place <= 0.9)).mean()),
        "fitted": {k: round(v, 3) for k, v in vars(fit(tried, outcomes, points)).items()},
    }


def fit(tried: Mapping[float, Floats], outcomes: Floats, points: Floats) -> Mixture:
    """Fit the mixture by least mean CRPS; for each deviation the best weights are the solution of a quadratic programme.

    Parameters
    ----------
    tried : standard deviation to the distribution functions of the parts, (3, k, g).
    outcomes : (k,) where the issues settled; points : (g,).
    """
    reached = (outcomes[:, None] <= points).ravel().astype(float)
    best, least = None, np.inf
    for deviation, parts in tried.items():
        flat = parts.reshape(3, -1)
        square, cross = flat @ flat.T / len(reached), flat @ reached / len(reached)
        found = minimize(
            lambda v, q=square, c=cross: float(v @ q @ v - 2 * c @ v),
            np.full(3, 1 / 3),
            jac=lambda v, q=square, c=cross: 2 * (q @ v - c),
            bounds=[(0, 1)] * 3,
            constraints={"type": "eq", "fun": lambda v: v.sum() - 1, "jac": lambda v: np.ones(3)},
            method="SLSQP",
        )
        if found.fun < least:
            least, (a, b, c) = found.fun, (float(v) for v in found.x)
            best = Mixture(a, b, c, deviation)
    assert best is not None
    return best


def report(found: dict[str, Any]) -> str:
    """What `validate_deu` found, as text: the record of the models, the scores, the calibration plot, the fit."""
    lines = [deu_table(found), ""]
    lines.append("calibration of the mixture, held out: share of outcomes (*) below each nominal level (|)")
    for nominal, observed in found["calibration"]:
        row = [" "] * 51
        row[round(nominal * 50)] = "|"
        row[round(observed * 50)] = "*"
        lines.append(f"  {nominal:4.2f} {''.join(row)} {observed:.3f}")
    parts = ", ".join(f"{name} {value:g}" for name, value in found["fitted"].items())
    return "\n".join([*lines, "", f"fitted on all outcomes: {parts}"])


if __name__ == "__main__":
    print(report(validate_deu(sys.argv[1] if len(sys.argv) > 1 else DATA / "deu3")))
