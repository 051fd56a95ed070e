"""What the engines need to know of histories: the situations the coalition faces, and the presence paths the truce follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vetopoint.case import Point, parse_path
from vetopoint.truce import PresencePath, Segment

if TYPE_CHECKING:
    from vetopoint.case import Case, Stretch
    from vetopoint.game.unroll import GameTree

__all__ = ["Paths", "Situations", "form_standing", "paths_of", "presence_share", "situations_of"]


@dataclass(frozen=True, eq=False)
class Situations:
    """The combinations of public facts that occur.

    Attributes
    ----------
    facts : name of a fact to (situations,) whether it holds.
    of_history : (public histories,) number of the situation in which each history ends.
    of_chance : number of the situation at each chance set.
    """

    facts: Mapping[str, NDArray[np.bool_]]
    of_history: NDArray[np.int64]
    of_chance: tuple[int, ...]

    @property
    def count(self) -> int:
        """Number of situations."""
        return int(next(iter(self.facts.values())).size) if self.facts else 1


def situations_of(game: GameTree) -> Situations:
    """Find the combinations of the coalition's public facts over complete histories and chance nodes."""
    case = game.case
    names = list(case.file.coalition.facts)
    histories = game.public.histories
    scope = game.public_scope()
    held = np.zeros((histories + len(game.chance_sets), len(names)), dtype=bool)
    for j, name in enumerate(names):
        expression = case.expression(f"coalition.facts.{name}")
        assert expression is not None
        held[:histories, j] = np.broadcast_to(expression.evaluate(scope), (histories,))
        for i, chance in enumerate(game.chance_sets):
            held[histories + i, j] = bool(chance.facts.get(name, False))
    unique, index = np.unique(held, axis=0, return_inverse=True)
    index = np.asarray(index).reshape(-1)
    facts = {name: unique[:, j] for j, name in enumerate(names)}
    return Situations(facts, index[:histories], tuple(int(i) for i in index[histories:]))


@dataclass(frozen=True, eq=False)
class Paths:
    """The presence paths that occur.

    Attributes
    ----------
    paths : the distinct paths, in months from the truce's start.
    of_history : (public histories,) number of the path of each history, -1 where there is no truce.
    starts : (public histories,) month since the case's date at which the truce begins, NaN where there is none.
    timelines : (public histories,) segments as (form, start, end) in months since the case's date.
    """

    paths: tuple[PresencePath, ...]
    of_history: NDArray[np.int64]
    starts: NDArray[np.float64]
    timelines: tuple[tuple[tuple[str, float, float], ...], ...]


def paths_of(game: GameTree) -> Paths:
    """Follow the case's ``paths`` and ``truce`` sections through every public history."""
    case = game.case
    histories = game.public.histories
    begins = _truce_starts(game)
    stretches = {name: parse_path(text) for name, text in case.file.paths.items()}
    found: dict[PresencePath, int] = {}
    of_history = np.full(histories, -1, dtype=np.int64)
    timelines: list[tuple[tuple[str, float, float], ...]] = []
    for h in range(histories):
        outcome = str(game.outcome_names[h])
        segments = _segments(game, h, stretches.get(outcome, ()))
        timelines.append(tuple((s.form, s.start, s.end if s.end is not None else np.inf) for s in segments))
        if np.isnan(begins[h]):
            continue
        path = _from_start(case, game, h, segments, float(begins[h]), outcome in case.file.breaks_truce)
        of_history[h] = found.setdefault(path, len(found))
    return Paths(tuple(found) or (PresencePath(),), of_history, begins, tuple(timelines))


def _truce_starts(game: GameTree) -> NDArray[np.float64]:
    case, histories = game.case, game.public.histories
    settings = case.file.truce
    starts = case.expression("truce.starts")
    holds = np.ones(histories, dtype=bool)
    if starts is not None:
        holds = np.broadcast_to(starts.evaluate(game.public_scope()), (histories,)).astype(bool)
    if isinstance(settings.at, str):
        dates = game.public_dates[settings.at]
        month = _first(dates) if dates.ndim == 2 else dates
    else:
        month = np.full(histories, float(settings.at))
    return np.where(holds, month, np.nan)


def _first(dates: NDArray[np.float64]) -> NDArray[np.float64]:
    """First date that is not NaN in each row."""
    with np.errstate(all="ignore"):
        return np.where(np.isnan(dates).all(axis=1), np.nan, np.where(np.isnan(dates), np.inf, dates).min(axis=1))


def _date(game: GameTree, history: int, point: Point) -> float:
    """Month of a point in one history; the last round taken of a repeated move; NaN where the move was skipped."""
    if point.move is None:
        return point.months
    dates = np.atleast_1d(game.public_dates[point.move][history])
    taken = dates[~np.isnan(dates)]
    return float(taken[-1]) + point.months if taken.size else float("nan")


def _segments(game: GameTree, history: int, stretches: Sequence[Stretch]) -> list[Segment]:
    """Segments of one history in months since the case's date."""
    horizon = float(game.case.file.horizon_months)
    segments: list[Segment] = []
    at = 0.0
    for i, stretch in enumerate(stretches):
        start = _date(game, history, stretch.start) if stretch.start is not None else at
        following = stretches[i + 1].start if i + 1 < len(stretches) else None
        end_point = stretch.end or following
        end = _date(game, history, end_point) if end_point is not None else horizon
        start, end = (at if np.isnan(start) else start), (horizon if np.isnan(end) else end)
        at = max(start, end)
        if stretch.form != "none" and end > start:
            segments.append(Segment(stretch.form, stretch.consented, start, None if end >= horizon else end))
    return segments


def _from_start(
    case: Case, game: GameTree, history: int, segments: list[Segment], begin: float, broken: bool
) -> PresencePath:
    """The same path counted from the truce's start."""
    shifted = tuple(
        Segment(s.form, s.consented, max(s.start - begin, 0.0), None if s.end is None else max(s.end - begin, 0.0))
        for s in segments
        if s.end is None or s.end > begin
    )
    last = np.concatenate([np.ravel(d[history]) for d in game.public_dates.values()])
    broken_at = float(np.nanmax(last)) - begin if broken else None
    return PresencePath(shifted, broken_at)


def form_standing(paths: Paths, month: float) -> NDArray[Any]:
    """(public histories,) the form that stands at a month since the case's date, ``none`` where there is none."""
    return np.array(
        [
            next(
                (form for form, start, end in timeline if start <= month < end or (end == np.inf and month >= start)),
                "none",
            )
            for timeline in paths.timelines
        ]
    )


def presence_share(paths: Paths, horizon: float) -> NDArray[np.float64]:
    """(public histories,) the share of the ``horizon`` months, from the case's date on, in which some form stands."""
    months = [
        sum(max(min(end, horizon) - max(start, 0.0), 0.0) for _, start, end in timeline) for timeline in paths.timelines
    ]
    return np.array(months, dtype=np.float64) / horizon
