"""Graph-model stability on any graph, as its definitions read: every improvement, every legal sequence of answers.

L. Fang, K. W. Hipel & D. M. Kilgour (1993), *Interactive Decision Making: The Graph Model for Conflict Resolution*, ch. 3
(definitions 3.1-3.9). A legal sequence bars two *consecutive* moves by one decision maker and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from vetopoint.game.graph_model import CONCEPTS, OptionForm

__all__ = ["Reach", "by_definition", "coalition_reach", "reach_of", "standing_payoffs"]

Reach = list[list[list[int]]]  # for each decision maker and state, the states to which it can move


def reach_of(form: OptionForm) -> Reach:
    """The moves of an option form as lists."""
    lists: Reach = [[[] for _ in range(form.states)] for _ in range(form.dms)]
    for dm in range(form.dms):
        for fibre in form.members[dm].reshape(-1, form.width[dm]).tolist():
            for q in fibre:
                lock = int(form.lock[dm, q])
                lists[dm][q] = sorted(r for r in fibre if r != q and not lock & ~int(form.lock[dm, r]))
    return lists


def coalition_reach(reach: Reach, focal: int, state: int, rank: np.ndarray, improving: bool) -> set[int]:
    """States that the opponents can bring about: depth-first over (state, last mover), nobody twice in a row."""
    found: set[int] = set()
    seen: set[tuple[int, int]] = set()
    stack = [(state, -1)]
    while stack:
        here, last = stack.pop()
        for j in range(len(reach)):
            if j in (focal, last):
                continue
            for q in reach[j][here]:
                if improving and rank[q, j] <= rank[here, j]:
                    continue
                if (q, j) not in seen:
                    seen.add((q, j))
                    found.add(q)
                    stack.append((q, j))
    return found


def by_definition(reach: Reach, rank: np.ndarray) -> dict[str, np.ndarray]:
    """Concept to (states, dms) bool, for preferences (states, dms)."""
    dms, states = len(reach), len(reach[0])
    out = {c: np.ones((states, dms), bool) for c in CONCEPTS}
    for i in range(dms):
        for s in range(states):
            better = [q for q in reach[i][s] if rank[q, i] > rank[s, i]]
            out["nash"][s, i] = not better
            for s1 in better:
                answers = [q for q in coalition_reach(reach, i, s1, rank, False) if rank[q, i] <= rank[s, i]]
                out["gmr"][s, i] &= bool(answers)
                out["smr"][s, i] &= any(all(rank[r, i] <= rank[s, i] for r in reach[i][q]) for q in answers)
                out["seq"][s, i] &= any(rank[q, i] <= rank[s, i] for q in coalition_reach(reach, i, s1, rank, True))
    return out


def standing_payoffs(sizes: Sequence[int], taken: ArrayLike, weight: ArrayLike, payoffs: ArrayLike) -> np.ndarray:
    """(n, states, actors) expected payoffs when every actor takes its standing option whenever its move comes.

    ``taken (terminals, moves)``: the option on the way to a terminal history, -1 where the move did not come; ``weight (n, terminals)``
    the product of chance on the way; ``payoffs (n, terminals, actors)``. States are counted with the first move slowest.
    """
    path, chance, worth = np.asarray(taken), np.asarray(weight, float), np.asarray(payoffs, float)
    states = np.asarray(list(product(*(range(k) for k in sizes))), np.int64).reshape(-1, len(sizes))
    total = np.zeros((worth.shape[0], states.shape[0], worth.shape[2]))
    for terminal, choices in enumerate(path):
        here = np.all((choices == -1) | (choices == states), axis=1)
        total[:, here] += (chance[:, terminal, None] * worth[:, terminal])[:, None, :]
    return total
