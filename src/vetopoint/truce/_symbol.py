"""What one form of presence does: contributions of its channels, symbol and practice, and what it would take to reach a target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from vetopoint.answers import Channel, Lift, Needed, SymbolVerdict
from vetopoint.arrays import Bools, Floats
from vetopoint.budget import Budget
from vetopoint.pivots import shapley
from vetopoint.quantity import Band, given, share_given
from vetopoint.truce._tables import hold
from vetopoint.truce.channels import CHANNELS
from vetopoint.truce.coverage import attributed, least
from vetopoint.truce.model import NONE, Footing, TruceModel, bind
from vetopoint.truce.priors import Prior

__all__ = ["Worth", "channels", "first_draws", "needed", "symbol"]

Verdict = Literal["symbolic", "practical", "not settled"]

_SMALL_LIFT = 0.05
_HALF, _LARGE_SHARE = 0.5, 0.8
#: Monte-Carlo standard errors by which a verdict must clear its thresholds.
_MARGIN = 3.0
_DEFINED_LIFT, _DEFINED_SHARE = 0.02, 0.95
_MOST_PEOPLE = 500_000.0


@dataclass(frozen=True)
class Worth:
    """What the owner's payoff is made of in the histories in which a form stands, over n draws.

    Attributes
    ----------
    symbolic : (n,) symbolic over symbolic plus practical terms; NaN where neither counts.
    stands : (n,) P(it stands at some time, during a truce), by which draws are weighed.
    """

    symbolic: Floats
    stands: Floats


def channels(model: TruceModel, form: str, month: float = 12) -> tuple[Channel, ...]:
    """What each channel adds: the full effect minus the effect without it, and its Shapley share of the lift over none.

    Without the consent channel the form stands as if one side refused it.
    """
    none = hold(model, NONE, month)

    def value(subsets: Bools) -> Floats:
        worth = np.empty((len(subsets), len(none)))
        for row, inside in zip(worth, subsets, strict=True):
            on = [name for name, here in zip(CHANNELS, inside, strict=True) if here]
            row[:] = hold(model, form, month, on) if on else none
        return worth - none

    split = shapley(value, len(CHANNELS))
    effect = model.effects[form]
    published = effect.consented
    about = {
        "consent": ("gate", 0.0, np.ones_like(none)),
        "monitoring": ("practical", published.monitoring if published else 0.0, effect.watching),
        "force": ("practical", published.force if published else 0.0, effect.force),
        "formalisation": ("symbolic", 0.0, effect.formalisation),
    }
    full = hold(model, form, month)
    return tuple(
        Channel(
            channel=name,  # type: ignore[arg-type]
            kind=about[name][0],  # type: ignore[arg-type]
            switch_off=model.footing.band(full - hold(model, form, month, [c for c in CHANNELS if c != name])),
            shapley=model.footing.band(split.shares[i]),
            share_of_effect=about[name][1],
            intensity=model.footing.band(about[name][2]),
        )
        for i, name in enumerate(CHANNELS)
    )


def symbol(model: TruceModel, form: str, worth: Worth | None, month: int = 12) -> SymbolVerdict:
    """Symbol and practice of one form.

    The formalisation lift is P(hold | formalisation only) − P(hold | none), the practical lift P(hold | all) − P(hold |
    formalisation only); they sum to the full lift in every draw. ``worth`` is `None` where it is not known.
    """
    footing, none, full = model.footing, hold(model, NONE, month), hold(model, form, month)
    formal = hold(model, form, month, ("consent", "formalisation"))
    practical = full - formal
    little = footing.band((practical <= _SMALL_LIFT).astype(float))
    share = None if worth is None else _share(worth)
    verdict = _verdict(share, little)
    # Draws under the threshold (at most one in twenty) would divide by almost nothing.
    defined = full - none > _DEFINED_LIFT
    often = share_given(defined, footing.truce)
    ratio = given((formal - none)[defined] / (full - none)[defined], footing.truce[defined]) if defined.any() else None
    return SymbolVerdict(
        form=form,
        month=month,
        symbolic_share_of_worth=share,
        practical_lift=_lift(footing, practical),
        formalisation_lift=_lift(footing, formal - none),
        full_lift=_lift(footing, full - none),
        practical_small=little.mean,
        ratio=ratio if often >= _DEFINED_SHARE else None,
        ratio_note=f"The full lift exceeds {_DEFINED_LIFT:.0%} in {often:.0%} of draws; a ratio needs {_DEFINED_SHARE:.0%}.",
        verdict=verdict,
        sentence=_sentence(model.label(form), verdict, share, footing.mean(practical), little.mean, month),
    )


def _share(worth: Worth) -> Band | None:
    known = np.isfinite(worth.symbolic) & (worth.stands > 0)
    return given(worth.symbolic[known], worth.stands[known]) if known.any() else None


def _verdict(share: Band | None, little: Band) -> Verdict:
    """A word only where the symbolic share of worth and the share of draws with little practical lift both clear their thresholds, on one side
    or the other, by so many standard errors that other draws would say the same; between them lies a dead zone."""
    if share is None:
        return "not settled"
    clears = [(share.mean - _HALF, share.mc), (little.mean - _LARGE_SHARE, little.mc)]
    if all(by >= _MARGIN * error for by, error in clears):
        return "symbolic"
    clears = [(_HALF - share.mean, share.mc), (1.0 - _LARGE_SHARE - little.mean, little.mc)]
    return "practical" if all(by >= _MARGIN * error for by, error in clears) else "not settled"


def _lift(footing: Footing, points: Floats) -> Lift:
    return Lift(points=footing.band(points), positive=share_given(points > 0, footing.truce))


def _sentence(label: str, verdict: Verdict, share: Band | None, lift: float, small: float, month: int) -> str:
    worth = "" if share is None else f"{share.mean:.0%} of what it is worth to its owner is symbolic, and "
    moved = "less than a point" if abs(lift) < 0.005 else f"{100 * lift:+.0f} points"
    practice = (
        f"what it does on the ground changes P(hold {month} months) by {moved} on average, "
        f"by at most 5 points in {small:.0%} of draws"
    )
    ends = {
        "symbolic": "so it is a symbol more than a practice.",
        "practical": "so it is a practice more than a symbol.",
        "not settled": "which does not settle whether it is symbol or practice.",
    }
    return f"{label}: {worth}{practice}: {ends[verdict]}"


def first_draws(model: TruceModel, draws: int, instead: Mapping[str, Prior] | None = None) -> TruceModel:
    """The same truce on the same footing over its first draws, with other rows of priors ``instead`` of some."""
    return replace(bind(model.case, model.draws.first(draws), instead), footing=model.footing.first(draws))


def needed(model: TruceModel, month: int = 12, draws: int = Budget.targets) -> tuple[Needed, ...]:
    """For each form the least people, detection and consent at which the mean of P(hold) reaches the case's target.

    Everything else stays as the case has it. The search runs on the first ``draws`` draws.
    """
    few = first_draws(model, draws)
    return tuple(answer for form in few.effects for answer in _form_needs(few, form, min(month, few.months)))


def _form_needs(model: TruceModel, form: str, month: int) -> list[Needed]:
    effect, target = model.effects[form], model.case.file.truce.target

    def reached(watching: Floats) -> float:
        changed = replace(model, effects={**model.effects, form: replace(effect, watching=watching)})
        return model.footing.mean(hold(changed, form, month))

    def answer(what: Literal["personnel", "detection", "consent"], value: float | None, note: str) -> Needed:
        return Needed(form=form, what=what, month=month, target=target, value=value, note=note)

    found = []
    if model.length_km is not None and effect.consented is not None and effect.consented.monitoring > 0:
        length, coverage = model.length_km, model.coverage[form]
        reference = model.sample("detection_reference")

        def with_people(people: float) -> float:
            strength = replace(coverage.strength, personnel=people)
            return reached(np.minimum(1.0, attributed(strength, length, coverage.watch) / reference))

        def with_detection(d: float) -> float:
            return reached(np.minimum(1.0, d / reference))

        people = least(with_people, target, 0.0, _MOST_PEOPLE, 1.0)
        note = "People only; sensors, access and committed force as the case has them."
        found.append(answer("personnel", None if people is None else float(np.ceil(people)), note))
        note = "Chance that a violation is seen and its side named."
        found.append(answer("detection", least(with_detection, target, 0.0, 1.0, 1e-4), note))
    none, full = (model.footing.mean(hold(model, each, month)) for each in (NONE, form))
    consent = None if full < target else max(0.0, (target - none) / (full - none)) if full > none else 0.0
    note = f"Chance that the form stands with consent, no presence otherwise; with certain consent it holds with {full:.0%}."
    return [*found, answer("consent", consent, note)]
