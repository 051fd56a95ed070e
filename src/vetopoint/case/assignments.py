"""What a rule is judged on: every combination of what moves may come to, whether or not some history gets there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import product

import numpy as np

from vetopoint.arrays import Array, Bools
from vetopoint.case.case import Case
from vetopoint.case.expression import SKIPPED, Scope

__all__ = ["assignments", "facts_under", "moves_behind"]

MOST = 1 << 15


def moves_behind(case: Case, facts: Collection[str]) -> tuple[str, ...]:
    """The moves that some public facts name, in the order of the file."""
    conditions = [case.expression("coalition", "facts", fact) for fact in facts]
    named = frozenset[str]().union(*(c.names for c in conditions if c is not None))
    return tuple(move for move in case.file.moves if move in named)


def assignments(case: Case, moves: Collection[str], most: int = MOST) -> dict[str, Array] | None:
    """Each move to what it comes to in every combination, (k,) options, or (k, rounds) of a repeated one; None if over `most`.

    A move may also not come at all, and so may each round.
    """
    if not moves:
        return {}
    rounds = {move: int(min(case.file.moves[move].times, most)) for move in moves}
    values = [[*case.file.moves[move].options, SKIPPED] for move, many in rounds.items() for _ in range(many)]
    if np.prod([float(len(v)) for v in values]) > most:
        return None
    table = np.array(list(product(*values)), dtype=object).reshape(-1, len(values)).astype(str)
    found, at = dict[str, Array](), 0
    for move, many in rounds.items():
        found[move] = table[:, at : at + many] if move in case.repeated else table[:, at]
        at += many
    return found


def facts_under(case: Case, choices: Mapping[str, Array], facts: Collection[str]) -> dict[str, Bools]:
    """Fact to (k,) whether it holds where moves come to the given choices, see `assignments`."""
    size = max([1, *(len(c) for c in choices.values())])
    scope = Scope(choices=choices, rounds=case.repeated, options=case.options)
    return {fact: case.holds(scope, size, "coalition", "facts", fact) for fact in facts}
