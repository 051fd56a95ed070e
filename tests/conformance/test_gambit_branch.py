"""The branch that `vetopoint solve --branch` writes is Gambit's.

Savani, R. and Turocy, T. L. (2026), Gambit: The package for computation in game theory, version 16.7; its tracer follows Turocy (2005),
GEB 51 and (2010), Economic Theory 42. In pygambit 16.7 a solution's entries are readable by integer only; see `gambit_games`.
"""

from __future__ import annotations

import csv
import dataclasses
import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from support import require

sys.path.insert(0, str(Path(__file__).parent))

from gambit_games import Sampled, sampled
from textbook_games import Game, beer_quiche, centipede, crisis, kuhn_poker, stripped_down_poker

from vetopoint.game.efg import branch_efg, parse_efg


def branch_of(game: Sampled, folder: Path) -> np.ndarray:
    """(rows, 1 + actions) λ and play as the table has them, actions in the tree's order."""
    path = folder / "game.efg"
    path.write_text(game.text(), encoding="utf-8")
    head, *rows = csv.reader(io.StringIO(branch_efg(path, game.precision)))
    back = parse_efg(game.text())
    assert head[0] == "lambda"
    assert len(head) == 1 + back.tree.n_actions
    found = np.array(rows, dtype=float)
    # The file orders information sets by player; they are named by their number in the tree.
    for h, name in enumerate(back.names):
        mine = [1 + a for a in game.tree.actions(int(name))]
        theirs = [1 + a for a in back.tree.actions(h)]
        assert all(f" {name}: " in head[a] for a in theirs)
        found[:, mine] = np.array([[float(row[a]) for a in theirs] for row in rows])
    return found


def loaded(game: Sampled) -> tuple[Any, list[int]]:
    """The game in Gambit, and the action of the tree that each entry of its solutions stands for."""
    import pygambit

    theirs = pygambit.read_efg(io.BytesIO(game.text().encode()))
    sets = [infoset for player in theirs.players for infoset in player.infosets]
    return theirs, [action for infoset in sets for action in game.tree.actions(int(infoset.label))]


def textbook(game: Game, precision: float) -> Sampled:
    tree, payoffs, chance = game.arrays()
    numbered = dataclasses.replace(tree, infoset_names=tuple(str(h) for h in range(tree.n_infosets)))
    return Sampled(numbered, payoffs[0], chance[0, 0], precision)


@pytest.mark.pygambit
@pytest.mark.parametrize(
    ("make", "precision"),
    [
        (lambda: centipede(4), 2.0),
        (stripped_down_poker, 5.0),
        (kuhn_poker, 4.0),
        (beer_quiche, 5.0),
        (crisis, 4.0),
    ],
    ids=["centipede", "stripped-down poker", "kuhn poker", "beer and quiche", "crisis"],
)
def test_play_is_gambits_at_every_row(make: Callable[[], Game], precision: float, tmp_path: Path) -> None:
    require("pygambit")
    from pygambit.qre import logit_solve_lambda

    game = textbook(make(), precision)
    rows = branch_of(game, tmp_path)
    assert len(rows) >= 5
    assert (rows[0, 0], rows[-1, 0]) == (0.0, precision)
    assert np.all(np.diff(rows[:, 0]) > 0), "a branch without folds has one point at each λ"
    theirs, order = loaded(game)
    found = logit_solve_lambda(theirs, rows[1:, 0].tolist(), first_step=0.05, max_accel=1.1)
    assert len(found) == len(rows) - 1
    for row, profile in zip(rows[1:], found, strict=True):
        assert abs(profile.lam - row[0]) <= 1e-6
        np.testing.assert_allclose(row[1:][order], [profile[k] for k in range(len(order))], atol=1e-7)


@pytest.mark.pygambit
@pytest.mark.parametrize("number", [88, 268])
def test_a_folded_branch_runs_along_gambits_in_the_same_order(number: int, tmp_path: Path) -> None:
    """λ rises, falls and rises again; Gambit's many points are joined by chords, whose own error the tolerance allows."""
    require("pygambit")
    from pygambit.qre import logit_solve_branch

    game = sampled(number)
    rows = branch_of(game, tmp_path)
    assert (np.diff(rows[:, 0]) < 0).any(), "the game was chosen since its branch folds"
    theirs, order = loaded(game)
    found = logit_solve_branch(theirs, maxregret=2e-3, first_step=0.05, max_accel=1.05)
    curve = np.empty((len(found), rows.shape[1]))
    for point, profile in zip(curve, found, strict=True):
        point[0] = profile.lam
        point[1:][order] = [profile[k] for k in range(len(order))]
    beyond = np.flatnonzero(curve[:, 0] >= game.precision)
    assert beyond.size
    curve = curve[: beyond[0] + 1]
    scale = np.append(1.0 / game.precision, np.ones(rows.shape[1] - 1))
    start, chord = curve[:-1] * scale, np.diff(curve, axis=0) * scale
    place = -1
    for row in rows * scale:
        along = np.clip(((row - start) * chord).sum(axis=1) / (chord**2).sum(axis=1), 0.0, 1.0)
        far = np.linalg.norm(row - start - along[:, None] * chord, axis=1)
        nearest = int(far.argmin())
        assert far[nearest] <= 0.01
        assert nearest >= place
        place = nearest
    assert place == len(start) - 1
