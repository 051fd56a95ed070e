"""Compute Gambit's answers to the sampled games and store them: ``python tests/conformance/make_golden.py`` (needs pygambit)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from gambit_games import GOLDEN, SAMPLED, gambit_strategy, sampled


def main() -> None:
    """Write the file anew."""
    import pygambit

    strategies = {str(k): [round(float(p), 12) for p in gambit_strategy(sampled(k))] for k in range(SAMPLED)}
    stored = {"by": f"pygambit {pygambit.__version__}, logit_solve_lambda", "strategies": strategies}
    GOLDEN.parent.mkdir(parents=True, exist_ok=True)
    GOLDEN.write_text(json.dumps(stored, separators=(",", ":"), sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
