"""By when is the plan stopped, by whom, at which move: the moments of blocking, counted up month by month (day by day in a case in days).

The plan is stopped when it is lost in the sense of the moments of blocking: each share of the failure counts from the month of the move at
which the chance of the goal fell. What was lost at the start counts from month 0, what is lost after the last move from the horizon. The
curve ends at 1 − P(goal) given what is presupposed: the cumulative incidence of competing causes (Kalbfleisch & Prentice 2002, The Statistical
Analysis of Failure Time Data, 8.2), in which every round of a repeated move counts.
"""

from __future__ import annotations

import numpy as np

from vetopoint.answers import Stopped, StoppedPart
from vetopoint.answers.game import Cause
from vetopoint.arrays import Floats
from vetopoint.case.functions import DAYS
from vetopoint.game.deterrence import Deterrence
from vetopoint.game.moments import Charge, Moments, charges
from vetopoint.game.unroll import GameTree
from vetopoint.quantity import bands

__all__ = ["by_month", "stopped_answer"]


def by_month(month: float, horizon: int) -> int:
    """The first whole month by which something has happened, within the horizon.

    >>> by_month(3.0, 60), by_month(3.4, 60), by_month(-1.0, 60), by_month(99.0, 60)
    (3, 4, 0, 60)
    """
    return min(max(int(np.ceil(month - 1e-9)), 0), horizon)


def stopped_answer(game: GameTree, goal: str, found: Moments, deterrence: Deterrence | None = None) -> Stopped:
    """The curve of one goal, and its parts by actor, move and, where an owner did not ask, by who deterred it."""
    file = game.case.file
    horizon, steps = (file.horizon_months, 1) if file.horizon_days is None else (file.horizon_days, DAYS)
    weight = found.condition / found.condition.sum()
    lost = np.zeros((found.failure.size, horizon + 1))
    parts: dict[tuple[Cause, str | None, str | None, str | None], Floats] = {}
    for charge in charges(game, found, deterrence):
        if not charge.share.any():
            continue
        month = _month(charge, horizon, steps)
        lost[:, month] += charge.share
        layer = game.public.layers[charge.step.layer] if charge.step else None
        key = (charge.cause, layer.by if layer else None, layer.move if layer else None, charge.deterred_by)
        parts.setdefault(key, np.zeros(horizon + 1))[month] += float(weight @ charge.share)
    mean, lo, hi = _curve(lost, found.condition)
    ranked = sorted(parts.items(), key=lambda part: -part[1].sum())
    return Stopped(
        goal=goal,
        months=tuple(step / steps for step in range(horizon + 1)),
        mean=mean,
        lo=lo,
        hi=hi,
        parts=tuple(
            StoppedPart(cause=cause, actor=actor, move=move, deterred_by=by, mean=tuple(np.cumsum(own).tolist()))
            for (cause, actor, move, by), own in ranked
        ),
        draws=found.failure.size,
    )


def _month(charge: Charge, horizon: int, steps: int) -> int:
    if charge.step is not None:
        return by_month(charge.step.month * steps, horizon)
    return 0 if charge.cause == "start" else horizon


def _curve(lost: Floats, condition: Floats) -> tuple[tuple[float, ...], ...]:
    """Mean and band, month by month, of what (n, months) is lost in each; worked out only where the curve moves."""
    changes = np.flatnonzero(lost.any(axis=0))
    found = bands(np.cumsum(lost[:, changes], axis=1), condition) if changes.size else []
    rows = np.array([[0.0, 0.0, 0.0], *([b.mean, b.lo, b.hi] for b in found)])
    at = np.searchsorted(changes, np.arange(lost.shape[1]), side="right")
    return tuple(tuple(column.tolist()) for column in rows[at].T)
