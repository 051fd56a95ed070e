"""The public tree cut down to what can be read: rounds of a repeated move drawn as one, rare branches gathered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from vetopoint.answers import TreeNodeAnswer, VetoPoint
from vetopoint.view.charts.spec import Branch
from vetopoint.view.names import Names
from vetopoint.view.numbers import listed, percent

__all__ = ["ReadableTree", "readable_tree"]

_LEVELS = (0.0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12)


@dataclass(frozen=True)
class ReadableTree:
    """The branches to draw, the least probability drawn, how many histories there are, and the probability not drawn."""

    branches: tuple[Branch, ...]
    least: float
    histories: int
    gathered: float
    kinds: tuple[str, ...]


@dataclass
class _Node:
    key: tuple[tuple[str, str], ...]
    by: str = ""
    rounds: set[int] = field(default_factory=set)
    value: float = 0.0
    goal: float = 0.0
    ends: dict[str, float] = field(default_factory=dict)
    children: dict[tuple[str, str], _Node] = field(default_factory=dict)


def readable_tree(
    nodes: Sequence[TreeNodeAnswer],
    vetoes: Sequence[VetoPoint],
    goal: str,
    names: Names,
    *,
    most: int = 22,
) -> ReadableTree:
    """Cut the tree of public histories down to at most ``most`` ends.

    Histories that differ only in the round at which a repeated move went one way are drawn as one branch. Branches
    below a least probability, the smallest of a few steps with which ``most`` suffices, are gathered under "rarer".
    """
    root = _merge(nodes, goal)
    marks = _marks(vetoes, goal)
    ends = sum(1 for n in nodes if n.outcome is not None)
    for least in _LEVELS:
        if _leaves(root, least) <= most:
            break
    drawn: list[Branch] = [Branch(id="0", parent=None, label="", share=1.0, value=1.0)]
    gathered = _draw(root, "0", least, marks, names, drawn)
    used = tuple(k for k in ("rule", "forcing", "effective") if any(b.series == k for b in drawn))
    return ReadableTree(tuple(drawn), least, ends, gathered, used)


def _merge(nodes: Sequence[TreeNodeAnswer], goal: str) -> _Node:
    byid = {n.id: n for n in nodes}
    root = _Node(key=())
    for leaf in (n for n in nodes if n.outcome is not None):
        at = root
        _weigh(at, leaf, goal)
        for node in _steps(leaf, byid):
            key = (node.move or "", node.option or "")
            at = at.children.setdefault(key, _Node(key=(*at.key, key), by=node.by or ""))
            _weigh(at, leaf, goal)
            if node.round is not None:
                at.rounds.add(node.round)
        at.ends[leaf.outcome or ""] = at.ends.get(leaf.outcome or "", 0.0) + leaf.probability
    return root


def _steps(leaf: TreeNodeAnswer, byid: dict[int, TreeNodeAnswer]) -> list[TreeNodeAnswer]:
    """Return the steps to a history's end; of the rounds of a repeated move only the last, which names how it went."""
    path: list[TreeNodeAnswer] = []
    step: TreeNodeAnswer | None = leaf
    while step is not None and step.parent is not None:
        if not path or path[-1].move != step.move:
            path.append(step)
        step = byid.get(step.parent)
    return path[::-1]


def _weigh(node: _Node, leaf: TreeNodeAnswer, goal: str) -> None:
    node.value += leaf.probability
    node.goal += leaf.probability * leaf.goal.get(goal, 0.0)


def _marks(vetoes: Sequence[VetoPoint], goal: str) -> dict[tuple[str, str], str]:
    order = {"effective": 0, "rule": 1, "forcing": 2}
    marks: dict[tuple[str, str], str] = {}
    for veto in sorted(vetoes, key=lambda v: order[v.kind]):
        if veto.goal == goal and not veto.owner and veto.scope != "policy":
            marks[(veto.move, veto.option)] = veto.kind
    return marks


def _leaves(node: _Node, least: float) -> int:
    kept = [c for c in node.children.values() if c.value > 0 and c.value >= least]
    rest = any(c.value > 0 and c.value < least for c in node.children.values())
    return sum(_leaves(c, least) for c in kept) + rest if kept else 1


def _draw(
    node: _Node, parent: str, least: float, marks: dict[tuple[str, str], str], names: Names, out: list[Branch]
) -> float:
    gathered = 0.0
    rare: list[_Node] = []
    for key, child in node.children.items():
        if child.value <= 0:
            continue
        if child.value < least:
            rare.append(child)
            continue
        ident = str(len(out))
        inner = any(c.value >= least and c.value > 0 for c in child.children.values())
        sure = child.goal / child.value > 0.999
        out.append(
            Branch(
                id=ident,
                parent=parent,
                label=_called(key, child, names),
                share=child.value / node.value,
                value=child.value,
                move=names.step(child.by, key[0]),
                end="" if inner else _ends(child, names),
                series=marks.get(key) or ("goal" if sure else ""),
                note=f"the goal is reached in {percent(child.goal / child.value)} of what follows",
            )
        )
        if inner:
            gathered += _draw(child, ident, least, marks, names, out)
    if rare and len(rare) < len([c for c in node.children.values() if c.value > 0]):
        value = sum(c.value for c in rare)
        label = _called(rare[0].key[-1], rare[0], names) if len(rare) == 1 else f"{len(rare)} rarer"
        ends: dict[str, float] = {}
        for child in rare:
            for name, p in _all_ends(child).items():
                ends[name] = ends.get(name, 0.0) + p
        end = _say_ends(ends, names)
        out.append(Branch(str(len(out)), parent, label, value / node.value, value, end=end, series=""))
        gathered += value
    return gathered


def _called(key: tuple[str, str], node: _Node, names: Names) -> str:
    label = names.option(*key)
    if not node.rounds or names.rounds.get(key[0], 1) < 2:
        return label
    if len(node.rounds) > 1:
        return f"{label}, some round"
    return f"{label}, every round" if max(node.rounds) >= names.rounds[key[0]] else label


def _all_ends(node: _Node) -> dict[str, float]:
    total = dict(node.ends)
    for child in node.children.values():
        for name, p in _all_ends(child).items():
            total[name] = total.get(name, 0.0) + p
    return total


def _ends(node: _Node, names: Names) -> str:
    return _say_ends(_all_ends(node), names)


def _say_ends(ends: dict[str, float], names: Names) -> str:
    ranked = sorted(ends, key=lambda n: -ends[n])
    return listed((names.outcome(n) for n in ranked), joint="or", most=2)
