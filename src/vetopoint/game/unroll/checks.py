"""Complaints that only the unrolled histories show: what is never reached, and histories without a name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.case.expression import FUNCTIONS, REDUCERS, Expression
from vetopoint.errors import Problem
from vetopoint.game.unroll.expand import evaluate_located
from vetopoint.game.unroll.histories import GameTree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetopoint.case import Case

__all__ = [
    "check_histories",
    "dates_out_of_order",
    "idle_threats",
    "unreached_goals",
    "unreached_moves",
    "unreached_outcomes",
]


def check_histories(case: Case, game: GameTree, goals: Mapping[str, NDArray[Any]] | None = None) -> list[Problem]:
    """Complaints about the histories of a case.

    Parameters
    ----------
    case, game : the case and its unrolled game.
    goals : weights of goals that need more than the history's moves, (terminals,) or (n, terminals); such goals
        (`truce_held_at(12)`) are passed over where no weights are given.

    Returns
    -------
    list of Problem
        Unreachable moves and rounds, outcomes that match no history, histories without an outcome, goals that no history
        reaches, threats that can never be made or defied, and moves dated before the ones that precede them.
    """
    return [
        *unreached_moves(case, game),
        *unreached_outcomes(case, game),
        *unreached_goals(case, game, goals or {}),
        *idle_threats(case, game),
        *dates_out_of_order(case, game),
    ]


def unreached_moves(case: Case, game: GameTree) -> Iterator[Problem]:
    """Moves (errors) and rounds (warnings) to which no history comes."""
    for number, layer in enumerate(game.public.layers):
        if game.public.at_layer(number).size:
            continue
        if layer.round > 1:
            if game.public.at_layer(number - 1).size:
                yield case.problem(
                    f"round {layer.round} of '{layer.move}' is never reached",
                    "ask for fewer rounds",
                    "moves",
                    layer.move,
                    "repeat",
                    severity="warning",
                )
            continue
        message = f"the move '{layer.move}' is never reached: no history meets its condition"
        yield case.problem(message, "change its `when`, or delete the move", "moves", layer.move, "when")


def unreached_outcomes(case: Case, game: GameTree) -> Iterator[Problem]:
    """Outcomes in which no history ends, and histories without one (errors); an idle `otherwise` (warning)."""
    for name, text in case.file.outcomes.items():
        if not (game.outcome_names == name).any():
            message = f"no history ends in the outcome '{name}'"
            if text != "otherwise" and _holds(case, f"outcomes.{name}", game).any():
                message += ": the outcomes before it take all its histories"
            elif text == "otherwise":
                message += ": the outcomes before it name every history"
            severity = "warning" if text == "otherwise" else "error"
            yield case.problem(message, "change its condition, or delete it", "outcomes", name, severity=severity)
    nameless = np.flatnonzero(game.outcome_names == "")
    if nameless.size:
        example = " · ".join(game.public.history(int(game.public.ends[nameless[0]])))
        yield case.problem(
            f"{nameless.size} of {game.public.histories} histories have no outcome, such as {example}",
            "add an outcome for them, or close the list with `otherwise`",
            "outcomes",
        )


def unreached_goals(
    case: Case, game: GameTree, goals: Mapping[str, NDArray[Any]] = MappingProxyType({})
) -> Iterator[Problem]:
    """Goals that no history reaches (errors)."""
    for name in case.file.goals:
        expression = case.expression(f"goals.{name}")
        if name in goals:
            reached = bool((np.asarray(goals[name]) > 0).any())
        elif expression is not None and _over_moves(expression):
            reached = bool(_holds(case, f"goals.{name}", game).any())
        else:
            continue
        if not reached:
            message = f"no history reaches the goal '{name}'"
            yield case.problem(message, "name outcomes or options that can happen together", "goals", name)


def idle_threats(case: Case, game: GameTree) -> Iterator[Problem]:
    """Threats that cannot be made or defied (errors), or that are never carried out (warnings)."""
    for name in case.file.threats:
        place = ("threats", name)
        facts = {part: case.expression(f"threats.{name}.{part}") for part in ("made", "defied", "carried_out")}
        if not all(e is not None and _over_moves(e) for e in facts.values()):
            continue
        holds = {part: _holds(case, f"threats.{name}.{part}", game) for part in facts}
        if not holds["made"].any():
            yield case.problem(f"the threat '{name}' can never be made", "change `made`", *place, "made")
        elif not (holds["made"] & holds["defied"]).any():
            yield case.problem(
                f"no history defies the threat '{name}' after it is made", "change `defied`", *place, "defied"
            )
        elif not (holds["made"] & holds["defied"] & holds["carried_out"]).any():
            yield case.problem(
                f"the threat '{name}' is never carried out when defied",
                "change `carried_out`",
                *place,
                "carried_out",
                severity="warning",
            )


def dates_out_of_order(case: Case, game: GameTree) -> Iterator[Problem]:
    """Moves dated before those that precede them (warnings)."""
    public = game.public
    inner = np.flatnonzero(public.parent >= 0)
    back = inner[public.date[inner] < public.date[public.parent[inner]] - 1e-9]
    for layer in sorted({int(public.layer[v]) for v in back if public.layer[v] >= 0}):
        move = public.layers[layer].move
        node = next(int(v) for v in back if public.layer[v] == layer)
        before = public.layers[public.layer[public.parent[node]]].name
        yield case.problem(
            f"'{move}' comes at month {public.date[node]:g}, before '{before}' at month {public.date[public.parent[node]]:g}",
            "moves stand in the order in which they come: change `at` or the order",
            "moves",
            move,
            severity="warning",
        )


def _over_moves(expression: Expression) -> bool:
    return expression.calls <= {*FUNCTIONS, *REDUCERS} and "present" not in expression.names


def _holds(case: Case, place: str, game: GameTree) -> NDArray[np.bool_]:
    expression = case.expression(place)
    assert expression is not None
    holds = evaluate_located(case, expression, game.public_scope(), tuple(place.split(".")))
    return np.broadcast_to(holds, (game.public.histories,)).astype(bool)
