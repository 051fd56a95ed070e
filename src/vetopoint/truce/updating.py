"""Incidents seen so far, and that the truce has held so long, brought to bear on the forecast.

Each draw is weighed by its own probability of having held so far (importance weights; effective sample size by Kish 1965, *Survey
Sampling*, §11.7). Incidents act on the hazard of escalation alone: ln factor = γ · ln(expected incidents / the series' own mean), γ a
row of the priors table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from vetopoint.answers import UpdateAnswer
from vetopoint.arrays import Floats
from vetopoint.quantity import band
from vetopoint.truce.hazard import further
from vetopoint.truce.incidents import Counts, fit_counts, gamma_poisson_scores, lagged_scores, read_counts

if TYPE_CHECKING:
    from vetopoint.truce.model import TruceModel

__all__ = ["ALARM", "effective_draws", "escalation_factor", "observed_update", "usual_detection"]


#: Branching ratio from which the alarm is raised.
ALARM = 0.9
_FIRST_SCORED = 12
_FALLBACK_FIRST = 3


def effective_draws(weights: Floats) -> float:
    """Effective sample size of weighted draws, (Σw)² / Σw²."""
    total = float(weights.sum())
    return total * total / float((weights**2).sum()) if total > 0 else 0.0


def _detection(counts: Counts, fallback: float) -> Floats:
    return np.full(len(counts.seen), fallback) if counts.detection is None else counts.detection


def escalation_factor(counts: Counts, detection: float, slope: Floats) -> Floats:
    """Factor on the hazard of escalation, (n,).

    Parameters
    ----------
    counts : observed months.
    detection : share of incidents seen where the file does not say.
    slope : (n,) γ.
    """
    d = _detection(counts, detection)
    model = fit_counts(counts.seen, d)
    usual = float(np.mean(counts.seen / d)) + 0.5
    return np.asarray(np.exp(slope * np.log((model.expected + 0.5) / usual)))


def observed_update(model: TruceModel) -> UpdateAnswer | None:
    """What the case's observed incidents say; ``None`` where it names no file."""
    from vetopoint.truce._tables import standing, walk_path

    name = model.case.file.truce.observed
    if name is None:
        return None
    counts = read_counts(model.case.folder / name)
    fallback = usual_detection(model)
    d = _detection(counts, fallback)
    fitted = fit_counts(counts.seen, d)
    spread = float(np.sqrt(fitted.log_covariance[1, 1]))
    z = special.ndtri(model.draws.uniforms("truce.branching"))
    branching = fitted.branching * np.exp(spread * z)
    held = min(len(counts.seen), model.months)
    first = _FIRST_SCORED if len(counts.seen) > _FIRST_SCORED + 3 else _FALLBACK_FIRST
    scored = len(counts.seen) > first
    survival = {form: walk_path(model, standing(form), months=held + 12)[0] for form in ("none", *model.effects)}
    weights = {form: s[:, held] for form, s in survival.items()}
    leading = next(iter(model.effects), "none")
    return UpdateAnswer(
        months=counts.months,
        seen=tuple(float(v) for v in counts.seen),
        corrected=tuple(float(v) for v in counts.seen / d),
        detection=float(np.mean(d)),
        branching=band(branching),
        alarm=fitted.branching >= ALARM,
        alarm_probability=float(np.mean(branching >= 1.0)),
        hazard_factor=band(model.escalation),
        held_months=held,
        effective_draws=effective_draws(weights[leading]),
        log_score=float(lagged_scores(counts.seen, first, d).mean()) if scored else 0.0,
        log_score_gamma_poisson=float(gamma_poisson_scores(counts.seen, first).mean()) if scored else 0.0,
        holds_further_12={
            form: band(further(s, held, 12), weights[form]) for form, s in survival.items() if weights[form].sum() > 0
        },
    )


def usual_detection(model: TruceModel) -> float:
    """Mean detection of the first declared form with a line; 1 where there is none."""
    for effect in model.effects.values():
        if effect.detection is not None and float(np.mean(effect.detection)) > 0:
            return float(np.mean(effect.detection))
    return 1.0
