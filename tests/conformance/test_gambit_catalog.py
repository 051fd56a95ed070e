"""Every game that Gambit ships is solved as Gambit solves it, is labelled folded where the branches part, or is refused for its recall.

Savani, R. and Turocy, T. L. (2026), Gambit: The package for computation in game theory, version 16.7, and the catalog of published games
that comes with it. Past a bifurcation Gambit takes a side branch and this solver goes straight on and says *folded*.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support import require
from vetopoint.errors import SolverError
from vetopoint.game.efg import EfgGame, parse_efg
from vetopoint.game.solver.solve import CONVERGED, FAILED, solve_aqre

STAKES = (0.4, 1.2, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Precision times the largest spread of a player's payoffs."""


def by_gambit(game: Any, precisions: list[float]) -> np.ndarray:
    """(precisions, actions) play, by player, information set and action; NaN where it stops at a bifurcation before it is there."""
    from pygambit.qre import logit_solve_lambda

    found = logit_solve_lambda(game, precisions, first_step=0.01, max_accel=1.05)
    actions = sum(len(infoset.actions) for player in game.players for infoset in player.infosets)
    there = [abs(profile.lam - lam) < 1e-6 for profile, lam in zip(found, precisions, strict=True)]
    play = np.array([[profile[k] for k in range(actions)] for profile in found])
    return np.where(np.array(there)[:, None], play, np.nan)


def in_the_files_order(game: EfgGame) -> list[int]:
    sets = sorted(range(game.tree.n_infosets), key=lambda h: (game.tree.infoset_player[h], game.numbers[h]))
    return [action for h in sets for action in game.tree.actions(h)]


@pytest.mark.pygambit
def test_the_catalog_is_solved_as_gambit_solves_it() -> None:
    require("pygambit")
    import pygambit

    refused, compared, failed, folded = [], 0, 0, set()
    for file in sorted((Path(pygambit.__file__).parent / "catalog_data").rglob("*.efg")):
        theirs = pygambit.read_efg(io.BytesIO(pygambit.read_efg(str(file)).to_efg().encode()))  # it numbers sets anew
        try:
            game = parse_efg(theirs.to_efg())
        except SolverError as error:
            refused.append(str(error))
            continue
        spread = np.ptp(game.payoffs, axis=0).max()
        precisions = np.array(STAKES) / (spread if spread > 0 else 1.0)
        everybody = np.repeat(precisions[:, None], game.tree.n_players, axis=1)
        found = solve_aqre(game.tree, game.payoffs[None], game.chance[None, None, :], everybody)
        gap = np.abs(found.strategy[:, in_the_files_order(game)] - by_gambit(theirs, precisions.tolist())).max(axis=1)
        failed += int((found.label == FAILED).sum())
        assert (gap[found.label == CONVERGED] < 1e-5).all(), file.stem
        compared += int((found.label == CONVERGED).sum())
        folded |= {file.stem} if (found.label != CONVERGED).any() else set()
    assert compared >= 150
    assert failed <= 1, "a precision that is itself a bifurcation"
    assert folded == {"fig1c", "fig5_10", "fig9"}
    assert len(refused) == 5
    assert all("imperfect recall" in message or "absent-mindedness" in message for message in refused)
