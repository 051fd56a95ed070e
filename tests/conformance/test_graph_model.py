"""Published graph-model analyses, restated by us.

Prisoner's dilemma: L. Fang, K. W. Hipel & D. M. Kilgour (1993), *Interactive Decision Making*, ch. 3.
Elmira groundwater conflict: K. W. Hipel, L. Fang, D. M. Kilgour & M. Haight (1993), "Environmental conflict resolution using
the graph model", and Xu, Hipel, Kilgour & Fang (2018), *Conflict Resolution Using the Graph Model*, ch. 4: Ministry (modify the
order), company (delay, accept, abandon) and local government (insist); nine states, abandonment merged into the ninth.
"""

from __future__ import annotations

import numpy as np

from oracles.graph_model import by_definition
from vetopoint.game.graph_model import equilibria, option_form, stability


def published(found: dict[str, np.ndarray]) -> dict[str, list[int]]:
    return {concept: (np.flatnonzero(here[0]) + 1).tolist() for concept, here in equilibria(found).items()}


def ranks(*orders: list[int]) -> np.ndarray:
    """Preferences (1, states, dms) from orders written best first, states counted from 1."""
    out = np.zeros((1, len(orders[0]), len(orders)), np.int32)
    for dm, order in enumerate(orders):
        for place, state in enumerate(order):
            out[0, state - 1, dm] = len(order) - place
    return out


def test_prisoners_dilemma() -> None:
    """States: both silent, row silent, column silent, both confess."""
    likes = ranks([3, 1, 4, 2], [2, 1, 4, 3])
    found = published(stability(option_form([2, 2], [0, 1]), likes))
    assert found == {"nash": [4], "gmr": [1, 4], "smr": [1, 4], "seq": [1, 4]}


ELMIRA = ranks([7, 3, 4, 8, 5, 1, 2, 6, 9], [1, 4, 8, 5, 9, 3, 7, 2, 6], [7, 3, 5, 1, 8, 6, 4, 2, 9])
PUBLISHED = {"nash": [5, 8, 9], "seq": [5, 8, 9], "gmr": [1, 4, 5, 8, 9], "smr": [1, 4, 5, 8, 9]}


def test_elmira_by_the_definitions() -> None:
    modify = {1: 2, 3: 4, 5: 6, 7: 8}
    accept = {1: 3, 2: 4, 5: 7, 6: 8}
    insist = {1: 5, 2: 6, 3: 7, 4: 8, 5: 1, 6: 2, 7: 3, 8: 4}
    reach = [
        [[modify[s] - 1] if s in modify else [] for s in range(1, 10)],
        [[q - 1 for q in (accept.get(s), 9) if q] if s < 9 else [] for s in range(1, 10)],
        [[insist[s] - 1] if s in insist else [] for s in range(1, 10)],
    ]
    found = by_definition(reach, ELMIRA[0])
    assert published({concept: here[None] for concept, here in found.items()}) == PUBLISHED


def test_elmira_by_standing_options() -> None:
    """Modify, accept and abandon cannot be undone; all eight combinations with abandonment are the ninth state, liked equally."""
    form = option_form([2, 2, 2, 2], [0, 1, 1, 2], irreversible=[(0, 1), (1, 1), (2, 1)])
    modify, accept, abandon, insist = form.settings.T
    number = np.where(abandon == 1, 9, 1 + modify + 2 * accept + 4 * insist)
    assert sorted(set(number.tolist())) == list(range(1, 10))
    found = equilibria(stability(form, ELMIRA[:, number - 1]))
    assert {concept: sorted(set(number[here[0]].tolist())) for concept, here in found.items()} == PUBLISHED
    assert all(here[0, number == 9].all() for here in found.values())
