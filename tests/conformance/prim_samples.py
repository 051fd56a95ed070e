"""Samples on which PRIM is run by ema_workbench, called directly; ``python tests/conformance/prim_samples.py`` stores its boxes (needs ema_workbench)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

KINDS = ("corner", "band", "steps", "product")
GOLDEN = Path(__file__).parent / "data" / "prim.json"
DRAWS = 1000


def sample(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Inputs (1000, 4) and what is a case (1000,): in a corner, in a noisy band, of inputs with ties, where a product is large."""
    rng = np.random.default_rng(7)
    x, lucky = rng.random((DRAWS, 4)), rng.random(DRAWS) < 0.9
    if kind == "corner":
        return x, (x[:, 0] > 0.6) & (x[:, 1] < 0.5)
    if kind == "band":
        return x, (np.abs(x[:, 2] - 0.5) < 0.2) & lucky
    if kind == "steps":
        x = np.round(x * 8) / 8
        return x, (x[:, 0] + x[:, 3] > 1.2) & lucky
    x = np.exp(2 * x)
    product = x[:, 1] * x[:, 2]
    return x, product > np.quantile(product, 0.8)


def library_boxes(kind: str) -> list[list[list[float]]]:
    """The limits, low and high, of every box that the library peels, from the one that holds all draws; what it pastes afterwards is left out."""
    import pandas as pd
    from ema_workbench.analysis.prim import Prim

    x, cases = sample(kind)
    columns = [f"x{k}" for k in range(x.shape[1])]
    algorithm = Prim(pd.DataFrame(x, columns=columns), cases.astype(int), threshold=0.5, peel_alpha=0.05, mass_min=0.05)
    found: Any = algorithm.find_box()
    mass = found.peeling_trajectory["mass"].to_numpy()
    peels = next((i for i in range(1, len(mass)) if mass[i] >= mass[i - 1]), len(mass))
    return [limits.to_numpy(float).round(12).tolist() for limits in found.box_lims[:peels]]


def main() -> None:
    """Write the file anew."""
    import ema_workbench

    stored = {
        "by": f"ema_workbench {ema_workbench.__version__}",
        "boxes": {kind: library_boxes(kind) for kind in KINDS},
    }
    GOLDEN.write_text(json.dumps(stored, separators=(",", ":"), sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
