"""A game whose chances hang on moves, whose moves alternate in rounds and whose payoffs count them is the same game in Gambit.

Savani, R. and Turocy, T. L. (2026), Gambit: The package for computation in game theory, version 16.7.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

from support import require
from vetopoint.game.efg import parse_efg
from vetopoint.game.solver.solve import solve_aqre
from vetopoint.study import export_game, open_study

TALKS = """
vetopoint: 1
title: Talks under threat
as_of: 2026-01-01
owner: town
actors: {town: {}, lord: {}}
moves:
  declare: {by: lord, options: [targets, silent]}
  demand: {by: lord, at: 1, options: [more, less]}
  strike: {by: chance, options: {hit: 0.7 if declare == targets and demand == more else 0.2 + 0.1 * count(strike == hit), miss: rest}}
  answer: {by: town, options: [yield_, hold]}
rounds: {talks: {moves: [demand, strike, answer], times: 2, stop_when: answer == yield_}}
outcomes: {yielded: any(answer == yield_), held: otherwise}
goals: {held: outcome == held}
payoffs:
  town: {unit: [yielded, held], pride: {worth: 1, when: outcome == held}, hurt: -0.4 * count(strike == hit), late: -0.1 * month(answer.last)}
  lord: {unit: [held, yielded], gain: {worth: 1, when: outcome == yielded}, shame: -0.3 if declare == targets and any(strike == hit) else 0}
"""


@pytest.mark.pygambit
def test_a_chance_that_hangs_on_moves_is_gambits(tmp_path: Path) -> None:
    require("pygambit")
    import pygambit
    from pygambit.qre import logit_solve_lambda

    (tmp_path / "case.yaml").write_text(TALKS, encoding="utf-8")
    text = export_game(open_study(tmp_path))
    loaded, game = pygambit.read_efg(io.BytesIO(text.encode())), parse_efg(text)
    drawn = {round(float(action.prob), 9) for infoset in loaded.players.chance.infosets for action in infoset.actions}
    assert {0.7, 0.3, 0.2, 0.8} <= drawn
    found = logit_solve_lambda(loaded, 2.0, first_step=0.05, max_accel=1.1)
    found = found[0] if isinstance(found, list) else found
    ours = solve_aqre(game.tree, game.payoffs[None], game.chance[None, None], np.full((1, game.tree.n_players), 2.0))
    theirs = [found[place] for place in range(game.tree.n_actions)]
    order = [
        action
        for number, player in enumerate(loaded.players)
        for infoset in player.infosets
        for action in game.tree.actions(_numbered(game, number, infoset.label))
    ]
    np.testing.assert_allclose(theirs, ours.strategy[0, order], atol=1e-8)
    assert len(set(np.round(theirs, 6))) > 8


def _numbered(game: object, player: int, name: str) -> int:
    """The information set of a player that bears a name in the file."""
    names, owners = game.names, game.tree.infoset_player  # type: ignore[attr-defined]
    return next(h for h, known in enumerate(names) if known == name and owners[h] == player)
