"""The array tree: numbering, and refusal of what cannot be solved."""

from __future__ import annotations

import numpy as np
import pytest

from shapes import consent_tree, random_tree
from vetopoint.errors import SolverError
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Node, Tree


def test_consent_game_has_its_documented_size() -> None:
    tree = consent_tree()
    assert (tree.n_nodes, tree.n_terminals, tree.n_infosets, tree.n_actions) == (53, 30, 16, 36)
    assert np.bincount(tree.infoset_player).tolist() == [4, 10, 2]
    assert any(tree.members(h).size > 1 for h in range(tree.n_infosets))


@pytest.mark.parametrize("seed", range(5))
def test_parents_children_and_actions_agree(seed: int) -> None:
    tree = random_tree(np.random.default_rng(seed))
    for node in range(tree.n_nodes):
        for k, child in enumerate(tree.children(node)):
            assert tree.parent[child] == node < child
            start = tree.action_start if tree.kind[node] == DECISION else tree.chance_start
            assert tree.via[child] == start[tree.index[node]] + k
    for h in range(tree.n_infosets):
        assert all(tree.index[m] == h and tree.kind[m] == DECISION for m in tree.members(h))
    assert [int(tree.index[v]) for v in tree.terminal_node] == list(range(tree.n_terminals))


def test_order_fixes_the_numbers_of_information_sets() -> None:
    nodes = [
        Node(-1, 0, DECISION, 1, "late", ("l", "r")),
        Node(0, 0, TERMINAL),
        Node(0, 1, DECISION, 0, "early", ("x", "y")),
        Node(2, 0, TERMINAL),
        Node(2, 1, TERMINAL),
    ]
    tree = Tree.from_nodes(("a", "b"), nodes, order=[(0, "early"), (1, "late")])
    assert tree.infoset_names == ("early", "late")
    assert tree.action_names == ("x", "y", "l", "r")


def test_forgetting_an_own_move_is_refused_by_name() -> None:
    nodes = [
        Node(-1, 0, DECISION, 0, "first", ("l", "r")),
        *(Node(0, k, DECISION, 0, "second", ("x", "y")) for k in (0, 1)),
        *(Node(1 + k // 2, k % 2, TERMINAL) for k in range(4)),
    ]
    with pytest.raises(SolverError, match=r"'second' of a: imperfect recall.*'l' at 'first'.*'r' at 'first'"):
        Tree.from_nodes(("a",), nodes)


def test_forgetting_what_was_known_is_refused() -> None:
    nodes = [
        Node(-1, 0, CHANCE, options=("hi", "lo")),
        *(Node(0, k, DECISION, 0, f"saw {k}", ("go", "stop")) for k in (0, 1)),
        Node(1, 0, DECISION, 0, "later", ("x", "y")),
        Node(1, 1, TERMINAL),
        Node(2, 0, DECISION, 0, "later", ("x", "y")),
        Node(2, 1, TERMINAL),
        *(Node(3 + 2 * (k // 2), k % 2, TERMINAL) for k in range(4)),
    ]
    with pytest.raises(SolverError, match="'later' of a: imperfect recall"):
        Tree.from_nodes(("a",), nodes)


def test_absent_mindedness_is_refused_as_such() -> None:
    nodes = [
        Node(-1, 0, DECISION, 0, "exit", ("go", "exit")),
        Node(0, 0, DECISION, 0, "exit", ("go", "exit")),
        Node(0, 1, TERMINAL),
        Node(1, 0, TERMINAL),
        Node(1, 1, TERMINAL),
    ]
    with pytest.raises(SolverError, match="'exit' of a: absent-mindedness"):
        Tree.from_nodes(("a",), nodes)


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([Node(-1, 0, DECISION, 0, "h", ("l", "r")), Node(0, 0, TERMINAL)], "leads nowhere"),
        ([Node(-1, 0, DECISION, 0, "h", ("l",)), Node(0, 0, TERMINAL), Node(0, 0, TERMINAL)], "leads to two nodes"),
        ([Node(-1, 0, DECISION, 3, "h", ("l",)), Node(0, 0, TERMINAL)], "not among the players"),
        ([Node(-1, 0, DECISION, 0, "h", ()), Node(0, 0, TERMINAL)], "no options"),
        ([Node(0, 0, TERMINAL)], "starts with its root"),
        (
            [
                Node(-1, 0, CHANCE, options=("a", "b")),
                Node(0, 0, DECISION, 0, "h", ("l",)),
                Node(0, 1, DECISION, 0, "h", ("m",)),
                Node(1, 0, TERMINAL),
                Node(2, 0, TERMINAL),
            ],
            "same options in each",
        ),
    ],
)
def test_broken_trees_are_refused(nodes: list[Node], message: str) -> None:
    with pytest.raises(SolverError, match=message):
        Tree.from_nodes(("a",), nodes)
