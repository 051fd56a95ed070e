"""What a rule is judged on: every combination of what moves may come to, whether or not some history gets there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import product

import numpy as np

from vetopoint.arrays import Array, Bools, Floats
from vetopoint.case.case import Case
from vetopoint.case.expression import SKIPPED, Expression, Scope
from vetopoint.case.functions import DATES
from vetopoint.case.place import Place

__all__ = ["assignments", "facts_under", "moves_behind"]

MOST = 1 << 15


def moves_behind(case: Case, facts: Collection[str]) -> tuple[str, ...]:
    """The moves that some public facts name, in the order of the file."""
    named = frozenset[str]().union(*(c.names for c in _conditions(case, facts)))
    return tuple(move for move in case.file.moves if move in named)


def _conditions(case: Case, facts: Collection[str]) -> list[Expression]:
    return [case.conditions[Place.of("coalition", "facts", fact)] for fact in facts]


def assignments(case: Case, facts: Collection[str], most: int = MOST) -> dict[str, Array] | None:
    """Each move that public facts name to what it comes to in every combination; None if there are over `most`.

    A move may also not come at all, and so may each round. When moves come is no combination of options: None too if a fact asks it.

    Returns
    -------
    dict of array
        Of a move (k,) options, of a repeated one (k, rounds).
    """
    if any([c.calls & DATES.keys() for c in _conditions(case, facts)]):
        return None
    rounds = {move: len(case.turn_of[move].rounds) for move in moves_behind(case, facts)}
    if not rounds:
        return {}
    values = [[*case.file.moves[move].options, SKIPPED] for move, many in rounds.items() for _ in range(many)]
    if np.prod([float(len(v)) for v in values]) > most:
        return None
    table = np.array(list(product(*values)), dtype=object).reshape(-1, len(values)).astype(str)
    found, at = dict[str, Array](), 0
    for move, many in rounds.items():
        found[move] = table[:, at : at + many] if move in case.repeated else table[:, at]
        at += many
    return found


def facts_under(
    case: Case, choices: Mapping[str, Array], facts: Collection[str], months: Mapping[str, Floats] | None = None
) -> dict[str, Bools]:
    """Fact to (k,) whether it holds where moves come to the given choices, see `assignments`, in the given months."""
    size = max([1, *(len(c) for c in choices.values())])
    scope = Scope(choices=choices, rounds=case.repeated, options=case.options, dates=months or {})
    return {fact: case.holds(scope, size, "coalition", "facts", fact) for fact in facts}
