"""Laws of the agent logit equilibrium, and the promises of the solver about labels, threads and shapes."""

from __future__ import annotations

import dataclasses
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracles.play import (
    action_values,
    beliefs,
    infoset_values,
    logit_reply,
    node_probabilities,
    terminal_probabilities,
)
from shapes import EVEN, consent_payoffs, consent_tree, random_chance, random_tree
from vetopoint.errors import SolverError
from vetopoint.game.solver.solve import CONVERGED, FAILED, FOLDED, BestResponse, solve_aqre
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Node, Tree

seeds = st.integers(0, 10**6)
few = settings(max_examples=25, deadline=None)


def game(seed: int, draws: int = 3, layers: bool = False) -> tuple[Tree, np.ndarray, np.ndarray, np.ndarray]:
    """A random game with payoffs, chance and moderate precisions, for which the branch has no fold in practice."""
    rng = np.random.default_rng(seed)
    tree = random_tree(rng, players=2 + seed % 2, depth=3 + seed % 2)
    while not tree.n_infosets:
        tree = random_tree(rng, players=2 + seed % 2)
    payoffs = rng.normal(size=(draws, tree.n_terminals, tree.n_players))
    chance = random_chance(rng, tree, layers=1 + tree.n_players if layers else 1, draws=draws)
    return tree, payoffs, chance, rng.uniform(0.2, 2.0, size=(draws, tree.n_players))


@few
@given(seeds, st.booleans())
def test_play_is_the_logit_reply_to_itself(seed: int, layers: bool) -> None:
    tree, payoffs, chance, precision = game(seed, layers=layers)
    base = np.random.default_rng(seed).uniform(0.5, 2.0, size=tree.n_actions)
    found = solve_aqre(tree, payoffs, chance, precision, base=base)
    assert np.all(found.label != FAILED)
    values = action_values(tree, found.strategy, payoffs, chance)
    np.testing.assert_allclose(found.strategy, logit_reply(tree, values, precision, base), atol=1e-9)
    np.testing.assert_allclose(np.add.reduceat(found.strategy, tree.action_start[:-1], axis=1), 1.0, atol=1e-12)
    np.testing.assert_allclose(terminal_probabilities(tree, found.strategy, chance).sum(axis=1), 1.0, atol=1e-12)


@few
@given(seeds)
def test_without_precision_play_follows_the_base_weights(seed: int) -> None:
    tree, payoffs, chance, precision = game(seed)
    base = np.random.default_rng(seed).uniform(0.5, 2.0, size=tree.n_actions)
    found = solve_aqre(tree, payoffs, chance, 0 * precision, base=base)
    expected = base / np.add.reduceat(base, tree.action_start[:-1])[tree.action_infoset]
    np.testing.assert_allclose(found.strategy, np.broadcast_to(expected, found.strategy.shape), atol=1e-14)


@few
@given(seeds, st.floats(0.1, 10.0), st.floats(-100.0, 100.0))
def test_units_and_constants_do_not_matter(seed: int, scale: float, constant: float) -> None:
    tree, payoffs, chance, precision = game(seed)
    one = solve_aqre(tree, payoffs, chance, precision)
    other = solve_aqre(tree, payoffs * scale + constant, chance, precision / scale)
    np.testing.assert_allclose(one.strategy, other.strategy, atol=1e-8)


@few
@given(seeds)
def test_names_and_order_do_not_matter(seed: int) -> None:
    tree, payoffs, chance, precision = game(seed)
    mirrored, moved = mirror(tree)
    swapped = solve_aqre(
        mirrored, payoffs[:, moved["terminal"]][:, :, ::-1], chance[..., moved["chance"]], precision[:, ::-1]
    )
    one = solve_aqre(tree, payoffs, chance, precision)
    np.testing.assert_allclose(one.strategy[:, moved["action"]], swapped.strategy, atol=1e-8)


def mirror(tree: Tree) -> tuple[Tree, dict[str, np.ndarray]]:
    """The same game with players and all options in reverse order, and where each of its parts came from."""
    nodes: list[Node] = []
    action: dict[object, list[int]] = {}
    chance: list[int] = []
    terminal: list[int] = []

    def grow(old: int, parent: int, branch: int) -> None:
        number, index, kind = len(nodes), int(tree.index[old]), int(tree.kind[old])
        children = tree.children(old).tolist()[::-1]
        player = tree.n_players - 1 - int(tree.infoset_player[index]) if kind == DECISION else -1
        nodes.append(Node(parent, branch, kind, player, index, tuple(f"o{k}" for k in range(len(children)))))
        steps = [int(tree.via[child]) for child in children]
        if kind == TERMINAL:
            terminal.append(index)
        elif kind == CHANCE:
            chance.extend(steps)
        else:
            action.setdefault(index, steps)
        for k, child in enumerate(children):
            grow(child, number, k)

    grow(0, -1, 0)
    built = Tree.from_nodes(tree.players[::-1], nodes)
    order = [step for steps in action.values() for step in steps]
    return built, {
        "action": np.array(order, dtype=int),
        "chance": np.array(chance, dtype=int),
        "terminal": np.array(terminal, dtype=int),
    }


@few
@given(seeds, st.floats(0.01, 3.0))
def test_a_dearer_outcome_is_sought_more_under_perfect_information(seed: int, bonus: float) -> None:
    """At the mover's last choice on the way. Not at earlier ones: a dear outcome that the later self rarely takes also draws it
    away from what it would do otherwise, so that the earlier self may come to avoid the whole branch."""
    rng = np.random.default_rng(seed)
    tree = random_tree(rng, merge=0.0)
    while not tree.n_infosets or tree.kind[0] != DECISION:
        tree = random_tree(rng, merge=0.0)
    chance = random_chance(rng, tree)
    payoffs = rng.normal(size=(1, tree.n_terminals, tree.n_players))
    precision = np.full((1, tree.n_players), 1.5)
    mover, terminal = int(tree.infoset_player[tree.index[0]]), int(rng.integers(tree.n_terminals))
    path = tree.path(int(tree.terminal_node[terminal]))
    liked = payoffs.copy()
    liked[0, terminal, mover] += bonus
    before, after = (solve_aqre(tree, u, chance, precision).strategy for u in (payoffs, liked))
    own = [int(tree.via[v]) for v in path[1:] if tree.kind[tree.parent[v]] == DECISION]
    last = [a for a in own if tree.action_player[a] == mover][-1]
    assert after[0, last] > before[0, last]


@few
@given(seeds)
def test_forcing_the_solved_strategy_of_one_player_changes_nothing(seed: int) -> None:
    tree, payoffs, chance, precision = game(seed)
    one = solve_aqre(tree, payoffs, chance, precision)
    for player in range(tree.n_players):
        forced = np.where(tree.action_player == player, one.strategy, np.nan)
        other = solve_aqre(tree, payoffs, chance, precision, fixed=forced)
        steady = (one.label == CONVERGED) & (other.label == CONVERGED)
        np.testing.assert_allclose(one.strategy[steady], other.strategy[steady], atol=1e-7)


@few
@given(seeds, st.integers(2, 5))
def test_cloning_an_option_within_its_nest_changes_nothing(seed: int, copies: int) -> None:
    tree, payoffs, chance, precision = game(seed)
    h = seed % tree.n_infosets
    first = int(tree.action_start[h])
    cloned, terminal, chances = clone(tree, h, copies)
    base = np.ones(cloned.n_actions)
    base[first : first + copies] = 1.0 / copies
    one = solve_aqre(tree, payoffs, chance, precision)
    other = solve_aqre(cloned, payoffs[:, terminal], chance[..., chances], precision, base=base)
    steady = (one.label == CONVERGED) & (other.label == CONVERGED)
    outcomes = terminal_probabilities(cloned, other.strategy, chance[..., chances])
    summed = np.zeros((len(payoffs), tree.n_terminals))
    np.add.at(summed, (slice(None), terminal), outcomes)
    expected = terminal_probabilities(tree, one.strategy, chance)
    np.testing.assert_allclose(summed[steady], expected[steady], atol=1e-8)


def clone(tree: Tree, infoset: int, copies: int) -> tuple[Tree, np.ndarray, np.ndarray]:
    """The game with its first option at one information set listed several times, the copies told apart by nobody."""
    nodes: list[Node] = []
    terminal: list[int] = []
    chance: list[int] = []

    def grow(old: int, parent: int, branch: int, trail: tuple[int, ...]) -> None:
        number, index, kind = len(nodes), int(tree.index[old]), int(tree.kind[old])
        children = tree.children(old).tolist()
        if kind == DECISION and index == infoset:
            children = [children[0]] * copies + children[1:]
        player = int(tree.infoset_player[index]) if kind == DECISION else -1
        # The owner recalls which copy it took; the others cannot see it.
        group = (index, trail if kind == DECISION and player == int(tree.infoset_player[infoset]) else ())
        options = tuple(f"o{k}" for k in range(len(children)))
        nodes.append(Node(parent, branch, kind, player, None if kind == CHANCE else group, options))
        if kind == TERMINAL:
            terminal.append(index)
        elif kind == CHANCE:
            chance.extend(int(tree.via[child]) for child in children)
        for k, child in enumerate(children):
            copied = kind == DECISION and index == infoset and k < copies
            grow(child, number, k, (*trail, k) if copied else trail)

    grow(0, -1, 0, ())
    order = [(int(tree.infoset_player[h]), (h, ())) for h in range(infoset + 1)]
    keys = {(node.player, node.group) for node in nodes if node.kind == DECISION}
    return (
        Tree.from_nodes(tree.players, nodes, [key for key in order if key in keys]),
        np.array(terminal, dtype=int),
        np.array(chance, dtype=int),
    )


@pytest.mark.parametrize("processors", [1, 3])
def test_a_draw_does_not_depend_on_its_neighbours_or_threads(monkeypatch: pytest.MonkeyPatch, processors: int) -> None:
    tree, payoffs = consent_tree(), consent_payoffs(2100, 1)
    precision = np.full((1, 3), 5.0)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    whole = solve_aqre(tree, payoffs, EVEN, precision)
    for few in (slice(613, 614), slice(1000, 1300), slice(2050, 2100)):
        part = solve_aqre(tree, payoffs[few], EVEN, precision)
        np.testing.assert_array_equal(whole.strategy[few], part.strategy)
        np.testing.assert_array_equal(whole.label[few], part.label)


def test_every_draw_of_the_consent_game_is_solved_or_labelled() -> None:
    tree = consent_tree()
    for precision, folds in ((2.0, 0.01), (10.0, 0.10)):
        found = solve_aqre(tree, consent_payoffs(4000, 2), EVEN, np.full((1, 3), precision))
        assert found.share(FAILED) == 0.0
        assert 0 < found.share(FOLDED) < folds
        assert found.residual.max() < 1e-9


def test_many_small_precisions_and_one_path_agree() -> None:
    """Different precisions per player scale together along the path; the end point is the equilibrium at those precisions."""
    tree, payoffs = consent_tree(), consent_payoffs(50, 3)
    precision = np.array([[0.5, 2.0, 1.0]])
    found = solve_aqre(tree, payoffs, EVEN, precision)
    values = action_values(tree, found.strategy, payoffs, EVEN)
    np.testing.assert_allclose(
        found.strategy, logit_reply(tree, values, np.broadcast_to(precision, (50, 3)), np.ones(36)), atol=1e-10
    )


def test_subjective_priors_move_only_their_owner() -> None:
    """With the truth at one half, a coalition sure of the soft type proposes as if it were, while types stay even."""
    tree, payoffs = consent_tree(), consent_payoffs(20, 4)
    odds = np.full((1, 4, 2), 0.5)
    odds[0, 1] = [1e-9, 1 - 1e-9]
    found = solve_aqre(tree, payoffs, odds, np.full((1, 3), 1.0))
    same = solve_aqre(tree, payoffs, EVEN, np.full((1, 3), 1.0))
    assert np.abs(found.strategy - same.strategy).max() > 0.01
    belief = beliefs(tree, found.strategy, odds)
    for h in range(tree.n_infosets):
        members = tree.members(h)
        if tree.infoset_player[h] == 0 and len(members) == 2:
            assert np.all(belief[:, members[0]] < 1e-6)
    reached = node_probabilities(tree, found.strategy, odds)
    np.testing.assert_allclose(reached[:, tree.children(0)], 0.5)


def test_symmetric_coordination_is_followed_and_flagged() -> None:
    """Beyond the pitchfork of a symmetric game the even branch is an equilibrium among several."""
    nodes = [
        Node(-1, 0, DECISION, 0, "row", ("l", "r")),
        *(Node(0, k, DECISION, 1, "column", ("l", "r")) for k in (0, 1)),
        *(Node(1 + k // 2, k % 2, TERMINAL) for k in range(4)),
    ]
    tree = Tree.from_nodes(("row", "column"), nodes)
    payoffs = np.array([[[1.0, 1.0], [0.0, 0.0], [0.0, 0.0], [1.0, 1.0]]])
    low, high = (solve_aqre(tree, payoffs, None, np.full((1, 2), v)) for v in (1.0, 5.0))
    assert (low.label[0], high.label[0]) == (CONVERGED, FOLDED)
    np.testing.assert_allclose(high.strategy, 0.5, atol=1e-9)


@pytest.mark.parametrize("past", [0.0, 1e-12, 1e-9, 1e-6, 1e-5, 1e-3])
def test_the_point_where_a_symmetric_branch_divides_is_flagged_and_not_given_up(past: float) -> None:
    """Two players who want to match divide at lambda = 2, where the Jacobian is singular: play there is still known exactly."""
    nodes = [
        Node(-1, 0, DECISION, 0, "row", ("l", "r")),
        *(Node(0, k, DECISION, 1, "column", ("l", "r")) for k in (0, 1)),
        *(Node(1 + k // 2, k % 2, TERMINAL) for k in range(4)),
    ]
    tree = Tree.from_nodes(("row", "column"), nodes)
    payoffs = np.array([[[2.0, 2.0], [0.0, 0.0], [0.0, 0.0], [2.0, 2.0]]])
    found = solve_aqre(tree, payoffs, None, np.full((1, 2), 1.0 + past))
    assert found.label[0] == FOLDED
    assert found.residual[0] <= 1e-12
    np.testing.assert_allclose(found.strategy, 0.5, atol=1e-9)


def test_a_game_too_large_for_one_path_says_how_large_and_what_to_cut() -> None:
    types, messages = 300, 6
    nodes = [Node(-1, 0, CHANCE, options=tuple(f"t{k}" for k in range(types)))]
    for t in range(types):
        sender = len(nodes)
        nodes.append(Node(0, t, DECISION, 0, ("s", t), tuple(f"m{k}" for k in range(messages)), f"word of type {t}"))
        for m in range(messages):
            reply = len(nodes)
            nodes.append(Node(sender, m, DECISION, 1, ("r", m), ("yes", "no"), f"reply to {m}"))
            nodes += [Node(reply, k, TERMINAL) for k in (0, 1)]
    tree = Tree.from_nodes(("sender", "receiver"), nodes)
    with pytest.raises(SolverError, match=r"1500 unknown log-odds .* 'word of type 0' of sender.* → fewer types"):
        solve_aqre(tree, np.zeros((1, tree.n_terminals, 2)), np.full((1, 1, types), 1 / types), np.ones((1, 2)))


def test_circular_information_is_still_solved() -> None:
    """Two players each of whom may move before or after the other without knowing: no order of computation exists."""
    nodes = [
        Node(-1, 0, CHANCE, options=("a first", "b first")),
        Node(0, 0, DECISION, 0, "a", ("stop", "go")),
        Node(0, 1, DECISION, 1, "b", ("stop", "go")),
        Node(1, 0, TERMINAL),
        Node(1, 1, DECISION, 1, "b", ("stop", "go")),
        Node(2, 0, TERMINAL),
        Node(2, 1, DECISION, 0, "a", ("stop", "go")),
        *(Node(4, k, TERMINAL) for k in (0, 1)),
        *(Node(6, k, TERMINAL) for k in (0, 1)),
    ]
    tree = Tree.from_nodes(("a", "b"), nodes)
    rng = np.random.default_rng(5)
    payoffs, precision = rng.normal(size=(40, tree.n_terminals, 2)), np.full((40, 2), 2.0)
    found = solve_aqre(tree, payoffs, EVEN, precision)
    assert found.share(FAILED) == 0
    values = action_values(tree, found.strategy, payoffs, EVEN)
    np.testing.assert_allclose(found.strategy, logit_reply(tree, values, precision, np.ones(4)), atol=1e-10)


def test_best_response_is_exact_under_perfect_information() -> None:
    rng = np.random.default_rng(6)
    tree = random_tree(rng, merge=0.0)
    chance = random_chance(rng, tree)
    payoffs = rng.normal(size=(200, tree.n_terminals, 3))
    best = np.array([True, False, False])
    found = solve_aqre(tree, payoffs, chance, np.full((1, 3), 2.0), best=BestResponse(best))
    values = action_values(tree, found.strategy, payoffs, chance)
    top = np.maximum.reduceat(values, tree.action_start[:-1], axis=1)[:, tree.action_infoset]
    mine = tree.action_player == 0
    assert mine.any()
    assert np.all(values[:, mine][found.strategy[:, mine] > 0] >= (top[:, mine] - 1e-9)[found.strategy[:, mine] > 0])
    logit = logit_reply(tree, values, np.full((200, 3), 2.0), np.ones(tree.n_actions))
    np.testing.assert_allclose(found.strategy[:, ~mine], logit[:, ~mine], atol=1e-12)


def test_ties_of_a_best_response_go_to_the_second_payoff_then_are_split() -> None:
    nodes = [Node(-1, 0, DECISION, 0, "h", ("l", "m", "r")), *(Node(0, k, TERMINAL) for k in range(3))]
    tree = Tree.from_nodes(("a",), nodes)
    goal = np.array([[[1.0], [1.0], [0.0]]])
    best, precision = np.array([True]), np.ones((1, 1))
    own = np.array([[[0.0], [2.0], [9.0]]])
    assert solve_aqre(tree, goal, None, precision, best=BestResponse(best, own)).strategy.tolist() == [[0, 1, 0]]
    split = solve_aqre(tree, goal, None, precision, base=np.array([1.0, 3.0, 1.0]), best=BestResponse(best))
    np.testing.assert_allclose(split.strategy, [[0.25, 0.75, 0.0]])


@pytest.mark.parametrize("player", [0, 1, 2])
@pytest.mark.parametrize("favouring", [False, True])
def test_best_response_under_imperfect_information(player: int, favouring: bool) -> None:
    """Nobody best-responding can gain more than a thousandth or so of its spread where play comes; the others play logit."""
    tree, own = consent_tree(), consent_payoffs(400, 7)
    payoffs = own.copy()
    if favouring:
        payoffs[:, :, player] = np.random.default_rng(8).random(30) < 0.3
    precision = np.full((400, 3), 2.0)
    found = solve_aqre(tree, payoffs, EVEN, precision, best=BestResponse(np.arange(3) == player, own))
    assert found.share(FAILED) == 0.0
    values = action_values(tree, found.strategy, payoffs, EVEN)
    top = np.maximum.reduceat(values, tree.action_start[:-1], axis=1)
    regret = top - infoset_values(tree, found.strategy, payoffs, EVEN)
    reached = node_probabilities(tree, found.strategy, EVEN)[:, tree.member]
    met = np.add.reduceat(reached, tree.member_start[:-1], axis=1) > 1e-100
    mine = tree.infoset_player == player
    spread = np.ptp(payoffs[:, :, player], axis=1)[:, None]
    assert np.all((regret <= 1.2e-3 * spread)[met & mine])
    logit = logit_reply(tree, values, precision, np.ones(36))
    others = (met & ~mine)[:, tree.action_infoset]
    np.testing.assert_allclose(found.strategy[others], logit[others], atol=1e-6)


def test_a_forced_choice_carries_no_information() -> None:
    """Both types forced to oppose: the coalition's belief after opposition, and after the option never taken, is the prior."""
    tree, payoffs = consent_tree(), consent_payoffs(10, 8)
    odds = np.array([[[0.3, 0.7]]])
    forced = np.full(36, np.nan)
    for kind in (0, 1):
        h = tree.infoset_names.index(f"answer {kind}")
        forced[list(tree.actions(h))] = [0.0, 1.0, 0.0]
    found = solve_aqre(tree, payoffs, odds, np.full((1, 3), 2.0), fixed=forced)
    assert found.share(CONVERGED) == 1.0
    belief = beliefs(tree, found.strategy, odds)
    for name in ("form", "after 1", "after 2", "back 1", "back 2"):
        members = tree.members(tree.infoset_names.index(name))
        np.testing.assert_allclose(belief[:, members], [[0.3, 0.7]] * 10, atol=1e-12)
    values = action_values(tree, found.strategy, payoffs, odds)
    free = np.isnan(forced)
    logit = logit_reply(tree, values, np.full((10, 3), 2.0), np.ones(36))
    np.testing.assert_allclose(found.strategy[:, free], logit[:, free], atol=1e-12)


def test_draws_may_differ_in_what_is_forced() -> None:
    tree, payoffs = consent_tree(), consent_payoffs(6, 9)
    precision = np.full((1, 3), 2.0)
    forced = np.full((6, 36), np.nan)
    forced[::2, :2] = [1.0, 0.0]
    mixed = solve_aqre(tree, payoffs, EVEN, precision, fixed=forced)
    free = solve_aqre(tree, payoffs, EVEN, precision)
    np.testing.assert_array_equal(mixed.strategy[1::2], free.strategy[1::2])
    np.testing.assert_array_equal(mixed.strategy[::2, :2], [[1.0, 0.0]] * 3)


def test_values_of_information_sets_average_the_values_of_actions() -> None:
    tree, payoffs, chance, precision = game(11)
    found = solve_aqre(tree, payoffs, chance, precision)
    values = action_values(tree, found.strategy, payoffs, chance)
    expected = np.add.reduceat(values * found.strategy, tree.action_start[:-1], axis=1)
    np.testing.assert_allclose(infoset_values(tree, found.strategy, payoffs, chance), expected)


def test_a_tree_without_choices_has_an_empty_solution() -> None:
    tree = Tree.from_nodes(
        ("a",), [Node(-1, 0, CHANCE, options=("x", "y")), Node(0, 0, TERMINAL), Node(0, 1, TERMINAL)]
    )
    found = solve_aqre(tree, np.zeros((3, 2, 1)), EVEN, np.ones((1, 1)))
    assert found.strategy.shape == (3, 0)
    assert found.share(CONVERGED) == 1.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"payoffs": np.zeros((1, 2, 3))}, "payoffs: shape"),
        ({"payoffs": np.full((1, 30, 3), np.inf)}, "payoffs: not all finite"),
        ({"chance": np.full((1, 1, 2), 0.6)}, r"chance: probabilities \[0.6, 0.6\]"),
        ({"chance": np.full((1, 2, 2), 0.5)}, "chance: shape"),
        ({"precision": np.full((1, 3), -1.0)}, "precision: must be finite"),
        ({"base": np.zeros(36)}, "weights above zero"),
        ({"fixed": np.where(np.arange(36) == 0, 1.0, np.nan)}, r"fixed: .*\(propose\)"),
        ({"fixed": np.where(np.arange(36) < 2, 0.7, np.nan)}, "do not sum to one"),
        ({"best": BestResponse(np.ones(2, dtype=bool))}, "best response: shape"),
        ({"payoffs": np.zeros((4, 30, 3)), "precision": np.ones((5, 3))}, "disagree on the number of draws"),
    ],
)
def test_impossible_inputs_are_named(change: dict[str, object], message: str) -> None:
    given_ = {"payoffs": np.zeros((1, 30, 3)), "chance": EVEN, "precision": np.ones((1, 3))} | change
    with pytest.raises(SolverError, match=message):
        solve_aqre(consent_tree(), **given_)  # type: ignore[arg-type]


def test_solution_is_frozen() -> None:
    found = solve_aqre(consent_tree(), consent_payoffs(1, 1), EVEN, np.ones((1, 3)))
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.label = found.label  # type: ignore[misc]
