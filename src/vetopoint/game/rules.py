"""Whom a consent clause gives a veto: those whose own moves it names, and nobody else.

A rule is judged by itself, over every combination of what the moves that it names may come to and of what members decide, not over
the histories of the game: who only decides whether it comes to a move that the clause names has no veto by rule, though it may
have a forcing one. An option is a rule veto if no combination with it lets the clause hold, while one with another option of
the same move does; of an actor whose moves the clause names as alternatives, it takes a no at each.

References
----------
Taylor, A. D. & Zwicker, W. S. (1999), *Simple Games*: i is a veto player iff no coalition without i wins.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vetopoint.arrays import Array, Bools, Floats
from vetopoint.case import Case
from vetopoint.case.assignments import assignments, facts_under, moves_behind
from vetopoint.case.expression import SKIPPED, Expression, Scope

__all__ = ["RuleVeto", "can_hold", "rule_vetoes"]

CHANCE = "chance"
GATHERED = frozenset(["joined", "joined_share"])


@dataclass(frozen=True)
class RuleVeto:
    """What forbids the plan by rule: options of one actor's moves, one or several together, as (move, round, option)."""

    actor: str
    steps: tuple[tuple[str, int, str], ...]


def rule_vetoes(
    case: Case, occurring: Mapping[str, Array] | None = None, months: Mapping[str, Floats] | None = None
) -> list[RuleVeto]:
    """Every rule veto that the coalition's clause gives, in the order of the moves.

    Parameters
    ----------
    occurring : move to its choices in each history, on which the clause is judged where there are too many combinations, or where it
        asks when moves came.
    months : move to the months in which it came in each history.
    """
    clause = case.expression("coalition", "requires")
    if clause is None:
        return []
    named = [fact for fact in case.file.coalition.facts if fact in clause.names]
    choices = assignments(case, named)
    if choices is None:
        choices = {move: (occurring or {})[move] for move in moves_behind(case, named)}
    held = facts_under(case, choices, named, months)
    holds = can_hold(clause, held, max([1, *(len(c) for c in choices.values())]), tuple(case.file.members))
    columns = {m: c.reshape(len(c), -1) for m, c in choices.items() if case.file.moves[m].by != CHANCE}
    found = [
        RuleVeto(case.file.moves[m].by, ((m, k, option),))
        for m, rounds in columns.items()
        for k in range(rounds.shape[1])
        for option in _refusals(holds, rounds[:, k], tuple(case.file.moves[m].options))
    ]
    return found + list(_together(case, holds, columns, {v.actor for v in found}))


def _refusals(holds: Bools, taken: Array, options: Sequence[str]) -> list[str]:
    """The options of one round with which the clause cannot hold, where it can with another of them."""
    open_ = [bool(holds[taken == option].any()) for option in options]
    return [o for o, can in zip(options, open_, strict=True) if not can] if any(open_) else []


def _together(case: Case, holds: Bools, columns: Mapping[str, Array], alone: set[str]) -> Iterator[RuleVeto]:
    """The vetoes of actors who must say no at several moves that the clause names, each the first such combination."""
    for actor in dict.fromkeys(case.file.moves[m].by for m in columns):
        own = [(m, k) for m in columns if case.file.moves[m].by == actor for k in range(columns[m].shape[1])]
        if actor in alone or len(own) < 2:
            continue
        taken = np.stack([columns[m][:, k] for m, k in own], axis=1)
        combinations, which = np.unique(taken, axis=0, return_inverse=True)
        open_ = np.zeros(len(combinations), dtype=bool)
        np.logical_or.at(open_, np.ravel(which), holds)
        shut = combinations[~open_ & (combinations != SKIPPED).all(axis=1)]
        if len(shut) and open_.any():
            yield RuleVeto(actor, tuple((m, k, str(o)) for (m, k), o in zip(own, shut[0], strict=True)))


def can_hold(clause: Expression, facts: Mapping[str, Bools], size: int, members: Sequence[str] = ()) -> Bools:
    """(size,) whether some decision of the members lets a clause hold, facts being as given (beyond ten names: all or none).

    Members, bodies and whether an issue is agreed are not decided by the moves.

    Parameters
    ----------
    members : everybody who counts where a clause counts who has joined.
    """
    found = np.zeros(size, dtype=bool)
    counted = members if clause.calls & GATHERED else ()
    free = sorted({*clause.names, *counted} - set(facts) - {"true", "false", "none"})
    names = [*free, *(f"agreed {issue}" for issue in sorted(clause.issues))]
    masks = range(1 << len(names)) if len(names) <= 10 else (0, (1 << len(names)) - 1)
    for mask in masks:
        truth = {name: np.array(bool(mask >> i & 1)) for i, name in enumerate(names)}
        scope = _decided({**facts, **truth, "none": np.array(True)}, counted)
        found |= np.broadcast_to(clause.evaluate(scope), (size,)).astype(bool)
    return found


def _decided(values: Mapping[str, Bools], members: Sequence[str]) -> Scope:
    """What a clause's names and functions mean where facts, members, bodies and agreements are decided."""
    number = np.sum([values[m] for m in members], axis=0)

    def k_of(k: float, *items: str | Bools) -> Bools:
        held = [np.asarray(values[i] if isinstance(i, str) else i, dtype=bool) for i in items]
        return np.asarray(sum(h.astype(int) for h in held) >= k)

    functions: dict[str, Callable[..., Array]] = {
        "joined": lambda k: np.asarray(number >= k),
        "joined_share": lambda x: np.asarray(number >= x * len(members)),
        "k_of": k_of,
        "agreed": lambda issue: values[f"agreed {issue}"],
    }
    return Scope(values, functions=functions)
