"""Presence paths and the tables over them: survival by draw, type, path and month, for the game's payoffs and the answers."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from vetopoint.arrays import Floats
from vetopoint.case import Case
from vetopoint.quantity import Draws
from vetopoint.truce.channels import CAUSES, CHANNELS
from vetopoint.truce.hazard import Grid, Hazards, held, path_survival, without_presence
from vetopoint.truce.model import NONE, TruceModel, bind

__all__ = ["PresencePath", "Segment", "TruceTables", "hold", "standing", "tables", "walk_path"]


@dataclass(frozen=True)
class Segment:
    """One form of presence over one stretch of time.

    Parameters
    ----------
    form : name of the form in the case.
    consented : whether both belligerents consent to it then.
    start, end : months from the truce's start; ``end=None`` means to the horizon.
    """

    form: str
    consented: bool
    start: float
    end: float | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"segment of '{self.form}' ends ({self.end}) before it starts ({self.start})")


@dataclass(frozen=True)
class PresencePath:
    """Segments in order of time; gaps between them are months without presence.

    ``broken_at`` is the month at which a move itself ends the truce (an offensive that somebody decides), or ``None``.
    """

    segments: tuple[Segment, ...] = ()
    broken_at: float | None = None

    def __post_init__(self) -> None:
        for before, after in zip(self.segments, self.segments[1:], strict=False):
            if after.start < before.start or (before.end is not None and after.start < before.end):
                raise ValueError(f"'{after.form}' starts before '{before.form}' has ended")


@dataclass(frozen=True, eq=False)
class TruceTables:
    """How long the truce holds, over situations.

    Attributes
    ----------
    survival : (n, types, paths, months + 1) probability that it still holds at each month after its start.
    paths, types : what the axes stand for.
    model : the truce over the draws from which more can be asked.
    """

    survival: Floats
    paths: tuple[PresencePath, ...]
    types: tuple[Mapping[str, str], ...]
    model: TruceModel


def tables(
    case: Case, draws: Draws, paths: Sequence[PresencePath], types: Sequence[Mapping[str, str]] = ({},)
) -> TruceTables:
    """Survival of the truce along presence paths.

    Parameters
    ----------
    paths : presence paths; months count from the truce's start.
    types : combinations of types, each from actor to its type; empty for a case without types.

    Raises
    ------
    CaseError
        if the case names a row of priors or a preset that does not exist.
    """
    return along(bind(case, draws), paths, types)


def along(model: TruceModel, paths: Sequence[PresencePath], types: Sequence[Mapping[str, str]]) -> TruceTables:
    """The tables of a truce that is bound to its draws; arguments as in `tables`."""
    survival = np.empty((len(types), len(paths), model.draws.n, model.months + 1))
    factors = [model.type_factor(combination) for combination in types]
    for t, factor in enumerate(factors):
        same = next((s for s in range(t) if np.array_equal(factors[s], factor)), None)
        calm = None if same is not None else without_presence(model.monthly_steps, factor, model.absent[0])
        for p, path in enumerate(paths):
            if same is not None:
                survival[t, p] = survival[same, p]
            else:
                walk_path(model, path, factor=factor, calm=calm, out=survival[t, p])
    return TruceTables(np.moveaxis(survival, 2, 0), tuple(paths), tuple(types), model)


def standing(form: str, consented: bool = True) -> PresencePath:
    """The path on which one form stands from the truce's start to the horizon (``none``: no presence)."""
    return PresencePath(() if form == NONE else (Segment(form, consented, 0.0),))


def hold(model: TruceModel, form: str, month: float, on: Collection[str] = CHANNELS) -> Floats:
    """P(the truce holds to a month) while a form stands with consent and only these channels act, (n,)."""
    return held(walk_path(model, standing(form), channels=on, months=int(np.ceil(month)))[0], month)


def walk_path(
    model: TruceModel,
    path: PresencePath,
    *,
    factor: Floats | None = None,
    calm: Floats | None = None,
    causes: bool = False,
    channels: Collection[str] = CHANNELS,
    months: int | None = None,
    out: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Survival (n, months + 1) and, if asked, incidence (n, causes, months + 1) along one path.

    Parameters
    ----------
    factor : (n,) on the whole hazard; default the mean over the types of the model's footing.
    calm : (n, months) what is left without presence after each of the model's months at this factor, if it is known.
    channels : channels of presence that are switched on.
    months : horizon; default the case's.
    out : (n, months + 1) array to fill with the survival.
    """
    horizon = model.months if months is None else months
    present = [s for s in path.segments if s.form != NONE and s.start < horizon]
    grid = _grid(present, path.broken_at, horizon)
    whole = len(grid.edges) == horizon + 1 and horizon <= model.months
    steps = model.monthly_steps[:, :horizon] if whole else np.diff(model.hazard(grid.edges), axis=1)
    hazards, footing = _hazards(model, present, causes, channels), model.footing
    if factor is not None:
        return path_survival(
            steps, factor, grid, hazards, out, calm[:, :horizon] if whole and calm is not None else None
        )
    known = [left[:, :horizon] for left in model.calm] if whole else [None] * len(footing.factors)
    pairs = zip(footing.factors, known, strict=True)
    each = [path_survival(steps, factor, grid, hazards, calm=left) for factor, left in pairs]
    if len(each) == 1:
        return each[0]
    survival, incidence = (np.stack(part) for part in zip(*each, strict=True))
    of_types = np.einsum("kn,knm->nm", footing.shares, survival)
    return of_types, np.einsum("kn,kncm->ncm", footing.shares, incidence)


def _grid(present: Sequence[Segment], broken_at: float | None, horizon: int) -> Grid:
    """Whole months and the path's own dates, with the segment that stands in each interval."""
    breaks = None if broken_at is None else max(0.0, broken_at)
    dates = (breaks, *(s.start for s in present), *(s.end for s in present))
    inside = [d for d in dates if d is not None and 0.0 <= d <= horizon and abs(d - round(d)) > 1e-9]
    edges = np.unique(np.concatenate([np.arange(horizon + 1.0), inside]))
    middle = 0.5 * (edges[:-1] + edges[1:])
    stretch = np.full(len(middle), -1, dtype=np.int64)
    for i, segment in enumerate(present):
        end = np.inf if segment.end is None else segment.end
        stretch[(middle > segment.start) & (middle < end)] = i
    broken = -1 if breaks is None or breaks > horizon else int(np.argmin(np.abs(edges - breaks)))
    # A form that goes on under other terms brings nobody back who had left; another form comes as its path declares.
    forms = [NONE, *(present[int(i)].form if i >= 0 else NONE for i in stretch)]
    comes = [form not in (NONE, before) for before, form in itertools.pairwise(forms)]
    return Grid(edges, stretch, np.array(comes, dtype=np.bool_), broken)


def _hazards(model: TruceModel, present: Sequence[Segment], causes: bool, channels: Collection[str]) -> Hazards:
    """Factors of each segment; observed incidents act on the share of escalation."""
    n, s = model.draws.n, len(present)
    kept = len(CAUSES) if causes else 0
    absent, shares_absent = model.absent
    factors, leave = np.empty((n, s)), np.empty((n, s))
    shares = np.empty((n, s, kept))
    for i, segment in enumerate(present):
        factors[:, i], mix = model.presence(segment.form, segment.consented, frozenset(channels))
        shares[:, i] = mix[:, :kept]
        leave[:, i] = model.effects[segment.form].exit_per_month
    return Hazards(factors, absent, leave, shares, shares_absent[:, :kept])
