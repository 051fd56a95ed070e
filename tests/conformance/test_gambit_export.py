"""The game of every bundled case, exported, opens in Gambit and has the equilibrium of the case.

Savani, R. and Turocy, T. L. (2026), Gambit: The package for computation in game theory, version 16.7.
"""

from __future__ import annotations

import io
from fractions import Fraction

import numpy as np
import pytest

from support import BUNDLED, ROOT, require
from vetopoint.game.efg import parse_efg, write_efg
from vetopoint.game.solver.solve import solve_aqre
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Node, Tree
from vetopoint.study import export_game, open_study


@pytest.mark.pygambit
@pytest.mark.parametrize("name", BUNDLED)
def test_an_exported_case_opens_and_has_the_same_play(name: str) -> None:
    require("pygambit")
    import pygambit
    from pygambit.qre import logit_solve_lambda

    text = export_game(open_study(ROOT / "cases" / name))
    loaded = pygambit.read_efg(io.BytesIO(text.encode()))
    assert loaded.is_perfect_recall
    found = logit_solve_lambda(loaded, 2.0, first_step=0.05, max_accel=1.1)
    found = found[0] if isinstance(found, list) else found
    game = parse_efg(text)
    ours = solve_aqre(game.tree, game.payoffs[None], game.chance[None, None], np.full((1, game.tree.n_players), 2.0))
    place = 0
    for number, player in enumerate(loaded.players):
        for infoset in player.infosets:
            h = next(
                h
                for h, name in enumerate(game.names)
                if name == infoset.label and game.tree.infoset_player[h] == number
            )
            for action in game.tree.actions(h):
                assert abs(found[place] - ours.strategy[0, action]) <= 1e-8
                place += 1
    assert place == game.tree.n_actions


@pytest.mark.parametrize("name", BUNDLED)
def test_an_exported_case_keeps_its_own_play(name: str) -> None:
    """Read back, the game is the case's: same strategies, information set by information set."""
    from vetopoint.chain import build_world, frame_of, sample_case

    study = open_study(ROOT / "cases" / name)
    frame = frame_of(study.case)
    world = build_world(frame, sample_case(frame, 4096, 1))
    tree = frame.game.tree
    rates = np.full((1, tree.n_players), 2.0)
    own = solve_aqre(tree, world.payoffs[0].mean(axis=0)[None], world.chance[:, :1].mean(axis=0)[None], rates)
    back = parse_efg(export_game(study))
    again = solve_aqre(back.tree, back.payoffs[None], back.chance[None, None], rates)
    for player in range(tree.n_players):
        mine, other = (t.infoset_player[t.action_infoset] == player for t in (tree, back.tree))
        np.testing.assert_allclose(again.strategy[0, other], own.strategy[0, mine], atol=1e-9)


NAMES = ("Zürich", "Zurich", "Москва", " blanks  ", "“quoted” – ½", 'a "b" \\')


@pytest.mark.pygambit
@pytest.mark.parametrize("seed", range(6))
def test_any_letters_and_numbers_open_as_the_same_game(seed: int) -> None:
    """Names that Gambit's labels cannot hold stay apart; its own sum of the probabilities is one, its payoffs are our floats."""
    require("pygambit")
    import pygambit

    rng = np.random.default_rng(seed)
    chance = (
        np.full(6, 1 / 6) if seed == 0 else rng.dirichlet(np.full(6, 0.1)) if seed > 1 else np.repeat([0.1, 0.7 / 3], 3)
    )
    payoffs = rng.normal(size=(12, 2)) * 10.0 ** rng.integers(-30, 30, (12, 2))
    tree = Tree.from_nodes(
        ("Ōsaka", "Osaka"),
        [
            Node(-1, 0, CHANCE, group="luck", options=NAMES),
            *(Node(0, k, DECISION, k % 2, None, ("é", "e"), name) for k, name in enumerate(NAMES)),
            *(Node(1 + k, j, TERMINAL, name=f"{name} {j}") for k, name in enumerate(NAMES) for j in (0, 1)),
        ],
    )
    text = write_efg(tree, payoffs, chance, "Abkommen von Zürich", "“comment”")
    loaded = pygambit.read_efg(io.BytesIO(text.encode()))
    assert loaded.title == "Abkommen von Zurich"
    assert [p.label for p in loaded.players] == ["O(U+014C)saka", "Osaka"]
    luck = loaded.root.infoset
    odds = [Fraction(str(action.prob)) for action in luck.actions]
    assert sum(odds) == 1
    assert np.allclose([float(p) for p in odds], chance, rtol=0, atol=2e-16)
    assert len({action.label for action in luck.actions}) == len(NAMES)
    for k, node in enumerate(loaded.root.children):
        for j, end in enumerate(node.children):
            terminal = next(t for t, v in enumerate(tree.terminal_node) if tree.terminal_names[t] == f"{NAMES[k]} {j}")
            assert [float(Fraction(str(end.outcome[p]))) for p in loaded.players] == payoffs[terminal].tolist()
