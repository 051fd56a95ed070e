"""Textbook games, restated.

Centipede: Rosenthal (1981), J. Econ. Theory 25. Kuhn poker: Kuhn (1950), Contributions to the Theory of Games I. Stripped-down poker: Reiley,
Urbancic and Walker (2008), J. Econ. Education 39. Beer and quiche: Cho and Kreps (1987), QJE 102. One-sided crisis signalling: the
audience-cost form of Fearon (1994), APSR 88, with two types.
"""

from __future__ import annotations

import numpy as np

from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Node, Tree


class Game:
    """A tree grown move by move, with payoffs at its ends."""

    def __init__(self, *players: str) -> None:
        self.players = players
        self.nodes: list[Node] = []
        self.payoffs: list[tuple[float, ...]] = []
        self.odds: list[float] = []

    def move(self, parent: int, branch: int, player: int, group: str, *options: str) -> int:
        self.nodes.append(Node(parent, branch, DECISION, player, group, options, group))
        return len(self.nodes) - 1

    def chance(self, *odds: float) -> int:
        self.nodes.append(Node(-1, 0, CHANCE, options=tuple(str(k) for k in range(len(odds)))))
        self.odds += odds
        return len(self.nodes) - 1

    def end(self, parent: int, branch: int, *payoffs: float) -> None:
        self.nodes.append(Node(parent, branch, TERMINAL))
        self.payoffs.append(payoffs)

    def arrays(self) -> tuple[Tree, np.ndarray, np.ndarray]:
        tree = Tree.from_nodes(self.players, self.nodes)
        return tree, np.array(self.payoffs)[None], np.array(self.odds)[None, None]


def centipede(rounds: int) -> Game:
    """Each pass doubles the pot of 5, split four to one in favour of who takes."""
    game = Game("1", "2")
    node, branch = -1, 0
    for k in range(rounds):
        node, branch = game.move(node, branch, k % 2, f"move {k + 1}", "take", "pass"), 1
        mine, other = 0.4 * 2**k, 0.1 * 2**k
        game.end(node, 0, *((mine, other) if k % 2 == 0 else (other, mine)))
    mine, other = 0.4 * 2**rounds, 0.1 * 2**rounds
    game.end(node, 1, *((mine, other) if rounds % 2 == 0 else (other, mine)))
    return game


def stripped_down_poker() -> Game:
    game = Game("1", "2")
    deal = game.chance(0.5, 0.5)
    for card, win in (("ace", 1), ("king", -1)):
        first = game.move(deal, int(win < 0), 0, card, "raise", "fold")
        answer = game.move(first, 0, 1, "answer", "meet", "pass")
        game.end(answer, 0, 2 * win, -2 * win)
        game.end(answer, 1, 1, -1)
        game.end(first, 1, *((1, -1) if win > 0 else (-1, 1)))
    return game


def kuhn_poker() -> Game:
    game = Game("1", "2")
    deals = [(a, b) for a in range(3) for b in range(3) if a != b]
    root = game.chance(*[1 / 6] * 6)
    for k, (a, b) in enumerate(deals):
        win = 1.0 if a > b else -1.0
        first = game.move(root, k, 0, f"1 {a}", "bet", "check")
        faced = game.move(first, 0, 1, f"2 {b} bet", "call", "fold")
        game.end(faced, 0, 2 * win, -2 * win)
        game.end(faced, 1, 1, -1)
        after = game.move(first, 1, 1, f"2 {b} check", "bet", "check")
        last = game.move(after, 0, 0, f"1 {a} late", "call", "fold")
        game.end(last, 0, 2 * win, -2 * win)
        game.end(last, 1, -1, 1)
        game.end(after, 1, win, -win)
    return game


def beer_quiche() -> Game:
    """The surly type (nine in ten) likes beer, the wimp quiche (1 more); not being fought is worth 2; 2 gains by fighting wimps only."""
    game = Game("1", "2")
    root = game.chance(0.9, 0.1)
    for kind, name in enumerate(("surly", "wimp")):
        meal = game.move(root, kind, 0, name, "beer", "quiche")
        for k, food in enumerate(("beer", "quiche")):
            taste = 1.0 if k == kind else 0.0
            seen = game.move(meal, k, 1, food, "fight", "let be")
            game.end(seen, 0, taste, float(kind == 1))
            game.end(seen, 1, taste + 2, float(kind == 0))
    return game


def crisis() -> Game:
    """A challenger is resolved with probability 1/5; the target resists or concedes not knowing; then the challenger fights or yields."""
    game = Game("challenger", "target")
    root = game.chance(0.2, 0.8)
    for kind, name in enumerate(("resolved", "bluffer")):
        first = game.move(root, kind, 0, name, "challenge", "leave")
        answer = game.move(first, 0, 1, "answer", "resist", "concede")
        stand = game.move(answer, 0, 0, f"{name} resisted", "fight", "yield")
        game.end(stand, 0, (0.5, -2.0)[kind], -3.0)
        game.end(stand, 1, -1.0, 0.5)
        game.end(answer, 1, 1.0, -1.0)
        game.end(first, 1, 0.0, 0.0)
    return game
