"""What it would take: people, detection or consent at which P(hold 12 months) reaches a target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from vetopoint.answers import Needed
from vetopoint.arrays import Floats
from vetopoint.budget import Budget
from vetopoint.truce._tables import standing, walk_path
from vetopoint.truce.coverage import attributed
from vetopoint.truce.model import NONE, TruceModel, bind

__all__ = ["needed"]

_MOST_PEOPLE = 500_000.0


def needed(model: TruceModel, month: int = 12, draws: int = Budget.targets) -> tuple[Needed, ...]:
    """For each form the least people, detection and consent at which the mean of P(hold) reaches the case's target.

    Everything else stays as the case has it. The search runs on the first `draws`.
    """
    few = bind(model.case, model.draws.first(draws))
    target, month = model.case.file.truce.target, min(month, model.months)
    none = float(walk_path(few, standing(NONE), months=month)[0][:, month].mean())
    return tuple(answer for name in few.effects for answer in _form_needs(few, name, month, target, none))


def _form_needs(model: TruceModel, name: str, month: int, target: float, none: float) -> list[Needed]:
    effect = model.effects[name]

    def hold(watching: Floats) -> float:
        changed = replace(model, effects={**model.effects, name: replace(effect, watching=watching)})
        return float(walk_path(changed, standing(name), months=month)[0][:, month].mean())

    def answer(what: str, value: float | None, note: str) -> Needed:
        return Needed(form=name, what=what, month=month, target=target, value=value, note=note)  # type: ignore[arg-type]

    found = []
    if model.length_km is not None and effect.consented is not None and effect.consented.monitoring > 0:
        length, form = model.length_km, model.coverage[name]
        reference = model.sample("detection_reference")

        def with_people(people: float) -> float:
            strength = replace(form.strength, personnel=people)
            return hold(np.minimum(1.0, attributed(strength, length, form.watch) / reference))

        def with_detection(d: float) -> float:
            return hold(np.minimum(1.0, d / reference))

        people = _least(with_people, target, 0.0, _MOST_PEOPLE, 1.0)
        note = "People only; sensors, access and committed force as the case has them."
        found.append(answer("personnel", None if people is None else float(np.ceil(people)), note))
        note = "Chance that a violation is seen and its side named."
        found.append(answer("detection", _least(with_detection, target, 0.0, 1.0, 1e-4), note))
    full = hold(effect.watching)
    consent = None if full < target else max(0.0, (target - none) / (full - none)) if full > none else 0.0
    note = f"Chance that the form stands with consent, no presence otherwise; with certain consent it holds with {full:.0%}."
    return [*found, answer("consent", consent, note)]


def _least(rises: Callable[[float], float], target: float, low: float, high: float, step: float) -> float | None:
    """Least argument at which a rising function reaches the target, by halving; ``None`` where it does not."""
    if rises(low) >= target:
        return low
    if rises(high) < target:
        return None
    while high - low > step:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if rises(middle) >= target else (middle, high)
    return high
