"""Agreement with Gambit's agent quantal response equilibrium.

Savani, R. and Turocy, T. L. (2026), Gambit: The package for computation in game theory, version 16.7; its tracer follows Turocy (2005),
GEB 51 and (2010), Economic Theory 42. The shipped values were computed by `make_golden.py`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from support import require

sys.path.insert(0, str(Path(__file__).parent))

from gambit_games import SAMPLED, Sampled, gambit_strategy, golden, sampled

from vetopoint.game.solver.solve import CONVERGED, FAILED, FOLDED, solve_aqre

CLOSE = {CONVERGED: 1e-8, FOLDED: 1e-6}


def distance(game: Sampled, expected: np.ndarray) -> tuple[float, int]:
    """Largest difference of a probability, and the label."""
    precision = np.full((1, game.tree.n_players), game.precision)
    found = solve_aqre(game.tree, game.payoffs[None], game.chance[None, None], precision)
    return float(np.abs(found.strategy[0] - expected).max()), int(found.label[0])


@pytest.mark.pygambit
@pytest.mark.parametrize("number", range(0, SAMPLED, 16))
def test_live(number: int) -> None:
    require("pygambit")
    for game in (sampled(number + k) for k in (0, 1, 6)):
        far, label = distance(game, gambit_strategy(game))
        assert label != FAILED
        assert far <= CLOSE[label]


def test_shipped_values() -> None:
    answers = golden()
    assert len(answers) == SAMPLED >= 300
    labels = []
    for number, expected in answers.items():
        far, label = distance(sampled(number), expected)
        labels.append(label)
        assert label != FAILED, number
        assert far <= CLOSE[label], (number, far)
    # Both regimes are met; were nothing ever folded, the wider tolerance would be untested.
    assert 0 < labels.count(FOLDED) < SAMPLED / 10


@pytest.mark.soak
@pytest.mark.pygambit
def test_all_live() -> None:
    require("pygambit")
    for number in range(SAMPLED):
        game = sampled(number)
        far, label = distance(game, gambit_strategy(game))
        assert label != FAILED, number
        assert far <= CLOSE[label], (number, far)
