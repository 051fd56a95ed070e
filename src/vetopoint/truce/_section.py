"""The truce's section of the answers, from the tables and the weights that the game gives to paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vetopoint.answers import Curve, Further, Hold, TruceForm, TruceSection
from vetopoint.arrays import Floats
from vetopoint.budget import USUAL, Budget
from vetopoint.case import Case
from vetopoint.quantity import Draws, band
from vetopoint.truce._notes import history_note, notes
from vetopoint.truce._priors_used import drivers, priors_used
from vetopoint.truce._symbol import channels, symbol
from vetopoint.truce._tables import TruceTables, standing, walk_path
from vetopoint.truce._targets import needed
from vetopoint.truce._watch import coverage_answers, line_map, map_line
from vetopoint.truce.channels import CAUSES
from vetopoint.truce.hazard import further
from vetopoint.truce.history import analogues, base_rates, case_features
from vetopoint.truce.model import NONE, TruceModel
from vetopoint.truce.updating import observed_update

__all__ = ["section"]

_HORIZONS = (6, 12, 24, 60)
_GIVEN = (3, 6, 12, 24)


def section(
    case: Case,
    draws: Draws,
    tables: TruceTables,
    weights: Any,
    symbolic_share: Any = None,
    nearest: int = 6,
    budget: Budget = USUAL,
) -> TruceSection:
    """The truce's part of the answers.

    Parameters
    ----------
    case, draws, tables : as given to and returned by `tables`.
    weights : (n, types, paths) probability of each type and path from the game; what is missing from 1 is no truce.
    symbolic_share : (n,) symbolic over symbolic plus practical terms of the owner's payoff along the goal; ``None`` or NaN: unknown.
    nearest : number of past plans to show.
    budget : how many draws each search may use.

    Returns
    -------
    TruceSection
    """
    model = tables.model
    shares = np.asarray(weights, dtype=np.float64)
    if shares.shape != tables.survival.shape[:3]:
        raise ValueError(f"weights have shape {shares.shape}, the tables {tables.survival.shape[:3]}")
    other = model.with_baseline("weibull" if model.baseline.kind == "lognormal" else "lognormal")
    none = walk_path(model, standing(NONE))[0]
    update = observed_update(model)
    mixture, mixed_weights = _mixture(tables, shares)
    drawn = map_line(model)
    return TruceSection(
        months=tuple(range(model.months + 1)),
        baseline=model.baseline.kind,
        forms=tuple(
            _form(model, other, name, consented, none) for name, consented in _variants(model)
        ),
        mixture=_curve(mixture, mixed_weights["truce"]) if (mixed_weights["truce"] > 0).any() else _curve(none),
        mixture_hold=_mixture_hold(model, mixture, mixed_weights["truce"], none),
        mixture_weights={
            name: band(w, mixed_weights["truce"]) for name, w in mixed_weights.items() if name != "truce"
        } if (mixed_weights["truce"] > 0).any() else {},
        types_shift_hazard=any(np.any(model.type_factor(name) != 1.0) for name in tables.types),
        symbol=tuple(symbol(model, name, _worth(symbolic_share, draws.n)) for name in model.effects),
        coverage=coverage_answers(model, drawn, budget.watch),
        line=line_map(model, drawn),
        needed=needed(model, draws=budget.targets),
        priors=priors_used(model),
        drivers=drivers(model),
        analogues=analogues(case_features(case), nearest),
        base_rates=base_rates(),
        history_note=history_note(case),
        update=update,
        notes=notes(model, tables),
    )  # fmt: skip


def _worth(symbolic_share: Any, n: int) -> Floats | None:
    return None if symbolic_share is None else np.broadcast_to(np.asarray(symbolic_share, dtype=np.float64), (n,))


def _variants(model: TruceModel) -> list[tuple[str, bool]]:
    """Forms to show: no presence, each form with consent, and without it where the case says what that does."""
    found = [(NONE, True)]
    for name, effect in model.effects.items():
        found.append((name, True))
        if effect.refused is not None:
            found.append((name, False))
    return found


def _horizons(model: TruceModel) -> tuple[int, ...]:
    return tuple(m for m in _HORIZONS if m <= model.months) or (model.months,)


def _form(model: TruceModel, other: TruceModel, name: str, consented: bool, none: Floats) -> TruceForm:
    path = standing(name, consented)
    survival, incidence = walk_path(model, path, causes=True)
    alternative = walk_path(other, path)[0]
    effect = model.effects.get(name)
    return TruceForm(
        form=name,
        label=_label(model, name) + ("" if consented else ", refused by one side"),
        consented=consented,
        curve=_curve(survival),
        hold=tuple(
            _hold(m, survival[:, m], None if name == NONE else none[:, m], alternative[:, m]) for m in _horizons(model)
        ),
        further=tuple(
            Further(held=h, further=12, holds=band(further(survival, h, 12))) for h in _GIVEN if h + 12 <= model.months
        ),
        incidence={cause: _curve(incidence[:, k]) for k, cause in enumerate(CAUSES)},
        channels=channels(model, name, min(12, model.months)) if effect is not None and consented else (),
        detection=None if effect is None or effect.detection is None else band(effect.detection),
        exit_per_year=None if effect is None else band(12.0 * effect.exit_per_month),
    )


def _label(model: TruceModel, name: str) -> str:
    if name == NONE:
        return "No presence"
    return model.case.file.forms[name].label or name.replace("_", " ")


def _curve(values: Floats, weights: Floats | None = None) -> Curve:
    """Mean, median and 90 % band by month, draws weighed by ``weights`` (n,)."""
    if weights is None or np.ptp(weights) == 0.0:
        mean, quantiles = values.mean(axis=0), np.quantile(values, [0.05, 0.5, 0.95], axis=0)
    else:
        mean = np.average(values, axis=0, weights=weights)
        order = np.argsort(values, axis=0, kind="stable")
        share = np.cumsum(weights[order], axis=0) / weights.sum()
        rows = np.array([np.minimum((share < level).sum(axis=0), len(values) - 1) for level in (0.05, 0.5, 0.95)])
        quantiles = np.take_along_axis(np.take_along_axis(values, order, axis=0), rows, axis=0)
    lo, median, hi = quantiles
    return Curve(mean=_numbers(mean), median=_numbers(median), lo=_numbers(lo), hi=_numbers(hi))


def _numbers(values: Floats) -> tuple[float, ...]:
    return tuple(float(v) for v in values)


def _hold(
    month: int, held: Floats, none: Floats | None, alternative: Floats | None = None, weights: Floats | None = None
) -> Hold:
    better = lift = None
    if none is not None:
        shares = np.ones_like(held) if weights is None else weights
        better = float(np.sum(shares * (held > none)) / np.sum(shares))
        lift = band(held - none, weights)
    return Hold(
        month=month,
        holds=band(held, weights),
        better_than_none=better,
        lift=lift,
        alternative=None if alternative is None else band(alternative),
    )


def _mixture(tables: TruceTables, weights: Floats) -> tuple[Floats, Mapping[str, Floats]]:
    """Survival given a truce, (n, months + 1), and P(form stands first | truce) by form, with P(truce) under ``truce``."""
    truce = weights.sum(axis=(1, 2))
    safe = np.where(truce > 0, truce, 1.0)
    mixed = np.einsum("ntp,ntpm->nm", weights / safe[:, None, None], tables.survival)
    first: dict[str, Floats] = {}
    for p, path in enumerate(tables.paths):
        segment = next((s for s in path.segments if s.form != NONE), None)
        name = NONE if segment is None else segment.form + ("" if segment.consented else " without consent")
        first[name] = first.get(name, np.zeros(len(truce))) + weights[:, :, p].sum(axis=1) / safe
    return mixed, {**first, "truce": truce}


def _mixture_hold(model: TruceModel, mixed: Floats, truce: Floats, none: Floats) -> tuple[Hold, ...]:
    if not (truce > 0).any():
        return ()
    return tuple(_hold(m, mixed[:, m], none[:, m], weights=truce) for m in _horizons(model))
