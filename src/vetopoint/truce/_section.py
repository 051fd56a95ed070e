"""The truce's section of the answers: what stands under each form, what the game makes of it, and what all of it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, cast

import numpy as np

from vetopoint.answers import (
    Curve,
    Driver,
    Further,
    Hold,
    PriorUsed,
    TruceForm,
    TruceSection,
    UnderControls,
    UpdateAnswer,
)
from vetopoint.arrays import Floats, Ints, ratio
from vetopoint.budget import USUAL, Budget
from vetopoint.case import Case
from vetopoint.quantity import Band, Draws, band, given, share_given, weighted_quantiles
from vetopoint.truce._symbol import Worth, channels, first_draws, needed, symbol
from vetopoint.truce._tables import TruceTables, hold, standing, walk_path
from vetopoint.truce._watch import coverage_answers, line_map, map_line
from vetopoint.truce.channels import CAUSES
from vetopoint.truce.hazard import Baseline, further, held
from vetopoint.truce.history import analogues, base_rates, case_features, history_note
from vetopoint.truce.incidents import fit_counts, gamma_poisson_scores
from vetopoint.truce.model import NONE, Footing, TruceModel, usual_detection
from vetopoint.truce.observed import Counts, observed_counts
from vetopoint.truce.priors import Z95, load_priors, load_specifications

__all__ = ["effective_draws", "observed_update", "section"]

Status = Literal["published", "re-derived", "direction published, size judgement", "judgement", "case"]

#: Branching ratio from which the alarm is raised.
ALARM = 0.9
_HORIZONS = (6, 12, 24, 60)
_GIVEN = (3, 6, 12, 24)
_NEAREST = 6
_HANGS = 0.05
_SAME = 1e-12
_FIRST_SCORED, _FALLBACK_FIRST = 12, 3


def section(
    case: Case,
    draws: Draws,
    tables: TruceTables,
    weights: Floats,
    worth: Mapping[str, Worth] | None = None,
    budget: Budget = USUAL,
    prior: Floats | None = None,
) -> TruceSection:
    """The truce's part of the answers.

    Parameters
    ----------
    case, draws, tables : as given to and returned by `tables`.
    weights : (n, types, paths) probability of each type and path from the game; what is missing from 1 is no truce.
    worth : form to what the owner's payoff is made of where it stands; a form that is not there: unknown.
    budget : how many draws each search may use.
    prior : (n, types) probability of each type, which counts where there never is a truce; default alike.
    """
    if weights.shape != tables.survival.shape[:3]:
        raise ValueError(f"weights have shape {weights.shape}, the tables {tables.survival.shape[:3]}")
    factors = [tables.model.type_factor(types) for types in tables.types]
    alike = np.full(weights.shape[:2], 1.0 / len(factors)) if prior is None else prior
    model = replace(tables.model, footing=Footing.of(factors, weights.sum(axis=2), alike))
    other = model.with_baseline("weibull" if model.baseline.kind == "lognormal" else "lognormal")
    none = walk_path(model, standing(NONE))[0]
    update = observed_update(model)
    truce = weights.sum(axis=(1, 2))
    some = bool((truce > 0).any())
    mixture = _mixture(tables, weights, truce)
    drawn, priors = map_line(model), priors_used(model, budget.targets)
    return TruceSection(
        months=tuple(range(model.months + 1)),
        baseline=model.baseline.kind,
        forms=tuple(_form(model, other, name, consented, none) for name, consented in _variants(model)),
        mixture=_curve(mixture if some else none, model.footing),
        mixture_hold=tuple(_hold(m, mixture, none, model.footing) for m in _horizons(model)) if some else (),
        mixture_weights={k: band(w, truce) for k, w in _first_forms(tables, weights, truce).items()} if some else {},
        types_shift_hazard=any(np.any(factor != 1.0) for factor in factors),
        symbol=tuple(symbol(model, name, (worth or {}).get(name)) for name in model.effects),
        coverage=coverage_answers(model, drawn, budget.watch),
        line=line_map(model, drawn),
        needed=needed(model, draws=budget.targets),
        priors=priors,
        drivers=drivers(model),
        analogues=analogues(case_features(case), _NEAREST),
        base_rates=base_rates(),
        history_note=history_note(case),
        update=update,
        notes=(*notes(model, tables), *hanging(model, priors)),
    )


def _variants(model: TruceModel) -> list[tuple[str, bool]]:
    """Forms to show: no presence, each form with consent, and without it where the case says what that does."""
    forms = [(name, consented) for name in model.effects for consented in (True, False)]
    return [(NONE, True), *(f for f in forms if f[1] or model.effects[f[0]].refused is not None)]


def _horizons(model: TruceModel) -> tuple[int, ...]:
    return tuple(m for m in _HORIZONS if m <= model.months) or (model.months,)


def _form(model: TruceModel, other: TruceModel, name: str, consented: bool, none: Floats) -> TruceForm:
    path = standing(name, consented)
    survival, incidence = walk_path(model, path, causes=True)
    alternative = walk_path(other, path)[0]
    effect = model.effects.get(name)
    label = "No presence" if effect is None else model.label(name) + ("" if consented else ", refused by one side")
    return TruceForm(
        form=name,
        label=label,
        consented=consented,
        curve=_curve(survival, model.footing),
        hold=tuple(
            _hold(m, survival, None if effect is None else none, model.footing, alternative) for m in _horizons(model)
        ),
        further=tuple(
            Further(held=h, further=12, holds=then)
            for h in _GIVEN
            if h + 12 <= model.months and (then := _further(survival, h, model.footing)) is not None
        ),
        incidence={cause: _curve(incidence[:, k], model.footing) for k, cause in enumerate(CAUSES)},
        channels=channels(model, name, min(12, model.months)) if effect is not None and consented else (),
        detection=None if effect is None or effect.detection is None else band(effect.detection),
        exit_per_year=None if effect is None else band(12.0 * effect.exit_per_month),
    )


def _further(survival: Floats, month: float, footing: Footing) -> Band | None:
    """P(a further year | held so long, and a truce): each draw counts by its chance of both."""
    return given(further(survival, month, 12), footing.truce * held(survival, month))


def _curve(values: Floats, footing: Footing) -> Curve:
    """Mean, median and 90 % band by month, given a truce."""
    weights = footing.weights
    if weights is None:
        mean, quantiles = values.mean(axis=0), np.quantile(values, [0.05, 0.5, 0.95], axis=0)
    else:
        mean = np.average(values, axis=0, weights=weights)
        quantiles = weighted_quantiles(values, weights, (0.05, 0.5, 0.95))
    lo, median, hi, mean = (tuple(row.tolist()) for row in (*quantiles, mean))
    return Curve(mean=mean, median=median, lo=lo, hi=hi)


def _hold(
    month: int, survival: Floats, none: Floats | None, footing: Footing, alternative: Floats | None = None
) -> Hold:
    """P(hold) at a month from survival (n, months + 1) in the case, without presence, and on the other baseline."""
    holds = held(survival, month)
    better = lift = None
    if none is not None:
        without = held(none, month)
        better = share_given(holds > without + _SAME, footing.truce)
        lift = footing.band(holds - without)
    return Hold(
        month=month,
        holds=footing.band(holds),
        better_than_none=better,
        lift=lift,
        alternative=None if alternative is None else footing.band(held(alternative, month)),
    )


def _mixture(tables: TruceTables, weights: Floats, truce: Floats) -> Floats:
    """Survival given a truce, (n, months + 1), from ``weights`` (n, types, paths) and their sum ``truce`` (n,)."""
    safe = np.where(truce > 0, truce, 1.0)
    return np.asarray(np.einsum("ntp,ntpm->nm", weights / safe[:, None, None], tables.survival))


def _first_forms(tables: TruceTables, weights: Floats, truce: Floats) -> dict[str, Floats]:
    """P(form stands first | truce) by form, (n,) each; weights as in `_mixture`."""
    first: dict[str, Floats] = {}
    for p, path in enumerate(tables.paths):
        segment = next((s for s in path.segments if s.form != NONE), None)
        name = NONE if segment is None else segment.form + ("" if segment.consented else " without consent")
        first[name] = first.get(name, np.zeros(len(truce))) + ratio(weights[:, :, p].sum(axis=1), truce)
    return first


def observed_update(model: TruceModel) -> UpdateAnswer | None:
    """What the case's observed incidents say, and that the truce has held so long; ``None`` where it names no file.

    Each draw is weighed by its own probability of having held so far (importance weights).
    """
    counts = observed_counts(model.case)
    if counts is None:
        return None
    usual = usual_detection(model.case, model.draws)
    fitted = fit_counts(*counts.calendar(usual))
    branching = fitted.wide_quantile(model.draws.uniforms("truce.branching"))
    survival = {form: walk_path(model, standing(form), months=counts.held + 12)[0] for form in (NONE, *model.effects)}
    weights = {form: model.footing.truce * held(s, counts.held) for form, s in survival.items()}
    leading = next(iter(model.effects), NONE)
    detected = counts.detected(usual)
    ours, plain = _scores(counts, fitted.scores)
    return UpdateAnswer(
        months=counts.months,
        seen=tuple(counts.seen.tolist()),
        corrected=tuple((counts.seen / detected).tolist()),
        by_type=dict(counts.by_type),
        left_out=dict(counts.left_out),
        detection=float(np.mean(detected)),
        branching=band(branching),
        branching_note=fitted.note,
        alarm=fitted.branching >= ALARM,
        alarm_probability=float(np.mean(branching >= 1.0)),
        hazard_factor=band(model.escalation),
        held_months=counts.held,
        effective_draws=effective_draws(weights[leading]),
        log_score=ours,
        log_score_gamma_poisson=plain,
        holds_further_12={
            form: then
            for form, s in survival.items()
            if (then := given(further(s, counts.held, 12), weights[form])) is not None
        },
    )


def _scores(counts: Counts, scores: Floats) -> tuple[float, float]:
    """Mean log score a watched month of our forecast, by month of the calendar, and of the plain one; 0 where there are too few."""
    first = _FIRST_SCORED if len(counts.seen) > _FIRST_SCORED + 3 else _FALLBACK_FIRST
    if len(counts.seen) <= first:
        return 0.0, 0.0
    ours = scores[np.array(counts.months[first:]) - counts.months[0]]
    return float(ours.mean()), float(gamma_poisson_scores(counts.seen, first).mean())


def effective_draws(weights: Floats) -> float:
    """Effective sample size of weighted draws, (Σw)² / Σw² (Kish 1965, *Survey Sampling*, §11.7)."""
    total = float(weights.sum())
    return total * total / float((weights**2).sum()) if total > 0 else 0.0


def priors_used(model: TruceModel, draws: int = Budget.targets) -> tuple[PriorUsed, ...]:
    """Every row that the run drew on, the baseline first; what each set of controls would mean by the first ``draws`` draws."""
    return (_baseline(model.baseline), *(_row(model, name, draws) for name in model.used))


def _under_controls(model: TruceModel, name: str, draws: int, month: int = 12) -> tuple[UnderControls, ...]:
    """P(hold) by form under each set of controls with which a shipped row was fitted."""
    shipped = name not in model.case.file.truce.overrides and model.priors[name] == load_priors().get(name)
    until = min(month, model.months)
    found = []
    for each in load_specifications().get(name, ()) if shipped else ():
        row = replace(model.priors[name], estimate=each.estimate, lo=each.lo, hi=each.hi)
        other = first_draws(model, draws, {name: row})
        holds = {form: other.footing.band(hold(other, form, until)) for form in (NONE, *model.effects)}
        numbers = {"estimate": each.estimate, "lo": each.lo, "hi": each.hi}
        found.append(UnderControls(controls=each.controls, **numbers, month=until, holds=holds))
    return tuple(found)


def hanging(model: TruceModel, priors: tuple[PriorUsed, ...]) -> list[str]:
    """Sentences on effects whose controls move the answer: P(hold) without and with all of them."""
    found = []
    for prior in priors:
        means = {s.controls: {form: b.mean for form, b in s.holds.items()} for s in prior.specifications}
        for form in means.get("none", ()):
            without, with_all = means["none"][form], means["all"][form]
            if abs(with_all - without) > _HANGS:
                month = prior.specifications[0].month
                where = "without presence" if form == NONE else f"under '{model.label(form)}'"
                said = f"hangs on what is controlled for: {where} the truce holds {month} months with {without:.0%} if nothing is, "
                found.append(f"The effect '{prior.label}' {said}{with_all:.0%} if everything is.")
    return found


def _baseline(base: Baseline) -> PriorUsed:
    lo, estimate, hi = (float(np.exp(base.mu + ends * base.sd_mu)) for ends in (-Z95, 0.0, Z95))
    return PriorUsed(
        effect=f"baseline_{base.kind}",
        label="Location of the truce's length without presence (log-normal: its median)",
        estimate=estimate,
        lo=lo,
        hi=hi,
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


def _row(model: TruceModel, name: str, draws: int) -> PriorUsed:
    prior, settings = model.priors[name], model.case.file.truce
    told = {key: value for key, value in vars(prior).items() if key in PriorUsed.model_fields}
    overridden = name in settings.overrides
    if overridden:
        lo, median, hi = np.quantile(model.sample(name), [0.025, 0.5, 0.975]).tolist()
        told |= {"lo": lo, "estimate": median, "hi": hi, "source": "The case", "status": "case"}
    strength, limit = (None if overridden else prior.e_values) or (None, None)
    why = settings.why.get(name, "")
    return PriorUsed(
        **told,
        overridden=overridden,
        why=why,
        e_value=strength,
        e_value_limit=limit,
        specifications=_under_controls(model, name, draws),
    )


def drivers(model: TruceModel, month: int = 12) -> tuple[Driver, ...]:
    """How much each prior drives P(hold) under each form: upper against lower tenth of its draws, strongest first by form."""
    tenth = max(1, model.draws.n // 10)
    values = {name: model.sample(name) for name in model.used}
    values[f"baseline_{model.baseline.kind}"] = model.mu
    orders = {name: np.argsort(v, kind="stable") for name, v in values.items() if np.ptp(v) > 0}
    labels = {name: model.priors[name].label for name in model.used}
    found: list[Driver] = []

    def mean(values: Floats, rows: Ints) -> Floats:
        return ratio((values * model.footing.truce)[rows].sum(), model.footing.truce[rows].sum())

    for form in (NONE, *model.effects):
        holds = hold(model, form, min(month, model.months))
        swings = {name: float(mean(holds, o[-tenth:]) - mean(holds, o[:tenth])) for name, o in orders.items()}
        for name, swing in sorted(swings.items(), key=lambda item: -abs(item[1])):
            label = labels.get(name, "Length of the truce without presence")
            found.append(Driver(form=form, effect=name, label=label, swing=swing))
    return tuple(found)


def notes(model: TruceModel, tables: TruceTables) -> tuple[str, ...]:
    """Sentences for the report: the base, the split, and what the case leaves open."""
    file = model.case.file
    found = [
        f"Base: {model.baseline.source}. These were civil wars; a line between states may hold longer or shorter.",
        "A presence is credited with its estimated effect only, spread by what the choice of controls leaves open and by a transport variance; a presence goes where it is wanted, "
        "so part of that effect may be selection (see the E-values).",
        "On past spells left out one country at a time, how the war stopped carries most of the predictive skill; whether there was a "
        "presence adds little.",
        "How a published effect splits into watching and force is a judgement and is shown beside each channel.",
        "Watching counts up to the detection that the published effects presuppose, never beyond it.",
        "Effects of different forms are drawn apart from each other, so that a comparison of two forms shows wider bands than it would "
        "if their errors were known to go together.",
    ]
    judged = sum(model.priors[name].size_judged for name in model.used if name not in file.truce.overrides)
    found.append(f"{judged} of {len(model.used)} priors in use are judgement in their size.")
    if "interstate" not in file.truce.context:
        found.append(
            "The context names no row for a line between states; add `interstate` to widen the bands accordingly."
        )
    if model.length_km is None:
        found.append("No line is given: detection is unknown, and watching counts in full.")
    for name, form in file.forms.items():
        if form.effect is None:
            found.append(f"'{model.label(name)}' names no effect: it counts as no presence.")
    if all(np.all(model.type_factor(types) == 1.0) for types in tables.types):
        found.append(
            "No type shifts the hazard: those who consent are taken to keep the truce no better than those who do not."
        )
    if model.effects:
        found.append(
            "The rate of exit covers causes that no modelled actor decides; what an actor decides comes from the game."
        )
    return tuple(found)
