"""What must be guessed before backward induction can run, and in which order the rest follows.

A belief in an information set depends on the choices in which its histories differ. Only information sets whose choice differs
between members of a later information set with several nodes are therefore unknowns of the equilibrium; given their
probabilities all beliefs follow by Bayes' rule and everything else by one backward pass. With perfect information nothing is
unknown and the pass is exact. If information sets of different players contain each other's successors, a few more become
unknown until an order of computation exists.

Every unknown is a *contrast*: the log-probability of some choices minus that of others. There are two ways to choose them: the
log-odds of the choices that matter, or the likelihood ratios of the histories that somebody must tell apart. Two types that may
say one of three things have four log-odds, and their hearers need three ratios. Where the ratios are fewer, the branch is traced
in them first; at huge precisions they leave fewer digits, and a draw that fails is traced again in log-odds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from vetopoint.errors import SolverError
from vetopoint.game.tree import CHANCE, DECISION, TERMINAL, Tree

__all__ = ["BEST", "FIXED", "FREE", "HELD", "Contrast", "Plan", "Plans", "Shape"]
__all__ += ["plans_of", "ratio_of", "relevant_choices", "schedule"]

# A choice is made by logit, is given, or is the best; what may be held is made by logit, but as an unknown, whether or not beliefs
# hang on it, so that one program serves whatever it is held at.
FREE, FIXED, BEST, HELD = range(4)

LARGEST = 3_000_000  # nodes times unknowns; such a program takes about two gigabytes and half a minute

Steps = list[tuple[int, int]]  # (kind of node, action) along a path
Differing = list[list[Steps]]  # for each information set and each of its members
Contrast = tuple[tuple[int, ...], tuple[int, ...]]  # log-probabilities of these actions minus those of those


@dataclass(frozen=True)
class Shape:
    """What, beside the tree, decides the program: role of each information set, layers of chance, base weights, tie payoffs, and
    the first terminal that pays the same as each, ``(terminals, columns of payoffs)`` int32 in bytes, if that was looked for."""

    roles: tuple[int, ...]
    layers: int
    weighted: bool
    ties: bool = False
    alike: bytes = b""


@dataclass(frozen=True, eq=False)
class Plan:
    """What is unknown and in which order the rest follows.

    Parameters
    ----------
    unknown : information sets whose log-odds are unknowns, in order.
    contrasts : all unknowns: first the likelihood ratios, then the log-odds of the sets above.
    ratios : how many of them are likelihood ratios.
    """

    tree: Tree
    shape: Shape
    unknown: tuple[int, ...]
    contrasts: tuple[Contrast, ...]
    ratios: int
    differing: Differing
    order: list[tuple[str, int]]


class Plans(NamedTuple):
    """How one game can be computed.

    Parameters
    ----------
    odds : the plan whose unknowns are the log-odds that the outcome needs.
    tried : plans to find them, in the order in which they are to be tried; empty if none are needed.
    circular : whether a best-responding player's choice enters beliefs or lacks an order of computation: nothing is to be tried then.
    """

    odds: Plan
    tried: tuple[Plan, ...] = ()
    circular: bool = False


@lru_cache(maxsize=64)
def plans_of(tree: Tree, shape: Shape) -> Plans:
    """The ways to compute a game; kept for the next call with the same tree."""
    differing = [steps if role != FIXED else [] for steps, role in zip(_differing(tree), shape.roles, strict=True)]
    looked_at = (sets for sets, role in zip(_looked_at(tree), shape.roles, strict=True) if role != FIXED)
    needed = frozenset[int]().union(*looked_at)
    held = {h for h in range(tree.n_infosets) if shape.roles[h] == HELD}
    odds, stuck = _plan(tree, shape, differing, held | {h for h in needed if shape.roles[h] == FREE}, ())
    if stuck or any(shape.roles[h] == BEST for h in needed):
        return Plans(odds, circular=True)
    if not odds.contrasts:
        return Plans(odds)
    needed_ratios = [] if held else _ratios(tree, shape, differing)
    if not held and len(needed_ratios) < len(odds.contrasts):
        ratios, no_order = _plan(tree, shape, differing, set(), needed_ratios)
        if len(ratios.contrasts) < len(odds.contrasts) and not no_order:
            return Plans(odds, _fitting(tree, (ratios, odds)))
    return Plans(odds, _fitting(tree, (odds,)))


def _plan(
    tree: Tree, shape: Shape, differing: Differing, unknown: set[int], ratios: Sequence[Contrast]
) -> tuple[Plan, bool]:
    """In which order to compute, given the ratios or the log-odds of some sets, and whether an order exists."""
    order, extra, stuck = schedule(tree, shape.roles, unknown)
    # Deepest first: equations of separate branches share no unknowns, so elimination then fills in little.
    listed = tuple(sorted(unknown | extra, key=lambda h: (-_depth(tree, h), h)))
    log_odds = [((a,), (tree.actions(h)[0],)) for h in listed for a in tree.actions(h)[1:]]
    return Plan(tree, shape, listed, (*ratios, *log_odds), len(ratios), differing, order), stuck


def _depth(tree: Tree, infoset: int) -> int:
    return len(tree.path(int(tree.members(infoset)[0])))


def _ratios(tree: Tree, shape: Shape, differing: Differing) -> list[Contrast]:
    """The likelihood ratios that beliefs hang on, each once, deepest first."""
    found = {
        ratio_of(tree, shape, steps, lists[0]): _depth(tree, h)
        for h, lists in enumerate(differing)
        for steps in lists[1:]
    }
    return sorted((ratio for ratio in found if any(ratio)), key=lambda ratio: (-found[ratio], ratio))


def ratio_of(tree: Tree, shape: Shape, steps: Steps, first: Steps) -> Contrast:
    """The free choices on the way to one history, against those on the way to another."""
    here, there = (
        {a for kind, a in path if kind == DECISION and shape.roles[tree.action_infoset[a]] == FREE}
        for path in (steps, first)
    )
    return tuple(sorted(here - there)), tuple(sorted(there - here))


def _fitting(tree: Tree, plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """The plans that do not fill the memory, where the derivative of every node by every unknown is kept."""
    small = tuple(plan for plan in plans if tree.n_nodes * len(plan.contrasts) <= LARGEST)
    if small:
        return small
    odds = plans[-1]
    widest = max(odds.unknown, key=lambda h: (len(tree.actions(h)), -h))
    raise SolverError(
        f"too large a game: {len(odds.contrasts)} unknown log-odds at {len(odds.unknown)} information sets (such as "
        f"{tree.infoset_names[widest]!r} of {tree.players[tree.infoset_player[widest]]}) times {tree.n_nodes:,} nodes make "
        f"{tree.n_nodes * len(odds.contrasts):,}, more than {LARGEST:,} → fewer types or options there, fewer rounds, or let "
        "later movers see these choices"
    )


@lru_cache(maxsize=64)
def _differing(tree: Tree) -> Differing:
    return [relevant_choices(tree, h) for h in range(tree.n_infosets)]


@lru_cache(maxsize=64)
def _looked_at(tree: Tree) -> list[frozenset[int]]:
    """For each information set those at whose choices its histories differ."""
    steps = ((step for found in lists for step in found) for lists in _differing(tree))
    return [frozenset(int(tree.action_infoset[a]) for kind, a in each if kind == DECISION) for each in steps]


def relevant_choices(tree: Tree, infoset: int) -> list[Steps]:
    """For each member of an information set the ``(kind, action)`` steps on its path that not all members share."""
    members = tree.members(infoset)
    if len(members) == 1:
        return [[]]
    paths = [[(int(tree.kind[tree.parent[v]]), int(tree.via[v])) for v in tree.path(int(m))[1:]] for m in members]
    shared = set(paths[0]).intersection(*paths[1:])
    return [[step for step in path if step not in shared] for path in paths]


def schedule(tree: Tree, roles: Sequence[int], unknown: set[int]) -> tuple[list[tuple[str, int]], set[int], bool]:
    """Order of events: ``("value", node)`` once its children and its choice are known, ``("choice", infoset)``.

    Returns the order, the information sets that had to become unknown to break circles, and whether a circle of best
    responses could not be broken so.
    """
    missing = np.diff(tree.child_start)
    waiting = np.array([int(missing[tree.members(h)].sum()) for h in range(tree.n_infosets)], dtype=np.int64)
    chosen = np.array([roles[h] == FIXED or h in unknown for h in range(tree.n_infosets)], dtype=bool)
    parent, kind, index = tree.parent.tolist(), tree.kind.tolist(), tree.index.tolist()
    order: list[tuple[str, int]] = []
    stack = [int(v) for v in np.flatnonzero(tree.kind == TERMINAL)]
    extra: set[int] = set()
    stuck = False
    left = tree.n_nodes
    while left:
        while stack:
            node = stack.pop()
            order.append(("value", node))
            left -= 1
            up = parent[node]
            if up < 0:
                continue
            missing[up] -= 1
            if kind[up] == CHANCE:
                if not missing[up]:
                    stack.append(up)
                continue
            here = index[up]
            if chosen[here] and not missing[up]:
                stack.append(up)
            waiting[here] -= 1
            if not waiting[here]:
                order.append(("choice", here))
                if not chosen[here]:
                    chosen[here] = True
                    stack.extend(int(v) for v in tree.members(here))
        if left:
            blocked = [h for h in range(tree.n_infosets) if not chosen[h] and not missing[tree.members(h)].all()]
            free = [h for h in blocked if roles[h] == FREE]
            stuck = stuck or not free
            here = min(free or blocked, key=lambda h: (len(tree.actions(h)), h))
            extra.add(here)
            chosen[here] = True
            stack.extend(int(v) for v in tree.members(here) if not missing[v])
    return order, extra, stuck
