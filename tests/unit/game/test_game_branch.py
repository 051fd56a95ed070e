"""One branch, watched: every row a reply to itself, from even play to the precision asked for, written whole or not at all."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from oracles.play import action_values, logit_reply
from shapes import EVEN, consent_payoffs, consent_tree, random_chance, random_tree
from vetopoint.cli import complete
from vetopoint.errors import SolverError
from vetopoint.game.efg import branch_efg, write_efg
from vetopoint.game.solver import engine
from vetopoint.game.solver.batch import check_inputs
from vetopoint.game.solver.branch import Branch, follow_branch
from vetopoint.game.solver.plans import FIXED, FREE
from vetopoint.game.solver.solve import CONVERGED, FAILED, FOLDED, solve_aqre
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Node, Tree


def even(tree: Tree) -> np.ndarray:
    return 1.0 / np.diff(tree.action_start)[tree.action_infoset]


def check_rows(branch: Branch, tree: Tree, payoffs: np.ndarray, chance: np.ndarray, precision: np.ndarray) -> None:
    assert (branch.time[0], branch.time[-1]) == (0.0, 1.0)
    np.testing.assert_allclose(branch.strategy[0], even(tree), atol=1e-14)
    values = action_values(tree, branch.strategy, payoffs[None], chance[None, None])
    reply = logit_reply(tree, values, branch.time[:, None] * precision, np.ones(tree.n_actions))
    np.testing.assert_allclose(branch.strategy, reply, atol=1e-9)
    solved = solve_aqre(tree, payoffs[None], chance[None, None], precision[None])
    np.testing.assert_array_equal(branch.strategy[-1], solved.strategy[0])
    assert branch.label == solved.label[0]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.1, 4.0))
def test_every_row_is_the_logit_reply_to_itself(seed: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    tree = random_tree(rng, players=2 + seed % 2, depth=3 + seed % 2, merge=(0.0, 0.6, 0.9)[seed % 3])
    assume(tree.n_infosets)
    payoffs, chance = rng.normal(size=(tree.n_terminals, tree.n_players)), random_chance(rng, tree)[0, 0]
    precision = size * rng.uniform(0.5, 1.0, tree.n_players)
    check_rows(follow_branch(tree, payoffs, chance, precision), tree, payoffs, chance, precision)


def folded() -> tuple[Tree, np.ndarray, np.ndarray]:
    """The first draw of the consent game whose branch turns back."""
    tree, payoffs = consent_tree(), consent_payoffs(2000, 2)
    precision = np.full((1, 3), 10.0)
    found = solve_aqre(tree, payoffs, EVEN, precision)
    return tree, payoffs[np.flatnonzero(found.label == FOLDED)[0]], precision[0]


def test_a_branch_that_turns_back_is_written_in_its_order() -> None:
    tree, payoffs, precision = folded()
    branch = follow_branch(tree, payoffs, EVEN[0, 0], precision)
    check_rows(branch, tree, payoffs, EVEN[0, 0], precision)
    assert branch.label == FOLDED
    falls = np.flatnonzero(np.diff(branch.time) < 0)
    assert falls.size
    # At one precision within the fold the branch passes three times, through different play.
    level = (branch.time[falls[0]] + branch.time[falls[-1] + 1]) / 2
    crossings = np.flatnonzero(np.diff(np.sign(branch.time - level)))
    assert len(crossings) >= 3
    assert np.abs(branch.strategy[crossings[0]] - branch.strategy[crossings[2]]).max() > 1e-3


def test_the_follower_keeps_no_point_that_it_went_back_on() -> None:
    """Watched in a batch, every path goes on: from one step to the next the curve turns by less than a right angle."""
    tree, payoffs = consent_tree(), consent_payoffs(400, 2)
    inputs = check_inputs(tree, payoffs, EVEN, np.full((1, 3), 30.0))
    watcher = engine.Engine(tree)
    plans = watcher.plan(np.where(np.diff(tree.action_start) == 1, FIXED, FREE))
    plan = plans.tried[0]
    watched, blind = (watcher.follow(inputs, plan, watched=seen) for seen in (True, False))
    np.testing.assert_array_equal(watched.unknown, blind.unknown)
    np.testing.assert_array_equal(watched.label, blind.label)
    assert blind.passed.max() == 0
    ended = np.flatnonzero(watched.label != FAILED)
    assert ended.size > 300
    for draw in ended:
        path = watched.path[draw, : watched.passed[draw]]
        assert (path[0, -1], path[-1, -1]) == (0.0, 1.0)
        np.testing.assert_array_equal(path[-1, :-1], watched.unknown[draw])
        steps = np.diff(path, axis=0)
        steps[:, -1] *= max(1.0, np.linalg.norm(steps[0, :-1]) / steps[0, -1])
        steps /= np.linalg.norm(steps, axis=1, keepdims=True)
        assert (steps[1:] * steps[:-1]).sum(axis=1).min() > 0.0, draw


def test_where_one_pass_is_exact_the_ladder_follows_play() -> None:
    nodes = [Node(-1, 0, DECISION, 0, "h", ("l", "r")), Node(0, 0, TERMINAL), Node(0, 1, TERMINAL)]
    tree, payoffs = Tree.from_nodes(("a",), nodes), np.array([[0.0], [1.0]])
    for size in (0.01, 1.0, 1e6):
        branch = follow_branch(tree, payoffs, np.zeros(0), np.array([size]))
        assert branch.label == CONVERGED
        assert np.all(np.diff(branch.time) > 0)
        assert np.abs(np.diff(branch.strategy, axis=0)).max() <= 0.05
        np.testing.assert_allclose(branch.strategy[:, 1], 1 / (1 + np.exp(-size * branch.time)), atol=1e-15)
        assert branch.time[-1] == 1.0


def test_at_no_precision_there_is_one_row() -> None:
    perfect = random_tree(np.random.default_rng(3), merge=0.0, chance=0.0)
    for tree, chance in ((consent_tree(), EVEN[0, 0]), (perfect, np.zeros(0))):
        payoffs = np.random.default_rng(4).normal(size=(tree.n_terminals, 3))
        branch = follow_branch(tree, payoffs, chance, np.zeros(3))
        assert branch.time.tolist() == [0.0]
        np.testing.assert_allclose(branch.strategy[0], even(tree), atol=1e-14)


def test_a_game_in_which_nobody_chooses_has_a_branch_without_columns() -> None:
    tree = Tree.from_nodes(
        ("a",), [Node(-1, 0, CHANCE, options=("x", "y")), Node(0, 0, TERMINAL), Node(0, 1, TERMINAL)]
    )
    branch = follow_branch(tree, np.zeros((2, 1)), EVEN[0, 0], np.ones(1))
    assert branch.strategy.shape == (len(branch.time), 0)
    assert branch.time[-1] == 1.0


TWINS = """EFG 2 R "twins" { "a" "a" }
p "" 1 3 "move" { "go" "go" "stop" } 0
p "" 2 1 "" { "yes, \\"please\\"" "no" } 0
t "" 1 "" { 1 0 }
t "" 2 "" { 0 1 }
p "" 2 1 0
t "" 1
t "" 2
t "" 0
"""


def test_columns_are_told_apart_by_player_set_and_action(tmp_path: Path) -> None:
    path = tmp_path / "twins.efg"
    path.write_text(TWINS)
    head, *rows = csv.reader(io.StringIO(branch_efg(path, 2.0)))
    assert head == ["lambda", "1.3 move: go (1)", "1.3 move: go (2)", "1.3 move: stop", '2.1: yes, "please"', "2.1: no"]
    assert len(rows) > 2
    numbers = np.array(rows, dtype=float)
    np.testing.assert_allclose(numbers[:, 1:4].sum(axis=1), 1.0, atol=1e-14)
    np.testing.assert_allclose(numbers[0], [0, 1 / 3, 1 / 3, 1 / 3, 0.5, 0.5])
    assert numbers[-1, 0] == 2.0


def solve(*arguments: str) -> tuple[int, str]:
    ran = CliRunner().invoke(complete(), ["solve", *arguments])
    return ran.exit_code, ran.output if ran.exception is None else f"{ran.output}{ran.exception}"


def test_the_command_writes_the_branch_beside_its_answer(tmp_path: Path) -> None:
    game, out = tmp_path / "game.efg", tmp_path / "branch.csv"
    game.write_text(write_efg(consent_tree(), consent_payoffs(1, 1)[0], np.full(2, 0.5)))
    code, said = solve(str(game), "--precision", "3", "--branch", str(out))
    assert code == 0
    assert said.startswith("converged")
    assert f"branch: {out}" in said
    assert out.read_text(encoding="utf-8") == branch_efg(game, 3.0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["branch.csv", "game.efg"]
    plain = solve(str(game), "--precision", "3")[1]
    assert said.startswith(plain)


def test_a_branch_that_cannot_be_followed_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    game, out = tmp_path / "game.efg", tmp_path / "branch.csv"
    game.write_text(write_efg(consent_tree(), consent_payoffs(1, 1)[0], np.full(2, 0.5)))
    monkeypatch.setattr(engine, "EVALUATIONS", 3)
    with pytest.raises(SolverError, match=r"cannot be followed .* → ask for a smaller"):
        branch_efg(game, 3.0)
    code, said = solve(str(game), "--precision", "3", "--branch", str(out))
    assert code == 1
    assert "cannot be followed" in said
    assert not out.exists()
    out.write_text("kept")
    assert solve(str(game), "--precision", "3", "--branch", str(out))[0] == 1
    assert out.read_text() == "kept"


def test_a_place_that_cannot_be_written_is_named_with_its_option(tmp_path: Path) -> None:
    game = tmp_path / "game.efg"
    game.write_text(TWINS)
    code, said = solve(str(game), "--precision", "1", "--branch", str(tmp_path / "none" / "branch.csv"))
    assert code == 1
    assert re.search(r"branch.csv: cannot be written .* → choose another folder with --branch", said)
