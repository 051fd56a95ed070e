"""The rows of priors that a run used, with status, override and E-value, for the report."""

from __future__ import annotations

from typing import Literal, cast

import numpy as np

from vetopoint.answers import Driver, PriorUsed
from vetopoint.truce._tables import standing, walk_path
from vetopoint.truce.baseline import Baseline
from vetopoint.truce.model import NONE, TruceModel
from vetopoint.truce.priors import e_value

__all__ = ["drivers", "priors_used"]

Status = Literal["published", "re-derived", "judgement", "case"]
_Z = 1.959963984540054


def priors_used(model: TruceModel) -> tuple[PriorUsed, ...]:
    """Every row that the run drew on, the baseline first."""
    return (_baseline(model.baseline), *(_row(model, name) for name in model.used))


def drivers(model: TruceModel, month: int = 12) -> tuple[Driver, ...]:
    """How much each prior drives P(hold) under each form: upper against lower tenth of its draws, strongest first by form."""
    tenth = max(1, model.draws.n // 10)
    values = {name: model.sample(name) for name in model.used}
    values[f"baseline_{model.baseline.kind}"] = model.mu
    orders = {name: np.argsort(v, kind="stable") for name, v in values.items() if np.ptp(v) > 0}
    labels = {name: model.priors[name].label for name in model.used}
    found: list[Driver] = []
    for form in (NONE, *model.effects):
        held = walk_path(model, standing(form), months=min(month, model.months))[0][:, -1]
        swings = {name: float(held[o[-tenth:]].mean() - held[o[:tenth]].mean()) for name, o in orders.items()}
        for name, swing in sorted(swings.items(), key=lambda item: -abs(item[1])):
            label = labels.get(name, "Length of the truce without presence")
            found.append(Driver(form=form, effect=name, label=label, swing=swing))
    return tuple(found)


def _baseline(base: Baseline) -> PriorUsed:
    return PriorUsed(
        effect=f"baseline_{base.kind}",
        label="Location of the truce's length without presence (log-normal: its median)",
        estimate=float(np.exp(base.mu)),
        lo=float(np.exp(base.mu - _Z * base.sd_mu)),
        hi=float(np.exp(base.mu + _Z * base.sd_mu)),
        scale="months",
        transport=0.0,
        source=base.source,
        status=cast(Status, base.status),
        note=f"{base.note}; shape {np.exp(base.log_shape):.2f}.",
        overridden=False,
        why="",
        e_value=None,
        e_value_limit=None,
    )


def _row(model: TruceModel, name: str) -> PriorUsed:
    prior, settings = model.priors[name], model.case.file.truce
    overridden = name in settings.overrides
    estimate, lo, hi = prior.estimate, prior.lo, prior.hi
    if overridden:
        lo, estimate, hi = (float(v) for v in np.quantile(model.sample(name), [0.025, 0.5, 0.975]))
    strength = limit = None
    if prior.scale == "hazard_ratio" and prior.status != "judgement" and not overridden and estimate != 1.0:
        strength = e_value(estimate)
        limit = 1.0 if lo <= 1.0 <= hi else e_value(hi if hi < 1.0 else lo)
    return PriorUsed(
        effect=name,
        label=prior.label,
        estimate=estimate,
        lo=lo,
        hi=hi,
        scale=prior.scale,
        transport=prior.transport,
        source="The case" if overridden else prior.source,
        status="case" if overridden else cast(Status, prior.status),
        note=prior.note,
        overridden=overridden,
        why=settings.why.get(name, ""),
        e_value=strength,
        e_value_limit=limit,
        conflicts=prior.conflicts,
    )
