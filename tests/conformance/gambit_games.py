"""The sampled games on which the solver is compared with Gambit, and Gambit's answer to one of them.

Game ``k`` is the same wherever it is built: its shape, payoffs and precision follow from ``k`` alone.
"""

from __future__ import annotations

import dataclasses
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from shapes import consent_tree, random_chance, random_tree
from vetopoint.game.efg import write_efg
from vetopoint.game.tree import Tree

GOLDEN = Path(__file__).parent / "data" / "gambit" / "agent_qre.json"
SAMPLED = 320
PRECISIONS = (0.5, 1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, eq=False)
class Sampled:
    """One game with fixed payoffs: ``payoffs (terminals, players)``, ``chance (chance_actions,)``."""

    tree: Tree
    payoffs: np.ndarray
    chance: np.ndarray
    precision: float

    def text(self) -> str:
        """As .efg, information sets named by their number in the tree."""
        return write_efg(self.tree, self.payoffs, self.chance, title="sampled")


def sampled(number: int) -> Sampled:
    """Every fourth is the consent game; the others are random shapes with two or three players and three or four levels."""
    rng = np.random.default_rng([20261123, number])
    if number % 4 == 0:
        tree = consent_tree()
    else:
        tree = random_tree(rng, players=2 + number % 2, depth=3 + number % 4 // 2, merge=(0.3, 0.6, 0.9)[number % 3])
        while not tree.n_infosets:
            tree = random_tree(rng, players=2 + number % 2)
    tree = dataclasses.replace(tree, infoset_names=tuple(str(h) for h in range(tree.n_infosets)))
    payoffs = rng.normal(scale=1.2, size=(tree.n_terminals, tree.n_players)).round(6)
    chance = random_chance(rng, tree)[0, 0] if tree.n_chance else np.zeros(0)
    return Sampled(tree, payoffs, chance, PRECISIONS[number % len(PRECISIONS)])


def gambit_strategy(game: Sampled) -> np.ndarray:
    """Agent logit equilibrium by ``pygambit.qre.logit_solve_lambda``, in the tree's order of actions.

    In pygambit 16.7 the solution's ``profile`` raises; its entries are readable by integer only, in Gambit's own order of
    information sets, which need not be the file's: they are matched by name.
    """
    import pygambit
    from pygambit.qre import logit_solve_lambda

    loaded = pygambit.read_efg(io.BytesIO(game.text().encode()))
    found: Any = logit_solve_lambda(loaded, game.precision, first_step=0.05, max_accel=1.1)
    found = found[0] if isinstance(found, list) else found
    strategy = np.empty(game.tree.n_actions)
    place = 0
    for player in loaded.players:
        for infoset in player.infosets:
            for action in game.tree.actions(int(infoset.label)):
                strategy[action] = found[place]
                place += 1
    return strategy


def golden() -> dict[int, np.ndarray]:
    """Gambit's answers as shipped: game number → strategy."""
    stored = json.loads(GOLDEN.read_text())
    return {int(number): np.array(values) for number, values in stored["strategies"].items()}
