"""Many who move at once: histories that come to the same are computed once, which changes no answer and keeps programs small."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shapes import at_once
from vetopoint.game.solver import batch, recorder, respond, solve
from vetopoint.game.solver.plans import FREE, Shape, plans_of
from vetopoint.game.solver.recorder import branch_programs
from vetopoint.game.solver.solve import FAILED, BestResponse, solve_aqre
from vetopoint.game.tree import Tree

MANY = 6


def counted(players: int, worth: np.ndarray, pride: np.ndarray) -> tuple[Tree, np.ndarray]:
    """Players say yes or no at once; each is paid ``worth (n, players)`` by how many say yes, ``pride (n, players)`` for its own no."""
    tree, chosen = at_once(players, 2)
    yes = np.array(chosen)
    share = (yes.sum(axis=1) / players) ** 3
    return tree, share[None, :, None] * worth[:, None, :] + (yes == 0)[None] * pride[:, None, :]


def unanimous(players: int, worth: np.ndarray, pride: float) -> tuple[Tree, np.ndarray]:
    """The same, paid where all say yes."""
    tree, chosen = at_once(players, 2)
    yes = np.array(chosen)
    return tree, yes.all(axis=1)[None, :, None] * worth[:, None, :] + pride * (yes == 0)[None]


def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every history be computed for itself."""
    for module in (batch, recorder):
        monkeypatch.setattr(module, "FEW", 10**9)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_what_comes_to_the_same_is_computed_once_without_effect(seed: int, all_needed: bool) -> None:
    rng = np.random.default_rng(seed)
    worth, pride = rng.uniform(0.5, 2.0, size=(3, MANY)), rng.uniform(0.0, 0.3, size=(3, MANY))
    tree, paid = unanimous(MANY, worth, 0.2) if all_needed else counted(MANY, worth, pride)
    precision = rng.uniform(0.5, 5.0, size=(3, MANY))
    once = solve_aqre(tree, paid, None, precision)
    with pytest.MonkeyPatch.context() as patch:
        apart(patch)
        each = solve_aqre(tree, paid, None, precision)
    assert (each.label != FAILED).any()
    good = each.label != FAILED
    assert np.abs(once.strategy - each.strategy)[good].max() < 1e-8
    assert np.array_equal(once.label, each.label)


@pytest.mark.parametrize("favouring", [(0,), (1, 4), tuple(range(MANY))])
def test_best_responders_play_the_same_too(favouring: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    tree, own = counted(MANY, np.linspace(0.8, 1.4, 4 * MANY).reshape(4, MANY), np.full((4, MANY), 0.1))
    paid = own.copy()
    goal = (np.array(list(itertools.product(range(2), repeat=MANY))).sum(axis=1) >= 4).astype(float)
    paid[:, :, list(favouring)] = goal[None, :, None]
    who = np.isin(np.arange(MANY), favouring)
    best = BestResponse(who, own, [favouring])
    once = solve_aqre(tree, paid, None, np.full((4, MANY), 3.0), best=best)
    apart(monkeypatch)
    each = solve_aqre(tree, paid, None, np.full((4, MANY), 3.0), best=best)
    assert np.abs(once.strategy - each.strategy).max() < 1e-8


def test_one_pattern_serves_every_set_of_best_responders() -> None:
    tree, own = unanimous(MANY, np.linspace(0.8, 1.4, MANY)[None], 0.2)
    goal = own[:, :, :1] > 1.0
    patterns = set()
    for size in range(1, MANY + 1):
        who = np.arange(MANY) < size
        paid = np.concatenate([np.where(who, goal, own), own], axis=2)
        patterns.add(batch.alike(tree, paid, who))
    assert len(patterns) == 1
    assert patterns != {b""}


def test_terminals_that_differ_in_a_single_draw_are_told_apart() -> None:
    tree, paid = unanimous(MANY, np.ones((40, MANY)), 0.0)
    same = np.frombuffer(batch.alike(tree, paid), dtype=np.int32).reshape(-1, MANY)
    assert len(np.unique(same[:, 2])) == 2
    paid[17, 5, 2] += 1e-9
    told = np.frombuffer(batch.alike(tree, paid), dtype=np.int32).reshape(-1, MANY)
    assert told[5, 2] == 5
    assert np.array_equal(np.delete(told, 5, axis=0), np.delete(same, 5, axis=0))


def test_programs_grow_with_the_players_and_not_with_the_histories() -> None:
    """From 6 to 9 players the histories become 8 times as many, and the derivatives of each 1.5 times."""
    lengths = []
    for players in (6, 9):
        tree, paid = unanimous(players, np.linspace(1.0, 1.5, players)[None], 0.2)
        plans = plans_of(tree, Shape((FREE,) * players, 1, False, alike=batch.alike(tree, paid)))
        lengths.append(len(branch_programs(plans.tried[0])[0].code))
    assert lengths[1] < 4 * lengths[0]


def test_a_given_choice_is_held_by_the_program_that_serves_all(monkeypatch: pytest.MonkeyPatch) -> None:
    tree, paid = unanimous(MANY, np.linspace(0.9, 1.6, 2 * MANY).reshape(2, MANY), 0.2)
    fixed = np.full((1, tree.n_actions), np.nan)
    fixed[0, 4:6] = 0.0, 1.0
    precision = np.full((2, MANY), 3.0)
    held = solve_aqre(tree, paid, None, precision, fixed=fixed)
    monkeypatch.setattr(respond, "_SHARED", 0.0)
    compiled = solve.solve_aqre(tree, paid, None, precision, fixed=fixed)
    assert np.array_equal(held.strategy[:, 4:6], np.array([[0.0, 1.0]] * 2))
    assert np.abs(held.strategy - compiled.strategy).max() < 1e-8
