"""Games that several tests and benchmarks solve: the 53-node consent game, and random games with perfect recall."""

from __future__ import annotations

import itertools

import numpy as np

from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Node, Tree


def consent_tree() -> Tree:
    """Coalition, veto player of two types, guarantor: 53 nodes, 30 outcomes, 16 information sets, 36 actions.

    The coalition proposes or not; the veto player consents, opposes or designates; on consent the form is full or symbolic; else the
    coalition, not knowing the type, deploys, falls back or abandons; on deployment the guarantor backs or declines, also not
    knowing; and the veto player strikes or holds.
    """
    nodes: list[Node] = []

    def add(parent: int, branch: int, kind: int, player: int = -1, group: object = None, *options: str) -> int:
        nodes.append(Node(parent, branch, kind, player, group, options, name=str(group or "")))
        return len(nodes) - 1

    root = add(-1, 0, CHANCE, -1, None, "tough", "soft")
    for kind in (0, 1):
        propose = add(root, kind, DECISION, 0, "propose", "propose", "not")
        answer = add(propose, 0, DECISION, 1, f"answer {kind}", "consent", "oppose", "designate")
        add(propose, 1, TERMINAL)
        form = add(answer, 0, DECISION, 0, "form", "full", "symbolic")
        add(form, 0, TERMINAL)
        add(form, 1, TERMINAL)
        for no in (1, 2):
            after = add(answer, no, DECISION, 0, f"after {no}", "deploy", "fallback", "abandon")
            back = add(after, 0, DECISION, 2, f"back {no}", "back", "decline")
            add(after, 1, TERMINAL)
            add(after, 2, TERMINAL)
            for backed in (0, 1):
                strike = add(back, backed, DECISION, 1, f"strike {kind} {no} {backed}", "strike", "hold")
                add(strike, 0, TERMINAL)
                add(strike, 1, TERMINAL)
    return Tree.from_nodes(("coalition", "veto player", "guarantor"), nodes)


def consent_payoffs(draws: int, seed: int) -> np.ndarray:
    """(draws, 30, 3): one base vector plus normal noise of standard deviation 0.7."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(30, 3)) + 0.7 * rng.normal(size=(draws, 30, 3))


EVEN = np.full((1, 1, 2), 0.5)


def random_tree(
    rng: np.random.Generator, players: int = 3, depth: int = 4, merge: float = 0.6, chance: float = 0.2, widest: int = 3
) -> Tree:
    """A random game: a player cannot tell some histories apart in which it saw and did the same itself."""
    nodes: list[Node] = []
    groups: dict[tuple[int, object, int], list[object]] = {}

    def grow(parent: int, branch: int, level: int, own: tuple[object, ...]) -> None:
        number = len(nodes)
        if level == depth or (level > 1 and rng.random() < 0.15):
            nodes.append(Node(parent, branch, TERMINAL, name=f"z{number}"))
            return
        size = int(rng.integers(2, widest + 1))
        if rng.random() < chance:
            nodes.append(Node(parent, branch, CHANCE, options=tuple(f"c{k}" for k in range(size))))
            for k in range(size):
                grow(number, k, level + 1, own)
            return
        player = int(rng.integers(players))
        known = groups.setdefault((player, own[player], size), [])
        if not known or rng.random() >= merge:
            known.append((player, own[player], size, len(known)))
            group = known[-1]
        else:
            group = known[int(rng.integers(len(known)))]
        nodes.append(
            Node(parent, branch, DECISION, player, group, tuple(f"a{k}" for k in range(size)), name=f"h{number}")
        )
        for k in range(size):
            grow(number, k, level + 1, tuple((group, k) if i == player else o for i, o in enumerate(own)))

    grow(-1, 0, 0, (None,) * players)
    return Tree.from_nodes([f"p{i + 1}" for i in range(players)], nodes)


def random_chance(rng: np.random.Generator, tree: Tree, layers: int = 1, draws: int = 1) -> np.ndarray:
    """(draws, layers, chance_actions) with every chance action possible."""
    odds = rng.uniform(0.1, 1.0, size=(draws, layers, tree.n_chance))
    for first, last in zip(tree.chance_start[:-1], tree.chance_start[1:], strict=True):
        odds[..., first:last] /= odds[..., first:last].sum(axis=-1, keepdims=True)
    return odds


def at_once(players: int, options: int) -> tuple[Tree, list[tuple[int, ...]]]:
    """Players choose at once; the tree, and what each chose at each terminal."""
    nodes: list[Node] = []
    frontier = [(-1, 0)]
    for player in range(players):
        first = len(nodes)
        nodes += [Node(*at, DECISION, player, player, tuple(map(str, range(options)))) for at in frontier]
        frontier = [(number, k) for number in range(first, len(nodes)) for k in range(options)]
    nodes += [Node(*at, TERMINAL) for at in frontier]
    return Tree.from_nodes(tuple(f"p{i}" for i in range(players)), nodes), [
        *itertools.product(range(options), repeat=players)
    ]
