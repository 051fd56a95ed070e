"""One precision from the counts that it makes likely."""

from __future__ import annotations

import numpy as np
import pytest

from support import tool
from vetopoint.errors import SolverError
from vetopoint.game.solver.solve import solve_aqre
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Node, Tree

fit_precision = tool("validation/precision").fit_precision


def test_a_precision_comes_back_from_expected_counts() -> None:
    nodes = [
        Node(-1, 0, CHANCE, options=("dry", "wet")),
        Node(0, 0, DECISION, 0, "ask", ("no", "yes")),
        Node(0, 1, DECISION, 0, "ask", ("no", "yes")),
        Node(1, 0, TERMINAL),
        Node(1, 1, TERMINAL),
        Node(2, 0, TERMINAL),
        Node(2, 1, TERMINAL),
    ]
    tree = Tree.from_nodes(("a",), nodes)
    payoffs, chance = np.array([[0.0], [1.0], [0.0], [-0.4]]), np.array([0.7, 0.3])
    shares = solve_aqre(tree, payoffs[None], chance[None, None], np.array([[2.3]])).strategy[0]
    found = fit_precision(tree, payoffs, 1000 * shares, chance)
    assert found.precision == pytest.approx(2.3, abs=1e-5)
    assert found.se == pytest.approx(1 / (0.58 * np.sqrt(1000 * shares[0] * shares[1])), rel=1e-2)
    assert fit_precision(tree, payoffs, [0, 10], chance).at_bound
    with pytest.raises(SolverError, match="counts"):
        fit_precision(tree, payoffs, [1, 2, 3], chance)
