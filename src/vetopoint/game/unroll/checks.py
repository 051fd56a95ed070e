"""Complaints that only the unrolled histories show: what is never reached, and histories without a name.

Goals and threats that need more than the history's moves, such as `truce_held_at(12)`, are passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vetopoint.case.expression import DATES, FUNCTIONS, REDUCERS, Expression
from vetopoint.errors import Problem
from vetopoint.game.unroll.histories import GameTree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetopoint.case import Case

__all__ = ["dates_out_of_order", "idle_threats", "unreached_goals", "unreached_moves", "unreached_outcomes"]


def unreached_moves(case: Case, game: GameTree) -> Iterator[Problem]:
    """Moves (errors) and rounds (warnings) to which no history comes."""
    for number, layer in enumerate(game.public.layers):
        if game.public.at_layer(number).size:
            continue
        if layer.round <= 1:
            message = f"the move '{layer.move}' is never reached: no history meets its condition"
            yield case.problem(message, "change its `when`, or delete the move", "moves", layer.move, "when")
        elif game.public.at_layer(game.layer_of(layer.move, layer.round - 1)).size:
            message = f"round {layer.round} of '{layer.move}' is never reached"
            yield case.problem(message, "ask for fewer rounds", case.turn_of[layer.move].place, severity="warning")


def unreached_outcomes(case: Case, game: GameTree) -> Iterator[Problem]:
    """Outcomes in which no history ends, and histories without one (errors); an idle `otherwise` (warning)."""
    for name, text in case.file.outcomes.items():
        if not (game.outcome_names == name).any():
            message = f"no history ends in the outcome '{name}'"
            if text != "otherwise" and game.holds("outcomes", name).any():
                message += ": the outcomes before it take all its histories"
            elif text == "otherwise":
                message += ": the outcomes before it name every history"
            severity = "warning" if text == "otherwise" else "error"
            yield case.problem(message, "change its condition, or delete it", "outcomes", name, severity=severity)
    nameless = np.flatnonzero(game.outcome_names == "")
    if nameless.size:
        example = " · ".join(game.public.history(int(game.public.ends[nameless[0]])))
        message = f"{nameless.size} of {game.public.histories} histories have no outcome, such as {example}"
        yield case.problem(message, "add an outcome for them, or close the list with `otherwise`", "outcomes")


def unreached_goals(case: Case, game: GameTree) -> Iterator[Problem]:
    """Goals that no history reaches (errors)."""
    for name in case.file.goals:
        if _over_moves(case.expression("goals", name)) and not game.holds("goals", name).any():
            message = f"no history reaches the goal '{name}'"
            remedy = "name outcomes or options that can happen together"
            yield case.problem(message, remedy, "goals", name)


def idle_threats(case: Case, game: GameTree) -> Iterator[Problem]:
    """Threats that cannot be made or defied (errors), or that are never carried out (warnings)."""
    for name in case.file.threats:
        place = ("threats", name)
        parts = ("made", "defied", "carried_out")
        if not all(_over_moves(game.case.expression(*place, part)) for part in parts):
            continue
        made, defied, carried_out = (game.holds(*place, part) for part in parts)
        if not made.any():
            yield case.problem(f"the threat '{name}' can never be made", "change `made`", *place, "made")
        elif not (made & defied).any():
            message = f"no history defies the threat '{name}' after it is made"
            yield case.problem(message, "change `defied`", *place, "defied")
        elif not (made & defied & carried_out).any():
            message = f"the threat '{name}' is never carried out when defied"
            yield case.problem(message, "change `carried_out`", *place, "carried_out", severity="warning")


def dates_out_of_order(case: Case, game: GameTree) -> Iterator[Problem]:
    """Moves dated before those that precede them (warnings)."""
    public = game.public
    inner = np.flatnonzero(public.parent >= 0)
    back = inner[public.date[inner] < public.date[public.parent[inner]] - 1e-9]
    for layer in sorted({int(public.layer[v]) for v in back if public.layer[v] >= 0}):
        move = public.layers[layer].move
        node = next(int(v) for v in back if public.layer[v] == layer)
        up = public.parent[node]
        earlier = f"'{public.layers[public.layer[up]].name}' at {case.calendar.said(public.date[up])}"
        message = f"'{move}' comes at {case.calendar.said(public.date[node])}, before {earlier}"
        remedy = "moves stand in the order in which they come: change `at` or the order"
        yield case.problem(message, remedy, "moves", move, severity="warning")


def _over_moves(expression: Expression | None) -> bool:
    """Whether a condition is written, and over what moves decide."""
    if expression is None or "present" in expression.names:
        return False
    return expression.calls <= {*FUNCTIONS, *REDUCERS, *DATES}
