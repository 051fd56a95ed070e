"""What a case's numbers come to draw by draw, and among them where its disputed issues settle before anybody moves.

The settlement that the rest of a case may ask for is the compromise: the mean of positions, weighted by capability and salience,
the same figure that the answers print first. It hangs on the draws alone, not on who consents or joins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from vetopoint.arrays import Array, Floats
from vetopoint.case import Case, Place, Scope
from vetopoint.coalition import settlement
from vetopoint.quantity import Draws

__all__ = ["agreed", "evaluate", "issue_functions", "placed", "settled"]


def evaluate(
    case: Case, draws: Draws, *keys: Place | str | int, asked: Mapping[str, Callable[..., Array]] | None = None
) -> Floats:
    """Uncertain number at the place of these keys of the case, (n,).

    Parameters
    ----------
    asked : the case's `issue_functions` over these draws, where several numbers ask for the same.
    """
    expression = case.spec(*keys)
    if asked is None:
        asked = issue_functions(case, draws) if expression.asked else {}
    value = expression.evaluate(Scope({name: draws[name] for name in expression.names}, functions=asked))
    return np.broadcast_to(np.asarray(value, dtype=float), (draws.n,))


def issue_functions(case: Case, draws: Draws) -> dict[str, Callable[..., Array]]:
    """What expressions may ask of a disputed issue, each a function of its name: (n,) arrays."""
    return {"settlement": partial(settled, case, draws), "agreed": partial(agreed, case, draws)}


def settled(case: Case, draws: Draws, issue: str) -> Floats:
    """(n,) where an issue settles on its scale of 0 to 100: the mean of positions, by capability and salience."""
    x, s, c = placed(case, draws, issue)
    return settlement.weighted_mean(x, s * c)


def agreed(case: Case, draws: Draws, issue: str) -> Floats:
    """(n,) 1 where the condition holds under which an issue counts as agreed, else 0; 0 where none is declared."""
    condition = case.expression("issues", issue, "agreed_if")
    if condition is None:
        return np.zeros(draws.n)
    x, s, c = placed(case, draws, issue)
    known: dict[str, Array] = {word: draws[word] for word in condition.names - {"spread", "mean"}}
    known |= {"spread": settlement.spread(x, s * c), "mean": settlement.weighted_mean(x, s * c)}
    with case.located():
        return np.broadcast_to(np.asarray(condition.evaluate(Scope(known)), dtype=bool), (draws.n,)).astype(float)


def placed(
    case: Case, draws: Draws, issue: str, actors: tuple[str, ...] | None = None
) -> tuple[Floats, Floats, Floats]:
    """Positions, salience and capability on an issue, (n, m) each; who has no position has no salience.

    Parameters
    ----------
    actors : whose, in this order; default: those who have a position. A capability is the member's; who is none counts 1.
    """
    declared = case.file.issues[issue]
    actors = tuple(declared.positions) if actors is None else actors
    position, salience, capability = [], [], []
    for actor in actors:
        held, cares, member = actor in declared.positions, actor in declared.salience, actor in case.file.members
        position.append(evaluate(case, draws, "issues", issue, "positions", actor) if held else np.full(draws.n, 50.0))
        stated = evaluate(case, draws, "issues", issue, "salience", actor) if cares else np.ones(draws.n)
        salience.append(np.clip(stated, 0.0, None) if held else np.zeros(draws.n))
        capability.append(evaluate(case, draws, "members", actor, "capability") if member else np.ones(draws.n))
    care = np.column_stack(salience)
    # Where nobody cares, all who have a position count alike.
    care[care.sum(axis=1) <= 0.0] = [float(actor in declared.positions) for actor in actors]
    return np.clip(np.column_stack(position), 0.0, 100.0), care, np.maximum(np.column_stack(capability), 1e-12)
