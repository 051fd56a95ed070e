"""The array form of a finite extensive game, and the checks that make it solvable.

A `Tree` holds the shape of a game and its names only. Payoffs, chance probabilities and precisions are arrays with the draw as
first axis and travel beside it, so that one tree serves every draw.

References
----------
Kuhn, H. W. (1953), "Extensive games and the problem of information": perfect recall.
Piccione, M. and Rubinstein, A. (1997), GEB 20: absent-mindedness.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np

from vetopoint.arrays import Ints
from vetopoint.errors import SolverError

__all__ = ["CHANCE", "DECISION", "TERMINAL", "Node", "Tree"]

DECISION, CHANCE, TERMINAL = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Node:
    """One history, as handed to `Tree.from_nodes`.

    Parameters
    ----------
    parent : number of the parent in the list, -1 for the root; parents come before their children.
    branch : which of the parent's options led here, counted from 0.
    kind : `DECISION`, `CHANCE` or `TERMINAL`.
    player : who decides here (decision nodes only), counted from 0.
    group : decision nodes with the same player and group are one information set; chance nodes with the same group
        share one vector of probabilities; ``None`` stands for a set of its own.
    options : names of the options, in order; the same throughout a group.
    name : name of the information set, of the chance move or of the outcome.
    """

    parent: int
    branch: int
    kind: int
    player: int = -1
    group: Hashable = None
    options: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, eq=False)
class Tree:
    """Shape of a finite game with perfect recall; trees alike in all of it are equal, so that what is compiled for one serves the other.

    Parameters
    ----------
    players : names of the players.
    parent : (nodes,) parent's number, -1 for the root, which is node 0; parents stand before their children.
    via : (nodes,) the action (parent decides) or chance action (parent is chance) that led here; -1 for the root.
    kind : (nodes,) `DECISION`, `CHANCE` or `TERMINAL`.
    index : (nodes,) information set, chance set or terminal number.
    child_start, child : (nodes+1,), (nodes-1,): children of node v are ``child[child_start[v]:child_start[v+1]]`` in the
        order of its options.
    infoset_player : (infosets,) who decides.
    action_start : (infosets+1,) actions of information set h are ``action_start[h]`` up to ``action_start[h+1]``.
    chance_start : (chance_sets+1,) likewise for chance actions.
    infoset_names, action_names, chance_names, terminal_names : (infosets,), (actions,), (chance_actions,), (terminals,).

    Raises
    ------
    SolverError
        If a player forgets what it knew or did; the message names the information set and the reason.

    Examples
    --------
    >>> entry = Tree.from_nodes(("entrant", "incumbent"), [
    ...     Node(-1, 0, DECISION, 0, "enter?", ("out", "in")),
    ...     Node(0, 0, TERMINAL), Node(0, 1, DECISION, 1, "reply", ("fight", "yield")),
    ...     Node(2, 0, TERMINAL), Node(2, 1, TERMINAL)])
    >>> entry.n_terminals, entry.n_actions
    (3, 4)
    """

    players: tuple[str, ...]
    parent: Ints
    via: Ints
    kind: Ints
    index: Ints
    child_start: Ints
    child: Ints
    infoset_player: Ints
    action_start: Ints
    chance_start: Ints
    infoset_names: tuple[str, ...]
    action_names: tuple[str, ...]
    chance_names: tuple[str, ...]
    terminal_names: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_recall(self)

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of everything that it holds."""
        found = hashlib.sha256()
        for part in (getattr(self, field.name) for field in fields(self)):
            found.update(part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode())
        return found.digest()

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Tree) and self.digest == other.digest)

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self.players)

    @property
    def n_nodes(self) -> int:
        """Number of nodes."""
        return len(self.parent)

    @property
    def n_terminals(self) -> int:
        """Number of terminal nodes."""
        return len(self.terminal_names)

    @property
    def n_infosets(self) -> int:
        """Number of information sets."""
        return len(self.infoset_player)

    @property
    def n_actions(self) -> int:
        """Number of actions over all information sets."""
        return int(self.action_start[-1])

    @property
    def n_chance(self) -> int:
        """Number of chance actions over all chance sets."""
        return int(self.chance_start[-1])

    @cached_property
    def member_start(self) -> Ints:
        """(infosets+1,): nodes of information set h are ``member[member_start[h]:member_start[h+1]]``."""
        sets = self.index[self.kind == DECISION]
        return np.concatenate([[0], np.cumsum(np.bincount(sets, minlength=self.n_infosets))]).astype(np.int64)

    @cached_property
    def member(self) -> Ints:
        """(decision nodes,) grouped by information set, in node order within each."""
        nodes = np.flatnonzero(self.kind == DECISION)
        return nodes[np.argsort(self.index[nodes], kind="stable")].astype(np.int64)

    @cached_property
    def action_infoset(self) -> Ints:
        """(actions,) the information set of each action."""
        return np.repeat(np.arange(self.n_infosets), np.diff(self.action_start)).astype(np.int64)

    @cached_property
    def action_player(self) -> Ints:
        """(actions,) the player of each action."""
        return self.infoset_player[self.action_infoset]

    @cached_property
    def terminal_node(self) -> Ints:
        """(terminals,) the node of each terminal number."""
        nodes = np.flatnonzero(self.kind == TERMINAL)
        return nodes[np.argsort(self.index[nodes], kind="stable")].astype(np.int64)

    def members(self, infoset: int) -> Ints:
        """Nodes of one information set."""
        return self.member[self.member_start[infoset] : self.member_start[infoset + 1]]

    def actions(self, infoset: int) -> range:
        """Numbers of the actions of one information set."""
        return range(int(self.action_start[infoset]), int(self.action_start[infoset + 1]))

    def alternatives(self, kind: int, action: int) -> range:
        """Numbers of the actions, or chance actions, that stand beside one and itself."""
        start = self.chance_start if kind == CHANCE else self.action_start
        number = int(np.searchsorted(start, action, side="right"))
        return range(int(start[number - 1]), int(start[number]))

    def children(self, node: int) -> Ints:
        """Children of a node in the order of its options."""
        return self.child[self.child_start[node] : self.child_start[node + 1]]

    def path(self, node: int) -> list[int]:
        """Nodes from the root to this node, both included."""
        found = [node]
        while self.parent[found[-1]] >= 0:
            found.append(int(self.parent[found[-1]]))
        return found[::-1]

    @classmethod
    def from_nodes(cls, players: Sequence[str], nodes: Sequence[Node], order: Sequence[Hashable] = ()) -> Tree:
        """Build and check a tree from its histories.

        Parameters
        ----------
        players : names of the players.
        nodes : histories, parents before children.
        order : ``(player, group)`` keys that fix the numbering of information sets; the others follow by first appearance.

        Raises
        ------
        SolverError
            If a branch is missing or doubled, members of an information set differ in options, or recall is imperfect.
        """
        infosets, chances = _Sets("information set"), _Sets("chance move")
        declared: dict[Hashable, Node] = {
            (node.player, node.group): node
            for node in reversed(nodes)
            if node.kind == DECISION and node.group is not None
        }
        for key in order:
            infosets.add(key, declared[key])
        index = np.zeros(len(nodes), dtype=np.int64)
        terminals: list[str] = []
        for number, node in enumerate(nodes):
            alone = ("node", number)
            if node.kind == DECISION:
                if not 0 <= node.player < len(players):
                    raise SolverError(f"node {number} ({node.name}): player {node.player} is not among the players")
                index[number] = infosets.add(alone if node.group is None else (node.player, node.group), node)
            elif node.kind == CHANCE:
                index[number] = chances.add(alone if node.group is None else (-1, node.group), node)
            else:
                index[number] = len(terminals)
                terminals.append(node.name)
        child_start, child = _children(nodes)
        parent = np.array([node.parent for node in nodes], dtype=np.int64)
        kind = np.array([node.kind for node in nodes], dtype=np.int64)
        via = np.full(len(nodes), -1, dtype=np.int64)
        starts = {DECISION: infosets.start(), CHANCE: chances.start()}
        for number, node in enumerate(nodes):
            if node.parent >= 0:
                via[number] = starts[int(kind[node.parent])][index[node.parent]] + node.branch
        return cls(
            players=tuple(players),
            parent=parent,
            via=via,
            kind=kind,
            index=index,
            child_start=child_start,
            child=child,
            infoset_player=np.array([node.player for node in infosets.first], dtype=np.int64),
            action_start=starts[DECISION],
            chance_start=starts[CHANCE],
            infoset_names=tuple(node.name or _text(node.group, n) for n, node in enumerate(infosets.first)),
            action_names=tuple(option for node in infosets.first for option in node.options),
            chance_names=tuple(option for node in chances.first for option in node.options),
            terminal_names=tuple(terminals),
        )


class _Sets:
    """Numbers groups of nodes by first appearance and checks that members agree."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.number: dict[Hashable, int] = {}
        self.first: list[Node] = []

    def add(self, key: Hashable, node: Node) -> int:
        if key not in self.number:
            if not node.options:
                raise SolverError(f"{self.what} {node.name or node.group}: no options → give at least one")
            self.number[key] = len(self.first)
            self.first.append(node)
        known = self.first[self.number[key]]
        if known.options != node.options:
            raise SolverError(
                f"{self.what} {known.name or known.group}: options {list(known.options)} in one history, "
                f"{list(node.options)} in another → an actor that cannot tell histories apart has the same options in each"
            )
        return self.number[key]

    def start(self) -> Ints:
        return np.concatenate([[0], np.cumsum([len(node.options) for node in self.first])]).astype(np.int64)


def _text(group: Hashable, number: int) -> str:
    return f"set {number + 1}" if group is None else str(group)


def _children(nodes: Sequence[Node]) -> tuple[Ints, Ints]:
    """Children by option, checking that each option leads to exactly one node."""
    if not nodes or nodes[0].parent != -1:
        raise SolverError("a game tree starts with its root → give the first node the parent -1")
    counts = np.array([0 if node.kind == TERMINAL else len(node.options) for node in nodes], dtype=np.int64)
    child_start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    child = np.full(int(child_start[-1]), -1, dtype=np.int64)
    for number, node in enumerate(nodes[1:], start=1):
        where = f"node {number} ({node.name})"
        if not 0 <= node.parent < number or not 0 <= node.branch < counts[node.parent]:
            raise SolverError(f"{where}: no option {node.branch} at node {node.parent} before it")
        place = child_start[node.parent] + node.branch
        if child[place] >= 0:
            raise SolverError(f"{where}: option {node.branch} of node {node.parent} leads to two nodes")
        child[place] = number
    if np.any(child < 0):
        short = int(np.searchsorted(child_start, int(np.argmax(child < 0)), side="right") - 1)
        where = f"node {short} ({nodes[short].name})"
        raise SolverError(f"{where}: an option leads nowhere → add its continuation or outcome")
    return child_start, child


def _check_recall(tree: Tree) -> None:
    """Refuse imperfect recall: all members of an information set must share their player's last own action.

    By induction on depth this makes the whole sequences of own actions equal, and it also catches absent-mindedness.
    """
    last = np.full((tree.n_nodes, tree.n_players), -1, dtype=np.int64)
    parent, kind, index, via = (a.tolist() for a in (tree.parent, tree.kind, tree.index, tree.via))
    owner = tree.infoset_player.tolist()
    for node in range(1, tree.n_nodes):
        up = parent[node]
        last[node] = last[up]
        if kind[up] == DECISION:
            last[node, owner[index[up]]] = via[node]
    own = last[tree.member, tree.infoset_player[tree.index[tree.member]]]
    first = own[tree.member_start[tree.index[tree.member]]] if len(own) else own
    bad = np.flatnonzero(own != first)
    if not len(bad):
        return
    here = int(tree.index[tree.member[bad[0]]])
    one, other = int(tree.members(here)[0]), int(tree.member[bad[0]])
    name = f"information set {tree.infoset_names[here]!r} of {tree.players[owner[here]]}"
    nodes = set(tree.members(here).tolist())
    if any(nodes & set(tree.path(node)[:-1]) for node in nodes):
        wrong, remedy = "absent-mindedness, one play passes through it twice", "let the actor see its earlier move"
        raise SolverError(f"{name}: {wrong} → {remedy}")
    moves = " against ".join(_move(tree, last[node, owner[here]]) for node in (one, other))
    wrong = f"the player acted differently before ({moves}) but cannot tell these histories apart"
    remedy = "let it see its own earlier moves and what it knew then"
    raise SolverError(f"{name}: imperfect recall, {wrong} → {remedy}")


def _move(tree: Tree, action: int) -> str:
    if action < 0:
        return "no earlier move"
    return f"{tree.action_names[action]!r} at {tree.infoset_names[tree.action_infoset[action]]!r}"
