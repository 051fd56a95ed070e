"""Symbol and practice of one form of presence: contributions of channels, lifts in points, and the verdict."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from vetopoint.answers import Channel, Lift, SymbolVerdict
from vetopoint.arrays import Floats
from vetopoint.pivots import shapley
from vetopoint.quantity import band
from vetopoint.truce._tables import standing, walk_path
from vetopoint.truce.channels import CHANNELS
from vetopoint.truce.model import NONE, TruceModel

__all__ = ["channels", "hold_with", "symbol"]

Kind = Literal["gate", "practical", "symbolic"]

_KIND: dict[str, Kind] = {
    "consent": "gate",
    "monitoring": "practical",
    "force": "practical",
    "formalisation": "symbolic",
}
_SMALL_LIFT = 0.05
_LARGE_SHARE = 0.8
_DEFINED_LIFT, _DEFINED_SHARE = 0.02, 0.95


def hold_with(model: TruceModel, form: str, on: Collection[str], month: int = 12) -> Floats:
    """P(hold to a month) while a form stands with consent and only these channels act, (n,)."""
    survival, _ = walk_path(model, standing(form), channels=on, months=month)
    return survival[:, month]


def channels(model: TruceModel, form: str, month: int = 12) -> tuple[Channel, ...]:
    """What each channel adds: the full effect minus the effect without it, and its Shapley share of the lift over none.

    Without the consent channel the form stands as if one side refused it.
    """
    none = walk_path(model, standing(NONE), months=month)[0][:, month]

    def value(subsets: NDArray[np.bool_]) -> Floats:
        worth = np.empty((len(subsets), len(none)))
        for row, inside in zip(worth, subsets, strict=True):
            on = [name for name, here in zip(CHANNELS, inside, strict=True) if here]
            row[:] = hold_with(model, form, on, month) if on else none
        return worth - none

    split = shapley(value, len(CHANNELS))
    effect = model.effects[form]
    consented = effect.consented
    shares = {
        "monitoring": consented.monitoring if consented else 0.0,
        "force": consented.force if consented else 0.0,
    }
    ones = np.ones_like(none)
    intensity = {
        "consent": ones,
        "monitoring": effect.watching,
        "force": effect.force,
        "formalisation": effect.formalisation,
    }
    full = hold_with(model, form, CHANNELS, month)
    return tuple(
        Channel(
            channel=name,  # type: ignore[arg-type]
            kind=_KIND[name],
            switch_off=band(full - hold_with(model, form, [c for c in CHANNELS if c != name], month)),
            shapley=band(split.shares[i]),
            share_of_effect=shares.get(name, 0.0),
            intensity=band(intensity[name]),
        )
        for i, name in enumerate(CHANNELS)
    )


def _lift(points: Floats) -> Lift:
    return Lift(points=band(points), positive=float(np.mean(points > 0)))


def symbol(model: TruceModel, form: str, worth: Floats | None, month: int = 12) -> SymbolVerdict:
    """Symbol and practice of one form.

    The formalisation lift is P(hold | formalisation only) − P(hold | none), the practical lift P(hold | all) − P(hold |
    formalisation only); they sum to the full lift in every draw.

    Parameters
    ----------
    worth : (n,) symbolic share of the owner's payoff along the goal, or ``None`` where it is not known.
    """
    none = walk_path(model, standing(NONE), months=month)[0][:, month]
    formal = hold_with(model, form, ("consent", "formalisation"), month)
    full = hold_with(model, form, CHANNELS, month)
    practical = full - formal
    small = float(np.mean(practical <= _SMALL_LIFT))
    defined = float(np.mean(full - none > _DEFINED_LIFT))
    share = None if worth is None else band(worth[np.isfinite(worth)]) if np.isfinite(worth).any() else None
    verdict: Literal["symbolic", "practical", "open"] = "open"
    if share is not None and share.mean >= 0.5 and small >= _LARGE_SHARE:
        verdict = "symbolic"
    elif 1.0 - small >= _LARGE_SHARE:
        verdict = "practical"
    ratio = None
    if defined >= _DEFINED_SHARE:
        # Draws under the threshold (at most one in twenty) would divide by almost nothing.
        kept = full - none > _DEFINED_LIFT
        ratio = band(((formal - none) / np.where(kept, full - none, 1.0))[kept])
    label = model.case.file.forms[form].label or form
    return SymbolVerdict(
        form=form,
        month=month,
        symbolic_share_of_worth=share,
        practical_lift=_lift(practical),
        formalisation_lift=_lift(formal - none),
        full_lift=_lift(full - none),
        practical_small=small,
        ratio=ratio,
        ratio_note=f"The full lift exceeds {_DEFINED_LIFT:.0%} in {defined:.0%} of draws; a ratio needs {_DEFINED_SHARE:.0%}.",
        verdict=verdict,
        sentence=_sentence(label, verdict, share.mean if share else None, float(practical.mean()), small, month),
    )


def _sentence(label: str, verdict: str, share: float | None, lift: float, small: float, month: int) -> str:
    worth = "" if share is None else f"{share:.0%} of what it is worth to its owner is symbolic, and "
    practice = (
        f"what it does on the ground changes P(hold {month} months) by {100 * lift:+.0f} points on average, "
        f"by at most 5 points in {small:.0%} of draws"
    )
    ends = {
        "symbolic": "so it is a symbol more than a practice.",
        "practical": "so it is a practice, whatever it also signals.",
        "open": "which leaves open whether it is symbol or practice.",
    }
    return f"{label}: {worth}{practice}: {ends[verdict]}"
